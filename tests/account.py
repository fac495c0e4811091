"""An account for whole executions: what the handlers' tests have as fixtures, as a context manager."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import unwrap
from typing import Any

import pytest

from tests.lambdas import conftest
from tests.samples import ACCOUNT


@contextmanager
def account(**environment: str) -> Iterator[Callable[..., Any]]:
    """A fresh account with the table, the buckets and the admins' topic; call what it yields for a client.

    `environment` changes what the stacks give the functions: `account(REGIONS="ap-northeast-1")`.
    """
    with pytest.MonkeyPatch.context() as patch, contextmanager(unwrap(conftest.moto))(patch, None) as client:
        patch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)  # the one that the notices name
        unwrap(conftest.table)(client)
        unwrap(conftest.buckets)(client)
        topic = client("sns").create_topic(Name="admins")["TopicArn"]
        client("events").create_event_bus(Name="abuse")
        for name, value in {"ADMINS_TOPIC": topic, **environment}.items():
            patch.setenv(name, value)
        yield client

"""An account for whole executions: what the handlers' tests have as fixtures, as a context manager."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import unwrap
from typing import Any

import pytest

from lambdas.domain.settings.function_config import to_variables
from tests.lambdas import conftest
from tests.samples import ACCOUNT


@contextmanager
def account(environment: Mapping[str, str] | None = None, **fields: object) -> Iterator[Callable[..., Any]]:
    """A fresh account with the table, the buckets and the admins' topic; call what it yields for a client.

    `environment` and `fields` change the functions' configuration: `account(regions=("ap-northeast-1",))`.
    """
    with pytest.MonkeyPatch.context() as patch, contextmanager(unwrap(conftest.moto))(patch, None) as client:
        patch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)  # the one that the notices name
        unwrap(conftest.table)(client)
        unwrap(conftest.buckets)(client)
        topic = client("sns").create_topic(Name="admins")["TopicArn"]
        client("events").create_event_bus(Name="abuse")
        for name, value in {"ADMINS_TOPIC": topic, **(environment or {}), **to_variables(fields)}.items():
            patch.setenv(name, value)
        yield client

"""The one place where clients of AWS are made."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# A step has 30 s and retries as a whole: no single call may eat that.
_CONFIG = Config(connect_timeout=2, read_timeout=8, retries={"mode": "standard", "total_max_attempts": 3})


@cache
def client(service: str, region: str | None = None, account_id: str | None = None) -> Any:
    """The client of a service in a Region, the function's own by default; made once a process.

    `account_id` is the account whose resources it acts on: the function's own, or a member's.
    """
    return boto3.client(service, region_name=region, config=_CONFIG)

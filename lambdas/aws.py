"""Makes the clients of AWS: for the function's own account and for the member accounts."""

from functools import cache, partial
from threading import RLock
from typing import Any

import boto3
import botocore.loaders
import botocore.session
from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials

from lambdas.domain.errors import NotAMember
from lambdas.domain.instance.managed_resources import include_managed_resources
from lambdas.domain.phrase import phrase
from lambdas.domain.settings.function_config import MemberRoleConfig, MembersConfig
from lambdas.load_config import function_name, load_config
from lambdas.step_result import step_error

# A step times out after 30 s and is retried as a whole, so no single call may take that long.
_CONFIG = Config(connect_timeout=2, read_timeout=8, retries={"mode": "standard", "total_max_attempts": 3})
# A session may make a client in one thread only; the clients themselves serve all threads:
# https://docs.aws.amazon.com/boto3/latest/guide/session.html (Multithreading or multiprocessing with sessions)
_LOCK = RLock()
# Loads the models of the services once for all accounts: EC2's takes a tenth of a second.
_LOADER = botocore.loaders.create_loader()


def client(service: str, region: str | None = None, account_id: str | None = None) -> Any:
    """The client of a service in a Region, by default the function's own. Any thread may ask; it is made only once.

    `account_id` is the function's own account or a member account, whose role is assumed with the first call. Raises
    NotAMember for any other account.
    """
    own = account_id is None or account_id == load_config(MemberRoleConfig).account_id
    with _LOCK:
        return _cached_client(service, region, None if own else account_id)


def member_accounts() -> tuple[str, ...]:
    """The member accounts that the settings name."""
    return load_config(MembersConfig).member_accounts


@cache
def _cached_client(service: str, region: str | None, member: str | None) -> Any:
    client = _session(member).client(service, region_name=region, config=_CONFIG)
    if service == "ec2":
        include_managed_resources(client)
    return client


@cache
def _session(member: str | None) -> boto3.Session:
    session = botocore.session.get_session()
    session.register_component("data_loader", _LOADER)
    if member:
        if member not in member_accounts():
            raise step_error(NotAMember, phrase("account:no_member", account=member))
        session.register_component("credential_provider", CredentialResolver([_MemberRoleCredentials(member)]))
    return boto3.Session(botocore_session=session)


class _MemberRoleCredentials(CredentialProvider):  # type: ignore[misc]  # botocore has no types
    """The credentials of a member's role, fetched when they are needed and renewed before they expire."""

    METHOD = "assume-role"

    def __init__(self, member: str) -> None:
        super().__init__()
        self._member = member

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(partial(_assume_role, self._member), self.METHOD)


def _assume_role(member: str) -> dict[str, str]:
    """Assume the member's role. The member's CloudTrail then names this function as the session.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    sts, config = client("sts"), load_config(MemberRoleConfig)
    credentials = sts.assume_role(
        RoleArn=f"arn:{sts.meta.partition}:iam::{member}:role/{config.member_role}",
        RoleSessionName=function_name(),
        ExternalId=config.member_external_id,
    )["Credentials"]
    return {
        "access_key": credentials["AccessKeyId"],
        "secret_key": credentials["SecretAccessKey"],
        "token": credentials["SessionToken"],
        "expiry_time": credentials["Expiration"].isoformat(),
    }

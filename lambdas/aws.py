"""The one place where clients of AWS are made: for the function's own account, and for its members'."""

import os
from functools import cache, partial
from threading import RLock
from typing import Any

import boto3
import botocore.loaders
import botocore.session
from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials

from lambdas.domain.errors import NotAMember
from lambdas.domain.instance.managed_resources import HIDING, with_managed_resources
from lambdas.domain.phrase import phrase
from lambdas.domain.settings.function_config import MemberRoleConfig, MembersConfig
from lambdas.load_config import load_config
from lambdas.step_result import step_error

# A step has 30 s and retries as a whole: no single call may eat that.
_CONFIG = Config(connect_timeout=2, read_timeout=8, retries={"mode": "standard", "total_max_attempts": 3})
# A session may make a client in one thread only; the clients themselves serve all threads:
# https://docs.aws.amazon.com/boto3/latest/guide/session.html (Multithreading or multiprocessing with sessions)
_MAKING = RLock()
# It reads the services' models, EC2's in a tenth of a second: once for all accounts.
_MODELS = botocore.loaders.create_loader()


def client(service: str, region: str | None = None, account_id: str | None = None) -> Any:
    """The client of a service in a Region, the function's own by default; made once a process, in any thread.

    `account_id` is the account whose resources it acts on: the function's own, or a member's, whose role is assumed
    with the first call. Raises NotAMember for any other.
    """
    own = account_id is None or account_id == load_config(MemberRoleConfig).account_id
    with _MAKING:
        return _made(service, region, None if own else account_id)


def member_accounts() -> tuple[str, ...]:
    """The further accounts that the settings name."""
    return load_config(MembersConfig).member_accounts


@cache
def _made(service: str, region: str | None, member: str | None) -> Any:
    made = _session(member).client(service, region_name=region, config=_CONFIG)
    for operation in HIDING if service == "ec2" else ():
        made.meta.events.register(f"provide-client-params.ec2.{operation}", with_managed_resources)
    return made


@cache
def _session(member: str | None) -> boto3.Session:
    session = botocore.session.get_session()
    session.register_component("data_loader", _MODELS)
    if member:
        if member not in member_accounts():
            raise step_error(NotAMember, phrase("account:no_member", account=member))
        session.register_component("credential_provider", CredentialResolver([_MemberRoleCredentials(member)]))
    return boto3.Session(botocore_session=session)


class _MemberRoleCredentials(CredentialProvider):  # type: ignore[misc]  # botocore has no types
    """The credentials of a member's role; they are got when they are needed, and again before they end."""

    METHOD = "assume-role"

    def __init__(self, member: str) -> None:
        super().__init__()
        self._member = member

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(partial(_assumed, self._member), self.METHOD)


def _assumed(member: str) -> dict[str, str]:
    """Assume the member's role; its CloudTrail then names this function as the session.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    sts, config = client("sts"), load_config(MemberRoleConfig)
    given = sts.assume_role(
        RoleArn=f"arn:{sts.meta.partition}:iam::{member}:role/{config.member_role}",
        RoleSessionName=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        ExternalId=config.member_external_id,
    )["Credentials"]
    return {
        "access_key": given["AccessKeyId"],
        "secret_key": given["SecretAccessKey"],
        "token": given["SessionToken"],
        "expiry_time": given["Expiration"].isoformat(),
    }

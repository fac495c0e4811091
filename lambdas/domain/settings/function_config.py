"""What each function knows of its deployment: the stack writes it as environment variables, the function reads it back.

A field is one variable: its name in capitals. Text is written as it is, because names and ARNs are placeholders of the
CDK until the deployment. Everything else is JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, fields
from typing import Any, Final, Self, get_args, get_origin, get_type_hints

from lambdas.domain.settings.settings import Admin, ContainmentMethod, InvalidSettings, Mode, UnansweredPolicy

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_ENVIRONMENT_BYTES: Final = 4096
_MAX_NAME = 128  # no name or ARN that the deployment fills in is longer


@dataclass(frozen=True, kw_only=True)
class FunctionConfig:
    """The base of all configurations. A part of one is read from the same environment as the whole."""

    def to_environment(self) -> dict[str, str]:
        """The variables. Raises InvalidSettings, naming the longest setting, for more than Lambda takes."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        environment = to_variables(values)
        # Lambda measures the JSON of all variables, so a quote counts twice.
        lengths = {
            name: max(len(json.dumps(environment[name.upper()])), _MAX_NAME if type(value) is str else 0)
            for name, value in values.items()
        }
        size = sum(len(name) + len('"":,') + length for name, length in lengths.items())
        if size > MAX_ENVIRONMENT_BYTES:
            longest = max(fields(self), key=lambda entry: lengths[entry.name])
            setting = longest.metadata.get("setting", longest.name)
            mistake = f"responder.{setting}: is too long, it takes {lengths[longest.name]} of {size} bytes in the "
            mistake += f"configuration of a function, and Lambda allows {MAX_ENVIRONMENT_BYTES}"
            raise InvalidSettings([mistake])
        return environment

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the configuration, or this part of it. Raises KeyError for a variable that is missing."""
        return cls(**{name: _parsed(environment[name.upper()], kind) for name, kind in get_type_hints(cls).items()})


def to_variables(values: Mapping[str, object]) -> dict[str, str]:
    """The environment variables for these fields."""
    return {
        name.upper(): value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), default=astuple)
        for name, value in values.items()
    }


def _parsed(text: str, kind: Any) -> Any:
    return kind(text) if isinstance(kind, type) and issubclass(kind, str) else _from_json(json.loads(text), kind)


def _from_json(value: Any, kind: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_from_json(item, get_args(kind)[0]) for item in value)
    return kind(*value) if isinstance(value, list) else value


def _of_setting(name: str) -> Any:
    return field(metadata={"setting": name})


@dataclass(frozen=True, kw_only=True)
class CaseTableConfig(FunctionConfig):
    """The case table, and how long an item stays in it."""

    case_table: str
    retention_days: int


@dataclass(frozen=True, kw_only=True)
class EvidenceConfig(FunctionConfig):
    """The evidence bucket."""

    evidence_bucket: str


@dataclass(frozen=True, kw_only=True)
class MembersConfig(FunctionConfig):
    """The member accounts."""

    member_accounts: tuple[str, ...] = _of_setting("members.accounts")


@dataclass(frozen=True, kw_only=True)
class MemberRoleConfig(MembersConfig):
    """How a function reaches a member account: its own account, the role there, and the external id for it."""

    account_id: str
    member_role: str
    member_external_id: str


@dataclass(frozen=True, kw_only=True)
class TopicsConfig(FunctionConfig):
    """The topics that reach the admins: of the cases, and of the alarms."""

    admins_topic: str
    alarms_topic: str


@dataclass(frozen=True, kw_only=True)
class StartConfig(FunctionConfig):
    """What `start` needs: the bucket of the mails, the ARN of the state machine `respond`, the URL of the dead letters
    and the ARN of the intake queue, from which they come."""

    mail_bucket: str
    respond: str
    dead_letters: str
    intake_queue: str


@dataclass(frozen=True, kw_only=True)
class ProtectTagConfig(FunctionConfig):
    """The key of the tag that keeps a resource from being changed."""

    protect_tag: str


@dataclass(frozen=True, kw_only=True)
class ReadConfig(CaseTableConfig, MembersConfig, ProtectTagConfig):
    """What `read` needs."""

    mode: Mode
    method: ContainmentMethod
    max_instances_per_hour: int
    admin_addresses: tuple[str, ...] = _of_setting("admins")
    remind_hours: tuple[float, ...]
    acknowledge_minutes: int | None
    decide_hours: float
    unanswered: UnansweredPolicy
    trusted_forwarders: tuple[str, ...]
    forwarders_may_contain: bool
    abuse_desks: tuple[str, ...]
    aws_contacts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ContainConfig(CaseTableConfig, EvidenceConfig, MemberRoleConfig, ProtectTagConfig):
    """What `contain` needs. No `regions` means all that an account has enabled; the key may be empty."""

    regions: tuple[str, ...]
    two_step_seconds: int
    snapshot_lock_days: int | None
    snapshot_copy_key: str


@dataclass(frozen=True, kw_only=True)
class ReleaseConfig(CaseTableConfig, MemberRoleConfig, ProtectTagConfig):
    """What `release` needs."""


@dataclass(frozen=True, kw_only=True)
class TellConfig(CaseTableConfig, TopicsConfig):
    """What `tell` needs. `audiences` are pairs of a language and a time zone."""

    admin_addresses: tuple[str, ...] = _of_setting("admins")
    audiences: tuple[tuple[str, ...], ...] = _of_setting("admins")


@dataclass(frozen=True, kw_only=True)
class SmsFailuresConfig(FunctionConfig):
    """The log groups in which SNS names the SMS that did not arrive."""

    sms_failures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RosterConfig(CaseTableConfig, TopicsConfig, SmsFailuresConfig):
    """What `roster` needs."""

    admins: tuple[Admin, ...]


@dataclass(frozen=True, kw_only=True)
class SmsLogConfig(SmsFailuresConfig):
    """What `log_sms` needs."""

    log_days: int


@dataclass(frozen=True, kw_only=True)
class PageConfig(CaseTableConfig, EvidenceConfig):
    """What `archive_page` needs: the address that a draft answer copies, and the language of the page."""

    intake_address: str
    page_language: str


@dataclass(frozen=True, kw_only=True)
class PublishConfig(CaseTableConfig):
    """What `publish` needs."""

    event_bus: str

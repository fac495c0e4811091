"""What a user sets: the "responder" block of cdk.json, read once."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """What the responder may do by itself."""

    CONTAIN = "contain"
    OBSERVE = "observe"  # only tells


class Activation(StrEnum):
    """What the deployment may do to the account's one active SES receipt rule set."""

    ACTIVATE_IF_NONE = "activate-if-none"
    APPEND = "append"  # put our rule first into somebody else's active set, which `rule_set` names
    REPLACE = "replace"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Admin:
    """A person who is told. `phone` is E.164 or None; `language` one that the messages are written in."""

    name: str
    email: str
    phone: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a user sets. `regions` empty means every Region that the account has enabled."""

    recipient: str
    admins: tuple[Admin, ...]
    mode: Mode
    regions: tuple[str, ...]
    protect_tag: str
    max_instances_per_hour: int
    retention_days: int
    activation: Activation
    rule_set: str
    hosted_zone: str | None

"""What a user sets: the "responder" block of cdk.json, read once.

docs/settings.md lists the keys and their defaults. A part that is `null` counts as left out.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, TypeVar
from zoneinfo import available_timezones

from lambdas.domain.instance.tags import CASE_TAG, INSTANCE_TAG, ROLE_TAG, STATE_TAG
from lambdas.domain.intake.mail_address import KNOWN_DOMAINS, domain_of, is_aws_domain
from lambdas.domain.settings.settings_block import InvalidValue, SettingsBlock, overridden, shown

Choice = TypeVar("Choice", bound=StrEnum)

LANGUAGES: Final = ("en", "ja")
DEFAULT_RULE_SET: Final = "abuse-responder"


class Mode(StrEnum):
    """What the responder may do by itself."""

    CONTAIN = "contain"
    OBSERVE = "observe"  # only report


class ContainmentMethod(StrEnum):
    """How an instance is contained."""

    ISOLATE = "isolate"
    STOP = "stop"  # isolate, then stop: this ends every connection, and loses the memory


class UnansweredPolicy(StrEnum):
    """What happens if no admin decides about an instance in time."""

    ESCALATE = "escalate"
    CONTAIN = "contain"  # if the notice is proven and the instance is not protected


class SentInErrorPolicy(StrEnum):
    """What happens if AWS says that it sent its notice in error."""

    OFFER = "offer"  # report what a release would put back, and its command
    RELEASE = "release"  # release without asking, if nothing speaks against it


class RuleSetActivation(StrEnum):
    """What the deployment may do to the account's one active SES receipt rule set."""

    ACTIVATE_IF_NONE = "activate-if-none"
    APPEND = "append"  # put our rule first into the active set, which `rule_set` names
    REPLACE = "replace"
    NONE = "none"


class InvalidSettings(Exception):
    """The settings cannot be used. `mistakes` holds all of them, one line each."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


@dataclass(frozen=True, slots=True)
class Admin:
    """A person who gets the messages. `phone` is E.164 or None; `time_zone` is an IANA name."""

    name: str
    email: str
    phone: str | None
    language: str
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class HostedZone:
    """A public Route 53 zone of this account for the records of incoming mail."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class MemberAccounts:
    """Further accounts whose instances the responder may contain, and the external id of their roles."""

    accounts: tuple[str, ...]
    external_id: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a user sets. No `regions` means every Region that the account has enabled.

    With `home_region` None, the credentials of the deployment decide the Region.
    """

    recipient: str
    admins: tuple[Admin, ...]
    mode: Mode
    regions: tuple[str, ...]
    home_region: str | None
    protect_tag: str
    max_instances_per_hour: int
    trusted_forwarders: tuple[str, ...]
    forwarders_may_contain: bool
    abuse_desks: tuple[str, ...]
    aws_contacts: tuple[str, ...]
    method: ContainmentMethod
    two_step_seconds: int
    watch_minutes: tuple[int, ...]
    remind_hours: tuple[float, ...]
    acknowledge_minutes: int | None
    decide_hours: float
    unanswered: UnansweredPolicy
    sent_in_error: SentInErrorPolicy
    chat_topic: bool
    snapshot_lock_days: int | None
    snapshot_copy_key: str | None
    evidence_lock_days: int | None
    members: MemberAccounts | None
    retention_days: int
    activation: RuleSetActivation
    rule_set: str
    hosted_zone: HostedZone | None

    @property
    def domain(self) -> str:
        """The recipient's domain, which SES must receive mail for."""
        return self.recipient.partition("@")[2]

    @classmethod
    def parse(cls, block: Mapping[str, object], overrides: Mapping[str, str]) -> Self:
        """Read the "responder" block, overridden by the command line's `-c responder.…=…`.

        `overrides` may be the whole context of CDK. Raises InvalidSettings with every mistake.
        """
        mistakes: list[str] = []
        values = overridden("responder", block, overrides, texts=_TEXTS, mistakes=mistakes)
        given = SettingsBlock("responder", values, mistakes)
        rule_set = given.part("rule_set", example=_FOREIGN_SET) or SettingsBlock("responder.rule_set", {}, mistakes)
        activation = rule_set.take("activation", _one_of(RuleSetActivation), example=_DEFAULT, default=_DEFAULT)
        admins = given.take("admins", _people, example=[_ADA])
        settings = cls(
            recipient=given.take("recipient", _recipient, example="abuse-k7f3q9@abuse-in.example.com"),
            admins=tuple(
                _admin(SettingsBlock(f"responder.admins[{n}]", admin, mistakes)) for n, admin in enumerate(admins)
            ),
            mode=given.take("mode", _one_of(Mode), example="observe", default="contain"),
            regions=given.take("regions", _regions, example=["eu-central-1", "us-east-1"], default="all"),
            home_region=given.take("home_region", _home_region, example="eu-central-1", default=None),
            protect_tag=given.take("protect_tag", _tag_key, example=_PROTECT_TAG, default=_PROTECT_TAG),
            max_instances_per_hour=given.take("max_instances_per_hour", _whole_number(1, 1000), example=5, default=5),
            trusted_forwarders=given.take("trusted_forwarders", _forwarders, example=_FORWARDERS, default=[]),
            forwarders_may_contain=given.take("forwarders_may_contain", _yes_or_no, example=True, default=False),
            abuse_desks=given.take("abuse_desks", _abuse_desks, example=_DESKS, default=[]),
            aws_contacts=given.take("aws_contacts", _addresses, example=_CONTACTS, default=[]),
            method=given.take("method", _one_of(ContainmentMethod), example="stop", default="isolate"),
            two_step_seconds=given.take("two_step_seconds", _whole_number(0, 20), example=0, default=0),
            watch_minutes=given.take("watch_minutes", _minutes, example=[10, 60], default=[10]),
            remind_hours=given.take("remind_hours", _falling_hours, example=[12, 6, 2, 1], default=[12, 6, 2, 1]),
            acknowledge_minutes=given.take("acknowledge_minutes", _day_of_minutes, example=60, default=60),
            decide_hours=given.take("decide_hours", _hours, example=2, default=2),
            unanswered=given.take("unanswered", _one_of(UnansweredPolicy), example="contain", default="escalate"),
            sent_in_error=given.take("sent_in_error", _one_of(SentInErrorPolicy), example="release", default="offer"),
            chat_topic=given.take("chat_topic", _yes_or_no, example=True, default=False),
            snapshot_lock_days=given.take("snapshot_lock_days", _days, example=90, default=None),
            snapshot_copy_key=given.take("snapshot_copy_key", _key_alias, example=_KEY_ALIAS, default=None),
            evidence_lock_days=given.take("evidence_lock_days", _days, example=90, default=None),
            members=_members(given.part("members", example=_MEMBERS)),
            retention_days=given.take("retention_days", _whole_number(30, 3650), example=400, default=400),
            activation=activation,
            rule_set=_rule_set(rule_set, activation),
            hosted_zone=_hosted_zone(given.part("hosted_zone", example=_ZONE)),
        )
        given.refuse_unknown_keys()
        rule_set.refuse_unknown_keys()
        mistakes += _contradictions(settings, mistakes)
        if mistakes:
            raise InvalidSettings(mistakes)
        return settings


_DEFAULT: Final = RuleSetActivation.ACTIVATE_IF_NONE.value
_PROTECT_TAG: Final = "AbuseResponder:Protect"
_ADA: Final = {"name": "Ada Admin", "email": "ada@example.com", "phone": "+493012345678", "language": "en"}
_FORWARDERS: Final = ["lists.example.com", "noc@msp.example.net"]
_DESKS: Final = ["abuse-notices@amazon.com"]
_CONTACTS: Final = ["aws-root@example.com"]
_SECOND: Final = '"second.admin@example.com"'
_FOREIGN_SET: Final = {"activation": "append", "name": "default-rule-set"}
_KEY_ALIAS: Final = "alias/forensics"
_MEMBERS: Final = {"accounts": ["444455556666"], "external_id": "k7f3q9-abuse-responder"}
_ZONE: Final = {"id": "Z0123456789ABCDEFGHIJ", "name": "example.com"}
# Keys whose value on the command line is always text, even if it could be read as JSON.
_TEXTS: Final = frozenset(
    {
        "recipient",
        "mode",
        "unanswered",
        "sent_in_error",
        "home_region",
        "protect_tag",
        "method",
        "snapshot_copy_key",
        "members.external_id",
        "rule_set.activation",
        "rule_set.name",
        "hosted_zone.id",
        "hosted_zone.name",
    }
)

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}")  # RFC 1123, with a dot, no IP address
# The local part of the intake address is used in receipt rules, key policies and commands, so it must need no quoting.
_PLAIN_LOCAL: Final = re.compile(r"(?=.{1,64}\Z)[a-z0-9]+(?:(?:\.|[_-]+)[a-z0-9]+)*")
_LOCAL: Final = re.compile(r"(?=.{1,64}\Z)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)  # RFC 5322
_PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164
_REGION: Final = re.compile(r"[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}")
# https://docs.aws.amazon.com/ses/latest/APIReference/API_CreateReceiptRuleSet.html
_RULE_SET_NAME: Final = re.compile(r"(?=.{1,64}\Z)[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
_ALIAS: Final = re.compile(r"alias/(?!aws/)[A-Za-z0-9/_-]{1,250}")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
_EXTERNAL_ID: Final = re.compile(r"[A-Za-z0-9+=,.@:/-]{12,1224}")
_ZONE_ID: Final = re.compile(r"Z[A-Z0-9]{1,31}")


def _recipient(value: object) -> str:
    local, at, domain = _text(value, "an e-mail address").rpartition("@")
    if not (at and _PLAIN_LOCAL.fullmatch(local) and _HOST.fullmatch(domain)):
        raise InvalidValue("must be an e-mail address of lower-case letters, digits, dots, dashes and underscores")
    return f"{local}@{domain}"


def _email(value: object) -> str:
    local, at, domain = _text(value, "an e-mail address").rpartition("@")
    if not (at and _LOCAL.fullmatch(local) and _HOST.fullmatch(domain.lower()) and domain.isascii()):
        raise InvalidValue("must be an e-mail address")
    return f"{local}@{domain}"


def _forwarders(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InvalidValue("must be a list of mail domains and addresses")
    forwarders = tuple(_forwarder(forwarder) for forwarder in value)
    if len(set(forwarders)) != len(forwarders):
        raise InvalidValue("must be a list of mail domains and addresses, each once")
    return forwarders


def _forwarder(value: object) -> str:
    """A domain or an address in lower case, as they are compared."""
    text = _text(value, "a list of mail domains and addresses").lower()
    domain = text if "@" not in text else _email(text).rpartition("@")[2]
    if not _HOST.fullmatch(domain):
        raise InvalidValue("must be a list of mail domains and addresses")
    if is_aws_domain(domain) or domain == "amazonses.com" or domain.endswith(".amazonses.com"):
        raise InvalidValue(
            "must be a list of forwarders: AWS's own mail needs none, and every customer of SES sends from its domain"
        )
    return text


def _addresses(value: object) -> tuple[str, ...]:
    """E-mail addresses in lower case, as they are compared."""
    if not isinstance(value, list):
        raise InvalidValue("must be a list of e-mail addresses")
    addresses = tuple(_email(address).lower() for address in value)
    if len(set(addresses)) != len(addresses):
        raise InvalidValue("must be a list of e-mail addresses, each once")
    return addresses


def _abuse_desks(value: object) -> tuple[str, ...]:
    desks = _addresses(value)
    if any(domain_of(desk) not in KNOWN_DOMAINS for desk in desks):
        raise InvalidValue(f"must be a list of addresses exactly at {', '.join(sorted(KNOWN_DOMAINS))}")
    return desks


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue("must be true or false")
    return value


def _people(value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise InvalidValue("must be a list with one admin or more")
    return value


def _admin(block: SettingsBlock) -> Admin:
    admin = Admin(
        name=block.take("name", _name, example=_ADA["name"]),
        email=block.take("email", _email, example=_ADA["email"]),
        phone=block.take("phone", _phone, example=_ADA["phone"], default=None),
        language=block.take("language", _language, example="en", default="en"),
        time_zone=block.take("time_zone", _time_zone, example="Asia/Tokyo", default="UTC"),
    )
    block.refuse_unknown_keys()
    return admin


def _name(value: object) -> str:
    # A name goes into mail headers, where a line break could add a header.
    text = _text(value, "a name")
    if not (1 <= len(text) <= 100 and text.isprintable() and text == text.strip()):
        raise InvalidValue("must be a name of 1 to 100 printable characters, without spaces around it")
    return text


def _phone(value: object) -> str | None:
    if value is not None and not _PHONE.fullmatch(_text(value, "a phone number or null")):
        raise InvalidValue("must be a phone number that begins with + and the country's code, without spaces, or null")
    return value if isinstance(value, str) else None


def _language(value: object) -> str:
    if not isinstance(value, str) or value not in LANGUAGES:
        raise InvalidValue(f"must be one of {', '.join(LANGUAGES)}")
    return value


def _time_zone(value: object) -> str:
    if not isinstance(value, str) or value not in available_timezones():
        raise InvalidValue("must be a time zone by its IANA name")
    return value


def _regions(value: object) -> tuple[str, ...]:
    if value == "all":
        return ()
    if not isinstance(value, list) or not value:
        raise InvalidValue('must be "all" or a list of Region codes')
    regions = tuple(region for region in value if isinstance(region, str) and _REGION.fullmatch(region))
    if len(regions) != len(value) or len(set(regions)) != len(regions):
        raise InvalidValue('must be "all" or a list of Region codes, each once')
    return regions


def _home_region(value: object) -> str | None:
    if value is not None and not (isinstance(value, str) and _REGION.fullmatch(value)):
        raise InvalidValue("must be null or a Region code")
    return value


def _tag_key(value: object) -> str:
    """A tag key as EC2 allows it: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html."""
    text = _text(value, "a tag key")
    if not (1 <= len(text) <= 128 and text == text.strip() and all(c.isalnum() or c in " +-=._:/@" for c in text)):
        raise InvalidValue("must be a tag key: 1 to 128 letters, digits, spaces inside, and any of + - = . _ : / @")
    ours = (ROLE_TAG, CASE_TAG, STATE_TAG, INSTANCE_TAG)  # otherwise contained instances would count as protected
    if text.lower().startswith("aws:") or text in ours:
        raise InvalidValue(f"must be a tag key of your own: not aws:… and not one of {', '.join(ours)}")
    return text


def _whole_number(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise InvalidValue(f"must be a whole number from {least} to {most}")
        return value

    return read


def _days(value: object) -> int | None:
    return None if value is None else _whole_number(1, 3650)(value)


def _minutes(value: object) -> tuple[int, ...]:
    """Minutes after containment, within a day."""
    rule = "must be a list of one to ten whole numbers from 1 to 1440, rising"
    if not isinstance(value, list) or not 1 <= len(value) <= 10:
        raise InvalidValue(rule)
    try:
        minutes = tuple(_whole_number(1, 1440)(minute) for minute in value)
    except InvalidValue as wrong:
        raise InvalidValue(rule) from wrong
    if list(minutes) != sorted(set(minutes)):
        raise InvalidValue(rule)
    return minutes


def _hours(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.25 <= value <= 72:
        raise InvalidValue("must be a number from 0.25 to 72")
    return float(value)


def _falling_hours(value: object) -> tuple[float, ...]:
    """Hours before a deadline. An empty list means that only "overdue" is reported."""
    rule = "must be a list of up to ten numbers from 0.25 to 72, falling"
    if not isinstance(value, list) or len(value) > 10:
        raise InvalidValue(rule)
    try:
        hours = tuple(_hours(hour) for hour in value)
    except InvalidValue as wrong:
        raise InvalidValue(rule) from wrong
    if list(hours) != sorted(set(hours), reverse=True):
        raise InvalidValue(rule)
    return hours


def _day_of_minutes(value: object) -> int | None:
    return None if value is None else _whole_number(1, 1440)(value)


def _key_alias(value: object) -> str | None:
    if value is None:
        return None
    if not _ALIAS.fullmatch(text := _text(value, "the alias of a KMS key or null")):
        raise InvalidValue("must be null or the alias of your KMS key that exists in each Region with instances")
    return text


def _members(block: SettingsBlock | None) -> MemberAccounts | None:
    if block is None:
        return None
    members = MemberAccounts(
        accounts=block.take("accounts", _accounts, example=_MEMBERS["accounts"]),
        external_id=block.take(
            "external_id",
            _matching(_EXTERNAL_ID, "12 or more letters, digits and + = , . @ : / - that nobody can guess"),
            example=_MEMBERS["external_id"],
        ),
    )
    block.refuse_unknown_keys()
    return members


def _accounts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise InvalidValue("must be a list of account ids, each 12 digits in quotes")
    accounts = tuple(account for account in value if isinstance(account, str) and _ACCOUNT.fullmatch(account))
    if len(accounts) != len(value) or len(set(accounts)) != len(accounts):
        raise InvalidValue("must be a list of account ids, each 12 digits in quotes, each once")
    return accounts


def _one_of(choices: type[Choice]) -> Callable[[object], Choice]:
    def read(value: object) -> Choice:
        if not isinstance(value, str) or value not in set(choices):
            raise InvalidValue(f"must be one of {', '.join(choices)}")
        return choices(value)

    return read


def _rule_set(block: SettingsBlock, activation: RuleSetActivation) -> str:
    def read(value: object) -> str:
        text = _text(value, "the name of a rule set")
        if not _RULE_SET_NAME.fullmatch(text):
            raise InvalidValue("must be 1 to 64 letters, digits, - and _, with a letter or digit at both ends")
        if activation is RuleSetActivation.APPEND and text == DEFAULT_RULE_SET:
            raise InvalidValue("must name the active rule set, because rule_set.activation is append")
        return text

    if activation is RuleSetActivation.APPEND:
        return block.take("name", read, example="default-rule-set")
    return block.take("name", read, example=DEFAULT_RULE_SET, default=DEFAULT_RULE_SET)


def _hosted_zone(block: SettingsBlock | None) -> HostedZone | None:
    if block is None:
        return None
    zone = HostedZone(
        id=block.take("id", _matching(_ZONE_ID, "the id of a Route 53 zone"), example=_ZONE["id"]),
        name=block.take("name", _matching(_HOST, "a host name in lower case"), example=_ZONE["name"]),
    )
    block.refuse_unknown_keys()
    return zone


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not pattern.fullmatch(text := _text(value, what)):
            raise InvalidValue(f"must be {what}")
        return text

    return read


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise InvalidValue(f"must be {what}")
    return value


def _contradictions(settings: Settings, mistakes: list[str]) -> list[str]:
    """Values that contradict each other. Keys with a mistake are left out."""
    wrong = {line.partition(": ")[0] for line in mistakes}

    def right(path: str) -> bool:
        return not any(path == key or path.startswith((f"{key}.", f"{key}[")) for key in wrong)

    contradictions = []
    seen = {settings.recipient: "responder.recipient"} if right("responder.recipient") else {}
    for n, admin in enumerate(settings.admins):
        path, email = f"responder.admins[{n}].email", admin.email.casefold()
        if not right(path):
            continue
        if email in seen:  # an admin at the intake address would create a mail loop
            contradictions.append(
                f"{path}: must differ from {seen[email]}; got {shown(admin.email)}; for example {_SECOND}"
            )
        seen.setdefault(email, path)
    zone = settings.hosted_zone
    comparable = right("responder.recipient") and right("responder.hosted_zone.name")
    if zone and comparable and not f".{settings.domain}".endswith(f".{zone.name}"):
        contradictions.append(
            f"responder.hosted_zone.name: must be the recipient's domain or end it; got {shown(zone.name)}; "
            f"for example {shown(settings.domain)}"
        )
    return contradictions

"""Mail addresses, and which of them are AWS's."""

import re
from collections.abc import Collection
from enum import StrEnum

AWS_DOMAINS = frozenset({"amazon.com", "amazonaws.com", "aws.com", "signin.aws"})
"""The organisational domains AWS signs its mail with. Never `amazonses.com`: every customer of SES mails with it."""

ABUSE_DESKS = frozenset({"ec2-abuse@amazon.com", "trustandsafety@support.aws.com"})
"""The senders whose proven notices can contain an instance, or end a case, without an admin.

https://repost.aws/knowledge-center/aws-abuse-report names the first, which wrote the notices until about 2024. The
second has written them since, as "AWS Trust & Safety", and has replaced `abuse@amazonaws.com` in WHOIS.
"""

ANSWER_ADDRESSES = ABUSE_DESKS | {"abuse@amazonaws.com", "email-abuse@amazon.com"}
"""The addresses that answers to abuse are sent to. The last two only receive."""

_USER_NOTIFICATIONS = frozenset({"health@aws.com", "notifications@aws.com"})
NOTIFIERS = _USER_NOTIFICATIONS | {"no-reply-aws@amazon.com", "no-reply@amazonaws.com"}
"""AWS's other senders of notices: AWS User Notifications, which passes on AWS Health's events
(https://docs.aws.amazon.com/notifications/latest/userguide/what-is-service.html), support cases, and warnings that an
account is compromised. A support case can carry anybody's words, so none of them contains by itself.
"""

KNOWN_DOMAINS = frozenset({"amazon.com", "aws.com", "support.aws.com", "amazonaws.com"})
"""The domains exactly at which AWS's staff and services write. Below them, customers and sellers have addresses."""


class SenderRing(StrEnum):
    """How far a sender is trusted: the abuse desks act, notifiers and unknown senders ask, all others do neither."""

    ABUSE_DESK = "abuse_desk"  # or AWS Health
    NOTIFIER = "notifier"
    UNKNOWN_AWS = "unknown_aws"  # an unlisted address exactly at one of KNOWN_DOMAINS
    OTHER_AMAZON = "other_amazon"  # gift cards, sellers, SNS topics: anybody's words
    NOBODY = "nobody"  # not AWS, as far as anything shows


_NO_REPLY = ("no-reply", "noreply", "no_reply", "donotreply", "do-not-reply")

_LONGEST_HEADER = 4096
# A line of a mail has at most 998 characters (RFC 5322, section 2.1.1): a sender's name and address need no more.
_LONGEST_FROM = 998
_ADDR_SPEC = (
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
)
# A display name, whose specials stand in quoted strings, and an address in <…>, or the address alone. No comment, no
# group, no white space inside the address (RFC 5322, section 3.4). AWS itself writes `Amazon Web Services, Inc. <…>`
# with a bare comma; without a bare @ no address can stand before it.
_MAILBOX = re.compile(
    r'(?:[^\x00-\x08\x0a-\x1f\x7f"():;<>@\[\\\]]|"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[ -~])*")*'
    rf"<({_ADDR_SPEC})>|({_ADDR_SPEC})",
    re.IGNORECASE | re.ASCII,
)
_ADDRESS = re.compile(
    # What follows must end an address: in a@amazon.com@evil.test and a@amazon.com\u043e nothing is AWS's.
    r"[^\s@<>()\[\],;:\"\\]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?(?=[\s<>,;:()\[\]]|\Z)",
    re.IGNORECASE | re.ASCII,
)


def is_aws_domain(domain: str) -> bool:
    """Say whether `domain` is one of AWS's organisational domains or stands below one."""
    labels = domain.lower().rstrip(".").split(".")
    return ".".join(labels[-2:]) in AWS_DOMAINS


def is_aws_address(address: str) -> bool:
    """Say whether `address`, a bare addr-spec, is at a domain of AWS."""
    return "@" in address and is_aws_domain(address.rpartition("@")[2])


def ring_of(address: str, desks: Collection[str] = ABUSE_DESKS) -> SenderRing:
    """The ring of `address`, a bare addr-spec in lower case. `desks` are the abuse desks with those of the settings."""
    if address in desks:
        return SenderRing.ABUSE_DESK
    if address in NOTIFIERS:
        return SenderRing.NOTIFIER
    if domain_of(address) in KNOWN_DOMAINS:
        return SenderRing.UNKNOWN_AWS
    return SenderRing.OTHER_AMAZON if is_aws_address(address) else SenderRing.NOBODY


def is_topic_sender(address: str) -> bool:
    """Whether Amazon SNS sends from `address`, for anybody who owns a topic."""
    return domain_of(address) == "sns.amazonaws.com"


def is_unmonitored(address: str) -> bool:
    """Whether nobody reads answers to `address`, a bare addr-spec."""
    return address.lower() in _USER_NOTIFICATIONS or address.lower().startswith(_NO_REPLY)


def domain_of(address: str) -> str:
    """Return the part after the last `@` in lower case; empty without one."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def parse_addresses(value: str) -> tuple[str, ...]:
    """Return the addr-specs of an address header (RFC 5322, section 3.4), lower case, in order.

    `value` is the undecoded header: an encoded-word may spell `@` or `>` but never makes an address (RFC 2047,
    section 5). Quoted strings and comments are skipped, so a display name that looks like an address is none.
    In a field that is too long, the last mailbox is dropped: it would be cut.
    """
    if len(value) > _LONGEST_HEADER:
        value = value[:_LONGEST_HEADER].rpartition(",")[0]
    return tuple(address.lower() for address in _ADDRESS.findall(_without_words(value)))


def is_too_long(from_field: str) -> bool:
    """Say whether a From field is longer than any that a mail program writes."""
    return len(from_field) > _LONGEST_FROM


def only_mailbox(from_field: str) -> str:
    """Return the address of a From field that is one clean mailbox, lower case; empty for anything else.

    `parse_addresses` reads what mail programs show, also of odd fields. As proof only a field counts in which every
    reader finds the same address.
    """
    mailbox = None if is_too_long(from_field) else _MAILBOX.fullmatch(from_field)
    return (mailbox[1] or mailbox[2]).lower() if mailbox else ""


def _without_words(value: str) -> str:
    """Drop quoted strings and comments; where a mailbox has `<…>`, drop the display name before it."""
    outside: list[str] = []
    mailbox_starts_at = 0
    depth, quoted, escaped = 0, False, False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif quoted:
            quoted = char != '"'
        elif char == '"' and not depth:
            quoted = True
        elif char == "(":
            depth += 1
        elif char == ")" and depth:
            depth -= 1
        elif not depth:
            if char in "<:":  # what stands before it is the name of a person or of a group
                del outside[mailbox_starts_at:]
            outside.append(char)
            if char in ",;>":
                mailbox_starts_at = len(outside)
    return "".join(outside)

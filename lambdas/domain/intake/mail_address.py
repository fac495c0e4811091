"""Mail addresses, and which of them are AWS's."""

import re

AWS_DOMAINS = frozenset({"amazon.com", "amazonaws.com", "aws.com", "signin.aws"})
"""The organisational domains AWS signs its mail with. Never `amazonses.com`: every customer of SES mails with it."""

ABUSE_DESKS = frozenset({
    "ec2-abuse@amazon.com", "trustandsafety@support.aws.com", "abuse@amazonaws.com", "email-abuse@amazon.com",
})  # fmt: skip
"""The addresses of the team that sends notices of abuse, and that answers to abuse are sent to."""

ACTING_DESKS = frozenset({"ec2-abuse@amazon.com", "trustandsafety@support.aws.com"})
"""The senders whose proven notices can contain an instance, or end a case, without an admin. Mail from Amazon's other
senders can carry anybody's words: a gift card, a seller's message, a support case, an SNS topic.

https://repost.aws/knowledge-center/aws-abuse-report names the first; Trust & Safety's notices come from the second.
"""

_ONLY_NOTIFY = frozenset({"health@aws.com", "notifications@aws.com"})  # AWS User Notifications
_NO_REPLY = ("no-reply", "noreply", "no_reply", "donotreply", "do-not-reply")
# Providers with a domain for each country, by its first label; others by the whole domain. For a company whose domain
# begins the same way only its admins' own addresses are believed, which is safe.
_PUBLIC_FAMILIES = frozenset(
    {"gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "ymail", "aol", "gmx", "yandex", "zoho"}
)
_PUBLIC_PROVIDERS = frozenset(
    {
        *("icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com", "pm.me", "fastmail.com", "hey.com"),
        *("tutanota.com", "tuta.com", "mail.com", "mail.ru", "web.de", "t-online.de", "freenet.de", "posteo.de"),
        *("qq.com", "163.com", "126.com", "sina.com", "naver.com", "daum.net", "hanmail.net", "kakao.com"),
        *("docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "nifty.com", "ocn.ne.jp"),
        *("orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "libero.it", "comcast.net", "verizon.net", "att.net"),
        *("btinternet.com", "bigpond.com", "rediffmail.com", "uol.com.br", "terra.com.br", "seznam.cz", "wp.pl"),
    }
)

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


def is_unmonitored(address: str) -> bool:
    """Whether nobody reads answers to `address`, a bare addr-spec."""
    return address.lower() in _ONLY_NOTIFY or address.lower().startswith(_NO_REPLY)


def is_public_provider(domain: str) -> bool:
    """Whether anybody can get an address at `domain`, so that its addresses are unrelated."""
    name = domain.lower()
    return name in _PUBLIC_PROVIDERS or name.partition(".")[0] in _PUBLIC_FAMILIES


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
            if char == "<":
                del outside[mailbox_starts_at:]
            outside.append(char)
            if char in ",;>":
                mailbox_starts_at = len(outside)
    return "".join(outside)

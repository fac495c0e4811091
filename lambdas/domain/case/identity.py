"""Which case a notice belongs to, and by when AWS wants an answer."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lambdas.domain.intake.arrival import HEALTH_PREFIX
from lambdas.domain.intake.notice import Notice, NoticeKind

# A notice without a number joins a case of the same instance or address if it was opened within this time.
SAME_CASE_WITHIN = timedelta(days=14)
# "24 hours unless the notice states otherwise": AWS's abuse notice FAQ on re:Post,
# https://repost.aws/articles/ARi420OrIGR0y_9pOOker1QQ/abuse-notice-faqs
DEFAULT_HOURS = 24.0
# Of one notice of AWS: the cases that it joins, and what is looked for and where. AWS names a few; all that is found
# passes through Step Functions, which takes 256 KiB.
MAX_CASES = 10
MAX_INSTANCES = 60
MAX_ACCOUNTS = 20


@dataclass(frozen=True, slots=True)
class Deadline:
    """When AWS wants an answer, in UTC, and whether the notice says so itself."""

    at: datetime
    stated: bool


def case_id(notice: Notice, mail_key: str) -> str:
    """The notice's case: AWS's number without its suffix, otherwise a name made from the mail.

    AWS writes the same case as "10468407181" and "10468407181-1". A mail that is delivered twice under two
    keys has one Message-ID, and so one case. The key of a Health event names what its pages and updates share.
    """
    return case_id_of(notice.case_numbers[0]) if notice.case_numbers else case_id_of_mail(notice, mail_key)


def case_id_of_mail(notice: Notice, mail_key: str) -> str:
    """The name of a case without AWS's number."""
    if mail_key.startswith(HEALTH_PREFIX):
        return "health-" + mail_key.split("/")[1]
    return "mail-" + hashlib.sha256((notice.message_id or mail_key).encode()).hexdigest()[:12]


def case_resources(notice: Notice) -> tuple[str, ...]:
    """The resources by which a notice without a number finds its case: MAX_INSTANCES, otherwise as many addresses.

    An address that is only in the quoted report may be anybody's.
    """
    named = notice.instance_ids or tuple(ip for ip in notice.ips if ip not in notice.quoted_ips)
    return named[:MAX_INSTANCES]


def other_cases(notice: Notice) -> tuple[str, ...]:
    """The further cases of a notice that names several: MAX_CASES with the first one."""
    return tuple(dict.fromkeys(map(case_id_of, notice.case_numbers)))[1:MAX_CASES]


def case_id_of(number: str) -> str:
    """The case of a number of AWS, with or without a suffix."""
    return re.sub(r"-\d{1,3}$", "", number).upper()


def answer_deadline(notice: Notice, received_at: datetime) -> Deadline:
    """The notice's own limit, otherwise 24 hours, after its Date header or its arrival, whichever is earlier."""
    stated = notice.deadline_hours is not None
    hours = notice.deadline_hours if notice.deadline_hours is not None else DEFAULT_HOURS
    return Deadline(at=min(notice.sent_at or received_at, received_at) + timedelta(hours=hours), stated=stated)


def is_resolved(proven: Iterable[Notice]) -> bool:
    """Whether the newest of these proven notices closes the case."""
    beginning = datetime.min.replace(tzinfo=UTC)
    newest = max(proven, key=lambda notice: notice.sent_at or beginning, default=None)
    return newest is not None and newest.kind is NoticeKind.RESOLVED

"""Which notices are one case, by when to answer, and what ends a case."""

from datetime import UTC, datetime, timedelta

import pytest

from lambdas.domain.case.identity import (
    MAX_INSTANCES,
    answer_deadline,
    case_id,
    case_resources,
    is_resolved,
    other_cases,
)
from lambdas.domain.intake.notice import NoticeKind
from tests.samples import INSTANCE, RECEIVED, SENT, notice

KEY = "mail/k3v9story1"


@pytest.mark.parametrize(
    ("numbers", "case"),
    [
        (("12480031774",), "12480031774"),
        (("12480031774-1",), "12480031774"),
        (("12480031774-12",), "12480031774"),
        (("12480031774-1234",), "12480031774-1234"),  # no suffix that AWS writes
        (("12480031774", "99"), "12480031774"),
        (("a1b2c3-1",), "A1B2C3"),
    ],
)
def test_a_case_bears_the_number_of_aws_without_its_suffix(numbers, case):
    assert case_id(notice(case_numbers=numbers), KEY) == case


@pytest.mark.parametrize(
    ("numbers", "others"),
    [
        ((), ()),
        (("12480031774",), ()),
        (("12480031774", "12480031774-1"), ()),
        (("12480031774-1", "12480031999-1", "P01abc"), ("12480031999", "P01ABC")),
    ],
)
def test_the_further_cases_of_a_notice(numbers, others):
    assert other_cases(notice(case_numbers=numbers)) == others


def test_a_notice_without_number_has_a_case_of_its_own():
    without = notice(case_numbers=(), message_id="<a@example.com>")
    case = case_id(without, KEY)
    assert case.startswith("mail-")
    assert case_id(without, "mail/the-same-mail-delivered-again") == case
    assert case_id(notice(case_numbers=(), message_id="<b@example.com>"), KEY) != case


def test_a_health_event_without_number_shares_its_case_with_its_pages():
    first, second = (notice(case_numbers=(), message_id=f"c1-{page}") for page in (1, 2))
    assert case_id(first, "health/0a1b2c3d4e5f/one") == case_id(second, "health/0a1b2c3d4e5f/two")
    assert case_id(first, "health/0a1b2c3d4e5f/one") != case_id(first, "health/ffffffffffff/one")


def test_without_number_and_message_id_the_stored_mail_is_the_case():
    nameless = notice(case_numbers=(), message_id="")
    assert case_id(nameless, KEY) == case_id(nameless, KEY)
    assert case_id(nameless, KEY) != case_id(nameless, "mail/another")


@pytest.mark.parametrize(
    ("sent_at", "hours", "at", "stated"),
    [
        (SENT, 24.0, SENT + timedelta(hours=24), True),
        (SENT, 4.0, SENT + timedelta(hours=4), True),
        (SENT, 0.0, SENT, True),
        (SENT, None, SENT + timedelta(hours=24), False),
        (None, None, RECEIVED + timedelta(hours=24), False),
        (None, 12.0, RECEIVED + timedelta(hours=12), True),
        # A Date after the arrival would only put the answer off.
        (RECEIVED + timedelta(days=30), None, RECEIVED + timedelta(hours=24), False),
        (datetime.max.replace(tzinfo=UTC), None, RECEIVED + timedelta(hours=24), False),
    ],
)
def test_the_deadline(sent_at, hours, at, stated):
    found = answer_deadline(notice(sent_at=sent_at, deadline_hours=hours), RECEIVED)
    assert (found.at, found.stated) == (at, stated)


FIRST = notice(sent_at=SENT)
RESOLVED = notice(kind=NoticeKind.RESOLVED, sent_at=SENT + timedelta(days=3))
AGAIN = notice(kind=NoticeKind.FOLLOW_UP, sent_at=SENT + timedelta(days=4))
UNDATED = notice(kind=NoticeKind.FOLLOW_UP, sent_at=None)


@pytest.mark.parametrize(
    ("notices", "resolved"),
    [
        ([], False),
        ([FIRST], False),
        ([FIRST, RESOLVED], True),
        ([RESOLVED, FIRST], True),  # the first notice came in late
        ([FIRST, RESOLVED, AGAIN], False),
        ([UNDATED, RESOLVED], True),
    ],
)
def test_the_newest_word_of_aws_closes_a_case(notices, resolved):
    assert is_resolved(notices) is resolved


def test_a_case_is_looked_for_by_so_many_resources():
    addresses = tuple(f"198.51.100.{number}" for number in range(250))
    assert case_resources(notice(resources=(), ips=addresses)) == addresses[:MAX_INSTANCES]
    assert case_resources(notice()) == (INSTANCE,)

"""What the case table makes of "sent in error": instances that are released now, or doubts, never both."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lambdas.domain.case.timeline import EntryKind
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import NoticeKind
from lambdas.timeline import add_entry
from tests.domain.case.test_case import entry
from tests.domain.case.test_case import notice as told
from tests.samples import ALL_PASS, CASE, INSTANCE, MAIL_BUCKET, PROVEN, SENT, notice

pytestmark = pytest.mark.usefixtures("table")
OTHER = "i-0b57a4de7b57a4de7"
SAID_AT = SENT + timedelta(hours=30)
TAKEN_BACK = notice(kind=NoticeKind.RESOLVED, sent_in_error=True, sent_at=SAID_AT, resources=())


@pytest.fixture
def decide(call, case):
    """What is decided about a case that holds these instances."""

    def step(*held, said=TAKEN_BACK):
        for n, one in enumerate(
            (told(), told(NoticeKind.RESOLVED, 30), *(entry(EntryKind.CONTAINED, 1, each) for each in held))
        ):
            add_entry(CASE, one, entry_id=str(n))
        return call(
            "read",
            "Decide release",
            arrival=Arrival(MAIL_BUCKET, "mail/3", SAID_AT, ALL_PASS).to_json(),
            notice=said.to_json(),
            proof=PROVEN.to_json(),
            case=case,
            plans=[{"instance_id": one, "actions": []} for one in held],
        )

    return step


def test_all_that_the_case_holds(decide):
    assert decide(INSTANCE, OTHER) == {"instances": [INSTANCE, OTHER], "doubts": []}


def test_only_what_the_notice_names(decide):
    assert decide(INSTANCE, OTHER, said=replace(TAKEN_BACK, resources=notice().resources))["instances"] == [INSTANCE]


def test_nothing_is_held_so_nothing_is_doubted(decide):
    assert decide(said=replace(TAKEN_BACK, sent_in_error=False)) == {"instances": [], "doubts": []}


def test_a_doubt_leaves_all_to_an_admin(decide):
    said = replace(TAKEN_BACK, sent_in_error=False, account_ids=("999988887777",))
    assert decide(INSTANCE, said=said) == {"instances": [], "doubts": ["not_in_error", "for_another"]}


def test_a_members_notice_is_for_us(decide, members):
    members("999988887777")
    assert decide(INSTANCE, said=replace(TAKEN_BACK, account_ids=("999988887777",)))["instances"] == [INSTANCE]

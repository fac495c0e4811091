"""Which unproven mails of an hour are told one by one, and where the others are listed."""

from dataclasses import replace

import pytest

from lambdas import case_table
from lambdas.domain.case.unproven_mail import ListedMail
from lambdas.domain.intake.notice import NoticeKind
from lambdas.timeline import load_case
from tests.samples import ARRIVAL, CASE, FORWARDED, INSTANCE, UNPROVEN, notice

OTHER = "i-0b57a4de7b57a4de7"
TRUSTED = replace(FORWARDED, trusted=True)
pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def admit(call):
    """What "Admit mail" makes of the mail of this number, of whose instances those `here` are ours."""

    def step(number, *, here=(), proof=UNPROVEN, case=None, key="mail/{}", **said):
        return call(
            "read",
            "Admit mail",
            arrival=replace(ARRIVAL, key=key.format(number)).to_json(),
            notice=notice(**said).to_json(),
            proof=proof.to_json(),
            case=case,
            found={"instances": [{"instance_id": instance_id} for instance_id in here], "missing": []},
        )

    return step


def listed(admission):
    """The mails on the list that the admission names."""
    items = case_table.read_items(admission["list"]["case"])
    return {sort: ListedMail.from_json(item) for sort, item in items.items()}


def test_so_many_are_told_and_the_others_listed(admit):
    admissions = [admit(number, subject=f"Mail {number}") for number in range(8)]
    assert [admission["admitted"] for admission in admissions] == [True] * 5 + [False] * 3
    mails = listed(admissions[-1])
    assert sorted(mails) == [f"mail#mail/{number}" for number in range(5, 8)]
    assert mails["mail#mail/6"].subject == "Mail 6"
    assert mails["mail#mail/6"].mail == f"s3://{ARRIVAL.bucket}/mail/6"
    assert [moment["kind"] for moment in admissions[-1]["list"]["moments"]] == ["listed_mails"]


def test_each_instance_of_ours_has_room_that_others_cannot_take(admit):
    for number in range(20):
        admit(number)
    for instance_id in (INSTANCE, OTHER):
        told = [admit(f"{instance_id}{number}", here=[instance_id])["admitted"] for number in range(4)]
        assert told == [True, True, True, False]


def test_a_trusted_forwarder_has_room_of_its_own(admit):
    for number in range(20):
        admit(number)
        admit(f"named{number}", here=[INSTANCE])
    assert [admit(f"trusted{number}", proof=TRUSTED)["admitted"] for number in range(21)] == [True] * 20 + [False]


def test_what_an_admin_submits_is_always_told(admit):
    assert all(admit(number, key="submitted/{}")["admitted"] for number in range(9))


def test_the_same_mail_again_is_decided_as_before_and_takes_no_second_slot(admit):
    for _ in range(3):
        assert [admit(number)["admitted"] for number in range(6)] == [True] * 5 + [False]
    assert len(case_table.slots_taken("lane#others")) == 5


@pytest.mark.parametrize(("earlier", "admitted"), [(4, True), (5, False)])
def test_two_at_once_decide_the_same(admit, hook, table, earlier, admitted):
    """The other execution of the same mail comes to its end while this one asks for a slot."""
    for number in range(earlier):
        admit(number)
    others = []

    def come_first(_):
        unhook()
        others.append(admit("same"))

    unhook = hook(table, "UpdateItem", come_first)
    assert [admit("same")] == others
    assert others[0]["admitted"] is admitted
    assert len(case_table.slots_taken("lane#others")) == 5


def test_the_last_slot_goes_to_one_of_two_mails(admit, hook, table):
    for number in range(4):
        admit(number)

    def take_it_first(_):
        unhook()
        assert admit("other")["admitted"]

    unhook = hook(table, "UpdateItem", take_it_first)
    assert admit("late")["admitted"] is False
    assert len(case_table.slots_taken("lane#others")) == 5


def test_a_new_hour_has_room_again(admit, monkeypatch):
    for number in range(5):
        admit(number)
    monkeypatch.setattr(case_table, "_hour", lambda: "hour#2026-11-16T08")
    assert admit(9)["admitted"]
    assert admit(0)["admitted"]  # was told in the hour before
    assert case_table.slots_taken("lane#others") == {"mail/9"}


def test_only_an_admitted_notice_joins_its_case(admit):
    case = {"id": CASE, "authority": "stranger"}
    for number in range(6):
        admit(number, case=case, kind=NoticeKind.FIRST_NOTICE)
    notices = [sort for sort in case_table.read_items(CASE) if sort.startswith("notice#")]
    assert notices == [f"notice#mail/{number}" for number in range(5)]
    assert load_case(CASE).proven is False

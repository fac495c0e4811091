"""Which case a notice joins, and which instances that case looks at."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lambdas import case_table
from lambdas.aws import client
from lambdas.domain.case.case import CaseState
from lambdas.domain.case.identity import case_id_of_mail
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import NamedInstance, NoticeKind
from lambdas.timeline import add_entry, load_case
from tests.samples import (
    ACCOUNT,
    ALL_PASS,
    ARRIVAL,
    CASE,
    FORWARDED,
    GIFT_CARD,
    INSTANCE,
    MAIL_BUCKET,
    PROVEN,
    SENT,
    UNPROVEN,
    notice,
)

OTHER = "i-0b57a4de7b57a4de7"
pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def open_case(call):
    """What "Open case" makes of a notice that came in under a key; a mail without power is admitted after it."""

    def step(said, key="mail/1", proof=PROVEN, approved=(), here=()):
        arrival = Arrival(MAIL_BUCKET, key, said.sent_at + timedelta(seconds=3), ALL_PASS).to_json()
        given = {"arrival": arrival, "notice": said.to_json(), "proof": proof.to_json()}
        case = call("read", "Open case", **given, approved=approved, undecided_instances=[])
        if case["admission"] is None:
            found = {"instances": [{"instance_id": instance_id} for instance_id in here]}
            call("read", "Admit mail", **given, case=case, found=found)
        return case

    return step


FIRST = notice()
FOLLOW_UP = notice(kind=NoticeKind.FOLLOW_UP, resources=(), sent_at=SENT + timedelta(days=2), deadline_hours=24.0)
RESOLVED = notice(kind=NoticeKind.RESOLVED, resources=(), sent_at=SENT + timedelta(days=3))


def named(case):
    return [(one["instance_id"], one["region"]) for one in case["instances"]]


def test_a_first_notice_opens_a_case(open_case):
    case = open_case(FIRST)
    assert (case["id"], case["joined"], case["resolved"]) == (CASE, False, False)
    assert named(case) == [(INSTANCE, "ap-northeast-1")]
    assert case["deadline"] == {"at": (SENT + timedelta(hours=24)).isoformat(), "stated": False}


def test_a_follow_up_joins_it_and_knows_its_instance(open_case):
    open_case(FIRST)
    case = open_case(replace(FOLLOW_UP, case_numbers=(f"{CASE}-1",)), "mail/2")
    assert (case["id"], case["joined"]) == (CASE, True)
    assert named(case) == [(INSTANCE, "ap-northeast-1")]
    assert case["deadline"] == {"at": (FOLLOW_UP.sent_at + timedelta(hours=24)).isoformat(), "stated": True}


def test_the_word_of_aws_resolves_the_case(open_case):
    open_case(FIRST)
    case = open_case(RESOLVED, "mail/2")
    assert (case["joined"], case["resolved"]) == (True, True)
    assert named(case) == [(INSTANCE, "ap-northeast-1")]


def test_a_later_notice_reopens_it(open_case):
    open_case(RESOLVED)
    assert not open_case(replace(FOLLOW_UP, sent_at=RESOLVED.sent_at + timedelta(hours=1)), "mail/2")["resolved"]


@pytest.mark.parametrize("proof", [UNPROVEN, FORWARDED, GIFT_CARD])
def test_an_unproven_mail_resolves_nothing(open_case, proof):
    open_case(FIRST)
    assert not open_case(RESOLVED, "mail/2", proof)["resolved"]
    assert load_case(CASE).state is CaseState.OPEN


@pytest.mark.parametrize("proof", [UNPROVEN, FORWARDED, GIFT_CARD])
def test_an_unproven_mail_adds_no_instance_for_later_notices(open_case, proof):
    open_case(FIRST)
    open_case(notice(resources=(NamedInstance(OTHER, None, None),)), "mail/2", proof)
    assert named(open_case(FOLLOW_UP, "mail/3")) == [(INSTANCE, "ap-northeast-1")]


def test_an_unproven_mail_is_looked_at_for_itself(open_case):
    """An admin decides about what it names."""
    case = open_case(notice(resources=(NamedInstance(OTHER, "eu-west-1", None),)), proof=UNPROVEN)
    assert named(case) == [(OTHER, "eu-west-1")]


def test_the_region_is_remembered_from_an_earlier_notice(open_case):
    open_case(FIRST)
    case = open_case(notice(kind=NoticeKind.FOLLOW_UP, resources=(NamedInstance(INSTANCE, None, None),)), "mail/2")
    assert named(case) == [(INSTANCE, "ap-northeast-1")]


def test_an_instance_that_is_named_twice_is_looked_at_once(open_case):
    twice = (
        NamedInstance(INSTANCE, None, None),
        NamedInstance(OTHER, None, None),
        NamedInstance(INSTANCE, "eu-west-1", None),
    )
    assert named(open_case(notice(resources=twice))) == [(INSTANCE, "eu-west-1"), (OTHER, None)]


def test_the_accounts_to_look_in_are_those_that_the_notice_names(open_case):
    open_case(FIRST)
    both = open_case(notice(account_ids=("444455556666", ACCOUNT)), "mail/2")
    assert both["accounts"] == ["444455556666", ACCOUNT]


def test_a_notice_that_names_no_account_means_those_of_the_case(open_case):
    open_case(FIRST)
    open_case(notice(account_ids=("777788889999",)), "mail/2", UNPROVEN)
    assert open_case(replace(FOLLOW_UP, account_ids=()), "mail/3")["accounts"] == [ACCOUNT]


ADDRESS = "203.0.113.77"
NAMELESS = notice(resources=(), ips=(ADDRESS,), abuse_at=SENT - timedelta(hours=5))


def sought(case):
    return [(one["address"], one["only_in_report"], one["abuse_at"]) for one in case["addresses"]]


def test_a_notice_that_names_an_instance_has_no_address_to_look_for(open_case):
    assert sought(open_case(FIRST)) == []


def test_the_addresses_of_a_nameless_notice_are_to_be_looked_for(open_case):
    case = open_case(NAMELESS)
    assert named(case) == []
    assert sought(case) == [(ADDRESS, False, NAMELESS.abuse_at.isoformat())]


def test_a_follow_up_knows_the_address_and_the_time_of_the_first_notice(open_case):
    open_case(NAMELESS)
    case = open_case(replace(FOLLOW_UP, ips=()), "mail/2")
    assert sought(case) == [(ADDRESS, False, NAMELESS.abuse_at.isoformat())]


@pytest.mark.parametrize("proof", [UNPROVEN, FORWARDED, GIFT_CARD])
def test_an_unproven_mail_adds_no_address_for_later_notices(open_case, proof):
    open_case(NAMELESS)
    open_case(replace(NAMELESS, ips=("203.0.113.78",)), "mail/2", proof)
    assert [address for address, _, _ in sought(open_case(replace(FOLLOW_UP, ips=()), "mail/3"))] == [ADDRESS]


def test_a_quoted_address_tells_nothing_new_of_a_case_with_an_instance(open_case):
    open_case(FIRST)
    case = open_case(replace(FOLLOW_UP, ips=(ADDRESS,), quoted_ips=(ADDRESS,)), "mail/2")
    assert (named(case), sought(case)) == ([(INSTANCE, "ap-northeast-1")], [])


def test_the_same_mail_again_changes_nothing(open_case):
    first = open_case(FIRST)
    before = case_table.read_items(CASE)
    assert open_case(FIRST) == first
    assert not first["joined"]
    assert case_table.read_items(CASE) == before


def test_the_case_keeps_every_notice(open_case):
    open_case(FIRST)
    open_case(FOLLOW_UP, "mail/2", UNPROVEN)
    items = case_table.read_items(CASE)
    notices = ["notice#mail/1", "notice#mail/2"]
    assert sorted(items) == ["case", *(f"entry#{one}" for one in notices), *notices]
    assert items["case"]["opened_by"] == "mail/1"
    assert items["notice#mail/2"]["proof"]["kind"] == "none"


@pytest.mark.parametrize(
    ("kind", "kept"), [(NoticeKind.FIRST_NOTICE, True), (NoticeKind.FOLLOW_UP, True), (NoticeKind.RESOLVED, False)]
)
def test_what_aws_health_reports_is_kept_for_a_mail_of_the_same_instance(open_case, kind, kept):
    open_case(notice(kind=kind), "health/0a1b2c3d4e5f/one")
    assert (case_table.read_items(f"instance#{INSTANCE}") != {}) is kept


def test_a_mail_corroborates_nothing(open_case):
    open_case(FIRST)
    assert case_table.read_items(f"instance#{INSTANCE}") == {}


UNNUMBERED = notice(case_numbers=(), message_id="<a@amazon.com>", account_ids=())


def later(said, days, **changes):
    return replace(said, sent_at=SENT + timedelta(days=days), message_id=f"<{days}@amazon.com>", **changes)


def test_a_notice_without_a_number_joins_the_case_of_its_instance(open_case):
    open_case(FIRST)
    case = open_case(later(UNNUMBERED, 2), "mail/2")
    assert (case["id"], case["joined"]) == (CASE, True)


def test_two_without_a_number_are_one_case(open_case):
    first = open_case(UNNUMBERED)
    second = open_case(later(UNNUMBERED, 1), "mail/2")
    assert first["id"] == second["id"]
    assert first["id"].startswith("mail-")
    assert open_case(later(UNNUMBERED, 1, resources=(NamedInstance(OTHER, None, None),)), "mail/3")["id"] != first["id"]


def test_an_address_of_ours_leads_to_the_case_too_and_a_quoted_one_does_not(open_case):
    first = open_case(NAMELESS)
    assert open_case(later(NAMELESS, 1, case_numbers=()), "mail/2")["id"] == first["id"]
    quoted = later(NAMELESS, 2, case_numbers=(), quoted_ips=(ADDRESS,))
    assert open_case(quoted, "mail/3")["id"] != first["id"]


def test_a_number_is_its_own_case_and_the_next_without_one_joins_it(open_case):
    assert open_case(UNNUMBERED)["id"] != CASE
    assert open_case(FIRST, "mail/2")["id"] == CASE
    assert open_case(later(UNNUMBERED, 1), "mail/3")["id"] == CASE


def test_after_the_end_of_a_case_a_notice_without_a_number_begins_another(open_case):
    open_case(FIRST)
    open_case(replace(RESOLVED, resources=FIRST.resources), "mail/2")
    assert open_case(later(UNNUMBERED, 4), "mail/3")["id"] != CASE
    assert open_case(later(UNNUMBERED, 5, kind=NoticeKind.RESOLVED), "mail/4")["joined"]


def test_a_mail_stays_in_the_case_that_it_was_found_to_belong_to(open_case):
    """A second try comes after the case has ended: it does not decide otherwise."""
    open_case(FIRST)
    said = later(UNNUMBERED, 1)
    assert open_case(said, "mail/2")["id"] == CASE
    open_case(replace(RESOLVED, resources=FIRST.resources), "mail/3")
    assert open_case(said, "mail/2")["id"] == CASE


def test_a_notice_of_several_cases_stands_in_each(open_case):
    open_case(replace(FIRST, case_numbers=(CASE, "10468407181-2")))
    for case in (CASE, "10468407181"):
        assert "notice#mail/1" in case_table.read_items(case)
        assert load_case(case).state is CaseState.OPEN


FOREIGN = "666666666666"
FORGED = later(FIRST, 1, deadline_hours=0.1, resources=(NamedInstance(OTHER, None, None),))
POWERLESS = [
    pytest.param(UNPROVEN, {}, id="unproven"),
    pytest.param(FORWARDED, {}, id="forwarded"),
    pytest.param(replace(FORWARDED, trusted=True), {}, id="trusted forwarder"),
    pytest.param(PROVEN, {"account_ids": (FOREIGN,)}, id="another account"),
]


@pytest.mark.parametrize(("proof", "changes"), POWERLESS)
@pytest.mark.parametrize("kind", [NoticeKind.FOLLOW_UP, NoticeKind.RESOLVED, NoticeKind.ACTION_TAKEN])
def test_a_mail_without_power_changes_nothing_of_a_proven_case(open_case, proof, changes, kind):
    open_case(FIRST)
    before = load_case(CASE)
    case = open_case(replace(FORGED, kind=kind, measures=("we have closed it",), **changes), "mail/2", proof)
    after = load_case(CASE)
    assert [getattr(after, name) for name in UNCHANGED] == [getattr(before, name) for name in UNCHANGED]
    assert (case["clocks"], case["resolved"]) == ([], False)


UNCHANGED = ("state", "proven", "deadline", "instances", "measures", "acknowledged", "answered")


def test_aws_writing_to_another_account_has_a_case_of_its_own(open_case):
    """Whoever has AWS write to an account of theirs may choose a number of ours to be in it."""
    open_case(FIRST)
    case = open_case(replace(FIRST, account_ids=(FOREIGN,)), "mail/2")
    assert (case["id"], case["authority"], case["joined"]) == (case_id_of_mail(FIRST, "mail/2"), "other_account", False)
    assert case_table.read_item(f"resource#{INSTANCE}", "case") == {"case": CASE}
    assert load_case(case["id"]).proven is False


def test_a_stranger_joins_one_case_however_many_numbers_a_mail_names(open_case):
    open_case(FIRST)
    numbers = tuple(str(12480030000 + number) for number in range(1500))
    case = open_case(replace(FORGED, case_numbers=(*numbers, CASE)), "mail/2", UNPROVEN)
    cases = {item["pk"]["S"] for item in scan() if item["sk"]["S"] == "case" and "#" not in item["pk"]["S"]}
    assert cases == {CASE, case["id"]}
    assert case["id"] == numbers[0]


def test_a_stranger_joins_an_open_case_by_number_or_instance(open_case):
    open_case(FIRST)
    assert open_case(FORGED, "mail/2", UNPROVEN)["id"] == CASE
    by_instance = replace(FORGED, case_numbers=("1",), resources=FIRST.resources)
    assert open_case(by_instance, "mail/3", UNPROVEN)["id"] == CASE
    assert open_case(replace(by_instance, case_numbers=()), "mail/4", UNPROVEN)["id"] == CASE


def test_a_stranger_joins_no_ended_case(open_case):
    open_case(FIRST)
    open_case(RESOLVED, "mail/2")
    case = open_case(FORGED, "mail/3", UNPROVEN)
    assert case["id"] == case_id_of_mail(FORGED, "mail/3")


@pytest.mark.parametrize(("proof", "changes"), POWERLESS)
def test_a_copied_message_id_leads_to_no_case_that_takes_no_strangers(open_case, proof, changes):
    nameless = replace(FIRST, case_numbers=(), resources=(), ips=())
    case = open_case(nameless)["id"]
    add_entry(case, TimelineEntry(SENT + timedelta(hours=1), EntryKind.CLOSED, "arn:ada", ""), entry_id="act#1")
    copy = open_case(replace(nameless, **changes), "mail/2", proof)
    assert (copy["id"] != case, copy["joined"]) == (True, False)
    assert "notice#mail/2" not in case_table.read_items(case)


def test_copies_of_one_mail_by_two_ways_are_one_case(open_case):
    nameless = replace(FIRST, case_numbers=(), resources=(), ips=())
    assert open_case(nameless)["id"] == open_case(nameless, "mail/2", UNPROVEN)["id"]


def test_aws_writing_to_another_account_joins_no_case_by_its_message_id(open_case):
    nameless = replace(FIRST, case_numbers=(), resources=(), ips=())
    case = open_case(nameless)["id"]
    assert open_case(replace(nameless, account_ids=(FOREIGN,)), "mail/2")["id"] != case


def test_a_case_takes_so_many_mails_of_strangers(open_case, monkeypatch):
    monkeypatch.setattr("lambdas.read.case_of_notice.MAX_IN_CASE", 2)
    open_case(FIRST)
    open_case(FOLLOW_UP, "mail/aws")
    cases = [open_case(replace(FORGED, message_id=f"<{n}@x>"), f"mail/stranger-{n}", UNPROVEN)["id"] for n in range(3)]
    assert cases == [CASE, CASE, case_id_of_mail(replace(FORGED, message_id="<2@x>"), "")]


def test_a_stranger_claims_nothing_of_aws_and_loses_what_it_has_claimed(open_case):
    forged = replace(FORGED, case_numbers=("66666666666",), resources=FIRST.resources)
    assert open_case(forged, proof=UNPROVEN)["id"] == "66666666666"
    assert open_case(replace(forged, case_numbers=()), "mail/2", UNPROVEN)["id"] == "66666666666"
    genuine = open_case(replace(FIRST, case_numbers=()), "health/0a1b2c3d4e5f/one")
    assert (genuine["id"], genuine["joined"]) == ("health-0a1b2c3d4e5f", False)
    open_case(replace(forged, message_id="<again@x>"), "mail/3", UNPROVEN)
    assert case_table.claimant(INSTANCE) == "health-0a1b2c3d4e5f"


def test_a_case_that_a_stranger_opened_under_the_number_is_new_to_aws(open_case):
    assert open_case(replace(FORGED, sent_at=SENT - timedelta(hours=1)), proof=UNPROVEN)["id"] == CASE
    genuine = open_case(FIRST, "mail/2")
    assert (genuine["id"], genuine["joined"], named(genuine)) == (CASE, False, [(INSTANCE, "ap-northeast-1")])
    assert load_case(CASE).deadline.at == SENT + timedelta(hours=24)


def test_before_it_is_admitted_a_strangers_mail_leaves_only_where_it_belongs(call):
    given = {"arrival": ARRIVAL.to_json(), "notice": FORGED.to_json(), "proof": UNPROVEN.to_json()}
    case = call("read", "Open case", **given, approved=[], undecided_instances=[])
    assert (case["authority"], case["admission"]) == ("stranger", None)
    assert [item["pk"]["S"] for item in scan()] == [f"mail#{ARRIVAL.key}"]


def test_a_notice_of_aws_joins_at_most_ten_cases(open_case):
    numbers = tuple(str(12480030000 + number) for number in range(30))
    assert len(open_case(replace(FIRST, sent_at=datetime.now(UTC), case_numbers=numbers))["clocks"]) == 10


def scan():
    return client("dynamodb").scan(TableName="cases")["Items"]


def test_what_is_looked_for_and_where_is_bounded(open_case):
    """All that is found passes through Step Functions, which takes 256 KiB."""
    named_too = tuple(NamedInstance(f"i-0{number:016x}", None, None) for number in range(300))
    accounts = (ACCOUNT, *(str(100000000000 + number) for number in range(300)))
    for key, proof in (("mail/1", PROVEN), ("mail/2", UNPROVEN)):
        case = open_case(notice(resources=named_too, account_ids=accounts), key, proof)
        assert (len(case["instances"]), len(case["accounts"])) == (60, 20)

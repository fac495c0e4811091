"""The policy with what the case table knows: the cap of the hour, and what this notice has led to before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lambdas import case_table
from lambdas.domain.instance.address import HeldAddress, HeldDuringAbuse
from lambdas.domain.instance.instance import MissingInstance, UnassignedAddress
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.phrase import Phrase, verbatim
from tests.samples import (
    ALL_PASS,
    CASE,
    FORWARDED,
    INSTANCE,
    MAIL_BUCKET,
    NOTICE,
    PROVEN,
    RECEIVED,
    RUNNING,
    SEARCH,
    UNPROVEN,
    as_json,
    english,
    instance,
    notice,
)

OTHER = "i-0b57a4de7b57a4de7"
MISSING = as_json(MissingInstance(OTHER, SEARCH))
pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def decide(call, case):
    """What is decided about instances, as a list of (verdict, reasons)."""

    def step(*found, missing=(), key="mail/1", proof=PROVEN, approved=(), undecided=(), **of_notice):
        decided = call(
            "read",
            "Decide",
            arrival=Arrival(MAIL_BUCKET, key, RECEIVED, ALL_PASS).to_json(),
            notice=notice(**of_notice).to_json(),
            proof=proof.to_json(),
            case=case,
            found={"instances": [one.to_json() for one in found], "missing": list(missing)},
            approved=list(approved),
            undecided_instances=list(undecided),
        )
        assert [one["found"] for one in decided] == [*map(as_json, found), *missing]
        return [
            (one["decision"]["verdict"], "; ".join(english(map(Phrase.from_json, one["decision"]["reasons"]))))
            for one in decided
        ]

    return step


@pytest.fixture
def record(call, case):
    """Record that a mail led to this verdict on an instance, and that it was contained, or only that it was tried."""

    def step(verdict, key="mail/1", message_id=NOTICE.message_id, instance_id=INSTANCE, contained=True):
        read_back = {"outcome": "done", "words": "closed", "at": RECEIVED.isoformat()}
        call(
            "read",
            "Record outcomes",
            arrival={"key": key},
            notice={"message_id": message_id},
            proof=PROVEN.to_json(),
            case=case,
            outcomes=[
                {
                    "found": as_json(instance(instance_id=instance_id)),
                    "decision": {
                        "instance_id": instance_id,
                        "verdict": verdict,
                        "reasons": ["because"],
                        "stop": False,
                    },
                    "steps": {"Verify quarantine": read_back if contained else {"Error": "NotQuarantined"}},
                }
            ],
        )

    return step


def fleet(*numbers):
    return [instance(instance_id=f"i-{number:017x}") for number in numbers]


def verdicts(decided):
    return [verdict for verdict, _ in decided]


def test_each_instance_has_its_own_verdict(decide):
    stopped, gone = fleet(1, 2)
    gone = instance(instance_id=gone.instance_id, state="terminated")
    assert verdicts(decide(stopped, gone, missing=[MISSING])) == ["contain", "tell", "tell"]


def test_an_unproven_mail_asks_and_takes_no_place(decide):
    ((verdict, words),) = decide(RUNNING, proof=UNPROVEN)
    assert verdict == "ask"
    assert "not proven" in words
    assert len(case_table.slots_taken("contained")) == 0


def test_the_settings_are_the_functions_environment(decide, configure):
    configure(mode="observe")
    assert verdicts(decide(RUNNING)) == ["tell"]
    configure(mode="contain")
    configure(protect_tag="Name")
    assert verdicts(decide(RUNNING)) == ["ask"]


def test_a_notice_to_another_account_asks(decide):
    ((verdict, words),) = decide(RUNNING, account_ids=("111122223333",))
    assert verdict == "ask"
    assert "this is in 552071934480" in words


def test_a_member_s_instance_is_ours_as_well(decide, configure):
    configure(member_accounts=("444455556666", "777788889999"))
    ((verdict, _),) = decide(instance(account_id="444455556666"), account_ids=("444455556666",))
    assert verdict == "contain"


def test_one_notice_that_names_many_stops_at_the_cap(decide, configure):
    configure(max_instances_per_hour=2)
    decided = decide(*fleet(1, 2, 3))
    assert verdicts(decided) == ["contain", "contain", "ask"]
    assert "2 instances were contained this hour; the settings allow 2" in decided[2][1]


def test_the_cap_holds_between_two_executions_at_once(decide, hook, table, configure):
    """The other one takes the last place after this one has counted."""
    configure(max_instances_per_hour=1)

    def take_it_first(_):
        unhook()
        assert case_table.take_slot("contained", f"99/{OTHER}", 1)

    unhook = hook(table, "UpdateItem", take_it_first)
    ((verdict, words),) = decide(RUNNING)
    assert verdict == "ask"
    assert "the settings allow 1" in words
    assert len(case_table.slots_taken("contained")) == 1


def test_decided_again_after_a_crash_it_is_the_same_verdict(decide, configure):
    """The instance has the last place of the hour already: it must not stand in its own way."""
    configure(max_instances_per_hour=2)
    first = decide(*fleet(1, 2))
    assert decide(*fleet(1, 2)) == first
    assert verdicts(first) == ["contain", "contain"]
    assert len(case_table.slots_taken("contained")) == 2


def test_an_approval_needs_no_place(decide, configure):
    assert verdicts(decide(RUNNING, approved=[INSTANCE])) == ["contain"]
    assert case_table.slots_taken("contained") == frozenset()
    configure(max_instances_per_hour=1)
    case_table.take_slot("contained", f"99/{OTHER}", 1)
    assert verdicts(decide(RUNNING, approved=[INSTANCE])) == ["contain"]
    assert verdicts(decide(RUNNING, approved=[OTHER])) == ["ask"]


def test_a_replay_of_the_same_message_under_another_key_is_told(decide, record):
    record("contain")
    ((verdict, words),) = decide(RUNNING, key="mail/replayed")
    assert verdict == "tell"
    assert "replay" in words


def test_the_same_mail_again_is_no_replay(decide, record):
    """A new execution for the same stored mail converges: that is how an admin approves, too."""
    record("contain")
    assert verdicts(decide(RUNNING, key="mail/1")) == ["contain"]


@pytest.mark.parametrize(
    "recorded",
    [
        {"verdict": "ask"},
        {"verdict": "contain", "contained": False},
        {"verdict": "contain", "message_id": "<another@email.amazonses.com>"},
        {"verdict": "contain", "instance_id": OTHER},
    ],
)
def test_what_is_no_replay(decide, record, recorded):
    record(**recorded)
    assert verdicts(decide(RUNNING, key="mail/2")) == ["contain"]


def test_mails_without_message_id_are_not_taken_for_each_other(decide, record):
    record("contain", message_id="")
    assert verdicts(decide(RUNNING, key="mail/2", message_id="")) == ["contain"]


def test_a_notice_that_comes_in_after_the_end_of_its_case_asks(decide, case):
    case["resolved"] = True
    ((verdict, words),) = decide(RUNNING)
    assert verdict == "ask"
    assert "AWS's newest message says that the case is resolved" in words


@pytest.mark.parametrize(("setting", "verdict"), [(False, "ask"), (True, "contain")])
@pytest.mark.parametrize("trusted", [True, False])
def test_a_trusted_forwarder_contains_where_the_settings_say_so(decide, configure, setting, verdict, trusted):
    configure(forwarders_may_contain=setting)
    decided = decide(RUNNING, proof=replace(FORWARDED, trusted=trusted))
    assert verdicts(decided) == [verdict if trusted else "ask"]


def test_nothing_found_nothing_decided(decide):
    assert decide() == []


def test_a_follow_up_of_the_same_case_needs_no_second_place(decide, configure):
    configure(max_instances_per_hour=1)
    assert verdicts(decide(RUNNING)) == ["contain"]
    again = decide(RUNNING, key="mail/2", message_id="<story-2@email.amazonses.com>")
    assert verdicts(again) == ["contain"]
    assert case_table.read_items(CASE) == {}


@pytest.mark.parametrize(
    ("hours", "verdict"), [(0, "contain"), (71, "contain"), (-71, "contain"), (73, "ask"), (-73, "ask")]
)
def test_aws_health_lends_its_word_to_a_mail_within_three_days(decide, hours, verdict):
    moment = (RECEIVED + timedelta(hours=hours)).isoformat()
    case_table.write_once(f"instance#{INSTANCE}", "health#one", {"received_at": moment})
    ((decided, reasons),) = decide(RUNNING, proof=UNPROVEN)
    assert decided == verdict
    assert ("AWS Health reports the same instance" in reasons) is (verdict == "contain")


@pytest.mark.parametrize(("hours", "verdict"), [(1, "ask"), (0, "ask"), (-1, "contain")])
def test_what_aws_health_said_before_a_release_counts_no_more(decide, hours, verdict):
    """A forged mail could move a released instance into quarantine again."""
    said = RECEIVED - timedelta(hours=2)
    case_table.write_once(f"instance#{INSTANCE}", "health#one", {"received_at": said.isoformat()})
    for number, released in enumerate((said - timedelta(days=1), said + timedelta(hours=hours)), 1):
        case_table.write_once(f"instance#{INSTANCE}", f"released#{CASE}#{number}", {"at": released.isoformat()})
    assert decide(RUNNING, proof=UNPROVEN)[0][0] == verdict


def test_aws_health_lends_its_word_to_no_other_instance(decide):
    case_table.write_once(f"instance#{OTHER}", "health#one", {"received_at": RECEIVED.isoformat()})
    ((verdict, _),) = decide(RUNNING, proof=UNPROVEN)
    assert verdict == "ask"


def test_who_is_found_by_an_address_is_decided_about_with_it(decide):
    held = HeldAddress(
        "203.0.113.77", only_in_report=False, held_during_abuse=HeldDuringAbuse.YES, reason=verbatim("it held it then")
    )
    ((verdict, reasons),) = decide(instance(found_by=(held,)))
    assert verdict == "contain"
    assert "it held it then" in reasons
    ((verdict, reasons),) = decide(instance(found_by=(replace(held, only_in_report=True),)))
    assert verdict == "ask"
    assert "where anybody can write" in reasons


def test_an_address_that_no_instance_holds_is_told(decide):
    nobody = as_json(UnassignedAddress("203.0.113.77", "", SEARCH))
    ((verdict, reasons),) = decide(missing=[nobody])
    assert verdict == "tell"
    assert "nothing in the Regions that may be searched holds 203.0.113.77 now" in reasons


@pytest.mark.parametrize(("accuses", "verdict"), [(True, "contain"), (False, "ask")])
def test_a_released_instance_is_contained_again_only_on_a_new_accusation(decide, accuses, verdict):
    """AWS's closing reply quotes the notice, with the instance that an admin has just released."""
    case_table.write_once(f"instance#{INSTANCE}", f"released#{CASE}#1", {"at": RECEIVED.isoformat()})
    ((decided, reasons),) = decide(RUNNING, accuses=accuses)
    assert decided == verdict
    assert ("was released before" in reasons) is not accuses

"""Which act makes sense when, and what it leaves in the timeline."""

import re

import pytest

from lambdas.domain.case.admin_action import ADMIN_ACTIONS, AdminAction, entry_for
from lambdas.domain.case.case import CaseState, InstanceStatus, case_from_entries
from lambdas.domain.case.clock import ALL_ADMINS, ReminderKind, ScheduledReminder, reminder_at
from lambdas.domain.case.timeline import EntryKind
from lambdas.domain.errors import NotPossibleNow
from lambdas.domain.intake.notice import NoticeKind
from tests.domain.case.test_case import ADA, ANSWERED, FIRST, FOLLOW_UP, RESOLVED, entry, for_stranger, hours, notice
from tests.samples import CASE, INSTANCE

ADMINS = ("ada@example.com", "ben@example.com")
CLOSED = entry(EntryKind.CLOSED, 31, who=ADA)
NOW = hours(40)


def act(action, **changes):
    return AdminAction(
        **{"action": action, "case": CASE, "instance": "", "by": ADA, "words": "", "admin": "", **changes}
    )


def done(action, *entries, **changes):
    """The entry that an act leaves in a case of these entries."""
    return entry_for(act(action, **changes), case_from_entries(CASE, entries), ADMINS, NOW)


def refused(action, *entries, **changes):
    with pytest.raises(NotPossibleNow) as caught:
        done(action, *entries, **changes)
    return str(caught.value)


@pytest.mark.parametrize(
    ("action", "what", "state"),
    [
        ("ack", EntryKind.ACKNOWLEDGED, CaseState.OPEN),
        ("replied", EntryKind.ANSWERED, CaseState.ANSWERED),
        ("close", EntryKind.CLOSED, CaseState.CLOSED),
    ],
)
def test_an_act_leaves_who_when_and_why(action, what, state):
    left = done(action, FIRST, words="as told")
    assert (left.kind, left.actor, left.at, left.words) == (what, ADA, NOW, "as told")
    assert case_from_entries(CASE, [FIRST, left]).state is state


@pytest.mark.parametrize(
    ("action", "entries", "words"),
    [
        ("replied", [FIRST, ANSWERED], f"case {CASE} is answered already, by {ADA} (claimed) at 2026-11-16 17:42 UTC"),
        ("replied", [FIRST, RESOLVED], f"case {CASE} is resolved already, by AWS"),
        ("replied", [FIRST, CLOSED], f"case {CASE} is closed already, by {ADA} (claimed) at 2026-11-17 14:42 UTC"),
        ("ack", [FIRST, RESOLVED], f"case {CASE} is resolved already, by AWS"),
        ("ack", [FIRST, CLOSED], f"case {CASE} is closed already, by {ADA} (claimed) at 2026-11-17 14:42 UTC"),
        ("close", [FIRST, CLOSED], f"case {CASE} is closed already, by {ADA} (claimed) at 2026-11-17 14:42 UTC"),
        ("dance", [FIRST], f"dance is no action: there are {', '.join(sorted(ADMIN_ACTIONS))}"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(action, entries, words):
    assert refused(action, *entries) == words


@pytest.mark.parametrize(
    ("action", "entries"),
    [
        ("replied", [FIRST, ANSWERED, FOLLOW_UP]),  # AWS has asked again
        ("ack", [FIRST, ANSWERED]),
        ("close", [FIRST]),  # it was no abuse, or no mail of AWS's
        ("close", [FIRST, ANSWERED]),
        ("close", [FIRST, RESOLVED]),
    ],
)
def test_what_makes_sense(action, entries):
    assert done(action, *entries)


@pytest.mark.parametrize(
    ("by", "given", "admin"),
    [
        ("arn:aws:iam::552071934480:user/ada", "", "ada@example.com"),
        ("arn:aws:iam::552071934480:user/ops/Ben", "", "ben@example.com"),
        ("arn:aws:sts::552071934480:assumed-role/AWSReservedSSO_Admin_0a1/ada@example.com", "", "ada@example.com"),
        ("arn:aws:sts::552071934480:assumed-role/admin/laptop", "Ben@Example.com", "ben@example.com"),
        ("arn:aws:iam::552071934480:user/ada", "ben@example.com", "ben@example.com"),
    ],
)
def test_who_is_on_it_is_one_of_the_admins(by, given, admin):
    left = done("ack", FIRST, by=by, admin=given)
    assert (left.actor, left.details) == (by, {"admin": admin})
    case = case_from_entries(CASE, [FIRST, left])
    calm = reminder_at(case, ScheduledReminder(hours(12), ReminderKind.REMINDER, sms=False), hours(24))
    assert calm.to == admin


@pytest.mark.parametrize(
    "changes",
    [
        {"by": "arn:aws:sts::552071934480:assumed-role/admin/laptop"},
        {"by": "arn:aws:iam::552071934480:root"},
        {"by": ""},
        {"admin": "eve@example.com"},
    ],
)
def test_who_cannot_be_told_from_the_identity_is_asked_for(changes):
    assert "give --as with one of ada@example.com, ben@example.com" in refused("ack", FIRST, **changes)


def test_two_admins_of_one_name_are_told_apart_by_their_address_only():
    with pytest.raises(NotPossibleNow, match="--as"):
        entry_for(act("ack"), case_from_entries(CASE, [FIRST]), ("ada@example.com", "ada@example.org"), NOW)


def test_another_one_can_take_it_over_and_nobody_takes_it_twice():
    first = done("ack", FIRST)
    assert re.fullmatch(
        rf"ada@example.com \(claimed\) is on case {CASE} since 2026-11-17 23:42 UTC", refused("ack", FIRST, first)
    )
    assert done("ack", FIRST, first, admin="ben@example.com").details["admin"] == "ben@example.com"


def test_an_input_that_leaves_things_out_is_read():
    assert AdminAction.from_json({"action": "close", "case": CASE, "by": ADA}) == act("close")


def test_everybody_is_no_admin():
    """Or an acknowledgement could name them all."""
    assert "no admin" in refused("ack", FIRST, admin=ALL_ADMINS)


OTHER = "i-0b57a4de7b57a4de7"
WAITS, WAITS_TOO = entry(EntryKind.ASKED, 1, INSTANCE), entry(EntryKind.ASKED, 1, OTHER)
HELD = entry(EntryKind.CONTAINED, 2, INSTANCE)
LATE = entry(EntryKind.UNDECIDED, 22, INSTANCE)


@pytest.mark.parametrize(
    ("action", "given", "entries", "about"),
    [
        ("approve", "", [FIRST, WAITS], INSTANCE),
        ("decline", "", [FIRST, WAITS], INSTANCE),
        ("approve", "", [FIRST, WAITS, LATE], INSTANCE),  # a late yes works
        ("decline", "", [FIRST, WAITS, LATE], INSTANCE),
        ("approve", OTHER, [FIRST, WAITS, WAITS_TOO], OTHER),
        ("decline", OTHER, [FIRST, WAITS, WAITS_TOO], OTHER),
        ("approve", "", [FIRST, HELD, WAITS_TOO], OTHER),
        ("approve", INSTANCE, [FIRST, HELD], INSTANCE),  # once more, as the watch tells to
        (
            "approve",
            INSTANCE,
            [FIRST, WAITS, entry(EntryKind.DECLINED, 3, INSTANCE)],
            INSTANCE,
        ),  # somebody thinks again
    ],
)
def test_who_waits_is_decided_about(action, given, entries, about):
    left = done(action, *entries, instance=given)
    assert (left.kind, left.resource, left.actor) == (
        EntryKind.APPROVED if action == "approve" else EntryKind.DECLINED,
        about,
        ADA,
    )


@pytest.mark.parametrize(
    ("action", "given", "entries", "words"),
    [
        ("approve", "", [FIRST], f"no instance of case {CASE} waits for a decision: it has none"),
        ("approve", "", [FIRST, HELD], f"no instance of case {CASE} waits for a decision: {INSTANCE}: contained"),
        ("approve", OTHER, [FIRST, WAITS], f"case {CASE} has no instance {OTHER}: {INSTANCE}: waits for a decision"),
        ("decline", INSTANCE, [FIRST, HELD], f"{INSTANCE} of case {CASE} waits for no decision: it is contained"),
        ("decline", OTHER, [FIRST, WAITS], f"{OTHER} of case {CASE} waits for no decision"),
        ("decline", "", [FIRST, WAITS, WAITS_TOO], f"2 instances of case {CASE} wait, name one of {INSTANCE}, {OTHER}"),
        ("approve", "", [FIRST, WAITS, WAITS_TOO], f"2 instances of case {CASE} wait, name one of {INSTANCE}, {OTHER}"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_who_is_meant(action, given, entries, words):
    assert refused(action, *entries, instance=given) == words


FORGED = notice(NoticeKind.FOLLOW_UP, 2, proven=False)


@pytest.mark.parametrize("action", ["approve", "decline"])
@pytest.mark.parametrize("first", [FIRST, notice(proven=False)])
@pytest.mark.parametrize("given", ["", OTHER])
def test_what_a_stranger_asks_for_is_decided_like_any_question(action, first, given):
    left = done(action, first, HELD, FORGED, for_stranger(EntryKind.ASKED, 2, OTHER), instance=given)
    assert left.resource == OTHER
    case = case_from_entries(CASE, [first, HELD, FORGED, for_stranger(EntryKind.ASKED, 2, OTHER), left])
    assert case.unproven_questions == ()


def test_declining_what_a_stranger_asks_for_leaves_what_was_done_for_aws():
    broken = entry(EntryKind.BROKEN, 3, INSTANCE)
    entries = [FIRST, HELD, broken, FORGED, for_stranger(EntryKind.ASKED, 4)]
    left = done("decline", *entries, instance=INSTANCE)
    case = case_from_entries(CASE, [*entries, left])
    assert (case.instances, case.unproven_questions) == ({INSTANCE: InstanceStatus.BROKEN}, ())


@pytest.mark.parametrize("action", ["approve", "decline"])
@pytest.mark.parametrize("given", ["", INSTANCE])
@pytest.mark.parametrize(
    ("end", "words"),
    [
        (RESOLVED, f"case {CASE} is resolved already, by AWS"),
        (CLOSED, f"case {CASE} is closed already, by {ADA} (claimed) at 2026-11-17 14:42 UTC"),
    ],
)
def test_nothing_new_is_decided_in_an_ended_case(action, given, end, words):
    for waits in (WAITS, for_stranger(EntryKind.ASKED, 1)):
        told = refused(action, FIRST, waits, end, instance=given)
        assert told.startswith(f"{words}, so nothing new is decided in it.")
        assert "aws ec2 stop-instances" in told


@pytest.mark.parametrize("end", [RESOLVED, CLOSED])
def test_what_an_ended_case_holds_in_quarantine_can_be_contained_again(end):
    """The watch goes on after the end of a case, and advises this."""
    assert done("approve", FIRST, HELD, end, instance=INSTANCE).kind is EntryKind.APPROVED
    assert done("approve", FIRST, HELD, end, entry(EntryKind.BROKEN, 35, INSTANCE), instance=INSTANCE)
    assert "nothing new is decided" in refused(
        "approve", FIRST, HELD, end, entry(EntryKind.RELEASED, 35, INSTANCE), instance=INSTANCE
    )

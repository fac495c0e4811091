"""How a case stands follows from its timeline alone, whatever the order in which entries came in."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.case import Case, CaseState, InstanceStatus, NoticeDetails, case_from_entries, open_tasks
from lambdas.domain.case.identity import Deadline
from lambdas.domain.case.timeline import AWS, RESPONDER, STRANGER, EntryKind, TimelineEntry
from lambdas.domain.intake.notice import NoticeKind
from tests.samples import CASE, INSTANCE, SENT

OTHER = "i-0b57a4de7b57a4de7"
ADA = "arn:aws:iam::552071934480:user/ada"


def hours(count):
    return SENT + timedelta(hours=count)


def notice(kind=NoticeKind.FIRST_NOTICE, sent=0.0, *, proven=True, desk=True, came=None, within=24, measures=()):
    """AWS writes, so many hours after the first notice; `came` is when it reached us, if not at once."""
    due = Deadline(hours(sent + within), stated=True)
    facts = NoticeDetails(kind, proven, hours(sent), due, measures, "s3://mail", by_abuse_desk=proven and desk)
    return TimelineEntry(
        hours(sent if came is None else came), EntryKind.NOTICE, AWS, "a notice", details=facts.to_json()
    )


def entry(what, at, about="", who=RESPONDER):
    return TimelineEntry(hours(at), what, who, "words", about)


FIRST, FOLLOW_UP = notice(), notice(NoticeKind.FOLLOW_UP, 20)
RESOLVED = notice(NoticeKind.RESOLVED, 30)
ANSWERED = entry(EntryKind.ANSWERED, 10, who=ADA)


@pytest.mark.parametrize(
    ("entries", "state", "due"),
    [
        ([FIRST], CaseState.OPEN, hours(24)),
        ([FIRST, FOLLOW_UP], CaseState.OPEN, hours(44)),
        ([FIRST, ANSWERED], CaseState.ANSWERED, hours(24)),
        ([FIRST, ANSWERED, FOLLOW_UP], CaseState.OPEN, hours(44)),  # AWS asks again
        ([FIRST, FOLLOW_UP, entry(EntryKind.ANSWERED, 21, who=ADA)], CaseState.ANSWERED, hours(44)),
        ([FIRST, RESOLVED], CaseState.RESOLVED, None),
        ([FIRST, RESOLVED, notice(NoticeKind.FIRST_NOTICE, 40)], CaseState.OPEN, hours(64)),  # and it begins anew
        (
            [FIRST, RESOLVED, notice(NoticeKind.FOLLOW_UP, 20, came=31)],
            CaseState.RESOLVED,
            None,
        ),  # an older one, come in late
        ([FIRST, notice(NoticeKind.RESOLVED, 5, proven=False)], CaseState.OPEN, hours(24)),  # anybody can write that
        ([notice(proven=False)], CaseState.OPEN, hours(24)),
        ([FIRST, notice(NoticeKind.FOLLOW_UP, 2, desk=False, within=1)], CaseState.OPEN, hours(24)),  # a support case
        ([FIRST, ANSWERED, notice(NoticeKind.FOLLOW_UP, 20, desk=False)], CaseState.ANSWERED, hours(24)),
        ([notice(desk=False), notice(NoticeKind.FOLLOW_UP, 2, desk=False)], CaseState.OPEN, hours(26)),
        ([FIRST, notice(NoticeKind.FOLLOW_UP, 2, proven=False, within=1)], CaseState.OPEN, hours(24)),
        ([notice(proven=False), notice(NoticeKind.FOLLOW_UP, 3)], CaseState.OPEN, hours(27)),
        ([FIRST, entry(EntryKind.CLOSED, 11, who=ADA)], CaseState.CLOSED, hours(24)),
        ([FIRST, entry(EntryKind.CLOSED, 11, who=ADA), FOLLOW_UP], CaseState.OPEN, hours(44)),
        ([RESOLVED], CaseState.RESOLVED, None),
        (
            [FIRST, notice(NoticeKind.RESOLVED, 0)],
            CaseState.OPEN,
            hours(24),
        ),  # at one moment: the clock must rather run
    ],
)
def test_state_and_deadline(entries, state, due):
    for order in permutations(entries):
        case = case_from_entries(CASE, order)
        assert (case.state, case.deadline.at if case.deadline else None) == (state, due)
        assert case.is_running is (state is CaseState.OPEN)


@pytest.mark.parametrize(
    ("whats", "standing"),
    [
        ([EntryKind.CONTAINED], InstanceStatus.CONTAINED),
        ([EntryKind.NOT_CONTAINED], InstanceStatus.NOT_CONTAINED),
        ([EntryKind.NOT_CONTAINED, EntryKind.CONTAINED], InstanceStatus.CONTAINED),
        ([EntryKind.CONTAINED, EntryKind.LEFT_ALONE], InstanceStatus.CONTAINED),  # a replay is told, and nothing is new
        ([EntryKind.LEFT_ALONE], InstanceStatus.LEFT_ALONE),
        ([EntryKind.ASKED], InstanceStatus.ASKED),
        ([EntryKind.ASKED, EntryKind.APPROVED, EntryKind.CONTAINED], InstanceStatus.CONTAINED),
        ([EntryKind.ASKED, EntryKind.DECLINED], InstanceStatus.DECLINED),
        ([EntryKind.ASKED, EntryKind.UNDECIDED], InstanceStatus.UNDECIDED),
        ([EntryKind.CONTAINED, EntryKind.BROKEN], InstanceStatus.BROKEN),
        ([EntryKind.CONTAINED, EntryKind.RELEASED], InstanceStatus.RELEASED),
        ([EntryKind.CONTAINED, EntryKind.RELEASED, EntryKind.CONTAINED], InstanceStatus.CONTAINED),
    ],
)
def test_an_instance_stands_as_it_was_left_last(whats, standing):
    entries = [entry(what, number + 1, INSTANCE) for number, what in enumerate(whats)]
    assert case_from_entries(CASE, [FIRST, *entries]).instances == {INSTANCE: standing}


def test_what_aws_did_itself_is_kept_from_its_own_words_only():
    acted = notice(NoticeKind.ACTION_TAKEN, 26, measures=("outbound port 22 was blocked",))
    forged = notice(NoticeKind.ACTION_TAKEN, 27, proven=False, measures=("your account was closed",))
    assert case_from_entries(CASE, [FIRST, acted, acted, forged]).measures == ("outbound port 22 was blocked",)


def test_what_is_still_to_be_done():
    entries = [
        FIRST,
        entry(EntryKind.ASKED, 1, INSTANCE),
        entry(EntryKind.NOT_CONTAINED, 1, OTHER),
    ]
    assert open_tasks(case_from_entries(CASE, entries)) == [
        "answer",
        f"decide {INSTANCE}",
        f"contain {OTHER}",
        "acknowledge",
    ]
    entries += [entry(EntryKind.ACKNOWLEDGED, 2, who=ADA), entry(EntryKind.DECLINED, 2, INSTANCE, who=ADA)]
    entries += [entry(EntryKind.CONTAINED, 3, OTHER), entry(EntryKind.ANSWERED, 4, who=ADA)]
    assert open_tasks(case_from_entries(CASE, entries)) == []
    assert open_tasks(case_from_entries(CASE, [FIRST, RESOLVED])) == []


NOTICES = st.builds(
    notice,
    st.sampled_from([NoticeKind.FIRST_NOTICE, NoticeKind.FOLLOW_UP, NoticeKind.ACTION_TAKEN, NoticeKind.RESOLVED]),
    st.integers(0, 90),
    proven=st.booleans(),
    desk=st.booleans(),
    came=st.none() | st.integers(0, 100),
)
OTHERS = st.builds(
    entry,
    st.sampled_from([what for what in EntryKind if what is not EntryKind.NOTICE]),
    st.integers(0, 100),
    st.just(INSTANCE),
)


@given(st.lists(NOTICES, min_size=1, max_size=5), st.lists(OTHERS, max_size=6), st.randoms())
def test_order_and_doubles_mean_nothing(notices, others, random):
    entries = notices + others
    again = entries + random.sample(entries, random.randint(0, len(entries)))
    random.shuffle(again)
    first, second = case_from_entries(CASE, entries), case_from_entries(CASE, again)

    def but_its_length(case: Case):
        return (case.state, case.deadline, case.instances, case.measures, case.proven, case.opened_at)

    assert but_its_length(first) == but_its_length(second)
    assert open_tasks(first) == open_tasks(second)
    if not any(NoticeDetails.from_json(one.details).proven for one in notices):
        assert first.state is not CaseState.RESOLVED


def for_stranger(what, at, about=INSTANCE):
    return replace(entry(what, at, about), details={STRANGER: True})


@pytest.mark.parametrize("before", [EntryKind.CONTAINED, EntryKind.ASKED, EntryKind.DECLINED, EntryKind.BROKEN])
@pytest.mark.parametrize("after", [EntryKind.ASKED, EntryKind.LEFT_ALONE, EntryKind.DECLINED])
def test_a_strangers_mail_changes_nothing_of_a_proven_case(before, after):
    proven = case_from_entries(CASE, [FIRST, entry(before, 1, INSTANCE)])
    forged = notice(NoticeKind.FOLLOW_UP, 2, proven=False, within=2000)
    attacked = case_from_entries(
        CASE, [FIRST, entry(before, 1, INSTANCE), forged, for_stranger(after, 2), for_stranger(after, 3, OTHER)]
    )
    for name in ("state", "proven", "deadline", "instances", "measures", "acknowledged", "answered"):
        assert getattr(attacked, name) == getattr(proven, name), name
    assert open_tasks(attacked) == open_tasks(proven)


def test_without_a_proven_notice_the_first_one_counts_and_later_strangers_change_nothing():
    entries = [notice(proven=False), for_stranger(EntryKind.ASKED, 0), entry(EntryKind.ANSWERED, 1, who=ADA)]
    later = [notice(NoticeKind.FOLLOW_UP, 2, proven=False, within=1), notice(sent=-50, came=3, proven=False)]
    case = case_from_entries(CASE, entries + later)
    assert (case.state, case.deadline.at, case.proven) == (CaseState.ANSWERED, hours(24), False)
    assert case.instances == {INSTANCE: InstanceStatus.ASKED}


@pytest.mark.parametrize(
    ("entries", "waiting"),
    [
        ([], ()),
        ([entry(EntryKind.ASKED, 1, INSTANCE)], ()),  # AWS's own notice asks: that question has its own execution
        ([for_stranger(EntryKind.ASKED, 1)], (INSTANCE,)),
        ([for_stranger(EntryKind.ASKED, 1), for_stranger(EntryKind.ASKED, 2, OTHER)], (INSTANCE, OTHER)),
        ([for_stranger(EntryKind.ASKED, 1), entry(EntryKind.DECLINED, 2, INSTANCE, who=ADA)], ()),
        ([for_stranger(EntryKind.ASKED, 1), for_stranger(EntryKind.DECLINED, 2)], ()),
        ([for_stranger(EntryKind.ASKED, 1), entry(EntryKind.APPROVED, 2, INSTANCE, who=ADA)], ()),
        ([entry(EntryKind.CONTAINED, 1, INSTANCE), for_stranger(EntryKind.ASKED, 2)], ()),
        ([entry(EntryKind.CONTAINED, 1, INSTANCE), entry(EntryKind.BROKEN, 2, INSTANCE)], ()),
        (
            [
                entry(EntryKind.CONTAINED, 1, INSTANCE),
                entry(EntryKind.RELEASED, 2, INSTANCE),
                for_stranger(EntryKind.ASKED, 3),
            ],
            (INSTANCE,),
        ),
        ([for_stranger(EntryKind.ASKED, 1), for_stranger(EntryKind.LEFT_ALONE, 2)], (INSTANCE,)),
    ],
)
@pytest.mark.parametrize("first", [FIRST, notice(proven=False)])
def test_which_questions_of_strangers_wait(first, entries, waiting):
    assert case_from_entries(CASE, [first, *entries]).unproven_questions == waiting

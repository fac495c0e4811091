"""How a case stands follows from its timeline alone, whatever the order in which entries came in."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.case import CaseFile, NoticeFacts, Standing, State, case_file, missing
from lambdas.domain.case.identity import Deadline
from lambdas.domain.case.timeline import AWS, RESPONDER, Entry, What
from lambdas.domain.intake.notice import Kind
from tests.samples import CASE, INSTANCE, SENT

OTHER = "i-0b57a4de7b57a4de7"
ADA = "arn:aws:iam::552071934480:user/ada"


def hours(count):
    return SENT + timedelta(hours=count)


def notice(kind=Kind.FIRST_NOTICE, sent=0.0, *, proven=True, came=None, within=24, measures=()):
    """AWS writes, so many hours after the first notice; `came` is when it reached us, if not at once."""
    facts = NoticeFacts(kind, proven, hours(sent), Deadline(hours(sent + within), stated=True), measures, "s3://mail")
    return Entry(hours(sent if came is None else came), What.NOTICE, AWS, "a notice", facts=facts.to_json())


def entry(what, at, about="", who=RESPONDER):
    return Entry(hours(at), what, who, "words", about)


FIRST, FOLLOW_UP = notice(), notice(Kind.FOLLOW_UP, 20)
RESOLVED = notice(Kind.RESOLVED, 30)
ANSWERED = entry(What.ANSWERED, 10, who=ADA)


@pytest.mark.parametrize(
    ("entries", "state", "due"),
    [
        ([FIRST], State.OPEN, hours(24)),
        ([FIRST, FOLLOW_UP], State.OPEN, hours(44)),
        ([FIRST, ANSWERED], State.ANSWERED, hours(24)),
        ([FIRST, ANSWERED, FOLLOW_UP], State.OPEN, hours(44)),  # AWS asks again
        ([FIRST, FOLLOW_UP, entry(What.ANSWERED, 21, who=ADA)], State.ANSWERED, hours(44)),
        ([FIRST, RESOLVED], State.RESOLVED, None),
        ([FIRST, RESOLVED, notice(Kind.FIRST_NOTICE, 40)], State.OPEN, hours(64)),  # and it begins anew
        ([FIRST, RESOLVED, notice(Kind.FOLLOW_UP, 20, came=31)], State.RESOLVED, None),  # an older one, come in late
        ([FIRST, notice(Kind.RESOLVED, 5, proven=False)], State.OPEN, hours(24)),  # anybody can write that
        ([notice(proven=False)], State.OPEN, hours(24)),
        ([FIRST, notice(Kind.FOLLOW_UP, 2, proven=False, within=1)], State.OPEN, hours(24)),
        ([notice(proven=False), notice(Kind.FOLLOW_UP, 3)], State.OPEN, hours(27)),
        ([FIRST, entry(What.CLOSED, 11, who=ADA)], State.CLOSED, hours(24)),
        ([FIRST, entry(What.CLOSED, 11, who=ADA), FOLLOW_UP], State.OPEN, hours(44)),
        ([RESOLVED], State.RESOLVED, None),
        ([FIRST, notice(Kind.RESOLVED, 0)], State.OPEN, hours(24)),  # at one moment: the clock must rather run
    ],
)
def test_state_and_deadline(entries, state, due):
    for order in permutations(entries):
        case = case_file(CASE, order)
        assert (case.state, case.deadline.at if case.deadline else None) == (state, due)
        assert case.is_running is (state is State.OPEN)


@pytest.mark.parametrize(
    ("whats", "standing"),
    [
        ([What.CONTAINED], Standing.CONTAINED),
        ([What.NOT_CONTAINED], Standing.NOT_CONTAINED),
        ([What.NOT_CONTAINED, What.CONTAINED], Standing.CONTAINED),
        ([What.CONTAINED, What.LEFT_ALONE], Standing.CONTAINED),  # a replay is told, and nothing is new
        ([What.LEFT_ALONE], Standing.LEFT_ALONE),
        ([What.ASKED], Standing.ASKED),
        ([What.ASKED, What.APPROVED, What.CONTAINED], Standing.CONTAINED),
        ([What.ASKED, What.DECLINED], Standing.DECLINED),
        ([What.ASKED, What.UNDECIDED], Standing.UNDECIDED),
        ([What.CONTAINED, What.BROKEN], Standing.BROKEN),
        ([What.CONTAINED, What.RELEASED], Standing.RELEASED),
        ([What.CONTAINED, What.RELEASED, What.CONTAINED], Standing.CONTAINED),
    ],
)
def test_an_instance_stands_as_it_was_left_last(whats, standing):
    entries = [entry(what, number + 1, INSTANCE) for number, what in enumerate(whats)]
    assert case_file(CASE, [FIRST, *entries]).instances == {INSTANCE: standing}


def test_what_aws_did_itself_is_kept_from_its_own_words_only():
    acted = notice(Kind.ACTION_TAKEN, 26, measures=("outbound port 22 was blocked",))
    forged = notice(Kind.ACTION_TAKEN, 27, proven=False, measures=("your account was closed",))
    assert case_file(CASE, [FIRST, acted, acted, forged]).measures == ("outbound port 22 was blocked",)


def test_what_is_still_to_be_done():
    entries = [
        FIRST,
        entry(What.ASKED, 1, INSTANCE),
        entry(What.NOT_CONTAINED, 1, OTHER),
    ]
    assert missing(case_file(CASE, entries)) == ["answer", f"decide {INSTANCE}", f"contain {OTHER}", "acknowledge"]
    entries += [entry(What.ACKNOWLEDGED, 2, who=ADA), entry(What.DECLINED, 2, INSTANCE, who=ADA)]
    entries += [entry(What.CONTAINED, 3, OTHER), entry(What.ANSWERED, 4, who=ADA)]
    assert missing(case_file(CASE, entries)) == []
    assert missing(case_file(CASE, [FIRST, RESOLVED])) == []


NOTICES = st.builds(
    notice,
    st.sampled_from([Kind.FIRST_NOTICE, Kind.FOLLOW_UP, Kind.ACTION_TAKEN, Kind.RESOLVED]),
    st.integers(0, 90),
    proven=st.booleans(),
    came=st.none() | st.integers(0, 100),
)
OTHERS = st.builds(
    entry, st.sampled_from([what for what in What if what is not What.NOTICE]), st.integers(0, 100), st.just(INSTANCE)
)


@given(st.lists(NOTICES, min_size=1, max_size=5), st.lists(OTHERS, max_size=6), st.randoms())
def test_order_and_doubles_mean_nothing(notices, others, random):
    entries = notices + others
    again = entries + random.sample(entries, random.randint(0, len(entries)))
    random.shuffle(again)
    first, second = case_file(CASE, entries), case_file(CASE, again)

    def but_its_length(case: CaseFile):
        return (case.state, case.deadline, case.instances, case.measures, case.proven, case.opened_at)

    assert but_its_length(first) == but_its_length(second)
    assert missing(first) == missing(second)
    if not any(NoticeFacts.from_json(one.facts).proven for one in notices):
        assert first.state is not State.RESOLVED

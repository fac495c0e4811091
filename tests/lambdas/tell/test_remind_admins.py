"""A moment of the clock as the state machine asks for it: told once, to whom it concerns, and noted."""

import pytest
from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.domain.case.clock import ReminderKind, ScheduledReminder
from lambdas.domain.case.timeline import RESPONDER, EntryKind, TimelineEntry
from lambdas.timeline import add_entry, load_case
from tests.domain.case.test_case import ADA, ANSWERED, hours, notice
from tests.samples import ACCOUNT, CASE

CLOCK = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:clock"
SIX = ScheduledReminder(hours(18), ReminderKind.REMINDER, sms=False)
TWO = ScheduledReminder(hours(22), ReminderKind.REMINDER, sms=True)
OVERDUE = ScheduledReminder(hours(24), ReminderKind.OVERDUE, sms=True)
UNACKNOWLEDGED = ScheduledReminder(hours(1), ReminderKind.UNACKNOWLEDGED, sms=True)


@pytest.fixture
def remind(table, admins, call):  # noqa: ARG001  the case table and the topic must be there
    """Let the clock of the case strike."""
    add_entry(CASE, notice(), entry_id="notice#mail/1")

    def step(moment, name="one", case=CASE):
        return call(
            "tell",
            "Remind admins",
            execution=f"{CLOCK}:{name}",
            case=case,
            deadline=hours(24).isoformat(),
            moment=moment.to_json(),
        )

    return step


def acknowledge(admin="ada@example.com"):
    add_entry(
        CASE, TimelineEntry(hours(2), EntryKind.ACKNOWLEDGED, ADA, "", details={"admin": admin}), entry_id="act#one"
    )


@pytest.fixture
def published(moto, calls):
    """To whom each message was published, by channel."""
    made = calls(moto("sns"), "Publish")

    def get():
        attributes = [one["MessageAttributes"] for one in made]
        return [(one["channel"]["StringValue"], one["to"]["StringValue"]) for one in attributes]

    return get


@pytest.mark.parametrize(
    ("moment", "beginning", "sms"),
    [
        (SIX, "ACTION: ", 0),
        (TWO, "URGENT: ", 1),
        (OVERDUE, "URGENT: OVERDUE", 1),
        (UNACKNOWLEDGED, "URGENT: nobody is on it yet", 1),
    ],
)
def test_it_is_told_and_noted(remind, admins, moment, beginning, sms):
    assert remind(moment)["ends"] is False
    (mail,) = admins("email")
    assert mail.subject.startswith(beginning)
    assert len(admins("sms")) == sms
    entry = load_case(CASE).timeline[-1]
    assert (entry.kind, entry.actor) == (EntryKind(moment.kind.value), RESPONDER)
    assert entry.words == ("told all admins, also by SMS" if sms else "told all admins")
    assert entry.details == {
        "to": "all",
        "sms": bool(sms),
        "missing": ["answer", "acknowledge"],
        "deadline": hours(24).isoformat(),
    }


def test_the_one_who_is_on_it_hears_alone(remind, published):
    acknowledge()
    remind(TWO)
    assert published() == [("email", "ada@example.com"), ("sms", "ada@example.com")]
    assert load_case(CASE).timeline[-1].words == "told ada@example.com, also by SMS"


def test_one_who_is_no_admin_any_more_does_not_hear_alone(remind, published):
    """The settings have changed since: a message to an address that nobody has subscribed would reach nobody."""
    acknowledge("eve@example.com")
    remind(SIX)
    assert published() == [("email", "all")]


def test_who_is_on_it_is_not_looked_for(remind, admins):
    acknowledge()
    assert remind(UNACKNOWLEDGED) == {"outcome": "skipped", "words": "an admin is on it", "ends": False}
    assert admins("email") == []


def test_a_clock_that_has_stopped_says_why_and_nothing_else(remind, admins):
    add_entry(CASE, ANSWERED, entry_id="act#one")
    before = case_table.read_items(CASE)
    assert remind(TWO) == {"outcome": "skipped", "words": "an admin has answered AWS", "ends": True}
    assert admins("email") == []
    assert case_table.read_items(CASE) == before


def test_a_case_that_is_not_there_ends_it(remind):
    assert remind(TWO, case="1") == {"outcome": "skipped", "words": "the case table holds no such case", "ends": True}


@pytest.mark.parametrize("name", ["one", "two"])
def test_a_moment_is_told_once_whoever_asks(remind, admins, name):
    remind(SIX)
    assert len(admins("email")) == 1
    again = remind(SIX, name)
    assert (again["outcome"], again["ends"]) == ("skipped", False)
    assert admins("email") == []


def test_what_could_not_be_told_is_told_by_the_next_try(moto, remind, admins, refuse):
    again = refuse(moto("sns"), "Publish", "KMSAccessDenied")
    with pytest.raises(ClientError, match="KMSAccessDenied"):
        remind(SIX)
    assert load_case(CASE).timeline[-1].kind is EntryKind.NOTICE
    again()
    assert remind(SIX)["outcome"] == "done"
    assert len(admins("email")) == 1


def test_an_unproven_case_sends_no_sms(table, admins, call):  # noqa: ARG001  the case table must be there
    add_entry("1", notice(proven=False), entry_id="notice#mail/1")
    call(
        "tell",
        "Remind admins",
        execution=CLOCK,
        case="1",
        deadline=hours(24).isoformat(),
        moment=OVERDUE.to_json(),
    )
    assert admins("sms") == []
    assert "A mail that is not proven to be from AWS" in admins("email")[0].text

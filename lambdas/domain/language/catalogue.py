"""Every kind of message, in one language."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from lambdas.domain.language import en, ja
from lambdas.domain.language.language import Language
from lambdas.domain.messages.alerts import first_alert, relay
from lambdas.domain.messages.quarantine_check import quarantine_alarm, snapshots_alarm
from lambdas.domain.messages.release import release_report
from lambdas.domain.messages.reminders import (
    acknowledged,
    answered,
    approved,
    closed,
    declined,
    not_begun,
    overdue,
    reminder,
    unacknowledged,
    undecided,
)
from lambdas.domain.messages.report import report
from lambdas.domain.messages.roster import roster_report
from lambdas.domain.phrase import Said, several


class Voice(Language):
    """A language with the messages as its methods: `CATALOGUE["en"].first_alert(matter, text)`."""

    first_alert = first_alert
    relay = relay
    report = report
    quarantine_alarm = quarantine_alarm
    snapshots_alarm = snapshots_alarm
    release_report = release_report
    reminder = reminder
    overdue = overdue
    unacknowledged = unacknowledged
    acknowledged = acknowledged
    approved = approved
    declined = declined
    undecided = undecided
    not_begun = not_begun
    answered = answered
    closed = closed
    roster_report = roster_report

    def at(self, time_zone: str) -> "Voice":
        """The same for those who live in this time zone, by its IANA name."""
        return replace(self, zone=ZoneInfo(time_zone))


CATALOGUE: Final[Mapping[str, Voice]] = {
    "en": Voice(en.WORDS, en.PAGE, en.SAID, ascii_subject=True),
    "ja": Voice(ja.WORDS, ja.PAGE, ja.SAID, ascii_subject=False),
}


def in_english(*parts: Said | None) -> str:
    """What logs, the console of Step Functions, the timeline, the event bus and the desk have: one language for all."""
    return CATALOGUE["en"].in_words(several(*parts))

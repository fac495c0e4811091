"""The messages in English."""

from lambdas.domain.messages.en.alerts import first_alert, relay
from lambdas.domain.messages.en.page import PAGE
from lambdas.domain.messages.en.release import release_report
from lambdas.domain.messages.en.reminders import acknowledged, answered, closed, overdue, reminder, unacknowledged
from lambdas.domain.messages.en.report import report
from lambdas.domain.messages.en.watch import quarantine_alarm, snapshots_alarm
from lambdas.domain.messages.en.words import ABUSE

__all__ = [
    "ABUSE",
    "PAGE",
    "acknowledged",
    "answered",
    "closed",
    "first_alert",
    "overdue",
    "quarantine_alarm",
    "relay",
    "release_report",
    "reminder",
    "report",
    "snapshots_alarm",
    "unacknowledged",
]

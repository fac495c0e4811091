"""The messages in English."""

from lambdas.domain.messages.en.alerts import first_alert, relay
from lambdas.domain.messages.en.release import release_report
from lambdas.domain.messages.en.report import report
from lambdas.domain.messages.en.watch import quarantine_alarm, snapshots_alarm
from lambdas.domain.messages.en.words import ABUSE

__all__ = ["ABUSE", "first_alert", "quarantine_alarm", "relay", "release_report", "report", "snapshots_alarm"]

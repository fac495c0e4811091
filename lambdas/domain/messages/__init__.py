"""The messages to the admins, each in the reader's language and time zone."""

from lambdas.domain.messages.message import CaseNotice, CaseUpdate, Message
from lambdas.domain.messages.roster import RosterReport

__all__ = ["CaseNotice", "CaseUpdate", "Message", "RosterReport"]

"""What the admins are told, in the language and the time zone of each; the rest of the house knows only these names."""

from lambdas.domain.messages.message import CaseNotice, CaseUpdate, Message
from lambdas.domain.messages.roster import RosterReport

__all__ = ["CaseNotice", "CaseUpdate", "Message", "RosterReport"]

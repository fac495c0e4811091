"""What the admins are told, in the language and the time zone of each; the rest of the house knows only these names."""

from lambdas.domain.messages.message import Matter, Message, Update
from lambdas.domain.messages.roster import Roster
from lambdas.domain.messages.voice import CATALOGUE, Voice, in_english

__all__ = ["CATALOGUE", "Matter", "Message", "Roster", "Update", "Voice", "in_english"]

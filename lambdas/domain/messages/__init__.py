"""What the admins are told, in the language and the time zone of each; the rest of the house knows only these names."""

from lambdas.domain.language.catalogue import CATALOGUE, Voice, in_english
from lambdas.domain.messages.message import Matter, Message, Update
from lambdas.domain.messages.roster import Roster

__all__ = ["CATALOGUE", "Matter", "Message", "Roster", "Update", "Voice", "in_english"]

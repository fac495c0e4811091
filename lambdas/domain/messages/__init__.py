"""What the admins are told. One module a language; the rest of the house knows only these names."""

from lambdas.domain.messages import en
from lambdas.domain.messages.message import Matter, Message, Update

CATALOGUE = {"en": en}

__all__ = ["CATALOGUE", "Matter", "Message", "Update"]

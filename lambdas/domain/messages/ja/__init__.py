"""The words in Japanese."""

from lambdas.domain.messages.ja.page import PAGE
from lambdas.domain.messages.ja.said import SAID
from lambdas.domain.messages.ja.words import WORDS

__all__ = ["PAGE", "SAID", "WORDS"]

"""The words in English."""

from lambdas.domain.messages.en.page import PAGE
from lambdas.domain.messages.en.said import SAID
from lambdas.domain.messages.en.words import ABUSE, WORDS

__all__ = ["ABUSE", "PAGE", "SAID", "WORDS"]

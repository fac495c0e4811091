"""The words in English."""

from lambdas.domain.language.en.messages import ABUSE, WORDS
from lambdas.domain.language.en.page import PAGE
from lambdas.domain.language.en.phrases import SAID

__all__ = ["ABUSE", "PAGE", "SAID", "WORDS"]

"""The words in English."""

from lambdas.domain.language.en.messages import ABUSE, MESSAGES
from lambdas.domain.language.en.page import PAGE
from lambdas.domain.language.en.phrases import PHRASES

__all__ = ["ABUSE", "MESSAGES", "PAGE", "PHRASES"]

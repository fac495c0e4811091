"""The words in Japanese."""

from lambdas.domain.language.ja.messages import MESSAGES
from lambdas.domain.language.ja.page import PAGE
from lambdas.domain.language.ja.phrases import PHRASES

__all__ = ["MESSAGES", "PAGE", "PHRASES"]

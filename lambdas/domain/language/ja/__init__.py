"""The words in Japanese."""

from lambdas.domain.language.ja.messages import WORDS
from lambdas.domain.language.ja.page import PAGE
from lambdas.domain.language.ja.phrases import SAID

__all__ = ["PAGE", "SAID", "WORDS"]

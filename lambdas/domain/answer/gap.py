"""The gaps in a draft of the answer to AWS, which an admin must fill before it is sent."""

import re
from typing import Final

GAP: Final = re.compile(r"\[\[ [^\[\]\n]{1,200} \]\]")


def gap(what: str) -> str:
    """A gap for what only an admin knows."""
    return f"[[ {what} ]]"

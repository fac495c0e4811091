"""The gaps in a draft of the answer to AWS. An admin fills them before sending it."""

import re
from typing import Final

GAP: Final = re.compile(r"\[\[ [^\[\]\n]{1,200} \]\]")


def gap(description: str) -> str:
    """A gap for something that only an admin knows."""
    return f"[[ {description} ]]"

"""Send first alert: what is claimed, before anything is changed."""

from typing import Any

from lambdas.tell.admins import tell
from lambdas.tell.matter import matter_from


def send_first_alert(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins what the notice says and by when AWS wants an answer."""
    matter = matter_from(event)
    return tell(lambda language: language.first_alert(matter))

"""Ask admins: keep the token with which the desk hands in their answer; the state waits for that."""

from typing import Any

from lambdas.read.questions import keep_question


def ask_admins(event: dict[str, Any]) -> None:
    """Keep the `token` of the newest question about `instance_id`. The report has asked already, with the commands."""
    keep_question(event["case"], event["instance_id"], event["execution"], event["token"])

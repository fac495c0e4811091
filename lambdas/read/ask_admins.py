"""Ask admins: save the token with which the desk delivers the decision. The state waits for it."""

from typing import Any

from lambdas.read.questions import keep_question


def ask_admins(event: dict[str, Any]) -> None:
    """Save the `token` of the newest question about `instance_id`. The report has asked already, with the commands."""
    keep_question(event["case"], event["instance_id"], event["execution"], event["token"])

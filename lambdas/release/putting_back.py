"""One part of a release: plan it anew, put back what is outstanding, and read back that it is."""

from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.before import Before
from lambdas.domain.errors import NotPutBack
from lambdas.domain.instance import Instance
from lambdas.domain.load_balancing import Registrations
from lambdas.domain.release import Action, Call, Part, obstacle, outstanding, plan
from lambdas.now import read_now


def put_back(event: dict[str, Any], part: Part) -> dict[str, Any]:
    """What EC2 refuses of one thing holds up no other; raises NotPutBack, after all were tried, for what is left.

    It is planned anew, not taken from the first plan: so a retry finds what is done, and a change of somebody else
    between the two is not run over.
    """
    instance = Before.from_json(event["before"]).instance
    planned = planned_now(event, part)
    to_do = outstanding(planned)
    refused = [words for one in to_do if one.call and (words := _refusal(instance, one.what, one.call))]
    left = outstanding(planned_now(event, part)) if to_do else []
    if refused or left:
        raise NotPutBack("; ".join((*refused, *(f"{one.what} is still {one.now}" for one in left))))
    if not to_do:
        words = "; ".join(f"{one.what}: {one.reason}" for one in planned if one.reason)
        return {"outcome": "skipped", "words": words or "it stands as before"}
    return {"outcome": "done", "words": "; ".join(f"{one.what}: {one.before}" for one in to_do)}


def planned_now(event: dict[str, Any], *parts: Part) -> list[Action]:
    """The plan of these parts as they stand at this moment. Raises NotPutBack where one cannot be read."""
    before, case = Before.from_json(event["before"]), event["case"]["id"]
    registrations = Registrations.from_json(event["targets"]) if event["targets"] else None
    now = read_now(case, before, registrations, parts)
    if now.unread:
        raise NotPutBack(f"it cannot be read: {'; '.join(now.unread.values())}")
    actions = plan(before, registrations, now, case=case, force=event["force"])
    return [action for action in actions if action.part in parts or obstacle(now)]


def _refusal(instance: Instance, what: str, call: Call) -> str:
    """Put one thing back; returns AWS's words where it refuses."""
    service = client(call.service, instance.region, instance.account_id)
    try:
        getattr(service, call.operation)(**call.parameters)
    except ClientError as error:
        return f"{what} was not put back: {error}"
    return ""

"""One part of a release: plan it again, put back what differs, and read it back."""

from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.current_state import read_current_state
from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.containment.load_balancing import Registrations
from lambdas.domain.errors import NotPutBack
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, combined, phrase, verbatim
from lambdas.domain.release import AwsCall, ReleaseAction, ReleasePart, outstanding, release_actions, release_blocked_by
from lambdas.step_result import done, skipped, step_error


def put_back(event: dict[str, Any], part: ReleasePart) -> dict[str, Any]:
    """Put back everything in a part. Raises NotPutBack, after all was tried, for what is still different.

    It is planned again, so a retry sees what is done, and a change made since the first plan is not overwritten.
    """
    instance = BeforeState.from_json(event["before"]).instance
    planned = plan_parts(event, part)
    to_do = outstanding(planned)
    refused = [why for action in to_do if action.call and (why := _refused(instance, action.what, action.call))]
    left = outstanding(plan_parts(event, part)) if to_do else []
    if refused or left:
        raise step_error(NotPutBack, *refused, *map(still_different, left))
    if not to_do:
        reasons = [
            phrase("release:because", what=action.what, why=action.reason) for action in planned if action.reason
        ]
        return skipped(*(reasons or [phrase("release:as_before")]))
    return done(phrase("release:put_back", what=[action.what for action in to_do]))


def still_different(action: ReleaseAction) -> Phrase:
    """Say that it is still not as before."""
    return phrase("release:still", what=action.what, now=combined(action.now))


def plan_parts(event: dict[str, Any], *parts: ReleasePart) -> list[ReleaseAction]:
    """The plan of these parts as they stand at this moment. Raises NotPutBack where one cannot be read."""
    before, case = BeforeState.from_json(event["before"]), event["case"]["id"]
    registrations = Registrations.from_json(event["targets"]) if event["targets"] else None
    now = read_current_state(case, before, registrations, parts)
    if now.unread:
        raise step_error(NotPutBack, phrase("release:unread", why=combined(*dict.fromkeys(now.unread.values()))))
    actions = release_actions(before, registrations, now, case=case, force=event["force"])
    return [action for action in actions if action.part in parts or release_blocked_by(now)]


def _refused(instance: Instance, what: Phrase, call: AwsCall) -> Phrase | None:
    """Put one thing back; returns AWS's words where it refuses."""
    service = client(call.service, instance.region, instance.account_id)
    try:
        getattr(service, call.operation)(**call.parameters)
    except ClientError as error:
        return phrase("release:refused", what=what, why=verbatim(str(error)))
    return None

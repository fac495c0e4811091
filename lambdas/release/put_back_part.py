"""One part of a release: plan it anew, put back what is outstanding, and read back that it is."""

from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.current_state import read_now
from lambdas.domain.containment.before_state import Before
from lambdas.domain.containment.load_balancing import Registrations
from lambdas.domain.errors import NotPutBack
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Said, quoted, said, several
from lambdas.domain.release import Action, Call, Part, obstacle, outstanding, plan
from lambdas.step_result import done, refusal, skipped


def put_back(event: dict[str, Any], part: Part) -> dict[str, Any]:
    """What EC2 refuses of one thing holds up no other; raises NotPutBack, after all were tried, for what is left.

    It is planned anew, not taken from the first plan: so a retry finds what is done, and a change of somebody else
    between the two is not run over.
    """
    instance = Before.from_json(event["before"]).instance
    planned = planned_now(event, part)
    to_do = outstanding(planned)
    refused = [why for one in to_do if one.call and (why := _refused(instance, one.what, one.call))]
    left = outstanding(planned_now(event, part)) if to_do else []
    if refused or left:
        raise refusal(NotPutBack, *refused, *map(still, left))
    if not to_do:
        reasons = [said("release:because", what=one.what, why=one.reason) for one in planned if one.reason]
        return skipped(*(reasons or [said("release:as_before")]))
    return done(said("release:put_back", what=[one.what for one in to_do]))


def still(action: Action) -> Said:
    """That it stands as it does, and not as before."""
    return said("release:still", what=action.what, now=several(action.now))


def planned_now(event: dict[str, Any], *parts: Part) -> list[Action]:
    """The plan of these parts as they stand at this moment. Raises NotPutBack where one cannot be read."""
    before, case = Before.from_json(event["before"]), event["case"]["id"]
    registrations = Registrations.from_json(event["targets"]) if event["targets"] else None
    now = read_now(case, before, registrations, parts)
    if now.unread:
        raise refusal(NotPutBack, said("release:unread", why=several(*dict.fromkeys(now.unread.values()))))
    actions = plan(before, registrations, now, case=case, force=event["force"])
    return [action for action in actions if action.part in parts or obstacle(now)]


def _refused(instance: Instance, what: Said, call: Call) -> Said | None:
    """Put one thing back; returns AWS's words where it refuses."""
    service = client(call.service, instance.region, instance.account_id)
    try:
        getattr(service, call.operation)(**call.parameters)
    except ClientError as error:
        return said("release:refused", what=what, why=quoted(str(error)))
    return None

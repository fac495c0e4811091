"""Check quarantine: whether an instance that was contained still is, some time later. It changes nothing."""

from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas import case_table
from lambdas.aws import client
from lambdas.contain.interfaces import read_interfaces
from lambdas.contain.quarantine_group import read_quarantine_groups
from lambdas.domain.case.table_keys import WATCH_PREFIX
from lambdas.domain.containment.quarantine_check import (
    QuarantineCheck,
    QuarantineStatus,
    changes_from,
    check_interfaces,
    released_since,
)
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.step_result import step_result

_OUTCOMES = {
    QuarantineStatus.HOLDS: "done",
    QuarantineStatus.BROKEN: "failed",
}  # else there is nothing to watch any more
_MOST_SUSPECTS = 5  # LookupEvents takes one name at a time, and answers two calls a second


def check_quarantine(event: dict[str, Any]) -> dict[str, Any]:
    """Look at the instance, and write down in the case what the look at this minute showed."""
    case, instance, contained_at = event["case"]["id"], Instance.from_json(event["instance"]), event["contained_at"]
    seen = released_since(case_table.read_items(case), instance.instance_id, contained_at) or check_interfaces(
        _state(instance), read_interfaces(instance), read_quarantine_groups(instance)
    )
    result = step_result(
        _OUTCOMES.get(seen.status, "skipped"),
        seen.phrase,
        status=seen.status,
        changes=[one.to_json() for one in _changes(instance, seen, datetime.fromisoformat(contained_at))],
        at=datetime.now(UTC).isoformat(),
    )
    case_table.write(
        case, f"{WATCH_PREFIX}{instance.instance_id}#{event['minute']:g}", {**result, "execution": event["execution"]}
    )
    return result


def _state(instance: Instance) -> str:
    """EC2's name of the instance's state, empty once EC2 shows it no more: about an hour after its end."""
    try:
        answer = client("ec2", instance.region, instance.account_id).describe_instances(
            InstanceIds=[instance.instance_id]
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidInstanceID.NotFound":
            raise
        return ""
    states = [one["State"]["Name"] for reservation in answer["Reservations"] for one in reservation["Instances"]]
    return str(states[0]) if states else ""


def _changes(instance: Instance, seen: QuarantineCheck, since: datetime) -> tuple[Phrase, ...]:
    """Who changed what stands against the quarantine, as far as CloudTrail says: the alarm does not wait for it."""
    if seen.status is not QuarantineStatus.BROKEN:
        return ()
    trail = client("cloudtrail", instance.region, instance.account_id)
    events: list[dict[str, Any]] = []
    try:
        for suspect in (instance.instance_id, *seen.suspects)[:_MOST_SUSPECTS]:
            events += trail.lookup_events(
                LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": suspect}], StartTime=since
            )["Events"]
    except (ClientError, BotoCoreError) as error:
        return (*changes_from(events, since), phrase("watch:no_trail", why=verbatim(str(error))))
    return changes_from(events, since) or (phrase("watch:not_yet"),)

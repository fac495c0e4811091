"""Check quarantine: whether a contained instance is still contained some time later. It changes nothing."""

from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas import case_table
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
from lambdas.instance_clients import client_for, reader_of
from lambdas.step_result import step_result
from lambdas.trail_reader import lookup_events

# With any other status there is nothing left to watch.
_OUTCOMES = {QuarantineStatus.HOLDS: "done", QuarantineStatus.BROKEN: "failed"}
_MOST_SUSPECTS = 5  # LookupEvents takes one name at a time, and answers two calls a second


def check_quarantine(event: dict[str, Any]) -> dict[str, Any]:
    """Read the instance, and save the result of this minute in the case."""
    case, instance, contained_at = event["case"]["id"], Instance.from_json(event["instance"]), event["contained_at"]
    released = released_since(case_table.read_items(case), instance.instance_id, contained_at)
    check = released or _check(instance)
    result = step_result(
        _OUTCOMES.get(check.status, "skipped"),
        check.phrase,
        status=check.status,
        changes=[change.to_json() for change in _changes(instance, check, datetime.fromisoformat(contained_at))],
        at=datetime.now(UTC).isoformat(),
    )
    case_table.write(
        case, f"{WATCH_PREFIX}{instance.instance_id}#{event['minute']:g}", {**result, "execution": event["execution"]}
    )
    return result


def _check(instance: Instance) -> QuarantineCheck:
    reader = reader_of(instance)
    current = reader.find_instance()
    return check_interfaces(current.state if current else "", reader.interfaces(), reader.quarantine_groups())


def _changes(instance: Instance, check: QuarantineCheck, since: datetime) -> tuple[Phrase, ...]:
    """Who broke the quarantine, as far as CloudTrail shows it yet: the alarm does not wait for it."""
    if check.status is not QuarantineStatus.BROKEN:
        return ()
    trail = client_for(instance, "cloudtrail")
    events: list[dict[str, Any]] = []
    try:
        for suspect in (instance.instance_id, *check.violating_ids)[:_MOST_SUSPECTS]:
            events += lookup_events(trail, "ResourceName", suspect, pages=1, since=since)[0]
    except (ClientError, BotoCoreError) as error:
        return (*changes_from(events, since), phrase("watch:no_trail", why=verbatim(str(error))))
    return changes_from(events, since) or (phrase("watch:not_yet"),)

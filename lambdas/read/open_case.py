"""Open case: join the notice to the case of its number, or open one."""

from typing import Any

from lambdas import casebook
from lambdas.domain.address import sought_in
from lambdas.domain.arrival import Arrival
from lambdas.domain.case import case_id, deadline, is_resolved
from lambdas.domain.notice import Kind, Notice, ProofKind


def open_case(event: dict[str, Any]) -> dict[str, Any]:
    """From `arrival` and `notice` to the case as the following states need it.

    `instances` are those to look at: what the notice names, else what the case's proven notices named before.
    `addresses` are to be looked for beside them, where the notice names no instance. `accounts` are those named.
    A mail that cannot prove its origin joins the case, but neither adds to that list nor resolves anything.
    """
    arrival = Arrival.from_json(event["arrival"])
    notice = Notice.from_facts(event["notice"])
    case, due = case_id(notice, arrival.key), deadline(notice, arrival.received_at)
    opened = casebook.write_once(case, "case", {"opened_by": arrival.key, "opened_at": arrival.received_at.isoformat()})
    casebook.write_once(
        case,
        f"notice#{arrival.key}",
        {"notice": event["notice"], "proof": event["proof"], "received_at": arrival.received_at.isoformat()},
    )
    proven = [
        Notice.from_facts(item["notice"])
        for sort, item in casebook.items(case).items()
        if sort.startswith("notice#") and item["proof"]["kind"] == ProofKind.AWS
    ]
    if arrival.is_health_event and notice.kind not in {Kind.NONE, Kind.RESOLVED}:
        for instance_id in notice.instance_ids:
            casebook.write_once(
                f"instance#{instance_id}", f"health#{arrival.key}", {"received_at": arrival.received_at.isoformat()}
            )
    known = [resource for earlier in proven for resource in earlier.resources]
    regions = {one.instance_id: one.region for one in (*known, *notice.resources) if one.region}
    named = dict.fromkeys(one.instance_id for one in notice.resources or known)
    accounts = notice.account_ids or [one for earlier in proven for one in earlier.account_ids]
    return {
        "id": case,
        "joined": opened["opened_by"] != arrival.key,
        "resolved": is_resolved(proven),
        "deadline": {"at": due.at.isoformat(), "stated": due.stated},
        "instances": [{"instance_id": one, "region": regions.get(one)} for one in named],
        "accounts": list(dict.fromkeys(accounts)),
        "addresses": [one.to_json() for one in sought_in(notice, proven)],
    }

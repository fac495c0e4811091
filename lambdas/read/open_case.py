"""Open case: join the notice to the case of its number, else to that of its instance, or open one."""

from typing import Any

from lambdas import case_table
from lambdas.domain.case.case import CaseState, NoticeDetails
from lambdas.domain.case.identity import (
    SAME_CASE_WITHIN,
    answer_deadline,
    case_id,
    case_resources,
    is_resolved,
    other_cases,
)
from lambdas.domain.case.table_keys import CASE, HEALTH_EVENT_PREFIX, INSTANCE_PREFIX, MAIL_PREFIX, NOTICE_PREFIX
from lambdas.domain.case.timeline import AWS, EntryKind, TimelineEntry
from lambdas.domain.instance.address import addresses_to_find
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import Notice, NoticeKind, Proof, ProofKind
from lambdas.domain.language.catalogue import in_english
from lambdas.read.clocks import clocks
from lambdas.timeline import add_entry, load_case


def open_case(event: dict[str, Any]) -> dict[str, Any]:
    """From `arrival` and `notice` to the case as the following states need it.

    `instances` are those to look at: what the notice names, else what the case's proven notices named before.
    `addresses` are to be looked for beside them, where the notice names no instance. `accounts` are those named.
    A mail that is not from AWS's abuse desk joins the case, but neither adds to that list nor resolves anything.
    `clocks` are to be started, of each case that it has joined.
    """
    arrival = Arrival.from_json(event["arrival"])
    notice, proof = Notice.from_json(event["notice"]), Proof.from_json(event["proof"])
    case = _case_of(notice, arrival)
    opened = _join(case, event, notice, proof)
    for other in other_cases(notice):
        _join(other, event, notice, proof)
    proven = [
        Notice.from_json(item["notice"])
        for sort, item in case_table.read_items(case).items()
        if sort.startswith(NOTICE_PREFIX) and Proof.from_json(item["proof"]).may_contain
    ]
    if arrival.is_health_event and notice.kind not in {NoticeKind.NONE, NoticeKind.RESOLVED}:
        item = {"received_at": arrival.received_at.isoformat()}
        for instance_id in notice.instance_ids:
            case_table.write_once(f"{INSTANCE_PREFIX}{instance_id}", f"{HEALTH_EVENT_PREFIX}{arrival.key}", item)
    known = [resource for earlier in proven for resource in earlier.resources]
    regions = {item.instance_id: item.region for item in (*known, *notice.resources) if item.region}
    named = dict.fromkeys(item.instance_id for item in notice.resources or known)
    accounts = notice.account_ids or [account_id for earlier in proven for account_id in earlier.account_ids]
    due = answer_deadline(notice, arrival.received_at)
    return {
        "id": case,
        "joined": opened["opened_by"] != arrival.key,
        "resolved": is_resolved(proven),
        "deadline": {"at": due.at.isoformat(), "stated": due.stated},
        "instances": [{"instance_id": name, "region": regions.get(name)} for name in named],
        "accounts": list(dict.fromkeys(accounts)),
        "addresses": [address.to_json() for address in addresses_to_find(notice, proven)],
        "clocks": list(clocks((case, *other_cases(notice)), arrival.received_at)),
    }


def _case_of(notice: Notice, arrival: Arrival) -> str:
    """The case that the mail belongs to; decided once, so that a second try does not decide otherwise."""
    case = case_id(notice, arrival.key)
    holders = [
        case_table.claim_resource(what, case, numbered=bool(notice.case_numbers), stale_after=SAME_CASE_WITHIN)
        for what in case_resources(notice)
    ]
    if not notice.case_numbers:
        case = next((holder for holder in holders if holder != case and _goes_on(holder, notice)), case)
    return str(case_table.write_once(f"{MAIL_PREFIX}{arrival.key}", CASE, {"case": case})["case"])


def _goes_on(case: str, notice: Notice) -> bool:
    """Whether a notice may still belong to a case: after its end, only what ends it too."""
    standing = load_case(case)
    return (
        not standing
        or standing.state not in {CaseState.RESOLVED, CaseState.CLOSED}
        or notice.kind is NoticeKind.RESOLVED
    )


def _join(case: str, event: dict[str, Any], notice: Notice, proof: Proof) -> dict[str, Any]:
    """Write the notice into a case, and the case where there is none; returns who opened it."""
    arrival = Arrival.from_json(event["arrival"])
    received = arrival.received_at.isoformat()
    opened = case_table.write_once(case, CASE, {"opened_by": arrival.key, "opened_at": received})
    kept = {"notice": event["notice"], "proof": event["proof"], "received_at": received}
    case_table.write_once(case, f"{NOTICE_PREFIX}{arrival.key}", kept)
    # An end that is not from AWS's abuse desk ends nothing.
    proven = proof.may_contain if notice.kind is NoticeKind.RESOLVED else proof.kind is ProofKind.AWS
    facts = NoticeDetails(
        kind=notice.kind,
        proven=proven,
        sent_at=notice.sent_at or arrival.received_at,
        deadline=answer_deadline(notice, arrival.received_at),
        measures=notice.measures,
        mail=f"s3://{arrival.bucket}/{arrival.key}",
    )
    who = AWS if proven else notice.sender
    entry = TimelineEntry(
        arrival.received_at,
        EntryKind.NOTICE,
        who,
        in_english(notice.reason),
        details=facts.to_json(),
        phrase=notice.reason,
    )
    add_entry(case, entry, entry_id=f"notice#{arrival.key}")
    return opened

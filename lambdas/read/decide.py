"""Decide: contain, ask or tell, for each instance that the notice names."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from lambdas import case_table
from lambdas.domain.case.table_keys import (
    CONTAINED,
    HEALTH_EVENT_PREFIX,
    INSTANCE_PREFIX,
    OUTCOME_PREFIX,
    RELEASED_PREFIX,
)
from lambdas.domain.containment.outcome import VERIFY
from lambdas.domain.instance.instance import FoundResource, found_resource_from
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import Notice, Proof
from lambdas.domain.policy import CORROBORATION_WINDOW, Circumstances, Decision, Verdict
from lambdas.domain.policy import decide as verdict_on
from lambdas.domain.settings.function_config import ReadConfig
from lambdas.load_config import load_config


def decide(event: dict[str, Any]) -> list[dict[str, Any]]:
    """From the search result to one `{"found": …, "decision": …}` for each instance."""
    notice = Notice.from_json(event["notice"])
    proof = Proof.from_json(event["proof"])
    case = event["case"]["id"]
    config = load_config(ReadConfig)
    items = case_table.read_items(case)
    general = Circumstances(
        account_id=event["account_id"],
        received_at=Arrival.from_json(event["arrival"]).received_at,
        mode=config.mode,
        method=config.method,
        members=config.member_accounts,
        protect_tag=config.protect_tag,
        contained_this_hour=0,
        max_per_hour=config.max_instances_per_hour,
        resolved=event["case"]["resolved"],
        forwarders_may_contain=config.forwarders_may_contain,
    )
    slots = case_table.slots_taken(CONTAINED)
    decisions = []
    for found in event["found"]["instances"] + event["found"]["missing"]:
        instance = found_resource_from(found)
        known = case_table.read_items(f"{INSTANCE_PREFIX}{instance.instance_id}")
        now = replace(
            general,
            # Decided again, after a crash or in a follow-up, an instance does not stand in its own way.
            contained_this_hour=len(slots - {_slot(case, instance)}),
            approved=instance.instance_id in event["approved"],
            unanswered=instance.instance_id in event["undecided_instances"],
            released=any(sort.startswith(RELEASED_PREFIX) for sort in known),
            already_handled=_handled(items, notice, instance.instance_id, event["arrival"]["key"]),
            corroborated=_corroborated(known, general.received_at),
        )
        decisions.append({"found": found, "decision": _under_the_cap(case, instance, notice, proof, now).to_json()})
    return decisions


def _under_the_cap(case: str, instance: FoundResource, notice: Notice, proof: Proof, now: Circumstances) -> Decision:
    """The verdict; `contain` also needs one of the hour's slots, so that two executions cannot both take the last."""
    decision = verdict_on(instance, notice, proof, now)
    if decision.verdict is not Verdict.CONTAIN or now.approved:
        return decision
    if case_table.take_slot(CONTAINED, _slot(case, instance), now.max_per_hour):
        return decision
    return verdict_on(instance, notice, proof, replace(now, contained_this_hour=now.max_per_hour))


def _slot(case: str, instance: FoundResource) -> str:
    return f"{case}/{instance.instance_id}"


def _handled(items: dict[str, dict[str, Any]], notice: Notice, instance_id: str, mail: str) -> bool:
    """Whether the same Message-ID, under another key, has led to the containment of this instance."""
    return bool(notice.message_id) and any(
        sort.startswith(OUTCOME_PREFIX)
        and sort.endswith(f"#{instance_id}")
        and item["message_id"] == notice.message_id
        and item["mail"] != mail
        and item["verdict"] == Verdict.CONTAIN
        and item["steps"].get(VERIFY, {}).get("at")  # else it was tried only, and the next try may do it
        for sort, item in items.items()
    )


def _corroborated(known: Mapping[str, Mapping[str, Any]], received_at: datetime) -> bool:
    """Whether an event of AWS Health is among what is `known` of the instance, within the time that a mail may differ.

    An event from before an admin released the instance no longer counts: the admin knew of it.
    """
    released = [datetime.fromisoformat(item["at"]) for sort, item in known.items() if sort.startswith(RELEASED_PREFIX)]
    events = [
        datetime.fromisoformat(item["received_at"])
        for sort, item in known.items()
        if sort.startswith(HEALTH_EVENT_PREFIX)
    ]
    return any(
        abs(received_at - moment) <= CORROBORATION_WINDOW and all(moment > release for release in released)
        for moment in events
    )

"""Record outcomes: what was decided and done goes into the case, so that a follow-up knows it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from lambdas import case_table
from lambdas.domain.case.question import decision_deadline
from lambdas.domain.case.table_keys import OUTCOME_PREFIX
from lambdas.domain.case.timeline import RESPONDER, EntryKind, TimelineEntry
from lambdas.domain.containment.outcome import Outcome
from lambdas.domain.intake.notice import Proof
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.phrase import combined, phrase
from lambdas.domain.policy import Verdict
from lambdas.domain.settings.function_config import ReadConfig
from lambdas.load_config import load_config
from lambdas.timeline import add_entry


def record_outcomes(event: dict[str, Any]) -> dict[str, Any]:
    """Write one item and one entry of the timeline for each instance; the same outcome again changes nothing.

    Returns the `questions` to the admins, one for each instance that waits for a decision.
    """
    case, mail = event["case"]["id"], event["arrival"]["key"]
    for data in event["outcomes"]:
        decision, outcome = data["decision"], Outcome.from_json(data)
        name = f"{OUTCOME_PREFIX}{mail}#{decision['instance_id']}"
        case_table.write(
            case,
            name,
            {
                **decision,
                "mail": mail,
                "arrival": event["arrival"],
                "message_id": event["notice"]["message_id"],
                "found": data["found"],
                "steps": data["steps"],
            },
        )
        # An approval answers the same mail again: what came of it is another thing that happened, also the same.
        run = event["execution"].rpartition(":")[2]
        add_entry(case, _entry(outcome), entry_id=f"{name}#{_what(outcome)}#{run}")
    return {"questions": list(_questions(event))}


def _questions(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    config = load_config(ReadConfig)
    for data in event["outcomes"]:
        if data["decision"]["verdict"] == Verdict.ASK:
            deadline = datetime.fromisoformat(event["case"]["deadline"]["at"])
            waits = decision_deadline(deadline, datetime.now(UTC), config.decide_hours)
            yield {
                "instance_id": data["decision"]["instance_id"],
                "until": waits.isoformat(timespec="milliseconds"),
                "proven": Proof.from_json(event["proof"]).may_contain,
                "protected": config.protect_tag in data["found"]["tags"],
            }


def _what(outcome: Outcome) -> EntryKind:
    if outcome.contained:
        return EntryKind.CONTAINED
    return {
        Verdict.CONTAIN: EntryKind.NOT_CONTAINED,
        Verdict.ASK: EntryKind.ASKED,
        Verdict.TELL: EntryKind.LEFT_ALONE,
    }[outcome.decision.verdict]


def _entry(outcome: Outcome) -> TimelineEntry:
    at = datetime.fromisoformat(outcome.verified_at) if outcome.contained else datetime.now(UTC)
    decision, why = outcome.decision, combined(*outcome.decision.reasons)
    told = combined(why, *(phrase("entry:failed", step=step.name, why=step.phrase) for step in outcome.failed))
    failed = {step.name: in_english(step.phrase) for step in outcome.failed}
    return TimelineEntry(
        at,
        _what(outcome),
        RESPONDER,
        in_english(why),
        decision.instance_id,
        details={"failed": failed} if failed else {},
        phrase=told,
    )

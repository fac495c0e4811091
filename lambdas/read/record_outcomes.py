"""Record outcomes: what was decided and done goes into the case, for the follow-ups."""

from datetime import UTC, datetime
from typing import Any

from lambdas import case_table
from lambdas.domain.case.authority import Authority
from lambdas.domain.case.question import decision_deadline
from lambdas.domain.case.table_keys import OUTCOME_PREFIX
from lambdas.domain.case.timeline import RESPONDER, STRANGER, EntryKind, TimelineEntry
from lambdas.domain.containment.outcome import Outcome
from lambdas.domain.intake.notice import Proof
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.phrase import combined, phrase
from lambdas.domain.policy import Verdict
from lambdas.domain.settings.function_config import ReadConfig
from lambdas.load_config import load_config
from lambdas.read.questions import share_question
from lambdas.timeline import add_entry


def record_outcomes(event: dict[str, Any]) -> dict[str, Any]:
    """Write one item and one entry of the timeline for each instance; the same outcome again changes nothing.

    Returns the `questions` to the admins, one for each instance that waits for a decision. Those of a mail that is not
    proven share the `clocks`: nothing else waits for them.
    """
    case, mail = event["case"]["id"], event["arrival"]["key"]
    is_ours = event["case"]["authority"] == Authority.OURS
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
                "is_ours": is_ours,
                "message_id": event["notice"]["message_id"],
                "found": data["found"],
                "steps": data["steps"],
            },
        )
        # After an approval the same mail is handled again, so the run is part of the id of its entries.
        run = event["execution"].rpartition(":")[2]
        add_entry(case, _entry(outcome, is_ours=is_ours), entry_id=f"{name}#{_what(outcome)}#{run}")
    asked = [data for data in event["outcomes"] if data["decision"]["verdict"] == Verdict.ASK]
    if is_ours:
        return {"questions": [_question(event, data) for data in asked], "clocks": []}
    now = datetime.now(UTC)
    shared = {share_question(case, data["decision"]["instance_id"], now) for data in asked}
    return {"questions": [], "clocks": [clock.to_json() for clock in shared]}


def _question(event: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    config = load_config(ReadConfig)
    deadline = datetime.fromisoformat(event["case"]["deadline"]["at"])
    waits = decision_deadline(deadline, datetime.now(UTC), config.decide_hours)
    return {
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


def _entry(outcome: Outcome, *, is_ours: bool) -> TimelineEntry:
    at = datetime.fromisoformat(outcome.verified_at) if outcome.contained else datetime.now(UTC)
    decision, why = outcome.decision, combined(*outcome.decision.reasons)
    details = combined(why, *(phrase("entry:failed", step=step.name, why=step.phrase) for step in outcome.failed))
    failed = {step.name: in_english(step.phrase) for step in outcome.failed}
    # An attempt counts whoever wrote the mail; "asked" and "left alone" count only for AWS's own notices.
    is_powerless = not is_ours and decision.verdict is not Verdict.CONTAIN
    return TimelineEntry(
        at,
        _what(outcome),
        RESPONDER,
        in_english(why),
        decision.instance_id,
        details=({"failed": failed} if failed else {}) | ({STRANGER: True} if is_powerless else {}),
        phrase=details,
    )

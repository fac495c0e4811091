"""Record missing decision: nobody decided about an instance in time; what follows depends on the case as it is now."""

from datetime import UTC, datetime
from typing import Any

from lambdas.domain.case.question import TimeoutAction, action_after_timeout
from lambdas.domain.case.timeline import RESPONDER, EntryKind, TimelineEntry
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.phrase import phrase
from lambdas.domain.settings.function_config import ReadConfig
from lambdas.load_config import load_config
from lambdas.read.questions import is_newest_question
from lambdas.timeline import add_entry, load_case

_REASONS = {TimeoutAction.ESCALATE: phrase("silence:left"), TimeoutAction.CONTAIN: phrase("silence:contained")}


def record_missing_decision(event: dict[str, Any]) -> dict[str, Any]:
    """What is `next` for `instance_id`; recorded once, if it still waits. A repeated step returns the same."""
    instance_id, case = event["instance_id"], load_case(event["case"])
    if case is None:  # the table forgets after `retention_days`
        return {"next": TimeoutAction.END}
    following = action_after_timeout(
        case,
        instance_id,
        load_config(ReadConfig).unanswered,
        proven=event["proven"],
        protected=event["protected"],
        newest=is_newest_question(event["case"], instance_id, event["execution"]),
    )
    if following is not TimeoutAction.END:
        reason = _REASONS[following]
        entry = TimelineEntry(
            datetime.now(UTC), EntryKind.UNDECIDED, RESPONDER, in_english(reason), instance_id, phrase=reason
        )
        add_entry(event["case"], entry, entry_id=f"silence#{event['execution']}")
    return {"next": following}

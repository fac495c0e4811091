"""Note silence: nobody has decided about an instance in time; what follows is read from the case as it stands now."""

import os
from datetime import UTC, datetime
from typing import Any

from lambdas.domain.case.question import Next, after_silence
from lambdas.domain.case.timeline import RESPONDER, Entry, What
from lambdas.domain.messages import in_english
from lambdas.domain.phrase import said
from lambdas.domain.settings.settings import Unanswered
from lambdas.read.questions import asks
from lambdas.timeline import case_as_it_stands, note

_SAID = {Next.ESCALATE: said("silence:left"), Next.CONTAIN: said("silence:contained")}


def note_silence(event: dict[str, Any]) -> dict[str, Any]:
    """What is `next` for `instance_id`; noted once, where it still waits. A step that runs again says the same."""
    instance_id, case = event["instance_id"], case_as_it_stands(event["case"])
    if case is None:  # the table forgets after `retention_days`
        return {"next": Next.END}
    following = after_silence(
        case,
        instance_id,
        Unanswered(os.environ["UNANSWERED"]),
        proven=event["proven"],
        protected=event["protected"],
        newest=asks(event["case"], instance_id, event["execution"]),
    )
    if following is not Next.END:
        told = _SAID[following]
        entry = Entry(datetime.now(UTC), What.UNDECIDED, RESPONDER, in_english(told), instance_id, said=told)
        note(event["case"], entry, once=f"silence#{event['execution']}")
    return {"next": following}

"""Record answer: an admin has written to AWS, with us in copy, so the case counts as answered."""

from typing import Any

from lambdas.domain.arrival import Arrival
from lambdas.domain.notice import Notice
from lambdas.domain.senders import addresses
from lambdas.domain.timeline import Entry, What
from lambdas.timeline import case_as_it_stands, note


def record_answer(event: dict[str, Any]) -> dict[str, Any]:
    """Note it once in each case of ours that it names: `{"answers": [{"case", "entry"}], "words": why none}`."""
    arrival, answer = Arrival.from_json(event["arrival"]), Notice.from_facts(event["notice"])
    known = [case for case in answer.case_numbers if case_as_it_stands(case)]
    (by,) = addresses(answer.sender)
    entry = Entry(
        arrival.received_at,
        What.ANSWERED,
        by,
        f"{answer.reason}: {answer.subject}",
        facts={"mail": f"s3://{arrival.bucket}/{arrival.key}"},
    )
    for case in known:
        note(case, entry, once=f"answer#{answer.message_id or arrival.key}")
    named = ", ".join(answer.case_numbers)
    why = f"the responder knows no case {named}" if named else "it names no case"
    return {
        "answers": [{"case": case, "entry": entry.to_json()} for case in known],
        "words": f"{answer.reason}, but {why}: nothing counts as answered",
    }

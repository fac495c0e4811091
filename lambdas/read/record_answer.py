"""Record answer: an admin has written to AWS, with us in copy, so the case counts as answered."""

from typing import Any

from lambdas.domain.answer.sent_answer import reaches_abuse_desk
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.mail_address import parse_addresses
from lambdas.domain.intake.notice import Notice
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.phrase import phrase
from lambdas.domain.settings.function_config import ReadConfig
from lambdas.load_config import load_config
from lambdas.timeline import add_entry, load_case, load_notices


def record_answer(event: dict[str, Any]) -> dict[str, Any]:
    """Note it once in each case of ours that it names: `{"answers": [{"case", "entry"}], "phrase": why none}`."""
    arrival, answer = Arrival.from_json(event["arrival"]), Notice.from_json(event["notice"])
    desks = load_config(ReadConfig).abuse_desks
    known = [case for case in answer.case_numbers if load_case(case)]
    reached = [case for case in known if reaches_abuse_desk(answer, desks, load_notices(case))]
    (by,) = parse_addresses(answer.sender)
    told = phrase("answer:noted", answer=answer.reason, subject=answer.subject)
    facts = {"mail": f"s3://{arrival.bucket}/{arrival.key}"}
    entry = TimelineEntry(arrival.received_at, EntryKind.ANSWERED, by, in_english(told), details=facts, phrase=told)
    for case in reached:
        add_entry(case, entry, entry_id=f"answer#{answer.message_id or arrival.key}")
    why = phrase("answer:names_none", answer=answer.reason)
    if known:
        why = phrase("answer:not_to_desk", answer=answer.reason)
    elif answer.case_numbers:
        why = phrase("answer:no_case", answer=answer.reason, cases=answer.case_numbers)
    return {"answers": [{"case": case, "entry": entry.to_json()} for case in reached], "phrase": why.to_json()}

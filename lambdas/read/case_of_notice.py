"""Which case a notice belongs to, and how it joins it: AWS's own notices with all power, other mail with none."""

from dataclasses import replace
from typing import Any

from lambdas import case_table
from lambdas.domain.case.authority import Authority
from lambdas.domain.case.case import NoticeDetails, case_from_items
from lambdas.domain.case.identity import (
    SAME_CASE_WITHIN,
    answer_deadline,
    case_id,
    case_id_of,
    case_id_of_mail,
    case_resources,
)
from lambdas.domain.case.table_keys import CASE, MAIL_PREFIX, NOTICE_PREFIX
from lambdas.domain.case.timeline import AWS, EntryKind, TimelineEntry
from lambdas.domain.case.unproven_mail import MAX_IN_CASE
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import Notice, NoticeKind, Proof
from lambdas.domain.language.catalogue import in_english
from lambdas.timeline import add_entry, load_case


def case_for_aws(notice: Notice, arrival: Arrival) -> str:
    """The case of a notice of AWS: by its number, otherwise by its instance or address. Claims both for it."""
    case = case_id(notice, arrival.key)
    holders = [
        case_table.claim_resource(what, case, numbered=bool(notice.case_numbers), stale_after=SAME_CASE_WITHIN)
        for what in case_resources(notice)
    ]
    if not notice.case_numbers:
        case = next((holder for holder in holders if holder != case and _goes_on(holder, notice)), case)
    return _decided_once(arrival, case)


def case_for_others(notice: Notice, authority: Authority, arrival: Arrival) -> str:
    """The case of a mail that has no power: one that is open, or its own. Claims nothing yet.

    AWS's notice to another account may carry the number of a case of ours, so it always has its own case.
    """
    if authority is not Authority.STRANGER:
        return _decided_once(arrival, _own_case(notice, arrival, joins=False))
    numbered = [case_id_of(number) for number in notice.case_numbers[:1]]
    claimed = [case for what in case_resources(notice) if (case := case_table.claimant(what))]
    for case in (*numbered, *claimed):
        if _takes_strangers(case):
            return _decided_once(arrival, case)
    new = [number for number in numbered if not load_case(number)]
    return _decided_once(arrival, new[0] if new else _own_case(notice, arrival, joins=True))


def _own_case(notice: Notice, arrival: Arrival, *, joins: bool) -> str:
    """A case named after the mail. Copies of one mail share it if it `joins`; but anybody can copy a Message-ID."""
    case = case_id_of_mail(notice, arrival.key)
    if load_case(case) is None or (joins and _takes_strangers(case)):
        return case
    return case_id_of_mail(replace(notice, message_id=""), arrival.key)


def join(case: str, event: dict[str, Any], authority: Authority) -> None:
    """Write the notice into a case, and the case where there is none."""
    arrival = Arrival.from_json(event["arrival"])
    notice, proof = Notice.from_json(event["notice"]), Proof.from_json(event["proof"])
    received = arrival.received_at.isoformat()
    case_table.write_once(case, CASE, {"opened_by": arrival.key, "opened_at": received})
    is_ours = authority is Authority.OURS
    item = {"notice": event["notice"], "proof": event["proof"], "received_at": received, "is_ours": is_ours}
    case_table.write_once(case, f"{NOTICE_PREFIX}{arrival.key}", item)
    # Only AWS's abuse desk ends a case.
    proven = is_ours and (proof.may_contain or notice.kind is not NoticeKind.RESOLVED)
    details = NoticeDetails(
        kind=notice.kind,
        proven=proven,
        sent_at=notice.sent_at or arrival.received_at,
        deadline=answer_deadline(notice, arrival.received_at),
        measures=notice.measures,
        mail=f"s3://{arrival.bucket}/{arrival.key}",
        by_abuse_desk=proven and proof.may_contain,
    )
    entry = TimelineEntry(
        arrival.received_at,
        EntryKind.NOTICE,
        AWS if proven else notice.sender,
        in_english(notice.reason),
        details=details.to_json(),
        phrase=notice.reason,
    )
    add_entry(case, entry, entry_id=f"{NOTICE_PREFIX}{arrival.key}")


def join_as_other(case: str, event: dict[str, Any], authority: Authority) -> None:
    """As `join`, for a mail without power: what no case has claimed leads later strangers to the same case."""
    join(case, event, authority)
    if authority is Authority.STRANGER:
        for what in case_resources(Notice.from_json(event["notice"])):
            case_table.claim_for_stranger(what, case, stale_after=SAME_CASE_WITHIN)


def _decided_once(arrival: Arrival, case: str) -> str:
    """A second try does not decide otherwise."""
    return str(case_table.write_once(f"{MAIL_PREFIX}{arrival.key}", CASE, {"case": case})["case"])


def _goes_on(case: str, notice: Notice) -> bool:
    """Whether a notice may still belong to a case: after its end, only what ends it too."""
    known = load_case(case)
    return not known or not known.has_ended or notice.kind is NoticeKind.RESOLVED


def _takes_strangers(case: str) -> bool:
    """Whether the case is there, goes on, and has room for one more mail of a stranger."""
    items = case_table.read_items(case)
    known = case_from_items(case, items)
    strangers = [sort for sort, item in items.items() if sort.startswith(NOTICE_PREFIX) and not item["is_ours"]]
    return known is not None and not known.has_ended and len(strangers) < MAX_IN_CASE

"""Whether a mail that changes no case is reported by itself: only a few are in an hour, whoever sends them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from lambdas import case_table
from lambdas.domain.case.table_keys import ADMISSION, MAIL_PREFIX
from lambdas.domain.case.unproven_mail import lanes, list_clock, listed_mail
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import Notice, Proof

ADMITTED: Final = {"admitted": True, "list": None}


def admit(arrival: Arrival, notice: Notice, proof: Proof, instances: Sequence[str]) -> dict[str, Any]:
    """`{"admitted": whether the mail gets a slot of this hour, "list": else the clock that sends the hour's list}`.

    Decided once for each mail. `instances` are those of ours that it names. What an admin submits is always admitted.
    """
    partition = f"{MAIL_PREFIX}{arrival.key}"
    known = case_table.read_item(partition, ADMISSION)
    if known:
        return known
    if arrival.is_submitted or any(
        case_table.take_slot(lane.key, arrival.key, lane.slots) for lane in lanes(proof, instances)
    ):
        return case_table.write_once(partition, ADMISSION, ADMITTED)
    clock = list_clock(datetime.now(UTC))
    mail = listed_mail(notice, arrival.received_at, instances, f"s3://{arrival.bucket}/{arrival.key}")
    case_table.write_once(clock.partition, partition, mail.to_json())
    return case_table.write_once(partition, ADMISSION, {"admitted": False, "list": clock.to_json()})

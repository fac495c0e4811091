"""What a message is about, from the variables of the state machine."""

from datetime import datetime
from typing import Any

from lambdas.domain.case.authority import Authority
from lambdas.domain.case.identity import Deadline
from lambdas.domain.intake.notice import Notice, Proof
from lambdas.domain.messages import CaseNotice


def case_notice_from(event: dict[str, Any]) -> CaseNotice:
    """The notice and its case, from a state's `arrival`, `notice`, `proof` and `case`."""
    arrival, case = event["arrival"], event["case"]
    return CaseNotice(
        case=case["id"],
        joined=case["joined"],
        instance_ids=tuple(instance["instance_id"] for instance in case["instances"]),
        notice=Notice.from_json(event["notice"]),
        proof=Proof.from_json(event["proof"]),
        deadline=Deadline(datetime.fromisoformat(case["deadline"]["at"]), case["deadline"]["stated"]),
        mail=mail_uri(arrival),
        execution=event["execution"],
        addresses=tuple(address["address"] for address in case["addresses"]),
        for_other_account=case["authority"] == Authority.OTHER_ACCOUNT,
    )


def mail_uri(arrival: dict[str, Any]) -> str:
    """Where the mail lies as it came."""
    return f"s3://{arrival['bucket']}/{arrival['key']}"

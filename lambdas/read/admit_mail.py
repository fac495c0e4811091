"""Admit mail: is a mail that changes no case reported by itself, or in the list of its hour?"""

from typing import Any

from lambdas.domain.case.authority import Authority
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import Notice, Proof
from lambdas.read.admission import admit
from lambdas.read.case_of_notice import join_as_other


def admit_mail(event: dict[str, Any]) -> dict[str, Any]:
    """The admission; an admitted notice joins its case here.

    `case` is null for a mail that is no notice. `found` is what was found of the instances that the mail names.
    """
    notice, proof = Notice.from_json(event["notice"]), Proof.from_json(event["proof"])
    here = [found["instance_id"] for found in event["found"]["instances"]]
    admission = admit(Arrival.from_json(event["arrival"]), notice, proof, here)
    if admission["admitted"] and event["case"]:
        join_as_other(event["case"]["id"], event, Authority(event["case"]["authority"]))
    return admission

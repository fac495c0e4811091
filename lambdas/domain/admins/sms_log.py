"""The role that logs the account's SMS: we set ours if there is none, and never replace another one.

It is one setting for all SMS of an account and Region. CloudFormation does not support it, and the delivery logs of a
topic do not cover SMS:
https://docs.aws.amazon.com/sns/latest/api/API_SetSMSAttributes.html (DeliveryStatusIAMRole)
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-sns-topic-loggingconfig.html
"""

from dataclasses import dataclass
from typing import Final

from lambdas.domain.settings.rule_set_activation import RequestType

# Physical ids of the resource. Only OURS must be undone at a deletion.
LEFT: Final = "sms-log-left"
OURS: Final = "sms-log-ours"


@dataclass(frozen=True, slots=True)
class SmsLogPlan:
    """What to do. `role` None changes nothing, "" removes the role."""

    physical_id: str
    role: str | None
    words: str


def plan(request: RequestType, role: str, *, current: str, former: str = "") -> SmsLogPlan:
    """What to do with the account's `current` role, "" for none. `former` is our role in the previous deployment."""
    if request is RequestType.DELETE:
        if current == role:
            return SmsLogPlan(OURS, "", "SMS of the account are no longer logged.")
        return SmsLogPlan(LEFT, None, "The role that logs SMS is no longer ours, so it stays.")
    if current == role:
        return SmsLogPlan(OURS, None, "Failed SMS are logged by our role.")
    if current in {"", former}:
        return SmsLogPlan(OURS, role, "Failed SMS are logged by our role from now on.")
    return SmsLogPlan(LEFT, None, f"SMS of the account are logged by {current}, which stays.")

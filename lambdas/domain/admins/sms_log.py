"""Whether the account's SMS are logged by a role of ours: set where there is none, and never over somebody else's.

It is one setting for all SMS of an account and Region, whoever sends them. CloudFormation does not know it, and the
delivery logs of a topic know no SMS:
https://docs.aws.amazon.com/sns/latest/api/API_SetSMSAttributes.html (DeliveryStatusIAMRole)
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-sns-topic-loggingconfig.html
"""

from dataclasses import dataclass
from typing import Final

from lambdas.domain.settings.rule_set_activation import RequestType

# Physical ids of the resource: with the second one there is something to take back.
LEFT: Final = "sms-log-left"
OURS: Final = "sms-log-ours"


@dataclass(frozen=True, slots=True)
class SmsLogPlan:
    """What is to be done. `role` None changes nothing, "" takes the role off."""

    physical_id: str
    role: str | None
    words: str


def plan(request: RequestType, role: str, *, current: str, former: str = "") -> SmsLogPlan:
    """What to do with the account's `current` role, "" for none. `former` is ours by the deployment before, if any."""
    if request is RequestType.DELETE:
        if current == role:
            return SmsLogPlan(OURS, "", "SMS of the account are logged no more.")
        return SmsLogPlan(LEFT, None, "The role that logs SMS is not ours any more, so it is left.")
    if current == role:
        return SmsLogPlan(OURS, None, "SMS that fail are logged by our role.")
    if current in {"", former}:
        return SmsLogPlan(OURS, role, "SMS that fail are logged by our role from now on.")
    return SmsLogPlan(LEFT, None, f"SMS of the account are logged by {current}, which is left as it is.")

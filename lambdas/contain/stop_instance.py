"""Stop instance: only where the settings ask for it. It ends every flow, and what its memory held."""

from typing import Any

from lambdas.aws import client
from lambdas.domain.errors import NotStopped
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import phrase
from lambdas.step_result import done, step_error

_STOPPED = ("stopping", "stopped")


def stop_instance(event: dict[str, Any]) -> dict[str, Any]:
    """Ask EC2 to stop it and read back that it does; raises NotStopped where it does not.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html
    """
    instance = Instance.from_json(event["instance"])
    ec2 = client("ec2", instance.region, instance.account_id)
    ec2.stop_instances(InstanceIds=[instance.instance_id])
    (reservation,) = ec2.describe_instances(InstanceIds=[instance.instance_id])["Reservations"]
    state = reservation["Instances"][0]["State"]["Name"]
    if state not in _STOPPED:
        raise step_error(NotStopped, phrase("stop:shown", state=state))
    return done(phrase("stop:done", state=state))

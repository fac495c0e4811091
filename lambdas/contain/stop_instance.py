"""Stop instance: only where the settings ask for it. It ends every connection, and its memory is lost."""

from typing import Any

from lambdas.domain.errors import NotStopped
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import phrase
from lambdas.instance_clients import client_for, reader_of
from lambdas.step_result import done, step_error

_STOPPED = ("stopping", "stopped")


def stop_instance(event: dict[str, Any]) -> dict[str, Any]:
    """Ask EC2 to stop the instance, and raise NotStopped unless EC2 then shows that it does.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html
    """
    instance = Instance.from_json(event["instance"])
    client_for(instance, "ec2").stop_instances(InstanceIds=[instance.instance_id])
    state = reader_of(instance).instance().state
    if state not in _STOPPED:
        raise step_error(NotStopped, phrase("stop:shown", state=state))
    return done(phrase("stop:done", state=state))

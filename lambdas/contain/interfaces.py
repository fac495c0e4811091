"""Moves the network interfaces of an instance into a security group."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

from lambdas.domain.instance.instance import Instance, Interface
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.instance_clients import client_for


def move_interfaces(instance: Instance, interfaces: Sequence[Interface], group_id: str) -> list[Phrase]:
    """Move all interfaces at once, and return what EC2 refuses."""
    with ThreadPoolExecutor(max_workers=max(len(interfaces), 1)) as pool:
        refusals = list(pool.map(lambda interface: _move(instance, interface, group_id), interfaces))
    return [refusal for refusal in refusals if refusal]


def _move(instance: Instance, interface: Interface, group_id: str) -> Phrase | None:
    """Move one interface. ModifyInstanceAttribute would refuse an instance that has several.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
    """
    try:
        client_for(instance, "ec2").modify_network_interface_attribute(
            NetworkInterfaceId=interface.interface_id, Groups=[group_id]
        )
    except ClientError as error:
        return phrase("quarantine:not_moved", interface=interface.interface_id, why=verbatim(str(error)))
    return None

"""The network interfaces of an instance: which it has now, and how they are moved."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.instance.instance import Instance, Interface, interfaces_from
from lambdas.domain.phrase import Phrase, phrase, verbatim


def read_interfaces(instance: Instance) -> tuple[Interface, ...]:
    """The interfaces that the instance has at this moment."""
    pages = (
        client("ec2", instance.region, instance.account_id)
        .get_paginator("describe_network_interfaces")
        .paginate(Filters=[{"Name": "attachment.instance-id", "Values": [instance.instance_id]}])
    )
    return interfaces_from([interface for page in pages for interface in page["NetworkInterfaces"]])


def move_interfaces(instance: Instance, interfaces: Sequence[Interface], group: str) -> list[Phrase]:
    """Move all at once; returns what EC2 refuses."""
    with ThreadPoolExecutor(max_workers=max(len(interfaces), 1)) as pool:
        client("ec2", instance.region, instance.account_id)  # boto3 makes clients safely in one thread only
        refusals = list(pool.map(lambda interface: _move(instance, interface, group), interfaces))
    return [refusal for refusal in refusals if refusal]


def _move(instance: Instance, interface: Interface, group_id: str) -> Phrase | None:
    """Move one interface; returns what EC2 says where it refuses.

    ModifyInstanceAttribute would refuse an instance with several interfaces:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
    """
    try:
        client("ec2", instance.region, instance.account_id).modify_network_interface_attribute(
            NetworkInterfaceId=interface.interface_id, Groups=[group_id]
        )
    except ClientError as error:
        return phrase("quarantine:not_moved", interface=interface.interface_id, why=verbatim(str(error)))
    return None

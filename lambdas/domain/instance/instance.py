"""An EC2 instance as it was read from AWS, and the state it was in before anything was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lambdas.domain.instance.address import HeldAddress
from lambdas.domain.instance.history import InstanceHistory
from lambdas.domain.instance.search import Search
from lambdas.domain.instance.successors import Successors
from lambdas.domain.phrase import Phrase

# The states from which an instance never comes back.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
TERMINATED_STATES = ("shutting-down", "terminated")


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface with the ids of its security groups, sorted: their order means nothing to EC2."""

    interface_id: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """An EBS volume as an instance has it: its device name, and whether it goes when the instance is terminated."""

    volume_id: str
    device: str
    delete_on_termination: bool


@dataclass(frozen=True, slots=True)
class Instance:
    """What the responder needs to know of an instance. `state` is EC2's name of it, such as "running".

    `profile` is the ARN of its instance profile, `lifecycle` EC2's "spot", "scheduled" or "capacity-block", each empty
    where there is none; `root_device` is "ebs" or "instance-store"; `operator` is the service of AWS that manages it,
    such as "eks.amazonaws.com". `found_by` holds the addresses that led to it; none where the notice itself names the
    instance. `successors` is said of one that is gone from an Auto Scaling group. `started_at` is the time of its last
    start, in ISO 8601, empty where it is not known.
    """

    instance_id: str
    region: str
    account_id: str
    state: str
    vpc_id: str
    tags: Mapping[str, str]
    interfaces: tuple[Interface, ...]
    volumes: tuple[Volume, ...]
    addresses: tuple[str, ...]
    private_addresses: tuple[str, ...] = ()
    profile: str = ""
    lifecycle: str = ""
    root_device: str = "ebs"
    operator: str = ""
    found_by: tuple[HeldAddress, ...] = ()
    successors: Successors | None = None
    started_at: str = ""

    @property
    def name(self) -> str:
        """What people call it: the Name tag, else nothing."""
        return self.tags.get("Name", "")

    @property
    def volume_ids(self) -> tuple[str, ...]:
        """The ids of its volumes, in the order of its devices."""
        return tuple(volume.volume_id for volume in self.volumes)

    @property
    def arn(self) -> str:
        """Its ARN; the partition is that of its Region."""
        return f"arn:{partition_of(self.region)}:ec2:{self.region}:{self.account_id}:instance/{self.instance_id}"

    @property
    def auto_scaling_group(self) -> str:
        """The Auto Scaling group that launched it, empty where none did.

        https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
        """
        return self.tags.get("aws:autoscaling:groupName", "")

    @classmethod
    def from_description(cls, description: Mapping[str, Any], *, region: str, account_id: str) -> "Instance":
        """The instance that one entry of DescribeInstances describes.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
        """
        described = description.get("NetworkInterfaces", ())
        addresses = [description.get("PublicIpAddress")]
        for interface in described:
            addresses.append(interface.get("Association", {}).get("PublicIp"))
            addresses += [address["Ipv6Address"] for address in interface.get("Ipv6Addresses", ())]
            secondary = interface.get("PrivateIpAddresses", ())
            addresses += [address.get("Association", {}).get("PublicIp") for address in secondary]
        return cls(
            instance_id=description["InstanceId"],
            region=region,
            account_id=account_id,
            state=description["State"]["Name"],
            vpc_id=description.get("VpcId", ""),
            tags={tag["Key"]: tag["Value"] for tag in description.get("Tags", ())},
            interfaces=interfaces_from(described),
            volumes=tuple(
                Volume(mapping["Ebs"]["VolumeId"], mapping["DeviceName"], mapping["Ebs"]["DeleteOnTermination"])
                for mapping in description.get("BlockDeviceMappings", ())
                if "Ebs" in mapping
            ),
            addresses=tuple(dict.fromkeys(address for address in addresses if address)),
            private_addresses=tuple(
                address["PrivateIpAddress"]
                for interface in described
                for address in interface.get("PrivateIpAddresses", ())
            ),
            profile=description.get("IamInstanceProfile", {}).get("Arn", ""),
            lifecycle=description.get("InstanceLifecycle", ""),
            root_device=description.get("RootDeviceType", "ebs"),
            operator=description.get("Operator", {}).get("Principal", ""),
            started_at=description["LaunchTime"].isoformat() if "LaunchTime" in description else "",
        )

    def to_json(self) -> dict[str, Any]:
        """The instance as JSON for the state machine and the before-state."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Instance":
        """The instance that `to_json` was made of."""
        return cls(
            **{
                **data,
                "interfaces": tuple(Interface(i["interface_id"], tuple(i["groups"])) for i in data["interfaces"]),
                "volumes": tuple(Volume(**volume) for volume in data["volumes"]),
                "addresses": tuple(data["addresses"]),
                "private_addresses": tuple(data["private_addresses"]),
                "found_by": tuple(map(HeldAddress.from_json, data["found_by"])),
                "successors": Successors.from_json(data["successors"]) if data.get("successors") else None,
            }
        )


@dataclass(frozen=True, slots=True)
class MissingInstance:
    """An instance that EC2 shows nowhere that was looked at. `past` is what CloudTrail tells of it, if it was asked."""

    instance_id: str
    search: Search
    past: InstanceHistory | None = None


@dataclass(frozen=True, slots=True)
class UnassignedAddress:
    """An address that no instance of ours holds now. `holder` is what does instead, if anything is known to."""

    address: str
    holder: Phrase | None
    search: Search

    @property
    def instance_id(self) -> str:
        """What is decided about: there is no instance, so the address stands for it."""
        return self.address


FoundResource = Instance | MissingInstance | UnassignedAddress


def found_resource_from(data: Mapping[str, Any]) -> FoundResource:
    """What "Find instances" found of an instance or an address."""
    if "state" in data:
        return Instance.from_json(data)
    search = Search.from_json(data["search"])
    if "address" in data:
        return UnassignedAddress(data["address"], Phrase.from_json(data["holder"]) if data["holder"] else None, search)
    return MissingInstance(
        data["instance_id"], search, InstanceHistory.from_json(data["past"]) if data["past"] else None
    )


def partition_of(region: str) -> str:
    """The partition that a Region belongs to: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html."""
    for beginning, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")):
        if region.startswith(beginning):
            return partition
    return "aws"


def interfaces_from(described: Sequence[Mapping[str, Any]]) -> tuple[Interface, ...]:
    """The interfaces that DescribeInstances or DescribeNetworkInterfaces show, sorted by id."""
    return tuple(
        Interface(
            interface["NetworkInterfaceId"], tuple(sorted(group["GroupId"] for group in interface.get("Groups", ())))
        )
        for interface in sorted(described, key=lambda interface: str(interface["NetworkInterfaceId"]))
    )

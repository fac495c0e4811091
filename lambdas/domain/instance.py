"""An EC2 instance as it was read from AWS, and the state it was in before anything was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lambdas.domain.address import Holding


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface with the ids of its security groups, sorted: their order means nothing to EC2."""

    interface_id: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """What the responder needs to know of an instance. `state` is EC2's name of it, such as "running".

    `found_by` holds the addresses that led to it; none where the notice itself names the instance.
    """

    instance_id: str
    region: str
    account_id: str
    state: str
    vpc_id: str
    tags: Mapping[str, str]
    interfaces: tuple[Interface, ...]
    volumes: tuple[str, ...]
    addresses: tuple[str, ...]
    found_by: tuple[Holding, ...] = ()

    @property
    def name(self) -> str:
        """What people call it: the Name tag, else nothing."""
        return self.tags.get("Name", "")

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
        return cls(
            instance_id=description["InstanceId"],
            region=region,
            account_id=account_id,
            state=description["State"]["Name"],
            vpc_id=description.get("VpcId", ""),
            tags={tag["Key"]: tag["Value"] for tag in description.get("Tags", ())},
            interfaces=interfaces_from(described),
            volumes=tuple(
                mapping["Ebs"]["VolumeId"] for mapping in description.get("BlockDeviceMappings", ()) if "Ebs" in mapping
            ),
            addresses=tuple(dict.fromkeys(address for address in addresses if address)),
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
                "volumes": tuple(data["volumes"]),
                "addresses": tuple(data["addresses"]),
                # A before-state of an earlier version has none.
                "found_by": tuple(map(Holding.from_json, data.get("found_by", ()))),
            }
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """An instance that no Region shows. `unread` says, by Region, why one could not be looked at."""

    instance_id: str
    looked_in: tuple[str, ...]
    unread: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unheld:
    """An address that no instance of the account holds now. `holder` is what does instead, in words, or empty."""

    address: str
    holder: str
    looked_in: tuple[str, ...]
    unread: Mapping[str, str]

    @property
    def instance_id(self) -> str:
        """What is decided about: there is no instance, so the address stands for it."""
        return self.address


Found = Instance | Missing | Unheld


def found_from(data: Mapping[str, Any]) -> Found:
    """What "Find instances" found of an instance or an address."""
    if "state" in data:
        return Instance.from_json(data)
    return Unheld(**data) if "address" in data else Missing(**data)


def interfaces_from(described: Sequence[Mapping[str, Any]]) -> tuple[Interface, ...]:
    """The interfaces that DescribeInstances or DescribeNetworkInterfaces show, sorted by id."""
    return tuple(
        Interface(one["NetworkInterfaceId"], tuple(sorted(group["GroupId"] for group in one.get("Groups", ()))))
        for one in sorted(described, key=lambda one: str(one["NetworkInterfaceId"]))
    )

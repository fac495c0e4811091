"""The instances of the rehearsal: those that the mails name by id or address, and bystanders."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from desk.rehearsal.emulators import HOME_REGION, Emulators
from lambdas.domain.containment.credentials import DENY_POLICY, NO_RIGHTS_PROFILE, NO_RIGHTS_ROLE
from lambdas.domain.instance.address import addresses_to_find
from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from lambdas.domain.intake.notice import Notice

# For notices without a Region: not the responder's, so that it must search.
OTHER_REGION = "eu-central-1"
_INSTANCE_ID = re.compile(r"\bi-(?:[0-9a-f]{17}|[0-9a-f]{8})\b")
_BYSTANDERS = ("i-0b57a4de7b57a4de7", "i-0b57a4de8b57a4de8")


@dataclass(frozen=True)
class InstanceView:
    """An instance as EC2 shows it."""

    instance_id: str
    region: str
    name: str
    state: str
    groups: dict[str, list[str]]  # by interface
    tags: dict[str, str]
    snapshots: list[str]
    quarantined: bool  # every interface in exactly one group, which is tagged as quarantine and has no rule
    profile: str  # the ARN of its instance profile
    deleted_on_termination: dict[str, bool]  # by device: whether the volume is deleted when the instance is terminated


@dataclass(frozen=True)
class FullInstanceView(InstanceView):
    """Also what EC2 and IAM show for single instances only."""

    denied: bool  # whether its role denies it everything, by a tag that names it
    protected: bool  # from being terminated
    on_shutdown: str  # what a shutdown from inside does: "stop" or "terminate"


@dataclass(frozen=True)
class FleetInstance:
    """An instance of the fleet."""

    instance_id: str
    account_id: str
    region: str
    role: str  # "named", "holds the address", "in the report" or "bystander"
    name: str  # of its tag, its instance profile and the IAM role in that


class Fleet:
    """Launches instances once; `view` reads them from EC2."""

    def __init__(self, emulators: Emulators, member_accounts: Collection[str] = ()) -> None:
        self._emulators = emulators
        self._accounts = member_accounts
        self._given: set[str] = set()  # addresses
        self._networks: dict[tuple[str, str], tuple[str, list[str]]] = {}
        self._images: dict[tuple[str, str], str] = {}
        self.members: list[FleetInstance] = []

    def launch_for(self, notices: Iterable[tuple[Notice, bytes]]) -> None:
        """Launch every instance whose id or address is anywhere in the mails, and two bystanders.

        An instance that a mail names in a member account is launched there, all others in the responder's.
        """
        for notice, raw in notices:
            addresses = list(notice.ips)
            for resource in notice.resources:
                region = resource.region or OTHER_REGION
                account = resource.account_id if resource.account_id in self._accounts else None
                self._launch(resource.instance_id, region, "named", addresses.pop(0) if addresses else None, account)
            for held in addresses_to_find(notice, ()):
                if held.address not in self._given:
                    region = next(iter(notice.regions), OTHER_REGION)
                    self._launch(_holder_of(held.address), region, "holds the address", held.address)
            # Ids in the quoted report or in a forged mail exist too, so that a mistake would show.
            for instance_id in _INSTANCE_ID.findall(raw.decode("ascii", errors="ignore")):
                self._launch(instance_id, next(iter(notice.regions), OTHER_REGION), "in the report", None)
        used = sorted({member.region for member in self.members}) or [OTHER_REGION]
        for instance_id, region in zip(_BYSTANDERS, (used[0], used[-1]), strict=True):
            self._launch(instance_id, region, "bystander", None)

    def view(self) -> dict[str, InstanceView]:
        """Every instance, read now."""
        places: dict[tuple[str, str], list[FleetInstance]] = {}
        for member in self.members:
            places.setdefault((member.account_id, member.region), []).append(member)
        views = {view.instance_id: view for members in places.values() for view in self._views_of(members)}
        return {member.instance_id: views[member.instance_id] for member in self.members}

    def whole_view(self) -> dict[str, FullInstanceView]:
        """Every instance in full: three more calls for each."""
        views = self.view()
        return {
            member.instance_id: FullInstanceView(
                **vars(views[member.instance_id]),
                denied=self._denied(member),
                protected=self._attribute(member, "disableApiTermination"),
                on_shutdown=self._attribute(member, "instanceInitiatedShutdownBehavior"),
            )
            for member in self.members
        }

    def _launch(
        self, instance_id: str, region: str, role: str, address: str | None, account_id: str | None = None
    ) -> None:
        if any(member.instance_id == instance_id for member in self.members):
            return
        name = f"web-{len(self.members) + 1}"
        member = FleetInstance(instance_id, account_id or self._emulators.account_id, region, role, name)
        ec2 = self._ec2(member)
        subnet, groups = self._network(member)
        ec2.run_instances(
            ImageId=self._image(member),
            MinCount=1,
            MaxCount=1,
            InstanceType="t3.micro",
            ClientToken=instance_id,  # the rehearsal's EC2 gives this id
            IamInstanceProfile={"Name": self._profile(member)},
            BlockDeviceMappings=[
                {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8}},
                {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 20}},
            ],
            NetworkInterfaces=[
                {"DeviceIndex": 0, "SubnetId": subnet, "Groups": groups},
                {"DeviceIndex": 1, "SubnetId": subnet, "Groups": groups[:1]},
            ],
            TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}],
        )
        if address:
            self._give(member, address)
        self.members.append(member)

    def _ec2(self, member: FleetInstance) -> Any:
        return self._emulators.client("ec2", member.region, member.account_id)

    def _give(self, member: FleetInstance, address: str) -> None:
        ec2 = self._ec2(member)
        interface = self._interfaces([member])[0]["NetworkInterfaceId"]
        if ":" in address:
            ec2.assign_ipv6_addresses(NetworkInterfaceId=interface, Ipv6Addresses=[address])
        else:
            allocation = ec2.allocate_address(Domain="vpc", Address=address)["AllocationId"]
            ec2.associate_address(AllocationId=allocation, NetworkInterfaceId=interface)
        self._given.add(address)

    def _image(self, member: FleetInstance) -> str:
        """An image of Amazon's, cached because the list takes a second to read."""
        place = member.account_id, member.region
        if place not in self._images:
            self._images[place] = self._ec2(member).describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        return self._images[place]

    def _network(self, member: FleetInstance) -> tuple[str, list[str]]:
        """A dual-stack VPC with two usual groups: web and SSH in, everything out."""
        place = member.account_id, member.region
        if place not in self._networks:
            ec2 = self._ec2(member)
            vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
            subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.1.0/24")["Subnet"]["SubnetId"]
            groups = []
            for name, port in (("web", 443), ("ssh", 22)):
                group = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
                world = [{"CidrIp": "0.0.0.0/0"}]
                ec2.authorize_security_group_ingress(
                    GroupId=group,
                    IpPermissions=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": world}],
                )
                groups.append(group)
            self._networks[place] = subnet, groups
        return self._networks[place]

    def _profile(self, member: FleetInstance) -> str:
        """An instance profile with its own role: credentials can be revoked for eight instances of a role only.

        MiniStack deploys into an IAM of its own, so what the stacks create in IAM is created in Moto's too. The
        emulators enforce no policy, so the deny policy needs no condition.
        """
        iam = self._emulators.client("iam", HOME_REGION, member.account_id)
        is_first = not iam.list_instance_profiles()["InstanceProfiles"]
        for role, profile in ((member.name, member.name), *([(NO_RIGHTS_ROLE, NO_RIGHTS_PROFILE)] if is_first else [])):
            iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
            iam.create_instance_profile(InstanceProfileName=profile)
            iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=role)
        if is_first:
            deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
            document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
            iam.create_policy(PolicyName=DENY_POLICY, PolicyDocument=document)
        return member.name

    def _views_of(self, members: Sequence[FleetInstance]) -> Iterator[InstanceView]:
        """The instances of an account and Region, with calls for all of them, because a fleet may be large."""
        ec2 = self._ec2(members[0])
        answer = ec2.describe_instances(InstanceIds=[member.instance_id for member in members])
        instances = [instance for reservation in answer["Reservations"] for instance in reservation["Instances"]]
        groups = {group["GroupId"]: group for group in ec2.describe_security_groups()["SecurityGroups"]}
        snapshots = self._snapshots(
            ec2, [disk["VolumeId"] for instance in instances for disk in _disks(instance).values()]
        )
        interfaces = self._interfaces(members)
        for instance in instances:
            carried = {
                interface["NetworkInterfaceId"]: sorted(group["GroupId"] for group in interface["Groups"])
                for interface in interfaces
                if interface["Attachment"]["InstanceId"] == instance["InstanceId"]
            }
            tags = {tag["Key"]: tag["Value"] for tag in instance.get("Tags", [])}
            disks = _disks(instance)
            yield InstanceView(
                instance_id=instance["InstanceId"],
                region=members[0].region,
                name=tags.get("Name", ""),
                state=instance["State"]["Name"],
                groups=carried,
                tags=tags,
                snapshots=sorted(
                    snapshot for disk in disks.values() for snapshot in snapshots.get(disk["VolumeId"], ())
                ),
                quarantined=_is_quarantine([groups[group] for group in set().union(*carried.values())]),
                profile=instance.get("IamInstanceProfile", {}).get("Arn", ""),
                deleted_on_termination={device: disk["DeleteOnTermination"] for device, disk in disks.items()},
            )

    @staticmethod
    def _snapshots(ec2: Any, volumes: Sequence[str]) -> dict[str, list[str]]:
        """The snapshots of each volume. By volume, because Moto also lists those of Amazon's images."""
        by_volume: dict[str, list[str]] = {}
        answer = ec2.describe_snapshots(OwnerIds=["self"], Filters=[{"Name": "volume-id", "Values": volumes}])
        for snapshot in answer["Snapshots"]:
            by_volume.setdefault(snapshot["VolumeId"], []).append(snapshot["SnapshotId"])
        return by_volume

    def _attribute(self, member: FleetInstance, name: str) -> Any:
        answer = self._ec2(member).describe_instance_attribute(InstanceId=member.instance_id, Attribute=name)
        return answer[name[0].upper() + name[1:]].get("Value")

    def _denied(self, member: FleetInstance) -> bool:
        """Whether a tag of its role revokes its credentials."""
        iam = self._emulators.client("iam", HOME_REGION, member.account_id)
        return member.instance_id in {tag["Value"] for tag in iam.list_role_tags(RoleName=member.name)["Tags"]}

    def _interfaces(self, members: Sequence[FleetInstance]) -> list[dict[str, Any]]:
        ids = [member.instance_id for member in members]
        answer = self._ec2(members[0]).describe_network_interfaces(
            Filters=[{"Name": "attachment.instance-id", "Values": ids}]
        )
        interfaces: list[dict[str, Any]] = answer["NetworkInterfaces"]
        return interfaces


def _disks(instance: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Its volumes by device."""
    return {disk["DeviceName"]: disk["Ebs"] for disk in instance["BlockDeviceMappings"]}


def _is_quarantine(groups: Sequence[Mapping[str, Any]]) -> bool:
    return (
        len(groups) == 1
        and {"Key": ROLE_TAG, "Value": QUARANTINE} in groups[0].get("Tags", [])
        and not groups[0]["IpPermissions"] + groups[0]["IpPermissionsEgress"]
    )


def _holder_of(address: str) -> str:
    """The id of the instance that holds an address."""
    return f"i-0add{int(ip_address(address)) % 16**13:013x}"

"""A fleet in Moto's EC2: instances with the interfaces and groups that a test asks for, and what became of them."""

from datetime import UTC, datetime, timedelta

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_block_store import Snapshot

from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import CASE_TAG, COPY_TAG, INSTANCE_TAG
from tests.samples import ACCOUNT, CASE, INSTANCE

ALL_OUT = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
HTTPS_IN = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


class Fleet:
    """One VPC in one Region, of the home account or of a member."""

    def __init__(self, client, region, account_id=ACCOUNT, *, ipv6=True):
        self.region = region
        self.account_id = account_id
        self.client = client
        self.ec2 = client("ec2", region, account_id)
        self.vpc = self.ec2.create_vpc(CidrBlock="10.1.0.0/16", AmazonProvidedIpv6CidrBlock=ipv6)["Vpc"]["VpcId"]
        self.subnet = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.1.0.0/20")["Subnet"]["SubnetId"]

    def group(self, name, tags=(), *, inbound=None):
        """The id of a new group; it lets everything out, as EC2 makes it."""
        kinds = [{"ResourceType": "security-group", "Tags": [{"Key": k, "Value": v} for k, v in tags]}] if tags else []
        group = self.ec2.create_security_group(
            GroupName=name, Description="test", VpcId=self.vpc, TagSpecifications=kinds
        )["GroupId"]
        if inbound:
            self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=inbound)
        return group

    def launch(self, interfaces=(("web", "ssh"), ("web",)), instance_id=INSTANCE, tags=(), volumes=2, kept=True):
        """An instance whose interfaces carry groups of these names; returns it as "Find instances" finds it.

        `kept` False lets its volumes go with it.
        """
        known = {}
        for name in dict.fromkeys(name for groups in interfaces for name in groups):
            found = self.groups_named(name)
            known[name] = found[0]["GroupId"] if found else self.group(name)
        self.ec2.run_instances(
            ImageId="ami-12345678",
            MinCount=1,
            MaxCount=1,
            InstanceType="t3.micro",
            ClientToken=instance_id,
            BlockDeviceMappings=[
                {"DeviceName": f"/dev/sd{letter}", "Ebs": {"VolumeSize": 8, "DeleteOnTermination": not kept}}
                for letter in "abcdef"[:volumes]
            ],
            NetworkInterfaces=[
                {"DeviceIndex": index, "SubnetId": self.subnet, "Groups": [known[name] for name in groups]}
                for index, groups in enumerate(interfaces)
            ],
            TagSpecifications=[
                {
                    "ResourceType": "instance",
                    "Tags": [{"Key": key, "Value": value} for key, value in dict(tags, Name="web-1").items()],
                }
            ],
        )
        return self.now(instance_id)

    def age(self, instance_id, *, hours):
        """Let an instance look as if it had been launched so long ago."""
        account = DEFAULT_ACCOUNT_ID if self.account_id == ACCOUNT else self.account_id
        launched = datetime.now(UTC) - timedelta(hours=hours)
        ec2_backends[account][self.region].get_instance(instance_id).launch_time = launched.replace(tzinfo=None)

    def scale(self, instance_id=INSTANCE, *, name="web-asg", smallest=0, largest=3):
        """An Auto Scaling group of which the instance is the only member; returns a way to look at it."""
        scaling = self.client("autoscaling", self.region, self.account_id)
        self.ec2.create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData={"ImageId": "ami-12345678", "InstanceType": "t3.micro"}
        )
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=0,
            MaxSize=largest,
            VPCZoneIdentifier=self.subnet,
            LaunchTemplate={"LaunchTemplateName": name},
        )
        scaling.attach_instances(AutoScalingGroupName=name, InstanceIds=[instance_id])
        scaling.update_auto_scaling_group(AutoScalingGroupName=name, MinSize=smallest)

        def look():
            (group,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
            return group["DesiredCapacity"], {one["InstanceId"]: one["LifecycleState"] for one in group["Instances"]}

        return look

    def balance(self, *targets, kind="instance", name="web"):
        """A target group with these (id, port); returns a way to look who is in it."""
        elb = self.client("elbv2", self.region, self.account_id)
        group = elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=self.vpc, TargetType=kind)
        arn = group["TargetGroups"][0]["TargetGroupArn"]
        if targets:
            elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": one, "Port": port} for one, port in targets])
        return lambda: {
            (one["Target"]["Id"], one["Target"]["Port"])
            for one in elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
            if one["TargetHealth"]["State"] != "draining"
        }

    def groups_named(self, name):
        filters = [{"Name": "vpc-id", "Values": [self.vpc]}, {"Name": "group-name", "Values": [name]}]
        return self.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]

    def now(self, instance_id=INSTANCE):
        """The instance as EC2 shows it at this moment."""
        (reservation,) = self.ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
        return Instance.from_description(reservation["Instances"][0], region=self.region, account_id=self.account_id)

    def carried(self, instance_id=INSTANCE):
        """The groups of each interface."""
        return {one.interface_id: one.groups for one in self.now(instance_id).interfaces}

    def rules(self, group_id):
        """Every rule of a group, in and out."""
        (group,) = self.ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
        return group["IpPermissions"] + group["IpPermissionsEgress"]

    def snapshots(self, case=CASE, instance_id=INSTANCE):
        """The volumes of which the case has a snapshot, one entry a snapshot."""
        filters = [
            {"Name": f"tag:{CASE_TAG}", "Values": [case]},
            {"Name": f"tag:{INSTANCE_TAG}", "Values": [instance_id]},
        ]
        found = self.ec2.describe_snapshots(OwnerIds=["self"], Filters=filters)["Snapshots"]
        return sorted(one["VolumeId"] for one in found)

    def snapshot_ids(self):
        """The ids of all snapshots."""
        return [one["SnapshotId"] for one in self.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]]

    def copies(self):
        """The copy of each snapshot that has one, both by their ids."""
        shown = self.ec2.describe_snapshots(OwnerIds=["self"], Filters=[{"Name": "tag-key", "Values": [COPY_TAG]}])
        tagged = {one["SnapshotId"]: {tag["Key"]: tag["Value"] for tag in one["Tags"]} for one in shown["Snapshots"]}
        return {tags[COPY_TAG]: copy for copy, tags in tagged.items()}

    def show_snapshot(self, snapshot_id, state, *, progress="100%", message=None):
        """Let EC2 show a snapshot in another state than Moto's "completed"."""
        snapshot = ec2_backends[DEFAULT_ACCOUNT_ID][self.region].get_snapshot(snapshot_id)
        snapshot.status = state
        # Moto's class answers 100 % for every snapshot.
        snapshot.__class__ = type("Shown", (Snapshot,), {"progress": progress, "state_message": message})

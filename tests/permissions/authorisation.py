"""How AWS authorises a call: the table from what a handler calls to what IAM is asked.

A call is authorised on several resources at once, each with condition keys of its own, and passes where each is
allowed. Which these are stands in the Service Authorization Reference, one page a service; where a row knows more, it
names its page. A call that has no row here is not proven, and the test says so.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from tests.lambdas.conftest import HOME
from tests.permissions.policies import ACCOUNT, COPY_KEY, Asked
from tests.recording import Call

Row = Callable[["There"], Iterator[Asked]]

# These calls know no resource.
ON_EVERYTHING = {
    "autoscaling": {"DescribeAutoScalingGroups"},
    "cloudtrail": {"LookupEvents"},
    "ec2": {
        "DescribeAddresses",
        "DescribeIamInstanceProfileAssociations",
        "DescribeInstances",
        "DescribeLockedSnapshots",
        "DescribeNetworkAcls",
        "DescribeNetworkInterfaces",
        "DescribeRegions",
        "DescribeRouteTables",
        "DescribeSecurityGroups",
        "DescribeSnapshots",
        "DescribeSubnets",
        "DescribeVolumes",
    },
    "elb": {"DescribeLoadBalancers"},
    "elbv2": {"DescribeTargetGroups", "DescribeTargetHealth"},
    "sns": {
        "CheckIfPhoneNumberIsOptedOut",
        "GetSMSAttributes",
        "GetSMSSandboxAccountStatus",
        "GetSubscriptionAttributes",
        "ListSMSSandboxPhoneNumbers",
    },
    "stepfunctions": {"SendTaskSuccess"},
    "ses": {"DescribeActiveReceiptRuleSet", "SetActiveReceiptRuleSet"},
}
_PREFIXES = {"elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing", "stepfunctions": "states"}
_ROWS: dict[tuple[str, str], Row] = {}


def rows() -> set[tuple[str, str]]:
    """Every call that the table knows: the service, as boto3 names it, and the operation."""
    return {(service, operation) for service, operations in ON_EVERYTHING.items() for operation in operations} | set(
        _ROWS
    )


def authorised(call: Call, account: str) -> list[Asked]:
    """What IAM is asked before AWS does this for somebody in an account. Raises KeyError where no row says so."""
    if call.operation in ON_EVERYTHING.get(call.service, ()):
        return [Asked.of(f"{_PREFIXES.get(call.service, call.service)}:{call.operation}", "*")]
    return list(_ROWS[call.service, call.operation](There(call, account)))


@dataclass(frozen=True)
class There:
    """A call, and what stands in the account and Region at its moment."""

    call: Call
    account: str

    @property
    def given(self) -> Mapping[str, Any]:
        return self.call.parameters

    @property
    def ec2(self) -> Any:
        return ec2_backends[self.account][self.call.region]

    @property
    def iam(self) -> Any:
        return iam_backends[self.account]["aws"]

    def asks(self, kind: str, resource_id: str = "*", /, **keys: Any) -> Asked:
        """The call's own action, on an EC2 resource with the tags that it has."""
        tags = dict(self.ec2.tags.get(resource_id, {}))
        return self.of(f"ec2:{self.call.operation}", kind, resource_id, _resource_tags(tags) | keys)

    def makes(self, kind: str, **keys: Any) -> Iterator[Asked]:
        """The call's own action on an EC2 resource that it makes, and the tags that this one is given.

        https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
        """
        kinds = [
            specification
            for specification in self.given.get("TagSpecifications", ())
            if specification["ResourceType"] == kind
        ]
        tags = {tag["Key"]: tag["Value"] for specification in kinds for tag in specification["Tags"]}
        yield self.of(f"ec2:{self.call.operation}", kind, "*", _request_tags(tags) | keys)
        if tags:
            yield self.of("ec2:CreateTags", kind, "*", _request_tags(tags) | {"ec2:CreateAction": self.call.operation})

    def of(self, action: str, kind: str, resource_id: str, keys: Mapping[str, Any]) -> Asked:
        owner = "" if kind == "snapshot" else self.account
        arn = f"arn:aws:ec2:{self.call.region}:{owner}:{kind}/{resource_id}"
        return Asked.of(action, arn, {**keys, "ec2:Region": self.call.region})

    def role(self, action: str, name: str, keys: Mapping[str, Any] | None = None) -> Asked:
        """An action on a role, with the tags that it has."""
        known = {role.name: role for role in self.iam.roles.values()}
        tags = {tag["Key"]: tag["Value"] for tag in known[name].tags} if name in known else {}
        arn = known[name].arn if name in known else f"arn:aws:iam::{self.account}:role/{name}"
        return Asked.of(action, arn, {**_resource_tags(tags, "iam"), **(keys or {})})

    def association(self) -> Any:
        """The instance's association that the call names."""
        wanted = self.given["AssociationId"]
        associations = self.ec2.iam_instance_profile_associations.values()
        return next(association for association in associations if association.association_id == wanted)


def row(service: str, *operations: str) -> Callable[[Row], Row]:
    """What stands below it says how these operations are authorised."""

    def keep(function: Row) -> Row:
        for operation in operations:
            _ROWS[service, operation] = function
        return function

    return keep


def _resource_tags(tags: Mapping[str, str], prefix: str = "ec2") -> dict[str, Any]:
    return {f"{kind}:ResourceTag/{key}": value for key, value in tags.items() for kind in ("aws", prefix)}


def _request_tags(tags: Mapping[str, str]) -> dict[str, Any]:
    requested: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return requested | ({"aws:TagKeys": tuple(sorted(tags))} if tags else {})


# EC2: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html


@row("ec2", "DescribeInstanceAttribute", "GetConsoleOutput", "GetConsoleScreenshot")
def _looks_at_the_instance(there: There) -> Iterator[Asked]:
    yield there.asks("instance", there.given["InstanceId"])


@row("ec2", "StopInstances")
def _changes_the_instances(there: There) -> Iterator[Asked]:
    for instance_id in there.given["InstanceIds"]:
        yield there.asks("instance", instance_id)


@row("ec2", "ModifyInstanceAttribute")
def _changes_an_attribute(there: There) -> Iterator[Asked]:
    """With the volumes whose end it sets, and the groups that it gives.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-ec2-console.html (ec2:Attribute/${AttributeName})
    """
    instance = there.ec2.get_instance(there.given["InstanceId"])
    (name,) = set(there.given) - {"InstanceId"}
    value = there.given[name]
    keys = {"ec2:Attribute": name}
    if isinstance(value, dict):
        keys[f"ec2:Attribute/{name}"] = str(value["Value"]).lower()
    yield there.asks("instance", instance.id, **keys)
    for mapping in value if name == "BlockDeviceMappings" else ():
        yield there.asks("volume", instance.block_device_mapping[mapping["DeviceName"]].volume_id)
    for group in value if name == "Groups" else ():
        yield there.asks("security-group", group)


@row("ec2", "ModifyNetworkInterfaceAttribute")
def _moves_an_interface(there: There) -> Iterator[Asked]:
    """The optional resources as well: whether EC2 asks for them is known to EC2."""
    interface = there.ec2.enis[there.given["NetworkInterfaceId"]]
    yield there.asks("network-interface", interface.id, **{"ec2:Attribute": "Groups"})
    yield there.asks("subnet", interface.subnet.id)
    if interface.instance:
        yield there.asks("instance", interface.instance.id)
    for group in there.given["Groups"]:
        yield there.asks("security-group", group)


@row("ec2", "CreateSecurityGroup")
def _makes_a_group(there: There) -> Iterator[Asked]:
    yield from there.makes("security-group")
    yield there.asks("vpc", there.given["VpcId"])


@row(
    "ec2",
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
)
def _changes_rules(there: There) -> Iterator[Asked]:
    """The rules themselves are asked for only where they are given tags."""
    yield there.asks("security-group", there.given["GroupId"])


@row("ec2", "CreateSnapshots")
def _makes_snapshots_of_an_instance(there: There) -> Iterator[Asked]:
    instance = there.ec2.get_instance(there.given["InstanceSpecification"]["InstanceId"])
    yield there.asks("instance", instance.id)
    for device in instance.block_device_mapping.values():
        yield there.asks("volume", device.volume_id)
        volume = there.of("", "volume", device.volume_id, {}).resource
        yield from there.makes("snapshot", **{"ec2:ParentVolume": volume})


@row("ec2", "CreateSnapshot")
def _makes_a_snapshot(there: There) -> Iterator[Asked]:
    volume = there.asks("volume", there.given["VolumeId"])
    yield volume
    yield from there.makes("snapshot", **{"ec2:ParentVolume": volume.resource})


@row("ec2", "LockSnapshot")
def _locks(there: There) -> Iterator[Asked]:
    """https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lock-iam.html."""
    keys = {"ec2:SnapshotLockDuration": there.given["LockDuration"]}
    if "CoolOffPeriod" in there.given:
        keys["ec2:SnapshotCoolOffPeriod"] = there.given["CoolOffPeriod"]
    yield there.asks("snapshot", there.given["SnapshotId"], **keys)


@row("ec2", "CopySnapshot")
def _copies(there: There) -> Iterator[Asked]:
    """The copy and its source; and EC2 asks KMS in the caller's name, for the source's key and for the copy's.

    https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
    """
    yield from there.makes("snapshot")
    yield there.asks("snapshot", there.given["SourceSnapshotId"])
    via = {"kms:ViaService": f"ec2.{there.call.region}.amazonaws.com"}
    key = f"arn:aws:kms:{there.call.region}:{there.account}:key"
    own = via | {"kms:ResourceAliases": (there.given["KmsKeyId"],)}
    for action in ("GenerateDataKeyWithoutPlaintext", "ReEncryptTo", "DescribeKey"):
        yield Asked.of(f"kms:{action}", f"{key}/{COPY_KEY.removeprefix('alias/')}", own)
    for action in ("Decrypt", "ReEncryptFrom", "DescribeKey"):
        yield Asked.of(f"kms:{action}", f"{key}/of-the-volume", via)
    yield Asked.of(
        "kms:CreateGrant", f"{key}/{COPY_KEY.removeprefix('alias/')}", own | {"kms:GrantIsForAWSResource": "true"}
    )


@row("ec2", "CreateTags", "DeleteTags")
def _changes_tags(there: There) -> Iterator[Asked]:
    tags = {tag["Key"]: tag.get("Value", "") for tag in there.given["Tags"]}
    kinds = {"i": "instance", "sg": "security-group", "snap": "snapshot", "vol": "volume", "eni": "network-interface"}
    for resource in there.given["Resources"]:
        yield there.asks(kinds[resource.partition("-")[0]], resource, **_request_tags(tags))


@row("ec2", "AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation")
def _gives_a_profile(there: There) -> Iterator[Asked]:
    """And the profile's role is passed.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    profile = there.given["IamInstanceProfile"]["Arn"]
    keys, instance_id = {"ec2:NewInstanceProfile": profile}, there.given.get("InstanceId")
    if instance_id is None:
        association = there.association()
        instance_id = association.instance.id
        keys["ec2:InstanceProfile"] = association.iam_instance_profile.arn
    instance = there.asks("instance", instance_id, **keys)
    yield instance
    passed = {"iam:PassedToService": "ec2.amazonaws.com", "iam:AssociatedResourceArn": instance.resource}
    for known in there.iam.instance_profiles.values():
        for role in known.roles if known.arn == profile else ():
            yield there.role("iam:PassRole", role.name, passed)


@row("ec2", "DisassociateIamInstanceProfile")
def _takes_the_profile_off(there: There) -> Iterator[Asked]:
    association = there.association()
    yield there.asks(
        "instance", association.instance.id, **{"ec2:InstanceProfile": association.iam_instance_profile.arn}
    )


# Auto Scaling: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html


@row("autoscaling", "AttachInstances", "DetachInstances", "EnterStandby", "ExitStandby")
def _changes_a_group(there: There) -> Iterator[Asked]:
    group = autoscaling_backends[there.account][there.call.region].autoscaling_groups[
        there.given["AutoScalingGroupName"]
    ]
    yield Asked.of(f"autoscaling:{there.call.operation}", group.arn)


# Load balancers: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html


@row("elbv2", "DeregisterTargets", "RegisterTargets")
def _changes_a_target_group(there: There) -> Iterator[Asked]:
    yield Asked.of(f"elasticloadbalancing:{there.call.operation}", there.given["TargetGroupArn"])


@row("elb", "DeregisterInstancesFromLoadBalancer", "RegisterInstancesWithLoadBalancer")
def _changes_a_classic_one(there: There) -> Iterator[Asked]:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancing.html."""
    here = f"{there.call.region}:{there.account}"
    name = there.given["LoadBalancerName"]
    yield Asked.of(
        f"elasticloadbalancing:{there.call.operation}", f"arn:aws:elasticloadbalancing:{here}:loadbalancer/{name}"
    )


# IAM: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html


@row("iam", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies", "ListRoleTags")
def _looks_at_a_role(there: There) -> Iterator[Asked]:
    yield there.role(f"iam:{there.call.operation}", there.given["RoleName"])


@row("iam", "AttachRolePolicy", "DetachRolePolicy")
def _gives_a_role_a_policy(there: There) -> Iterator[Asked]:
    keys = {"iam:PolicyARN": there.given["PolicyArn"]}
    yield there.role(f"iam:{there.call.operation}", there.given["RoleName"], keys)


@row("iam", "TagRole")
def _tags_a_role(there: There) -> Iterator[Asked]:
    tags = {tag["Key"]: tag["Value"] for tag in there.given["Tags"]}
    yield there.role("iam:TagRole", there.given["RoleName"], _request_tags(tags))


@row("iam", "UntagRole")
def _untags_a_role(there: There) -> Iterator[Asked]:
    yield there.role("iam:UntagRole", there.given["RoleName"], {"aws:TagKeys": tuple(there.given["TagKeys"])})


@row("iam", "GetInstanceProfile")
def _looks_at_a_profile(there: There) -> Iterator[Asked]:
    name = there.given["InstanceProfileName"]
    known = {profile.name: profile.arn for profile in there.iam.instance_profiles.values()}
    yield Asked.of("iam:GetInstanceProfile", known.get(name, f"arn:aws:iam::{there.account}:instance-profile/{name}"))


@row("iam", "ListEntitiesForPolicy")
def _looks_who_has_a_policy(there: There) -> Iterator[Asked]:
    yield Asked.of("iam:ListEntitiesForPolicy", there.given["PolicyArn"])


@row("sts", "AssumeRole")
def _assumes(there: There) -> Iterator[Asked]:
    """The role's own trust is asked as well: test_least_privilege.py does."""
    yield Asked.of("sts:AssumeRole", there.given["RoleArn"], {"sts:ExternalId": there.given["ExternalId"]})


# What the responder keeps at home. S3, DynamoDB and SNS ask KMS in the caller's name:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html


def _key(there: There, *actions: str) -> Iterator[Asked]:
    via = {"kms:ViaService": f"{there.call.service}.{HOME}.amazonaws.com"}
    for action in actions:
        yield Asked.of(f"kms:{action}", f"arn:aws:kms:{HOME}:{ACCOUNT}:key/responder", via)


def _object(there: There) -> str:
    return f"arn:aws:s3:::{there.given['Bucket']}/{there.given['Key']}"


@row("s3", "GetObject")
def _reads_an_object(there: There) -> Iterator[Asked]:
    yield Asked.of("s3:GetObject", _object(there))
    yield from _key(there, "Decrypt")


@row("s3", "PutObject")
def _writes_an_object(there: There) -> Iterator[Asked]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html."""
    keys = {"s3:ObjectCreationOperation": "true"}
    if "IfNoneMatch" in there.given:
        keys["s3:if-none-match"] = there.given["IfNoneMatch"]
    yield Asked.of("s3:PutObject", _object(there), keys)
    yield from _key(there, "GenerateDataKey")


@row("sqs", "DeleteMessage", "ReceiveMessage")
def _uses_a_queue(there: There) -> Iterator[Asked]:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html."""
    name = there.given["QueueUrl"].rpartition("/")[2]
    yield Asked.of(f"sqs:{there.call.operation}", f"arn:aws:sqs:{HOME}:{ACCOUNT}:{name}")


@row("dynamodb", "GetItem", "PutItem", "Query", "UpdateItem")
def _uses_the_table(there: There) -> Iterator[Asked]:
    table = f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/{there.given['TableName']}"
    yield Asked.of(f"dynamodb:{there.call.operation}", table)
    yield from _key(there, "Decrypt", "GenerateDataKey")


@row("sns", "Publish")
def _publishes(there: There) -> Iterator[Asked]:
    yield Asked.of("sns:Publish", there.given["TopicArn"])
    yield from _key(there, "Decrypt", "GenerateDataKey")


@row("sns", "ListSubscriptionsByTopic")
def _looks_at_a_topic(there: There) -> Iterator[Asked]:
    yield Asked.of("sns:ListSubscriptionsByTopic", there.given["TopicArn"])


@row("sns", "Subscribe")
def _subscribes(there: There) -> Iterator[Asked]:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html (sns:Endpoint, sns:Protocol)."""
    keys = {"sns:Protocol": there.given["Protocol"], "sns:Endpoint": there.given["Endpoint"]}
    yield Asked.of("sns:Subscribe", there.given["TopicArn"], keys)


@row("sns", "SetSMSAttributes")
def _sets_the_role_that_logs_sms(there: There) -> Iterator[Asked]:
    """And passes it, unless it takes it off."""
    yield Asked.of("sns:SetSMSAttributes", "*")
    if role := there.given["attributes"]["DeliveryStatusIAMRole"]:
        yield Asked.of("iam:PassRole", role, {"iam:PassedToService": "sns.amazonaws.com"})


@row("logs", "CreateLogGroup", "FilterLogEvents", "PutRetentionPolicy")
def _uses_a_log(there: There) -> Iterator[Asked]:
    group = f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:{there.given['logGroupName']}"
    yield Asked.of(f"logs:{there.call.operation}", f"{group}:*")


@row("events", "PutEvents")
def _puts_events(there: There) -> Iterator[Asked]:
    for entry in there.given["Entries"]:
        yield Asked.of("events:PutEvents", f"arn:aws:events:{HOME}:{ACCOUNT}:event-bus/{entry['EventBusName']}")


@row("stepfunctions", "StartExecution")
def _starts_an_execution(there: There) -> Iterator[Asked]:
    yield Asked.of("states:StartExecution", there.given["stateMachineArn"])


def protected(asked: Iterable[Asked], tag: str) -> list[Asked]:
    """The same asked of an instance that carries the protect tag."""
    return [
        replace(call, keys=(*call.keys, (f"aws:ResourceTag/{tag}", ""))) if ":instance/" in call.resource else call
        for call in asked
    ]

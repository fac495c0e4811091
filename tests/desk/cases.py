"""A deployed responder in Moto, with cases in its table, evidence in its bucket and instances in EC2."""

import json

import boto3

from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from tests import rich_case as rich
from tests.lambdas.contain.fleet import Fleet
from tests.samples import CASE, INSTANCE

TABLE, EVIDENCE = "cases", "evidence"
INTAKE = "abuse-k7f3q9@abuse-in.example.com"
OUTPUTS = {"CaseTable": TABLE, "EvidenceBucket": EVIDENCE}


class Deployed:
    """What stands in the account; a test adds to it and takes from it."""

    def __init__(self):
        self.dynamodb, self.s3 = boto3.client("dynamodb"), boto3.client("s3")
        self.dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        self.s3.create_bucket(Bucket=EVIDENCE)

    def keep(self, case, items):
        """Put items into the case table as the responder does."""
        for sort, data in items.items():
            item = {"pk": {"S": case}, "sk": {"S": sort}, "data": {"S": json.dumps(data)}}
            self.dynamodb.put_item(TableName=TABLE, Item=item)

    def rich_case(self):
        """The rich case with its evidence. Its instance runs, and stands in quarantine: returns its fleet."""
        self.keep(CASE, rich.items())
        self.keep("mail#mail/k3v9story1", {"case": {"case": CASE}})
        self.keep(f"resource#{INSTANCE}", {"case": {"case": CASE}})
        self.s3.put_object(Bucket=EVIDENCE, Key=rich.MANIFEST, Body=rich.BODY)
        fleet = Fleet(lambda service, region, _: boto3.client(service, region_name=region), "ap-northeast-1")
        fleet.launch(tags={"aws:autoscaling:groupName": "web-asg"}.items())
        fleet.scale()
        quarantine = fleet.group("abuse-responder-quarantine", [(ROLE_TAG, QUARANTINE)])
        (shown,) = fleet.ec2.describe_security_groups(GroupIds=[quarantine])["SecurityGroups"]
        fleet.ec2.revoke_security_group_egress(GroupId=quarantine, IpPermissions=shown["IpPermissionsEgress"])
        for interface in fleet.now().interfaces:
            fleet.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface.interface_id, Groups=[quarantine])
        return fleet

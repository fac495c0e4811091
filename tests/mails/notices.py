"""What AWS writes: one specimen of each template, in prose of our own around AWS's labels.

Ids are invented, addresses are those of RFC 5737 and 3849, domains those of RFC 2606.
"""

from dataclasses import dataclass, field
from typing import Any

EC2_ABUSE = '"ec2-abuse@amazon.com" <ec2-abuse@amazon.com>'
TRUST = "AWS Trust and Safety <trustandsafety@support.aws.com>"
NO_REPLY = "Amazon Web Services <no-reply@amazonaws.com>"
SUPPORT = "Amazon Web Services <no-reply-aws@amazon.com>"
HEALTH = "AWS Health <health@aws.com>"
SNS = "AWS Notifications <no-reply@sns.amazonaws.com>"

LISTS = ("case_numbers", "account_ids", "regions", "instance_ids", "ips", "urls")


@dataclass(frozen=True)
class Specimen:
    """A mail as AWS sends it, and what it says."""

    name: str
    subject: str
    sender: str
    body: str
    says: dict[str, Any] = field(default_factory=dict)
    date: str = "Tue, 10 Sep 2024 08:00:00 +0000"

    def expected(self) -> dict[str, Any]:
        """Return the labels, with the empty ones filled in."""
        empty: dict[str, Any] = {name: [] for name in LISTS} | {"abuse_type": None, "deadline_hours": None}
        return empty | self.says


ADVICE = """\
Should none of this be known to you, somebody may have got into your environment.

* Amazon EC2 Security Groups User Guide:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-network-security.html (Linux)

More help: https://console.aws.amazon.com/support/home?region=us-east-2#/
"""

SIGNED_OLD = "Regards,\nAWS Abuse\n"
SIGNED = "Regards,\nAWS Trust & Safety\n"
FORM_REPORT = """\
---Beginning of forwarded report(s)---

Abuse type*: SSH brute force
Source IPs (comma separated)*: 192.0.2.200, 192.0.2.201
Destination IPs: 198.51.100.7
Time zone*: -0800
Logs (4KB max)*:
<<<
Aug 30 04:11:12 bastion sshd[811]: Invalid user pi from 192.0.2.200 port 40112, ticket 77001234567
Aug 30 04:11:13 bastion fw: i-0fedcba9876543210 (us-west-1, account 999988887777) was hit, answer within 2 hours
>>>
"""


def _says(kind: str, abuse: str | None, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "abuse_type": abuse} | more


def _first(account: str, region: str, what: str, clause: str, *, report: str = "", case: str = "") -> str:
    line = f"\nAbuse Case Number: {case}\n" if case else ""
    return (
        "Hello,\n\nWe've received a report(s) that your AWS resource(s)\n\n"
        f"AWS ID: {account}    Region: {region}    EC2 Instance Id: {what}\n\n\n"
        f"has been implicated in activity {clause}. This is not allowed under the AWS Acceptable Use Policy "
        "(https://aws.amazon.com/aup/). The original report is included below.\n\n"
        f"Stop it, please, and answer with what you have done.\n\n{ADVICE}\n{SIGNED_OLD}{line}\n{report}"
    )


INTRUSION = "which resembles attempts to access remote hosts on the internet without authorization"

SPECIMENS = (
    Specimen(
        "t1-first-2017",
        "Your Amazon EC2 Abuse Report [4412345678-1] [AWS ID 210987654321]",
        EC2_ABUSE,
        _first(
            "210987654321",
            "eu-west-1",
            "i-0a1b2c3d4e5f60718 [203.0.113.10]",
            INTRUSION,
            report=FORM_REPORT,
            case="4412345678-1",
        ),
        _says(
            "first_notice",
            "intrusion_attempt",
            case_numbers=["4412345678-1"],
            account_ids=["210987654321"],
            regions=["eu-west-1"],
            instance_ids=["i-0a1b2c3d4e5f60718"],
            ips=["203.0.113.10"],
        ),
    ),
    Specimen(
        "t1-no-address",
        "Your AWS Abuse Report [10400000017] [AWS ID 012345678901]",
        EC2_ABUSE,
        _first("012345678901", "sa-east-1", "i-0bb00cc11dd22ee33", INTRUSION, report=FORM_REPORT),
        _says(
            "first_notice",
            "intrusion_attempt",
            case_numbers=["10400000017"],
            account_ids=["012345678901"],
            regions=["sa-east-1"],
            instance_ids=["i-0bb00cc11dd22ee33"],
            ips=["192.0.2.200", "192.0.2.201"],
        ),
    ),
    Specimen(
        "t1-ipv6-two-ids",
        "Your AWS Abuse Report [10400000025-1] [AWS ID 210987654321]",
        EC2_ABUSE,
        _first(
            "210987654321",
            "us-gov-west-1",
            "i-0123456789abcdef1 [2001:db8:1::5], i-deadbeef [203.0.113.77]",
            "which resembles scanning remote hosts on the internet for security weaknesses",
        ),
        _says(
            "first_notice",
            "port_scanning",
            case_numbers=["10400000025-1"],
            account_ids=["210987654321"],
            regions=["us-gov-west-1"],
            instance_ids=["i-0123456789abcdef1", "i-deadbeef"],
            ips=["2001:db8:1::5", "203.0.113.77"],
        ),
    ),
    Specimen(
        "t1-two-accounts",
        "Your AWS Abuse Report [10400000033]",
        TRUST,
        "Hello,\n\nWe have received reports that your AWS resource(s)\n\n"
        "AWS ID: 111100002222    Region: eu-north-1    EC2 Instance Id: i-0aaaa1111bbbb2222 [203.0.113.31]\n"
        "AWS ID: 333300004444    Region: ap-east-1    EC2 Instance Id: i-0cccc3333dddd4444 [203.0.113.32]\n\n"
        "have been implicated in activity that resembles a Denial of Service attack against remote hosts.\n\n"
        f"{SIGNED}\nAbuse Case Number: 10400000033\n",
        _says(
            "first_notice",
            "dos",
            case_numbers=["10400000033"],
            account_ids=["111100002222", "333300004444"],
            regions=["eu-north-1", "ap-east-1"],
            instance_ids=["i-0aaaa1111bbbb2222", "i-0cccc3333dddd4444"],
            ips=["203.0.113.31", "203.0.113.32"],
            pairs=[
                ["i-0aaaa1111bbbb2222", "eu-north-1", "111100002222"],
                ["i-0cccc3333dddd4444", "ap-east-1", "333300004444"],
            ],
        ),
    ),
    Specimen(
        "t1-masked",
        "Your AWS Abuse Report [10400000041] [AWS ID 2109xxxxxxxx]",
        EC2_ABUSE,
        _first("2109xxxxxxxx", "us-west-2", "i-0c29xxxxxxxx7 [203.xx.xx.xx]", INTRUSION),
        _says("first_notice", "intrusion_attempt", case_numbers=["10400000041"], regions=["us-west-2"]),
    ),
    Specimen(
        "t2-malware-2012",
        "Your Amazon EC2 Abuse Report",
        '"Amazon EC2 Abuse" <ec2-abuse@amazon.com>',
        "Hello,\n\nWe've received report(s) that one or more of your instances may be infected with malware.\n\n"
        "Instance Id: i-90ab12cd\n\nPlease look into it.\n\nRegards,\nAmazon EC2 Abuse Team\n\n\n===== Details "
        "======\n\n"
        "1. AWS Acceptable Use Policy: http://aws.amazon.com/aup/\n"
        "2. Additional abuse report information provided by original abuse reporter(s):\n* Destination IPs: "
        "198.51.100.40\n"
        "* Abuse Time: Fri Mar 02 03:33:33 UTC 2012\n* Log Extract:\n\nRegion eu-west-1\ni-90ab12cd  "
        "bad.example.net\n\n"
        "Region us-west-1 (others)\ni-aabbccdd  bad.example.net\n",
        _says("first_notice", "malware", regions=["eu-west-1"], instance_ids=["i-90ab12cd"]),
        "Fri, 02 Mar 2012 09:00:00 +0000",
    ),
    Specimen(
        "t3-follow-up-2016",
        "RE: Your Amazon EC2 Abuse Report [3711111111] [AWS ID 210987654321]",
        EC2_ABUSE,
        "Hello,\n\nWe're writing to follow up on your outstanding EC2 abuse reports. We've observed Intrusion Attempts "
        "activity from account 210987654321, and have no answer from you. Failure to respond to this notice within "
        "24 hours "
        "may result in your instances being isolated.\n\nInstance ID: i-0b4c6d8e0f1a2b3d4\n\n"
        "Best regards,\nAWS Abuse Team\n\nCase Number: 3711111111\n",
        _says(
            "follow_up",
            "intrusion_attempt",
            case_numbers=["3711111111"],
            account_ids=["210987654321"],
            instance_ids=["i-0b4c6d8e0f1a2b3d4"],
            deadline_hours=24,
        ),
    ),
    Specimen(
        "t4-dos-measures",
        "Your Amazon EC2 Abuse Report [5501234567-2] [AWS ID 210987654321]",
        EC2_ABUSE,
        "Hello,\n\nWe've received a report(s) that your AWS resource(s)\n\n"
        "AWS ID: 210987654321    Region: ap-south-1    EC2 Instance Id: i-0dd5be19a7c2f4999 [203.0.113.61]\n\n\n"
        "has been implicated in activity that resembles a Denial of Service attack against remote hosts.\n\n"
        "To assist you, we have taken the following actions:\n\nRegion: ap-south-1\n\nInstances:\n"
        "Instance Id Remote IP Port Protocol Action Taken\ni-0dd5be19a7c2f4999 198.51.100.219 53 17 Outgoing Port 53 "
        "Blocked\n\n"
        "Details of the abusive activity:\n\nInstance Id: i-0dd5be19a7c2f4999\nReport begin time: 2018-11-28 "
        "02:04:18 UTC\n"
        "Protocol: UDP\nRemote IP: 198.51.100.219\nRemote port(s): 53\n\nTotal bytes sent: 6941183220\n\n"
        f"{SIGNED_OLD}\nAbuse Case Number: 5501234567-2\n",
        _says(
            "action_taken",
            "dos",
            case_numbers=["5501234567-2"],
            account_ids=["210987654321"],
            regions=["ap-south-1"],
            instance_ids=["i-0dd5be19a7c2f4999"],
            ips=["203.0.113.61"],
        ),
    ),
    Specimen(
        "t4-source-column",
        "Your AWS Abuse Report [8501234567] [AWS ID 210987654321]",
        EC2_ABUSE,
        "Hello,\n\nWe've received a report(s) that your AWS resource(s)\n\n"
        "AWS ID: 210987654321    Region: ap-northeast-2    EC2 Instance Id: i-0dd5be19a7c2f4998\n\n"
        "has been implicated in activity that resembles a Denial of Service attack against remote hosts.\n\n"
        "Details of the abusive activity:\n\nSource IP        Destination IP     DestPort\n"
        "203.0.113.62     198.51.100.220     80\n203.0.113.62     198.51.100.221     80\n\n" + SIGNED,
        _says(
            "first_notice",
            "dos",
            case_numbers=["8501234567"],
            account_ids=["210987654321"],
            regions=["ap-northeast-2"],
            instance_ids=["i-0dd5be19a7c2f4998"],
            ips=["203.0.113.62"],
        ),
    ),
    Specimen(
        "t5-vulnerability",
        "Your AWS Abuse Report [8140000001] [AWS ID 098765432109]",
        EC2_ABUSE,
        "Hello,\n\nWe've received a vulnerability report implicating resources on your account.\n\n"
        "Required Actions: Remediate the reported vulnerability\nAWS Account ID: 098765432109\n"
        "Implicated Resource:EC2 Instance Id: i-04f1c8a3be7720aaa\nRegion:me-central-1\nReported "
        "Vulnerability:open_redis\n\n"
        f"{SIGNED}\n---Beginning of forwarded report(s)---\n\nASN, IP, Timestamp\n64500, 203.0.113.91, 2021-10-13\n",
        _says(
            "first_notice",
            "vulnerability",
            case_numbers=["8140000001"],
            account_ids=["098765432109"],
            regions=["me-central-1"],
            instance_ids=["i-04f1c8a3be7720aaa"],
            accept={"ips": [["203.0.113.91"]]},
        ),
    ),
    Specimen(
        "t6-reminder",
        "RE: Your AWS Abuse Report [9560000001] [AWS ID 210987654321]",
        EC2_ABUSE,
        "Hello,\n\nWe have not received a response regarding the abuse report implicating resources on your account. "
        "This may lead to possible mitigation against the implicated resources.\n\nIn order to resolve this report "
        "please "
        "reply to this email within 24 hours with the corrective action taken to cease the activity.\n\n"
        "Required Actions: investigate root cause\n\nReported Activity: Port Scanning\nAbuse Time: 27 Apr 2023 "
        "14:46:47 GMT\n\n"
        f"{SIGNED}\n---Beginning of forwarded report(s)---\n\n"
        "(attacker's IP) (IP being scanned) (TCP port being scanned)\n<<<\n203.0.113.53 192.0.2.17 22\n>>>\n",
        _says(
            "follow_up",
            "port_scanning",
            case_numbers=["9560000001"],
            account_ids=["210987654321"],
            ips=["203.0.113.53"],
            deadline_hours=24,
        ),
    ),
    Specimen(
        "t6a-labels",
        "Your AWS Abuse Report [11500000001-1] [AWS ID 210987654321]",
        TRUST,
        "Hello,\n\nWe have received a report implicating resources on your account.\n\nAWS Account ID: 210987654321\n"
        "Region(s): ca-west-1\nImplicated Resource(s): EC2 Instance Id: i-0fe1dc2ba39847777 [203.0.113.89]\n"
        "Reported Activity: Email Spam\nAbuse Time: 07 Jul 2025 17:58:00 UTC\n\nPlease reply to this email within "
        f"48 hours with the corrective action taken.\n\n{SIGNED}",
        _says(
            "first_notice",
            "email_spam",
            case_numbers=["11500000001-1"],
            account_ids=["210987654321"],
            regions=["ca-west-1"],
            instance_ids=["i-0fe1dc2ba39847777"],
            ips=["203.0.113.89"],
            deadline_hours=48,
        ),
    ),
    Specimen(
        "t7-final",
        "RE: Your AWS Abuse Report [10580000001] [AWS ID 210987654321]",
        TRUST,
        "** FINAL NOTIFICATION **\n\nHello,\n\nWe have not received a response regarding the abuse report implicating "
        "resources on your account. To mitigate the abuse, we have taken the following steps:\n\n"
        "***Blocked the ability to Stop and Start EC2 Instances in ap-northeast-1 region***\n\n"
        "AWS Account ID: 210987654321\nRegion(s): ap-northeast-1\nReported Activity: Open Proxy\n"
        f"Abuse Time: 10 Jul 2024 02:21:07 UTC\n\nRequired Actions: Investigate root cause\n\n{SIGNED}",
        _says(
            "action_taken",
            "open_proxy",
            case_numbers=["10580000001"],
            account_ids=["210987654321"],
            regions=["ap-northeast-1"],
        ),
    ),
    Specimen(
        "t8-agent",
        "RE: Your AWS Abuse Report [10580000009] [AWS ID 210987654321]",
        TRUST,
        "Hello,\n\nWe recently sent an abuse report for Open Proxy originating from instance i-0aaabbbcccdddeee1. "
        "While this "
        "instance has been terminated, an additional report names a different instance i-0aaabbbcccdddeee2. Tell us "
        "what you "
        "did about it, so that we can finish our investigation into this case and resolve it.\n\nThank you,\nJordan\n"
        + SIGNED,
        _says(
            "follow_up",
            "open_proxy",
            case_numbers=["10580000009"],
            account_ids=["210987654321"],
            instance_ids=["i-0aaabbbcccdddeee1", "i-0aaabbbcccdddeee2"],
        ),
    ),
    Specimen(
        "t8-nudge",
        "RE: Your AWS Abuse Report [10580000017] [AWS ID 210987654321]",
        TRUST,
        "Hello,\n\nWe still have no answer about this case. If we do not hear from you, we may have to take action "
        "against "
        f"your instance or account.\n\n{SIGNED}",
        _says("follow_up", None, case_numbers=["10580000017"], account_ids=["210987654321"]),
    ),
    Specimen(
        "t9-error",
        "RE: Your Amazon EC2 Abuse Report [3722222222] [AWS ID 210987654321]",
        EC2_ABUSE,
        "Hello,\n\nThank you for responding to this notice.\n\nWe looked again: this notification was sent in error. "
        "No further action is required. This case has been resolved.\n\nWe apologize for any inconvenience.\n\n"
        "Best regards,\nAWS Abuse\n\nAbuse Case Number: 3722222222\n",
        _says("resolved", None, case_numbers=["3722222222"], account_ids=["210987654321"]),
    ),
    Specimen(
        "t9-lifted",
        "RE: Your AWS Abuse Report [11500000009] [AWS ID 210987654321]",
        TRUST,
        "Hello,\n\nThanks for the details. We have removed the block on port 80 of i-0aaabbbcccdddeee3 in "
        "eu-south-2, and "
        f"we are closing this case.\n\n{SIGNED}",
        _says(
            "resolved",
            None,
            case_numbers=["11500000009"],
            account_ids=["210987654321"],
            regions=["eu-south-2"],
            instance_ids=["i-0aaabbbcccdddeee3"],
        ),
    ),
    Specimen(
        "t10-advice",
        "RE: Your AWS Abuse Report [9570000001] [AWS ID 210987654321]",
        TRUST,
        "Hello,\n\nIt looks as if you have left several ports open to the public (0.0.0.0/0):\n\nALL         "
        "0.0.0.0/0\n\n"
        "1. Terminate the instance if it was taken over\n2. Close ports 22 and 3389\n3. Read the guides\n\n" + SIGNED,
        _says("follow_up", None, case_numbers=["9570000001"], account_ids=["210987654321"]),
    ),
)

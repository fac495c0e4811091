"""What AWS writes about accounts, content and Health events: the templates beyond an instance's abuse."""

import json
from typing import Any

from tests.mails.notices import EC2_ABUSE, HEALTH, NO_REPLY, SIGNED, SNS, SUPPORT, TRUST, Specimen


def _says(kind: str, abuse: str | None, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "abuse_type": abuse} | more


def _event(code: str, description: str, entities: list[str], **detail: str) -> dict[str, Any]:
    return {
        "version": "0",
        "detail-type": "AWS Health Abuse Event",
        "source": "aws.health",
        "account": "555566667777",
        "region": "us-east-1",
        "resources": entities,
        "detail": {
            "eventArn": f"arn:aws:health:global::event/{code}_10500000001_1",
            "service": "ABUSE",
            "eventTypeCode": code,
            "communicationId": "4012340000-1",
            "statusCode": "open",
            "affectedAccount": "210987654321",
            "eventDescription": [{"language": "en_US", "latestDescription": description}],
            "affectedEntities": [{"entityValue": entity, "status": "IMPAIRED"} for entity in entities],
            **detail,
        },
    }


_ARN = "arn:aws:ec2:ap-southeast-3:210987654321:instance/i-0ab1cd2ef34506111"
_DOS = _event(
    "AWS_ABUSE_DOS_REPORT",
    "We've received a report(s) that your AWS resource(s) listed in the 'Affected resources' tab has been implicated "
    "in "
    "activity that resembles a Denial of Service attack against remote hosts.",
    [_ARN],
)
_BARE = _event(
    "AWS_ABUSE_EC2_OPEN_PROXY_REPORT",
    "A report came in. Reply within 24 hours.",
    ["i-0ab1cd2ef34506222", "203.0.113.44"],
    eventRegion="eu-central-2",
)
_FOOTER = (
    "\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to "
    "unsubscribe:\nhttps://sns.us-east-1.amazonaws.com/unsubscribe.html?SubscriptionArn=arn:aws:sns:us-east-1:888899990000:x:1\n"
)

SPECIMENS = (
    Specimen(
        "t11a-limited-2014",
        "Your AWS Account is compromised",
        SUPPORT,
        "Dear AWS Customer,\n\nYour AWS Account ****-****-6006 may be compromised. The key below was found on a "
        "public site:\n\n"
        "Access Key             Web Site\n****-****-WBAA         https://code.example.org/u/repo\n\n"
        "We have temporarily limited your ability to launch a large number of EC2 instances.\n\nSincerely,\nAmazon "
        "Web Services\n",
        _says(
            "first_notice",
            "credential_exposure",
            urls=["https://code.example.org/u/repo"],
            accept={"kind": ["action_taken", "follow_up"], "abuse_type": ["account_compromise"], "urls": [[]]},
        ),
    ),
    Specimen(
        "t11b-case-2018",
        "Amazon Web Services: New Support case: 5244000001",
        SUPPORT,
        "Amazon Web Services has opened case 5244000001 on your behalf.\n\nThe details of the case are as follows:\n\n"
        "Case ID: 5244000001\nSubject: Your AWS account 210987654321 is compromised\nSeverity: Urgent\n"
        "Correspondence: Dear AWS Customer,\n\nYour account may be compromised! The AWS Access Key AKIAEXAMPLE00000001 "
        '(belonging to IAM user "web") along with its secret is publicly available online at '
        "https://git.example.com/web/app/blob/config.ini.\n\nAmazon Web Services\n",
        _says(
            "first_notice",
            "credential_exposure",
            case_numbers=["5244000001"],
            account_ids=["210987654321"],
            urls=["https://git.example.com/web/app/blob/config.ini"],
            accept={"abuse_type": ["account_compromise"]},
        ),
    ),
    Specimen(
        "t11c-exposed",
        "ACTION REQUIRED: Your AWS Access Key is Exposed for AWS Account 210987654321",
        NO_REPLY,
        "Hello,\n\nYour AWS Access Key is exposed. It can be found at https://code.example.net/leak/file.txt and has "
        "the policy "
        "AWSCompromisedKeyQuarantineV3.\n\nRotate it. See "
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials.html "
        "for the steps.\n\nCase ID: 176679531900745\n\nSincerely,\nAmazon Web Services\n",
        _says(
            "first_notice",
            "credential_exposure",
            case_numbers=["176679531900745"],
            account_ids=["210987654321"],
            urls=["https://code.example.net/leak/file.txt"],
        ),
    ),
    Specimen(
        "t11d-suspicious",
        "[Action Required] Suspicious activity in your AWS account [210987654321]",
        NO_REPLY,
        "Hello,\n\nYour AWS Account may have been inappropriately accessed by a third-party.\n\nThe activity is "
        "related to your "
        "AWS access key AKIAEXAMPLE00000002 belonging to user deploy [1]. We have temporarily limited your ability "
        "to use some "
        "AWS services.\n\nTo restore access, you must contact AWS by 2025-04-14.\n\n[1] "
        "https://docs.aws.amazon.com/IAM/\n"
        "[2] https://repost.aws/knowledge-center/potential-account-compromise\n\nSincerely,\nAmazon Web Services\n",
        _says(
            "first_notice",
            "account_compromise",
            account_ids=["210987654321"],
            deadline_hours=112.0,
            accept={"kind": ["action_taken"]},
        ),
        "Thu, 10 Apr 2025 08:00:00 +0000",
    ),
    Specimen(
        "t11e-by-health",
        "[Action Required] Suspicious activity in your AWS account [210987654321]",
        HEALTH,
        "AWS Health Event\n\nView in Notification Center\n\n[Action Required] Suspicious activity in your AWS account "
        "[210987654321]\n\nHello,\n\nYour AWS Account may have been inappropriately accessed by a third-party.\n\n"
        "View details in service console\nhttps://health.aws.amazon.com/health/home\n",
        _says("first_notice", "account_compromise", account_ids=["210987654321"]),
    ),
    Specimen(
        "t11f-five-days",
        "RE:[CASE 170012345600123] Your AWS account 210987654321 is compromised",
        SUPPORT,
        "Hello,\n\nWe are writing again as your AWS Account may still be compromised. If the steps are not completed "
        "within "
        "five (5) days, your account will be suspended, and we will terminate any suspected unauthorized resources.\n\n"
        "Sincerely,\nAmazon Web Services\n",
        _says(
            "follow_up",
            "account_compromise",
            case_numbers=["170012345600123"],
            account_ids=["210987654321"],
            deadline_hours=120,
        ),
    ),
    Specimen(
        "t11f-for-now",
        "RE:[CASE 170012345600999] Irregular activity in your AWS account: 210987654321",
        SUPPORT,
        "Hello,\n\nThis is our third and final reminder. As we did not hear from you we are resolving your case for "
        "now. The "
        "restrictions on your account remain in place.\n\nSincerely,\nAmazon Web Services\n",
        _says(
            "follow_up",
            "account_compromise",
            case_numbers=["170012345600999"],
            account_ids=["210987654321"],
            accept={"kind": ["action_taken"]},
        ),
    ),
    Specimen(
        "t13-model",
        "RE: Your AWS Abuse Report [P0150000001] [AWS ID 210987654321]",
        TRUST,
        "Hello,\n\nThe provider of the model found violations and directed AWS to act. As a result we are taking the "
        "following "
        "action:\n\nAction: Revoke access to all Example models on Bedrock\nAWS account ID: 210987654321\n"
        "Effective date: 2026-09-27 06:16 (UTC)\n\nAppeal with the provider [1].\n\n[1] "
        "https://appeal.example.com/form\n\n"
        f"{SIGNED}\n====================\n\nAWS Trust & Safety Center: https://repost.aws/aws-trust-and-safety\n",
        _says("action_taken", "model_policy", case_numbers=["P0150000001"], account_ids=["210987654321"]),
        "Sun, 27 Sep 2026 07:00:00 +0000",
    ),
    Specimen(
        "t14-bucket-phishing",
        "Your AWS Abuse Report [11600000001] [AWS ID 210987654321]",
        TRUST,
        "Hello,\n\nWe've received a report that your AWS resource hosts a phishing page.\n\nAWS Account ID: "
        "210987654321\n"
        "Reported URL(s): hxxps://login-page[.]s3[.]eu-west-3[.]amazonaws[.]com/index.html\nReported Activity: "
        "Phishing\n\n"
        "It imitates the site of a bank, https://bank.example.com/. Please remove the content within 24 hours, or "
        "the network "
        f"will be blocked.\n\n{SIGNED}",
        _says(
            "first_notice",
            "phishing",
            case_numbers=["11600000001"],
            account_ids=["210987654321"],
            urls=["https://login-page.s3.eu-west-3.amazonaws.com/index.html"],
            deadline_hours=24,
            accept={"regions": [["eu-west-3"]]},
        ),
    ),
    Specimen(
        "t14-cloudfront-dmca",
        "Your AWS Abuse Report [11600000009] [AWS ID 210987654321]",
        TRUST,
        "Hello,\n\nWe have received a notice claiming that content on your account infringes a copyright (DMCA).\n\n"
        "AWS Account ID: 210987654321\nImplicated Resource(s): "
        "arn:aws:cloudfront::210987654321:distribution/E2EXAMPLE00001\n"
        "Infringing content: https://d111111abcdef8.cloudfront.net/film.mp4\nOriginal work: "
        "https://studio.example.com/film\n\n"
        f"{SIGNED}",
        _says(
            "first_notice",
            "copyright_dmca",
            case_numbers=["11600000009"],
            account_ids=["210987654321"],
            urls=["https://d111111abcdef8.cloudfront.net/film.mp4"],
        ),
    ),
    Specimen(
        "t17-rendered",
        "AWS Health: Abuse open proxy report",
        HEALTH,
        "Event\nAbuse open proxy report\nStart time\nOctober 14, 2021 at 6:30:56 AM UTC+3\nStatus\nOpen\n"
        "Region / Availability Zone\n-\nAccount specific\nYes\nAffected resources\ni-0ab1cd2ef34506333\nDescription\n"
        "Oct 14, 03:30 AM UTC We've received a report(s) that your AWS resource(s) listed in the 'Affected "
        "resources' tab has "
        "been implicated in activity operating in a way that resembles an open proxy.\n",
        _says("first_notice", "open_proxy", instance_ids=["i-0ab1cd2ef34506333"]),
        "Thu, 14 Oct 2021 05:00:00 +0000",
    ),
    Specimen(
        "t17-json",
        "AWS Notification Message",
        SNS,
        json.dumps(_DOS) + _FOOTER,
        _says(
            "first_notice",
            "dos",
            account_ids=["210987654321"],
            regions=["ap-southeast-3"],
            instance_ids=["i-0ab1cd2ef34506111"],
        ),
    ),
    Specimen(
        "t17-json-pretty-bare-ids",
        "AWS Notification Message",
        SNS,
        json.dumps(_BARE, indent=2) + _FOOTER,
        _says(
            "first_notice",
            "open_proxy",
            account_ids=["210987654321"],
            regions=["eu-central-2"],
            instance_ids=["i-0ab1cd2ef34506222"],
            ips=["203.0.113.44"],
            deadline_hours=24,
        ),
    ),
    Specimen(
        "t18-letter",
        "Notice of suspension",
        TRUST,
        "Dear customer,\n\nOver the last weeks we reported 98 examples of posts that encourage violence, and you "
        "could not "
        "remove them. We therefore plan to suspend your account effective Sunday, January 10th, at 11:59 PM PST.\n\n"
        "- AWS Trust & Safety Team\n",
        _says("follow_up", None, deadline_hours=57.98, accept={"deadline_hours": [None]}),
        "Fri, 08 Jan 2021 22:00:00 +0000",
    ),
    Specimen(
        "display-name-region",
        "Your AWS Abuse Report [11600000017] [AWS ID 210987654321]",
        EC2_ABUSE,
        "Hello,\n\nWe have received a report implicating resources on your account.\n\nAWS Account ID: 2109-8765-4321\n"
        "Region(s): Asia Pacific (Tokyo), EU (Ireland)\nEC2 Instance Id(s): i-0ab1cd2ef34506444\n"
        f"Reported Activity: Botnet\n\n{SIGNED}",
        _says(
            "first_notice",
            "botnet",
            case_numbers=["11600000017"],
            account_ids=["210987654321"],
            regions=["ap-northeast-1", "eu-west-1"],
            instance_ids=["i-0ab1cd2ef34506444"],
        ),
    ),
)

"""Mails for the end-to-end tests, as SES stores them: a notice about a fresh instance, proven or not."""

import email.utils
import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime

ACCOUNT = "552071934480"
MEMBER = "444455556666"  # an account that the settings name beside it
REGION = "eu-west-1"
_numbers = itertools.count(1)

_SES_BLOCK = """\
Return-Path: <{number}-000000@bounces.amazon.com>
Received: from a8-31.smtp-out.amazonses.com (a8-31.smtp-out.amazonses.com [192.0.2.44])
 by inbound-smtp.us-east-1.amazonaws.com with SMTP id e2e{number}
 for abuse@abuse-in.example.com;
 {date}
X-SES-Spam-Verdict: PASS
X-SES-Virus-Verdict: PASS
Received-SPF: pass
Authentication-Results: amazonses.com;
 spf={result}; dkim={result} header.i=@amazon.com; dmarc={result} header.from=amazon.com;
"""

_NOTICE = """\
Date: {date}
From: ec2-abuse@amazon.com
To: abuse@abuse-in.example.com
Message-ID: <{number}@email.amazonses.com>
Subject: Your AWS Abuse Report [{case}] [AWS ID {account}]
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

Hello,

We've received a report(s) that your AWS resource(s)

{resources}

has been implicated in activity which resembles attempts to access remote hosts on the internet without authorization.

Regards,
AWS Trust & Safety
"""

_RESOURCE = "AWS ID: {account}    Region: {region}    EC2 Instance Id: {instance_id} [203.0.113.{octet}]"

_ADDRESS_NOTICE = """\
Date: {date}
From: trustandsafety@support.aws.com
To: abuse@abuse-in.example.com
Message-ID: <{number}@email.amazonses.com>
Subject: Your AWS Abuse Report [{case}] [AWS ID {account}]
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

Hello,

We have received a report implicating resources on your account.

AWS Account ID: {account}
Region(s): {region}
{named}
Reported Activity: {activity}
{seen}
Please tell us what you did about it.

Regards,
AWS Trust & Safety

---Beginning of forwarded report(s)---

{report}
"""


def fresh() -> tuple[str, str]:
    """A case number and an instance id that no other test uses."""
    number = next(_numbers)
    return f"1190000{number:04d}", f"i-0e2e{number:013x}"


def notice(
    case: str,
    instance_id: str,
    *,
    proven: bool = True,
    region: str = REGION,
    beside: Sequence[tuple[str, str, str]] = (),
    sent: datetime | None = None,
) -> bytes:
    """A first notice about an intrusion attempt; `beside` are more instances, as (account, Region, id).

    It is dated now, if not `sent` at another time.
    """
    resources = [
        _RESOURCE.format(account=account, region=where, instance_id=instance, octet=next(_numbers) % 250 + 1)
        for account, where, instance in ((ACCOUNT, region, instance_id), *beside)
    ]
    values = {
        "number": next(_numbers),
        "case": case,
        "account": ACCOUNT,
        "resources": "\n".join(resources),
        "result": "pass" if proven else "fail",
        "date": email.utils.format_datetime(sent or datetime.now(UTC)),
    }
    return (_SES_BLOCK + _NOTICE).format(**values).encode()


def taken_back(case: str, *instance_ids: str, in_error: bool = True, sent: datetime | None = None) -> bytes:
    """AWS says that the case is resolved, or that it was wrong; it names these instances, or only the case."""
    raw = notice(case, "i-0123456789abcdef0", sent=sent).decode()
    head, _, _ = raw.partition("\n\nHello,")
    error = "On further review, this notification was sent in error. " if in_error else ""
    named = "".join(
        _RESOURCE.format(account=ACCOUNT, region=REGION, instance_id=instance_id, octet=7) + "\n"
        for instance_id in instance_ids
    )
    said = f"Thank you for responding to this notice.\n\n{named}\n{error}This case has been resolved.\n"
    return f"{head}\n\nHello,\n\n{said}\nRegards,\nAWS Trust & Safety\n".encode()


def nameless_notice(
    case: str,
    *,
    named: str = "",
    seen: datetime | None = None,
    report: str = "",
    activity: str = "Port Scanning",
    region: str = REGION,
) -> bytes:
    """A first notice that names no instance, dated now; `named` is a line of AWS's, `report` is the quoted one."""
    values = {
        "number": next(_numbers),
        "case": case,
        "account": ACCOUNT,
        "region": region,
        "named": named,
        "activity": activity,
        "seen": f"Abuse Time: {seen:%d %b %Y %H:%M:%S} UTC\n" if seen else "",
        "report": report,
        "result": "pass",
        "date": email.utils.format_datetime(datetime.now(UTC)),
    }
    return (
        (
            _SES_BLOCK.replace("@amazon.com", "@support.aws.com").replace("=amazon.com", "=support.aws.com")
            + _ADDRESS_NOTICE
        )
        .format(**values)
        .encode()
    )


def fresh_address() -> str:
    """An address that no other test uses."""
    return f"198.51.100.{next(_numbers) % 250 + 1}"


def health_event(instance_id: str, *, region: str = REGION) -> bytes:
    """An abuse event about the same, as EventBridge delivers it now."""
    number, now = next(_numbers), datetime.now(UTC)
    arn = f"arn:aws:ec2:{region}:{ACCOUNT}:instance/{instance_id}"
    detail = {
        "eventArn": f"arn:aws:health:global::event/AWS_ABUSE_INTRUSION_ATTEMPT_REPORT_{number}",
        "service": "ABUSE",
        "eventTypeCode": "AWS_ABUSE_INTRUSION_ATTEMPT_REPORT",
        "eventTypeCategory": "issue",
        "communicationId": f"communication-{number}-1",
        "statusCode": "open",
        "startTime": email.utils.format_datetime(now),
        "eventDescription": [
            {"language": "en_US", "latestDescription": "Activity was seen that resembles attempts to break in."}
        ],
        "affectedEntities": [{"entityValue": arn, "status": "IMPAIRED"}],
        "affectedAccount": ACCOUNT,
        "page": "1",
        "totalPages": "1",
    }
    event = {
        "source": "aws.health",
        "detail-type": "AWS Health Abuse Event",
        "account": ACCOUNT,
        "region": "us-east-1",
        "time": now.isoformat().replace("+00:00", "Z"),
        "resources": [arn],
        "detail": detail,
    }
    return json.dumps(event).encode()


def forwarded(raw: bytes) -> bytes:
    """The same notice as a colleague forwards it inline: only the colleague's domain vouches for it."""
    number, date = next(_numbers), email.utils.format_datetime(datetime.now(UTC))
    head, _, body = raw.partition(b"\n\n")
    subject = next(line for line in head.splitlines() if line.startswith(b"Subject: "))
    block = _SES_BLOCK.format(number=number, date=date, result="pass").replace("amazon.com", "example.org")
    return (
        block.encode()
        + f"Date: {date}\nFrom: Col League <colleague@example.org>\nTo: abuse@abuse-in.example.com\n".encode()
        + f"Message-ID: <{number}@example.org>\nSubject: Fwd: ".encode()
        + subject.removeprefix(b"Subject: ")
        + b"\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\n"
        + b"Can you have a look?\n\n---------- Forwarded message ---------\nFrom: <ec2-abuse@amazon.com>\n"
        + f"Date: {date}\n".encode()
        + subject
        + b"\nTo: <security@example.org>\n\n"
        + body
    )

"""The mails of a story with current dates, as SES would store them."""

import email.utils
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from desk.errors import DeskError
from lambdas.domain.answer.gap import GAP
from lambdas.domain.intake.mail_address import domain_of

FOLDER = Path(__file__).parent / "story"
# The time of arrival: after the semicolon in the topmost Received field.
_ARRIVED = re.compile(rb"(;\n )(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [^\n]*")
# In the header, and in the lines above a forwarded mail.
_SENT = re.compile(rb"^(Date: ).*$", re.MULTILINE)
_BLOCK = """\
Return-Path: <{sender}>
Received: from mail.{domain} (mail.{domain} [192.0.2.25])
 by inbound-smtp.us-east-1.amazonaws.com with SMTP id c0pyofanswer
 for {intake};
 {date}
X-SES-Spam-Verdict: PASS
X-SES-Virus-Verdict: PASS
Received-SPF: pass (spfCheck: domain of {domain} designates 192.0.2.25 as permitted sender) client-ip=192.0.2.25;
Authentication-Results: amazonses.com;
 spf=pass (spfCheck: domain of {domain} designates 192.0.2.25 as permitted sender) client-ip=192.0.2.25;
 dkim=pass header.i=@{domain};
 dmarc=pass header.from={domain};
"""


def with_new_dates(raw: bytes, *, seconds_ago: float) -> bytes:
    """A stored mail as if it came in now and was sent `seconds_ago`."""
    now = datetime.now(UTC)
    sent = email.utils.format_datetime(now - timedelta(seconds=seconds_ago)).encode()
    arrived = email.utils.format_datetime(now).encode()
    return _SENT.sub(rb"\g<1>" + sent, _ARRIVED.sub(rb"\g<1>" + arrived, raw, count=1))


def answer_mail(draft: Mapping[str, Any], gaps: Sequence[str], sender: str) -> bytes:
    """The copy of an admin's answer: a draft of `desk reply --json` with its gaps filled in order.

    Raises DeskError if the number of gaps differs.
    """
    if len(draft["gaps"]) != len(gaps):
        raise DeskError(f"the draft has the gaps {', '.join(draft['gaps'])}, and the story fills {len(gaps)}")
    words = iter(gaps)
    mail = EmailMessage(policy=SMTP.clone(linesep="\n"))
    mail["Date"] = date = email.utils.format_datetime(datetime.now(UTC))
    mail["From"] = sender
    mail["To"] = draft["to"]
    mail["Cc"] = draft["cc"]
    mail["Message-ID"] = email.utils.make_msgid(domain=domain_of(sender))
    mail["Subject"] = draft["subject"]
    mail.set_content(GAP.sub(lambda _: next(words), draft["body"]), cte="8bit")
    block = _BLOCK.format(sender=sender, domain=domain_of(sender), intake=draft["cc"], date=date)
    return block.encode() + mail.as_bytes()

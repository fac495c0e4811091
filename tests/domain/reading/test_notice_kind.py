"""What AWS's words say of the stage; that a resolution stands on what was said before; and what takes a notice back."""

from pathlib import Path

import pytest

from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.notice_kind import is_retraction, notice_kind

ROOT = Path(__file__).parents[3]
SUBJECT = "RE: Your AWS Abuse Report [12480031774] [AWS ID 552071934480]"
FINAL = """** FINAL NOTIFICATION **

Hello,

We have not received a response regarding the abuse report.
To mitigate the abuse, we have taken the following steps:

***Blocked all traffic, allowing administrative access only***

AWS Account ID: 552071934480
Region(s): ap-northeast-1
Reported Activity: Port Scanning
"""


@pytest.mark.parametrize(
    "words",
    [
        "On further review, this notification was sent in error.",
        "This notification was sent to you in error.",
        "The notice was issued by mistake, and we apologize.",
        "We mistakenly sent this notification.",
        "We have determined that this report was a false positive.",
        "This content is not in violation of our AUP and no further action is required.",
        "The reported activity was not abusive. This case has been resolved.",
        "The content is within our AUP.",
        "The activity is no longer considered to be abuse.",
    ],
)
def test_aws_takes_its_notice_back(words):
    assert is_retraction(f"Hello,\n\n{words} This case has been resolved.\n")


@pytest.mark.parametrize(
    "words",
    [
        "Thank you for stopping the activity.",
        "No further action is required.",
        "If you believe that this notification was sent in error, please reply.",
        "You state that it was a false positive; we see it differently.",
        "This notification was not sent in error.",
        "We have lifted the block.",
        "We cannot tell whether it is a false positive.",
        "You asked why the content is not in violation.",
    ],
)
def test_an_end_of_the_case_alone_does_not(words):
    assert not is_retraction(f"Hello,\n\n{words} This case has been resolved.\n")


@pytest.mark.parametrize("quote", ["> ", ""])
@pytest.mark.parametrize("end", ["This notification was sent in error. ", ""])
def test_a_resolution_on_top_of_a_final_notification_is_one(quote, end):
    quoted = "\n".join(f"{quote}{line}".rstrip() for line in FINAL.split("\n"))
    head = (
        "On Thu, 19 Nov 2026 at 08:00, ec2-abuse@amazon.com wrote:"
        if quote
        else (
            "From: ec2-abuse@amazon.com\nSent: Thursday, November 19, 2026 8:00 AM\nTo: root@example.com\n"
            f"Subject: {SUBJECT}\n"
        )
    )
    raw = (
        f"From: ec2-abuse@amazon.com\nDate: Fri, 20 Nov 2026 08:00:00 +0000\nSubject: {SUBJECT}\n\n"
        f"Hello,\n\nThank you for responding to this notice. {end}This case has been resolved.\n\n"
        f"Regards,\nAWS Trust & Safety\n\n{head}\n{quoted}\n"
    ).encode()
    notice = read_notice(raw)
    assert (notice.kind, notice.sent_in_error, notice.measures) == (NoticeKind.RESOLVED, bool(end), ())


def test_a_final_notification_on_top_of_a_resolution_is_none():
    words = f"{FINAL}\nRegards,\nAWS Trust & Safety\n"
    assert notice_kind(words, SUBJECT)[0] is NoticeKind.ACTION_TAKEN
    raw = (
        f"From: ec2-abuse@amazon.com\nSubject: {SUBJECT}\n\n{words}\nOn Thu, 19 Nov 2026, ec2-abuse@amazon.com wrote:\n"
        "> This notification was sent in error. This case has been resolved.\n"
    ).encode()
    assert (read_notice(raw).kind, read_notice(raw).sent_in_error) == (NoticeKind.ACTION_TAKEN, False)


@pytest.mark.parametrize(("number", "in_error"), [(1, False), (2, False), (3, True)])
def test_the_story(number, in_error):
    (mail,) = (ROOT / "desk" / "rehearsal" / "story").glob(f"{number}-*.eml")
    assert read_notice(mail.read_bytes()).sent_in_error == in_error


def test_only_a_resolution_takes_a_notice_back():
    """A threat, a first notice or a form that mentions false positives changes nothing about what was done."""
    mails = sorted((ROOT / "tests" / "mails").rglob("*.eml"))
    read = [read_notice(path.read_bytes()) for path in mails]
    assert {notice.kind for notice in read if notice.sent_in_error} == {NoticeKind.RESOLVED}

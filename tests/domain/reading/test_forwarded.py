"""AWS's notice inside forwards: the header that names AWS may be one line, in any language, or lost."""

import pytest

from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.reading import read_notice

SUBJECT = "Your AWS Abuse Report [10400000017] [AWS ID 210987654321]"
NOTICE = """Hello,

We've received a report(s) that your AWS resource(s)

AWS ID: 210987654321    Region: eu-west-1    EC2 Instance Id: i-0a1b2c3d4e5f60718 [203.0.113.5]

has been implicated in activity which resembles port scanning.

Regards,
AWS Abuse
"""
HEADERS = {
    "one line": f"From: ec2-abuse@amazon.com Sent: Tuesday, 10 September 2024 To: root@example.com Subject: {SUBJECT}",
    "one line, German": f"Von: AWS <ec2-abuse@amazon.com> Gesendet: Dienstag An: root@example.com Betreff: {SUBJECT}",
    "Vietnamese": f"Từ: ec2-abuse@amazon.com\nĐã gửi: Thứ Ba\nĐến: root@example.com\nChủ đề: {SUBJECT}",
    "Polish": f"Od: ec2-abuse@amazon.com\nWysłano: wtorek\nDo: root@example.com\nTemat: {SUBJECT}",
    "lost": "",
    "only the subject": f"Subject: {SUBJECT}",
}
OUTER = (
    "---------- Forwarded message ---------\nFrom: Bob <bob@{domain}>\nDate: Tue, 10 Sep 2024 at 10:00\n"
    f"Subject: Fwd: {SUBJECT}\nTo: <soc@example.com>\n\nfyi\n\n"
)


def forwarded(header, outer=""):
    return read_notice(
        (
            f"From: Ops <ops@example.com>\nTo: intake@example.com\nSubject: FW: {SUBJECT}\n"
            "Date: Tue, 10 Sep 2024 09:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n"
            f"please handle\n\n{outer}{header}\n\n{NOTICE}"
        ).encode()
    )


@pytest.mark.parametrize("outer", ["", OUTER.format(domain="example.com")], ids=["once", "twice"])
@pytest.mark.parametrize("header", HEADERS)
def test_a_notice_is_found_in_a_forward(header, outer):
    notice = forwarded(HEADERS[header], outer)
    assert (notice.kind, notice.case_numbers) == (NoticeKind.FIRST_NOTICE, ("10400000017",))
    assert notice.account_ids == ("210987654321",)
    # Where a colleague's words stand above AWS's without a header between them, nothing says which name the instance.
    known = not (outer and header in {"lost", "only the subject"})
    assert notice.instance_ids == (("i-0a1b2c3d4e5f60718",) if known else ())


def test_what_a_stranger_wrote_in_aws_s_manner_is_no_notice():
    assert forwarded("", OUTER.format(domain="stranger.example.net")).kind is NoticeKind.NONE

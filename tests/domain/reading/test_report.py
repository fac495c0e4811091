"""What a reporter writes below AWS's words changes nothing that is acted on. Each was found by fuzzing."""

import json

import pytest

from lambdas.domain.reading import read_notice

OURS, FOREIGN = "i-0a1b2c3d4e5f60718", "i-0fedcba9876543210"
EVENT = {
    "detail-type": "AWS Health Abuse Event",
    "source": "aws.health",
    "detail": {"eventTypeCode": "AWS_ABUSE_DOS_REPORT", "affectedEntities": [{"entityValue": FOREIGN}]},
}
HEADER_BLOCK = (
    f"From: ec2-abuse@amazon.com\nSubject: Your AWS Abuse Report [10987654321]\n\nEC2 Instance Id: {FOREIGN}\n"
)
LABELS = f"\nReported Activity: Malware\nEC2 Instance Id: {OURS}\n\nRegards,\nAWS Trust & Safety\n\n"
BOUNDARY = "---Beginning of forwarded report(s)---\n\n"
REPORTS = {
    "health event": json.dumps(EVENT),
    "header block": HEADER_BLOCK,
    "zero byte": "\x00",
    "escape sequence": "\x1b$B",
}


def mail(report: str, sender: str, above: str = "", charset: str = "iso-8859-1") -> bytes:
    head = f"From: {sender}\nSubject: Your AWS Abuse Report [10400000017]\nContent-Type: text/plain; charset={charset}"
    opening = "Hello,\n\nWe have received a report implicating resources on your account.\n"
    return f"{head}\n\n{above}{opening}{LABELS}{BOUNDARY}{report}".encode("latin-1")


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
@pytest.mark.parametrize(
    ("sender", "above"),
    [("ec2-abuse@amazon.com", ""), ("jo@example.org", "Jo created SEC-1:\n\n")],
    ids=["aws", "jira"],
)
def test_report_moves_nothing(report, sender, above):
    notice = read_notice(mail(report, sender, above))

    assert [resource.instance_id for resource in notice.resources] == [OURS]
    assert notice.case_numbers == ("10400000017",)


def test_charset_that_python_does_not_know():
    notice = read_notice(mail("\xe9", "ec2-abuse@amazon.com", charset="ks_c_5601-10087"))

    assert [resource.instance_id for resource in notice.resources] == [OURS]


def test_what_only_the_report_names_is_kept_apart():
    """An admin sees it, with the words around it; nothing acts on it."""
    labels = f"Abuse Case Number: 44120983317\nVictim: EC2 Instance Id: {FOREIGN}, AWS ID: 600400300200\nalso {OURS}\n"
    notice = read_notice(mail(labels, "ec2-abuse@amazon.com"))
    evidence = {(value.field, value.value): value.words for value in notice.extracted_values if value.part == "report"}
    assert evidence.keys() == {
        ("instance_ids", FOREIGN),
        ("account_ids", "600400300200"),
        ("case_numbers", "44120983317"),
    }
    assert "Victim: EC2 Instance Id" in evidence["instance_ids", FOREIGN]
    assert (notice.instance_ids, notice.account_ids, notice.case_numbers) == ((OURS,), (), ("10400000017",))


def test_a_scheme_without_a_host_is_no_link():
    labels = "Reported content: http://________________ and http://evil.example/a\n"
    raw = mail("", "ec2-abuse@amazon.com", above=labels)
    assert read_notice(raw).urls == ("http://evil.example/a",)

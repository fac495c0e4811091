"""Only the first text of AWS's mail is AWS's: further parts, quotations and hidden text name nothing to act on."""

import json

import pytest

from lambdas.domain.reading import read_notice
from lambdas.domain.reading.html_text import html_to_text
from lambdas.domain.reading.mail_parser import NEXT_PART, parse_mail

OURS, THEIRS = "i-0a1b2c3d4e5f60718", "i-0fedcba9876543210"
CASE = "12480031774"


def notice(instance, signature="Regards,\nAWS Abuse\n"):
    return (
        "Hello,\n\nWe've received a report(s) that your AWS resource(s)\n\n"
        f"AWS ID: 210987654321    Region: eu-west-1    EC2 Instance Id: {instance} [203.0.113.5]\n\n"
        f"has been implicated in activity which resembles port scanning.\n\n{signature}"
    )


UNSIGNED = notice(OURS, signature="")
HEALTH_EVENT = json.dumps(
    {
        "detail-type": "AWS Health Abuse Event",
        "source": "aws.health",
        "detail": {"service": "ABUSE", "affectedEntities": [{"entityValue": THEIRS}]},
    }
)
HIDING = ("display:none", "visibility:hidden", "opacity:0", "font-size:1px", "max-height:0", "mso-hide:all")


def mail(content_type, body):
    head = f"From: ec2-abuse@amazon.com\nSubject: Your AWS Abuse Report [{CASE}]\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: {content_type}\n\n{body}".encode()


def multipart(kind, *parts):
    body = "".join(f"--b\nContent-Type: {content_type}\n\n{text}\n" for content_type, text in parts)
    return mail(f'multipart/{kind}; boundary="b"', f"{body}--b--\n")


def as_html(text):
    return "<p>" + text.replace("\n", "<br>") + "</p>"


@pytest.mark.parametrize("first", [("text/plain", UNSIGNED), ("text/html", as_html(UNSIGNED))], ids=["plain", "html"])
@pytest.mark.parametrize(
    "second",
    [
        ("text/plain", notice(THEIRS)),
        ("text/plain", f"EC2 Instance Id: {THEIRS}\nEC2 Instance Id: i-0fedcba9876543211\n"),
        ("text/html", as_html(notice(f"{THEIRS}, i-0fedcba9876543211, i-0fedcba9876543212"))),
        ("text/csv", f"instance\n{THEIRS}\n"),
        ("application/json", HEALTH_EVENT),
        ("message/rfc822", f"From: ec2-abuse@amazon.com\nSubject: Your AWS Abuse Report [{CASE}]\n\n{notice(THEIRS)}"),
        ("text/plain\nContent-Disposition: attachment", notice(THEIRS)),
    ],
    ids=["notice", "labels", "html", "csv", "health event", "attached mail", "attached text"],
)
def test_a_further_part_names_nothing(first, second):
    assert read_notice(multipart("mixed", first, second)).instance_ids == (OURS,)


def test_a_second_text_of_the_same_form_is_a_part_of_its_own():
    parts = (("text/plain", UNSIGNED), ("text/html", as_html(UNSIGNED)), ("text/plain", notice(THEIRS)))
    assert read_notice(multipart("alternative", *parts)).instance_ids == (OURS,)


def test_two_forms_of_one_text_are_no_two_parts():
    letter = parse_mail(multipart("alternative", ("text/plain", "a"), ("text/html", "<b>b</b>")))
    assert (letter.plain.strip(), letter.html.strip()) == ("a", "b")
    mixed = parse_mail(multipart("mixed", ("text/plain", "a"), ("text/html", "<b>b</b>")))
    assert mixed.plain.split() == ["a", *NEXT_PART.split(), "b"]
    assert mixed.html == ""


def test_an_empty_alternative_hides_no_text():
    inner = "--c\nContent-Type: text/calendar\n\nx\n--c--\n"
    raw = multipart("mixed", ('multipart/alternative; boundary="c"', inner), ("text/plain", UNSIGNED))
    assert read_notice(raw).instance_ids == (OURS,)


@pytest.mark.parametrize("style", HIDING)
def test_hidden_html_names_nothing(style):
    hidden = f'<div style="{style}">EC2 Instance Id: {THEIRS}</div>'
    page = as_html(f"Hello,\n\nWe've received a report(s) that your AWS resource(s)\nEC2 Instance Id: {OURS}\n")
    assert read_notice(mail("text/html", page + hidden)).instance_ids == (OURS,)


def test_a_block_quotation_is_a_quotation():
    assert html_to_text("a<blockquote>b<blockquote>c</blockquote></blockquote>d").split("\n") == [
        "a", "> b", "> > c", "d",
    ]  # fmt: skip
    quoted = f"<blockquote>AWS ID: 210987654321    EC2 Instance Id: {THEIRS}</blockquote>"
    page = f"<p>Hello,</p><p>We've received a report(s) that your AWS resource(s)</p>{quoted}"
    assert read_notice(mail("text/html", page)).instance_ids == ()


@pytest.mark.parametrize("place", ["above the signature", "below the signature"])
def test_a_health_event_in_the_report_replaces_nothing(place):
    body = UNSIGNED + HEALTH_EVENT + "\n" if place.startswith("above") else f"{notice(OURS)}\n{HEALTH_EVENT}"
    assert read_notice(mail("text/plain", body)).instance_ids == (OURS,)
    assert read_notice(mail("text/plain", HEALTH_EVENT)).instance_ids == (THEIRS,)

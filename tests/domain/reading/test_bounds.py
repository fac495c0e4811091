"""One mail leaves little behind, whatever it holds."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.intake.abuse_report import AbuseReport, ReportFormat
from lambdas.domain.intake.notice import NamedInstance
from lambdas.domain.phrase import phrase, verbatim
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.bounds import MOST_JSON, bounded
from tests.samples import notice

LONG = st.one_of(st.text(max_size=3000), st.sampled_from(["a" * 5000, "\U0001f600" * 5000, "\x00" * 5000, '"' * 5000]))
MANY = st.one_of(
    st.lists(st.text(max_size=400), max_size=300), LONG.map(lambda text: [text[:n] for n in range(290, 700)])
)
FIELDS = ("case_numbers", "account_ids", "regions", "ips", "quoted_ips", "urls", "measures", "other_resource_names")
SEEN = datetime(2026, 11, 16, 7, 42, 8, tzinfo=UTC)
REPORT = AbuseReport(
    format=ReportFormat.X_ARF,
    reporter="\U0001f600" * 5000,
    abuse_type="credential_exposure",
    stated_type="\U0001f600" * 5000,
    sources=("s" * 64,) * 50,
    targets=("t" * 64,) * 50,
    ports=("1024-65535",) * 50,
    protocol="\U0001f600" * 5000,
    first_at=SEEN,
    last_at=SEEN,
    count=10**12 - 1,
    log_lines=10**5,
)
TEXTS = ("message_id", "sender", "subject", "reply_to")


def size(said):
    return len(json.dumps(said.to_json()))


@given(st.data())
def test_a_notice_is_small_whatever_it_is_made_of(data):
    lists = {name: tuple(data.draw(MANY)) for name in FIELDS}
    texts = {name: data.draw(LONG) for name in TEXTS}
    words = data.draw(LONG)
    many = tuple(NamedInstance(f"i-{number:017x}", "ap-northeast-1", "123456789012") for number in range(1500))
    whole = notice(
        **lists, **texts, resources=many, reason=verbatim(words), problems=(phrase("unread:limit", date=words),) * 50
    )

    assert size(bounded(whole)) < MOST_JSON
    assert bounded(whole).problems[0].key == "unread:cut"


def test_the_longest_of_everything_is_small():
    emoji = "\U0001f600" * 5000
    fits = {
        "case_numbers": "1" * 30, "account_ids": "1" * 30, "regions": "r" * 30, "ips": "i" * 50, "quoted_ips": "i" * 50,
        "urls": "u" * 500, "measures": "m" * 300, "other_resource_names": "n" * 320,
    }  # fmt: skip
    whole = notice(
        **{name: (value,) * 1500 for name, value in fits.items()},
        **dict.fromkeys(TEXTS, emoji),
        resources=tuple(NamedInstance(f"i-{number:017x}", "ap-northeast-1", "123456789012") for number in range(1500)),
        reason=verbatim(emoji),
        problems=(phrase("unread:limit", date=emoji),) * 50,
        report=REPORT,
        quoted_instances=tuple(f"i-{number:017x}" for number in range(1500)),
    )
    assert size(bounded(whole)) < MOST_JSON
    assert bounded(whole).report.ports == ("1024-65535",) * 8


def test_an_ordinary_notice_stays_as_it_is():
    assert bounded(notice()) == notice()


def test_what_was_cut_is_said():
    long = bounded(notice(urls=("https://evil.example/" + "a" * 600, "https://evil.example/b")))
    assert long.urls == ("https://evil.example/b",)
    assert long.problems == (phrase("unread:cut", fields=("urls",)),)
    many = bounded(replace(notice(), measures=("Blocked " + "x" * 600,)))
    assert many.measures == (("Blocked " + "x" * 600)[:300],)


@pytest.mark.parametrize("sender", ["ec2-abuse@amazon.com", "jo@example.org"])
def test_a_mail_with_thousands_of_names_leaves_little(sender):
    cases = "".join(f"Case Number: {10400000000 + number}\n" for number in range(1500))
    instances = "".join(f"EC2 Instance Id: i-{number:017x}\n" for number in range(1, 1500))
    head = f"From: {sender}\nSubject: Your AWS Abuse Report {'[10400000017]' * 500}\nMessage-ID: <{'x' * 9000}@x>\n\n"
    said = read_notice(f"{head}We've received a report that your AWS resource(s)\n\n{cases}{instances}".encode())
    assert size(said) < MOST_JSON
    assert len(said.case_numbers) <= 10
    assert len(said.instance_ids) <= 40
    assert len(said.extracted_values) <= 400
    assert said.problems[0].key == "unread:cut"

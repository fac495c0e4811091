"""The reader as a whole: any bytes, any way, any encoding, and mails made to hurt."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lambdas.domain.intake.notice import NoticeKind, ProofKind
from lambdas.domain.reading import read_health_event, read_notice
from lambdas.domain.reading.aws_part import MOST_WORDS
from lambdas.domain.reading.proof import prove
from tests.mails import accounts, notices, ways
from tests.samples import english

PURE = settings(deadline=None, derandomize=True, max_examples=150)
LABELLED = {specimen.name: specimen for specimen in notices.SPECIMENS + accounts.SPECIMENS}
KNOWN_BY_ITS_WORDS = sorted(set(LABELLED) - {"t18-letter"})
EVENT_FIELDS = ["detail", "affectedEntities", "eventDescription", "detail-type", "service", "account"]
HEADER = b"From: %s\nSubject: Fwd: Your AWS Abuse Report [10400000017] [AWS ID 210987654321]\nContent-Type: text/%s\n\n"


@PURE
@given(st.binary(max_size=4000))
def test_any_bytes_are_read(raw):
    assert read_notice(raw).reason
    assert prove(raw, None).kind is not ProofKind.AWS


@PURE
@given(st.sampled_from(KNOWN_BY_ITS_WORDS), st.data())
def test_a_damaged_notice_is_read(name, data):
    raw, _ = ways.mail(LABELLED[name], "direct", data.draw(st.sampled_from(list(ways.ENCODINGS))))
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 200)))
    assert read_notice(raw[:start] + data.draw(st.binary(max_size=50)) + raw[end:]).reason


@PURE
@given(st.sampled_from(KNOWN_BY_ITS_WORDS), st.sampled_from(list(ways.INLINE)), st.sampled_from(list(ways.ENCODINGS)))
def test_a_notice_says_the_same_however_it_comes(name, way, encoding):
    if encoding == "rewrapped" and name in {"t14-bucket-phishing", "t11f-five-days", "t11d-suspicious"}:
        return  # the wrapping tears their links and the subject that a provider copies
    specimen = LABELLED[name]
    assume(ways.fits(specimen, way, encoding))
    labels = specimen.expected()
    raw, proven = ways.mail(specimen, way, encoding)

    notice = read_notice(raw)

    for field in ("case_numbers", "account_ids", "instance_ids", "regions"):
        wants = [labels[field], *labels.get("accept", {}).get(field, [])]
        assert any(set(getattr(notice, field)) == set(want) for want in wants), (field, getattr(notice, field), wants)
    assert notice.kind in {labels["kind"], *labels.get("accept", {}).get("kind", [])}
    assert (prove(raw, None).kind is ProofKind.AWS) == proven


@PURE
@given(st.binary(max_size=3000))
def test_reading_twice_says_the_same(raw):
    assert read_notice(raw) == read_notice(raw)


@PURE
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(EVENT_FIELDS), inner, max_size=5),
        max_leaves=20,
    )
)
def test_any_health_event_is_read(value):
    event = {"detail-type": "AWS Health Abuse Event", "detail": value if isinstance(value, dict) else {}}
    assert read_health_event(event).reason


def test_a_health_event_reads_like_its_mail():
    notice = read_health_event(accounts._DOS)

    assert notice.kind is NoticeKind.FIRST_NOTICE
    assert notice.abuse_type == "dos"
    assert [(r.instance_id, r.region, r.account_id) for r in notice.resources] == [
        ("i-0ab1cd2ef34506111", "ap-southeast-3", "210987654321")
    ]


BOMBS = {
    "digits": b"1",
    "dashes": b"-",
    "quotes": b"> ",
    "ids": b"i-",
    "zeros": b"i-0",
    "tags": b"<",
    "open tags": b"<a ",
    "comments": b"<!--",
    "entities": b"&#1",
    "blanks": b" ",
    "lines": b"\n",
    "colons": b":",
    "limits": b"within 24 hours ",
    "links": b"http://",
    "addresses": b"1.2.3.4 ",
    "halves": b"1.",
    "sixes": b"1:",
    "attributions": b"On a wrote",
    "json": b'{"a":',
    "accounts": b"aws id: ",
    "regions": b"us-",
    "arns": b"arn:aws:ec2:us-east-1:",
    "wide": "\ufdfa".encode(),
    "stars": b"*",
    "blocks": b"From: a@amazon.com\nTo: x\n",
    "soft": b"=\n",
    "receipts": b"we've received ",
    "conditions": b"if ",
}


@pytest.mark.slow
@pytest.mark.parametrize("unit", BOMBS.values(), ids=BOMBS.keys())
@pytest.mark.parametrize("sender", [b"ec2-abuse@amazon.com", b"ana@example.com"])
@pytest.mark.parametrize("form", [b"plain", b"html"])
def test_a_bomb_is_cut(unit, sender, form):
    notice = read_notice(HEADER % (sender, form) + unit * (400_000 // len(unit)))

    assert sum(len(finding.words) for finding in notice.extracted_values) < 1 << 20
    assert len(notice.text) <= 300_000
    assert len(english(notice.reason)) <= 300


@pytest.mark.parametrize("unit", [b"a", b"a\n"], ids=["one line", "short lines"])
def test_forty_megabytes_are_read_to_the_first_mebibyte(unit):
    notice = read_notice(HEADER % (b"ec2-abuse@amazon.com", b"plain") + unit * (40_000_000 // len(unit)))

    assert any("only the first 1024 KiB" in problem for problem in english(notice.problems))
    assert any("was cut" in problem for problem in english(notice.problems))


NESTED = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"From: a@b.example\n" + b"".join(NESTED % (i, i) for i in range(3000)), "10 levels"),
        (b"Content-Type: message/rfc822\n\n" * 3000, "10 levels"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000, "100 parts"),
        (b"From: a@b.example\nX: " + b"y" * 1_000_000 + b"\n\nhello", "64 KiB"),
        (b"hello", "no mail header"),
    ],
    ids=["nested parts", "nested mails", "many parts", "huge header", "no mail"],
)
def test_the_limits_are_said(raw, problem):
    notice = read_notice(raw)

    assert notice.kind is NoticeKind.NONE
    assert any(problem in said for said in english(notice.problems))


def test_a_very_long_own_part_is_cut_and_said():
    body = b"We've received a report(s) that your AWS resource(s)\n\n" + b"AWS ID: 210987654321 and more words\n" * 2000
    notice = read_notice(HEADER % (b"ec2-abuse@amazon.com", b"plain") + body)

    assert any(f"{MOST_WORDS >> 10} KiB" in problem for problem in english(notice.problems))

"""Which mails count as our own answer to AWS: a mail of each kind, and what each part of the rule keeps out."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.domain.answer.sent_answer import find_sent_answer, mark_own_answer
from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.reading import read_notice
from tests.samples import ALL_PASS, CASE, english, notice

FOLDER = Path(__file__).parents[2] / "mails" / "answers"
MAILS = sorted(FOLDER.glob("*.eml"))
ADMINS = ("ada@example.com", "ben@example.com")
GENUINE = (FOLDER / "gmail-top-posting.eml").read_bytes()


def labels(path):
    return json.loads(path.with_suffix(".json").read_text())


def verdicts(dmarc):
    return replace(ALL_PASS, dmarc=dmarc)


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_mail_counts_as_labelled(path):
    raw, wanted = path.read_bytes(), labels(path)
    answer = find_sent_answer(raw, verdicts(wanted["dmarc"]), ADMINS)
    read = mark_own_answer(read_notice(raw), raw, verdicts(wanted["dmarc"]), ADMINS)
    if wanted["counts"]:
        assert not answer.doubt
        assert (answer.by, [*answer.to], [*answer.cases]) == (wanted["by"], wanted["to"], wanted["cases"])
        assert read.kind is NoticeKind.ANSWER
        assert read.case_numbers == answer.cases
    else:
        assert (answer is None) == (not wanted["why"])
        assert wanted["why"] in (english(answer.doubt) if answer and answer.doubt else "")
        assert read.kind == wanted["kind"]
        assert answer is None or english(answer.doubt) in english(read.reason)


def test_there_are_many_of_both():
    counting = [labels(path)["counts"] for path in MAILS]
    assert counting.count(True) >= 25
    assert counting.count(False) >= 25


@pytest.mark.parametrize("path", [path for path in MAILS if labels(path)["counts"]], ids=lambda path: path.stem)
def test_an_answer_is_never_a_notice_and_names_nothing_to_act_on(path):
    """It quotes a notice, mostly whole."""
    raw = path.read_bytes()
    for found in (read_notice(raw), mark_own_answer(read_notice(raw), raw, ALL_PASS, ADMINS)):
        assert not found.kind.is_notice
        assert not any((found.resources, found.ips, found.urls, found.account_ids, found.measures))


@pytest.mark.parametrize("path", [path for path in MAILS if labels(path)["counts"]], ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("says", "admins"),
    [(verdicts("FAIL"), ADMINS), (verdicts("GRAY"), ADMINS), (None, ADMINS), (ALL_PASS, ("zoe@example.org",))],
    ids=["dmarc fails", "no dmarc", "a file", "of nobody we know"],
)
def test_without_proof_it_counts_for_nothing(path, says, admins):
    """A file that is submitted has no verdict of SES: its header may be anybody's."""
    raw = path.read_bytes()
    assert find_sent_answer(raw, says, admins).doubt
    assert mark_own_answer(read_notice(raw), raw, says, admins).kind is NoticeKind.NONE


@pytest.mark.parametrize(
    ("sender", "admins", "counts"),
    [
        ("ken@gmail.com", ("ken@gmail.com",), True),
        ("eve@gmail.com", ("ken@gmail.com",), False),
        ("eve@yahoo.co.jp", ("ken@yahoo.co.jp",), False),
        ("eve@docomo.ne.jp", ("ken@docomo.ne.jp",), False),
        ("root@example.co.jp", ("ken@example.co.jp",), False),
        ("root@example.co.jp", ("ken@example.co.jp", "root@example.co.jp"), True),
        ("root@mail.example.co.jp", ("ken@example.co.jp",), False),
        ("root@example.co.jp", ("ken@mail.example.co.jp",), False),
    ],
)
def test_only_exact_addresses_of_the_settings_answer_aws(sender, admins, counts):
    raw = GENUINE.replace(b"From: Ada Example <ada@example.com>", f"From: {sender}".encode())
    raw = raw.replace(b"header.from=example.com", f"header.from={sender.partition('@')[2]}".encode())
    assert (not find_sent_answer(raw, ALL_PASS, admins).doubt) == counts


@pytest.mark.parametrize(
    "sender",
    [
        f'"{"a" * 4000}" <ada@example.com.evil.test>',
        "<ada@example.com .evil.test>",
        "<ada@example.com (x).evil.test>",
    ],
)
def test_an_admins_address_in_a_trick_is_no_admins(sender):
    raw = GENUINE.replace(b"From: Ada Example <ada@example.com>", f"From: {sender}".encode())
    assert raw != GENUINE
    assert find_sent_answer(raw, ALL_PASS, ADMINS).doubt


@pytest.mark.parametrize(
    ("to", "counts"),
    [
        ("ec2-abuse@amazon.com", True),
        ("seller@marketplace.amazon.com", False),
        ("seller@marketplace.amazon.com, trustandsafety@support.aws.com", True),
        ("desk@new.aws.com", True),  # of the settings
        ("desk@other.aws.com", False),
        ("ec2-abuse@amazon.com:eve@evil.example;", False),
    ],
)
def test_a_customer_or_seller_of_amazon_is_not_aws(to, counts):
    field = b"To: " + re.search(rb"\nTo: (.*)\n", GENUINE)[1] + b"\n"
    raw = GENUINE.replace(field, f"To: {to}\n".encode())
    assert (raw != GENUINE) or to == "ec2-abuse@amazon.com"
    answer = find_sent_answer(raw, ALL_PASS, ADMINS, ("ec2-abuse@amazon.com", "desk@new.aws.com"))
    assert bool(answer and not answer.doubt) == counts


@pytest.mark.parametrize(
    ("field", "counts"),
    [
        ("Auto-Submitted: no", True),
        ("Auto-Submitted: auto-generated; owner-email=x", False),
        ("Auto-Submitted: auto-notified", False),
        ("Precedence: auto_reply", False),
        ("Precedence: junk", False),
        ("Precedence: list", False),
        ("List-Id: <security.example.com>", False),
        ("X-Original-From: Eve <eve@evil.example>", False),
        ("Resent-From: Eve <eve@evil.example>", False),
        ("Sender: forms@example.com", False),
        ("Sender: ada@example.com", True),
        ("Sender: forms", False),
        ("Sender: ada@example.com\nSender: forms@example.com", False),
        ("Reply-To: Aws team <aws-team@example.com>", True),
        ("Reply-To: eve@evil.example", False),
        ("Reply-To: ada@example.com, eve@evil.example", False),
        ("List-Help: <https://lists.example.com>", False),
        ("List-Archive: <https://lists.example.com>", False),
        ("Resent-To: ec2-abuse@amazon.com", False),
        ("X-BeenThere: security@example.com", False),
        ("X-Google-Group-Id: 900000000001", False),
        ("X-Autoreply: yes", False),
        ("X-Auto-Response-Suppress: All", True),  # Exchange writes it into mails of people, too
    ],
)
def test_what_no_person_sent_does_not_count(field, counts):
    raw = GENUINE.replace(b"MIME-Version", field.encode() + b"\nMIME-Version")
    assert (not find_sent_answer(raw, ALL_PASS, ADMINS).doubt) == counts


@pytest.mark.parametrize(
    ("subject", "body", "cases"),
    [
        ("Re: Your AWS Abuse Report [12480031774-1] [AWS ID 552071934480]", "", ("12480031774",)),
        ("Re: Your AWS Abuse Report [P0123456789]", "Case Number: 12480039999", ("P0123456789",)),
        ("Re: [#4711] abuse", "Our reference: mail-0123456789ab", ("mail-0123456789ab",)),
        ("Re: abuse", "Our reference: health-0123456789ab", ("health-0123456789ab",)),
        ("Re: abuse", "Our tickets: 12480031774, mail-01234, 552071934480", ()),
    ],
)
def test_the_cases_that_it_names(subject, body, cases):
    head = GENUINE.partition(b"\nSubject: ")[0]
    raw = head + f"\nSubject: {subject}\nContent-Type: text/plain\n\n{body}\n".encode()
    assert find_sent_answer(raw, ALL_PASS, ADMINS).cases == cases


def test_a_case_of_the_quoted_report_is_none_of_ours_to_answer():
    raw = (FOLDER / "new-subject-case-in-the-quote.eml").read_bytes()
    raw += b"> Comments (4KB max): see also\n> Case Number: 12480039999\n"
    assert find_sent_answer(raw, ALL_PASS, ADMINS).cases == (CASE,)


def test_what_is_no_answer_is_left_as_it_was_read():
    raw = (FOLDER / "forwarded-inline-to-us.eml").read_bytes()
    assert mark_own_answer(notice(), raw, ALL_PASS, ADMINS) == notice()


def test_gaps_that_were_sent_to_aws_are_told():
    raw = GENUINE.replace(b"\n\nRegards,\nAda", b"\n\n[[ what you found ]]\n\nRegards,\nAda")
    read = mark_own_answer(read_notice(raw), raw, ALL_PASS, ADMINS)
    assert english(read.reason).endswith("with gaps in the draft not filled in ([[ what you found ]])")
    assert "gaps" not in english(mark_own_answer(read_notice(GENUINE), GENUINE, ALL_PASS, ADMINS).reason)


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["PASS", "FAIL", ""]))
def test_nothing_raises_on_any_bytes(noise, dmarc):
    for raw in (noise, GENUINE[:600] + noise, noise + GENUINE):
        find_sent_answer(raw, verdicts(dmarc), ADMINS)

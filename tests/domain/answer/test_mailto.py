"""The link that opens a draft in a mail program."""

from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.answer.draft import AnswerDraft, AnswerVariant
from lambdas.domain.answer.gap import GAP, gap
from lambdas.domain.answer.mailto import MAX_URL, mailto

REPLY = AnswerDraft(
    AnswerVariant.CONTAINED,
    to="ec2-abuse@amazon.com",
    cc="abuse+k7f3q9@abuse-in.example.com",
    subject="Re: Your AWS Abuse Report [12480031774] [AWS ID 552071934480]",
    body="Hello,\n\nit is 100% closed & quiet: a+b=c?\n",
    advice=(),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200)


def opened(url):
    """What a mail program makes of the link (RFC 6068): the address and the fields."""
    parts = urlsplit(url)
    assert parts.scheme == "mailto"
    return unquote(parts.path), dict(
        parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True, strict_parsing=True)
    )


def test_a_mail_program_gets_the_draft():
    link = mailto(REPLY)
    assert link.has_body
    assert opened(link.url) == (
        REPLY.to,
        {"subject": REPLY.subject, "cc": REPLY.cc, "body": REPLY.body.replace("\n", "\r\n")},
    )


@given(subject=TEXT, body=TEXT)
def test_what_goes_in_comes_out(subject, body):
    link = mailto(replace(REPLY, subject=subject, body=body))
    to, fields = opened(link.url)
    assert (to, fields["subject"], fields["cc"]) == (REPLY.to, subject, REPLY.cc)
    assert list(fields) == ["subject", "cc", "body"]  # no value adds a field
    assert not link.has_body or fields["body"] == body.replace("\n", "\r\n")
    assert link.url.isascii()
    assert not set(' "<>\\^`{|}\r\n') & set(link.url)


@pytest.mark.parametrize("length", [0, 1500, 1700, 2500, 50_000])
def test_the_link_of_a_long_draft_asks_to_paste_the_text(length):
    link = mailto(replace(REPLY, body="x" * length))
    _, fields = opened(link.url)
    assert len(link.url) <= MAX_URL
    assert link.has_body == (length < 1800)
    assert link.has_body or GAP.fullmatch(fields["body"])
    assert fields["subject"] == REPLY.subject


def test_an_address_that_is_not_known_is_left_to_the_person():
    assert opened(mailto(replace(REPLY, to=gap("the address"), cc="")).url)[0] == ""
    assert "cc" not in opened(mailto(replace(REPLY, cc="")).url)[1]

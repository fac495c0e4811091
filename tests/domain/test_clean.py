"""What leaves the system."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.domain.clean import clean_text, safe_subject

PURE = settings(deadline=None, derandomize=True)
LINKS = st.sampled_from(
    [
        "https://a.example/b.c",
        "http://203.0.113.5:80/x",
        "HTTPS://A.example",
        "hxxps://a[.]example",
        "a.example/b",
        "a.example:8080",
        "mailto:a@b.example",
        "http://",
        "\u202e",
        "\x1b[31m",
    ]
)


@PURE
@given(st.lists(st.text() | LINKS).map("".join))
def test_clean_text_is_clean_and_stays_so(text):
    cleaned = clean_text(text)

    assert clean_text(cleaned) == cleaned
    assert "http://" not in cleaned.lower()
    assert "https://" not in cleaned.lower()
    assert not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in cleaned)
    assert not any(
        unicodedata.bidirectional(char) in {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}
        for char in cleaned
    )


@PURE
@given(st.text())
def test_safe_subject_is_one_short_printable_line(text):
    subject = safe_subject(text)

    assert len(subject) <= 99
    assert subject.isascii()
    assert subject == "" or subject.isprintable()


def test_links_are_defanged():
    assert clean_text("see https://evil.example.net/a.b?x=1.2") == "see hxxps://evil[.]example[.]net/a.b?x=1.2"
    assert clean_text("www.evil.example, cwww.evil.example") == "www[.]evil.example, cwww[.]evil.example"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("evil.test/login", "evil[.]test/login"),
        ("(aws.amazon.com.evil.test/login)", "(aws[.]amazon[.]com[.]evil[.]test/login)"),
        ("evil.test?x=1, evil.test#a, evil.test:8080", "evil[.]test?x=1, evil[.]test#a, evil[.]test:8080"),
        ("user@evil.test/login", "user@evil[.]test/login"),
        ("evil.xn--p1ai/x", "evil[.]xn--p1ai/x"),
        ("\u0435vil\uff0etest/x evil\u3002test/x", "\u0435vil[.]test/x evil[.]test/x"),
        ("mailto:help@evil.test?subject=x", "mailto[:]help@evil[.]test?subject=x"),
        ("MAILTO:a@b.test, tel:+12025550123", "MAILTO[:]a@b.test, tel[:]+12025550123"),
    ],
)
def test_links_without_a_scheme_and_links_that_open_a_program_are_defanged(text, cleaned):
    """Attack 12: mail programs make links of these too."""
    assert clean_text(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        *(
            "10.0.0.0/16",
            "203.0.113.5:22",
            "2001:db8::1/64",
            "ec2-abuse@amazon.com",
            "amazon.com",
            "and/or",
            "e.g./i.e.",
        ),
        *("Name: web-1", "email: x", "i-0a7b1dd0e3f94c256", "arn:aws:ec2:eu-west-1:1:instance/i-0", "v1.2/x"),
    ],
)
def test_what_is_no_link_stays_as_it_is(text):
    assert clean_text(text) == text


def test_a_long_text_is_cleaned_in_time():
    """Many characters of what a pattern could begin with: each takes a moment, not a minute."""
    for unit in ("a", "a.", "a-", "a.aa", "mailto:", "xn--", "\u3002"):
        clean_text(unit * (200_000 // len(unit)))


def test_invisible_characters_go():
    assert clean_text("a\u200bb\x07\r\nc\u202ed") == "ab\ncd"
    assert safe_subject("Fälle\nzwei " * 30).endswith("...")

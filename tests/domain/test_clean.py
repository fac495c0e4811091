"""What leaves the system."""

import unicodedata

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


def test_invisible_characters_go():
    assert clean_text("a\u200bb\x07\r\nc\u202ed") == "ab\ncd"
    assert safe_subject("Fälle\nzwei " * 30).endswith("...")

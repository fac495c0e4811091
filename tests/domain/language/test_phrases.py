"""Everything that the code can say exists in every language, with the facts that the code gives.

The calls of `phrase` are read from the source. A key that no language has, a fact that its words do not name, words
that nobody uses, and English that hides in a fact all fail here.
"""

import ast
import re
import string
from pathlib import Path

import pytest

from lambdas.domain.language.catalogue import CATALOGUE

ROOT = Path(__file__).resolve().parents[3]
BUILT_IN = {"verbatim": {"words"}, "combined": {"parts"}}  # what domain/phrase.py itself makes
EN, JA = CATALOGUE["en"], CATALOGUE["ja"].at("Asia/Tokyo")


def calls():
    """Every call of `phrase`: where it stands, its key, and its facts with what they are given."""
    for folder in ("lambdas", "desk"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "phrase":
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.args, {k.arg: k.value for k in node.keywords}


CALLS = list(calls())


def places(words):
    return {place for _, place, _, _ in string.Formatter().parse(words) if place}


def said_with():
    """The facts that the code gives, by key."""
    facts = dict(BUILT_IN)
    for _, (key,), given in CALLS:
        facts[key.value] = set(given)
    return facts


@pytest.mark.parametrize(("where", "args", "facts"), CALLS, ids=[where for where, _, _ in CALLS])
def test_a_key_and_its_facts_stand_in_the_call(where, args, facts):
    """Else nobody could tell what may be said."""
    assert len(args) == 1, where
    assert isinstance(args[0], ast.Constant), where
    assert None not in facts, where  # no **facts
    assert said_with()[args[0].value] == set(facts), f"{where}: another call gives this key other facts"
    for fact in (fact for name, fact in facts.items() if name != "state"):  # a state has a name in each language
        parts = fact.values if isinstance(fact, ast.JoinedStr) else [fact]
        words = " ".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
        assert not re.search(r"[a-z]{2,} [a-z]{2,}", words), f"{where}: words in a fact stay English"


@pytest.mark.parametrize("language", CATALOGUE.values(), ids=CATALOGUE)
def test_every_language_has_words_for_all_and_no_others(language):
    assert set(language.phrases) == set(said_with())


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.parametrize("key", EN.phrases)
def test_words_name_the_facts_that_are_given(name, key):
    assert places(CATALOGUE[name].phrases[key]) == said_with()[key]


@pytest.mark.parametrize("key", JA.phrases)
def test_no_english_sentence_is_left_in_japanese(key):
    """Names of AWS, and of fields, stand in Japanese as they are; four English words in a row are a sentence."""
    words = re.sub(r"\{[^}]*\}", " ", JA.phrases[key])
    assert not re.search(r"(?:\b[A-Za-z']+[ ,;:]+){3}[A-Za-z']+", words)
    assert re.search(r"[぀-ヿ一-鿿]", words) or not re.search(r"[a-z]{3}", words)

"""The page of a case: what stands on it, that it loads nothing, and that no word of others becomes markup."""

import copy
import os
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.domain.case.case import ENTRY_PREFIX, CaseState, InstanceStatus
from lambdas.domain.case.tasks import TaskKind
from lambdas.domain.case.timeline import RESPONDER, EntryKind, TimelineEntry
from lambdas.domain.case.urgency import Urgency
from lambdas.domain.containment.before_state import AutoScalingMembership
from lambdas.domain.containment.evidence import EvidenceFile, ReferencedObject, UncollectedFile, manifest
from lambdas.domain.instance.instance import Interface
from lambdas.domain.intake.abuse_report import AbuseReport, ReportFormat
from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.page.case_page import page
from lambdas.domain.page.case_record import EvidenceManifest, case_record_from
from lambdas.domain.page.live_state import LiveState, unread_state
from lambdas.domain.phrase import combined, phrase, verbatim
from lambdas.domain.policy import Verdict
from tests import rich_case as rich
from tests.domain.page.pages import Seen
from tests.samples import CASE, INSTANCE

GOLDEN = Path(__file__).parent / "golden" / "rich-case.html"
EN = CATALOGUE["en"]
WORDS = EN.page
DRAFT = "Hello,\n\nwe have isolated the instance. [TO FILL IN: the cause]\n"


def rich_page(**changes):
    given = {"manifests": rich.MANIFESTS, "live": rich.live(), "draft": DRAFT} | changes
    return page(rich.dossier(), rich.NOW, EN, **given)


def normalised(html):
    """Without the style sheet, which is looked at in a browser."""
    html = re.sub(r"<style>.*</style>", "<style>…</style>", html, flags=re.DOTALL)
    return re.sub(r"sha256-[A-Za-z0-9+/=]+", "sha256-…", html)


def test_the_page_of_a_rich_case():
    """`REGENERATE=1` writes it anew, and a reviewer reads the difference."""
    if "REGENERATE" in os.environ:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(normalised(rich_page()))
    assert normalised(rich_page()) == GOLDEN.read_text()


def test_it_loads_nothing_and_runs_nothing():
    seen = Seen(rich_page())
    assert (
        seen.tags & {"script", "link", "iframe", "object", "embed", "img", "image", "use", "base", "form", "a"} == set()
    )
    assert (
        seen.attributes & {"src", "href", "xlink:href", "srcset", "action", "data", "poster", "style", "ping"} == set()
    )
    assert not any(name.startswith("on") for name in seen.attributes)
    assert not re.search(r"url\(|@import|expression|image-set", seen.style)
    assert "http://" not in seen.style + "".join(seen.text)
    assert "https://" not in seen.style + "".join(seen.text)


def test_its_policy_allows_its_own_style_sheet_alone():
    seen = Seen(rich_page())
    (policy,) = (dict(held)["content"] for _, held in seen.elements if "http-equiv" in dict(held))
    hashed = b64encode(sha256(seen.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"


def test_it_can_be_read_by_ear():
    """Headings without a gap, heads on every table, a name for the picture and for what is scrolled."""
    seen = Seen(rich_page())
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    tables = sum(tag == "table" for tag, _ in seen.elements)
    assert sum(tag == "caption" for tag, _ in seen.elements) == tables
    assert all(dict(attributes).get("scope") in {"col", "row"} for tag, attributes in seen.elements if tag == "th")
    (picture,) = (dict(attributes) for tag, attributes in seen.elements if tag == "svg")
    ids = {dict(attributes).get("id") for _, attributes in seen.elements}
    assert set(picture["aria-labelledby"].split()) <= ids
    assert picture["role"] == "img"
    regions = [dict(attributes) for _, attributes in seen.elements if dict(attributes).get("role") == "region"]
    assert all(one["aria-label"] and one["tabindex"] == "0" for one in regions)
    assert [dict(attributes)["lang"] for tag, attributes in seen.elements if tag == "html"] == ["en"]


def _colours(block):
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def _light_of(colour):
    """Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_words_stands_out_from_what_is_behind_it():
    """4.5 to 1: https://www.w3.org/TR/WCAG22/#contrast-minimum."""
    style = Seen(rich_page()).style
    themes = [_colours(block) for block in re.findall(r":root \{[^}]*\}", style)]
    assert len(themes) == 3
    for theme in themes:
        behind = [
            (ink, on) for ink in ("ink", "soft", "bad", "good", "aws", "us", "admin") for on in ("paper", "panel")
        ]
        behind += [
            ("aws", "aws-fill"),
            ("us", "us-fill"),
            ("admin", "admin-fill"),
            ("bad", "bad-fill"),
            ("ink", "code"),
        ]
        for ink, on in behind:
            light, dark = sorted((_light_of(theme[ink]), _light_of(theme[on])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, on)


@pytest.mark.parametrize("language", CATALOGUE)
def test_a_language_has_every_word(language):
    """The same keys as English, the same fields in each, and one for each member of what is shown."""
    words = CATALOGUE[language].page
    assert words.keys() == WORDS.keys()
    for key, text in words.items():
        assert set(re.findall(r"\{\w*\}", text)) == set(re.findall(r"\{\w*\}", WORDS[key])), key
    shown = {
        "state": CaseState,
        "urgency": Urgency,
        "standing": InstanceStatus,
        "what": EntryKind,
        "kind": NoticeKind,
        "verdict": Verdict,
        "do": TaskKind,
        "outcome": ("done", "failed", "skipped"),
    }
    assert {f"{name}:{one}" for name, members in shown.items() for one in members} <= words.keys()


def test_every_word_is_used():
    sources = "".join(path.read_text() for path in Path("lambdas/domain/page").glob("*.py"))
    sources += "".join(path.read_text() for path in Path("desk").glob("*.py"))
    plain = [key for key in WORDS if ":" not in key]
    assert [key for key in plain if f'"{key}"' not in sources and f"'{key}'" not in sources] == []


def test_without_anything_but_a_notice_there_is_a_page():
    items = {key: one for key, one in rich.items().items() if key in {f"notice#{rich.FIRST}", "entry#0"}}
    text = " ".join(Seen(page(case_record_from(CASE, items), rich.NOW, EN)).text)
    for words in ("no_instances", "no_evidence", "no_measures", "nobody"):
        assert WORDS[words] in text


@pytest.mark.parametrize(
    ("live", "told"),
    [
        (unread_state(verbatim("AccessDenied")), "not read: AccessDenied"),
        (LiveState(replace(rich.live()[INSTANCE].instance, state="terminated"), (), {}, None, {}), "no: terminated"),
        (
            replace(rich.live()[INSTANCE], violations=(verbatim("eni-0a1 carries sg-ssh"),)),
            "no: eni-0a1 carries sg-ssh",
        ),
        (replace(rich.live()[INSTANCE], unread={"Auto Scaling": verbatim("Throttling")}), "not read: Throttling"),
    ],
)
def test_what_is_not_as_it_should_be_now_is_said(live, told):
    assert told in Seen(rich_page(live={INSTANCE: live})).text


def test_evidence_that_was_changed_or_cannot_be_read_is_said():
    (listed,) = rich.MANIFESTS
    changed = Seen(rich_page(manifests=[replace(listed, recorded="0" * 64)])).text
    assert WORDS["manifest_differs"].format(recorded="0" * 64) in changed
    gone = Seen(rich_page(manifests=[EvidenceManifest(listed.key, listed.recorded, None, "NoSuchKey")])).text
    assert WORDS["manifest_unread"].format(why="NoSuchKey") in gone


def test_a_release_is_told():
    items = rich.items() | {f"release#{INSTANCE}#1": {"at": rich.NOW.isoformat(), "by": rich.ADA}}
    text = Seen(page(case_record_from(CASE, items), rich.NOW, EN)).text
    assert f"Released at 2026-11-17 07:00 UTC by {rich.ADA}." in text


def test_what_a_quoted_report_claims_stands_with_its_notice():
    items = copy.deepcopy(rich.items())
    claims = AbuseReport(ReportFormat.XARF_4, reporter="<b>Example CERT", abuse_type="botnet", ports=("22",))
    items[f"notice#{rich.FIRST}"]["notice"]["report"] = claims.to_json()
    html = page(case_record_from(CASE, items), rich.NOW, EN)
    said = 'The quoted report, by "<b>Example CERT", claims (not checked): botnet activity, port 22'
    assert Seen(html).text.count(said) == 1
    assert "<b>" not in html


# What breaks out of text, of an attribute, of a comment, of a style sheet; and what turns or hides text.
SIGNS = st.sampled_from(
    (
        "<",
        ">",
        '"',
        "'",
        "&",
        "--",
        "</title>",
        "</style>",
        "</svg>",
        "<script>",
        "]]>",
        "<!--",
        "&lt;",
        "{",
        "}",
        "{0}",
    )
)
LURES = st.sampled_from(("%s", "\\", "`", "=", " onload=", "javascript:", "https://evil.example", "www.evil.example"))
HIDDEN = st.sampled_from("\u202e\u2066\u200b\ufeff\x00\x1b\x85\u2028\n\r\té日")
HOSTILE = st.lists(
    SIGNS | LURES | HIDDEN | st.text(max_size=5),
    max_size=8,
).map("".join)


def page_with(foreign):
    """The rich page with these words wherever words of others stand: `foreign()` gives some."""
    items = copy.deepcopy(rich.items())
    for sort, item in items.items():
        if sort.startswith("entry#"):
            item["words"] = foreign()
            item["actor"] = foreign() if item["actor"] != "abuse-responder" else item["actor"]
            item["resource"] = foreign() if item["resource"] == rich.LOST else item["resource"]
            if "failed" in item["details"]:
                item["details"]["failed"] = {foreign(): foreign()}
            if item["details"].get("measures"):
                item["details"]["measures"] = ["one " + foreign(), "two " + foreign()]
        if sort.startswith("notice#"):
            item["notice"] |= {"subject": foreign(), "account_ids": [foreign()], "abuse_type": foreign()}
            item["notice"]["report"] = AbuseReport(
                ReportFormat.XARF_4, foreign(), None, "1" + foreign(), ("1" + foreign(),), ("1" + foreign(),)
            ).to_json()
            item["proof"]["reason"] = foreign()
        if sort.startswith("outcome#"):
            item["reasons"] = [foreign() for _ in item["reasons"]]
            item["found"] |= {"tags": {"Name": foreign()}, "region": foreign()} if "tags" in item["found"] else {}
            for step in item["steps"].values():
                step.update({"words": foreign()} if "words" in step else {"Error": foreign(), "Cause": foreign()})
        if sort.startswith("before#"):
            item["before"]["instance"] |= {
                "tags": {"Name": foreign(), "1" + foreign(): foreign()},
                "profile": foreign(),
            }
            item["before"] |= {"shutdown_behaviour": foreign(), "unread": {foreign(): foreign()}}
            item["before"]["auto_scaling"] |= {"group": foreign(), "lifecycle": foreign()}
        if sort.startswith("targets#"):
            item |= {"classic": [foreign()]}
    items[f"release#{INSTANCE}#1"] = {"at": rich.NOW.isoformat(), "by": foreign()}
    files = [EvidenceFile("1" + foreign(), foreign(), foreign(), b"")]
    listed = manifest(
        {},
        [*files, UncollectedFile("2" + foreign(), foreign(), verbatim(foreign()), optional=True)],
        ReferencedObject(foreign(), foreign()),
    )
    looked = rich.live()[INSTANCE]
    shown = replace(
        looked.instance,
        tags={"a" + foreign(): foreign()},
        state=foreign(),
        interfaces=(Interface("eni-0a1", (foreign(),)), Interface("eni-0a2", ("sg-q",))),
    )
    live = LiveState(
        shown, (verbatim(foreign()),), {"sg-q": foreign()}, AutoScalingMembership(foreign(), foreign(), 0, 1, 1), {}
    )
    made = case_record_from(CASE, items)
    manifests = [EvidenceManifest(foreign(), foreign(), listed), EvidenceManifest(foreign(), "", None, foreign())]
    return page(made, rich.NOW, EN, manifests=manifests, live={INSTANCE: live}, draft=foreign())


HARMLESS = Seen(page_with(lambda: "words"))


@settings(max_examples=80)
@given(st.data())
def test_no_words_of_others_become_markup(data):
    """Whatever they are, the page has the same elements with the same attributes as with harmless words."""
    strings = data.draw(st.lists(HOSTILE, min_size=1, max_size=12))
    drawn = iter(strings * 200)
    html = page_with(lambda: f"words{next(drawn)}")
    seen = Seen(html)
    assert seen.elements == HARMLESS.elements
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", html)
    assert not re.search(r"https?://(?!$)", "".join(seen.text), re.IGNORECASE)


def test_what_was_found_and_done_is_told_in_the_readers_language():
    items = rich.items()
    why = combined(
        phrase("policy:approved"), phrase("entry:failed", step="Tag instance", why=phrase("tag:kept", case="777"))
    )
    entry = TimelineEntry(rich.NOW, EntryKind.CONTAINED, RESPONDER, "an admin approved it", INSTANCE, phrase=why)
    items[f"{ENTRY_PREFIX}approved"] = entry.to_json()
    japanese = " ".join(Seen(page(case_record_from(CASE, items), rich.NOW, CATALOGUE["ja"])).text)
    assert "設定が許可しています" in japanese  # a reason of the decision
    assert "管理者が承認しました" in japanese
    assert "タグの付与 が失敗: ケース 777 のタグを保持しています" in japanese
    assert "an admin approved it" not in japanese
    assert "Tag instance" not in japanese

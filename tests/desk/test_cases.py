"""`desk cases` lists every case of the table, the most urgent first, and says in words what AWS refuses."""

import io
import json
from datetime import timedelta

import boto3
import pytest

from desk.__main__ import main
from desk.cases import cases
from lambdas.domain.case.case import ENTRY_PREFIX
from lambdas.domain.case.timeline import EntryKind
from tests import rich_case as rich
from tests.domain.case.test_case import ANSWERED, FIRST, RESOLVED, entry, notice
from tests.samples import CASE, INSTANCE, SENT

NOW = SENT + timedelta(hours=20)


def entries(*noted):
    return {"case": {"opened_by": "mail/1"}} | {f"{ENTRY_PREFIX}{n}": entry.to_json() for n, entry in enumerate(noted)}


@pytest.fixture
def several(responder):
    """Cases in each state."""
    responder.keep("1000001", entries(notice(within=12)))
    responder.keep("1000002", entries(FIRST, entry(EntryKind.NOT_CONTAINED, 1, INSTANCE), ANSWERED))
    responder.keep("1000003", entries(FIRST, RESOLVED))
    responder.keep("mail-0123456789ab", entries(notice(proven=False)))
    responder.keep("1000004", entries(notice(sent=19), *(entry(EntryKind.CONTAINED, 19, f"i-{n}") for n in range(3))))
    responder.keep("1000005", {"case": {"opened_by": "mail/2"}})  # its notice joins in a moment
    responder.rich_case()


def printed(monkeypatch, width, now=NOW):
    monkeypatch.setenv("COLUMNS", str(width))
    out = io.StringIO()
    assert cases(out, now, json=False) == 0
    return out.getvalue()


@pytest.mark.usefixtures("several")
def test_the_most_urgent_stands_first():
    out = io.StringIO()
    cases(out, NOW, json=True)
    listed = {load["case"]: load["urgency"] for load in json.loads(out.getvalue())}
    assert listed == {
        "1000001": "overdue",
        "1000002": "urgent",  # answered, but an instance is not contained
        CASE: "running",
        "1000004": "running",
        "mail-0123456789ab": "check the mail",
        "1000003": "over",
    }
    assert list(listed) == ["1000001", "1000002", CASE, "1000004", "mail-0123456789ab", "1000003"]


@pytest.mark.usefixtures("several")
def test_a_program_gets_the_clock_and_who_is_on_it():
    out = io.StringIO()
    cases(out, NOW, json=True)
    (told,) = (load for load in json.loads(out.getvalue()) if load["case"] == CASE)
    assert told["deadline"]["runs"]
    assert told["deadline"]["seconds_left"] == 12 * 3600
    assert told["on_it"] == {"actor": rich.ADA, "since": rich.hours(0.5).isoformat()}
    assert told["instances"][INSTANCE] == "contained"
    assert told["measures_of_aws"] == ["outbound port 22 was blocked", "start is disabled"]


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal(monkeypatch, width):
    lines = printed(monkeypatch, width).splitlines()
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    for words in (
        "overdue by 8 h",
        CASE,
        "2026-11-17",
        "12 h left",
        "ada",
        "3 contained",
        INSTANCE,
        "nobody",
        "mail-0123456789ab",
    ):
        assert words in text


def test_without_a_case_it_says_so(responder):  # noqa: ARG001  the stack is there
    out = io.StringIO()
    cases(out, NOW, json=False)
    assert out.getvalue() == "There are no cases: no abuse notice has come in.\n"


def test_more_cases_than_one_page_of_a_scan(responder, monkeypatch):
    """DynamoDB answers in pages, and a page may be empty where the filter leaves nothing of it."""
    for n in range(30):
        responder.keep(f"20000{n:02}", entries(notice(sent=n)))
    made = boto3.client

    def small_pages(service, **more):
        client = made(service, **more)
        if service == "dynamodb":
            client.meta.events.register(
                "provide-client-params.dynamodb.Scan", lambda params, **_: {**params, "Limit": 3}
            )
        return client

    monkeypatch.setattr("desk.case_reader.boto3.client", small_pages)
    out = io.StringIO()
    cases(out, NOW, json=True)
    assert len(json.loads(out.getvalue())) == 30


def refused(capsys, *arguments):
    assert main(arguments) == 2
    return capsys.readouterr().err


def test_without_credentials_it_says_what_would_be_right(monkeypatch, capsys):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    told = refused(capsys, "cases")
    assert "Unable to locate credentials" in told
    assert "for example AWS_PROFILE=security AWS_DEFAULT_REGION=us-east-1" in told


def test_without_a_region_it_says_what_would_be_right(monkeypatch, capsys):
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert "AWS_DEFAULT_REGION=us-east-1" in refused(capsys, "cases")


def test_what_the_table_refuses_is_told(responder, capsys):
    responder.dynamodb.delete_table(TableName="cases")
    assert "AWS refused: " in refused(capsys, "cases")


def test_nobody_is_named_by_what_would_colour_the_terminal(responder, monkeypatch):
    taken = entry(EntryKind.ACKNOWLEDGED, 1, who="arn:aws:iam::1:user/\x1b[31mada\u202e")
    responder.keep("1000001", entries(FIRST, taken))
    text = printed(monkeypatch, 120)
    assert "[31mada" in text
    assert "\x1b" not in text

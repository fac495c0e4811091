"""An answer to AWS in copy, from the stored mail to the message: the machine in this process, the handlers on Moto."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from lambdas.timeline import load_case
from tests.execution import execute
from tests.samples import ALL_PASS, ARRIVAL, CASE, MAIL_BUCKET
from tests.stacks.assembly import golden

DEFINITION = json.loads(golden("respond").read_text())
ROOT = Path(__file__).parents[2]
ANSWERS = ROOT / "tests" / "mails" / "answers"
(FIRST,) = (ROOT / "desk" / "rehearsal" / "story").glob("1-*.eml")
pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def arrive(moto, buckets, configure):
    """Let a mail come in, and respond to it."""
    configure(admins_topic=moto("sns").create_topic(Name="admins")["TopicArn"])

    def step(raw, name="one", dmarc="PASS", **around):
        buckets.put_object(Bucket=MAIL_BUCKET, Key=f"mail/{name}", Body=raw)
        arrival = {**ARRIVAL.to_json(), "key": f"mail/{name}", "verdicts": asdict(replace(ALL_PASS, dmarc=dmarc))}
        return execute(DEFINITION, {"arrival": arrival, "approved": []}, name=name, **around)

    return step


def answer(name="gmail-top-posting"):
    return (ANSWERS / f"{name}.eml").read_bytes()


def told(ended):
    return [(one.channel, one.subject) for one in ended.messages]


def test_an_answer_in_copy_ends_the_clock_and_all_are_told(arrive):
    arrive(FIRST.read_bytes())
    ended = arrive(answer(), "copy")
    assert (ended.status, ended.cause) == ("SUCCEEDED", "")
    assert ended.states == [
        "Read notice",
        "Is it our answer to AWS?",
        "Record answer",
        "Is its case known?",
        "Report answer",
        "Answer reported",
    ]
    ((channel, subject),) = told(ended)
    assert channel == "email"
    assert subject == f"INFO: AWS was answered, the clock has stopped (case {CASE})"
    assert "ada@example.com has written to ec2-abuse@amazon.com" in ended.messages[0].text
    assert not load_case(CASE).is_running


def test_an_answer_to_a_case_that_nobody_knows_is_relayed_with_that_said(arrive):
    ended = arrive(answer())
    assert ended.states[-2:] == ["Relay mail", "Mail relayed"]
    assert told(ended)[0][1].startswith("INFO: mail that is not a notice: Re: Your Amazon EC2 Abuse Report")
    assert f"but the responder has no case {CASE}: nothing counts as answered" in ended.messages[0].text


def test_a_forged_answer_is_relayed_with_the_reason_and_counts_for_nothing(arrive):
    arrive(FIRST.read_bytes())
    ended = arrive(answer(), "copy", dmarc="FAIL")
    assert ended.states[-2:] == ["Relay mail", "Mail relayed"]
    assert "it does not count as our answer to AWS: DMARC does not pass" in ended.messages[0].text
    assert load_case(CASE).is_running


def test_an_answer_that_cannot_be_recorded_is_relayed_with_the_failure(arrive):
    arrive(FIRST.read_bytes())

    def refuse(call):
        if call.operation == "Query":
            raise RuntimeError("no table today")

    ended = arrive(answer(), "copy", before=refuse)
    assert ended.states[-2:] == ["Relay mail", "Mail relayed"]
    assert "FAILED: Record answer: RuntimeError: no table today" in ended.messages[0].text

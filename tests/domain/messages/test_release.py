"""The report of a release in English; the messages stand in `golden/release/`, and `REGENERATE=1` writes them anew."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.timeline import RESPONDER
from lambdas.domain.containment.outcome import StepResult
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.messages.release import release_report
from lambdas.domain.phrase import phrase, verbatim
from lambdas.domain.release import STEPS, CompletedRelease, ReleaseAction, ReleasePart, ReleaseResult, ReleaseVerdict
from lambdas.domain.release.action import cannot
from tests.samples import ACCOUNT, CASE, INSTANCE, as_said, trouble

EN = CATALOGUE["en"]
GOLDEN = Path(__file__).parent / "golden" / "release"
OTHER = "i-0b57a4de7b57a4de7"
ADA = f"arn:aws:iam::{ACCOUNT}:user/ada"
EXECUTION = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:release:3f0c"


def action(part, what, values, verdict=ReleaseVerdict.PUT_BACK, reason=None):
    """Values may be words of AWS, or None."""
    return ReleaseAction(part, what, *(one and as_said(one) for one in values), verdict, reason)


NONE, STAYS, DENIED, OUT = (phrase(f"value:{one}") for one in ("none", "stays", "denied", "not_registered"))
GROUPS = phrase("thing:groups", interface="eni-0a1")
PLAN = (
    action(
        ReleasePart.CREDENTIALS, phrase("thing:profile"), ("web", "AbuseResponderNoRights", "AbuseResponderNoRights")
    ),
    action(ReleasePart.CREDENTIALS, phrase("thing:rights"), (phrase("value:given"), DENIED, DENIED)),
    action(ReleasePart.NETWORK, GROUPS, ("sg-ssh sg-web", phrase("value:quarantine"), "sg-q")),
    action(
        ReleasePart.AUTO_SCALING,
        phrase("thing:place", group="web"),
        ("InService", "Standby", "Standby"),
        reason=phrase("release:sizes", now=1, then=2),
    ),
    action(
        ReleasePart.LOAD_BALANCERS,
        phrase("thing:target", group="web", target=f"{INSTANCE}:80"),
        (phrase("value:registered"), OUT, OUT),
    ),
    action(ReleasePart.PROTECTION, phrase("thing:shutdown"), ("stop", "stop", "stop"), ReleaseVerdict.NOTHING),
    action(ReleasePart.TAGS, phrase("thing:tag", tag="AbuseResponder:Case"), (NONE, f"'{CASE}'", f"'{CASE}'")),
)
DRIFT = (
    action(
        ReleasePart.NETWORK,
        phrase("thing:groups", interface="eni-0new"),
        (None, None, "sg-q"),
        ReleaseVerdict.LEFT,
        phrase("release:stays_in_quarantine"),
    ),
    action(
        ReleasePart.PROTECTION,
        phrase("thing:volume", volume="vol-0a1"),
        (phrase("value:deleted"), STAYS, None),
        ReleaseVerdict.CANNOT,
        phrase("release:volume_detached"),
    ),
)
FULL = phrase(
    "release:group_full",
    most=2,
    command="aws autoscaling update-auto-scaling-group --region ap-northeast-1 --auto-scaling-group-name web "
    "--max-size 3",
)
REFUSED = phrase(
    "failure",
    error="NotPutBack",
    why=phrase("release:refused", what=GROUPS, why=verbatim("An error occurred (UnauthorizedOperation)")),
)
STILL = phrase("failure", error="NotReleased", why=phrase("release:still", what=GROUPS, now=verbatim("sg-q")))


def as_before(actions):
    return tuple(
        replace(one, now=one.before, verdict=ReleaseVerdict.NOTHING, reason=None)
        if one.verdict is ReleaseVerdict.PUT_BACK
        else one
        for one in actions
    )


def result(planned=PLAN, verified=None, *, instance_id=INSTANCE, at="2026-11-18T10:00:05+00:00", failed=None):
    """Everything went as planned; `failed` are steps by name with why."""
    why = failed or {}
    steps = tuple(
        StepResult(name, "failed" if name in why else "done", why.get(name) or phrase("release:as_before"))
        for name in STEPS
    )
    return ReleaseResult(
        instance_id=instance_id,
        region="ap-northeast-1",
        planned=planned,
        steps=steps,
        verified=as_before(planned) if verified is None else verified,
        verified_at=at,
    )


HELD = result(
    verified=(),
    at="",
    failed={"Put back network": REFUSED, "Verify release": STILL},
)


def release(*results, unknown=(), trouble=()):
    return CompletedRelease(CASE, ADA, EXECUTION, results or (result(),), unknown, trouble)


MESSAGES = {
    "released": lambda voice: release_report(voice, release()),
    "released-by-itself": lambda voice: release_report(voice, replace(release(), by=RESPONDER)),
    "released-but-for-drift": lambda voice: release_report(voice, release(result((*PLAN, *DRIFT)))),
    "released-group-full": lambda voice: release_report(
        voice,
        release(
            result(
                (*PLAN[:3], replace(PLAN[3], verdict=ReleaseVerdict.CANNOT, reason=FULL), *PLAN[4:]),
            )
        ),
    ),
    "not-released": lambda voice: release_report(voice, release(HELD)),
    "several": lambda voice: release_report(voice, release(result(), replace(HELD, instance_id=OTHER))),
    "nothing-known": lambda voice: release_report(
        voice,
        CompletedRelease(
            CASE, ADA, EXECUTION, (), (INSTANCE,), (trouble("For each instance", "States.DataLimitExceeded"),)
        ),
    ),
    "not-recorded": lambda voice: release_report(
        voice, release(trouble=(trouble("Record release", "ClientError", "AccessDenied"),))
    ),
    "terminated": lambda voice: release_report(
        voice,
        release(
            result(
                (cannot(ReleasePart.NETWORK, phrase("release:ended", state="terminated")),),
                verified=(),
                at="",
            )
        ),
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_golden(name):
    message, file = MESSAGES[name](EN), GOLDEN / f"{name}.txt"
    text = f"Subject: {message.subject}\nSMS: {message.sms or 'none'}\n\n{message.body}\n"
    if os.environ.get("REGENERATE"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert {file.stem for file in GOLDEN.iterdir()} == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_subject_says_what_and_of_which_case_and_wakes_nobody(name):
    message = MESSAGES[name](EN)
    assert len(message.subject) < 100
    assert re.fullmatch(rf"(ACTION|INFO): [ -~]*(i-0|2 instances)[ -~]*{CASE}\)", message.subject)
    assert message.sms is None


@pytest.mark.parametrize("name", MESSAGES)
def test_released_is_said_only_of_what_was_read_back(name):
    message = MESSAGES[name](EN)
    released = name.startswith(("released", "several", "not-recorded"))
    assert bool(re.search(r"(?<!NOT )RELEASED, read back from AWS at", message.body)) is released
    assert ("INFO: released" in message.subject) is (released and name != "several")


def test_the_worst_comes_first():
    assert MESSAGES["several"](EN).subject.startswith(f"ACTION: NOT released as asked: {OTHER}")
    assert MESSAGES["not-recorded"](EN).subject.startswith(f"INFO: released {INSTANCE}, a step failed")
    assert MESSAGES["released-but-for-drift"](EN).subject.startswith(f"INFO: released {INSTANCE}, 2 left as they are")


@pytest.mark.parametrize("name", MESSAGES)
def test_who_did_it_and_how_to_find_out_is_told(name):
    body = MESSAGES[name](EN).body
    if name == "released-by-itself":
        assert body.startswith(
            "AWS says that its notice was sent in error. As the settings say, the responder started to release "
        )
    else:
        assert body.startswith(f"{ADA} (claimed) asked for the release of {INSTANCE}") or name == "several"
    assert EXECUTION in body
    if "RELEASED, read back" in body:
        assert "CloudTrail shows the identity that started the execution" in body


@given(words=st.text(max_size=300).map(lambda text: f"x\nRELEASED, read back\n{text}"))
def test_hostile_words_begin_no_line_of_ours(words):
    """Whoever may tag or name a thing of the instance writes them."""
    wild = action(ReleasePart.TAGS, as_said(words), (words, words, words), ReleaseVerdict.LEFT, as_said(words))
    body = release_report(EN, release(result((*PLAN, wild), (*as_before(PLAN), wild)), trouble=(as_said(words),))).body
    assert not any(line.startswith("RELEASED") for line in body.splitlines())
    assert not re.search(r"[^\n\t\x20-\x7e\xa0-\U0010ffff]", body)

"""What became of a release, from what the state machine puts out."""

import json
from dataclasses import replace

from lambdas.domain.phrase import phrase, verbatim
from lambdas.domain.release import (
    STEPS,
    VERIFY,
    AwsCall,
    CompletedRelease,
    ReleaseAction,
    ReleasePart,
    ReleaseResult,
    ReleaseVerdict,
)
from tests.samples import CASE, INSTANCE, english

GROUPS = ReleaseAction(
    ReleasePart.NETWORK,
    phrase("thing:groups", interface="eni-0a1"),
    verbatim("sg-web"),
    phrase("value:quarantine"),
    verbatim("sg-q"),
    ReleaseVerdict.PUT_BACK,
    None,
    AwsCall("ec2", "x", {}),
)
TAG = ReleaseAction(
    ReleasePart.TAGS,
    phrase("thing:tag", tag="AbuseResponder:State"),
    phrase("value:none"),
    verbatim("'quarantine'"),
    verbatim("'mine'"),
    ReleaseVerdict.LEFT,
    phrase("release:changed"),
)
AT = "2026-11-18T10:00:00+00:00"
DONE = {"outcome": "done", "words": "as it should be"}


def as_before(action):
    return replace(action, now=action.before, verdict=ReleaseVerdict.NOTHING).to_json()


def output(**steps):
    data = {
        "instance_id": INSTANCE,
        "region": "eu-west-1",
        "actions": [GROUPS.to_json(), TAG.to_json()],
        "steps": {**dict.fromkeys(STEPS, DONE), **steps},
    }
    return json.loads(json.dumps(data))


def test_an_action_is_handed_on_without_its_call():
    for action in (
        GROUPS,
        TAG,
        replace(GROUPS, contained=None, now=None, reason=phrase("release:unread", why=verbatim("No"))),
    ):
        told = ReleaseAction.from_json(json.loads(json.dumps(action.to_json())))
        assert told == replace(action, call=None)


def test_the_words_of_an_older_action_are_quoted():
    older = {"part": "Put back network", "what": "groups of eni-0a1", "before": "sg-web", "contained": "quarantine"}
    action = ReleaseAction.from_json({**older, "now": "", "verdict": "cannot", "reason": "the interface is gone"})
    assert (action.what, action.before, action.now) == (verbatim("groups of eni-0a1"), verbatim("sg-web"), None)
    assert action.reason == verbatim("the interface is gone")


def test_what_was_read_back_counts_as_put_back():
    verified = {**DONE, "at": AT, "actions": [as_before(GROUPS), TAG.to_json()]}
    result = ReleaseResult.from_json(output(**{VERIFY: verified}))
    assert result.released
    assert result.verified_at == AT
    assert [one.what for one in result.put_back] == [GROUPS.what]
    assert [one.what for one in result.not_put_back] == [TAG.what]
    assert [step.name for step in result.steps] == list(STEPS)


def test_what_was_not_read_back_counts_for_nothing():
    failed = {"Error": "NotReleased", "Cause": json.dumps({"errorMessage": "groups of eni-0a1 is still sg-q"})}
    result = ReleaseResult.from_json(output(**{VERIFY: failed, "Put back network": failed}))
    assert not result.released
    assert result.put_back == ()
    assert [(one.name, english(one.phrase)) for one in result.steps if one.outcome == "failed"] == [
        ("Put back network", "NotReleased: groups of eni-0a1 is still sg-q"),
        (VERIFY, "NotReleased: groups of eni-0a1 is still sg-q"),
    ]
    release = CompletedRelease(CASE, "arn", "arn", (result,), ("i-unknown",), ())
    assert release.held == ("i-unknown", INSTANCE)
    assert release.released == ()

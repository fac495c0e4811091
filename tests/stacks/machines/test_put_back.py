"""What "respond" does where AWS says that all is over: it shows the plan of a release, and by setting it releases."""

from datetime import UTC, datetime, timedelta

import pytest

from lambdas.domain.case.case import InstanceStatus
from lambdas.timeline import load_case
from tests.account import account
from tests.e2e.notices import REGION, fresh, notice, taken_back
from tests.execution import execute
from tests.lambdas.contain.fleet import Fleet
from tests.samples import ALL_PASS, MAIL_BUCKET
from tests.stacks.machines.definitions import RELEASE, RELEASING, RESPOND

DEFINITIONS = {"offer": RESPOND.definition, "release": RELEASING.definition}
PASS = {name: getattr(ALL_PASS, name) for name in ALL_PASS.__slots__}


class Story:
    """One instance in an account whose deployment has this setting, and the mails about it."""

    def __init__(self, client, setting):
        self.case, self.instance_id = fresh()
        self.setting, self.client, self.mails = setting, client, 0
        self.fleet = Fleet(client, REGION)
        self.fleet.launch([("web", "ssh"), ("web",)], instance_id=self.instance_id)
        self.before = self.fleet.carried(self.instance_id)

    def arrives(self, raw, received_at, verdicts=PASS):
        self.mails += 1
        key = f"mail/{self.mails}"
        self.client("s3").put_object(Bucket=MAIL_BUCKET, Key=key, Body=raw)
        arrival = {"bucket": MAIL_BUCKET, "key": key, "received_at": received_at.isoformat(), "verdicts": verdicts}
        given = {"arrival": arrival, "approved": []}
        return execute(DEFINITIONS[self.setting], given, name=f"mail-{self.mails}")

    def releases(self, started):
        return execute(RELEASE.definition, started["Input"], name=started["Name"])

    @property
    def stands(self):
        return load_case(self.case).instances[self.instance_id]


@pytest.fixture
def story(request):
    """It is contained already, by a notice of an hour ago."""
    with account(regions=(REGION,)) as client:
        made = Story(client, getattr(request, "param", "release"))
        first = datetime.now(UTC)
        made.arrives(notice(made.case, made.instance_id, sent=first - timedelta(hours=1)), first)
        assert made.stands is InstanceStatus.CONTAINED
        made.later = datetime.now(UTC) + timedelta(minutes=5)
        yield made


def released(ended):
    return [execution for execution in ended.started if execution["StateMachineArn"] == "${ReleaseMachine}"]


def report(ended):
    (told,) = {
        message.text for message in ended.messages if message.step == "Report to admins" and message.channel == "email"
    }
    return told


@pytest.mark.parametrize("story", ["offer", "release"], indirect=True)
def test_taken_back_by_aws_it_is_offered_or_released_as_set(story):
    held = story.fleet.carried(story.instance_id)
    ended = story.arrives(taken_back(story.case, sent=story.later), story.later)

    assert story.fleet.carried(story.instance_id) == held, "respond itself changes nothing"
    told = report(ended)
    assert f"What a release of {story.instance_id} would do now:" in told
    for interface, groups in story.before.items():
        (line,) = [
            splitline for splitline in told.splitlines() if splitline.startswith(f"  put back  groups of {interface}: ")
        ]
        assert all(group in line for group in groups)
    assert "FAILED" not in told
    if story.setting == "offer":
        assert released(ended) == []
        assert f"     python -m desk release {story.case} {story.instance_id}\n" in told
        return
    (started,) = released(ended)
    assert started["Input"] == {
        "case": story.case,
        "instances": [story.instance_id],
        "do": True,
        "force": False,
        "by": "abuse-responder",
    }
    assert f"the settings release {story.instance_id} in that case. The release has started" in told
    assert "python -m desk release" not in told

    done = story.releases(started)

    assert story.fleet.carried(story.instance_id) == story.before
    assert story.stands is InstanceStatus.RELEASED
    (first,) = {message.text.splitlines()[0] for message in done.messages}
    begun = f"As the settings say, the responder started to release {story.instance_id}."
    assert first == f"AWS says that its notice was sent in error. {begun}"
    again = story.arrives(taken_back(story.case, sent=story.later), story.later)
    assert released(again) == [], "nothing is left to release"
    assert "What a release" not in report(again)


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        ({"in_error": False}, "AWS does not say that its notice was wrong"),
        ({"before": timedelta(minutes=10)}, "an instance was contained after AWS wrote this"),
        ({"before": timedelta(hours=80)}, "the date suggests that it is an old mail, sent again"),
    ],
)
def test_a_doubt_leaves_it_to_an_admin(story, mail, words):
    sent = story.later - mail.get("before", timedelta())
    raw = taken_back(story.case, sent=sent, in_error=mail.get("in_error", True))
    ended = story.arrives(raw, story.later)
    assert released(ended) == []
    told = report(ended)
    assert words in told
    assert f"     python -m desk release {story.case} {story.instance_id}\n" in told


def test_what_is_not_proven_shows_no_plan_and_releases_nothing(story):
    grey = {**PASS, **dict.fromkeys(("spf", "dkim", "dmarc"), "GRAY")}
    ended = story.arrives(taken_back(story.case, sent=story.later), story.later, grey)
    assert "Preview release" not in ended.states
    assert released(ended) == []


def test_a_plan_that_fails_is_said_and_holds_up_no_report(story):
    def refuse(call):
        if call.step == "Preview release" and call.operation == "Query":
            raise call.refuse("AccessDeniedException")

    story_mail = taken_back(story.case, sent=story.later)
    key = "mail/refused"
    story.client("s3").put_object(Bucket=MAIL_BUCKET, Key=key, Body=story_mail)
    arrival = {"bucket": MAIL_BUCKET, "key": key, "received_at": story.later.isoformat(), "verdicts": PASS}
    ended = execute(
        DEFINITIONS[story.setting],
        {"arrival": arrival, "approved": []},
        name="refused",
        before=refuse,
    )
    assert ended.status == "SUCCEEDED"
    assert "FAILED: Preview release: ClientError" in report(ended)
    assert released(ended) == []

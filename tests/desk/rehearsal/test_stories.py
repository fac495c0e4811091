"""The stories as they are written: each can be played, and is about one case and one instance."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from desk.rehearsal.rehearse import ROOT
from desk.rehearsal.stories import ADA, HANAKO, MISSION, PHONE, SETTINGS, STORIES, DeskCommand, MailArrives, ReminderDue
from desk.rehearsal.story_mails import FOLDER, with_new_dates
from lambdas.domain.case.clock import ReminderKind, schedule_reminders
from lambdas.domain.case.identity import answer_deadline, case_id_of
from lambdas.domain.reading import read_notice
from lambdas.domain.settings.settings import Settings

SETTINGS_OF_STORIES = Settings.parse(json.loads((ROOT / "cdk.json").read_text())["context"]["responder"], SETTINGS)
BY_NAME = pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)


@BY_NAME
def test_its_mails_are_about_its_case_and_its_instance(story):
    for file in story.mails:
        notice = read_notice((FOLDER / file).read_bytes())
        assert [case_id_of(number) for number in notice.case_numbers] == [story.case]
        assert set(notice.instance_ids) <= {story.instance_id}
    assert read_notice((FOLDER / story.mails[0]).read_bytes()).instance_ids == (story.instance_id,)


@BY_NAME
def test_its_verbs_are_about_its_case(story):
    verbs = [part.event for part in story.parts if isinstance(part.event, DeskCommand)]
    assert verbs
    assert {verb.words[1] for verb in verbs} == {story.case}


@BY_NAME
def test_it_tells_only_those_whom_the_settings_name(story):
    inboxes = {admin.email for admin in SETTINGS_OF_STORIES.admins} | {PHONE}
    assert {admin for part in story.parts for admin in part.messages} <= inboxes
    assert {ADA, HANAKO, PHONE} == inboxes


def test_one_admin_reads_english_and_one_japanese_elsewhere():
    told = {(admin.email, admin.language, admin.time_zone) for admin in SETTINGS_OF_STORIES.admins}
    assert told == {(ADA, "en", "UTC"), (HANAKO, "ja", "Asia/Tokyo")}


@BY_NAME
def test_its_clock_strikes_within_half_a_minute(story):
    for before, part in zip(story.parts, story.parts[1:], strict=False):
        if not isinstance(part.event, ReminderDue):
            continue
        assert isinstance(before.event, MailArrives)
        now = datetime.now(UTC)
        mail = with_new_dates((FOLDER / before.event.file).read_bytes(), seconds_ago=before.event.sent_seconds_ago)
        due = answer_deadline(read_notice(mail), now).at
        first, *_ = schedule_reminders(
            due, now, now, SETTINGS_OF_STORIES.remind_hours, SETTINGS_OF_STORIES.acknowledge_minutes
        )
        assert first.kind is ReminderKind.REMINDER
        assert due - first.at == timedelta(hours=part.event.hours)
        assert timedelta(seconds=25) < first.at - now <= timedelta(seconds=30)


def test_the_mission_is_whole():
    """What the rehearsal must show, in this order."""
    told = [type(part.event).__name__ for part in MISSION.parts]
    assert told == [
        "MailArrives",
        "ReminderDue",
        "DeskCommand",
        "MailArrives",
        "AdminAnswers",
        "MailArrives",
        "DeskCommand",
        "DeskCommand",
    ]
    verbs = [" ".join(part.event.words) for part in MISSION.parts if isinstance(part.event, DeskCommand)]
    assert verbs[0].startswith(f"ack {MISSION.case} --as {ADA}")
    assert verbs[1:] == [f"release {MISSION.case}", f"release {MISSION.case} --do"]

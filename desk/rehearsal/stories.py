"""The stories that a rehearsal plays: events, and the expected state after each.

The clock is real. Its last reminder comes within seconds because the notice is dated almost a day ago.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lambdas.domain.case.case import CaseState

ADA, HANAKO, PHONE = "ada@example.com", "hanako@example.com", "+12025550123"
# They override cdk.json, so that a story does not depend on what is set there.
SETTINGS: Final = {
    "responder.admins": json.dumps(
        [
            {"name": "Ada Admin", "email": ADA, "phone": PHONE, "language": "en", "time_zone": "UTC"},
            {"name": "Hanako Admin", "email": HANAKO, "language": "ja", "time_zone": "Asia/Tokyo"},
        ]
    ),
    "responder.mode": "contain",
    "responder.method": "isolate",
    "responder.regions": "all",
    "responder.sent_in_error": "offer",
    "responder.remind_hours": "[0.25]",
}
_REMINDED_HOURS = 0.25  # before the deadline
_HOURS = 24  # from the date of a notice that states no limit
# After the mail has come in; its execution must end before that, also on a slow machine.
_DUE_SECONDS = 30


class ExpectedState(StrEnum):
    """The expected state of the story's instance; all others must be as they were at the start."""

    UNTOUCHED = "as it was"
    CONTAINED = "in quarantine"
    RELEASED = "exactly as it was, and its snapshots stay"


@dataclass(frozen=True)
class MailArrives:
    """A mail comes in. It was sent this many seconds earlier."""

    file: str
    sent_seconds_ago: float = 1


@dataclass(frozen=True)
class AdminAnswers:
    """Ada answers AWS with the draft of `desk reply`. `gaps` fill its gaps in order."""

    gaps: tuple[str, ...]


@dataclass(frozen=True)
class DeskCommand:
    """Somebody types `python -m desk …`."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class ReminderDue:
    """Nobody does anything, and a reminder is due this many hours before the deadline."""

    hours: float


@dataclass(frozen=True)
class StoryPart:
    """An event and the expected state after it. `messages` is how many each admin gets."""

    title: str
    event: MailArrives | AdminAnswers | DeskCommand | ReminderDue
    state: CaseState
    instance: ExpectedState
    messages: Mapping[str, int]


@dataclass(frozen=True)
class Story:
    """`about` describes it in a line; its mails have the case number `case` and name `instance_id`."""

    name: str
    about: str
    case: str
    instance_id: str
    parts: tuple[StoryPart, ...]

    @property
    def mails(self) -> tuple[str, ...]:
        """The files of its mails, in their order."""
        return tuple(part.event.file for part in self.parts if isinstance(part.event, MailArrives))


_LONG_ON_ITS_WAY = (_HOURS - _REMINDED_HOURS) * 3600 - _DUE_SECONDS
_ALL = {ADA: 1, HANAKO: 1}
_ALL_AND_SMS = {ADA: 1, HANAKO: 1, PHONE: 1}

_MISSION, _DECLINED, _APPROVED = "12480031774", "12480045121", "12480046390"

MISSION = Story(
    name="mission",
    about="a first notice, a reminder, a follow-up, the answer to AWS, AWS's retraction, and the release",
    case=_MISSION,
    instance_id="i-0a7b1dd0e3f94c256",
    parts=(
        StoryPart(
            "AWS's first notice comes in, almost a day late",
            MailArrives("1-first-notice.eml", sent_seconds_ago=_LONG_ON_ITS_WAY),
            CaseState.OPEN,
            ExpectedState.CONTAINED,
            {ADA: 2, HANAKO: 2, PHONE: 2},
        ),
        StoryPart(
            "Nobody does anything, and a reminder is sent",
            ReminderDue(_REMINDED_HOURS),
            CaseState.OPEN,
            ExpectedState.CONTAINED,
            _ALL_AND_SMS,
        ),
        StoryPart(
            "Ada says that she is on it",
            DeskCommand(("ack", _MISSION, "--as", ADA, "--words", "I look at the snapshots first")),
            CaseState.OPEN,
            ExpectedState.CONTAINED,
            _ALL,
        ),
        StoryPart(
            "AWS follows up: 24 hours, or it isolates instances itself",
            MailArrives("2-follow-up.eml"),
            CaseState.OPEN,
            ExpectedState.CONTAINED,
            {ADA: 2, HANAKO: 2, PHONE: 2},
        ),
        StoryPart(
            "Ada answers AWS, with the intake address in copy",
            AdminAnswers(
                (
                    "The page quotes the prices of a shop that agreed to it, and asks for no card numbers.",
                    "The page now says whose prices it quotes, and links to the shop.",
                    "Ada Admin, operations",
                )
            ),
            CaseState.ANSWERED,
            ExpectedState.CONTAINED,
            _ALL,
        ),
        StoryPart(
            "AWS writes that its notice was sent in error",
            MailArrives("3-sent-in-error.eml"),
            CaseState.RESOLVED,
            ExpectedState.CONTAINED,
            _ALL,
        ),
        StoryPart(
            "Ada looks at what a release would put back",
            DeskCommand(("release", _MISSION)),
            CaseState.RESOLVED,
            ExpectedState.CONTAINED,
            {},
        ),
        StoryPart(
            "Ada releases the instance",
            DeskCommand(("release", _MISSION, "--do")),
            CaseState.RESOLVED,
            ExpectedState.RELEASED,
            _ALL,
        ),
    ),
)

UNPROVEN_DECLINED = Story(
    name="unproven-declined",
    about="a notice changed by a mailing list, so it is unproven: the responder asks, an admin declines",
    case=_DECLINED,
    instance_id="i-0c31f5a7d92be8046",
    parts=(
        StoryPart(
            "A mailing list passes on a notice and breaks its signature",
            MailArrives("unproven/by-a-mailing-list.eml"),
            CaseState.OPEN,
            ExpectedState.UNTOUCHED,
            _ALL,
        ),
        StoryPart(
            "An admin declines",
            DeskCommand(("decline", _DECLINED, "--words", "it scans for us, by contract")),
            CaseState.OPEN,
            ExpectedState.UNTOUCHED,
            _ALL,
        ),
        StoryPart(
            "An admin closes the case",
            DeskCommand(("close", _DECLINED, "--words", "AWS Health knows of no such report")),
            CaseState.CLOSED,
            ExpectedState.UNTOUCHED,
            _ALL,
        ),
    ),
)

UNPROVEN_APPROVED = Story(
    name="unproven-approved",
    about="a notice forwarded in the text of a mail: the responder asks, an admin approves, it contains",
    case=_APPROVED,
    instance_id="i-0d92e61b7c4f0a538",
    parts=(
        StoryPart(
            "A colleague forwards a notice in the text of a mail",
            MailArrives("unproven/forwarded-in-its-text.eml"),
            CaseState.OPEN,
            ExpectedState.UNTOUCHED,
            _ALL,
        ),
        StoryPart(
            "An admin approves",
            DeskCommand(("approve", _APPROVED, "--words", "AWS Health reports it as well")),
            CaseState.OPEN,
            ExpectedState.CONTAINED,
            {ADA: 3, HANAKO: 3},  # the action, the start of containment, and the report
        ),
    ),
)

STORIES: Final = {story.name: story for story in (MISSION, UNPROVEN_DECLINED, UNPROVEN_APPROVED)}

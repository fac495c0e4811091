"""The stories that a rehearsal plays: what happens in them, part by part, and how all stands after each part.

A story is told in seconds what takes a day in life, and no time is faked: its mail was on its way for so long that the
clock's last reminder, a quarter of an hour before the deadline, is due soon after the mail has come in.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lambdas.domain.case.case import CaseState

ADA, HANAKO, PHONE = "ada@example.com", "hanako@example.com", "+12025550123"
# Laid over the settings in cdk.json, so that a story goes the same way whatever somebody has set there.
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
# So soon after the mail has come in; by then its answer must have ended, also on a slow machine.
_DUE_SECONDS = 30


class ExpectedState(StrEnum):
    """How the instance of a story is to stand after a part; everything else is as it was when the story began."""

    UNTOUCHED = "as it was"
    CONTAINED = "in quarantine"
    RELEASED = "exactly as it was, and its snapshots stay"


@dataclass(frozen=True)
class MailArrives:
    """A mail comes in that was sent so many seconds before."""

    file: str
    sent_seconds_ago: float = 1


@dataclass(frozen=True)
class AdminAnswers:
    """Ada answers AWS by the draft of `desk reply`, with the gaps filled in that it has, in their order."""

    gaps: tuple[str, ...]


@dataclass(frozen=True)
class DeskCommand:
    """Somebody types `python -m desk …`."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class ReminderDue:
    """Nobody does anything: the clock strikes, so many hours before the deadline."""

    hours: float


@dataclass(frozen=True)
class StoryPart:
    """What happens, and how all must stand then. `messages` is how many each admin gets."""

    title: str
    event: MailArrives | AdminAnswers | DeskCommand | ReminderDue
    state: CaseState
    instance: ExpectedState
    messages: Mapping[str, int]


@dataclass(frozen=True)
class Story:
    """`about` is what it shows, in a line; `case` is AWS's number in its mails, `instance_id` what they name."""

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
    about="a first notice, a reminder, a follow-up, the answer to AWS, and AWS's word that it was an error",
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
            "Nobody does anything, and the clock reminds",
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
            "Ada releases", DeskCommand(("release", _MISSION, "--do")), CaseState.RESOLVED, ExpectedState.RELEASED, _ALL
        ),
    ),
)

UNPROVEN_DECLINED = Story(
    name="unproven-declined",
    about="a mail that a list has changed, so that nothing shows that it is AWS's: asks, an admin declines",
    case=_DECLINED,
    instance_id="i-0c31f5a7d92be8046",
    parts=(
        StoryPart(
            "A mailing list passes on a notice, and nobody vouches for it any more",
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
    about="a notice that a colleague forwarded in the text of a mail: asks, an admin approves, it is contained",
    case=_APPROVED,
    instance_id="i-0d92e61b7c4f0a538",
    parts=(
        StoryPart(
            "A colleague forwards a notice, and only the colleague vouches for it",
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
            {ADA: 3, HANAKO: 3},  # of the act, that it begins, and the report
        ),
    ),
)

STORIES: Final = {story.name: story for story in (MISSION, UNPROVEN_DECLINED, UNPROVEN_APPROVED)}

"""The stories that a rehearsal plays: what happens in them, part by part, and how all stands after each part.

A story is told in seconds what takes a day in life, and no time is faked: its mail was on its way for so long that the
clock's last reminder, a quarter of an hour before the deadline, is due soon after the mail has come in.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lambdas.domain.case.case import State

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


class Stands(StrEnum):
    """How the instance of a story is to stand after a part; everything else is as it was when the story began."""

    UNTOUCHED = "as it was"
    CONTAINED = "in quarantine"
    RELEASED = "exactly as it was, and its snapshots stay"


@dataclass(frozen=True)
class Mail:
    """A mail comes in that was sent so many seconds before."""

    file: str
    sent_seconds_ago: float = 1


@dataclass(frozen=True)
class Answer:
    """Ada answers AWS by the draft of `desk reply`, with the gaps filled in that it has, in their order."""

    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Verb:
    """Somebody types `python -m desk …`."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Reminder:
    """Nobody does anything: the clock strikes, so many hours before the deadline."""

    hours: float


@dataclass(frozen=True)
class Part:
    """What happens, and how all must stand then. `told` counts the messages by whom they reach."""

    title: str
    happens: Mail | Answer | Verb | Reminder
    state: State
    instance: Stands
    told: Mapping[str, int]


@dataclass(frozen=True)
class Story:
    """`about` is what it shows, in a line; `case` is AWS's number in its mails, `instance_id` what they name."""

    name: str
    about: str
    case: str
    instance_id: str
    parts: tuple[Part, ...]

    @property
    def mails(self) -> tuple[str, ...]:
        """The files of its mails, in their order."""
        return tuple(part.happens.file for part in self.parts if isinstance(part.happens, Mail))


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
        Part(
            "AWS's first notice comes in, almost a day late",
            Mail("1-first-notice.eml", sent_seconds_ago=_LONG_ON_ITS_WAY),
            State.OPEN,
            Stands.CONTAINED,
            {ADA: 2, HANAKO: 2, PHONE: 2},
        ),
        Part(
            "Nobody does anything, and the clock reminds",
            Reminder(_REMINDED_HOURS),
            State.OPEN,
            Stands.CONTAINED,
            _ALL_AND_SMS,
        ),
        Part(
            "Ada says that she is on it",
            Verb(("ack", _MISSION, "--as", ADA, "--words", "I look at the snapshots first")),
            State.OPEN,
            Stands.CONTAINED,
            _ALL,
        ),
        Part(
            "AWS follows up: 24 hours, or it isolates instances itself",
            Mail("2-follow-up.eml"),
            State.OPEN,
            Stands.CONTAINED,
            {ADA: 2, HANAKO: 2, PHONE: 2},
        ),
        Part(
            "Ada answers AWS, with the intake address in copy",
            Answer(
                (
                    "The page quotes the prices of a shop that agreed to it, and asks for no card numbers.",
                    "The page now says whose prices it quotes, and links to the shop.",
                    "Ada Admin, operations",
                )
            ),
            State.ANSWERED,
            Stands.CONTAINED,
            _ALL,
        ),
        Part(
            "AWS writes that its notice was sent in error",
            Mail("3-sent-in-error.eml"),
            State.RESOLVED,
            Stands.CONTAINED,
            _ALL,
        ),
        Part(
            "Ada looks at what a release would put back",
            Verb(("release", _MISSION)),
            State.RESOLVED,
            Stands.CONTAINED,
            {},
        ),
        Part("Ada releases", Verb(("release", _MISSION, "--do")), State.RESOLVED, Stands.RELEASED, _ALL),
    ),
)

UNPROVEN_DECLINED = Story(
    name="unproven-declined",
    about="a mail that a list has changed, so that nothing shows that it is AWS's: asks, reminds, an admin declines",
    case=_DECLINED,
    instance_id="i-0c31f5a7d92be8046",
    parts=(
        Part(
            "A mailing list passes on a notice, and nobody vouches for it any more",
            Mail("unproven/by-a-mailing-list.eml", sent_seconds_ago=_LONG_ON_ITS_WAY),
            State.OPEN,
            Stands.UNTOUCHED,
            {ADA: 2, HANAKO: 2},
        ),
        Part("Nobody decides, and the clock reminds", Reminder(_REMINDED_HOURS), State.OPEN, Stands.UNTOUCHED, _ALL),
        Part(
            "An admin declines",
            Verb(("decline", _DECLINED, "--words", "it scans for us, by contract")),
            State.OPEN,
            Stands.UNTOUCHED,
            _ALL,
        ),
        Part(
            "An admin closes the case",
            Verb(("close", _DECLINED, "--words", "AWS Health knows of no such report")),
            State.CLOSED,
            Stands.UNTOUCHED,
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
        Part(
            "A colleague forwards a notice, and only the colleague vouches for it",
            Mail("unproven/forwarded-in-its-text.eml"),
            State.OPEN,
            Stands.UNTOUCHED,
            {ADA: 2, HANAKO: 2},
        ),
        Part(
            "An admin approves",
            Verb(("approve", _APPROVED, "--words", "AWS Health reports it as well")),
            State.OPEN,
            Stands.CONTAINED,
            {ADA: 3, HANAKO: 3},  # of the act, that it begins, and the report
        ),
    ),
)

STORIES: Final = {story.name: story for story in (MISSION, UNPROVEN_DECLINED, UNPROVEN_APPROVED)}

"""What AWS's word that all is over leads to: the release is offered to an admin, with its plan.

May the responder release by itself? Only by setting, and where AWS says, as its last word, that its notice was wrong.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from lambdas.domain.case.case import Case, CaseState
from lambdas.domain.case.timeline import EntryKind
from lambdas.domain.intake.notice import Notice, Proof
from lambdas.domain.policy import CLOCK_SKEW, MAX_NOTICE_AGE
from lambdas.domain.release.action import ReleaseAction


class ReleaseDoubt(StrEnum):
    """Why a release is left to an admin. The values are part of the names of words in each language."""

    NOT_IN_ERROR = "not_in_error"  # AWS says that the case is over, not that there was no abuse
    UNPROVEN = "unproven"
    FOR_ANOTHER = "for_another"  # the notice is to an account that is not ours
    NOT_FRESH = "not_fresh"  # an old one may be sent again by whoever has it
    NOT_THE_LAST_WORD = "not_the_last_word"  # AWS, or an admin, has said something else about the case since
    CONTAINED_SINCE = "contained_since"  # what was contained after AWS wrote this was contained for another reason


@dataclass(frozen=True, slots=True)
class ReleaseOffer:
    """What the report of AWS's last word tells of a release. `plans` are by instance, of what the case still holds.

    `automatic` are the instances that the responder releases now; `doubts` are why it does not, where the settings
    would let it.
    """

    plans: Mapping[str, tuple[ReleaseAction, ...]] = field(default_factory=dict)
    automatic: tuple[str, ...] = ()
    doubts: tuple[ReleaseDoubt, ...] = ()


NO_RELEASE_OFFER: Final = ReleaseOffer()


def release_doubts(
    case: Case,
    notice: Notice,
    proof: Proof,
    instances: Collection[str],
    *,
    received_at: datetime,
    accounts: Collection[str],
) -> tuple[ReleaseDoubt, ...]:
    """Everything that speaks against releasing these instances of the case without an admin; nothing if none does.

    `accounts` are the responder's own and its members'.
    """
    sent_at = notice.sent_at
    fresh = sent_at is not None and -CLOCK_SKEW <= received_at - sent_at <= MAX_NOTICE_AGE
    contained = [
        entry.at for entry in case.timeline if entry.kind is EntryKind.CONTAINED and entry.resource in instances
    ]
    return tuple(
        doubt
        for doubt, stands in (
            (ReleaseDoubt.NOT_IN_ERROR, not notice.sent_in_error),
            (ReleaseDoubt.UNPROVEN, not proof.may_contain),
            (ReleaseDoubt.FOR_ANOTHER, not set(notice.account_ids) <= set(accounts)),
            (ReleaseDoubt.NOT_FRESH, not fresh),
            (ReleaseDoubt.NOT_THE_LAST_WORD, case.state is not CaseState.RESOLVED),
            (ReleaseDoubt.CONTAINED_SINCE, any(sent_at is None or at > sent_at for at in contained)),
        )
        if stands
    )


def instances_to_release(planned: Collection[str], notice: Notice) -> tuple[str, ...]:
    """Of the instances that a case still holds those that a notice speaks of: all, where it names none."""
    return tuple(name for name in planned if not notice.instance_ids or name in notice.instance_ids)

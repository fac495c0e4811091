"""What a release puts back, part by part: the value before, the value containment set, and the value now.

A part is put back only if it still has the value that containment set. Changes that people made since are shown and
kept, unless an admin forces it. Nothing that was added since is removed, such as an interface or a registration.
"""

from lambdas.domain.release.action import (
    STEPS,
    VERIFY,
    AwsCall,
    ReleaseAction,
    ReleasePart,
    ReleaseVerdict,
    blocking_actions,
    outstanding,
)
from lambdas.domain.release.contained_record import (
    MAX_INSTANCES,
    ContainedRecord,
    contained_instances,
    contained_record,
)
from lambdas.domain.release.current_state import CurrentState, release_blocked_by
from lambdas.domain.release.offer import (
    NO_RELEASE_OFFER,
    ReleaseDoubt,
    ReleaseOffer,
    instances_to_release,
    release_doubts,
)
from lambdas.domain.release.plan import release_actions
from lambdas.domain.release.result import CompletedRelease, ReleaseResult

__all__ = [
    "MAX_INSTANCES",
    "NO_RELEASE_OFFER",
    "STEPS",
    "VERIFY",
    "AwsCall",
    "CompletedRelease",
    "ContainedRecord",
    "CurrentState",
    "ReleaseAction",
    "ReleaseDoubt",
    "ReleaseOffer",
    "ReleasePart",
    "ReleaseResult",
    "ReleaseVerdict",
    "blocking_actions",
    "contained_instances",
    "contained_record",
    "instances_to_release",
    "outstanding",
    "release_actions",
    "release_blocked_by",
    "release_doubts",
]

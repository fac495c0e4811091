"""What a release puts back, part by part: what stood before, what containing left, and what stands now.

A part is put back only if it stands as containing left it. What somebody changed since is shown and left, unless an
admin forces it; what no longer exists cannot be put back, and the reason says why. Nothing that came since is ever
taken away: an interface, a volume or a registration that was not there before stays as it is.
"""

from lambdas.domain.release.action import STEPS, VERIFY, Action, Call, Part, Verdict, outstanding, withheld
from lambdas.domain.release.contained_record import MOST_AT_ONCE, Kept, contained_in, kept
from lambdas.domain.release.current_state import Now, obstacle
from lambdas.domain.release.offer import NOTHING_OFFERED, Doubt, Offer, chosen, doubts
from lambdas.domain.release.plan import plan
from lambdas.domain.release.result import Release, Result, result_from

__all__ = [
    "MOST_AT_ONCE",
    "NOTHING_OFFERED",
    "STEPS",
    "VERIFY",
    "Action",
    "Call",
    "Doubt",
    "Kept",
    "Now",
    "Offer",
    "Part",
    "Release",
    "Result",
    "Verdict",
    "chosen",
    "contained_in",
    "doubts",
    "kept",
    "obstacle",
    "outstanding",
    "plan",
    "result_from",
    "withheld",
]

"""How an instance stands now, as far as a release needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lambdas.domain.containment.before_state import AutoScalingMembership
from lambdas.domain.containment.load_balancing import Target
from lambdas.domain.instance.instance import TERMINATED_STATES, Instance, Interface
from lambdas.domain.phrase import Phrase, phrase
from lambdas.domain.release.action import ReleasePart


@dataclass(frozen=True, slots=True)
class CurrentState:
    """What AWS shows at this moment; `unread` says by part why one could not be read.

    `auto_scaling` is the group of before, with an empty lifecycle where the instance is not in it, and None where the
    group is gone. `astray` holds the interfaces of before that exist and that the instance has no more: by whom they
    are used now, empty if by nobody.
    """

    instance: Instance | None  # None: EC2 shows it no more
    holder: str = ""  # another case that holds it since
    interfaces: tuple[Interface, ...] = ()
    astray: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)  # the security groups that exist, with our role tag
    termination_protection: bool = False
    shutdown_behaviour: str = ""
    auto_scaling: AutoScalingMembership | None = None
    registered: tuple[Target, ...] = ()
    target_groups: frozenset[str] = frozenset()  # the ARNs of those that exist
    classic: Mapping[str, bool] = field(default_factory=dict)  # the balancers that exist: whether it is registered
    profile: str = ""
    profile_exists: bool = True  # that of before
    cut: bool = False  # a role denies the instance everything
    unread: Mapping[ReleasePart, Phrase] = field(default_factory=dict)


def release_blocked_by(now: CurrentState) -> Phrase | None:
    """Why nothing at all can be put back, None if something can."""
    if now.instance is None:
        unread = now.unread.get(ReleasePart.NETWORK)
        return phrase("release:not_asked", why=unread) if unread else phrase("release:gone")
    if now.instance.state in TERMINATED_STATES:
        return phrase("release:ended", state=now.instance.state)
    return phrase("release:held_since", case=now.holder) if now.holder else None

"""The current state of an instance, as far as a release needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lambdas.domain.containment.before_state import AutoScalingMembership
from lambdas.domain.containment.load_balancing import Target
from lambdas.domain.instance.instance import TERMINATED_STATES, Instance, Interface
from lambdas.domain.phrase import Phrase, phrase
from lambdas.domain.release.action import ReleasePart


@dataclass(frozen=True, slots=True)
class CurrentState:
    """What AWS shows at this moment. `unread` says by part why AWS could not be asked.

    `auto_scaling` has an empty lifecycle where the instance left its former group, and is None where that group is
    gone. `detached_interfaces` are interfaces that the instance had: each with the instance that uses it now, or empty.
    """

    instance: Instance | None  # None: EC2 no longer lists it
    held_by_case: str = ""  # another case that contains it now
    protect_tag: str = ""  # the key of the protect tag, if the instance has it
    interfaces: tuple[Interface, ...] = ()
    detached_interfaces: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)  # the security groups that exist, with our role tag
    termination_protection: bool = False
    shutdown_behaviour: str = ""
    auto_scaling: AutoScalingMembership | None = None
    registered: tuple[Target, ...] = ()
    target_groups: frozenset[str] = frozenset()  # the ARNs of those that exist
    classic_load_balancers: Mapping[str, bool] = field(
        default_factory=dict
    )  # the balancers that exist: whether it is registered
    profile: str = ""
    profile_exists: bool = True  # whether the former profile still exists
    credentials_denied: bool = False  # a role denies the instance everything
    unread: Mapping[ReleasePart, Phrase] = field(default_factory=dict)


def release_blocked_by(now: CurrentState) -> Phrase | None:
    """Why nothing at all can be put back, None if something can."""
    if now.instance is None:
        unread = now.unread.get(ReleasePart.NETWORK)
        return phrase("release:not_asked", why=unread) if unread else phrase("release:gone")
    if now.instance.state in TERMINATED_STATES:
        return phrase("release:ended", state=now.instance.state)
    if now.protect_tag:
        return phrase("policy:protected", tag=now.protect_tag)
    return phrase("release:held_since", case=now.held_by_case) if now.held_by_case else None

"""The plan of a release: its parts in the order in which they are taken."""

from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.containment.load_balancing import Registrations
from lambdas.domain.phrase import phrase
from lambdas.domain.release.access import credentials, network, tags
from lambdas.domain.release.action import ReleaseAction, ReleasePart, cannot
from lambdas.domain.release.current_state import CurrentState, release_blocked_by
from lambdas.domain.release.groups import auto_scaling_actions, load_balancers
from lambdas.domain.release.protection import protection


def release_actions(
    before: BeforeState, registrations: Registrations | None, now: CurrentState, *, case: str, force: bool = False
) -> tuple[ReleaseAction, ...]:
    """Everything that containing may have changed, with its verdict, in the order of the steps.

    `registrations` are None where the case holds none: then nothing was taken out of a load balancer.
    """
    instance, reason = now.instance, release_blocked_by(now)
    if instance is None or reason:
        return (cannot(ReleasePart.NETWORK, reason),)
    actions: list[ReleaseAction] = []
    planned = {
        ReleasePart.CREDENTIALS: credentials(before, now, force),
        ReleasePart.NETWORK: network(before, now, force),
        ReleasePart.AUTO_SCALING: auto_scaling_actions(before, instance, now, force),
        ReleasePart.LOAD_BALANCERS: load_balancers(registrations, instance, now),
        ReleasePart.PROTECTION: protection(before, instance, now, force),
        ReleasePart.TAGS: tags(before, instance, case, force),
    }
    for part in ReleasePart:
        unread = now.unread.get(part)
        actions += [cannot(part, phrase("release:unread", why=unread))] if unread else planned[part]
    return tuple(actions)

"""The plan of a release: its parts in the order in which they are taken."""

from lambdas.domain.containment.before_state import Before
from lambdas.domain.containment.load_balancing import Registrations
from lambdas.domain.phrase import said
from lambdas.domain.release.access import credentials, network, tags
from lambdas.domain.release.action import Action, Part, cannot
from lambdas.domain.release.current_state import Now, obstacle
from lambdas.domain.release.groups import auto_scaling, load_balancers
from lambdas.domain.release.protection import protection


def plan(
    before: Before, registrations: Registrations | None, now: Now, *, case: str, force: bool = False
) -> tuple[Action, ...]:
    """Everything that containing may have changed, with what becomes of it, in the order of the steps.

    `registrations` are None where the case holds none: then nothing was taken out of a load balancer.
    """
    instance, reason = now.instance, obstacle(now)
    if instance is None or reason:
        return (cannot(Part.NETWORK, reason),)
    actions: list[Action] = []
    for part, found in (
        (Part.CREDENTIALS, credentials(before, now, force)),
        (Part.NETWORK, network(before, now, force)),
        (Part.AUTO_SCALING, auto_scaling(before, instance, now, force)),
        (Part.LOAD_BALANCERS, load_balancers(registrations, instance, now)),
        (Part.PROTECTION, protection(before, instance, now, force)),
        (Part.TAGS, tags(before, instance, case, force)),
    ):
        unread = now.unread.get(part)
        actions += [cannot(part, said("release:unread", why=unread))] if unread else found
    return tuple(actions)

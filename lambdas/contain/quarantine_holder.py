"""Who has an instance in quarantine already: its state is not the one before, and its tags are not ours to change."""

from lambdas.contain.quarantine_group import read_quarantine_groups
from lambdas.domain.containment.quarantine import quarantine_violations
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import CASE_TAG, STATE_TAG


def case_holding(instance: Instance, case: str) -> str | None:
    """The other case by its tag, if the interfaces, as they were found, show that the tag still tells the truth.

    An instance that somebody released by hand may still carry the tags: it is not held.
    """
    tagged = instance.tags.get(CASE_TAG)
    if STATE_TAG not in instance.tags or tagged in {None, case}:
        return None
    held = any(not quarantine_violations(instance.interfaces, group) for group in read_quarantine_groups(instance))
    return tagged if held else None


def quarantined_interfaces(instance: Instance) -> list[str]:
    """The interfaces that carried a quarantine group of ours when they were found."""
    ours = {group["GroupId"] for group in read_quarantine_groups(instance)}
    return [interface.interface_id for interface in instance.interfaces if ours.intersection(interface.groups)]

"""Whether an instance is in quarantine already: then its state is not the one before, and its tags stay."""

from lambdas.domain.containment.quarantine import quarantine_violations
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import CASE_TAG, STATE_TAG
from lambdas.instance_clients import reader_of


def case_holding(instance: Instance, case: str) -> str | None:
    """Another case that its tag names, if the interfaces were in quarantine when the instance was found.

    A person who releases an instance by hand may leave the tags on it. No case holds it then.
    """
    tagged = instance.tags.get(CASE_TAG)
    if STATE_TAG not in instance.tags or tagged in {None, case}:
        return None
    groups = reader_of(instance).quarantine_groups()
    return tagged if any(not quarantine_violations(instance.interfaces, group) for group in groups) else None


def quarantined_interfaces(instance: Instance) -> list[str]:
    """The interfaces that were in a quarantine group when the instance was found."""
    group_ids = {group["GroupId"] for group in reader_of(instance).quarantine_groups()}
    return [interface.interface_id for interface in instance.interfaces if group_ids.intersection(interface.groups)]

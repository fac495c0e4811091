"""Find instances: by id, first in the accounts and Regions that the notice names, then in all others.

Where a notice names only addresses, the instances that hold them are found. An instance that is gone comes with its
history and its successors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from lambdas.aws import client
from lambdas.contain.address_holders import address_holders
from lambdas.contain.instance_history import read_histories, read_successors
from lambdas.contain.search_scope import SearchScope, query_regions
from lambdas.domain.errors import SearchIncomplete
from lambdas.domain.instance.address import ReportedAddress
from lambdas.domain.instance.instance import TERMINATED_STATES, Instance, MissingInstance
from lambdas.domain.instance.search import AccountRegion, Search
from lambdas.domain.phrase import Phrase
from lambdas.instance_reader import describe_instances
from lambdas.step_result import step_error

# Retries while a Region refuses and something is missing. A throttled Region must not hide its instance, and a Region
# that stays closed to us must not delay the report for long.
_RETRIES = 2
# All results go through Step Functions, which fails beyond 256 KiB and cannot catch that. AWS names a few instances;
# about any further ones the report says that nothing is known.
MOST_NAMED = 30


def find_instances(event: dict[str, Any]) -> dict[str, Any]:
    """From `case.instances`, `case.addresses` and `case.accounts` to `{"instances": […], "missing": […]}`.

    An account or Region that refuses does not hide the others. `tried` counts the earlier attempts. Raises
    SearchIncomplete while a retry may find what is missing.
    """
    case = event["case"]
    wanted = {named["instance_id"]: named["region"] for named in case["instances"][:MOST_NAMED]}
    addresses = [*map(ReportedAddress.from_json, case["addresses"])]
    scope = SearchScope.of(case["accounts"], event["account_id"])
    instances, missing = _by_id(wanted, scope)
    holders, unassigned = address_holders(addresses, scope)
    # An instance that the notice names by id does not depend on its address.
    instances += [holder for holder in holders if holder.instance_id not in wanted]
    searches = [*(instance.search for instance in missing), *(address.search for address in unassigned)]
    refused = [reason for search in searches for reason in search.refused]
    if refused and event["tried"] < _RETRIES:
        raise step_error(SearchIncomplete, *dict.fromkeys(refused))
    return {
        "instances": [instance.to_json() for instance in instances],
        "missing": [*map(asdict, _with_history(missing, wanted)), *map(asdict, unassigned)],
    }


def _by_id(wanted: Mapping[str, str | None], scope: SearchScope) -> tuple[list[Instance], list[MissingInstance]]:
    """Search the Regions that the notice names in one group of accounts after the other, then all other Regions."""
    found: dict[str, Instance] = {}
    searched: dict[AccountRegion, object] = {}
    refused: dict[AccountRegion, Phrase] = {}
    for named in (True, False):
        for accounts in scope.accounts:
            if len(found) == len(wanted):
                break
            regions = [region for region in scope.regions_of(accounts) if (region.region in wanted.values()) is named]
            answers, unread = query_regions(regions, partial(_describe, list(wanted)))
            for region, descriptions in answers.items():
                found.update({data["InstanceId"]: _instance(data, region) for data in descriptions})
            searched.update(answers)
            refused.update(unread)
    search = Search.of(searched, {**scope.refused, **refused}, scope.foreign)
    return (
        [found[instance_id] for instance_id in wanted if instance_id in found],
        [MissingInstance(instance_id, search) for instance_id in wanted if instance_id not in found],
    )


def _with_history(missing: Sequence[MissingInstance], wanted: Mapping[str, str | None]) -> list[MissingInstance]:
    """Add what CloudTrail shows in the Regions that the notice names, else in all that were searched."""
    searched = missing[0].search.account_regions if missing else []
    named = [region for region in searched if region.region in wanted.values()]
    histories = read_histories([instance.instance_id for instance in missing], named or searched)
    return [replace(instance, past=histories.get(instance.instance_id)) for instance in missing]


def _instance(description: Mapping[str, Any], region: AccountRegion) -> Instance:
    instance = Instance.from_description(description, region=region.region, account_id=region.account_id)
    if instance.state not in TERMINATED_STATES or not instance.auto_scaling_group:
        return instance
    return replace(instance, successors=read_successors(instance, description["LaunchTime"]))


def _describe(instance_ids: list[str], region: AccountRegion) -> list[dict[str, Any]]:
    return describe_instances(client("ec2", region.region, region.account_id), instance_ids)

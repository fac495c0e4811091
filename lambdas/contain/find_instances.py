"""Find instances: by id, in the accounts and Regions that the notice names first, then in every other one.

Where a notice names addresses only, the instance that holds one is found instead. What is gone is said to be so, with
what took its place.
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
from lambdas.step_result import step_error

# So often the whole is tried again while a place refuses and something is missing: a throttled Region must not hide the
# instance that it holds, and a Region that is closed to us must not keep the admins from an answer.
_TRIES_AGAIN = 2
# What is found of each goes through Step Functions, which fails beyond 256 KiB and cannot catch that. AWS names a
# few; of the rest the report says that nothing is known.
MOST_NAMED = 30


def find_instances(event: dict[str, Any]) -> dict[str, Any]:
    """From `case.instances`, `case.addresses` and `case.accounts` to `{"instances": […], "missing": […]}`.

    An account or a Region that refuses does not hide the others. `tried` says how often the state has asked before;
    raises SearchIncomplete while asking again may find what is missing.
    """
    case = event["case"]
    wanted = {one["instance_id"]: one["region"] for one in case["instances"][:MOST_NAMED]}
    addresses = [ReportedAddress.from_json(one) for one in case["addresses"]]
    places = SearchScope.of(case["accounts"], event["account_id"])
    found, missing = _named(wanted, places)
    holders, unheld = address_holders(addresses, places)
    # What the notice names by id needs no address to be meant.
    found += [holder for holder in holders if holder.instance_id not in wanted]
    searches = [*(one.search for one in missing), *(one.search for one in unheld)]
    refused = [why for search in searches for why in search.refused]
    if refused and event["tried"] < _TRIES_AGAIN:
        raise step_error(SearchIncomplete, *dict.fromkeys(refused))
    return {
        "instances": [one.to_json() for one in found],
        "missing": [*map(asdict, _with_pasts(missing, wanted)), *map(asdict, unheld)],
    }


def _named(wanted: Mapping[str, str | None], places: SearchScope) -> tuple[list[Instance], list[MissingInstance]]:
    """First the Regions that the notice names, in one group of accounts after the other, then all other Regions."""
    found: dict[str, Instance] = {}
    looked: dict[AccountRegion, object] = {}
    refused: dict[AccountRegion, Phrase] = {}
    for named in (True, False):
        for accounts in places.accounts:
            if len(found) == len(wanted):
                break
            there = [one for one in places.among(accounts) if (one.region in wanted.values()) is named]
            answers, unread = query_regions(there, partial(_described, list(wanted)))
            for place, descriptions in answers.items():
                found.update({one["InstanceId"]: _instance(one, place) for one in descriptions})
            looked.update(answers)
            refused.update(unread)
    search = Search.of(looked, {**places.refused, **refused}, places.foreign)
    return (
        [found[one] for one in wanted if one in found],
        [MissingInstance(one, search) for one in wanted if one not in found],
    )


def _with_pasts(missing: Sequence[MissingInstance], wanted: Mapping[str, str | None]) -> list[MissingInstance]:
    """With what CloudTrail tells: that of the Regions that the notice names, else of all that were looked at."""
    looked = missing[0].search.places if missing else []
    past = read_histories(
        [one.instance_id for one in missing], [one for one in looked if one.region in wanted.values()] or looked
    )
    return [replace(one, past=past.get(one.instance_id)) for one in missing]


def _instance(description: Mapping[str, Any], place: AccountRegion) -> Instance:
    instance = Instance.from_description(description, region=place.region, account_id=place.account_id)
    if instance.state not in TERMINATED_STATES or not instance.auto_scaling_group:
        return instance
    return replace(instance, successors=read_successors(instance, description["LaunchTime"]))


def _described(instance_ids: list[str], place: AccountRegion) -> list[dict[str, Any]]:
    """DescribeInstances by filter: unlike by id, one that is not here is no error for the others."""
    pages = (
        client("ec2", place.region, place.account_id)
        .get_paginator("describe_instances")
        .paginate(Filters=[{"Name": "instance-id", "Values": instance_ids}])
    )
    return [
        description
        for page in pages
        for reservation in page["Reservations"]
        for description in reservation["Instances"]
    ]

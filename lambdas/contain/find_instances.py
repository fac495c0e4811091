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
from lambdas.contain.instance_history import pasts, successors_of
from lambdas.contain.search_scope import Places, everywhere
from lambdas.domain.errors import NotLookedEverywhere
from lambdas.domain.instance.address import Sought
from lambdas.domain.instance.instance import Instance, Missing
from lambdas.domain.instance.search import Place, Search
from lambdas.domain.phrase import Said
from lambdas.domain.policy import GONE
from lambdas.step_result import refusal

# So often the whole is tried again while a place refuses and something is missing: a throttled Region must not hide the
# instance that it holds, and a Region that is closed to us must not keep the admins from an answer.
_TRIES_AGAIN = 2
# What is found of each goes through Step Functions, which fails beyond 256 KiB and cannot catch that. AWS names a
# few; of the rest the report says that nothing is known.
MOST_NAMED = 30


def find_instances(event: dict[str, Any]) -> dict[str, Any]:
    """From `case.instances`, `case.addresses` and `case.accounts` to `{"instances": […], "missing": […]}`.

    An account or a Region that refuses does not hide the others. `tried` says how often the state has asked before;
    raises NotLookedEverywhere while asking again may find what is missing.
    """
    case = event["case"]
    wanted = {one["instance_id"]: one["region"] for one in case["instances"][:MOST_NAMED]}
    addresses = [Sought.from_json(one) for one in case["addresses"]]
    places = Places.of(case["accounts"], event["account_id"])
    found, missing = _named(wanted, places)
    holders, unheld = address_holders(addresses, places)
    # What the notice names by id needs no address to be meant.
    found += [holder for holder in holders if holder.instance_id not in wanted]
    searches = [*(one.search for one in missing), *(one.search for one in unheld)]
    refused = [why for search in searches for why in search.refused]
    if refused and event["tried"] < _TRIES_AGAIN:
        raise refusal(NotLookedEverywhere, *dict.fromkeys(refused))
    return {
        "instances": [one.to_json() for one in found],
        "missing": [*map(asdict, _with_pasts(missing, wanted)), *map(asdict, unheld)],
    }


def _named(wanted: Mapping[str, str | None], places: Places) -> tuple[list[Instance], list[Missing]]:
    """First the Regions that the notice names, in one group of accounts after the other, then all other Regions."""
    found: dict[str, Instance] = {}
    looked: dict[Place, object] = {}
    refused: dict[Place, Said] = {}
    for named in (True, False):
        for accounts in places.accounts:
            if len(found) == len(wanted):
                break
            there = [one for one in places.among(accounts) if (one.region in wanted.values()) is named]
            answers, unread = everywhere(there, partial(_described, list(wanted)))
            for place, descriptions in answers.items():
                found.update({one["InstanceId"]: _instance(one, place) for one in descriptions})
            looked.update(answers)
            refused.update(unread)
    search = Search.of(looked, {**places.refused, **refused}, places.foreign)
    return (
        [found[one] for one in wanted if one in found],
        [Missing(one, search) for one in wanted if one not in found],
    )


def _with_pasts(missing: Sequence[Missing], wanted: Mapping[str, str | None]) -> list[Missing]:
    """With what CloudTrail tells: that of the Regions that the notice names, else of all that were looked at."""
    looked = missing[0].search.places if missing else []
    past = pasts(
        [one.instance_id for one in missing], [one for one in looked if one.region in wanted.values()] or looked
    )
    return [replace(one, past=past.get(one.instance_id)) for one in missing]


def _instance(description: Mapping[str, Any], place: Place) -> Instance:
    instance = Instance.from_description(description, region=place.region, account_id=place.account_id)
    if instance.state not in GONE or not instance.auto_scaling_group:
        return instance
    return replace(instance, successors=successors_of(instance, description["LaunchTime"]))


def _described(instance_ids: list[str], place: Place) -> list[dict[str, Any]]:
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

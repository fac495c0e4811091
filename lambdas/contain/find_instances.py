"""Find instances: by id in the Regions that the notice names, then in every other one that the settings allow.

Where a notice names addresses only, the instance that holds one is found instead.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.aws import client
from lambdas.contain.address_holders import address_holders
from lambdas.domain.address import Sought
from lambdas.domain.instance import Instance, Missing

# What is found of each goes through Step Functions, which fails beyond 256 KiB and cannot catch that. AWS names a
# few; of the rest the report says that nothing is known.
MOST_NAMED = 30


def find_instances(event: dict[str, Any]) -> dict[str, Any]:
    """From `case.instances` and `case.addresses` to `{"instances": […], "missing": […]}`.

    A Region that refuses does not hide the others.
    """
    wanted = {one["instance_id"]: one["region"] for one in event["case"]["instances"][:MOST_NAMED]}
    addresses = [Sought.from_json(one) for one in event["case"]["addresses"]]
    allowed = _allowed_regions() if wanted or addresses else []
    found, missing = _named(wanted, allowed, event["account_id"])
    holders, unheld = address_holders(addresses, allowed, event["account_id"])
    # What the notice names by id needs no address to be meant.
    found += [holder for holder in holders if holder.instance_id not in wanted]
    return {
        "instances": [one.to_json() for one in found],
        "missing": [*map(asdict, missing), *map(asdict, unheld)],
    }


def _named(wanted: dict[str, str | None], allowed: list[str], account_id: str) -> tuple[list[Instance], list[Missing]]:
    if not wanted:
        return [], []
    named = [region for region in allowed if region in wanted.values()]
    found, unread = _look(named, wanted, account_id)
    if len(found) < len(wanted):
        others = [region for region in allowed if region not in named]
        more, more_unread = _look(others, wanted, account_id)
        found, unread = {**found, **more}, {**unread, **more_unread}
    missing = [Missing(one, tuple(r for r in allowed if r not in unread), unread) for one in wanted if one not in found]
    return [found[one] for one in wanted if one in found], missing


def _allowed_regions() -> list[str]:
    if os.environ["REGIONS"]:
        return os.environ["REGIONS"].split(",")
    return [region["RegionName"] for region in client("ec2").describe_regions()["Regions"]]


def _look(regions: list[str], wanted: Iterable[str], account_id: str) -> tuple[dict[str, Instance], dict[str, str]]:
    """What these Regions show, asked all at once, and why one of them could not be asked."""
    for region in regions:
        client("ec2", region)  # boto3 makes clients safely in one thread only
    found: dict[str, Instance] = {}
    unread: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=max(len(regions), 1)) as pool:
        answers = {region: pool.submit(_described, region, list(wanted)) for region in regions}
    for region, answer in answers.items():
        try:
            for description in answer.result():
                instance = Instance.from_description(description, region=region, account_id=account_id)
                found[instance.instance_id] = instance
        except (ClientError, BotoCoreError) as error:
            unread[region] = str(error)
    return found, unread


def _described(region: str, instance_ids: list[str]) -> list[dict[str, Any]]:
    """DescribeInstances by filter: unlike by id, one that is not here is no error for the others."""
    pages = (
        client("ec2", region)
        .get_paginator("describe_instances")
        .paginate(Filters=[{"Name": "instance-id", "Values": instance_ids}])
    )
    return [
        description
        for page in pages
        for reservation in page["Reservations"]
        for description in reservation["Instances"]
    ]

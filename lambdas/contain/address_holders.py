"""Who holds an address now, in any Region of our accounts, and whether it held it when the abuse was seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.aws import client
from lambdas.contain.search_scope import SearchScope, query_regions
from lambdas.domain.instance.address import (
    AddressAssignment,
    AssociationHistory,
    HeldAddress,
    HeldDuringAbuse,
    ReportedAddress,
    describe_holder,
    held_during_abuse,
    public_addresses_of,
)
from lambdas.domain.instance.instance import Instance, UnassignedAddress
from lambdas.domain.instance.search import AccountRegion, Search
from lambdas.domain.phrase import Phrase, phrase, verbatim

# LookupEvents answers two calls a second and forgets after 90 days:
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
_KEPT = timedelta(days=90)
_MOST_PAGES = 3


@dataclass(frozen=True)
class _RegionAddresses:
    """What one Region of an account shows of the addresses."""

    interfaces: dict[str, dict[str, Any]] = field(default_factory=dict)  # by address
    instances: dict[str, dict[str, Any]] = field(default_factory=dict)  # by id
    trails: dict[str, AssociationHistory] = field(default_factory=dict)  # by Elastic IP
    idle: dict[str, str] = field(default_factory=dict)  # the allocations of Elastic IPs that nothing uses


def address_holders(
    addresses: Sequence[ReportedAddress], places: SearchScope
) -> tuple[list[Instance], list[UnassignedAddress]]:
    """The instances that hold these addresses, and the addresses that none holds."""
    seen: dict[AccountRegion, _RegionAddresses] = {}
    refused: dict[AccountRegion, Phrase] = {}
    for accounts in places.accounts:
        unseen = [one for one in addresses if _place_of(one.address, seen) is None]
        if not unseen:
            break
        answers, unread = query_regions(places.among(accounts), partial(_interfaces_in, unseen))
        for place, there in answers.items():
            there.trails.update(_trails(place, there, addresses))
        seen.update(answers)
        refused.update(unread)
    search = Search.of(seen, {**places.refused, **refused}, places.foreign)
    instances: dict[str, Instance] = {}
    unheld = []
    for one in addresses:
        where = _place_of(one.address, seen)
        if where is None or not (found := _instance(one, seen[where], where)):
            unheld.append(UnassignedAddress(one.address, _other_holder(one.address, seen), search))
        elif found.instance_id in instances:
            known = instances[found.instance_id]
            instances[known.instance_id] = replace(known, found_by=(*known.found_by, *found.found_by))
        else:
            instances[found.instance_id] = found
    return list(instances.values()), unheld


def _place_of(address: str, seen: dict[AccountRegion, _RegionAddresses]) -> AccountRegion | None:
    """Where an interface with the address is."""
    return next((place for place, there in seen.items() if address in there.interfaces), None)


def _interfaces_in(addresses: Sequence[ReportedAddress], place: AccountRegion) -> _RegionAddresses:
    """What a Region shows of the addresses: their interfaces, the instances of these, and Elastic IPs without any."""
    ec2, wanted = client("ec2", place.region, place.account_id), [one.address for one in addresses]
    v4, v6 = [one for one in wanted if ":" not in one], [one for one in wanted if ":" in one]
    filters = (
        ("association.public-ip", v4),
        ("addresses.association.public-ip", v4),  # those of secondary private addresses
        ("ipv6-addresses.ipv6-address", v6),
    )
    seen = _RegionAddresses()
    for name, values in filters:
        if not values:
            continue
        pages = ec2.get_paginator("describe_network_interfaces").paginate(Filters=[{"Name": name, "Values": values}])
        for page in pages:
            for interface in page["NetworkInterfaces"]:
                seen.interfaces.update({one: interface for one in public_addresses_of(interface) if one in wanted})
    attached = {one.get("Attachment", {}).get("InstanceId") for one in seen.interfaces.values()} - {None}
    if attached:
        pages = ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": "instance-id", "Values": sorted(attached)}]
        )
        seen.instances.update(
            {
                one["InstanceId"]: one
                for page in pages
                for reservation in page["Reservations"]
                for one in reservation["Instances"]
            }
        )
    unseen = [one for one in v4 if one not in seen.interfaces]
    if unseen:
        idle = ec2.describe_addresses(Filters=[{"Name": "public-ip", "Values": unseen}])["Addresses"]
        seen.idle.update({one["PublicIp"]: one.get("AllocationId", "") for one in idle})
    return seen


def _instance(one: ReportedAddress, there: _RegionAddresses, place: AccountRegion) -> Instance | None:
    tenure = _tenure(one.address, there)
    description = there.instances.get(tenure.instance_id)
    if description is None:  # a service's interface, or an instance of another account
        return None
    held, words = held_during_abuse(tenure, one.abuse_at, there.trails.get(one.address))
    instance = Instance.from_description(description, region=place.region, account_id=place.account_id)
    return replace(instance, found_by=(HeldAddress(one.address, one.quoted, HeldDuringAbuse(held), words),))


def _tenure(address: str, there: _RegionAddresses) -> AddressAssignment:
    interface = there.interfaces[address]
    holder = there.instances.get(interface.get("Attachment", {}).get("InstanceId", ""), {})
    return AddressAssignment.from_interface(interface, address, holder.get("LaunchTime"))


def _other_holder(address: str, seen: dict[AccountRegion, _RegionAddresses]) -> Phrase | None:
    for place, there in seen.items():
        if address in there.interfaces:
            return phrase("holder:in", holder=describe_holder(there.interfaces[address]), place=place.words)
        if address in there.idle:
            return phrase("holder:idle", id=there.idle[address], place=place.words)
    return None


def _trails(
    place: AccountRegion, there: _RegionAddresses, addresses: Iterable[ReportedAddress]
) -> dict[str, AssociationHistory]:
    """What CloudTrail says of the Elastic IPs that instances hold here. One look-up serves all, as it is slow."""
    elastic = {
        one: tenure
        for one in addresses
        if one.address in there.interfaces
        and (tenure := _tenure(one.address, there)).allocation
        and tenure.instance_id in there.instances
    }
    moments = {one: one.abuse_at for one in elastic if one.abuse_at}
    if not moments:
        return {}
    oldest = datetime.now(UTC) - _KEPT
    kept = {one: at for one, at in moments.items() if at > oldest}
    trails = {one.address: AssociationHistory(None, phrase("held:forgotten")) for one in moments if one not in kept}
    if not kept:
        return trails
    try:
        events, whole = _associations(place, min(kept.values()))
    except (ClientError, BotoCoreError) as error:
        silent = AssociationHistory(None, phrase("held:no_trail", why=verbatim(str(error))))
        return trails | {one.address: silent for one in kept}
    for one, at in kept.items():
        # The event names the allocation where the caller did, else the address; a refused call has an error code.
        names = (one.address, elastic[one].allocation)
        times = [
            event["EventTime"]
            for event in events
            if event["EventTime"] > at
            and '"errorCode"' not in event["CloudTrailEvent"]
            and any(f'"{name}"' in event["CloudTrailEvent"] for name in names)
        ]
        trouble = None if whole else phrase("held:more")
        trails[one.address] = AssociationHistory(max(times, default=None), trouble)
    return trails


def _associations(place: AccountRegion, since: datetime) -> tuple[list[dict[str, Any]], bool]:
    """The AssociateAddress events since then, and whether these are all.

    One name of event is enough: whoever holds an Elastic IP now got it by an association. LookupEvents takes one
    attribute only.
    """
    pages = (
        client("cloudtrail", place.region, place.account_id)
        .get_paginator("lookup_events")
        .paginate(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "AssociateAddress"}],
            StartTime=since,
            PaginationConfig={"MaxItems": _MOST_PAGES * 50, "PageSize": 50},
        )
    )
    events = [event for page in pages for event in page["Events"]]
    return events, len(events) < _MOST_PAGES * 50

"""The instances of our accounts that hold an address now, and whether they held it during the abuse."""

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
from lambdas.instance_reader import describe_instances, describe_interfaces
from lambdas.trail_reader import lookup_events

# LookupEvents forgets after 90 days:
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
_RETENTION = timedelta(days=90)


@dataclass(frozen=True)
class _RegionAddresses:
    """What one Region of an account shows about the addresses."""

    interfaces: dict[str, dict[str, Any]] = field(default_factory=dict)  # by address
    instances: dict[str, dict[str, Any]] = field(default_factory=dict)  # by id
    histories: dict[str, AssociationHistory] = field(default_factory=dict)  # by Elastic IP
    idle: dict[str, str] = field(default_factory=dict)  # the allocations of unused Elastic IPs, by address


def address_holders(
    addresses: Sequence[ReportedAddress], scope: SearchScope
) -> tuple[list[Instance], list[UnassignedAddress]]:
    """The instances that hold these addresses, and the addresses that no instance holds."""
    seen: dict[AccountRegion, _RegionAddresses] = {}
    refused: dict[AccountRegion, Phrase] = {}
    for accounts in scope.accounts:
        unseen = [reported for reported in addresses if _region_of(reported.address, seen) is None]
        if not unseen:
            break
        answers, unread = query_regions(scope.regions_of(accounts), partial(_search, unseen))
        for region, shown in answers.items():
            shown.histories.update(_histories(region, shown, addresses))
        seen.update(answers)
        refused.update(unread)
    search = Search.of(seen, {**scope.refused, **refused}, scope.foreign)
    instances: dict[str, Instance] = {}
    unassigned = []
    for reported in addresses:
        holder_region = _region_of(reported.address, seen)
        if holder_region is None or not (instance := _instance(reported, seen[holder_region], holder_region)):
            unassigned.append(UnassignedAddress(reported.address, _other_holder(reported.address, seen), search))
            continue
        earlier = instances.get(instance.instance_id, replace(instance, found_by=()))
        instances[instance.instance_id] = replace(earlier, found_by=(*earlier.found_by, *instance.found_by))
    return list(instances.values()), unassigned


def _region_of(address: str, seen: dict[AccountRegion, _RegionAddresses]) -> AccountRegion | None:
    """The Region that has an interface with the address."""
    return next((region for region, shown in seen.items() if address in shown.interfaces), None)


def _search(addresses: Sequence[ReportedAddress], region: AccountRegion) -> _RegionAddresses:
    """The interfaces with these addresses, the instances that have them, and unused Elastic IPs."""
    ec2, wanted = client("ec2", region.region, region.account_id), [reported.address for reported in addresses]
    v4, v6 = [address for address in wanted if ":" not in address], [address for address in wanted if ":" in address]
    filters = (
        ("association.public-ip", v4),
        ("addresses.association.public-ip", v4),  # of secondary private addresses
        ("ipv6-addresses.ipv6-address", v6),
    )
    shown = _RegionAddresses()
    for name, values in filters:
        for interface in describe_interfaces(ec2, name, values) if values else ():
            shown.interfaces.update({ip: interface for ip in public_addresses_of(interface) if ip in wanted})
    attached = {interface.get("Attachment", {}).get("InstanceId") for interface in shown.interfaces.values()} - {None}
    if attached:
        shown.instances.update({data["InstanceId"]: data for data in describe_instances(ec2, sorted(attached))})
    unseen = [address for address in v4 if address not in shown.interfaces]
    if unseen:
        idle = ec2.describe_addresses(Filters=[{"Name": "public-ip", "Values": unseen}])["Addresses"]
        shown.idle.update({address["PublicIp"]: address.get("AllocationId", "") for address in idle})
    return shown


def _instance(reported: ReportedAddress, shown: _RegionAddresses, region: AccountRegion) -> Instance | None:
    address = reported.address
    assignment = _assignment(address, shown)
    description = shown.instances.get(assignment.instance_id)
    if description is None:  # a service's interface, or an instance of another account
        return None
    held, words = held_during_abuse(assignment, reported.abuse_at, shown.histories.get(address))
    instance = Instance.from_description(description, region=region.region, account_id=region.account_id)
    return replace(instance, found_by=(HeldAddress(address, reported.only_in_report, HeldDuringAbuse(held), words),))


def _assignment(address: str, shown: _RegionAddresses) -> AddressAssignment:
    interface = shown.interfaces[address]
    holder = shown.instances.get(interface.get("Attachment", {}).get("InstanceId", ""), {})
    return AddressAssignment.from_interface(interface, address, holder.get("LaunchTime"))


def _other_holder(address: str, seen: dict[AccountRegion, _RegionAddresses]) -> Phrase | None:
    for region, shown in seen.items():
        if address in shown.interfaces:
            return phrase("holder:in", holder=describe_holder(shown.interfaces[address]), place=region.label)
        if address in shown.idle:
            return phrase("holder:idle", id=shown.idle[address], place=region.label)
    return None


def _histories(
    region: AccountRegion, shown: _RegionAddresses, addresses: Iterable[ReportedAddress]
) -> dict[str, AssociationHistory]:
    """What CloudTrail shows of the Elastic IPs of instances here. It is slow, so one look-up serves all."""
    elastic = {
        reported.address: (assignment.allocation, reported.abuse_at)
        for reported in addresses
        if reported.abuse_at
        and reported.address in shown.interfaces
        and (assignment := _assignment(reported.address, shown)).allocation
        and assignment.instance_id in shown.instances
    }
    oldest = datetime.now(UTC) - _RETENTION
    recent = {address: at for address, (_, at) in elastic.items() if at > oldest}
    histories = dict.fromkeys(elastic, AssociationHistory(None, phrase("held:forgotten")))
    if not recent:
        return histories
    try:
        trail = client("cloudtrail", region.region, region.account_id)
        # The holder of an Elastic IP got it by this call.
        events, complete = lookup_events(trail, "EventName", "AssociateAddress", pages=3, since=min(recent.values()))
    except (ClientError, BotoCoreError) as error:
        return histories | dict.fromkeys(
            recent, AssociationHistory(None, phrase("held:no_trail", why=verbatim(str(error))))
        )
    for address, abuse_at in recent.items():
        # The event names the allocation where the caller did, else the address. A refused call has an error code.
        names = (address, elastic[address][0])
        times = [
            event["EventTime"]
            for event in events
            if event["EventTime"] > abuse_at
            and '"errorCode"' not in event["CloudTrailEvent"]
            and any(f'"{name}"' in event["CloudTrailEvent"] for name in names)
        ]
        problem = None if complete else phrase("held:more")
        histories[address] = AssociationHistory(max(times, default=None), problem)
    return histories

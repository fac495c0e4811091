"""An address in a notice: who holds it now, and whether the same one held it when the abuse was seen.

"Now on i-X" is not "then on i-X": an address passes from one instance to the next, also between customers of AWS.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from lambdas.domain.intake.notice import Notice
from lambdas.domain.intake.public_ip import public_ip
from lambdas.domain.phrase import Phrase, phrase

# The public name that EC2 gives an instance:
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hostname-types.html
_EC2_NAME = re.compile(
    r"ec2-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})\.[a-z0-9.-]{0,60}amazonaws\.com(?:\.cn)?", re.ASCII
)

# What is found of each goes through Step Functions, which fails beyond 256 KiB and cannot catch that.
MAX_ADDRESSES = 20


@dataclass(frozen=True, slots=True)
class ReportedAddress:
    """An address whose holder is to be found. `only_in_report`: named only by a report, which anybody can file."""

    address: str
    only_in_report: bool
    abuse_at: datetime | None

    def to_json(self) -> dict[str, Any]:
        """The address as JSON for the state machine."""
        return {**asdict(self), "abuse_at": self.abuse_at.isoformat() if self.abuse_at else None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ReportedAddress":
        """What `to_json` was made of."""
        return cls(**{**data, "abuse_at": datetime.fromisoformat(data["abuse_at"]) if data["abuse_at"] else None})


class HeldDuringAbuse(StrEnum):
    """Whether the holder of now held the address when the abuse was seen."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HeldAddress:
    """That an instance holds an address now, and whether it did then, for people."""

    address: str
    only_in_report: bool
    held_during_abuse: HeldDuringAbuse
    reason: Phrase

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "HeldAddress":
        """The holding that `asdict` was made of."""
        return cls(
            **{
                **data,
                "held_during_abuse": HeldDuringAbuse(data["held_during_abuse"]),
                "reason": Phrase.from_json(data["reason"]),
            }
        )


@dataclass(frozen=True, slots=True)
class AddressAssignment:
    """What AWS shows of how an instance came by an address.

    `allocation` is that of an Elastic IP, empty for any other address; `amazon_owned` is said of an automatic one.
    """

    instance_id: str
    address: str
    allocation: str
    amazon_owned: bool
    started_at: datetime | None  # the last start of the instance
    attached_at: datetime | None  # when the interface was attached to it

    @classmethod
    def from_interface(
        cls, interface: Mapping[str, Any], address: str, started_at: datetime | None
    ) -> "AddressAssignment":
        """The tenure that one entry of DescribeNetworkInterfaces shows.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterfaceAssociation.html
        """
        association = next((each for each in _associations(interface) if each.get("PublicIp") == address), {})
        attachment = interface.get("Attachment") or {}
        return cls(
            instance_id=str(attachment.get("InstanceId", "")),
            address=address,
            allocation=str(association.get("AllocationId") or ""),
            amazon_owned=association.get("IpOwnerId") == "amazon",
            started_at=started_at,
            attached_at=attachment.get("AttachTime"),
        )


@dataclass(frozen=True, slots=True)
class AssociationHistory:
    """What CloudTrail says of an Elastic IP: when it was last associated after the abuse, or why that is not known."""

    associated_at: datetime | None
    problem: Phrase | None = None


def reported_addresses(notice: Notice) -> tuple[ReportedAddress, ...]:
    """The addresses by which a notice names what is ours: AWS's first, those that only the report names last."""
    by_aws = [*(ip for ip in notice.ips if ip not in notice.quoted_ips), *filter(None, map(address_of, notice.urls))]
    named = dict.fromkeys(filter(None, map(public_ip, by_aws)))
    quoted = dict.fromkeys(filter(None, map(public_ip, notice.quoted_ips)))
    return (
        *(ReportedAddress(address, only_in_report=False, abuse_at=notice.abuse_at) for address in named),
        *(
            ReportedAddress(address, only_in_report=True, abuse_at=notice.abuse_at)
            for address in quoted
            if address not in named
        ),
    )


def addresses_to_find(notice: Notice, proven: Iterable[Notice]) -> tuple[ReportedAddress, ...]:
    """The addresses to look for: none where the notice names an instance itself.

    A notice that names nothing means what the case's proven notices named before. Where those named an instance, an
    address that only a report names tells nothing new. Whoever fills a report with addresses gets a few looked for.
    """
    if notice.resources:
        return ()
    earlier = list(proven)
    before = [address for each in earlier for address in reported_addresses(each)]
    named = reported_addresses(notice)
    if any(each.resources for each in earlier):
        named = tuple(reported for reported in named if not reported.only_in_report)
        before = []
    found: dict[str, ReportedAddress] = {}
    for reported in named or before:
        same = [other for other in (reported, *before) if other.address == reported.address]
        found[reported.address] = ReportedAddress(
            reported.address,
            only_in_report=all(other.only_in_report for other in same),
            abuse_at=next((other.abuse_at for other in same if other.abuse_at), None),
        )
    return tuple(found.values())[:MAX_ADDRESSES]


def address_of(url: str) -> str | None:
    """The address that a URL's host is, also as the name that EC2 gives an instance; None for any other host."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    named = _EC2_NAME.fullmatch(host)
    return public_ip(".".join(named.groups()) if named else host)


def public_addresses_of(interface: Mapping[str, Any]) -> Iterator[str]:
    """The addresses by which the internet reaches an entry of DescribeNetworkInterfaces, in one spelling."""
    yield from (association["PublicIp"] for association in _associations(interface) if association.get("PublicIp"))
    yield from (
        address
        for described in interface.get("Ipv6Addresses", ())
        if (address := public_ip(str(described.get("Ipv6Address"))))
    )


def _associations(interface: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield interface.get("Association") or {}
    yield from (described.get("Association") or {} for described in interface.get("PrivateIpAddresses", ()))


def describe_holder(interface: Mapping[str, Any]) -> Phrase:
    """What holds an interface that no instance of the account has.

    Services describe their interfaces so: "Interface for NAT Gateway nat-0…", "ELB app/web/50dc…", "ELB net/mail/…".
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html#requester-managed-eni
    """
    description, kind = str(interface.get("Description") or ""), str(interface.get("InterfaceType") or "interface")
    nat = re.search(r"\bnat-[0-9a-f]{8,17}\b", description)
    if kind == "nat_gateway" or nat:
        return phrase("holder:nat", id=nat[0]) if nat else phrase("holder:some_nat")
    if description.startswith("ELB "):
        return phrase("holder:balancer", name=description[4:])
    if kind.endswith("load_balancer"):
        return (
            phrase("holder:described_balancer", description=description)
            if description
            else phrase("holder:some_balancer")
        )
    name = str(interface.get("NetworkInterfaceId"))
    if description:
        return phrase("holder:described_interface", id=name, description=description)
    return phrase("holder:interface", id=name)


def held_during_abuse(
    tenure: AddressAssignment, abuse_at: datetime | None, trail: AssociationHistory | None
) -> tuple[HeldDuringAbuse, Phrase]:
    """Whether the instance held the address when the abuse was seen, with the reason.

    An automatic address stays with an instance from one start to its stop, an Elastic IP from association to
    association, and each as long as the interface stays attached. `trail` is needed for an Elastic IP only.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
    """
    who, address = tenure.instance_id, tenure.address
    since, problem = _since(tenure, trail)
    if abuse_at is None:
        if since and not tenure.allocation:
            return HeldDuringAbuse.UNKNOWN, phrase("held:no_time_since", instance=who, address=address, since=since)
        return HeldDuringAbuse.UNKNOWN, phrase("held:no_time", instance=who, address=address)
    if since and since > abuse_at:
        return HeldDuringAbuse.NO, phrase("held:later", instance=who, address=address, since=since, seen=abuse_at)
    if problem or since is None:
        why = problem or phrase("held:not_shown")
        return HeldDuringAbuse.UNKNOWN, phrase("held:unknown", instance=who, address=address, seen=abuse_at, why=why)
    if tenure.allocation:
        return HeldDuringAbuse.YES, phrase("held:elastic", instance=who, address=address, seen=abuse_at)
    return HeldDuringAbuse.YES, phrase("held:since", instance=who, address=address, since=since, seen=abuse_at)


def _since(tenure: AddressAssignment, trail: AssociationHistory | None) -> tuple[datetime | None, Phrase | None]:
    """The latest moment at which the instance may have come by the address, and what is not known about that."""
    if tenure.allocation:
        times = [tenure.attached_at, trail.associated_at if trail else None]
        problem = trail.problem if trail else phrase("held:not_asked")
        if tenure.attached_at is None:
            problem = problem or phrase("held:attachment")
        return max((time for time in times if time), default=None), problem
    if ":" in tenure.address:
        return tenure.attached_at, None
    if not tenure.amazon_owned:
        return tenure.attached_at, phrase("held:foreign")
    if tenure.started_at and tenure.attached_at:
        return max(tenure.started_at, tenure.attached_at), None
    return None, None


def confirmed_address(holdings: Iterable[HeldAddress]) -> HeldAddress | None:
    """The holding that is as good as AWS naming the instance, if there is one."""
    return next(
        (
            holding
            for holding in holdings
            if holding.held_during_abuse is HeldDuringAbuse.YES and not holding.only_in_report
        ),
        None,
    )

"""What "contained" means."""

from collections.abc import Mapping, Sequence
from typing import Any

from lambdas.domain.instance.instance import Interface
from lambdas.domain.phrase import Phrase, phrase

# One group for each VPC, found by its tag. IAM lets the responder attach no group without this tag.
GROUP_NAME = "abuse-responder-quarantine"
# The group that lets everything through, for some seconds, where the settings ask for two steps.
TWO_STEP_NAME = "abuse-responder-two-step"

# What lets everything through, for each address family; EC2 gives the same to a new group, outbound, the second one in
# a VPC with IPv6. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
ALLOW_ALL_RULES: tuple[dict[str, Any], ...] = (
    {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
    {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
)


def open_rules(group: Mapping[str, Any]) -> list[Phrase]:
    """The directions in which a group of DescribeSecurityGroups still lets anything pass: none when it quarantines.

    A VPC with an IPv6 block gives a new group an egress rule for ::/0 beside the one for 0.0.0.0/0:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    """
    inbound, outbound = (len(group.get(key, ())) for key in ("IpPermissions", "IpPermissionsEgress"))
    name = group["GroupId"]
    rules = [phrase("quarantine:inbound", group=name, count=inbound)] if inbound else []
    return rules + ([phrase("quarantine:outbound", group=name, count=outbound)] if outbound else [])


def quarantine_violations(interfaces: Sequence[Interface], group: Mapping[str, Any]) -> list[Phrase]:
    """Why an instance with these interfaces is not contained; empty when it is.

    Contained means: there is an interface, every one carries exactly the quarantine group, and that group has
    no rule in either direction.
    """
    group_id = group["GroupId"]
    reasons = [
        phrase(
            "quarantine:carries",
            interface=interface.interface_id,
            groups=interface.groups or phrase("quarantine:no_group"),
            group=group_id,
        )
        for interface in interfaces
        if interface.groups != (group_id,)
    ]
    if not interfaces:
        reasons.append(phrase("quarantine:no_interface"))
    return reasons + open_rules(group)

"""What "contained" means, one leak at a time, and the commands that undo it."""

import pytest

from lambdas.domain.containment.quarantine import open_rules, quarantine_violations
from lambdas.domain.instance.instance import Interface
from tests.samples import english

CLOSED = {"GroupId": "sg-q", "IpPermissions": [], "IpPermissionsEgress": []}
IPV4_OUT = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
IPV6_OUT = {"IpProtocol": "-1", "IpRanges": [], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
SSH_IN = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "192.0.2.1/32"}]}
IN = Interface("eni-1", ("sg-q",))
ALSO_IN = Interface("eni-2", ("sg-q",))


@pytest.mark.parametrize(
    ("group", "rules"),
    [
        (CLOSED, []),
        ({"GroupId": "sg-q"}, []),
        ({**CLOSED, "IpPermissionsEgress": [IPV4_OUT]}, ["sg-q has 1 outbound"]),
        ({**CLOSED, "IpPermissionsEgress": [IPV6_OUT]}, ["sg-q has 1 outbound"]),
        ({**CLOSED, "IpPermissionsEgress": [IPV4_OUT, IPV6_OUT]}, ["sg-q has 2 outbound"]),
        (
            {**CLOSED, "IpPermissions": [SSH_IN], "IpPermissionsEgress": [IPV6_OUT]},
            ["sg-q has 1 inbound", "sg-q has 1 outbound"],
        ),
    ],
)
def test_every_rule_is_open_also_an_ipv6_one(group, rules):
    assert english(open_rules(group)) == [f"the quarantine group {rule} rule(s)" for rule in rules]


@pytest.mark.parametrize(
    ("interfaces", "group", "words"),
    [
        ((IN, ALSO_IN), CLOSED, []),
        ((), CLOSED, ["EC2 shows no network interface"]),
        ((Interface("eni-1", ("sg-web",)),), CLOSED, ["eni-1 has sg-web instead of sg-q alone"]),
        ((Interface("eni-1", ("sg-q", "sg-web")),), CLOSED, ["eni-1 has sg-q, sg-web instead of sg-q alone"]),
        ((Interface("eni-1", ()),), CLOSED, ["eni-1 has no group"]),
        ((IN, Interface("eni-2", ("sg-web",))), CLOSED, ["eni-2"]),
        ((IN,), {**CLOSED, "IpPermissions": [SSH_IN]}, ["sg-q has 1 inbound rule(s)"]),
        ((IN,), {**CLOSED, "IpPermissionsEgress": [IPV6_OUT]}, ["sg-q has 1 outbound rule(s)"]),
        (
            (Interface("eni-1", ("sg-web",)),),
            {**CLOSED, "IpPermissions": [SSH_IN], "IpPermissionsEgress": [IPV4_OUT]},
            ["eni-1", "1 inbound", "1 outbound"],
        ),
    ],
)
def test_every_way_out_is_a_leak_of_its_own(interfaces, group, words):
    found = quarantine_violations(interfaces, group)
    assert len(found) == len(words)
    for reason, word in zip(english(found), words, strict=True):
        assert word in reason

"""Where load balancers send their users to an instance."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.containment.load_balancing import Registrations, Target, can_target, targets_of
from tests.samples import INSTANCE, RUNNING, instance

ARN = "arn:aws:elasticloadbalancing:eu-west-1:552071934480:targetgroup/web/73e2d6bc24d8a067"
OURS = instance(private_addresses=("10.1.1.4", "10.1.1.5"))


def health(target_id, port=80, state="healthy", **zone):
    return {"Target": {"Id": target_id, "Port": port, **zone}, "TargetHealth": {"State": state}}


@pytest.mark.parametrize(
    ("group", "may"),
    [
        ({"VpcId": RUNNING.vpc_id, "TargetType": "instance"}, True),
        ({"VpcId": RUNNING.vpc_id, "TargetType": "ip"}, True),
        ({"VpcId": RUNNING.vpc_id}, True),
        ({"VpcId": RUNNING.vpc_id, "TargetType": "alb"}, False),
        ({"VpcId": "vpc-other", "TargetType": "instance"}, False),
        ({"TargetType": "lambda"}, False),
    ],
)
def test_which_target_groups_can_hold_it(group, may):
    assert can_target(group, RUNNING) is may


def test_it_is_a_target_by_its_id_and_by_its_addresses_at_each_port():
    shown = [
        health(INSTANCE),
        health(INSTANCE, 8080, "unhealthy"),
        health("10.1.1.5", 443, AvailabilityZone="eu-west-1a"),
        health("10.1.1.6", 443),
        health("i-0b57a4de7b57a4de7"),
        health(INSTANCE, 9090, "draining"),
    ]
    assert targets_of(ARN, shown, OURS) == [
        Target(ARN, INSTANCE, 80, ""),
        Target(ARN, INSTANCE, 8080, ""),
        Target(ARN, "10.1.1.5", 443, "eu-west-1a"),
    ]


def test_a_target_is_named_as_it_was_registered():
    assert Target(ARN, INSTANCE, 80, "").description() == {"Id": INSTANCE, "Port": 80}
    zoned = Target(ARN, "10.1.1.5", 443, "all").description()
    assert zoned == {"Id": "10.1.1.5", "Port": 443, "AvailabilityZone": "all"}


NAMES = st.text(max_size=12)
TARGETS = st.builds(Target, NAMES, NAMES, st.integers(1, 65535), NAMES)


@given(st.builds(Registrations, st.lists(TARGETS).map(tuple), st.lists(NAMES).map(tuple)))
def test_what_is_kept_is_read_again_exactly(registrations):
    assert Registrations.from_json(json.loads(json.dumps(registrations.to_json()))) == registrations

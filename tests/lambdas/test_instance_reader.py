"""What EC2, Auto Scaling and the load balancers show of an instance, and of one that is gone."""

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from lambdas.instance_reader import InstanceReader, describe_auto_scaling_group, describe_instances
from tests.lambdas.contain.fleet import Fleet
from tests.samples import INSTANCE

OTHER = "i-0b57a4de7b57a4de7"
NO_TARGET_GROUP = "arn:aws:elasticloadbalancing:eu-central-1:552071934480:targetgroup/none/0000000000000000"


@pytest.fixture
def fleet(moto):
    return Fleet(moto, "eu-central-1")


@pytest.fixture
def reader_for(fleet, moto):
    return lambda instance: InstanceReader(instance, lambda service: moto(service, fleet.region))


def test_it_reads_the_instance_and_only_its_interfaces(fleet, reader_for):
    launched = fleet.launch([("web", "ssh"), ("web",)])
    other = fleet.launch([("web",)], instance_id=OTHER)
    reader = reader_for(launched)
    assert reader.instance().instance_id == INSTANCE
    assert {interface.interface_id for interface in reader.interfaces()} == {
        interface.interface_id for interface in launched.interfaces
    }
    assert reader_for(other).interfaces()[0].interface_id == other.interfaces[0].interface_id


def test_one_that_ec2_no_longer_lists_is_none(fleet, reader_for):
    launched = fleet.launch()
    gone = reader_for(replace(launched, instance_id=OTHER))
    assert gone.find_instance() is None
    assert gone.interfaces() == ()
    assert describe_instances(fleet.ec2, [OTHER]) == []
    with pytest.raises(ClientError, match=r"InvalidInstanceID\.NotFound"):
        gone.instance()


def test_another_error_of_ec2_is_not_taken_for_gone(fleet, reader_for, refuse):
    launched = fleet.launch()
    refuse(fleet.ec2, "DescribeInstances", "UnauthorizedOperation")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        reader_for(launched).find_instance()


def test_groups_are_those_of_the_interfaces_or_those_of_a_role(fleet, reader_for):
    launched = fleet.launch([("web", "ssh"), ("web",)])
    quarantine = fleet.group("quarantine", [(ROLE_TAG, QUARANTINE)])
    reader = reader_for(launched)
    names = [group["GroupName"] for group in reader.security_groups(launched.interfaces)]
    assert sorted(names) == ["ssh", "web"]
    assert reader.security_groups(()) == []
    assert [group["GroupId"] for group in reader.quarantine_groups()] == [quarantine]


def test_protection_and_shutdown_behaviour_are_read(fleet, reader_for):
    reader = reader_for(fleet.launch())
    assert reader.termination_protection() is False
    assert reader.shutdown_behaviour() == "stop"
    fleet.ec2.modify_instance_attribute(InstanceId=INSTANCE, DisableApiTermination={"Value": True})
    behaviour = {"Value": "terminate"}
    fleet.ec2.modify_instance_attribute(InstanceId=INSTANCE, InstanceInitiatedShutdownBehavior=behaviour)
    assert reader.termination_protection() is True
    assert reader.shutdown_behaviour() == "terminate"


def test_membership_is_that_of_its_auto_scaling_group(fleet, reader_for, moto):
    fleet.launch()
    assert reader_for(fleet.now()).membership() is None
    fleet.scale()
    membership = reader_for(fleet.now()).membership()
    assert membership is not None
    assert membership.group == "web-asg"
    assert describe_auto_scaling_group(moto("autoscaling", fleet.region), "no-such-group") is None


def test_registrations_are_its_own_by_id_and_by_address(fleet, reader_for):
    launched, other = fleet.launch(), fleet.launch([("web",)], instance_id=OTHER)
    fleet.balance((INSTANCE, 80), (OTHER, 80))
    fleet.balance((launched.private_addresses[0], 443), (other.private_addresses[0], 443), kind="ip", name="web-ip")
    registrations = reader_for(launched).registrations()
    assert {(target.id, target.port) for target in registrations.targets} == {
        (INSTANCE, 80),
        (launched.private_addresses[0], 443),
    }
    assert registrations.classic == ()


def test_a_load_balancer_that_is_gone_is_none_not_empty(fleet, reader_for):
    reader = reader_for(fleet.launch())
    assert reader.targets_in(NO_TARGET_GROUP) is None
    assert reader.is_in_classic("no-such-load-balancer") is None

"""Where an instance is, when the notice says so and when it does not."""

import pytest

from lambdas.contain.find_instances import MOST_NAMED
from tests.samples import ACCOUNT, INSTANCE, as_json

STEP = "Find instances"
OTHER = "i-0b57a4de7b57a4de7"


@pytest.fixture
def find(call, case, monkeypatch):
    """Look for instances: `find({id: Region or None}, in these Regions)`."""

    def step(wanted, regions="eu-central-1,eu-west-1,us-east-1"):
        monkeypatch.setenv("REGIONS", regions)
        instances = [{"instance_id": one, "region": region} for one, region in wanted.items()]
        return call("contain", STEP, case={**case, "instances": instances})

    return step


@pytest.fixture
def looked_at(moto, calls):
    """Which of these Regions were asked for instances: `looked = looked_at("eu-west-1")`, later `looked()`."""

    def watch(*regions):
        made = {region: calls(moto("ec2", region), "DescribeInstances") for region in regions}
        return lambda: {region for region, asked in made.items() if asked}

    return watch


def test_it_is_found_in_the_region_that_the_notice_names(fleet_in, find, looked_at):
    instance = fleet_in("eu-west-1").launch()
    looked = looked_at("eu-central-1", "eu-west-1", "us-east-1")
    assert find({INSTANCE: "eu-west-1"}) == {"instances": [as_json(instance)], "missing": []}
    assert looked() == {"eu-west-1"}
    assert (instance.region, instance.account_id) == ("eu-west-1", ACCOUNT)


@pytest.mark.parametrize("named", [None, "eu-central-1", "eu-nowhere-9"])
def test_it_is_looked_for_everywhere_else(fleet_in, find, named):
    instance = fleet_in("us-east-1").launch()
    assert find({INSTANCE: named}) == {"instances": [as_json(instance)], "missing": []}


def test_the_settings_say_where_to_look(fleet_in, find, looked_at):
    """Also against the notice: an instance in another Region is none of the responder's."""
    fleet_in("us-east-1").launch()
    looked = looked_at("eu-central-1", "us-east-1")
    found = find({INSTANCE: "us-east-1"}, "eu-central-1")
    assert found["instances"] == []
    (missing,) = found["missing"]
    assert (missing["instance_id"], tuple(missing["looked_in"])) == (INSTANCE, ("eu-central-1",))
    assert looked() == {"eu-central-1"}


def test_all_regions_of_the_account_are_looked_at_unless_the_settings_name_some(moto, find):
    enabled = {one["RegionName"] for one in moto("ec2").describe_regions()["Regions"]}
    (missing,) = find({INSTANCE: None}, "")["missing"]
    assert set(missing["looked_in"]) == enabled


def test_a_region_that_refuses_does_not_hide_the_others(moto, fleet_in, find, refuse):
    instance = fleet_in("eu-west-1").launch()
    refuse(moto("ec2", "us-east-1"), "DescribeInstances", "UnauthorizedOperation")
    found = find({INSTANCE: None, OTHER: "us-east-1"})
    assert found["instances"] == [as_json(instance)]
    (missing,) = found["missing"]
    assert missing["instance_id"] == OTHER
    assert set(missing["looked_in"]) == {"eu-central-1", "eu-west-1"}
    assert "UnauthorizedOperation" in missing["unread"]["us-east-1"]


def test_several_instances_keep_their_order(fleet_in, find):
    there = fleet_in("eu-west-1")
    first, second = there.launch(), there.launch(instance_id=OTHER)
    assert find({OTHER: "eu-west-1", INSTANCE: None})["instances"] == [as_json(second), as_json(first)]


def test_a_terminated_instance_is_found_as_such(fleet, find):
    fleet.launch()
    fleet.ec2.terminate_instances(InstanceIds=[INSTANCE])
    (found,) = find({INSTANCE: "eu-central-1"})["instances"]
    assert found["state"] == "terminated"


def test_nothing_named_nothing_asked(find, looked_at):
    looked = looked_at("eu-central-1")
    assert find({}, "eu-central-1") == {"instances": [], "missing": []}
    assert looked() == set()


def test_a_notice_full_of_ids_does_not_outgrow_the_state_machine(find):
    """The report names the rest as unknown: nothing of it was looked at."""
    wanted = {f"i-{number:017x}": "us-east-1" for number in range(200)}
    missing = find(wanted, "us-east-1")["missing"]
    assert [one["instance_id"] for one in missing] == list(wanted)[:MOST_NAMED]

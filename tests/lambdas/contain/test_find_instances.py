"""Where an instance is, when the notice says so and when it does not."""

import pytest

from lambdas.contain.find_instances import MOST_NAMED
from lambdas.domain.errors import SearchIncomplete
from lambdas.domain.phrase import Phrase
from tests.samples import ACCOUNT, INSTANCE, as_json, english

STEP = "Find instances"
OTHER, THIRD = "i-0b57a4de7b57a4de7", "i-0b57a4de8b57a4de8"
MEMBER, SECOND_MEMBER, STRANGER = "444455556666", "777788889999", "999900001111"


def refusals(found):
    """What could not be looked at, in words."""
    return "; ".join(english(map(Phrase.from_json, found["search"]["refused"])))


@pytest.fixture
def find(call, case, configure):
    """Look for instances: `find({id: Region or None}, in these Regions)`."""

    def step(wanted, regions="eu-central-1,eu-west-1,us-east-1", accounts=(), tried=2):
        configure(regions=tuple(filter(None, regions.split(","))))
        instances = [{"instance_id": one, "region": region} for one, region in wanted.items()]
        return call("contain", STEP, tried=tried, case={**case, "instances": instances, "accounts": list(accounts)})

    return step


@pytest.fixture
def looked_at(moto, calls):
    """Which of these Regions were asked for instances: `looked = looked_at("eu-west-1")`, later `looked()`."""

    def watch(*regions, account_id=ACCOUNT):
        made = {region: calls(moto("ec2", region, account_id), "DescribeInstances") for region in regions}
        return lambda: {region for region, asked in made.items() if asked}

    return watch


def places(missing):
    """Where a missing instance was looked for, as (account, Region)."""
    return {
        (account, region)
        for same in missing["search"]["searched"]
        for account in same["accounts"]
        for region in same["regions"]
    }


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
    assert (missing["instance_id"], places(missing)) == (INSTANCE, {(ACCOUNT, "eu-central-1")})
    assert looked() == {"eu-central-1"}


def test_all_regions_of_the_account_are_looked_at_unless_the_settings_name_some(moto, find):
    enabled = {one["RegionName"] for one in moto("ec2").describe_regions()["Regions"]}
    (missing,) = find({INSTANCE: None}, "")["missing"]
    assert places(missing) == {(ACCOUNT, region) for region in enabled}


def test_a_region_that_refuses_does_not_hide_the_others(moto, fleet_in, find, refuse):
    instance = fleet_in("eu-west-1").launch()
    refuse(moto("ec2", "us-east-1"), "DescribeInstances", "UnauthorizedOperation")
    found = find({INSTANCE: None, OTHER: "us-east-1"})
    assert found["instances"] == [as_json(instance)]
    (missing,) = found["missing"]
    assert missing["instance_id"] == OTHER
    assert places(missing) == {(ACCOUNT, "eu-central-1"), (ACCOUNT, "eu-west-1")}
    assert "UnauthorizedOperation" in refusals(missing)


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


@pytest.mark.usefixtures("moto")
def test_a_notice_full_of_ids_does_not_outgrow_the_state_machine(find):
    """The report names the rest as unknown: nothing of it was looked at."""
    wanted = {f"i-{number:017x}": "us-east-1" for number in range(200)}
    missing = find(wanted, "us-east-1")["missing"]
    assert [one["instance_id"] for one in missing] == list(wanted)[:MOST_NAMED]


@pytest.fixture
def both(members, fleet_in):
    """Two members, and an instance in eu-west-1 at home, in the first and in the second of them."""
    members(MEMBER, SECOND_MEMBER)
    home, first, second = (fleet_in("eu-west-1", account) for account in (ACCOUNT, MEMBER, SECOND_MEMBER))
    return home.launch(), first.launch(instance_id=OTHER), second.launch(instance_id=THIRD)


def test_an_instance_of_a_member_is_found_in_the_account_that_the_notice_names(both, find, looked_at):
    home, first = looked_at("eu-west-1"), looked_at("eu-west-1", account_id=MEMBER)
    assert find({OTHER: "eu-west-1"}, accounts=[MEMBER])["instances"] == [as_json(both[1])]
    assert both[1].account_id == MEMBER
    assert (home(), first()) == (set(), {"eu-west-1"})


def test_without_an_account_the_home_account_is_looked_at_first_and_alone(both, find, looked_at):
    first = looked_at("eu-west-1", account_id=MEMBER)
    assert find({INSTANCE: "eu-west-1"})["instances"] == [as_json(both[0])]
    assert first() == set()


def test_without_an_account_all_members_are_looked_at_before_the_other_regions(both, find, looked_at):
    elsewhere = looked_at("eu-central-1", "us-east-1")
    assert find({THIRD: "eu-west-1"})["instances"] == [as_json(both[2])]
    assert elsewhere() == set()


@pytest.mark.parametrize("accounts", [(), (ACCOUNT, SECOND_MEMBER, MEMBER), (STRANGER,)])
def test_one_notice_may_name_instances_of_several_accounts(both, find, accounts):
    found = find({INSTANCE: "eu-west-1", OTHER: None, THIRD: "us-east-1"}, accounts=accounts)
    assert found == {"instances": [as_json(one) for one in both], "missing": []}


@pytest.mark.usefixtures("both")
def test_an_account_that_is_not_named_is_not_looked_at(find, looked_at):
    first = looked_at("eu-central-1", "eu-west-1", "us-east-1", account_id=MEMBER)
    (missing,) = find({OTHER: "eu-west-1"}, accounts=[ACCOUNT, SECOND_MEMBER])["missing"]
    assert first() == set()
    assert {account for account, _ in places(missing)} == {ACCOUNT, SECOND_MEMBER}
    assert missing["search"]["unknown_accounts"] == []


def test_a_named_account_that_is_not_ours_is_kept_with_what_is_missing(members, find):
    members(MEMBER)
    (missing,) = find({OTHER: "eu-west-1"}, "eu-west-1", accounts=[STRANGER])["missing"]
    assert missing["search"]["unknown_accounts"] == [STRANGER]
    assert places(missing) == {(ACCOUNT, "eu-west-1"), (MEMBER, "eu-west-1")}


def test_a_member_whose_role_is_not_there_is_said_to_refuse(members, moto, fleet_in, find, refuse):
    members(MEMBER, SECOND_MEMBER)
    instance = fleet_in("eu-west-1", SECOND_MEMBER).launch(instance_id=THIRD)
    refuse(moto("sts"), "AssumeRole", "AccessDenied", when=lambda asked: f"::{MEMBER}:" in asked["RoleArn"])
    found = find({OTHER: "eu-west-1", THIRD: "eu-west-1"}, "")
    assert found["instances"] == [as_json(instance)]
    (missing,) = found["missing"]
    assert "AccessDenied said AWS" in refusals(missing)
    assert {account for account, _ in places(missing)} == {ACCOUNT, SECOND_MEMBER}


def test_what_took_the_place_of_a_terminated_instance_of_a_group_is_named(fleet, find):
    fleet.launch(tags={"aws:ec2launchtemplate:id": "lt-0a1", "aws:ec2launchtemplate:version": "3"})
    fleet.launch(instance_id=OTHER)
    fleet.scale(OTHER, name="web")
    fleet.launch(instance_id=THIRD)
    fleet.client("autoscaling", fleet.region).attach_instances(AutoScalingGroupName="web", InstanceIds=[THIRD])
    fleet.age(OTHER, hours=48)
    fleet.age(INSTANCE, hours=24)
    fleet.ec2.terminate_instances(InstanceIds=[INSTANCE])
    fleet.ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": "aws:autoscaling:groupName", "Value": "web"}])
    (found,) = find({INSTANCE: "eu-central-1"})["instances"]
    assert found["state"] == "terminated"
    assert (found["successors"]["group"], found["successors"]["instance_ids"]) == ("web", [THIRD])
    assert english(Phrase.from_json(found["successors"]["template"])) == "launch template lt-0a1 version 3"


def test_an_instance_that_is_there_has_no_successors(fleet, find):
    fleet.launch()
    fleet.ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": "aws:autoscaling:groupName", "Value": "web"}])
    (found,) = find({INSTANCE: "eu-central-1"})["instances"]
    assert found["successors"] is None


@pytest.mark.parametrize("tried", [0, 1])
def test_while_a_region_refuses_what_is_missing_is_looked_for_again(find, moto, refuse, tried):
    undo = refuse(moto("ec2", "eu-west-1"), "DescribeInstances", "RequestLimitExceeded")
    with pytest.raises(SearchIncomplete, match=r"eu-west-1 of .*RequestLimitExceeded"):
        find({INSTANCE: "eu-west-1"}, tried=tried)
    undo()
    assert find({INSTANCE: "eu-west-1"}, tried=tried)["missing"]  # every Region answers: it is not here


def test_what_was_found_elsewhere_waits_for_no_region_that_refuses(find, fleet_in, moto, refuse):
    fleet_in("eu-central-1").launch()
    refuse(moto("ec2", "us-east-1"), "DescribeInstances", "UnauthorizedOperation")
    assert [one["instance_id"] for one in find({INSTANCE: None}, tried=0)["instances"]] == [INSTANCE]

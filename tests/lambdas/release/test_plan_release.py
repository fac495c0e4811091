"""What an admin is shown before anything is done, and what is said where nothing can be."""

import pytest

from lambdas import aws, case_table
from lambdas.domain.errors import NotContained, NothingToRelease, TooManyInstances, UnknownCase
from lambdas.domain.phrase import Phrase
from lambdas.domain.release import MAX_INSTANCES
from tests.lambdas.release.stage import MEMBER, OTHER, _call
from tests.samples import BEFORE, CASE, INSTANCE, english

STEP = "Plan release"


def plan(*instances, case=CASE, force=False):
    return _call("release", STEP, case={"id": case}, instances=list(instances), force=force)


def in_words(told):
    return english(Phrase.from_json(told))


def test_it_shows_what_stood_before_what_was_left_what_stands_now_and_what_becomes_of_it(stage_of):
    stage = stage_of(interfaces=(("web",),), shutdown="terminate", volumes=(False,))
    held = stage.look()
    (planned,) = plan()
    assert stage.look() == held
    assert planned["instance_id"] == INSTANCE
    assert planned["before"]["shutdown_behaviour"] == "terminate"
    assert planned["targets"] == {"targets": [], "classic": []}
    shown = {
        in_words(one["what"]): (*map(in_words, (one["before"], one["contained"], one["now"])), one["verdict"])
        for one in planned["actions"]
    }
    assert shown.pop("shutdown from inside") == ("terminate", "stop", "stop", "put back")
    assert shown.pop("termination protection") == ("off", "on", "on", "put back")
    assert shown.pop("tag AbuseResponder:Case") == ("none", f"'{CASE}'", f"'{CASE}'", "put back")
    assert len(shown) == 4


def test_each_instance_of_the_case_or_those_that_are_named(stage_of):
    stage = stage_of(shared=True)
    stage.contain(OTHER)
    assert [one["instance_id"] for one in plan()] == [INSTANCE, OTHER]
    assert [one["instance_id"] for one in plan(OTHER)] == [OTHER]


def test_what_was_released_is_looked_at_again_only_by_its_name(stage_of):
    stage = stage_of(shared=True)
    stage.contain(OTHER)
    stage.release(instances=(INSTANCE,))
    assert [one["instance_id"] for one in plan()] == [OTHER]
    assert {one["verdict"] for one in plan(INSTANCE)[0]["actions"]} == {"nothing to do"}
    stage.release()
    with pytest.raises(NothingToRelease, match=rf"{INSTANCE} was released at .* UTC; {OTHER} was .*name it"):
        plan()


def test_contained_again_after_a_release_it_gets_back_what_stood_before_that(stage_of):
    stage = stage_of()
    stage.release()
    group = stage.fleet.group("since")
    for one in stage.fleet.now().interfaces:
        stage.fleet.ec2.modify_network_interface_attribute(NetworkInterfaceId=one.interface_id, Groups=[group])
    between = stage.look()
    stage.contain()
    assert stage.look() != between
    stage.release()
    assert stage.look() == between


def test_without_such_a_case_it_says_so(stage_of):
    stage_of()
    with pytest.raises(UnknownCase, match="there is no case 777"):
        plan(case="777")


def test_an_instance_that_the_case_did_not_contain_is_no_instance_of_it(stage_of):
    stage_of()
    with pytest.raises(NotContained, match=f"did not contain {OTHER}; it contained {INSTANCE}"):
        plan(OTHER)


def test_a_case_that_contained_nothing_has_nothing_to_release(stage_of):
    stage_of(contained=False)
    case_table.write(CASE, "case", {})
    with pytest.raises(NothingToRelease, match=f"case {CASE} contained no instance"):
        plan()


def test_more_than_fit_are_to_be_named(stage_of):
    stage_of(contained=False)
    for number in range(MAX_INSTANCES + 1):
        case_table.write(CASE, f"before#i-{number:017x}", {"before": BEFORE.to_json()})
    with pytest.raises(TooManyInstances, match=rf"{MAX_INSTANCES + 1} instances: name {MAX_INSTANCES} at a time"):
        plan()


def test_a_region_that_refuses_is_said_of_that_instance(stage_of, refusing):
    stage = stage_of()
    refusing(stage, "ec2", "DescribeInstances", "AuthFailure")
    ((action,),) = [one["actions"] for one in plan()]
    assert action["verdict"] == "cannot"
    assert in_words(action["reason"]).startswith("EC2 cannot be asked: ")


def test_one_part_that_cannot_be_read_hides_no_other(stage_of, refusing):
    stage = stage_of(scaling=(0, 3))
    refusing(stage, "autoscaling", "DescribeAutoScalingGroups", "AccessDenied")
    (planned,) = plan()
    cannot = [one for one in planned["actions"] if one["verdict"] == "cannot"]
    assert [(one["part"], in_words(one["what"])) for one in cannot] == [("Put back Auto Scaling", "everything")]
    assert len(planned["actions"]) > 5


def test_an_account_that_is_no_member_any_more_is_said_of_that_instance(stage_of, configure):
    stage_of(account_id=MEMBER)
    configure(member_accounts=())
    aws._session.cache_clear()
    aws._cached_client.cache_clear()
    ((action,),) = [one["actions"] for one in plan()]
    assert action["verdict"] == "cannot"
    assert f"account {MEMBER} is not one of the members" in in_words(action["reason"])

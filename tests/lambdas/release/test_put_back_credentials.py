"""What putting back does to IAM and EC2: role tags, policies and profile as they were, whatever else is cut off."""

import contextlib
import itertools
from itertools import product

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdas import case_table
from lambdas.domain.containment.credentials import NO_RIGHTS_PROFILE, SLOT_TAGS, free_slot
from lambdas.domain.errors import CredentialsNotPutBack
from tests.lambdas.contain.fleet import Fleet
from tests.lambdas.profiles import DENY, READ, Profiles
from tests.samples import ACCOUNT, CASE, INSTANCE, as_json, ending

STEP = "Put back credentials"
OTHER = "i-0b57a4de7b57a4de7"
EMPTY = f"arn:aws:iam::{ACCOUNT}:instance-profile/{NO_RIGHTS_PROFILE}"


@pytest.fixture(autouse=True)
def profiles(moto, monkeypatch):
    """In the account that the instances are said to be in: the deny is known by its ARN."""
    monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
    return Profiles(moto, "eu-central-1")


@pytest.fixture(autouse=True)
def fleet(profiles, table, buckets, moto):  # noqa: ARG001  in the same account
    return Fleet(moto, "eu-central-1")


@pytest.fixture
def cut(fleet, profiles, call):
    """An instance that had this profile, contained as far as its credentials go."""

    def make(profile, instance_id=INSTANCE):
        fleet.launch(instance_id=instance_id)
        if profile:
            profiles.give(profile, instance_id)
        cut_again(instance_id)

    def cut_again(instance_id=INSTANCE):
        for step in ("Write before-state", "Revoke credentials"):
            call("contain", step, case={"id": CASE}, instance=as_json(fleet.now(instance_id)))

    make.again = cut_again
    return make


@pytest.fixture
def put_back(call):
    def step(instance_id=INSTANCE, *, force=False):
        before = case_table.read_item(CASE, f"before#{instance_id}")["before"]
        return call("release", STEP, case={"id": CASE}, before=before, targets=None, force=force)

    return step


def test_the_role_denies_it_nothing_any_more_and_its_profile_is_back(cut, put_back, profiles):
    web = profiles.make("web", path="/shop/", tags={"Team": "shop"}, policies=[READ])
    cut(web)
    assert ending(put_back()) == {
        "outcome": "done",
        "words": "role web no longer denies it anything; its profile is web again; IAM needs some seconds to apply it",
    }
    assert profiles.tags("web") == {"Team": "shop"}
    assert profiles.policies("web") == {READ}
    assert profiles.of() == web


def test_another_instance_of_the_role_stays_cut_off(cut, put_back, profiles):
    web = profiles.make("web")
    cut(web)
    cut(web, OTHER)
    put_back()
    assert profiles.cut("web") == [OTHER]
    assert profiles.policies("web") == {DENY}
    assert (profiles.of(), profiles.of(OTHER)) == (web, EMPTY)
    put_back(OTHER)
    assert profiles.cut("web") == []
    assert profiles.policies("web") == set()
    assert profiles.of(OTHER) == web


def test_again_changes_nothing(cut, put_back, profiles, calls):
    web = profiles.make("web")
    cut(web)
    put_back()
    changes = [calls(profiles.iam, name) for name in ("UntagRole", "DetachRolePolicy", "AttachRolePolicy")]
    changes.append(calls(profiles.ec2, "ReplaceIamInstanceProfileAssociation"))
    assert ending(put_back()) == {"outcome": "skipped", "words": "it is as before"}
    assert changes == [[], [], [], []]


def test_an_instance_without_a_profile_has_nothing_to_be_put_back(cut, put_back, profiles):
    cut(None)
    assert ending(put_back()) == {"outcome": "skipped", "words": "it is as before"}
    assert profiles.of() is None


def test_a_profile_that_somebody_gave_it_since_is_left_and_shown(cut, put_back, profiles):
    cut(profiles.make("web"))
    debug = profiles.make("debug")
    profiles.give(debug)
    result = put_back()
    assert result["outcome"] == "skipped"
    assert "left: somebody gave it profile debug since; before it had web" in result["words"]
    assert "role web no longer denies it anything" in result["words"]
    assert profiles.of() == debug
    assert profiles.cut("web") == []


def test_forced_it_is_put_back_all_the_same(cut, put_back, profiles):
    web = profiles.make("web")
    cut(web)
    profiles.give(profiles.make("debug"))
    assert put_back(force=True)["outcome"] == "done"
    assert profiles.of() == web


def test_a_role_that_was_cut_since_is_given_back_as_well(fleet, cut, put_back, profiles):
    """A second notice found another profile on it, and cut that one too."""
    web = profiles.make("web")
    cut(web)
    profiles.give(profiles.make("debug"))
    cut.again()
    assert profiles.cut("debug") == [INSTANCE]
    assert put_back()["outcome"] == "done"
    assert profiles.cut("web") == profiles.cut("debug") == []
    assert profiles.policies("web") == profiles.policies("debug") == set()
    assert fleet.now().profile == web


def test_one_that_had_none_and_was_given_ours_has_none_again(cut, put_back, profiles):
    cut(None)
    profiles.give(profiles.make("debug"))
    cut.again()
    assert profiles.of() == EMPTY
    assert "it has no profile, as before" in put_back()["words"]
    assert profiles.of() is None
    assert profiles.cut("debug") == []


def test_a_stopped_instance_gets_its_profile_back(cut, put_back, profiles):
    web = profiles.make("web")
    cut(web)
    profiles.ec2.stop_instances(InstanceIds=[INSTANCE])
    assert put_back()["outcome"] == "done"
    assert profiles.of() == web


def test_a_slot_without_a_deny_and_a_deny_without_a_slot_are_taken_away(cut, put_back, profiles):
    """Containing may have broken off at any point, and somebody may have taken one of them off."""
    web = profiles.make("web")
    cut(web)
    profiles.iam.detach_role_policy(RoleName="web", PolicyArn=DENY)
    put_back()
    assert profiles.cut("web") == []
    profiles.iam.attach_role_policy(RoleName="web", PolicyArn=DENY)
    assert put_back()["outcome"] == "done"
    assert profiles.policies("web") == set()


def test_where_another_is_cut_off_at_that_moment_the_deny_stays(cut, put_back, profiles, hook):
    cut(profiles.make("web"))

    def cut_off_another(_):
        unhook()
        profiles.iam.tag_role(RoleName="web", Tags=[{"Key": free_slot({}, OTHER), "Value": OTHER}])

    unhook = hook(profiles.iam, "DetachRolePolicy", cut_off_another)
    assert put_back()["outcome"] == "done"
    assert profiles.cut("web") == [OTHER]
    assert profiles.policies("web") == {DENY}


@pytest.mark.parametrize("operation", ["UntagRole", "DetachRolePolicy"])
def test_a_refused_role_does_not_hold_up_the_profile(cut, put_back, profiles, refuse, operation):
    web = profiles.make("web")
    cut(web)
    undo = refuse(profiles.iam, operation, "UnmodifiableEntity")
    with pytest.raises(CredentialsNotPutBack, match=r"UnmodifiableEntity.*its profile is web again"):
        put_back()
    assert profiles.of() == web
    undo()
    assert put_back()["outcome"] == "done"
    assert profiles.policies("web") == set()


def test_a_refused_profile_does_not_hold_up_the_role(cut, put_back, profiles, refuse):
    cut(profiles.make("web"))
    refuse(profiles.ec2, "ReplaceIamInstanceProfileAssociation", "UnauthorizedOperation")
    with pytest.raises(CredentialsNotPutBack, match=r"role web no longer denies it anything; .*UnauthorizedOperation"):
        put_back()
    assert profiles.cut("web") == []
    assert profiles.of() == EMPTY


def test_a_profile_that_is_gone_cannot_be_put_back(cut, put_back, profiles):
    cut(profiles.make("web"))
    profiles.iam.remove_role_from_instance_profile(InstanceProfileName="web", RoleName="web")
    profiles.iam.delete_instance_profile(InstanceProfileName="web")
    with pytest.raises(CredentialsNotPutBack, match=r"role web no longer denies it anything; .*web not found"):
        put_back()
    assert profiles.cut("web") == []
    assert profiles.of() == EMPTY


def test_without_the_deny_in_the_account_the_profile_is_put_back(cut, put_back, profiles, refuse):
    web = profiles.make("web")
    cut(web)
    profiles.iam.untag_role(RoleName="web", TagKeys=list(SLOT_TAGS))
    profiles.iam.detach_role_policy(RoleName="web", PolicyArn=DENY)
    refuse(profiles.iam, "ListEntitiesForPolicy", "NoSuchEntity")
    assert put_back()["outcome"] == "done"
    assert profiles.of() == web


IAM = ["GetInstanceProfile", "ListEntitiesForPolicy", "ListRoleTags", "UntagRole", "ListAttachedRolePolicies"]
EC2 = ["DescribeIamInstanceProfileAssociations", "ReplaceIamInstanceProfileAssociation"]
EACH_CALL = [*product(["iam"], [*IAM, "DetachRolePolicy"], range(1, 4)), *product(["ec2"], EC2, range(1, 4))]


@pytest.mark.parametrize("broken", EACH_CALL, ids=lambda one: f"{one[1]} {one[2]}")
def test_broken_off_at_any_call_the_next_try_ends_as_one_would(cut, put_back, profiles, refuse, broken):
    client, operation, nth = broken
    web = profiles.make("web", tags={"Team": "shop"}, policies=[READ])
    cut(web)
    count = itertools.count(1)
    undo = refuse(getattr(profiles, client), operation, "ServiceFailure", lambda _: next(count) == nth)
    with contextlib.suppress(CredentialsNotPutBack, ClientError):
        put_back()
    undo()
    assert put_back()["outcome"] in {"done", "skipped"}
    assert profiles.tags("web") == {"Team": "shop"}
    assert profiles.policies("web") == {READ}
    assert profiles.of() == web


IDS = [f"i-{number:017x}" for number in range(5)]
TAGS = st.dictionaries(st.sampled_from(("Team", "Cost", *SLOT_TAGS[:3])), st.sampled_from(("shop", "i-stranger")))
STATES = st.fixed_dictionaries(
    {
        "roles": st.dictionaries(
            st.sampled_from(("web", "db")),
            st.fixed_dictionaries({"tags": TAGS, "policies": st.sets(st.sampled_from((READ, DENY)))}),
            min_size=1,
        ),
        "profiles": st.lists(st.sampled_from(("web", "db", None)), min_size=1, max_size=4),
        "times": st.integers(1, 2),
        "order": st.randoms(use_true_random=False),
    }
)


@pytest.fixture
def names():
    """A name of its own for everything of a generated state: the account is the same for all of them."""
    return (f"{number:05d}" for number in range(100_000))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=STATES)
def test_cut_and_put_back_leaves_everything_as_it_was(cut, put_back, profiles, names, state):
    """Whatever tags and policies the roles have, and in whatever order the instances come back."""
    this = next(names)
    made = {}
    for role, had in state["roles"].items():
        # Who attached the deny by hand has named somebody; else a release would take it for a leftover of ours.
        policies = had["policies"] if set(had["tags"]) & set(SLOT_TAGS) else had["policies"] - {DENY}
        made[role] = profiles.make(f"{role}{this}", tags=had["tags"], policies=policies)
    given_to = {f"i-{this}{n:012x}": made.get(role or "") for n, role in enumerate(state["profiles"])}
    before = {role: (profiles.tags(f"{role}{this}"), profiles.policies(f"{role}{this}")) for role in made}
    for instance_id, profile in given_to.items():
        cut(profile, instance_id)
        for _ in range(state["times"] - 1):
            cut.again(instance_id)
    for instance_id, profile in given_to.items():
        assert profiles.of(instance_id) == (EMPTY if profile else None)
    for role, profile in made.items():
        expected = {instance_id for instance_id, its in given_to.items() if its == profile}
        assert expected <= set(profiles.cut(f"{role}{this}"))
    order = list(given_to)
    state["order"].shuffle(order)
    for instance_id in order:
        put_back(instance_id)
        assert profiles.of(instance_id) == given_to[instance_id]
    for role, (tags, policies) in before.items():
        assert profiles.tags(f"{role}{this}") == tags
        if set(profiles.cut(f"{role}{this}")):  # a stranger is named: the deny that we found, or brought, stays for it
            assert profiles.policies(f"{role}{this}") - {DENY} == policies - {DENY}
        else:
            assert profiles.policies(f"{role}{this}") == policies

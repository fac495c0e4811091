"""What cutting the credentials does to IAM and EC2: the role denies one instance, which has no rights of its own."""

import contextlib
import itertools
from itertools import product

import pytest
from botocore.exceptions import ClientError
from moto.ec2.models import ec2_backends

from lambdas.domain.containment.credentials import NO_RIGHTS_PROFILE, SLOT_TAGS, free_slot
from lambdas.domain.errors import CredentialsNotRevoked
from tests.lambdas.contain.fleet import Fleet
from tests.lambdas.profiles import DENY, READ, Profiles
from tests.samples import ACCOUNT, CASE, INSTANCE, ending

STEP = "Revoke credentials"
OTHER = "i-0b57a4de7b57a4de7"
EMPTY = f"arn:aws:iam::{ACCOUNT}:instance-profile/{NO_RIGHTS_PROFILE}"
NO_RIGHTS = f"its profile is {NO_RIGHTS_PROFILE}, which has no rights"


@pytest.fixture(autouse=True)
def profiles(moto, monkeypatch):
    """In the account that the instances are said to be in: the deny is known by its ARN."""
    monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
    return Profiles(moto, "eu-central-1")


@pytest.fixture(autouse=True)
def fleet(profiles, table, buckets, moto):  # noqa: ARG001  in the same account
    return Fleet(moto, "eu-central-1")


@pytest.fixture
def launch(fleet, profiles, contain):
    """An instance with this profile whose state before is kept; returns it as "Find instances" finds it."""

    def make(profile, instance_id=INSTANCE, case_id=CASE):
        fleet.launch(instance_id=instance_id)
        if profile:
            profiles.give(profile, instance_id)
        instance = fleet.now(instance_id)
        assert contain("Write before-state", instance, case_id=case_id)["outcome"] == "done"
        return instance

    return make


def test_its_role_denies_it_everything_and_its_profile_gives_nothing(launch, profiles, contain):
    instance = launch(profiles.make("web", tags={"Team": "shop"}, policies=[READ]))
    result = contain(STEP, instance)
    (slot,) = [key for key, value in profiles.tags("web").items() if value == INSTANCE]
    assert slot in SLOT_TAGS
    assert profiles.tags("web") == {"Team": "shop", slot: INSTANCE}
    assert profiles.policies("web") == {READ, DENY}
    assert profiles.of() == EMPTY
    assert ending(result) == {
        "outcome": "done",
        "words": f"role web denies it everything ({slot}); {NO_RIGHTS}; IAM needs some seconds to apply it",
    }


def test_a_path_is_no_part_of_a_name(launch, profiles, contain):
    contain(STEP, launch(profiles.make("web", path="/shop/front/")))
    assert profiles.cut("web") == [INSTANCE]
    assert profiles.of() == EMPTY


def test_an_instance_without_a_profile_has_nothing_to_be_cut(launch, profiles, contain):
    result = contain(STEP, launch(None))
    assert ending(result) == {"outcome": "skipped", "words": "it has no instance profile with rights"}
    assert profiles.of() is None


def test_another_instance_with_the_same_role_lives_on(launch, profiles, contain):
    web = profiles.make("web")
    other = launch(web, OTHER)
    contain(STEP, launch(web))
    assert profiles.cut("web") == [INSTANCE]
    assert profiles.of(OTHER) == web
    contain(STEP, other)
    assert profiles.cut("web") == [INSTANCE, OTHER]


def test_again_changes_nothing(launch, profiles, contain, calls):
    instance = launch(profiles.make("web"))
    first = contain(STEP, instance)
    tags = profiles.tags("web")
    changes = [calls(profiles.iam, name) for name in ("AttachRolePolicy", "TagRole")]
    changes.append(calls(profiles.ec2, "ReplaceIamInstanceProfileAssociation"))
    assert contain(STEP, instance) == first
    assert changes == [[], [], []]
    assert profiles.tags("web") == tags


def test_a_second_notice_finds_our_profile_and_knows_the_role_from_before(launch, fleet, profiles, contain):
    instance = launch(profiles.make("web"))
    first = contain(STEP, instance)
    profiles.iam.untag_role(RoleName="web", TagKeys=list(SLOT_TAGS))
    found_again = fleet.now()
    assert found_again.profile == EMPTY
    assert contain(STEP, found_again) == first
    assert profiles.cut("web") == [INSTANCE]


def test_an_instance_that_another_case_holds_has_the_role_that_case_knows(launch, fleet, profiles, contain):
    instance = launch(profiles.make("web"), case_id="10468407181")
    for step in ("Quarantine network", "Tag instance"):
        contain(step, instance, case_id="10468407181")
    profiles.give(EMPTY)
    assert contain(STEP, fleet.now())["outcome"] == "done"
    assert profiles.cut("web") == [INSTANCE]


def test_where_nobody_knows_the_role_our_profile_stays(fleet, profiles, contain):
    fleet.launch()
    profiles.give(EMPTY)
    assert contain(STEP, fleet.now())["outcome"] == "skipped"
    assert profiles.of() == EMPTY


def test_without_a_state_before_the_profile_of_now_is_cut(fleet, profiles, contain):
    fleet.launch()
    profiles.give(profiles.make("web"))
    assert contain(STEP, fleet.now())["outcome"] == "done"
    assert profiles.cut("web") == [INSTANCE]


def test_a_profile_that_somebody_gave_it_since_is_cut_as_well(launch, profiles, contain):
    """Keys of the former role may be with the attacker, those of the present one are on the instance."""
    instance = launch(profiles.make("web"))
    profiles.give(profiles.make("debug"))
    words = contain(STEP, instance)["words"]
    assert profiles.cut("web") == profiles.cut("debug") == [INSTANCE]
    assert profiles.of() == EMPTY
    assert "role debug denies it everything" in words
    assert "role web denies it everything" in words


def test_a_stopped_instance_loses_its_profile_before_it_gets_ours(launch, profiles, contain):
    """EC2 replaces the profile of a running instance only."""
    instance = launch(profiles.make("web"))
    profiles.ec2.stop_instances(InstanceIds=[INSTANCE])
    assert contain(STEP, instance)["outcome"] == "done"
    assert profiles.of() == EMPTY


def test_broken_off_between_the_two_profiles_it_gets_ours_at_the_next_try(launch, profiles, contain, refuse):
    instance = launch(profiles.make("web"))
    profiles.ec2.stop_instances(InstanceIds=[INSTANCE])
    undo = refuse(profiles.ec2, "AssociateIamInstanceProfile", "RequestLimitExceeded")
    with pytest.raises(CredentialsNotRevoked, match="RequestLimitExceeded"):
        contain(STEP, instance)
    assert profiles.of() is None
    undo()
    assert contain(STEP, instance)["outcome"] == "done"
    assert profiles.of() == EMPTY


REFUSALS = ["LimitExceeded", "UnmodifiableEntity", "AccessDenied", "NoSuchEntity", "ConcurrentModification"]


@pytest.mark.parametrize("refusal", [*product(["AttachRolePolicy", "TagRole"], REFUSALS)], ids=" ".join)
def test_a_refused_deny_does_not_hold_up_the_profile(launch, profiles, contain, refuse, refusal):
    """Too many policies or tags, a service's own role, a role or a deny that is gone."""
    instance = launch(profiles.make("web"))
    undo = refuse(profiles.iam, *refusal)
    with pytest.raises(CredentialsNotRevoked) as caught:
        contain(STEP, instance)
    assert refusal[1] in str(caught.value)
    assert NO_RIGHTS in str(caught.value)
    assert profiles.of() == EMPTY
    undo()
    assert contain(STEP, instance)["outcome"] == "done"
    assert profiles.policies("web") == {DENY}
    assert profiles.cut("web") == [INSTANCE]


@pytest.mark.parametrize("code", ["IncorrectInstanceState", "UnauthorizedOperation", "InvalidAssociationID.NotFound"])
def test_a_refused_profile_does_not_hold_up_the_deny(launch, profiles, contain, refuse, code):
    web = profiles.make("web")
    instance = launch(web)
    undo = refuse(profiles.ec2, "ReplaceIamInstanceProfileAssociation", code)
    with pytest.raises(CredentialsNotRevoked, match=f"role web denies it everything.*{code}"):
        contain(STEP, instance)
    assert profiles.cut("web") == [INSTANCE]
    assert profiles.of() == web
    undo()
    assert contain(STEP, instance)["outcome"] == "done"


def test_a_profile_that_ec2_is_still_at_is_not_called_done(launch, profiles, contain):
    instance = launch(profiles.make("web"))
    association = ec2_backends[ACCOUNT]["eu-central-1"].iam_instance_profile_associations[INSTANCE]
    association.state = "associating"
    with pytest.raises(CredentialsNotRevoked, match=f"EC2 shows profile {NO_RIGHTS_PROFILE}, and is still changing it"):
        contain(STEP, instance)
    association.state = "associated"
    assert contain(STEP, instance)["outcome"] == "done"


@pytest.mark.parametrize("missing", ["role", "profile"])
def test_where_role_or_profile_is_gone_there_is_nothing_to_deny(launch, profiles, contain, missing):
    instance = launch(profiles.make("web"))
    profiles.iam.remove_role_from_instance_profile(InstanceProfileName="web", RoleName="web")
    if missing == "profile":
        profiles.iam.delete_instance_profile(InstanceProfileName="web")
    result = contain(STEP, instance)
    assert result["outcome"] == "done"
    assert "profile web has no role now, so there is nothing to deny" in result["words"]
    assert profiles.of() == EMPTY


def test_without_a_free_slot_it_says_who_has_them_and_what_to_do(launch, profiles, contain):
    instance = launch(profiles.make("web", tags={key: f"i-{n}" for n, key in enumerate(SLOT_TAGS)}))
    with pytest.raises(CredentialsNotRevoked) as caught:
        contain(STEP, instance)
    assert "i-0 (AbuseResponderCut-1), i-1 (AbuseResponderCut-2)" in str(caught.value)
    assert "aws iam untag-role --role-name web --tag-keys SLOT" in str(caught.value)
    assert profiles.of() == EMPTY
    profiles.iam.untag_role(RoleName="web", TagKeys=[SLOT_TAGS[4]])
    assert f"({SLOT_TAGS[4]})" in contain(STEP, instance)["words"]


def test_a_slot_that_another_instance_took_meanwhile_is_left_to_it(launch, profiles, contain, hook):
    """IAM knows no "only if it is not there": who wrote last has the slot, and the other one finds another."""
    instance = launch(profiles.make("web"))
    slot = free_slot({}, INSTANCE)

    def take_it(_):
        unhook()
        assert profiles.tags("web") == {slot: INSTANCE}
        profiles.iam.tag_role(RoleName="web", Tags=[{"Key": slot, "Value": OTHER}])

    unhook = hook(profiles.ec2, "ReplaceIamInstanceProfileAssociation", take_it)
    contain(STEP, instance)
    assert profiles.tags("web")[slot] == OTHER
    assert profiles.cut("web") == [INSTANCE, OTHER]


def test_a_deny_that_is_taken_off_meanwhile_is_attached_again(launch, profiles, contain, hook):
    instance = launch(profiles.make("web"))

    def take_it_off(_):
        unhook()
        profiles.iam.detach_role_policy(RoleName="web", PolicyArn=DENY)

    unhook = hook(profiles.ec2, "ReplaceIamInstanceProfileAssociation", take_it_off)
    contain(STEP, instance)
    assert profiles.policies("web") == {DENY}


IAM = ["GetInstanceProfile", "ListAttachedRolePolicies", "AttachRolePolicy", "ListRoleTags", "TagRole"]
EC2 = ["DescribeIamInstanceProfileAssociations", "ReplaceIamInstanceProfileAssociation"]
EACH_CALL = [*product(["iam"], IAM, range(1, 5)), *product(["ec2"], EC2, range(1, 4))]


@pytest.mark.parametrize("broken", EACH_CALL, ids=lambda one: f"{one[1]} {one[2]}")
def test_broken_off_at_any_call_the_next_try_ends_as_one_would(launch, profiles, contain, refuse, broken):
    client, operation, nth = broken
    instance = launch(profiles.make("web", policies=[READ]))
    count = itertools.count(1)
    undo = refuse(getattr(profiles, client), operation, "ServiceFailure", lambda _: next(count) == nth)
    with contextlib.suppress(CredentialsNotRevoked, ClientError):
        contain(STEP, instance)
    undo()
    assert contain(STEP, instance)["outcome"] == "done"
    assert profiles.cut("web") == [INSTANCE]
    assert profiles.policies("web") == {READ, DENY}
    assert profiles.of() == EMPTY

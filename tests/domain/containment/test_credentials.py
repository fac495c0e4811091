"""The slots of a role: which of its tags name an instance that is cut off, and where the next one goes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.containment.credentials import (
    SLOT_TAGS,
    denied_instances,
    deny_policy,
    free_slot,
    name_from_arn,
    no_rights_profile_arn,
    slots_of,
)
from tests.samples import ACCOUNT, INSTANCE, instance

IDS = st.integers(0, 16**17 - 1).map("i-{:017x}".format)
TAGS = st.dictionaries(st.sampled_from((*SLOT_TAGS, "Team", "AbuseResponder:Case")), st.one_of(IDS, st.just("")))


@given(tags=TAGS, instance_id=IDS)
def test_a_free_slot_is_ours_and_names_nobody(tags, instance_id):
    slot = free_slot(tags, instance_id)
    if len(denied_instances(tags)) == len(SLOT_TAGS):
        assert slot is None
    else:
        assert slot in SLOT_TAGS
        assert not tags.get(slot)


@given(tags=TAGS, instance_id=IDS)
def test_whoever_is_written_into_a_free_slot_is_named_and_nobody_else_goes(tags, instance_id):
    slot = free_slot(tags, instance_id)
    if slot:
        then = {**tags, slot: instance_id}
        assert slot in slots_of(then, instance_id)
        assert denied_instances(tags).items() <= denied_instances(then).items()


@given(tags=TAGS, instance_id=IDS)
def test_the_same_tags_give_the_same_slot(tags, instance_id):
    """What IAM shows late is written again into the same slot, not into a second one."""
    assert free_slot(tags, instance_id) == free_slot(dict(reversed(tags.items())), instance_id)


def test_two_instances_seldom_begin_with_the_same_slot():
    starts = [free_slot({}, f"i-{number:017x}") for number in range(1000)]
    assert {key: starts.count(key) > 80 for key in SLOT_TAGS} == dict.fromkeys(SLOT_TAGS, True)


def test_only_our_tags_name_instances():
    tags = {"Team": INSTANCE, SLOT_TAGS[2]: INSTANCE, SLOT_TAGS[5]: "i-1", SLOT_TAGS[6]: "", SLOT_TAGS[7]: INSTANCE}
    assert denied_instances(tags) == {SLOT_TAGS[2]: INSTANCE, SLOT_TAGS[5]: "i-1", SLOT_TAGS[7]: INSTANCE}
    assert slots_of(tags, INSTANCE) == [SLOT_TAGS[2], SLOT_TAGS[7]]


def test_iam_takes_keys_and_values():
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html, and no key but for its case is another's."""
    assert len({key.lower() for key in SLOT_TAGS}) == 8
    for key in SLOT_TAGS:
        assert re.fullmatch(r"[A-Za-z0-9_.:/=+\-@]{1,128}", key)
        assert ":" not in key
    assert re.fullmatch(r"[A-Za-z0-9_.:/=+\-@]{0,256}", INSTANCE)


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-east-1", "aws-us-gov")]
)
def test_the_arns_are_those_of_the_instances_account(region, partition):
    one = instance(region=region)
    assert deny_policy(one) == f"arn:{partition}:iam::{ACCOUNT}:policy/AbuseResponderCutInstances"
    assert no_rights_profile_arn(one) == f"arn:{partition}:iam::{ACCOUNT}:instance-profile/AbuseResponderNoRights"


def test_a_name_follows_its_path():
    assert name_from_arn("arn:aws:iam::111122223333:instance-profile/web") == "web"
    assert name_from_arn("arn:aws:iam::111122223333:instance-profile/shop/front/web") == "web"
    assert name_from_arn("") == ""

"""The state before, as it is kept and read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.table_keys import BEFORE_PREFIX
from lambdas.domain.containment.before_state import AutoScalingMembership, BeforeState, membership_in, record_sort_key
from tests.domain.instance.test_instance import INSTANCES
from tests.samples import INSTANCE

NAMES, SIZES = st.text(max_size=20), st.integers(0, 9)
PLACES = st.none() | st.builds(AutoScalingMembership, NAMES, NAMES, SIZES, SIZES, SIZES)
STATES = st.builds(
    BeforeState, INSTANCES, st.none() | st.booleans(), NAMES, PLACES, st.dictionaries(NAMES, NAMES, max_size=2)
)


@given(STATES)
def test_what_is_kept_is_read_again_exactly(before):
    assert BeforeState.from_json(json.loads(json.dumps(before.to_json()))) == before


@pytest.mark.parametrize(
    ("sorts", "key"),
    [
        ((), f"before#{INSTANCE}"),
        (("case", f"before#{INSTANCE}", "release#i-other#1"), f"before#{INSTANCE}"),
        ((f"release#{INSTANCE}#1",), f"before#{INSTANCE}#1"),
        ((f"release#{INSTANCE}#1", f"release#{INSTANCE}#2"), f"before#{INSTANCE}#2"),
    ],
)
def test_each_release_begins_a_new_state_before(sorts, key):
    assert record_sort_key(BEFORE_PREFIX, INSTANCE, sorts) == key


GROUP = {
    "AutoScalingGroupName": "web-asg",
    "MinSize": 1,
    "MaxSize": 4,
    "DesiredCapacity": 2,
    "Instances": [
        {"InstanceId": "i-other", "LifecycleState": "Standby"},
        {"InstanceId": INSTANCE, "LifecycleState": "InService"},
    ],
}


def test_its_place_in_a_group():
    assert membership_in(GROUP, INSTANCE) == AutoScalingMembership("web-asg", "InService", 1, 4, 2)
    assert membership_in(GROUP, "i-third") is None


@pytest.mark.parametrize(("smallest", "desired", "room"), [(0, 1, True), (1, 2, True), (1, 1, False), (0, 0, False)])
def test_a_group_has_room_above_its_smallest_size(smallest, desired, room):
    assert AutoScalingMembership("web-asg", "InService", smallest, 9, desired).can_shrink is room

"""A protected instance is not released either: neither IAM nor the function changes what has the protect tag."""

import pytest

from lambdas.domain.release import ReleasePart
from tests.samples import INSTANCE

TAG = "AbuseResponder:Protect"
WHY = f"the instance has the tag {TAG}: the responder may not touch it until the tag is removed"


@pytest.fixture
def stage(stage_of):
    """Contained with all that it belongs to, and protected since."""
    stage = stage_of(profile=True, scaling=(0, 2), by_id=(80,), classic=True, protected=False)
    stage.fleet.ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": TAG, "Value": ""}])
    return stage


@pytest.mark.parametrize("force", [False, True])
def test_nothing_of_it_is_put_back_and_the_admin_reads_why(stage, force):
    """Attack 10: these calls are authorised on groups, load balancers and roles, which have other tags."""
    contained = stage.look()
    ended = stage.release(force=force)
    assert stage.look() == contained
    told = [" ".join(message.text.split()) for message in ended.messages]
    assert told
    assert all(WHY.removeprefix("the ") in text for text in told), told


@pytest.mark.parametrize("part", list(ReleasePart))
def test_no_part_changes_anything_by_itself(stage, part):
    contained = stage.look()
    assert stage.step(part)["outcome"] == "skipped"
    assert stage.look() == contained


def test_without_the_tag_it_is_put_back(stage):
    stage.fleet.ec2.delete_tags(Resources=[INSTANCE], Tags=[{"Key": TAG}])
    stage.release()
    assert stage.look() == stage.before

"""What the report of AWS's last word shows of a release: the plan that an admin would get. Nothing is changed."""

from tests.lambdas.release.conftest import stage_of  # noqa: F401  a fixture
from tests.lambdas.release.stage import OTHER, _call
from tests.samples import CASE, INSTANCE


def foresee():
    return _call("contain", "Preview release", case={"id": CASE})


def test_it_is_the_plan_that_an_admin_would_be_shown(stage_of):  # noqa: F811
    stage = stage_of(shared=True)
    stage.contain(OTHER)
    held = stage.look()
    planned = _call("release", "Plan release", case={"id": CASE}, instances=[], force=False)
    assert foresee() == [{name: one[name] for name in ("instance_id", "actions")} for one in planned]
    assert [one["instance_id"] for one in foresee()] == [INSTANCE, OTHER]
    assert stage.look() == held


def test_of_what_is_released_and_of_what_was_never_contained_there_is_no_plan(stage_of):  # noqa: F811
    stage = stage_of()
    stage.release()
    assert foresee() == []

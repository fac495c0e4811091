"""The law of a release: what containing changed is as before, what somebody changed since is as they left it.

Over generated instances, with everything that they may belong to, in the home account and in a member's; contained
step by step, changed by somebody in between or not, released by the state machine, also by one that dies half-way and
is run again. `RELEASES=500` tries so many; `make sweep` does.
"""

import logging
import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lambdas.domain.instance.tags import CASE_TAG, STATE_TAG
from lambdas.domain.release import ReleaseAction, ReleasePart, ReleaseResult, ReleaseVerdict
from tests import recording
from tests.lambdas.release.drifts import DRIFTS, FULL, NO_TARGET_GROUP
from tests.lambdas.release.stage import INSTANCE, MEMBER, OTHER, Topology, staged
from tests.samples import ACCOUNT, english

EVERYTHING = Topology(
    profile=True,
    volumes=(True, False),
    shutdown="terminate",
    scaling=(0, 3),
    by_id=(80, 8080),
    by_address=(443,),
    classic=True,
    tags=((CASE_TAG, "an older case"),),
)
RELEASES = int(os.environ.get("RELEASES", "24"))
LAW = settings(
    max_examples=RELEASES,
    deadline=None,
    # What fails is an account full of things: smaller is not clearer enough to be worth the minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
GROUPS = ["web", "ssh", "db", "dns"]
PORTS = st.lists(st.sampled_from([80, 443, 8080]), unique=True, max_size=3).map(tuple)
TOPOLOGIES = st.builds(
    Topology,
    interfaces=st.lists(
        st.lists(st.sampled_from(GROUPS), min_size=1, max_size=3, unique=True).map(tuple), min_size=1, max_size=4
    ).map(tuple),
    volumes=st.lists(st.booleans(), max_size=3).map(tuple),
    protected=st.booleans(),
    shutdown=st.sampled_from(["stop", "terminate"]),
    profile=st.booleans(),
    shared=st.sampled_from([False, False, True]),
    tags=st.sampled_from(
        [(), ((CASE_TAG, "an older case"),), ((CASE_TAG, "an older case"), (STATE_TAG, "quarantine"))]
    ),
    scaling=st.sampled_from([None, (0, 3), (1, 3), (1, 1)]),
    by_id=PORTS,
    by_address=PORTS,
    classic=st.booleans(),
    account_id=st.sampled_from([ACCOUNT, ACCOUNT, MEMBER]),
).flatmap(
    lambda one: (
        st.sampled_from([one, Topology(**{**_fields(one), "standby": True})])
        if one.scaling and one.scaling[0] == 0
        else st.just(one)
    )
)
# What is a value of the instance; all else is a thing that it has, and that may come and go.
VALUES = ("profile", "protected", "role web", "shutdown", "tag AbuseResponder:")
# How the calls begin that change nothing.
LOOKING = ("Describe", "Get", "List", "Query")
tried = []


def _fields(topology):
    return {name: getattr(topology, name) for name in Topology.__dataclass_fields__}


@pytest.fixture(scope="module", autouse=True)
def _count():
    logging.disable(logging.CRITICAL)  # the functions' own: thousands of lines
    yield
    logging.disable(logging.NOTSET)
    print(f"\n{len(tried)} releases, {sum(map(bool, tried))} of them of what somebody had changed since")


@LAW
@given(data=st.data(), topology=TOPOLOGIES)
def test_a_release_gives_back_what_stood_before_and_nothing_else_is_touched(data, topology):
    drifts = data.draw(
        st.lists(st.sampled_from([one for one in DRIFTS if one.fits(topology)]), unique=True, max_size=4)
    )
    force = data.draw(st.booleans()) if drifts else False
    dies_at = data.draw(st.integers(1, 60)) if data.draw(st.integers(0, 3)) == 0 else None
    with staged(topology) as stage:
        before = stage.look()
        stage.contain()
        if topology.shared:
            stage.contain(OTHER)
        left = stage.look()
        for drift in drifts:
            drift.make(stage)
        since, others = stage.look(), _others(stage)
        shown = stage.release(instances=(INSTANCE,), do=False, force=force)
        assert all(call.operation.startswith(LOOKING) for call in shown.calls)
        if dies_at:
            stage.release(instances=(INSTANCE,), force=force, before=_dying(dies_at))
        ended = stage.release(instances=(INSTANCE,), force=force)
        assert ended.status == "SUCCEEDED"
        _holds(topology, drifts, force, before=before, left=left, since=since, after=stage.look())
        assert _others(stage) == others
        _tells_the_truth(ended, shown, clean=not drifts and not dies_at)
        tried.append(drifts)


@pytest.fixture(scope="module")
def places():
    """Every call that a release of an instance with everything makes: by which step, of which operation."""
    with staged(EVERYTHING) as stage:
        stage.contain()
        return list(dict.fromkeys((call.step, call.operation) for call in stage.release().calls))


@settings(LAW, max_examples=max(RELEASES // 6, 1))
@given(data=st.data())
def test_whatever_aws_refuses_nothing_untrue_is_told_and_the_next_try_converges(places, data):
    step, operation = data.draw(st.sampled_from(places))
    code = data.draw(st.sampled_from(["AccessDenied", "RequestLimitExceeded", "InternalError"]))

    def refuse(call):
        if (call.step, call.operation) == (step, operation):
            raise call.refuse(code)

    with staged(EVERYTHING) as stage:
        before = stage.look()
        stage.contain()
        held = stage.look()
        ended = stage.release(before=refuse)
        after, text = stage.look(), "".join(message.text for message in ended.messages)
        assert after == held or text or step == "Report release"
        if "RELEASED, read back" in text:
            assert ("NOT RELEASED" in text) is (after != before)
        if step in tuple(ReleasePart) and after != before:
            assert f"FAILED    {step}: " in text
        assert stage.release(instances=(INSTANCE,)).status == "SUCCEEDED"
        assert stage.look() == before
        tried.append(())


def _others(stage):
    """The other instance of the same role, as it stands; the size of a group is not its own."""
    if not stage.topology.shared:
        return {}
    return {what: value for what, value in stage.look(OTHER).items() if not what.startswith("desired of")}


def _dying(at):
    """From this call on nothing gets through: the function dies each time."""
    made = []

    def look(call):
        made.append(call)
        if len(made) >= at:
            raise recording.Died

    return look


def _holds(topology, drifts, force, *, before, left, since, after):
    for what in {*before, *left, *since, *after}:
        was, stood, is_now = before.get(what), since.get(what), after.get(what)
        if what.startswith(("desired of", "place of")) or (what.startswith("by-address") and NO_TARGET_GROUP in drifts):
            continue  # below, or with nowhere to be registered
        # Nobody changed it, or an admin wants it back all the same. A thing that came or went since stays so.
        forced = force and (what.startswith(VALUES) or (what in before and what in since))
        as_left = stood == left.get(what) or (what == "profile" and stood is None)
        wanted = was if as_left or forced else stood
        assert is_now == wanted, f"{what} was {was}, {left.get(what)} was left, then {stood}: it is {is_now}"
    if topology.scaling:
        _holds_scaling(topology, drifts, before, since, after)


def _holds_scaling(topology, drifts, before, since, after):
    place, desired = "place of web-asg", "desired of web-asg"
    if since[place] == before[place]:  # in standby before, or brought back by hand
        grows = 0
    else:
        largest = since[desired] if FULL in drifts else topology.scaling[1]
        grows = int(since[desired] < largest)
    assert after[place] == (before[place] if since[place] == before[place] or grows else since[place])
    assert after[desired] == since[desired] + grows
    if not drifts and topology.scaling == (0, 3):
        assert after[desired] == before[desired]


def _tells_the_truth(ended, shown, *, clean):
    """What the message says was put back is what the plan promised; nothing is said of what was not read back."""
    (result,) = (ReleaseResult.from_json(one) for one in ended.output["released"])
    assert result.released
    (planned,) = shown.output["planned"]
    promised = {
        one.what for one in map(ReleaseAction.from_json, planned["actions"]) if one.verdict is ReleaseVerdict.PUT_BACK
    }
    put_back = {one.what for one in result.put_back}
    assert put_back <= promised
    if clean:
        assert put_back == promised
    (text,) = {message.text for message in ended.messages}
    for action in result.put_back:
        assert f"  put back  {english(action.what)}" in text
    assert text.count("\n  CANNOT ") + text.count("\n  left ") == len(result.not_put_back)

"""The account's role for the log of SMS is set where there is none, and somebody else's is never changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.admins.sms_log import LEFT, OURS, plan
from lambdas.domain.settings.rule_set_activation import RequestType

OUR_ROLE, NEW, THEIRS = (f"arn:aws:iam::552071934480:role/{one}" for one in ("ours", "new", "theirs"))


@pytest.mark.parametrize(
    ("request_type", "role", "current", "former", "physical_id", "done"),
    [
        (RequestType.CREATE, OUR_ROLE, "", "", OURS, OUR_ROLE),
        (RequestType.CREATE, OUR_ROLE, OUR_ROLE, "", OURS, None),  # CloudFormation asks again
        (RequestType.CREATE, OUR_ROLE, THEIRS, "", LEFT, None),
        (RequestType.UPDATE, NEW, OUR_ROLE, OUR_ROLE, OURS, NEW),
        (RequestType.UPDATE, NEW, THEIRS, OUR_ROLE, LEFT, None),
        (RequestType.UPDATE, NEW, "", OUR_ROLE, OURS, NEW),
        (RequestType.DELETE, OUR_ROLE, OUR_ROLE, "", OURS, ""),
        (RequestType.DELETE, OUR_ROLE, THEIRS, "", LEFT, None),
        (RequestType.DELETE, OUR_ROLE, "", "", LEFT, None),
    ],
)
def test_what_is_done(request_type, role, current, former, physical_id, done):  # noqa: PLR0917
    step = plan(request_type, role, current=current, former=former)
    assert (step.physical_id, step.role) == (physical_id, done)
    assert step.words


ROLES = st.sampled_from(["", OUR_ROLE, NEW, THEIRS])


@given(st.sampled_from(RequestType), st.sampled_from([OUR_ROLE, NEW]), ROLES, st.sampled_from(["", OUR_ROLE, NEW]))
def test_somebody_elses_role_is_never_changed(request_type, role, current, former):
    step = plan(request_type, role, current=current, former=former)
    if current not in {"", role, former}:
        assert step.role is None
    if step.role is None and request_type is not RequestType.DELETE:
        assert (step.physical_id == OURS) == (current == role)


@given(st.lists(st.sampled_from([RequestType.CREATE, RequestType.UPDATE]), min_size=1), ROLES)
def test_what_is_set_is_taken_off_again_and_nothing_else(requests, before):
    current, physical_id = before, LEFT
    for one in requests:
        step = plan(one, OUR_ROLE, current=current, former=OUR_ROLE if one is RequestType.UPDATE else "")
        current, physical_id = current if step.role is None else step.role, step.physical_id
    if physical_id == OURS:
        step = plan(RequestType.DELETE, OUR_ROLE, current=current)
        current = current if step.role is None else step.role
    assert current == ("" if before == OUR_ROLE else before)

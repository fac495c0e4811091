"""Every combination of what can be asked and what can be found, and what CloudFormation does over years of updates."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.settings.rule_set_activation import (
    ActivationPlan,
    ActivationRefused,
    RequestType,
    RuleSetProperties,
    plan_activation,
    previous_rule_set,
)
from lambdas.domain.settings.settings import RuleSetActivation

NONE, APPEND, IF_NONE, REPLACE = (
    RuleSetActivation.NONE,
    RuleSetActivation.APPEND,
    RuleSetActivation.ACTIVATE_IF_NONE,
    RuleSetActivation.REPLACE,
)
CREATE, UPDATE, DELETE = RequestType.CREATE, RequestType.UPDATE, RequestType.DELETE
OWN = (IF_NONE, REPLACE)
REFUSED = "refused"


@pytest.mark.parametrize(
    ("mode", "active", "outcome", "remembered"),
    [
        (NONE, None, None, None),
        (NONE, "ours", "ours", None),
        (NONE, "theirs", "theirs", None),
        (APPEND, None, REFUSED, None),
        (APPEND, "theirs", REFUSED, None),
        (APPEND, "host", "host", None),
        (IF_NONE, None, "ours", None),
        (IF_NONE, "ours", "ours", None),
        (IF_NONE, "theirs", REFUSED, None),
        (REPLACE, None, "ours", None),
        (REPLACE, "ours", "ours", None),
        (REPLACE, "theirs", "ours", "theirs"),
    ],
)
def test_create(mode, active, outcome, remembered):
    asked = RuleSetProperties(mode, "host" if mode is APPEND else "ours")
    if outcome is REFUSED:
        with pytest.raises(ActivationRefused):
            plan_activation(CREATE, asked, active=active)
    else:
        done = plan_activation(CREATE, asked, active=active)
        assert (done.active, done.previous_rule_set) == (outcome, remembered)


@pytest.mark.parametrize(
    ("mode", "active", "before", "outcome"),
    [
        (NONE, None, "theirs", None),
        (NONE, "ours", "theirs", "ours"),
        (NONE, "theirs", "theirs", "theirs"),
        (APPEND, None, "theirs", None),
        (APPEND, "ours", "theirs", "ours"),
        (APPEND, "host", "theirs", "host"),
        *[(mode, None, before, None) for mode in OWN for before in (None, "theirs")],
        *[(mode, "third", before, "third") for mode in OWN for before in (None, "theirs")],
        *[(mode, "theirs", before, "theirs") for mode in OWN for before in (None, "theirs")],
        *[(mode, "ours", None, None) for mode in OWN],
        *[(mode, "ours", "theirs", "theirs") for mode in OWN],
    ],
)
def test_delete(mode, active, before, outcome):
    assert (
        plan_activation(
            DELETE, RuleSetProperties(mode, "host" if mode is APPEND else "ours"), active=active, previous=before
        ).active
        == outcome
    )


@pytest.mark.parametrize(
    ("former", "asked", "found", "outcome"),
    [
        # our set gets another name
        (RuleSetProperties(IF_NONE, "old"), RuleSetProperties(IF_NONE, "ours"), ("old", None), ("ours", None)),
        (RuleSetProperties(REPLACE, "old"), RuleSetProperties(REPLACE, "ours"), ("old", "theirs"), ("ours", "theirs")),
        # from our own set into theirs
        (
            RuleSetProperties(REPLACE, "ours"),
            RuleSetProperties(APPEND, "theirs"),
            ("ours", "theirs"),
            ("theirs", "theirs"),
        ),
        (
            RuleSetProperties(REPLACE, "ours"),
            RuleSetProperties(APPEND, "theirs"),
            ("theirs", "theirs"),
            ("theirs", "theirs"),
        ),
        (RuleSetProperties(REPLACE, "ours"), RuleSetProperties(APPEND, "third"), ("ours", "theirs"), REFUSED),
        (RuleSetProperties(IF_NONE, "ours"), RuleSetProperties(APPEND, "theirs"), ("ours", None), REFUSED),
        # from theirs to our own
        (RuleSetProperties(APPEND, "theirs"), RuleSetProperties(REPLACE, "ours"), ("theirs", None), ("ours", "theirs")),
        (RuleSetProperties(APPEND, "theirs"), RuleSetProperties(IF_NONE, "ours"), ("theirs", None), REFUSED),
        (
            RuleSetProperties(APPEND, "theirs"),
            RuleSetProperties(REPLACE, "ours"),
            ("theirs", "theirs"),
            ("ours", "theirs"),
        ),
        # hands on, hands off
        (RuleSetProperties(NONE, "ours"), RuleSetProperties(REPLACE, "ours"), ("theirs", None), ("ours", "theirs")),
        (RuleSetProperties(NONE, "ours"), RuleSetProperties(REPLACE, "ours"), ("third", "theirs"), ("ours", "third")),
        (RuleSetProperties(REPLACE, "ours"), RuleSetProperties(NONE, "ours"), ("ours", "theirs"), ("ours", "theirs")),
        (RuleSetProperties(NONE, "ours"), RuleSetProperties(REPLACE, "other"), ("ours", "theirs"), ("other", "theirs")),
        (
            RuleSetProperties(NONE, "ours"),
            RuleSetProperties(APPEND, "theirs"),
            ("ours", "theirs"),
            ("theirs", "theirs"),
        ),
        # somebody switched in between
        (
            RuleSetProperties(REPLACE, "old"),
            RuleSetProperties(REPLACE, "ours"),
            ("theirs", "theirs"),
            ("ours", "theirs"),
        ),
        (RuleSetProperties(REPLACE, "old"), RuleSetProperties(REPLACE, "ours"), ("third", "theirs"), REFUSED),
        (RuleSetProperties(IF_NONE, "ours"), RuleSetProperties(REPLACE, "ours"), ("third", None), REFUSED),
        (RuleSetProperties(REPLACE, "ours"), RuleSetProperties(IF_NONE, "ours"), ("theirs", "theirs"), REFUSED),
        (RuleSetProperties(REPLACE, "ours"), RuleSetProperties(IF_NONE, "ours"), (None, "theirs"), ("ours", "theirs")),
    ],
)
def test_update(former, asked, found, outcome):
    """`found` and `outcome`: the active set, and the set that is remembered."""
    active, before = found
    if outcome is REFUSED:
        with pytest.raises(ActivationRefused):
            plan_activation(UPDATE, asked, former=former, active=active, previous=before)
    else:
        done = plan_activation(UPDATE, asked, former=former, active=active, previous=before)
        assert (done.active, done.previous_rule_set) == outcome


ASKED = [RuleSetProperties(mode, name) for mode in OWN for name in ("ours", "old")]
ASKED += [RuleSetProperties(APPEND, "theirs"), RuleSetProperties(APPEND, "third"), RuleSetProperties(NONE, "ours")]
ACTIVE = [None, "ours", "old", "theirs", "third"]
BEFORE = [None, "theirs", "third"]
EVERY = [
    (request, asked, former, active, before)
    for request, asked, former, active, before in product(RequestType, ASKED, [None, *ASKED], ACTIVE, BEFORE)
    if (former is not None) == (request is UPDATE) and not (request is CREATE and before)
]


@pytest.mark.parametrize(("request_", "asked", "former", "active", "before"), EVERY)
def test_what_holds_in_every_combination(request_, asked, former, active, before):
    try:
        done = plan_activation(request_, asked, former=former, active=active, previous=before)
    except ActivationRefused as refused:
        words = str(refused)
        done = None
    else:
        words = done.words
    assert words.endswith(".")
    if done is None:
        assert request_ is not DELETE, "what is refused at a delete can never be destroyed"
        assert asked.mode is not NONE
        assert "rule_set." in words or "Deploy once" in words
        assert active is None or active in words
        return
    ours = {asked.own_rule_set, former and former.own_rule_set} - {None}
    displaced = active is not None and active not in ours and done.active != active
    assert not displaced or (asked.mode is REPLACE and request_ is not DELETE)
    assert not displaced or done.previous_rule_set == active, "what is displaced is remembered"
    if asked.mode is NONE:
        assert done.active == active
    elif request_ is not DELETE:
        assert done.active == asked.rule_set, "our rule's set is active after every success"
    if done.active != active:
        assert (done.active or "No rule set") in words
    assert previous_rule_set(done.physical_id) == done.previous_rule_set
    # CloudFormation may ask twice; then the first answer's effect is what the second finds.
    again = plan_activation(request_, asked, former=former, active=done.active, previous=done.previous_rule_set)
    assert (again.active, again.previous_rule_set) == (done.active, done.previous_rule_set)
    # A changed id brings a Delete for the old one, with the old properties. It must not undo what was just done.
    if request_ is UPDATE and done.physical_id != ActivationPlan(None, before, "").physical_id:
        assert plan_activation(DELETE, former, active=done.active, previous=before).active == done.active


@pytest.mark.parametrize(
    ("active", "remedy"),
    [
        (None, "Set rule_set.activation to activate-if-none."),
        ("theirs", "Set rule_set.name to theirs."),
        ("ours", "Activate host first, or leave rule_set.activation as it was."),
    ],
)
def test_a_refused_guest_is_told_what_would_work(active, remedy):
    with pytest.raises(ActivationRefused) as refused:
        plan_activation(
            UPDATE, RuleSetProperties(APPEND, "host"), former=RuleSetProperties(IF_NONE, "ours"), active=active
        )
    assert str(refused.value).endswith(f"our rule would get no mail. {remedy}")


class Account:
    """SES's one active rule set, and CloudFormation with our resource, over many deployments."""

    def __init__(self, active):
        self.active = active
        self.asked = None
        self.before = None

    def deploy(self, asked):
        try:
            if self.asked is None:
                done = plan_activation(CREATE, asked, active=self.active)
            elif asked == self.asked:
                return
            else:
                done = plan_activation(UPDATE, asked, former=self.asked, active=self.active, previous=self.before)
        except ActivationRefused:
            return
        self.active = done.active
        if self.asked and previous_rule_set(done.physical_id) != self.before:
            self.active = plan_activation(DELETE, self.asked, active=self.active, previous=self.before).active
        self.asked, self.before = asked, done.previous_rule_set

    def destroy(self):
        if self.asked:
            self.active = plan_activation(DELETE, self.asked, active=self.active, previous=self.before).active


@given(
    st.sampled_from([None, "theirs"]),
    st.lists(st.sampled_from([one for one in ASKED if one.own_rule_set != "old"]), max_size=6),
)
def test_no_course_of_deployments_takes_away_their_mail_for_good(start, deployments):
    account = Account(start)
    for asked in deployments:
        account.deploy(asked)
    hands_off = account.asked is not None and account.asked.mode is NONE
    account.destroy()
    if not hands_off:  # with none the last word is the user's
        assert account.active == start

"""Who may switch the account's one active SES receipt rule set, and to what.

SES has one active rule set in an account and Region, and CloudFormation cannot switch it. Switching from somebody
else's set takes his mail away without a sound, and so does switching off. So every step is planned here, from what
the template asks, what is active, and what was active before us.
https://docs.aws.amazon.com/ses/latest/dg/receiving-email-receipt-rules-console-walkthrough.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from lambdas.domain.settings.settings import RuleSetActivation

UNTOUCHED: Final = "active-rule-set:untouched"  # the id of a creation that failed before it could change anything
_ID: Final = "active-rule-set"


class ActivationRefused(Exception):
    """The step would take somebody's mail away, or ours would not come in. The message says what would work."""


class RequestType(StrEnum):
    """What CloudFormation wants done with the resource, in its words."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


@dataclass(frozen=True, slots=True)
class RuleSetProperties:
    """What one version of the template asks. `rule_set` holds our rule: it is ours, or with APPEND somebody else's."""

    mode: RuleSetActivation
    rule_set: str

    @classmethod
    def from_properties(cls, properties: Mapping[str, str]) -> Self:
        """Read the resource's properties `Mode` and `RuleSet`."""
        return cls(RuleSetActivation(properties["Mode"]), properties["RuleSet"])

    @property
    def own_rule_set(self) -> str | None:
        """The rule set that our stack holds; None when we are guests in somebody else's."""
        return None if self.mode is RuleSetActivation.APPEND else self.rule_set

    @property
    def may_switch(self) -> bool:
        """Whether this version, at its deletion, switches our set off."""
        return self.mode in (RuleSetActivation.ACTIVATE_IF_NONE, RuleSetActivation.REPLACE)


@dataclass(frozen=True, slots=True)
class ActivationPlan:
    """`active` is to be the active rule set afterwards, None for no set at all; `words` say so to a person.

    `previous_rule_set` is the set to put back when we go. CloudFormation keeps it for us, in the resource's physical id.
    """

    active: str | None
    previous_rule_set: str | None
    words: str

    @property
    def physical_id(self) -> str:
        """The same as long as the same set waits to be put back: after a change CloudFormation deletes the old id."""
        return f"{_ID}:instead-of:{self.previous_rule_set}" if self.previous_rule_set else _ID


def previous_rule_set(physical_id: str) -> str | None:
    """The set that a physical id remembers. The name of a rule set holds no colon."""
    return physical_id.partition(f"{_ID}:instead-of:")[2] or None


def plan_activation(
    request: RequestType,
    asked: RuleSetProperties,
    *,
    former: RuleSetProperties | None = None,
    active: str | None,
    before: str | None = None,
) -> ActivationPlan:
    """What to do. `former` is what the last version of the template asked, `before` the set that is remembered.

    Planned again after it was carried out, a step changes nothing. Raises ActivationRefused.
    """
    if asked.mode is RuleSetActivation.NONE:
        return ActivationPlan(active, before, f"Nothing done, as asked. The active rule set is {active or 'none'}.")
    if request is RequestType.DELETE:
        return _leave(asked, active, before)
    ours = {own for own in (asked.own_rule_set, former and former.own_rule_set) if own}
    if asked.mode is RuleSetActivation.APPEND:
        return _be_guest(asked.rule_set, active, before, ours)
    if active is None or active in ours or (active == before and asked.mode is RuleSetActivation.REPLACE):
        return ActivationPlan(asked.rule_set, before, f"The active rule set is {asked.rule_set}.")
    if asked.mode is RuleSetActivation.ACTIVATE_IF_NONE:
        raise ActivationRefused(
            f"The active rule set is {active}, which is not ours, so it stays. Set rule_set.activation to append and "
            f"rule_set.name to {active}: our rule then goes into that set. Or set rule_set.activation to replace: "
            f"{asked.rule_set} then takes its place until AbuseResponderMail is destroyed."
        )
    if former and former.may_switch:
        # Another set to put back means another physical id, and for the old id CloudFormation would send a Delete,
        # which finds our set active and would switch it off.
        raise ActivationRefused(
            f"The active rule set is {active}, which took the place of ours after the last deployment. "
            "Deploy once with rule_set.activation none, then with replace."
        )
    return ActivationPlan(asked.rule_set, active, f"The active rule set is {asked.rule_set}, in place of {active}.")


def _be_guest(host: str, active: str | None, before: str | None, ours: set[str]) -> ActivationPlan:
    if active == host:
        return ActivationPlan(active, before, f"The active rule set is {host}, and our rule goes into it.")
    if active in ours and before == host:
        return ActivationPlan(host, before, f"{host} is active again, and our rule goes into it.")
    if active is None:
        remedy = "Set rule_set.activation to activate-if-none."
    elif active in ours:
        remedy = f"Activate {host} first, or leave rule_set.activation as it was."
    else:
        remedy = f"Set rule_set.name to {active}."
    raise ActivationRefused(
        f"rule_set.name is {host}, but the active rule set is {active or 'none'}: our rule would get no mail. {remedy}"
    )


def _leave(asked: RuleSetProperties, active: str | None, before: str | None) -> ActivationPlan:
    if asked.own_rule_set is None or active != asked.own_rule_set:
        return ActivationPlan(
            active, before, f"The active rule set is {active or 'none'}, which is not ours, so it stays."
        )
    if before:
        return ActivationPlan(before, before, f"{before} is active again, as it was before us.")
    return ActivationPlan(
        None, None, f"{asked.own_rule_set} is switched off. No rule set is active, as it was before us."
    )

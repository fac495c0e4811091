"""When the account's one active SES receipt rule set may be switched, and to what.

SES has one active rule set in an account and Region, and CloudFormation cannot switch it. Switching silently stops the
mail of whoever uses the active set.
https://docs.aws.amazon.com/ses/latest/dg/receiving-email-receipt-rules-console-walkthrough.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from lambdas.domain.settings.settings import RuleSetActivation

UNTOUCHED: Final = "active-rule-set:untouched"  # a creation that failed before it changed anything
_ID: Final = "active-rule-set"


class ActivationRefused(Exception):
    """The step would stop somebody else's mail, or ours would not arrive. The message says what would work."""


class RequestType(StrEnum):
    """What CloudFormation asks of the resource."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


@dataclass(frozen=True, slots=True)
class RuleSetProperties:
    """What the template asks for. `rule_set` holds our rule: it is ours, or with APPEND somebody else's."""

    mode: RuleSetActivation
    rule_set: str

    @classmethod
    def from_properties(cls, properties: Mapping[str, str]) -> Self:
        """Read the resource's properties `Mode` and `RuleSet`."""
        return cls(RuleSetActivation(properties["Mode"]), properties["RuleSet"])

    @property
    def own_rule_set(self) -> str | None:
        """The rule set that our stack owns, None with APPEND."""
        return None if self.mode is RuleSetActivation.APPEND else self.rule_set

    @property
    def may_switch(self) -> bool:
        """Whether deleting this version switches our set off."""
        return self.mode in (RuleSetActivation.ACTIVATE_IF_NONE, RuleSetActivation.REPLACE)


@dataclass(frozen=True, slots=True)
class ActivationPlan:
    """`active` is the rule set to activate, None for none. `previous_rule_set` is restored at a deletion."""

    active: str | None
    previous_rule_set: str | None
    words: str

    @property
    def physical_id(self) -> str:
        """Holds the previous rule set. When the id changes, CloudFormation deletes the resource with the old id."""
        return f"{_ID}:instead-of:{self.previous_rule_set}" if self.previous_rule_set else _ID


def previous_rule_set(physical_id: str) -> str | None:
    """The previous rule set in a physical id. The name of a rule set has no colon."""
    return physical_id.partition(f"{_ID}:instead-of:")[2] or None


def plan_activation(
    request: RequestType,
    requested: RuleSetProperties,
    *,
    former: RuleSetProperties | None = None,
    active: str | None,
    previous: str | None = None,
) -> ActivationPlan:
    """What to do. `former` is the last version of the template. Repeating a step changes nothing.

    Raises ActivationRefused.
    """
    if requested.mode is RuleSetActivation.NONE:
        return ActivationPlan(active, previous, f"Nothing was changed. The active rule set is {active or 'none'}.")
    if request is RequestType.DELETE:
        return _deactivate(requested, active, previous)
    ours = {name for name in (requested.own_rule_set, former and former.own_rule_set) if name}
    if requested.mode is RuleSetActivation.APPEND:
        return _append(requested.rule_set, active, previous, ours)
    if active is None or active in ours or (active == previous and requested.mode is RuleSetActivation.REPLACE):
        return ActivationPlan(requested.rule_set, previous, f"The active rule set is {requested.rule_set}.")
    if requested.mode is RuleSetActivation.ACTIVATE_IF_NONE:
        raise ActivationRefused(
            f"The active rule set is {active}, which is not ours, so it stays. Set rule_set.activation to append and "
            f"rule_set.name to {active}: our rule then goes into that set. Or set rule_set.activation to replace: "
            f"{requested.rule_set} then takes its place until AbuseResponderMail is destroyed."
        )
    if former and former.may_switch:
        # A new previous set changes the physical id. CloudFormation then sends a Delete for the old id,
        # which would switch our set off.
        raise ActivationRefused(
            f"The active rule set is {active}, which took the place of ours after the last deployment. "
            "Deploy once with rule_set.activation none, then with replace."
        )
    return ActivationPlan(
        requested.rule_set, active, f"The active rule set is {requested.rule_set}, in place of {active}."
    )


def _append(host: str, active: str | None, previous: str | None, ours: set[str]) -> ActivationPlan:
    if active == host:
        return ActivationPlan(active, previous, f"The active rule set is {host}, and our rule goes into it.")
    if active in ours and previous == host:
        return ActivationPlan(host, previous, f"{host} is active again, and our rule goes into it.")
    if active is None:
        remedy = "Set rule_set.activation to activate-if-none."
    elif active in ours:
        remedy = f"Activate {host} first, or leave rule_set.activation as it was."
    else:
        remedy = f"Set rule_set.name to {active}."
    raise ActivationRefused(
        f"rule_set.name is {host}, but the active rule set is {active or 'none'}: our rule would get no mail. {remedy}"
    )


def _deactivate(requested: RuleSetProperties, active: str | None, previous: str | None) -> ActivationPlan:
    if requested.own_rule_set is None or active != requested.own_rule_set:
        return ActivationPlan(
            active, previous, f"The active rule set is {active or 'none'}, which is not ours, so it stays."
        )
    if previous:
        return ActivationPlan(previous, previous, f"{previous} is active again, as before the deployment.")
    return ActivationPlan(
        None, None, f"{requested.own_rule_set} is switched off. No rule set is active, as before the deployment."
    )

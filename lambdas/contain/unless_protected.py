"""Leave a protected instance alone where IAM cannot: in calls on what it belongs to, which have the tags of that."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, phrase
from lambdas.domain.settings.function_config import ProtectTagConfig
from lambdas.instance_clients import reader_of
from lambdas.load_config import load_config
from lambdas.step_result import skipped

Step = Callable[[dict[str, Any]], dict[str, Any]]


def unless_protected(step: Step) -> Step:
    """The step, skipped if the instance has the protect tag now. The decision saw its tags some seconds earlier.

    A call on the instance itself needs no such look: the deny of stacks/rights/protecting.py holds it.
    """

    @wraps(step)
    def run(event: dict[str, Any]) -> dict[str, Any]:
        protected = protected_now(Instance.from_json(event["instance"]))
        return skipped(protected) if protected else step(event)

    return run


def protected_now(instance: Instance) -> Phrase | None:
    """Why it may not be touched, as EC2 shows its tags at this moment; None if it may, or is gone."""
    now, tag = reader_of(instance).find_instance(), load_config(ProtectTagConfig).protect_tag
    return phrase("policy:protected", tag=tag) if now and tag in now.tags else None

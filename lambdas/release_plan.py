"""What a release would put back: what stood before, what containing left, what stands now. Changes nothing.

`release` asks when an admin does; `contain` when AWS says that all is over. It may read the same, and put nothing back.
"""

from collections.abc import Sequence
from typing import Any

from lambdas import case_table
from lambdas.current_state import read_current_state
from lambdas.domain.errors import NotContained, NothingToRelease, TooManyInstances, UnknownCase
from lambdas.domain.phrase import phrase
from lambdas.domain.release import (
    MAX_INSTANCES,
    ContainedRecord,
    contained_instances,
    contained_record,
    release_actions,
)
from lambdas.step_result import step_error


def release_plan(case: str, instances: Sequence[str] = (), *, force: bool = False) -> list[dict[str, Any]]:
    """One `{"instance_id": …, "before": …, "targets": …, "actions": […]}` for each instance.

    Without instances those of the case that are not released yet. Raises UnknownCase, NotContained, NothingToRelease
    and TooManyInstances.
    """
    items = case_table.read_items(case)
    if not items:
        raise step_error(UnknownCase, phrase("release:no_case", case=case))
    known = {instance_id: contained_record(items, instance_id) for instance_id in contained_instances(items)}
    chosen = _chosen({name: state for name, state in known.items() if state}, list(instances), case)
    planned = []
    for instance_id, state in chosen.items():
        actions = release_actions(
            state.before,
            state.registrations,
            read_current_state(case, state.before, state.registrations),
            case=case,
            force=force,
        )
        planned.append(
            {
                "instance_id": instance_id,
                "before": state.before.to_json(),
                "targets": state.registrations.to_json() if state.registrations else None,
                "actions": [action.to_json() for action in actions],
            }
        )
    return planned


def _chosen(known: dict[str, ContainedRecord], named: list[str], case: str) -> dict[str, ContainedRecord]:
    """The named instances, else those that the case still holds. Raises what the person at the desk is told."""
    if not known:
        raise step_error(NothingToRelease, phrase("release:contained_none", case=case))
    strangers = [name for name in named if name not in known]
    if strangers:
        raise step_error(NotContained, phrase("release:not_contained", case=case, named=strangers, known=known))
    chosen = {name: known[name] for name in named} or {
        name: state for name, state in known.items() if state.not_released
    }
    if not chosen:
        released = (
            phrase("release:released_at", instance=name, at=state.releases[-1]["at"]) for name, state in known.items()
        )
        raise step_error(NothingToRelease, *released, phrase("release:name_one"))
    if len(chosen) > MAX_INSTANCES:
        raise step_error(
            TooManyInstances, phrase("release:too_many", count=len(chosen), most=MAX_INSTANCES, instances=chosen)
        )
    return chosen

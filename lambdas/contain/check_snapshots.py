"""Check snapshots: how far they are, some time later, and what is next. It changes nothing."""

from datetime import UTC, datetime
from typing import Any

from lambdas import case_table
from lambdas.contain.snapshots import read_snapshots
from lambdas.domain.case.table_keys import WATCH_PREFIX
from lambdas.domain.containment.snapshot import SnapshotAction, snapshot_progress
from lambdas.domain.instance.instance import Instance
from lambdas.domain.settings.function_config import ContainConfig
from lambdas.load_config import load_config
from lambdas.step_result import step_result


def check_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """Look at the snapshots and their copies, and write down in the case what the newest look showed."""
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    progress = snapshot_progress(
        instance.volume_ids, read_snapshots(case, instance), copying=bool(load_config(ContainConfig).snapshot_copy_key)
    )
    outcome = "failed" if progress.next is SnapshotAction.TELL else "done"
    result = step_result(outcome, progress.phrase, next=progress.next, at=datetime.now(UTC).isoformat())
    case_table.write(
        case, f"{WATCH_PREFIX}{instance.instance_id}#snapshots", {**result, "execution": event["execution"]}
    )
    return result

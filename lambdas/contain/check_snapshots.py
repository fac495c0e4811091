"""Check snapshots: how far they are, some time later, and what is next. It changes nothing."""

import os
from datetime import UTC, datetime
from typing import Any

from lambdas import case_table as casebook
from lambdas.contain.snapshots import snapshots_of
from lambdas.domain.containment.snapshot import Next, progress_of
from lambdas.domain.instance.instance import Instance
from lambdas.step_result import ended


def check_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """Look at the snapshots and their copies, and write down in the case what the newest look showed."""
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    progress = progress_of(
        instance.volume_ids, snapshots_of(case, instance), copying=bool(os.environ["SNAPSHOT_COPY_KEY"])
    )
    outcome = "failed" if progress.next is Next.TELL else "done"
    result = ended(outcome, progress.said, next=progress.next, at=datetime.now(UTC).isoformat())
    casebook.write(case, f"watch#{instance.instance_id}#snapshots", {**result, "execution": event["execution"]})
    return result

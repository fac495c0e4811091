"""The function that may put an instance back as it was before it was contained. No mail leads to it, but by setting."""

from collections.abc import Callable
from functools import partial
from typing import Any

from lambdas.domain.release import VERIFY, ReleasePart
from lambdas.release.plan_release import plan_release
from lambdas.release.put_back_credentials import put_back_credentials
from lambdas.release.put_back_part import put_back
from lambdas.release.record_release import record_release
from lambdas.release.remove_tags import remove_tags
from lambdas.release.verify_release import verify_release
from lambdas.step_handler import step_handler

STEPS: dict[str, Callable[..., Any]] = {
    "Plan release": plan_release,
    **{part: partial(put_back, part=part) for part in ReleasePart},
    ReleasePart.CREDENTIALS: put_back_credentials,
    ReleasePart.TAGS: remove_tags,
    VERIFY: verify_release,
    "Record release": record_release,
}

handler = step_handler("release", STEPS)

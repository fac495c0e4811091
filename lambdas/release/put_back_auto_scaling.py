"""Put back Auto Scaling: the instance's place in its group."""

from typing import Any

from lambdas.domain.release import ReleasePart
from lambdas.release.put_back_part import put_back


def put_back_auto_scaling(event: dict[str, Any]) -> dict[str, Any]:
    """Out of standby, or into the group again if it was detached; the group grows by one, and is never made smaller."""
    return put_back(event, ReleasePart.AUTO_SCALING)

"""Put back load balancers: every registration that the instance had."""

from typing import Any

from lambdas.domain.release import ReleasePart
from lambdas.release.put_back_part import put_back


def put_back_load_balancers(event: dict[str, Any]) -> dict[str, Any]:
    """Register it where it was, with its ports; what Auto Scaling has registered by now needs nothing."""
    return put_back(event, ReleasePart.LOAD_BALANCERS)

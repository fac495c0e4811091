"""Put back network: the groups of each interface, as they were."""

from typing import Any

from lambdas.domain.release import ReleasePart
from lambdas.release.put_back_part import put_back


def put_back_network(event: dict[str, Any]) -> dict[str, Any]:
    """Move each interface that stands in quarantine into the groups that it had; one attached since stays there."""
    return put_back(event, ReleasePart.NETWORK)

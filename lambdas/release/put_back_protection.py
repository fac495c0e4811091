"""Put back protection: what happens to the instance and its volumes at its end, as it was."""

from typing import Any

from lambdas.domain.release import ReleasePart
from lambdas.release.put_back_part import put_back


def put_back_protection(event: dict[str, Any]) -> dict[str, Any]:
    """Termination protection, the shutdown behaviour, and of each volume whether it goes with the instance."""
    return put_back(event, ReleasePart.PROTECTION)

"""Take tags off: the instance says no more that a case holds it."""

from typing import Any

from lambdas.domain.phrase import said
from lambdas.domain.release import Part, withheld
from lambdas.release.put_back_part import planned_now, put_back
from lambdas.step_result import skipped


def take_tags_off(event: dict[str, Any]) -> dict[str, Any]:
    """Take our two tags off, or give them the value that they had; a value that is not ours stays.

    As long as an interface stands in quarantine, whoever looks at the instance must see which case holds it.
    """
    closed = withheld(planned_now(event, Part.NETWORK))
    if closed:
        return skipped(said("release:network_first", what=[one.what for one in closed]))
    return put_back(event, Part.TAGS)

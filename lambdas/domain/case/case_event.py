"""What others are told of a case: one event for each entry of its timeline, as docs/events/ describes it."""

from dataclasses import replace
from typing import Any, Final

from lambdas.domain.case.case import Case
from lambdas.domain.case.table_keys import ENTRY_PREFIX
from lambdas.domain.case.timeline import TimelineEntry
from lambdas.domain.clean import chat_text

SOURCE: Final = "abuse-responder"
DETAIL_TYPE: Final = "Abuse case changed"
_VERSION: Final = "1"
# The state of a case whose notices the table has forgotten, or does not hold yet.
_UNKNOWN: Final = "unknown"
# A chat shows the beginning; the whole stands in `entry`.
_MOST_TITLE, _MOST_TEXT = 200, 2000


def case_event(case_id: str, sort: str, entry: TimelineEntry, case: Case | None) -> dict[str, Any]:
    """The detail of the event for the entry under a sort key of the case table; `case` is how the case stands now.

    `id` is the same however often an entry is sent. `chat` can be shown as it is where `<!channel>` and links work:
    what `entry` holds may be somebody else's words.
    """
    state = case.state.value if case else _UNKNOWN
    what = entry.kind.value.replace("_", " ")
    title = f"Abuse case {case_id}: {what} {entry.resource}".rstrip()
    return {
        "version": _VERSION,
        "id": f"{case_id}/{sort.removeprefix(ENTRY_PREFIX)}",
        "case": case_id,
        "state": state,
        "entry": replace(entry, phrase=None).to_json(),
        "chat": {
            "title": chat_text(title, _MOST_TITLE),
            "text": chat_text(f"{entry.words or what}\nBy {entry.actor}. The case is {state}.", _MOST_TEXT),
        },
    }

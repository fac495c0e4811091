"""The event on the bus for each timeline entry. docs/events/ has its schema."""

from dataclasses import replace
from typing import Any, Final

from lambdas.domain.case.case import Case
from lambdas.domain.case.table_keys import ENTRY_PREFIX
from lambdas.domain.case.timeline import TimelineEntry
from lambdas.domain.clean import chat_text

SOURCE: Final = "abuse-responder"
DETAIL_TYPE: Final = "Abuse case changed"
_VERSION: Final = "1"
# The state of a case without notices in the table: they have expired, or are not written yet.
_UNKNOWN: Final = "unknown"
# A chat gets the beginning; `entry` has all of it.
_MOST_TITLE, _MOST_TEXT = 200, 2000


def case_event(case_id: str, sort: str, entry: TimelineEntry, case: Case | None) -> dict[str, Any]:
    """The detail of the event for the entry under this sort key; `case` is the case now.

    `id` stays the same when an entry is sent again. `chat` is safe in a chat, where `<!channel>` and links would work;
    `entry` may quote anybody.
    """
    state = case.state.value if case else _UNKNOWN
    kind = entry.kind.value.replace("_", " ")
    claimed = " (claimed)" if entry.is_claimed else ""
    title = f"Abuse case {case_id}: {kind} {entry.resource}".rstrip()
    return {
        "version": _VERSION,
        "id": f"{case_id}/{sort.removeprefix(ENTRY_PREFIX)}",
        "case": case_id,
        "state": state,
        "entry": replace(entry, phrase=None).to_json(),
        "chat": {
            "title": chat_text(title, _MOST_TITLE),
            "text": chat_text(f"{entry.words or kind}\nBy {entry.actor}{claimed}. The case is {state}.", _MOST_TEXT),
        },
    }

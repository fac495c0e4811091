"""Tell of roster: the admins learn who of them is not reached, once for each change and once a week."""

from datetime import UTC, datetime
from typing import Any

from lambdas import case_table as casebook
from lambdas.domain.admins.roster import Finding, Reach, Told, Trouble, as_told, news
from lambdas.domain.containment.outcome import failure_words
from lambdas.domain.errors import NobodyReached
from lambdas.domain.messages import Roster
from lambdas.tell.admins import tell, tell_by_alarms

_PARTITION, _TOLD = "roster", "told"


def tell_of_roster(event: dict[str, Any]) -> dict[str, Any]:
    """Tell what the check has found, or that it failed, where that is news; note then what was told.

    A topic is not trusted to tell of itself: where it is not known that the topic of the cases reaches an admin by
    e-mail, the topic of the alarms tells it too. Raises NobodyReached where nothing gets through to anybody.
    """
    checked = event["checked"]
    if "Error" in checked:
        found, reached = [Finding(Trouble.NOT_CHECKED, words=failure_words(checked))], None
    else:
        found, reached = [Finding.from_json(one) for one in checked["findings"]], Reach(**checked["reach"])
    told = casebook.item(_PARTITION, _TOLD)
    current = news(Told.from_json(told) if told else None, found, reached, datetime.now(UTC))
    if not current.due:
        return {"outcome": "skipped", "words": f"nothing has changed; {len(current.standing)} thing(s) stand"}
    roster = Roster(current, event["execution"])
    result = tell(lambda language: language.roster_report(roster))
    if current.by_alarms_too:
        tell_by_alarms(lambda language: language.roster_report(roster))
    if reached and reached.nobody:
        raise NobodyReached("no admin has a subscription that lets anything through")
    casebook.write(_PARTITION, _TOLD, as_told(current).to_json())
    return result

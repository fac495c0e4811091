"""What the daily check of the roster tells: who of the admins is not reached, since when, and what each must do."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lambdas.domain.admins.roster import (
    EMAIL,
    SMS,
    DeliveryProblem,
    OpenFinding,
    RepairResult,
    RosterChanges,
    RosterFinding,
    mask_phone,
)
from lambdas.domain.clean import one_line
from lambdas.domain.language.language import Language
from lambdas.domain.messages.message import Message, console_url


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What the message is made of. `execution` is the ARN of the execution that tells it."""

    changes: RosterChanges
    execution: str


# The subject names the worst of what is found; the rest stands below it.
_HEADLINES: Final = (
    ("stranger", {DeliveryProblem.STRANGER}),
    ("no_sms", {DeliveryProblem.OPTED_OUT, DeliveryProblem.NOT_VERIFIED, DeliveryProblem.SMS_FAILED}),
    ("other_filter", {DeliveryProblem.OTHER_FILTER}),
    ("not_checked", {DeliveryProblem.NOT_CHECKED}),
    ("sms_unknown", {DeliveryProblem.SMS_UNKNOWN}),
    ("subscribed", {DeliveryProblem.MISSING}),  # an SMS: what waits for a confirmation is named before all these
)


def roster_report(language: Language, roster: RosterReport) -> Message:
    """Who is not reached, who is again, what was done and what is to do. An SMS only where no mail about cases does."""
    changes, say = roster.changes, language.say
    name, who = _worst(language, changes)
    lines = [
        say(f"roster:{name}", who=who),
        *_section(language, "roster:found", [line for one in changes.open_findings for line in _found(language, one)]),
        *_section(language, "roster:mended", [_line(language, one, "roster:again") for one in changes.fixed]),
        *_section(language, "to_do", list(_numbered(language, [one.finding for one in changes.open_findings]))),
        "",
        say("progress", console=console_url(roster.execution)),
    ]
    return Message(
        subject=language.subject(say(f"roster:{name}:subject", who=who)),
        body=language.body(lines),
        sms=language.sms("roster:sms") if changes.no_admin_gets_case_mail else None,
    )


def _worst(language: Language, changes: RosterChanges) -> tuple[str, str]:
    """The name of the words of the subject and first line, and whom they name."""
    found = [one.finding for one in changes.open_findings]
    if changes.no_admin_gets_case_mail:
        return "nobody", ""
    if changes.no_admin_gets_alarm_mail:
        return "nobody_alarms", ""
    if waiting := [one for one in found if _waits(one)]:
        return "silent", _named(language, waiting)
    for name, problems in _HEADLINES:
        if of_these := [one for one in found if one.problem in problems]:
            return name, _named(language, of_these)
    return "well", ""


def _waits(one: RosterFinding) -> bool:
    """Whether a person must confirm it before anything comes through, or SNS must be asked once more."""
    return one.undelivered and one.done is not RepairResult.SUBSCRIBED


def _named(language: Language, found: Sequence[RosterFinding]) -> str:
    return language.name_some([one_line(one, 25) for one in dict.fromkeys(one.name for one in found)])


def _section(language: Language, heading: str, lines: Sequence[str]) -> list[str]:
    return ["", language.say(heading), *lines] if lines else []


def _found(language: Language, standing: OpenFinding) -> list[str]:
    one, since = standing.finding, language.long_date(standing.since)
    lines = [_line(language, one, f"roster:finding:{one.problem}"), language.say("roster:since", at=since)]
    if one.done is not RepairResult.NOTHING:
        lines.append(language.say(f"roster:done:{one.done}", words=one_line(one.words)))
    return lines


def _line(language: Language, one: RosterFinding, name: str) -> str:
    return language.say(name, who=_who(one), place=_place(language, one), words=one_line(one.words))


def _who(one: RosterFinding) -> str:
    """By name and address. Of a number the middle is hidden: this goes to all, and to whoever reads their mail."""
    endpoint = mask_phone(one.endpoint) if one.protocol == SMS else one_line(one.endpoint, 120)
    return ", ".join(part for part in (one_line(one.name, 60), endpoint) if part)


def _place(language: Language, one: RosterFinding) -> str:
    """The messages that it is about; somebody else's protocol by its own name."""
    name = f"roster:place:{one.topic}:{one.protocol}"
    known = name if one.protocol in {EMAIL, SMS} and name in language.texts else f"roster:place:{one.topic}"
    return language.say(known, protocol=one_line(one.protocol, 20)) if one.topic else ""


def _numbered(language: Language, found: Sequence[RosterFinding]) -> Iterator[str]:
    for number, step in enumerate(_to_do(language, found), 1):
        yield f"  {number}. {step}"


def _to_do(language: Language, found: Sequence[RosterFinding]) -> Iterator[str]:
    say = language.say

    if waiting := [one for one in found if _waits(one) and one.protocol == EMAIL]:
        yield say("roster:do:confirm", who=_named(language, waiting), confirm="python -m desk confirm 'LINK'")
    for one in found:
        if one.problem is DeliveryProblem.OTHER_FILTER:
            policy = json.dumps(one.policy or {})
            command = f"aws sns set-subscription-attributes --subscription-arn {one_line(one.words)}"
            yield say(
                "roster:do:filter", command=f"{command} --attribute-name FilterPolicy --attribute-value '{policy}'"
            )
        if one.problem is DeliveryProblem.STRANGER:
            command = f"aws sns unsubscribe --subscription-arn {one_line(one.words)}"
            yield say("roster:do:stranger", who=_who(one), command=command)
    for problem, command in (
        (DeliveryProblem.OPTED_OUT, "aws sns opt-in-phone-number --phone-number NUMBER"),
        (DeliveryProblem.NOT_VERIFIED, "aws sns create-sms-sandbox-phone-number --phone-number NUMBER"),
        (DeliveryProblem.SMS_FAILED, "aws sns get-sms-attributes"),
    ):
        if of_these := [one for one in found if one.problem is problem]:
            yield say(f"roster:do:{problem}", who=_named(language, of_these), command=command)
    if any(
        one.done is RepairResult.REFUSED or one.problem in {DeliveryProblem.NOT_CHECKED, DeliveryProblem.SMS_UNKNOWN}
        for one in found
    ):
        yield say("roster:do:look")

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
        *_section(
            language, "roster:found", [line for finding in changes.open_findings for line in _found(language, finding)]
        ),
        *_section(language, "roster:mended", [_line(language, finding, "roster:again") for finding in changes.fixed]),
        *_section(language, "to_do", list(_numbered(language, [item.finding for item in changes.open_findings]))),
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
    found = [item.finding for item in changes.open_findings]
    if changes.no_admin_gets_case_mail:
        return "nobody", ""
    if changes.no_admin_gets_alarm_mail:
        return "nobody_alarms", ""
    if waiting := [finding for finding in found if _waits(finding)]:
        return "silent", _named(language, waiting)
    for name, problems in _HEADLINES:
        if of_these := [finding for finding in found if finding.problem in problems]:
            return name, _named(language, of_these)
    return "well", ""


def _waits(finding: RosterFinding) -> bool:
    """Whether a person must confirm it before anything comes through, or SNS must be asked once more."""
    return finding.undelivered and finding.done is not RepairResult.SUBSCRIBED


def _named(language: Language, found: Sequence[RosterFinding]) -> str:
    return language.name_some([one_line(name, 25) for name in dict.fromkeys(finding.name for finding in found)])


def _section(language: Language, heading: str, lines: Sequence[str]) -> list[str]:
    return ["", language.say(heading), *lines] if lines else []


def _found(language: Language, standing: OpenFinding) -> list[str]:
    finding, since = standing.finding, language.long_date(standing.since)
    lines = [_line(language, finding, f"roster:finding:{finding.problem}"), language.say("roster:since", at=since)]
    if finding.done is not RepairResult.NOTHING:
        lines.append(language.say(f"roster:done:{finding.done}", words=one_line(finding.words)))
    return lines


def _line(language: Language, finding: RosterFinding, name: str) -> str:
    return language.say(name, who=_who(finding), place=_place(language, finding), words=one_line(finding.words))


def _who(finding: RosterFinding) -> str:
    """By name and address. Of a number the middle is hidden: this goes to all, and to whoever reads their mail."""
    endpoint = mask_phone(finding.endpoint) if finding.protocol == SMS else one_line(finding.endpoint, 120)
    return ", ".join(part for part in (one_line(finding.name, 60), endpoint) if part)


def _place(language: Language, finding: RosterFinding) -> str:
    """The messages that it is about; somebody else's protocol by its own name."""
    name = f"roster:place:{finding.topic}:{finding.protocol}"
    known = name if finding.protocol in {EMAIL, SMS} and name in language.texts else f"roster:place:{finding.topic}"
    return language.say(known, protocol=one_line(finding.protocol, 20)) if finding.topic else ""


def _numbered(language: Language, found: Sequence[RosterFinding]) -> Iterator[str]:
    for number, step in enumerate(_to_do(language, found), 1):
        yield f"  {number}. {step}"


def _to_do(language: Language, found: Sequence[RosterFinding]) -> Iterator[str]:
    say = language.say

    if waiting := [finding for finding in found if _waits(finding) and finding.protocol == EMAIL]:
        yield say("roster:do:confirm", who=_named(language, waiting), confirm="python -m desk confirm 'LINK'")
    for finding in found:
        if finding.problem is DeliveryProblem.OTHER_FILTER:
            policy = json.dumps(finding.policy or {})
            command = f"aws sns set-subscription-attributes --subscription-arn {one_line(finding.words)}"
            yield say(
                "roster:do:filter", command=f"{command} --attribute-name FilterPolicy --attribute-value '{policy}'"
            )
        if finding.problem is DeliveryProblem.STRANGER:
            command = f"aws sns unsubscribe --subscription-arn {one_line(finding.words)}"
            yield say("roster:do:stranger", who=_who(finding), command=command)
    for problem, command in (
        (DeliveryProblem.OPTED_OUT, "aws sns opt-in-phone-number --phone-number NUMBER"),
        (DeliveryProblem.NOT_VERIFIED, "aws sns create-sms-sandbox-phone-number --phone-number NUMBER"),
        (DeliveryProblem.SMS_FAILED, "aws sns get-sms-attributes"),
    ):
        if of_these := [finding for finding in found if finding.problem is problem]:
            yield say(f"roster:do:{problem}", who=_named(language, of_these), command=command)
    if any(
        finding.done is RepairResult.REFUSED
        or finding.problem in {DeliveryProblem.NOT_CHECKED, DeliveryProblem.SMS_UNKNOWN}
        for finding in found
    ):
        yield say("roster:do:look")

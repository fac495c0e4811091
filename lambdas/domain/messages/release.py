"""Who released what, as read back, and what was left and why."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from lambdas.domain.case.timeline import RESPONDER
from lambdas.domain.clean import one_line
from lambdas.domain.language.language import Language, capitalise
from lambdas.domain.messages.message import Message, console_url
from lambdas.domain.messages.notice_summary import case_suffixes, numbered_lines, release_command
from lambdas.domain.phrase import Phrase, combined
from lambdas.domain.release import CompletedRelease, ReleaseAction, ReleaseResult, ReleaseVerdict, outstanding


def release_report(language: Language, release: CompletedRelease) -> Message:
    """What was put back, what was left and why, and what to do if nobody expected it."""
    say = language.say
    asked = [*(item.instance_id for item in release.results), *release.unknown]
    began = "release:by_itself" if release.by == RESPONDER else "release:asked"
    by = say("claimed", who=one_line(release.by))
    lines = [say(began, by=by, counted=language.count_or_name(asked))]
    lines += [say("claimed:check"), ""] if began == "release:asked" else [""]
    lines += [say("failed", words=language.render_line(failure)) for failure in release.failures]
    lines += [say("no_result", instance=instance_id) for instance_id in release.unknown]
    lines += [""] if release.failures or release.unknown else []
    for result in release.results:
        lines += [*_what_became_of(language, result), ""]
    to_do = _to_do(language, release)
    lines += [say("to_do"), *to_do, ""] if to_do else []
    lines += [say("case_line", case=one_line(release.case)), say("progress", console=console_url(release.execution))]
    subject = language.subject_with_suffix(_result(language, release), *case_suffixes(language, release.case))
    return Message(subject=subject, body=language.body(lines), sms=None)


def plan_lines(language: Language, instance_id: str, actions: Sequence[ReleaseAction]) -> Iterator[str]:
    """What a release would put back of an instance as it stands now, and what not and why."""
    say = language.say
    yield say("plan", instance=instance_id)
    if not outstanding(actions):
        yield say("plan:nothing")
    for action in actions:
        if action.verdict is ReleaseVerdict.PUT_BACK:
            yield say("plan:put_back", line=_line(language, action, _change(language, action)))
        elif action.verdict is not ReleaseVerdict.NOTHING:
            name = "release:cannot" if action.verdict is ReleaseVerdict.CANNOT else "release:left"
            yield say(name, line=_line(language, action, _change(language, action)))


def _result(language: Language, release: CompletedRelease) -> str:
    """The result in one line, the worst first."""
    say = language.say
    if release.held:
        return say("release:held", counted=language.count_or_name(release.held))
    left = sum(len(item.not_put_back) for item in release.results)
    result = say("release:released", counted=language.count_or_name(release.released))
    result += say("release:left:one" if left == 1 else "release:left:many", count=left) if left else ""
    return result + (say("but_failed") if release.failures else "")


def _what_became_of(language: Language, result: ReleaseResult) -> Iterator[str]:
    say = language.say
    place = say("place", instance=result.instance_id, region=result.region, account="")
    if result.released:
        at = language.long_date(datetime.fromisoformat(result.verified_at))
        yield say("became", place=place, verdict=say("release:yes", at=at))
    else:
        obstacle = (
            capitalise(language.render_line(result.obstacle)) if result.obstacle else say("release:not_as_before")
        )
        yield say("became", place=place, verdict=say("release:no", obstacle=obstacle))
    if result.obstacle:
        return
    put_back = result.put_back
    for action in put_back:
        yield say("release:put_back", line=_line(language, action, _value(language, action.before)))
    untouched = sum(action.verdict is ReleaseVerdict.NOTHING for action in result.verified) - len(put_back)
    if untouched > 0:
        yield say("release:untouched", count=untouched)
    for action in result.not_put_back:
        name = "release:cannot" if action.verdict is ReleaseVerdict.CANNOT else "release:left"
        yield say(name, line=_line(language, action, _change(language, action)))
    for step in result.steps:
        if not result.released or step.outcome == "failed":
            yield say(f"outcome:{step.outcome}", step=language.step(step.name), words=language.render_line(step.phrase))


def _change(language: Language, action: ReleaseAction) -> str:
    now, before = _value(language, action.now), _value(language, action.before)
    return language.say("release:change", now=now or language.say("release:gone"), before=before) if before else now


def _value(language: Language, value: Phrase | None) -> str:
    return language.render(combined(value))


def _line(language: Language, action: ReleaseAction, value: str) -> str:
    what, reason = language.render(action.what), language.render(combined(action.reason))
    return one_line(f"{what}{f': {value}' if value else ''}{f' ({reason})' if reason else ''}")


def _to_do(language: Language, release: CompletedRelease) -> list[str]:
    say = language.say
    steps = []
    held = [
        *release.unknown,
        *(result.instance_id for result in release.results if not (result.released or result.obstacle)),
    ]
    if held:
        again = say("release:do:again", counted=language.count_or_name(held))
        steps.append(f"{again}\n     {release_command(release.case)}")
    if any(result.not_put_back for result in release.results if not result.obstacle):
        steps.append(say("release:do:look"))
    if release.released:
        stop = "".join(
            f"\n     aws ec2 stop-instances --region {result.region} --instance-ids {result.instance_id}"
            for result in release.results
            if result.released
        )
        steps.append(say("release:do:unexpected") + stop)
    return numbered_lines(steps)

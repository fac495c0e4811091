"""Who released what, as read back, and what was left and why."""

from collections.abc import Iterator
from datetime import datetime

from lambdas.domain.messages.en.words import body_of, capital, counted, long_date
from lambdas.domain.messages.message import Message, console, one_line, subject_of
from lambdas.domain.release import Action, Release, Result, Verdict


def release_report(release: Release) -> Message:
    """What was put back, what was left and why, and what to do if nobody expected it."""
    asked = [*(one.instance_id for one in release.results), *release.unknown]
    lines = [f"{one_line(release.by)} asked for the release of {counted(asked)}.", ""]
    lines += [f"FAILED: {one_line(words)}" for words in release.trouble]
    lines += [f"{one}: NO RESULT. What became of it is not known: look at it in EC2." for one in release.unknown]
    lines += [""] if len(lines) > 2 else []
    for result in release.results:
        lines += [*_what_became_of(result), ""]
    to_do = _to_do(release)
    lines += ["WHAT TO DO NOW", *to_do, ""] if to_do else []
    lines += [f"  Case      {one_line(release.case)}", f"  Progress  {console(release.execution)}"]
    subject = subject_of(_result(release), f"(case {release.case})", f"({release.case})")
    return Message(subject=subject, body=body_of(lines), sms=None)


def _result(release: Release) -> str:
    """The result in one line, the worst first."""
    if release.held:
        return f"ACTION: NOT released as asked: {counted(release.held)}"
    left = sum(len(one.not_put_back) for one in release.results)
    but = f", {left} left as {'it is' if left == 1 else 'they are'}" if left else ""
    return f"INFO: released {counted(release.released)}{but}{', a step failed' if release.trouble else ''}"


def _what_became_of(result: Result) -> Iterator[str]:
    if result.released:
        words = f"RELEASED, read back from AWS at {long_date(datetime.fromisoformat(result.verified_at))}."
    else:
        words = f"NOT RELEASED. {capital(result.obstacle) or 'Not everything could be read back as it was before'}."
    yield f"{result.instance_id} in {result.region}: {one_line(words)}"
    if result.obstacle:
        return
    put_back = result.put_back
    for action in put_back:
        yield f"  put back  {_line(action.what, action.before, action.reason)}"
    untouched = sum(one.verdict is Verdict.NOTHING for one in result.verified) - len(put_back)
    if untouched > 0:
        yield f"  as before {untouched} more, which needed nothing"
    for action in result.not_put_back:
        label = "CANNOT" if action.verdict is Verdict.CANNOT else "left"
        yield f"  {label:<9} {_line(action.what, _change(action), action.reason)}"
    for step in result.steps:
        if not result.released or step.outcome == "failed":
            yield f"  {'FAILED' if step.outcome == 'failed' else step.outcome:<9} {step.name}: {one_line(step.words)}"


def _change(action: Action) -> str:
    if not action.before:
        return action.now
    return f"{action.now or 'gone'}, before {action.before}"


def _line(what: str, value: str, reason: str) -> str:
    return one_line(f"{what}{f': {value}' if value else ''}{f' ({reason})' if reason else ''}")


def _to_do(release: Release) -> list[str]:
    steps = []
    held = [*release.unknown, *(one.instance_id for one in release.results if not (one.released or one.obstacle))]
    if held:
        steps.append(
            f"{counted(held)} may still be in quarantine, wholly or in part. When the reason is gone, release "
            f"again: every part converges.\n     python -m desk release {release.case}"
        )
    if any(one.not_put_back for one in release.results if not one.obstacle):
        steps.append("Look at what is left or CANNOT be put back: the responder takes nothing away that came since.")
    if release.released:
        stop = "".join(
            f"\n     aws ec2 stop-instances --region {one.region} --instance-ids {one.instance_id}"
            for one in release.results
            if one.released
        )
        steps.append(
            "If you did not expect this, find out who did it: CloudTrail keeps the identity that started the execution "
            f"below. To close the instance again at once, stop it:{stop}"
        )
    return [f"  {number}. {step}" for number, step in enumerate(steps, 1)]

"""The sections of a case's page, from the top to the bottom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from lambdas.domain.case.case import Case, CaseState, InstanceStatus
from lambdas.domain.case.tasks import tasks
from lambdas.domain.case.timeline import TimelineEntry
from lambdas.domain.case.urgency import Urgency, urgency
from lambdas.domain.containment.evidence import uncollected_reason
from lambdas.domain.instance.instance import Instance
from lambdas.domain.intake.notice import Notice, Proof, ProofKind
from lambdas.domain.language.language import Language
from lambdas.domain.messages.notice_summary import abuse_text
from lambdas.domain.messages.quoted_report import quoted_report_text
from lambdas.domain.page.before_and_after import before_and_after_table
from lambdas.domain.page.case_record import CaseRecord, CaseResource, EvidenceManifest, NoticeResponse
from lambdas.domain.page.dates import format_duration, format_seconds, format_time
from lambdas.domain.page.live_state import LiveState
from lambdas.domain.page.markup import line, outcome_html, table, text, unbroken
from lambdas.domain.page.timeline_chart import timeline_chart
from lambdas.domain.phrase import combined, verbatim

_URGENT = {Urgency.OVERDUE, Urgency.URGENT, Urgency.CHECK}
_BAD = {InstanceStatus.NOT_CONTAINED, InstanceStatus.BROKEN, InstanceStatus.UNDECIDED}


def head(record: CaseRecord, now: datetime, language: Language, *, live: bool) -> str:
    """Which case it is, how it stands, by when AWS wants an answer, and who is on it."""
    words = language.page
    case = record.case
    how = urgency(case, now)
    read = words["read_now" if live else "read_then"]
    tone = "bad" if how in _URGENT else "good" if how in {Urgency.ANSWERED, Urgency.OVER} else ""
    facts = [
        (words["state"], line(words[f"state:{case.state}"])),
        (words["urgency"], f'<span class="{tone}">{line(words[f"urgency:{how}"])}</span>'),
        (words["deadline"], _clock(case, now, language)),
        (words["on_it"], _on_it(case, language)),
        (words["opened"], line(format_time(case.opened_at))),
        *_reported(record, language),
        (words["measures"], _measures(case, language)),
    ]
    listed = "\n".join(f"<dt>{line(name)}</dt><dd>{value}</dd>" for name, value in facts)
    title = words["title"].format(case=case.id)
    standing = words[f"urgency:{how}" if how in _URGENT else f"state:{case.state}"]
    badge = f'<span class="badge {tone}">{line(standing)}</span>'
    return (
        f"<header>\n<h1>{line(title)} {badge}</h1>\n"
        f'<p class="soft">{line(words["as_of"].format(at=format_time(now)))} {line(read)}</p>\n</header>\n'
        f"<h2>{line(words['summary'])}</h2>\n<dl>\n{listed}\n</dl>"
    )


def deadline_text(case: Case, now: datetime, words: Mapping[str, str]) -> str:
    """Whether the clock runs, and how much time is left, in a few words."""
    if case.deadline is None:
        return words["no_deadline"]
    if case.answered and case.state is CaseState.ANSWERED:
        answered = words["answered_at"].format(at=format_time(case.answered.at))
        return words["answered_by"].format(answered=answered, who=actor_name(case.answered, words))
    if not case.is_running:
        return words["stopped"].format(state=words[f"state:{case.state}"])
    left = case.deadline.at - now
    if left.total_seconds() > 0:
        return words["left"].format(span=format_duration(left, words))
    return words["overdue_by"].format(span=format_duration(-left, words))


def actor_name(entry: TimelineEntry, words: Mapping[str, str], *, whole: bool = False) -> str:
    """What people call whom an ARN names: the user, or the session of a role; "claimed" where nobody vouches for it."""
    name = entry.actor.rpartition("/")[2] if entry.actor.startswith("arn:") and not whole else entry.actor
    return words["claimed"].format(who=name) if entry.is_claimed else name


def _clock(case: Case, now: datetime, language: Language) -> str:
    words = language.page
    time = deadline_text(case, now, words)
    if case.deadline is None:
        return line(time)
    source = words["stated" if case.deadline.stated else "unstated"]
    late = case.is_running and case.deadline.at <= now
    shown = f'<strong class="bad">{line(time)}</strong>' if late else f"<strong>{line(time)}</strong>"
    return f'{line(format_time(case.deadline.at))}, {shown} <span class="soft">({line(source)})</span>'


def _on_it(case: Case, language: Language) -> str:
    words = language.page
    if case.acknowledged is None:
        return line(words["nobody"])
    return line(
        words["since"].format(
            who=actor_name(case.acknowledged, words, whole=True), at=format_time(case.acknowledged.at)
        )
    )


def _reported(record: CaseRecord, language: Language) -> Iterable[tuple[str, str]]:
    """What is reported and who vouches for it."""
    words = language.page
    newest = record.newest_notice
    named = [received.notice for received in reversed(record.notices) if received.notice.abuse_type]
    yield words["reported"], line(abuse_text(language, named[0]) if named else words["reported:none"])
    yield words["account"], line(", ".join(newest.notice.account_ids) or words["none"])
    yield words["proof"], _vouched(newest.proof, language)


def _vouched(proof: Proof, language: Language) -> str:
    vouched = language.page["proven" if proof.kind is ProofKind.AWS else "unproven"]
    return f"{line(vouched)}: {line(language.render(proof.reason))}"


def _measures(case: Case, language: Language) -> str:
    words = language.page
    if not case.measures:
        return line(words["no_measures"])
    return "".join(f"<p>{line(measure)}</p>" for measure in case.measures)


def to_do(record: CaseRecord, language: Language) -> str:
    """What to do next, with the exact commands."""
    words = language.page
    listed = "\n".join(
        f"<li>{line(words[f'do:{task.kind}'].format(about=task.resource))}"
        f"{''.join(f'<code>{line(command)}</code>' for command in task.commands)}</li>"
        for task in tasks(record.case, record.regions)
    )
    shown = f'<ol class="tasks">\n{listed}\n</ol>' if listed else f"<p>{line(words['nothing_to_do'])}</p>"
    return f"<h2>{line(words['to_do'])}</h2>\n{shown}"


def timeline(case: Case, now: datetime, language: Language) -> str:
    """The picture, and every entry in a table."""
    words = language.page
    heads = [words[name] for name in ("number", "when", "what", "who", "about", "why")]
    rows = [_entry(number, entry, language) for number, entry in enumerate(case.timeline, 1)]
    return (
        f"<h2>{line(words['timeline'])}</h2>\n"
        f'<div class="wide" role="region" tabindex="0" aria-label="{line(words["picture_scroll"])}">\n'
        f"{timeline_chart(case, now, words)}\n</div>\n"
        f"{table(words['timeline'], heads, rows, kind='timeline said')}"
    )


def _entry(number: int, entry: TimelineEntry, language: Language) -> list[str]:
    words = language.page
    said = entry.phrase.parts if entry.phrase else (verbatim(entry.words),)
    failed = [language.render(part) for part in said if part.key == "entry:failed"] or [
        words["failed_step"].format(step=language.step(step), words=why)
        for step, why in (entry.details.get("failed") or {}).items()
    ]
    more = "".join(f'<p class="bad">{line(failure)}</p>' for failure in failed)
    why = combined(*(part for part in said if part.key != "entry:failed"))
    return [
        str(number),
        unbroken(format_seconds(entry.at)),
        unbroken(words[f"what:{entry.kind}"]),
        line(actor_name(entry, words)),
        unbroken(entry.resource),
        line(language.render(why)) + more,
    ]


def instances(record: CaseRecord, live: Mapping[str, LiveState], now: datetime, language: Language) -> str:
    """Each instance: where it is, how it stands, before and after, and what was done because of each notice."""
    words = language.page
    came = {received.mail: received.received_at for received in record.notices}
    each = [_instance(resource, live.get(resource.name), came, now, language) for resource in record.resources]
    body = "\n".join(each) or f"<p>{line(words['no_instances'])}</p>"
    return f"<h2>{line(words['instances'])}</h2>\n{body}"


def _instance(
    resource: CaseResource, live: LiveState | None, came: Mapping[str, datetime], now: datetime, language: Language
) -> str:
    words = language.page
    tone = "bad" if resource.status in _BAD else "good" if resource.status is InstanceStatus.CONTAINED else ""
    badge = f'<span class="badge {tone}">{line(words[f"standing:{resource.status}"])}</span>'
    parts = [f"<h3>{line(resource.name)} {badge}</h3>", f'<p class="soft">{_place(resource.instance, language)}</p>']
    if not resource.contained_record:
        parts.append(f"<p>{line(words['no_before'])}</p>")
    parts += [before_and_after_table(resource, live, now, language)] if resource.contained_record or live else []
    for release in resource.contained_record.releases if resource.contained_record else ():
        at = format_time(datetime.fromisoformat(release["at"]))
        parts.append(f"<p>{line(words['released_by'].format(at=at, who=release['by']))}</p>")
    parts += [_response(response, came.get(response.mail), language) for response in resource.responses]
    return "\n".join(parts)


def _place(instance: Instance | None, language: Language) -> str:
    words = language.page
    if instance is None:
        return line(words["held_by_none"])
    where = words["place"].format(region=instance.region, account=instance.account_id)
    return line(f"{where}, {words['called'].format(name=instance.name)}" if instance.name else where)


def _response(response: NoticeResponse, came: datetime | None, language: Language) -> str:
    words = language.page
    outcome = response.outcome
    verdict = words[f"verdict:{outcome.decision.verdict}"]
    title = words["decided"].format(at=format_time(came) if came else response.mail, verdict=verdict)
    parts = [f"<h4>{line(title)}</h4>"]
    parts += ["<ul>", *(f"<li>{line(language.render(reason))}</li>" for reason in outcome.decision.reasons), "</ul>"]
    if outcome.steps:
        rows = [
            [line(language.step(step.name)), outcome_html(step.outcome, words), line(language.render(step.phrase))]
            for step in outcome.steps
        ]
        heads = [words[name] for name in ("step", "outcome", "why")]
        parts.append(table(words["steps"], heads, rows, kind="steps"))
    return "\n".join(parts)


def notices(record: CaseRecord, language: Language) -> str:
    """Each notice of the case, and what shows that it is from AWS."""
    words = language.page
    rows = [
        [
            unbroken(format_seconds(received.received_at)),
            line(words[f"kind:{received.notice.kind}"]),
            line(received.notice.subject) + _quoted_report(received.notice, language),
            _vouched(received.proof, language),
            f'<span class="mono">{line(received.mail)}</span>',
        ]
        for received in record.notices
    ]
    heads = [words[name] for name in ("received", "kind", "subject", "proof", "mail")]
    return f"<h2>{line(words['notices'])}</h2>\n{table(words['notices'], heads, rows, kind='said')}"


def _quoted_report(notice: Notice, language: Language) -> str:
    return f'<p class="soft">{line(quoted_report_text(language, notice.report))}</p>' if notice.report else ""


def evidence(manifests: Sequence[EvidenceManifest], language: Language) -> str:
    """Every file of the evidence with its hash, and what could not be collected."""
    words = language.page
    body = "\n".join(_manifest(manifest, language) for manifest in manifests) or f"<p>{line(words['no_evidence'])}</p>"
    return f"<h2>{line(words['evidence'])}</h2>\n{body}"


def _manifest(manifest: EvidenceManifest, language: Language) -> str:
    words = language.page
    parts = [f'<h3 class="mono">{line(words["manifest"].format(key=manifest.key))}</h3>']
    if manifest.body is None:
        return "\n".join([*parts, f'<p class="bad">{line(words["manifest_unread"].format(why=manifest.unread))}</p>'])
    parts.append(f"<p>{line(words['manifest_hash'].format(hash=manifest.sha256))}</p>")
    if manifest.recorded:
        same = manifest.is_as_recorded
        compared = words["manifest_same" if same else "manifest_differs"].format(recorded=manifest.recorded)
        parts.append(f'<p class="{"soft" if same else "bad"}">{line(compared)}</p>')
    listed = manifest.content
    rows = [
        [
            unbroken(file["name"]),
            line(file["bytes"]),
            f'<span class="mono">{line(file["sha256"])}</span>',
            unbroken(str(file["read_at"])[:19].replace("T", " ")),
            line(file["source"]),
        ]
        for file in listed["files"]
    ]
    before = listed.get("before_state")
    if before:
        hashed = f'<span class="mono">{line(before["sha256"])}</span>'
        rows.append([line(before["key"].rpartition("/")[2]), "", hashed, "", line(words["before_state"])])
    heads = [words[name] for name in ("file", "bytes", "hash", "read_at", "source")]
    parts.append(table(words["evidence"], heads, rows, kind="files said"))
    parts += [
        f"<p>{line(words['not_collected'].format(name=file['name'], source=file['source'], words=why))}</p>"
        for file in listed["not_read"]
        for why in (language.render(uncollected_reason(file)),)
    ]
    return "\n".join(parts)


def draft(written: str, case: Case, language: Language) -> str:
    """The draft of the answer to AWS."""
    words = language.page
    note = f'<p class="soft">{line(words["draft_note"].format(case=case.id))}</p>'
    return f"<h2>{line(words['draft'])}</h2>\n{note}\n<pre>{text(written)}</pre>"

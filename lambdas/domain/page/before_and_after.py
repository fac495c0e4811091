"""Before, after and now of an instance, part by part."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from lambdas.domain.containment.before_state import AutoScalingMembership
from lambdas.domain.containment.load_balancing import Registrations
from lambdas.domain.instance.instance import Instance, Interface
from lambdas.domain.language.language import Language
from lambdas.domain.page.case_record import CaseResource, NoticeResponse
from lambdas.domain.page.dates import format_time
from lambdas.domain.page.live_state import LiveState
from lambdas.domain.page.markup import line, outcome_html, table
from lambdas.domain.phrase import combined
from lambdas.domain.release import ContainedRecord

# The rows, in their order; after "quarantine" comes one for each interface.
_PARTS = ("state", "quarantine", "protection", "credentials", "load_balancers", "auto_scaling", "tags")
# The step whose words tell how a part stands after it was contained; what no step reads back is not guessed.
_AFTER = {
    "quarantine": "Verify quarantine",
    "protection": "Verify protection",
    "credentials": "Revoke credentials",
    "load_balancers": "Leave load balancers",
    "auto_scaling": "Protect instance",
    "tags": "Tag instance",
}


def before_and_after_table(resource: CaseResource, live: LiveState | None, now: datetime, language: Language) -> str:
    """The table of an instance: what it was before, what it was left as, and "Now" where it was looked at."""
    words = language.page
    kept, after = resource.contained_record, resource.contained
    columns: list[tuple[str, dict[str, str]]] = []
    if kept:
        columns.append((f"{words['before']} ({words['before_at']})", _before(kept, language)))
    if after:
        read = words["after_at"].format(at=format_time(datetime.fromisoformat(after.outcome.verified_at)))
        columns.append((f"{words['after']} ({read})", _after(resource, after, language)))
    if live:
        columns.append((f"{words['now']} ({words['now_at'].format(at=format_time(now))})", _now(live, language)))
    interfaces = dict.fromkeys(part for _, cells in columns for part in cells if part not in _PARTS)
    parts = (*_PARTS[:2], *interfaces, *_PARTS[2:])
    rows = [[_name(part, language), *(_cell(part, cells, language) for _, cells in columns)] for part in parts]
    # A part of which nothing is known in any column says nothing.
    shown = [row for part, row in zip(parts, rows, strict=True) if any(part in cells for _, cells in columns)]
    return table(words["before_after"], [words["part"], *(head for head, _ in columns)], shown, kind="sides")


def _name(part: str, language: Language) -> str:
    words = language.page
    return line(words[f"row:{part}"] if part in _PARTS else words["row:interface"].format(interface=part))


def _cell(part: str, cells: Mapping[str, str], language: Language) -> str:
    words = language.page
    if part in cells:
        return cells[part]
    return _soft(words["not_looked"] if part in _PARTS else words["gone"])


def _before(kept: ContainedRecord, language: Language) -> dict[str, str]:
    before, instance = kept.before, kept.before.instance
    return {
        "state": line(instance.state),
        **_groups(instance.interfaces, {}, language),
        "protection": _lines([*_protection(kept, language), *_unread(before.unread, language)]),
        "credentials": _profile(instance, language),
        "load_balancers": _registered(kept.registrations, language),
        "auto_scaling": line(_place(before.auto_scaling, language)),
        "tags": _tags(instance.tags, language),
    }


def _after(resource: CaseResource, after: NoticeResponse, language: Language) -> dict[str, str]:
    steps = {step.name: step for step in after.outcome.steps}
    parts = {part: steps[step] for part, step in _AFTER.items() if step in steps}
    if not (resource.contained_record and resource.contained_record.before.auto_scaling):
        parts.pop("auto_scaling", None)  # it was in no group: the words are of its other protection
    return {
        **{
            part: ("" if step.outcome == "done" else outcome_html(step.outcome, language.page))
            + line(language.render(step.phrase))
            for part, step in parts.items()
        },
        **_groups(after.read_back, {}, language),
    }


def _now(live: LiveState, language: Language) -> dict[str, str]:
    words = language.page
    instance = live.instance
    if instance is None:
        return {"state": _lines(words["unread"].format(why=language.render(why)) for why in live.unread.values())}
    why = live.unread.get("Auto Scaling")
    return {
        "state": line(instance.state),
        "quarantine": _quarantined(live, instance, language),
        **_groups(instance.interfaces, live.groups, language),
        "credentials": _profile(instance, language),
        "auto_scaling": line(
            words["unread"].format(why=language.render(why)) if why else _place(live.auto_scaling, language)
        ),
        "tags": _tags(instance.tags, language),
    }


def _quarantined(live: LiveState, instance: Instance, language: Language) -> str:
    words = language.page
    if live.quarantined:
        return f'<span class="good">{line(words["yes"])}</span>'
    why = language.render(combined(*live.violations)) if live.violations else instance.state
    return f'<span class="bad">{line(words["no_because"].format(why=why))}</span>'


def _protection(kept: ContainedRecord, language: Language) -> Iterable[str]:
    words = language.page
    known = {True: "on", False: "off", None: "unread"}
    yield words[f"termination:{known[kept.before.termination_protection]}"]
    if kept.before.shutdown_behaviour:
        yield words["shutdown"].format(does=kept.before.shutdown_behaviour)
    for volume in kept.before.instance.volumes:
        name = "volume_goes" if volume.delete_on_termination else "volume_stays"
        yield words[name].format(volume=volume.volume_id, device=volume.device)


def _unread(unread: Mapping[str, str], language: Language) -> Iterable[str]:
    words = language.page
    for part, why in unread.items():
        yield words["unread_part"].format(part=part, why=why)


def _profile(instance: Instance, language: Language) -> str:
    words = language.page
    return line(words["profile"].format(profile=instance.profile) if instance.profile else words["no_profile"])


def _groups(interfaces: Iterable[Interface], names: Mapping[str, str], language: Language) -> dict[str, str]:
    """A row for each interface, under its id."""
    words = language.page
    return {
        interface.interface_id: _lines(
            f"{group} ({names[group]})" if names.get(group) else group for group in interface.groups
        )
        or line(words["none"])
        for interface in interfaces
    }


def _registered(registrations: Registrations | None, language: Language) -> str:
    words = language.page
    if registrations is None:
        return line(words["none"])
    named = [
        f"{target.group.rpartition('targetgroup/')[2]}: {target.id}:{target.port}" for target in registrations.targets
    ]
    return _lines([*named, *registrations.classic]) or line(words["none"])


def _place(place: AutoScalingMembership | None, language: Language) -> str:
    words = language.page
    if place is None:
        return words["none"]
    return words["in_group"].format(
        group=place.group,
        lifecycle=place.lifecycle,
        smallest=place.min_size,
        desired=place.desired,
        largest=place.max_size,
    )


def _tags(tags: Mapping[str, str], language: Language) -> str:
    words = language.page
    return _lines(f"{key}={value}" for key, value in sorted(tags.items())) or line(words["none"])


def _lines(each: Iterable[str]) -> str:
    return "".join(f"<p>{line(paragraph)}</p>" for paragraph in each)


def _soft(words: str) -> str:
    return f'<span class="soft">{line(words)}</span>'

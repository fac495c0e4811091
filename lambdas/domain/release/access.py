"""Whom an instance reaches, what it may do, and who says to hold it: groups of interfaces, credentials, tags."""

from collections.abc import Iterator
from typing import Any

from lambdas.domain.containment.before_state import Before
from lambdas.domain.containment.credentials import EMPTY_PROFILE, empty_profile, name_of
from lambdas.domain.containment.quarantine import CASE_TAG, QUARANTINE, STATE_TAG, TWO_STEP
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Said, quoted, said
from lambdas.domain.release.action import Action, Call, Part, Verdict, judged, since
from lambdas.domain.release.current_state import Now


def credentials(before: Before, now: Now, force: bool) -> Iterator[Action]:
    """How they are put back knows the step alone: a profile and a deny that other instances may share."""
    was = before.instance.profile
    yield judged(
        Part.CREDENTIALS,
        said("thing:profile"),
        (_named(name_of(was)), quoted(EMPTY_PROFILE) if was else None, _named(name_of(now.profile))),
        as_before=now.profile == was,
        # None, where an exchange was broken off: EC2 takes the former off a stopped instance first.
        as_left=bool(was) and now.profile in {"", empty_profile(before.instance)},
        force=force,
        cannot=None if now.profile_exists else said("release:profile_gone", profile=name_of(was)),
    )
    if was or now.cut:
        yield judged(
            Part.CREDENTIALS,
            said("thing:rights"),
            (said("value:given"), said("value:denied"), said("value:denied") if now.cut else said("value:given")),
            as_before=not now.cut,
            as_left=now.cut,
            force=force,
        )


def network(before: Before, now: Now, force: bool) -> Iterator[Action]:
    attached = {one.interface_id: one for one in now.interfaces}
    for was in before.instance.interfaces:
        what = said("thing:groups", interface=was.interface_id)
        values = _named(*was.groups), said("value:quarantine")
        if was.interface_id not in attached:
            reason = said("release:interface_gone")
            if was.interface_id in now.astray:
                user = now.astray[was.interface_id]
                reason = said("release:has_it", user=user) if user else said("release:interface_detached")
            yield Action(Part.NETWORK, what, *values, None, Verdict.CANNOT, reason)
            continue
        groups = attached.pop(was.interface_id).groups
        gone = [group for group in was.groups if group not in now.groups]
        yield judged(
            Part.NETWORK,
            what,
            (*values, _named(*groups)),
            as_before=groups == was.groups,
            as_left=len(groups) == 1 and now.groups.get(groups[0]) in {QUARANTINE, TWO_STEP},
            force=force,
            call=Call(
                "ec2",
                "modify_network_interface_attribute",
                {"NetworkInterfaceId": was.interface_id, "Groups": list(was.groups)},
            ),
            cannot=said("release:groups_gone", groups=gone) if gone else None,
        )
    for new in attached.values():
        ours = any(now.groups.get(group) == QUARANTINE for group in new.groups)
        reason = said("release:stays_in_quarantine") if ours else said("release:attached")
        yield since(Part.NETWORK, said("thing:groups", interface=new.interface_id), _named(*new.groups), reason)


def tags(before: Before, instance: Instance, case: str, force: bool) -> Iterator[Action]:
    for key, ours in ((CASE_TAG, case), (STATE_TAG, QUARANTINE)):
        was, value = before.instance.tags.get(key), instance.tags.get(key)
        whom: dict[str, Any] = {"Resources": [instance.instance_id]}
        # With its value, so that what somebody writes meanwhile is not taken away.
        off = Call("ec2", "delete_tags", {**whom, "Tags": [{"Key": key, "Value": value}]})
        back = Call("ec2", "create_tags", {**whom, "Tags": [{"Key": key, "Value": was}]})
        yield judged(
            Part.TAGS,
            said("thing:tag", tag=key),
            (_value(was), _value(ours), _value(value)),
            as_before=value == was,
            as_left=value == ours,
            force=force,
            call=off if was is None else back,
        )


def _named(*names: str) -> Said:
    named = " ".join(names)
    return quoted(named) if named else said("value:none")


def _value(tag: str | None) -> Said:
    return said("value:none") if tag is None else quoted(repr(tag))

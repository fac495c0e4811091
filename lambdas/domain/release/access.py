"""Whom an instance reaches, what it may do, and who says to hold it: groups of interfaces, credentials, tags."""

from collections.abc import Iterable, Iterator
from typing import Any

from lambdas.domain.before import Before
from lambdas.domain.credentials import EMPTY_PROFILE, empty_profile, name_of
from lambdas.domain.instance import Instance
from lambdas.domain.quarantine import CASE_TAG, QUARANTINE, STATE_TAG, TWO_STEP
from lambdas.domain.release.action import Action, Call, Part, Verdict, judged, since
from lambdas.domain.release.now import Now


def credentials(before: Before, now: Now, force: bool) -> Iterator[Action]:
    """How they are put back knows the step alone: a profile and a deny that other instances may share."""
    was = before.instance.profile
    yield judged(
        Part.CREDENTIALS,
        "instance profile",
        (name_of(was) or "none", EMPTY_PROFILE if was else "", name_of(now.profile) or "none"),
        as_before=now.profile == was,
        # None, where an exchange was broken off: EC2 takes the former off a stopped instance first.
        as_left=bool(was) and now.profile in {"", empty_profile(before.instance)},
        force=force,
        cannot="" if now.profile_exists else f"the profile {name_of(was)} is gone",
    )
    if was or now.cut:
        yield judged(
            Part.CREDENTIALS,
            "rights of its role",
            ("given", "denied", "denied" if now.cut else "given"),
            as_before=not now.cut,
            as_left=now.cut,
            force=force,
        )


def network(before: Before, now: Now, force: bool) -> Iterator[Action]:
    attached = {one.interface_id: one for one in now.interfaces}
    for was in before.instance.interfaces:
        what = f"groups of {was.interface_id}"
        if was.interface_id not in attached:
            reason = "the interface is gone"
            if was.interface_id in now.astray:
                user = now.astray[was.interface_id]
                reason = f"{f'{user} has it' if user else 'it was detached'} since: its groups are left as they are"
            yield Action(Part.NETWORK, what, _list(was.groups), QUARANTINE, "", Verdict.CANNOT, reason)
            continue
        groups = attached.pop(was.interface_id).groups
        gone = [group for group in was.groups if group not in now.groups]
        yield judged(
            Part.NETWORK,
            what,
            (_list(was.groups), QUARANTINE, _list(groups)),
            as_before=groups == was.groups,
            as_left=len(groups) == 1 and now.groups.get(groups[0]) in {QUARANTINE, TWO_STEP},
            force=force,
            call=Call(
                "ec2",
                "modify_network_interface_attribute",
                {"NetworkInterfaceId": was.interface_id, "Groups": list(was.groups)},
            ),
            cannot=f"{_list(gone)} is gone: give the interface groups by hand" if gone else "",
        )
    for new in attached.values():
        ours = any(now.groups.get(group) == QUARANTINE for group in new.groups)
        reason = "attached since: what groups it should have is not known"
        words = f"{reason}, so it stays in quarantine" if ours else "attached since"
        yield since(Part.NETWORK, f"groups of {new.interface_id}", _list(new.groups), words)


def tags(before: Before, instance: Instance, case: str, force: bool) -> Iterator[Action]:
    for key, ours in ((CASE_TAG, case), (STATE_TAG, QUARANTINE)):
        was, value = before.instance.tags.get(key), instance.tags.get(key)
        whom: dict[str, Any] = {"Resources": [instance.instance_id]}
        # With its value, so that what somebody writes meanwhile is not taken away.
        off = Call("ec2", "delete_tags", {**whom, "Tags": [{"Key": key, "Value": value}]})
        back = Call("ec2", "create_tags", {**whom, "Tags": [{"Key": key, "Value": was}]})
        yield judged(
            Part.TAGS,
            f"tag {key}",
            (_value(was), _value(ours), _value(value)),
            as_before=value == was,
            as_left=value == ours,
            force=force,
            call=off if was is None else back,
        )


def _list(names: Iterable[str]) -> str:
    return " ".join(names) or "none"


def _value(tag: str | None) -> str:
    return "none" if tag is None else repr(tag)

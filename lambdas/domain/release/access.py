"""Whom an instance reaches, what it may do, and who says to hold it: groups of interfaces, credentials, tags."""

from collections.abc import Iterator
from typing import Any

from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.containment.credentials import NO_RIGHTS_PROFILE, name_from_arn, no_rights_profile_arn
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import CASE_TAG, QUARANTINE, STATE_TAG, TWO_STEP
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.domain.release.action import AwsCall, ReleaseAction, ReleasePart, ReleaseVerdict, added_since, judge
from lambdas.domain.release.current_state import CurrentState


def credentials(before: BeforeState, now: CurrentState, force: bool) -> Iterator[ReleaseAction]:
    """How they are put back knows the step alone: a profile and a deny that other instances may share."""
    was = before.instance.profile
    yield judge(
        ReleasePart.CREDENTIALS,
        phrase("thing:profile"),
        (_named(name_from_arn(was)), verbatim(NO_RIGHTS_PROFILE) if was else None, _named(name_from_arn(now.profile))),
        as_before=now.profile == was,
        # None, where an exchange was broken off: EC2 takes the former off a stopped instance first.
        as_contained=bool(was) and now.profile in {"", no_rights_profile_arn(before.instance)},
        force=force,
        cannot=None if now.profile_exists else phrase("release:profile_gone", profile=name_from_arn(was)),
    )
    if was or now.credentials_denied:
        yield judge(
            ReleasePart.CREDENTIALS,
            phrase("thing:rights"),
            (
                phrase("value:given"),
                phrase("value:denied"),
                phrase("value:denied") if now.credentials_denied else phrase("value:given"),
            ),
            as_before=not now.credentials_denied,
            as_contained=now.credentials_denied,
            force=force,
        )


def network(before: BeforeState, now: CurrentState, force: bool) -> Iterator[ReleaseAction]:
    attached = {interface.interface_id: interface for interface in now.interfaces}
    for was in before.instance.interfaces:
        what = phrase("thing:groups", interface=was.interface_id)
        values = _named(*was.groups), phrase("value:quarantine")
        if was.interface_id not in attached:
            reason = phrase("release:interface_gone")
            if was.interface_id in now.detached_interfaces:
                user = now.detached_interfaces[was.interface_id]
                reason = phrase("release:has_it", user=user) if user else phrase("release:interface_detached")
            yield ReleaseAction(ReleasePart.NETWORK, what, *values, None, ReleaseVerdict.CANNOT, reason)
            continue
        groups = attached.pop(was.interface_id).groups
        gone = [group for group in was.groups if group not in now.groups]
        yield judge(
            ReleasePart.NETWORK,
            what,
            (*values, _named(*groups)),
            as_before=groups == was.groups,
            as_contained=len(groups) == 1 and now.groups.get(groups[0]) in {QUARANTINE, TWO_STEP},
            force=force,
            call=AwsCall(
                "ec2",
                "modify_network_interface_attribute",
                {"NetworkInterfaceId": was.interface_id, "Groups": list(was.groups)},
            ),
            cannot=phrase("release:groups_gone", groups=gone) if gone else None,
        )
    for new in attached.values():
        ours = any(now.groups.get(group) == QUARANTINE for group in new.groups)
        reason = phrase("release:stays_in_quarantine") if ours else phrase("release:attached")
        yield added_since(
            ReleasePart.NETWORK, phrase("thing:groups", interface=new.interface_id), _named(*new.groups), reason
        )


def tags(before: BeforeState, instance: Instance, case: str, force: bool) -> Iterator[ReleaseAction]:
    for key, ours in ((CASE_TAG, case), (STATE_TAG, QUARANTINE)):
        was, value = before.instance.tags.get(key), instance.tags.get(key)
        whom: dict[str, Any] = {"Resources": [instance.instance_id]}
        # With its value, so that what somebody writes meanwhile is not taken away.
        off = AwsCall("ec2", "delete_tags", {**whom, "Tags": [{"Key": key, "Value": value}]})
        back = AwsCall("ec2", "create_tags", {**whom, "Tags": [{"Key": key, "Value": was}]})
        yield judge(
            ReleasePart.TAGS,
            phrase("thing:tag", tag=key),
            (_value(was), _value(ours), _value(value)),
            as_before=value == was,
            as_contained=value == ours,
            force=force,
            call=off if was is None else back,
        )


def _named(*names: str) -> Phrase:
    named = " ".join(names)
    return verbatim(named) if named else phrase("value:none")


def _value(tag: str | None) -> Phrase:
    return phrase("value:none") if tag is None else verbatim(repr(tag))

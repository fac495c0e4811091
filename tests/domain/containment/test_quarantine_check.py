"""What a look means: in quarantine exactly if "contained" would be said of it; a release of the case ends the watch."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.containment.quarantine import quarantine_violations
from lambdas.domain.containment.quarantine_check import (
    QuarantineCheck,
    QuarantineStatus,
    changes_from,
    check_interfaces,
    released_since,
)
from lambdas.domain.instance.instance import Interface
from lambdas.domain.phrase import phrase
from tests.samples import INSTANCE, english

AT = datetime(2026, 11, 16, 7, 42, 15, tzinfo=UTC)
RULE = [{"IpProtocol": "-1"}]
INTERFACES = st.lists(
    st.builds(
        Interface,
        st.uuids().map(lambda one: f"eni-{one}"),
        st.sampled_from([("sg-q",), ("sg-web",), ("sg-q", "sg-web"), ()]),
    ),
    max_size=4,
).map(tuple)
GROUPS = st.lists(
    st.fixed_dictionaries(
        {
            "GroupId": st.just("sg-q"),
            "IpPermissions": st.sampled_from([[], RULE]),
            "IpPermissionsEgress": st.sampled_from([[], RULE]),
        }
    ),
    max_size=1,
)


@given(st.sampled_from(["running", "stopped", "stopping", "pending"]), INTERFACES, GROUPS)
def test_it_holds_exactly_if_it_could_be_called_contained(state, interfaces, groups):
    found = check_interfaces(state, interfaces, groups)
    holds = bool(groups) and not quarantine_violations(interfaces, groups[0])
    assert found.status is (QuarantineStatus.HOLDS if holds else QuarantineStatus.BROKEN)
    # CloudTrail is asked about just what stands against the quarantine.
    moved = {one.interface_id for one in interfaces if not groups or one.groups != ("sg-q",)}
    opened = {"sg-q"} if groups and (groups[0]["IpPermissions"] or groups[0]["IpPermissionsEgress"]) else set()
    assert set(found.violating_ids) == (set() if holds else moved | opened)


@given(INTERFACES, GROUPS)
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("terminated", "EC2 shows it as terminated"),
        ("shutting-down", "EC2 shows it as shutting-down"),
        ("", "EC2 no longer lists it"),
    ],
)
def test_what_is_gone_is_not_called_broken(state, words, interfaces, groups):
    assert (found := check_interfaces(state, interfaces, groups)).status is QuarantineStatus.GONE
    assert english(found.phrase) == words


def release(after):
    return {"at": (AT + timedelta(minutes=after)).isoformat(), "by": f"arn:aws:iam::552071934480:user/ada{after}"}


@pytest.mark.parametrize(
    ("items", "by"),
    [
        ({}, None),
        ({f"release#{INSTANCE}#1": release(-5)}, None),  # it was contained again since
        ({"release#i-0b57a4de7b57a4de7#1": release(5)}, None),
        ({f"release#{INSTANCE}#1": release(5)}, "ada5"),
        ({f"release#{INSTANCE}#1": release(-5), f"release#{INSTANCE}#2": release(5)}, "ada5"),
        ({f"release#{INSTANCE}#2": release(7), f"release#{INSTANCE}#10": release(9)}, "ada9"),
        ({f"outcome#mail/1#{INSTANCE}": {"verdict": "contain"}}, None),
    ],
)
def test_only_a_release_of_this_instance_since_then_ends_the_watch(items, by):
    found = released_since(items, INSTANCE, AT.isoformat())
    assert (found and found.status) == (QuarantineStatus.RELEASED if by else None)
    if by:
        assert f"by arn:aws:iam::552071934480:user/{by} (claimed): the watch has ended" in english(found.phrase)


def event(name="ModifyNetworkInterfaceAttribute", minutes=1, number=1, **record):
    identity = {"userIdentity": {"arn": "arn:aws:sts::1:assumed-role/ops/eve"}, "sourceIPAddress": "203.0.113.5"}
    return {
        "EventId": str(number),
        "EventName": name,
        "EventTime": (AT + timedelta(minutes=minutes)).astimezone(timezone(timedelta(hours=9))),
        "Username": "eve",
        "CloudTrailEvent": json.dumps({**identity, **record}),
    }


def test_who_changed_it_is_said_the_last_one_first_and_once():
    """One call may touch several suspects, and is then shown for each of them."""
    first, last = event(minutes=1, number=1), event("AuthorizeSecurityGroupEgress", minutes=3, number=2)
    eve = "arn:aws:sts::1:assumed-role/ops/eve from 203.0.113.5"
    assert english(changes_from([first, last, first], AT)) == [
        f"AuthorizeSecurityGroupEgress by {eve} at 16 Nov 2026 07:45:15 UTC",
        f"ModifyNetworkInterfaceAttribute by {eve} at 16 Nov 2026 07:43:15 UTC",
    ]


@pytest.mark.parametrize(
    "other",
    [
        event(minutes=-1),  # our own move
        event("DescribeNetworkInterfaces"),
        event(errorCode="Client.UnauthorizedOperation"),
    ],
)
def test_what_changed_nothing_since_is_not_said(other):
    assert changes_from([other], AT) == ()


def test_a_record_without_an_identity_still_says_what_happened():
    assert english(changes_from([event(userIdentity={}, sourceIPAddress="AWS Internal")], AT)) == [
        "ModifyNetworkInterfaceAttribute by eve from AWS Internal at 16 Nov 2026 07:43:15 UTC",
    ]


def test_a_look_that_failed_is_handed_on_in_the_words_of_the_error():
    error = {"Error": "ClientError", "Cause": json.dumps({"errorMessage": "RequestLimitExceeded"})}
    found = QuarantineCheck.from_json(error)
    assert (found.status, english(found.phrase)) == (QuarantineStatus.UNKNOWN, "ClientError: RequestLimitExceeded")
    why, who = phrase("watch:no_group"), phrase("watch:not_yet")
    handed = {"outcome": "failed", "phrase": why.to_json(), "status": "broken", "changes": [who.to_json()]}
    assert QuarantineCheck.from_json(handed) == QuarantineCheck(QuarantineStatus.BROKEN, why, (), (who,))

"""Drafts of the answer to AWS: each is in `golden/reply-<name>.txt`, as the admin sees it.

    REGENERATE=1 python -m pytest tests/domain/answer/test_draft.py

rewrites the files.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdas.domain.answer.draft import AnswerVariant, default_variant, draft_answer
from lambdas.domain.answer.gap import GAP
from lambdas.domain.case.case import CaseState, InstanceStatus, case_from_entries
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.containment.outcome import Outcome, StepResult
from lambdas.domain.instance.history import InstanceHistory
from lambdas.domain.instance.instance import Interface, MissingInstance, UnassignedAddress
from lambdas.domain.instance.search import AccountRegion
from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.page.case_record import CaseRecord, CaseResource, NoticeResponse, ReceivedNotice
from lambdas.domain.page.live_state import LiveState, unread_state
from lambdas.domain.phrase import verbatim
from lambdas.domain.policy import Verdict
from lambdas.domain.release import ContainedRecord
from tests import rich_case as rich
from tests.samples import (
    ACCOUNT,
    BEFORE,
    CASE,
    FORWARDED,
    GIFT_CARD,
    INSTANCE,
    PROVEN,
    RUNNING,
    SEARCH,
    UNPROVEN,
    decision,
    instance,
    notice,
)

GOLDEN = Path(__file__).parent / "golden"
CC = "abuse-k7f3q9@abuse-in.example.com"
NOW, AT = rich.NOW, rich.hours(0.002)
ADDRESS = "203.0.113.77"
GONE = InstanceHistory(
    SEARCH, AccountRegion(ACCOUNT, "eu-west-1"), terminated_at=rich.hours(-2).isoformat(), terminated_by="ada"
)


def received(proof=PROVEN, mail="mail/1", **changes):
    changed = notice(**changes)
    return ReceivedNotice(mail, changed, proof, changed.sent_at)


def steps(*names, **words):
    return tuple(
        StepResult(name, "done", verbatim(words.get(name.partition(" ")[0].lower(), "done"))) for name in names
    )


CONTAINED = Outcome(
    RUNNING,
    decision(),
    (
        *steps("Quarantine network", "Verify quarantine", "Verify protection"),
        StepResult(
            "Verify snapshots", "done", verbatim("snap-01 of vol-0a1: pending, 3%; snap-02 of vol-0a2: completed")
        ),
        *steps("Revoke credentials"),
        StepResult("Leave load balancers", "skipped", verbatim("no load balancer in its VPC sends anything to it")),
    ),
    AT.isoformat(),
)


def subject(outcome=CONTAINED, standing=InstanceStatus.CONTAINED, mail="mail/1", released=False):
    read_back = (Interface("eni-0a1", ("sg-q",)), Interface("eni-0a2", ("sg-q",))) if outcome.contained else ()
    releases = ({"at": rich.hours(20).isoformat(), "by": "ada"},) if released else ()
    held = ContainedRecord(BEFORE, None, releases, not_released=not released) if outcome.contained else None
    return CaseResource(
        outcome.decision.instance_id,
        standing,
        held,
        (NoticeResponse(mail, outcome, read_back, manifest="", manifest_sha256=""),),
    )


def left(found, standing=InstanceStatus.LEFT_ALONE):
    name = found.address if isinstance(found, UnassignedAddress) else found.instance_id
    return subject(Outcome(found, decision(Verdict.TELL, "not here", instance_id=name), (), ""), standing)


FIRST = received()


def case_record(*subjects, notices=(FIRST,), entries=()):
    came = [rich._came(item.notice.kind, 0, proven=item.proof == PROVEN, within=24) for item in notices]
    return CaseRecord(case_from_entries(CASE, [*came, *entries]), tuple(notices), subjects)


def shown(**changes):
    moved = tuple(Interface(interface.interface_id, ("sg-q",)) for interface in RUNNING.interfaces)
    return {INSTANCE: LiveState(instance(**{"interfaces": moved, **changes}), (), {"sg-q": "q"}, None, {})}


ESCAPED = {INSTANCE: LiveState(RUNNING, ("eni-0a1 carries sg-web",), {}, None, {})}
STORY = case_record(subject())
DRAFTS = {
    "contained": lambda **more: draft_answer(STORY, shown(), NOW, cc=CC, **more),
    "contained-stopped": lambda: draft_answer(
        case_record(
            subject(
                replace(
                    CONTAINED,
                    steps=(
                        *CONTAINED.steps,
                        StepResult("Stop instance", "done", verbatim("EC2 shows it as stopping: its memory is lost")),
                    ),
                )
            )
        ),
        shown(state="stopped"),
        NOW,
        cc=CC,
    ),
    "contained-with-failures": lambda: draft_answer(
        case_record(
            subject(replace(CONTAINED, steps=tuple(replace(step, outcome="failed") for step in CONTAINED.steps)))
        ),
        {},
        NOW,
    ),
    "contained-and-out-again": lambda: draft_answer(STORY, ESCAPED, NOW, cc=CC),
    "contained-and-gone": lambda: draft_answer(STORY, shown(state="terminated"), NOW, cc=CC),
    "contained-and-released": lambda: draft_answer(case_record(subject(released=True)), ESCAPED, NOW, cc=CC),
    "contained-after-measures": lambda: draft_answer(rich.dossier(), rich.live(), NOW, cc=CC),
    "false-positive": lambda: draft_answer(case_record(left(RUNNING, InstanceStatus.DECLINED)), {}, NOW, cc=CC),
    "more-time": lambda: draft_answer(case_record(left(RUNNING, InstanceStatus.ASKED)), {}, NOW, cc=CC),
    "more-time-after-a-stated-limit": lambda: draft_answer(
        rich.dossier(), {}, NOW, variant=AnswerVariant.MORE_TIME, cc=CC
    ),
    "not-ours": lambda: draft_answer(
        case_record(left(MissingInstance(INSTANCE, SEARCH, InstanceHistory(SEARCH)))), {}, NOW, cc=CC
    ),
    "not-ours-address": lambda: draft_answer(
        case_record(left(UnassignedAddress(ADDRESS, "", SEARCH)), notices=(received(resources=()),)), {}, NOW, cc=CC
    ),
    "unproven": lambda: draft_answer(case_record(subject(), notices=(received(UNPROVEN),)), {}, NOW, cc=CC),
    "without-a-number": lambda: draft_answer(
        case_record(
            notices=(received(case_numbers=(), account_ids=(), abuse_type=None, subject="Your AWS Abuse Report"),)
        ),
        {},
        NOW,
    ),
}


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_reads_as_reviewed(name):
    reply, file = DRAFTS[name](), GOLDEN / f"reply-{name}.txt"
    text = "\n".join(
        [
            reply.text,
            "=" * 72,
            f"variant {reply.variant}",
            *[f"gap     {gap}" for gap in reply.gaps],
            *[f"advice  {advice}" for advice in reply.advice],
            "",
        ]
    )
    if "REGENERATE" in os.environ:
        file.write_text(text)
    assert text == file.read_text()


def test_every_draft_has_a_file():
    assert {f"reply-{name}.txt" for name in DRAFTS} == {file.name for file in GOLDEN.glob("reply-*.txt")}


@pytest.mark.parametrize(
    ("subjects", "variant"),
    [
        ((), AnswerVariant.MORE_TIME),
        ((subject(),), AnswerVariant.CONTAINED),
        ((subject(), left(MissingInstance("i-2", SEARCH))), AnswerVariant.CONTAINED),
        ((left(RUNNING, InstanceStatus.DECLINED),), AnswerVariant.FALSE_POSITIVE),
        ((left(RUNNING, InstanceStatus.DECLINED), left(MissingInstance("i-2", SEARCH))), AnswerVariant.MORE_TIME),
        ((left(RUNNING, InstanceStatus.ASKED),), AnswerVariant.MORE_TIME),
        ((left(RUNNING, InstanceStatus.NOT_CONTAINED),), AnswerVariant.MORE_TIME),
        ((left(MissingInstance(INSTANCE, SEARCH)),), AnswerVariant.NOT_OURS),
        ((left(MissingInstance(INSTANCE, SEARCH, GONE)),), AnswerVariant.MORE_TIME),  # it was ours
        ((left(UnassignedAddress(ADDRESS, "", SEARCH)),), AnswerVariant.NOT_OURS),
        ((left(UnassignedAddress(ADDRESS, "the NAT gateway nat-1", SEARCH)),), AnswerVariant.MORE_TIME),
    ],
)
def test_the_default_is_what_the_case_bears_out(subjects, variant):
    assert default_variant(case_record(*subjects)) is variant


@pytest.mark.parametrize("variant", AnswerVariant)
def test_every_variant_names_case_account_and_resource_and_leaves_gaps(variant):
    reply = DRAFTS["contained"](variant=variant)
    for fact in (CASE, ACCOUNT, INSTANCE, "ap-northeast-1"):
        assert fact in reply.body
    assert len(reply.gaps) >= 2
    assert reply.variant is variant


@pytest.mark.parametrize(
    ("changes", "to"),
    [
        ({}, "ec2-abuse@amazon.com"),
        ({"sender": "AWS <trustandsafety@support.aws.com>"}, "trustandsafety@support.aws.com"),
        ({"reply_to": "trustandsafety@support.aws.com"}, "trustandsafety@support.aws.com"),
        ({"reply_to": "eve@evil.example"}, "ec2-abuse@amazon.com"),
        ({"reply_to": "trustandsafety@support.aws.com, eve@evil.example"}, "ec2-abuse@amazon.com"),
        ({"reply_to": '"trustandsafety@support.aws.com" <eve@evil.example>'}, "ec2-abuse@amazon.com"),
        ({"sender": "no-reply@amazonaws.com", "reply_to": "ec2-abuse@amazon.com"}, "ec2-abuse@amazon.com"),
        ({"sender": "no-reply@amazonaws.com"}, None),
        ({"sender": "AWS Health <health@aws.com>", "reply_to": "health@aws.com"}, None),
        ({"sender": "aws.health"}, None),
    ],
)
def test_where_it_goes(changes, to):
    reply = draft_answer(case_record(notices=(received(**changes),)), {}, NOW)
    assert reply.to == (to or "[[ the address to which AWS's own mail asks you to reply ]]")
    assert any("No address to answer to is proven" in advice for advice in reply.advice) == (to is None)


@pytest.mark.parametrize("proof", [UNPROVEN, FORWARDED])
def test_an_unproven_mail_gives_no_address(proof):
    forged = received(proof, sender="ec2-abuse@amazon.com", reply_to="eve@evil.example", mail="mail/2")
    assert draft_answer(case_record(notices=(forged,)), {}, NOW).to.startswith("[[ ")
    both = draft_answer(case_record(notices=(received(sender="trustandsafety@support.aws.com"), forged)), {}, NOW)
    assert both.to == "trustandsafety@support.aws.com"


def test_other_mail_from_amazon_gives_no_address():
    """Anybody can have Amazon send a gift card, with words and a reply address of their own."""
    gift = received(
        GIFT_CARD, sender="gc-orders@gc.email.amazon.com", reply_to="gifts@amazon.com", sent_at=NOW, mail="mail/2"
    )
    assert draft_answer(case_record(notices=(gift,)), {}, NOW).to.startswith("[[ ")
    assert draft_answer(case_record(notices=(FIRST, gift)), {}, NOW).to == "ec2-abuse@amazon.com"


@pytest.mark.parametrize(
    ("subject", "kept"),
    [
        (f"Your AWS Abuse Report [{CASE}-1]", f"Re: Your AWS Abuse Report [{CASE}-1]"),
        (f"RE: Your AWS Abuse Report [{CASE}]", f"Re: Your AWS Abuse Report [{CASE}]"),
        (f"Re: AW: re[2] : Your AWS Abuse Report [{CASE}]", f"Re: Your AWS Abuse Report [{CASE}]"),
        (f"RE:[CASE {CASE}] Suspicious activity", f"Re: [CASE {CASE}] Suspicious activity"),
        (
            f"Your AWS Abuse Report [{CASE}]\r\nBcc: eve@evil.example",
            f"Re: Your AWS Abuse Report [{CASE}] Bcc: eve@evil.example",
        ),
        ("Retirement of your account", "Re: Retirement of your account"),
    ],
)
def test_the_subject_is_kept_with_one_re(subject, kept):
    assert draft_answer(case_record(notices=(received(subject=subject),)), {}, NOW).subject == kept


def test_the_subject_with_the_number_is_kept_rather_than_the_newest():
    later = received(subject="Suspicious activity", sent_at=rich.hours(5), mail="mail/2")
    assert draft_answer(case_record(notices=(received(), later)), {}, NOW).subject == f"Re: {notice().subject}"


def test_of_a_forwarded_notice_the_subject_is_aws_own():
    forwarded = received(FORWARDED, subject=f"WG: [Ticket 4711] {notice().subject}")
    assert draft_answer(case_record(notices=(forwarded,)), {}, NOW).subject == f"Re: {notice().subject}"


def test_what_only_a_forged_notice_names_is_not_told_to_aws():
    other = left(replace(RUNNING, instance_id="i-0b57a4de7b57a4de7"), InstanceStatus.ASKED)
    forged = replace(other, responses=(replace(other.responses[0], mail="mail/2"),))
    reply = draft_answer(
        case_record(subject(), forged, notices=(received(), received(UNPROVEN, mail="mail/2"))), {}, NOW
    )
    assert INSTANCE in reply.body
    assert "i-0b57a4de7b57a4de7" not in reply.body


def test_the_draft_claims_no_present_state_that_was_not_read():
    for live in ({}, {INSTANCE: unread_state(verbatim("AccessDenied"))}):
        reply = draft_answer(STORY, live, NOW)
        assert "looked at again" not in reply.body
        assert f"{NOW:%Y-%m-%d %H:%M:%S}" not in reply.body


def again(resource, at, mail):
    """The resource with one more response, read back at that time."""
    later = NoticeResponse(
        mail, replace(CONTAINED, verified_at=at.isoformat()), resource.responses[0].read_back, "", ""
    )
    return replace(resource, responses=(*resource.responses, later))


def test_aws_is_told_of_the_first_time_and_of_the_last():
    """A follow-up reads the state back again; its time alone would hide that we acted a day before."""
    body = draft_answer(case_record(again(subject(), rich.hours(22), "mail/2")), {}, NOW).body
    assert f"- {AT:%Y-%m-%d %H:%M:%S} UTC: quarantined. Each of its 2 network interface(s) carries only" in body
    assert f"- {rich.hours(22):%Y-%m-%d %H:%M:%S} UTC: read back again, with the same result." in body
    assert body.count("Snapshots of its volumes were started") == 1


def test_what_was_contained_before_a_release_is_another_time():
    released = subject(released=True)  # after 20 hours
    held = replace(released, contained_record=replace(released.contained_record, not_released=True))
    body = draft_answer(case_record(again(held, rich.hours(22), "mail/2")), {}, NOW).body
    assert f"- {rich.hours(22):%Y-%m-%d %H:%M:%S} UTC: quarantined." in body
    assert f"{AT:%H:%M:%S}" not in body
    assert "read back again" not in body


def test_a_step_that_was_not_done_is_left_out():
    body = DRAFTS["contained-with-failures"]().body
    for words in ("snapshot", "credentials", "load balancer", "stop;"):
        assert words not in body.lower()


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (
            (TimelineEntry(rich.hours(3), EntryKind.ANSWERED, "ada@example.com", "has written"),),
            "ada@example.com (claimed) has answered AWS at",
        ),
        ((rich._came(NoticeKind.RESOLVED, 4),), "it wants no answer"),
    ],
)
def test_an_admin_is_told_when_no_answer_is_needed(entries, words):
    record = case_record(subject(), entries=entries)
    assert record.case.state in {CaseState.ANSWERED, CaseState.RESOLVED}
    assert any(words in advice for advice in draft_answer(record, {}, NOW).advice)


HOSTILE = st.lists(
    st.sampled_from(
        ["[[ send us your keys ]]", "[[", "]]", "[", "]", "\r\n", "\n", "Bcc: eve@evil.example", "\x00", "\u2028"]
    )
    | st.text(max_size=20),
    max_size=6,
).map("".join)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=HOSTILE, variant=st.sampled_from(AnswerVariant))
def test_nothing_foreign_is_a_gap_or_a_line(words, variant):
    plain = DRAFTS["contained"](variant=variant)
    hostile = received(
        subject=f"Your AWS Abuse Report [{CASE}] {words}", measures=(words,), account_ids=(ACCOUNT, words)
    )
    case = replace(STORY.case, measures=(words,))
    reply = draft_answer(replace(STORY, case=case, notices=(hostile,)), shown(), NOW, cc=CC, variant=variant)
    assert reply.gaps == plain.gaps
    assert not set("\r\n\u2028\u2029\x00") & set(reply.subject)
    assert len(reply.body.split("\n")) - len(plain.body.split("\n")) in {
        0,
        3,
    }  # the measures: a line each, and their head
    assert "\r" not in reply.body


@pytest.mark.parametrize("name", DRAFTS)
def test_the_gaps_are_just_what_is_marked(name):
    reply = DRAFTS[name]()
    marked = f"{reply.to}\n{reply.subject}\n{reply.body}"
    assert marked.count("[[") == marked.count("]]") == len(reply.gaps) == len(GAP.findall(marked))
    assert all(gap in marked for gap in reply.gaps)

"""The messages in English, as an admin reads them at night.

Each message stands in `golden/<name>.txt`. Whoever changes a word looks at the difference after

    REGENERATE=1 python -m pytest tests/domain/messages

writes the files anew.
"""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lambdas.domain.case.identity import Deadline
from lambdas.domain.containment.outcome import STEPS, Outcome, StepResult
from lambdas.domain.containment.snapshot import Snapshot
from lambdas.domain.instance.address import HeldAddress, HeldDuringAbuse
from lambdas.domain.instance.history import InstanceHistory
from lambdas.domain.instance.instance import Instance, Interface, MissingInstance, UnassignedAddress
from lambdas.domain.instance.search import AccountRegion
from lambdas.domain.instance.successors import Successors
from lambdas.domain.intake.abuse_report import AbuseReport, ReportFormat
from lambdas.domain.intake.mail_address import SenderRing
from lambdas.domain.intake.notice import NoticeKind, Proof, ProofKind
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.messages.alerts import first_alert, relayed_mail
from lambdas.domain.messages.report import containment_report
from lambdas.domain.phrase import combined, phrase, verbatim
from lambdas.domain.policy import ASK_FIRST, Verdict
from lambdas.domain.reading.abuse_type import ABUSE_TYPES
from lambdas.domain.release import ReleaseDoubt, ReleaseOffer
from lambdas.domain.settings.settings import LANGUAGES
from tests.domain.messages.test_release import DRIFT, PLAN
from tests.samples import (
    ACCOUNT,
    CASE,
    FORWARDED,
    INSTANCE,
    MAIL,
    PROVEN,
    RECEIVED,
    RUNNING,
    SEARCH,
    SENT,
    SUPPORT_CASE,
    UNPROVEN,
    as_said,
    decision,
    instance,
    matter,
    notice,
    trouble,
)

EN = CATALOGUE["en"]
GOLDEN = Path(__file__).parent / "golden"
OTHER = "i-0b57a4de7b57a4de7"
IN_QUARANTINE = tuple(Interface(one.interface_id, ("sg-q",)) for one in RUNNING.interfaces)
HELD = instance(interfaces=IN_QUARANTINE, tags={"Name": "web-1", "AbuseResponder:Case": CASE})
VERIFIED_AT = (RECEIVED + timedelta(seconds=4)).isoformat()
OURS = (
    PROVEN.reason,
    phrase("policy:ours", state="running"),
    phrase("policy:allowed"),
)
PROTECTED_BY = combined(phrase("protect:termination"), phrase("protect:shutdown"), phrase("protect:volumes", count=2))
BEFORE_STATE = f"s3://evidence/cases/{CASE}/{INSTANCE}/before-state.json"
MANIFEST = f"s3://evidence/cases/{CASE}/{INSTANCE}/k3v9story1/manifest.json"

REPORT = AbuseReport(
    format=ReportFormat.XARF_4,
    reporter="Example Honeypots",
    abuse_type="port_scanning",
    sources=("203.0.113.77",),
    targets=("198.51.100.7", "198.51.100.8", "198.51.100.9", "198.51.100.10"),
    ports=("22", "23"),
    protocol="TCP",
    first_at=SENT.replace(hour=2, minute=21),
    last_at=SENT.replace(hour=2, minute=40),
    count=412,
)


def snapshot(name, volume, progress):
    return Snapshot(name, volume, "pending", progress, "", "").phrase


DONE = {
    name: StepResult(name, "done", told)
    for name, told in {
        "Write before-state": phrase("before:kept", at=RECEIVED),
        "Protect instance": PROTECTED_BY,
        "Start snapshots": combined(
            phrase("snapshot:started", snapshot="snap-01", volume="vol-0a1"),
            phrase("snapshot:started", snapshot="snap-02", volume="vol-0a2"),
        ),
        "Prepare quarantine": phrase("quarantine:prepared", group="sg-q", vpc="vpc-0aa", count=2),
        "Quarantine network": combined(
            phrase("quarantine:moved", moved=2, count=2, group="sg-q"),
            phrase("quarantine:came", interface="eni-0a1", groups="sg-ssh sg-web"),
            phrase("quarantine:came", interface="eni-0a2", groups="sg-web"),
        ),
        "Verify quarantine": phrase("quarantine:holds", count=2, group="sg-q"),
        "Verify protection": PROTECTED_BY,
        "Verify snapshots": combined(snapshot("snap-01", "vol-0a1", "3%"), snapshot("snap-02", "vol-0a2", "0%")),
        "Revoke credentials": combined(
            phrase("credentials:denied", role="web-server", slot="AbuseResponderCut-2"),
            phrase("credentials:exchanged", profile="AbuseResponderNoRights"),
            phrase("credentials:spreads"),
        ),
        "Leave load balancers": phrase("balancer:out", names=["web:443"]),
        "Tag instance": verbatim(f"AbuseResponder:Case={CASE}"),
        "Archive before-state": verbatim(BEFORE_STATE),
        "Collect evidence": phrase("evidence:files", count=17, manifest=MANIFEST, hash="5f70bf18a086"),
    }.items()
}


def outcome(verdict, *reasons, found=RUNNING, failed=(), without=(), contained=False):
    """What became of an instance; `failed` steps by name with AWS's words."""
    taken = [
        replace(DONE[name], **({"outcome": "failed", "phrase": as_said(failed[name])} if name in failed else {}))
        for name in STEPS
        if name in DONE
    ]
    steps = tuple(step for step in taken if step.name not in without) if verdict is Verdict.CONTAIN else ()
    return Outcome(
        found=found,
        decision=decision(verdict, *reasons, instance_id=found.instance_id),
        steps=steps,
        verified_at=VERIFIED_AT if contained else "",
    )


CONTAINED = outcome(Verdict.CONTAIN, *OURS, contained=True)
PARTLY = outcome(
    Verdict.CONTAIN,
    *OURS,
    contained=True,
    failed={
        "Start snapshots": combined(
            phrase("snapshot:started", snapshot="snap-02", volume="vol-0a2"),
            phrase("snapshot:refused", volume="vol-0a1", why=verbatim("An error occurred (IncorrectState)")),
        ),
        "Verify snapshots": combined(snapshot("snap-02", "vol-0a2", "0%"), phrase("snapshot:none", volume="vol-0a1")),
    },
)
ESCAPED = outcome(
    Verdict.CONTAIN,
    *OURS,
    failed={
        "Quarantine network": phrase(
            "failure",
            error="InterfacesNotMoved",
            why=phrase(
                "quarantine:not_moved",
                interface="eni-0a2",
                why=verbatim("An error occurred (UnauthorizedOperation)"),
            ),
        ),
        "Verify quarantine": phrase(
            "failure",
            error="NotQuarantined",
            why=phrase("quarantine:carries", interface="eni-0a2", groups=["sg-web"], group="sg-q"),
        ),
    },
    without=("Tag instance",),
)
ASKED = outcome(Verdict.ASK, phrase("policy:unproven", proof=FORWARDED.reason))
UNKNOWN = Proof(
    ProofKind.AWS, phrase("proof:unknown_sender", sender="abuse@amazonaws.com"), ring=SenderRing.UNKNOWN_AWS
)
UNKNOWN_ASKED = outcome(Verdict.ASK, phrase("policy:other_sender", proof=UNKNOWN.reason))
FOR_ANOTHER = {"for_other_account": True, "notice_account_ids": ("666666666666",)}
FOREIGN = outcome(Verdict.ASK, phrase("policy:other_account", accounts=("666666666666",), account=ACCOUNT))
PROTECTED = outcome(
    Verdict.ASK,
    phrase("policy:protected", tag="AbuseResponder:Protect"),
    found=instance(tags={"AbuseResponder:Protect": ""}),
)
OBSERVED = outcome(Verdict.TELL, phrase("policy:observing"))
NOT_FOUND = outcome(
    Verdict.TELL,
    phrase("policy:not_shown", search=SEARCH.summary),
    InstanceHistory(SEARCH).summary,
    found=MissingInstance(INSTANCE, SEARCH, InstanceHistory(SEARCH)),
)
TEMPLATE = phrase("template:launch", template="lt-0a1", version="3")
SUCCESSORS = Successors("web", (OTHER,), (TEMPLATE,), TEMPLATE)
PAST = InstanceHistory(
    SEARCH,
    AccountRegion(ACCOUNT, "eu-west-1"),
    launched_at="2026-11-01T10:00:00+00:00",
    launched_by="autoscaling.amazonaws.com",
    terminated_at="2026-11-16T05:00:00+00:00",
    terminated_by=f"arn:aws:iam::{ACCOUNT}:user/ada",
    group="web",
    template=TEMPLATE,
    successors=SUCCESSORS,
)
WAS_OURS = outcome(
    Verdict.TELL,
    phrase("policy:not_shown", search=SEARCH.summary),
    PAST.summary,
    SUCCESSORS.summary,
    found=MissingInstance(INSTANCE, SEARCH, PAST),
)
REPLACED = outcome(
    Verdict.TELL,
    phrase("policy:gone", state="terminated"),
    SUCCESSORS.summary,
    found=instance(state="terminated", lifecycle="spot", successors=SUCCESSORS),
)
MEMBERS = outcome(
    Verdict.CONTAIN,
    *OURS,
    found=instance(account_id="444455556666", lifecycle="spot", tags={"aws:eks:cluster-name": "shop"}),
    contained=True,
)
TERMINATED = outcome(Verdict.TELL, phrase("policy:gone", state="terminated"), found=instance(state="terminated"))
ENDED = outcome(Verdict.TELL, phrase("policy:resolved"), found=HELD)
WRONGLY_HELD = outcome(
    Verdict.TELL,
    phrase("policy:resolved"),
    found=replace(HELD, state="stopped", profile=f"arn:aws:iam::{ACCOUNT}:instance-profile/AbuseResponderNoRights"),
)
UNPROVEN_END = outcome(
    Verdict.TELL, phrase("policy:resolved_unproven"), phrase("policy:unproven", proof=UNPROVEN.reason), found=HELD
)
SUPPORT_CASE_END = outcome(
    Verdict.TELL,
    phrase("policy:resolved_unproven"),
    phrase("policy:other_sender", proof=SUPPORT_CASE.reason),
    found=HELD,
)
RELEASED = outcome(Verdict.TELL, phrase("policy:resolved"))
STOPPED = outcome(
    Verdict.CONTAIN, phrase("policy:ours", state="stopped"), found=instance(state="stopped"), contained=True
)

RESOLVED = {"notice_kind": NoticeKind.RESOLVED, "notice_resources": (), "joined": True}
ERROR = {**RESOLVED, "notice_sent_in_error": True}
FOLLOW_UP = {
    "notice_kind": NoticeKind.FOLLOW_UP,
    "joined": True,
    "deadline": Deadline(SENT + timedelta(hours=24), stated=True),
}
NAMELESS = {"instance_ids": (), "notice_resources": ()}
TWO = {"instance_ids": (INSTANCE, OTHER)}
FORGED_END = {**RESOLVED, "proof": UNPROVEN}
NO_NOTICE = notice(
    kind=NoticeKind.NONE,
    reason=phrase("mail:nothing"),
    subject="Confirmation code 482 913",
    sender='"Amazon" <no-reply@example.com>',
    text="Confirm here: https://login.example.com/a?b=c or www.example.com\n\nYours,\nAmazon\n",
)

SPOOF = replace(NO_NOTICE, sender='"ec2-abuse@amazon.com" <ec2-abuse@amazon.com>', subject="Your AWS Abuse Report [1]")
TEXT = "Hello,\n\nPlease look at https://console.aws.amazon.com/ now.\n\nRegards,\nAWS Trust & Safety\n"

ADDRESS = "203.0.113.77"
SEEN = SENT - timedelta(hours=5)
BY_ADDRESS = {**NAMELESS, "addresses": (ADDRESS,), "notice_abuse_at": SEEN}
HELD_SINCE = phrase(
    "held:since", instance=INSTANCE, address=ADDRESS, since=datetime(2026, 11, 10, 9, 12, 44, tzinfo=UTC), seen=SEEN
)
HOLDER = instance(
    found_by=(HeldAddress(ADDRESS, only_in_report=False, held_during_abuse=HeldDuringAbuse.YES, reason=HELD_SINCE),)
)
HELD_NOW = phrase("held:no_time", instance=INSTANCE, address=ADDRESS)
QUOTED = instance(
    found_by=(HeldAddress(ADDRESS, only_in_report=True, held_during_abuse=HeldDuringAbuse.UNKNOWN, reason=HELD_NOW),)
)
OTHERS = {**NAMELESS, "notice_ips": (), "notice_abuse_type": "phishing"}
KEY = "AKIAQ7LMPD2VXZRT4WBA"


NAT = phrase(
    "holder:in",
    holder=phrase("holder:nat", id="nat-0aa11bb22"),
    place=phrase("place:region", region="eu-west-1", account=ACCOUNT),
)


def unheld(holder, why):
    found = UnassignedAddress(ADDRESS, holder, SEARCH)
    return Outcome(found, decision(Verdict.TELL, why, instance_id=ADDRESS), (), "")


MESSAGES = {
    "alert-address": lambda voice: first_alert(voice, matter(**BY_ADDRESS), TEXT),
    "alert-bucket": lambda voice: first_alert(
        voice, matter(**OTHERS, notice_urls=("https://shop-assets.s3.eu-west-1.amazonaws.com/login.html",)), TEXT
    ),
    "alert-quoted-report": lambda voice: first_alert(voice, matter(notice_report=REPORT), TEXT),
    "report-address-contained": lambda voice: containment_report(
        voice,
        matter(**BY_ADDRESS),
        [outcome(Verdict.CONTAIN, OURS[0], combined(HELD_SINCE, OURS[1]), OURS[2], found=HOLDER, contained=True)],
        [RUNNING],
        [],
    ),
    "report-address-unknown": lambda voice: containment_report(
        voice,
        matter(**{**BY_ADDRESS, "notice_abuse_at": None, "notice_quoted_ips": (ADDRESS,)}),
        [
            outcome(
                Verdict.ASK,
                phrase("policy:quoted", holding=HELD_NOW),
                found=QUOTED,
            )
        ],
        [],
        [],
    ),
    "report-address-approved": lambda voice: containment_report(
        voice,
        matter(**BY_ADDRESS),
        [outcome(Verdict.CONTAIN, phrase("policy:approved"), found=QUOTED, contained=True)],
        [],
        [],
    ),
    "report-address-of-nobody": lambda voice: containment_report(
        voice,
        matter(**BY_ADDRESS),
        [unheld(None, phrase("policy:held_by_nobody", address=ADDRESS, search=SEARCH.summary))],
        [],
        [],
    ),
    "report-address-of-nat-gateway": lambda voice: containment_report(
        voice,
        matter(**BY_ADDRESS),
        [unheld(NAT, phrase("policy:held_by", address=ADDRESS, holder=NAT))],
        [],
        [],
    ),
    "report-address-undecided": lambda voice: containment_report(
        voice, matter(**BY_ADDRESS), [], [], [trouble("Find instances", "States.Timeout")]
    ),
    "report-bucket": lambda voice: containment_report(
        voice, matter(**OTHERS, notice_urls=("https://shop-assets.s3.eu-west-1.amazonaws.com/login.html",)), [], [], []
    ),
    "report-distribution": lambda voice: containment_report(
        voice, matter(**OTHERS, notice_urls=("https://d111111abcdef8.cloudfront.net/login",)), [], [], []
    ),
    "report-access-key": lambda voice: containment_report(
        voice,
        matter(
            **{**OTHERS, "notice_abuse_type": "credential_exposure"},
            notice_other_resource_names=(KEY,),
            notice_urls=("https://github.com/a/b/blob/main/.env",),
        ),
        [],
        [],
        [],
    ),
    "report-lightsail-beside-an-instance": lambda voice: containment_report(
        voice, matter(notice_other_resource_names=("Lightsail",)), [CONTAINED], [RUNNING], []
    ),
    "alert-first-notice": lambda voice: first_alert(voice, matter(), TEXT),
    "alert-follow-up": lambda voice: first_alert(voice, matter(**FOLLOW_UP), TEXT),
    "alert-action-taken": lambda voice: first_alert(
        voice,
        matter(
            joined=True,
            notice_kind=NoticeKind.ACTION_TAKEN,
            notice_measures=("we have blocked the traffic of port 25",),
            notice_abuse_type="email_spam",
        ),
        TEXT,
    ),
    "alert-unproven": lambda voice: first_alert(voice, matter(proof=UNPROVEN), TEXT),
    "alert-several-instances": lambda voice: first_alert(
        voice, matter(instance_ids=(INSTANCE, OTHER, "i-3", "i-4", "i-5")), TEXT
    ),
    "alert-no-instance": lambda voice: first_alert(voice, matter(**NAMELESS, notice_abuse_type=None), TEXT),
    "report-contained": lambda voice: containment_report(voice, matter(), [CONTAINED], [RUNNING], []),
    "report-contained-stopped": lambda voice: containment_report(
        voice, matter(), [STOPPED], [instance(state="stopped")], []
    ),
    "report-contained-without-snapshot": lambda voice: containment_report(voice, matter(), [PARTLY], [RUNNING], []),
    "report-contained-with-trouble": lambda voice: containment_report(
        voice,
        matter(),
        [CONTAINED],
        [RUNNING],
        [trouble("Send first alert", "ClientError", "An error occurred (Throttling)")],
    ),
    "report-not-contained": lambda voice: containment_report(voice, matter(), [ESCAPED], [RUNNING], []),
    "report-ask": lambda voice: containment_report(voice, matter(proof=FORWARDED), [ASKED], [], []),
    "report-other-account": lambda voice: containment_report(voice, matter(**FOR_ANOTHER), [NOT_FOUND], [], []),
    "report-other-account-asked": lambda voice: containment_report(voice, matter(**FOR_ANOTHER), [FOREIGN], [], []),
    "report-unknown-sender": lambda voice: containment_report(voice, matter(proof=UNKNOWN), [UNKNOWN_ASKED], [], []),
    "report-resolved-by-another-sender": lambda voice: containment_report(
        voice, matter(**{**FORGED_END, "proof": SUPPORT_CASE}), [SUPPORT_CASE_END], [RUNNING], []
    ),
    "report-protected": lambda voice: containment_report(voice, matter(), [PROTECTED], [], []),
    "report-observed": lambda voice: containment_report(voice, matter(), [OBSERVED], [], []),
    "report-not-found": lambda voice: containment_report(voice, matter(), [NOT_FOUND], [], []),
    "report-terminated": lambda voice: containment_report(voice, matter(), [TERMINATED], [], []),
    "report-was-ours": lambda voice: containment_report(voice, matter(), [WAS_OURS], [], []),
    "report-replaced": lambda voice: containment_report(voice, matter(), [REPLACED], [], []),
    "report-contained-node-of-a-member": lambda voice: containment_report(
        voice, matter(notice_account_ids=("444455556666",)), [MEMBERS], [MEMBERS.found], []
    ),
    "report-no-instance": lambda voice: containment_report(voice, matter(**NAMELESS), [], [], []),
    "report-several": lambda voice: containment_report(
        voice,
        matter(**TWO),
        [
            CONTAINED,
            replace(
                ASKED,
                found=instance(instance_id=OTHER),
                decision=decision(Verdict.ASK, phrase("policy:no_date"), instance_id=OTHER),
            ),
        ],
        [RUNNING],
        [],
    ),
    "report-resolved-to-put-back": lambda voice: containment_report(voice, matter(**RESOLVED), [ENDED], [RUNNING], []),
    "report-resolved-nothing-to-do": lambda voice: containment_report(
        voice, matter(**RESOLVED), [RELEASED], [RUNNING], []
    ),
    "report-in-error-to-put-back": lambda voice: containment_report(
        voice, matter(**ERROR), [WRONGLY_HELD], [RUNNING], []
    ),
    "report-in-error-nothing-to-do": lambda voice: containment_report(
        voice, matter(**ERROR), [RELEASED], [RUNNING], []
    ),
    "report-in-error-offered": lambda voice: containment_report(
        voice, matter(**ERROR), [WRONGLY_HELD], [RUNNING], [], offer=ReleaseOffer({INSTANCE: (*PLAN, *DRIFT)})
    ),
    "report-in-error-by-itself": lambda voice: containment_report(
        voice,
        matter(**ERROR),
        [WRONGLY_HELD],
        [RUNNING],
        [],
        offer=ReleaseOffer({INSTANCE: PLAN}, automatic=(INSTANCE,)),
    ),
    "report-in-error-left-to-an-admin": lambda voice: containment_report(
        voice,
        matter(**ERROR),
        [WRONGLY_HELD],
        [RUNNING],
        [],
        offer=ReleaseOffer({INSTANCE: DRIFT}, doubts=tuple(ReleaseDoubt)),
    ),
    "report-in-error-unproven": lambda voice: containment_report(
        voice, matter(**ERROR | {"proof": UNPROVEN}), [UNPROVEN_END], [RUNNING], []
    ),
    "report-resolved-unproven": lambda voice: containment_report(
        voice, matter(**FORGED_END), [UNPROVEN_END], [RUNNING], []
    ),
    "report-trouble": lambda voice: containment_report(
        voice,
        matter(),
        [],
        [],
        [trouble("Decide", "AccessDeniedException", "not authorized to perform dynamodb:Query")],
    ),
    "report-undecided": lambda voice: containment_report(
        voice, matter(**TWO), [CONTAINED], [RUNNING], [trouble("For each instance", "States.ItemReaderFailed")]
    ),
    "relay-no-notice": lambda voice: relayed_mail(voice, NO_NOTICE, UNPROVEN, MAIL, []),
    "relay-spoof": lambda voice: relayed_mail(voice, SPOOF, UNPROVEN, MAIL, []),
    "relay-unreadable": lambda voice: relayed_mail(
        voice,
        None,
        None,
        MAIL,
        [trouble("Read notice", "ClientError", "AccessDenied"), trouble("Relay mail", "AccessDenied")],
    ),
    "relay-not-handled": lambda voice: relayed_mail(
        voice, notice(), PROVEN, MAIL, [trouble("Open case", "InternalServerError", "try again")]
    ),
    "relay-not-handled-unproven": lambda voice: relayed_mail(
        voice, notice(), UNPROVEN, MAIL, [trouble("Open case", "InternalServerError")]
    ),
}


def shown(message):
    return f"Subject: {message.subject}\nSMS: {message.sms or 'none'}\n\n{message.body}\n"


@pytest.mark.parametrize("name", MESSAGES)
def test_golden(name):
    file, text = GOLDEN / f"{name}.txt", shown(MESSAGES[name](EN))
    if os.environ.get("REGENERATE"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(MESSAGES)


KINDS_OF_SUBJECT = ("URGENT: ", "ACTION: ", "WARNING: ", "INFO: ")
# What a mail client makes a link of by itself.
LIVE = re.compile(r"\bhttps?://|://[^\s/\[]*\.\w|\bwww\.(?!\.\.)", re.IGNORECASE)


def check(message):
    """What holds of every message, whatever stands in the mail."""
    assert len(message.subject) < 100
    assert re.fullmatch(r"[ -~]+", message.subject)
    assert message.subject.startswith(KINDS_OF_SUBJECT)
    if message.sms is not None:
        assert len(message.sms) <= 140
        assert re.fullmatch(r"[ -~]+", message.sms)
    assert len(message.body.encode()) <= 256 * 1024
    assert not re.search(r"[^\n\t\x20-\x7e\xa0-\U0010ffff]", message.body)
    assert not re.search(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", message.body)
    own = message.body.replace(matter().console, "")
    assert not LIVE.search(own), own


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message(name):
    check(MESSAGES[name](EN))


@pytest.mark.parametrize("name", [name for name in MESSAGES if not name.startswith("relay")])
def test_the_first_line_says_what_is_claimed_how_urgent_it_is_and_by_when(name):
    first, _, _ = MESSAGES[name](EN).body.partition("\n")
    senders = ("AWS ", "A mail that is not proven to be from AWS ", "A sender at AWS ", "An unknown sender at AWS ")
    assert first.startswith(senders)
    assert re.search("Urgent: answer|Not urgent|Check it", first)
    assert re.search(r"by \w{3} \d\d \w{3} 2026 \d\d:\d\d UTC|AWS wants no answer|AWS's last notice stands", first)


READ_BACK = re.compile(r"^(i-\w+)[^\n]*: CONTAINED, read back", re.MULTILINE)
SAYS_CONTAINED = re.compile(r"(?<!NOT )\bcontained\b", re.IGNORECASE)


@pytest.mark.parametrize("name", MESSAGES)
def test_f4_contained_is_said_only_of_what_was_read_back(name):
    """F4: peers report a quarantine that EC2 refused."""
    message = MESSAGES[name](EN)
    read_back = {"report-contained", "report-several", "report-undecided", "report-contained-stopped"}
    read_back |= {"report-address-contained", "report-address-approved", "report-lightsail-beside-an-instance"}
    read_back |= {"report-contained-without-snapshot", "report-contained-with-trouble"}
    read_back |= {"report-contained-node-of-a-member"}
    assert bool(re.search(r"(?<!NOT )CONTAINED", message.body)) is (name in read_back)
    for short in (message.subject, message.sms or ""):
        assert name in read_back or not SAYS_CONTAINED.search(short)


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("failing", [(), *[(name,) for name in DONE], tuple(DONE)])
def test_f4_every_failed_step_is_named_with_the_words_of_aws(failing, verified):
    one = outcome(Verdict.CONTAIN, *OURS, failed={name: f"AWS refused {name}" for name in failing}, contained=verified)
    message = containment_report(EN, matter(), [one], [RUNNING], [])
    for name in failing:
        assert f"  FAILED    {name}: AWS refused {name}" in message.body
    assert (f"{INSTANCE} in ap-northeast-1: CONTAINED" in message.body) is verified
    assert ("NOT CONTAINED" in message.body) is not verified
    assert ("a step failed" in message.subject) is (verified and bool(failing))
    assert message.subject.startswith("ACTION: contained" if verified else "URGENT: NOT contained")
    assert (message.sms or "").startswith("ACTION: contained" if verified else "URGENT: NOT contained")


def test_no_message_holds_a_whole_access_key():
    assert KEY not in MESSAGES["report-access-key"](EN).body
    assert "AKIA...4WBA" in MESSAGES["report-access-key"](EN).body


def test_an_address_that_was_not_looked_for_is_said_to_be_so():
    about = matter(**{**BY_ADDRESS, "notice_ips": (ADDRESS, "203.0.113.78")})
    body = containment_report(EN, about, [], [], []).body
    assert f"  Address   {ADDRESS}\n  Address   203.0.113.78 (not looked for)\n" in body


def test_an_address_that_belongs_to_a_named_instance_is_answered_with_it():
    message = containment_report(EN, matter(addresses=(ADDRESS,)), [CONTAINED], [RUNNING], [])
    assert "NO RESULT" not in message.body


def test_trouble_is_named_and_unmakes_no_containment():
    """F1, in words: what failed afterwards does not make "contained" untrue."""
    message = MESSAGES["report-contained-with-trouble"](EN)
    assert "FAILED: Send first alert: ClientError: An error occurred (Throttling)" in message.body
    assert "CONTAINED, read back" in message.body
    assert message.subject.startswith(f"ACTION: contained {INSTANCE}, a step failed")


def test_the_worst_comes_first():
    escaped = replace(ESCAPED, found=instance(instance_id=OTHER), decision=decision(instance_id=OTHER))
    message = containment_report(EN, matter(**TWO), [CONTAINED, escaped], [RUNNING], [])
    assert message.subject.startswith(f"URGENT: NOT contained {OTHER}; answer AWS by 17 Nov 07:42 UTC")


def test_what_was_moved_in_part_can_be_put_back_too():
    """The interface that EC2 did move is in the quarantine, whatever became of the other one."""
    assert f"python -m desk release {CASE} {INSTANCE}" in MESSAGES["report-not-contained"](EN).body


def test_nobody_is_told_to_look_at_snapshots_that_are_not_there():
    assert "copies of the snapshots" in MESSAGES["report-contained"](EN).body
    for name in ("report-contained-without-snapshot", "report-ask", "report-not-found", "report-no-instance"):
        assert "copies of the snapshots" not in MESSAGES[name](EN).body


@pytest.mark.parametrize("name", ["report-other-account", "report-other-account-asked"])
def test_what_aws_writes_to_another_account_wakes_nobody(name):
    message = MESSAGES[name](EN)
    assert message.sms is None
    assert "in account 666666666666, which is neither this one nor a member" in message.body.splitlines()[0]
    assert not message.subject.startswith("URGENT")
    assert "From AWS? Yes" in message.body
    assert "answer by" not in message.subject


@pytest.mark.parametrize("name", ["report-unknown-sender", "report-resolved-by-another-sender"])
def test_what_no_abuse_desk_writes_wakes_nobody_and_says_who_it_is(name):
    message = MESSAGES[name](EN)
    assert message.sms is None
    assert "sender at AWS" in message.body.splitlines()[0]
    assert "From AWS? Yes" in message.body


@pytest.mark.parametrize("name", ["report-resolved-unproven", "report-resolved-by-another-sender"])
def test_an_unproven_end_neither_releases_nor_calms(name):
    message = MESSAGES[name](EN)
    assert "desk release" not in message.body
    assert "No answer to AWS is needed" not in message.body
    assert message.subject.startswith("WARNING: unproven mail says")


def test_a_notice_sent_in_error_offers_the_release_with_what_stands_now():
    message = MESSAGES["report-in-error-to-put-back"](EN)
    assert message.subject.startswith(f"INFO: AWS says its notice was an error, {INSTANCE} can be released")
    assert f"python -m desk release {CASE} {INSTANCE}" in message.body
    for line in ("eni-0a1 has sg-q; before it had sg-ssh sg-web", "shows it as stopped; before it was running"):
        assert f"{line}" in message.body
    assert "desk release" not in MESSAGES["report-in-error-nothing-to-do"](EN).body


def test_nobody_but_aws_takes_a_notice_back():
    message = MESSAGES["report-in-error-unproven"](EN)
    assert "desk release" not in message.body
    assert "error" not in message.body.partition("THE NOTICE")[0]


def test_whoever_is_to_answer_is_told_how_to_get_a_draft():
    assert f"python -m desk reply {CASE}" in MESSAGES["report-contained"](EN).body
    assert "desk reply" not in MESSAGES["report-resolved-to-put-back"](EN).body


def test_what_is_left_to_an_admin_comes_with_both_commands():
    lines = [line.strip() for line in MESSAGES["report-ask"](EN).body.splitlines()]
    assert [line for line in lines if " -m desk " in line][:2] == [
        f"python -m desk approve {CASE} {INSTANCE}",
        f"python -m desk decline {CASE} {INSTANCE}",
    ]


@pytest.mark.parametrize("kind", [NoticeKind.FIRST_NOTICE, NoticeKind.FOLLOW_UP, NoticeKind.ACTION_TAKEN])
@pytest.mark.parametrize("abuse_type", [None, "of_tomorrow", *ABUSE_TYPES])
def test_every_type_fits_and_its_case_can_be_read(abuse_type, kind):
    assert abuse_type == "of_tomorrow" or f"abuse:{abuse_type or 'none'}" in EN.texts
    for proof in (PROVEN, UNPROVEN):
        message = first_alert(EN, matter(notice_abuse_type=abuse_type, notice_kind=kind, proof=proof), TEXT)
        check(message)
        assert message.subject.endswith(f", {INSTANCE} (case {CASE})")
        if message.sms:
            assert message.sms.endswith("Answer AWS by 17 Nov 07:42 UTC. See mail.")


def test_every_type_that_is_asked_has_words():
    assert set(ASK_FIRST) < set({name.removeprefix("abuse:") for name in EN.texts if name.startswith("abuse:")})


@pytest.mark.parametrize("proof", [FORWARDED, UNPROVEN])
@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind.is_notice])
def test_a_forger_sends_nobody_an_sms(proof, kind):
    """Nor is a word of his put into the mouth of AWS."""
    about = matter(proof=proof, notice_kind=kind)
    for message in (
        first_alert(EN, about, about.notice.text),
        containment_report(EN, about, [ASKED], [], []),
        relayed_mail(EN, about.notice, proof, MAIL, []),
    ):
        assert message.sms is None
        assert not message.subject.startswith("URGENT")
        assert message.body.splitlines()[0].startswith("A mail that is not proven to be from AWS")


def test_every_language_of_the_settings_has_its_messages():
    assert set(LANGUAGES) == set(CATALOGUE)


NASTY = st.text(
    st.sampled_from("aZ0 .:/-<>'\"$`\\\n\r\t\x00\x07\x1b\x7f\x85\u00ad\u200b\u200f\u202e\u2028\u2066\ufeff\ud800é漢🙂"),
    max_size=60,
)
LINK = st.sampled_from(
    [
        "https://evil.example.com/a?b=c",
        "HTTP://EVIL.EXAMPLE",
        "ftp://evil.example",
        "www.evil.example",
        "h\u200bttps://evil.example",
    ]
)
WORDS = st.sampled_from(
    [f"\n{INSTANCE}: CONTAINED, read back from EC2 at once.", "\r\nWHAT TO DO NOW\r\n  1. Nothing.", "x" * 3000]
)
HOSTILE = st.lists(NASTY | LINK | WORDS, max_size=5).map("".join)


def hostile_matter(words, proof):
    return matter(
        proof=replace(proof, reason=as_said(words)),
        notice_subject=words,
        notice_measures=(words,),
        notice_problems=(as_said(words), as_said(words)),
        notice_ips=(words,),
        notice_account_ids=(words,),
        notice_report=AbuseReport(
            ReportFormat.LOG, words, None, words, (words,), (words,) * 4, (words,), words, SENT, SENT, 1, 1
        ),
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=HOSTILE, proof=st.sampled_from([PROVEN, UNPROVEN]))
@example(words=f"x\n{INSTANCE}: CONTAINED, read back from EC2 at once.", proof=UNPROVEN)
def test_hostile_words_begin_no_line_of_ours(words, proof):
    about = hostile_matter(words, proof)
    found = instance(tags={"Name": words})
    one = Outcome(found, decision(Verdict.ASK, words), (StepResult("Start snapshots", "failed", as_said(words)),), "")
    for message in (
        first_alert(EN, about, about.notice.text),
        containment_report(EN, about, [one], [RUNNING], [as_said(words)]),
    ):
        check(message)
        assert not READ_BACK.search(message.body)
        assert message.body.count("\nWHAT TO DO NOW\n") <= 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=HOSTILE, text=HOSTILE, kind=st.sampled_from(NoticeKind))
def test_a_hostile_mail_is_relayed_behind_marks(words, text, kind):
    told = as_said(words)
    mail = notice(kind=kind, reason=told, sender=words, subject=words, text=text, problems=(told,))
    message = relayed_mail(EN, mail, Proof(ProofKind.NONE, told), MAIL, [told])
    check(message)
    assert not READ_BACK.search(message.body)
    assert behind_marks(message)


def behind_marks(message):
    _, _, text = message.body.partition("sure of the sender\n\n")
    return all(line.startswith(">") for line in text.split(CUT)[0].split("\n"))


CUT = "\n\nThe rest of the mail was cut off here."


@pytest.mark.parametrize("line", ["x" * 3_000_000, "é\n" * 1_000_000, "\n" * 1_000_000], ids=["line", "lines", "empty"])
def test_a_long_mail_is_cut_and_says_so(line):
    for message in (relayed_mail(EN, notice(text=line), UNPROVEN, MAIL, []), first_alert(EN, matter(), line)):
        check(message)
        assert message.body.endswith(CUT)
        assert behind_marks(message)


def test_many_instances_still_make_one_message():
    ids = tuple(f"i-{number:017x}" for number in range(60))  # a notice leads to thirty and who holds its addresses
    outcomes = [replace(PARTLY, found=instance(instance_id=one), decision=decision(instance_id=one)) for one in ids]
    message = containment_report(EN, matter(instance_ids=ids), outcomes, [instance(instance_id=one) for one in ids], [])
    check(message)
    assert message.subject.startswith("ACTION: contained 60 instances, a step failed; answer AWS by 17 Nov")
    assert "WHAT TO DO NOW" in message.body


def test_instances_are_told_apart_by_their_region_and_name():
    assert isinstance(CONTAINED.found, Instance)
    assert f"{INSTANCE} in ap-northeast-1: CONTAINED" in MESSAGES["report-contained"](EN).body
    assert "\n  called    web-1\n" in MESSAGES["report-contained"](EN).body


@pytest.mark.parametrize("case", [CASE, "mail-0123456789ab"])
@pytest.mark.parametrize("outcomes", [[CONTAINED], [PARTLY], [ESCAPED], [PROTECTED], [OBSERVED], [NOT_FOUND], []])
def test_the_deadline_is_never_cut_off(outcomes, case):
    message = containment_report(EN, matter(case=case), outcomes, [RUNNING], [])
    assert "answer AWS by 17 Nov 07:42 UTC" in message.subject
    assert message.sms.endswith(f"answer AWS by 17 Nov 07:42 UTC, case {case}. See mail.")
    assert "..." not in message.subject + message.sms


def test_a_notice_of_several_cases_says_which_it_did_not_join():
    message = first_alert(EN, matter(notice_case_numbers=(CASE, f"{CASE}-1", "12480031999-1")), TEXT)
    assert "  Also case 12480031999: look at that case yourself" in message.body
    assert message.body.count("Also case") == 1

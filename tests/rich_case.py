"""A case that has lived through much, as its items in the case table: what pages and tables are tried on."""

import json
from dataclasses import replace
from datetime import timedelta

from lambdas.domain.case.case import ENTRY_PREFIX, NoticeDetails
from lambdas.domain.case.identity import Deadline
from lambdas.domain.case.timeline import AWS, RESPONDER, EntryKind, TimelineEntry
from lambdas.domain.containment.before_state import AutoScalingMembership, BeforeState
from lambdas.domain.containment.evidence import EvidenceFile, ReferencedObject, UncollectedFile, manifest, sha256
from lambdas.domain.containment.load_balancing import Registrations, Target
from lambdas.domain.instance.instance import Interface, MissingInstance
from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.page.case_record import EvidenceManifest, case_record_from
from lambdas.domain.page.live_state import LiveState
from lambdas.domain.phrase import phrase, verbatim
from tests.samples import (
    ACCOUNT,
    CASE,
    INSTANCE,
    MAIL,
    NOTICE,
    PROVEN,
    RUNNING,
    SEARCH,
    SENT,
    UNPROVEN,
    as_json,
    english,
    notice,
)

DATABASE, LOST = "i-0b57a4de7b57a4de7", "i-0d15ea5ed15ea5ed1"
ADA = f"arn:aws:iam::{ACCOUNT}:user/ada"
BEN = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Security_0123456789abcdef/ben@example.com"
# Who may tag an instance, or write a mail, writes into our page.
NAME = "web-1\u202e<script>alert(1)</script>"
SUBJECT = "Re: \"urgent\" <img src=x onerror='alert(1)'> https://evil.example/a?b=1&c=2"
FIRST, FOLLOW_UP, FORGED = "mail/k3v9story1", "mail/k3v9story2", "mail/k3v9forged"
NOW = SENT + timedelta(hours=23, minutes=18)

_BEFORE = BeforeState(
    replace(
        RUNNING,
        tags={"Name": NAME, "aws:autoscaling:groupName": "web-asg", "Owner": "team-web"},
        profile=f"arn:aws:iam::{ACCOUNT}:instance-profile/web-server",
    ),
    termination_protection=False,
    shutdown_behaviour="terminate",
    auto_scaling=AutoScalingMembership("web-asg", "InService", 1, 4, 2),
    unread={},
)
_REGISTERED = Registrations(
    (
        Target(
            f"arn:aws:elasticloadbalancing:ap-northeast-1:{ACCOUNT}:targetgroup/web/73e2d6bc24d8a067", INSTANCE, 443, ""
        ),
    ),
    ("old-web",),
)
_FOLDER = f"cases/{CASE}/{INSTANCE}/k3v9story1"
_FILES = [
    EvidenceFile(name, source, (SENT + timedelta(seconds=8)).isoformat(), body)
    for name, source, body in (
        ("instance.json", "ec2:DescribeInstances", b'{"InstanceId": "i-0a7b1dd0e3f94c256"}\n'),
        ("console-output.json", "ec2:GetConsoleOutput", b'{"Output": "boot"}\n'),
        ("network-interfaces.json", "ec2:DescribeNetworkInterfaces", b"[]\n"),
        ("screenshot.jpg", "ec2:GetConsoleScreenshot", b"\xff\xd8\xff"),
    )
]
_REFUSED = verbatim("UnauthorizedOperation: <no>")
_UNREAD = UncollectedFile("user-data.json", "ec2:DescribeInstanceAttribute", _REFUSED, optional=True)
_STATE_BEFORE = ReferencedObject(f"cases/{CASE}/{INSTANCE}/before-state.json", sha256(b"{}"))
BODY = manifest({"case": CASE, "instance": RUNNING.arn}, [*_FILES, _UNREAD], _STATE_BEFORE)
MANIFEST = f"{_FOLDER}/manifest.json"
MANIFESTS = (EvidenceManifest(MANIFEST, sha256(BODY), BODY),)

_STEPS = {
    "Write before-state": ("done", "stored in the case since 2026-11-16T07:42:13Z"),
    "Protect instance": ("done", "termination protection; standby in web-asg"),
    "Start snapshots": ("done", "snap-01 of vol-0a1; snap-02 of vol-0a2"),
    "Prepare quarantine": ("done", "sg-q in vpc-0aa for 2 interface(s)"),
    "Quarantine network": ("done", "2 of 2 interface(s) moved to sg-q; eni-0a1 came from sg-ssh sg-web"),
    "Verify quarantine": ("done", "2 interface(s) have only sg-q, which has no rules"),
    "Verify protection": (
        "done",
        "termination protection; a shutdown from inside stops it; 2 volume(s) are kept when it ends",
    ),
    "Verify snapshots": ("done", "snap-01 of vol-0a1: pending, 3%; snap-02 of vol-0a2: pending, 0%"),
    "Revoke credentials": ("done", "role web-server denies everything to this instance"),
    "Leave load balancers": ("done", "out of web:443, old-web"),
    "Tag instance": ("done", f"AbuseResponder:Case={CASE}"),
    "Archive before-state": ("done", f"s3://evidence/cases/{CASE}/{INSTANCE}/before-state.json"),
    "Collect evidence": ("done", "4 files"),
}
_READ_BACK = [{"id": "eni-0a1", "groups": ["sg-q"]}, {"id": "eni-0a2", "groups": ["sg-q"]}]


def hours(count):
    """A moment so many hours after the first notice was sent."""
    return SENT + timedelta(hours=count)


def _came(kind, sent, *, proven=True, within=24, measures=()):
    due = Deadline(hours(sent + within), stated=within != 24)
    facts = NoticeDetails(kind, proven, hours(sent), due, measures, MAIL, by_abuse_desk=proven)
    who = AWS if proven else '"AWS" <abuse@evil.example>'
    return TimelineEntry(hours(sent), EntryKind.NOTICE, who, english(NOTICE.reason), details=facts.to_json())


def _entries():
    yield _came(NoticeKind.FIRST_NOTICE, 0.0008)
    yield TimelineEntry(hours(0.002), EntryKind.CONTAINED, RESPONDER, english(PROVEN.reason), INSTANCE)
    yield TimelineEntry(
        hours(0.0021), EntryKind.ASKED, RESPONDER, "it carries the protect tag AbuseResponder:Protect", DATABASE
    )
    yield TimelineEntry(hours(0.0022), EntryKind.LEFT_ALONE, RESPONDER, "EC2 shows it nowhere", LOST)
    yield TimelineEntry(hours(0.5), EntryKind.ACKNOWLEDGED, ADA, "I am on it")
    yield TimelineEntry(hours(3), EntryKind.DECLINED, BEN, "the database is not reachable from outside", DATABASE)
    yield _came(NoticeKind.FIRST_NOTICE, 6, proven=False)
    yield TimelineEntry(hours(9), EntryKind.BROKEN, RESPONDER, "eni-0a1 carries sg-ssh instead of sg-q alone", INSTANCE)
    facts = {"failed": {"Leave load balancers": "AccessDenied: <none>"}}
    yield TimelineEntry(hours(9.2), EntryKind.CONTAINED, RESPONDER, "approved by ada", INSTANCE, facts)
    yield TimelineEntry(hours(12), EntryKind.REMINDED, RESPONDER, "12 hours are left")
    yield TimelineEntry(hours(18), EntryKind.REMINDED, RESPONDER, "6 hours are left")
    yield _came(NoticeKind.ACTION_TAKEN, 20, within=12, measures=("outbound port 22 was blocked", "start is disabled"))
    yield TimelineEntry(hours(22), EntryKind.REMINDED, RESPONDER, "2 hours are left")


def _kept(key, sent, proof, **changes):
    told = notice(sent_at=hours(sent), **changes).to_json()
    known = proof.to_json()
    return {f"notice#{key}": {"notice": told, "proof": known, "received_at": hours(sent).isoformat()}}


def _outcome(mail, found, verdict, reasons, steps):
    name = found["instance_id"]
    item = {
        "instance_id": name,
        "verdict": verdict,
        "reasons": [one.to_json() for one in reasons],
        "stop": False,
        "mail": mail,
    }
    return {f"outcome#{mail}#{name}": {**item, "message_id": "<a@b>", "found": found, "steps": steps}}


def items():
    """What the case table holds of the case, by sort key."""
    steps = {name: {"outcome": outcome, "words": words} for name, (outcome, words) in _STEPS.items()}
    steps["Verify quarantine"] |= {"interfaces": _READ_BACK, "at": hours(0.002).isoformat()}
    steps["Collect evidence"] |= {"manifest": MANIFEST, "sha256": sha256(BODY)}
    steps["Stop instance"] = {"Error": "IncorrectState", "Cause": json.dumps({"errorMessage": "not <now>"})}
    database = replace(RUNNING, instance_id=DATABASE, tags={"Name": "db", "AbuseResponder:Protect": ""})
    return json.loads(
        json.dumps(
            {
                "case": {"opened_by": FIRST, "opened_at": hours(0.0008).isoformat()},
                **_kept(FIRST, 0.0008, PROVEN),
                **_kept(FORGED, 6, UNPROVEN, subject=SUBJECT),
                **_kept(FOLLOW_UP, 20, PROVEN, kind=NoticeKind.ACTION_TAKEN, subject=f"Re: {NOTICE.subject}"),
                f"before#{INSTANCE}": {"before": _BEFORE.to_json(), "read_at": hours(0.001).isoformat()},
                f"targets#{INSTANCE}": _REGISTERED.to_json(),
                **_outcome(
                    FIRST, _BEFORE.instance.to_json(), "contain", [PROVEN.reason, phrase("policy:allowed")], steps
                ),
                **_outcome(
                    FIRST, database.to_json(), "ask", [phrase("policy:protected", tag="AbuseResponder:Protect")], {}
                ),
                **_outcome(
                    FIRST,
                    as_json(MissingInstance(LOST, SEARCH)),
                    "tell",
                    [phrase("policy:not_shown", search=SEARCH.summary)],
                    {},
                ),
                **{f"{ENTRY_PREFIX}{number}": one.to_json() for number, one in enumerate(_entries())},
            }
        )
    )


def dossier():
    """The case as pages have it."""
    made = case_record_from(CASE, items())
    assert made
    return made


def live():
    """The contained instance as EC2 shows it now."""
    moved = tuple(Interface(one.interface_id, ("sg-q",)) for one in RUNNING.interfaces)
    tags = {**_BEFORE.instance.tags, "AbuseResponder:Case": CASE, "AbuseResponder:State": "quarantine"}
    profile = f"arn:aws:iam::{ACCOUNT}:instance-profile/AbuseResponderNoRights"
    instance = replace(_BEFORE.instance, interfaces=moved, tags=tags, profile=profile)
    names = {"sg-q": "abuse-responder-quarantine"}
    place = AutoScalingMembership("web-asg", "Standby", 1, 4, 1)
    return {INSTANCE: LiveState(instance, (), names, place, {})}

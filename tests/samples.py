"""What many tests start from: a notice, an instance, a matter, each with what a test changes about it."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from lambdas.domain.case.identity import Deadline
from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.instance.instance import Instance, Interface, Volume
from lambdas.domain.instance.search import AccountRegion, Search
from lambdas.domain.intake.arrival import Arrival, SesVerdicts
from lambdas.domain.intake.mail_address import SenderRing
from lambdas.domain.intake.notice import NamedInstance, Notice, NoticeKind, Proof, ProofKind
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.messages import CaseNotice
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.domain.policy import Decision, Verdict

ACCOUNT = "552071934480"
CASE = "12480031774"
INSTANCE = "i-0a7b1dd0e3f94c256"
SENT = datetime(2026, 11, 16, 7, 42, 8, tzinfo=UTC)
RECEIVED = SENT + timedelta(seconds=3)
MAIL_BUCKET = "mail-bucket"
MAIL = f"s3://{MAIL_BUCKET}/mail/k3v9story1"

ALL_PASS = SesVerdicts(spf="PASS", dkim="PASS", dmarc="PASS", spam="PASS", virus="PASS")
ARRIVAL = Arrival(bucket=MAIL_BUCKET, key="mail/k3v9story1", received_at=RECEIVED, verdicts=ALL_PASS)

PASSES, FAILS = phrase("proof:dmarc_passes", verdict="PASS"), phrase("proof:dmarc_fails", verdict="FAIL")
PROVEN = Proof(
    ProofKind.AWS,
    phrase("proof:vouches", domain="amazon.com", how=PASSES),
    may_contain=True,
    ring=SenderRing.ABUSE_DESK,
)
SUPPORT_CASE = Proof(
    ProofKind.AWS, phrase("proof:other_sender", sender="no-reply-aws@amazon.com"), ring=SenderRing.NOTIFIER
)
GIFT_CARD = Proof(
    ProofKind.AWS, phrase("proof:other_sender", sender="gc-orders@gc.email.amazon.com"), ring=SenderRing.OTHER_AMAZON
)
FORWARDED = Proof(ProofKind.FORWARDER, phrase("proof:passed_on", domain="example.org", how=PASSES))
UNPROVEN = Proof(ProofKind.NONE, phrase("proof:claims", domain="amazon.com", how=FAILS))

NOTICE = Notice(
    kind=NoticeKind.FIRST_NOTICE,
    reason=verbatim("AWS says that a report about the instance reached it"),
    case_numbers=(CASE,),
    account_ids=(ACCOUNT,),
    regions=("ap-northeast-1",),
    resources=(NamedInstance(INSTANCE, "ap-northeast-1", ACCOUNT),),
    ips=("203.0.113.77",),
    urls=(),
    abuse_type="port_scanning",
    deadline_hours=None,
    measures=(),
    sent_at=SENT,
    message_id="<story-1@email.amazonses.com>",
    sender='"ec2-abuse@amazon.com" <ec2-abuse@amazon.com>',
    subject=f"Your Amazon EC2 Abuse Report [{CASE}] [AWS ID {ACCOUNT}]",
    text="Hello,\n\nwe have received a report about your instance.\n",
    extracted_values=(),
    problems=(),
)

RUNNING = Instance(
    instance_id=INSTANCE,
    region="ap-northeast-1",
    account_id=ACCOUNT,
    state="running",
    vpc_id="vpc-0aa",
    tags={"Name": "web-1"},
    interfaces=(Interface("eni-0a1", ("sg-ssh", "sg-web")), Interface("eni-0a2", ("sg-web",))),
    volumes=(Volume("vol-0a1", "/dev/xvda", True), Volume("vol-0a2", "/dev/sdf", False)),
    addresses=("203.0.113.77",),
)

SEARCH = Search.of(
    [AccountRegion(ACCOUNT, "eu-west-1"), AccountRegion(ACCOUNT, "us-east-1")],
    {AccountRegion(ACCOUNT, "sa-east-1"): verbatim("AuthFailure")},
)

MATTER = CaseNotice(
    case=CASE,
    joined=False,
    instance_ids=(INSTANCE,),
    notice=NOTICE,
    proof=PROVEN,
    deadline=Deadline(SENT + timedelta(hours=24), stated=False),
    mail=MAIL,
    execution=f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:respond:k3v9story1",
)

BEFORE = BeforeState(RUNNING, termination_protection=False, shutdown_behaviour="stop", auto_scaling=None, unread={})


def notice(**changes):
    """The first notice of the story, changed."""
    return replace(NOTICE, **changes)


def instance(**changes):
    """The instance that it names, changed."""
    return replace(RUNNING, **changes)


def matter(**changes):
    """What a message about it is made of; `notice_…` changes the notice in it."""
    about = {name.removeprefix("notice_"): changes.pop(name) for name in list(changes) if name.startswith("notice_")}
    return replace(MATTER, **{"notice": notice(**about), **changes})


def decision(verdict=Verdict.CONTAIN, *reasons, instance_id=INSTANCE):
    """A verdict on the instance; reasons may be words."""
    return Decision(instance_id, verdict, tuple(map(as_said, reasons)) or (PROVEN.reason,))


def as_said(words):
    """What is said, where a test gives words of its own for it."""
    return words if isinstance(words, Phrase) else verbatim(words)


def trouble(state, error, words=""):
    """What a Catch caught in a state, as messages have it."""
    why = phrase("failure", error=error, why=verbatim(words)) if words else phrase("failure:bare", error=error)
    return phrase("failure:state", state=state, why=why)


def english(one):
    """What is said, in English: also of each of several."""
    return in_english(one) if isinstance(one, Phrase) else [in_english(each) for each in one]


def as_json(found):
    """What was found as one Lambda function hands it to the next."""
    return json.loads(json.dumps(asdict(found)))


def ending(result):
    """How a step ended, with what it says in English only."""
    return {name: one for name, one in result.items() if name != "phrase"}

"""A draft of the answer to AWS, in English, which AWS's Trust & Safety reads. Nothing is ever sent by us.

It says only what was read back from AWS. What the responder cannot know, such as how somebody got in, is a gap that an
admin fills: `[[ what it is ]]`. Nothing foreign can look like a gap, or like another line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from lambdas.domain.answer.gap import GAP, gap
from lambdas.domain.case.case import CaseState, InstanceStatus
from lambdas.domain.clean import one_line
from lambdas.domain.instance.instance import TERMINATED_STATES, MissingInstance, UnassignedAddress
from lambdas.domain.intake.mail_address import is_aws_address, is_unmonitored, parse_addresses
from lambdas.domain.intake.notice import ProofKind
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.language.en import ABUSE
from lambdas.domain.page.case_record import CaseRecord, CaseResource, NoticeResponse, ReceivedNotice
from lambdas.domain.page.live_state import LiveState
from lambdas.domain.reading.identifiers import cases, subject_of_aws
from lambdas.domain.reading.plain_text import normalise

# Where AWS's Trust & Safety takes mail, as AWS's address records name it.
_DESK = "trustandsafety@support.aws.com"
_MOST_SUBJECT = 300
# What mail programs put before the subject of an answer, in the languages that our admins may write in.
_PREFIXES = re.compile(
    r"(?:\s*(?:re|aw|sv|antw|fwd?|wg|rv|tr|返信|転送)(?:\[\d{1,2}\])?\s{0,2}[:\uff1a])+\s*", re.IGNORECASE
)
_SNAPSHOT = re.compile(r"\bsnap-\w{1,20}\b")


class AnswerVariant(StrEnum):
    """What the answer says."""

    CONTAINED = "contained"
    FALSE_POSITIVE = "false-positive"  # the activity is no abuse: here is our use case
    MORE_TIME = "more-time"
    NOT_OURS = "not-ours"


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """A draft. `to` may be a gap; `cc` is the intake address, empty where it is not known.

    `advice` is for the admin who sends it, and no part of the mail.
    """

    variant: AnswerVariant
    to: str
    cc: str
    subject: str
    body: str
    advice: tuple[str, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is still to be filled in, in the order in which it stands in the mail."""
        return tuple(GAP.findall("\n".join((self.to, self.subject, self.body))))

    @property
    def text(self) -> str:
        """The draft as it is printed."""
        copy = f"Cc:      {self.cc}\n" if self.cc else ""
        return f"To:      {self.to}\n{copy}Subject: {self.subject}\n\n{self.body}"

    def to_json(self) -> dict[str, Any]:
        """What a program is told."""
        return {
            "variant": self.variant.value,
            "to": self.to,
            "cc": self.cc,
            "subject": self.subject,
            "body": self.body,
            "gaps": list(self.gaps),
            "advice": list(self.advice),
        }


def draft_answer(
    dossier: CaseRecord,
    live: Mapping[str, LiveState],
    now: datetime,
    *,
    variant: AnswerVariant | None = None,
    cc: str = "",
) -> AnswerDraft:
    """The answer as the case stands.

    `live` are its instances as AWS shows them `now` (UTC), none where nobody looked.
    """
    facts = _DraftData(dossier, live, now)
    chosen = variant or default_variant(dossier)
    to, subject = facts.to, facts.subject
    paragraphs = {
        AnswerVariant.CONTAINED: _contained,
        AnswerVariant.FALSE_POSITIVE: _false_positive,
        AnswerVariant.MORE_TIME: _more_time,
        AnswerVariant.NOT_OURS: _not_ours,
    }[chosen](facts)
    body = "\n\n".join(["Hello,", facts.reference, *paragraphs, f"Regards,\n{gap('your name and your role')}"]) + "\n"
    return AnswerDraft(chosen, to, cc, subject, body, tuple(_advice(facts, to, cc)))


def default_variant(dossier: CaseRecord) -> AnswerVariant:
    """The variant that fits how the case stands; where nothing was done yet, it asks for time."""
    subjects = _meant(dossier)
    if any(subject.contained for subject in subjects):
        return AnswerVariant.CONTAINED
    if subjects and all(subject.status is InstanceStatus.DECLINED for subject in subjects):
        return AnswerVariant.FALSE_POSITIVE
    if subjects and all(_is_not_ours(subject) for subject in subjects):
        return AnswerVariant.NOT_OURS
    return AnswerVariant.MORE_TIME


@dataclass(frozen=True, slots=True)
class _DraftData:
    """What the paragraphs are made of."""

    dossier: CaseRecord
    live: Mapping[str, LiveState]
    now: datetime

    @property
    def proven(self) -> list[ReceivedNotice]:
        """The notices that are proven to be from AWS, the newest first."""
        found = [notice for notice in self.dossier.notices if notice.proof.kind is ProofKind.AWS]
        return sorted(found, key=lambda notice: notice.notice.sent_at or notice.received_at, reverse=True)

    @property
    def to(self) -> str:
        """Where a proven notice wants its answer; an address of a mail that may be anybody's is never taken."""
        for received in self.proven:
            wanted = parse_addresses(received.notice.reply_to)
            trusted = bool(wanted) and all(map(is_aws_address, wanted))
            for address in wanted if trusted else parse_addresses(received.notice.sender):
                if is_aws_address(address) and not is_unmonitored(address):
                    return address
        return gap("the address to which AWS's own mail asks you to reply")

    @property
    def subject(self) -> str:
        """AWS knows its case by the subject, which must be kept: https://repost.aws/knowledge-center/aws-abuse-report"""
        written = [
            (mail.notice.subject, any(cases(normalise(mail.notice.subject)))) for mail in self._mails(self.proven)
        ]
        kept = next((subject for subject, numbered in written if numbered), written[0][0] if written else "")
        if not kept:
            others = [subject_of_aws(normalise(notice.notice.subject)) for notice in self.dossier.notices]
            kept = next(filter(None, others), "")
        plain = _PREFIXES.sub("", _foreign(kept, _MOST_SUBJECT), count=1)
        return f"Re: {plain}" if plain else gap("the subject of AWS's mail, unchanged")

    @staticmethod
    def _mails(received: list[ReceivedNotice]) -> list[ReceivedNotice]:
        return [mail for mail in received if mail.notice.subject and parse_addresses(mail.notice.sender)]

    @property
    def reference(self) -> str:
        """Which report of AWS is meant, for which account."""
        numbers = [
            number for received in self.proven or self.dossier.notices for number in received.notice.case_numbers
        ]
        accounts = [
            account for received in self.proven or self.dossier.notices for account in received.notice.account_ids
        ]
        case = f"case {_foreign(numbers[0])}" if numbers else f"your report (our reference: {self.dossier.case.id})"
        account = _foreign(", ".join(dict.fromkeys(accounts))) or gap("the account's 12-digit id")
        kinds = dict.fromkeys(
            ABUSE.get(received.notice.abuse_type, "") for received in self.proven if received.notice.abuse_type
        )
        about = f", about {' and '.join(filter(None, kinds))}" if any(kinds) else ""
        return f"This is the answer to {case}, AWS account {account}{about}."


def _contained(facts: _DraftData) -> list[str]:
    return [
        f"WHAT WE FOUND\n{gap('what you found: how somebody got in, since when, and what was done from there')}",
        _done(facts),
        f"WHAT KEEPS IT FROM HAPPENING AGAIN\n{gap('what you have changed, and by when the rest will be done')}",
        *_measures(facts),
        "Please tell us if you still see such activity, or need anything else from us.",
    ]


def _false_positive(facts: _DraftData) -> list[str]:
    return [
        "We have looked into your report, and do not consider the reported activity abusive.",
        f"OUR USE CASE\n{gap('what the resource does, for whom, and with whose consent')}",
        f"WHY IT WAS REPORTED\n{gap('what the report shows, and what it really is')}",
        _done(facts),
        f"WHAT KEEPS IT FROM BEING REPORTED AGAIN\n{gap('such as a lower rate, a contact page, or a way to opt out')}",
        *_measures(facts),
        "Please close the case, or tell us what you still need to know.",
    ]


def _more_time(facts: _DraftData) -> list[str]:
    due = facts.dossier.case.deadline
    until = f" instead of {_moment(due.at)}" if due and due.stated else ""
    return [
        f"We have your report and are working on it. We ask for more time: until {gap('date and time, UTC')}{until}.",
        f"WHY\n{gap('why it takes longer, such as who must be reached, or what must not fail meanwhile')}",
        _done(facts),
        "OUR PLAN\n"
        + "\n".join(
            f"- {gap(f'by when, UTC: {step}')}"
            for step in ("stop the activity", "find the cause", "put it right, and answer you")
        ),
        "We will write to you again by then at the latest.",
    ]


def _not_ours(facts: _DraftData) -> list[str]:
    return [
        "We do not find the reported resource among ours.",
        _done(facts, "WHAT WE LOOKED FOR"),
        f"WHERE WE LOOKED\n{gap('what else you looked into: other accounts, Regions, earlier holders of the address')}",
        "Please tell us account, Region, id and time (UTC) of the activity, or close the case for our account.",
    ]


def _done(facts: _DraftData, head: str = "WHAT WAS DONE") -> str:
    """What was done about each resource, and how it stands now."""
    lines = [line for subject in _meant(facts.dossier) for line in _about(subject, facts)]
    if not lines:
        lines = [gap("what was done, about which resource, and when (UTC)")]
    return "\n".join([head, *lines])


def _about(subject: CaseResource, facts: _DraftData) -> Iterator[str]:
    found, first, last = subject.instance, subject.first_contained, subject.contained
    where = f" in {found.region} (account {found.account_id})" if found else ""
    yield f"{_foreign(subject.name)}{where}"
    if first and last:
        yield from (f"- {words}" for words in _steps(first, last))
        yield from (f"- {words}" for words in _since(subject, facts))
        return
    gone = _gone(subject)
    yield f"- {gone or gap(f'what was done about {_foreign(subject.name)}, and when (UTC)')}"


def _steps(first: NoticeResponse, last: NoticeResponse) -> Iterator[str]:
    """The steps that were read back, each in words that somebody outside understands.

    AWS counts from the first time; what was done besides is told as it was read back last.
    """
    yield (
        f"{_moment(first.verified_at)}: quarantined. Each of its {len(first.read_back)} network interface(s) carries "
        "only a security group without any rule, inbound or outbound, as EC2 showed when it was read back."
    )
    if last is not first:
        yield f"{_moment(last.verified_at)}: read back again, with the same result."
    done = {step.name: in_english(step.phrase) for step in last.outcome.steps if step.outcome == "done"}
    if "Verify snapshots" in done:
        kept = ", ".join(dict.fromkeys(_SNAPSHOT.findall(done["Verify snapshots"])))
        yield f"Snapshots of its volumes were started as evidence{f': {kept}' if kept else ''}."
    if "Revoke credentials" in done:
        yield "Its credentials were cut: what its IAM role may do is denied to this instance."
    if "Leave load balancers" in done:
        yield "It was taken out of its load balancers."
    if "Stop instance" in done:
        state = "stopping" if "stopping" in done["Stop instance"] else "stopped"
        yield f"It was told to stop; EC2 then showed it as {state}."


def _since(subject: CaseResource, facts: _DraftData) -> Iterator[str]:
    """How it stands since: only what AWS shows at this moment is said of it."""
    released = (
        subject.contained_record.releases if subject.contained_record and not subject.contained_record.held else ()
    )
    if released:
        at = _moment(datetime.fromisoformat(str(released[-1]["at"])))
        yield f"{at}: released from the quarantine. {gap('why it is safe now')}"
        return
    look = facts.live.get(subject.name)
    if look is None or look.instance is None:
        return
    at, state = _moment(facts.now), look.instance.state
    if look.quarantined:
        yield f"{at}: looked at again, EC2 still shows it quarantined, and as {state}."
    elif not look.exists:
        yield f"{at}: EC2 shows it as {state}."
    else:
        yield f"{at}: it is out of the quarantine. {gap('why, and since when; or contain it again before you answer')}"


def _gone(subject: CaseResource) -> str:
    """What was read of a resource that is not here any more, or never was; empty where it is here."""
    if not subject.responses:
        return ""
    found = subject.responses[-1].outcome.found
    if isinstance(found, UnassignedAddress):
        return "No instance of ours holds this address now." if not found.holder else ""
    if isinstance(found, MissingInstance):
        past = found.past
        if past and past.place and past.ended_at:
            return f"{_moment(datetime.fromisoformat(past.ended_at))}: terminated, as CloudTrail shows."
        return "" if past and past.place else "It is not in the accounts and Regions that we searched."
    return f"EC2 showed it as {found.state} when we looked." if found.state in TERMINATED_STATES else ""


def _is_not_ours(subject: CaseResource) -> bool:
    found = subject.responses[-1].outcome.found if subject.responses else None
    if isinstance(found, MissingInstance):
        return not (found.past and found.past.place)
    return isinstance(found, UnassignedAddress) and not found.holder


def _meant(dossier: CaseRecord) -> list[CaseResource]:
    """The resources that the answer is about: what only an unproven mail names is not told to AWS."""
    proven = {notice.mail for notice in dossier.notices if notice.proof.kind is ProofKind.AWS}
    return [
        resource
        for resource in dossier.resources
        if not proven or resource.contained or any(response.mail in proven for response in resource.responses)
    ]


def _measures(facts: _DraftData) -> list[str]:
    """What AWS says it has done on its side, which only AWS can undo."""
    measures = facts.dossier.case.measures
    if not measures:
        return []
    told = "\n".join(f"- {_foreign(measure)}" for measure in measures)
    return [f"You have told us of these measures. Please lift them when you are satisfied:\n{told}"]


def _advice(facts: _DraftData, to: str, cc: str) -> Iterator[str]:
    case = facts.dossier.case
    if not facts.proven:
        yield (
            "No notice of this case is proven to be from AWS. Find out first whether it is genuine: look into AWS "
            "Health, or ask AWS Support."
        )
    if case.state is CaseState.RESOLVED:
        yield "AWS says that the case is resolved: it wants no answer."
    if case.state is CaseState.ANSWERED and case.answered:
        yield f"{one_line(case.answered.actor)} has answered AWS at {_moment(case.answered.at)} already."
    if GAP.search(to):
        yield (
            "No address to answer to is proven to be AWS's. Reply to AWS's own mail where you have it, or answer in "
            f"the Support Center or AWS Health, if AWS wrote there. Its Trust & Safety takes mail at {_DESK}."
        )
    yield "Send it from the account's root or security address, and keep the subject as it is."
    yield (
        f"Keep {cc} in copy: the responder then sees that AWS was answered, and the clock stops."
        if cc
        else f"After you have sent it, stop the clock: python -m desk replied {case.id}"
    )


def _foreign(text: str, most: int = 1_000) -> str:
    """Words of others on one line, in which nothing looks like a gap of ours."""
    return re.sub(r"\](?=\])", "] ", re.sub(r"\[(?=\[)", "[ ", one_line(text, most)))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"

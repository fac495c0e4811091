"""Draft the answer to AWS's Trust & Safety, in English. Only an admin sends it.

The draft claims only what was read back from AWS. The rest, such as how an attacker got in, is a gap for an admin to
fill: `[[ what it is ]]`. Text from outside cannot add a gap or a line.
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
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.language.en import ABUSE
from lambdas.domain.page.case_record import CaseRecord, CaseResource, NoticeResponse, ReceivedNotice
from lambdas.domain.page.live_state import LiveState
from lambdas.domain.reading.identifiers import cases, subject_of_aws
from lambdas.domain.reading.plain_text import normalise

# The abuse contact in the public records of AWS's IP addresses.
_ABUSE_DESK = "trustandsafety@support.aws.com"
_MAX_SUBJECT = 300
# The reply prefixes of mail programs in several languages.
_PREFIXES = re.compile(
    r"(?:\s*(?:re|aw|sv|antw|fwd?|wg|rv|tr|返信|転送)(?:\[\d{1,2}\])?\s{0,2}[:\uff1a])+\s*", re.IGNORECASE
)
_SNAPSHOT = re.compile(r"\bsnap-\w{1,20}\b")


class AnswerVariant(StrEnum):
    """The main claim of the answer."""

    CONTAINED = "contained"
    FALSE_POSITIVE = "false-positive"  # the activity is a legitimate use case
    MORE_TIME = "more-time"
    NOT_OURS = "not-ours"


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """A draft. `to` may be a gap; `cc` is the intake address if known. `advice` is for the admin only."""

    variant: AnswerVariant
    to: str
    cc: str
    subject: str
    body: str
    advice: tuple[str, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """The gaps, in the order of the mail."""
        return tuple(GAP.findall("\n".join((self.to, self.subject, self.body))))

    @property
    def text(self) -> str:
        """The draft for printing."""
        copy = f"Cc:      {self.cc}\n" if self.cc else ""
        return f"To:      {self.to}\n{copy}Subject: {self.subject}\n\n{self.body}"

    def to_json(self) -> dict[str, Any]:
        """The JSON that `desk reply` prints."""
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
    record: CaseRecord,
    live: Mapping[str, LiveState],
    now: datetime,
    *,
    variant: AnswerVariant | None = None,
    cc: str = "",
) -> AnswerDraft:
    """Draft the answer. `live` are the states of instances that were read `now` (UTC)."""
    data = _DraftData(record, live, now)
    variant = variant or default_variant(record)
    to, subject = data.to, data.subject
    paragraphs = {
        AnswerVariant.CONTAINED: _contained,
        AnswerVariant.FALSE_POSITIVE: _false_positive,
        AnswerVariant.MORE_TIME: _more_time,
        AnswerVariant.NOT_OURS: _not_ours,
    }[variant](data)
    body = "\n\n".join(["Hello,", data.reference, *paragraphs, f"Regards,\n{gap('your name and your role')}"]) + "\n"
    return AnswerDraft(variant, to, cc, subject, body, tuple(_advice(data, to, cc)))


def default_variant(record: CaseRecord) -> AnswerVariant:
    """The variant that fits the case: before any action, it asks for more time."""
    resources = _relevant_resources(record)
    if any(resource.contained for resource in resources):
        return AnswerVariant.CONTAINED
    if resources and all(resource.status is InstanceStatus.DECLINED for resource in resources):
        return AnswerVariant.FALSE_POSITIVE
    if resources and all(map(_is_not_ours, resources)):
        return AnswerVariant.NOT_OURS
    return AnswerVariant.MORE_TIME


@dataclass(frozen=True, slots=True)
class _DraftData:
    """The data for the paragraphs."""

    record: CaseRecord
    live: Mapping[str, LiveState]
    now: datetime

    @property
    def proven(self) -> list[ReceivedNotice]:
        """The notices that are proven to be from AWS, newest first."""
        proven = [received for received in self.record.notices if received.proof.changes_cases]
        return sorted(proven, key=lambda received: received.notice.sent_at or received.received_at, reverse=True)

    @property
    def to(self) -> str:
        """The reply address of AWS's abuse desk. Other mail from Amazon, such as a gift card, can be anybody's."""
        for received in (received for received in self.proven if received.proof.may_contain):
            reply_to = parse_addresses(received.notice.reply_to)
            trusted = bool(reply_to) and all(map(is_aws_address, reply_to))
            for address in reply_to if trusted else parse_addresses(received.notice.sender):
                if is_aws_address(address) and not is_unmonitored(address):
                    return address
        return gap("the address to which AWS's own mail asks you to reply")

    @property
    def subject(self) -> str:
        """AWS finds its case by the subject, so it is unchanged: https://repost.aws/knowledge-center/aws-abuse-report"""
        notices = [received.notice for received in self.proven]
        subjects = [notice.subject for notice in notices if notice.subject and parse_addresses(notice.sender)]
        subject = next((subject for subject in subjects if any(cases(normalise(subject)))), next(iter(subjects), ""))
        if not subject:
            others = (subject_of_aws(normalise(received.notice.subject)) for received in self.record.notices)
            subject = next(filter(None, others), "")
        plain = _PREFIXES.sub("", _foreign(subject, _MAX_SUBJECT), count=1)
        return f"Re: {plain}" if plain else gap("the subject of AWS's mail, unchanged")

    @property
    def reference(self) -> str:
        """The sentence that names AWS's report and the account."""
        notices = [received.notice for received in self.proven or self.record.notices]
        numbers = [number for notice in notices for number in notice.case_numbers]
        accounts = [account for notice in notices for account in notice.account_ids]
        case = f"case {_foreign(numbers[0])}" if numbers else f"your report (our reference: {self.record.case.id})"
        account = _foreign(", ".join(dict.fromkeys(accounts))) or gap("the account's 12-digit id")
        kinds = dict.fromkeys(
            ABUSE.get(received.notice.abuse_type, "") for received in self.proven if received.notice.abuse_type
        )
        about = f", about {' and '.join(filter(None, kinds))}" if any(kinds) else ""
        return f"This is the answer to {case}, AWS account {account}{about}."


def _contained(data: _DraftData) -> list[str]:
    return [
        f"WHAT WE FOUND\n{gap('what you found: how somebody got in, since when, and what was done from there')}",
        _done(data),
        f"WHAT KEEPS IT FROM HAPPENING AGAIN\n{gap('what you have changed, and by when the rest will be done')}",
        *_measures(data),
        "Please tell us if you still see such activity, or need anything else from us.",
    ]


def _false_positive(data: _DraftData) -> list[str]:
    return [
        "We have looked into your report, and do not consider the reported activity abusive.",
        f"OUR USE CASE\n{gap('what the resource does, for whom, and with whose consent')}",
        f"WHY IT WAS REPORTED\n{gap('what the report shows, and what it really is')}",
        _done(data),
        f"WHAT KEEPS IT FROM BEING REPORTED AGAIN\n{gap('such as a lower rate, a contact page, or a way to opt out')}",
        *_measures(data),
        "Please close the case, or tell us what you still need to know.",
    ]


def _more_time(data: _DraftData) -> list[str]:
    due = data.record.case.deadline
    until = f" instead of {_moment(due.at)}" if due and due.stated else ""
    return [
        f"We have your report and are working on it. We ask for more time: until {gap('date and time, UTC')}{until}.",
        f"WHY\n{gap('why it takes longer, such as who must be reached, or what must not fail meanwhile')}",
        _done(data),
        "OUR PLAN\n"
        + "\n".join(
            f"- {gap(f'by when, UTC: {step}')}"
            for step in ("stop the activity", "find the cause", "put it right, and answer you")
        ),
        "We will write to you again by then at the latest.",
    ]


def _not_ours(data: _DraftData) -> list[str]:
    return [
        "We do not find the reported resource among ours.",
        _done(data, "WHAT WE LOOKED FOR"),
        f"WHERE WE LOOKED\n{gap('what else you looked into: other accounts, Regions, earlier holders of the address')}",
        "Please tell us account, Region, id and time (UTC) of the activity, or close the case for our account.",
    ]


def _done(data: _DraftData, head: str = "WHAT WAS DONE") -> str:
    """The actions on each resource, and its state now."""
    lines = [line for resource in _relevant_resources(data.record) for line in _about(resource, data)]
    return "\n".join([head, *(lines or [gap("what was done, about which resource, and when (UTC)")])])


def _about(resource: CaseResource, data: _DraftData) -> Iterator[str]:
    instance, first, last = resource.instance, resource.first_contained, resource.contained
    region = f" in {instance.region} (account {instance.account_id})" if instance else ""
    yield f"{_foreign(resource.name)}{region}"
    if first and last:
        yield from (f"- {line}" for line in (*_steps(first, last), *_state_now(resource, data)))
    else:
        yield f"- {_gone(resource) or gap(f'what was done about {_foreign(resource.name)}, and when (UTC)')}"


def _steps(first: NoticeResponse, last: NoticeResponse) -> Iterator[str]:
    """The steps that were read back: the first quarantine, because AWS counts from it, and the last of the rest."""
    yield (
        f"{_moment(first.verified_at)}: quarantined. Each of its {len(first.read_back)} network interface(s) carries "
        "only a security group without any rule, inbound or outbound, as EC2 showed when it was read back."
    )
    if last is not first:
        yield f"{_moment(last.verified_at)}: read back again, with the same result."
    done = {step.name: in_english(step.phrase) for step in last.outcome.steps if step.outcome == "done"}
    if "Verify snapshots" in done:
        snapshots = ", ".join(dict.fromkeys(_SNAPSHOT.findall(done["Verify snapshots"])))
        yield f"Snapshots of its volumes were started as evidence{f': {snapshots}' if snapshots else ''}."
    if "Revoke credentials" in done:
        yield "Its credentials were cut: what its IAM role may do is denied to this instance."
    if "Leave load balancers" in done:
        yield "It was taken out of its load balancers."
    if "Stop instance" in done:
        state = "stopping" if "stopping" in done["Stop instance"] else "stopped"
        yield f"It was told to stop; EC2 then showed it as {state}."


def _state_now(resource: CaseResource, data: _DraftData) -> Iterator[str]:
    """The release, or else the state that was just read from AWS."""
    record = resource.contained_record
    if record and record.releases and not record.not_released:
        at = _moment(datetime.fromisoformat(str(record.releases[-1]["at"])))
        yield f"{at}: released from the quarantine. {gap('why it is safe now')}"
        return
    live = data.live.get(resource.name)
    if live is None or live.instance is None:
        return
    at, state = _moment(data.now), live.instance.state
    if live.quarantined:
        yield f"{at}: looked at again, EC2 still shows it quarantined, and as {state}."
    elif not live.exists:
        yield f"{at}: EC2 shows it as {state}."
    else:
        yield f"{at}: it is out of the quarantine. {gap('why, and since when; or contain it again before you answer')}"


def _gone(resource: CaseResource) -> str:
    """What was read about a resource that we do not have; empty if we have it."""
    if not resource.responses:
        return ""
    found = resource.responses[-1].outcome.found
    if isinstance(found, UnassignedAddress):
        return "No instance of ours holds this address now." if not found.holder else ""
    if isinstance(found, MissingInstance):
        past = found.past
        if past and past.place and past.terminated_at:
            return f"{_moment(datetime.fromisoformat(past.terminated_at))}: terminated, as CloudTrail shows."
        return "" if past and past.place else "It is not in the accounts and Regions that we searched."
    return f"EC2 showed it as {found.state} when we looked." if found.state in TERMINATED_STATES else ""


def _is_not_ours(resource: CaseResource) -> bool:
    found = resource.responses[-1].outcome.found if resource.responses else None
    if isinstance(found, MissingInstance):
        return not (found.past and found.past.place)
    return isinstance(found, UnassignedAddress) and not found.holder


def _relevant_resources(record: CaseRecord) -> list[CaseResource]:
    """The resources for the answer, without those that only an unproven mail names."""
    proven = {received.mail for received in record.notices if received.proof.changes_cases}
    return [
        resource
        for resource in record.resources
        if not proven or resource.contained or any(response.mail in proven for response in resource.responses)
    ]


def _measures(data: _DraftData) -> list[str]:
    """The measures that AWS reported and only AWS can undo."""
    measures = data.record.case.measures
    if not measures:
        return []
    lines = "\n".join(f"- {_foreign(measure)}" for measure in measures)
    return [f"You have told us of these measures. Please lift them when you are satisfied:\n{lines}"]


def _advice(data: _DraftData, to: str, cc: str) -> Iterator[str]:
    case = data.record.case
    if not data.proven:
        yield (
            "No notice of this case is proven to be from AWS. Find out first whether it is genuine: look into AWS "
            "Health, or ask AWS Support."
        )
    if case.state is CaseState.RESOLVED:
        yield "AWS says that the case is resolved: it wants no answer."
    if case.state is CaseState.ANSWERED and case.answered:
        claimed = " (claimed)" if case.answered.is_claimed else ""
        yield f"{one_line(case.answered.actor)}{claimed} has answered AWS at {_moment(case.answered.at)} already."
    if GAP.search(to):
        yield (
            "No address to answer to is proven to be AWS's. Reply to AWS's own mail where you have it, or answer in "
            f"the Support Center or AWS Health, if AWS wrote there. Its Trust & Safety takes mail at {_ABUSE_DESK}."
        )
    yield "Send it from the account's root or security address, and keep the subject as it is."
    yield (
        f"Keep {cc} in copy: the responder then sees that AWS was answered, and the clock stops."
        if cc
        else f"After you have sent it, stop the clock: python -m desk replied {case.id}"
    )


def _foreign(text: str, limit: int = 1_000) -> str:
    """Text from outside, on one line and without anything that looks like a gap."""
    return re.sub(r"\](?=\])", "] ", re.sub(r"\[(?=\[)", "[ ", one_line(text, limit)))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"

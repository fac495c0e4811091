"""A message to the admins, and the facts that every message of a case is made of."""

from dataclasses import dataclass
from datetime import datetime

from lambdas.domain.case.case import Case
from lambdas.domain.case.identity import Deadline
from lambdas.domain.instance.other_resources import OtherResource, other_resources
from lambdas.domain.intake.notice import Notice, NoticeKind, Proof


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `subject` one line below 100 characters, `sms` what one SMS holds, or None."""

    subject: str
    body: str
    sms: str | None


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """What a message is about: a notice in its case, and where a person can look at it all."""

    case: str
    joined: bool  # the case was open before this notice
    instance_ids: tuple[str, ...]  # what the notice names, else what the case knew
    notice: Notice
    proof: Proof
    deadline: Deadline
    mail: str  # s3:// address of the mail as it came
    execution: str  # ARN of the execution
    addresses: tuple[str, ...] = ()  # what is looked for where the notice names no instance
    for_other_account: bool = False  # AWS writes only about accounts that are not ours

    @property
    def proven(self) -> bool:
        """Whether it is proven that a known sender of AWS writes about an account of ours."""
        return self.proof.changes_cases and not self.for_other_account

    @property
    def ends_case(self) -> bool:
        """Whether AWS's abuse desk says that the case is over; no other sender can end one."""
        return self.proven and self.proof.may_contain and self.notice.kind is NoticeKind.RESOLVED

    @property
    def is_retracted(self) -> bool:
        """Whether AWS's abuse desk says that its notice was wrong."""
        return self.ends_case and self.notice.sent_in_error

    @property
    def needs_sms(self) -> bool:
        """Urgent enough for an SMS: AWS itself says that something goes on. A forger cannot send anybody an SMS."""
        return self.proven and self.notice.kind in {
            NoticeKind.FIRST_NOTICE,
            NoticeKind.FOLLOW_UP,
            NoticeKind.ACTION_TAKEN,
        }

    @property
    def other_resources(self) -> tuple[OtherResource, ...]:
        """What the notice names beside instances."""
        return other_resources(self.notice)

    @property
    def region(self) -> str:
        """The Region in which the responder runs."""
        return self.execution.split(":")[3]

    @property
    def account_id(self) -> str:
        """The account in which the responder runs."""
        return self.execution.split(":")[4]

    @property
    def console(self) -> str:
        """The execution in the AWS console."""
        return console_url(self.execution)


@dataclass(frozen=True, slots=True)
class CaseUpdate:
    """What a message about a case as it stands is made of."""

    case: Case
    at: datetime  # when it is told, UTC
    execution: str  # ARN of the execution that tells it

    @property
    def due(self) -> Deadline:
        """By when AWS wants its answer; to be asked for only where it wants one."""
        if self.case.deadline is None:
            raise ValueError(f"AWS wants no answer in case {self.case.id}")
        return self.case.deadline

    @property
    def console(self) -> str:
        """The execution in the AWS console."""
        return console_url(self.execution)


def console_url(execution: str) -> str:
    """An execution in the AWS console."""
    region = execution.split(":")[3]
    return f"https://{region}.console.aws.amazon.com/states/home?region={region}#/v2/executions/details/{execution}"

"""The rehearsal: deploy, launch a fleet, deliver mail, and read back what EC2 shows and admins got."""

import contextlib
import json
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from desk.errors import DeskError
from desk.rehearsal import deployment as deploying
from desk.rehearsal.delivery import Delivery, deliver, notice_in
from desk.rehearsal.deployment import Deployment
from desk.rehearsal.emulators import ROOT, Emulators, running
from desk.rehearsal.execution_watch import ExecutionWatcher, FinishedExecution, StateProgress
from desk.rehearsal.fleet import Fleet, FleetInstance, InstanceView
from desk.rehearsal.inboxes import Inboxes, ReceivedMessage
from desk.rehearsal.story_mails import FOLDER
from lambdas.domain.case.case import Case, case_from_items
from lambdas.domain.case.table_keys import ENTRY_PREFIX
from lambdas.domain.containment.outcome import Outcome
from lambdas.domain.intake.arrival import parse_health_event
from lambdas.domain.intake.notice import Notice
from lambdas.domain.policy import Verdict
from lambdas.domain.settings.settings import Settings

EXAMPLE = FOLDER / "1-first-notice.eml"
# The account if no mail names one: AWS's documentation uses it.
_ANY_ACCOUNT = "111122223333"


@dataclass(frozen=True)
class MailRun:
    """A mail from delivery to the last message, with the fleet before and after."""

    mail: str
    notice: Notice
    delivery: Delivery
    execution: FinishedExecution
    outcomes: tuple[Outcome, ...]
    before: dict[str, InstanceView]
    after: dict[str, InstanceView]
    messages: tuple[ReceivedMessage, ...]

    def mistakes(self, members: Sequence[FleetInstance]) -> list[str]:
        """Differences between the policy's decisions and what EC2 shows."""
        if self.execution.status != "SUCCEEDED":
            return [f"the execution ended as {self.execution.status}"]
        decided = {outcome.decision.instance_id: outcome.decision.verdict for outcome in self.outcomes}
        wrong = [
            f"nothing was decided about {instance_id}, which the notice names"
            for instance_id in self.notice.instance_ids
            if instance_id not in decided
        ]
        for member in members:
            before, after = self.before[member.instance_id], self.after[member.instance_id]
            if decided.get(member.instance_id) is Verdict.CONTAIN:
                wrong += [] if after.quarantined else [f"{member.instance_id} should be contained and is not"]
            elif before != after:
                wrong.append(f"{member.instance_id} should be as it was and is not")
        return wrong

    @property
    def seconds_to_verified(self) -> dict[str, float]:
        """By instance: seconds from the stored mail until the quarantine was read back."""
        return {
            outcome.decision.instance_id: datetime.fromisoformat(outcome.verified_at).timestamp()
            - self.delivery.stored_at
            for outcome in self.outcomes
            if outcome.contained
        }

    def to_json(self) -> dict[str, Any]:
        """What was read back, for `--json`."""
        verdicts = {outcome.decision.instance_id: outcome.decision.verdict for outcome in self.outcomes}
        return {
            "mail": self.mail,
            "kind": self.notice.kind,
            "execution": {"arn": self.execution.arn, "status": self.execution.status},
            "states": [asdict(state) for state in self.execution.states],
            "instances": [
                {
                    "instance_id": instance_id,
                    "region": after.region,
                    "verdict": verdicts.get(instance_id),
                    "contained": after.quarantined,
                    "groups_before": self.before[instance_id].groups,
                    "groups_after": after.groups,
                    "snapshots": after.snapshots,
                    "tags": after.tags,
                    "seconds_to_verified": self.seconds_to_verified.get(instance_id),
                }
                for instance_id, after in self.after.items()
            ],
            "messages": [asdict(message) for message in self.messages],
        }


@dataclass(frozen=True)
class Rehearsal:
    """A responder, deployed from a synthesised assembly, with its fleet and its admins' inboxes."""

    emulators: Emulators
    assembly: Path
    deployment: Deployment
    fleet: Fleet
    inboxes: Inboxes
    watch: ExecutionWatcher

    def play(self, mail: Path, raw: bytes, show: Callable[[StateProgress], None]) -> MailRun:
        """Deliver a mail and follow its execution to the end."""
        before = self.fleet.view()
        delivery = deliver(self.emulators, self.deployment, raw)
        execution = self.watch.follow(delivery, show)
        return MailRun(
            mail=mail.name,
            notice=notice_in(raw),
            delivery=delivery,
            execution=execution,
            outcomes=tuple(Outcome.from_json(outcome) for outcome in execution.output.get("outcomes", ())),
            before=before,
            after=self.fleet.view(),
            messages=tuple(self.inboxes.collect()),
        )

    def case(self, number: str) -> Case | None:
        """A case from its current timeline in the table."""
        query = self.emulators.client("dynamodb").query(
            TableName=self.deployment.case_table,
            KeyConditionExpression="pk = :case AND begins_with(sk, :entry)",
            ExpressionAttributeValues={":case": {"S": number}, ":entry": {"S": ENTRY_PREFIX}},
            ConsistentRead=True,
        )
        return case_from_items(number, {item["sk"]["S"]: json.loads(item["data"]["S"]) for item in query["Items"]})


@contextlib.contextmanager
def rehearsal(
    account_id: str, say: Callable[[str], None], overrides: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Rehearsal]:
    """Set everything up, and remove it at the end, also after Ctrl-C.

    `overrides` are settings as for `cdk -c`, such as `{"responder.mode": "observe"}`.
    """
    with _interruptible(), tempfile.TemporaryDirectory(prefix="abuse-responder-assembly-") as name:
        assembly, began = Path(name) / "cdk.out", time.monotonic()
        with ThreadPoolExecutor(max_workers=1) as pool, contextlib.ExitStack() as stack:
            synthesis = pool.submit(deploying.synthesise, assembly, overrides)
            emulators = stack.enter_context(running(account_id))
            say(f"emulators answer ({emulators.ministack}, EC2 at {emulators.moto})")
            deploying.bootstrap(emulators)
            say("account bootstrapped for the CDK")
            synthesis.result()
            say("both stacks synthesised")
            deployment = deploying.deploy(emulators, assembly)
            deploying.announce_intake(emulators, assembly)
            say(f"AbuseResponder deployed by `cdk deploy`, {time.monotonic() - began:.0f} s after the start")
            yield Rehearsal(
                emulators,
                assembly,
                deployment,
                Fleet(emulators, _member_accounts(overrides)),
                Inboxes(emulators, deployment),
                ExecutionWatcher(emulators, deployment),
            )


def _member_accounts(overrides: Mapping[str, str]) -> tuple[str, ...]:
    block = json.loads((ROOT / "cdk.json").read_text())["context"]["responder"]
    members = Settings.parse(block, overrides).members
    return members.accounts if members else ()


def read_mails(paths: Sequence[Path]) -> list[tuple[Path, bytes]]:
    """The mails to play. Raises DeskError if a file is neither a mail nor a Health event."""
    mails = []
    for path in paths:
        if not path.is_file():
            raise DeskError(f"{path} is not a file. Name a stored mail, for example {EXAMPLE}")
        raw = path.read_bytes()
        if not _looks_like_mail(raw) and not parse_health_event(raw.decode(errors="replace")):
            raise DeskError(
                f'{path} is not a mail: it does not start with header lines such as "From: …" (RFC 5322). '
                'Nor is it an event of AWS Health: JSON with "source": "aws.health"'
            )
        mails.append((path, raw))
    return mails


def account_of(mails: Sequence[bytes]) -> str:
    """The account that the mails name."""
    named = [account for raw in mails for account in notice_in(raw).account_ids]
    return named[0] if named else _ANY_ACCOUNT


def _looks_like_mail(raw: bytes) -> bool:
    first = raw.lstrip(b"\r\n").split(b"\n", 1)[0]
    name, colon, _ = first.partition(b":")
    return bool(colon and name) and all(33 <= sign <= 126 for sign in name)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C, so that nothing is left running."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)

"""One deployment in an account of its own: what comes in is handled from the queue to the last message, on record."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from lambdas import activate_rule_set, archive_page, aws, publish, start
from lambdas.domain.intake.arrival import parse_health_event
from lambdas.domain.settings.member_roles import CONTAIN_ROLE, RELEASE_ROLE
from tests.account import account
from tests.execution import Execution, execute
from tests.lambdas.contain.fleet import Fleet
from tests.lambdas.profiles import Profiles
from tests.permissions.authorisation import authorised
from tests.permissions.policies import MEMBERS_ROLES, Asked, Deployment
from tests.recording import Call, Invocation, Look, recording
from tests.samples import ACCOUNT, MAIL_BUCKET
from tests.stream import inserted

REGION = "eu-west-1"
_PASS, _FAIL = "PASS", "FAIL"


@dataclass(frozen=True)
class Record:
    """A call that a role made, and what IAM is asked for it, or why the table does not say so."""

    scenario: str
    deployment: str
    role: str
    step: str
    call: str  # "ec2:CreateSnapshots"
    asked: tuple[Asked, ...] | Exception

    def __str__(self) -> str:
        return f"{self.role} in {self.step!r} of {self.scenario!r} ({self.deployment}): {self.call}"


@dataclass
class Scene:
    """The account with its deployment. `records` grows with every call that a handler makes."""

    scenario: str
    deployment: Deployment
    client: Callable[..., Any]
    records: list[Record] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)  # by access key: the role that was assumed
    published: list[dict[str, Any]] = field(default_factory=list)  # what the bus got of each entry
    number: int = 0

    def fleet(self, region: str = REGION, account_id: str = ACCOUNT, *, ipv6: bool = True) -> Fleet:
        return Fleet(self.client, region, account_id, ipv6=ipv6)

    def profiles(self, account_id: str = ACCOUNT) -> Profiles:
        return Profiles(lambda service, region: self.client(service, region, account_id), REGION)

    def ec2(self, account_id: str = ACCOUNT) -> Any:
        """Moto's own state of EC2, for what no call sets."""
        return ec2_backends[account_id][REGION]

    def iam(self) -> Any:
        """Moto's own state of IAM, for what somebody else does while a handler is at work."""
        return iam_backends[ACCOUNT]["aws"]

    def arrives(self, raw: bytes, *, proven: bool = True, **around: Any) -> Execution:
        """A mail, or the JSON of a Health event, from the queue to the end; `around` as in `runs`."""
        if parse_health_event(raw.decode(errors="replace")):
            return self.queued(raw.decode(), **around)
        self.number += 1
        key = f"mail/{self.number}"
        self.client("s3").put_object(Bucket=MAIL_BUCKET, Key=key, Body=raw)
        return self.announced(key, proven=proven, **around)

    def announced(self, key: str, *, proven: bool = True, **around: Any) -> Execution:
        """What SES says of a mail, whether or not it is there."""
        verdict = {"status": _PASS if proven else _FAIL}
        receipt = {
            **{f"{check}Verdict": verdict for check in ("spf", "dkim", "dmarc", "spam", "virus")},
            "action": {"type": "S3", "bucketName": MAIL_BUCKET, "objectKey": key},
        }
        told = {"mail": {"timestamp": datetime.now(UTC).isoformat()}, "receipt": receipt}
        return self.queued(json.dumps(told), **around)

    def queued(self, body: str, **around: Any) -> Execution:
        """A message of the intake queue."""
        calls = self.hands("start", start.handler, {"Records": [{"body": body}]})
        (started,) = [call for call in calls if call.operation == "StartExecution"]
        return self.runs("respond", json.loads(started.parameters["input"]), **around)

    def runs(
        self,
        machine: str,
        given: dict[str, Any],
        meanwhile: Callable[[], Any] | None = None,
        answer: Any = None,
        **around: Look,
    ) -> Execution:
        """One execution, by the definition of this deployment, and what it starts; `meanwhile` comes between.

        `answer` comes to a question of this execution; nobody answers those of what it starts.
        """
        self.number += 1
        self._as_the_function_of(machine)
        execution = execute(
            self.deployment.definition(machine),
            given,
            name=f"{machine}-{self.number}",
            before=self._before(around.get("before")),
            after=self._after(around.get("after")),
            answer=answer,
        )
        assert execution.status == "SUCCEEDED", (self.scenario, execution.error, execution.cause)
        self._made_by_the_machine(machine, execution)
        for record in inserted(execution.calls):
            *_, put = self.hands("publish", publish.handler, {"Records": [record]})
            self.published += [json.loads(entry["Detail"]) for entry in put.parameters["Entries"]]
        self.hands("archive_page", archive_page.handler, {"Records": inserted(execution.calls)})
        if meanwhile:
            meanwhile()
        for started in execution.started:
            self.runs(_machine_of(started).lower(), started["Input"])
        return execution

    def releases(
        self, case: str, *instance_ids: str, do: bool = True, force: bool = False, **around: Look
    ) -> Execution:
        asked = {"case": case, "instances": list(instance_ids), "do": do, "force": force, "by": "arn:aws:iam::1:user/a"}
        return self.runs("release", asked, **around)

    def hands(self, function: str, handler: Any, event: Any) -> list[Call]:
        """Call a handler that no state machine calls."""
        context = SimpleNamespace(
            function_name=function,
            memory_limit_in_mb=1024,
            invoked_function_arn=f"arn:aws:lambda:{os.environ['AWS_DEFAULT_REGION']}:{ACCOUNT}:function:{function}",
            aws_request_id="00000000-0000-0000-0000-000000000000",
            log_group_name="log",
        )
        with recording(Invocation(function, "by hand"), before=self._before(None), after=self._after(None)) as calls:
            handler(event, context)
        return calls

    def asks_cloudformation(self, request: str, mode: str, rule_set: str, physical_id: str = "") -> str:
        """One request to the rule set's custom resource; the physical id that it answers."""
        asked = {"Mode": mode, "RuleSet": rule_set}
        return self.answers_cloudformation("activate_rule_set", activate_rule_set, request, asked, physical_id)

    def answers_cloudformation(
        self, function: str, module: Any, request: str, properties: dict[str, str], physical_id: str = ""
    ) -> str:
        """One request to a custom resource; the physical id that it answers."""
        answers: list[str] = []
        event = {
            "RequestType": request,
            "ResourceProperties": properties,
            "OldResourceProperties": properties,
            **({"PhysicalResourceId": physical_id} if physical_id else {}),
        }
        send, module.send_response = module.send_response, lambda _, physical_id, **__: answers.append(physical_id)
        try:
            self.hands(function, module.handler, event)
        finally:
            module.send_response = send
        return answers[0]

    def _as_the_function_of(self, machine: str) -> None:
        """Each function has its own role in a member account, and assumes it anew."""
        if self.deployment.member:
            os.environ["MEMBER_ROLE"] = RELEASE_ROLE if machine == "release" else CONTAIN_ROLE
            _forget_members()

    def _before(self, look: Look | None) -> Look:
        def before(call: Call) -> None:
            self._keep(call)
            if look:
                look(call)

        return before

    def _after(self, look: Look | None) -> Look:
        def after(call: Call) -> None:
            if call.operation == "AssumeRole":
                key = call.answer["Credentials"]["AccessKeyId"]
                self.sessions[key] = call.parameters["RoleArn"].rpartition("/")[2]
            if look:
                look(call)

        return after

    def _keep(self, call: Call) -> None:
        """Before the call: by then what it is authorised on stands as IAM sees it."""
        credentials = call.client._get_credentials()
        role, account_id = call.function, ACCOUNT
        if credentials.method == "assume-role":
            role = self.sessions[credentials.get_frozen_credentials().access_key]
            account_id = self.deployment.roles[role].account
            assert MEMBERS_ROLES[role] == call.function
        try:
            asked = tuple(authorised(call, account_id))
        except Exception as error:  # noqa: BLE001  a handler must not take it for an error of AWS
            asked = error
        self._add(role, call.step, f"{call.service}:{call.operation}", asked)

    def _made_by_the_machine(self, machine: str, execution: Execution) -> None:
        here = f"{os.environ['AWS_DEFAULT_REGION']}:{ACCOUNT}"
        for invocation in execution.invocations:
            asked = Asked.of("lambda:InvokeFunction", f"arn:aws:lambda:{here}:function:{invocation.function.title()}")
            self._add(f"machine {machine}", invocation.step, "lambda:Invoke", (asked,))
        for started in execution.started:
            arn = f"arn:aws:states:{here}:stateMachine:{_machine_of(started)}"
            asked = Asked.of("states:StartExecution", arn)
            self._add(f"machine {machine}", f"Start {_machine_of(started).lower()}", "states:StartExecution", (asked,))

    def _add(self, role: str, step: str, call: str, asked: tuple[Asked, ...] | Exception) -> None:
        self.records.append(Record(self.scenario, self.deployment.name, role, step, call, asked))


def _machine_of(started: dict[str, Any]) -> str:
    """The state machine that was started, as the template names it: "Watch" of `${WatchMachine}`."""
    named = re.fullmatch(r"\$\{(\w+)Machine\}|.*:stateMachine:(\w+)", started["StateMachineArn"])
    return named[1] or named[2].title()


@contextmanager
def opened(scenario: str, deployment: Deployment) -> Iterator[Scene]:
    """A fresh account with what the deployment keeps at home, and its functions' environment."""
    with account(deployment.environment, regions=(REGION,), member_role=CONTAIN_ROLE) as client:
        machine = os.environ["RESPOND"].rpartition(":")[2]
        client("stepfunctions").create_state_machine(
            name=machine, definition='{"StartAt": "E", "States": {"E": {"Type": "Succeed"}}}', roleArn=_SOMEBODY
        )
        if deployment.member:
            _know_accounts_by_their_keys(client)
        yield Scene(scenario, deployment, client)
    if deployment.member:
        _forget_members()


_SOMEBODY = f"arn:aws:iam::{ACCOUNT}:role/somebody"


def _know_accounts_by_their_keys(client: Callable[..., Any]) -> None:
    """With MOTO_ACCOUNT_ID Moto knows one account only: the home account's functions have a key of theirs instead."""
    given = client("sts").assume_role(RoleArn=_SOMEBODY, RoleSessionName="function")["Credentials"]
    del os.environ["MOTO_ACCOUNT_ID"]
    os.environ["AWS_ACCESS_KEY_ID"] = given["AccessKeyId"]
    _forget_members()


def _forget_members() -> None:
    """Their credentials are those of another function, or of an account that has ended."""
    aws._cached_client.cache_clear()
    aws._session.cache_clear()

"""Records an admin's action on a case and tells all admins. Read from top to bottom.

Only a person starts it, with `python -m desk ack`, `approve`, `decline`, `replied` or `close`, under their own IAM
identity. An action that does not fit the case's state is refused, and nothing is changed.

It is also the admins' own way in, with `python -m desk submit` and `redrive`: their input names a file or nothing, so
it cannot carry a verdict of SES or an event of AWS Health.
"""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from lambdas.domain.case.timeline import EntryKind
from lambdas.domain.errors import NotPossibleNow, UnknownArrival, UnknownCase
from stacks.functions import Functions
from stacks.machines.ask import start_respond
from stacks.machines.machine import ALREADY_STARTED, CAUGHT, choose, machine, notification_failed, task

# The error of the state before, if it failed after the action was recorded.
_FAILURES = "{% $exists($states.input.Error) ? [$states.input] : [] %}"


class DeskMachine(Construct):
    """The state machine "desk": one execution for each admin action.

    Input: `action`, `case`, `instance` (or ""), `by` (the ARN of the caller), `words` (or "") and, for an
    acknowledgement, `admin`: the caller's address (or ""). The action "submit" takes only `mail`, the SHA-256 of a mail
    below `submitted/`, and "redrive" takes nothing.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        functions: Functions,
        start: lambda_.Function,
        respond: sfn.StateMachine,
    ) -> None:
        super().__init__(scope, construct_id)
        self.machine = machine(
            self,
            self._definition(functions, start, respond),
            timeout=Duration.minutes(10),
            functions=(functions.read, functions.tell, start),
        )
        self.machine.add_to_role_policy(
            iam.PolicyStatement(actions=["states:StartExecution"], resources=[respond.state_machine_arn])
        )

    def _definition(self, functions: Functions, start: lambda_.Function, respond: sfn.StateMachine) -> sfn.IChainable:
        nothing_done = sfn.Succeed.jsonata(self, "Nothing done", comment="The desk says why; nothing was changed")
        started = sfn.Succeed.jsonata(self, "Started", comment="Each mail has an execution, which tells the admins")
        submit = task(
            self,
            "Start submitted mail",
            start,
            comment="Only a hash goes in, so it names a submitted file and nothing else",
            payload={"mail": "{% $string($states.input.mail) %}"},
            final=(UnknownArrival.__name__,),
            outputs="{% $states.result.Payload %}",
        )
        redrive = task(
            self,
            "Redrive dead letters",
            start,
            comment="Handles what no execution could be started for; what fails again stays",
            payload={},
            outputs="{% $states.result.Payload %}",
        )
        for step in (submit, redrive):
            step.add_catch(nothing_done, outputs={"refused": f"{{% {CAUGHT} %}}"})
            step.next(started)
        is_about = sfn.Choice.jsonata(self, "Is it about a case?")
        is_about.when(sfn.Condition.jsonata("{% $states.input.action = 'submit' %}"), submit)
        is_about.when(sfn.Condition.jsonata("{% $states.input.action = 'redrive' %}"), redrive)
        is_about.otherwise(self._act(functions, respond, nothing_done))
        return is_about

    def _act(self, functions: Functions, respond: sfn.StateMachine, nothing_done: sfn.Succeed) -> sfn.Chain:
        note = task(
            self,
            "Record admin action",
            functions.read,
            comment="Who, when, what and why; refused if it does not fit the case",
            payload={"act": "{% $states.input %}"},
            final=(UnknownCase.__name__, NotPossibleNow.__name__),
            assign={"noted": "{% $states.result.Payload %}"},
            outputs={},
        )
        note.add_catch(nothing_done, outputs={"refused": f"{{% {CAUGHT} %}}"})
        tell = task(
            self,
            "Tell admins",
            functions.tell,
            comment="All of them: who did what, and what is still missing",
            payload={"noted": "{% $noted %}", "failures": _FAILURES},
            outputs={"case": "{% $noted.case %}", "entry": "{% $noted.entry %}", "failures": _FAILURES},
        )
        tell.add_catch(notification_failed(self, comment="The action is recorded; the desk says so"))
        tell.next(sfn.Succeed.jsonata(self, "Admins told"))
        decided = " or ".join(f"$noted.entry.kind = '{kind}'" for kind in (EntryKind.APPROVED, EntryKind.DECLINED))
        answer = self._answer(functions, respond, tell)
        return note.next(choose(self, "Does an execution wait for it?", (decided, answer), otherwise=tell))

    def _answer(self, functions: Functions, respond: sfn.StateMachine, tell: sfn.IChainable) -> sfn.IChainable:
        """Deliver it to the waiting execution. A late or unasked approval starts containment here."""
        hand_in = task(
            self,
            "Deliver decision",
            functions.read,
            comment="With the token of the newest open question about the instance",
            payload={"noted": "{% $noted %}"},
            outputs="{% $states.result.Payload %}",
        )
        start = start_respond(
            self,
            "Contain at once",
            comment="No question is open: handles the same notice again, with the approval",
            respond=respond.state_machine_arn,
            run="{% $states.input.contain.name %}",
            given="{% $states.input.contain.input %}",
            output={},
        )
        begun = sfn.Pass.jsonata(self, "Already started", comment="By an earlier try of this step", outputs={})
        start.add_catch(begun.next(tell), errors=list(ALREADY_STARTED))
        for step in (hand_in, start):
            step.add_catch(tell)
        start.next(tell)
        is_late = ("$exists($states.input.contain.name)", start)
        return hand_in.next(choose(self, "Is it still to be contained?", is_late, otherwise=tell))

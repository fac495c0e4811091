"""Asks the admins whether to contain an instance. Read from top to bottom.

"Start ask" of respond.py starts it; the report asks the question, and the desk delivers the answer with a task token.
A setting decides what happens without an answer; an unproven notice then contains nothing.
"""

from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from lambdas.domain.case.clock import MAX_WAIT
from lambdas.domain.case.question import TimeoutAction
from stacks.functions import Functions
from stacks.machines.machine import ALREADY_STARTED, PATIENT, add_retries, choose, machine, notification_failed, task

# The question, for every state: a custom state's catch outputs only the error.
_ASKED = "$states.context.Execution.Input"
_QUESTION = {name: f"{{% {_ASKED}.{name} %}}" for name in ("case", "instance_id")}


class AskMachine(Construct):
    """The state machine "ask": one execution for each instance that waits for a decision.

    Input: `case` (its id), `instance_id`, `arrival` of the notice, `until`, `proven` (the notice), `protected` (the
    instance), and the ARN of `respond`.
    """

    def __init__(self, scope: Construct, construct_id: str, *, functions: Functions) -> None:
        super().__init__(scope, construct_id)
        self.machine = machine(
            self,
            self._ask(functions),
            timeout=Duration.days(MAX_WAIT.days + 2),
            functions=(functions.read, functions.tell),
        )

    def may_start(self, respond: sfn.StateMachine) -> None:
        """Let it start "respond". A separate policy, because each machine refers to the other."""
        iam.Policy(
            self,
            "MayRespond",
            roles=[self.machine.role],
            statements=[iam.PolicyStatement(actions=["states:StartExecution"], resources=[respond.state_machine_arn])],
        )

    def _ask(self, functions: Functions) -> sfn.IChainable:
        escalate = task(
            self,
            "Escalate",
            functions.tell,
            comment="Tells all admins that nobody has decided, or that containment could not start",
            payload={**_QUESTION, "failures": "{% $exists($states.input.Error) ? [$states.input] : [] %}"},
            retries=PATIENT,
        )
        escalate.add_catch(notification_failed(self))
        escalate.next(sfn.Succeed.jsonata(self, "Admins told"))
        begun = sfn.Succeed.jsonata(self, "Containment started", comment="A separate report gives the result")
        approved, unanswered = (
            self._contain(name, comment=comment, run=run, given={"arrival": f"{{% {_ASKED}.arrival %}}", **ids})
            for name, comment, run, ids in (
                (
                    "Contain on approval",
                    "Handles the same notice again, with an admin's approval",
                    "{% $states.input.name %}",
                    {"approved": [_QUESTION["instance_id"]]},
                ),
                (
                    "Contain without decision",
                    "Handles the same notice again, as the settings say, with a new decision",
                    "{% 'unanswered-' & $substring($states.context.Execution.Name, 0, 69) %}",
                    {"approved": [], "undecided_instances": [_QUESTION["instance_id"]]},
                ),
            )
        )
        for start in (approved, unanswered):
            start.add_catch(begun, errors=list(ALREADY_STARTED))
            start.add_catch(escalate)
            start.next(begun)
        return self._waits(functions, approved, unanswered, escalate)

    def _waits(
        self, functions: Functions, approved: sfn.IChainable, unanswered: sfn.IChainable, escalate: sfn.IChainable
    ) -> sfn.IChainable:
        ask = self._question(functions)
        wait = sfn.Wait.jsonata(
            self,
            "Wait until the decision is due",
            comment="Only needed if the question could not be saved: then the desk starts the containment",
            time=sfn.WaitTime.timestamp(f"{{% {_ASKED}.until %}}"),
        )
        silence = task(
            self,
            "Record missing decision",
            functions.read,
            comment="Does the instance still wait for a decision, and what happens if so?",
            payload={**_QUESTION, **{name: f"{{% {_ASKED}.{name} %}}" for name in ("proven", "protected")}},
            outputs="{% $states.result.Payload %}",
        )
        ask.add_catch(wait)
        silence.add_catch(escalate, outputs={})
        declined = sfn.Succeed.jsonata(self, "Declined", comment="The desk has told all admins who declined")
        is_approved = choose(self, "Is it approved?", ("$states.input.approved", approved), otherwise=declined)
        withdrawn = sfn.Succeed.jsonata(
            self, "Question withdrawn", comment="Already decided, asked again, or the case has ended"
        )
        follows = choose(
            self,
            "What happens without a decision?",
            (f"$states.input.next = '{TimeoutAction.END}'", withdrawn),
            (f"$states.input.next = '{TimeoutAction.CONTAIN}'", unanswered),
            otherwise=escalate,
        )
        ask.next(is_approved)
        wait.next(silence).next(follows)
        return ask

    def _question(self, functions: Functions) -> sfn.CustomState:
        """The state that waits for an admin, written as JSON: the CDK has no JSONata time-out."""
        seconds_left = f"($toMillis({_ASKED}.until) - $toMillis($states.context.State.EnteredTime)) / 1000"
        ask = sfn.CustomState(
            self,
            "Ask admins",
            state_json={
                "Type": "Task",
                "Resource": f"arn:{Stack.of(self).partition}:states:::lambda:invoke.waitForTaskToken",
                "Comment": "The report asks; the desk delivers the answer with the token from the table",
                "Arguments": {
                    "FunctionName": functions.read.function_arn,
                    "Payload": {
                        "step": "Ask admins",
                        "execution": "{% $states.context.Execution.Id %}",
                        "token": "{% $states.context.Task.Token %}",
                        **_QUESTION,
                    },
                },
                "TimeoutSeconds": f"{{% $max([1, $floor({seconds_left})]) %}}",
            },
        )
        # No answer is not a failure, so it is not retried.
        add_retries(ask, final=(sfn.Errors.TIMEOUT,))
        return ask

    def _contain(self, name: str, *, comment: str, run: str, given: dict[str, Any]) -> sfn.CustomState:
        return start_respond(
            self, name, comment=comment, respond=f"{{% {_ASKED}.respond %}}", run=run, given=given, output={}
        )


def start_respond(
    scope: Construct, name: str, *, comment: str, respond: str, run: str, given: Any, output: Any
) -> sfn.CustomState:
    """A state that starts "respond" once: `run` names the execution. `respond` may be JSONata."""
    start = sfn.CustomState(
        scope,
        name,
        state_json={
            "Type": "Task",
            "Resource": f"arn:{Stack.of(scope).partition}:states:::states:startExecution",
            "Comment": comment,
            "Arguments": {"StateMachineArn": respond, "Name": run, "Input": given},
            "TimeoutSeconds": 10,
            "Output": output,
        },
    )
    add_retries(start, final=ALREADY_STARTED)
    return start

"""The incident, from the stored mail to the report: read this file from top to bottom.

Tasks are imperatives, choices are questions, ends are facts. Every task has a time-out, a retry and a catch. What is
caught is handed on: a containing step's error stands among the instance's steps, any other one in `trouble`, and the
report names them all. A failure never leads back, so nothing that was done is undone.
"""

from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from lambdas.domain.notice import Kind
from lambdas.domain.outcome import STEPS
from lambdas.domain.policy import Verdict
from stacks.function import TIMEOUT, acknowledge
from stacks.functions import Functions

# What every task after "Read notice" may need of what is known so far.
_NOTICE = {"arrival": "{% $arrival %}", "notice": "{% $notice %}", "proof": "{% $proof %}"}
_CASE = {**_NOTICE, "case": "{% $case %}"}
# Retries of what must reach an admin: two minutes, because a late message is better than none.
_PATIENT = 7


class Respond(Construct):
    """The state machine "respond": one execution a mail, named after it."""

    def __init__(self, scope: Construct, construct_id: str, *, functions: Functions) -> None:
        super().__init__(scope, construct_id)
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            definition_body=sfn.DefinitionBody.from_chainable(self._incident(functions)),
            query_language=sfn.QueryLanguage.JSONATA,
            timeout=Duration.hours(1),
            logs=sfn.LogOptions(
                destination=logs.LogGroup(
                    self,
                    "Log",
                    retention=logs.RetentionDays.THIRTEEN_MONTHS,
                    removal_policy=RemovalPolicy.DESTROY,
                ),
                # Step Functions forgets an execution after 90 days; its log tells which states it took for as long
                # as a case is kept. What the mail says stays out of it.
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
        )
        self._acknowledge(functions)

    def _acknowledge(self, functions: Functions) -> None:
        """What cdk-nag would refuse, and why it stands."""
        acknowledge(
            self.machine,
            "AwsSolutions-SF2",
            reason="The execution itself shows each step, its time and its error; traces would take rights on *",
        )
        acknowledge(
            self.machine.role,
            "AwsSolutions-IAM5[Resource::*]",
            reason="Delivery of logs knows no resource: "
            "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        )
        for one in (functions.read, functions.contain, functions.tell):
            name = Stack.of(self).resolve(one.function_arn)["Fn::GetAtt"][0]
            acknowledge(
                self.machine.role,
                f"AwsSolutions-IAM5[Resource::<{name}.Arn>:*]",
                reason="CDK grants the versions of a function beside the function; there are none",
            )

    def _incident(self, functions: Functions) -> sfn.IChainable:
        relay = self._task(
            "Relay mail",
            functions.tell,
            comment="No mail ends silently: what is no notice goes to the admins as it came",
            payload={"arrival": "{% $arrival %}", "trouble": "{% $trouble %}"},
            retries=_PATIENT,
            outputs={"outcomes": [], "trouble": "{% $trouble %}"},
        )
        report = self._task(
            "Report to admins",
            functions.tell,
            comment="What was done as read back, what was not and why, what to do now",
            payload={
                **_CASE,
                "outcomes": "{% $outcomes %}",
                "trouble": "{% $trouble %}",
                "state_machine": "{% $states.context.StateMachine.Id %}",
            },
            retries=_PATIENT,
            outputs={"case": "{% $case.id %}", "outcomes": "{% $outcomes %}", "trouble": "{% $trouble %}"},
        )
        not_told = sfn.Fail.jsonata(
            self, "Admins not told", comment="The alarm on failed executions tells them", error="AdminsNotTold"
        )
        relay.add_catch(not_told)
        report.add_catch(not_told)
        relay.next(sfn.Succeed.jsonata(self, "Mail relayed"))
        report.next(sfn.Succeed.jsonata(self, "Admins told"))

        record = self._task(
            "Record outcomes",
            functions.read,
            comment="A follow-up must know what was done",
            payload={**_CASE, "outcomes": "{% $outcomes %}"},
        )
        self._go_on(record, report)
        each = sfn.Map.jsonata(
            self,
            "For each instance",
            comment="Instances are independent: one that fails holds up no other",
            items=sfn.ProvideItems.jsonata("{% $decisions %}"),
            max_concurrency=10,
            assign={"outcomes": "{% [$states.result] %}"},
        )
        each.item_processor(self._one_instance(functions))
        self._go_on(each, record)
        decide = self._task(
            "Decide",
            functions.read,
            comment="Is it from AWS? Is it for us, now? May we? Only three times yes contains without asking",
            payload={**_CASE, "found": "{% $states.input[1].found %}", "approved": "{% $approved %}"},
            assign={"decisions": "{% [$states.result.Payload] %}", "trouble": "{% [$states.input.trouble] %}"},
        )
        decide.add_catch(report, assign={"trouble": _trouble("Decide", earlier="$states.input.trouble")})
        look = self._tell_and_look(functions)
        self._go_on(look, report)
        open_case = self._task(
            "Open case",
            functions.read,
            comment="Join the notice to the case of its number, or open one",
            payload=_NOTICE,
            assign={"case": "{% $states.result.Payload %}"},
        )
        self._go_on(open_case, relay)
        read = self._task(
            "Read notice",
            functions.read,
            comment="What the mail says, and what shows that it is from AWS",
            payload={"arrival": "{% $states.input.arrival %}"},
            assign={
                **self._beginning(),
                "notice": "{% $states.result.Payload.notice %}",
                "proof": "{% $states.result.Payload.proof %}",
            },
        )
        read.add_catch(relay, assign={**self._beginning(), "trouble": _trouble("Read notice")})
        is_notice = sfn.Choice.jsonata(self, "Is it a notice of abuse?")
        is_notice.when(sfn.Condition.jsonata(f"{{% $notice.kind = '{Kind.NONE}' %}}"), relay)
        is_notice.otherwise(open_case)
        open_case.next(look)
        look.next(decide)
        decide.next(each)
        each.next(record)
        record.next(report)
        return read.next(is_notice)

    @staticmethod
    def _beginning() -> dict[str, Any]:
        """The variables of an execution before anything is known."""
        return {
            "arrival": "{% $states.input.arrival %}",
            "approved": "{% $states.input.approved %}",
            "outcomes": [],
            "trouble": [],
        }

    def _tell_and_look(self, functions: Functions) -> sfn.Parallel:
        """The first alert leaves before anything is changed; looking changes nothing, so both go at once.

        What comes out, and goes into "Decide": `[{"trouble": […]}, {"trouble": […], "found": {…}}]`.
        """
        alert = self._task(
            "Send first alert",
            functions.tell,
            comment="What is claimed, how urgent it is and by when AWS wants an answer",
            payload={**_CASE, "state_machine": "{% $states.context.StateMachine.Id %}"},
            retries=1,  # the quarantine waits for it
            outputs={"trouble": []},
        )
        alert.add_catch(
            sfn.Pass.jsonata(self, "First alert not sent", comment="The report says so"),
            outputs={"trouble": _trouble("Send first alert")},
        )
        asks = sfn.Choice.jsonata(self, "Does AWS ask for anything?")
        asks.when(
            sfn.Condition.jsonata(f"{{% $notice.kind = '{Kind.RESOLVED}' %}}"),
            sfn.Pass.jsonata(self, "Report is enough", comment="Nothing will be changed", outputs={"trouble": []}),
        )
        find = self._task(
            "Find instances",
            functions.contain,
            comment="In the Regions that the notice names, then in every other one",
            payload={"case": "{% $case %}"},
            outputs={"trouble": [], "found": "{% $states.result.Payload %}"},
        )
        find.add_catch(
            sfn.Pass.jsonata(self, "Instances not looked for", comment="The report says so"),
            outputs={"trouble": _trouble("Find instances"), "found": {"instances": [], "missing": []}},
        )
        return sfn.Parallel.jsonata(self, "Tell and look").branch(asks.otherwise(alert), find)

    def _one_instance(self, functions: Functions) -> sfn.IChainable:
        """Contain, or leave it: each step ends as done, failed or skipped, and the next one is taken all the same."""
        outcome = {"found": "{% $found %}", "decision": "{% $decision %}"}
        steps = {name: f"{{% ${_variable(name)} %}}" for name in STEPS}
        tagless = {name: words for name, words in steps.items() if name != "Tag instance"}

        may_we = sfn.Choice.jsonata(self, "May we contain it?")
        contained = sfn.Pass.jsonata(self, "Contained", outputs={**outcome, "steps": steps})
        not_contained = sfn.Pass.jsonata(self, "Not contained", outputs={**outcome, "steps": tagless})
        left_alone = sfn.Pass.jsonata(
            self,
            "Left alone",
            comment="An admin decides, or there is nothing to contain",
            outputs={
                "found": "{% $states.input.found %}",
                "decision": "{% $states.input.decision %}",
                "steps": {},
            },
        )
        taken = [
            self._task(
                name,
                functions.contain,
                comment=comment,
                payload={"case": "{% $case %}", "instance": "{% $found %}"},
                assign={_variable(name): "{% $states.result.Payload %}"},
            )
            for name, comment in zip(
                STEPS,
                (
                    "Once for each case and instance; what was written first stays",
                    "Point in time at the call: nothing waits for them to finish",
                    "Every interface into the group without rules",
                    "Only what is read back from EC2 now may be called contained",
                    "Whoever looks at the instance sees its case",
                ),
                strict=True,
            )
        ]
        before, snapshots, quarantine, verify, tag = taken
        is_contained = sfn.Choice.jsonata(self, "Is it contained?")
        is_contained.when(sfn.Condition.jsonata(f"{{% ${_variable(verify.id)}.outcome = 'done' %}}"), tag)
        is_contained.otherwise(not_contained)
        order: list[tuple[tasks.LambdaInvoke, sfn.IChainable]] = [
            (before, snapshots),
            (snapshots, quarantine),
            (quarantine, verify),
            (verify, is_contained),
            (tag, contained),
        ]
        for step, following in order:
            step.add_catch(following, assign={_variable(step.id): "{% $states.errorOutput %}"})
            step.next(following)
        may_we.when(
            sfn.Condition.jsonata(f"{{% $states.input.decision.verdict = '{Verdict.CONTAIN}' %}}"),
            before,
            assign={"found": "{% $states.input.found %}", "decision": "{% $states.input.decision %}"},
        )
        return may_we.otherwise(left_alone)

    def _task(
        self,
        name: str,
        function: lambda_.IFunction,
        *,
        comment: str,
        payload: dict[str, Any],
        retries: int = 4,
        **result: Any,
    ) -> tasks.LambdaInvoke:
        """One step of a function, tried again when it fails: every step converges.

        Four retries take 15 s at the most, so that what failed for good is reported soon.
        """
        task = tasks.LambdaInvoke.jsonata(
            self,
            name,
            lambda_function=function,
            comment=comment,
            payload=sfn.TaskInput.from_object(
                {"step": name, "execution": "{% $states.context.Execution.Id %}", **payload}
            ),
            task_timeout=sfn.Timeout.duration(TIMEOUT.plus(Duration.seconds(5))),
            retry_on_service_exceptions=False,  # the retry below is for all of them
            **result,
        )
        task.add_retry(
            errors=[sfn.Errors.TASKS_FAILED],
            interval=Duration.seconds(1),
            backoff_rate=2,
            max_attempts=retries,
            jitter_strategy=sfn.JitterType.FULL,
        )
        # A time-out is no failed task to Step Functions, and has cost half a minute already.
        task.add_retry(errors=[sfn.Errors.TIMEOUT], max_attempts=1)
        return task

    @staticmethod
    def _go_on(state: tasks.LambdaInvoke | sfn.Map | sfn.Parallel, following: sfn.IChainable) -> None:
        """Hand a failure on in `trouble`, for the report to name."""
        state.add_catch(following, assign={"trouble": _trouble(state.id, earlier="$trouble")})


def _trouble(state: str, *, earlier: str = "") -> str:
    """What a Catch adds to the failures that the report names, after the `earlier` ones."""
    this = f"{{'state': '{state}', 'error': $states.errorOutput}}"
    return f"{{% [{earlier}, {this}] %}}" if earlier else f"{{% [{this}] %}}"


def _variable(step: str) -> str:
    """The state machine's variable that holds a step's result: "Start snapshots" is $start_snapshots."""
    return step.lower().replace(" ", "_").replace("-", "_")

"""Parts of every state machine: tasks with a time-out, retries and a catch."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from stacks.function_builder import TIMEOUT, acknowledge, acknowledge_resources

# Retries of what must reach an admin: two minutes, because a late message is better than none.
PATIENT = 7
# An execution of this name exists: an earlier try started it. The second is the API's own name.
ALREADY_STARTED = ("StepFunctions.ExecutionAlreadyExistsException", "ExecutionAlreadyExists")
# A Catch keeps this much of an error: not the stack trace, which is in the log. Many traces would exceed the 256 KiB
# between states, and that failure cannot be caught.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
CAUGHT = "$merge([$states.errorOutput, {'Cause': $replace($states.errorOutput.Cause, /, *\"stackTrace\".*/, '}')}])"


def machine(
    scope: Construct, definition: sfn.IChainable, *, timeout: Duration, functions: Sequence[lambda_.IFunction]
) -> sfn.StateMachine:
    """A state machine that calls these functions."""
    state_machine = sfn.StateMachine(
        scope,
        "Machine",
        definition_body=sfn.DefinitionBody.from_chainable(definition),
        query_language=sfn.QueryLanguage.JSONATA,
        timeout=timeout,
        logs=sfn.LogOptions(
            destination=logs.LogGroup(
                scope, "Log", retention=logs.RetentionDays.THIRTEEN_MONTHS, removal_policy=RemovalPolicy.DESTROY
            ),
            # Step Functions keeps executions for 90 days; the log lasts longer, without the mail's content.
            level=sfn.LogLevel.ALL,
            include_execution_data=False,
        ),
    )
    acknowledge(
        state_machine,
        "AwsSolutions-SF2",
        reason="The execution shows each step, its time and its error; tracing would need permissions on *",
    )
    acknowledge_resources(
        state_machine.role,
        "*",
        reason="Log delivery has no resource type: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
    )
    for function in functions:
        acknowledge_resources(
            state_machine.role,
            f"{function.function_arn}:*",
            reason="CDK also grants a function's versions; there are none",
        )
    return state_machine


def task(
    scope: Construct,
    name: str,
    function: lambda_.IFunction,
    *,
    comment: str,
    payload: dict[str, Any],
    retries: int = 4,
    final: Sequence[str] = (),
    **result: Any,
) -> tasks.LambdaInvoke:
    """One step of a function, with retries: every step is idempotent. `final` errors are not retried."""
    step = tasks.LambdaInvoke.jsonata(
        scope,
        name,
        lambda_function=function,
        comment=comment,
        payload=sfn.TaskInput.from_object({"step": name, "execution": "{% $states.context.Execution.Id %}", **payload}),
        task_timeout=sfn.Timeout.duration(TIMEOUT.plus(Duration.seconds(5))),
        retry_on_service_exceptions=False,
        **result,
    )
    add_retries(step, retries, final=final)
    return step


def add_retries(task: sfn.TaskStateBase | sfn.CustomState, retries: int = 4, *, final: Sequence[str] = ()) -> None:
    """Retry a task. Four retries take 15 s at most, so a permanent failure is reported soon."""
    if final:
        task.add_retry(errors=list(final), max_attempts=0)
    task.add_retry(
        errors=[sfn.Errors.TASKS_FAILED],
        interval=Duration.seconds(1),
        backoff_rate=2,
        max_attempts=retries,
        jitter_strategy=sfn.JitterType.FULL,
    )
    # A time-out is not TaskFailed, and has already taken half a minute.
    if sfn.Errors.TIMEOUT not in final:
        task.add_retry(errors=[sfn.Errors.TIMEOUT], max_attempts=1)


def notification_failed(scope: Construct, *, comment: str = "The alarm on failed executions tells admins") -> sfn.Fail:
    """The end of a machine whose message could not be sent."""
    return sfn.Fail.jsonata(scope, "Admins not told", comment=comment, error="AdminsNotTold")


def continue_on_error(state: tasks.LambdaInvoke | sfn.Map | sfn.Parallel, following: sfn.IChainable) -> None:
    """Go on after a failure and add it to `failures` for the report."""
    state.add_catch(following, assign={"failures": add_failure(state.id, earlier="$failures")})


def choose(
    scope: Construct, question: str, *answers: tuple[str, sfn.IChainable], otherwise: sfn.IChainable
) -> sfn.Choice:
    """A choice by the first condition that is true, in JSONata without its braces."""
    choice = sfn.Choice.jsonata(scope, question)
    for condition, following in answers:
        choice.when(sfn.Condition.jsonata(f"{{% {condition} %}}"), following)
    choice.otherwise(otherwise)
    return choice


def add_failure(state: str, *, earlier: str = "") -> str:
    """JSONata that appends a Catch's error to the `earlier` failures."""
    this = f"{{'state': '{state}', 'error': {CAUGHT}}}"
    return f"{{% [{earlier}, {this}] %}}" if earlier else f"{{% [{this}] %}}"


def variable(step: str) -> str:
    """The variable for a step's result: "Start snapshots" is $start_snapshots."""
    return step.lower().replace(" ", "_").replace("-", "_")


def start_each(
    scope: Construct,
    name_of_map: str,
    *,
    comment: str,
    items: str,
    start: str,
    machine: sfn.IStateMachine,
    name: str,
    given: dict[str, Any],
    missed: str,
    runs_already: str = "",
) -> sfn.Map:
    """One execution of another machine for each item; its `name` lets a retry start it only once.

    What could not be started goes into `failures`. With `runs_already`, an existing execution counts as started.
    """
    starting = tasks.StepFunctionsStartExecution.jsonata(
        scope,
        start,
        comment="It takes long, so nothing waits for it",
        state_machine=machine,
        name=name,
        input=sfn.TaskInput.from_object(given),
        task_timeout=sfn.Timeout.duration(Duration.seconds(10)),
        outputs={},
    )
    add_retries(starting, final=ALREADY_STARTED if runs_already else ())
    if runs_already:
        starting.add_catch(sfn.Pass.jsonata(scope, runs_already, outputs={}), errors=list(ALREADY_STARTED))
    starting.add_catch(
        sfn.Pass.jsonata(
            scope, missed, comment="The report says so", outputs={"state": start, "error": "{% $states.input %}"}
        ),
        outputs=f"{{% {CAUGHT} %}}",
    )
    each = sfn.Map.jsonata(
        scope,
        name_of_map,
        comment=comment,
        items=sfn.ProvideItems.jsonata(items),
        max_concurrency=10,
        assign={"failures": "{% [$failures, $states.result[error]] %}"},
    )
    each.item_processor(starting)
    return each

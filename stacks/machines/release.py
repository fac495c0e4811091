"""The release, from the current state to the report. Read from top to bottom.

A person starts it with `python -m desk release`; with the setting `sent_in_error`, AWS's retraction does too. Nothing
changes before "Should it be done?"; after it every path ends in a message to all admins. An error of one part does not
stop the others: it is listed among the steps of the instance.
"""

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from lambdas.domain.errors import NotContained, NothingToRelease, TooManyInstances, UnknownCase
from lambdas.domain.release import STEPS, VERIFY, ReleasePart
from stacks.functions import Functions
from stacks.machines.machine import (
    CAUGHT,
    PATIENT,
    choose,
    continue_on_error,
    machine,
    notification_failed,
    task,
    variable,
)

# What an admin asks for: {"case": "…", "instances": [], "do": false, "force": false, "by": "arn:…"}.
_ASKED = {
    "case": {"id": "{% $states.input.case %}"},
    "force": "{% $states.input.force %}",
    "by": "{% $states.input.by %}",
    "do": "{% $states.input.do %}",
}
# Errors that a person must fix: a retry would not help.
_REFUSALS = tuple(error.__name__ for error in (NotContained, NothingToRelease, TooManyInstances, UnknownCase))
_COMMENTS = {
    ReleasePart.CREDENTIALS: "Before the network: IAM changes take seconds to take effect",
    ReleasePart.NETWORK: "The groups of each interface in quarantine",
    ReleasePart.AUTO_SCALING: "After the network: its group checks its health",
    ReleasePart.LOAD_BALANCERS: "Auto Scaling may have registered it already",
    ReleasePart.PROTECTION: "Last of the changes, because it keeps the evidence",
    ReleasePart.TAGS: "The tags stay while an interface is in quarantine",
    VERIFY: "Only what reads back as before counts as released",
}


class ReleaseMachine(Construct):
    """The state machine "release": one execution for each command."""

    def __init__(self, scope: Construct, construct_id: str, *, functions: Functions) -> None:
        super().__init__(scope, construct_id)
        self.machine = machine(
            self, self._release(functions), timeout=Duration.minutes(30), functions=(functions.release, functions.tell)
        )

    def _release(self, functions: Functions) -> sfn.IChainable:
        report = task(
            self,
            "Report release",
            functions.tell,
            comment="Tells all admins who released what, as read back, and what was left and why",
            payload={
                "case": "{% $case %}",
                "by": "{% $by %}",
                "instances": "{% [$planned.instance_id] %}",
                "released": "{% $released %}",
                "failures": "{% $failures %}",
            },
            retries=PATIENT,
            outputs={"released": "{% $released %}", "failures": "{% $failures %}"},
        )
        report.add_catch(notification_failed(self))
        report.next(sfn.Succeed.jsonata(self, "Admins told"))
        record = task(
            self,
            "Record release",
            functions.release,
            comment="Who, when and what: a later containment in this case starts afresh",
            payload={"case": "{% $case %}", "by": "{% $by %}", "force": "{% $force %}", "released": "{% $released %}"},
        )
        continue_on_error(record, report)
        each = sfn.Map.jsonata(
            self,
            "For each instance",
            comment="Instances are independent: a failure does not stop the others",
            items=sfn.ProvideItems.jsonata("{% $planned %}"),
            max_concurrency=10,
            assign={"released": "{% [$states.result] %}"},
        )
        each.item_processor(self._one_instance(functions))
        continue_on_error(each, record)
        plan = task(
            self,
            "Plan release",
            functions.release,
            comment="Compares before, after and now; this changes nothing",
            payload={"case": _ASKED["case"], "instances": "{% $states.input.instances %}", "force": _ASKED["force"]},
            final=_REFUSALS,
            assign={**_ASKED, "planned": "{% [$states.result.Payload] %}", "released": [], "failures": []},
            outputs={"planned": "{% [$states.result.Payload] %}"},
        )
        plan.add_catch(
            sfn.Succeed.jsonata(self, "Nothing released", comment="The desk says why; nothing was changed"),
            outputs={"refused": f"{{% {CAUGHT} %}}"},
        )
        each.next(record)
        record.next(report)
        shown = sfn.Succeed.jsonata(self, "Plan shown", comment="The desk shows it; nothing was changed")
        return plan.next(choose(self, "Should it be done?", ("$do", each), otherwise=shown))

    def _one_instance(self, functions: Functions) -> sfn.IChainable:
        """Each step ends as done, failed or skipped, and the next one follows in any case."""
        steps = [self._step(functions, name) for name in STEPS]
        outcome = {
            "instance_id": "{% $plan.instance_id %}",
            "region": "{% $plan.before.instance.region %}",
            "actions": "{% $plan.actions %}",
            "steps": {name: f"{{% ${variable(name)} %}}" for name in STEPS},
        }
        is_released = choose(
            self,
            "Is it released?",
            (f"${variable(VERIFY)}.outcome = 'done'", sfn.Pass.jsonata(self, "Released", outputs=outcome)),
            otherwise=sfn.Pass.jsonata(self, "Not released", outputs=outcome),
        )
        for step, following in zip(steps, (*steps[1:], is_released), strict=True):
            step.add_catch(following, assign={variable(step.id): f"{{% {CAUGHT} %}}"})
            step.next(following)
        return sfn.Pass.jsonata(self, "Planned", assign={"plan": "{% $states.input %}"}).next(steps[0])

    def _step(self, functions: Functions, name: str) -> tasks.LambdaInvoke:
        """A step about one instance. A variable named after it keeps its result or error."""
        return task(
            self,
            name,
            functions.release,
            comment=_COMMENTS[name],
            payload={
                "case": "{% $case %}",
                "instance": "{% $plan.before.instance %}",
                "before": "{% $plan.before %}",
                "targets": "{% $plan.targets %}",
                "force": "{% $force %}",
            },
            assign={variable(name): "{% $states.result.Payload %}"},
        )

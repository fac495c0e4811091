"""What is done to one instance between the decision and the report. Read from top to bottom.

Each step ends as done, failed or skipped, and the next one follows in any case: a failure never leads back.
"""

from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from lambdas.domain.containment.outcome import VERIFY
from lambdas.domain.policy import Verdict
from stacks.machines.machine import CAUGHT, task, variable

_INSTANCE = {"case": "{% $case %}", "instance": "{% $found %}"}
# Each step's result without its English text and the before-state, which messages do not need: so the results of
# thirty instances, the most of one notice, fit into 256 KiB.
_SAID = (
    "$merge($each($merge($states.result), function($step, $name) { {$name: "
    "$exists($step.phrase) ? $sift($step, function($value, $key) { $not($key in ['words', 'before']) }) : $step} }))"
)
# Retries while the quarantine waits: three seconds.
_SOON = 2


class ContainmentStates:
    """The states of one instance, within the state machine of `scope`; `function` is "contain"."""

    def __init__(self, scope: Construct, function: lambda_.IFunction) -> None:
        self._scope = scope
        self._function = function

    def one_instance(self) -> sfn.IChainable:
        """Contain it or leave it alone. Evidence is collected in parallel."""
        outcome = {"found": "{% $states.input.found %}", "decision": "{% $states.input.decision %}"}
        may_we = sfn.Choice.jsonata(self._scope, "May we contain it?")
        both = sfn.Parallel.jsonata(
            self._scope,
            "Contain and collect",
            comment="In parallel: neither waits for the other",
            outputs={**outcome, "steps": f"{{% {_SAID} %}}"},
        )
        both.branch(self._contain())
        both.branch(self._only("Collect evidence", comment="Everything that shows what it was doing, with hashes"))
        # Every task inside is caught, so this is an error of Step Functions, and the outcome is unknown.
        both.add_catch(
            sfn.Pass.jsonata(
                self._scope,
                "Containment failed",
                comment="It is unknown whether it is contained; the report says so",
                outputs={
                    "found": "{% $found %}",
                    "decision": "{% $decision %}",
                    "steps": {VERIFY: "{% $states.input %}"},
                },
            ),
            outputs=f"{{% {CAUGHT} %}}",
        )
        may_we.when(
            sfn.Condition.jsonata(f"{{% $states.input.decision.verdict = '{Verdict.CONTAIN}' %}}"),
            both,
            assign={"found": "{% $states.input.found %}", "decision": "{% $states.input.decision %}"},
        )
        return may_we.otherwise(
            sfn.Pass.jsonata(
                self._scope,
                "Left alone",
                comment="An admin decides, or nothing needs containment",
                outputs={**outcome, "steps": {}},
            )
        )

    def _contain(self) -> sfn.IChainable:
        prepare = self._prepare()
        quarantine = self._step(
            "Quarantine network",
            comment="Moves every interface into the group without rules",
            payload={"prepared": "{% $prepared %}"},
        )
        verify, protection, snapshots, cut, leave, file_before, tag, stop = (
            self._step(name, comment=comment)
            for name, comment in (
                (VERIFY, "Only what EC2 now shows counts as contained"),
                ("Verify protection", "The instance stays: no person and no Auto Scaling group can terminate it"),
                ("Verify snapshots", "Started is enough: they show the moment of the call. Locked if set so"),
                ("Revoke credentials", "Denies everything to this instance's credentials, wherever they are used"),
                ("Leave load balancers", "No request should wait for an instance that cannot answer"),
                ("Archive before-state", "Stored where nobody can overwrite it"),
                ("Tag instance", "Anyone who looks at the instance sees its case"),
                ("Stop instance", "Only by setting: this ends every open connection"),
            )
        )
        is_to_be_stopped = sfn.Choice.jsonata(
            self._scope, "Is it to be stopped?", assign={variable("Stop instance"): "{% null %}"}
        )
        is_contained = sfn.Choice.jsonata(self._scope, "Is it contained?")
        always = (quarantine, verify, protection, snapshots, cut, leave, file_before, stop)
        for step, following in zip(always, (*always[1:-1], is_to_be_stopped, is_contained), strict=True):
            self._either_way(step, following)
        is_to_be_stopped.when(sfn.Condition.jsonata("{% $decision.stop %}"), stop)
        is_to_be_stopped.otherwise(is_contained)
        is_contained.when(sfn.Condition.jsonata(f"{{% ${variable(VERIFY)}.outcome = 'done' %}}"), tag)
        is_contained.otherwise(self._ended("Not contained", always))
        self._either_way(tag, self._ended("Contained", (*always, tag)))
        prepared = sfn.Pass.jsonata(self._scope, "Prepared", assign={"prepared": "{% $merge($states.input) %}"})
        # An error of Step Functions: "Quarantine network" then prepares what it needs itself.
        prepare.add_catch(prepared, outputs="{% [{}] %}")
        return prepare.next(prepared).next(quarantine)

    def _ended(self, name: str, steps: Sequence[tasks.LambdaInvoke]) -> sfn.Pass:
        """The result of each step by its name."""
        results = ", ".join(f"'{step.id}': ${variable(step.id)}" for step in steps)
        return sfn.Pass.jsonata(self._scope, name, outputs=f"{{% $merge([$prepared, {{{results}}}]) %}}")

    def _prepare(self) -> sfn.Parallel:
        """What comes before the network is cut, in parallel. Each branch gives `{name: result, …}`."""
        write, protect = "Write before-state", "Protect instance"
        written = f"{{% ${variable(write)} %}}"
        before = self._step(write, comment="Once for each case and instance; the first record stays", retries=_SOON)
        protecting = self._only(
            protect,
            comment="Before it looks unhealthy: no termination, volumes kept, standby in Auto Scaling",
            payload={"before_state": written},
            beside={write: written},
            retries=_SOON,
        )
        self._either_way(before, protecting)
        return sfn.Parallel.jsonata(
            self._scope, "Prepare", comment="What must happen before the network is cut, in parallel"
        ).branch(
            before,
            self._only(
                "Start snapshots",
                comment="They show the moment of the call: nothing waits for them to finish",
                retries=_SOON,
            ),
            self._only(
                "Prepare quarantine",
                comment="The group without rules, and the interfaces that go into it",
                retries=_SOON,
            ),
        )

    def _step(
        self, name: str, *, comment: str, payload: dict[str, Any] | None = None, retries: int = 4
    ) -> tasks.LambdaInvoke:
        """A step about one instance. A variable named after it keeps its result or error."""
        return task(
            self._scope,
            name,
            self._function,
            comment=comment,
            payload={**_INSTANCE, **(payload or {})},
            retries=retries,
            assign={variable(name): "{% $states.result.Payload %}"},
        )

    def _either_way(self, step: tasks.LambdaInvoke, following: sfn.IChainable) -> None:
        step.add_catch(following, assign={variable(step.id): f"{{% {CAUGHT} %}}"})
        step.next(following)

    def _only(
        self,
        name: str,
        *,
        comment: str,
        payload: dict[str, Any] | None = None,
        beside: dict[str, str] | None = None,
        retries: int = 4,
    ) -> tasks.LambdaInvoke:
        """A step that ends its branch with `{name: result or error}` and the items of `beside`."""
        step = task(
            self._scope,
            name,
            self._function,
            comment=comment,
            payload={**_INSTANCE, **(payload or {})},
            retries=retries,
            outputs={**(beside or {}), name: "{% $states.result.Payload %}"},
        )
        step.add_catch(
            sfn.Pass.jsonata(
                self._scope,
                f"{name} failed",
                comment="The report says so",
                outputs={**(beside or {}), name: "{% $states.input %}"},
            ),
            outputs=f"{{% {CAUGHT} %}}",
        )
        return step

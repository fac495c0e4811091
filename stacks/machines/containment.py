"""What is done to one instance, between the decision about it and its report: read this file from top to bottom.

Each step ends as done, failed or skipped, and the next one is taken all the same: a failure never leads back.
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
# What is handed on of the steps: messages are made of `phrase`; its English twin is for who looks at a state, and
# the state before stands in the case. So thirty instances, the most of one notice, have room (256 KiB).
_SAID = (
    "$merge($each($merge($states.result), function($step, $name) { {$name: "
    "$exists($step.phrase) ? $sift($step, function($value, $key) { $not($key in ['words', 'before']) }) : $step} }))"
)
# Retries of what the quarantine waits for: three seconds.
_SOON = 2


class ContainmentStates:
    """The states of one instance, within the state machine of `scope`; `function` is "contain"."""

    def __init__(self, scope: Construct, function: lambda_.IFunction) -> None:
        self._scope = scope
        self._function = function

    def one_instance(self) -> sfn.IChainable:
        """Contain, or leave it. What is collected as evidence holds up nothing, so it goes beside."""
        outcome = {"found": "{% $states.input.found %}", "decision": "{% $states.input.decision %}"}
        may_we = sfn.Choice.jsonata(self._scope, "May we contain it?")
        both = sfn.Parallel.jsonata(
            self._scope,
            "Contain and collect",
            comment="Evidence is collected while the instance is contained: neither waits for the other",
            outputs={**outcome, "steps": f"{{% {_SAID} %}}"},
        )
        both.branch(self._contain())
        both.branch(self._only("Collect evidence", comment="All that shows what it was doing, with a hash"))
        # Every task within is caught, so this is Step Functions' own trouble: what was done is not known here.
        both.add_catch(
            sfn.Pass.jsonata(
                self._scope,
                "Containment failed",
                comment="Whether it is contained is not known: the report says so",
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
                comment="An admin decides, or there is nothing to contain",
                outputs={**outcome, "steps": {}},
            )
        )

    def _contain(self) -> sfn.IChainable:
        """Each step ends as done, failed or skipped, and the next one is taken all the same."""
        prepare = self._prepare()
        quarantine = self._step(
            "Quarantine network",
            comment="Every interface into the group without rules, until nothing more is to be moved",
            payload={"prepared": "{% $prepared %}"},
        )
        verify, protection, snapshots, cut, leave, file_before, tag, stop = (
            self._step(name, comment=comment)
            for name, comment in (
                (VERIFY, "Only what is read back from EC2 now may be called contained"),
                ("Verify protection", "It stays: nobody, and no Auto Scaling group, takes it away"),
                ("Verify snapshots", "Begun is enough: they are as of the call; locked where the settings say so"),
                ("Revoke credentials", "What its role may do is denied to this instance and to whoever took its keys"),
                ("Leave load balancers", "Nobody's request shall wait for what cannot answer"),
                ("Archive before-state", "Where nobody can overwrite it"),
                ("Tag instance", "Whoever looks at the instance sees its case"),
                ("Stop instance", "Where the settings ask for it: this ends every open flow"),
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
        # Step Functions' own trouble: "Quarantine network" prepares by itself what it needs.
        prepare.add_catch(prepared, outputs="{% [{}] %}")
        return prepare.next(prepared).next(quarantine)

    def _ended(self, name: str, steps: Sequence[tasks.LambdaInvoke]) -> sfn.Pass:
        """What became of each step, by its name."""
        results = ", ".join(f"'{step.id}': ${variable(step.id)}" for step in steps)
        return sfn.Pass.jsonata(self._scope, name, outputs=f"{{% $merge([$prepared, {{{results}}}]) %}}")

    def _prepare(self) -> sfn.Parallel:
        """All that comes before the network is cut, at once: none of it waits for another but for its own sake.

        What comes out, and goes into "Quarantine network": one `{name: result, …}` a branch.
        """
        write, protect = "Write before-state", "Protect instance"
        written = f"{{% ${variable(write)} %}}"
        before = self._step(
            write, comment="Once for each case and instance; what was written first stays", retries=_SOON
        )
        protecting = self._only(
            protect,
            comment="No termination, volumes that stay, standby in its Auto Scaling group: before it looks unhealthy",
            payload={"before_state": written},
            beside={write: written},
            retries=_SOON,
        )
        self._either_way(before, protecting)
        return sfn.Parallel.jsonata(
            self._scope, "Prepare", comment="What must be done before the network is cut, all at once"
        ).branch(
            before,
            self._only(
                "Start snapshots", comment="Point in time at the call: nothing waits for them to finish", retries=_SOON
            ),
            self._only("Prepare quarantine", comment="The group, closed, and what belongs into it", retries=_SOON),
        )

    def _step(
        self, name: str, *, comment: str, payload: dict[str, Any] | None = None, retries: int = 4
    ) -> tasks.LambdaInvoke:
        """A step that changes or reads one instance. Its result, or its error, is kept in the variable of its name."""
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
        """Go on after a step, whether it succeeded or not."""
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
        """A step that ends its branch with `{name: result or error}`, and what stands `beside` it."""
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

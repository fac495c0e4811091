"""The incident, from the stored mail to the report: read this file from top to bottom.

Tasks are imperatives, choices are questions, ends are facts. Every task has a time-out, a retry and a catch. What is
caught is handed on: a containing step's error stands among the instance's steps, any other one in `trouble`, and the
report names them all. A failure never leads back, so nothing that was done is undone.
"""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from lambdas.domain.notice import Kind
from lambdas.domain.outcome import VERIFY
from lambdas.domain.policy import Verdict
from stacks.functions import Functions
from stacks.machine import PATIENT, go_on, machine, task, trouble, try_again, variable
from stacks.watch import schedule

# What every task after "Read notice" may need of what is known so far.
_NOTICE = {"arrival": "{% $arrival %}", "notice": "{% $notice %}", "proof": "{% $proof %}"}
_CASE = {**_NOTICE, "case": "{% $case %}"}
_INSTANCE = {"case": "{% $case %}", "instance": "{% $found %}"}
# Retries of what the quarantine waits for: three seconds.
_SOON = 2


class Respond(Construct):
    """The state machine "respond": one execution a mail, named after it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        functions: Functions,
        watch: sfn.StateMachine,
        minutes: Sequence[int],
        ask: sfn.StateMachine,
        clock: sfn.StateMachine,
    ) -> None:
        super().__init__(scope, construct_id)
        self.machine = machine(
            self,
            self._incident(functions, self._watch(watch, minutes), self._questions(ask), self._clocks(clock)),
            timeout=Duration.hours(1),
            functions=(functions.read, functions.contain, functions.tell),
        )

    def _incident(self, functions: Functions, watch: sfn.Map, questions: sfn.Map, clocks: sfn.Map) -> sfn.IChainable:
        relay = task(
            self,
            "Relay mail",
            functions.tell,
            comment="No mail ends silently: what is no notice goes to the admins as it came",
            payload={"arrival": "{% $arrival %}", "notice": "{% $notice %}", "trouble": "{% $trouble %}"},
            retries=PATIENT,
            outputs={"outcomes": [], "trouble": "{% $trouble %}"},
        )
        report = task(
            self,
            "Report to admins",
            functions.tell,
            comment="What was done as read back, what was not and why, what to do now",
            payload={
                **_CASE,
                "outcomes": "{% $outcomes %}",
                "trouble": "{% $trouble %}",
            },
            retries=PATIENT,
            outputs={"case": "{% $case.id %}", "outcomes": "{% $outcomes %}", "trouble": "{% $trouble %}"},
        )
        not_told = sfn.Fail.jsonata(
            self, "Admins not told", comment="The alarm on failed executions tells them", error="AdminsNotTold"
        )
        relay.add_catch(not_told)
        report.add_catch(not_told)
        relay.next(sfn.Succeed.jsonata(self, "Mail relayed"))
        report.next(self._filed(functions))

        record = task(
            self,
            "Record outcomes",
            functions.read,
            comment="A follow-up must know what was done",
            payload={**_CASE, "outcomes": "{% $outcomes %}"},
            assign={"questions": "{% [$states.result.Payload.questions] %}"},
        )
        go_on(record, watch)
        go_on(watch, questions)
        go_on(questions, clocks)
        go_on(clocks, report)
        each = sfn.Map.jsonata(
            self,
            "For each instance",
            comment="Instances are independent: one that fails holds up no other",
            items=sfn.ProvideItems.jsonata("{% $decisions %}"),
            max_concurrency=10,
            assign={"outcomes": "{% [$states.result] %}"},
        )
        each.item_processor(self._one_instance(functions))
        go_on(each, record)
        decide = task(
            self,
            "Decide",
            functions.read,
            comment="Is it from AWS? Is it for us, now? May we? Only three times yes contains without asking",
            payload={
                **_CASE,
                "found": "{% $states.input[1].found %}",
                "approved": "{% $approved %}",
                "unanswered": "{% $unanswered %}",
            },
            assign={"decisions": "{% [$states.result.Payload] %}", "trouble": "{% [$states.input.trouble] %}"},
        )
        decide.add_catch(clocks, assign={"trouble": trouble("Decide", earlier="$states.input.trouble")})
        look = self._tell_and_look(functions)
        go_on(look, clocks)
        open_case = task(
            self,
            "Open case",
            functions.read,
            comment="Join the notice to the case of its number, or open one",
            payload=_NOTICE,
            assign={"case": "{% $states.result.Payload %}"},
        )
        go_on(open_case, relay)
        read = task(
            self,
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
        read.add_catch(relay, assign={**self._beginning(), "trouble": trouble("Read notice")})
        is_notice = sfn.Choice.jsonata(self, "Is it a notice of abuse?")
        is_notice.when(sfn.Condition.jsonata(f"{{% $notice.kind = '{Kind.NONE}' %}}"), relay)
        is_notice.otherwise(open_case)
        is_answer = sfn.Choice.jsonata(self, "Is it our answer to AWS?")
        is_answer.when(
            sfn.Condition.jsonata(f"{{% $notice.kind = '{Kind.ANSWER}' %}}"), self._answer(functions, relay, not_told)
        )
        is_answer.otherwise(is_notice)
        open_case.next(look)
        look.next(decide)
        decide.next(each)
        each.next(record)
        record.next(watch)
        watch.next(questions)
        questions.next(clocks)
        clocks.next(report)
        return read.next(is_answer)

    def _filed(self, functions: Functions) -> sfn.IChainable:
        """The page of the case, filed after the message: whatever becomes of it, it has held up nothing."""
        told = sfn.Succeed.jsonata(self, "Admins told")
        ended = {"case": "{% $case.id %}", "outcomes": "{% $outcomes %}"}
        file = task(
            self,
            "File case report",
            functions.tell,
            comment="The case as it stands now, as a page among its evidence",
            # A second try files for the same moment, and finds what the first one wrote.
            payload={"case": "{% $case %}", "at": "{% $states.context.State.EnteredTime %}"},
            outputs={**ended, "trouble": "{% $trouble %}"},
        )
        file.add_catch(told, outputs={**ended, "trouble": trouble("File case report", earlier="$trouble")})
        return file.next(told)

    def _answer(self, functions: Functions, relay: sfn.IChainable, not_told: sfn.IChainable) -> sfn.IChainable:
        """An admin has written to AWS with us in copy: nothing in what that mail quotes is a notice."""
        record = task(
            self,
            "Record answer",
            functions.read,
            comment="The clock of each case that it names stops",
            payload={"arrival": "{% $arrival %}", "notice": "{% $notice %}"},
            assign={
                "answers": "{% [$states.result.Payload.answers] %}",
                # Where no case of ours is meant, the mail is relayed with this said.
                "notice": "{% $merge([$notice, {'reason': $states.result.Payload.words}]) %}",
            },
        )
        go_on(record, relay)
        report = task(
            self,
            "Report answer",
            functions.tell,
            comment="All admins learn who answered AWS, and that the clock has stopped",
            payload={"answers": "{% $answers %}"},
            retries=PATIENT,
            outputs={"answers": "{% $answers %}", "trouble": "{% $trouble %}"},
        )
        report.add_catch(not_told)
        report.next(sfn.Succeed.jsonata(self, "Answer told"))
        is_known = sfn.Choice.jsonata(self, "Is its case known?")
        is_known.when(sfn.Condition.jsonata("{% $count($answers) > 0 %}"), report)
        is_known.otherwise(relay)
        return record.next(is_known)

    def _watch(self, watch: sfn.StateMachine, minutes: Sequence[int]) -> sfn.Map:
        """One execution of "watch" for each contained instance; its name lets a retry start it once."""
        start = tasks.StepFunctionsStartExecution.jsonata(
            self,
            "Start watch",
            comment="It goes on for hours, so nothing waits for it",
            state_machine=watch,
            # A name has at most 80 characters, the id of an instance 19 of them.
            name="{% $states.input.found.instance_id & '-' & $substring($states.context.Execution.Name, 0, 60) %}",
            input=sfn.TaskInput.from_object(
                {
                    **_CASE,
                    "instance": "{% $states.input.found %}",
                    "contained_at": f"{{% $states.input.steps.`{VERIFY}`.at %}}",
                    **schedule(minutes),
                }
            ),
            task_timeout=sfn.Timeout.duration(Duration.seconds(10)),
            outputs={},
        )
        try_again(start)
        start.add_catch(
            sfn.Pass.jsonata(
                self,
                "Not watched",
                comment="The report says so",
                outputs={"state": "Start watch", "error": "{% $states.input %}"},
            ),
            outputs="{% $states.errorOutput %}",
        )
        each = sfn.Map.jsonata(
            self,
            "Watch what is contained",
            comment="Whether each quarantine holds, and whether the snapshots come",
            items=sfn.ProvideItems.jsonata(f"{{% [$outcomes[steps.`{VERIFY}`.outcome = 'done']] %}}"),
            max_concurrency=10,
            assign={"trouble": "{% [$trouble, $states.result[error]] %}"},
        )
        each.item_processor(start)
        return each

    def _questions(self, ask: sfn.StateMachine) -> sfn.Map:
        """One execution of "ask" for each instance that an admin decides about; its name lets a retry start it once."""
        start = tasks.StepFunctionsStartExecution.jsonata(
            self,
            "Start ask",
            comment="It waits for an admin, so nothing waits for it",
            state_machine=ask,
            name="{% $states.input.instance_id & '-' & $substring($states.context.Execution.Name, 0, 60) %}",
            input=sfn.TaskInput.from_object(
                {
                    **{one: f"{{% $states.input.{one} %}}" for one in ("instance_id", "until", "proven", "protected")},
                    "case": "{% $case.id %}",
                    "arrival": "{% $arrival %}",
                    "respond": "{% $states.context.StateMachine.Id %}",
                }
            ),
            task_timeout=sfn.Timeout.duration(Duration.seconds(10)),
            outputs={},
        )
        try_again(start)
        start.add_catch(
            sfn.Pass.jsonata(
                self,
                "Not asked",
                comment="The report says so; what is approved at the desk is contained all the same",
                outputs={"state": "Start ask", "error": "{% $states.input %}"},
            ),
            outputs="{% $states.errorOutput %}",
        )
        each = sfn.Map.jsonata(
            self,
            "Ask about what waits",
            comment="Until an admin decides, or AWS's deadline comes near",
            items=sfn.ProvideItems.jsonata("{% $questions %}"),
            max_concurrency=10,
            assign={"trouble": "{% [$trouble, $states.result[error]] %}"},
        )
        each.item_processor(start)
        return each

    def _clocks(self, clock: sfn.StateMachine) -> sfn.Map:
        """One execution of "clock" for each case that waits for an answer; whatever has failed, AWS's time runs."""
        runs = ("StepFunctions.ExecutionAlreadyExistsException", "ExecutionAlreadyExists")  # the API's own name too
        start = tasks.StepFunctionsStartExecution.jsonata(
            self,
            "Start clock",
            comment="It goes on until AWS's time is over, so nothing waits for it",
            state_machine=clock,
            name="{% $states.input.name %}",
            input=sfn.TaskInput.from_object(
                {**{one: f"{{% $states.input.{one} %}}" for one in ("case", "deadline", "moments")}, "index": 0}
            ),
            task_timeout=sfn.Timeout.duration(Duration.seconds(10)),
            outputs={},
        )
        try_again(start, final=runs)
        start.add_catch(
            sfn.Pass.jsonata(
                self, "Clock runs already", comment="An earlier notice of this deadline has started it", outputs={}
            ),
            errors=list(runs),
        )
        start.add_catch(
            sfn.Pass.jsonata(
                self,
                "Clock not started",
                comment="The report says so",
                outputs={"state": "Start clock", "error": "{% $states.input %}"},
            ),
            outputs="{% $states.errorOutput %}",
        )
        each = sfn.Map.jsonata(
            self,
            "Set clocks",
            comment="Who is reminded, and when, before AWS's time is over",
            items=sfn.ProvideItems.jsonata("{% [$case.clocks] %}"),
            max_concurrency=10,
            assign={"trouble": "{% [$trouble, $states.result[error]] %}"},
        )
        each.item_processor(start)
        return each

    @staticmethod
    def _beginning() -> dict[str, Any]:
        """The variables of an execution before anything is known."""
        return {
            "arrival": "{% $states.input.arrival %}",
            "notice": "{% null %}",
            "approved": "{% $states.input.approved %}",
            "unanswered": "{% [$states.input.unanswered] %}",  # from "ask" only
            "questions": [],
            "outcomes": [],
            "trouble": [],
        }

    def _tell_and_look(self, functions: Functions) -> sfn.Parallel:
        """The first alert leaves before anything is changed; looking changes nothing, so both go at once.

        What comes out, and goes into "Decide": `[{"trouble": […]}, {"trouble": […], "found": {…}}]`.
        """
        alert = task(
            self,
            "Send first alert",
            functions.tell,
            comment="What is claimed, how urgent it is and by when AWS wants an answer",
            payload=_CASE,
            retries=1,  # the quarantine waits for it
            outputs={"trouble": []},
        )
        alert.add_catch(
            sfn.Pass.jsonata(self, "First alert not sent", comment="The report says so"),
            outputs={"trouble": trouble("Send first alert")},
        )
        asks = sfn.Choice.jsonata(self, "Does AWS ask for anything?")
        asks.when(
            sfn.Condition.jsonata(f"{{% $notice.kind = '{Kind.RESOLVED}' %}}"),
            sfn.Pass.jsonata(self, "Report is enough", comment="Nothing will be changed", outputs={"trouble": []}),
        )
        find = task(
            self,
            "Find instances",
            functions.contain,
            comment="In the Regions that the notice names, then in every other one",
            payload={"case": "{% $case %}", "tried": "{% $states.context.State.RetryCount %}"},
            outputs={"trouble": [], "found": "{% $states.result.Payload %}"},
        )
        find.add_catch(
            sfn.Pass.jsonata(self, "Instances not looked for", comment="The report says so"),
            outputs={"trouble": trouble("Find instances"), "found": {"instances": [], "missing": []}},
        )
        return sfn.Parallel.jsonata(self, "Tell and look").branch(asks.otherwise(alert), find)

    def _one_instance(self, functions: Functions) -> sfn.IChainable:
        """Contain, or leave it. What is collected as evidence holds up nothing, so it goes beside."""
        outcome = {"found": "{% $states.input.found %}", "decision": "{% $states.input.decision %}"}
        may_we = sfn.Choice.jsonata(self, "May we contain it?")
        both = sfn.Parallel.jsonata(
            self,
            "Contain and collect",
            comment="Evidence is collected while the instance is contained: neither waits for the other",
            outputs={**outcome, "steps": "{% $merge($states.result) %}"},
        )
        both.branch(self._contain(functions))
        both.branch(self._only(functions, "Collect evidence", comment="All that shows what it was doing, with a hash"))
        # Every task within is caught, so this is Step Functions' own trouble: what was done is not known here.
        both.add_catch(
            sfn.Pass.jsonata(
                self,
                "Containing broke off",
                comment="Whether it is contained is not known: the report says so",
                outputs={
                    "found": "{% $found %}",
                    "decision": "{% $decision %}",
                    "steps": {VERIFY: "{% $states.input %}"},
                },
            ),
            outputs="{% $states.errorOutput %}",
        )
        may_we.when(
            sfn.Condition.jsonata(f"{{% $states.input.decision.verdict = '{Verdict.CONTAIN}' %}}"),
            both,
            assign={"found": "{% $states.input.found %}", "decision": "{% $states.input.decision %}"},
        )
        return may_we.otherwise(
            sfn.Pass.jsonata(
                self,
                "Left alone",
                comment="An admin decides, or there is nothing to contain",
                outputs={**outcome, "steps": {}},
            )
        )

    def _contain(self, functions: Functions) -> sfn.IChainable:
        """Each step ends as done, failed or skipped, and the next one is taken all the same."""
        prepare = self._prepare(functions)
        quarantine = self._step(
            functions,
            "Quarantine network",
            comment="Every interface into the group without rules, until nothing more is to be moved",
            payload={"prepared": "{% $prepared %}"},
        )
        verify, protection, snapshots, cut, leave, file_before, tag, stop = (
            self._step(functions, name, comment=comment)
            for name, comment in (
                (VERIFY, "Only what is read back from EC2 now may be called contained"),
                ("Verify protection", "It stays: nobody, and no Auto Scaling group, takes it away"),
                ("Verify snapshots", "Begun is enough: they are as of the call; locked where the settings say so"),
                ("Cut credentials", "What its role may do is denied to this instance and to whoever took its keys"),
                ("Leave load balancers", "Nobody's request shall wait for what cannot answer"),
                ("File before-state", "Where nobody can overwrite it"),
                ("Tag instance", "Whoever looks at the instance sees its case"),
                ("Stop instance", "Where the settings ask for it: this ends every open flow"),
            )
        )
        is_to_be_stopped = sfn.Choice.jsonata(
            self, "Is it to be stopped?", assign={variable("Stop instance"): "{% null %}"}
        )
        is_contained = sfn.Choice.jsonata(self, "Is it contained?")
        always = (quarantine, verify, protection, snapshots, cut, leave, file_before, stop)
        for step, following in zip(always, (*always[1:-1], is_to_be_stopped, is_contained), strict=True):
            self._either_way(step, following)
        is_to_be_stopped.when(sfn.Condition.jsonata("{% $decision.stop %}"), stop)
        is_to_be_stopped.otherwise(is_contained)
        is_contained.when(sfn.Condition.jsonata(f"{{% ${variable(VERIFY)}.outcome = 'done' %}}"), tag)
        is_contained.otherwise(self._ended("Not contained", always))
        self._either_way(tag, self._ended("Contained", (*always, tag)))
        prepared = sfn.Pass.jsonata(self, "Prepared", assign={"prepared": "{% $merge($states.input) %}"})
        # Step Functions' own trouble: "Quarantine network" prepares by itself what it needs.
        prepare.add_catch(prepared, outputs="{% [{}] %}")
        return prepare.next(prepared).next(quarantine)

    def _ended(self, name: str, steps: Sequence[tasks.LambdaInvoke]) -> sfn.Pass:
        """What became of each step, by its name."""
        results = ", ".join(f"'{step.id}': ${variable(step.id)}" for step in steps)
        return sfn.Pass.jsonata(self, name, outputs=f"{{% $merge([$prepared, {{{results}}}]) %}}")

    def _prepare(self, functions: Functions) -> sfn.Parallel:
        """All that comes before the network is cut, at once: none of it waits for another but for its own sake.

        What comes out, and goes into "Quarantine network": one `{name: result, …}` a branch.
        """
        write, protect = "Write before-state", "Protect instance"
        written = f"{{% ${variable(write)} %}}"
        before = self._step(
            functions, write, comment="Once for each case and instance; what was written first stays", retries=_SOON
        )
        protecting = self._only(
            functions,
            protect,
            comment="No termination, volumes that stay, standby in its Auto Scaling group: before it looks unhealthy",
            payload={"written": written},
            beside={write: written},
            retries=_SOON,
        )
        self._either_way(before, protecting)
        return sfn.Parallel.jsonata(
            self, "Prepare", comment="What must be done before the network is cut, all at once"
        ).branch(
            before,
            self._only(
                functions,
                "Start snapshots",
                comment="Point in time at the call: nothing waits for them to finish",
                retries=_SOON,
            ),
            self._only(
                functions, "Prepare quarantine", comment="The group, closed, and what belongs into it", retries=_SOON
            ),
        )

    def _step(
        self,
        functions: Functions,
        name: str,
        *,
        comment: str,
        payload: dict[str, Any] | None = None,
        retries: int = 4,
    ) -> tasks.LambdaInvoke:
        """A step that changes or reads one instance. Its result, or its error, is kept in the variable of its name."""
        return task(
            self,
            name,
            functions.contain,
            comment=comment,
            payload={**_INSTANCE, **(payload or {})},
            retries=retries,
            assign={variable(name): "{% $states.result.Payload %}"},
        )

    def _either_way(self, step: tasks.LambdaInvoke, following: sfn.IChainable) -> None:
        """Go on after a step, whether it succeeded or not."""
        step.add_catch(following, assign={variable(step.id): "{% $states.errorOutput %}"})
        step.next(following)

    def _only(
        self,
        functions: Functions,
        name: str,
        *,
        comment: str,
        payload: dict[str, Any] | None = None,
        beside: dict[str, str] | None = None,
        retries: int = 4,
    ) -> tasks.LambdaInvoke:
        """A step that ends its branch with `{name: result or error}`, and what stands `beside` it."""
        step = task(
            self,
            name,
            functions.contain,
            comment=comment,
            payload={**_INSTANCE, **(payload or {})},
            retries=retries,
            outputs={**(beside or {}), name: "{% $states.result.Payload %}"},
        )
        step.add_catch(
            sfn.Pass.jsonata(
                self,
                f"{name} failed",
                comment="The report says so",
                outputs={**(beside or {}), name: "{% $states.input %}"},
            ),
            outputs="{% $states.errorOutput %}",
        )
        return step

"""The incident, from the stored mail to the report. Read from top to bottom.

Tasks are imperatives, choices are questions, ends are facts. Every task has a time-out, a retry and a catch. Errors of
containment steps are listed with the instance's steps, all others in `failures`; the report names them all. A failure
never leads back, so nothing that was done is undone.
"""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from lambdas.domain.case.timeline import RESPONDER
from lambdas.domain.containment.outcome import VERIFY
from lambdas.domain.errors import TooManyInstances
from lambdas.domain.intake.notice import NoticeKind
from stacks.functions import Functions
from stacks.machines.containment import ContainmentStates
from stacks.machines.machine import (
    ALREADY_STARTED,
    PATIENT,
    add_failure,
    add_retries,
    choose,
    continue_on_error,
    machine,
    notification_failed,
    start_each,
    task,
)
from stacks.machines.watch import schedule

# What is known after "Read notice".
_NOTICE = {"arrival": "{% $arrival %}", "notice": "{% $notice %}", "proof": "{% $proof %}"}
_CASE = {**_NOTICE, "case": "{% $case %}"}
# Why the execution runs again: an admin has approved, or nobody has decided in time.
_DECIDED = {"approved": "{% $approved %}", "undecided_instances": "{% $undecided_instances %}"}
# Makes a started execution's name unique: 80 characters at most, with 19 for an instance's id.
_OURS = "'-' & $substring($states.context.Execution.Name, 0, 60)"


class RespondMachine(Construct):
    """The state machine "respond": one execution for each mail, named after it."""

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
        release: sfn.StateMachine | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.machine = machine(
            self,
            self._incident(functions, self._watch(watch, minutes), self._questions(ask), release, clock),
            timeout=Duration.hours(1),
            functions=(functions.read, functions.contain, functions.tell),
        )

    def _incident(
        self,
        functions: Functions,
        watch: sfn.Map,
        questions: sfn.Map,
        release: sfn.StateMachine | None,
        clock: sfn.StateMachine,
    ) -> sfn.IChainable:
        clocks = self._clocks(clock)
        relay = task(
            self,
            "Relay mail",
            functions.tell,
            comment="A mail that is not a notice goes to the admins unchanged",
            payload={"arrival": "{% $arrival %}", "notice": "{% $notice %}", "failures": "{% $failures %}"},
            retries=PATIENT,
            outputs={"outcomes": [], "failures": "{% $failures %}"},
        )
        report = task(
            self,
            "Report to admins",
            functions.tell,
            comment="What was done (as read back), what was not and why, what to do now",
            payload={
                **_CASE,
                "outcomes": "{% $outcomes %}",
                "plans": "{% $plans %}",
                "automatic_release": "{% $automatic_release %}",
                "failures": "{% $failures %}",
            },
            retries=PATIENT,
            outputs={"case": "{% $case.id %}", "outcomes": "{% $outcomes %}", "failures": "{% $failures %}"},
        )
        unsaid = notification_failed(self)
        relay.add_catch(unsaid)
        report.add_catch(unsaid)
        relay.next(sfn.Succeed.jsonata(self, "Mail relayed"))
        report.next(sfn.Succeed.jsonata(self, "Admins told"))

        record = task(
            self,
            "Record outcomes",
            functions.read,
            comment="For the follow-ups in this case",
            payload={**_CASE, "outcomes": "{% $outcomes %}"},
            assign={
                "questions": "{% [$states.result.Payload.questions] %}",
                "clocks": "{% [$states.result.Payload.clocks] %}",
            },
        )
        continue_on_error(record, watch)
        continue_on_error(watch, questions)
        resolved = f"$notice.kind = '{NoticeKind.RESOLVED}' and $proof.may_contain"
        is_over = choose(
            self,
            "Is the case resolved?",
            (resolved, self._put_back(functions, release, clocks)),
            otherwise=clocks,
        )
        continue_on_error(questions, is_over)
        continue_on_error(clocks, report)
        each = sfn.Map.jsonata(
            self,
            "For each instance",
            comment="Instances are independent: a failure does not stop the others",
            items=sfn.ProvideItems.jsonata("{% $decisions %}"),
            max_concurrency=10,
            assign={"outcomes": "{% [$states.result] %}"},
        )
        each.item_processor(ContainmentStates(self, functions.contain).one_instance())
        continue_on_error(each, record)
        decide = task(
            self,
            "Decide",
            functions.read,
            comment="From AWS? For us and current? Allowed? Only three times yes contains without asking",
            payload={**_CASE, **_DECIDED, "found": "{% $search_result %}"},
            assign={"decisions": "{% [$states.result.Payload] %}"},
        )
        continue_on_error(decide, clocks)
        listed = self._list(clock, relay)
        admit = self._admit(functions, relay, decide, listed)
        is_admitted = choose(self, "Is it admitted?", ("$admission.admitted = true", decide), otherwise=admit)
        look = self._tell_and_look(functions)
        continue_on_error(look, is_admitted)
        open_case = task(
            self,
            "Open case",
            functions.read,
            comment="Adds AWS's notice to the case of its number, or opens one",
            payload={**_NOTICE, **_DECIDED},
            assign={"case": "{% $states.result.Payload %}", "admission": "{% $states.result.Payload.admission %}"},
        )
        is_full = choose(self, "Is its hour full?", ("$admission.admitted = false", listed), otherwise=look)
        continue_on_error(open_case, relay)
        read = task(
            self,
            "Read notice",
            functions.read,
            comment="What the mail says, and what proves that it is from AWS",
            payload={"arrival": "{% $states.input.arrival %}"},
            assign={
                **self._beginning(),
                "notice": "{% $states.result.Payload.notice %}",
                "proof": "{% $states.result.Payload.proof %}",
            },
        )
        read.add_catch(relay, assign={**self._beginning(), "failures": add_failure("Read notice")})
        is_none, is_ours = (f"$notice.kind = '{kind}'" for kind in (NoticeKind.NONE, NoticeKind.ANSWER))
        is_notice = choose(self, "Is it a notice of abuse?", (is_none, admit), otherwise=open_case)
        answer = self._answer(functions, relay, unsaid)
        is_answer = choose(self, "Is it our answer to AWS?", (is_ours, answer), otherwise=is_notice)
        open_case.next(is_full)
        look.next(is_admitted)
        decide.next(each)
        each.next(record)
        record.next(watch)
        watch.next(questions)
        questions.next(is_over)
        clocks.next(report)
        return read.next(is_answer)

    def _admit(
        self, functions: Functions, relay: sfn.IChainable, decide: sfn.IChainable, listed: sfn.IChainable
    ) -> sfn.IChainable:
        """Anybody can write an unproven mail: so many an hour are told one by one, the others in one list."""
        admit = task(
            self,
            "Admit mail",
            functions.read,
            comment="Only so many unproven mails an hour are told one by one; one that is opens or joins its case here",
            payload={**_CASE, "found": "{% $search_result %}"},
            assign={"admission": "{% $states.result.Payload %}"},
        )
        continue_on_error(admit, relay)
        answers = (("$admission.admitted = false", listed), (f"$notice.kind = '{NoticeKind.NONE}'", relay))
        return admit.next(choose(self, "Is it told by itself?", *answers, otherwise=decide))

    def _list(self, clock: sfn.StateMachine, relay: sfn.IChainable) -> sfn.IChainable:
        """The mail is on the list of its hour; the first one starts the clock that sends the list."""
        start = tasks.StepFunctionsStartExecution.jsonata(
            self,
            "Start list",
            comment="One execution for each hour; it sends the list of the mails that were not told one by one",
            state_machine=clock,
            name="{% $admission.list.name %}",
            input=sfn.TaskInput.from_object(_clock_input("$admission.list")),
            task_timeout=sfn.Timeout.duration(Duration.seconds(10)),
            outputs={"outcomes": [], "failures": "{% $failures %}"},
        )
        add_retries(start, final=ALREADY_STARTED)
        listed = sfn.Succeed.jsonata(self, "Mail listed", comment="All admins get the list soon after the hour")
        start.add_catch(listed, errors=list(ALREADY_STARTED), outputs={"outcomes": [], "failures": "{% $failures %}"})
        start.add_catch(relay, assign={"failures": add_failure("Start list", earlier="$failures")})
        return start.next(listed)

    def _put_back(
        self, functions: Functions, release: sfn.StateMachine | None, following: sfn.IChainable
    ) -> sfn.IChainable:
        """Preview a release; by setting only, release what AWS says it reported in error."""
        plan = task(
            self,
            "Preview release",
            functions.contain,
            comment="What is still contained, and what a release would restore; this changes nothing",
            payload={"case": "{% $case %}"},
            final=(TooManyInstances.__name__,),
            assign={"plans": "{% [$states.result.Payload] %}"},
        )
        continue_on_error(plan, following)
        if release is None:
            return plan.next(following)
        decide = task(
            self,
            "Decide release",
            functions.read,
            comment="From AWS, current, and no abuse after all? In doubt an admin decides",
            payload={**_CASE, "plans": "{% $plans %}"},
            assign={"automatic_release": "{% $states.result.Payload %}"},
        )
        start = start_each(
            self,
            "Release what was reported in error",
            comment="It reports to all admins itself",
            items="{% $count($automatic_release.instances) > 0 "
            "? [{'instances': [$automatic_release.instances]}] : [] %}",
            start="Start release",
            machine=release,
            name=f"{{% 'in-error' & {_OURS} %}}",
            given={
                "case": "{% $case.id %}",
                "instances": "{% $states.input.instances %}",
                "do": True,
                "force": False,
                "by": RESPONDER,
            },
            missed="Not released by itself",
        )
        for step in (decide, start):
            continue_on_error(step, following)
        return plan.next(decide).next(start).next(following)

    def _answer(self, functions: Functions, relay: sfn.IChainable, unsaid: sfn.IChainable) -> sfn.IChainable:
        """An admin has written to AWS with us in copy. What that mail quotes is not a notice."""
        record = task(
            self,
            "Record answer",
            functions.read,
            comment="Stops the clock of each case that it names",
            payload={"arrival": "{% $arrival %}", "notice": "{% $notice %}"},
            assign={
                "answers": "{% [$states.result.Payload.answers] %}",
                # The relayed mail gives this reason if it names no case of ours.
                "notice": "{% $merge([$notice, {'reason': $states.result.Payload.phrase}]) %}",
            },
        )
        continue_on_error(record, relay)
        report = task(
            self,
            "Report answer",
            functions.tell,
            comment="Tells all admins who answered AWS, and that the clock has stopped",
            payload={"answers": "{% $answers %}"},
            retries=PATIENT,
            outputs={"answers": "{% $answers %}", "failures": "{% $failures %}"},
        )
        report.add_catch(unsaid)
        report.next(sfn.Succeed.jsonata(self, "Answer reported"))
        return record.next(choose(self, "Is its case known?", ("$count($answers) > 0", report), otherwise=relay))

    def _watch(self, watch: sfn.StateMachine, minutes: Sequence[int]) -> sfn.Map:
        return start_each(
            self,
            "Start watches",
            comment="Does each quarantine hold, and do the snapshots complete?",
            items=f"{{% [$outcomes[steps.`{VERIFY}`.outcome = 'done']] %}}",
            start="Start watch",
            machine=watch,
            name=f"{{% $states.input.found.instance_id & {_OURS} %}}",
            given={
                **_CASE,
                "instance": "{% $states.input.found %}",
                "contained_at": f"{{% $states.input.steps.`{VERIFY}`.at %}}",
                **schedule(minutes),
            },
            missed="Not watched",
        )

    def _questions(self, ask: sfn.StateMachine) -> sfn.Map:
        return start_each(
            self,
            "Start questions",
            comment="Each waits for an admin's decision, or until AWS's deadline is near",
            items="{% $questions %}",
            start="Start ask",
            machine=ask,
            name=f"{{% $states.input.instance_id & {_OURS} %}}",
            given={
                **{name: f"{{% $states.input.{name} %}}" for name in ("instance_id", "until", "proven", "protected")},
                "case": "{% $case.id %}",
                "arrival": "{% $arrival %}",
                "respond": "{% $states.context.StateMachine.Id %}",
            },
            missed="Not asked",
        )

    def _clocks(self, clock: sfn.StateMachine) -> sfn.Map:
        return start_each(
            self,
            "Start clocks",
            comment="Reminders before AWS's deadline",
            items="{% [$case.clocks, $clocks] %}",
            start="Start clock",
            machine=clock,
            name="{% $states.input.name %}",
            given=_clock_input("$states.input"),
            missed="Clock not started",
            runs_already="Clock runs already",  # an earlier notice of this deadline has started it
        )

    @staticmethod
    def _beginning() -> dict[str, Any]:
        """The initial variables of an execution."""
        return {
            "arrival": "{% $states.input.arrival %}",
            "notice": "{% null %}",
            "case": "{% null %}",
            "admission": "{% null %}",
            "search_result": {"instances": [], "missing": []},
            "clocks": [],
            "approved": "{% $states.input.approved %}",
            "undecided_instances": "{% [$states.input.undecided_instances] %}",  # from "ask" only
            "questions": [],
            "plans": [],
            "automatic_release": {"instances": [], "doubts": []},
            "outcomes": [],
            "failures": [],
        }

    def _tell_and_look(self, functions: Functions) -> sfn.Parallel:
        """Send the first alert while searching; neither changes anything.

        Output of the branches: `{"failures": […]}` and `{"failures": […], "found": {…}}`.
        """
        alert = task(
            self,
            "Send first alert",
            functions.tell,
            comment="What AWS reports, how urgent it is and when AWS expects an answer",
            payload=_CASE,
            retries=1,  # the quarantine waits for it
            outputs={"failures": []},
        )
        alert.add_catch(
            sfn.Pass.jsonata(self, "First alert not sent", comment="The report says so"),
            outputs={"failures": add_failure("Send first alert")},
        )
        quiet = sfn.Pass.jsonata(
            self, "No alert needed", comment="Nothing will be changed without an admin", outputs={"failures": []}
        )
        is_quiet = f"$notice.kind = '{NoticeKind.RESOLVED}' or $not($admission.admitted = true)"
        asks = choose(self, "Is an alert needed?", (is_quiet, quiet), otherwise=alert)
        find = task(
            self,
            "Find instances",
            functions.contain,
            comment="In the Regions that the notice names, then in all others",
            payload={"case": "{% $case %}", "tried": "{% $states.context.State.RetryCount %}"},
            outputs={"failures": [], "found": "{% $states.result.Payload %}"},
        )
        find.add_catch(
            sfn.Pass.jsonata(self, "Search failed", comment="The report says so"),
            outputs={"failures": add_failure("Find instances"), "found": {"instances": [], "missing": []}},
        )
        both = sfn.Parallel.jsonata(
            self,
            "Alert and search",
            assign={"search_result": "{% $states.result[1].found %}", "failures": "{% [$states.result.failures] %}"},
        )
        return both.branch(asks, find)


def _clock_input(clock: str) -> dict[str, Any]:
    """The input of the state machine "clock", from JSONata that names it."""
    return {**{name: f"{{% {clock}.{name} %}}" for name in ("case", "deadline", "moments")}, "index": 0}

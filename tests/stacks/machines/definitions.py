"""The state machines as Step Functions gets them, and how their states lead to one another."""

import json
import re
from dataclasses import dataclass, replace
from functools import cached_property

from tests.stacks.assembly import golden, rendered


@dataclass(frozen=True)
class Edge:
    """A way from one state to the next: by success, by choice or by catch."""

    start: str
    end: str
    assigned: frozenset[str]


@dataclass(frozen=True)
class Machine:
    """One state machine. `told` are its messages to the admins; `silent` its ends before which nothing was changed.

    `settings` are others than those of cdk.json: then it is no golden file, and is rendered for the tests.
    """

    name: str
    told: frozenset[str]
    silent: frozenset[str] = frozenset()
    attempts: tuple[tuple[str, int], ...] = ()  # of tasks that are tried otherwise than most
    waits: frozenset[str] = frozenset()  # to which a way may lead back, as each takes a time off its list
    final: tuple[tuple[str, tuple[str, ...]], ...] = ()  # errors of tasks that trying again cannot change
    asks: frozenset[str] = frozenset()  # tasks that wait for a person: that nobody answers is no failure
    settings: tuple[tuple[str, str], ...] = ()
    together: frozenset[str] = frozenset()  # tasks that are not caught each for itself, but with all that is beside

    @cached_property
    def definition(self):
        if self.settings:
            return rendered(self.name, **dict(self.settings))
        return json.loads(golden(self.name).read_text())  # that it is the rendered one is a test

    @cached_property
    def states(self):
        """Every state by name, nested ones too."""
        return all_states(self.definition)

    @cached_property
    def tasks(self):
        return {name: state for name, state in self.states.items() if state["Type"] == "Task"}

    @property
    def top(self):
        return self.definition["States"]

    def __str__(self):
        return "-".join((self.name, *(value for _, value in self.settings)))


# An execution of this name runs, or has; the API's own name for it too.
STARTED = ("StepFunctions.ExecutionAlreadyExistsException", "ExecutionAlreadyExists")
RESPOND = Machine(
    "respond",
    told=frozenset({"Report to admins", "Report answer", "Relay mail"}),
    silent=frozenset({"Mail listed"}),  # the clock of its hour sends the list
    # What must reach an admin is tried long; what the quarantine waits for may hold it up by no more than seconds.
    attempts=(
        ("Report to admins", 7),
        ("Report answer", 7),
        ("Relay mail", 7),
        ("Send first alert", 1),
        ("Write before-state", 2),
        ("Protect instance", 2),
        ("Start snapshots", 2),
        ("Prepare quarantine", 2),
    ),
    final=(("Start clock", STARTED), ("Start list", STARTED), ("Preview release", ("TooManyInstances",))),
)
RELEASING = replace(RESPOND, settings=(("sent_in_error", "release"),))
ASK = Machine(
    "ask",
    told=frozenset({"Escalate"}),
    # Before these ends the desk has told all, or "respond" runs and tells.
    silent=frozenset({"Declined", "Question withdrawn", "Containment started"}),
    attempts=(("Escalate", 7),),
    final=(("Contain on approval", STARTED), ("Contain without decision", STARTED)),
    asks=frozenset({"Ask admins"}),
)
RELEASE = Machine(
    "release",
    told=frozenset({"Report release"}),
    silent=frozenset({"Plan shown", "Nothing released"}),
    attempts=(("Report release", 7),),
    final=(("Plan release", ("NotContained", "NothingToRelease", "TooManyInstances", "UnknownCase")),),
)
WATCH = Machine(
    "watch",
    told=frozenset({"Watch"}),
    attempts=(("Alert admins", 7), ("Warn about snapshots", 7)),
    waits=frozenset({"Wait for the next check", "Wait for the snapshots"}),
    together=frozenset({"Alert admins", "Warn about snapshots"}),
)
CLOCK = Machine(
    "clock",
    told=frozenset({"Remind admins"}),
    attempts=(("Remind admins", 12),),
    waits=frozenset({"Wait for the next moment"}),
)
DESK = Machine(
    "desk",
    told=frozenset({"Tell admins"}),
    silent=frozenset({"Nothing done", "Started"}),
    final=(
        ("Record admin action", ("UnknownCase", "NotPossibleNow")),
        ("Contain at once", STARTED),
        ("Start submitted mail", ("UnknownArrival",)),
    ),
)
ROSTER = Machine("roster", told=frozenset({"Report roster"}), attempts=(("Report roster", 7),))
MACHINES = (RESPOND, RELEASING, WATCH, ASK, CLOCK, DESK, RELEASE, ROSTER)


def inside(state):
    """What a Parallel or a Map runs."""
    return [*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())]


def all_states(definition):
    """Every state by name, nested ones too."""
    found = {}
    for name, state in definition["States"].items():
        for nested_machine in inside(state):
            nested = all_states(nested_machine)
            assert not found.keys() & nested.keys()
            found |= nested
        assert name not in found, f"two states are called {name}"
        found[name] = state
    return found


def edges(states):
    """The ways between states of one level; a Parallel or Map is one state here."""
    for name, state in states.items():
        for choice in state.get("Choices", ()):
            yield Edge(name, choice["Next"], frozenset(choice.get("Assign", ())))
        for after in (state.get("Next"), state.get("Default")):
            if after:
                yield Edge(name, after, frozenset(state.get("Assign", ())))
        for caught in state.get("Catch", ()):
            yield Edge(name, caught["Next"], frozenset(caught.get("Assign", ())))


def levels(definition):
    """Each set of states that lead to one another: the machine's own, and each branch's and each item's."""
    yield definition
    for state in definition["States"].values():
        for inner in inside(state):
            yield from levels(inner)


def after(start, ways):
    """Every state that can come after `start`."""
    found, waiting = set(), [start]
    while waiting:
        here = waiting.pop()
        for way in ways:
            if way.start == here and way.end not in found:
                found.add(way.end)
                waiting.append(way.end)
    return found


def read_by(state):
    """The variables that a state reads: `$case` in a JSONata expression, not `$count(…)`, `$states` or a parameter."""
    text = json.dumps({key: value for key, value in state.items() if key not in {"Branches", "ItemProcessor"}})
    text = re.sub(r"'[^']*'", "''", text)
    parameters = {name for names in re.findall(r"function\(([^)]*)\)", text) for name in re.findall(r"\$(\w+)", names)}
    return set(re.findall(r"\$([a-z_]+)\b(?!\s*\()", text)) - {"states"} - parameters


def unset(level, known=frozenset()):
    """Each (state, variable) that some way into the state leaves unset."""
    ways = list(edges(level["States"]))
    sets = {level["StartAt"]: known}
    waiting = [level["StartAt"]]
    while waiting:
        here = waiting.pop()
        for way in ways:
            if way.start == here:
                now = (sets[here] | way.assigned) & sets.get(way.end, sets[here] | way.assigned)
                if sets.get(way.end) != now:
                    sets[way.end] = now
                    waiting.append(way.end)
    for name, state in level["States"].items():
        for variable in read_by(state) - sets[name]:
            yield name, variable
        for inner in inside(state):
            yield from unset(inner, sets[name])


def longest(definition):
    """How many states are entered on the longest way without a failure, with one instance: each is billed."""

    def entered(level, name):
        state = level["States"][name]
        following = [choice["Next"] for choice in state.get("Choices", ())]
        following += [state[key] for key in ("Next", "Default") if key in state]
        here = 1 + sum(entered(nested_machine, nested_machine["StartAt"]) for nested_machine in inside(state))
        return here + max((entered(level, next_state) for next_state in following), default=0)

    return entered(definition, definition["StartAt"])

"""What an admin does about a case from the desk, noted and told to all: read this file from top to bottom.

Only a person starts it, by `python -m desk ack`, `replied` or `close`, under an IAM identity of their own, which
CloudTrail keeps. What makes no sense as the case stands is refused, and nothing is changed.
"""

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from lambdas.domain.errors import NotPossibleNow, UnknownCase
from stacks.functions import Functions
from stacks.machine import machine, task


class Desk(Construct):
    """The state machine "desk": one execution an act of an admin.

    Input: `action`, `case`, `instance` (or ""), `by` (the ARN of the caller), `words` (or "") and, for an
    acknowledgement, `admin`: the address that the caller goes by (or "").
    """

    def __init__(self, scope: Construct, construct_id: str, *, functions: Functions) -> None:
        super().__init__(scope, construct_id)
        self.machine = machine(
            self,
            self._act(functions),
            timeout=Duration.minutes(10),
            functions=(functions.read, functions.tell),
        )

    def _act(self, functions: Functions) -> sfn.IChainable:
        note = task(
            self,
            "Note act",
            functions.read,
            comment="Who, when, what and why, where it makes sense as the case stands",
            payload={"act": "{% $states.input %}"},
            final=(UnknownCase.__name__, NotPossibleNow.__name__),
            outputs="{% $states.result.Payload %}",
        )
        note.add_catch(
            sfn.Succeed.jsonata(self, "Nothing done", comment="The desk says why; nothing was changed"),
            outputs={"refused": "{% $states.errorOutput %}"},
        )
        tell = task(
            self,
            "Tell admins",
            functions.tell,
            comment="All of them learn who did what, and what is still missing",
            payload={"noted": "{% $states.input %}"},
            outputs="{% $states.input %}",
        )
        tell.add_catch(
            sfn.Fail.jsonata(
                self, "Admins not told", comment="The act is noted; the desk says so", error="AdminsNotTold"
            )
        )
        tell.next(sfn.Succeed.jsonata(self, "Admins told"))
        return note.next(tell)

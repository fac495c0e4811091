"""The questions to the admins: in a case the newest one about each instance; those of unproven mails share a clock."""

import json
from datetime import datetime
from typing import Any

from lambdas import case_table
from lambdas.aws import client
from lambdas.domain.case.table_keys import OUTCOME_PREFIX, QUESTION_PREFIX
from lambdas.domain.case.unproven_mail import SharedClock, questions_clock

# The question has waited for its time, was answered, or was never asked.
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
_OVER = {"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"}


def keep_question(case: str, instance_id: str, execution: str, token: str) -> None:
    """Save the newest question about an instance. Its token is enough to answer it, so nothing else may show it."""
    case_table.write(case, f"{QUESTION_PREFIX}{instance_id}", {"execution": execution, "token": token})


def is_newest_question(case: str, instance_id: str, execution: str) -> bool:
    """Whether no other execution has asked about the instance since this one."""
    question = case_table.read_item(case, f"{QUESTION_PREFIX}{instance_id}")
    return question is None or question["execution"] == execution


def answer_question(case: str, instance_id: str, answer: dict[str, Any]) -> bool:
    """Answer the newest question about an instance. False if none is waiting."""
    question = case_table.read_item(case, f"{QUESTION_PREFIX}{instance_id}")
    if question is None:
        return False
    steps = client("stepfunctions")
    try:
        steps.send_task_success(taskToken=question["token"], output=json.dumps(answer))
    except steps.exceptions.ClientError as error:
        if error.response["Error"]["Code"] not in _OVER:
            raise
        return False
    return True


def newest_arrival_about(case: str, instance_id: str) -> dict[str, Any]:
    """The newest mail of the case that led to a decision about the instance; AWS's own before others.

    There must be one.
    """
    outcomes = [
        item
        for sort, item in case_table.read_items(case).items()
        if sort.startswith(OUTCOME_PREFIX) and item["instance_id"] == instance_id
    ]
    newest = max(outcomes, key=lambda item: (item["is_ours"], datetime.fromisoformat(item["arrival"]["received_at"])))
    arrival: dict[str, Any] = newest["arrival"]
    return arrival


def share_question(case: str, instance_id: str, now: datetime) -> SharedClock:
    """Put an unproven mail's question among those of its window; returns the clock that reminds of them."""
    clock = questions_clock(now)
    case_table.write_once(
        clock.partition, f"{QUESTION_PREFIX}{case}#{instance_id}", {"case": case, "instance_id": instance_id}
    )
    return clock

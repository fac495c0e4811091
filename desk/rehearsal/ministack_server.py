"""MiniStack for the rehearsal, with what it lacks. Run as `python -m desk.rehearsal.ministack_server`.

Some things differ from MiniStack as it comes: a Parallel in JSONata puts out and assigns what it is defined to, and
each of its branches has variables of its own; a function's error bears the name of its exception's class; and a task
may time out after what JSONata says.
CloudFormation makes archives of event buses. SNS keeps the account's settings for SMS, which no phone has opted out of
and no sandbox holds back.
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

import copy
import json
import re
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from ministack.app import main
from ministack.services import eventbridge, lambda_svc, sns, stepfunctions
from ministack.services.cloudformation import provisioners


def _run_parallel_branches(state: Any, given: Any, execution: Any, context: dict[str, Any]) -> Any:
    branches = state["Branches"]
    handed = stepfunctions._apply_jsonata_arguments(state, given, context)  # noqa: SLF001  as MiniStack's own states do
    with ThreadPoolExecutor(max_workers=len(branches)) as pool:
        running = [
            # The context variables name the account and the Region.
            pool.submit(copy_context().run, _branch, branch, handed, execution, copy.deepcopy(context))
            for branch in branches
        ]
    result = [branch.result() for branch in running]
    output = stepfunctions._apply_jsonata_output(state, given, context, result=result, default=result)  # noqa: SLF001
    stepfunctions._apply_state_assign(state, given, context, result=result)  # noqa: SLF001
    return output, stepfunctions._next_or_end(state)  # noqa: SLF001


def _branch(branch: Any, given: Any, execution: Any, context: dict[str, Any]) -> Any:
    return stepfunctions._run_sub_machine(branch["States"], branch["StartAt"], given, execution, context)  # noqa: SLF001


def _execute_function(*args: Any, **kwargs: Any) -> Any:
    result = _execute_as_it_comes(*args, **kwargs)
    raised = re.search(r"^(?:\w+\.)*(\w+)(?:: .*)?\Z", str(result.get("log", "")).rstrip(), re.MULTILINE)
    if result.get("error") and raised and result["body"].get("errorType") == "Runtime.HandlerError":
        result["body"]["errorType"] = raised[1]  # the last line of the traceback
    return result


def _execute_task(state: Any, given: Any, execution: Any, context: dict[str, Any]) -> Any:
    if isinstance(state.get("TimeoutSeconds"), str):
        left = stepfunctions._jsonata_state_field(state, "TimeoutSeconds", "number", given, context)  # noqa: SLF001
        state = {**state, "TimeoutSeconds": left}
    return _task_as_it_comes(state, given, execution, context)


def _make_archive(logical_id: str, given: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    name = f"{stack}-{logical_id}"[:48]
    eventbridge._create_archive(  # noqa: SLF001  MiniStack's EventBridge has archives; its CloudFormation does not ask
        {
            "ArchiveName": name,
            "EventSourceArn": given["SourceArn"],
            "EventPattern": json.dumps(given["EventPattern"]),
            "RetentionDays": int(given["RetentionDays"]),
        }
    )
    return name, {}


def _delete_archive(name: str, _: dict[str, Any]) -> None:
    eventbridge._delete_archive({"ArchiveName": name})  # noqa: SLF001


_sms_attributes: dict[str, str] = {}


async def _handle_sns(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
    request = dict(urllib.parse.parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    action = request.get("Action", "")
    if action == "SetSMSAttributes":
        _sms_attributes.update({request["attributes.entry.1.key"]: request["attributes.entry.1.value"]})
    answers = {
        "CheckIfPhoneNumberIsOptedOut": "<isOptedOut>false</isOptedOut>",
        "GetSMSAttributes": "<attributes>{}</attributes>".format(
            "".join(f"<entry><key>{key}</key><value>{value}</value></entry>" for key, value in _sms_attributes.items())
        ),
        "GetSMSSandboxAccountStatus": "<IsInSandbox>false</IsInSandbox>",
        "SetSMSAttributes": "",
    }
    if action not in answers:
        return await _sns_as_it_comes(method, path, headers, body, query)
    return sns._xml(200, f"{action}Response", f"<{action}Result>{answers[action]}</{action}Result>")  # noqa: SLF001


provisioners._RESOURCE_HANDLERS["AWS::Events::Archive"] = {  # noqa: SLF001
    "create": _make_archive,
    "delete": _delete_archive,
}
_sns_as_it_comes = sns.handle_request
sns.handle_request = _handle_sns
_task_as_it_comes = stepfunctions._execute_task  # noqa: SLF001
stepfunctions._execute_task = _execute_task  # noqa: SLF001
_execute_as_it_comes = lambda_svc._execute_function_with_config_scope  # noqa: SLF001
lambda_svc._execute_function_with_config_scope = _execute_function  # noqa: SLF001
stepfunctions._run_parallel_branches = _run_parallel_branches  # noqa: SLF001

if __name__ == "__main__":
    main()

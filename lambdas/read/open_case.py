"""Open case: join the notice to the case of its number, else to that of its instance, or open one."""

from typing import Any

from lambdas import case_table
from lambdas.domain.case.authority import Authority, authority_of
from lambdas.domain.case.identity import MAX_ACCOUNTS, MAX_INSTANCES, answer_deadline, is_resolved, other_cases
from lambdas.domain.case.table_keys import CASE, HEALTH_EVENT_PREFIX, INSTANCE_PREFIX, NOTICE_PREFIX
from lambdas.domain.instance.address import addresses_to_find
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import Notice, NoticeKind, Proof
from lambdas.domain.settings.function_config import ReadConfig
from lambdas.load_config import load_config
from lambdas.read.admission import ADMITTED, admit
from lambdas.read.case_of_notice import case_for_aws, case_for_others, join, join_as_other
from lambdas.read.clocks import clocks


def open_case(event: dict[str, Any]) -> dict[str, Any]:
    """From `arrival` and `notice` to the case as the following states need it.

    Only AWS, writing about an account of ours, opens or changes a case here; its `authority` is then "ours". Any other
    mail gets the case that it will join if it is admitted: at once from a trusted forwarder or after an admin's
    approval, otherwise by "Admit mail", when it is known whether what it names is here.

    `admission` says whether the mail is reported by itself; null where it is not decided yet.
    `instances` are those to look at: what the notice names, else what the case's proven notices named before.
    `addresses` are to be looked for beside them, where the notice names no instance. `accounts` are those named.
    `clocks` are to be started, of each case that it has joined.
    """
    arrival = Arrival.from_json(event["arrival"])
    notice, proof = Notice.from_json(event["notice"]), Proof.from_json(event["proof"])
    accounts = (event["account_id"], *load_config(ReadConfig).member_accounts)
    authority = authority_of(notice, proof, accounts, from_health=arrival.is_health_event)
    if authority is Authority.OURS:
        return _open_for_aws(event, arrival, notice)
    case, decided = case_for_others(notice, authority, arrival), [*event["approved"], *event["undecided_instances"]]
    opened = case_table.read_item(case, CASE)
    admission = ADMITTED if decided else admit(arrival, notice, proof, ()) if proof.trusted else None
    if admission and admission["admitted"]:
        join_as_other(case, event, authority)
    return {
        **_described(case, arrival, notice, ()),
        "authority": authority,
        "admission": admission,
        "joined": opened is not None and opened["opened_by"] != arrival.key,
        # An admin's approval says that the mail is genuine: AWS then waits for an answer.
        "clocks": list(clocks((case,), arrival.received_at)) if decided else [],
    }


def _open_for_aws(event: dict[str, Any], arrival: Arrival, notice: Notice) -> dict[str, Any]:
    case = case_for_aws(notice, arrival)
    cases = (case, *(other for other in other_cases(notice) if other != case))
    for joined in cases:
        join(joined, event, Authority.OURS)
    if arrival.is_health_event and notice.kind not in {NoticeKind.NONE, NoticeKind.RESOLVED}:
        item = {"received_at": arrival.received_at.isoformat()}
        for instance_id in notice.instance_ids:
            case_table.write_once(f"{INSTANCE_PREFIX}{instance_id}", f"{HEALTH_EVENT_PREFIX}{arrival.key}", item)
    notices = {
        sort: item
        for sort, item in case_table.read_items(case).items()
        if sort.startswith(NOTICE_PREFIX) and item["is_ours"]
    }
    able = [item for item in notices.values() if Proof.from_json(item["proof"]).may_contain]
    oldest = min(notices, key=lambda sort: (notices[sort]["received_at"], sort))
    return {
        **_described(case, arrival, notice, [Notice.from_json(item["notice"]) for item in able]),
        "authority": Authority.OURS,
        "admission": ADMITTED,
        "joined": oldest != f"{NOTICE_PREFIX}{arrival.key}",
        "clocks": list(clocks(cases, arrival.received_at)),
    }


def _described(case: str, arrival: Arrival, notice: Notice, proven: list[Notice] | tuple[()]) -> dict[str, Any]:
    """The case for the notice, given the case's `proven` notices that are able to contain."""
    known = [resource for earlier in proven for resource in earlier.resources]
    regions = {item.instance_id: item.region for item in (*known, *notice.resources) if item.region}
    named = dict.fromkeys(item.instance_id for item in notice.resources or known)
    accounts = notice.account_ids or [account_id for earlier in proven for account_id in earlier.account_ids]
    due = answer_deadline(notice, arrival.received_at)
    return {
        "id": case,
        "resolved": is_resolved(proven),
        "deadline": {"at": due.at.isoformat(), "stated": due.stated},
        "instances": [{"instance_id": name, "region": regions.get(name)} for name in list(named)[:MAX_INSTANCES]],
        "accounts": list(dict.fromkeys(accounts))[:MAX_ACCOUNTS],
        "addresses": [address.to_json() for address in addresses_to_find(notice, proven)],
    }

"""Leave load balancers: no user's request shall wait for an instance that cannot answer."""

from itertools import groupby
from typing import Any

from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.domain.case.table_keys import TARGETS_PREFIX
from lambdas.domain.containment.before_state import record_sort_key
from lambdas.domain.containment.load_balancing import Registrations, Target
from lambdas.domain.errors import StillRegistered
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.instance_clients import client_for, reader_of
from lambdas.step_result import done, skipped, step_error


def leave_load_balancers(event: dict[str, Any]) -> dict[str, Any]:
    """Save once where the instance is registered, deregister it everywhere, and read back whether that worked.

    Raises StillRegistered where it is still registered somewhere.
    """
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    sort = record_sort_key(TARGETS_PREFIX, instance.instance_id, case_table.read_items(case))
    reader = reader_of(instance)
    registered = reader.registrations()
    before = Registrations.from_json(case_table.write_once(case, sort, registered.to_json()))
    if not (before.targets or before.classic or registered.targets or registered.classic):
        return skipped(phrase("balancer:none"))
    refused = _deregister(instance, registered)
    left = reader.registrations()
    if refused or left.targets or left.classic:
        raise step_error(StillRegistered, *refused, *(phrase("balancer:still_in", name=name) for name in _names(left)))
    return done(phrase("balancer:out", names=_names(before)) if _names(before) else phrase("balancer:out_of_all"))


def _deregister(instance: Instance, registered: Registrations) -> list[Phrase]:
    """Try every registration, and return what AWS refuses."""
    elb, classic = client_for(instance, "elbv2"), client_for(instance, "elb")
    refused = []
    for group, targets in groupby(registered.targets, key=lambda target: target.group):
        try:
            elb.deregister_targets(TargetGroupArn=group, Targets=[target.description() for target in targets])
        except ClientError as error:
            refused.append(verbatim(str(error)))
    for name in registered.classic:
        try:
            classic.deregister_instances_from_load_balancer(
                LoadBalancerName=name, Instances=[{"InstanceId": instance.instance_id}]
            )
        except ClientError as error:
            refused.append(verbatim(str(error)))
    return refused


def _names(registrations: Registrations) -> list[str]:
    return [*dict.fromkeys(_name(target) for target in registrations.targets), *registrations.classic]


def _name(target: Target) -> str:
    """The name within a target group's ARN, with the port: `…:targetgroup/web/73e2d6bc24d8a067`."""
    return f"{target.group.rpartition(':')[2].split('/')[1]}:{target.port}"

"""Leave load balancers: nobody's request shall wait for an instance that cannot answer."""

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any

from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.aws import client
from lambdas.domain.case.table_keys import TARGETS_PREFIX
from lambdas.domain.containment.before_state import record_sort_key
from lambdas.domain.containment.load_balancing import Registrations, Target, can_target, targets_of
from lambdas.domain.errors import StillRegistered
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.step_result import done, skipped, step_error


def leave_load_balancers(event: dict[str, Any]) -> dict[str, Any]:
    """Write down once where the instance is registered, take it out everywhere, and look whether it is out.

    Raises StillRegistered where it is still in somewhere.
    """
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    sort = record_sort_key(TARGETS_PREFIX, instance.instance_id, case_table.read_items(case))
    registered = read_registrations(instance)
    before = Registrations.from_json(case_table.write_once(case, sort, registered.to_json()))
    if not (before.targets or before.classic or registered.targets or registered.classic):
        return skipped(phrase("balancer:none"))
    refused = _deregister(instance, registered)
    left = read_registrations(instance)
    if refused or left.targets or left.classic:
        raise step_error(StillRegistered, *refused, *(phrase("balancer:still_in", name=name) for name in _names(left)))
    return done(phrase("balancer:out", names=_names(before)) if _names(before) else phrase("balancer:out_of_all"))


def read_registrations(instance: Instance) -> Registrations:
    """Where the instance is registered now: in target groups of its VPC, and in classic load balancers."""
    elb, classic = (client(one, instance.region, instance.account_id) for one in ("elbv2", "elb"))
    groups = [
        group["TargetGroupArn"]
        for page in elb.get_paginator("describe_target_groups").paginate()
        for group in page["TargetGroups"]
        if can_target(group, instance)
    ]
    with ThreadPoolExecutor(max_workers=8) as pool:
        health = pool.map(lambda group: elb.describe_target_health(TargetGroupArn=group), groups)
        targets = [
            target
            for group, answer in zip(groups, health, strict=True)
            for target in targets_of(group, answer["TargetHealthDescriptions"], instance)
        ]
    names = [
        balancer["LoadBalancerName"]
        for page in classic.get_paginator("describe_load_balancers").paginate()
        for balancer in page["LoadBalancerDescriptions"]
        if any(one["InstanceId"] == instance.instance_id for one in balancer["Instances"])
    ]
    return Registrations(tuple(targets), tuple(names))


def _deregister(instance: Instance, registered: Registrations) -> list[Phrase]:
    """Take it out of each; returns AWS's words where it refuses, which holds up no other."""
    elb, classic = (client(one, instance.region, instance.account_id) for one in ("elbv2", "elb"))
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

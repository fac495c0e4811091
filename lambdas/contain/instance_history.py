"""The history of an instance that is gone, from CloudTrail, and what its Auto Scaling group has launched since."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.aws import client
from lambdas.contain.search_scope import query_regions
from lambdas.domain.instance.history import InstanceHistory, launch_template_of
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.search import AccountRegion, Search, shortened
from lambdas.domain.instance.successors import Successors
from lambdas.domain.phrase import Phrase, phrase
from lambdas.instance_reader import describe_auto_scaling_group, describe_instances
from lambdas.trail_reader import lookup_events

# Other instances wait to be contained, and CloudTrail answers slowly.
_SECONDS = 4
_MOST_ASKED = 4
_MOST_PAGES = 2
_MOST_MEMBERS = 100  # of a group; one filter of DescribeInstances takes 200 values


def read_histories(instance_ids: Sequence[str], regions: Sequence[AccountRegion]) -> dict[str, InstanceHistory]:
    """What CloudTrail shows of the first few of these instances, as far as it answers soon."""
    asked = instance_ids[:_MOST_ASKED]
    if not asked:
        return {}
    answers, refused = query_regions(regions, partial(_events, asked), seconds=_SECONDS)
    histories = dict.fromkeys(asked, InstanceHistory(Search.of(answers, refused)))
    for region, events in answers.items():
        histories = {name: past.with_events(events[name], name, region) for name, past in histories.items()}
    return {name: _with_successors(history) for name, history in histories.items()}


def read_successors(instance: Instance, launched_at: datetime) -> Successors:
    """What the group of an instance has launched after it."""
    region = AccountRegion(instance.account_id, instance.region)
    return _successors(region, instance.auto_scaling_group, launched_at, launch_template_of(instance.tags))


def _with_successors(history: InstanceHistory) -> InstanceHistory:
    if not (history.place and history.group):
        return history
    started_at = datetime.fromisoformat(history.launched_at)
    return replace(history, successors=_successors(history.place, history.group, started_at, history.template))


def _events(instance_ids: Sequence[str], region: AccountRegion) -> dict[str, list[dict[str, Any]]]:
    trail = client("cloudtrail", region.region, region.account_id)
    return {name: lookup_events(trail, "ResourceName", name, pages=_MOST_PAGES)[0] for name in instance_ids}


def _successors(region: AccountRegion, name: str, after: datetime, template: Phrase | None) -> Successors:
    autoscaling, ec2 = (client(service, region.region, region.account_id) for service in ("autoscaling", "ec2"))
    try:
        group = describe_auto_scaling_group(autoscaling, name)
        if group is None:
            return Successors(name, (), (), template, phrase("successors:no_group"))
        members = [member["InstanceId"] for member in group["Instances"]][:_MOST_MEMBERS]
        instances = describe_instances(ec2, members) if members else []
    except (ClientError, BotoCoreError) as error:
        return Successors(name, (), (), template, shortened(str(error)))
    launched = {instance["InstanceId"]: instance["LaunchTime"] for instance in instances}
    return Successors.of(group, launched, after=after, template=template)

"""What became of an instance that is gone, by CloudTrail's events; and what its Auto Scaling group launched since."""

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

# Others of the same notice wait to be contained. CloudTrail answers two calls a second in an account and Region, each
# with 50 events, the newest first: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
_SECONDS = 4
_MOST_ASKED = 4
_MOST_PAGES = 2
_MOST_MEMBERS = 100  # of a group; one filter of DescribeInstances takes 200 values


def read_histories(instance_ids: Sequence[str], places: Sequence[AccountRegion]) -> dict[str, InstanceHistory]:
    """What CloudTrail tells of the first few of these instances, as far as it answers soon."""
    asked = instance_ids[:_MOST_ASKED]
    if not asked:
        return {}
    answers, refused = query_regions(places, partial(_events, asked), seconds=_SECONDS)
    told = dict.fromkeys(asked, InstanceHistory(Search.of(answers, refused)))
    for place, events in answers.items():
        told = {one: past.told_by(events[one], one, place) for one, past in told.items()}
    return {one: _with_successors(past) for one, past in told.items()}


def read_successors(instance: Instance, launched_at: datetime) -> Successors:
    """What the group of an instance has launched after it."""
    place = AccountRegion(instance.account_id, instance.region)
    return _successors(place, instance.auto_scaling_group, launched_at, launch_template_of(instance.tags))


def _with_successors(past: InstanceHistory) -> InstanceHistory:
    if not (past.place and past.group):
        return past
    started_at = datetime.fromisoformat(past.started_at)
    return replace(past, successors=_successors(past.place, past.group, started_at, past.template))


def _events(instance_ids: Sequence[str], place: AccountRegion) -> dict[str, list[dict[str, Any]]]:
    paginator = client("cloudtrail", place.region, place.account_id).get_paginator("lookup_events")
    return {
        one: [
            event
            for page in paginator.paginate(
                LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": one}],
                PaginationConfig={"MaxItems": _MOST_PAGES * 50, "PageSize": 50},
            )
            for event in page["Events"]
        ]
        for one in instance_ids
    }


def _successors(place: AccountRegion, name: str, after: datetime, template: Phrase | None) -> Successors:
    autoscaling = client("autoscaling", place.region, place.account_id)
    ec2 = client("ec2", place.region, place.account_id)
    try:
        groups = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
        if not groups:
            return Successors(name, (), (), template, phrase("successors:no_group"))
        members = [one["InstanceId"] for one in groups[0]["Instances"]][:_MOST_MEMBERS]
        filters = [{"Name": "instance-id", "Values": members}]
        reservations = ec2.describe_instances(Filters=filters)["Reservations"] if members else []
    except (ClientError, BotoCoreError) as error:
        return Successors(name, (), (), template, shortened(str(error)))
    launched = {one["InstanceId"]: one["LaunchTime"] for each in reservations for one in each["Instances"]}
    return Successors.of(groups[0], launched, after=after, template=template)

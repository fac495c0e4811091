"""A look at a contained instance, some time later: what it shows, what it writes down, and that it changes nothing."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.domain.phrase import Phrase
from tests.lambdas.contain.fleet import ALL_OUT
from tests.recording import Invocation, made_by, recording
from tests.samples import CASE, INSTANCE, english

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Check quarantine"
WATCH = "arn:aws:states:eu-central-1:552071934480:execution:watch:one"


@pytest.fixture
def contained(fleet, contain):
    """An instance in quarantine, and when that was read back."""
    instance = fleet.launch()
    contain("Quarantine network", instance)
    return instance, contain("Verify quarantine", instance)["at"]


@pytest.fixture
def check(contained, contain):
    """Look at it, ten minutes after."""
    instance, at = contained

    def step(minute=10):
        return contain(STEP, instance, contained_at=at, minute=minute, execution=WATCH)

    return step


@pytest.fixture
def trail(moto):
    """Let CloudTrail show events of what is asked for by its name, `trail({"eni-1": [event, …]})`, or refuse."""
    undo = []

    def show(events, error=None):
        client, asked = moto("cloudtrail", "eu-central-1"), []

        def answer(params, **_):
            body = json.loads(params["body"])
            asked.append(body)
            if error:
                return Answer(400), {"Error": {"Code": error, "Message": f"{error} said AWS"}}
            return Answer(200), {"Events": events.get(body["LookupAttributes"][0]["AttributeValue"], [])}

        event = "before-call.cloudtrail.LookupEvents"
        client.meta.events.register_first(event, answer)
        undo.append(lambda: client.meta.events.unregister(event, answer))
        return asked

    yield show
    for one in undo:
        one()


class Answer:
    """What botocore looks at of an HTTP answer."""

    def __init__(self, status_code):
        self.status_code = status_code
        self.headers = {}


def watched(minute="10"):
    """What the case says of the look."""
    return case_table.read_item(CASE, f"watch#{INSTANCE}#{minute}")


def test_a_quarantine_that_holds(check, fleet):
    before = fleet.carried()
    result = check()
    (group,) = set(before.values()).pop()
    assert (result["outcome"], result["status"], result["changes"]) == ("done", "holds", [])
    assert result["words"] == f"2 interface(s) have only {group}, which has no rules"
    assert watched() == {**result, "execution": WATCH}
    assert fleet.carried() == before


def test_it_only_looks(check):
    with recording() as calls, made_by(Invocation("contain", STEP)):
        check()
    assert {call.operation for call in calls} == {
        "Query",
        "DescribeInstances",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
        "PutItem",
    }


def test_an_interface_that_was_moved_is_left_and_who_moved_it_is_said(check, contained, fleet, trail):
    (eni, *_), web = (one.interface_id for one in contained[0].interfaces), fleet.groups_named("web")[0]["GroupId"]
    fleet.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=[web])
    moved = {
        "EventId": "1",
        "EventName": "ModifyNetworkInterfaceAttribute",
        "EventTime": datetime.now(UTC) + timedelta(minutes=3),
        "Username": "eve",
        "CloudTrailEvent": json.dumps({"userIdentity": {"arn": "arn:aws:iam::1:user/eve"}, "sourceIPAddress": "x"}),
    }
    asked = trail({eni: [moved]})
    result = check()
    assert (result["outcome"], result["status"]) == ("failed", "broken")
    assert f"{eni} has {web} instead of " in result["words"]
    assert [one.partition(" from ")[0] for one in english(map(Phrase.from_json, result["changes"]))] == [
        "ModifyNetworkInterfaceAttribute by arn:aws:iam::1:user/eve"
    ]
    assert [one["LookupAttributes"][0]["AttributeValue"] for one in asked] == [INSTANCE, eni]
    assert fleet.carried()[eni] == (web,), "the watch moves nothing: it may have been on purpose"
    assert watched() == {**result, "execution": WATCH}


def test_an_interface_that_was_attached_since(check, fleet, trail):
    trail({})
    other = fleet.ec2.create_network_interface(SubnetId=fleet.subnet, Groups=[fleet.groups_named("web")[0]["GroupId"]])
    eni = other["NetworkInterface"]["NetworkInterfaceId"]
    fleet.ec2.attach_network_interface(NetworkInterfaceId=eni, InstanceId=INSTANCE, DeviceIndex=2)
    result = check()
    assert (result["status"], eni in result["words"]) == ("broken", True)


def test_a_group_that_was_opened(check, fleet, trail):
    trail({})
    (group,) = set(fleet.carried().values()).pop()
    fleet.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=ALL_OUT)
    result = check()
    assert result["status"] == "broken"
    assert result["words"] == f"the quarantine group {group} has 1 outbound rule(s)"
    assert english(map(Phrase.from_json, result["changes"])) == [
        "CloudTrail shows nobody yet; it may be 15 minutes late"
    ]
    assert len(fleet.rules(group)) == 1


def test_a_cloudtrail_that_refuses_hides_no_broken_quarantine(check, fleet, trail):
    trail({}, error="AccessDeniedException")
    (group,) = set(fleet.carried().values()).pop()
    fleet.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=ALL_OUT)
    result = check()
    assert result["status"] == "broken"
    assert "CloudTrail did not answer: " in english(Phrase.from_json(result["changes"][0]))
    assert "AccessDeniedException" in english(Phrase.from_json(result["changes"][0]))


def test_a_release_ends_the_watch_whatever_ec2_shows(check, contained, fleet):
    instance, at = contained
    for one in instance.interfaces:
        fleet.ec2.modify_network_interface_attribute(NetworkInterfaceId=one.interface_id, Groups=list(one.groups))
    later = (datetime.fromisoformat(at) + timedelta(minutes=5)).isoformat()
    case_table.write_once(CASE, f"release#{INSTANCE}#1", {"at": later, "by": "arn:aws:iam::1:user/ada"})
    result = check()
    assert (result["outcome"], result["status"]) == ("skipped", "released")
    told = f"{datetime.fromisoformat(later):%d %b %Y %H:%M:%S}"
    assert result["words"] == f"released at {told} UTC by arn:aws:iam::1:user/ada (claimed): the watch has ended"
    assert watched()["status"] == "released"


def test_a_release_before_this_containing_does_not_end_it(check, contained):
    earlier = (datetime.fromisoformat(contained[1]) - timedelta(minutes=5)).isoformat()
    case_table.write_once(CASE, f"release#{INSTANCE}#1", {"at": earlier, "by": "arn:aws:iam::1:user/ada"})
    assert check()["status"] == "holds"


def test_a_stopped_instance_is_still_in_quarantine(check, fleet):
    fleet.ec2.stop_instances(InstanceIds=[INSTANCE])
    assert check()["status"] == "holds"


def test_a_terminated_instance_is_gone(check, fleet):
    fleet.ec2.terminate_instances(InstanceIds=[INSTANCE])
    result = check()
    assert (result["outcome"], result["status"], result["words"]) == (
        "skipped",
        "gone",
        "EC2 shows it as terminated",
    )


def test_an_hour_after_its_end_ec2_shows_it_no_more(check, refuse, fleet):
    fleet.ec2.terminate_instances(InstanceIds=[INSTANCE])
    refuse(fleet.ec2, "DescribeInstances", "InvalidInstanceID.NotFound")
    assert check()["words"] == "EC2 no longer lists it"


def test_what_cannot_be_looked_at_is_not_said_to_hold(check, refuse, fleet):
    refuse(fleet.ec2, "DescribeNetworkInterfaces", "UnauthorizedOperation")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        check()
    assert watched() is None


def test_each_minute_is_written_down_and_again_changes_nothing_more(check):
    check(10)
    check(60)
    check(60)
    assert [sort for sort in case_table.read_items(CASE) if sort.startswith("watch#")] == [
        f"watch#{INSTANCE}#10",
        f"watch#{INSTANCE}#60",
    ]

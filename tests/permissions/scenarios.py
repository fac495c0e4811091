"""What happens to a deployment: together these make the handlers make every call that they know.

Each is played once a run, in an account of its own. One that stands under "as it comes" is played with the settings of
cdk.json, one under "with all" with everything set that adds rights.
"""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from lambdas import log_sms
from lambdas.domain.containment.credentials import SLOT_TAGS
from lambdas.domain.instance.tags import CASE_TAG, QUARANTINE, ROLE_TAG
from tests.e2e.notices import fresh, fresh_address, health_event, nameless_notice, notice, taken_back
from tests.lambdas.contain.fleet import ALL_OUT, HTTPS_IN
from tests.lambdas.profiles import NOTHING, READ
from tests.permissions.policies import MEMBER, deployed
from tests.permissions.scene import REGION, Record, Scene, opened
from tests.recording import Call, Look
from tests.samples import ACCOUNT, MAIL_BUCKET
from tests.sandbox import Sandbox

Play = Callable[[Scene], None]
_PLAYS: dict[str, list[tuple[str, Play]]] = {"as it comes": [], "with all": []}
_STORY = Path(__file__).parents[2] / "desk" / "rehearsal" / "story"


@cache
def records(deployment: str) -> tuple[Record, ...]:
    """Every call of all scenarios of a deployment."""
    found: list[Record] = []
    for name, play in _PLAYS[deployment]:
        with opened(name, deployed(deployment)) as scene:
            play(scene)
        found += scene.records
    return tuple(found)


def scenario(deployment: str) -> Callable[[Play], Play]:
    """What stands below it is played on this deployment."""

    def keep(play: Play) -> Play:
        _PLAYS[deployment].append((play.__name__.replace("_", " "), play))
        return play

    return keep


def refused(operation: str, code: str, *, times: int = 99) -> Look:
    """AWS refuses this operation so often."""
    left = [times]

    def before(call: Call) -> None:
        if call.operation == operation and left[0]:
            left[0] -= 1
            raise call.refuse(code)

    return before


def launched_with_all(scene: Scene, instance_id: str, account_id: str = ACCOUNT) -> str:
    """With a role, in an Auto Scaling group, behind load balancers of each kind; returns the role."""
    fleet, profiles = scene.fleet(account_id=account_id), scene.profiles(account_id)
    instance = fleet.launch(instance_id=instance_id, kept=False)
    profile = profiles.make("web", path="/team/", policies=[READ.replace(ACCOUNT, account_id)])
    profiles.iam.put_role_policy(RoleName="web", PolicyName="inline", PolicyDocument=NOTHING)
    profiles.give(profile, instance_id)
    fleet.scale(instance_id)
    fleet.balance((instance_id, 80), (instance_id, 81))
    fleet.balance((instance.private_addresses[0], 80), kind="ip", name="by-address")
    elb = scene.client("elb", REGION, account_id)
    elb.create_load_balancer(
        LoadBalancerName="old",
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
        AvailabilityZones=[f"{REGION}a"],
    )
    elb.register_instances_with_load_balancer(LoadBalancerName="old", Instances=[{"InstanceId": instance_id}])
    return "web"


@scenario("as it comes")
def a_plain_instance(scene: Scene) -> None:
    case, instance_id = fresh()
    scene.fleet().launch(instance_id=instance_id)
    scene.arrives(notice(case, instance_id))
    scene.arrives(notice(case, instance_id))  # the same case again


@scenario("as it comes")
def an_instance_with_everything_contained_and_released(scene: Scene) -> None:
    case, instance_id = fresh()
    launched_with_all(scene, instance_id)
    scene.arrives(notice(case, instance_id))
    other_case, _ = fresh()
    scene.arrives(notice(other_case, instance_id))  # while the first case holds it
    scene.releases(case, do=False)
    scene.releases(case)
    scene.releases(case, instance_id, do=False)  # it is released already
    scene.arrives(notice(case, instance_id))  # and again
    scene.releases(case)


@scenario("as it comes")
def two_instances_with_one_role(scene: Scene) -> None:
    fleet, profiles = scene.fleet(), scene.profiles()
    profile, cases = profiles.make("web"), [fresh() for _ in range(2)]
    for _, instance_id in cases:
        fleet.launch(instance_id=instance_id)
        profiles.give(profile, instance_id)
    for case, instance_id in cases:
        scene.arrives(notice(case, instance_id))
    for case, _ in cases:
        scene.releases(case)


@scenario("as it comes")
def a_role_that_another_instance_is_cut_off_from_while_it_is_released(scene: Scene) -> None:
    case, instance_id = fresh()
    fleet, profiles = scene.fleet(), scene.profiles()
    fleet.launch(instance_id=instance_id)
    profiles.give(profiles.make("web"), instance_id)
    scene.arrives(notice(case, instance_id))

    def another(call: Call) -> None:
        if call.operation == "DetachRolePolicy":
            scene.iam().tag_role("web", [{"Key": SLOT_TAGS[-1], "Value": "i-0b57a4de7b57a4de7"}])

    scene.releases(case, after=another)


@scenario("as it comes")
def a_stopped_instance_with_a_role(scene: Scene) -> None:
    """EC2 replaces no profile of a stopped instance."""
    case, instance_id = fresh()
    fleet, profiles = scene.fleet(), scene.profiles()
    fleet.launch(instance_id=instance_id)
    profiles.give(profiles.make("web"), instance_id)
    fleet.ec2.stop_instances(InstanceIds=[instance_id])
    scene.arrives(notice(case, instance_id))
    scene.releases(case)


@scenario("as it comes")
def a_group_at_its_smallest(scene: Scene) -> None:
    case, instance_id = fresh()
    fleet = scene.fleet()
    fleet.launch(instance_id=instance_id)
    fleet.scale(instance_id, smallest=1)
    scene.arrives(notice(case, instance_id))
    scene.releases(case)


@scenario("as it comes")
def standby_refused_so_it_is_detached(scene: Scene) -> None:
    case, instance_id = fresh()
    fleet = scene.fleet()
    fleet.launch(instance_id=instance_id)
    fleet.scale(instance_id)
    scene.arrives(notice(case, instance_id), before=refused("EnterStandby", "ValidationError"))
    scene.releases(case)


@scenario("as it comes")
def a_quarantine_group_that_somebody_opened(scene: Scene) -> None:
    case, instance_id = fresh()
    fleet = scene.fleet()
    fleet.launch(instance_id=instance_id)
    fleet.group("abuse-responder-quarantine", [(ROLE_TAG, QUARANTINE)], inbound=[*HTTPS_IN, *ALL_OUT])
    scene.arrives(notice(case, instance_id))


@scenario("as it comes")
def a_network_without_ipv6(scene: Scene) -> None:
    case, instance_id = fresh()
    scene.fleet(ipv6=False).launch(instance_id=instance_id)
    scene.arrives(notice(case, instance_id))


@scenario("as it comes")
def snapshots_refused_together(scene: Scene) -> None:
    case, instance_id = fresh()
    scene.fleet().launch(instance_id=instance_id)
    scene.arrives(notice(case, instance_id), before=refused("CreateSnapshots", "IncorrectState"))


@scenario("as it comes")
def a_spot_instance_without_volumes(scene: Scene) -> None:
    case, instance_id = fresh()
    scene.fleet().launch(instance_id=instance_id, volumes=0)
    scene.ec2().get_instance(instance_id).lifecycle = "spot"
    scene.arrives(notice(case, instance_id))


@scenario("as it comes")
def an_address_of_an_instance(scene: Scene) -> None:
    """An Elastic IP, of which CloudTrail is asked, and one that nothing uses."""
    (case, instance_id), (other, _), idle = fresh(), fresh(), fresh_address()
    fleet = scene.fleet()
    fleet.launch(instance_id=instance_id)
    elastic = [fleet.ec2.allocate_address(Domain="vpc") for _ in range(2)]
    interface = fleet.now(instance_id).interfaces[0].interface_id
    fleet.ec2.associate_address(AllocationId=elastic[0]["AllocationId"], NetworkInterfaceId=interface)
    seen = datetime.now(UTC) + timedelta(seconds=1)
    named = f"Implicated Resource(s): {elastic[0]['PublicIp']}"
    scene.arrives(nameless_notice(case, named=named, seen=seen))
    for address in (elastic[1]["PublicIp"], idle):
        scene.arrives(nameless_notice(other, named=f"Implicated Resource(s): {address}"))


@scenario("as it comes")
def an_instance_that_is_gone(scene: Scene) -> None:
    (case, instance_id), (_, gone) = fresh(), fresh()
    fleet = scene.fleet()
    fleet.launch(instance_id=instance_id)
    fleet.scale(instance_id)
    fleet.ec2.modify_instance_attribute(InstanceId=instance_id, DisableApiTermination={"Value": False})
    fleet.ec2.terminate_instances(InstanceIds=[instance_id])
    scene.arrives(notice(case, instance_id))
    scene.arrives(notice(case, gone))


@scenario("as it comes")
def an_instance_in_no_region_that_is_named(scene: Scene) -> None:
    os.environ["REGIONS"] = "[]"
    scene.arrives(notice(*fresh()))


@scenario("as it comes")
def the_story(scene: Scene) -> None:
    """Three mails: the first, one that gives 24 hours, and "sent in error"."""
    scene.fleet("ap-northeast-1").launch()
    os.environ["REGIONS"] = '["ap-northeast-1"]'
    for mail in sorted(_STORY.glob("*.eml")):
        scene.arrives(mail.read_bytes())


@scenario("as it comes")
def a_health_event(scene: Scene) -> None:
    _, instance_id = fresh()
    scene.fleet().launch(instance_id=instance_id)
    scene.arrives(health_event(instance_id))


@scenario("as it comes")
def a_submitted_mail(scene: Scene) -> None:
    for raw in (notice(*fresh()), b"From: ada@example.com\n\nThis is no notice, so all admins get its text.\n"):
        digest = hashlib.sha256(raw).hexdigest()
        scene.client("s3").put_object(Bucket=MAIL_BUCKET, Key=f"submitted/{digest}", Body=raw)
        ended = scene.runs("desk", {"action": "submit", "mail": digest})
        (started,) = [call for call in ended.calls if call.operation == "StartExecution"]
        scene.runs("respond", json.loads(started.parameters["input"]))


@scenario("as it comes")
def dead_letters_that_are_handled_again(scene: Scene) -> None:
    sqs = scene.client("sqs")
    queue = sqs.create_queue(QueueName=os.environ["DEAD_LETTERS"].rpartition("/")[2])["QueueUrl"]
    _, instance_id = fresh()
    sqs.send_message(QueueUrl=queue, MessageBody=health_event(instance_id).decode())
    assert scene.runs("desk", {"action": "redrive"}).output["handled"] == 1


@scenario("as it comes")
def a_mail_that_is_no_notice_and_one_that_cannot_be_read(scene: Scene) -> None:
    scene.arrives(b"From: a@example.org\nSubject: lunch\nDate: Mon, 16 Nov 2026 07:42:08 +0000\n\nAt noon?\n")
    scene.announced("mail/nowhere")


@scenario("as it comes")
def a_mail_that_is_not_proven(scene: Scene) -> None:
    case, instance_id = fresh()
    scene.fleet().launch(instance_id=instance_id)
    asked = scene.arrives(notice(case, instance_id, proven=False), proven=False)
    given = {"arrival": asked.invocations[0].event["arrival"], "approved": [instance_id]}
    scene.runs("respond", given)


@scenario("as it comes")
def a_mail_that_an_admin_decides_about(scene: Scene) -> None:
    """In time, and too late for the question, which nobody has answered."""
    case, instance_id = fresh()
    scene.fleet().launch(instance_id=instance_id)
    asked = scene.arrives(notice(case, instance_id, sent=datetime.now(UTC) - timedelta(days=4)))
    (question,) = [call["Input"] for call in asked.started if call["StateMachineArn"] == "${AskMachine}"]
    act = {"case": case, "instance": instance_id, "by": "arn:aws:iam::1:user/a", "words": ""}
    scene.runs("desk", {"action": "decline", **act})
    scene.runs("desk", {"action": "approve", **act}, before=refused("SendTaskSuccess", "TaskTimedOut"))
    scene.runs("ask", question, answer={"approved": True, "by": "arn:aws:iam::1:user/a", "name": "approved"})


@scenario("as it comes")
def an_old_mail_that_nobody_decides_about(scene: Scene) -> None:
    case, instance_id = fresh()
    scene.fleet().launch(instance_id=instance_id)
    os.environ["UNANSWERED"] = "contain"
    scene.arrives(notice(case, instance_id, sent=datetime.now(UTC) - timedelta(days=4)))


@scenario("as it comes")
def a_case_that_admins_act_upon(scene: Scene) -> None:
    case, _ = fresh()
    scene.arrives(notice(case, "i-0b57a4de7b57a4de7"))
    for action in ("ack", "replied", "close"):
        scene.runs("desk", {"action": action, "case": case, "by": "arn:aws:iam::1:user/a", "admin": "ada@example.com"})


@scenario("as it comes")
def a_protected_instance(scene: Scene) -> None:
    case, instance_id = fresh()
    scene.fleet().launch(instance_id=instance_id, tags=[("AbuseResponder:Protect", "yes")])
    scene.arrives(notice(case, instance_id))


@scenario("as it comes")
def a_release_that_finds_somebody_elses_changes(scene: Scene) -> None:
    """A group taken off in between, another profile given; `force` puts both back."""
    case, instance_id = fresh()
    fleet, profiles = scene.fleet(), scene.profiles()
    fleet.launch(instance_id=instance_id)
    scene.arrives(notice(case, instance_id))
    profiles.give(profiles.make("other"), instance_id)
    interface = fleet.now(instance_id).interfaces[0].interface_id
    fleet.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[fleet.group("repaired")])
    scene.releases(case)
    scene.releases(case, force=True)


@scenario("as it comes")
def a_quarantine_that_does_not_hold(scene: Scene) -> None:
    case, instance_id = fresh()
    fleet = scene.fleet()
    fleet.launch(instance_id=instance_id)

    def undo() -> None:
        interface = fleet.now(instance_id).interfaces[0].interface_id
        fleet.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[fleet.group("mine")])

    scene.arrives(notice(case, instance_id), meanwhile=undo)


@scenario("as it comes")
def a_release_that_is_written_down_twice(scene: Scene) -> None:
    """Lambda's answer is lost, and the step is tried again; before, the instance had a tag of an older case."""
    case, instance_id = fresh()
    scene.fleet().launch(instance_id=instance_id, tags=[(CASE_TAG, "10000000001")])
    scene.arrives(notice(case, instance_id))

    lost = [1]

    def lose(call: Call) -> None:
        if call.step == "Record release" and call.operation == "PutItem" and lost:
            lost.pop()
            raise call.refuse("InternalServerError")

    scene.releases(case, after=lose)


@scenario("as it comes")
def a_release_of_what_is_not_there(scene: Scene) -> None:
    scene.releases("10000000001")


@scenario("with all")
def an_instance_of_the_home_account_twice(scene: Scene) -> None:
    """The second one finds the group that lets all through."""
    cases = [fresh(), fresh()]
    fleet = scene.fleet()
    for case, instance_id in cases:
        fleet.launch(instance_id=instance_id)
        scene.arrives(notice(case, instance_id))


@scenario("as it comes")
@scenario("with all")
def an_instance_that_was_reported_in_error(scene: Scene) -> None:
    case, instance_id = fresh()
    scene.fleet().launch(instance_id=instance_id)
    scene.arrives(notice(case, instance_id))
    scene.arrives(taken_back(case, instance_id, sent=datetime.now(UTC) + timedelta(minutes=1)))  # and so after that


@scenario("with all")
def an_instance_of_a_member(scene: Scene) -> None:
    case, instance_id = fresh()
    launched_with_all(scene, instance_id, MEMBER)
    raw = notice(case, instance_id).replace(ACCOUNT.encode(), MEMBER.encode())
    scene.arrives(raw)
    scene.releases(case)


@scenario("as it comes")
def a_roster_of_which_nobody_gets_the_cases(scene: Scene) -> None:
    """In SNS's sandbox, and with somebody who should get nothing."""
    Sandbox.holds()
    sns = scene.client("sns")
    alarms = sns.create_topic(Name=os.environ["ALARMS_TOPIC"].rpartition(":")[2])["TopicArn"]
    for endpoint in ("ada@example.com", "eve@example.org"):
        sns.subscribe(TopicArn=alarms, Protocol="email", Endpoint=endpoint)
    scene.runs("roster", {})
    Sandbox.lets_go()
    scene.runs("roster", {})


@scenario("as it comes")
def the_log_of_sms(scene: Scene) -> None:
    role = {"Role": f"arn:aws:iam::{ACCOUNT}:role/SmsLogRole"}
    made = scene.answers_cloudformation("log_sms", log_sms, "Create", role)
    scene.answers_cloudformation("log_sms", log_sms, "Delete", role, made)


@scenario("as it comes")
def the_rule_set_of_ses(scene: Scene) -> None:
    for name in ("ours", "theirs"):
        scene.client("ses").create_receipt_rule_set(RuleSetName=name)
    made = scene.asks_cloudformation("Create", "activate-if-none", "ours")
    scene.asks_cloudformation("Update", "activate-if-none", "ours", made)
    scene.asks_cloudformation("Delete", "activate-if-none", "ours", made)

"""The way back end to end: an abuse mail contains an instance, and an admin at the desk releases it exactly."""

import json
import os
import subprocess
import sys

import pytest

from desk.rehearsal.delivery import notice_in
from tests.e2e.notices import MEMBER, REGION, fresh, notice


@pytest.fixture
def desk(responder):
    """`python -m desk release …` against the deployed responder; returns what it printed, having checked its status."""

    def run(*words, status=0):
        done = subprocess.run(
            [sys.executable, "-m", "desk", "release", *words],
            env={**os.environ, **responder.emulators.environment()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout if status != 2 else done.stderr

    return run


@pytest.fixture
def stands(responder):
    """Everything of an instance that containing changes, as EC2, IAM, Auto Scaling and the load balancer show it."""

    def look(instance_id):
        ec2, iam, scaling, elb = (
            responder.emulators.client(service, REGION) for service in ("ec2", "iam", "autoscaling", "elbv2")
        )
        (reservation,) = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
        (instance,) = reservation["Instances"]
        interfaces = ec2.describe_network_interfaces(
            Filters=[{"Name": "attachment.instance-id", "Values": [instance_id]}]
        )["NetworkInterfaces"]
        (name,) = [tag["Value"] for tag in instance["Tags"] if tag["Key"] == "Name"]
        (role,) = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"]
        (group,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[instance_id])["AutoScalingGroups"]
        (target_group,) = elb.describe_target_groups(Names=[instance_id])["TargetGroups"]
        health = elb.describe_target_health(TargetGroupArn=target_group["TargetGroupArn"])["TargetHealthDescriptions"]
        return {
            "state": instance["State"]["Name"],
            "tags": sorted((tag["Key"], tag["Value"]) for tag in instance["Tags"]),
            "groups": {
                interface["NetworkInterfaceId"]: sorted(group["GroupId"] for group in interface["Groups"])
                for interface in interfaces
            },
            "volumes": [
                (blockdevicemapping["DeviceName"], blockdevicemapping["Ebs"]["DeleteOnTermination"])
                for blockdevicemapping in instance["BlockDeviceMappings"]
            ],
            "attributes": [
                ec2.describe_instance_attribute(InstanceId=instance_id, Attribute=name)[name[0].upper() + name[1:]]
                for name in ("disableApiTermination", "instanceInitiatedShutdownBehavior")
            ],
            "profile": instance["IamInstanceProfile"]["Arn"],
            "cut off": [
                tag["Value"]
                for tag in iam.list_role_tags(RoleName=role["RoleName"])["Tags"]
                if tag["Value"] == instance_id
            ],
            "scaling": (group["DesiredCapacity"], [member["LifecycleState"] for member in group["Instances"]]),
            "targets": sorted((target["Target"]["Id"], target["Target"]["Port"]) for target in health),
        }

    return look


@pytest.fixture
def contained(responder, play, stands):
    """Contain a fresh instance that has all of these by a mail; its case, its id, how it stood and how it stands."""
    case, instance_id = fresh()
    raw = notice(case, instance_id)
    responder.fleet.launch_for([(notice_in(raw), raw)])
    ec2, scaling, elb = (responder.emulators.client(service, REGION) for service in ("ec2", "autoscaling", "elbv2"))
    for attribute in (
        {"InstanceInitiatedShutdownBehavior": {"Value": "terminate"}},
        {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": True}}]},
    ):
        ec2.modify_instance_attribute(InstanceId=instance_id, **attribute)
    (reservation,) = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
    (instance,) = reservation["Instances"]
    scaling.create_launch_configuration(
        LaunchConfigurationName=instance_id, ImageId=instance["ImageId"], InstanceType="t3.micro"
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=instance_id,
        LaunchConfigurationName=instance_id,
        MinSize=0,
        MaxSize=2,
        VPCZoneIdentifier=instance["SubnetId"],
    )
    scaling.attach_instances(AutoScalingGroupName=instance_id, InstanceIds=[instance_id])
    target_group = elb.create_target_group(Name=instance_id, Protocol="HTTP", Port=80, VpcId=instance["VpcId"])
    elb.register_targets(
        TargetGroupArn=target_group["TargetGroups"][0]["TargetGroupArn"],
        Targets=[{"Id": instance_id, "Port": port} for port in (80, 8080)],
    )
    before = stands(instance_id)
    play(raw, launch=False)
    return case, instance_id, before, stands(instance_id)


def test_the_desk_shows_what_it_would_put_back_and_puts_it_back_exactly(responder, desk, contained, stands):
    case, instance_id, before, held = contained
    assert all(held[what] != before[what] for what in before if what != "state")

    plan = desk(case, instance_id)

    assert stands(instance_id) == held, "a plan changes nothing"
    assert responder.inboxes.collect() == []
    assert "Nothing was changed." in plan
    for interface, groups in before["groups"].items():
        row = next(line for line in plan.splitlines() if f"groups of {interface}" in line)
        assert "put back" in row
        assert all(group in plan for group in groups)

    shown = desk(case, instance_id, "--do")

    assert stands(instance_id) == before
    assert f"{instance_id} in {REGION}: RELEASED, read back at " in shown
    messages = responder.inboxes.wait(2)
    assert {(message.admin, message.channel) for message in messages} == {
        ("ada@example.com", "email"),
        ("ben@example.com", "email"),
    }
    (body,) = {message.body for message in messages}
    assert f"{instance_id} in {REGION}: RELEASED, read back from AWS at" in body
    assert "asked for the release of" in body.splitlines()[0]
    assert f"{instance_id} was released at" in desk(case, status=2)


def test_what_somebody_changed_since_is_left_until_it_is_forced(responder, desk, contained, stands):
    case, instance_id, before, held = contained
    ec2 = responder.emulators.client("ec2", REGION)
    interface = next(iter(held["groups"]))
    (default,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["ssh"]}])["SecurityGroups"]
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[default["GroupId"]])
    ec2.create_tags(Resources=[instance_id], Tags=[{"Key": "AbuseResponder:State", "Value": "mine"}])

    (planned,) = json.loads(desk(case, instance_id, "--do", "--json"))["released"]

    left = {action["what"] for action in planned["steps"]["Verify release"]["actions"] if action["verdict"] == "left"}
    assert left == {f"groups of {interface}", "tag AbuseResponder:State"}
    after = stands(instance_id)
    assert after["groups"] == {**before["groups"], interface: [default["GroupId"]]}
    assert ("AbuseResponder:State", "mine") in after["tags"]
    assert {what for what in before if after[what] != before[what]} == {"groups", "tags"}
    desk(case, instance_id, "--do", "--force")
    assert stands(instance_id) == before
    responder.inboxes.wait(4)


def test_contained_again_by_a_later_mail_it_gets_back_what_stood_before_that(responder, play, desk, contained, stands):
    case, instance_id, before, held = contained
    desk(case, instance_id, "--do")
    play(notice(case, instance_id), launch=False)
    assert stands(instance_id)["groups"] == held["groups"]

    desk(case, instance_id, "--do")

    assert stands(instance_id) == before
    responder.inboxes.collect()


def test_all_instances_of_a_case_are_released_also_in_a_member_account(responder, play, desk):
    (case, ours), (_, members) = fresh(), fresh()
    scene = play(notice(case, ours, beside=[(MEMBER, REGION, members)]))
    assert all(scene.after[instance_id].quarantined for instance_id in (ours, members))

    desk(case, "--do")

    now = responder.fleet.view()
    for instance_id in (ours, members):
        assert (now[instance_id].groups, now[instance_id].tags) == (
            scene.before[instance_id].groups,
            scene.before[instance_id].tags,
        )
    responder.inboxes.wait(2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("777",), "there is no case 777"),
        (("1190000", "i-0b57a4de7b57a4de7"), "there is no case 1190000"),
    ],
)
def test_what_cannot_be_released_is_said_in_words(desk, words, said):
    assert desk(*words, status=2) == f"desk release: {said}\n"


def test_an_instance_that_the_case_did_not_contain_is_refused(desk, contained):
    case, instance_id, _, _ = contained
    other = "i-0b57a4de7b57a4de7"
    assert f"case {case} did not contain {other}; it contained {instance_id}" in desk(case, other, status=2)

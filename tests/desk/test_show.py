"""`desk show` reads how the instances stand now from EC2, and ends with what to do next."""

import io
import json

import boto3
import pytest
from botocore.exceptions import ClientError

from desk.__main__ import main
from desk.show import show
from tests import rich_case as rich
from tests.lambdas.contain.fleet import HTTPS_IN
from tests.samples import CASE, INSTANCE


@pytest.fixture
def fleet(responder):
    return responder.rich_case()


def told(case=CASE):
    out = io.StringIO()
    assert show(case, out, rich.NOW, json=True) == 0
    return json.loads(out.getvalue())


def instance(name=INSTANCE):
    (found,) = (instance for instance in told()["instances"] if instance["instance_id"] == name)
    return found


def printed(monkeypatch, width=120):
    monkeypatch.setenv("COLUMNS", str(width))
    out = io.StringIO()
    show(CASE, out, rich.NOW, json=False)
    return out.getvalue()


def test_an_instance_stands_as_ec2_shows_it_now(fleet):
    now = instance()["now"]
    (carried,) = {group["id"] for interface in now["interfaces"] for group in interface["groups"]}
    assert now["quarantined"]
    assert {interface["id"] for interface in now["interfaces"]} == set(fleet.carried())
    assert fleet.carried().popitem()[1] == (carried,)
    assert now["state"] == "running"
    assert now["auto_scaling"] == {"group": "web-asg", "lifecycle": "InService"}
    assert now["tags"]["Name"] == "web-1"
    assert now["not_read"] == {}
    assert instance()["before"]["auto_scaling"]["lifecycle"] == "InService"


@pytest.mark.usefixtures("fleet")
def test_an_instance_that_a_service_manages_is_asked_for_as_well(monkeypatch):
    """An account may hide a node of EKS Auto Mode."""
    made, sent = boto3.client, []

    def recording(service, **more):
        client = made(service, **more)
        client.meta.events.register(
            "before-call.ec2.DescribeInstances", lambda params, **_: sent.append(params["body"])
        )
        return client

    monkeypatch.setattr("desk.live_instances.boto3.client", recording)
    instance()
    assert {body["IncludeManagedResources"] for body in sent} == {"true"}


def test_one_that_somebody_let_out_is_not_called_quarantined(fleet):
    interface = next(iter(fleet.carried()))
    web = fleet.groups_named("web")[0]["GroupId"]
    fleet.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[web])
    now = instance()["now"]
    assert now["quarantined"] is False
    assert now["not_quarantined_because"][0].startswith(f"{interface} has {web} instead of ")


def test_a_quarantine_group_that_somebody_opened_is_none(fleet):
    (group,) = fleet.carried().popitem()[1]
    fleet.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=HTTPS_IN)
    assert instance()["now"]["not_quarantined_because"] == [f"the quarantine group {group} has 1 inbound rule(s)"]


def test_a_terminated_one_is_not_in_quarantine(fleet):
    fleet.ec2.terminate_instances(InstanceIds=[INSTANCE])
    now = instance()["now"]
    assert (now["state"], now["quarantined"]) == ("terminated", False)


@pytest.mark.usefixtures("fleet")
def test_one_that_is_gone_or_was_never_found_is_said_to_be():
    assert instance(rich.DATABASE)["now"]["not_read"] == {"instance": "EC2 no longer lists it"}
    assert instance(rich.LOST)["now"] is None


def test_one_of_a_member_account_is_looked_at_there(responder):
    items = rich.items()
    items[f"before#{INSTANCE}"]["before"]["instance"]["account_id"] = "444455556666"
    responder.keep(CASE, items)
    words = instance()["now"]["not_read"]["instance"]
    assert "it is in account 444455556666" in words
    assert f"aws ec2 describe-instances --region ap-northeast-1 --instance-ids {INSTANCE}" in words


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    ("operation", "part"),
    [
        ("ec2.DescribeInstances", "instance"),
        ("ec2.DescribeSecurityGroups", "groups"),
        ("auto-scaling.DescribeAutoScalingGroups", "Auto Scaling"),
    ],
)
def test_what_may_not_be_read_holds_up_nothing_else(monkeypatch, operation, part):
    made = boto3.client

    def refusing(service, **more):
        def refuse(**_):
            raise ClientError({"Error": {"Code": "UnauthorizedOperation", "Message": "not you"}}, operation)

        client = made(service, **more)
        client.meta.events.register(f"provide-client-params.{operation}", refuse)
        return client

    monkeypatch.setattr("desk.live_instances.boto3.client", refusing)
    now = instance()["now"]
    assert "not you" in now["not_read"][part]
    assert now["quarantined"] is {"instance": None, "groups": False, "Auto Scaling": True}[part]


@pytest.mark.usefixtures("fleet")
def test_a_program_gets_the_whole_case():
    case = told()
    assert case["state"] == "open"
    assert [task["kind"] for task in case["to_do"]] == ["answer", "release"]
    assert case["to_do"][1]["commands"] == [f"python -m desk release {CASE} {INSTANCE}"]
    assert len(case["timeline"]) == 13
    (listed,) = case["evidence"]
    assert listed["as_recorded"]
    assert {file["name"] for file in listed["files"]} >= {"instance.json", "screenshot.jpg"}


def test_evidence_that_was_changed_or_is_gone_is_said(responder, fleet):  # noqa: ARG001
    responder.s3.put_object(Bucket="evidence", Key=rich.MANIFEST, Body=rich.BODY + b" ")
    assert not told()["evidence"][0]["as_recorded"]
    responder.s3.delete_object(Bucket="evidence", Key=rich.MANIFEST)
    assert "NoSuchKey" in told()["evidence"][0]["not_read"]


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_the_terminal_and_commands_stand_on_one_line(monkeypatch, width):
    lines = printed(monkeypatch, width).splitlines()
    assert max(map(len, lines)) <= width
    assert f"   python -m desk release {CASE} {INSTANCE}" in lines
    text = " ".join(" ".join(lines).split())
    for words in (
        "8 h 42 min left",
        "ada",
        "outbound port 22 was blocked",
        "abuse-responder-quarantine",
        "In quarantine? yes",
    ):
        assert words in text


@pytest.mark.usefixtures("fleet")
def test_no_words_of_others_reach_the_terminal_as_they_are(monkeypatch):
    text = printed(monkeypatch)
    assert "web-1<script>" in text
    assert "\u202e" not in text


@pytest.mark.usefixtures("fleet")
def test_a_case_is_found_by_its_number_as_a_mail_has_it():
    assert told(f"{CASE}-1")["case"] == CASE


@pytest.mark.usefixtures("fleet")
def test_an_unknown_case_is_answered_with_near_ones(capsys):
    assert main(["show", CASE[:-1] + "9"]) == 2
    assert f"there is no case {CASE[:-1]}9. Did you mean {CASE}?" in capsys.readouterr().err


@pytest.mark.usefixtures("responder")
def test_without_any_case_an_unknown_one_is_said_to_be_so(capsys):
    assert main(["show", "1"]) == 2
    assert "there is no case 1. There are no cases yet." in capsys.readouterr().err


def test_a_case_whose_notice_is_on_its_way_is_said_to_be_so(responder, capsys):
    responder.keep("1000005", {"case": {"opened_by": "mail/2"}})
    assert main(["show", "1000005"]) == 2
    assert "look again in a minute" in capsys.readouterr().err

"""`desk reply` prints a draft with its gaps named, opens it where that is asked, and sends nothing."""

import io
import json
import webbrowser
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.stub import Stubber

from desk.__main__ import main
from desk.deployed import intake_address
from desk.reply import reply
from lambdas.domain.answer.draft import AnswerVariant
from lambdas.domain.answer.mailto import MAX_URL
from tests import rich_case as rich
from tests.desk.cases import INTAKE
from tests.samples import CASE, INSTANCE


@pytest.fixture
def fleet(responder):
    return responder.rich_case()


@pytest.fixture
def links(monkeypatch):
    """What a mail program was asked to open; it opens what is asked."""
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    return opened


def printed(**asked):
    out = io.StringIO()
    given = {"variant": None, "link": False, "open_mail": False, "json": False} | asked
    assert reply(CASE, out, rich.NOW, **given) == 0
    return out.getvalue()


@pytest.mark.usefixtures("fleet")
def test_the_draft_says_how_the_instance_stands_now(links):
    text = printed()
    for words in (
        "To:      ec2-abuse@amazon.com",
        f"Cc:      {INTAKE}",
        f"Subject: Re: Your Amazon EC2 Abuse Report [{CASE}]",
        "2026-11-16 07:42:15 UTC: quarantined.",
        "2026-11-17 07:00:08 UTC: looked at again, EC2 still shows it quarantined, and as running.",
        "Nothing has been sent.",
        f"- Keep {INTAKE} in copy",
    ):
        assert words in text, words
    filled_in = text.partition("fill in:\n")[2]
    assert filled_in.count("[[ ") == 4
    assert links == []


def test_what_does_not_hold_any_more_is_not_told_to_aws(fleet):
    interface = fleet.now().interfaces[0].interface_id
    open_group = fleet.group("opened-by-somebody", [])
    fleet.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[open_group])
    text = printed()
    assert "still shows it quarantined" not in text
    assert "it is out of the quarantine. [[ why, and since when" in text


@pytest.mark.usefixtures("fleet")
def test_it_opens_in_the_mail_program_and_the_text_is_there_to_paste(links):
    text = printed(open_mail=True)
    (url,) = links
    fields = parse_qs(urlsplit(url).query)
    assert len(url) <= MAX_URL
    assert fields["cc"] == [INTAKE]
    assert fields["subject"][0].startswith(f"Re: Your Amazon EC2 Abuse Report [{CASE}]")
    assert "too long for a link: paste the text above" in text


@pytest.mark.usefixtures("fleet")
def test_without_a_mail_program_the_draft_is_there_all_the_same(monkeypatch, capsys):
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    assert main(["reply", CASE, "--open"]) == 2
    told = capsys.readouterr()
    assert INSTANCE in told.out
    assert "no mail program could be opened" in told.err


@pytest.mark.usefixtures("fleet")
def test_the_link_alone():
    assert printed(link=True).startswith("mailto:ec2-abuse@amazon.com?subject=Re%3A%20Your%20Amazon")


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize("variant", AnswerVariant)
def test_every_variant_can_be_asked_for(variant, capsys):
    assert main(["reply", f"{CASE}-1", "--variant", variant.value, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["case"], told["variant"], told["cc"]) == (CASE, variant.value, INTAKE)
    assert told["gaps"]
    assert all(gap in told["body"] for gap in told["gaps"])
    assert told["mailto"].startswith("mailto:")


@pytest.mark.usefixtures("fleet")
def test_an_unknown_case_is_said(capsys):
    assert main(["reply", "99999999999"]) == 2
    assert "there is no case 99999999999" in capsys.readouterr().err


@pytest.mark.parametrize("deployed", [True, False])
def test_the_intake_address_is_that_of_the_stack_that_takes_in_mail(deployed, monkeypatch):
    """Moto's CloudFormation takes packages that nothing else here needs."""
    cloudformation = boto3.client("cloudformation")
    stub = Stubber(cloudformation)
    if deployed:
        outputs = [{"OutputKey": "IntakeAddress", "OutputValue": INTAKE}]
        stack = {"StackName": "x", "CreationTime": rich.NOW, "StackStatus": "CREATE_COMPLETE", "Outputs": outputs}
        stub.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": "AbuseResponderMail"})
    else:
        stub.add_client_error("describe_stacks", "ValidationError", "Stack with id AbuseResponderMail does not exist")
    monkeypatch.setattr("desk.deployed.boto3.client", lambda _: cloudformation)
    with stub:
        assert intake_address() == (INTAKE if deployed else "")

"""The main job end to end: a mail comes in, EC2 shows the quarantine, and every admin has the words."""

import json
import os
import shlex
import subprocess
import sys
from email.utils import formatdate
from pathlib import Path

import pytest

from desk.rehearsal import deployment as deploying
from lambdas.domain.policy import Verdict
from tests.e2e.notices import ACCOUNT, REGION, fresh, notice

ANSWER = Path(__file__).parents[1] / "mails" / "answers" / "gmail-top-posting.eml"


def mails_to(scene, admin):
    return [message for message in scene.messages if message.admin == admin]


def report(scene):
    """The last e-mail that an admin got."""
    return mails_to(scene, "ada@example.com")[-1]


def groups(scene, instance_id):
    return scene.after[instance_id].groups


def commands(body, beginning):
    """The commands that a message tells to run, as a shell would split them."""
    return [shlex.split(line) for line in body.splitlines() if line.strip().startswith(beginning)]


def test_an_abuse_mail_contains_the_instance_and_tells_every_admin(play):
    case, instance_id = fresh()

    scene = play(notice(case, instance_id))

    after = scene.after[instance_id]
    assert after.quarantined
    assert after.tags["AbuseResponder:Case"] == case
    assert len(after.snapshots) == 2
    alerts = {(message.admin, message.channel): message for message in reversed(scene.messages)}
    assert set(alerts) == {("ada@example.com", "email"), ("ben@example.com", "email"), ("+12025550123", "sms")}
    first, last = mails_to(scene, "ada@example.com")
    assert first.subject.startswith("URGENT: AWS reports attempts to break into other hosts")
    assert "Nothing has been changed yet." in first.body
    assert last.subject.startswith(f"ACTION: contained {instance_id}; answer AWS by ")
    assert f"{instance_id} in {REGION}" in last.body
    assert "CONTAINED, read back from EC2 at" in last.body
    assert all(snapshot in last.body for snapshot in after.snapshots)
    assert mails_to(scene, "ben@example.com")[-1].body == last.body


def test_the_same_mail_twice_is_one_case_one_snapshot_set_and_one_before_state(responder, play):
    case, instance_id = fresh()
    mail = notice(case, instance_id)
    first = play(mail)

    second = play(mail, launch=False)

    assert second.before == second.after
    assert first.after[instance_id].snapshots == second.after[instance_id].snapshots
    assert "was acted on before" in report(second).body
    versions = responder.emulators.client("s3").list_object_versions(
        Bucket=responder.deployment.evidence_bucket, Prefix=f"cases/{case}/{instance_id}/before-state.json"
    )
    (version,) = versions["Versions"]
    before = json.loads(
        responder.emulators.client("s3")
        .get_object(Bucket=responder.deployment.evidence_bucket, Key=version["Key"])["Body"]
        .read()
    )
    kept = {interface["interface_id"]: interface["groups"] for interface in before["before"]["instance"]["interfaces"]}
    assert kept == first.before[instance_id].groups


def test_a_queue_that_delivers_twice_starts_one_execution(responder, play):
    case, instance_id = fresh()
    scene = play(notice(case, instance_id))
    executions = responder.emulators.client("stepfunctions").list_executions(
        stateMachineArn=responder.deployment.respond_machine
    )["executions"]
    arrival = {
        "mail": {"timestamp": scene.delivery.received_at.isoformat()},
        "receipt": {
            "action": {"bucketName": responder.deployment.mail_bucket, "objectKey": scene.delivery.key},
            **{f"{check}Verdict": {"status": "PASS"} for check in ("spf", "dkim", "dmarc", "spam", "virus")},
        },
    }

    responder.emulators.client("sqs").send_message(
        QueueUrl=responder.deployment.intake_queue, MessageBody=json.dumps(arrival)
    )
    other = play(notice(*fresh()))  # the queue has been worked off when a later mail is through

    after = responder.emulators.client("stepfunctions").list_executions(
        stateMachineArn=responder.deployment.respond_machine
    )["executions"]
    assert {started["name"] for started in after} == {execution["name"] for execution in executions} | {
        other.delivery.execution_name
    }


@pytest.mark.parametrize("dmarc", ["pass", "fail"])
def test_a_copy_of_the_answer_counts_if_our_domain_vouches_for_it(play, dmarc):
    case, instance_id = fresh()
    play(notice(case, instance_id))
    copy = ANSWER.read_text()
    for was, now in (
        ("12480031774", case),
        ("dmarc=pass", f"dmarc={dmarc}"),
        ("Mon, 16 Nov 2026 10:02:11 +0000", formatdate()),
    ):
        copy = copy.replace(was, now)

    scene = play(copy.encode(), launch=False)

    (told,) = mails_to(scene, "ada@example.com")
    if dmarc == "pass":
        assert told.subject == f"INFO: AWS was answered, the clock has stopped (case {case})"
    else:
        assert "it does not count as our answer to AWS: DMARC does not pass" in told.body


def test_a_forged_mail_changes_nothing_and_warns_the_admins(play):
    case, instance_id = fresh()

    scene = play(notice(case, instance_id, proven=False))

    assert scene.before == scene.after
    assert [outcome.decision.verdict for outcome in scene.outcomes] in ([], [Verdict.ASK])
    bodies = "\n".join(message.body for message in mails_to(scene, "ada@example.com"))
    assert "Not proven" in bodies
    assert "CONTAINED" not in bodies
    assert not [message for message in scene.messages if message.channel == "sms"]


def test_what_is_asked_for_is_contained_by_the_command_that_the_mail_names(responder, play):
    case, instance_id = fresh()
    raw = notice(case, instance_id).replace(b"attempts to access remote hosts on the internet", b"an exposed service")
    old = raw.replace(b"\nDate: ", b"\nDate: Mon, 02 Feb 2015 10:00:00 +0000\nX-Was: ")
    scene = play(old)
    assert [outcome.decision.verdict for outcome in scene.outcomes] == [Verdict.ASK]
    assert "it may be an old one, sent again" in report(scene).body
    (command,) = commands(report(scene).body, "python -m desk approve")

    environment = {**os.environ, **responder.emulators.environment()}
    subprocess.run([sys.executable, *command[1:]], env=environment, capture_output=True, check=True)
    messages = responder.inboxes.wait(7)  # two mails of the act; two alerts, two reports and an SMS or more

    assert responder.fleet.view()[instance_id].quarantined
    assert any("an admin approved it" in message.body for message in messages)


def test_a_protected_instance_is_left_to_an_admin(responder, play):
    case, instance_id = fresh()
    mail = notice(case, instance_id)
    play(b"Subject: " + instance_id.encode() + b"\n\nno notice, only to launch the instance\n")
    responder.emulators.client("ec2", "eu-central-1").create_tags(
        Resources=[instance_id], Tags=[{"Key": "AbuseResponder:Protect", "Value": "yes"}]
    )

    scene = play(mail, launch=False)

    assert scene.before == scene.after
    assert "has the tag AbuseResponder:Protect" in report(scene).body


def test_a_mail_that_is_no_notice_is_relayed_as_it_came(play):
    scene = play(
        b"From: Forwarding <forwarding-noreply@google.com>\nSubject: Confirmation code 482 913\n"
        b"Date: Mon, 16 Nov 2026 07:42:08 +0000\n\nConfirm at https://mail.example.org/confirm or by code 482913.\n"
    )

    (mail,) = mails_to(scene, "ada@example.com")
    assert mail.subject == "INFO: mail that is not a notice: Confirmation code 482 913"
    assert "by code 482913." in mail.body
    assert "https://mail.example.org" not in mail.body


def test_an_instance_that_is_not_here_is_said_to_be_not_found(responder, play):
    case, instance_id = fresh()
    responder.fleet.launch_for([])

    scene = play(notice(case, instance_id), launch=False)

    assert f"{instance_id}: NOT FOUND. Nothing was changed." in report(scene).body
    assert f"the instance is in no Region that may be searched (17 Regions of {ACCOUNT} searched)" in report(scene).body
    assert f"CloudTrail shows no event about it in 90 days ({REGION} of {ACCOUNT} searched)" in report(scene).body


def test_deploying_again_changes_nothing(responder):
    again = deploying.deploy(responder.emulators, responder.assembly)

    assert not again.changed
    assert ACCOUNT in again.respond_machine


def test_a_submitted_file_is_answered_and_its_own_words_about_its_origin_are_not_believed(responder, play, tmp_path):
    case, instance_id = fresh()
    mail = tmp_path / "notice.eml"
    mail.write_bytes(notice(case, instance_id))
    play(b"Subject: " + instance_id.encode() + b"\n\nno notice, only to launch the instance\n")

    run = subprocess.run(
        [sys.executable, "-m", "desk", "submit", str(mail)],
        env={**os.environ, **responder.emulators.environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    messages = responder.inboxes.wait(4, seconds=30)

    assert not responder.fleet.view()[instance_id].quarantined
    assert any(message.subject.startswith(f"ACTION: decide about {instance_id}") for message in messages)

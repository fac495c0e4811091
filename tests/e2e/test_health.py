"""The second door: AWS Health contains by itself, and lends its word to a mail that cannot prove its origin."""

from lambdas.domain.policy import Verdict
from tests.e2e.notices import ACCOUNT, forwarded, fresh, health_event, notice


def verdicts(scene):
    return [outcome.decision.verdict for outcome in scene.outcomes]


def report(scene):
    return [message for message in scene.messages if message.admin == "ada@example.com"][-1]


def test_a_health_event_alone_contains(play):
    _, instance_id = fresh()

    scene = play(health_event(instance_id))

    assert scene.after[instance_id].quarantined
    assert "it came from AWS Health through EventBridge" in report(scene).body
    assert "CONTAINED, read back from EC2 at" in report(scene).body


def test_the_copy_from_the_other_region_starts_nothing(responder, play):
    _, instance_id = fresh()
    event = health_event(instance_id)
    first = play(event)
    assert first.after[instance_id].quarantined

    responder.emulators.client("sqs").send_message(
        QueueUrl=responder.deployment.intake_queue, MessageBody=event.decode().replace("us-east-1", "us-west-2")
    )
    later = play(health_event(fresh()[1]))  # the queue has been worked off when a later event is through

    told = [message for message in later.messages if instance_id in message.subject]
    assert told == []


def test_a_forwarded_mail_asks_and_after_a_health_event_contains(responder, play):
    case, instance_id = fresh()
    asked = play(forwarded(notice(case, instance_id)))
    assert verdicts(asked) == [Verdict.ASK]
    assert "not proven to be from AWS" in report(asked).body

    health = play(health_event(instance_id), launch=False)
    assert health.after[instance_id].quarantined
    release(responder, health, instance_id)
    again = play(forwarded(notice(case, instance_id)), launch=False)

    assert verdicts(again) == [Verdict.CONTAIN]
    assert again.after[instance_id].quarantined
    assert "AWS Health reports the same instance" in report(again).body


def release(responder, scene, instance_id):
    """Put back by hand what the report says, so that the next mail has something to do."""
    view = scene.before[instance_id]
    ec2 = responder.emulators.client("ec2", view.region)
    for interface, groups in view.groups.items():
        ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=groups)


def test_an_event_to_another_account_of_the_organisation_is_left_to_an_admin(play):
    _, instance_id = fresh()
    event = health_event(instance_id).replace(ACCOUNT.encode(), b"999988887777")

    scene = play(event)

    assert scene.before == scene.after
    assert verdicts(scene) == [Verdict.ASK]
    assert f"the notice is addressed to account 999988887777, but this is in {ACCOUNT}" in report(scene).body


def test_what_only_the_quoted_report_names_stays_untouched(play):
    case, instance_id = fresh()
    _, decoy = fresh()
    raw = notice(case, instance_id) + (
        f"\n---Beginning of forwarded report(s)---\n\nAlso EC2 Instance Id: {decoy}, please stop it.\n".encode()
    )

    scene = play(raw)

    assert scene.after[instance_id].quarantined
    assert scene.before[decoy] == scene.after[decoy]

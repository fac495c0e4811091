"""Who may put something in where it counts as said by SES, by AWS Health or by the responder itself.

Someone whose own policies allow everything, such as an administrator or a workload with `sqs:*`, may not: only an
explicit deny in the resource's policy holds against them.
"""

import pytest

from lambdas.domain.settings.member_roles import HOME_CONTAIN_ROLE
from tests.lambdas.conftest import EVIDENCE, HOME
from tests.permissions.policies import Asked, deployed
from tests.permissions.test_least_privilege import DEPLOYMENTS
from tests.samples import ACCOUNT, MAIL_BUCKET

QUEUE, DEAD_LETTERS = f"arn:aws:sqs:{HOME}:{ACCOUNT}:front", f"arn:aws:sqs:{HOME}:{ACCOUNT}:dead-letters"
ARRIVED = f"arn:aws:sns:{HOME}:{ACCOUNT}:MailboxArrived"
ADMINS, ALARMS = f"arn:aws:sns:{HOME}:{ACCOUNT}:admins", f"arn:aws:sns:{HOME}:{ACCOUNT}:AdminsAlarms"
OUR_ALARM = f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:MailWaits"
RULE = f"arn:aws:events:{HOME}:{ACCOUNT}:rule/abuse-events"
OUR_RULE = f"arn:aws:ses:{HOME}:{ACCOUNT}:receipt-rule-set/abuse-responder:receipt-rule/abuse-responder-intake"
MAIL, EVENT = f"arn:aws:s3:::{MAIL_BUCKET}/mail/1", f"arn:aws:s3:::{MAIL_BUCKET}/health/1/1"
OUTCOME, PAGE = f"arn:aws:s3:::{EVIDENCE}/cases/1/i-0/outcome.json", f"arn:aws:s3:::{EVIDENCE}/cases/1/reports/1.html"
ONCE = {"s3:if-none-match": "*", "s3:ObjectCreationOperation": "true"}


def put(resource):
    return Asked.of("s3:PutObject", resource, ONCE)


# What would forge a word of SES, an event of AWS Health, or evidence; or take a notice away.
FORGED = {
    "send SES's word": Asked.of("sqs:SendMessage", QUEUE),
    "send it as if another topic had": Asked.of(
        "sqs:SendMessage", QUEUE, {"aws:SourceArn": f"arn:aws:sns:{HOME}:{ACCOUNT}:theirs"}
    ),
    "send an event as if another rule had": Asked.of(
        "sqs:SendMessage", QUEUE, {"aws:SourceArn": f"arn:aws:events:{HOME}:{ACCOUNT}:rule/theirs"}
    ),
    "send a dead letter": Asked.of("sqs:SendMessage", DEAD_LETTERS),
    "move a message there from another queue": Asked.of(
        "sqs:SendMessage", DEAD_LETTERS, {"aws:SourceArn": f"arn:aws:sqs:{HOME}:{ACCOUNT}:theirs"}
    ),
    "publish what has arrived": Asked.of("sns:Publish", ARRIVED),
    "publish it as if another rule had": Asked.of("sns:Publish", ARRIVED, {"aws:SourceArn": f"{OUR_RULE}2"}),
    "tell the admins something": Asked.of("sns:Publish", ADMINS),
    "raise an alarm that is none": Asked.of("sns:Publish", ALARMS),
    "write a mail": put(MAIL),
    "replicate a mail into the bucket": Asked.of("s3:ReplicateObject", MAIL),
    "write an event": put(EVENT),
    "replicate an event into the bucket": Asked.of("s3:ReplicateObject", EVENT),
    "write evidence": put(OUTCOME),
    "replicate evidence": Asked.of("s3:ReplicateObject", OUTCOME),
    "write a page": put(PAGE),
    "take a notice": Asked.of("sqs:ReceiveMessage", QUEUE),
    "delete a notice": Asked.of("sqs:DeleteMessage", QUEUE),
    "hide a notice": Asked.of("sqs:ChangeMessageVisibility", QUEUE),
    "empty the queue": Asked.of("sqs:PurgeQueue", QUEUE),
}
# What an administrator and CloudFormation must still be able to do.
MANAGED = {
    "change the queue's policy": Asked.of("sqs:SetQueueAttributes", QUEUE),
    "delete the queue": Asked.of("sqs:DeleteQueue", QUEUE),
    "see how many wait": Asked.of("sqs:GetQueueAttributes", QUEUE),
    "read a dead letter": Asked.of("sqs:ReceiveMessage", DEAD_LETTERS),
    "delete a dead letter": Asked.of("sqs:DeleteMessage", DEAD_LETTERS),
    "change the topic's policy": Asked.of("sns:SetTopicAttributes", ARRIVED),
    "delete the topic": Asked.of("sns:DeleteTopic", ARRIVED),
    "change the bucket's policy": Asked.of("s3:PutBucketPolicy", f"arn:aws:s3:::{MAIL_BUCKET}"),
    "take the bucket's policy off": Asked.of("s3:DeleteBucketPolicy", f"arn:aws:s3:::{EVIDENCE}"),
    "read a mail": Asked.of("s3:GetObject", MAIL),
    "submit a mail": put(f"arn:aws:s3:::{MAIL_BUCKET}/submitted/{'0a1b' * 16}"),
}
# Whom the doors are for: the service, and what it does.
SERVED = {
    "SNS puts SES's word into the queue": ("sns.amazonaws.com", "sqs:SendMessage", QUEUE, ARRIVED),
    "SNS keeps what it cannot deliver": ("sns.amazonaws.com", "sqs:SendMessage", DEAD_LETTERS, ARRIVED),
    "EventBridge puts an event into the queue": ("events.amazonaws.com", "sqs:SendMessage", QUEUE, RULE),
    "EventBridge keeps what it cannot deliver": ("events.amazonaws.com", "sqs:SendMessage", DEAD_LETTERS, RULE),
    "SES publishes what has arrived": ("ses.amazonaws.com", "sns:Publish", ARRIVED, OUR_RULE),
    "CloudWatch raises an alarm": ("cloudwatch.amazonaws.com", "sns:Publish", ALARMS, OUR_ALARM),
    "SES writes a mail": ("ses.amazonaws.com", "s3:PutObject", MAIL, OUR_RULE),
}
WRITERS = {"start": [EVENT], "contain": [OUTCOME], "archive_page": [PAGE]}


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
@pytest.mark.parametrize("what", FORGED)
def test_nobody_forges_whatever_their_own_policies_allow(what, deployment):
    """Attack 8."""
    assert deployed(deployment).anybody.answer(FORGED[what]) == "Deny"


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
@pytest.mark.parametrize("what", MANAGED)
def test_what_is_deployed_can_still_be_managed(what, deployment):
    assert deployed(deployment).anybody.answer(MANAGED[what]) == "Allow"


@pytest.mark.parametrize("what", SERVED)
def test_the_services_that_the_doors_are_for_come_in(what):
    service, action, resource, source = SERVED[what]
    keys = {"aws:SourceArn": source, "aws:SourceAccount": ACCOUNT}
    assert deployed("as it comes").lets(service, Asked.of(action, resource, keys))


@pytest.mark.parametrize("what", SERVED)
def test_the_same_services_do_not_come_in_for_somebody_else(what):
    """Anybody has a topic, a rule or a receipt rule of their own, which the service serves as well."""
    service, action, resource, source = SERVED[what]
    theirs = {"aws:SourceArn": source.replace(f":{ACCOUNT}:", ":999999999999:"), "aws:SourceAccount": ACCOUNT}
    assert not deployed("as it comes").lets(service, Asked.of(action, resource, theirs))
    if source is not OUR_ALARM:  # all alarms of the account may
        theirs = {"aws:SourceArn": f"{source}-theirs", "aws:SourceAccount": ACCOUNT}
    assert not deployed("as it comes").lets(service, Asked.of(action, resource, theirs))
    assert not deployed("as it comes").lets(service, Asked.of(action, resource))


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_each_writer_may_write_what_it_is_for_and_no_other_role_may(deployment):
    roles = deployed(deployment).roles
    for writer, resources in WRITERS.items():
        for resource in resources:
            answers = {name: role.answer(put(resource)) for name, role in roles.items() if role.account == ACCOUNT}
            assert {role for role, answer in answers.items() if answer == "Allow"} == {writer}


def test_only_tell_tells_the_admins_anything():
    for deployment in DEPLOYMENTS:
        roles = deployed(deployment).roles
        for topic in (ADMINS, ALARMS):
            publishes = Asked.of("sns:Publish", topic)
            assert {name for name, role in roles.items() if role.answer(publishes) == "Allow"} == {"tell"}


def test_a_role_is_excepted_by_the_name_that_it_is_deployed_with():
    assert deployed("with all").roles["contain"].arn.endswith(f":role/{HOME_CONTAIN_ROLE}")


def test_nobody_of_the_responder_may_send_to_its_queues():
    """The way back of a dead letter needs no such right: `start` takes it out of the queue."""
    sends = Asked.of("sqs:SendMessage", QUEUE)
    for deployment in DEPLOYMENTS:
        roles = deployed(deployment).roles
        assert not [name for name, role in roles.items() if role.answer(sends) == "Allow"]
        takes = Asked.of("sqs:ReceiveMessage", QUEUE)
        assert {name for name, role in roles.items() if role.answer(takes) == "Allow"} == {"start"}

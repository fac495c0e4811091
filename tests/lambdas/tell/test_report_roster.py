"""The admins get the words of what the check found once for each change, by another topic where theirs is silent."""

import json

import pytest
from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.domain.admins.roster import AdminTopic, DeliveryProblem, RepairResult, RosterFinding
from lambdas.domain.errors import NoAdminReached

BEN = RosterFinding(
    DeliveryProblem.MISSING, AdminTopic.CASES, "email", "ben@example.com", "Ben Backup", done=RepairResult.ASKED
)
ADA = RosterFinding(
    DeliveryProblem.UNCONFIRMED, AdminTopic.ALARMS, "email", "ada@example.com", "Ada Admin", done=RepairResult.ASKED
)


@pytest.fixture
def alarms(moto, configure):
    """What the topic of the alarms gets."""
    sns, sqs = moto("sns"), moto("sqs")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    configure(alarms_topic=topic)
    url = sqs.create_queue(QueueName="alarms")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def received():
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(one["Body"])["Subject"] for one in messages]

    return received


@pytest.fixture
def tell(call, table, admins, alarms):  # noqa: ARG001  what the step needs
    def run(*findings, cases=2, alarms=2, sms=1):
        reach = {"cases": cases, "alarms": alarms, "sms": sms}
        return call(
            "tell", "Report roster", roster_check={"findings": [one.to_json() for one in findings], "reach": reach}
        )

    return run


def test_where_nothing_is_found_nobody_is_told(tell, admins, alarms):
    assert tell()["outcome"] == "skipped"
    assert admins() == []
    assert alarms() == []


def test_who_is_not_reached_is_told_in_each_language_once(tell, admins, alarms, configure):
    configure(audiences=(("en", "UTC"), ("ja", "Asia/Tokyo")))
    assert tell(BEN, cases=1)["outcome"] == "done"
    (english,), (japanese,) = admins(), admins("email", "ja")
    assert english.subject == "ACTION: messages do not reach Ben Backup"
    assert "Ben Backup, ben@example.com: mails about cases were UNSUBSCRIBED" in english.text
    assert "python -m desk confirm 'LINK'" in english.text
    assert japanese.subject == "要対応: Ben Backup に連絡が届きません"
    assert tell(BEN, cases=1)["words"] == "nothing has changed; 1 thing(s) stand"
    assert admins() == admins("email", "ja") == admins("sms") == alarms() == []


def test_a_change_is_told_and_that_all_is_well_again(tell, admins):
    tell(BEN)
    tell(BEN, ADA)
    tell()
    assert [one.subject for one in admins()] == [
        "ACTION: messages do not reach Ben Backup",
        "ACTION: messages do not reach Ben Backup, Ada Admin",
        "INFO: every admin can be reached again",
    ]


def test_where_no_mail_about_cases_arrives_the_alarms_and_an_sms_say_so(tell, admins, alarms, configure):
    configure(audiences=(("en", "UTC"), ("en", "Europe/Berlin")))
    tell(BEN, cases=0)
    assert alarms() == ["URGENT: no admin gets the mails about cases"]
    assert {one.text.partition(".")[0] for one in admins("sms")} == {
        "URGENT: no admin gets the mails about abuse cases"
    }


def test_where_no_alarm_arrives_the_cases_say_so(tell, admins, alarms):
    tell(ADA, alarms=0)
    assert [one.subject for one in admins()] == ["ACTION: no admin gets the mails about the responder's own problems"]
    assert alarms() == []


def test_a_message_that_reaches_nobody_is_no_success_and_is_told_again(tell):
    for _ in range(2):
        with pytest.raises(NoAdminReached):
            tell(BEN, ADA, cases=0, alarms=0, sms=0)
    assert case_table.read_items("roster") == {}


def test_a_check_that_failed_is_told_by_both_topics_and_mends_nothing(call, tell, admins, alarms):
    tell(BEN)
    cause = json.dumps({"errorMessage": "not authorized to perform SNS:ListSubscriptionsByTopic"})
    call("tell", "Report roster", roster_check={"Error": "AuthorizationErrorException", "Cause": cause})
    first, second = admins()
    assert "not authorized to perform SNS:ListSubscriptionsByTopic" in second.text
    assert "Ben Backup" in second.text
    assert alarms() == [second.subject]
    assert first.subject == second.subject  # what stands is worse than that it could not be looked at


def test_what_was_not_published_counts_as_not_told(tell, moto, refuse):
    works = refuse(moto("sns"), "Publish", "KMSAccessDenied")
    with pytest.raises(ClientError):
        tell(BEN)
    works()
    assert tell(BEN)["outcome"] == "done"

"""How a message reaches the admins: one topic, a copy for each channel and language."""

import pytest
from botocore.exceptions import ClientError

from lambdas.domain.messages import Message
from lambdas.tell.admins import send_to_admins
from tests.samples import SENT

MAIL = Message(subject="INFO: subject", body="body", sms=None)
URGENT = Message(subject="URGENT: subject", body="body", sms="URGENT: short")


def test_an_email_goes_to_those_who_read_mail_in_this_language(admins):
    result = send_to_admins(lambda _: MAIL)
    (mail,) = admins("email")
    assert (mail.subject, mail.text) == ("INFO: subject", "body")
    assert admins("sms") == admins("email", "ja") == []
    assert result["outcome"] == "done"
    assert result["words"].startswith("published as ")


def test_an_sms_goes_out_only_where_there_is_one(admins):
    send_to_admins(lambda _: URGENT)
    (sms,) = admins("sms")
    assert sms.text == "URGENT: short"
    assert len(admins("email")) == 1


@pytest.mark.usefixtures("admins")
def test_carriers_do_not_hold_it_back_at_night(moto, calls):
    published = calls(moto("sns"), "Publish")
    send_to_admins(lambda _: URGENT)
    kinds = {one["MessageAttributes"]["AWS.SNS.SMS.SMSType"]["StringValue"] for one in published}
    assert kinds == {"Transactional"}
    assert [("Subject" in one) for one in published] == [True, False]  # an SMS has none


def test_each_language_is_written_by_its_own_words(admins, configure):
    configure(audiences=(("en", "UTC"), ("ja", "Asia/Tokyo")))
    send_to_admins(lambda voice: MAIL if voice.page["language"] == "en" else URGENT)
    assert [one.subject for one in admins("email", "en")] == ["INFO: subject"]
    assert [one.subject for one in admins("email", "ja")] == ["URGENT: subject"]
    assert admins("sms", "en") == []
    assert len(admins("sms", "ja")) == 1


@pytest.mark.usefixtures("admins")
def test_it_is_published_once_for_each_language_and_time_zone(moto, calls, configure):
    configure(audiences=(("en", "UTC"), ("en", "Europe/Berlin"), ("ja", "Asia/Tokyo")))
    published = calls(moto("sns"), "Publish")
    send_to_admins(lambda voice: Message("INFO: date", voice.long_date(SENT), None))
    assert [(one["MessageAttributes"]["time_zone"]["StringValue"], one["Message"]) for one in published] == [
        ("UTC", "Mon 16 Nov 2026 07:42 UTC"),
        ("Europe/Berlin", "Mon 16 Nov 2026 07:42 UTC (08:42 Europe/Berlin)"),
        ("Asia/Tokyo", "2026年11月16日(月) 16:42 日本時間 (07:42 UTC)"),
    ]


def test_a_topic_that_refuses_is_no_success(moto, admins, refuse):
    refuse(moto("sns"), "Publish", "KMSAccessDenied")
    with pytest.raises(ClientError, match="KMSAccessDenied"):
        send_to_admins(lambda _: MAIL)
    assert admins("email") == []


def test_a_subject_that_sns_refuses_does_not_keep_the_mail_back(moto, admins, refuse):
    refuse(moto("sns"), "Publish", "InvalidParameter", lambda one: "Subject" in one)
    send_to_admins(lambda _: MAIL)
    assert [(one.subject, one.text) for one in admins("email")] == [(None, "body")]


@pytest.mark.usefixtures("admins")
@pytest.mark.parametrize(("given", "to"), [({}, "all"), ({"to": "ada@example.com"}, "ada@example.com")])
def test_it_is_for_everybody_unless_it_is_for_one(moto, calls, given, to):
    published = calls(moto("sns"), "Publish")
    send_to_admins(lambda _: URGENT, **given)
    assert {one["MessageAttributes"]["to"]["StringValue"] for one in published} == {to}
    assert len(published) == 2


def test_a_refused_sms_is_said_and_repeats_no_mail(moto, admins, refuse):
    def is_sms(params):
        return params["MessageAttributes"]["channel"]["StringValue"] == "sms"

    refuse(moto("sns"), "Publish", "AuthorizationError", is_sms)
    result = send_to_admins(lambda _: URGENT)
    assert result["outcome"] == "failed"
    assert "; SMS refused: " in result["words"]
    assert len(admins("email")) == 1

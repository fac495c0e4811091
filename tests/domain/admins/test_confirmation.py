"""Only a link of SNS's for one of our topics is taken; any other one is named for what it is."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.admins.confirmation import (
    InvalidConfirmationLink,
    SubscriptionConfirmation,
    parse_confirmation_link,
)

CASES = "arn:aws:sns:eu-central-1:552071934480:AbuseResponder-AdminsCases"
ALARMS = "arn:aws:sns:eu-central-1:552071934480:AbuseResponder-AdminsAlarms"
CHINA = "arn:aws-cn:sns:cn-north-1:552071934480:cases"
TOPICS = {CASES, ALARMS, CHINA}
TOKEN = "2336412f37fb687f5d51e6e2425c464de257e9a829aa2d84c5a7249b36788ba5"  # noqa: S105  a token of nobody
HOST = "https://sns.eu-central-1.amazonaws.com"
LINK = f"{HOST}/confirmation.html?TopicArn={CASES}&Token={TOKEN}&Endpoint=ada+sns@example.com"


@pytest.mark.parametrize(
    ("link", "topic"),
    [
        (LINK, CASES),
        (f"  {LINK}\n", CASES),
        (LINK.replace(CASES, ALARMS), ALARMS),
        (f"{HOST}/?Action=ConfirmSubscription&TopicArn={CASES}&Token={TOKEN}", CASES),
        (LINK.replace(":", "%3A").replace("https%3A", "https:"), CASES),
        (f"https://sns.cn-north-1.amazonaws.com.cn/confirmation.html?TopicArn={CHINA}&Token={TOKEN}", CHINA),
    ],
)
def test_a_link_of_sns_for_our_topic_is_read(link, topic):
    assert parse_confirmation_link(link, TOPICS) == SubscriptionConfirmation(topic, TOKEN)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("", "this is not a link"),
        ("Confirm subscription", "this is not a link"),
        (LINK.replace("https:", "http:"), "this is not a link"),
        (LINK.replace("https:", "HTTPS:"), "this is not a link"),
        (f"{LINK} {LINK}", "this is not a link"),
        (LINK + "a" * 3_000, "this is not a link"),
        ("https://[", "cannot be read"),
        (HOST, "confirms nothing"),
        (LINK.replace("sns.", "sms."), "is not SNS"),
        (LINK.replace(".com/", ".com.evil.example/"), "is not SNS"),
        (LINK.replace("https://", "https://evil.example/"), "is not SNS"),
        (LINK.replace("https://", "https://sns.eu-central-1.amazonaws.com@evil.example/"), "is not SNS"),
        (LINK.replace(".com/", ".com:8443/"), "is not SNS"),
        (LINK.replace("https://", "https://ada@"), "is not SNS"),
        (LINK.replace("sns.eu-central-1", "sns.eu-central-1.evil"), "is not SNS"),
        (LINK.replace("confirmation", "unsubscribe"), "confirms nothing"),
        (f"{HOST}/?Action=Unsubscribe&TopicArn={CASES}&Token={TOKEN}", "confirms nothing"),
        (f"{HOST}/confirmation.html?TopicArn={CASES}", "incomplete"),
        (f"{HOST}/confirmation.html?TopicArn={CASES}&Token=", "incomplete|cannot be read"),
        (f"{LINK}&TopicArn={ALARMS}", "incomplete"),
        (f"{LINK}&Token=1", "incomplete"),
        (LINK.replace("AdminsCases", "Theirs"), "is not one of the responder's topics"),
        (LINK.replace("552071934480", "111122223333"), "is not one of the responder's topics"),
        (LINK.replace("sns.eu-central-1", "sns.us-east-1"), "the link is for us-east-1"),
        (LINK.replace(TOKEN, "../x"), "token"),
    ],
)
def test_any_other_link_is_refused(link, words):
    with pytest.raises(InvalidConfirmationLink, match=words):
        parse_confirmation_link(link, TOPICS)


@given(
    st.text(max_size=100) | st.builds("".join, st.lists(st.sampled_from([LINK, "@", "#", "/", "?", "&", "%", "\\"])))
)
def test_nothing_but_a_link_to_sns_is_taken(text):
    try:
        confirmation = parse_confirmation_link(text, TOPICS)
    except InvalidConfirmationLink:
        return
    assert urlsplit(text.strip()).hostname == "sns.eu-central-1.amazonaws.com"
    assert confirmation.topic == CASES

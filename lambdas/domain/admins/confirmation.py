"""The link of SNS's confirmation mail, which is read and never opened.

Opening it confirms too, but then anyone who opens the unsubscribe link of a mail, such as a virus scanner, removes the
admin. After a signed call only the topic's owner can unsubscribe:
https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

# The Regions of AWS's public partitions: https://docs.aws.amazon.com/general/latest/gr/sns.html
_HOST = re.compile(r"sns\.(?P<region>[a-z]{2}(-[a-z]+)+-\d)\.amazonaws\.com(\.cn)?")
_MAX_LENGTH = 2_048


@dataclass(frozen=True, slots=True)
class SubscriptionConfirmation:
    """What ConfirmSubscription asks for."""

    topic: str
    token: str


class InvalidConfirmationLink(ValueError):
    """The text is not the link of a confirmation mail of one of our topics. The message says why."""


def parse_confirmation_link(link: str, topics: Collection[str]) -> SubscriptionConfirmation:
    """The topic and the token of a link such as https://sns.eu-central-1.amazonaws.com/confirmation.html?TopicArn=….

    SNS has used two forms: the page above, and the call itself (`?Action=ConfirmSubscription`). Raises
    InvalidConfirmationLink for anything else.
    """
    link = link.strip()
    if len(link) > _MAX_LENGTH or not re.fullmatch(r"https://[!-~]+", link):
        raise InvalidConfirmationLink("this is not a link: copy the whole link of the confirmation mail, in quotes")
    try:
        parts = urlsplit(link)
        host = _HOST.fullmatch(parts.netloc)
        query = parse_qs(parts.query, strict_parsing=True, max_num_fields=10)
    except ValueError as error:
        raise InvalidConfirmationLink(f"this link cannot be read: {error}") from error
    if not host:
        raise InvalidConfirmationLink(f"{parts.netloc} is not SNS: do not open this link, it is not from AWS")
    confirms = query.get("Action", ["ConfirmSubscription"]) == ["ConfirmSubscription"]
    if parts.path not in {"/", "/confirmation.html"} or not confirms:
        raise InvalidConfirmationLink("this link confirms nothing: take the one to confirm, not the one to unsubscribe")
    if len(query.get("TopicArn", ())) != 1 or len(query.get("Token", ())) != 1:
        raise InvalidConfirmationLink("this link is incomplete: it must have one TopicArn and one Token")
    topic, token = query["TopicArn"][0], query["Token"][0]
    if topic not in topics:
        raise InvalidConfirmationLink(
            f"the topic {topic} is not one of the responder's topics: {', '.join(sorted(topics))}"
        )
    if (region := topic.split(":")[3]) != host["region"]:
        raise InvalidConfirmationLink(f"the link is for {host['region']}, but its topic is in {region}")
    if not re.fullmatch(r"[0-9A-Za-z]+", token):
        raise InvalidConfirmationLink("the token has characters that SNS never uses")
    return SubscriptionConfirmation(topic, token)

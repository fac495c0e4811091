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
_LONGEST = 2_048


@dataclass(frozen=True, slots=True)
class SubscriptionConfirmation:
    """What ConfirmSubscription asks for."""

    topic: str
    token: str


class InvalidConfirmationLink(ValueError):
    """The text is not the link of a confirmation mail of one of our topics; the message says what it is."""


def parse_confirmation_link(link: str, topics: Collection[str]) -> SubscriptionConfirmation:
    """The topic and the token of a link such as https://sns.eu-central-1.amazonaws.com/confirmation.html?TopicArn=….

    SNS's mails have had two forms: the page above, and the call itself (`?Action=ConfirmSubscription`). Raises
    InvalidConfirmationLink for everything else, such as a link to another host.
    """
    link = link.strip()
    if len(link) > _LONGEST or not re.fullmatch(r"https://[!-~]+", link):
        raise InvalidConfirmationLink(
            "this is no link: copy the whole link of the confirmation mail, and put it in quotes"
        )
    try:
        parts = urlsplit(link)
        host = _HOST.fullmatch(parts.netloc)
        query = parse_qs(parts.query, strict_parsing=True, max_num_fields=10)
    except ValueError as error:
        raise InvalidConfirmationLink(f"this link cannot be read: {error}") from error
    if not host:
        raise InvalidConfirmationLink(f"{parts.netloc} is not SNS: do not open this link, it did not come from AWS")
    if parts.path not in {"/", "/confirmation.html"} or query.get("Action", ["ConfirmSubscription"]) != [
        "ConfirmSubscription"
    ]:
        raise InvalidConfirmationLink(
            "this link of SNS confirms nothing: take the one that says so, not the one to unsubscribe"
        )
    if len(query.get("TopicArn", ())) != 1 or len(query.get("Token", ())) != 1:
        raise InvalidConfirmationLink("this link is cut off: it must hold one TopicArn and one Token")
    return _ours(query["TopicArn"][0], query["Token"][0], host["region"], topics)


def _ours(topic: str, token: str, region: str, topics: Collection[str]) -> SubscriptionConfirmation:
    if topic not in topics:
        raise InvalidConfirmationLink(
            f"it is for the topic {topic}, which is none of the responder's: {', '.join(sorted(topics))}"
        )
    if topic.split(":")[3] != region:
        raise InvalidConfirmationLink(f"it leads to {region}, and its topic is in {topic.split(':')[3]}")
    if not re.fullmatch(r"[0-9A-Za-z]+", token):
        raise InvalidConfirmationLink("its token holds what no token of SNS does")
    return SubscriptionConfirmation(topic, token)

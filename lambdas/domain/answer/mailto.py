"""A draft as a link that a mail program opens (RFC 6068)."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from lambdas.domain.answer.draft import AnswerDraft
from lambdas.domain.answer.gap import GAP, gap

# Longer links are cut or refused, by the mail program or the system: the limit of Windows is 2048.
MAX_URL: Final = 2000


@dataclass(frozen=True, slots=True)
class MailtoLink:
    """The link. Without `has_body`, its body only asks to paste the text."""

    url: str
    has_body: bool


def mailto(reply: AnswerDraft) -> MailtoLink:
    """The draft as a link, without the text if that is too long."""
    url = _url(reply, reply.body)
    if len(url) <= MAX_URL:
        return MailtoLink(url, has_body=True)
    return MailtoLink(_url(reply, gap("paste the text here that the desk has printed")), has_body=False)


def _url(reply: AnswerDraft, body: str) -> str:
    """Encode all but letters and digits, so that no value can start another field. A gap is not a valid address."""
    to = "" if GAP.search(reply.to) else quote(reply.to, safe="@")
    fields = {"subject": reply.subject, **({"cc": reply.cc} if reply.cc else {}), "body": body.replace("\n", "\r\n")}
    return f"mailto:{to}?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())

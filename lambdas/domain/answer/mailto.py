"""A draft as a link that a mail program opens (RFC 6068)."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from lambdas.domain.answer.draft import AnswerDraft
from lambdas.domain.answer.gap import GAP, gap

# Mail programs and what hands the link to them cut or refuse longer ones; Windows takes 2048.
MAX_URL: Final = 2000


@dataclass(frozen=True, slots=True)
class MailtoLink:
    """The link. `whole`: the text of the draft is in it; else there is only a place to paste it."""

    url: str
    whole: bool


def mailto(reply: AnswerDraft) -> MailtoLink:
    """The draft as a link; of a long one all but the text, which then is to be pasted."""
    url = _url(reply, reply.body)
    if len(url) <= MAX_URL:
        return MailtoLink(url, whole=True)
    return MailtoLink(_url(reply, gap("paste the text here that the desk has printed")), whole=False)


def _url(reply: AnswerDraft, body: str) -> str:
    """What is no letter or digit is percent-encoded, so that no field can begin another one; line ends are CRLF.

    An address that is still to be found is left out: a mail program takes no gap for one.
    """
    to = "" if GAP.search(reply.to) else quote(reply.to, safe="@")
    fields = {"subject": reply.subject, **({"cc": reply.cc} if reply.cc else {}), "body": body.replace("\n", "\r\n")}
    return f"mailto:{to}?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())

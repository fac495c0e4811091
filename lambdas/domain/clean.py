"""Text on its way out: to mails, chats, terminals and logs."""

import re
import unicodedata

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029\x85]")
_SCHEME = re.compile(r"http(s?)(?=://)", re.IGNORECASE)
_HOST = re.compile(r"(?<=://)[^\s/?#<>\"']{1,300}")
# A host with a path, a query or a port, which mail programs link without any scheme; also with the dots of IDNA 2003:
# https://www.rfc-editor.org/rfc/rfc3490#section-3.1
_BARE_HOST = re.compile(
    r"(?<![\w-])(?:[\w-]{1,63}[.\u3002\uff0e\uff61]){1,30}(?:xn--[\w-]{1,59}|[^\W\d_]{2,63})(?=[/?#\\]|:\d)"
)
_BARE_DOT = re.compile(r"(?<!\[)[.\u3002\uff0e\uff61](?!\])")
_OPENS = re.compile(r"\b(mailto|tel|sms|javascript):(?=\S)", re.IGNORECASE)
_CALLS_ALL = re.compile(r"@(?=(?:here|channel|everyone|all|team)\b)", re.IGNORECASE)

_MOST_SUBJECT = 99  # SNS refuses subjects of 100 characters and more


def clean_text(text: str) -> str:
    """Return `text` without control, direction and invisible characters, and with its links defanged.

    `https://a.example/b` becomes `hxxps://a[.]example/b`, `a.example/b` becomes `a[.]example/b`, and `mailto:` becomes
    `mailto[:]`: nobody can click an attacker's link in our message. Applying it twice changes nothing more.
    """
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    text = _SCHEME.sub(r"hxxp\1", text)
    # Mail programs turn it into a link, also where a cut removes what stood before it.
    text = re.sub(r"(www)\.", r"\1[.]", text, flags=re.IGNORECASE)
    text = _OPENS.sub(r"\1[:]", text)
    text = _HOST.sub(lambda host: _BARE_DOT.sub("[.]", host[0]), text)
    return _BARE_HOST.sub(lambda host: _BARE_DOT.sub("[.]", host[0]), text)


def safe_subject(text: str, most: int = _MOST_SUBJECT) -> str:
    """Return `text` as the subject of an SNS message: one line of printable ASCII, at most 99 characters."""
    plain = unicodedata.normalize("NFKD", clean_text(text)).encode("ascii", "ignore").decode("ascii")
    line = " ".join(plain.split())
    return line if len(line) <= most else line[: most - 3].rstrip() + "..."


def chat_text(text: str, most: int) -> str:
    """Return at most `most` characters for a chat, without mentions and links.

    Slack takes `&`, `<` and `>` as its own marks, which must be written as entities:
    https://docs.slack.dev/messaging/formatting-message-text/
    """
    plain = _CALLS_ALL.sub("(at)", clean_text(text)).replace("](", "] (")
    if len(plain) > most:
        plain = plain[: most - 3].rstrip() + "..."
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str, most: int = 1_000) -> str:
    """Return others' words for use within our line: no line breaks, nothing hidden, no links."""
    line = " ".join(clean_text(text).split())
    return line if len(line) <= most else line[: most - 3].rstrip() + "..."


def quoted_lines(text: str) -> str:
    """Return a mail's text with quote marks, so that no line passes for ours."""
    return "\n".join(f"> {line}".rstrip() for line in clean_text(text).split("\n"))


def truncate_bytes(text: str, limit: int) -> str:
    """Cut the text to `limit` bytes of UTF-8."""
    return text.encode()[:limit].decode(errors="ignore")

"""The mail as AWS signed it, from the copy that a Google Group passes on.

A group writes its own address into From, keeps the original one in X-Original-From, and may add a tag to the subject
and a footer to the text. Where it changed nothing else, AWS's signature verifies on the restored bytes.
https://support.google.com/a/answer/9079870 (DMARC and groups)
"""

import re
from collections.abc import Iterator
from itertools import product

_FIELD = re.compile(rb"(?im)^(from|subject|x-original-from):((?:.*\n)(?:[ \t].*\n)*)")
_TAG = re.compile(rb"\s*\[[^\]\n]{1,60}\]\s*")
_FOOTER = re.compile(
    rb"\n--(?: |=20)?\r?\nYou received this message because you are subscribed to the (?:Google Groups|group)\b"
)


def restored_originals(raw: bytes) -> Iterator[bytes]:
    """Every form that the original may have had: with the tag and the footer, or without. `raw` has LF line ends."""
    header, blank, body = raw.partition(b"\n\n")
    header += b"\n"
    fields = {match[1].lower(): match for match in _FIELD.finditer(header)}
    if not {b"from", b"subject", b"x-original-from"} <= fields.keys():
        return
    subject, footer = fields[b"subject"], _FOOTER.search(body)
    subjects = dict.fromkeys((subject[2], _TAG.sub(b" ", subject[2], count=1)))
    texts = [body, *([body[: footer.start() + 1]] if footer else [])]
    for title, text in product(subjects, texts):
        restored = _FIELD.sub(lambda match: _restored(match, title, fields[b"x-original-from"][2]), header)  # noqa: B023
        yield restored[:-1] + blank + text


def _restored(match: re.Match[bytes], subject: bytes, sender: bytes) -> bytes:
    name = match[1].lower()
    if name == b"x-original-from":
        return match[0]
    return match[1] + b":" + (sender if name == b"from" else subject)

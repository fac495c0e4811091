"""The header that a mail program writes into the body when it forwards or quotes a mail."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.plain_text import TextLine

# The four fields in the languages of Outlook, Gmail, Apple Mail and Thunderbird.
_FIELD_NAMES = {
    "from": (
        "from von de da van från fra od 보낸사람 보낸이 发件人 寄件者 寄件人 差出人 送信者 送信元 από от отправитель "
        "từ ngườigửi kimden gönderen dari"
    ),
    "to": "to an à a para aan til till 받는사람 받는이 수신 收件人 收件者 宛先 кому đến tới do kime kepada komu",
    "date": (
        "sent date gesendet datum envoyé enviado enviada fecha data verzonden skickat inviato sendt 보낸날짜 날짜 "
        "发送时间 日期 寄件日期 傳送時間 时间 送信日時 日付 日時 送信日 дата отправлено "
        "ngày đãgửi wysłano tarih tanggal"
    ),
    "subject": (
        "subject betreff objet asunto assunto oggetto onderwerp ämne emne 제목 主题 主旨 件名 тема chủđề tiêuđề temat "
        "konu perihal subjek předmět"
    ),
    "other": "cc bcc kopie 참조 抄送 副本 reply-to antwort message-id",
}
_MEANING = {name: meaning for meaning, names in _FIELD_NAMES.items() for name in names.split()}
_SHAPE = lazy_pattern(r"[\s*_|]{0,6}([^\W\d_][^:\n]{0,14}?)[\s*_]{0,4}:[\s*_|]{0,6}([^\n]{0,1000})")
_INNER_FIELD = lazy_pattern(
    r"[ \t]{1,9}(?="
    + "|".join(sorted((name for name in _MEANING if len(name) > 1 and name.isalpha()), key=len, reverse=True))
    + r")(?=[^\s:]{2,14}[ \t]?:[ \t])",
    re.IGNORECASE,
)
_FIELDS_OF_LINE = 3
_SPACED = {
    "보낸 사람": "보낸사람", "받는 사람": "받는사람", "보낸 날짜": "보낸날짜",
    "enviado el": "enviado", "寄件日期": "日期", "người gửi": "ngườigửi", "đã gửi": "đãgửi", "chủ đề": "chủđề",
    "tiêu đề": "tiêuđề",
}  # fmt: skip

_ATTRIBUTION = lazy_pattern(
    r"[\s>*]{0,8}(?:(?:on|am|le|el|il|op|em|den|på) .{4,250}(?:wrote|schrieb|écrit|escribió|ha scritto|schreef"
    r"|escreveu|skrev)"
    r"|.{4,250}(?:님이 작성|のメール|写道|寫道|wrote))\s{0,2}:?\s{0,4}\Z",
    re.IGNORECASE,
)
_ATTRIBUTION_WORDS = (
    "wrote", "schrieb", "écrit", "escribió", "scritto", "schreef", "escreveu", "skrev",
    "님이 작성", "のメール", "写道", "寫道",
)  # fmt: skip
_ATTRIBUTION_ENDS = (
    "wrote:", "écrit :", "écrit:", "schrieb:", "escribió:", "scritto:", "schreef:", "escreveu:", "skrev:",
)  # fmt: skip
_NAMED_LAST = lazy_pattern(
    # German and Dutch programs name the author last: "Am 1.12.2026 um 15:44 schrieb Ops:".
    r"[\s>*]{0,8}(?:am|op) [^:\n]{4,60}(?::\d\d){0,2}[^:\n]{0,20} (?:schrieb|schreef) [^:\n]{3,200}:\s{0,4}",
    re.IGNORECASE,
)
_WRAPPED = 40  # characters; a value of this length may go on in the next line
_SEPARATOR = lazy_pattern(r"[\s*]{0,4}[-_=]{3,}.{0,80}")


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """One header block: the lines `start` to `end` (not included) and what its fields say."""

    start: int
    end: int
    depth: int
    sender: str
    subject: str
    date: str
    announced: bool  # a separator such as "---- Forwarded message ----" stands right above


def header_blocks(lines: Sequence[TextLine]) -> Iterator[HeaderBlock]:
    """Yield every block: a From-like field with at least one other field in the lines around it."""
    index = 0
    while index < len(lines):
        block = block_at(lines, index)
        if block:
            yield block
            index = block.end
        else:
            index += 1


def _field(line: TextLine) -> tuple[str, str] | None:
    """Read one line as a header field: what it means and its value."""
    if ":" not in line.text[:40]:
        return None
    match = _SHAPE.match(line.text)
    if not match:
        return None
    name = match[1].strip().lower()
    meaning = _MEANING.get(_SPACED.get(name, name))
    return (meaning, match[2].strip()) if meaning else None


def _one_line(line: TextLine, start: int) -> HeaderBlock | None:
    """Read a block that some program has put into one line: "From: … Sent: … To: … Subject: …"."""
    fields = [_field(TextLine(line.depth, part)) for part in _INNER_FIELD.split(line.text)]
    values = {meaning: value for field in fields if field for meaning, value in (field,)}
    if len(fields) < _FIELDS_OF_LINE or not {"from", "subject"} <= set(values) or None in fields:
        return None
    return HeaderBlock(
        start, start + 1, line.depth, values["from"], values["subject"], values.get("date", ""), announced=False
    )


def block_at(lines: Sequence[TextLine], start: int) -> HeaderBlock | None:
    """Return the block that begins at `start`, if one does."""
    first = _field(lines[start])
    if not first:
        return None
    if block := _one_line(lines[start], start):
        return block
    values: dict[str, str] = {first[0]: first[1]}
    last = first[0]
    end = start + 1
    misses = 0
    for position in range(start + 1, min(start + 14, len(lines))):
        field = _field(lines[position])
        if field and field[0] in values and field[0] in {"from", "subject"}:
            break
        if field:
            values.setdefault(*field)
            last, end, misses = field[0], position + 1, 0
            continue
        misses += 1
        if misses == 1 and position == end and len(values[last]) >= _WRAPPED and lines[position].text.strip():
            values[last] += " " + lines[position].text.strip()
        # One line may be the rest of a long recipient list, or blank in some programs.
        if misses > 1 or (end > start and not lines[position].text.strip() and len(values) > 2 and "subject" in values):
            break
    if "from" not in values or len(values) < 2 or not values["from"]:
        return None
    announced = start > 0 and any(_SEPARATOR.match(line.text) for line in lines[max(0, start - 2) : start])
    depth = lines[start].depth
    return HeaderBlock(start, end, depth, values["from"], values.get("subject", ""), values.get("date", ""), announced)


def is_attribution(lines: Sequence[TextLine], index: int) -> bool:
    """Say whether a reply program's line "On … wrote:" begins at `index`; it may be wrapped once."""
    text = lines[index].text
    if len(text) > 300 or not text.strip():
        return False
    if text.rstrip(" :\t").lower().endswith(_ATTRIBUTION_WORDS) and _ATTRIBUTION.match(text):
        return True
    if _NAMED_LAST.fullmatch(text):
        return True
    if index + 1 >= len(lines) or not lines[index + 1].text.strip().lower().endswith(_ATTRIBUTION_ENDS):
        return False
    return bool(_ATTRIBUTION.match(f"{text} {lines[index + 1].text}"))

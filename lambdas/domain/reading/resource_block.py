"""Where AWS names the resources that it means: the one place whose instances may be acted on.

AWS opens a notice with a sentence or a block of labels that names the resources, and what a reporter wrote stands below
that. So a name counts only in a form that AWS uses, above the first line that is not AWS's. What ends the block needs
no recognition: any unknown label, rule, quotation, log line or free text does.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from lambdas.domain.reading.identifiers import find_instance_ids
from lambdas.domain.reading.lexicon import fold, language_of
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.regions import regions
from lambdas.domain.reading.statements import features_of, sentences_of
from lambdas.domain.reading.text_match import TextMatch
from lambdas.domain.reading.urls import blank_links
from lambdas.domain.reading.vocabulary.feature import Feature

F = Feature

_INSTANCE, _ADDRESS, _OTHER = "\x01", "\x02", "\x03"
"""Stand for the characters of an instance id, an address and another value; `normalise` leaves none in a text."""

_ARN = lazy_pattern(r"\barn:aws[a-z-]{0,10}:ec2:[a-z0-9\x03-]{0,24}:(?:\d{12})?:instance/(?=\x01)", re.ASCII)
_VALUE = lazy_pattern(
    # Account ids, addresses and instance ids, also those that somebody has masked, and a Lightsail instance's name.
    r"(?<![\w.:-])(?:\d{4}-?[\dx*]{4}-?[\dx*]{4}|\d{4} \d{4} \d{4}|i-[0-9a-f]{1,16}x[0-9a-fx]{0,16}"
    r"|(?:[\dx*]{1,3}\.[\s]{0,9}){3}[\dx*]{1,3}(?::\d{1,5})?|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}"
    r"|eni-[0-9a-f]{8,17}|lightsail (?:instance|resource): ?[\w-]{1,255})(?![\w:]|\.\d)",
    re.IGNORECASE | re.ASCII,
)
_COLONS_OF_IPV6 = 7
_PLURAL = r"(?:\((?:e?s)\)|e?s)?"
_RESOURCE_LABEL = (
    r"(?:your\s)?(?:(?:implicated|affected|reported|impacted)\s)?(?:(?:amazon|aws)\s)?(?:ec2\s)?"
    rf"(?:instance|resource){_PLURAL}(?:[\s-]?(?:id|arn){_PLURAL})?"
)
_LABEL = lazy_pattern(
    # A blank may be a line end where the text was wrapped.
    r"(?<![\w-])(?:"
    rf"(?:(?:your|owner)\s)?(?:aws\s)?account(?:\s?(?:id|number|no\.?))?{_PLURAL}|aws\sid{_PLURAL}"
    rf"|(?:aws\s)?region{_PLURAL}(?: ?/ ?availability zone)?|located in|{_RESOURCE_LABEL}|arn"
    rf"|(?:(?:public|source|elastic|reported|implicated)\s)?(?:ip(?:v[46])?(?:\saddress)?|address){_PLURAL}|eip|eni"
    r"|network\sinterface(?:\sid)?|(?:(?:aws )?service|(?:resource )?type)\s?:\s?(?:amazon )?ec2(?: instance)?"
    r")(?![\w-])",
    re.IGNORECASE,
)
_BETWEEN = lazy_pattern(
    r"(?<=[\x01-\x03]) ?\([\w .-]{1,60}\)"
    r"|[\s,;:.()\[\]*_|`'\"\u2022&-]+|\{\{|\}\}|\b(?:and|in)\b|^\d{1,2}[.)]|[\x01-\x03]",
    re.IGNORECASE,
)
_ROW = lazy_pattern(r"\|.*\|\Z")

_TITLE = lazy_pattern(
    r"[*#\s]{0,9}(?:final notification|abuse notice"
    r"|(?:re ?: ?|fwd? ?: ?)*your (?:aws|amazon ec2) abuse report\b.{0,120}|abuse [a-z /-]{2,40} report"
    r"|[=\s\[(]{0,9}(?:machine[ -]translated|기계 ?번역|機械翻訳|机器翻译|機器翻譯|maschinell|mensaje traducid"
    r"|mensagem traduzid|(?:message )?traduit|(?:messaggio )?tradotto)[^:\n]{0,80})[*=\s)\]]{0,9}|[=_-]{5,200}",
    re.IGNORECASE,
)
_STARRED = lazy_pattern(r"\*{2,4}[^*]{3,200}\*{2,4}")
_GREETING = lazy_pattern(
    r"(?:hello|hi|greetings|dear|bonjour|guten tag|hallo|hola|sehr geehrte"
    r"|estimad[oa]|prezad[oa]|cher|chère|gentile|madame|monsieur|ol[áa]|buenos d[íi]as)\b[^:]{0,80}?[,.!:]?"
    r"|(?:您好|尊敬的.{1,30}|亲爱的.{1,30}|親愛的.{1,30}|안녕하세요|안녕하십니까|お客様|客户|客戶|고객님? ?안녕.{1,10})"
    r"[,、.。:!]?"
    r"|.{1,40}(?:様|님|各位)[、,:]?|.{0,12}(?:안녕하세요|안녕하십니까|您好|你好)[.,。!:]?",
    re.IGNORECASE,
)
_PRELUDE = lazy_pattern(
    # Labels above AWS's first sentence: its own, a support case's, or those of the program that relays it.
    r"[-*\s]{0,9}(?:required actions?|status|subject|件名|case(?: (?:id|number))?|severity|correspondence|content-\w+"
    r"|date|(?:aws )?service|(?:aws )?account name|(?:our )?reference)\b[\s*.]{0,40}:"
    # The fields of the Health console: label and value on lines of their own; and a line with only a date.
    r"|(?:event|(?:start|end|last update) time|status|open|closed|account specific|yes|no|-|\d{1,3})\Z"
    r"|[a-z]{3,9} \d{1,2}, 20\d\d\b.{0,30}\Z|thank(?:s| you) for (?:your|the) [\w ]{1,40}\.?\Z",
    re.IGNORECASE,
)
_ACTIVITY = lazy_pattern(
    r"[-*\s|]{0,9}(?:(?:reported |abuse )?(?:activity|vulnerability|content|url)|abuse (?:type|time|date)"
    r"|type of abuse)(?:\(s\)|s)?[\s*|]{0,9}[:.|\t]",
    re.IGNORECASE,
)
_CLAUSE = lazy_pattern(r"(?:has|have) been (?:implicated|operating)\b|may contain content\b", re.IGNORECASE)
_INTRODUCTION = lazy_pattern(
    r"(?:to (?:assist you|mitigate the abuse), )?we have taken the following (?:actions|steps):"
    r"|details of the abusive activity:",
    re.IGNORECASE,
)
_MEASURE = lazy_pattern(
    r"[\s*\u2022-]{0,12}(?:blocked|isolated|null[- ]?routed|suspended|revoked|disabled|action ?:)\b.*", re.IGNORECASE
)
_REMINDER = r"This is an? (?:\w+ )?reminder: (?!\x01)"  # "This is a reminder: we have not received a response …"
_RUNNING_PROSE = lazy_pattern(r"(?=[^\n]{0,40}[\u3040-\ud7a3]{4})[^>|<{\[~=#:*]{24,2000}:?\Z")
"""Chinese and Japanese write no blanks: a whole sentence there looks like the words of a label."""
_FOREIGN = lazy_pattern(
    # A quotation, a rule, markup, data, a log line, or a label of up to five words that is none of AWS's.
    r"[>|<{\[~=#]|[-_*+]{2,}|\d{4}[-/]\d\d|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:|[^\s:]{1,40}=\S"
    rf"|(?!{_REMINDER})(?:[^\s:]{{1,30}} ){{0,4}}[^\s:]{{1,30}} ?:(?!\S)"
)
_REPORT = lazy_pattern(
    r"\b(?:original|included|attached|forwarded|following|quoted) (?:abuse )?(?:reports?|complaints?|messages?|logs?)\b"
    r"|\breporters?\b|\bcomplainants?\b|\bwrote\b|\b(?:report|complaint|log|evidence)s? (?:below|follows?)\b",
    re.IGNORECASE,
)
_TELLS_OF_ABUSE = frozenset(
    (F.REPORT, F.HARM, F.COMPROMISED, F.ACTIVITY, F.REMINDER, F.SILENCE, F.CUT, F.RESOURCE)
)  # fmt: skip
_SPEAKS_AS_AWS = frozenset((F.WE, F.YOU, F.YOUR, F.PLEASE, F.NOW))
_SIGNED = lazy_pattern(r"(?:(?:best|kind|warm) )?regards\b|sincerely\b|yours\b|thank you,", re.IGNORECASE)
_ANNOUNCES = lazy_pattern(
    r"report|observed|detected|implicated|abus|complain|resource|vulnerab|suspicious|compromised|instances?\b.{0,60}:\Z"
    r"|remind|follow(?:ing)?[- ]up|notice|isolated|blocked|limited|suspended|mining|attack|scan|spam|phish|malware"
    r"|botnet",
    re.IGNORECASE,
)
_OWN_VOICE = lazy_pattern(r"\b(?:we|our|us|you|your|yours|aws|amazon)\b", re.IGNORECASE)
_ANNOUNCEMENT = lazy_pattern(
    r"\b(?:following|these|your)\b[^.:]{0,60}\b(?:resources?|instances?)\b[^.:]{0,60}:\Z", re.IGNORECASE
)
_REPORTERS_VOICE = lazy_pattern(
    r"\b(?:I|I'm|I've|[Mm]y)\b|\b[Oo]ur (?:servers?|networks?|hosts?|honeypots?|systems?|customers?|logs?|firewalls?)\b"
)
_QUOTING = lazy_pattern(
    # A colon introduces other people's words, except in AWS's reminder.
    r"(?<!reminder):(?=\s)(?!\s{1,4}\x01)|[<>|{}]|(?:\A|\s)\"[^\"\n]*\x01"
)
_STRANGE = (_REPORT, _REPORTERS_VOICE, _QUOTING)
_SENTENCE_END = lazy_pattern(r"[.!?][\"')\]]{0,2}(?=\s|\Z)|[\u3002\uff01\uff1f]|\Z")
_OWN_SENTENCE = lazy_pattern(
    r"\s*(?:we|your|outbound|inbound|(?:the )?(?:ec2 )?(?:instance|resource))\b", re.IGNORECASE
)

_STRUCTURE_BEGINS = lazy_pattern(r"\{|[\w-]{1,40}:")
_STRUCTURED = lazy_pattern(r"[{}\[\],]*|(?:[{\[-] ?)?[\"']?[\w-]{1,40}[\"']? ?:(?: \S+){0,5}")
_STRUCTURED_NAME = lazy_pattern(
    r"(?:[{\[-] ?)?[\"']?(?:id|instance_?id|resource_?id|instance|arn)[\"']? ?:", re.IGNORECASE
)


def is_heading(text: str) -> bool:
    """Whether `text` holds nothing but what may stand above AWS's first words: a greeting, titles, a date."""
    heading = {_Kind.BLANK, _Kind.TITLE, _Kind.GREETING, _Kind.PRELUDE}
    return all(line.kind in heading for line in _lines(text))


class _Kind(Enum):
    """What one line is, as far as its form shows."""

    BLANK = auto()
    TITLE = auto()
    GREETING = auto()
    RESOURCE = auto()  # nothing but AWS's labels and values
    ACTIVITY = auto()
    INTRODUCTION = auto()
    CLAUSE = auto()  # "has been implicated in activity", below the resources
    PRELUDE = auto()
    MEASURE = auto()
    FOREIGN = auto()
    PROSE = auto()


@dataclass(frozen=True, slots=True)
class _Passage:
    """One line, or a paragraph of prose."""

    start: int
    end: int
    text: str
    kind: _Kind


@dataclass(frozen=True, slots=True)
class ResourceBlock:
    """Offsets in AWS's own words. Below `end` anybody's words may stand."""

    spans: tuple[tuple[int, int], ...]  # the stretches that name resources, from top to bottom
    end: int
    labelled: bool  # AWS names resources or the activity by labels: a notice, no letter

    def within(self, matches: Iterable[TextMatch]) -> Iterator[TextMatch]:
        """Yield the matches at which AWS names a resource."""
        return (match for match in matches if any(start <= match.start < end for start, end in self.spans))


def resource_block(words: str) -> ResourceBlock:
    """Find where AWS's own `words` name its resources."""
    masked = _masked(words)
    first = masked.lstrip().partition("\n")[0].rstrip()
    if _STRUCTURE_BEGINS.fullmatch(first) and not _LABEL.match(first) and not _GREETING.fullmatch(first):
        return ResourceBlock(tuple(_structured(_lines(masked))), len(words), labelled=True)
    block = _Block(masked, tuple(find_instance_ids(blank_links(words))))
    end = len(words)
    for passage in _passages(_lines(masked)):
        if not block.take(passage):
            own = passage.kind is _Kind.CLAUSE or (passage.kind is _Kind.PROSE and not _strange_at(passage.text))
            end = passage.end if own else passage.start
            break
    return ResourceBlock(tuple(block.spans), end, labelled=block.in_rows or block.activity)


def _masked(words: str) -> str:
    """Replace each value by signs of its kind, a line end inside it too, so that the form of a line can be seen."""
    text = blank_links(words)
    for matches, sign in ((list(find_instance_ids(text)), _INSTANCE), (list(regions(text)), _OTHER)):
        for match in matches:
            text = text[: match.start] + sign * (match.end - match.start) + text[match.end :]
    text = _ARN.sub(lambda match: _OTHER * len(match[0]), text)
    text = _VALUE.sub(lambda match: _sign_of(match[0]) * len(match[0]), text)
    return _LABEL.sub(lambda match: match[0].replace("\n", " "), text)


def _sign_of(value: str) -> str:
    is_no_address = ":" in value and "::" not in value and value.count(":") < _COLONS_OF_IPV6  # a time, a name
    return " " if is_no_address else _ADDRESS if "." in value or ":" in value else _OTHER


def _lines(masked: str) -> Iterator[_Passage]:
    start = 0
    for line in masked.split("\n"):
        text = line.strip()
        yield _Passage(start, start + len(line), text, _kind(text))
        start += len(line) + 1


def _kind(text: str) -> _Kind:
    if not text:
        return _Kind.BLANK
    if _names_only(text):
        return _Kind.RESOURCE
    if _STARRED.fullmatch(text):
        features = features_of(text.strip("* "))
        if features & {F.REMINDER, F.CUT}:
            return _Kind.MEASURE if F.CUT in features else _Kind.TITLE
    whole = ((_TITLE, _Kind.TITLE), (_GREETING, _Kind.GREETING), (_INTRODUCTION, _Kind.INTRODUCTION),
             (_MEASURE, _Kind.MEASURE))  # fmt: skip
    begun = ((_CLAUSE, _Kind.CLAUSE), (_ACTIVITY, _Kind.ACTIVITY), (_PRELUDE, _Kind.PRELUDE),
             (_FOREIGN, _Kind.FOREIGN))  # fmt: skip
    if not text.isascii() and _RUNNING_PROSE.match(text):
        return _Kind.PROSE
    return next(
        (kind for pattern, kind in whole if pattern.fullmatch(text)),
        next((kind for pattern, kind in begun if pattern.match(text)), _Kind.PROSE),
    )


def _names_only(text: str) -> bool:
    """Whether a line holds nothing but AWS's labels, values and what stands between them."""
    if text[0] in "=~#<>" or re.match(r"[-_*+]{3,}", text) or (text[0] == "|" and not _ROW.match(text)):
        return False
    if not _BETWEEN.sub("", text) and not (_INSTANCE in text or _OTHER in text):
        return False
    return not _BETWEEN.sub("", _LABEL.sub("", text))


def _passages(lines: Iterable[_Passage]) -> Iterator[_Passage]:
    """Join the lines of a paragraph of prose."""
    prose: list[_Passage] = []
    for line in lines:
        wrapped = line.kind is _Kind.CLAUSE or (line.kind is _Kind.RESOURCE and not _LABEL.search(line.text))
        if line.kind is _Kind.PROSE or (prose and wrapped and prose[-1].text[-1] not in ".:"):
            prose.append(line)
            continue
        if prose:
            yield _joined(prose)
            prose = []
        yield line
    if prose:
        yield _joined(prose)


def _joined(lines: Sequence[_Passage]) -> _Passage:
    return _Passage(lines[0].start, lines[-1].end, "\n".join(line.text for line in lines), _Kind.PROSE)


def _structured(lines: Iterable[_Passage]) -> Iterator[tuple[int, int]]:
    """Read a notice that is data as a whole, JSON or YAML, down to its first longer text."""
    for line in lines:
        if not _STRUCTURED.fullmatch(line.text):
            return
        if _INSTANCE in line.text and _STRUCTURED_NAME.match(line.text):
            yield line.start, line.end


def _strange_at(text: str) -> int | None:
    """Return where a paragraph speaks of a report, quotes, or speaks as a reporter; None where it does not."""
    return min((match.start() for pattern in _STRANGE if (match := pattern.search(text))), default=None)


@dataclass(slots=True)
class _Block:
    """What has been read so far of the place where AWS names its resources."""

    masked: str
    instances: tuple[TextMatch, ...]
    spans: list[tuple[int, int]] = field(default_factory=list)
    greeted: bool = False
    paragraphs: int = 0
    foreign: bool = False  # AWS's first paragraph is in another language, and so the others may be
    announced: bool = False  # AWS's first paragraph speaks of abuse or of resources, which may then follow
    named: bool = False  # an instance or an address
    named_in_prose: frozenset[str] = frozenset()  # instances
    implicated: bool = False  # AWS's sentence "has been implicated in activity" was read: it names all
    introduced: bool = False  # what was read last announces a list
    in_rows: bool = False  # a line of labels or values was read
    activity: bool = False  # a field about the activity was read, above all rows
    complete: bool = False  # AWS's fields about the activity stand below its resources

    def take(self, passage: _Passage) -> bool:
        """Read one passage; False when it ends the place."""
        kind = passage.kind
        if kind is _Kind.BLANK:
            self.complete |= self.activity
            return True
        if kind in {_Kind.TITLE, _Kind.GREETING}:
            return self._take_greeting(kind)
        if kind is _Kind.RESOURCE:
            return self._take_row(passage)
        if kind is _Kind.PROSE:
            return self._take_prose(passage)
        if kind is _Kind.ACTIVITY:
            self.activity = True
            self.complete |= self.in_rows or passage.text.lower().startswith("abuse time")
            return True
        self.introduced = kind is _Kind.INTRODUCTION or (kind is _Kind.MEASURE and self.introduced)
        if kind is _Kind.MEASURE and self.introduced and not (self.in_rows or self.activity or self.named):
            self.spans.append((passage.start, passage.end))
            self.named_in_prose |= self._named_in(passage.start, passage.end)
            self.named = bool(self.named_in_prose)
        ended = self.complete if kind is _Kind.PRELUDE else self.in_rows
        return kind in {_Kind.PRELUDE, _Kind.INTRODUCTION, _Kind.MEASURE} and not ended

    def _take_greeting(self, kind: _Kind) -> bool:
        """Go on below the heading: a second greeting, or one below AWS's words, is somebody else's."""
        if self.paragraphs or self.named or (self.greeted and kind is _Kind.GREETING):
            return False
        self.greeted |= kind is _Kind.GREETING
        self.in_rows = self.activity = self.complete = False
        return True

    def _take_row(self, row: _Passage) -> bool:
        names = _INSTANCE in row.text or _ADDRESS in row.text
        if names and self.paragraphs and not self.announced:
            return False
        if self.named and not self.in_rows and not self.introduced:
            self.introduced = not names
            return not names
        # Where AWS's sentence has named them, a list below it can only repeat.
        instances = self._named_in(row.start, row.end)
        if (self.complete and names) or (self.named_in_prose and not instances <= self.named_in_prose):
            return False
        self.in_rows = True
        self.named |= names
        self.spans.append((row.start, row.end))
        return True

    def _named_in(self, start: int, end: int) -> frozenset[str]:
        return frozenset(match.value for match in self.instances if start <= match.start < end)

    def _take_prose(self, paragraph: _Passage) -> bool:
        """Read AWS's sentences: those of its first paragraph, or of a form that AWS uses, may name instances."""
        if self.in_rows or self.activity or _SIGNED.match(paragraph.text):
            return False
        text = self.masked[paragraph.start : paragraph.end].rstrip()
        strange = _strange_at(text)
        strange = len(text) if strange is None else strange
        opening = self.paragraphs == 0
        self.paragraphs += 1
        if opening:
            self.foreign = language_of(fold(text)) != "english"
            told = self.foreign and bool(features_of(text) & _TELLS_OF_ABUSE)
            self.announced = told or bool(_ANNOUNCES.search(text))
        named_above = self.named
        begin = 0
        for stop in _SENTENCE_END.finditer(text):
            sentence = text[begin : min(stop.end(), strange)]
            recognised = not self.implicated and (
                opening or (self.announced and not named_above and bool(_OWN_SENTENCE.match(sentence)))
            )
            if _INSTANCE in sentence and not recognised:
                return False
            if recognised and (_INSTANCE in sentence or _ADDRESS in sentence):
                start = paragraph.start + begin
                self.spans.append((start, start + len(sentence)))
                self.named_in_prose |= self._named_in(start, start + len(sentence))
                self.named = True
                self.implicated = bool(_CLAUSE.search(sentence))
            if stop.end() >= strange:
                break
            begin = stop.end()
        self.introduced = text.endswith(":")
        return strange == len(text) and (
            opening or (self._is_own_voice(text) and (not self.introduced or self._is_announcement(text)))
        )

    def _is_own_voice(self, text: str) -> bool:
        return bool(_OWN_VOICE.search(text)) or (self.foreign and bool(features_of(text) & _SPEAKS_AS_AWS))

    def _is_announcement(self, text: str) -> bool:
        """Whether a paragraph that ends with a colon announces AWS's resources, not somebody's words."""
        if _ANNOUNCEMENT.search(text):
            return True
        last = sentences_of(text)[-1:] if self.foreign else ()
        return any(F.RESOURCE in sentence.features and not sentence.features & {F.REPORT, F.SAY} for sentence in last)

"""Where AWS's own words begin and end.

Above them is a forwarder's text, below them the quoted report and older mails of the thread. Only AWS's own words may
name a resource to act on: anybody can file a report, and a report can quote any id.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from lambdas.domain.intake.mail_address import is_aws_address, parse_addresses
from lambdas.domain.reading.header_blocks import HeaderBlock, block_at, header_blocks, is_attribution
from lambdas.domain.reading.mail_parser import NEXT_PART
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.plain_text import TextLine

MOST_WORDS = 24 << 10  # characters; AWS's own words have two to eight KB
_MOST_REPORT = 64 << 10


@dataclass(frozen=True, slots=True)
class AwsPart:
    """One mail of AWS inside a text, and the text around it."""

    words: str  # AWS's own
    report: str  # what AWS quotes below
    older: str  # the thread below
    above: str  # the forwarder's words
    sender: str = ""  # as the forwarder's header block names it; empty without one
    subject: str = ""
    date: str = ""
    replied: bool = False  # a reply program quotes it ("On … wrote:")


# How AWS's own words begin, or a line that only AWS writes. Used where no header names the author.
_OPENING = lazy_pattern(
    r"\b(?:we(?:'ve|\s{1,9}have)\s{1,9}received\s{1,9}(?:\w{1,12}\s{1,9}){0,3}"
    r"(?:reports?(?:\(s\))?|complaints?|notices?)\s{1,9}(?:that|implicating|regarding|indicating|from|of|about"
    r"|claiming)\b"
    r"|we(?:'re|\s{1,9}are)\s{1,9}(?:writing|reaching\s{1,9}out)\s{1,9}to\s{1,9}follow\s{1,9}up\s{1,9}on\b"
    r"|we\s{1,9}have(?:n't|\s{1,9}not)\s{1,9}received\s{1,9}a\s{1,9}(?:response|reply)\b"
    r"|we\s{1,9}recently\s{1,9}sent\s{1,9}(?:you\s{1,9})?an\s{1,9}abuse\b"
    r"|thank\s{1,9}you\s{1,9}for\s{1,9}(?:responding|your\s{1,9}response|your\s{1,9}reply)\s{1,9}to\s{1,9}this\b"
    r"|aws\s{1,9}id\s{0,9}:\s{0,9}\d{12}\b|final\s{1,9}notification\b"
    r"|(?:implicated\s{1,9}resource|reported\s{1,9}(?:activity|vulnerability))(?:\(s\)|s)?\s{0,9}:"
    r"|aws\s{1,9}account\s{1,9}id\s{0,9}:?\s{0,9}\d{4}"
    r"|your\s{1,9}aws\s{1,9}account\s{1,9}(?:[\d*x-]{8,20}\s{1,9})?(?:is|may|might"
    r"|has)\s{1,9}\w{1,12}\s{1,9}(?:\w{1,16}\s{1,9}){0,3}?"
    r"(?:compromised|accessed)"
    r"|your\s{1,9}aws\s{1,9}access\s{1,9}key\b|has\s{1,9}opened\s{1,9}case\s{1,9}\d{8,15}"
    r"|your\s{1,9}(?:amazon\s{1,9}ec2|aws)\s{1,9}abuse\s{1,9}report\s{1,9}\[[\w-]{1,20}\]"
    r"|aws\s{1,9}health\s{1,9}abuse\s{1,9}event\"|aws_(?:abuse|risk)_[a-z_]{3,60}"
    r"|as\s{1,9}a\s{1,9}result\s{1,9}we\s{1,9}are\s{1,9}taking\s{1,9}the\s{1,9}following|directed\s{1,9}aws\s{1,9}to\b"
    r"|action\s{0,9}:\s{0,9}revoke\s{1,9}access|this\s{1,9}notification\s{1,9}was\s{1,9}sent\s{1,9}in\s{1,9}error"
    r"|listed\s{1,9}in\s{1,9}the\s{1,9}'affected\s{1,9}resources'\s{1,9}tab)",
    re.IGNORECASE,
)
_HEALTH_TITLE = lazy_pattern(r"^[ \t]{0,9}Abuse [a-z][a-z /-]{2,40} report[ \t]{0,9}$", re.IGNORECASE | re.MULTILINE)
_COPIED_SUBJECT = lazy_pattern(
    r"^[ \t*]{0,9}(?:subject|betreff|objet|asunto|oggetto|件名|제목|主题|主旨)[ \t*]{0,3}:[^\n]{0,60}(?:\[case \d"
    r"|your (?:aws|amazon ec2) abuse report|"
    r"(?:in )?your aws (?:account|access key))",
    re.IGNORECASE | re.MULTILINE,
)
_AUTHOR = lazy_pattern(
    # A ticket system heads a comment with its author: the address alone, or behind a name.
    r"^[ \t*]{0,9}(?:[^\n@:]{0,60}[ <(])?[\w.+-]{1,60}@(?:[a-z0-9-]{1,30}\.){0,3}(?:amazon\.com|amazonaws\.com"
    r"|aws\.com|signin\.aws)[>)*]{0,3}"
    r"[ \t]{0,9}(?:\([^\n]{0,40}\))?[ \t]{0,9}$",
    re.IGNORECASE | re.MULTILINE,
)

# Lines above the opening that belong to AWS, not to the forwarder.
_PRELUDE = lazy_pattern(
    r"[\s*]{0,9}(?:hello|hi|dear\b.{0,60}|\*{0,4}\s{0,3}final notification\b.{0,10}|(?:re"
    r"|fwd?)?[: ]{0,3}your (?:aws|amazon ec2) abuse report.{0,90}"
    r"|(?:subject|from|to|date|cc|件名)\s{0,3}:.{0,300}|event|start time|status|region / availability zone|description"
    r"|[\[{(\"].{0,2048})?[\s,.!*]{0,9}",
    re.IGNORECASE,
)

_REPORT_BEGINS = lazy_pattern(
    r"[-=*_#\s]{0,12}(?:"
    r"beginning of (?:the )?(?:forwarded|original|quoted) (?:report|complaint)"
    r"|begin(?:ning of)? (?:forwarded|original) (?:abuse )?(?:report|complaint)"
    r"|(?:forwarded|original|included|quoted) (?:abuse )?(?:report|complaint|log)s?(?:\(s\))?(?: (?:follows"
    r"|below))?[\s:*=_-]{0,20}$"
    r"|details[\s=*_-]{4,20}$"
    r"|log extract ?\*?:|logs? \(\d{1,3} ?kb max\)|comments? ?(?:\(\d{1,3} ?kb max\))?\*?:\s{0,9}(?:<{3}.*)?$"
    r"|(?:\d\. )?additional abuse report information"
    r"|abuse (?:type|date|time|date \(yyyy-mm-dd\)|time, 24-hr format \(hh:mm\)) ?\*:"
    r"|source ips? \(comma separated\)|destination (?:ips?|ports?|urls?)\b.{0,60}:"
    r"|time zone\*:|custom tracking number|feedback-type:|reported-from:|source-ip:"
    r"|-----begin |\{ ?\"(?:xarf|version\" ?: ?\"[\d.]{1,6}\", ?\"reporterinfo|reporterinfo|reporter)"
    r")",
    re.IGNORECASE,
)
_SHARED_LABEL = lazy_pattern(
    r"[\s*|-]{0,9}(?:destination (?:ips?|ports?|urls?)|abuse (?:type|date|time))\b", re.IGNORECASE
)
_LABEL = lazy_pattern(
    r"[\s*|-]{0,9}(?:aws account id|regions?|implicated resource|reported (?:activity|vulnerability)|ec2 instance id"
    r"|abuse time|(?:source|target|destination|public) ip)(?:\(s\)|s)?(?: address)?[\s*|]{0,9}[:\t|]",
    re.IGNORECASE,
)
_LOG_BEGINS = lazy_pattern(r"<{3}(?!<)")

_CLOSING = lazy_pattern(
    r"(?:(?:best|kind|warm)? ?regards|sincerely(?: yours)?|yours sincerely|thanks?|thank you|敬具)[,.!]?", re.IGNORECASE
)
_TEAM = lazy_pattern(
    r"(?:the )?(?:aws|amazon(?: ec2| web services)?)(?: ec2)? (?:abuse|trust (?:&|and"
    r"|&amp;) safety)(?: team)?[.,]?",
    re.IGNORECASE,
)
_COMPANY = lazy_pattern(
    r"(?:the )?(?:amazon web services|aws)(?:,? inc\.?| support| team| account team)?[.,]?", re.IGNORECASE
)
_AFTER_SIGNATURE = lazy_pattern(
    r"(?:abuse )?case(?: number| id)? ?[:#]|[-=_*\s]{3,200}$|aws trust & safety center|https://repost\.aws/"
    r"|machine translated|amazon web services, inc\.|this message was produced|reference ?:|instance id"
    r"|aws (?:account )?id",
    re.IGNORECASE,
)
_TRANSLATED = lazy_pattern(r"machine[ -]translated", re.IGNORECASE)
_SIGNATURE_DASHES = lazy_pattern(r"--\s{0,3}\Z")
_FORWARDER_ENDS = lazy_pattern(r"-{3,}[^-].{0,60}-{3,}\s{0,3}\Z")
_BANNER = lazy_pattern(r"\b(?:caution|external|originated from outside|warning)\b", re.IGNORECASE)


def direct_part(lines: Sequence[TextLine]) -> AwsPart:
    """Read a mail that AWS wrote: its words begin at the top."""
    return _part(lines, _first_words(lines, _banner_end(lines)), above_end=0)


def forwarded_parts(lines: Sequence[TextLine]) -> list[AwsPart]:
    """Read a mail that somebody else wrote: each mail of AWS in it, the topmost first."""
    blocks = list(header_blocks(lines))
    from_aws = [block for block in blocks if _is_from_aws(block)]
    if from_aws and not _after_report(lines, from_aws[0].start):
        return list(_announced_parts(lines, from_aws))
    start = _opening(lines)
    if from_aws and (start is None or start > from_aws[0].start):
        return list(_announced_parts(lines, from_aws))
    if start is None:
        return []
    above = next((block for block in reversed(blocks) if block.start <= start), None)
    return [_part(lines, start, above_end=start, block=above)]


def _after_report(lines: Sequence[TextLine], end: int) -> bool:
    """Whether the report begins above `end`: the reporter may have made up a header block below that."""
    return any(_REPORT_BEGINS.match(line.text.strip()) for line in lines[:end])


def quoted_part(lines: Sequence[TextLine]) -> AwsPart | None:
    """Read the first quoted passage. For mails where only the subject shows that they relay AWS."""
    start = next((index for index, line in enumerate(lines) if line.depth and line.text.strip()), None)
    return None if start is None else _part(lines, start, above_end=start)


def _announced_parts(lines: Sequence[TextLine], blocks: Sequence[HeaderBlock]) -> Iterator[AwsPart]:
    """Yield the mails below AWS's header blocks. A later block counts only at the forwarder's own quote depth."""
    first = blocks[0]
    begun_until = -1
    for number, block in enumerate(blocks):
        if block.start < begun_until or (number and (block.depth != first.depth or not block.announced)):
            continue
        until = next((b.start for b in blocks[number + 1 :] if b.depth == first.depth and b.announced), len(lines))
        begun_until = block.end
        yield _part(lines[:until], _first_words(lines, block.end), above_end=block.start, block=block)


def _is_from_aws(block: HeaderBlock) -> bool:
    written = parse_addresses(block.sender)
    if any(is_aws_address(address) for address in written):
        return True
    named = re.search(r"\b(?:aws|amazon)\b", block.sender, re.IGNORECASE)
    return bool(named) and (not written or " via " in block.sender)


def _first_words(lines: Sequence[TextLine], start: int) -> int:
    return next((index for index in range(start, len(lines)) if lines[index].text.strip()), len(lines))


def _banner_end(lines: Sequence[TextLine]) -> int:
    """Skip the warning that a mail gateway puts on top, up to its rule."""
    for index, line in enumerate(lines[:8]):
        if re.match(r"\s{0,9}[_=-]{10,}", line.text):
            return index + 1 if any(_BANNER.search(above.text) for above in lines[:index]) else 0
    return 0


def _opening(lines: Sequence[TextLine]) -> int | None:
    """Find the line where AWS's words begin, by their wording; None if there is none."""
    text = "\n".join(line.text for line in lines)
    openings = [
        match.start()
        for match in (_OPENING.search(text), _HEALTH_TITLE.search(text), _COPIED_SUBJECT.search(text))
        if match
    ]
    author = _AUTHOR.search(text)
    if author and author.end() < min(openings, default=len(text)):
        openings = [author.end() + 1]
    if not openings:
        return None
    starts = list(accumulate((len(line.text) + 1 for line in lines), initial=0))
    index = bisect_right(starts, min(openings)) - 1
    if author and openings == [author.end() + 1]:
        return _first_words(lines, index)
    while index and lines[index - 1].depth == lines[index].depth and _PRELUDE.fullmatch(lines[index - 1].text):
        index -= 1
    return _first_words(lines, index)


def _part(lines: Sequence[TextLine], start: int, *, above_end: int, block: HeaderBlock | None = None) -> AwsPart:
    end, cut = _end(lines, start, relayed=above_end > 0 or block is not None)
    below = _text(lines[end:])[:_MOST_REPORT]
    return AwsPart(
        words=_text(lines[start:end])[:MOST_WORDS],
        report=below if cut == "report" else "",
        older=below if cut == "older" else "",
        above=_text(lines[:above_end])[:MOST_WORDS],
        sender=block.sender if block else "",
        subject=block.subject if block else "",
        date=block.date if block else "",
        replied=any(is_attribution(lines, index) for index in range(max(0, start - 4), start)),
    )


def _text(lines: Sequence[TextLine]) -> str:
    return "\n".join(line.text for line in lines)


def _end(lines: Sequence[TextLine], start: int, *, relayed: bool) -> tuple[int, str]:
    """Return where AWS's words end, and what follows: a "report", an "older" mail, or nothing of AWS."""
    depth = lines[start].depth if start < len(lines) else 0
    signed = False
    for index in range(start, len(lines)):
        line = lines[index]
        text = line.text.strip()
        if not text:
            continue
        if (
            text == NEXT_PART
            or _LOG_BEGINS.match(text)
            or (_REPORT_BEGINS.match(text) and not _is_label_of_aws(lines, index))
        ):
            return index, "report"
        if line.depth > depth or block_at(lines, index) or is_attribution(lines, index):
            return index, "older"
        if line.depth < depth and not _is_torn(lines, index, depth):
            return index, "after"
        if _SIGNATURE_DASHES.fullmatch(line.text) or (relayed and _FORWARDER_ENDS.fullmatch(text)):
            return index, "after"
        if signed and not _AFTER_SIGNATURE.match(text):
            return index, "after" if relayed else "report"
        if _TRANSLATED.match(text):
            signed = False
        elif _is_signature(lines, index):
            signed = True
    return len(lines), "after"


def _is_label_of_aws(lines: Sequence[TextLine], index: int) -> bool:
    """Whether a label that reporters use too belongs to AWS's block of labels right above it."""
    return bool(_SHARED_LABEL.match(lines[index].text)) and index > 0 and bool(_LABEL.match(lines[index - 1].text))


def _is_torn(lines: Sequence[TextLine], index: int, depth: int) -> bool:
    """Whether wrapping took a line's quote marks: the next line has them again."""
    following = lines[index + 1] if index + 1 < len(lines) else None
    return following is not None and following.depth >= depth


def _is_signature(lines: Sequence[TextLine], index: int) -> bool:
    text = lines[index].text.strip(" *_\t")
    if len(text) > 60:
        return False
    if _TEAM.fullmatch(text):
        return True
    above = [line.text.strip(" *_\t") for line in lines[max(0, index - 3) : index] if line.text.strip()]
    return bool(_COMPANY.fullmatch(text)) and bool(above) and bool(_CLOSING.fullmatch(above[-1]))

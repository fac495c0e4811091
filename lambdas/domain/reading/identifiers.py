"""Case numbers, account ids and instance ids in text.

Cases and accounts are both digits, sometimes 12 of them. So the label before a number decides, never its shape.
"""

import re
from collections.abc import Iterator

from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.text_match import BREAK, TextMatch

_HEX = rf"[0-9a-f]{BREAK}"
_MASKED = r"[\w~\u25a0-\u25cf]|-\w|\.\.|\*{1,2}\w|\*{3}"  # follows the visible half of a masked id
_INSTANCE = lazy_pattern(
    # 17 hex digits, or 8 on instances from before 2016; nothing in between, and no masked rest behind it.
    rf"(?<![\w-])i-{BREAK}(?:(?:{_HEX}){{16}}[0-9a-f]|(?:{_HEX}){{7}}[0-9a-f])(?!{_MASKED})",
    re.IGNORECASE | re.ASCII,
)
_MOST_BREAKS = 2

_DIGITS = (
    rf"(\d{{4}}-{BREAK}\d{{4}}-{BREAK}\d{{4}}|\d{{4}} \d{{4}} \d{{4}}|\d{BREAK}(?:\d{BREAK}){{10}}\d)(?!{_MASKED})"
)
_COLON = r"[\s*_|\"']{0,9}(?:[:=#][\s*_|\"'\[(]{0,20}|[\s|\[(\"']{1,9}|(?<=[\u3040-\ud7a3]))"
_ACCOUNT = lazy_pattern(
    r"(?:\b(?:aws\s{1,3}(?:account\s{0,3}(?:id|number|no\.?|#)?|id)|account(?:\s{1,3}(?:id|number|no\.?))?|accountid)"
    r"|(?:アカウント|계정|账户|账号|帐户|帐号|帳戶|帳號)(?:\s{0,2}(?:id|番号|번호))?"
    r"|\b(?:cuenta|conta|compte|konto)s?(?:\s{1,3}(?:de\s|da\s)?aws)?)"
    rf"(?:\(s\)|s)?{_COLON}{_DIGITS}",
    re.IGNORECASE | re.ASCII,
)
_MORE_ACCOUNTS = lazy_pattern(
    rf"\s{{0,3}}(?:,|;|and|&|\n)\s{{0,3}}(?:and\s{{1,3}})?{_DIGITS}", re.IGNORECASE | re.ASCII
)
_ARN = lazy_pattern(
    # The topic in the footer of an SNS mail belongs to the relay.
    r"\barn:aws(?:-[a-z]{2,6})?(?:-[a-z]{1,3})?:(?!sns:)[a-z0-9-]{2,32}:([a-z0-9-]{0,24}):(\d{12}):",
    re.IGNORECASE | re.ASCII,
)

_NUMBER = r"([A-Z]?\d{7,15}(?:-\d{1,3})?)(?![\w-])"
_SUBJECT_FAMILY = lazy_pattern(r"\b(?:amazon ec2|aws|ec2)\s{1,3}abuse\s{1,3}(?:report|case|notice)s?\b", re.IGNORECASE)
_SUBJECT_OF_AWS = lazy_pattern(
    r"\byour (?:amazon ec2|aws) abuse report|\[?action required\]?[: ]|\byour aws (?:account|access key)"
    r"|\b(?:suspicious|irregular) activity in your"
    r"|\bamazon web services: new support case|\[case \d",
    re.IGNORECASE,
)
_BRACKETED = lazy_pattern(
    rf"\s{{0,3}}[\[(]\s{{0,2}}(?:case\s{{0,3}}[:#]?\s{{0,3}}|ref\s{{0,2}}:\s{{0,2}})?{_NUMBER}[\])]", re.IGNORECASE
)
_BRACKETED_ACCOUNT = lazy_pattern(r"\s{0,3}\[aws (?:account )?id:? [^\]]{1,20}\]", re.IGNORECASE)
_BARE = lazy_pattern(rf"\s{{0,3}}[:#-]?\s{{0,3}}{_NUMBER}", re.IGNORECASE)
_CASE = lazy_pattern(
    r"(?:\babuse\s{1,3}case(?:\s{1,3}(?:number|id|no\.?))?|\bcase\s{1,3}(?:number|id|no\.?)|\bsupport\s{1,3}case"
    r"|\bopened\s{1,3}case"
    r"|^[ \t*|-]{0,9}(?:our\s|your\s|aws\s|abuse\s)?reference(?:\s(?:number|id|no\.?))?(?=[\s*|]{0,4}:)"
    r"|\[case|\[ref\s{0,2}:|\babuse\s{1,3}report\s{1,3}(?:number|id)|[?&](?:caseid|displayid)=)"
    rf"(?:\(s\)|s)?[\s*_|]{{0,9}}[:#]?[\s*_|\[]{{0,9}}{_NUMBER}",
    re.IGNORECASE | re.ASCII | re.MULTILINE,
)
_MORE_CASES = lazy_pattern(rf"\s{{0,3}}(?:,|;|and|&)\s{{0,3}}(?:and\s{{1,3}})?{_NUMBER}", re.IGNORECASE | re.ASCII)
_NOT_HEX = lazy_pattern(r"[^0-9a-f]")
_NOT_DIGIT = lazy_pattern(r"\D", re.ASCII)


def find_instance_ids(text: str) -> Iterator[TextMatch]:
    """Yield each whole instance id, lower case; not masked or torn ones."""
    for match in _INSTANCE.finditer(text):
        written = match[0].lower()
        if written.count("\n") > _MOST_BREAKS:
            continue
        yield TextMatch(match.start(), match.end(), "i-" + _NOT_HEX.sub("", written[2:]))


def accounts(text: str) -> Iterator[TextMatch]:
    """Yield each account id after a label or in an ARN: 12 digits, leading zeros kept."""
    for match in _ACCOUNT.finditer(text):
        yield _account(match)
        more = _MORE_ACCOUNTS.match(text, match.end())
        while more:
            yield _account(more)
            more = _MORE_ACCOUNTS.match(text, more.end())
    for match in _ARN.finditer(text):
        yield TextMatch(match.start(2), match.end(2), match[2])


def arn_of(text: str, match: TextMatch) -> tuple[str, str] | None:
    """Return region and account of the ARN around `match`, if there is one."""
    before = text[max(0, match.start - 120) : match.start]
    head = before.rfind("arn:aws")
    arn = _ARN.match(before, head) if head >= 0 else None
    return (arn[1], arn[2]) if arn and not re.search(r"[\s,\"']", before[head:]) else None


def subject_cases(subject: str) -> Iterator[TextMatch]:
    """Yield the case numbers of a subject of AWS's family: the brackets behind "Abuse Report", never a ticket's."""
    for family in _SUBJECT_FAMILY.finditer(subject):
        position = family.end()
        bare = _BARE.match(subject, position)
        if bare:
            yield TextMatch(bare.start(1), bare.end(1), bare[1].upper())
        while bracket := _BRACKETED_ACCOUNT.match(subject, position) or _BRACKETED.match(subject, position):
            if bracket.lastindex:
                yield TextMatch(bracket.start(1), bracket.end(1), bracket[1].upper())
            position = bracket.end()


def subject_of_aws(subject: str) -> str:
    """Return a forwarder's subject from where AWS's own begins: before it are the forwarder's ticket numbers."""
    begins = _SUBJECT_OF_AWS.search(subject)
    return subject[begins.start() :] if begins else ""


def cases(text: str) -> Iterator[TextMatch]:
    """Yield the case numbers behind a label, and those in a subject of AWS's family quoted in the text."""
    yield from subject_cases(text)
    for match in _CASE.finditer(text):
        yield TextMatch(match.start(1), match.end(1), match[1].upper())
        more = _MORE_CASES.match(text, match.end())
        while more:
            yield TextMatch(more.start(1), more.end(1), more[1].upper())
            more = _MORE_CASES.match(text, more.end())


def _account(match: re.Match[str]) -> TextMatch:
    return TextMatch(match.start(1), match.end(1), _NOT_DIGIT.sub("", match[1]))

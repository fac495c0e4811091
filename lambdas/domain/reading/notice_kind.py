"""The stage of the conversation, judged by AWS's newest words."""

import re
from collections.abc import Iterator

from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.reading.gist import gist_of
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.statements import features_of
from lambdas.domain.reading.vocabulary.feature import Feature

F = Feature

_REPLY = lazy_pattern(r"\bre\s?:", re.IGNORECASE)
_LABELS_OF_ACTION = lazy_pattern(
    r"\bfinal notification\b|\bwe(?:'ve| have)(?: already| now| also)? (?:taken|applied|implemented|put in place)"
    r" (?:the following|these|certain|measures|steps|action)"
    r"|\bwe are taking the following (?:action|step|measure)s?\b|\baction ?: ?(?:revok|suspend|block|disabl|isolat"
    r"|null)\w*|\bmitigation applied\b"
)
_MEASURE_LINE = lazy_pattern(
    r"[\s*\-\u2022]{0,12}(blocked\b|isolated\b|null[- ]?routed\b|suspended\b|revoked\b|disabled\b|action ?: ?\S"
    r"|(?:all |outgoing |outbound |inbound |incoming )"
    r"(?:\S+ ){0,5}blocked\b)",
    re.IGNORECASE,
)
_STARRED = lazy_pattern(r"\s*\*{2,4}[^*]{3,200}\*{2,4}\s*")
_MEASURE_HEAD = lazy_pattern(
    r"\b(?:following (?:steps|actions?|measures|mitigations?))\b[^.\n]{0,40}:\s*$", re.IGNORECASE
)
_MEASURE_ROW = lazy_pattern(r"\b(?:blocked|isolated|null[- ]?routed|suspended|rate[- ]?limited)\s*$", re.IGNORECASE)
_NOT_DONE = lazy_pattern(
    r"\b(?:may|might|could|will|would|can|if|unless|plan to|intend to|going to|possible"
    r"|(?:in order to|to avoid|to prevent)(?=[^,]*\Z)"
    r"|failure to|result in|risk|before|not)\b"
)


def notice_kind(words: str, subject: str) -> tuple[NoticeKind, str]:
    """Return the stage that AWS's `words` show, and the words that show it.

    A case is resolved where AWS ends it and nothing speaks against that: a request, abuse that goes on, a restriction
    that remains, a new report.
    """
    gist = gist_of(words)
    open_ = gist.requests or gist.goes_on or gist.remains or gist.reopens
    ended = gist.closes or gist.retracts
    eased = gist.undoes or gist.thanks
    action = gist.cuts or _action(words)
    going_on = gist.silence or gist.reminds or gist.goes_on or gist.remains or gist.reopens
    stages = (
        (NoticeKind.RESOLVED, "" if open_ else ended),
        (NoticeKind.RESOLVED, "" if open_ or action or gist.silence or gist.accuses else eased),
        (NoticeKind.ACTION_TAKEN, "" if gist.undoes else action),
        (NoticeKind.FOLLOW_UP, going_on or ended or eased or gist.answers),
        (NoticeKind.FIRST_NOTICE, gist.accuses),
        (NoticeKind.FOLLOW_UP, gist.announces or (subject if _REPLY.search(subject) else "")),
    )
    return next((stage for stage in stages if stage[1]), (NoticeKind.FIRST_NOTICE, subject))


def is_unclear(words: str) -> bool:
    """Whether AWS's `words` lie between an open and a closed case: they ease or end it, yet ask, and accuse nobody."""
    gist = gist_of(words)
    eased = gist.closes or gist.retracts or gist.undoes or gist.thanks
    return bool(
        eased and (gist.requests or gist.remains) and not (gist.accuses or gist.goes_on or gist.reopens or gist.cuts)
    )


def accuses(words: str) -> bool:
    """Whether AWS's `words` report abuse anew, in a sentence."""
    gist = gist_of(words)
    return bool(gist.accuses or gist.goes_on or gist.reopens)


def is_retraction(words: str) -> bool:
    """Whether a resolution retracts the notice: not "you fixed it" but "there was nothing to fix".

    Only then was the containment needless. Otherwise the cause may still be there.
    """
    return bool(gist_of(words).retracts)


def _action(words: str) -> str:
    """What AWS says under its labels that it has done."""
    stated = _LABELS_OF_ACTION.search(words.lower())
    return stated[0] if stated else next(aws_measures(words), "")


def aws_measures(words: str) -> Iterator[str]:
    """Yield what AWS says it has done: lines below "the following steps:", and other lines that say so."""
    below_head = False
    for line in words.split("\n"):
        text = line.strip(" *\t-\u2022")
        if not text:
            continue
        if text.endswith(":") and _MEASURE_HEAD.search(line):
            below_head = True
        elif (_STARRED.fullmatch(line) and F.CUT in features_of(text)) or (
            (_MEASURE_LINE.match(line) or (below_head and _MEASURE_ROW.search(text))) and _is_done(text.lower())
        ):
            yield " ".join(text.split())


def _is_done(measure: str) -> bool:
    return measure.startswith("action") or not _NOT_DONE.search(measure.partition(" by ")[0])

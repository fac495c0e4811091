"""The stage of the conversation, judged by AWS's newest words."""

import re
from collections.abc import Iterator

from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.plain_text import flatten

_RESOLVED = lazy_pattern(
    r"\b(?:sent (?:to you )?in error|(?:false positive|no longer considered|not in violation)"
    r"|no (?:further|additional) (?:action|response|steps?)s? (?:is|are) (?:required|needed|necessary)"
    r"|(?:case|report|matter|issue|ticket|investigation)s? (?:(?:has|have) (?:now )?been|is|are|was) (?:now "
    r"|being )?(?:marked (?:as )?)?(?:resolved|closed)"
    r"|we(?:'ve| have|'re| are)? ?(?:now |also |therefore )?(?:resolved|closed|closing|resolving|marked"
    r"|consider(?:ed|ing)?) (?:this|your|the) "
    r"(?:\w+ )?(?:case|report|matter|issue|ticket)s?\b"
    r"|consider (?:this|your|the) (?:\w+ ){0,2}(?:case|report|matter|issue) (?:as )?(?:resolved|closed)"
    r"|(?:blocks?|restrictions?|limits?|limitations?|mitigations?|isolation|measures?|suspension"
    r"|access) (?:\w+ ){0,8}(?:have|has) (?:now )?been (?:lifted|removed|restored|reverted|released)"
    r"|we(?:'ve| have) (?:now |also )?(?:lifted|removed|reverted|released|restored|reinstated|unblocked|undone) "
    r"|(?:account|instances?|traffic|network) (?:have|has) (?:now )?been (?:reinstated|unblocked|restored|released))"
)
_IN_ERROR = lazy_pattern(
    r"\b(?:(?:sent|issued|generated|reported|opened|created|flagged)(?: to you)? (?:in error|by mistake|erroneously"
    r"|incorrectly)|(?:mistakenly|erroneously|incorrectly) (?:sent|issued|generated|reported|opened|flagged)"
    r"|false positive|(?:is|was|are|were) not (?:in )?(?:a )?(?:violation|violating|abusive|abuse)\b"
    r"|(?:is|was) within (?:our|the) (?:aup|acceptable use policy)"
    r"|no longer considere?d? (?:\w+ ){0,4}(?:abus\w+|violation))"
)
_NOT_IN_ERROR = lazy_pattern(
    r"\b(?:if|whether|unless|believe|think|claim|consider it|you (?:say|state|wrote|feel)|may|might|could|not|isn't"
    r"|wasn't|why)\b"
)
_ENDS = (
    # Each match of `_RESOLVED` contains one of these; looking for them first is faster.
    "in error", "false positive", "no longer", "violation", "no further", "no additional", "resolv", "clos",
    "marked", "consider", "lifted", "removed", "restored", "reverted", "released", "reinstated", "unblocked",
    "undone", "no action", "no response", "no step",
)  # fmt: skip
_NOT_YET_RESOLVED = lazy_pattern(
    r"\b(?:if|once|until|unless|in order to|before|when|whether|to have|so that|may|will|would|cannot|can't|should"
    r"|not yet|not|after|for now)\b"
)
_REOPENED = lazy_pattern(
    r"\b(?:have|has been|was|is)(?: now)? reopened\b"
    r"|\bwe(?:'ve| have) (?:\w+ )?received (?:an(?:other| additional)|additional|new|further|more) (?:\w+ )?"
    r"(?:report|complaint)"
)
_LIMITS_STAY = ("for now", "remain", "stay")  # looked for first: rare
_STILL_LIMITED = lazy_pattern(
    r"\b(?:for now|restrictions? (?:\w+ ){0,6}(?:remain|stay|will remain|will stay)|remains? (?:in place|restricted"
    r"|suspended))\b"
)

_ACTION = lazy_pattern(
    r"\bfinal notification\b|\bwe(?:'ve| have)(?: already| now| also)? (?:taken|applied|implemented"
    r"|put in place) (?:the following|these|certain|measures|steps|action)"
    r"|\bwe are taking the following (?:action|step|measure)s?\b|\baction ?: ?(?:revok|suspend|block|disabl|isolat"
    r"|null)\w*|\bmitigation applied\b"
    r"|\b(?:(?:have|has)(?: now| already)? been|was|were|is now|are now) (?:temporarily |permanently )?(?:blocked"
    r"|isolated|suspended|null[- ]?routed|revoked|disabled|quarantined|administratively disabled|taken offline)\b"
    r"|\bwe(?:'ve| have)? had to (?:temporarily |permanently )?(?:stop|block|isolate|suspend|disable|revoke|restrict"
    r"|terminate|limit|shut|null)"
    r"|\bwe(?:'ve| have)?(?: now| already| also| had to)? (?:temporarily |permanently )?(?:blocked|block|isolated"
    r"|suspended|null[- ]?routed|revoked|disabled|quarantined|stopped|terminated|restricted)\b"
)
_MEASURE_LINE = lazy_pattern(
    r"[\s*\-\u2022]{0,12}(blocked\b|isolated\b|null[- ]?routed\b|suspended\b|revoked\b|disabled\b|action ?: ?\S"
    r"|(?:all |outgoing |outbound |inbound |incoming )"
    r"(?:\S+ ){0,5}blocked\b)",
    re.IGNORECASE,
)
_MEASURE_HEAD = lazy_pattern(
    r"\b(?:following (?:steps|actions?|measures|mitigations?))\b[^.\n]{0,40}:\s*$", re.IGNORECASE
)
_MEASURE_ROW = lazy_pattern(r"\b(?:blocked|isolated|null[- ]?routed|suspended|rate[- ]?limited)\s*$", re.IGNORECASE)
_NOT_DONE = lazy_pattern(
    r"\b(?:may|might|could|will|would|can|if|unless|plan to|intend to|going to|possible"
    r"|(?:in order to|to avoid|to prevent)(?=[^,]*\Z)"
    r"|failure to|result in|risk|before|not)\b"
)
_DONE_ANYWAY = lazy_pattern(r"final notification|following (?:steps|action|measure)|action ?:")

_FOLLOW_UP = lazy_pattern(
    r"\bfollow(?:ing)?[ -]up\b|\bhave ?(?:not|n't) (?:yet )?(?:received|heard)|\bno response\b"
    r"|\bstill (?:be )?(?:compromised|at risk|receiving|seeing|observing|observe|see|active|ongoing|unresolved"
    r"|open)\b"
    r"|\bmay (?:still )?have to take action\b|\breminder\b|\b(?:second|third|last|final) (?:notice|warning|reminder"
    r"|attempt)\b|\brecently sent\b"
    r"|\b(?:additional|another|new|further) (?:abuse )?(?:reports?|complaints?)\b"
    r"|\bnot (?:yet )?(?:been )?resolved\b|\b(?:previous|earlier|prior) (?:notice|report|notification|email|message"
    r"|correspondence)\b"
    r"|\b(?:plan|intend) to suspend\b|\bwill (?:be )?(?:suspend|terminat|isolat|block)\w*\b|\bthank(?:s"
    r"| you) for (?:your|the|responding|getting|writing|contacting|replying)\b"
    r"|\byou have left several ports\b|\b(?:could|can) you (?:please )?(?:provide|confirm|share|tell|clarify|let)\b"
    r"|\bplease (?:provide|confirm|clarify)\b|\bfinish our investigation\b"
)
_FIRST = lazy_pattern(
    r"\bwe(?:'ve| have) received (?:an? |\w+ ){0,3}(?:vulnerability |abuse |security )?(?:reports?|complaints?"
    r"|notices?)(?:\(s\))? |\bimplicated in activity\b|\bhas opened case\b"
    r"|\baccess key\b.{0,40}\b(?:is|was|has been|are) (?:publicly |potentially )?(?:exposed|compromised|available)"
    r"|\binappropriately accessed\b|\bsuspicious activity\b|\birregular activity\b"
    r"|\byour aws account(?: \d{12})? (?:is|may be|might be|has been) compromised\b|\bwe(?:'ve| have)? detected\b"
    r"|\bwe(?:'ve| have) become aware\b"
)
_STRONG_FOLLOW_UP = lazy_pattern(
    r"\bfollow(?:ing)?[ -]up on\b|\bhave ?(?:not|n't) (?:yet )?(?:received|heard)|\bmay still be compromised\b"
    r"|\bthird and final\b|\b(?:second|third|last|final) (?:notice|warning|reminder)\b"
    r"|\brecently sent\b|\breminder\b|\bthank you for responding\b|\bnot yet (?:been )?resolved\b"
)
_SENTENCES = lazy_pattern(r"(?<=[.!?])[\"'*)\]]{0,3}\s+|\n\s*\n|(?<=:)\s*\n|\n(?=\s*[*\-\u2022])")


def notice_kind(words: str, subject: str) -> tuple[NoticeKind, str]:
    """Return the stage that AWS's `words` show, and the words that show it."""
    sentences = [" " + sentence for part in _SENTENCES.split(words) if (sentence := flatten(part))]
    text = words.lower()
    ended = any(word in text for word in _ENDS)
    resolved = _first(sentences, _RESOLVED, unless=_NOT_YET_RESOLVED) if ended else ""
    limited = _first(sentences, _STILL_LIMITED) if any(word in text for word in _LIMITS_STAY) else ""
    if resolved:
        limited = limited or _first(sentences, _REOPENED, unless=_NOT_YET_RESOLVED)
    action = _first(sentences, _ACTION, unless=_NOT_DONE, anyway=_DONE_ANYWAY) or next(aws_measures(words), "")
    if resolved and not limited:
        return NoticeKind.RESOLVED, resolved
    if action:
        return NoticeKind.ACTION_TAKEN, action
    follow_up = _first(sentences, _STRONG_FOLLOW_UP) or limited
    if follow_up:
        return NoticeKind.FOLLOW_UP, follow_up
    first = _first(sentences, _FIRST)
    if first:
        return NoticeKind.FIRST_NOTICE, first
    follow_up = _first(sentences, _FOLLOW_UP)
    if follow_up:
        return NoticeKind.FOLLOW_UP, follow_up
    answered = re.match(r"\s*re\s*:", subject, re.IGNORECASE)
    return (NoticeKind.FOLLOW_UP, subject) if answered else (NoticeKind.FIRST_NOTICE, subject)


def is_retraction(words: str) -> bool:
    """Whether a resolution retracts the notice: not "you fixed it" but "there was nothing to fix".

    Only then was the containment needless. Otherwise the cause may still be there.
    """
    sentences = [" " + sentence for part in _SENTENCES.split(words) if (sentence := flatten(part))]
    return bool(_first(sentences, _IN_ERROR, unless=_NOT_IN_ERROR))


def aws_measures(words: str) -> Iterator[str]:
    """Yield what AWS says it has done: lines below "the following steps:", and other lines that say so."""
    below_head = False
    for line in words.split("\n"):
        text = line.strip(" *\t-\u2022")
        if not text:
            continue
        if text.endswith(":") and _MEASURE_HEAD.search(line):
            below_head = True
        elif (_MEASURE_LINE.match(line) or (below_head and _MEASURE_ROW.search(text))) and _is_done(text.lower()):
            yield " ".join(text.split())


def _is_done(measure: str) -> bool:
    return measure.startswith("action") or not _NOT_DONE.search(measure.partition(" by ")[0])


def _first(
    sentences: list[str],
    pattern: re.Pattern[str],
    unless: re.Pattern[str] | None = None,
    anyway: re.Pattern[str] | None = None,
) -> str:
    """Return the first sentence that matches; not where `unless`, a condition or a threat, comes before the match."""
    for sentence in sentences:
        match = pattern.search(sentence)
        if match and (
            not unless or (anyway and anyway.search(match[0])) or not unless.search(sentence, 0, match.start())
        ):
            return sentence.strip()
    return ""

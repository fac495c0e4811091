"""What AWS's words amount to: each question about them answered by the sentence that answers it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lambdas.domain.reading.act import OBJECTS, Act, Sentence
from lambdas.domain.reading.lexicon import RUNNING, fold, language_of
from lambdas.domain.reading.statements import features_of, sentences_of
from lambdas.domain.reading.vocabulary.feature import Feature

F = Feature

_OURS = (F.RESOURCE, F.ACCOUNT, F.TRAFFIC, F.KEY, F.ACCESS, F.CONTENT)
_WHAT_GOES_ON = (F.ACTIVITY, F.HARM, F.TRAFFIC, F.COMPROMISED, F.REPORT)


@dataclass(frozen=True, slots=True)
class Gist:
    """Each field holds AWS's sentence that says so; empty where none does."""

    closes: str  # the case is over, or nothing more is to be done
    retracts: str  # there was no abuse
    undoes: str  # a block is lifted
    thanks: str  # for what ended the abuse
    cuts: str  # AWS has blocked, isolated, suspended
    requests: str  # an answer of ours
    silence: str  # of ours
    reminds: str
    goes_on: str  # the abuse does
    remains: str  # a restriction does
    reopens: str
    accuses: str  # a report has come in, or AWS has seen abuse
    answers: str  # AWS writes about an answer of ours
    announces: str  # that AWS is going to cut something


@lru_cache(maxsize=8)
def gist_of(words: str) -> Gist:
    """Read AWS's own `words`."""
    sentences = [sentence for sentence in sentences_of(words) if not (sentence.is_label or sentence.is_footer)]
    first, stated = _Finder(sentences), _Finder([sentence for sentence in sentences if not sentence.is_step])
    return Gist(
        closes=stated(_closes),
        retracts=stated(_retracts),
        undoes=stated(_undoes),
        thanks=stated(_thanks),
        cuts=stated(_cuts),
        requests=first(_requests),
        silence=first(_is_silence),
        reminds=first(lambda sentence: F.REMINDER in sentence.features and F.IF not in sentence.features),
        goes_on=stated(_goes_on),
        remains=stated(_remains),
        reopens=stated(_reopens),
        accuses=stated(_accuses),
        answers=first(_answers),
        announces=first(_announces),
    )


def speaks_of_abuse(words: str) -> bool:
    """Whether AWS's own `words` say that something of ours abuses others or has been taken over, or that it is over."""
    gist = gist_of(words)
    return bool(gist.accuses or gist.goes_on) or any(
        sentence.features & {F.COMPROMISED, F.EXPOSED, F.HARM}
        and sentence.features & {F.ACCOUNT, F.KEY, F.RESOURCE}
        and any(act.thanked or (act.is_of(F.CUT, F.UNDO) and act.is_of_aws) for act in sentence.acts)
        for sentence in sentences_of(words)
    )


def goes_on_with_case(words: str) -> bool:
    """Whether AWS's own `words` continue or end a conversation about abuse, if the abuse desk wrote them."""
    gist = gist_of(words)
    return any((gist.announces, gist.cuts, gist.silence, gist.closes, gist.retracts, gist.undoes, gist.thanks))


def names_abuse(title: str, words: str) -> bool:
    """Whether the subject of AWS's `words` names something of ours that abuses others or has been taken over."""
    language = language_of(fold(f"{title}\n{words}"))
    features = features_of(title, language)
    return bool(
        features & {F.COMPROMISED, F.EXPOSED, F.HARM}
        and features & {F.ACCOUNT, F.KEY, F.RESOURCE}
        and not features & {F.WHEN, F.IF}
    )


class _Finder:
    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._sentences = sentences

    def __call__(self, says: Callable[[Sentence], bool]) -> str:
        return next((sentence.text for sentence in self._sentences if says(sentence)), "")


def _closes(sentence: Sentence) -> bool:
    asks_first = bool(sentence.features & {F.IF, F.ONCE})
    return any(_closing(act, certain=not asks_first) for act in sentence.acts) or any(
        map(_nothing_more, sentence.clauses_of_aws)
    )


def _closing(act: Act, *, certain: bool) -> bool:
    if not act.is_of(F.CLOSE) or act.negated or act.conditional or act.attributed or act.thanked:
        return False
    if F.PREVIOUS in act.clause or not (act.about(F.CASE, F.REPORT) or not act.clause & OBJECTS):
        return False
    if F.CONSIDER in act.clause:
        return True
    return (act.who is not F.YOU) and (
        act.fact or (F.NOW in act.clause and F.MAY not in act.clause) or (act.planned and certain)
    )


def _nothing_more(clause: frozenset[F]) -> bool:
    return {F.NOT, F.ACTION, F.NEEDED} <= clause and F.IF not in clause


def _retracts(sentence: Sentence) -> bool:
    if sentence.is_conditional:
        return False
    if any(
        act.is_of(F.RETRACT)
        and act.about(F.CASE, F.REPORT, F.ANSWER)
        and (act.fact or F.PLEASE in act.clause)
        and not (act.negated or act.conditional)
        for act in sentence.acts
    ):
        return True
    for clause in sentence.clauses:
        if F.MAY in clause or F.WHEN in clause:
            continue
        if F.MISTAKEN in clause and F.NOT not in clause and clause & {F.SEND, F.CASE, F.REPORT, F.OBSERVE}:
            return True
        if (
            {F.NOT, F.VIOLATION} <= clause
            and clause & {F.BE, F.OBSERVE, F.CONSIDER}
            and not clause & {F.YOU, F.STILL, F.REPORT, F.ANSWER, F.RECEIVE}
        ):
            return True
    return False


def _undoes(sentence: Sentence) -> bool:
    return any(
        act.is_of_aws
        and ((act.is_of(F.UNDO) and act.about(F.LIMIT, F.ACCESS, F.ACCOUNT, F.RESOURCE, F.TRAFFIC))
             or (act.is_of(F.REMOVE) and act.about(F.LIMIT) and F.AWAY not in act.clause))
        for act in sentence.acts
    )  # fmt: skip


def _thanks(sentence: Sentence) -> bool:
    mended = any(
        act.is_of(F.MEND, F.CLOSE, F.CUT)
        and not act.negated
        and not act.conditional
        and (act.thanked or act.seen)
        and act.fact
        for act in sentence.acts
    )
    ceased = any(
        act.is_of(F.CEASE) and act.about(F.ACTIVITY, F.HARM, F.TRAFFIC) and act.fact and not act.negated
        and not act.conditional and not act.attributed and act.who is not F.WE and F.STILL not in act.clause
        for act in sentence.acts
    )  # fmt: skip
    unseen = any(
        act.is_of(F.OBSERVE, F.SEE) and act.negated and act.about(*_WHAT_GOES_ON) and not act.conditional
        and not act.attributed and F.MAY not in act.clause
        for act in sentence.acts
    )  # fmt: skip
    return mended or ceased or unseen


def _cuts(sentence: Sentence) -> bool:
    return any(
        act.is_of_aws
        and ((act.is_of(F.CUT) and act.about(*_OURS))
             or (act.is_of(F.APPLY) and act.about(F.LIMIT))
             or (act.is_of(F.REMOVE) and F.AWAY in act.clause))
        and F.THANK not in act.clause
        for act in sentence.acts
    )  # fmt: skip


def _requests(sentence: Sentence) -> bool:
    features = sentence.features
    if F.OPTIONAL in features:
        return False
    if F.REQUEST in features and features & {F.PLEASE, F.MUST}:
        return any(
            act.is_of(F.REQUEST)
            and not act.negated
            and act.who is not F.WE
            and not (act.conditional and F.IF in features)
            for act in sentence.acts
        )
    if F.MUST in features and (features & {F.YOU, F.YOUR}) and F.ANSWER in features and F.NOT not in features:
        return True
    first = sentence.acts[0] if sentence.acts else None
    return bool(first and first.is_of(F.REQUEST) and F.BASE in first.verb and first.who is None and not first.fact
                and not first.conditional and not first.negated)  # fmt: skip


def _is_silence(sentence: Sentence) -> bool:
    if F.OPTIONAL in sentence.features:
        return False
    if F.SILENCE in sentence.features and F.IF not in sentence.features:
        return True
    return any(
        act.is_of(F.RECEIVE) and act.negated and not act.conditional and act.about(F.ANSWER) for act in sentence.acts
    ) or any(
        {F.NOT, F.ANSWER} <= clause and not clause & {F.NEEDED, F.IF, F.PLEASE, F.OPTIONAL, F.MAY, F.WHEN}
        and F.IF not in sentence.features
        for clause in sentence.clauses
    )  # fmt: skip


def _goes_on(sentence: Sentence) -> bool:
    features = sentence.features
    if F.STILL not in features or features & {F.IF, F.PLEASE} or not features & set(_WHAT_GOES_ON):
        return False
    return any(
        F.STILL in clause
        and clause & set(_WHAT_GOES_ON)
        and not clause & {F.NOT, F.WHEN}
        and (F.MAY not in clause or F.COMPROMISED in clause)
        for clause in sentence.clauses
    ) and not any(act.is_of_aws and act.is_of(F.UNDO) for act in sentence.acts)


def _remains(sentence: Sentence) -> bool:
    features = sentence.features
    if F.PLEASE in features or F.IF in features:
        return False
    if F.PASSING in features:
        return True
    return any(
        clause & {F.REMAIN, F.STILL} and clause & {F.LIMIT, F.CUT} and clause & {F.REMAIN, F.BE} and F.NOT not in clause
        for clause in sentence.clauses
    )  # fmt: skip


def _reopens(sentence: Sentence) -> bool:
    return any(
        (act.is_of(F.REOPEN) and act.fact and not act.negated and not act.conditional and act.about(F.CASE))
        or (act.is_of(F.RECEIVE) and act.is_of_aws and F.NEW in act.clause and act.about(F.REPORT))
        for act in sentence.acts
    ) or ({F.NEW, F.REPORT} <= sentence.features and F.NOT not in sentence.features and not sentence.is_conditional)


def _accuses(sentence: Sentence) -> bool:
    features = sentence.features
    if F.PREVIOUS in features and F.NEW not in features:
        return False
    if _goes_on(sentence):
        return True
    return any(
        act.is_of_aws
        and ((act.is_of(F.RECEIVE) and act.about(F.REPORT)) or (act.is_of(F.OBSERVE) and act.about(*_WHAT_GOES_ON)))
        for act in sentence.acts
    ) or _harmed(sentence)


def _harmed(sentence: Sentence) -> bool:
    """Whether something of ours is said to be exposed, compromised or abusing others."""
    return not sentence.is_conditional and any(
        clause & {F.COMPROMISED, F.EXPOSED, F.HARM} and clause & {F.ACCOUNT, F.KEY, F.RESOURCE}
        and ((clause & {F.BE, F.HAVE} and (F.YOUR in clause or {F.KEY, F.EXPOSED} <= clause))
             or (sentence.language in RUNNING and clause & {F.DONE, F.MAY}))
        and not clause & {F.NOT, F.THANK, F.PLEASE, F.WHEN}
        for clause in sentence.clauses
    )  # fmt: skip


def _announces(sentence: Sentence) -> bool:
    return any(act.is_of(F.CUT) and act.planned and act.about(*_OURS) for act in sentence.acts)


def _answers(sentence: Sentence) -> bool:
    return F.IF not in sentence.features and (
        {F.THANK, F.ANSWER} <= sentence.features
        or any(act.thanked and act.is_of(F.REQUEST) for act in sentence.acts)
        or any(act.is_of(F.RECEIVE) and act.is_of_aws and act.about(F.ANSWER) for act in sentence.acts)
    )

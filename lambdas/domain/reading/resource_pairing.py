"""Which Region and account belong to each instance: the nearest ones."""

from collections.abc import Sequence

from lambdas.domain.intake.notice import NamedInstance
from lambdas.domain.reading.identifiers import arn_of
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.text_match import TextMatch

_PARAGRAPH = lazy_pattern(r"\n[ \t]*\n")


def pair_resources(
    words: str, instances: Sequence[TextMatch], regions: Sequence[TextMatch], accounts: Sequence[TextMatch]
) -> list[NamedInstance]:
    """Pair each instance with the region and account of its ARN, its line, its paragraph, or the only ones named."""
    resources: dict[str, NamedInstance] = {}
    breaks = [0, *(match.end() for match in _PARAGRAPH.finditer(words)), len(words)]
    for instance in instances:
        region, account = arn_of(words, instance) or (None, None)
        line = (words.rfind("\n", 0, instance.start) + 1, _end_of_line(words, instance.end))
        paragraph = (max(b for b in breaks if b <= instance.start), min(b for b in breaks if b >= instance.end))
        resource = NamedInstance(
            instance.value,
            region or _nearest(instance, regions, line, paragraph),
            account or _nearest(instance, accounts, line, paragraph),
        )
        known = resources.get(instance.value)
        resources[instance.value] = _joined(known, resource) if known else resource
    return list(resources.values())


def _end_of_line(words: str, start: int) -> int:
    end = words.find("\n", start)
    return len(words) if end < 0 else end


def _nearest(instance: TextMatch, matches: Sequence[TextMatch], *scopes: tuple[int, int]) -> str | None:
    """Look in the line, then in the paragraph; a label before the instance wins over one after it."""
    for start, end in scopes:
        within = [match for match in matches if start <= match.start < end]
        before = [match for match in within if match.start < instance.start]
        if before or within:
            return (max(before) if before else min(within)).value
    values = {match.value for match in matches}
    if len(values) == 1:
        return values.pop()
    headings = [match for match in matches if match.start < instance.start]
    return max(headings).value if headings else None


def _joined(first: NamedInstance, second: NamedInstance) -> NamedInstance:
    """Fill gaps of the first mention from the second."""
    return NamedInstance(first.instance_id, first.region or second.region, first.account_id or second.account_id)

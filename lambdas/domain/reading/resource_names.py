"""Resources other than instances in AWS's own words: ARNs, access keys, Lightsail.

Buckets and distributions are mostly named by URLs, see urls.py.
"""

import re
from collections.abc import Iterator

from lambdas.domain.reading.text_match import TextMatch

_ARN = re.compile(
    # Health's and SNS's ARNs belong to the envelope; instances are read elsewhere; `iam::aws` is AWS's own policy.
    r"\barn:aws(?:-[a-z]{2,6})?(?:-[a-z]{1,3})?:(?!health:|sns:|ec2:[a-z0-9-]{0,24}:\d{0,12}:instance/)"
    r"[a-z0-9-]{2,32}:[a-z0-9-]{0,24}:(?:\d{12})?:[\w+=,.@:/*-]{1,300}",
    re.ASCII,
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
_KEY = r"(?<![A-Za-z0-9/+]){prefix}[A-Z2-7]{{16}}(?![A-Za-z0-9/+])"
# The needle is looked for first: most texts have none.
_NAMES = (
    ("arn:aws", _ARN),
    *((prefix, re.compile(_KEY.format(prefix=prefix), re.ASCII)) for prefix in ("AKIA", "ASIA")),
)
_LIGHTSAIL = re.compile(
    r"\blightsail\s{1,3}(?:resource|instance|bucket|container|distribution|database)", re.IGNORECASE
)
_EXAMPLES = re.compile(r"EXAMPLE\b|arn:aws[^:]{0,8}:[^:]{1,32}:[^:]{0,24}:123456789012:")


def other_names(words: str) -> Iterator[TextMatch]:
    """Yield each ARN and whole access key id as written, and the word Lightsail where AWS speaks of a resource there.

    The examples in AWS's documentation are nobody's resources.
    """
    for needle, pattern in _NAMES:
        for match in pattern.finditer(words) if needle in words else ():
            value = match[0].rstrip(".,:;*")
            if not _EXAMPLES.search(value):
                yield TextMatch(match.start(), match.start() + len(value), value)
    for match in _LIGHTSAIL.finditer(words):
        yield TextMatch(match.start(), match.end(), "Lightsail")

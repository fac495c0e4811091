"""Region codes in text, however they are written."""

import re
from collections.abc import Iterator

from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.text_match import BREAK, TextMatch

_CODE = lazy_pattern(
    # No list of Regions: AWS opens new ones. A trailing letter names a zone of the Region.
    rf"(?<![\w-])(af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-(?:gov|iso[a-z]?))?-{BREAK}"
    rf"(?:north|south|east|west|central)(?:east|west)?-{BREAK}[1-9]\d?(?=[a-f]?(?![\w-]))",
    re.IGNORECASE | re.ASCII,
)
_BETWEEN = lazy_pattern(r"[=\s]+")
_DISPLAY_NAME = lazy_pattern(
    r"\b(US East|US West|EU|Europe|Asia Pacific|Canada(?: West)?|South America|Africa|Middle East|Israel|Mexico"
    r"|AWS GovCloud|China)\s{0,3}\(([^()\n]{2,24})\)",
    re.IGNORECASE,
)
_CITY = lazy_pattern(r"\(([^()\n]{2,24})\)")
_LONGEST_CONTINENT = 20  # characters, with the blanks behind it
_CODES = {
    # https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
    "us east": {
        "n. virginia": "us-east-1", "northern virginia": "us-east-1", "virginia": "us-east-1", "ohio": "us-east-2",
    },
    "us west": {"n. california": "us-west-1", "northern california": "us-west-1", "oregon": "us-west-2"},
    "europe": {
        "ireland": "eu-west-1", "london": "eu-west-2", "paris": "eu-west-3", "frankfurt": "eu-central-1",
        "zurich": "eu-central-2", "stockholm": "eu-north-1", "milan": "eu-south-1", "spain": "eu-south-2",
    },
    "asia pacific": {
        "tokyo": "ap-northeast-1", "seoul": "ap-northeast-2", "osaka": "ap-northeast-3",
        "osaka-local": "ap-northeast-3", "mumbai": "ap-south-1", "hyderabad": "ap-south-2",
        "singapore": "ap-southeast-1", "sydney": "ap-southeast-2", "jakarta": "ap-southeast-3",
        "melbourne": "ap-southeast-4", "malaysia": "ap-southeast-5", "new zealand": "ap-southeast-6",
        "thailand": "ap-southeast-7", "hong kong": "ap-east-1", "taipei": "ap-east-2",
    },
    "canada": {"central": "ca-central-1", "calgary": "ca-west-1"},
    "canada west": {"calgary": "ca-west-1"},
    "south america": {"são paulo": "sa-east-1", "sao paulo": "sa-east-1"},
    "africa": {"cape town": "af-south-1"},
    "middle east": {"bahrain": "me-south-1", "uae": "me-central-1"},
    "israel": {"tel aviv": "il-central-1"},
    "mexico": {"central": "mx-central-1"},
    "aws govcloud": {"us-west": "us-gov-west-1", "us-east": "us-gov-east-1"},
    "china": {"beijing": "cn-north-1", "ningxia": "cn-northwest-1"},
}  # fmt: skip
_CITIES = frozenset(city for cities in _CODES.values() for city in cities)


def regions(text: str) -> Iterator[TextMatch]:
    """Yield each region code or display name in `text`, as its code."""
    for match in _CODE.finditer(text):
        yield TextMatch(match.start(), match.end(), _BETWEEN.sub("", match[0]).lower())
    for city in _CITY.finditer(text):  # looking for the bracket first is faster
        if city[1].strip().lower() not in _CITIES:
            continue
        named = _DISPLAY_NAME.search(text, max(0, city.start() - _LONGEST_CONTINENT), city.end())
        if not named or named.end() != city.end():
            continue
        continent = "europe" if named[1].lower() == "eu" else named[1].lower()
        code = _CODES.get(continent, {}).get(named[2].strip().lower())
        if code:
            yield TextMatch(named.start(), named.end(), code)

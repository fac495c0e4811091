"""Reported URLs: content on our side, or the place where our key leaked.

Notices contain many other links: documentation, consoles, a victim's page. So a link counts only where the words
before it say that it is the reported one.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.text_match import TextMatch

_DEFANGED = (
    # (needle, pattern, plain): the needle is looked for first: most texts have none
    ("xxp", lazy_pattern(r"\b[hH](?:xx|XX)(?=[pP])"), "http"),
    ("**p", lazy_pattern(r"\bh\*\*(?=p)"), "http"),
    ("[.", lazy_pattern(r"\[\.\]?"), "."),
    (".]", lazy_pattern(r"(?<=\w)\.\]"), "."),
    ("(.)", lazy_pattern(r"\(\.\)"), "."),
    ("{.}", lazy_pattern(r"\{\.\}"), "."),
    ("dot]", lazy_pattern(r" ?\[dot\] ?"), "."),
    ("dot)", lazy_pattern(r" ?\(dot\) ?"), "."),
    ("[:", lazy_pattern(r"\[:(?:\]|(?=//))"), ":"),
    ("[/", lazy_pattern(r"(?<=:)\[//\]"), "//"),
    ("httpp", lazy_pattern(r"\bhttpp"), "http"),
)
_URL = lazy_pattern(r"https?://[^\s<>\"'|\\^`{}\[\]]{3,1900}", re.ASCII)
_TRAILING = ".,;:!?*_'\""
_MOST_WRAPPINGS = 3
_WRAPPERS = (
    # (domain, path, the parameter that holds the link)
    ("safelinks.protection.outlook.com", "/", "url"),
    ("google.com", "/url", "q"),
    ("linkprotect.cudasvc.com", "/url", "a"),
)

_REPORTED = lazy_pattern(
    r"\b(?:urls?|uri|links?|web ?sites?|web ?pages?|content|located|hosted|hosting|available|published|posted"
    r"|infring\w+|offending"
    r"|phish\w*|malware|malicious|reported|implicated|found|exposed|leaked|discovered|resources?|buckets?"
    r"|distributions?|objects?|repository|commit)\b|アクセスキー|公開|公开|泄露|액세스 키|공개",
    re.IGNORECASE,
)
_NOT_OURS = lazy_pattern(
    r"\b(?:original(?:ly)?|copyrighted|authentic|legitimate|genuine|official|imitat\w+|impersonat\w+|brand|victims?"
    r"|target(?:s|ed|ing)?|screen ?shots?"
    r"|c2|c&c|command|contact(?:s|ed|ing)|connect\w+|appeal|evidence|form|more information|details|see|refer|guide"
    r"|learn|documentation"
    r"|policy|agreement|terms|visit|console|submit|submission|unsubscribe|reporter(?:'s)?|help|center|assistance"
    r"|how to|best practices?|following (?:steps|guides?|resources))\b",
    re.IGNORECASE,
)
_FOOTNOTE = lazy_pattern(r"\s{0,4}\[\d{1,2}\]\s{0,3}\Z")
_OF_AWS = lazy_pattern(
    r"(?:^|\.)(?:amazon\.com|aws\.com|awsstatic\.com|awscloud\.com|repost\.aws|signin\.aws|health\.aws"
    r"|sns\.[a-z0-9-]+\.amazonaws\.com|amazontrust\.com)$"
    r"|^(?:docs|console|d\d+)\..{0,60}aws"
)
_HOSTED_BY_AWS = lazy_pattern(
    r"\.(?:cloudfront\.net|amazonaws\.com|amplifyapp\.com|awsapprunner\.com|on\.aws)$|^s3[.-]"
)
_NAMED = lazy_pattern(r"(?!and\b)[^\W\d_]{2}|\d\]|\n\s*\n")
_CONTEXT = 240  # characters before a link that are read for what it is


def refanged(text: str) -> str:
    """Turn `hxxp://a[.]example` and the like back into links."""
    for needle, pattern, plain in _DEFANGED:
        if needle in text:
            text = pattern.sub(plain, text)
    return text


def blank_links(text: str) -> str:
    """Blank out links, keeping all offsets: words in a link to documentation name no resource."""
    return _URL.sub(lambda match: " " * len(match[0]), text)


def reported_urls(words: str) -> Iterator[TextMatch]:
    """Yield each link of refanged `words` that is reported content or a leak, without a mail gateway's wrapping."""
    last_end = 0
    listed = False  # the link before was reported: in a list only the first link has words before it
    for match in _URL.finditer(words):
        url = _trimmed(match[0])
        end = match.start() + len(url)
        clean = unwrapped(url).partition(" ")[0]
        if clean.endswith("://"):  # a rule of signs behind the scheme
            continue
        context = words[max(last_end, match.start() - _CONTEXT) : match.start()]
        listed = (listed and last_end > 0 and not _NAMED.search(context)) or _is_reported(clean, context)
        last_end = end
        if listed:
            yield TextMatch(match.start(), end, clean)


def unwrapped(url: str) -> str:
    """Return the link inside a rewritten one: Outlook SafeLinks, Proofpoint URLDefense v2 and v3, Google, Barracuda."""
    for _ in range(_MOST_WRAPPINGS):
        inner = _inner(url)
        if not inner.startswith(("http://", "https://")):
            break
        url = inner
    return url


def _inner(url: str) -> str:
    """Return the link that a rewritten one carries, empty if it carries none."""
    try:
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query, max_num_fields=20).items()}
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    if host.startswith("urldefense."):
        return _undefended(url, query.get("u", ""))
    for owner, path, name in _WRAPPERS:
        if (host == owner or host.endswith("." + owner)) and parts.path.startswith(path):
            return query.get(name, "")
    return ""


def _undefended(url: str, second_version: str) -> str:
    """Read Proofpoint's spellings: v3 keeps the link between `__` and `__;`, v2 writes `%` as `-` and `/` as `_`."""
    _, marked, rest = url.partition("/v3/__")
    if marked:
        return rest.partition("__;")[0]
    return unquote(second_version.replace("-", "%").replace("_", "/"))


def _trimmed(url: str) -> str:
    url = url.rstrip(_TRAILING)
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(_TRAILING)
    return url


def _is_reported(url: str, context: str) -> bool:
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    if not host or _OF_AWS.search(host) or _FOOTNOTE.search(context):
        return False
    paragraph = context.rpartition("\n\n")[2] if context.rpartition("\n\n")[2].strip() else context
    line = context.rpartition("\n")[2]
    for words in (line, paragraph):
        verdict = _reports(words)
        if verdict is not None:
            return verdict
    return bool(_HOSTED_BY_AWS.search(host))


def _reports(words: str) -> bool | None:
    """Whether the last telling word reports the link (True) or points elsewhere (False); None without one."""
    reported = max((match.end() for match in _REPORTED.finditer(words)), default=-1)
    elsewhere = max((match.end() for match in _NOT_OURS.finditer(words)), default=-1)
    if reported == elsewhere == -1:
        return None
    # "Original content: …" and "reported form: …": a label is read as one
    label = words.rpartition("\n")[2].rstrip()
    if label.endswith(":") and len(label) < 80:
        return not _NOT_OURS.search(label) and reported >= 0
    return reported > elsewhere

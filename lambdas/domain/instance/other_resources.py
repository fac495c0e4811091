"""Resources other than instances that a notice names. The responder changes none of them, so an admin must."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from lambdas.domain.instance.address import address_of, reported_addresses
from lambdas.domain.intake.notice import Notice
from lambdas.domain.phrase import Phrase, phrase

# Virtual-hosted, path-style and website addresses:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
_S3_HOST = re.compile(
    r"(?:(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.)?"
    r"s3(?:[.-](?:website|dualstack|fips|accelerate|external|[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d|1))*\.amazonaws\.com(?:\.cn)?",
    re.ASCII,
)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_DISTRIBUTION_HOST = re.compile(r"[a-z0-9]{8,20}\.cloudfront\.net", re.ASCII)
_DISTRIBUTION_ARN = re.compile(r"arn:[a-z-]+:cloudfront::\d{12}:distribution/([A-Z0-9]{8,20})", re.ASCII)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,250}[a-z0-9])?", re.ASCII)
_KEY = re.compile(r"(?:AKIA|ASIA)[A-Z2-7]{16}", re.ASCII)

_KEY_LEAKED = "credential_exposure"


class _Advice(NamedTuple):
    phrase: Phrase
    command: str = ""

    def about(self, name: str) -> "_Advice":
        return _Advice(self.phrase, self.command.format(name=name))


_CLOSE_BUCKET = _Advice(
    phrase("advice:bucket"),
    "aws s3api put-public-access-block --bucket {name} --public-access-block-configuration "
    "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
)
_FIND_DISTRIBUTION = _Advice(
    phrase("advice:find_distribution"),
    "aws cloudfront list-distributions --query \"DistributionList.Items[?DomainName=='{name}'].[Id,Aliases.Items]\"",
)
_SHOW_DISTRIBUTION = _Advice(
    phrase("advice:show_distribution"),
    "aws cloudfront get-distribution-config --id {name}",
)
_ROTATE = _Advice(
    phrase("advice:rotate"),
    "aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive",
)
_REVOKE = _Advice(phrase("advice:revoke"))
_MASKED = _Advice(phrase("advice:masked"))
_LIGHTSAIL = _Advice(phrase("advice:lightsail"))
_DOMAIN = _Advice(phrase("advice:domain"))
_LEAK = _Advice(phrase("advice:leak"))
_LOOK = _Advice(phrase("advice:look"))


@dataclass(frozen=True, slots=True)
class OtherResource:
    """A resource that is no instance, and what an admin should do about it. `command` may be empty.

    `address` is the address or the name by which the notice names it, where `name` does not have that; it may be empty.
    """

    name: Phrase
    address: str
    advice: Phrase
    command: str


def other_resources(notice: Notice) -> tuple[OtherResource, ...]:
    """What a notice names beside instances, each once. A domain name counts where it names nothing else."""
    leaked = notice.abuse_type == _KEY_LEAKED
    found = [*_of_names(notice), *([] if leaked else filter(None, map(_of_url, notice.urls)))]
    if leaked:
        if not any(_KEY.fullmatch(name) for name in notice.other_resource_names):
            found.append(OtherResource(phrase("other:masked_key"), "", *_MASKED))
        found += [OtherResource(phrase("other:leak", url=url), "", *_LEAK) for url in notice.urls]
    if not (found or notice.resources or reported_addresses(notice)):
        found = [OtherResource(phrase("other:site", url=url), "", *_DOMAIN) for url in notice.urls if _host(url)]
    return tuple(dict.fromkeys(found))


def _of_names(notice: Notice) -> Iterator[OtherResource]:
    for name in notice.other_resource_names:
        service = name.split(":")[2] if name.startswith("arn:") and name.count(":") > 2 else ""
        bucket = name.split(":::", 1)[-1].split("/", 1)[0]
        distribution = _DISTRIBUTION_ARN.fullmatch(name)
        if _KEY.fullmatch(name):
            masked = phrase("other:key", key=f"{name[:4]}...{name[-4:]}")
            yield OtherResource(masked, "", *(_REVOKE if name.startswith("ASIA") else _ROTATE))
        elif service == "s3" and ":::" in name and _BUCKET.fullmatch(bucket):
            yield OtherResource(phrase("other:bucket", bucket=bucket), name, *_CLOSE_BUCKET.about(bucket))
        elif distribution:
            yield OtherResource(
                phrase("other:distribution", name=distribution[1]), "", *_SHOW_DISTRIBUTION.about(distribution[1])
            )
        elif service == "lightsail" or name == "Lightsail":
            yield OtherResource(phrase("other:lightsail"), name if service else "", *_LIGHTSAIL)
        else:
            yield OtherResource(phrase("other:resource", name=name), "", *_LOOK)


def _of_url(url: str) -> OtherResource | None:
    host = _host(url)
    s3 = _S3_HOST.fullmatch(host)
    if s3:
        bucket = s3["bucket"] or urlsplit(url).path.lstrip("/").split("/", 1)[0]
        if _BUCKET.fullmatch(bucket):
            return OtherResource(phrase("other:bucket", bucket=bucket), url, *_CLOSE_BUCKET.about(bucket))
    if _DISTRIBUTION_HOST.fullmatch(host):
        return OtherResource(phrase("other:distribution", name=host), url, *_FIND_DISTRIBUTION.about(host))
    if host.endswith((".amazonlightsail.com", ".lightsail.aws")):
        return OtherResource(phrase("other:lightsail"), url, *_LIGHTSAIL)
    return None


def _host(url: str) -> str:
    """The host name of a URL; empty for an address, which is looked for in EC2, and for what is none."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host if _HOST.fullmatch(host) and not address_of(url) else ""

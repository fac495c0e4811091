"""Resources other than instances that a notice names. The responder changes none of them, so an admin must."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from lambdas.domain.address import address_of, sought
from lambdas.domain.notice import Notice

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
    words: str
    command: str = ""

    def about(self, name: str) -> "_Advice":
        return _Advice(self.words, self.command.format(name=name))


_CLOSE_BUCKET = _Advice(
    "Keep a copy of what is reported, then remove it. To close the whole bucket to the public, run:",
    "aws s3api put-public-access-block --bucket {name} --public-access-block-configuration "
    "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
)
_OFF_THE_ORIGIN = (
    "Keep a copy of what is reported, remove it at the origin and invalidate it, or disable the distribution in the "
    "CloudFront console."
)
_FIND_DISTRIBUTION = _Advice(
    f"{_OFF_THE_ORIGIN} To find its id, run:",
    "aws cloudfront list-distributions --query \"DistributionList.Items[?DomainName=='{name}'].[Id,Aliases.Items]\"",
)
_SHOW_DISTRIBUTION = _Advice(
    f"{_OFF_THE_ORIGIN} To see what it serves, run:",
    "aws cloudfront get-distribution-config --id {name}",
)
_ROTATE = _Advice(
    "Make it inactive now. The mail has its whole id; `aws iam get-access-key-last-used` names its user. Then give "
    "what used it a new key, and look in CloudTrail for what was done with the old one. Run:",
    "aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive",
)
_REVOKE = _Advice(
    "A temporary key cannot be made inactive. Revoke the sessions of its role in the IAM console (Revoke active "
    "sessions), and look in CloudTrail for what was done with it."
)
_MASKED = _Advice(
    "Find it by its last signs in the IAM console, under Security credentials of each user, make it inactive, give "
    "what used it a new key, and look in CloudTrail for what was done with the old one."
)
_LIGHTSAIL = _Advice(
    "EC2 does not show it, so the responder does not reach it. In the Lightsail console make a snapshot, then stop it "
    "or close its ports, and take off what is reported."
)
_DOMAIN = _Advice(
    "Find what serves it: its DNS record leads to a distribution, a load balancer, an instance or another provider. "
    "Keep a copy of what is reported, then take it off there."
)
_LEAK = _Advice("Take it off there too. Whoever saw it may have kept it, so the key is lost all the same.")
_LOOK = _Advice("Look at it in the console of its service, and stop what the notice reports.")


@dataclass(frozen=True, slots=True)
class Other:
    """A resource that is no instance, in words, and what an admin should do about it. `command` may be empty."""

    what: str
    advice: str
    command: str


def other_resources(notice: Notice) -> tuple[Other, ...]:
    """What a notice names beside instances, each once. A domain name counts where it names nothing else."""
    leaked = notice.abuse_type == _KEY_LEAKED
    found = [*_of_names(notice), *([] if leaked else filter(None, map(_of_url, notice.urls)))]
    if leaked:
        if not any(_KEY.fullmatch(name) for name in notice.others):
            found.append(Other("an access key that the notice does not print whole", *_MASKED))
        found += [Other(f"the place where the key is public, {url}", *_LEAK) for url in notice.urls]
    if not (found or notice.resources or sought(notice)):
        found = [Other(f"the web site {url}", *_DOMAIN) for url in notice.urls if _host(url)]
    return tuple(dict.fromkeys(found))


def _of_names(notice: Notice) -> Iterator[Other]:
    for name in notice.others:
        service = name.split(":")[2] if name.startswith("arn:") else ""
        bucket = name.split(":::", 1)[-1].split("/", 1)[0]
        distribution = _DISTRIBUTION_ARN.fullmatch(name)
        if _KEY.fullmatch(name):
            yield Other(f"the access key {name[:4]}...{name[-4:]}", *(_REVOKE if name.startswith("ASIA") else _ROTATE))
        elif service == "s3" and ":::" in name and _BUCKET.fullmatch(bucket):
            yield Other(f"the S3 bucket {bucket} ({name})", *_CLOSE_BUCKET.about(bucket))
        elif distribution:
            yield Other(f"the CloudFront distribution {distribution[1]}", *_SHOW_DISTRIBUTION.about(distribution[1]))
        elif service == "lightsail" or name == "Lightsail":
            yield Other("a Lightsail resource" + (f" ({name})" if service else ""), *_LIGHTSAIL)
        else:
            yield Other(f"the resource {name}", *_LOOK)


def _of_url(url: str) -> Other | None:
    host = _host(url)
    s3 = _S3_HOST.fullmatch(host)
    if s3:
        bucket = s3["bucket"] or urlsplit(url).path.lstrip("/").split("/", 1)[0]
        if _BUCKET.fullmatch(bucket):
            return Other(f"the S3 bucket {bucket} ({url})", *_CLOSE_BUCKET.about(bucket))
    if _DISTRIBUTION_HOST.fullmatch(host):
        return Other(f"the CloudFront distribution {host} ({url})", *_FIND_DISTRIBUTION.about(host))
    if host.endswith((".amazonlightsail.com", ".lightsail.aws")):
        return Other(f"a Lightsail resource ({url})", *_LIGHTSAIL)
    return None


def _host(url: str) -> str:
    """The host name of a URL; empty for an address, which is looked for in EC2, and for what is none."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host if _HOST.fullmatch(host) and not address_of(url) else ""

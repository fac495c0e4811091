"""What holds for any bytes: nothing raises, nothing takes long, and every value has its shape."""

import re
import time

from lambdas.domain.clean import clean_text
from lambdas.domain.intake.notice import Notice, NoticeKind
from lambdas.domain.intake.public_ip import public_ip
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.abuse_type import ABUSE_TYPES
from lambdas.domain.reading.proof import prove

LONGEST = 2.0  # seconds of the processor for one input
_SHAPES = {
    "case_numbers": re.compile(r"[A-Z]?\d{7,15}(?:-\d{1,3})?"),
    "account_ids": re.compile(r"\d{12}"),
    "regions": re.compile(r"[a-z]{2}(?:-[a-z]{3,9}){1,2}-\d{1,2}"),
    "instance_ids": re.compile(r"i-(?:[0-9a-f]{8}|[0-9a-f]{17})"),
    "urls": re.compile(r"https?://\S+"),
}
_SLUGS = {*ABUSE_TYPES, None}


def broken_laws(raw: bytes) -> list[str]:
    """Read and prove one input; return the laws that it breaks. What raises here is the worst of them."""
    started = time.thread_time()
    notice = read_notice(raw)
    proof = prove(raw, None)
    seconds = time.thread_time() - started
    broken = [f"took {seconds:.1f} s"] if seconds > LONGEST else []
    if not (notice.reason and proof.reason):
        broken.append("gives no reason")
    return broken + _of_values(notice)


def _of_values(notice: Notice) -> list[str]:
    broken = [
        f"{name}: {value!r}"
        for name, shape in _SHAPES.items()
        for value in getattr(notice, name)
        if not shape.fullmatch(value)
    ]
    broken += [f"ips: {address!r}" for address in notice.ips if public_ip(address) != address]
    if notice.abuse_type not in _SLUGS:
        broken.append(f"abuse_type: {notice.abuse_type!r}")
    if notice.kind is NoticeKind.NONE and (notice.extracted_values or notice.resources or notice.ips or notice.urls):
        broken.append("names something in a mail that is no notice")
    if (report := notice.report) and report.abuse_type not in _SLUGS:
        broken.append(f"report: {report.abuse_type!r}")
    if report and any(clean_text(place) != place for place in (*report.sources, *report.targets)):
        broken.append(f"report: {report.sources} {report.targets}")
    named = {finding.value for finding in notice.extracted_values if finding.part != "report"}
    broken += [f"{r.instance_id} stands only in the report" for r in notice.resources if r.instance_id not in named]
    return broken


def acted_on(raw: bytes) -> tuple[object, ...]:
    """Return what a case is opened and acted on with. Nothing that a reporter writes may change it."""
    notice = read_notice(raw)
    ids = sorted({resource.instance_id for resource in notice.resources})
    return notice.kind, ids, sorted(notice.account_ids), sorted(notice.case_numbers), notice.deadline_hours

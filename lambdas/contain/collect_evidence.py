"""Collect evidence: all that AWS shows of the instance, in write-once files, and a manifest that vouches for each."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas import evidence_bucket
from lambdas.contain.archive_before_state import archive_before_state
from lambdas.contain.evidence_sources import EVIDENCE_SOURCES, EvidenceSource
from lambdas.domain.containment.evidence import (
    MANIFEST,
    EvidenceFile,
    ReferencedObject,
    UncollectedFile,
    evidence_folder,
    json_bytes,
    manifest,
    manifest_result,
    sha256,
)
from lambdas.domain.containment.outcome import result_phrase
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.step_result import step_result

# A function has 30 s. What is late is named, and the rest of the time is for writing.
_READ_SECONDS = 15
_AT_ONCE = 10  # as many connections as a client keeps open
_READ_AT = "read-at"
_REFUSALS = (ClientError, BotoCoreError)
# An answer that is not as AWS documents it costs its own file, and is named as well.
_SURPRISES = (LookupError, TypeError, ValueError)


def collect_evidence(event: dict[str, Any]) -> dict[str, Any]:
    """Read everything at once, then write; what AWS does not show is named in the manifest and holds up nothing else.

    The manifest comes last. Run again after a crash, the step leaves what is there, and the manifest names the hash of
    what is really stored; once there is a manifest, nothing is added to what it lists.
    """
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    here = evidence_folder(case, instance.instance_id, event["execution"])
    key = f"{here}/{MANIFEST}"
    written = evidence_bucket.find(key)
    if written is None:
        about = {"case": case, "instance": instance.arn, "execution": event["execution"]}
        found = _kept(here, _read(instance))
        evidence_bucket.write_once(key, manifest(about, found, _before_state(event)))
        written = evidence_bucket.read(key)
    ending, told, digest = manifest_result(written.body, evidence_bucket.address(key))
    return step_result(ending, told, sha256=digest, manifest=key)


def _read(instance: Instance) -> list[EvidenceFile | UncollectedFile]:
    pool = ThreadPoolExecutor(max_workers=_AT_ONCE)
    answers = {pool.submit(_file, kind, instance): kind for kind in EVIDENCE_SOURCES}
    done, late = wait(answers, timeout=_READ_SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)  # a thread that still waits only reads: nothing comes of it
    too_late = phrase("search:no_answer", seconds=str(_READ_SECONDS))
    return [*(answer.result() for answer in done), *(_unread(answers[answer], too_late) for answer in late)]


def _file(kind: EvidenceSource, instance: Instance) -> EvidenceFile | UncollectedFile:
    try:
        answer = kind.read(instance)
        if answer is None:
            return _unread(kind, phrase("evidence:none"))
        body = answer if isinstance(answer, bytes) else json_bytes(answer)
    except _REFUSALS as error:
        return _unread(kind, verbatim(str(error)))
    except _SURPRISES as error:
        return _unread(kind, verbatim(repr(error)))
    return EvidenceFile(kind.name, kind.source, datetime.now(UTC).isoformat(), body)


def _unread(kind: EvidenceSource, why: Phrase) -> UncollectedFile:
    return UncollectedFile(kind.name, kind.source, why, kind.optional)


def _kept(here: str, read: list[EvidenceFile | UncollectedFile]) -> list[EvidenceFile | UncollectedFile]:
    """The same as it is stored. A refusal is raised: the next try makes up for it, as there is no manifest yet."""
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return list(pool.map(lambda item: _stored(f"{here}/{item.name}", item), read))


def _stored(key: str, item: EvidenceFile | UncollectedFile) -> EvidenceFile | UncollectedFile:
    if isinstance(item, UncollectedFile):
        earlier = evidence_bucket.find(key)  # by a try that came further
    elif evidence_bucket.write_once(key, item.body, content_type=item.content_type, metadata={_READ_AT: item.read_at}):
        return item
    else:
        earlier = evidence_bucket.read(key)
    return (
        EvidenceFile(item.name, item.source, earlier.metadata.get(_READ_AT, "unknown"), earlier.body)
        if earlier
        else item
    )


def _before_state(event: dict[str, Any]) -> ReferencedObject | UncollectedFile:
    """The state before, which lies beside. It is filed here too, so that the manifest vouches for it where it can."""
    try:
        filed = archive_before_state(event)
        if "key" in filed:
            return ReferencedObject(filed["key"], sha256(evidence_bucket.read(filed["key"]).body))
        why = result_phrase(filed)
    except _REFUSALS as error:
        why = verbatim(str(error))
    return UncollectedFile("before-state.json", "the case", why, optional=True)

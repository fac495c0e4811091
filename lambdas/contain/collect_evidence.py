"""Collect evidence: all that AWS shows of the instance, in write-once files, and a manifest that vouches for each."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas import evidence_bucket as evidence
from lambdas.contain.archive_before_state import file_before_state
from lambdas.contain.evidence_sources import KINDS, Kind
from lambdas.domain.containment.evidence import (
    MANIFEST,
    Beside,
    File,
    Unread,
    as_file,
    folder,
    manifest,
    outcome,
    sha256,
)
from lambdas.domain.containment.outcome import said_of
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Said, quoted, said
from lambdas.step_result import ended

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
    here = folder(case, instance.instance_id, event["execution"])
    key = f"{here}/{MANIFEST}"
    written = evidence.find(key)
    if written is None:
        about = {"case": case, "instance": instance.arn, "execution": event["execution"]}
        found = _kept(here, _read(instance))
        evidence.write_once(key, manifest(about, found, _before_state(event)))
        written = evidence.read(key)
    ending, told, digest = outcome(written.body, evidence.address(key))
    return ended(ending, told, sha256=digest, manifest=key)


def _read(instance: Instance) -> list[File | Unread]:
    pool = ThreadPoolExecutor(max_workers=_AT_ONCE)
    answers = {pool.submit(_file, kind, instance): kind for kind in KINDS}
    done, late = wait(answers, timeout=_READ_SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)  # a thread that still waits only reads: nothing comes of it
    too_late = said("search:no_answer", seconds=str(_READ_SECONDS))
    return [*(one.result() for one in done), *(_unread(answers[one], too_late) for one in late)]


def _file(kind: Kind, instance: Instance) -> File | Unread:
    try:
        answer = kind.read(instance)
        if answer is None:
            return _unread(kind, said("evidence:none"))
        body = answer if isinstance(answer, bytes) else as_file(answer)
    except _REFUSALS as error:
        return _unread(kind, quoted(str(error)))
    except _SURPRISES as error:
        return _unread(kind, quoted(repr(error)))
    return File(kind.name, kind.source, datetime.now(UTC).isoformat(), body)


def _unread(kind: Kind, why: Said) -> Unread:
    return Unread(kind.name, kind.source, why, kind.optional)


def _kept(here: str, read: list[File | Unread]) -> list[File | Unread]:
    """The same as it is stored. A refusal is raised: the next try makes up for it, as there is no manifest yet."""
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return list(pool.map(lambda one: _stored(f"{here}/{one.name}", one), read))


def _stored(key: str, one: File | Unread) -> File | Unread:
    if isinstance(one, Unread):
        earlier = evidence.find(key)  # by a try that came further
    elif evidence.write_once(key, one.body, content_type=one.content_type, metadata={_READ_AT: one.read_at}):
        return one
    else:
        earlier = evidence.read(key)
    return File(one.name, one.source, earlier.metadata.get(_READ_AT, "unknown"), earlier.body) if earlier else one


def _before_state(event: dict[str, Any]) -> Beside | Unread:
    """The state before, which lies beside. It is filed here too, so that the manifest vouches for it where it can."""
    try:
        filed = file_before_state(event)
        if "key" in filed:
            return Beside(filed["key"], sha256(evidence.read(filed["key"]).body))
        why = said_of(filed)
    except _REFUSALS as error:
        why = quoted(str(error))
    return Unread("before-state.json", "the case", why, optional=True)

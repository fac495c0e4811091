"""The evidence of an instance: what was read of it, each a file, and the manifest that vouches for them."""

import hashlib
import json
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lambdas.domain.language.catalogue import in_english
from lambdas.domain.phrase import Phrase, combined, phrase, verbatim

MANIFEST: Final = "manifest.json"

# A refusal of EC2 carries an encoded message of a kilobyte or more; the report has less room than the manifest.
_MOST_IN_MANIFEST = 500
_MOST_IN_REPORT = 120


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file as it is stored. `source` is the AWS call that it comes from, `read_at` when that answered (UTC)."""

    name: str
    source: str
    read_at: str
    body: bytes

    @property
    def content_type(self) -> str:
        """Its media type, by its name."""
        return "image/jpeg" if self.name.endswith(".jpg") else "application/json"


@dataclass(frozen=True, slots=True)
class UncollectedFile:
    """A file that there is not, and why. `optional` where AWS has no such thing of many an instance."""

    name: str
    source: str
    phrase: Phrase
    optional: bool


@dataclass(frozen=True, slots=True)
class ReferencedObject:
    """An object that lies beside the files and was written by somebody else, with the hash of its bytes."""

    key: str
    sha256: str


def evidence_folder(case: str, instance_id: str, execution: str) -> str:
    """The key below which the files lie. Every execution, of which `execution` is the ARN, has a folder of its own."""
    return f"cases/{case}/{instance_id}/{execution.rpartition(':')[2]}"


def sha256(body: bytes) -> str:
    """The hash in hexadecimal, as `sha256sum` prints it."""
    return hashlib.sha256(body).hexdigest()


def json_bytes(answer: Mapping[str, Any]) -> bytes:
    """An answer of AWS as JSON, its times in ISO 8601."""
    return json.dumps(answer, indent=2, default=datetime.isoformat).encode() + b"\n"


def manifest(
    about: Mapping[str, str],
    found: Iterable[EvidenceFile | UncollectedFile],
    before_state: ReferencedObject | UncollectedFile,
) -> bytes:
    """The list of all evidence: what was read, with its hash, and what was not, with the reason.

    `about` says of which case, instance and execution it is.
    """
    listed = sorted(
        (*found, *([before_state] if isinstance(before_state, UncollectedFile) else [])), key=lambda file: file.name
    )
    return json_bytes(
        {
            **about,
            "files": [
                {
                    "name": file.name,
                    "bytes": len(file.body),
                    "sha256": sha256(file.body),
                    "read_at": file.read_at,
                    "source": file.source,
                }
                for file in listed
                if isinstance(file, EvidenceFile)
            ],
            "not_read": [
                {
                    "name": file.name,
                    "source": file.source,
                    "words": in_english(_shortened(file.phrase, _MOST_IN_MANIFEST)),
                    "phrase": _shortened(file.phrase, _MOST_IN_MANIFEST).to_json(),
                    "optional": file.optional,
                }
                for file in listed
                if isinstance(file, UncollectedFile)
            ],
            "before_state": (
                {"key": before_state.key, "sha256": before_state.sha256}
                if isinstance(before_state, ReferencedObject)
                else None
            ),
        }
    )


def manifest_result(written: bytes, address: str) -> tuple[str, Phrase, str]:
    """How collecting ended, by the manifest that is stored at an address, and the hash of that.

    It failed where a file is missing that every instance has; one that many an instance has not is only named.
    """
    listed, digest = json.loads(written), sha256(written)
    missing = [
        phrase("evidence:unread", name=file["name"], why=_shortened(uncollected_reason(file), _MOST_IN_REPORT))
        for file in listed["not_read"]
    ]
    ending = "done" if all(file["optional"] for file in listed["not_read"]) else "failed"
    return (
        ending,
        combined(phrase("evidence:files", count=len(listed["files"]), manifest=address, hash=digest), *missing),
        digest,
    )


def uncollected_reason(listed: Mapping[str, Any]) -> Phrase:
    """Why a file of a manifest was not read. A manifest that is older than the keys holds words only."""
    return Phrase.from_json(listed.get("phrase") or str(listed["words"]))


def _shortened(one: Phrase, most: int) -> Phrase:
    """A refusal of AWS in short; what we say ourselves is."""
    words = one.values.get("words")
    return verbatim(textwrap.shorten(words, most, placeholder=" [...]")) if words else one

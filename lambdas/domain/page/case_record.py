"""All that is kept of a case, put together from its items in the case table and its evidence."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lambdas.domain.case.case import Case, InstanceStatus, case_from_items
from lambdas.domain.case.table_keys import NOTICE_PREFIX, OUTCOME_PREFIX
from lambdas.domain.containment.evidence import sha256
from lambdas.domain.containment.outcome import VERIFY, Outcome
from lambdas.domain.instance.instance import Instance, Interface
from lambdas.domain.intake.notice import Notice, Proof
from lambdas.domain.release import ContainedRecord, contained_record

_COLLECT = "Collect evidence"


@dataclass(frozen=True, slots=True)
class ReceivedNotice:
    """A notice of the case, without its text. `mail` is the key under which it lies in the mail bucket."""

    mail: str
    notice: Notice
    proof: Proof
    received_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeResponse:
    """What one notice led to for one instance.

    `read_back` are its interfaces as "Verify quarantine" saw them, none where that did not succeed. `manifest` is the
    key of the list of the evidence that was collected then, empty where there is none, with the hash it had.
    """

    mail: str
    outcome: Outcome
    read_back: tuple[Interface, ...]
    manifest: str
    manifest_sha256: str

    @property
    def verified_at(self) -> datetime:
        """When it was read back as contained; to be asked for only where it was."""
        return datetime.fromisoformat(self.outcome.verified_at)


@dataclass(frozen=True, slots=True)
class CaseResource:
    """An instance of the case, or an address that no instance of ours holds, with all that became of it.

    `responses` are in the order in which the notices came in. `contained_record` is None where it was not contained.
    """

    name: str
    status: InstanceStatus
    contained_record: ContainedRecord | None
    responses: tuple[NoticeResponse, ...]

    @property
    def instance(self) -> Instance | None:
        """The instance as it was before it was contained, else as it was found last."""
        if self.contained_record:
            return self.contained_record.before.instance
        found = [response.outcome.found for response in self.responses]
        return next((finding for finding in reversed(found) if isinstance(finding, Instance)), None)

    @property
    def contained(self) -> NoticeResponse | None:
        """The last response that was read back as contained."""
        return next((response for response in reversed(self.responses) if response.outcome.contained), None)

    @property
    def first_contained(self) -> NoticeResponse | None:
        """The first response that was read back as contained, since the release before the last such response."""
        last = self.contained
        if last is None:
            return None
        releases = (
            [datetime.fromisoformat(str(release["at"])) for release in self.contained_record.releases]
            if self.contained_record
            else []
        )
        earlier = [at for at in releases if at < last.verified_at]
        ones = (response for response in self.responses if response.outcome.contained)
        since = [response for response in ones if all(response.verified_at > at for at in earlier)]
        return min(since, key=lambda response: response.verified_at)


@dataclass(frozen=True, slots=True)
class EvidenceManifest:
    """The list of the evidence of one response as it lies in the bucket; `body` is None where it could not be read.

    `recorded` is the hash that was noted when it was written.
    """

    key: str
    recorded: str
    body: bytes | None
    unread: str = ""

    @property
    def content(self) -> Mapping[str, Any]:
        """What it lists; nothing where it could not be read."""
        return json.loads(self.body) if self.body else {"files": [], "not_read": [], "before_state": None}

    @property
    def sha256(self) -> str:
        """The hash that it has now."""
        return sha256(self.body) if self.body is not None else ""

    @property
    def is_as_recorded(self) -> bool:
        """Whether it is the one that was written."""
        return self.sha256 == self.recorded


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case with its notices, oldest first, one at least, and its instances."""

    case: Case
    notices: tuple[ReceivedNotice, ...]
    resources: tuple[CaseResource, ...]

    @property
    def newest_notice(self) -> ReceivedNotice:
        """The newest notice of a known sender of AWS; where none is, the newest."""
        proven = [notice for notice in self.notices if notice.proof.changes_cases]
        return (proven or list(self.notices))[-1]

    @property
    def regions(self) -> dict[str, str]:
        """The Region of each instance, where it is known."""
        return {resource.name: resource.instance.region for resource in self.resources if resource.instance}

    @property
    def manifest_keys(self) -> list[tuple[str, str]]:
        """The key of each manifest with the hash that was noted for it."""
        return [
            (response.manifest, response.manifest_sha256)
            for resource in self.resources
            for response in resource.responses
            if response.manifest
        ]


def case_record_from(case_id: str, items: Mapping[str, Mapping[str, Any]]) -> CaseRecord | None:
    """The case as its items make it, by sort key; None where no notice has joined it."""
    case = case_from_items(case_id, items)
    if case is None:
        return None
    received = sorted(
        (_received(sort, item) for sort, item in items.items() if sort.startswith(NOTICE_PREFIX)),
        key=lambda notice: (notice.received_at, notice.mail),
    )
    came = {notice.mail: notice.received_at for notice in received}
    responses = sorted(
        (_response(item) for sort, item in items.items() if sort.startswith(OUTCOME_PREFIX)),
        key=lambda response: (came.get(response.mail, case.opened_at), response.mail),
    )
    names = dict.fromkeys((*case.instances, *(response.outcome.decision.instance_id for response in responses)))
    return CaseRecord(case, tuple(received), tuple(_subject(name, case, items, responses) for name in names))


def _received(sort: str, item: Mapping[str, Any]) -> ReceivedNotice:
    return ReceivedNotice(
        mail=sort.removeprefix(NOTICE_PREFIX),
        notice=Notice.from_json(item["notice"]),
        proof=Proof.from_json(item["proof"]),
        received_at=datetime.fromisoformat(item["received_at"]),
    )


def _response(item: Mapping[str, Any]) -> NoticeResponse:
    decision = {key: item[key] for key in ("instance_id", "verdict", "reasons", "stop")}
    steps = item["steps"]
    outcome = Outcome.from_json({"found": item["found"], "decision": decision, "steps": steps})
    collected = steps.get(_COLLECT, {})
    return NoticeResponse(
        mail=item["mail"],
        outcome=outcome,
        read_back=tuple(
            Interface(interface["id"], tuple(interface["groups"]))
            for interface in steps.get(VERIFY, {}).get("interfaces", ())
        ),
        manifest=collected.get("manifest", ""),
        manifest_sha256=collected.get("sha256", ""),
    )


def _subject(
    name: str, case: Case, items: Mapping[str, Mapping[str, Any]], responses: Iterable[NoticeResponse]
) -> CaseResource:
    return CaseResource(
        name=name,
        status=case.instances.get(name, InstanceStatus.LEFT_ALONE),
        contained_record=contained_record(items, name),
        responses=tuple(response for response in responses if response.outcome.decision.instance_id == name),
    )

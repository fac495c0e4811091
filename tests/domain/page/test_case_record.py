"""What is put together of a case."""

from dataclasses import replace

from lambdas.domain.case.case import InstanceStatus
from lambdas.domain.case.timeline import EntryKind
from lambdas.domain.instance.instance import Interface
from lambdas.domain.page.case_record import EvidenceManifest, case_record_from
from tests import rich_case as rich
from tests.samples import CASE, INSTANCE

RECORD = rich.dossier()


def test_a_case_without_a_notice_has_none():
    assert case_record_from(CASE, {"case": {"opened_by": "mail/1", "opened_at": "2026-11-16T07:42:11+00:00"}}) is None


def test_the_notices_stand_in_the_order_in_which_they_came():
    assert [one.mail for one in RECORD.notices] == [rich.FIRST, rich.FORGED, rich.FOLLOW_UP]


def test_each_instance_has_what_became_of_it():
    web, database, lost = RECORD.resources
    assert (web.name, web.status, database.name, database.status, lost.name) == (
        INSTANCE,
        InstanceStatus.CONTAINED,
        rich.DATABASE,
        InstanceStatus.DECLINED,
        rich.LOST,
    )
    assert web.contained.read_back == (Interface("eni-0a1", ("sg-q",)), Interface("eni-0a2", ("sg-q",)))
    assert web.contained_record.before.auto_scaling.group == "web-asg"
    assert web.contained_record.registrations.classic == ("old-web",)
    assert (database.contained_record, database.contained, database.instance.name) == (None, None, "db")
    assert lost.instance is None
    assert RECORD.regions == {INSTANCE: "ap-northeast-1", rich.DATABASE: "ap-northeast-1"}
    assert RECORD.manifest_keys == [(rich.MANIFEST, rich.MANIFESTS[0].recorded)]


def test_what_a_later_notice_led_to_comes_last():
    items = rich.items()
    first = items[f"outcome#{rich.FIRST}#{INSTANCE}"]
    later = {**first, "mail": rich.FOLLOW_UP, "verdict": "tell", "steps": {}}
    web = case_record_from(CASE, {f"outcome#{rich.FOLLOW_UP}#{INSTANCE}": later, **items}).resources[0]
    assert [one.mail for one in web.responses] == [rich.FIRST, rich.FOLLOW_UP]
    assert web.contained.mail == rich.FIRST  # a replay that is only told covers nothing


def test_an_instance_of_which_only_the_timeline_knows_is_named():
    items = {key: one for key, one in rich.items().items() if not key.startswith(("outcome#", "before#"))}
    assert {one.name for one in case_record_from(CASE, items).resources} == {INSTANCE, rich.DATABASE, rich.LOST}
    assert RECORD.case.timeline[1].kind is EntryKind.CONTAINED


def test_a_manifest_that_was_changed_is_found_out():
    (manifest,) = rich.MANIFESTS
    assert manifest.is_as_recorded
    assert not replace(manifest, body=manifest.body + b" ").is_as_recorded
    gone = EvidenceManifest(manifest.key, manifest.recorded, None, "NoSuchKey")
    assert (gone.sha256, gone.content["files"]) == ("", [])

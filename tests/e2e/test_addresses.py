"""A notice that names no instance: who holds its address, and what else it names."""

import math
import time
from datetime import UTC, datetime

from desk.rehearsal.delivery import notice_in
from lambdas.domain.policy import Verdict
from tests.e2e.notices import ACCOUNT, fresh, fresh_address, nameless_notice


def report(scene):
    """The last mail to an admin."""
    return [message for message in scene.messages if (message.admin, message.channel) == ("ada@example.com", "email")][
        -1
    ]


def holder(responder):
    return next(member for member in reversed(responder.fleet.members) if member.role == "holds the address")


def launch(responder, raw):
    responder.fleet.launch_for([(notice_in(raw), raw)])
    return holder(responder).instance_id


def a_second_later():
    """A whole second after everything that was done so far: a notice tells no fractions."""
    time.sleep(1.1 - math.modf(time.time())[0])
    return datetime.now(UTC)


def test_the_instance_that_held_the_address_is_contained(responder, play):
    (case, _), address = fresh(), fresh_address()
    named = f"Implicated Resource(s): {address}"
    instance_id = launch(responder, nameless_notice(case, named=named))

    scene = play(nameless_notice(case, named=named, seen=a_second_later()), launch=False)

    assert scene.after[instance_id].quarantined
    assert [outcome.decision.verdict for outcome in scene.outcomes] == [Verdict.CONTAIN]
    alert = next(message for message in scene.messages if message.admin == "ada@example.com")
    assert f"AWS reports port scanning: no instance named, but {address}." in alert.body
    body = report(scene).body
    assert f"{instance_id} in eu-west-1: CONTAINED, read back from EC2 at" in body
    assert f"because   {instance_id} held {address} when the abuse was seen (" in body
    assert "CloudTrail, which may be 15 minutes late, shows no change since; the instance is ours and running" in body


def test_who_holds_it_only_since_is_left_to_an_admin(responder, play):
    (case, _), address = fresh(), fresh_address()
    seen = datetime.now(UTC).replace(hour=0, minute=0, second=0)
    raw = nameless_notice(case, named=f"Implicated Resource(s): {address}", seen=seen)

    scene = play(raw)

    assert [outcome.decision.verdict for outcome in scene.outcomes] == [Verdict.ASK]
    body = report(scene).body
    assert f"{holder(responder).instance_id} has held {address} only since " in body
    assert "another instance may have held it then" in body
    assert "LEFT TO YOU. Nothing was changed." in body


def test_without_a_time_an_admin_decides(responder, play):
    (case, _), address = fresh(), fresh_address()

    scene = play(nameless_notice(case, named=f"Reported content: http://{address}/login"))

    assert [outcome.decision.verdict for outcome in scene.outcomes] == [Verdict.ASK]
    words = f"{holder(responder).instance_id} holds {address} now; the notice does not say when the abuse was seen"
    assert words in report(scene).body


def test_an_address_of_the_quoted_report_contains_nothing_unasked(responder, play):
    (case, _), address = fresh(), fresh_address()
    quoted = f"Source IPs (comma separated)*: {address}"
    instance_id = launch(responder, nameless_notice(case, report=quoted))

    scene = play(nameless_notice(case, report=quoted, seen=a_second_later()), launch=False)

    assert scene.before == scene.after
    (outcome,) = scene.outcomes
    assert (outcome.decision.instance_id, outcome.decision.verdict) == (instance_id, Verdict.ASK)
    assert "the address is only in the quoted report, where anybody can write" in report(scene).body
    assert f"Address   {address} (in the quoted report only)" in report(scene).body


def test_an_address_that_is_not_ours_is_said_to_be_so(responder, play):
    (case, _), address = fresh(), fresh_address()
    responder.fleet.launch_for([])

    scene = play(nameless_notice(case, named=f"Implicated Resource(s): {address}"), launch=False)

    assert scene.before == scene.after
    body = report(scene).body
    assert f"{address}: NO INSTANCE of ours has this address now. Nothing was changed." in body
    assert f"nothing in the Regions that may be searched holds {address} now (17 Regions of {ACCOUNT} searched)" in body


def test_a_bucket_is_named_with_what_to_do(responder, play):
    case, _ = fresh()
    responder.fleet.launch_for([])
    url = "https://shop-assets.s3.eu-west-1.amazonaws.com/login.html"

    scene = play(nameless_notice(case, named=f"Reported URL: {url}", activity="Phishing"), launch=False)

    assert scene.before == scene.after
    assert report(scene).subject.startswith("ACTION: nothing was changed, look at S3 bucket shop-assets")
    assert "aws s3api put-public-access-block --bucket shop-assets" in report(scene).body

"""One notice, three instances: two Regions of the home account, and a member account."""

from lambdas.domain.policy import Verdict
from tests.e2e.notices import ACCOUNT, MEMBER, REGION, fresh, notice

ELSEWHERE = "us-west-2"


def report(scene):
    """The last mail to an admin."""
    return [message for message in scene.messages if (message.admin, message.channel) == ("ada@example.com", "email")][
        -1
    ]


def test_three_instances_in_two_regions_and_two_accounts_are_contained(responder, play, capsys):
    (case, first), (_, second), (_, third) = fresh(), fresh(), fresh()
    raw = notice(case, first, beside=[(ACCOUNT, ELSEWHERE, second), (MEMBER, REGION, third)])

    scene = play(raw)

    where = {member.instance_id: (member.account_id, member.region) for member in responder.fleet.members}
    assert [where[instance_id] for instance_id in (first, second, third)] == [
        (ACCOUNT, REGION),
        (ACCOUNT, ELSEWHERE),
        (MEMBER, REGION),
    ]
    assert {outcome.decision.instance_id: outcome.decision.verdict for outcome in scene.outcomes} == dict.fromkeys(
        (first, second, third), Verdict.CONTAIN
    )
    assert all(scene.after[instance_id].quarantined for instance_id in (first, second, third))
    assert all(len(scene.after[instance_id].snapshots) == 2 for instance_id in (first, second, third))
    body = report(scene).body
    assert f"{second} in {ELSEWHERE}: CONTAINED, read back from EC2 at" in body
    assert f"{third} in {REGION} of account {MEMBER}: CONTAINED, read back from EC2 at" in body
    with capsys.disabled():
        seconds = max(scene.seconds_to_verified[instance_id] for instance_id in (first, second, third))
        print(f"\n{seconds:.1f} s from the stored mail to the last of three instances read back as quarantined")


def test_an_instance_of_a_member_that_the_notice_does_not_name_is_not_found(responder, play):
    """The number of another account in a notice is no reason to look into every account."""
    case, instance_id = fresh()
    raw = notice(case, fresh()[1], beside=[(MEMBER, REGION, instance_id)])
    responder.fleet.launch_for([])
    play(raw)
    case, _ = fresh()

    scene = play(notice(case, instance_id), launch=False)

    assert f"{instance_id}: NOT FOUND. Nothing was changed." in report(scene).body

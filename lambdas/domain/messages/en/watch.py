"""What the watch over a contained instance tells: that its quarantine does not hold, or its snapshots do not come."""

from collections.abc import Sequence

from lambdas.domain.instance import Instance
from lambdas.domain.messages.en.words import approve_command, body_of, facts_of, sms_of, stop_command
from lambdas.domain.messages.message import Matter, Message, one_line, subject_of
from lambdas.domain.quarantine import GROUP_NAME, INSTANCE_TAG
from lambdas.domain.watch import Look, Standing


def quarantine_alarm(matter: Matter, instance: Instance, look: Look) -> Message:
    """What a look at a contained instance showed, where it does not show the quarantine."""
    if look.standing is Standing.GONE:
        return _gone(matter, instance, look)
    if look.standing is Standing.UNKNOWN:
        return _not_looked_at(matter, instance, look)
    return _broken(matter, instance, look)


def snapshots_alarm(matter: Matter, instance: Instance, words: str) -> Message:
    """Snapshots or copies that failed, are gone, or are not there after all this time."""
    look_at_them = (
        f"aws ec2 describe-snapshots --region {instance.region} --owner-ids self "
        f"--filters Name=tag:{INSTANCE_TAG},Values={instance.instance_id}"
    )
    return _message(
        matter,
        instance,
        f"ACTION: snapshots of {instance.instance_id} are not all there",
        first=[f"The snapshots of {_place(instance)} are not all there. They keep what its volumes held."],
        found=[f"  shown     {one_line(one)}" for one in words.split("; ")],
        to_do=[
            "  1. Look at what EC2 says of them:",
            f"     {look_at_them}",
            "  2. Where a copy failed, look at the key that the settings name: it must exist in this Region, and its",
            "     policy must let the responder use it. Then delete the failed copy.",
            "  3. To make again what failed or is gone (and to contain the instance again, where it is not), run:",
            f"     {approve_command(matter, instance.instance_id)}",
        ],
    )


def _broken(matter: Matter, instance: Instance, look: Look) -> Message:
    headline = f"URGENT: quarantine of {instance.instance_id} does not hold"
    return _message(
        matter,
        instance,
        headline,
        sms=f"{headline}, case {matter.case}. See mail.",
        first=[
            f"{_place(instance)} was contained, and EC2 shows now that its quarantine does not hold.",
            "The responder has left it as it is: somebody may have changed it on purpose.",
        ],
        found=[
            *[f"  against   {one_line(reason)}" for reason in look.words.split("; ")],
            *[f"  changed   {one_line(change)}" for change in look.changes],
        ],
        to_do=[
            "  1. If none of you did this, contain it again:",
            f"     {approve_command(matter, instance.instance_id)}",
            "     or stop it (its memory and instance store are lost, its volumes stay):",
            f"     {stop_command(instance)}",
            "  2. Then look for what else whoever did it has done: they have rights on EC2.",
            "  3. If one of you did this on purpose, tell the others. To put back all as it was, and end the watch:",
            f"     python -m desk release {matter.case} {instance.instance_id}",
        ],
    )


def _gone(matter: Matter, instance: Instance, look: Look) -> Message:
    return _message(
        matter,
        instance,
        f"WARNING: {instance.instance_id}, which was contained, is gone",
        first=[
            f"{_place(instance)} was contained and is gone: {one_line(look.words)}.",
            "It is watched no more. The responder terminates nothing.",
        ],
        to_do=[
            "  1. If none of you did this, look in CloudTrail for TerminateInstances. EC2 takes back Spot Instances,",
            "     and an Auto Scaling group replaces what looks unhealthy.",
            "  2. Its snapshots stay, and so do the volumes that were kept. Look for what has taken its place.",
        ],
    )


def _not_looked_at(matter: Matter, instance: Instance, look: Look) -> Message:
    look_at_it = (
        f"aws ec2 describe-network-interfaces --region {instance.region} "
        f"--filters Name=attachment.instance-id,Values={instance.instance_id} "
        "--query 'NetworkInterfaces[].[NetworkInterfaceId,Groups]'"
    )
    return _message(
        matter,
        instance,
        f"WARNING: quarantine of {instance.instance_id} could not be checked",
        first=[f"Whether the quarantine of {_place(instance)} still holds could not be looked at."],
        found=[f"  FAILED    {one_line(look.words)}"],
        to_do=[f"  1. Look yourself. Each interface must carry {GROUP_NAME} alone:", f"     {look_at_it}"],
    )


def _message(
    matter: Matter,
    instance: Instance,
    headline: str,
    *,
    first: Sequence[str],
    to_do: Sequence[str],
    found: Sequence[str] = (),
    sms: str | None = None,
) -> Message:
    # Whoever may tag the instance wrote the name: it stands on a line of its own.
    called = [f"  called    {one_line(instance.name, 80)}"] if instance.name else []
    lines = [*first, *called, *found, "", "WHAT TO DO NOW", *to_do, "", *facts_of(matter)]
    return Message(
        subject=subject_of(headline, f"(case {matter.case})", f"({matter.case})"),
        body=body_of(lines),
        sms=sms_of(sms) if sms else None,
    )


def _place(instance: Instance) -> str:
    return f"{instance.instance_id} in {instance.region}"

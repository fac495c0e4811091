"""What the watch over a contained instance tells: that its quarantine does not hold, or its snapshots do not come."""

from collections.abc import Sequence

from lambdas.domain.clean import one_line
from lambdas.domain.containment.quarantine import GROUP_NAME
from lambdas.domain.containment.quarantine_check import QuarantineCheck, QuarantineStatus
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import INSTANCE_TAG
from lambdas.domain.language.language import Language
from lambdas.domain.messages.message import CaseNotice, Message
from lambdas.domain.messages.notice_summary import (
    approve_command,
    case_suffixes,
    notice_lines,
    release_command,
    stop_command,
)
from lambdas.domain.phrase import Phrase


def quarantine_alarm(language: Language, case_notice: CaseNotice, instance: Instance, look: QuarantineCheck) -> Message:
    """What a look at a contained instance showed, where it does not show the quarantine."""
    if look.status is QuarantineStatus.GONE:
        return _gone(language, case_notice, instance, look)
    if look.status is QuarantineStatus.UNKNOWN:
        return _not_looked_at(language, case_notice, instance, look)
    return _broken(language, case_notice, instance, look)


def snapshots_alarm(language: Language, case_notice: CaseNotice, instance: Instance, found: Phrase) -> Message:
    """Snapshots or copies that failed, are gone, or are not there after all this time."""
    look_at_them = (
        f"aws ec2 describe-snapshots --region {instance.region} --owner-ids self "
        f"--filters Name=tag:{INSTANCE_TAG},Values={instance.instance_id}"
    )
    return _message(
        language,
        case_notice,
        instance,
        "snapshots",
        found=[language.say("watch:shown", words=language.render_line(part)) for part in found.parts],
        to_do=language.say(
            "watch:snapshots:to_do", look=look_at_them, approve=approve_command(case_notice.case, instance.instance_id)
        ),
    )


def _broken(language: Language, case_notice: CaseNotice, instance: Instance, look: QuarantineCheck) -> Message:
    headline = language.say("watch:broken:subject", instance=instance.instance_id)
    return _message(
        language,
        case_notice,
        instance,
        "broken",
        sms=language.sms("watch:broken:sms", headline, case=case_notice.case),
        found=[
            *[language.say("watch:against", reason=language.render_line(part)) for part in look.phrase.parts],
            *[language.say("watch:changed", change=language.render_line(change)) for change in look.changes],
        ],
        to_do=language.say(
            "watch:broken:to_do",
            approve=approve_command(case_notice.case, instance.instance_id),
            stop=stop_command(instance),
            release=release_command(case_notice.case, instance.instance_id),
        ),
    )


def _gone(language: Language, case_notice: CaseNotice, instance: Instance, look: QuarantineCheck) -> Message:
    to_do = language.say("watch:gone:to_do")
    return _message(language, case_notice, instance, "gone", words=language.render_line(look.phrase), to_do=to_do)


def _not_looked_at(language: Language, case_notice: CaseNotice, instance: Instance, look: QuarantineCheck) -> Message:
    look_at_it = (
        f"aws ec2 describe-network-interfaces --region {instance.region} "
        f"--filters Name=attachment.instance-id,Values={instance.instance_id} "
        "--query 'NetworkInterfaces[].[NetworkInterfaceId,Groups]'"
    )
    return _message(
        language,
        case_notice,
        instance,
        "unknown",
        found=[language.say("watch:failed", words=language.render_line(look.phrase))],
        to_do=language.say("watch:unknown:to_do", group=GROUP_NAME, look=look_at_it),
    )


def _message(
    language: Language,
    case_notice: CaseNotice,
    instance: Instance,
    kind: str,
    *,
    to_do: str,
    words: str = "",
    found: Sequence[str] = (),
    sms: str | None = None,
) -> Message:
    say = language.say
    place = say("place", instance=instance.instance_id, region=instance.region, account=instance.account_id)
    lines = [
        say(f"watch:{kind}", place=place, words=words),
        # Whoever may tag the instance wrote the name: it stands on a line of its own.
        *([say("called", name=one_line(instance.name, 80))] if instance.name else []),
        *found,
        "",
        say("to_do"),
        to_do,
        "",
        *notice_lines(language, case_notice),
    ]
    headline = say(f"watch:{kind}:subject", instance=instance.instance_id)
    return Message(
        subject=language.subject_with_suffix(headline, *case_suffixes(language, case_notice.case)),
        body=language.body(lines),
        sms=sms,
    )

"""What the quoted report claims, as one line that says whose claim it is."""

from collections.abc import Sequence

from lambdas.domain.clean import one_line
from lambdas.domain.intake.abuse_report import AbuseReport
from lambdas.domain.language.language import Language

_MOST_SHOWN = 3  # of several places or ports


def quoted_report_text(language: Language, report: AbuseReport) -> str:
    """The claims of the reporter, named as such. All words of the reporter are cleaned and stand in quotation marks."""
    claims = language.say("listed").join(_claims(language, report)) or language.say("quoted_report:nothing")
    if not report.reporter:
        return language.say("quoted_report", claims=claims)
    return language.say("quoted_report:by", reporter=one_line(report.reporter), claims=claims)


def _claims(language: Language, report: AbuseReport) -> list[str]:
    say = language.say
    claims = []
    if report.abuse_type or report.stated_type:
        ours = language.texts.get(f"abuse:{report.abuse_type}")
        claims.append(ours or say("quoted_report:type", words=one_line(report.stated_type or str(report.abuse_type))))
    if report.sources:
        claims.append(say("quoted_report:from", places=_some(language, report.sources)))
    if report.targets:
        claims.append(say("quoted_report:against", places=_some(language, report.targets)))
    if report.ports:
        key = "quoted_report:port_of" if report.protocol else "quoted_report:port"
        claims.append(say(key, ports=_some(language, report.ports), protocol=one_line(report.protocol)))
    elif report.protocol:
        claims.append(one_line(report.protocol))
    if report.count is not None:
        claims.append(say(f"quoted_report:events:{'one' if report.count == 1 else 'many'}", count=report.count))
    if report.log_lines:
        claims.append(say(f"quoted_report:lines:{'one' if report.log_lines == 1 else 'many'}", count=report.log_lines))
    if report.first_at:
        claims.append(language.period(report.first_at, report.last_at or report.first_at))
    return claims


def _some(language: Language, values: Sequence[str]) -> str:
    shown = ", ".join(map(one_line, values[:_MOST_SHOWN]))
    # How many more is not said: the reader keeps a few of them only.
    return shown if len(values) <= _MOST_SHOWN else language.say("quoted_report:more", shown=shown)

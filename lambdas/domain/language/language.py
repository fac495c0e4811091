"""The texts of one language by key, and how messages put them together."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Self
from zoneinfo import ZoneInfo

from lambdas.domain.clean import one_line, quoted_lines, safe_subject, truncate_bytes
from lambdas.domain.phrase import COMBINED, Phrase

# SNS takes 256 KiB: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
MAX_BODY_BYTES = 200_000
# Leaves room for our own lines when the mail is long.
MAX_QUOTE_BYTES = 150_000
MAX_SUBJECT = 99
# One SMS of GSM characters holds 160; SNS splits longer ones, which costs twice.
MAX_SMS = 140
# One of other letters holds 70, in UCS-2: https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html
MAX_WIDE_SMS = 70


@dataclass(frozen=True, slots=True)
class Language:
    """The texts of a language by key, and the time zone of its readers.

    `ascii_subject`: its subjects are printable ASCII. SNS takes UTF-8 as well:
    https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    """

    texts: Mapping[str, str]
    page: Mapping[str, str]
    phrases: Mapping[str, str]
    ascii_subject: bool
    zone: tzinfo = UTC

    def at(self, time_zone: str) -> Self:
        """The same language for readers in this time zone, by its IANA name."""
        return replace(self, zone=ZoneInfo(time_zone))

    def say(self, key: str, /, **values: object) -> str:
        """The text of that key with the values filled in."""
        return self.texts[key].format(**values)

    def render(self, phrase: Phrase) -> str:
        """The phrase in this language, with its values in their places.

        A case may hold a phrase of another version of this code: a key without a text, or a text without a value, must
        not keep a message from the admins.
        """
        if phrase.key == COMBINED:
            return self.say("joined").join(map(self.render, phrase.parts))
        values = {name: self._value(value) for name, value in phrase.values.items()}
        try:
            return _Words(self).vformat(self.phrases[phrase.key], (), values)
        except KeyError:
            return f"{phrase.key}: {', '.join(map(str, values.values()))}"

    def render_line(self, phrase: Phrase) -> str:
        """The phrase within one line of ours."""
        return one_line(self.render(phrase))

    def _value(self, value: Any) -> Any:
        if isinstance(value, Phrase):
            return self.render(value)
        return self.say("listed").join(map(str, map(self._value, value))) if isinstance(value, tuple) else value

    def subject(self, text: str, most: int = MAX_SUBJECT) -> str:
        """One line that can be a subject, within so many characters."""
        return safe_subject(text, most) if self.ascii_subject else one_line(text, most)

    def subject_with_suffix(self, head: str, *tails: str) -> str:
        """The head with the first of the tails that leaves it whole, else the head cut for the last one."""
        head = self.subject(head)
        tail = next((tail for tail in tails if len(head) + len(self.subject(tail)) < MAX_SUBJECT), tails[-1])
        tail = self.subject(tail, MAX_SUBJECT * 2 // 3)
        return f"{self.subject(head, MAX_SUBJECT - 1 - len(tail))} {tail}".rstrip()

    def step(self, name: str) -> str:
        """A step's name; in English it is the name that the state machine has for it."""
        return self.texts.get(f"step:{name}", name)

    def sms(self, key: str, headline: str = "", **values: object) -> str:
        """The words of that key as one SMS, of which letters beyond GSM's halve the room; too long a headline is cut.

        What follows the headline, such as by when and of which case, stays.
        """
        headline = self.subject(headline, MAX_BODY_BYTES)  # cleaned first: what goes away needs no room
        whole = self.subject(self.say(key, headline=headline, **values), MAX_BODY_BYTES)
        most = MAX_SMS if whole.isascii() else MAX_WIDE_SMS
        if headline and len(whole) > most:
            headline = self.subject(headline, max(len(headline) - (len(whole) - most), 3))
        return self.subject(self.say(key, headline=headline, **values), most)

    def body(self, lines: Sequence[str]) -> str:
        """The text of a mail."""
        return truncate_bytes("\n".join(lines), MAX_BODY_BYTES)

    def quote_mail(self, text: str) -> list[str]:
        """A mail's text behind `>`, so that no line of it looks like our own; a note says where it was cut."""
        whole = quoted_lines(text)
        kept = truncate_bytes(whole, MAX_QUOTE_BYTES)
        return [kept] if kept == whole else [kept.rstrip(), "", self.say("cut_off")]

    def name_some(self, names: Sequence[str]) -> str:
        """Up to three names, then how many more."""
        if not names:
            return self.say("no_instance")
        shown = ", ".join(names[:3])
        return shown if len(names) <= 3 else self.say("and_more", shown=shown, count=len(names) - 3)

    def count_or_name(self, names: Sequence[str]) -> str:
        """As `named`, where there is little room."""
        return self.say(f"count:{_kind_of(names)}", count=len(names)) if len(names) > 1 else self.name_some(names)

    def long_date(self, moment: datetime) -> str:
        """A date with its weekday, in UTC and in the readers' time zone."""
        return self._dated(moment, "day", "%H:%M")

    def moment(self, moment: datetime) -> str:
        """A date to the second, in UTC and in the readers' time zone."""
        return self._dated(moment, "day:plain", "%H:%M:%S")

    def _dated(self, moment: datetime, day: str, clock: str) -> str:
        utc, local = moment.astimezone(UTC), moment.astimezone(self.zone)
        far = utc.date() != local.date()
        return self.say(
            "date" if str(self.zone) == "UTC" else "date:zoned",
            utc_day=self._day(day, utc),
            utc_time=f"{'' if not far else self._day('day:aside', utc)}{utc:{clock}}",
            utc_clock=f"{utc:{clock}}",
            day=self._day(day, local),
            time=f"{'' if not far else self._day('day:aside', local)}{local:{clock}}",
            clock=f"{local:{clock}}",
            zone=self.texts.get(f"zone:{self.zone}", str(self.zone)),
        )

    def period(self, first: datetime, last: datetime) -> str:
        """From when to when, in UTC; times of which nobody named the time zone stay as they were written."""
        zone = "UTC" if first.tzinfo else self.say("no_zone")
        begin, end = (f"{self._day('day:plain', moment)} {moment:%H:%M}" for moment in (first, last))
        if begin == end:
            return f"{begin} {zone}"
        return self.say("period", first=begin, last=f"{last:%H:%M}" if first.date() == last.date() else end, zone=zone)

    def short_date(self, moment: datetime) -> str:
        """A date in the readers' time zone only, where there is little room."""
        local = moment.astimezone(self.zone)
        return f"{self._day('day:short', local)} {local:%H:%M} {self.texts.get(f'zone:{self.zone}', f'{local:%Z}')}"

    def duration(self, left: timedelta) -> str:
        """How long that is, to the minute."""
        hours, minutes = divmod(max(0, round(left.total_seconds() / 60)), 60)
        parts = [
            self.say(f"{unit}:{'one' if count == 1 else 'many'}", count=count)
            for unit, count in (("hours", hours), ("minutes", minutes))
            if count
        ]
        return self.say("span").join(parts) or self.say("minutes:many", count=0)

    def _day(self, name: str, moment: datetime) -> str:
        return self.say(
            name,
            weekday=self.texts["weekdays"].split()[moment.weekday()],
            month_name=self.texts["months"].split()[moment.month - 1],
            day=moment.day,
            month=moment.month,
            year=moment.year,
        )


class _Words(string.Formatter):
    """As `str.format`, with `{since:moment}` for a moment in ISO 8601, `{state:step}` for the name of a state."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "moment":
            return self._language.moment(datetime.fromisoformat(value))
        if format_spec == "step":
            return self._language.step(value)
        return str(value)


def capitalise(words: str) -> str:
    return words[:1].upper() + words[1:]


def _kind_of(names: Sequence[str]) -> str:
    ids = [name for name in names if name.startswith("i-")]
    return "instances" if len(ids) == len(names) else "addresses" if not ids else "both"

"""When the abuse was seen: the label forms of AWS, and what is no time to rely on."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdas.domain.intake.notice import Notice
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.abuse_time import abuse_time
from tests.mails import notices, ways

SENT = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)

WRITTEN = {
    "Abuse Time: 27 Apr 2023 14:46:47 GMT": datetime(2023, 4, 27, 14, 46, 47, tzinfo=UTC),
    "* Abuse Time: Fri Mar 02 03:33:33 UTC 2012": datetime(2012, 3, 2, 3, 33, 33, tzinfo=UTC),
    "Report begin time: 2018-11-28 02:04:18 UTC": datetime(2018, 11, 28, 2, 4, 18, tzinfo=UTC),
    "Abuse time:\n  2018-11-28T02:04:18Z": datetime(2018, 11, 28, 2, 4, 18, tzinfo=UTC),
    "Abuse Date: 2025-07-07": datetime(2025, 7, 7, tzinfo=UTC),
    "Abuse Time: October 14, 2021 at 6:30:56 AM UTC+3": datetime(2021, 10, 14, 3, 30, 56, tzinfo=UTC),
    "Abuse Time: Dec 31, 11:30 PM UTC": datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
    "Date of abuse: 10 Jul 2024 02:21 PDT": datetime(2024, 7, 10, 9, 21, tzinfo=UTC),
    "Abuse Time: 10 Jul 2024 02:21 UTC\nAbuse Time: 9 Jul 2024 23:00 UTC": datetime(2024, 7, 9, 23, tzinfo=UTC),
    "Abuse Time: 10 Feb 2026 02:21:07 UTC": None,  # after the mail was sent
    "Abuse Time: 31 Feb 2025 02:21:07 UTC": None,
    "Abuse Time: unknown": None,
    "We saw it on 10 Jul 2024 02:21:07 UTC.": None,
    "Respond by 10 Jul 2024 02:21:07 UTC": None,
}


@pytest.mark.parametrize("words", WRITTEN)
def test_written(words):
    assert abuse_time(f"Hello,\n\n{words}\n\nRegards,", SENT) == WRITTEN[words]


def test_a_mail_without_a_date_still_tells_a_whole_one():
    assert abuse_time("Abuse Time: 27 Apr 2023 14:46:47 GMT", None) == datetime(2023, 4, 27, 14, 46, 47, tzinfo=UTC)
    assert abuse_time("Abuse Time: Apr 27, 14:46 GMT", None) is None


NEAR = st.lists(
    st.sampled_from(["Abuse Time: ", "Report begin time:", "\n", "99", "31", "Feb", "2024", "-", ":", "25:61:61",
                     "AM", "UTC", "+99:99", "0001", "Dec 31,", "Fri Mar 02 03:33:33 UTC 2012", " ", "İ", "T"])
    | st.text(max_size=5),
    max_size=14,
).map("".join)  # fmt: skip


@settings(deadline=None)
@given(NEAR, st.sampled_from([SENT, None, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]))
@example("Abuse Time: Dec 31, 11:30 PM UTC", datetime.max.replace(tzinfo=UTC))
@example("Abuse Time: Jan 1, 00:30 UTC+3", datetime.min.replace(tzinfo=UTC))
@example("Abuse Time: Feb 29", datetime(2024, 1, 2, tzinfo=UTC))
def test_reading_never_raises(words, sent_at):
    assert abuse_time(words, sent_at) is None or abuse_time(words, sent_at).tzinfo is UTC


BY_NAME = {specimen.name: specimen for specimen in notices.SPECIMENS}
READ = {
    "t6-reminder": (datetime(2023, 4, 27, 14, 46, 47, tzinfo=UTC), ("203.0.113.53",)),
    "t6a-labels": (None, ()),  # the sample is dated before its abuse
    "t4-dos-measures": (datetime(2018, 11, 28, 2, 4, 18, tzinfo=UTC), ()),
    # below AWS's own words: whoever reported it wrote the time
    "t2-malware-2012": (None, ()),
}


@pytest.mark.parametrize("way", ["direct", "gmail_forward", "outlook_german"])
@pytest.mark.parametrize("name", READ)
def test_the_reader_keeps_the_time_and_what_only_a_report_names(name, way):
    raw, _ = ways.mail(BY_NAME[name], way, "8bit")
    said = read_notice(raw)
    assert (said.abuse_at, said.quoted_ips) == READ[name]


@pytest.mark.parametrize("name", BY_NAME)
def test_the_state_machine_hands_on_what_was_read(name):
    said = read_notice(ways.mail(BY_NAME[name], "direct", "8bit")[0])
    facts = json.loads(json.dumps(said.to_json()))
    assert Notice.from_json(facts) == replace(said, text="", extracted_values=())


@pytest.mark.parametrize("name", ["abuse_at", "quoted_ips", "other_resource_names"])
def test_a_notice_that_lacks_a_list_or_time_is_refused(name):
    data = read_notice(ways.mail(BY_NAME["t6-reminder"], "direct", "8bit")[0]).to_json()
    del data[name]
    with pytest.raises(KeyError):
        Notice.from_json(data)

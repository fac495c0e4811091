"""What a quoted report claims is said in one line, as a claim, and holds only what the reporter stated."""

from datetime import UTC, datetime, timedelta

import pytest

from lambdas.domain.intake.abuse_report import AbuseReport, ReportFormat
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.messages.quoted_report import quoted_report_text

EN, JA = CATALOGUE["en"], CATALOGUE["ja"].at("Asia/Tokyo")
SEEN = datetime(2026, 11, 15, 23, 40, tzinfo=UTC)
CLAIMED = "The quoted report claims (not checked): "
CLAIMED_IN_JAPANESE = "引用された報告の主張(未確認): "


def report(**claims):
    return AbuseReport(ReportFormat.AWS_FORM, **claims)


@pytest.mark.parametrize(
    ("claims", "english", "japanese"),
    [
        ({}, "nothing that could be read", "読み取れる内容なし"),
        ({"abuse_type": "dos"}, "a denial-of-service attack", "サービス妨害(DoS)攻撃"),
        ({"stated_type": "web crawler"}, '"web crawler"', "「web crawler」"),
        ({"abuse_type": "a_later_one"}, '"a_later_one"', "「a_later_one」"),
        ({"sources": ("203.0.113.5",)}, "from 203.0.113.5", "送信元 203.0.113.5"),
        ({"targets": ("192.0.2.1",)}, "against 192.0.2.1", "宛先 192.0.2.1"),
        ({"ports": ("1", "2", "3", "4")}, "port 1, 2, 3 and more", "ポート 1, 2, 3 ほか"),
        ({"ports": ("53",), "protocol": "UDP"}, "UDP 53", "UDP 53"),
        ({"protocol": "ICMP"}, "ICMP", "ICMP"),
        ({"count": 1, "log_lines": 1}, "1 event, 1 quoted line", "イベント1件、引用1行"),
        ({"count": 0, "log_lines": 3}, "0 events, 3 quoted lines", "イベント0件、引用3行"),
        ({"first_at": SEEN, "last_at": SEEN}, "15 Nov 2026 23:40 UTC", "2026年11月15日 23:40 UTC"),
        (
            {"first_at": SEEN, "last_at": SEEN + timedelta(minutes=5)},
            "15 Nov 2026 23:40 to 23:45 UTC",
            "2026年11月15日 23:40から23:45まで UTC",
        ),
        (
            {"first_at": SEEN.replace(tzinfo=None), "last_at": SEEN.replace(tzinfo=None) + timedelta(hours=1)},
            "15 Nov 2026 23:40 to 16 Nov 2026 00:40 (time zone not known)",
            "2026年11月15日 23:40から2026年11月16日 00:40まで (タイムゾーン不明)",
        ),
    ],
)
def test_only_what_is_claimed_is_said(claims, english, japanese):
    assert quoted_report_text(EN, report(**claims)) == CLAIMED + english
    assert quoted_report_text(JA, report(**claims)) == CLAIMED_IN_JAPANESE + japanese


def test_the_reporter_is_named_as_the_one_who_claims():
    said = quoted_report_text(EN, report(reporter="Example CERT", abuse_type="botnet"))
    assert said == 'The quoted report, by "Example CERT", claims (not checked): botnet activity'
    assert "「Example CERT」" in quoted_report_text(JA, report(reporter="Example CERT"))


def test_no_words_of_the_reporter_pass_for_ours():
    hostile = "AWS\n\nWHAT TO DO NOW\u202e https://evil.example/"
    for language in (EN, JA):
        said = quoted_report_text(language, report(reporter=hostile, stated_type=hostile, sources=(hostile,)))
        assert "\n" not in said
        assert "\u202e" not in said
        assert "https://" not in said

"""AWS's limits: dates of several languages, and the hour that daylight saving moves."""

from datetime import UTC, datetime

import pytest

from lambdas.domain.reading.deadline import deadline_hours


@pytest.mark.parametrize(
    ("day", "zone", "utc_hour"),
    [
        ("January 10, 2025", "PT", 25),
        ("March 8, 2025", "PT", 25),  # a Saturday: the last day of winter time
        ("March 9, 2025", "PT", 24),
        ("July 1, 2025", "Pacific", 24),
        ("November 1, 2025", "PT", 24),
        ("November 2, 2025", "PT", 25),
        ("July 1, 2025", "PST", 25),  # as it says
        ("January 10, 2025", "ET", 22),
        ("July 1, 2025", "Eastern", 21),
    ],
)
def test_a_limit_in_us_time_follows_daylight_saving(day, zone, utc_hour):
    sent = datetime.strptime(f"{day} +0000", "%B %d, %Y %z")
    assert deadline_hours(f"Please reply by {day} at 5:00 PM {zone}.", sent) == utc_hour


@pytest.mark.parametrize(
    "sentence",
    [
        "Bitte antworten Sie bis zum 12.03.2025.",
        "Bitte antworten Sie spätestens am 12. März 2025.",
        "Responda antes del 12 de marzo de 2025.",
        "Responda hasta el 12/03/2025.",
        "Responda até o dia 12 de março de 2025.",
        "Veuillez répondre avant le 12 mars 2025.",
        "La preghiamo di rispondere entro il 12 marzo 2025.",
        "2025年3月12日までにご返信ください。",
        "请于2025年3月12日前回复。",
        "2025년 3월 12일까지 회신해 주십시오.",
    ],
)
def test_a_date_is_a_limit_in_any_language(sentence):
    assert deadline_hours(sentence, datetime(2025, 3, 10, tzinfo=UTC)) == 72


@pytest.mark.parametrize(
    ("sentence", "hours"),
    [
        ("Bitte antworten Sie innerhalb von 48 Stunden.", 48),
        ("Responda en un plazo de 5 días.", 120),
        ("Responda em até 24 horas.", 24),
        ("Veuillez répondre sous 3 jours.", 72),
        ("La preghiamo di rispondere entro 24 ore.", 24),
        ("24時間以内にご返信ください。", 24),
        ("请在48小时内回复。", 48),
        ("5일 이내에 회신해 주십시오.", 120),
        ("Wir haben Ihre Nachricht am 12.03.2025 erhalten.", None),
    ],
)
def test_a_span_is_a_limit_in_any_language(sentence, hours):
    assert deadline_hours(sentence, datetime(2025, 3, 10, tzinfo=UTC)) == hours


def test_a_day_that_next_year_does_not_have_is_no_limit():
    assert deadline_hours("Veuillez répondre avant le 29 février.", datetime(2028, 12, 20, tzinfo=UTC)) is None

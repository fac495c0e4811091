"""What many unproven mails share; the messages stand in `golden/unproven-mail/`, `REGENERATE=1` writes them anew."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lambdas.domain.case.timeline import EntryKind
from lambdas.domain.case.unproven_mail import ListedMail
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.messages.unproven_mail import MAX_SHOWN, OpenQuestion, listed_mails, unproven_questions
from tests.domain.case.test_case import for_stranger, hours
from tests.samples import ACCOUNT, CASE, INSTANCE, MAIL, RECEIVED

EN = CATALOGUE["en"]
GOLDEN = Path(__file__).parent / "golden" / "unproven-mail"
OTHER = "i-0b57a4de7b57a4de7"
CLOCK = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:clock:unproven-questions-2026-11-16T06"
QUERY = "aws dynamodb query --table-name cases"
QUESTION = OpenQuestion(CASE, for_stranger(EntryKind.ASKED, 1, INSTANCE))
SPOOF = ListedMail(
    RECEIVED,
    '"ec2-abuse@amazon.com" <m@evil.test>',
    "Your Amazon EC2 Abuse Report",
    (CASE, "10468407181"),
    (INSTANCE,),
    MAIL,
)
OTHER_MAIL = ListedMail(
    RECEIVED + timedelta(minutes=3), "news@shop.test", "Win hxxps://shop[.]test", (), (), f"{MAIL}2"
)


def listed(language, *mails):
    return listed_mails(
        language, mails, hours(0), hours(1), query=QUERY, execution=CLOCK.replace("unproven-questions", "listed-mails")
    )


MESSAGES = {
    "one-question": lambda language: unproven_questions(language, [QUESTION], CLOCK),
    "many-questions": lambda language: unproven_questions(
        language,
        [OpenQuestion(f"mail-{number:012x}", for_stranger(EntryKind.ASKED, 2, OTHER)) for number in range(101)],
        CLOCK,
    ),
    "listed-one": lambda language: listed(language, OTHER_MAIL),
    "listed-flood": lambda language: listed(
        language, *[replace(OTHER_MAIL, mail=f"{MAIL}-{number}") for number in range(120)], SPOOF
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_golden(name):
    message, file = MESSAGES[name](EN), GOLDEN / f"{name}.txt"
    text = f"Subject: {message.subject}\nSMS: {message.sms or 'none'}\n\n{message.body}\n"
    if os.environ.get("REGENERATE"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert {file.stem for file in GOLDEN.iterdir()} == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_anybody_can_cause_it_so_it_wakes_nobody(name):
    message = MESSAGES[name](EN)
    assert message.sms is None
    assert message.subject.startswith("WARNING: ")
    assert len(message.subject) < 100


def test_every_question_comes_with_both_commands():
    body = MESSAGES["one-question"](EN).body
    assert f"     python -m desk approve {CASE} {INSTANCE}\n     python -m desk decline {CASE} {INSTANCE}\n" in body


def test_what_names_an_instance_of_ours_comes_first_and_the_rest_is_counted():
    body = MESSAGES["listed-flood"](EN).body
    assert body.index("THESE NAME AN INSTANCE OF YOURS (1)") < body.index("OTHER MAILS (120)")
    assert body.count("s3://mail-bucket/") == MAX_SHOWN
    assert "And 21 more mails." in body
    assert QUERY in body


def test_a_flood_fits_into_one_message():
    longest = replace(SPOOF, sender="x" * 120, subject="語" * 120, mail="s3://bucket/" + "x" * 200)
    body = listed(EN, *[longest] * 5000).body
    assert len(body.encode()) < 200_000
    assert body.rstrip().endswith(CLOCK.replace("unproven-questions", "listed-mails"))

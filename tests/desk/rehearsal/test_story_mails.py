"""The mails of a story come in at the moment at which they are played, and say what they said."""

from datetime import UTC, datetime, timedelta

import pytest

from desk.errors import DeskError
from desk.rehearsal.story_mails import FOLDER, answer_mail, with_new_dates
from lambdas.domain.answer.sent_answer import find_sent_answer, mark_own_answer
from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.reading import read_notice
from tests.samples import ALL_PASS, CASE

ADA = "ada@example.com"
DRAFT = {
    "to": "ec2-abuse@amazon.com",
    "cc": "abuse-k7f3q9@abuse-in.example.com",
    "subject": f"Re: Your Amazon EC2 Abuse Report [{CASE}] [AWS ID 552071934480]",
    "body": "Hello,\n\nWHAT WE FOUND\n[[ what you found ]]\n\nRegards,\n[[ your name ]]\n",
    "gaps": ["[[ what you found ]]", "[[ your name ]]"],
}


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.eml")), ids=lambda file: file.stem)
def test_a_mail_is_dated_and_nothing_else_of_it_changes(file):
    stored, now = file.read_bytes(), datetime.now(UTC)
    played = with_new_dates(stored, seconds_ago=3600)
    notice, was = read_notice(played), read_notice(stored)
    assert abs(notice.sent_at - (now - timedelta(hours=1))) < timedelta(seconds=5)
    assert (notice.kind, notice.case_numbers, notice.resources) == (was.kind, was.case_numbers, was.resources)
    changed = [new for old, new in zip(stored.splitlines(), played.splitlines(), strict=True) if old != new]
    # The time of arrival in SES's field, and the Date: twice where a mail is forwarded in the text of another.
    arrived, *sent = changed
    assert not arrived.startswith(b"Date: ")
    assert {line[:6] for line in sent} == {b"Date: "}


def test_the_copy_of_the_answer_is_our_answer():
    mail = answer_mail(DRAFT, ("An open relay.", "Ada [operations]"), ADA)
    assert b"WHAT WE FOUND\nAn open relay.\n\nRegards,\nAda [operations]\n" in mail
    read = mark_own_answer(read_notice(mail), mail, ALL_PASS, (ADA,))
    assert (read.kind, read.case_numbers) == (NoticeKind.ANSWER, (CASE,))
    assert find_sent_answer(mail, ALL_PASS, (ADA,)).gaps == ()


def test_a_draft_with_other_gaps_than_the_story_fills_is_refused():
    with pytest.raises(DeskError, match=r"\[\[ what you found \]\], \[\[ your name \]\], and the story fills 1"):
        answer_mail(DRAFT, ("An open relay.",), ADA)

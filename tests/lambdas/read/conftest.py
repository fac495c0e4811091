"""Mails that SES stored, and the steps of "read" on them."""

from pathlib import Path

import pytest

from lambdas.domain.intake.arrival import Arrival
from tests.samples import ALL_PASS, MAIL_BUCKET, RECEIVED

STORY = Path(__file__).parents[3] / "desk" / "rehearsal" / "story"


@pytest.fixture
def stored(buckets):
    """Store a mail; returns the arrival as the state machine has it."""

    def store(raw, key="mail/one", verdicts=ALL_PASS, received_at=RECEIVED):
        buckets.put_object(Bucket=MAIL_BUCKET, Key=key, Body=raw)
        return Arrival(MAIL_BUCKET, key, received_at, verdicts).to_json()

    return store


@pytest.fixture
def story():
    """A mail of the rehearsal's story by the beginning of its file's name."""

    def read(number):
        (file,) = STORY.glob(f"{number}-*.eml")
        return file.read_bytes()

    return read

"""One deployed responder for all end-to-end tests; each test brings instances and cases of its own."""

import json
from pathlib import Path

import pytest

from desk.rehearsal.delivery import notice_in
from desk.rehearsal.rehearse import rehearsal
from tests.e2e.notices import ACCOUNT, MEMBER

# The tests contain more instances within the hour than the settings as shipped allow.
OVERRIDES = {
    "responder.max_instances_per_hour": "500",
    "responder.members.accounts": json.dumps([MEMBER]),
    "responder.members.external_id": "k7f3q9-abuse-responder",
}


@pytest.fixture(scope="session")
def responder():
    with rehearsal(ACCOUNT, print, OVERRIDES) as set_up:
        yield set_up


@pytest.fixture
def play(responder):
    """Launch what the mail names and hand the mail in; returns the scene, having checked EC2 against the decision."""

    def run(raw, *, launch=True):
        if launch:
            responder.fleet.launch_for([(notice_in(raw), raw)])
        scene = responder.play(Path("test.eml"), raw, lambda _: None)
        assert scene.mistakes(responder.fleet.members) == []
        return scene

    return run

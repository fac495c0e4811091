"""Both stacks, synthesised once for all tests."""

import pytest

from tests.stacks.assembly import synthesised


@pytest.fixture(scope="session")
def assembly():
    return synthesised()


@pytest.fixture(scope="session")
def responder(assembly):
    """The template of AbuseResponder."""
    return assembly.responder

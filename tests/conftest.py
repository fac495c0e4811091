"""How two processes share the tests."""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

os.environ.pop("COLUMNS", None)  # pytest-xdist says 80 to its processes, and what the desk prints is no terminal's here


class _OneResponder(LoadScopeScheduling):
    """Every end-to-end test goes to one process, where the responder is deployed; any other test goes to either.

    The stories have a responder of their own, and wait for their clocks: they go to the other process.

    pytest-xdist's own marks do this no more since pytest 9.2: https://github.com/pytest-dev/pytest-xdist/issues/1386
    """

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        if file == "tests/e2e/test_stories.py":
            return file
        return "tests/e2e" if file.startswith("tests/e2e/") else nodeid


@pytest.hookimpl(optionalhook=True)  # unknown where one process has them all
def pytest_xdist_make_scheduler(config, log):
    return _OneResponder(config, log)

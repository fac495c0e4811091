"""How two processes share the tests, and what holds for all of them."""

import os

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

os.environ.pop("COLUMNS", None)  # pytest-xdist says 80 to its processes, and what the desk prints is no terminal's here

# How long an example takes is the machine's affair: no test fails by the clock.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# What these set up takes a minute or more, so each goes to one process, whole; any other test goes to either. The
# stories have a responder of their own, and wait for their clocks, beside the other end-to-end tests.
_WHOLE = ("tests/e2e/test_stories.py", "tests/e2e/", "tests/permissions/", "tests/stacks/")


class _Rooms(LoadScopeScheduling):
    """pytest-xdist's own marks do this no more since pytest 9.2: https://github.com/pytest-dev/pytest-xdist/issues/1386"""

    def _split_scope(self, nodeid):
        return next((room for room in _WHOLE if nodeid.startswith(room)), nodeid)


@pytest.hookimpl(optionalhook=True)  # unknown where one process has them all
def pytest_xdist_make_scheduler(config, log):
    return _Rooms(config, log)

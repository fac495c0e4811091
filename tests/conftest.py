"""How the processes share the tests, and what holds for all of them."""

import functools
import os

import botocore.session
import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

os.environ.pop("COLUMNS", None)  # pytest-xdist says 80 to its processes, and what the desk prints is no terminal's here

# How long an example takes is the machine's affair: no test fails by the clock.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
settings.register_profile("quick", settings.get_profile("any machine"), max_examples=20)

# A session reads the descriptions of the services from files of megabytes. What all sessions read is the same.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)

# What `make quick` leaves out: emulators, synthesised stacks, whole executions, and tests that fill an account for each
# case. A slow test elsewhere has the mark itself.
_SLOW = (
    "tests/e2e/",
    "tests/lambdas/",
    "tests/permissions/",
    "tests/desk/",
    "tests/domain/reading/test_other_parts.py",
    "tests/domain/reading/test_reader.py",
    "tests/domain/reading/test_resource_block.py",
    "tests/stacks/",
    "tests/sweep/",
    "tests/docs/test_draw.py",
    "tests/docs/test_events.py",
    "tests/test_app.py",
    "tests/test_arrivals.py",
    "tests/test_extremes.py",
    "tests/test_flood.py",
    "tests/test_strangers.py",
)
# What these set up takes a minute or more, so each goes to one process, whole; of all else, a file does. The stories
# have a responder of their own, and wait for their clocks, beside the other end-to-end tests.
_WHOLE = ("tests/e2e/test_stories.py", "tests/e2e/", "tests/permissions/", "tests/stacks/")


def pytest_configure(config):
    if config.option.markexpr == "not slow":
        settings.load_profile("quick")


def pytest_ignore_collect(collection_path, config):
    """What is left out need not be imported either: that takes seconds."""
    path = f"{collection_path.relative_to(config.rootpath).as_posix()}{'/' * collection_path.is_dir()}"
    return True if config.option.markexpr == "not slow" and path.startswith(_SLOW) else None


def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.nodeid.startswith(_SLOW):
            item.add_marker(pytest.mark.slow)
    if hasattr(config, "workerinput"):  # one of several processes: the longest first, so that all end at the same time
        items.sort(key=lambda item: _rank(item.nodeid))


def _rank(nodeid):
    rooms = (*_WHOLE, *_SLOW)
    return next((rank for rank, room in enumerate(rooms) if nodeid.startswith(room)), len(rooms))


class _Rooms(LoadScopeScheduling):
    """pytest-xdist's own marks do this no more since pytest 9.2: https://github.com/pytest-dev/pytest-xdist/issues/1386"""

    def _split_scope(self, nodeid):
        return next((room for room in _WHOLE if nodeid.startswith(room)), nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)  # unknown where one process has them all
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # the tests are in order already
    return _Rooms(config, log)

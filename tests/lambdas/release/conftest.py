"""One contained instance in an account of its own, for the steps that put its parts back."""

from contextlib import ExitStack
from functools import partial

import pytest

from tests.lambdas.release.stage import Topology, staged


@pytest.fixture
def stage_of():
    """Make the instance and contain it: `stage_of(profile=True)`. `stage.before` is how it looked before.

    Another one ends the account of the one before.
    """
    entered = ExitStack()

    def make(*, contained=True, **changes):
        entered.close()
        stage = entered.enter_context(staged(Topology(**changes)))
        stage.before = stage.look()
        if contained:
            stage.contain()
        return stage

    with entered:
        yield make


@pytest.fixture
def changed():
    """What differs between two looks at an instance: by what it is about, the values before and after."""

    def between(earlier, later):
        return {
            what: (earlier.get(what), later.get(what))
            for what in {*earlier, *later}
            if earlier.get(what) != later.get(what)
        }

    return between


@pytest.fixture
def refusing(refuse):
    """Let AWS refuse an operation on the stage's instance."""
    return lambda stage, service, operation, code, **more: partial(refuse, stage.service(service), operation, code)(
        **more
    )

"""What the containing steps work on, and how they are called."""

from functools import partial

import pytest

from tests.lambdas.contain.fleet import Fleet
from tests.samples import CASE


@pytest.fixture
def fleet(moto):
    """A dual-stack VPC: a new group lets IPv6 out as well."""
    return Fleet(moto, "eu-central-1")


@pytest.fixture
def fleet_in(moto):
    """Make a VPC in a Region: `fleet_in("eu-west-1")`."""
    return partial(Fleet, moto)


@pytest.fixture
def contain(call, case):
    """One step of "contain" on an instance: `contain("Quarantine network", instance)` also prepares by itself."""

    def step(name, instance, *, case_id=CASE, **more):
        more = {"prepared": {}, **more} if name == "Quarantine network" else more
        return call("contain", name, case={**case, "id": case_id}, instance=instance.to_json(), **more)

    return step

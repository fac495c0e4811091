"""What the containing steps work on, and how they are called."""

import json
from functools import partial
from types import SimpleNamespace

import pytest

from tests.lambdas.contain.fleet import Fleet
from tests.samples import ACCOUNT, CASE


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


@pytest.fixture
def cloudtrail(moto):
    """Let LookupEvents of a Region answer so; returns what it is asked: `cloudtrail("eu-west-1", [])`."""
    hooked = []

    def answer_with(region, events, account_id=ACCOUNT, *, error=None):
        client, asked = moto("cloudtrail", region, account_id), []

        def answer(params, **_):
            asked.append(json.loads(params["body"]))
            if error:
                return _http(400), {"Error": {"Code": error, "Message": f"{error} said AWS"}}
            shown = events(asked[-1]) if callable(events) else events
            start = int(asked[-1].get("NextToken", 0))
            more = {"NextToken": str(start + 50)} if shown[start + 50 :] else {}
            return _http(200), {"Events": shown[start : start + 50], **more}

        event = "before-call.cloudtrail.LookupEvents"
        client.meta.events.register_first(event, answer)
        hooked.append(lambda: client.meta.events.unregister(event, answer))
        return asked

    yield answer_with
    for unhook in hooked:
        unhook()


def _http(status_code):
    """What botocore looks at of an HTTP answer."""
    return SimpleNamespace(status_code=status_code, headers={})

"""The evaluator against iam-simulate, which others wrote from AWS's documents: both give the same answers."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from tests.permissions.authorisation import protected
from tests.permissions.policies import Asked, deployed
from tests.permissions.scenarios import records
from tests.permissions.test_doors import FORGED, MANAGED
from tests.permissions.test_least_privilege import ALONE, CHANGING, DEPLOYMENTS, NEVER, PROTECT_TAG, moved

SCRIPT = Path(__file__).with_name("second_opinion.mjs")
MEANS = {"Allowed": "Allow", "ExplicitlyDenied": "Deny", "ImplicitlyDenied": "ImplicitDeny"}


def questions():
    """What the scenarios ask, the same with the protect tag, what contain may not do though a release does, and NEVER.

    Questions that differ by a case's number, an instance's id or an execution's are one.
    """
    found = []
    for name in DEPLOYMENTS:
        for record in records(name):
            found += [(name, record.role, call) for call in record.asked]
            if record.role in CHANGING:
                found += [("with all", record.role, call) for call in protected(record.asked, PROTECT_TAG)]
            if record.role == "release":
                found += [("with all", "contain", call) for call in record.asked]
    for action, resource, keys in NEVER.values():
        for role in ALONE:
            asked = Asked.of(action, resource, keys)
            account = deployed("with all").roles[role].account
            found.append(("with all", role, asked if action.startswith("sts:") else moved(asked, account)))
    found += [("with all", "anybody", asked) for asked in (*FORGED.values(), *MANAGED.values())]
    return list({re.sub(r"\d{5,}|(?<=-)\d+", "#", str(question)): question for question in found}.values())


def second_opinion(asked):
    """iam-simulate's answers to (deployment, role, question), in the same order."""
    known = [(name, role) for name in DEPLOYMENTS for role in (*deployed(name).roles.values(), deployed(name).anybody)]
    roles = {f"{name}/{role.name}": asdict(role) for name, role in known}
    given = {
        "roles": roles,
        "asked": [
            {"role": f"{name}/{role}", "action": call.action, "resource": call.resource, "keys": dict(call.keys)}
            for name, role, call in asked
        ],
    }
    # The Node that the CDK runs on lives beside this interpreter.
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    run = subprocess.run([node, SCRIPT], input=json.dumps(given), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return [MEANS.get(load, load) for load in json.loads(run.stdout)]


def _role(deployment, role):
    return deployed(deployment).anybody if role == "anybody" else deployed(deployment).roles[role]


def test_iam_simulate_answers_the_same():
    asked = questions()
    ours = [_role(name, role).answer(call) for name, role, call in asked]
    theirs = second_opinion(asked)
    assert {"Allow", "Deny", "ImplicitDeny"} == set(ours)
    assert [both for both in zip(asked, ours, theirs, strict=True) if both[1] != both[2]] == []

"""Both stacks, synthesised once for all tests."""

import pytest

from tests.stacks.assembly import plain, synthesised


@pytest.fixture(scope="session")
def assembly():
    return synthesised()


@pytest.fixture(scope="session")
def responder(assembly):
    """The template of AbuseResponder."""
    return assembly.responder


@pytest.fixture(scope="session")
def roles(assembly):
    """Each role's statements, with references written out, from all policies that are attached to it."""
    found = {}
    for template in (assembly.responder, assembly.mail):
        for key in template.of("AWS::IAM::Role"):
            found[plain({"Ref": key})[2:-1]] = [
                plain(statement)
                # What is too long for a policy of the role's own, the CDK moves into a managed one.
                for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
                for policy in template.properties(kind).values()
                if {"Ref": key} in policy.get("Roles", ())
                for statement in policy["PolicyDocument"]["Statement"]
            ]
        assert all(policy.get("Roles") for policy in template.properties("AWS::IAM::Policy").values())
    return found

"""Resources that an account hides are asked for, where the SDK can ask."""

from types import SimpleNamespace

import pytest

from lambdas.domain.managed_resources import with_managed_resources

ASKED = {"InstanceIds": ["i-0a7b1dd0e3f94c256"]}


@pytest.mark.parametrize(
    ("members", "more"),
    [
        (["InstanceIds", "IncludeManagedResources"], {"IncludeManagedResources": True}),
        (["InstanceIds"], {}),
    ],
    ids=["known", "unknown"],
)
def test_hidden_resources_are_asked_for_where_the_model_knows_the_parameter(members, more):
    model = SimpleNamespace(input_shape=SimpleNamespace(members=dict.fromkeys(members)))
    assert with_managed_resources(ASKED, model, context={}) == {**ASKED, **more}
    assert ASKED == {"InstanceIds": ["i-0a7b1dd0e3f94c256"]}

"""What services of AWS manage, such as a node of EKS Auto Mode. An account may hide it, yet it can be abused too.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedResourceVisibility.html
"""

from collections.abc import Mapping
from typing import Any

# The calls that leave out hidden resources by default.
_OPERATIONS = ("DescribeInstances", "DescribeNetworkInterfaces", "DescribeVolumes")
_PARAMETER = "IncludeManagedResources"


def include_managed_resources(ec2: Any) -> None:
    """Let every call of this EC2 client ask for hidden resources as well."""
    for operation in _OPERATIONS:
        ec2.meta.events.register(f"provide-client-params.ec2.{operation}", with_managed_resources)


def with_managed_resources(params: Mapping[str, Any], model: Any, **_: Any) -> Mapping[str, Any]:
    """The parameters of a call, with the request for hidden resources. `model` describes the operation.

    Before botocore 1.42.94 the operation lacks the parameter and would refuse the call, so it is left out. Lambda's
    runtime may bring such a version.
    """
    return {**params, _PARAMETER: True} if _PARAMETER in model.input_shape.members else params

"""What services of AWS manage, such as a node of EKS Auto Mode: an account may hide it, and it is abused all the same.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedResourceVisibility.html
"""

from collections.abc import Mapping
from typing import Any

# The calls of EC2 that leave out what is hidden, unless they are asked for it.
HIDING = ("DescribeInstances", "DescribeNetworkInterfaces", "DescribeVolumes")
_PARAMETER = "IncludeManagedResources"


def with_managed_resources(params: Mapping[str, Any], model: Any, **_: Any) -> Mapping[str, Any]:
    """The parameters of a call, asking for hidden resources as well; botocore's `provide-client-params` calls it.

    `model` describes the operation. Before botocore 1.42.94 it lacks the parameter and refuses the call, so the
    parameter is left out; Lambda's runtime may bring such a version.
    """
    return {**params, _PARAMETER: True} if _PARAMETER in model.input_shape.members else params

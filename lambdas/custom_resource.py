"""The answer that CloudFormation waits for."""

import json
from collections.abc import Mapping
from typing import Any

import urllib3

# The address is one of S3, signed for this one answer.
_PATIENT = urllib3.Retry(4, backoff_factor=0.5, status_forcelist=(500, 502, 503, 504), raise_on_status=True)


def send_response(event: Mapping[str, Any], *, physical_id: str, words: str, failed: bool = False) -> None:
    """Tell CloudFormation that the request in `event` is done, or has failed and why.

    `words` are the attribute `Words` of the resource, or the reason of the failure. An answer holds 4096 bytes at
    most: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
    """
    words = words.encode("ascii", "replace").decode()[:2000]
    body = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")} | {
        "PhysicalResourceId": physical_id,
        "Status": "FAILED" if failed else "SUCCESS",
        **({"Reason": words} if failed else {"Data": {"Words": words}}),
    }
    urllib3.PoolManager(retries=_PATIENT, timeout=10).request(
        "PUT",
        event["ResponseURL"],
        body=json.dumps(body).encode(),
        headers={"Content-Type": ""},  # the address is signed for an empty one
    )

"""EC2 for the rehearsal: Moto's server, with what it lacks. Run as `python -m desk.rehearsal.ec2_server PORT`.

Each function below replaces a part of Moto or adds a missing call; the assignments at the end install them.
"""

import re
import sys
from datetime import timedelta
from typing import Any

from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends, instances
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.responses.elastic_block_store import ElasticBlockStore
from moto.ec2.responses.general import General
from moto.ec2.responses.instances import InstanceResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.server import MotoRequestHandler
from werkzeug.serving import run_simple

import desk.rehearsal.auto_scaling
import desk.rehearsal.instance_profiles
import desk.rehearsal.load_balancing  # noqa: F401  importing them fills the gaps of Moto

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
ENABLED = re.compile(
    r"ap-(northeast-[123]|south-1|southeast-[12])|ca-central-1|eu-(central-1|north-1|west-[123])|sa-east-1|us-(east|west)-[12]"
)
INSTANCE_ID = re.compile(r"i-(?:[0-9a-f]{8}|[0-9a-f]{17})")
# A JPG of 8 by 8 pixels, all grey: no emulated instance has a screen.
SCREENSHOT = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
    "AQEBAQH/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
)


def _account(response: Any) -> Any:
    """An access key of 12 digits stands for the account of that number, as in MiniStack."""
    key = re.search(r"Credential=(\d{12})/", response.headers.get("Authorization") or "")
    return key[1] if key else _account_as_it_comes(response)


def _launch(instance: Any, *args: Any, **kwargs: Any) -> None:
    """An instance gets the id in its client token: the fleet needs the ids that the mail names."""
    requested, invented = str(kwargs.get("client_token") or ""), instances.random_instance_id
    instances.random_instance_id = lambda: requested if INSTANCE_ID.fullmatch(requested) else invented()
    try:
        _launch_as_it_comes(instance, *args, **kwargs)
    finally:
        instances.random_instance_id = invented


class _SeveralInterfaces(EC2ClientError):  # type: ignore[misc]  # Moto has no types
    def __init__(self, instance_id: str) -> None:
        super().__init__("InvalidInstanceID", f"There are multiple interfaces attached to instance '{instance_id}'.")


def _modify_security_groups(backend: Any, instance_id: str, new_group_id_list: list[str]) -> Any:
    """As in EC2, an instance with several interfaces refuses new groups."""
    if len(backend.get_instance(instance_id).nics) > 1:
        raise _SeveralInterfaces(instance_id)
    return _modify_as_it_comes(backend, instance_id, new_group_id_list)


def _describe_regions(backend: Any, region_names: list[str] | None = None) -> list[Any]:
    """The 17 Regions that a new account has enabled, and those with an instance: they must have been enabled."""
    used = {name for name, regional in dict(ec2_backends[backend.account_id]).items() if regional.reservations}
    enabled = [region for region in backend.regions if ENABLED.fullmatch(region.name) or region.name in used]
    return [region for region in enabled if region.name in region_names] if region_names else enabled


def _filter_value(interface: Any, filter_name: str, method_name: str | None = None) -> Any:
    """Interfaces can be found by their public addresses."""
    match filter_name:
        case "association.public-ip" | "addresses.association.public-ip":
            return interface.public_ip
        case "ipv6-addresses.ipv6-address":
            return interface.ipv6_addresses
    return _filter_value_as_it_comes(interface, filter_name, method_name)


def _association(interface: Any) -> dict[str, Any]:
    """An automatic address belongs to Amazon, not to the account."""
    association: dict[str, Any] = _association_as_it_comes(interface)
    if association and not association.get("allocationId"):
        association["ipOwnerId"] = "amazon"
    return association


class _NotForSpot(EC2ClientError):  # type: ignore[misc]  # Moto has no types
    def __init__(self) -> None:
        super().__init__("UnsupportedOperation", "You can't modify this attribute of a Spot Instance.")


def _modify_attribute(response: Any) -> Any:
    """Moto mistakes the shutdown behaviour for a change of groups, and allows protection of a Spot Instance."""
    request = response._get_param  # noqa: SLF001  Moto's own answers read what was asked for so
    backend, instance_id = response.ec2_backend, request("InstanceId")
    shutdown, protection = request("InstanceInitiatedShutdownBehavior.Value"), request("DisableApiTermination.Value")
    if backend.get_instance(instance_id).lifecycle == "spot" and (shutdown, protection) != (None, None):
        raise _NotForSpot
    if shutdown is None:
        return _modify_attribute_as_it_comes(response)
    backend.modify_instance_attribute(instance_id, "instance_initiated_shutdown_behavior", shutdown)
    return EmptyResult()


def _lock_snapshot(response: Any) -> ActionResult:
    """A lock of a pending snapshot begins when it is completed; Moto's snapshots are completed at once."""
    request, now = response._get_param, utcnow()  # noqa: SLF001  Moto's own answers read what was asked for so
    snapshot, days = response.ec2_backend.get_snapshot(request("SnapshotId")), int(request("LockDuration"))
    snapshot.lock = {
        "SnapshotId": snapshot.id,
        "OwnerId": snapshot.owner_id,
        "LockState": request("LockMode"),
        "LockDuration": days,
        "LockCreatedOn": now,
        "LockDurationStartTime": now,
        "LockExpiresOn": now + timedelta(days=days),
    }
    return ActionResult(snapshot.lock)


def _describe_locked_snapshots(response: Any) -> ActionResult:
    requested = response._get_param("SnapshotIds", [])  # noqa: SLF001  as above
    visible = response.ec2_backend.describe_snapshots(snapshot_ids=requested)
    return ActionResult({"Snapshots": [snapshot.lock for snapshot in visible if hasattr(snapshot, "lock")]})


def _get_console_screenshot(response: Any) -> ActionResult:
    """Every console has the same screenshot."""
    instance = response.ec2_backend.get_instance(response._get_param("InstanceId"))  # noqa: SLF001  as above
    return ActionResult({"InstanceId": instance.id, "ImageData": SCREENSHOT})


def _lookup_events(_: Any) -> ActionResult:
    """CloudTrail answers, and has no events."""
    return ActionResult({"Events": []})


_modify_attribute_as_it_comes = InstanceResponse.modify_instance_attribute
InstanceResponse.modify_instance_attribute = _modify_attribute
_account_as_it_comes = BaseResponse.get_current_account
_launch_as_it_comes = instances.Instance.__init__
_modify_as_it_comes = instances.InstanceBackend.modify_instance_security_groups
_filter_value_as_it_comes = NetworkInterface.get_filter_value
_association_as_it_comes = NetworkInterface.association.fget
BaseResponse.get_current_account = _account
instances.Instance.__init__ = _launch
instances.InstanceBackend.modify_instance_security_groups = _modify_security_groups
NetworkInterface.get_filter_value = _filter_value
NetworkInterface.association = property(_association)
RegionsAndZonesBackend.describe_regions = _describe_regions
ElasticBlockStore.lock_snapshot = _lock_snapshot
ElasticBlockStore.describe_locked_snapshots = _describe_locked_snapshots
General.get_console_screenshot = _get_console_screenshot
CloudTrailResponse.lookup_events = _lookup_events

if __name__ == "__main__":
    application = DomainDispatcherApplication(create_backend_app)
    run_simple("127.0.0.1", int(sys.argv[1]), application, threaded=True, request_handler=MotoRequestHandler)

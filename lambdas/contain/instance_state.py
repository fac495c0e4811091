"""What a release puts back beside the network: the attributes of an instance and its Auto Scaling membership."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.containment.protection import ProtectionState
from lambdas.domain.instance.instance import Instance
from lambdas.instance_clients import reader_of

# The part of the before-state that says where the instance is in Auto Scaling.
MEMBERSHIP = "group"


def read_before_state(instance: Instance) -> BeforeState:
    """The instance as it was found, with its attributes and membership. What cannot be read is named."""
    reader = reader_of(instance)
    with ThreadPoolExecutor(max_workers=3) as pool:
        answers: dict[str, Future[Any]] = {
            "termination protection": pool.submit(reader.termination_protection),
            "shutdown": pool.submit(reader.shutdown_behaviour),
            MEMBERSHIP: pool.submit(reader.membership),
        }
    read: dict[str, Any] = {}
    unread = {}
    for part, answer in answers.items():
        try:
            read[part] = answer.result()
        except (ClientError, BotoCoreError) as error:
            unread[part] = str(error)
    return BeforeState(
        instance=instance,
        termination_protection=read.get("termination protection"),
        shutdown_behaviour=read.get("shutdown", ""),
        auto_scaling=read.get(MEMBERSHIP),
        unread=unread,
    )


def read_protection_state(instance: Instance) -> ProtectionState:
    """What EC2 and Auto Scaling show now. Raises their error where they refuse."""
    reader = reader_of(instance)
    with ThreadPoolExecutor(max_workers=4) as pool:
        termination, shutdown = pool.submit(reader.termination_protection), pool.submit(reader.shutdown_behaviour)
        membership, current = pool.submit(reader.membership), pool.submit(reader.instance)
    volumes, member = current.result().volumes, membership.result()
    return ProtectionState(
        termination_protection=termination.result(),
        shutdown_behaviour=shutdown.result(),
        volumes=volumes,
        lifecycle=member.lifecycle if member else "",
    )

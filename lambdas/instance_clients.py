"""The clients of AWS for the account and Region of an instance, and the reader that uses them."""

from functools import partial
from typing import Any

from lambdas.aws import client
from lambdas.domain.instance.instance import Instance
from lambdas.instance_reader import InstanceReader


def client_for(instance: Instance, service: str) -> Any:
    """The client of a service in the account and Region of an instance."""
    return client(service, instance.region, instance.account_id)


def reader_of(instance: Instance) -> InstanceReader:
    """Reads the instance as AWS shows it now."""
    return InstanceReader(instance, partial(client_for, instance))

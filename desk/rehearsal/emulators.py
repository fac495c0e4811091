"""Runs MiniStack and Moto on free local ports for as long as the rehearsal takes."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from desk.errors import DeskError

# The responder's Region in the rehearsal. Instances are in the Regions of the mails.
HOME_REGION = "us-east-1"
# Moto's services: boto3's name, and the name in AWS_ENDPOINT_URL_…; MiniStack serves all others.
_MOTO_SERVICES = {
    "autoscaling": "AUTO_SCALING",
    "ec2": "EC2",
    "elb": "ELASTIC_LOAD_BALANCING",
    "elbv2": "ELASTIC_LOAD_BALANCING_V2",
    "iam": "IAM",
    "sts": "STS",
}
_PATIENCE_SECONDS = 60

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Emulators:
    """Two endpoints and the responder's account. `folder` holds logs and temporary files."""

    account_id: str
    ministack: str
    moto: str
    folder: Path
    _clients: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def client(self, service: str, region: str = HOME_REGION, account_id: str = "") -> Any:
        """A boto3 client for the responder's account, or another."""
        account_id = account_id or self.account_id
        if (service, region, account_id) not in self._clients:
            self._clients[service, region, account_id] = boto3.client(
                service,
                region_name=region,
                endpoint_url=self.moto if service in _MOTO_SERVICES else self.ministack,
                aws_access_key_id=account_id,  # both take a key of 12 digits for the account
                aws_secret_access_key="rehearsal",  # noqa: S106  the emulators check none
                config=Config(retries={"total_max_attempts": 2}),
            )
        return self._clients[service, region, account_id]

    def environment(self) -> dict[str, str]:
        """Environment variables that send every AWS client to the emulators."""
        return _environment(self.account_id, self.ministack, self.moto)


@contextlib.contextmanager
def running(account_id: str) -> Iterator[Emulators]:
    """Start both and wait until they answer; in the end, always stop them and their workers."""
    with tempfile.TemporaryDirectory(prefix="abuse-responder-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        ministack_port, moto_port = _free_ports(2)
        ministack, moto = f"http://127.0.0.1:{ministack_port}", f"http://127.0.0.1:{moto_port}"
        environment = {**_environment(account_id, ministack, moto), "TMPDIR": name, "PYTHONPATH": str(ROOT)}
        starts = {
            "moto": ([sys.executable, "-m", "desk.rehearsal.ec2_server", str(moto_port)], f"{moto}/moto-api/"),
            "ministack": ([sys.executable, "-m", "desk.rehearsal.ministack_server"], f"{ministack}/_ministack/health"),
        }
        processes = {
            emulator: stack.enter_context(_process(command, environment, folder / f"{emulator}.log"))
            for emulator, (command, _) in starts.items()
        }
        for emulator, (_, url) in starts.items():
            _wait_for(url, processes[emulator], folder / f"{emulator}.log")
        yield Emulators(account_id, ministack, moto, folder)


def _environment(account_id: str, ministack: str, moto: str) -> dict[str, str]:
    # The user's own AWS configuration must not leak into the rehearsal.
    own = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_"))}
    return {
        **own,
        "AWS_ACCESS_KEY_ID": account_id,
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "AWS_REGION": HOME_REGION,
        "AWS_DEFAULT_REGION": HOME_REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_ENDPOINT_URL": ministack,
        "AWS_ENDPOINT_URL_S3": ministack,
        **{f"AWS_ENDPOINT_URL_{name}": moto for name in _MOTO_SERVICES.values()},
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": ministack.rpartition(":")[2],
        "MINISTACK_ACCOUNT_ID": account_id,
        "MINISTACK_REGION": HOME_REGION,
    }


@contextlib.contextmanager
def _process(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  our own interpreter with a module of ours
            command, env=dict(environment), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        # The process group, because MiniStack runs functions in separate processes.
        end = partial(os.killpg, process.pid)
        with contextlib.suppress(ProcessLookupError):
            end(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=3)
            end(signal.SIGKILL)
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310  our own http address
                return
        except OSError:
            time.sleep(0.05)
    words = log.read_text(errors="replace")[-1500:]
    state = f"ended with status {process.returncode}" if process.returncode is not None else "does not answer"
    raise DeskError(f"the emulator at {url} {state} within {_PATIENCE_SECONDS} s. The end of its log:\n{words}")


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for listener in sockets:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in sockets]

"""Deploys the real template with the real CDK command line into the emulated account."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from desk.errors import DeskError
from desk.rehearsal.emulators import HOME_REGION, ROOT, Emulators

_CDK = ROOT / "node_modules" / ".bin" / "cdk"


@dataclass(frozen=True)
class Deployment:
    """The outputs of the stack, such as `mail_bucket` for MailBucket."""

    mail_bucket: str
    arrived_topic: str
    evidence_bucket: str
    case_table: str
    admins_topic: str
    respond_machine: str
    watch_machine: str
    ask_machine: str
    clock_machine: str
    desk_machine: str
    intake_queue: str
    dead_letters: str
    changed: bool  # whether this deployment changed anything


def synthesise(assembly: Path, overrides: Mapping[str, str]) -> None:
    """Synthesise both stacks into a folder. `overrides` replace settings of cdk.json."""
    # Synthesis looks nothing up, so it gets no credentials and no endpoint.
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_"))}
    app = ("--app", f"{sys.executable} app.py", "--output", str(assembly))
    context = [word for key, value in overrides.items() for word in ("-c", f"{key}={value}")]
    _cdk("synth", "--quiet", *app, *context, folder=ROOT, environment=environment)


def bootstrap(emulators: Emulators) -> None:
    """Bootstrap the account for the CDK."""
    # From a folder without cdk.json: the command would synthesise the app first.
    _cdk(
        "bootstrap",
        f"aws://{emulators.account_id}/{HOME_REGION}",
        folder=emulators.folder,
        environment=emulators.environment(),
    )


def deploy(emulators: Emulators, assembly: Path) -> Deployment:
    """Deploy AbuseResponder. AbuseResponderMail stays out: MiniStack knows no SES receipt rules."""
    outputs = emulators.folder / "outputs.json"
    words = _cdk(
        *("deploy", "AbuseResponder", "--app", str(assembly), "--require-approval", "never"),
        *("--outputs-file", str(outputs)),
        folder=emulators.folder,
        environment=emulators.environment(),
    )
    values = json.loads(outputs.read_text())["AbuseResponder"]
    names = [field.name for field in fields(Deployment) if field.name != "changed"]
    by_field = {name: values[name.title().replace("_", "")] for name in names}
    return Deployment(**by_field, changed="(no changes)" not in words)


def announce_intake(emulators: Emulators, assembly: Path) -> None:
    """Create AbuseResponderMail with its literal outputs only, so that the desk finds the intake address."""
    outputs = json.loads((assembly / "AbuseResponderMail.template.json").read_text())["Outputs"]
    plain = {name: output for name, output in outputs.items() if isinstance(output["Value"], str)}
    emulators.client("cloudformation").create_stack(
        StackName="AbuseResponderMail", TemplateBody=json.dumps({"Resources": {}, "Outputs": plain})
    )


def _cdk(*arguments: str, folder: Path, environment: Mapping[str, str]) -> str:
    if not _CDK.exists():
        raise DeskError(f"the CDK command line is not at {_CDK}: run `make setup` first")
    # jsii and the command line need Node, which is next to this interpreter.
    path = f"{Path(sys.executable).parent}:{environment['PATH']}"
    command = [str(_CDK), *arguments, "--no-notices", "--ci"]
    run = subprocess.run(  # noqa: S603  the pinned command line with words of ours
        command, cwd=folder, env={**environment, "PATH": path}, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise DeskError(f"`cdk {' '.join(arguments)}` failed:\n{(run.stdout + run.stderr)[-3000:]}")
    return run.stdout + run.stderr

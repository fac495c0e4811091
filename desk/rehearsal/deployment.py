"""The real template by the real CDK command line, into the emulated account."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desk.errors import DeskError
from desk.rehearsal.emulators import HOME_REGION, ROOT, Emulators

_CDK = ROOT / "node_modules" / ".bin" / "cdk"


@dataclass(frozen=True)
class Deployment:
    """The outputs of the stack: what it made, by the names that the stack gives them."""

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
    """Synthesise both stacks into a folder, with settings laid over cdk.json's; needs no emulator."""
    # Synthesis looks nothing up, so it gets no credentials and no endpoint.
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_"))}
    app = ("--app", f"{sys.executable} app.py", "--output", str(assembly))
    context = [word for key, value in overrides.items() for word in ("-c", f"{key}={value}")]
    _cdk("synth", "--quiet", *app, *context, folder=ROOT, environment=environment)


def bootstrap(emulators: Emulators) -> None:
    """Prepare the account for the CDK, as one does once in a real one."""
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
    made = json.loads(outputs.read_text())["AbuseResponder"]
    return Deployment(
        mail_bucket=made["MailBucket"],
        arrived_topic=made["ArrivedTopic"],
        evidence_bucket=made["EvidenceBucket"],
        case_table=made["CaseTable"],
        admins_topic=made["AdminsTopic"],
        respond_machine=made["RespondMachine"],
        watch_machine=made["WatchMachine"],
        ask_machine=made["AskMachine"],
        clock_machine=made["ClockMachine"],
        desk_machine=made["DeskMachine"],
        intake_queue=made["IntakeQueue"],
        dead_letters=made["DeadLetters"],
        changed="(no changes)" not in words,
    )


def announce_intake(emulators: Emulators, assembly: Path) -> None:
    """Say where mail comes in, as AbuseResponderMail would: with its outputs that are plain words, and no resource."""
    outputs = json.loads((assembly / "AbuseResponderMail.template.json").read_text())["Outputs"]
    plain = {name: output for name, output in outputs.items() if isinstance(output["Value"], str)}
    emulators.client("cloudformation").create_stack(
        StackName="AbuseResponderMail", TemplateBody=json.dumps({"Resources": {}, "Outputs": plain})
    )


def _cdk(*arguments: str, folder: Path, environment: Mapping[str, str]) -> str:
    if not _CDK.exists():
        raise DeskError(f"the CDK command line is not at {_CDK}: run `make setup` first")
    # The Node that jsii and the command line need lives beside this interpreter.
    path = f"{Path(sys.executable).parent}:{environment['PATH']}"
    command = [str(_CDK), *arguments, "--no-notices", "--ci"]
    run = subprocess.run(  # noqa: S603  the pinned command line with words of ours
        command, cwd=folder, env={**environment, "PATH": path}, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise DeskError(f"`cdk {' '.join(arguments)}` failed:\n{(run.stdout + run.stderr)[-3000:]}")
    return run.stdout + run.stderr

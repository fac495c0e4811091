"""The two stacks as app.py makes them from this repository's cdk.json, synthesised once a process."""

import atexit
import json
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# The state machines by the names of their constructs, in lower case.
MACHINES = ("respond", "watch", "ask", "release", "clock", "desk", "roster")
_HASH = re.compile(r"[0-9A-F]{8}$")  # what the CDK appends to a logical id


@dataclass(frozen=True)
class Template:
    """One stack as CloudFormation gets it."""

    file: Path
    json: dict[str, Any] = field(repr=False)

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The resources of a type by logical id."""
        return {key: resource for key, resource in self.json["Resources"].items() if resource["Type"] == kind}

    def properties(self, kind: str) -> dict[str, dict[str, Any]]:
        return {key: resource["Properties"] for key, resource in self.of(kind).items()}

    def the(self, kind: str, name: str) -> tuple[str, dict[str, Any]]:
        """The one resource of a type whose logical id is this name and a hash."""
        ((key, properties),) = [
            (key, resource) for key, resource in self.properties(kind).items() if _HASH.sub("", key) == name
        ]
        return key, properties


@dataclass(frozen=True)
class Assembly:
    responder: Template
    mail: Template
    findings: list[str]


@cache
def synthesised(**settings: str) -> Assembly:
    """With these settings laid over those of cdk.json, as `-c responder.mode=observe` does.

    `App()` reads no cdk.json outside the command line (aws-cdk#18535), so it gets the context from here.
    """
    # They take seconds to import, and who only reads a golden file needs none of them.
    from aws_cdk import App  # noqa: PLC0415

    from app import build  # noqa: PLC0415

    out = Path(tempfile.mkdtemp(prefix="cdk.out"))
    atexit.register(shutil.rmtree, out)
    laid_over = {f"responder.{name}": value for name, value in settings.items()}
    app = App(outdir=str(out), context={**json.loads((ROOT / "cdk.json").read_text())["context"], **laid_over})
    build(app)
    findings = cdk_nag(app)
    app.synth()
    responder, mail = (
        Template(file, json.loads(file.read_text()))
        for file in (out / f"{name}.template.json" for name in ("AbuseResponder", "AbuseResponderMail"))
    )
    return Assembly(responder, mail, findings)


def cdk_nag(app: Any) -> list[str]:
    """What cdk-nag finds and nobody has acknowledged, and where."""
    from cdk_nag import AwsSolutionsChecks  # noqa: PLC0415

    report = AwsSolutionsChecks(app, verbose=True).validate_scope(app)
    return [
        f"{violation.rule_name}: {where.construct_path}"
        for violation in report.violations
        for where in violation.violating_resources
    ]


def plain(value: Any) -> Any:
    """A template's value with its references written out: `${FunctionsRead.Arn}` instead of Fn::GetAtt and a hash."""
    match value:
        case {"Ref": name}:
            return f"${{{_HASH.sub('', name)}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{_HASH.sub('', name)}.{attribute}}}"
        case {"Fn::Join": [separator, parts]}:
            return separator.join(plain(part) for part in parts)
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
    return value


def golden(machine: str) -> Path:
    """Where the definition of a state machine is kept."""
    return Path(__file__).parent / "machines" / f"{machine}.asl.json"


def rendered(machine: str, **settings: str) -> dict[str, Any]:
    """A state machine's definition as Step Functions gets it, with readable names for what it calls."""
    _, made = synthesised(**settings).responder.the("AWS::StepFunctions::StateMachine", f"{machine.title()}Machine")
    definition: dict[str, Any] = json.loads(plain(made["DefinitionString"]))
    return definition


def as_text(definition: dict[str, Any]) -> str:
    return json.dumps(definition, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name in MACHINES:
        golden(name).write_text(as_text(rendered(name)))

"""The code asset: `lambdas/` and its pinned distributions, copied from this environment.

Copying needs neither Docker nor a network, and ships what the tests ran with. A distribution that is not pure Python
is refused, and so is a file that no longer has the hash recorded at its installation.
"""

import hashlib
import re
import shutil
from base64 import urlsafe_b64encode
from importlib import metadata
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_

ROOT = Path(__file__).resolve().parent.parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")


def code() -> lambda_.Code:
    """The code of every function. Handlers keep their paths in the repository."""
    return lambda_.Code.from_asset(
        str(ROOT / "lambdas"),
        asset_hash_type=AssetHashType.OUTPUT,
        bundling=BundlingOptions(image=DockerImage.from_registry("never-used"), local=_InstalledPins()),
    )


@jsii.implements(ILocalBundling)
class _InstalledPins:
    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        """Ignores its options. jsii declares them as keywords and passes one object:

        https://github.com/aws/aws-cdk/issues/26581
        """
        assemble(Path(output_dir))
        return True


def assemble(output: Path) -> None:
    """Copy the asset into a folder. Raises RuntimeError if the installed files are not the pinned ones."""
    shutil.copytree(ROOT / "lambdas", output / "lambdas", ignore=shutil.ignore_patterns("__pycache__"))
    for line in (ROOT / "lambdas" / "requirements.txt").read_text().splitlines():
        if pin := _PIN.match(line):
            _copy_distribution(pin[1], pin[2], output)


def _copy_distribution(name: str, version: str, output: Path) -> None:
    distribution = metadata.distribution(name)
    if distribution.version != version:
        raise RuntimeError(
            f"lambdas/requirements.txt pins {name}=={version}, installed is {distribution.version}: run `make setup`"
        )
    if "Root-Is-Purelib: true" not in (distribution.read_text("WHEEL") or ""):
        raise RuntimeError(f"{name} is not pure Python, so it cannot be copied to Lambda")
    for file in distribution.files or ():
        if ".." not in file.parts and file.suffix != ".pyc" and "RECORD" not in file.name:
            target = output / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_unchanged(file))


def _unchanged(file: metadata.PackagePath) -> bytes:
    """The content of an installed file. Raises RuntimeError if it was changed."""
    content = file.read_binary()
    sha256 = urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    if file.hash is None or (file.hash.mode, file.hash.value) != ("sha256", sha256):
        raise RuntimeError(f"{file.locate()} was changed after it was installed: remove .venv and run `make setup`")
    return content

"""The desk with credentials that are nobody's."""

import boto3
import pytest
from moto import mock_aws

import desk.rehearsal.ec2_server  # noqa: F401  importing it fills Moto's gaps
from tests.desk.cases import INTAKE, OUTPUTS, Deployed
from tests.samples import ACCOUNT


@pytest.fixture(autouse=True)
def _credentials(monkeypatch, tmp_path):
    """Nothing of the person's own AWS set-up."""
    for name, value in (("ACCESS_KEY_ID", "1"), ("SECRET_ACCESS_KEY", "1"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    for name in ("CONFIG_FILE", "SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(f"AWS_{name}", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it remembers the credentials of the test before


@pytest.fixture
def responder(monkeypatch):
    """A deployed responder in the account that the mails name; that its stack is read is seen end to end."""
    monkeypatch.setattr("desk.case_reader.outputs", lambda: OUTPUTS)
    for verb in ("reply", "report"):
        monkeypatch.setattr(f"desk.{verb}.intake_address", lambda: INTAKE)
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")  # reading them takes seconds
    with mock_aws():
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)  # Moto has set one of its own
        yield Deployed()

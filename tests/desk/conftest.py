"""The desk with credentials that are nobody's."""

import pytest


@pytest.fixture(autouse=True)
def _credentials(monkeypatch, tmp_path):
    """Nothing of the person's own AWS set-up."""
    for name, value in (("ACCESS_KEY_ID", "1"), ("SECRET_ACCESS_KEY", "1"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    for name in ("CONFIG_FILE", "SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(f"AWS_{name}", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)

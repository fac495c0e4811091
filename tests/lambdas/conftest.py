"""AWS for the handlers, in this process: Moto with what the rehearsal adds to it, and a context to call them with."""

import importlib
import json
import os
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

import desk.rehearsal.ec2_server  # noqa: F401  importing it fills Moto's gaps
from lambdas import aws
from lambdas.domain.settings.function_config import to_variables
from tests.samples import ACCOUNT, CASE, MAIL_BUCKET

HOME = "eu-central-1"
TABLE, EVIDENCE = "cases", "evidence"
# What the stacks give the functions, unless a test asks `configure` for something else.
CONFIG = {
    "account_id": ACCOUNT,
    "member_accounts": (),
    "member_role": "AbuseResponderContain",
    "member_external_id": "",
    "case_table": TABLE,
    "evidence_bucket": EVIDENCE,
    "mail_bucket": MAIL_BUCKET,
    "retention_days": 400,
    "regions": (HOME,),
    "snapshot_lock_days": None,
    "snapshot_copy_key": "",
    "mode": "contain",
    "method": "isolate",
    "two_step_seconds": 0,
    "protect_tag": "AbuseResponder:Protect",
    "max_instances_per_hour": 5,
    "admin_addresses": ("ada@example.com", "ben@example.com"),
    "remind_hours": (12, 6, 2, 1),
    "acknowledge_minutes": 60,
    "decide_hours": 2,
    "unanswered": "escalate",
    "trusted_forwarders": (),
    "forwarders_may_contain": False,
    "abuse_desks": (),
    "aws_contacts": (),
    "admins_topic": "none",
    "alarms_topic": "none",
    "audiences": (("en", "UTC"),),
}


@pytest.fixture(scope="session")
def _clients():
    """Clients are slow to make, so all tests share them; what a test hooks into them is taken out after it."""
    aws._cached_client.cache_clear()
    yield
    aws._cached_client.cache_clear()


@pytest.fixture
def moto(monkeypatch, _clients):
    """An empty account and the environment that the stacks give the functions. Call it for a client."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "MOTO_"))]:
        monkeypatch.delenv(name)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": HOME,
        "AWS_LAMBDA_FUNCTION_NAME": "contain",  # Lambda's own
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # reading them takes seconds
        **to_variables(CONFIG),
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield aws.client


@pytest.fixture
def configure(monkeypatch):
    """Give the functions another configuration: `configure(mode="observe")`."""

    def change(**fields):
        for name, value in to_variables(fields).items():
            monkeypatch.setenv(name, value)

    return change


@pytest.fixture
def members(moto, configure):
    """Make these accounts members; what was got for them ends with the test: `members(MEMBER)`."""

    def name(*accounts):
        configure(member_accounts=accounts, member_external_id="k7f3q9-abuse-responder")
        return moto

    yield name
    aws._cached_client.cache_clear()
    aws._session.cache_clear()


@pytest.fixture
def table(moto):
    """The case table, as stacks/case_storage.py makes it."""
    dynamodb = moto("dynamodb")
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    return dynamodb


@pytest.fixture
def buckets(moto):
    """The mail bucket and the evidence bucket, which keeps versions."""
    s3 = moto("s3")
    for name in (MAIL_BUCKET, EVIDENCE):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": HOME})
    s3.put_bucket_versioning(Bucket=EVIDENCE, VersioningConfiguration={"Status": "Enabled"})
    return s3


@pytest.fixture
def hook():
    """Be called with the parameters of every call of an operation, until the test ends or what it returns is called."""
    hooked = []

    def register(client, operation, function):
        event = f"provide-client-params.{client.meta.service_model.service_id.hyphenize()}.{operation}"

        def with_params(params, **_):
            function(params)

        client.meta.events.register(event, with_params)
        hooked.append(lambda: client.meta.events.unregister(event, with_params))
        return hooked[-1]

    yield register
    for unhook in hooked:
        unhook()


@pytest.fixture
def calls(hook):
    """Keep the parameters of every call of an operation: `calls(client, "CreateSnapshots")`."""

    def keep(client, operation):
        made = []
        hook(client, operation, made.append)
        return made

    return keep


@pytest.fixture
def refuse(hook):
    """Let AWS refuse an operation, where `when` holds of its parameters; what it returns ends the refusal."""

    def register(client, operation, code, when=lambda _: True):
        def fail(params):
            if when(params):
                raise ClientError({"Error": {"Code": code, "Message": f"{code} said AWS"}}, operation)

        return hook(client, operation, fail)

    return register


@pytest.fixture
def call():
    """Do a step as the state machine does, through the handler: `call("contain", "Find instances", case=…)`."""

    def as_json(value):
        return json.loads(json.dumps(value))

    def step(function, name, execution=f"arn:aws:states:{HOME}:{ACCOUNT}:execution:respond:one", **payload):
        context = SimpleNamespace(
            function_name=function,
            memory_limit_in_mb=1024,
            invoked_function_arn=f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:{function}",
            aws_request_id="00000000-0000-0000-0000-000000000000",
        )
        handler = importlib.import_module(f"lambdas.{function}").handler
        event = {"step": name, "execution": execution, **payload}
        return as_json(handler(as_json(event), context))

    return step


@pytest.fixture
def case():
    """The case as "Open case" hands it on, with no instance yet."""
    deadline = {"at": "2026-11-17T07:42:08+00:00", "stated": False}
    known = {"instances": [], "accounts": [], "addresses": []}
    return {"id": CASE, "authority": "ours", "joined": False, "resolved": False, "deadline": deadline, **known}

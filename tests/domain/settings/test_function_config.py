"""The configuration of the functions, from the stack into the environment and back."""

from dataclasses import replace

import pytest

from lambdas.domain.settings.function_config import (
    CaseTableConfig,
    ContainConfig,
    MembersConfig,
    ReadConfig,
    RosterConfig,
    TellConfig,
)
from lambdas.domain.settings.settings import (
    Admin,
    ContainmentMethod,
    InvalidSettings,
    Mode,
    UnansweredPolicy,
)

ADA = Admin("Ada Administrator", "ada.administrator@example.com", None, "en", "America/New_York")
READ = ReadConfig(
    case_table="${Token[TOKEN.5]}",
    retention_days=400,
    member_accounts=("444455556666",),
    mode=Mode.OBSERVE,
    method=ContainmentMethod.STOP,
    protect_tag="Protect",
    max_instances_per_hour=5,
    admin_addresses=("ada@example.com", "ben@example.com"),
    remind_hours=(12, 0.5),
    acknowledge_minutes=None,
    decide_hours=1.5,
    unanswered=UnansweredPolicy.CONTAIN,
    trusted_forwarders=(),
    forwarders_may_contain=True,
    abuse_desks=("abuse-notices@amazon.com",),
    aws_contacts=("aws-root@example.com",),
)
CONTAIN = ContainConfig(
    case_table="cases",
    retention_days=400,
    evidence_bucket="evidence",
    account_id="111122223333",
    member_accounts=(),
    member_role="Contain",
    member_external_id="",
    regions=("eu-west-1",),
    two_step_seconds=0,
    snapshot_lock_days=None,
    snapshot_copy_key="alias/forensics",
    protect_tag="Protect",
)
TELL = TellConfig(
    case_table="cases",
    retention_days=400,
    admins_topic="admins",
    alarms_topic="alarms",
    admin_addresses=("ada@example.com",),
    audiences=(("en", "UTC"), ("ja", "Asia/Tokyo")),
)
ROSTER = RosterConfig(
    case_table="cases",
    retention_days=400,
    admins_topic="admins",
    alarms_topic="alarms",
    sms_failures=("group",),
    admins=(ADA, replace(ADA, phone="+12025550123", language="ja")),
)


@pytest.mark.parametrize("config", [READ, CONTAIN, TELL, ROSTER], ids=lambda config: type(config).__name__)
def test_a_function_reads_what_the_stack_wrote(config):
    environment = config.to_environment()
    assert all(isinstance(value, str) for value in environment.values())
    assert type(config).from_environment({**environment, "AWS_REGION": "eu-west-1"}) == config


def test_a_part_is_read_from_the_environment_of_the_whole():
    environment = READ.to_environment()
    assert CaseTableConfig.from_environment(environment).case_table == READ.case_table
    assert MembersConfig.from_environment(environment) == MembersConfig(member_accounts=("444455556666",))


def test_a_placeholder_of_the_cdk_is_written_as_it_is():
    assert READ.to_environment()["CASE_TABLE"] == READ.case_table


def test_a_missing_variable_is_named():
    environment = READ.to_environment()
    del environment["MODE"]
    with pytest.raises(KeyError, match="MODE"):
        ReadConfig.from_environment(environment)


@pytest.mark.parametrize(
    ("config", "setting"),
    [
        (replace(ROSTER, admins=(ADA,) * 45), "admins"),
        (replace(READ, admin_addresses=(ADA.email,) * 150), "admins"),
        (replace(TELL, admin_addresses=(ADA.email,) * 150), "admins"),
        (replace(READ, trusted_forwarders=("forwarder.example.com",) * 200), "trusted_forwarders"),
        (replace(READ, member_accounts=("444455556666",) * 300), "members.accounts"),
        (replace(CONTAIN, regions=("ap-northeast-1",) * 300), "regions"),
    ],
)
def test_what_lambda_would_refuse_is_refused_by_the_name_of_the_setting(config, setting):
    with pytest.raises(InvalidSettings, match=rf"^responder\.{setting}: is too long, .* Lambda allows 4096$"):
        config.to_environment()

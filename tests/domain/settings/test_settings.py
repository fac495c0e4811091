"""Every rule of the settings, broken one at a time and all at once."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.settings.settings import (
    Admin,
    ContainmentMethod,
    HostedZone,
    InvalidSettings,
    MemberAccounts,
    Mode,
    RuleSetActivation,
    SentInErrorPolicy,
    Settings,
    UnansweredPolicy,
)

BLOCK = {
    "recipient": "abuse-k7f3q9@abuse-in.example.com",
    "admins": [
        {
            "name": "Ada Admin",
            "email": "ada@example.com",
            "phone": "+493012345678",
            "language": "en",
            "time_zone": "UTC",
        }
    ],
    "mode": "contain",
    "regions": "all",
    "protect_tag": "AbuseResponder:Protect",
    "max_instances_per_hour": 5,
    "trusted_forwarders": [],
    "forwarders_may_contain": False,
    "abuse_desks": [],
    "aws_contacts": [],
    "method": "isolate",
    "two_step_seconds": 0,
    "watch_minutes": [10],
    "remind_hours": [12, 6, 2, 1],
    "acknowledge_minutes": 60,
    "decide_hours": 2,
    "unanswered": "escalate",
    "sent_in_error": "offer",
    "chat_topic": False,
    "snapshot_lock_days": None,
    "snapshot_copy_key": None,
    "evidence_lock_days": None,
    "members": None,
    "retention_days": 400,
    "rule_set": {"activation": "activate-if-none", "name": "abuse-responder"},
    "hosted_zone": None,
}
SETTINGS = Settings(
    recipient="abuse-k7f3q9@abuse-in.example.com",
    admins=(Admin(name="Ada Admin", email="ada@example.com", phone="+493012345678", language="en", time_zone="UTC"),),
    mode=Mode.CONTAIN,
    regions=(),
    home_region=None,
    protect_tag="AbuseResponder:Protect",
    max_instances_per_hour=5,
    trusted_forwarders=(),
    forwarders_may_contain=False,
    abuse_desks=(),
    aws_contacts=(),
    method=ContainmentMethod.ISOLATE,
    two_step_seconds=0,
    watch_minutes=(10,),
    remind_hours=(12, 6, 2, 1),
    acknowledge_minutes=60,
    decide_hours=2,
    unanswered=UnansweredPolicy.ESCALATE,
    sent_in_error=SentInErrorPolicy.OFFER,
    chat_topic=False,
    snapshot_lock_days=None,
    snapshot_copy_key=None,
    evidence_lock_days=None,
    members=None,
    retention_days=400,
    activation=RuleSetActivation.ACTIVATE_IF_NONE,
    rule_set="abuse-responder",
    hosted_zone=None,
)
MEMBERS = {"accounts": ["444455556666", "000000000001"], "external_id": "k7f3q9-abuse-responder"}
APPEND = {"activation": "append", "name": "default-rule-set"}


def mistakes(block, overrides=None):
    with pytest.raises(InvalidSettings) as caught:
        Settings.parse(block, overrides or {})
    assert str(caught.value) == "\n".join(caught.value.mistakes)
    return caught.value.mistakes


def changed(path, value):
    """BLOCK with one value set; `path` is dotted, a number is a place in a list."""
    block = copy.deepcopy(BLOCK)
    *parents, last = path.split(".")
    inner = block
    for parent in parents:
        inner = inner[int(parent) if parent.isdigit() else parent]
    inner[int(last) if last.isdigit() else last] = value
    return block


def test_the_whole_block_is_read():
    assert Settings.parse(BLOCK, {}) == SETTINGS
    assert SETTINGS.domain == "abuse-in.example.com"


def test_what_is_left_out_takes_its_default():
    admin = {"name": "Ada Admin", "email": "ada@example.com", "phone": "+493012345678"}
    assert Settings.parse({"recipient": BLOCK["recipient"], "admins": [admin]}, {}) == SETTINGS


@pytest.mark.parametrize(
    ("path", "value", "field", "read"),
    [
        ("recipient", "a@b.example", "recipient", "a@b.example"),
        ("recipient", f"{'a' * 64}@b.example", "recipient", f"{'a' * 64}@b.example"),
        ("mode", "observe", "mode", Mode.OBSERVE),
        ("regions", ["us-east-1", "us-gov-west-1"], "regions", ("us-east-1", "us-gov-west-1")),
        ("regions", ["eusc-de-east-1"], "regions", ("eusc-de-east-1",)),
        ("home_region", "eu-central-1", "home_region", "eu-central-1"),
        ("home_region", None, "home_region", None),
        ("protect_tag", "never touch / näh", "protect_tag", "never touch / näh"),
        ("protect_tag", "x" * 128, "protect_tag", "x" * 128),
        ("max_instances_per_hour", 1, "max_instances_per_hour", 1),
        ("max_instances_per_hour", 1000, "max_instances_per_hour", 1000),
        ("trusted_forwarders", ["Lists.Example.com"], "trusted_forwarders", ("lists.example.com",)),
        (
            "trusted_forwarders",
            ["NOC+aws@msp.example", "example.org"],
            "trusted_forwarders",
            ("noc+aws@msp.example", "example.org"),
        ),
        ("forwarders_may_contain", True, "forwarders_may_contain", True),
        ("abuse_desks", ["Abuse-Notices@Amazon.com"], "abuse_desks", ("abuse-notices@amazon.com",)),
        ("aws_contacts", ["AWS-Root@example.com"], "aws_contacts", ("aws-root@example.com",)),
        ("method", "stop", "method", ContainmentMethod.STOP),
        ("two_step_seconds", 20, "two_step_seconds", 20),
        ("watch_minutes", [1, 60, 1440], "watch_minutes", (1, 60, 1440)),
        ("remind_hours", [72, 0.25], "remind_hours", (72, 0.25)),
        ("remind_hours", [], "remind_hours", ()),
        ("acknowledge_minutes", 1440, "acknowledge_minutes", 1440),
        ("acknowledge_minutes", None, "acknowledge_minutes", None),
        ("decide_hours", 0.25, "decide_hours", 0.25),
        ("unanswered", "contain", "unanswered", UnansweredPolicy.CONTAIN),
        ("sent_in_error", "release", "sent_in_error", SentInErrorPolicy.RELEASE),
        ("chat_topic", True, "chat_topic", True),
        ("snapshot_lock_days", 3650, "snapshot_lock_days", 3650),
        ("snapshot_copy_key", "alias/team/forensics", "snapshot_copy_key", "alias/team/forensics"),
        ("evidence_lock_days", 1, "evidence_lock_days", 1),
        ("members", MEMBERS, "members", MemberAccounts(("444455556666", "000000000001"), "k7f3q9-abuse-responder")),
        ("retention_days", 30, "retention_days", 30),
        ("retention_days", 3650, "retention_days", 3650),
        ("rule_set", APPEND, "rule_set", "default-rule-set"),
        ("rule_set", APPEND, "activation", RuleSetActivation.APPEND),
        ("rule_set", {"activation": "none"}, "rule_set", "abuse-responder"),
        ("rule_set", None, "activation", RuleSetActivation.ACTIVATE_IF_NONE),
        ("rule_set", {"name": "a"}, "rule_set", "a"),
        ("hosted_zone", {"id": "Z1", "name": "example.com"}, "hosted_zone", HostedZone("Z1", "example.com")),
        (
            "hosted_zone",
            {"id": "Z1", "name": "abuse-in.example.com"},
            "hosted_zone",
            HostedZone("Z1", "abuse-in.example.com"),
        ),
        ("admins.0.phone", None, "admins", (Admin("Ada Admin", "ada@example.com", None, "en"),)),
        ("admins.0.language", "ja", "admins", (Admin("Ada Admin", "ada@example.com", "+493012345678", "ja"),)),
        (
            "admins.0.time_zone",
            "Asia/Tokyo",
            "admins",
            (Admin("Ada Admin", "ada@example.com", "+493012345678", "en", "Asia/Tokyo"),),
        ),
        ("admins.0.name", "李 小龍", "admins", (Admin("李 小龍", "ada@example.com", "+493012345678", "en"),)),
    ],
)
def test_right_values(path, value, field, read):
    assert getattr(Settings.parse(changed(path, value), {}), field) == read


BAD_EMAILS = ["", "ada", "@example.com", "ada@", "a b@example.com", "ada@exa mple.com", "ada@localhost", "ada@1.2.3.4"]
BAD_EMAILS += [
    "ada@-x.example",
    "a..b@example.com",
    ".a@example.com",
    "a\n@example.com",
    "a@example.com\n",
    "Ä@b.example",
]
BAD_EMAILS += [f"{'a' * 65}@b.example", f"a@{'b.' * 127}example", "Ada <ada@example.com>", 5, None, ["a@b.example"], {}]

WRONG = [
    *[("recipient", value) for value in BAD_EMAILS],
    *[
        ("recipient", value)
        for value in ("A@b.example", "a@B.example", "a+b@c.example", "a'b@c.example", "-a@b.example")
    ],
    *[("admins.0.email", value) for value in BAD_EMAILS],
    *[("admins", value) for value in ([], None, {}, "ada@example.com", 5)],
    *[("admins.0", value) for value in (None, "ada@example.com", [], 5)],
    *[("admins.0.name", value) for value in ("", " ", " Ada", "Ada\nBcc: x@example.com", "x" * 101, None, 5)],
    *[
        ("admins.0.phone", value)
        for value in ("", "030123", "+0301234567", "+49 30 12", "+1234567890123456", "+४९३०१२३४५", 49)
    ],
    *[("admins.0.language", value) for value in ("", "de", "EN", None, 5, ["en"])],
    *[("admins.0.time_zone", value) for value in ("", "Tokyo", "asia/tokyo", "/etc/passwd", "Asia", "+09:00", None, 9)],
    *[("mode", value) for value in ("", "CONTAIN", "off", None, 5, True, ["contain"], {})],
    *[
        ("regions", value)
        for value in ([], "", "us-east-1", None, 5, ["us-east-1", "us-east-1"], ["all"], [5], ["us east"])
    ],
    *[("home_region", value) for value in ("all", "Frankfurt", ["eu-central-1"], 1, "eu-central-1 ")],
    *[("regions", value) for value in (["us-east-1a"], ["US-EAST-1"], ["*"], {"a": 1}, ["us-east-1\n"])],
    *[("protect_tag", value) for value in ("", " ", "x" * 129, "aws:x", "AWS:x", "a,b", "a\n", " a", "a*", None, 5)],
    *[("protect_tag", f"AbuseResponder:{role}") for role in ("Role", "Case", "State", "Instance")],
    *[("method", value) for value in ("", "Stop", "terminate", None, True, ["stop"])],
    *[("two_step_seconds", value) for value in (-1, 21, 1.5, "5", True, None)],
    *[("watch_minutes", value) for value in ([], 10, None, [0], [1441], [10, 10], [60, 10], ["10"], [True])],
    ("watch_minutes", list(range(1, 12))),
    *[("remind_hours", value) for value in (12, None, [0.2], [72.5], [2, 2], [1, 2], ["2"], [True], [float("nan")])],
    ("remind_hours", list(range(12, 1, -1))),
    *[("decide_hours", value) for value in (0, 72.5, "2", None, True, [2])],
    *[("unanswered", value) for value in ("ask", "", None, True)],
    *[("sent_in_error", value) for value in ("ask", "", None, True)],
    *[("acknowledge_minutes", value) for value in (0, 1441, 1.5, "60", False)],
    *[(f"{one}_lock_days", value) for one in ("snapshot", "evidence") for value in (0, 3651, 1.5, "90", True)],
    *[("snapshot_copy_key", value) for value in ("", "alias/", "alias/aws/ebs", "forensics", "alias/a b", 5, [])],
    *[("members", value) for value in ("444455556666", [], 5, True)],
    *[("max_instances_per_hour", value) for value in (0, -1, 1001, 5.0, "5", True, None, [], float("nan"))],
    *[("trusted_forwarders", value) for value in ("example.com", None, {}, True, [5], [""], ["a b"], ["localhost"])],
    *[("trusted_forwarders", [value]) for value in ("@example.com", "*.example.com", "a,b.example", "a@b@c.example")],
    *[
        ("trusted_forwarders", [value])
        for value in ("amazon.com", "x@support.aws.com", "AmazonSES.com", "a.amazonses.com")
    ],
    ("trusted_forwarders", ["example.com", "Example.com"]),
    *[("chat_topic", value) for value in ("true", 1, 0, None, [])],
    *[("abuse_desks", value) for value in ("ec2@amazon.com", None, ["x"], ["a@amazon.com", "A@amazon.com"])],
    *[("abuse_desks", [f"a@{domain}"]) for domain in ("gc.email.amazon.com", "amazon.com.evil.test", "example.com")],
    *[("aws_contacts", value) for value in ("root@example.com", None, ["example.com"], [5], ["a@b.example"] * 2)],
    *[("forwarders_may_contain", value) for value in ("true", 1, 0, None, [])],
    *[("retention_days", value) for value in (29, 3651, 400.5, "400", True, None)],
    *[("rule_set.activation", value) for value in ("", "always", "APPEND", None, True, [])],
    *[("rule_set.name", value) for value in ("", "-a", "a-", "a.b", "a b", "ä", "x" * 65, None, 5, "a\n")],
    *[("rule_set", value) for value in ("append", [], 5, True)],
    *[("hosted_zone", value) for value in ("Z1", [], 5, True)],
]


WRONG_MEMBERS = [
    *[("accounts", value) for value in ([], "444455556666", [444455556666], ["44445555666"], None)],
    ("accounts", ["444455556666", "444455556666"]),
    *[("external_id", value) for value in ("", "short", "with a blank in it", None, 5)],
]


@pytest.mark.parametrize(("key", "value"), WRONG_MEMBERS)
def test_wrong_members(key, value):
    (line,) = mistakes(changed("members", {**MEMBERS, key: value}))
    assert line.startswith(f"responder.members.{key}: must ")


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_wrong_values(path, value):
    (line,) = mistakes(changed(path, value))
    key = "responder." + path.replace(".0", "[0]")
    assert line.startswith(f"{key}: must ")
    assert "; got " in line
    assert line.isprintable()


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            changed("max_instances_per_hour", "five"),
            'responder.max_instances_per_hour: must be a whole number from 1 to 1000; got "five"; for example 5',
        ),
        (
            changed("rule_set", {"activation": "append"}),
            'responder.rule_set.name: is missing; for example "default-rule-set"',
        ),
        (
            changed("rule_set", {"activation": "append", "name": "abuse-responder"}),
            (
                "responder.rule_set.name: must name the active rule set, because rule_set.activation is append; "
                'got "abuse-responder"; for example "default-rule-set"'
            ),
        ),
        (
            changed("hosted_zone", {"id": "Z1", "name": "ample.com"}),
            (
                "responder.hosted_zone.name: must be the recipient's domain or end it; "
                'got "ample.com"; for example "abuse-in.example.com"'
            ),
        ),
        (
            changed("recipent", "a@b.example"),
            (
                "responder.recipent: no such setting, did you mean recipient?; "
                'got "a@b.example"; for example "abuse-k7f3q9@abuse-in.example.com"'
            ),
        ),
        (
            changed("rule_set.nmae", "x"),
            'responder.rule_set.nmae: no such setting, did you mean name?; got "x"; for example "abuse-responder"',
        ),
        (
            changed("admins.0.\n", 1),
            'responder.admins[0]."\\n": no such setting; got 1; known are name, email, phone, language, time_zone',
        ),
        (
            changed("admins", [BLOCK["admins"][0], {"name": "Bob", "email": "ADA@example.com"}]),
            (
                "responder.admins[1].email: must differ from responder.admins[0].email; "
                'got "ADA@example.com"; for example "second.admin@example.com"'
            ),
        ),
        (
            changed("admins.0.email", BLOCK["recipient"]),
            (
                "responder.admins[0].email: must differ from responder.recipient; "
                'got "abuse-k7f3q9@abuse-in.example.com"; for example "second.admin@example.com"'
            ),
        ),
        (None, "responder: must be an object; got null"),
        ("x" * 200, f'responder: must be an object; got "{"x" * 159}…'),
    ],
)
def test_a_mistake_in_words(block, expected):
    assert mistakes(block) == (expected,)


def test_a_number_too_long_to_print_is_named_not_printed():
    (line,) = mistakes(changed("retention_days", 10**5000))
    assert line.endswith("got a value that cannot be shown, of type int; for example 400")


def test_all_mistakes_come_at_once():
    zone = {"id": "z", "name": "other.example"}
    block = {"admins": [{"email": "x"}, 5], "mode": 1, "rule_set": {"name": "-"}, "hosted_zone": zone, "colour": "red"}
    keys = [line.partition(": ")[0] for line in mistakes(block, {"responder.retention_days": "1"})]
    assert sorted(keys) == [
        "responder.admins[0].email",
        "responder.admins[0].name",
        "responder.admins[1]",
        "responder.colour",
        "responder.hosted_zone.id",
        "responder.mode",
        "responder.recipient",
        "responder.retention_days",
        "responder.rule_set.name",
    ]


@pytest.mark.parametrize(
    ("overrides", "field", "read"),
    [
        ({"responder.mode": "observe"}, "mode", Mode.OBSERVE),
        ({"responder.max_instances_per_hour": "7"}, "max_instances_per_hour", 7),
        ({"responder.regions": "all"}, "regions", ()),
        ({"responder.home_region": "eu-central-1"}, "home_region", "eu-central-1"),
        ({"responder.regions": '["us-east-1"]'}, "regions", ("us-east-1",)),
        ({"responder.rule_set.activation": "replace"}, "activation", RuleSetActivation.REPLACE),
        ({"responder.rule_set.name": "123"}, "rule_set", "123"),
        ({"responder.rule_set": json.dumps(APPEND), "responder.rule_set.name": "theirs"}, "rule_set", "theirs"),
        (
            {"responder.hosted_zone.id": "Z1", "responder.hosted_zone.name": "example.com"},
            "hosted_zone",
            HostedZone("Z1", "example.com"),
        ),
        ({"responder.hosted_zone": "null"}, "hosted_zone", None),
        (
            {"responder.admins": '[{"name": "Bob", "email": "bob@example.com"}]'},
            "admins",
            (Admin("Bob", "bob@example.com", None, "en"),),
        ),
        ({"mode": "observe", "aws:cdk:bundling-stacks": [], "responderx.mode": "observe"}, "mode", Mode.CONTAIN),
    ],
)
def test_the_command_line_overrides(overrides, field, read):
    before = copy.deepcopy(BLOCK)
    assert getattr(Settings.parse(BLOCK, overrides), field) == read
    assert before == BLOCK  # cdk.json's own block stays as it was


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"responder.mdoe": "observe"}, "responder.mdoe: no such setting, did you mean mode?;"),
        ({"responder.mode.x": "1"}, "responder.mode.x: no such setting, responder.mode is set as a whole; got 1"),
        ({"responder.admins.0.name": "Bob"}, "responder.admins.0.name: no such setting, responder.admins is set as"),
        (
            {"responder.max_instances_per_hour": "[" * 100_000},
            "responder.max_instances_per_hour: must be a whole number",
        ),
        ({"responder.max_instances_per_hour": "9" * 5000}, "responder.max_instances_per_hour: must be a whole number"),
    ],
)
def test_mistakes_on_the_command_line(overrides, expected):
    (line,) = mistakes(BLOCK, overrides)
    assert line.startswith(expected)


KEYS = st.sampled_from([*BLOCK, "name", "email", "phone", "language", "time_zone", "activation", "id"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["append", "all", "en"])
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=8), inner, max_size=8),
    max_leaves=20,
)
OVERRIDES = st.dictionaries(
    st.builds("responder.{}".format, KEYS | st.text(max_size=8) | st.builds("{}.{}".format, KEYS, KEYS)),
    st.text(max_size=20) | JSON.map(json.dumps),
    max_size=4,
)


@given(JSON | st.fixed_dictionaries({key: st.just(value) | JSON for key, value in BLOCK.items()}), OVERRIDES)
def test_no_json_makes_anything_but_settings_or_mistakes(block, overrides):
    try:
        settings = Settings.parse(block, overrides)
    except InvalidSettings as invalid:
        lines = invalid.mistakes
    else:
        lines = ()
        assert settings.admins
    assert len(set(lines)) == len(lines)
    assert all(line.isprintable() and line.startswith("responder") for line in lines)

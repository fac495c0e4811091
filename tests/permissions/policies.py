"""What each function may do, as the templates say it, and what IAM answers when it asks.

The evaluator is MiniStack's, which evaluates a policy as IAM does. Where it does otherwise, this puts it right:

- of an ARN condition each of the six parts is compared by itself, so that no `*` reaches over a colon;
- aws:TagKeys is absent where a request has no tags: then `Null` sees it, and `ForAllValues` holds;
- an operator or a policy variable that it does not know would match nothing without a word: both are refused here.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

import atexit
import importlib.util
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from aws_cdk import App

from app import build
from lambdas.domain.settings.member_roles import CONTAIN_ROLE, RELEASE_ROLE
from tests.lambdas.conftest import EVIDENCE, HOME, TABLE
from tests.samples import ACCOUNT, MAIL_BUCKET
from tests.stacks.assembly import ROOT, Template, plain

MEMBER = "444455556666"
COPY_KEY = "alias/forensics"
LOCK_DAYS = 30
# All that adds rights. The numbers are small where the handlers really wait.
WITH_ALL = {
    "method": "stop",
    "two_step_seconds": 1,
    "sent_in_error": "release",
    "snapshot_lock_days": LOCK_DAYS,
    "snapshot_copy_key": COPY_KEY,
    "members": {"accounts": [MEMBER], "external_id": "k7f3q9-abuse-responder"},
}

# What a reference of the templates is called in the account of the tests.
_CALLED = {
    "AWS::Partition": "aws",
    "AWS::Region": HOME,
    "AdminsCases": f"arn:aws:sns:{HOME}:{ACCOUNT}:admins",
    "AdminsCases.TopicName": "admins",
    "BusDeadLetters.Arn": f"arn:aws:sqs:{HOME}:{ACCOUNT}:events",
    "BusEvents": "abuse",
    "BusEvents.Arn": f"arn:aws:events:{HOME}:{ACCOUNT}:event-bus/abuse",
    "CasebookCases": TABLE,
    "CasebookCases.StreamArn": f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/{TABLE}/stream/now",
    "CasebookCases.Arn": f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/{TABLE}",
    "CasebookEvidence": EVIDENCE,
    "CasebookEvidence.Arn": f"arn:aws:s3:::{EVIDENCE}",
    "FrontDeadLetters": f"https://sqs.{HOME}.amazonaws.com/{ACCOUNT}/dead-letters",
    "FrontDeadLetters.Arn": f"arn:aws:sqs:{HOME}:{ACCOUNT}:dead-letters",
    "FrontHealthAbuseEvents.Arn": f"arn:aws:events:{HOME}:{ACCOUNT}:rule/abuse-events",
    "FrontQueue.Arn": f"arn:aws:sqs:{HOME}:{ACCOUNT}:front",
    "HomeAccount": ACCOUNT,
    "Key.Arn": f"arn:aws:kms:{HOME}:{ACCOUNT}:key/responder",
    "MailboxMail": MAIL_BUCKET,
    "MailboxMail.Arn": f"arn:aws:s3:::{MAIL_BUCKET}",
}
_CALLED_ALIKE = (
    (r"(\w+Log)\.Arn", r"arn:aws:logs:{home}:log-group:\1:*"),
    (r"(\w+Role)\.Arn", r"arn:aws:iam::{account}:role/\1"),
    (r"(?:Functions|Front)(\w+)\.Arn", r"arn:aws:lambda:{home}:function:\1"),
    (r"(\w+)Machine", r"arn:aws:states:{home}:stateMachine:\1"),
    (r"(\w+)\.Arn", r"arn:aws:s3:::\1"),  # a bucket that no handler touches
    (r"(\w+)", r"arn:aws:sns:{home}:\1"),  # a topic that no handler publishes to
)


def _evaluator() -> Any:
    """A copy of MiniStack's module, so that nobody else's is changed."""
    spec = importlib.util.find_spec("ministack.core.iam_evaluator")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _same_arn(actual: str, expected: str) -> bool:
    parts = actual.split(":", 5), expected.split(":", 5)
    return len(parts[0]) == len(parts[1]) and all(map(_iam.fnmatch_iam_cs, *parts))


_iam = _evaluator()
for _operator in ("arnequals", "arnlike"):
    _iam._CONDITION_OPS[_operator] = _same_arn
_OPERATORS = {"null", *_iam._CONDITION_OPS}


@dataclass(frozen=True)
class Asked:
    """What IAM is asked: may this action be done to this resource? `keys` are the condition keys of the request."""

    action: str
    resource: str
    keys: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, action: str, resource: str, keys: Mapping[str, Any] | None = None) -> "Asked":
        return cls(action, resource, tuple(sorted((keys or {}).items())))


@dataclass(frozen=True)
class Grant:
    """One action on one pattern of resources that a statement allows; `statement` allows just that."""

    role: str
    action: str
    resource: str
    statement: Any = field(repr=False, compare=False)


@dataclass(frozen=True)
class Role:
    """A role of a deployment: what it may do, and who may assume it.

    `denies` are the statements of resource policies that deny everybody something.
    """

    name: str
    arn: str
    account: str
    statements: tuple[Any, ...] = field(repr=False)
    trust: Any = field(repr=False)
    denies: tuple[Any, ...] = field(repr=False)

    def answer(self, asked: Asked, statements: Iterable[Any] | None = None) -> str:
        """ "Allow", "Deny" (an explicit one) or "ImplicitDeny"."""
        chosen = self.statements if statements is None else statements
        context = {name.lower(): list(value) if isinstance(value, tuple) else value for name, value in asked.keys}
        about = _iam.EvalContext(
            principal_arn=self.arn,
            principal_type="AssumedRole",
            principal_account=self.account,
            action=asked.action,
            resource_arn=asked.resource,
            region=HOME,
            secure_transport=True,
            service_context={"aws:tagkeys": None, **context},
        )
        return str(_iam.evaluate(about, [_parsed(chosen), _parsed(self.denies)]).decision)

    def trusts(self, role: "Role", keys: Mapping[str, str]) -> bool:
        """Whether its trust policy lets another role assume it."""
        about = _iam.EvalContext(
            principal_arn=role.arn,
            principal_type="AssumedRole",
            principal_account=role.account,
            action="sts:AssumeRole",
            resource_arn="*",
            region=HOME,
            service_context={name.lower(): value for name, value in keys.items()},
        )
        return bool(_iam.evaluate_trust_policy(self.trust, role.arn, about))

    def grants(self) -> Iterator[Grant]:
        for statement in self.statements:
            if statement["Effect"] == "Allow":
                for action in _listed(statement["Action"]):
                    for resource in _listed(statement["Resource"]):
                        narrow = {**statement, "Action": action, "Resource": resource}
                        yield Grant(self.name, action, resource, narrow)


@dataclass(frozen=True)
class Deployment:
    """The stacks with these settings. A role is named after its function, machine or member: see `roles`."""

    name: str
    templates: tuple[Template, ...] = field(repr=False)
    member: Template | None = field(repr=False)

    @cached_property
    def anybody(self) -> Role:
        """Someone in the home account whose own policies allow everything, such as an administrator."""
        denies = tuple(_denies(self.templates[0]))
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        return Role("anybody", f"arn:aws:iam::{ACCOUNT}:role/anybody", ACCOUNT, (everything,), None, denies)

    def lets(self, service: str, asked: Asked) -> bool:
        """Whether the policy of a queue, topic or bucket itself lets an AWS service do this."""
        about = _iam.EvalContext(
            principal_arn="",
            principal_type="Service",
            principal_account="",
            action=asked.action,
            resource_arn=asked.resource,
            region=HOME,
            secure_transport=True,
            service_context={"aws:principalarn": None, **{name.lower(): value for name, value in asked.keys}},
        )
        policies = _resource_policies(self.templates[0])
        statements = [statement for statement in policies if asked.resource.startswith(_resource(statement))]
        document = {"Statement": [_for_services(statement) for statement in statements]}
        return bool(_iam.evaluate_resource_policy(document, about, service=service).decision == "Allow")

    @cached_property
    def roles(self) -> dict[str, Role]:
        """ "contain" for a function, "machine respond" for a state machine, the role's own name in a member account."""
        found = {}
        for template in self.templates:
            denies = tuple(_denies(template))
            for function in template.properties("AWS::Lambda::Function").values():
                if named := re.fullmatch(r"lambdas\.(\w+)\.handler", function["Handler"]):
                    found[named[1]] = _role(template, named[1], function["Role"], ACCOUNT, denies)
            for key, machine in template.properties("AWS::StepFunctions::StateMachine").items():
                name = f"machine {_machine_name(key)}"
                found[name] = _role(template, name, machine["RoleArn"], ACCOUNT, denies)
        for key, role in self.member.properties("AWS::IAM::Role").items() if self.member else ():
            if role["RoleName"] in MEMBERS_ROLES:
                found[role["RoleName"]] = _role(self.member, role["RoleName"], key, MEMBER, ())
        return found

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the functions; no two of them give a name two values."""
        found: dict[str, str] = {}
        for function in self.templates[0].properties("AWS::Lambda::Function").values():
            if function["Handler"].startswith("lambdas."):
                given = _in_the_account(function.get("Environment", {}).get("Variables", {}), ACCOUNT)
                for name, value in given.items():
                    if name != "MEMBER_ROLE":  # each function has its own
                        assert found.setdefault(name, value) == value, name
        return found

    def definition(self, machine: str) -> dict[str, Any]:
        """A state machine's definition, with the names that tests/execution.py knows for what it calls."""
        (found,) = [
            properties["DefinitionString"]
            for key, properties in self.templates[0].properties("AWS::StepFunctions::StateMachine").items()
            if _machine_name(key) == machine
        ]
        definition: dict[str, Any] = json.loads(plain(found))
        return definition


# A member's roles, and the function at home that assumes each.
MEMBERS_ROLES = {CONTAIN_ROLE: "contain", RELEASE_ROLE: "release"}


@cache
def deployed(name: str) -> Deployment:
    """ "as it comes" or "with all": the stacks of cdk.json, or with everything set that adds rights."""
    out = Path(tempfile.mkdtemp(prefix="cdk.out"))
    atexit.register(shutil.rmtree, out)
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    context["responder"] |= WITH_ALL if name == "with all" else {}
    # The code is not looked at, so it need not be laid out.
    app = App(outdir=str(out), context={**context, "aws:cdk:bundling-stacks": []})
    build(app)
    app.synth()
    files = {file.name.removesuffix(".template.json"): file for file in out.glob("*.template.json")}
    read = {key: Template(file, json.loads(file.read_text())) for key, file in files.items()}
    member = read.pop("AbuseResponderMember", None)
    return Deployment(name, (read["AbuseResponder"], read["AbuseResponderMail"]), member)


def _role(template: Template, name: str, reference: Any, account: str, denies: tuple[Any, ...]) -> Role:
    key = reference["Fn::GetAtt"][0] if isinstance(reference, dict) else reference
    properties = template.properties("AWS::IAM::Role")[key]
    assert "ManagedPolicyArns" not in properties, f"{name} has rights that stand in no template"
    written = [
        *(inline_policy["PolicyDocument"] for inline_policy in properties.get("Policies", ())),
        *(
            resource["PolicyDocument"]
            # What is too long for a policy of the role's own, the CDK moves into a managed one.
            for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
            for resource in template.properties(kind).values()
            if {"Ref": key} in resource.get("Roles", ())
        ),
    ]
    statements = [statement for document in written for statement in _in_the_account(document["Statement"], account)]
    own = properties.get("RoleName") or re.sub("[0-9A-F]{8}$", "", key)
    trust = _in_the_account(properties["AssumeRolePolicyDocument"], account)
    return Role(name, f"arn:aws:iam::{account}:role/{own}", account, tuple(map(_known, statements)), trust, denies)


def _denies(template: Template) -> Iterator[Any]:
    """What the policies of buckets, queues and topics deny everybody."""
    for statement in _resource_policies(template):
        if statement["Effect"] == "Deny":
            assert statement["Principal"] in ("*", {"AWS": "*"})
            yield _known(statement)


def _resource_policies(template: Template) -> Iterator[Any]:
    """The statements of these policies. A role with a name of its own is called by that."""
    named = {
        f"role/{re.sub('[0-9A-F]{8}$', '', key)}": f"role/{role['RoleName']}"
        for key, role in template.properties("AWS::IAM::Role").items()
        if "RoleName" in role
    }
    for kind in ("AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"):
        for policy in template.properties(kind).values():
            text = json.dumps(_in_the_account(policy["PolicyDocument"]["Statement"], ACCOUNT))
            for role, name in named.items():
                text = text.replace(f'{role}"', f'{name}"')
            yield from json.loads(text)


def _resource(statement: Any) -> str:
    """What a statement of a resource policy is about: it stands in the policy of that resource only."""
    return str(_listed(statement["Resource"])[0]).split("/", 1)[0]


def _for_services(statement: Any) -> Any:
    """ "*" means services too; the evaluator takes it for principals of accounts."""
    anybody = statement["Principal"] in ("*", {"AWS": "*"})
    return {**statement, "Principal": "*"} if anybody else statement


def _known(statement: Any) -> Any:
    """The statement, if the evaluator knows all that stands in it."""
    assert set(statement) <= {"Sid", "Effect", "Action", "Resource", "Principal", "Condition"}, statement
    for operator in statement.get("Condition", {}):
        plain_operator = re.sub("ifexists$", "", operator.lower()).rpartition(":")[2]
        assert plain_operator in _OPERATORS, f"nobody here knows the operator {operator}"
    assert "${" not in json.dumps(statement), f"nobody here knows policy variables: {statement}"
    return statement


def _in_the_account(value: Any, account: str) -> Any:
    text = json.dumps(plain(value))
    return json.loads(re.sub(r"\$\{([^}]+)\}", lambda found: _called(found[1], account), text))


def _called(reference: str, account: str) -> str:
    if reference == "AWS::AccountId":
        return account
    if reference in _CALLED:
        return _CALLED[reference]
    for pattern, name in _CALLED_ALIKE:
        if re.fullmatch(pattern, reference):
            called = name.format(home=f"{HOME}:{account}", account=account)
            return re.sub(pattern, called, reference)
    raise LookupError(f"{reference} has no name in the tests' account")


def _machine_name(key: str) -> str:
    return re.sub(r"Machine[0-9A-F]{8}$", "", key).lower()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_PARSED: dict[int, Any] = {}


def _parsed(statements: Iterable[Any]) -> list[Any]:
    """As the evaluator reads them; each statement is read once."""
    found = []
    for statement in statements:
        if id(statement) not in _PARSED:
            _PARSED[id(statement)] = (statement, _iam.parse_policy_document({"Statement": [statement]}))
        found += _PARSED[id(statement)][1]
    return found

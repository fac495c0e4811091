"""The way in for mail: SES receives for the recipient's domain, stores each mail and reports it."""

from aws_cdk import CfnOutput, CustomResource, Duration, Environment, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from constructs import Construct

from lambdas.domain.intake.arrival import MAIL_PREFIX
from lambdas.domain.settings.settings import HostedZone, RuleSetActivation, Settings
from stacks.function_builder import acknowledge_resources, make_function
from stacks.receipt_rule import RULE_NAME


class AbuseResponderMail(Stack):
    """The receipt rule and its activation, in the account and Region of `AbuseResponder`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        bucket: s3.IBucket,
        arrived: sns.ITopic,
        code: lambda_.Code,
        env: Environment | None = None,
    ) -> None:
        super().__init__(scope, construct_id, env=env, description="Receives the mails that AWS sends about abuse")
        self.settings = settings
        self.identity = ses.EmailIdentity(self, "Domain", identity=ses.Identity.domain(settings.domain))
        rule = self._rule(bucket, arrived)
        activation = self._activation(code)
        if settings.activation is RuleSetActivation.APPEND:
            rule.node.add_dependency(activation)  # it fails if the named set is not active
        else:
            own = ses.CfnReceiptRuleSet(self, "RuleSet", rule_set_name=settings.rule_set)
            rule.add_resource_dependency(own)
            # A set without our rule would bounce the mail, and SES cannot delete an active set.
            activation.node.add_dependency(rule)
        if settings.hosted_zone:
            self._records(settings.hosted_zone)
        self._outputs(activation)

    def _rule(self, bucket: s3.IBucket, arrived: sns.ITopic) -> ses.CfnReceiptRule:
        """Store and notify. Without `after` SES puts the rule first, so no other rule can stop before it.

        https://docs.aws.amazon.com/ses/latest/APIReference/API_CreateReceiptRule.html
        CDK's S3 action would let every rule of the account write to the bucket. A KMS key here would mean client-side
        encryption, which boto3 cannot read; the bucket encrypts by default.
        """
        store = ses.CfnReceiptRule.S3ActionProperty(
            bucket_name=bucket.bucket_name, object_key_prefix=MAIL_PREFIX, topic_arn=arrived.topic_arn
        )
        return ses.CfnReceiptRule(
            self,
            "Intake",
            rule_set_name=self.settings.rule_set,
            rule=ses.CfnReceiptRule.RuleProperty(
                name=RULE_NAME,
                enabled=True,
                recipients=[self.settings.recipient],
                tls_policy="Require",
                scan_enabled=True,
                actions=[ses.CfnReceiptRule.ActionProperty(s3_action=store)],
            ),
        )

    def _activation(self, code: lambda_.Code) -> CustomResource:
        """CloudFormation cannot activate a rule set: https://github.com/aws/aws-cdk/issues/10321.

        The function answers CloudFormation itself, without the second function of CDK's provider framework.
        """
        look, switch = "ses:DescribeActiveReceiptRuleSet", "ses:SetActiveReceiptRuleSet"
        permission = iam.PolicyStatement(
            actions=[look] if self.settings.activation is RuleSetActivation.NONE else [look, switch],
            resources=["*"],  # these calls have no resource type
        )
        activate = make_function(
            self, "ActivateRuleSet", code=code, handler="lambdas.activate_rule_set.handler", permissions=[permission]
        )
        acknowledge_resources(self, "*", reason="SES's active rule set is not an IAM resource")
        return CustomResource(
            self,
            "Activation",
            resource_type="Custom::ActiveRuleSet",
            service_token=activate.function_arn,
            service_timeout=Duration.minutes(5),  # if the function cannot start; CloudFormation's default is 1 h
            properties={"Mode": self.settings.activation.value, "RuleSet": self.settings.rule_set},
        )

    def _records(self, zone: HostedZone) -> None:
        """The MX record, and the DKIM records that show SES who owns the domain."""
        route53.MxRecord(
            self,
            "Mx",
            zone=route53.HostedZone.from_hosted_zone_attributes(
                self, "Zone", hosted_zone_id=zone.id, zone_name=zone.name
            ),
            record_name=f"{self.settings.domain}.",
            values=[route53.MxRecordValue(host_name=f"inbound-smtp.{self.region}.amazonaws.com", priority=10)],
        )
        for n, record in enumerate(self.identity.dkim_records, start=1):
            # CnameRecord would append the zone's name, as it cannot see a name that is known only at deployment.
            route53.CfnRecordSet(
                self,
                f"Dkim{n}",
                hosted_zone_id=zone.id,
                name=record.name,
                type="CNAME",
                ttl="1800",
                resource_records=[record.value],
            )

    def _outputs(self, activation: CustomResource) -> None:
        settings, by_hand = self.settings, self.settings.hosted_zone is None
        make = "Create this DNS record" if by_hand else "This DNS record was created"
        CfnOutput(
            self, "IntakeAddress", value=settings.recipient, description="Forward AWS's abuse mails to this address"
        )
        CfnOutput(
            self,
            "MxRecord",
            value=f"{settings.domain} MX 10 inbound-smtp.{self.region}.amazonaws.com",
            description=f"{make}: it delivers mail for the address to SES",
        )
        for n, record in enumerate(self.identity.dkim_records if by_hand else (), start=1):
            CfnOutput(
                self,
                f"DkimRecord{n}",
                value=f"{record.name} CNAME {record.value}",
                description=f"{make}: SES needs all three to verify the domain",
            )
        CfnOutput(
            self, "ActiveRuleSet", value=activation.get_att_string("Words"), description="What was done in SES, and why"
        )
        CfnOutput(self, "NextSteps", value=self._next_steps(), description="What to do next, in this order")

    def _next_steps(self) -> str:
        settings = self.settings
        verified = f"aws sesv2 get-email-identity --email-identity {settings.domain} --region {self.region}"
        activate = f"aws ses set-active-receipt-rule-set --rule-set-name {settings.rule_set} --region {self.region}"
        steps = []
        if settings.hosted_zone is None:
            steps.append("Create the MX record and the three CNAME records above.")
        if settings.activation is RuleSetActivation.NONE:
            steps.append(f"Activate the rule set, which replaces any active one: {activate}")
        steps += [
            f'Wait until VerificationStatus is "SUCCESS": {verified} --query VerificationStatus',
            f"Send a mail to {settings.recipient}: every admin is told about it.",
            "Forward AWS's mails to each account's root and security contact to the same address.",
        ]
        return " ".join(f"{n}. {step}" for n, step in enumerate(steps, start=1))

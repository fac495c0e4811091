"""The receipt rule's name, which the mail stack creates and the other stack's policies allow."""

from typing import Final

from aws_cdk import Stack

from lambdas.domain.settings.settings import Settings

RULE_NAME: Final = "abuse-responder-intake"


def receipt_rule_arn(stack: Stack, settings: Settings) -> str:
    """The rule's ARN, SES's `aws:SourceArn`. Not a reference: the policies must exist before SES accepts the rule.

    https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html
    """
    return stack.format_arn(
        service="ses", resource="receipt-rule-set", resource_name=f"{settings.rule_set}:receipt-rule/{RULE_NAME}"
    )

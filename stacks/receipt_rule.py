"""The receipt rule by name: the mail stack makes it, and the policies of the other stack let nobody else in."""

from typing import Final

from aws_cdk import Stack

from lambdas.domain.settings.settings import Settings

RULE_NAME: Final = "abuse-responder-intake"
MAIL_PREFIX: Final = "mail/"  # the keys that the rule writes in the mail bucket


def receipt_rule_arn(stack: Stack, settings: Settings) -> str:
    """The rule's ARN, which SES gives as `aws:SourceArn`; with `append` the rule set in it is somebody else's.

    Written out instead of referred to: the policies must be there before SES accepts the rule.
    https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html
    """
    return stack.format_arn(
        service="ses", resource="receipt-rule-set", resource_name=f"{settings.rule_set}:receipt-rule/{RULE_NAME}"
    )

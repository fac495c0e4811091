"""SNS's sandbox for SMS, which Moto has not: importing this adds it. An account is out of it unless a test says so.

https://docs.aws.amazon.com/sns/latest/api/API_GetSMSSandboxAccountStatus.html
https://docs.aws.amazon.com/sns/latest/api/API_ListSMSSandboxPhoneNumbers.html
"""

from moto.core.responses import ActionResult
from moto.sns.responses import SNSResponse


class Sandbox:
    """Whether the account is in it, and the numbers that it sends to with their status."""

    inside = False
    numbers: dict[str, str] = {}  # noqa: RUF012  a test sets another one

    @classmethod
    def holds(cls, **numbers: str) -> None:
        """Put the account into it, with these numbers: `holds(**{"+12025550123": "Verified"})`."""
        cls.inside, cls.numbers = True, numbers

    @classmethod
    def lets_go(cls) -> None:
        cls.inside, cls.numbers = False, {}


def _status(_: SNSResponse) -> ActionResult:
    return ActionResult({"IsInSandbox": Sandbox.inside})


def _numbers(_: SNSResponse) -> ActionResult:
    return ActionResult(
        {"PhoneNumbers": [{"PhoneNumber": one, "Status": status} for one, status in Sandbox.numbers.items()]}
    )


SNSResponse.get_sms_sandbox_account_status = _status
SNSResponse.list_sms_sandbox_phone_numbers = _numbers

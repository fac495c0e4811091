"""What a notice may do to the cases: only AWS, writing about an account of ours, changes one."""

from collections.abc import Collection
from enum import StrEnum

from lambdas.domain.intake.notice import Notice, Proof


class Authority(StrEnum):
    """The power of a notice over cases; the state machine matches these values."""

    OURS = "ours"  # from AWS, about our accounts or none in particular: opens, changes and ends cases, starts clocks
    OTHER_ACCOUNT = "other_account"  # from AWS, but only about accounts that are not ours: changes nothing
    STRANGER = "stranger"  # not proven to be from AWS: changes nothing; an admin can approve what it asks for


def authority_of(notice: Notice, proof: Proof, accounts: Collection[str], *, from_health: bool) -> Authority:
    """What this notice may do. `accounts` are the home account and its members.

    An event of AWS Health reaches us only from our own account or organisation, so it needs no comparison of accounts.
    Amazon's other mail, such as a gift card or that of a sender at AWS that we do not know, is a stranger's.
    """
    if not proof.changes_cases:
        return Authority.STRANGER
    if from_health or not notice.account_ids or set(notice.account_ids) & set(accounts):
        return Authority.OURS
    return Authority.OTHER_ACCOUNT

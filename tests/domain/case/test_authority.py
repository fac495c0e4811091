"""Who may change a case: AWS about our accounts, and nobody else."""

import pytest

from lambdas.domain.case.authority import Authority, authority_of
from tests.samples import ACCOUNT, FORWARDED, PROVEN, UNPROVEN, notice

MEMBER, FOREIGN = "444455556666", "666666666666"


def authority(proof=PROVEN, accounts=(ACCOUNT,), *, from_health=False):
    return authority_of(notice(account_ids=accounts), proof, (ACCOUNT, MEMBER), from_health=from_health)


@pytest.mark.parametrize("accounts", [(), (ACCOUNT,), (MEMBER,), (FOREIGN, MEMBER)])
def test_aws_writing_about_our_accounts_has_all_power(accounts):
    assert authority(accounts=accounts) is Authority.OURS


def test_aws_writing_about_another_account_has_none():
    assert authority(accounts=(FOREIGN,)) is Authority.OTHER_ACCOUNT


@pytest.mark.parametrize("proof", [UNPROVEN, FORWARDED])
@pytest.mark.parametrize("accounts", [(), (ACCOUNT,), (FOREIGN,)])
def test_a_stranger_has_none_whatever_the_mail_names(proof, accounts):
    assert authority(proof, accounts) is Authority.STRANGER


def test_an_event_of_aws_health_came_to_us():
    assert authority(accounts=(FOREIGN,), from_health=True) is Authority.OURS

"""Where to search: the accounts that a notice may mean and their Regions, many of them queried at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.aws import client, member_accounts
from lambdas.domain.instance.search import AccountRegion, shortened
from lambdas.domain.phrase import Phrase, phrase
from lambdas.domain.settings.function_config import ContainConfig
from lambdas.load_config import load_config

Answer = TypeVar("Answer")

# Lambda allows 1024 threads: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MOST_AT_ONCE = 64
# A client costs 25 ms of processor time, so more would take longer than the step may. Only a notice that names neither
# account nor Region comes near, with a dozen member accounts.
_MOST_PLACES = 200


@dataclass
class SearchScope:
    """The accounts in the order in which they are searched, with their Regions.

    `refused` says why the Regions of an account are unknown. `foreign` are accounts in the notice that are not ours.
    """

    accounts: tuple[tuple[str, ...], ...]
    foreign: tuple[str, ...]
    refused: dict[AccountRegion, Phrase] = field(default_factory=dict)
    _regions: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, named: Iterable[str], home: str) -> "SearchScope":
        """The accounts that a notice names; where it names none of ours, the home account and then all members.

        So a misread number does not hide an instance. The policy checks the account as well.
        """
        members = member_accounts()
        named = tuple(dict.fromkeys(named))
        ours = tuple(account for account in named if account in {home, *members})
        return cls(
            accounts=(ours,) if ours else tuple(filter(None, ((home,), members))),
            foreign=tuple(account for account in named if account not in ours),
        )

    def regions_of(self, accounts: Iterable[str]) -> list[AccountRegion]:
        """Every Region of these accounts that the settings allow, else every one that the account has enabled."""
        unknown = [AccountRegion(account, "") for account in accounts if account not in self._regions]
        if regions := load_config(ContainConfig).regions:
            self._regions.update({place.account_id: list(regions) for place in unknown})
        elif unknown:
            enabled, refused = query_regions(unknown, _enabled_regions)
            self._regions.update({account.account_id: regions for account, regions in enabled.items()})
            self._regions.update({account.account_id: [] for account in refused})
            self.refused.update(refused)
        return [AccountRegion(account, region) for account in accounts for region in self._regions[account]]


def query_regions(
    places: Iterable[AccountRegion], ask: Callable[[AccountRegion], Answer], *, seconds: float | None = None
) -> tuple[dict[AccountRegion, Answer], dict[AccountRegion, Phrase]]:
    """Query all at once: the answers, and the reason where there is none. A Region may take so many `seconds`."""
    wanted = list(places)
    pool = ThreadPoolExecutor(max_workers=_MOST_AT_ONCE)
    asked = {place: pool.submit(ask, place) for place in wanted[:_MOST_PLACES]}
    done, _ = wait(asked.values(), timeout=seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    answers: dict[AccountRegion, Answer] = {}
    refused = dict.fromkeys(wanted[_MOST_PLACES:], phrase("search:no_time", most=_MOST_PLACES))
    for place, answer in asked.items():
        if answer not in done:
            refused[place] = phrase("search:no_answer", seconds=f"{seconds:g}")
            continue
        try:
            answers[place] = answer.result()
        except (ClientError, BotoCoreError) as error:
            refused[place] = shortened(str(error))
    return answers, refused


def _enabled_regions(place: AccountRegion) -> list[str]:
    answer = client("ec2", None, place.account_id).describe_regions()
    return [region["RegionName"] for region in answer["Regions"]]

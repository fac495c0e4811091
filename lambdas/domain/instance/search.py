"""Where something was looked for: the accounts, their Regions, and what AWS would not show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambdas.domain.phrase import Phrase, combined, phrase, verbatim

# What is said of each missing instance goes through Step Functions, which fails beyond 256 KiB and cannot catch that:
# a search of many accounts must not outgrow it, whatever they answer.
MOST_REFUSALS = 5
MOST_WORDS = 200


@dataclass(frozen=True, slots=True, order=True)
class AccountRegion:
    """A Region of an account. `region` empty means the whole account: not even its Regions are known."""

    account_id: str
    region: str

    @property
    def label(self) -> Phrase:
        """What people call it."""
        if not self.region:
            return phrase("place:account", account=self.account_id)
        return phrase("place:region", region=self.region, account=self.account_id)


@dataclass(frozen=True, slots=True)
class SearchedRegions:
    """Accounts in which the same Regions were looked at."""

    accounts: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Where was looked, and where AWS refused, with AWS's words.

    `unknown_accounts` are accounts that the notice names and that are neither the responder's own nor a member's.
    """

    searched: tuple[SearchedRegions, ...]
    refused: tuple[Phrase, ...]
    unknown_accounts: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, looked: Iterable[AccountRegion], refused: Mapping[AccountRegion, Phrase], foreign: Sequence[str] = ()
    ) -> "Search":
        """The search that looked at these places and was refused at those."""
        regions: dict[str, list[str]] = {}
        for place in looked:
            regions.setdefault(place.account_id, []).append(place.region)
        accounts: dict[tuple[str, ...], list[str]] = {}
        for account, theirs in regions.items():
            accounts.setdefault(tuple(sorted(theirs)), []).append(account)
        return cls(
            searched=tuple(SearchedRegions(tuple(same), theirs) for theirs, same in accounts.items()),
            refused=_shortly(refused),
            unknown_accounts=tuple(foreign),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Search":
        """The search that `asdict` was made of."""
        return cls(
            searched=tuple(
                SearchedRegions(tuple(regions["accounts"]), tuple(regions["regions"])) for regions in data["searched"]
            ),
            refused=tuple(map(Phrase.from_json, data["refused"])),
            unknown_accounts=tuple(data["unknown_accounts"]),
        )

    @property
    def account_regions(self) -> list[AccountRegion]:
        """Every place that was looked at."""
        return [
            AccountRegion(account, region)
            for same in self.searched
            for account in same.accounts
            for region in same.regions
        ]

    @property
    def summary(self) -> Phrase:
        """Where was looked and where not, for people."""
        looked = [_searched(regions) for regions in self.searched] or [phrase("search:nothing")]
        return combined(*looked, *self.refused)


def shortened(words: str) -> Phrase:
    """Words of AWS, cut where they are long."""
    return verbatim(" ".join(words.split())[:MOST_WORDS])


def _shortly(refused: Mapping[AccountRegion, Phrase]) -> tuple[Phrase, ...]:
    """The refusals, those with the same words together, so that there are few."""
    places: dict[Phrase, list[AccountRegion]] = {}
    for place in sorted(refused):
        places.setdefault(refused[place], []).append(place)
    shown = [
        phrase("search:refused", places=_together(same), why=why) for why, same in list(places.items())[:MOST_REFUSALS]
    ]
    rest = list(places.values())[MOST_REFUSALS:]
    if rest:
        shown.append(phrase("search:more_refused", count=sum(map(len, rest))))
    return tuple(shown)


def _together(places: Sequence[AccountRegion]) -> Phrase | tuple[Phrase, ...]:
    shown = tuple(place.label for place in places[:3])
    return shown if len(places) <= 3 else phrase("and_more", shown=shown, count=len(places) - 3)


def _searched(regions: SearchedRegions) -> Phrase:
    if len(regions.regions) <= 3:
        return phrase("search:looked", regions=regions.regions, accounts=regions.accounts)
    return phrase("search:looked_many", count=len(regions.regions), accounts=regions.accounts)

"""Where something was looked for: the accounts, their Regions, and what AWS would not show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What is said of each missing instance goes through Step Functions, which fails beyond 256 KiB and cannot catch that:
# a search of many accounts must not outgrow it, whatever they answer.
MOST_REFUSALS = 5
MOST_WORDS = 200


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A Region of an account. `region` empty means the whole account: not even its Regions are known."""

    account_id: str
    region: str

    def __str__(self) -> str:
        return f"{self.region} of {self.account_id}" if self.region else f"account {self.account_id}"


@dataclass(frozen=True, slots=True)
class Looked:
    """Accounts in which the same Regions were looked at."""

    accounts: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Where was looked, and where AWS refused: the places in words, with AWS's words.

    `foreign` are accounts that the notice names and that are neither the responder's own nor a member's.
    """

    looked: tuple[Looked, ...]
    refused: Mapping[str, str]
    foreign: tuple[str, ...] = ()

    @classmethod
    def of(cls, looked: Iterable[Place], refused: Mapping[Place, str], foreign: Sequence[str] = ()) -> "Search":
        """The search that looked at these places and was refused at those."""
        regions: dict[str, list[str]] = {}
        for place in looked:
            regions.setdefault(place.account_id, []).append(place.region)
        accounts: dict[tuple[str, ...], list[str]] = {}
        for account, theirs in regions.items():
            accounts.setdefault(tuple(sorted(theirs)), []).append(account)
        return cls(
            looked=tuple(Looked(tuple(same), theirs) for theirs, same in accounts.items()),
            refused=_shortly(refused),
            foreign=tuple(foreign),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Search":
        """The search that `asdict` was made of."""
        return cls(
            looked=tuple(Looked(tuple(one["accounts"]), tuple(one["regions"])) for one in data["looked"]),
            refused=dict(data["refused"]),
            foreign=tuple(data["foreign"]),
        )

    @property
    def places(self) -> list[Place]:
        """Every place that was looked at."""
        return [Place(account, region) for same in self.looked for account in same.accounts for region in same.regions]

    @property
    def words(self) -> str:
        """Where was looked and where not, for people."""
        looked = [f"{_counted(one.regions)} of {', '.join(one.accounts)} looked at" for one in self.looked]
        refused = [f"{where} could not be looked at: {words}" for where, words in self.refused.items()]
        return "; ".join((*(looked or ["nothing looked at"]), *refused))


def _shortly(refused: Mapping[Place, str]) -> dict[str, str]:
    """The refusals by the places in words, those with the same words together, so that there are few."""
    places: dict[str, list[Place]] = {}
    for place, words in sorted(refused.items()):
        places.setdefault(" ".join(words.split())[:MOST_WORDS], []).append(place)
    shown = {_together(same): words for words, same in list(places.items())[:MOST_REFUSALS]}
    rest = list(places.values())[MOST_REFUSALS:]
    if rest:
        shown[f"{sum(map(len, rest))} more"] = "in other words"
    return shown


def _together(places: Sequence[Place]) -> str:
    shown = ", ".join(map(str, places[:3]))
    return shown if len(places) <= 3 else f"{shown} and {len(places) - 3} more"


def _counted(regions: Sequence[str]) -> str:
    return ", ".join(regions) if len(regions) <= 3 else f"{len(regions)} Regions"

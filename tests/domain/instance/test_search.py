"""Where was looked, in words that stay short whatever many accounts answer."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.instance.search import MOST_REFUSALS, AccountRegion, Search, shortened
from lambdas.domain.phrase import verbatim
from tests.samples import ACCOUNT, english

MEMBER, OTHER = "444455556666", "777788889999"
REGIONS = [f"eu-west-{number}" for number in range(17)]


def everywhere(*accounts):
    return [AccountRegion(account, region) for account in accounts for region in REGIONS]


@pytest.mark.parametrize(
    ("looked", "refused", "words"),
    [
        ([AccountRegion(ACCOUNT, "eu-west-1")], {}, f"eu-west-1 of {ACCOUNT} searched"),
        (everywhere(ACCOUNT), {}, f"17 Regions of {ACCOUNT} searched"),
        (everywhere(ACCOUNT, MEMBER), {}, f"17 Regions of {ACCOUNT}, {MEMBER} searched"),
        (
            [*everywhere(ACCOUNT), AccountRegion(MEMBER, "eu-west-1")],
            {AccountRegion(MEMBER, "us-east-1"): verbatim("AuthFailure")},
            (
                f"17 Regions of {ACCOUNT} searched; eu-west-1 of {MEMBER} searched; "
                f"us-east-1 of {MEMBER} could not be searched: AuthFailure"
            ),
        ),
        (
            [AccountRegion(ACCOUNT, "eu-west-1")],
            {AccountRegion(MEMBER, ""): verbatim("AccessDenied")},
            f"eu-west-1 of {ACCOUNT} searched; account {MEMBER} could not be searched: AccessDenied",
        ),
        (
            [],
            dict.fromkeys(everywhere(MEMBER), shortened("denied by\n a policy")),
            (
                f"nothing searched; eu-west-0 of {MEMBER}, eu-west-1 of {MEMBER}, eu-west-10 of {MEMBER} and 14 more "
                "could not be searched: denied by a policy"
            ),
        ),
    ],
)
def test_words(looked, refused, words):
    assert english(Search.of(looked, refused).summary) == words


def test_many_different_refusals_are_told_by_their_number():
    refused = {AccountRegion(MEMBER, region): verbatim(f"{region} said no") for region in REGIONS}
    search = Search.of([], refused)
    assert len(search.refused) == MOST_REFUSALS + 1
    assert f"; {len(REGIONS) - MOST_REFUSALS} more could not be searched, for other reasons" in english(search.summary)


PLACES = st.builds(AccountRegion, st.sampled_from([ACCOUNT, MEMBER, OTHER]), st.sampled_from(["", *REGIONS]))


@given(
    st.lists(PLACES, unique=True),
    st.dictionaries(PLACES, st.text(max_size=3000).map(shortened)),
    st.lists(st.just(OTHER)),
)
def test_a_search_stays_small_and_is_handed_on_exactly(looked, refused, foreign):
    """Thirty of them go through Step Functions at once, which fails beyond 256 KiB."""
    search = Search.of(looked, refused, foreign)
    written = json.dumps(asdict(search))
    assert len(written) < 9_000 + len(foreign) * 20
    assert Search.from_json(json.loads(written)) == search


@given(st.lists(PLACES, unique=True))
def test_every_place_stands_in_it_once(looked):
    assert sorted(Search.of(looked, {}).account_regions) == sorted(looked)

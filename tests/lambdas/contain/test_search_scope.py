"""Which accounts and Regions are looked at, in which order, and what is made of those that refuse."""

import threading

import pytest
from botocore.exceptions import ClientError

from lambdas.contain import search_scope
from lambdas.contain.search_scope import SearchScope, query_regions
from lambdas.domain.instance.search import AccountRegion
from lambdas.domain.phrase import phrase
from tests.samples import ACCOUNT, english

MEMBER, OTHER, STRANGER = "444455556666", "777788889999", "999900001111"


@pytest.mark.parametrize(
    ("named", "accounts", "foreign"),
    [
        ((), ((ACCOUNT,), (MEMBER, OTHER)), ()),
        ((ACCOUNT,), ((ACCOUNT,),), ()),
        ((MEMBER,), ((MEMBER,),), ()),
        ((OTHER, ACCOUNT), ((OTHER, ACCOUNT),), ()),
        ((STRANGER, MEMBER), ((MEMBER,),), (STRANGER,)),
        ((STRANGER,), ((ACCOUNT,), (MEMBER, OTHER)), (STRANGER,)),
    ],
)
def test_the_accounts(members, named, accounts, foreign):
    members(MEMBER, OTHER)
    places = SearchScope.of(named, ACCOUNT)
    assert (places.accounts, places.foreign) == (accounts, foreign)


@pytest.mark.parametrize(("named", "foreign"), [((), ()), ((ACCOUNT,), ()), ((MEMBER,), (MEMBER,))])
@pytest.mark.usefixtures("moto")
def test_without_members_there_is_the_home_account(named, foreign):
    places = SearchScope.of(named, ACCOUNT)
    assert (places.accounts, places.foreign) == (((ACCOUNT,),), foreign)


def test_each_account_has_regions_of_its_own(members, configure, calls):
    client = members(MEMBER)
    configure(regions=())
    asked = calls(client("ec2"), "DescribeRegions"), calls(client("ec2", None, MEMBER), "DescribeRegions")
    places = SearchScope.of((), ACCOUNT)
    enabled = {one["RegionName"] for one in client("ec2").describe_regions()["Regions"]}
    assert set(places.regions_of((MEMBER,))) == {AccountRegion(MEMBER, region) for region in enabled}
    assert [len(one) for one in asked] == [1, 1]  # the first one is the test's own
    places.regions_of((MEMBER,))
    assert [len(one) for one in asked] == [1, 1]


@pytest.mark.usefixtures("moto")
def test_the_settings_may_name_the_regions(configure):
    configure(regions=("eu-west-1", "us-east-1"))
    assert SearchScope.of((), ACCOUNT).regions_of((ACCOUNT,)) == [
        AccountRegion(ACCOUNT, "eu-west-1"),
        AccountRegion(ACCOUNT, "us-east-1"),
    ]


def test_an_account_that_refuses_has_no_region_and_says_why(members, configure, refuse):
    client = members(MEMBER)
    configure(regions=())
    refuse(client("sts"), "AssumeRole", "AccessDenied")
    places = SearchScope.of((), ACCOUNT)
    assert places.regions_of((MEMBER,)) == []
    assert list(places.refused) == [AccountRegion(MEMBER, "")]
    assert "AccessDenied said AWS" in english(places.refused[AccountRegion(MEMBER, "")])


def test_a_refusal_hides_no_answer():
    def ask(place):
        if place.region == "us-east-1":
            raise ClientError({"Error": {"Code": "AuthFailure", "Message": "no"}}, "DescribeInstances")
        return place.region

    there, not_there = AccountRegion(ACCOUNT, "eu-west-1"), AccountRegion(ACCOUNT, "us-east-1")
    answers, refused = query_regions([there, not_there], ask)
    assert answers == {there: "eu-west-1"}
    assert "AuthFailure" in english(refused[not_there])


def test_a_mistake_of_ours_is_no_refusal():
    def ask(place):
        raise KeyError(place.region)

    with pytest.raises(KeyError):
        query_regions([AccountRegion(ACCOUNT, "eu-west-1")], ask)


def test_who_does_not_answer_in_time_is_not_waited_for():
    quick, slow = AccountRegion(ACCOUNT, "eu-west-1"), AccountRegion(ACCOUNT, "us-east-1")
    returned = threading.Event()
    answers, refused = query_regions(
        [quick, slow], lambda place: returned.wait(30) if place == slow else place.region, seconds=1
    )
    returned.set()
    assert (answers, refused) == ({quick: "eu-west-1"}, {slow: phrase("search:no_answer", seconds="1")})


def test_more_places_than_there_is_time_for_are_said_not_to_be_looked_at(monkeypatch):
    monkeypatch.setattr(search_scope, "_MOST_PLACES", 2)
    all_of_them = [AccountRegion(ACCOUNT, f"eu-west-{number}") for number in range(3)]
    answers, refused = query_regions(all_of_them, lambda place: place.region)
    assert list(answers) == all_of_them[:2]
    assert refused == {all_of_them[2]: phrase("search:no_time", most=2)}

"""What a notice names beside instances, and what an admin is told to do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.domain.instance.other_resources import other_resources
from tests.samples import english, notice

KEY = "AKIAQ7LMPD2VXZRT4WBA"


def named(**about):
    return other_resources(notice(**{"resources": (), "ips": (), **about}))


def what(one):
    return f"{english(one.name)} ({one.address})" if one.address else english(one.name)


URLS = {
    "https://shop-assets.s3.eu-west-1.amazonaws.com/login.html": "the S3 bucket shop-assets (",
    "https://shop.assets.s3.amazonaws.com/": "the S3 bucket shop.assets (",
    "http://shop-assets.s3-website-us-east-1.amazonaws.com/a": "the S3 bucket shop-assets (",
    "http://shop-assets.s3-website.eu-central-1.amazonaws.com/a": "the S3 bucket shop-assets (",
    "https://s3.dualstack.ap-northeast-1.amazonaws.com/shop-assets/a": "the S3 bucket shop-assets (",
    "https://s3.cn-north-1.amazonaws.com.cn/shop-assets/a": "the S3 bucket shop-assets (",
    "https://d111111abcdef8.cloudfront.net/x": "the CloudFront distribution d111111abcdef8.cloudfront.net (",
    "https://web.abc123.eu-west-1.cs.amazonlightsail.com/x": "a Lightsail resource (",
    "https://login.shop.example/x": "the web site ",
    "https://web-1.eu-west-1.elb.amazonaws.com/x": "the web site ",
}


@pytest.mark.parametrize("url", URLS)
def test_a_url_names_what_serves_it(url):
    (one,) = named(urls=(url,))
    assert what(one).startswith(URLS[url])
    assert url in what(one)
    assert one.advice


@pytest.mark.parametrize(
    "url", ["http://203.0.113.7/x", "http://ec2-203-0-113-7.compute-1.amazonaws.com/x", "http://[::1", "x", ""]
)
def test_an_address_is_looked_for_in_ec2_instead(url):
    assert named(urls=(url,)) == ()


def test_the_command_names_the_bucket_only():
    (one,) = named(urls=("https://s3.amazonaws.com/shop-assets/$(rm)",))
    assert "--bucket shop-assets --public" in one.command
    assert "rm" not in one.command
    (one,) = named(urls=("https://s3.amazonaws.com/$(rm)/x",))
    assert what(one).startswith("the web site")


NAMES = {
    "arn:aws:s3:::shop-assets/login.html": ("the S3 bucket shop-assets (", "--bucket shop-assets "),
    "arn:aws:cloudfront::210987654321:distribution/E1AB2CD3EF4GH5": (
        "the CloudFront distribution E1AB2CD3EF4GH5",
        "--id E1AB2CD3EF4GH5",
    ),
    KEY: ("the access key AKIA...4WBA", "--access-key-id KEY --status Inactive"),
    KEY.replace("AKIA", "ASIA"): ("the access key ASIA...4WBA", "Revoke active sessions"),
    "Lightsail": ("a Lightsail resource", "Lightsail console"),
    "arn:aws:lightsail:eu-west-1:210987654321:Instance/5e1f": ("a Lightsail resource (arn:", "Lightsail console"),
    "arn:aws:rds:eu-west-1:210987654321:db:shop": ("the resource arn:aws:rds:", "console of its service"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_tells_what_to_do(name):
    (one,) = named(other_resource_names=(name,))
    name_of_it, advice = NAMES[name]
    assert what(one).startswith(name_of_it)
    assert advice in f"{english(one.advice)} {one.command}"


def test_no_message_can_hold_a_whole_key():
    for one in named(other_resource_names=(KEY,), abuse_type="credential_exposure"):
        assert KEY not in what(one) + english(one.advice) + one.command


def test_a_leak_is_taken_off_where_it_is():
    key, place = named(
        other_resource_names=(KEY,), urls=("https://github.com/a/b/blob/main/.env",), abuse_type="credential_exposure"
    )
    assert what(key) == "the access key AKIA...4WBA"
    assert what(place) == "the place where the key is public, https://github.com/a/b/blob/main/.env"


def test_a_masked_key_is_a_key():
    (one,) = named(abuse_type="credential_exposure")
    assert what(one) == "an access key that the notice does not show in full"


@pytest.mark.parametrize("beside", [{"ips": ("203.0.113.7",)}, {"resources": notice().resources}])
def test_a_domain_counts_where_nothing_else_is_named(beside):
    assert named(urls=("https://login.shop.example/x",), **beside) == ()
    assert len(named(urls=("https://shop-assets.s3.amazonaws.com/x",), **beside)) == 1


def test_each_is_named_once():
    assert len(named(other_resource_names=("Lightsail", "Lightsail"))) == 1


PIECES = st.sampled_from(["https://", "s3", ".", "amazonaws.com", "/", "arn:aws:", "[", ":", "AKIA", "é", "cloudfront"])


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join), st.sampled_from([None, "credential_exposure"]))
def test_nothing_raises(words, abuse_type):
    for one in named(urls=(words,), other_resource_names=(words,), abuse_type=abuse_type):
        assert one.name
        assert one.advice

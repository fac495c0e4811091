"""What AWS names beside instances."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.domain.reading.resource_names import other_names

KEY = "AKIAQ7LMPD2VXZRT4WBA"
NAMED = {
    "Bucket: arn:aws:s3:::shop-assets/login.html.": ["arn:aws:s3:::shop-assets/login.html"],
    "distribution arn:aws:cloudfront::210987654321:distribution/E1AB2CD3EF4GH5 hosts": [
        "arn:aws:cloudfront::210987654321:distribution/E1AB2CD3EF4GH5"
    ],
    f"your AWS access key {KEY} belonging to user deploy": [KEY],
    "your Lightsail instance web-1": ["Lightsail"],
    "arn:aws-cn:lightsail:cn-north-1:210987654321:Instance/5e1f": [
        "arn:aws-cn:lightsail:cn-north-1:210987654321:Instance/5e1f"
    ],
    # what is none
    "arn:aws:ec2:eu-west-1:210987654321:instance/i-0a7b1dd0e3f94c256": [],
    "arn:aws:health:global::event/AWS_ABUSE_DOS_REPORT_1": [],
    "arn:aws:sns:us-east-1:210987654321:ops": [],
    "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3": [],
    "a key such as AKIAIOSFODNN7EXAMPLE": [],
    "arn:aws:s3:eu-west-1:123456789012:job/example": [],
    "masked ****-****-WBAA, AKIAQ7LMPD2VXZ****": [],
    f"base64 xx{KEY}": [],
    "Amazon Lightsail, a service": [],
}


@pytest.mark.parametrize("words", NAMED)
def test_named(words):
    assert [place.value for place in other_names(words)] == NAMED[words]


@settings(deadline=None)
@given(st.text(st.sampled_from("arn:ws3/AKIQ7 \nlightsail*é"), max_size=300))
def test_reading_never_raises(words):
    for place in other_names(words):
        assert words[place.start : place.end].lower().startswith(place.value.lower())

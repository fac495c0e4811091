"""One spelling for each address that anybody outside can see; none for all others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.intake.public_ip import public_ip


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", None),
        ("169.254.169.254", None),
        ("0.0.0.1", None),
        ("255.255.255.255", None),
        ("fe80::1", None),
        ("::1", None),
        ("::ffff:10.0.0.1", None),
        ("203.0.113.700", None),
        ("203.0.113.07", None),
        ("", None),
        ("host", None),
    ],
)
def test_an_address(written, address):
    assert public_ip(written) == address


@given(st.text() | st.ip_addresses().map(str))
def test_it_has_one_spelling_and_never_raises(written):
    address = public_ip(written)
    assert address is None or public_ip(address) == address

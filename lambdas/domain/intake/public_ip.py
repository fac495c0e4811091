"""Public IP addresses in one spelling: only those can be ours in a report of abuse."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NOT_PUBLIC = tuple(
    # Written out: the standard library also counts the documentation ranges (RFC 5737, 3849) as private.
    IPv4Network(net)
    for net in ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                "192.168.0.0/16", "224.0.0.0/3")
) + tuple(IPv6Network(net) for net in ("::/96", "fc00::/7", "fe80::/10", "ff00::/8"))  # fmt: skip


def public_ip(written: str) -> str | None:
    """Return a public address in its one spelling; None for anything else."""
    try:
        address: IPv4Address | IPv6Address = ip_address(written)
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    return None if any(address in net for net in _NOT_PUBLIC if net.version == address.version) else str(address)

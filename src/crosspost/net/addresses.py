"""Which addresses are public, and which private ones `allow_private` lets through. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Own lists, not `ipaddress.is_global`: its answers differ between the Pythons that are supported.
# The blocks are those of RFC 6890 and of what was set aside since (3fff::/20: RFC 9637).
_CLOSED_4 = tuple(
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: clouds keep their machines' credentials at 169.254.169.254
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_OPEN_6 = ipaddress.IPv6Network("2000::/3")  # all that is given out as global unicast
_CLOSED_6 = tuple(
    ipaddress.IPv6Network(net)
    for net in (
        "2001::/23",  # Teredo and protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4: may carry a private IPv4 address
        "3fff::/20",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def parse_address(text: str) -> Address | None:
    """The IP address that the text is (brackets and zone index dropped, IPv4-mapped unwrapped), or None."""
    try:
        address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_public(text: str) -> bool:
    """Whether the text is an IP address that anyone on the internet could reach; a name is not.

    NAT64 is judged by the IPv4 address inside: on a network that has IPv6 only it stands for every
    IPv4 site, and refusing it would refuse them all.
    """
    address = parse_address(text)
    if address is None:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        return address in _OPEN_6 and not any(address in net for net in _CLOSED_6)
    return not any(address in net for net in _CLOSED_4)


# Names that no public name server knows (RFC 6761, 6762, 8375; ICANN reserved .internal in 2024), and what
# routers and companies use alike.
_CLOSED_NAMES = ("localhost", "local", "internal", "intranet", "home.arpa", "lan", "home", "corp", "private", "onion")


def is_public_host(host: str) -> bool:
    """Whether a link's host could be reached by anyone, by its name alone; no name server is asked.

    A name needs a dot, and a last label that is no number: "127.1" and "0x7f.1" are addresses to browsers.
    """
    name = host.strip("[]").rstrip(".").lower()
    if parse_address(name) is not None:
        return is_public(name)
    last = name.rpartition(".")[2]
    if "." not in name or last.isdigit() or last.startswith("0x"):
        return False
    return not any(name.endswith(f".{closed}") for closed in _CLOSED_NAMES)


def allows(entries: Iterable[str], host: str, address: str) -> bool:
    """Whether `allow_private` names this host, this address, or a network (CIDR) that holds it."""
    name = host.strip("[]").rstrip(".").lower()
    found = parse_address(address)
    return any(_matches(entry.strip(), name, found) for entry in entries)


def _matches(entry: str, name: str, address: Address | None) -> bool:
    if entry.strip("[]").rstrip(".").lower() == name:
        return True
    if address is None:
        return False
    try:
        return address in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return False

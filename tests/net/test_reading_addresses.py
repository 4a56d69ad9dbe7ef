"""Which addresses count as public."""

from __future__ import annotations

import pytest

from crosspost.net.addresses import allows, is_public, is_public_host


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "172.32.0.1"]
)
def test_public_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.1.1",
        "127.0.0.1",
        "127.8.9.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "example.org",
        "",
    ],
)
def test_everything_else_is_not(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    ("entry", "host", "address", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "localhost", "127.0.0.1", True),
        ("127.0.0.1", "localhost", "::ffff:127.0.0.1", True),
        ("127.0.0.1", "localhost", "127.0.0.2", False),
        ("LocalHost", "localhost", "127.0.0.2", True),
        ("localhost", "evil.example.org", "127.0.0.1", False),
        ("10.0.0.0/8", "intranet", "10.4.5.6", True),
        ("10.0.0.7/8", "intranet", "10.4.5.6", True),
        ("10.0.0.0/8", "intranet", "192.168.0.1", False),
        ("::1", "[::1]", "::1", True),
        ("[::1]", "::1", "::1", True),
        ("fd00::/8", "nas", "fd12::1", True),
        ("fd00::/8", "nas", "10.0.0.1", False),
        ("not an address", "nas", "10.0.0.1", False),
        ("intranet", "intranet", "", True),
        ("10.0.0.0/8", "intranet", "", False),
    ],
)
def test_allow_private_names_hosts_addresses_and_networks(entry, host, address, allowed):
    assert allows((entry,), host, address) is allowed


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "www.example.org.",
        "EXAMPLE.ORG",
        "8.8.8.8",
        "2606:4700::1111",
        "[2606:4700::1111]",
        "bücher.example",
        "xn--bcher-kva.example",
        "local.example.org",
        "1.example.org",
    ],
)
def test_hosts_that_the_public_can_reach(host):
    assert is_public_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "LOCALHOST.",
        "site.localhost",
        "intranet",
        "nas.local",
        "wiki.corp",
        "wiki.internal",
        "fritz.box.lan",
        "x.home.arpa",
        "10.0.0.1",
        "10.0.0.1.",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0x7f.1",
        "0x7f000001",
        "169.254.169.254",
        "::1",
        "[::1]",
        "::ffff:10.0.0.1",
        "[::ffff:a00:1]",
        "fe80::1%eth0",
        "fd00::1",
    ],
)
def test_hosts_that_the_public_cannot_reach(host):
    assert not is_public_host(host)

"""A webhook's way out: to the public internet only, however an address is called or spelt."""

from __future__ import annotations

import socket

import pytest

from server.errors import Invalid
from server.timeline.webhooks.door import Door, Unreached, is_public

PRIVATE = """
127.0.0.1 127.8.8.8 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 0.0.0.0 100.64.0.1 192.0.0.1
192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:c0a8:1:: ::127.0.0.1 ::a00:1
2001:0:0:0:0:0:80ff:fffe 64:ff9b:1::1 100::1
"""
PUBLIC = ("93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1")


@pytest.mark.parametrize("address", PRIVATE.split())
def test_no_private_address_is_reached_whatever_it_is_called(address: str) -> None:
    assert not is_public(address)
    trap = socket.create_server(("127.0.0.1", 0))
    port = trap.getsockname()[1]
    with pytest.raises(Unreached, match="public internet"):
        Door(resolve=lambda host, at: ["1.1.1.1", address]).post(f"https://shop.example:{port}/", b"", {})
    trap.settimeout(0)
    with pytest.raises(BlockingIOError):
        trap.accept()
    trap.close()


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


SPELT = ("localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0")


@pytest.mark.parametrize("host", SPELT)
def test_this_machine_is_not_reached_however_it_is_spelt(host: str) -> None:
    with pytest.raises(Unreached):
        Door().post(f"https://{host}:9/", b"", {})


@pytest.mark.parametrize(
    "url",
    ["http://shop.example/", "ftp://shop.example", "https://", "https://me:pw@shop.example/", "file:///etc/passwd",
     "https://shop.example\\@127.0.0.1/\n", "https://[::1", "https://shop.example:0/", "https://shop.example:99999/"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(Invalid, match="https://"):
        Door().check(url)

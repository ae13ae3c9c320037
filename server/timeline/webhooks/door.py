"""The door webhooks leave by: https, to public addresses only, looked up once; no redirects, little read."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from server.errors import Invalid

SECONDS = 15.0
READ_AT_MOST = 64 * 2**10

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port, then the IP addresses the name has."""


class Unreached(Exception):
    """Raised when a delivery got no answer; the message says why, for the list of tries."""


def look_up(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a host; raises `Unreached` where its name is not known."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        msg = f"{host} has no address"
        raise Unreached(msg) from error


def is_public(address: str) -> bool:
    """Return whether an IP address lies in the public internet, whatever form hides a private one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        within = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if within is not None:
            return is_public(str(within))
        if ip in ipaddress.ip_network("64:ff9b:1::/48"):  # a translator of somebody's own network (RFC 8215)
            return False
        if ip in ipaddress.ip_network("64:ff9b::/96"):  # IPv4 behind a translator (RFC 6052)
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if int(ip) < 2**33:  # IPv4-compatible, long deprecated
            return False
    return ip.is_global and not ip.is_multicast


@dataclass(frozen=True, slots=True)
class Door:
    """How deliveries are posted. Tests open it to a receiver on this machine; nothing else does."""

    may_reach: Callable[[str], bool] = is_public
    resolve: Resolve = look_up
    schemes: frozenset[str] = frozenset({"https"})
    trust: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)

    def check(self, url: str) -> SplitResult:
        """Return the parts of an address that may be told; raises `Invalid` for another."""
        try:
            parts = urlsplit(url)
            sound = bool(parts.hostname) and parts.port != 0 and url.isascii() and url.isprintable()
        except ValueError:
            parts, sound = urlsplit(""), False
        if not sound or parts.scheme not in self.schemes or parts.username or parts.password or " " in url:
            msg = f"A webhook's address is https://host/…, with no name or password in it, not {url[:200]!r}."
            raise Invalid(msg)
        return parts

    def admit(self, url: str) -> str:
        """Look whether deliveries to an address would leave by this door; return what is doubtful, '' for nothing.

        Raises `Invalid` for one that leads into a private network: there is nobody to be told there.
        """
        parts = self.check(url)
        host, port = str(parts.hostname), parts.port or 443
        try:
            addresses = self.resolve(host, port)
        except Unreached:
            return f"{host} has no address yet: deliveries wait until it has one."
        private = [address for address in addresses if not self.may_reach(address)]
        if private:
            msg = (
                f"{host} is {', '.join(private)}, which does not lie in the public internet. "
                "Webhooks are told over that only; give the address of a public host."
            )
            raise Invalid(msg)
        return ""

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """Post and return the status; raises `Unreached` where none came. No redirect is followed."""
        parts = self.check(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = str(parts.hostname)
        addresses = self.resolve(host, port)
        if not addresses or not all(self.may_reach(address) for address in addresses):
            msg = f"{host} does not lie in the public internet"
            raise Unreached(msg)
        connection = _Held(host, port, address=addresses[0])
        if parts.scheme == "https":
            connection.secured_by = self.trust()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            answer.read(READ_AT_MOST)
        except (OSError, http.client.HTTPException) as error:
            msg = f"no answer: {type(error).__name__}"
            raise Unreached(msg) from error
        finally:
            connection.close()
        return answer.status


class _Held(http.client.HTTPConnection):
    """A connection to the very address that was checked, whatever the name stands for by now."""

    secured_by: ssl.SSLContext | None = None

    def __init__(self, host: str, port: int, *, address: str) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address = address

    def connect(self) -> None:
        """Connect to the address; with TLS, the certificate must be the name's."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self.secured_by is not None:
            self.sock = self.secured_by.wrap_socket(self.sock, server_hostname=self.host)

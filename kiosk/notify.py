"""Tells systemd how the agent is (sd_notify, man 3): ready, alive, and its state in words."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress

PAGE_PATIENCE = 2.0
"""Seconds our own page may take to answer before it counts as standing still."""


class Notifier:
    """The datagram socket systemd names in NOTIFY_SOCKET; nothing happens where `address` is ''."""

    def __init__(self, address: str) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address

    def tell(self, *lines: str) -> None:
        """Send lines such as READY=1; nobody listening is no reason to stop."""
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaking:
            speaking.sendto("\n".join(lines).encode(), self._address)


class Watch:
    """Feeds systemd's watchdog, but only while every part makes progress.

    `parts` maps what to call a part to whether it moves; `status` says in words how the agent is.
    """

    def __init__(
        self, notifier: Notifier, parts: Mapping[str, Callable[[], bool]], status: Callable[[], str]
    ) -> None:
        self._notifier, self._parts, self._status = notifier, parts, status
        self._ready = False

    def look(self) -> list[str]:
        """Look at every part once, tell systemd, and return what stands still."""
        still = [name for name, moves in self._parts.items() if not moves()]
        if still:
            self._notifier.tell(f"STATUS=Stands still: {', '.join(still)}.")
            return still
        first = [] if self._ready else ["READY=1"]
        self._notifier.tell(*first, "WATCHDOG=1", f"STATUS={self._status()}")
        self._ready = True
        return still


def page_answers(port: int) -> bool:
    """Return whether our own page at `port` says that it is well."""
    page = http.client.HTTPConnection("127.0.0.1", port, timeout=PAGE_PATIENCE)
    try:
        page.request("GET", "/healthz")
        return page.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        page.close()

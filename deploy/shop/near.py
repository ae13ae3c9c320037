"""Where phones near by reach this machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

SOMEWHERE = ("192.0.2.1", 9)
"""An address of RFC 5737: asking for the way there sends nothing, and tells where of ours it begins."""


def public_address(port: int, environment: Mapping[str, str] = os.environ) -> str:
    """Return what SHELFTALKER_PUBLIC_ADDRESS says, else our own address near by; empty where there is none."""
    set_to = environment.get("SHELFTALKER_PUBLIC_ADDRESS", "")
    if set_to:
        return set_to
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
        except OSError:
            return ""
        own = probe.getsockname()[0]
    return "" if own.startswith("127.") else f"http://{own}:{port}"

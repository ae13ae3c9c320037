"""What an operator sets, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path

from kiosk.errors import SettingsError

ENVIRONMENT: Mapping[str, str] = os.environ


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """All settings of a kiosk; each has the variable `SHELFTALKER_…` of its name.

    `readers` is `SHELFTALKER_READER`: one name, or several separated by commas.
    """

    server: str
    key: str
    readers: tuple[str, ...]
    state: Path
    port: int
    idle_seconds: int
    language: str
    notify_socket: str = ""
    """Where systemd listens (NOTIFY_SOCKET, without our prefix); '' where it does not."""
    watchdog_seconds: float = 0.0
    """How often at least it wants to hear from us (WATCHDOG_USEC); 0 for never."""


def from_environment(environment: Mapping[str, str] = ENVIRONMENT) -> KioskSettings:
    """Return the settings; raises `SettingsError` naming the variable that is missing or cannot be used."""
    server = environment.get("SHELFTALKER_SERVER", "").rstrip("/")
    if not server.startswith(("http://", "https://")):
        msg = "SHELFTALKER_SERVER must be the server's address, for example https://shop.example."
        raise SettingsError(msg)
    key = _key(environment)
    state = environment.get("SHELFTALKER_STATE")
    return KioskSettings(
        server=server,
        key=key,
        readers=_readers(environment),
        state=Path(state) if state else user_state_path("shelftalker"),
        port=_number(environment, "PORT", 8001, bounds=(1, 65535)),
        idle_seconds=_number(environment, "IDLE_SECONDS", 60, bounds=(30, 300)),
        language=environment.get("SHELFTALKER_LANGUAGE", ""),
        notify_socket=environment.get("NOTIFY_SOCKET", ""),
        watchdog_seconds=_watchdog(environment),
    )


def _readers(environment: Mapping[str, str]) -> tuple[str, ...]:
    names = [name.strip() for name in environment.get("SHELFTALKER_READER", "usb").split(",")]
    if not all(names) or len(set(names)) < len(names):
        msg = "SHELFTALKER_READER must name readers, each once, separated by commas: usb,tty:AMA0:pn532."
        raise SettingsError(msg)
    return tuple(names)


def _watchdog(environment: Mapping[str, str]) -> float:
    microseconds = environment.get("WATCHDOG_USEC", "")
    ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return int(microseconds) / 1_000_000 if microseconds.isdigit() and ours else 0.0


def _key(environment: Mapping[str, str]) -> str:
    key = environment.get("SHELFTALKER_KEY", "").strip()
    if path := environment.get("SHELFTALKER_KEY_FILE"):
        try:
            key = Path(path).read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            msg = f"SHELFTALKER_KEY_FILE {path} cannot be read: {error}."
            raise SettingsError(msg) from error
    if not key:
        msg = "SHELFTALKER_KEY is missing: `shelftalker kiosks add` on the server prints it once."
        raise SettingsError(msg)
    if not key.isascii() or not key.isprintable():
        msg = "SHELFTALKER_KEY has signs no key has: copy it anew from where the server printed it."
        raise SettingsError(msg)
    return key


def _number(environment: Mapping[str, str], name: str, default: int, *, bounds: tuple[int, int]) -> int:
    value = environment.get(f"SHELFTALKER_{name}", str(default))
    low, high = bounds
    if not value.isdigit() or not low <= int(value) <= high:
        msg = f"SHELFTALKER_{name} must be a whole number from {low} to {high}, not {value!r}."
        raise SettingsError(msg)
    return int(value)

"""What an operator sets, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from server.errors import SettingsError

ENVIRONMENT: Mapping[str, str] = os.environ

NO_SEAL = (
    "SHELFTALKER_TAG_SEAL must be 64 hex digits that nobody can guess, kept as long as the keys of tags are; "
    "`openssl rand -hex 32` makes some."
)

NO_PERSON_KEYS = (
    "SHELFTALKER_PERSON_KEYS must name a key of 64 hex digits that nobody can guess: 2026=… "
    "(`openssl rand -hex 32` makes one). A new one goes in front, older ones stay behind it, with a space between."
)


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """All settings of a server process; each has the variable `SHELFTALKER_…` of its name."""

    database_url: str = "sqlite:///shelftalker.sqlite"
    secret_key: str = ""
    media_dir: Path = Path("media")
    trusted_hosts: tuple[str, ...] = ("id.gs1.org",)
    """Hosts whose Digital Links on an unbound tag count as a hint."""
    public_address: str = ""
    """Where shoppers' phones reach the server; empty where they do under the name kiosks use."""
    secure_cookies: bool = True
    argon2_cost: int = 3
    metrics_token: str = ""
    tag_seal: bytes = b""
    """What the keys of signing tags are sealed with; empty where the shop has none."""
    person_keys: Mapping[str, bytes] = field(default_factory=dict)
    """What the ids of cards and addresses are hashed with, by name, the current one first."""
    hold_out: float = 0.05
    """The share of visits that see what is popular instead of what the model suggests, to measure it by."""
    explore: float = 0.02
    """The share of lists whose last tile is a product nobody has tapped yet."""
    visibility: float = 0.0
    """The share of hits that bringing out what a store hides may cost."""
    workers: int = 1
    threads: int = 32


def from_environment(environment: Mapping[str, str] = ENVIRONMENT) -> ServerSettings:
    """Return the settings; raises `SettingsError` naming the variable that cannot be used."""

    def text(name: str, default: str) -> str:
        return environment.get(f"SHELFTALKER_{name}", default)

    secret = text("SECRET_KEY", "")
    if len(secret) < 32:
        msg = (
            "SHELFTALKER_SECRET_KEY must be at least 32 characters that nobody can guess; "
            "`python3 -c 'import secrets; print(secrets.token_hex(32))'` makes some."
        )
        raise SettingsError(msg)
    return ServerSettings(
        database_url=text("DATABASE_URL", "sqlite:///shelftalker.sqlite"),
        secret_key=secret,
        media_dir=Path(text("MEDIA_DIR", "media")).absolute(),
        trusted_hosts=tuple(text("TRUSTED_HOSTS", "id.gs1.org").replace(",", " ").split()),
        public_address=_address(text("PUBLIC_ADDRESS", "")),
        secure_cookies=text("SECURE_COOKIES", "1") != "0",
        argon2_cost=_count(environment, "ARGON2_COST", 3),
        metrics_token=text("METRICS_TOKEN", ""),
        tag_seal=_seal(text("TAG_SEAL", "")),
        person_keys=_person_keys(text("PERSON_KEYS", "")),
        hold_out=_share("HOLD_OUT", text("HOLD_OUT", "0.05")),
        explore=_share("EXPLORE", text("EXPLORE", "0.02")),
        visibility=_share("VISIBILITY", text("VISIBILITY", "0")),
        workers=_count(environment, "WORKERS", 1),
        threads=_count(environment, "THREADS", 32),
    )


def _address(written: str) -> str:
    parts = urlsplit(written.rstrip("/"))
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    if written and not (parts.scheme in {"http", "https"} and parts.hostname and bare):
        msg = f"SHELFTALKER_PUBLIC_ADDRESS must be as https://shop.example, without a path, not {written!r}."
        raise SettingsError(msg)
    return written.rstrip("/")


def _count(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(f"SHELFTALKER_{name}", str(default))
    if not value.isdigit() or int(value) < 1:
        msg = f"SHELFTALKER_{name} must be a whole number from 1 up, not {value!r}."
        raise SettingsError(msg)
    return int(value)


def _share(name: str, written: str) -> float:
    try:
        share = float(written)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 0.5:
        msg = f"SHELFTALKER_{name} must be a share from 0 to 0.5, not {written!r}; 0.05 is one in twenty."
        raise SettingsError(msg)
    return share


def _seal(written: str) -> bytes:
    try:
        seal = bytes.fromhex(written)
    except ValueError as error:
        raise SettingsError(NO_SEAL) from error
    if written and (len(seal) != 32 or not any(seal)):
        raise SettingsError(NO_SEAL)
    return seal


def _person_keys(written: str) -> dict[str, bytes]:
    named = dict(one.partition("=")[::2] for one in written.split())
    try:
        keys = {name: bytes.fromhex(key) for name, key in named.items()}
    except ValueError as error:
        raise SettingsError(NO_PERSON_KEYS) from error
    if any(not name.isalnum() or len(name) > 16 or len(key) != 32 or not any(key) for name, key in keys.items()):
        raise SettingsError(NO_PERSON_KEYS)
    return keys

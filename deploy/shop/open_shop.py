"""Opens the demo shop on this machine: database, server, kiosk, desk reader and table, each a real program."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy.orm import Session

from hardware.virtual import VirtualField, VirtualPn532
from server.db import open_engine
from server.migrations import upgrade
from server.recommendations.training import train
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said, link
from server.wire import uuid7
from shop.draw import draw_all
from shop.home import CUSTOMER, make_list
from shop.signing import make_keys, put_keys_on_tag
from shop.stock_up import stock_up
from shop.visits import play
from shop.wallet import BAND, HOST


class CannotOpen(Exception):
    """Raised when the shop cannot be opened; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the shop's pages are."""

    server: int
    kiosk: int
    table: int

    @classmethod
    def free(cls) -> Self:
        """Return three ports nobody uses."""
        with ExitStack() as stack:
            probes = [stack.enter_context(socket.socket()) for _ in range(3)]
            for probe in probes:
                probe.bind(("127.0.0.1", 0))
            return cls(*(probe.getsockname()[1] for probe in probes))


@dataclass
class OpenShop(AbstractContextManager["OpenShop"]):
    """The shop while it is open: `with OpenShop(state, ports) as shop`. All programs end with it.

    `serial` gives the kiosk a PN532 on a pseudo-terminal in place of the simulated radio.
    """

    state: Path
    ports: Ports
    serial: bool = False
    public: str = ""
    """Where phones reach the server; it then listens on every address of this machine."""
    fields: dict[str, VirtualField | VirtualPn532] = field(default_factory=dict)
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    @property
    def database(self) -> str:
        """Return the address of the shop's database."""
        return f"sqlite:///{self.state / 'shop.sqlite'}"

    @property
    def media(self) -> Path:
        """Return the folder of the drawn pictures."""
        return self.state / "media"

    def __enter__(self) -> Self:
        """Stock up where needed and start every program; raises `CannotOpen`."""
        for port in (self.ports.server, self.ports.kiosk, self.ports.table):
            _check_free(port)
        self.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.known = self._stocked()
        self._let_tag_sign()
        self._let_cards_be_known()
        at_the_kiosk = VirtualPn532(self.state, "kiosk-reader") if self.serial else VirtualField()
        self.fields = {"kiosk": self._stack.enter_context(at_the_kiosk)}
        self.fields["desk"] = self._stack.enter_context(VirtualField())
        try:
            self._start_all()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every program."""
        self.close()

    def close(self) -> None:
        """End every program, the kiosk before the server."""
        for child in reversed(list(self._children.values())):
            child.terminate()
        for child in self._children.values():
            try:
                child.wait(8)
            except subprocess.TimeoutExpired:
                child.kill()
        self._stack.close()

    def dead(self) -> str:
        """Return the name of a program that ended by itself; '' while all live."""
        return next((name for name, child in self._children.items() if child.poll() is not None), "")

    def _stocked(self) -> dict[str, Any]:
        kept = self.state / "logins.json"
        if kept.exists():
            draw_all(self.media)
            upgrade(self.database)
            known: dict[str, Any] = json.loads(kept.read_text("utf-8"))
            return known
        for left in self.state.glob("shop.sqlite*"):
            left.unlink()
        upgrade(self.database)
        engine, now = open_engine(self.database), datetime.now(UTC)
        with Session(engine) as session, session.begin():
            made = stock_up(session, media=self.media, now=now)
            play(session, now=now)
        with Session(engine) as session, session.begin():
            train(session, now)
        engine.dispose()
        known = {"secret": secrets.token_hex(32), "passwords": made.passwords, "keys": made.keys}
        _keep(kept, known)
        return known

    def _let_tag_sign(self) -> None:
        """Make the keys of the tag that signs where the shop has none yet, and put them on the virtual chip."""
        engine, fresh = open_engine(self.database), "seal" not in self.known
        if fresh:
            self.known["seal"] = secrets.token_hex(32)
        sealing = bytes.fromhex(self.known["seal"])
        with Session(engine) as session, session.begin():
            if fresh:
                make_keys(session, sealing, datetime.now(UTC))
            put_keys_on_tag(session, sealing)
        engine.dispose()
        _keep(self.state / "logins.json", self.known)

    def _let_cards_be_known(self) -> None:
        """Make the key that cards are hashed with, where the shop has none yet; enrol a customer's band.

        What the customer wished for at home is told once, with the key.
        """
        fresh = "people" not in self.known
        self.known.setdefault("people", secrets.token_hex(32))
        _keep(self.state / "logins.json", self.known)
        keys, now = PersonKeys({"demo": bytes.fromhex(self.known["people"])}), datetime.now(UTC)
        ends = keys.hidden(Id(IdKind.CARD, BAND)), Id(IdKind.CUSTOMER, CUSTOMER)
        engine = open_engine(self.database)
        with Session(engine) as session, session.begin():
            link(session, ends, Said("demo", "enrolled", now), link_id=uuid7(now, secrets.token_bytes(10)))
            if fresh:
                make_list(session, now)
        engine.dispose()

    def _start_all(self) -> None:
        server = f"http://127.0.0.1:{self.ports.server}"
        self._start(
            "server",
            [
                sys.executable,
                "-c",
                "from server.cli import main; main()",
                "serve",
                "--port",
                str(self.ports.server),
                *(("--host", "0.0.0.0") if self.public else ()),  # noqa: S104 - whoever opens the shop asked for it
            ],
            **({"PUBLIC_ADDRESS": self.public} if self.public else {}),
            DATABASE_URL=self.database,
            SECRET_KEY=self.known["secret"],
            TAG_SEAL=self.known["seal"],
            PERSON_KEYS=f"demo={self.known['people']}",
            MEDIA_DIR=str(self.media),
            TRUSTED_HOSTS=HOST,
            SECURE_COOKIES="0",
        )
        _wait_for(f"{server}/readyz", self)
        for name, device, more in (("kiosk", "kiosk-madrid", []), ("desk", "desk-madrid", ["--desk"])):
            self._start(
                name,
                [sys.executable, "-m", "kiosk", *more],
                SERVER=server,
                KEY=self.known["keys"][device],
                READER=self.fields[name].reader,
                STATE=str(self.state / device),
                PORT=str(self.ports.kiosk),
            )
        _wait_for(f"http://127.0.0.1:{self.ports.kiosk}/healthz", self)

    def _start(self, name: str, command: list[str], **settings: str) -> None:
        environment = {**os.environ, **{f"SHELFTALKER_{key}": value for key, value in settings.items()}}
        with (self.state / f"{name}.log").open("ab") as log:
            self._children[name] = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )


def _keep(file: Path, known: dict[str, Any]) -> None:
    file.touch(mode=0o600)
    file.write_text(json.dumps(known), "utf-8")


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            msg = f"Port {port} is in use: is the demo open already? Choose others with --port (it takes three)."
            raise CannotOpen(msg) from error


def _wait_for(address: str, shop: OpenShop) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if dead := shop.dead():
            msg = f"The {dead} did not start; {shop.state / dead}.log says why."
            raise CannotOpen(msg)
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    msg = f"{address} did not answer within a minute; the logs in {shop.state} say why."
    raise CannotOpen(msg)

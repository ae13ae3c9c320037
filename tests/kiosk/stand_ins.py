"""A server that can be anything, and an agent on it, for the kiosk's tests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.agent import Agent
from kiosk.client import Client
from kiosk.given import Surroundings
from kiosk.outbox import Outbox
from kiosk.shelf import ShelfCopy
from server.wire import (
    BatchAnswer,
    Money,
    PriceLine,
    ProductCard,
    Shelf,
    TagMeaning,
    Tap,
    TapAnswer,
    VariantLine,
)
from tests.clock import NOW, FakeClock

UID = "04A1B2C3D4E501"
Reply = tuple[int, str, bytes]


def card(minor: int = 12000, **more: object) -> ProductCard:
    """Return a product's card."""
    fields: dict[str, object] = {
        "product_id": "boot",
        "gtin": None,
        "name": {"en": "Boot <b>&", "es": "Bota"},
        "brand": "Own",
        "summary": {"en": "A boot", "es": "Una bota"},
        "pictures": (),
        "price": PriceLine(now=Money(minor=minor, currency="EUR")),
        "variants": (
            VariantLine(
                gtin="02000000000015",
                size="38",
                colour={"en": "Red"},
                colour_code="#aa0000",
                in_stock=3,
                price=None,
            ),
        ),
        "true_from": NOW,
        "true_until": NOW + timedelta(hours=12),
        "revision": 1,
    }
    return ProductCard.model_validate(fields | more)


def shelf(**more: object) -> Shelf:
    """Return a shelf with one tag."""
    fields: dict[str, object] = {
        "store": "Madrid",
        "revision": 1,
        "cards": {"product:boot": card()},
        "tags": (TagMeaning(uid=UID, card="product:boot"),),
        "currency": "EUR",
        "time_zone": "Europe/Madrid",
        "locale": "es_ES",
        "server_time": NOW,
    }
    return Shelf.model_validate(fields | more)


def good(path: str, body: bytes) -> Reply:
    """Answer as our server would, with a dearer boot."""
    if path == "/api/v1/taps":
        tap = Tap.model_validate_json(body)
        answer = TapAnswer(tap_id=tap.tap_id, stored="accepted", card=card(13000), server_time=NOW)
        return 200, "application/json", answer.model_dump_json().encode()
    if path == "/api/v1/taps/batch":
        ids = tuple(tap["tap_id"] for tap in json.loads(body)["taps"])
        answer = BatchAnswer(accepted=ids, duplicates=(), refused=(), server_time=NOW)
        return 200, "application/json", answer.model_dump_json().encode()
    if path.startswith("/api/v1/shelf"):
        return 200, "application/json", shelf().model_dump_json().encode()
    return 204, "application/json", b""


class AnyServer:
    """A server whose answers are a function; notes every request. Before a path to delete stands `DELETE `."""

    def __init__(self, reply: Callable[[str, bytes], Reply | None] = good) -> None:
        self.reply, self.asked = reply, []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self._do()

            def do_GET(self) -> None:
                self._do()

            def do_DELETE(self) -> None:
                self._do("DELETE ")

            def _do(self, method: str = "") -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if len(body) < length:  # who sent it died half-way: nothing arrived
                    self.close_connection = True
                    return
                outer.asked.append((method + self.path, body))
                answer = outer.reply(method + self.path, body)
                if answer is None:
                    self.close_connection = True
                    return
                status, kind, content = answer
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                if status >= 400:  # as proxies do: whatever else is on the way is not read as a request
                    self.send_header("Connection", "close")
                    self.close_connection = True
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                if status != 204:
                    self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def make_agent(
    folder: Path, address: str, clock: FakeClock, *, stocked: bool = True, outbox: Outbox | None = None
) -> Agent:
    """Return an agent on a fresh folder; `run_live` is the test's to start."""
    copy = ShelfCopy(folder)
    if stocked:
        copy.take(shelf())
    counter = iter(range(1, 10_000_000))
    given = Surroundings(
        now=clock,
        seconds=lambda: float(next(counter)),
        luck=lambda n: next(counter).to_bytes(n, "big"),
        idle=timedelta(seconds=60),
    )
    box = outbox or Outbox(folder / "outbox.sqlite")
    return Agent(outbox=box, shelf=copy, client=Client(address, "stk_x"), given=given)

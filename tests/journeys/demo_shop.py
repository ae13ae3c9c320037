"""The demo shop for journeys: its server, its kiosks' keys, and what a card says, read from pages and answers."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from server.app import create_app
from server.db import open_engine
from server.settings import ServerSettings
from server.wire import Money, ProductCard, Shelf, TapAnswer, locale_for, words, written
from shop.stock_up import stock_up
from shop.stories import STORES
from shop.wallet import HOST
from tests.clock import NOW, FakeClock

PARTS = ("notice", "now", "prior", "off", "member", "unit", "headline", "condition")
"""Classes of what a card says of a price, on the kiosk's screen and on the preview alike."""

Said = dict[str, list[str]]
KIOSKS = {"MAD": "kiosk-madrid", "LPA": "kiosk-laspalmas", "LON": "kiosk-london"}


@dataclass(frozen=True, slots=True)
class Shop:
    """The demo shop's server at NOW, its devices' keys, a client, and a merchandiser who is signed in."""

    app: Flask
    client: FlaskClient
    staff: FlaskClient
    keys: dict[str, str]
    media: Path

    @classmethod
    def stocked(cls, url: str, folder: Path) -> Shop:
        """Stock the shop up in an up-to-date, empty database."""
        engine = open_engine(url)
        with Session(engine) as session, session.begin():
            made = stock_up(session, media=folder, now=NOW)
        engine.dispose()
        settings = ServerSettings(
            database_url=url, secret_key="t" * 32, secure_cookies=False, media_dir=folder, trusted_hosts=(HOST,)
        )
        app = create_app(settings, now=FakeClock(), luck=lambda n: bytes(range(n)))
        shop = cls(app, app.test_client(), app.test_client(), made.keys, folder)
        form = {"login": "marta", "password": made.passwords["marta"], "csrf_token": shop.token("/login")}
        assert shop.staff.post("/login", data=form).status_code == 302
        return shop

    def token(self, path: str = "/") -> str:
        """Return what a form of the merchandiser's must bring."""
        return self.staff.get(path).get_data(as_text=True).split('name="csrf_token" value="')[-1].split('"')[0]

    def speak(self, language: str) -> None:
        """Let the merchandiser's pages speak a language."""
        self.staff.post(f"/language/{language}", data={"csrf_token": self.token()})

    def previewed(self, store: str, product: str) -> str:
        """Return the preview's page."""
        return self.staff.get(f"/merchandise/prices?store={store}&product={product}").get_data(as_text=True)

    def headers(self, store: str) -> dict[str, str]:
        """Return the headers of the store's kiosk."""
        return {"Authorization": f"Bearer {self.keys[KIOSKS[store]]}"}

    def tapped(self, store: str, product: str) -> TapAnswer:
        """Return the API's answer to a shopper who opens a product."""
        body = {
            "tap_id": str(uuid4()),
            "visit_id": str(uuid4()),
            "epoch": str(uuid4()),
            "occurred_at": NOW.isoformat(),
            "seq": 1,
            "picked": product,
        }
        answer = self.client.post("/api/v1/taps", json=body, headers=self.headers(store))
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return TapAnswer.model_validate_json(answer.data)

    def shelf(self, store: str) -> Shelf:
        """Return what the store's kiosk keeps for when the server is away."""
        return Shelf.model_validate_json(self.client.get("/api/v1/shelf", headers=self.headers(store)).data)


class Classes(HTMLParser):
    """Gathers the text of the innermost elements that have one of the classes."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        super().__init__()
        self.said: Said = {}
        self._wanted, self._open = wanted, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = set((dict(attrs).get("class") or "").split()) & set(self._wanted)
        if names:
            self._open = names.pop()
            self.said.setdefault(self._open, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.said[self._open][-1] = " ".join(f"{self.said[self._open][-1]} {data}".split())


def read(html: str) -> Said:
    """Return what a page says of a price."""
    classes = Classes(PARTS)
    classes.feed(html)
    return classes.said


def said_by(card: ProductCard, store: str, language: str) -> Said:
    """Return what a card of the API says, written as the store writes it."""
    locale = locale_for(language, STORES[store].locale)

    def amount(money: Money | None) -> list[str]:
        return [" ".join(written(money, locale).split())] if money else []

    price = None if card.withdrawn else card.price
    offers = () if card.withdrawn else card.offers
    unit = price.unit if price else None
    told: Said = {
        "notice": [words(card.notice, language)] if card.notice else [],
        "now": amount(price and price.now),
        "prior": amount(price and price.was),
        "off": [f"−{price.percent_off} %"] if price and price.percent_off else [],
        "member": amount(price and price.member),
        "unit": [f"{amount(unit.money)[0]} / {unit.per}"] if unit else [],
        "headline": [words(offer.headline, language) for offer in offers],
        "condition": [
            words(text, language) for offer in offers if (text := offer.condition or offer.hint) is not None
        ],
    }
    return {part: lines for part, lines in told.items() if lines}

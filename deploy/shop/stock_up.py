"""The demo shop put into a database: catalogue, prices with their history, stock, places, tags, people."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.access.models import Kiosk, Role, Staff, StaffStore, Store
from server.access.rules import key_hash, new_key
from server.catalogue.models import Category, Price, Product, ShelfPlace, Sign, SignProduct, Stock, Variant
from server.db import changed
from server.promotions.models import Promotion
from server.promotions.saving import save
from server.tags.models import Binding, TargetKind
from shop.draw import draw_all
from shop.goods import COLOURS, Good, categories, goods
from shop.stories import DEVICES, HOURS, PEOPLE, SIGNS, STORES, promotions
from shop.wallet import HOST, bound

SEED = 20261124
READ_ON = {"boot": ("dpp", "instructions"), "tent": ("instructions",), "jacket": ("dpp", "sustainabilityInfo")}
ZONES = {
    "footwear": ("Ground floor, left", "Planta baja, izquierda"),
    "clothing": ("First floor", "Primera planta"),
    "packs": ("Ground floor, by the window", "Planta baja, junto al escaparate"),
    "camping": ("Basement", "Sótano"),
    "hiking": ("Ground floor, right", "Planta baja, derecha"),
}
CONTENTS = {"wax-cuero": (Decimal(120), "g"), "laces-redondos": (Decimal("1.5"), "m")}
"""What is sold by weight or length shows a unit price."""
MEMBERS = "Merina"
"""Members pay a tenth less for the goods of this brand."""
NO_PRICE = {("LPA", "kit-botiquin"), ("MAD", "whistle-eco")}
WITHDRAWN = "power-sol"


@dataclass(frozen=True, slots=True)
class DemoTag:
    """A tag of the demo: its UID, chip, address, and what it means (`product:…` or `sign:…`)."""

    uid: str
    chip: str
    uri: str
    kind: TargetKind
    target: str
    product: str | None


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is shown once: passwords by log-in name, keys by device."""

    passwords: dict[str, str]
    keys: dict[str, str]


def demo_tags() -> list[DemoTag]:
    """Return the tags of the demo store: one for each product (some for a variant) and each sign."""
    luck = random.Random(SEED)
    tags = []
    for number, good in enumerate(goods()):
        uid = "04" + luck.randbytes(6).hex().upper()
        piece = good.pieces[number % len(good.pieces)]
        for_variant = number % 5 == 4
        chip = ("ntag213", "ntag213", "ntag215", "ntag216")[number % 4]
        kind, target = (TargetKind.VARIANT, piece.gtin) if for_variant else (TargetKind.PRODUCT, good.id)
        tags.append(DemoTag(uid, chip, f"https://{HOST}/01/{piece.gtin}", kind, target, good.id))
    for sign_id in SIGNS:
        uid = "04" + luck.randbytes(6).hex().upper()
        tags.append(DemoTag(uid, "ntag213", f"https://{HOST}/sign/{sign_id}", TargetKind.SIGN, sign_id, None))
    return tags


def stock_up(session: Session, *, media: Path, now: datetime) -> Secrets:
    """Fill an empty database in the caller's transaction; the same `now` makes the same shop, but for secrets."""
    pictures = draw_all(media)
    luck = random.Random(SEED)
    for store_id, story in STORES.items():
        latitude, longitude = story.at
        session.add(
            Store(
                id=store_id,
                name=story.name,
                time_zone=story.zone,
                currency=story.currency,
                locale=story.locale,
                latitude=latitude,
                longitude=longitude,
                hours=HOURS,
            )
        )
    for category_id, parent, name in categories():
        session.add(Category(id=category_id, parent_id=parent, name=name))
        session.flush()
    for good in goods():
        session.add(_product(good, pictures[good.id], now))
    session.flush()
    for good in goods():
        session.add_all(_variants(good))
    session.flush()
    for store_id, story in STORES.items():
        for good in goods():
            if good.id not in story.without:
                _place_and_price(session, store_id, good, luck=luck, now=now)
    _signs(session, pictures)
    madrid = now.astimezone(ZoneInfo("Europe/Madrid"))
    for columns in promotions(madrid.date()):
        save(session, Promotion(**columns), now=now - timedelta(days=90))
    made = _people_and_devices(session, now)
    for tag in demo_tags():
        session.add(
            Binding(store_id="MAD", uid=tag.uid, target_kind=tag.kind, target_id=tag.target, bound_from=now)
        )
    for uid, product in bound().items():
        session.add(
            Binding(store_id="MAD", uid=uid, target_kind=TargetKind.PRODUCT, target_id=product, bound_from=now)
        )
    changed(session)
    return made


def _product(good: Good, picture: str, now: datetime) -> Product:
    row = Product(id=good.id, category_id=good.category, brand=good.brand, name=good.name, summary=good.about)
    colour = COLOURS[good.pieces[0].colour]
    alt = {"en": f"{good.name['en']}, {colour[0].lower()}", "es": f"{good.name['es']}, {colour[1].lower()}"}
    row.pictures = [{"name": picture, "alt": alt}]
    weight = f"{good.grams} g"
    row.facts = [
        {"label": {"en": "Material", "es": "Material"}, "value": good.material},
        {"label": {"en": "Weight", "es": "Peso"}, "value": {"en": weight, "es": weight}},
    ]
    pages = READ_ON.get(good.kind, ())
    row.details = {"links": [{"kind": kind, "address": f"https://{HOST}/{kind}/{good.id}"} for kind in pages]}
    if good.id == WITHDRAWN:
        row.withdrawn_at = now - timedelta(days=3)
        row.notice = {
            "en": "We have taken this panel off sale: its plug can grow hot. If you own one, bring it back.",
            "es": "Hemos retirado este panel: su enchufe puede calentarse. Si lo tienes, tráelo.",
        }
    return row


def _variants(good: Good) -> list[Variant]:
    return [
        Variant(
            gtin=piece.gtin,
            product_id=good.id,
            sku=f"{good.id}-{piece.colour}-{piece.size or 'one'}",
            size=piece.size,
            colour={"en": COLOURS[piece.colour][0], "es": COLOURS[piece.colour][1]},
            colour_code=COLOURS[piece.colour][2],
            position=position,
            content=CONTENTS.get(good.id, (None, None))[0],
            content_unit=CONTENTS.get(good.id, (None, None))[1],
        )
        for position, piece in enumerate(good.pieces)
    ]


def _place_and_price(session: Session, store_id: str, good: Good, *, luck: random.Random, now: datetime) -> None:
    base = good.prices[STORES[store_id].currency]
    steps = [(now - timedelta(days=120), base)]
    fate = luck.random()
    if fate < 0.2:  # was dearer once, and came down for good
        steps = [(now - timedelta(days=120), round(base * 1.12)), (now - timedelta(days=70), base)]
    elif fate < 0.35:  # a fortnight's sale a month ago: what a prior price has to remember
        steps += [(now - timedelta(days=32), round(base * 0.9)), (now - timedelta(days=18), base)]
    prices, stock = [], []
    for piece in good.pieces:
        if (store_id, good.id) not in NO_PRICE:
            prices += [
                {
                    "store_id": store_id,
                    "gtin": piece.gtin,
                    "applies_from": at,
                    "minor": minor,
                    "member_minor": minor * 9 // 10 if good.brand == MEMBERS else None,
                }
                for at, minor in steps
            ]
        count = 0 if luck.random() < 0.18 else luck.randint(1, 9)
        counted = now - timedelta(minutes=luck.randint(20, 600))
        stock.append({"store_id": store_id, "gtin": piece.gtin, "count": count, "counted_at": counted})
    if prices:
        session.execute(insert(Price), prices)
    session.execute(insert(Stock), stock)
    top = {c: p for c, p, _ in categories()}
    zone = good.category if good.category in ZONES else top[good.category] or "hiking"
    en, es = ZONES[zone]
    bay = luck.randint(1, 6)
    session.add(
        ShelfPlace(
            store_id=store_id,
            product_id=good.id,
            zone={"en": en, "es": es},
            fixture={"en": f"bay {bay}", "es": f"módulo {bay}"},
            shelf=luck.randint(1, 5),
        )
    )


def _signs(session: Session, pictures: dict[str, str]) -> None:
    for sign_id, story in SIGNS.items():
        picture = {"name": pictures[f"sign:{sign_id}"], "alt": story.title}
        session.add(Sign(id=sign_id, title=story.title, body=story.body, picture=picture))
        session.flush()
        for position, product in enumerate(story.products):
            session.add(SignProduct(sign_id=sign_id, product_id=product, position=position))


def _people_and_devices(session: Session, now: datetime) -> Secrets:
    passwords = {login: secrets.token_urlsafe(12) for login, *_ in PEOPLE}
    keys = {device: new_key(secrets.token_bytes(32)) for device, *_ in DEVICES}
    hasher = PasswordHasher()
    for login, name, role, stores in PEOPLE:
        session.add(
            Staff(
                id=login,
                login=login,
                name=name,
                role=Role(role),
                password_hash=hasher.hash(passwords[login]),
                session_key=secrets.token_hex(16),
                language="en" if login == "grace" else "es",
            )
        )
        session.flush()
        session.add_all(StaffStore(staff_id=login, store_id=store) for store in stores)
    for device, name, store, kind in DEVICES:
        session.add(
            Kiosk(id=device, name=name, store_id=store, kind=kind, key_hash=key_hash(keys[device]), created_at=now)
        )
    return Secrets(passwords, keys)

"""A small shop for tests: boots in two sizes, socks, a withdrawn lamp, a sign, two stores, devices, staff."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import CodeType
from uuid import UUID

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.orm import Session

from server.access.models import Kiosk, KioskKind, Role, Staff, StaffStore, Store
from server.access.rules import key_hash
from server.app import create_app
from server.catalogue.models import Category, Price, Product, ShelfPlace, Sign, SignProduct, Stock, Variant
from server.settings import ServerSettings
from server.tags.models import Binding, TargetKind
from tests.clock import NOW, FakeClock

KEYS = {"kiosk": "stk_kiosk", "desk": "stk_desk", "other": "stk_other"}
BOOT_38, BOOT_39, SOCK, LAMP = "02000000000015", "02000000000022", "02000000000039", "02000000000046"
UIDS = {"boot": "04A1B2C3D4E501", "boot38": "04A1B2C3D4E502", "sign": "04A1B2C3D4E503", "lamp": "04A1B2C3D4E504"}
PASSWORD = "four walls and a roof"
SEAL = bytes(range(32))


def furnish(session: Session) -> None:
    """Put the shop into an empty database and commit."""
    zones = {"MAD": ("Europe/Madrid", "EUR", "es_ES"), "LON": ("Europe/London", "GBP", "en_GB")}
    for store, (zone, currency, locale) in zones.items():
        session.add(Store(id=store, name=store.title(), time_zone=zone, currency=currency, locale=locale))
    session.add_all(
        [Category(id="all", name={"en": "All"}), Category(id="feet", parent_id="all", name={"en": "Feet"})]
    )
    session.flush()
    for product, name in (("boot", "Boot"), ("sock", "Sock"), ("lamp", "Lamp")):
        texts = {"en": name, "es": f"{name} es"}
        gone = NOW - timedelta(days=1) if product == "lamp" else None
        notice = {"en": "Do not use", "es": "No usar"} if product == "lamp" else None
        row = Product(id=product, category_id="feet", brand="Own", name=texts, summary=texts)
        row.withdrawn_at, row.notice = gone, notice
        session.add(row)
    session.flush()
    for gtin, product, size in (
        (BOOT_38, "boot", "38"),
        (BOOT_39, "boot", "39"),
        (SOCK, "sock", None),
        (LAMP, "lamp", None),
    ):
        session.add(Variant(gtin=gtin, product_id=product, sku=gtin, size=size, position=int(gtin[-2])))
    session.flush()
    for gtin, minor in ((BOOT_38, 12000), (BOOT_39, 12000), (SOCK, 900)):
        session.add(Price(store_id="MAD", gtin=gtin, applies_from=NOW - timedelta(days=90), minor=minor))
        count = 0 if gtin == BOOT_39 else 5
        session.add(Stock(store_id="MAD", gtin=gtin, count=count, counted_at=NOW - timedelta(hours=2)))
    session.add(ShelfPlace(store_id="MAD", product_id="boot", zone={"en": "Hall"}, shelf=2))
    session.add(Sign(id="autumn", title={"en": "Autumn"}, body={"en": "For wet days"}))
    session.flush()
    session.add_all(
        [SignProduct(sign_id="autumn", product_id=p, position=i) for i, p in enumerate(("lamp", "boot"))]
    )
    _tags_and_people(session)
    session.commit()


def _tags_and_people(session: Session) -> None:
    meant = {
        "boot": (TargetKind.PRODUCT, "boot"),
        "boot38": (TargetKind.VARIANT, BOOT_38),
        "sign": (TargetKind.SIGN, "autumn"),
        "lamp": (TargetKind.PRODUCT, "lamp"),
    }
    for name, (kind, target) in meant.items():
        session.add(Binding(store_id="MAD", uid=UIDS[name], target_kind=kind, target_id=target, bound_from=NOW))
    for name, store in (("kiosk", "MAD"), ("desk", "MAD"), ("other", "LON")):
        kind = KioskKind.DESK if name == "desk" else KioskKind.KIOSK
        session.add(
            Kiosk(id=name, store_id=store, name=name, kind=kind, key_hash=key_hash(KEYS[name]), created_at=NOW)
        )
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    for role in Role:
        session.add(
            Staff(id=role, login=role, name=role.title(), role=role, password_hash=hashed, session_key="s")
        )
    session.flush()
    for role in (Role.ASSOCIATE, Role.MANAGER):
        session.add(StaffStore(staff_id=role, store_id="MAD"))


def open_app(url: str, clock: FakeClock) -> Flask:
    """Return the real server's app on this database."""
    settings = ServerSettings(
        database_url=url,
        secret_key="t" * 32,
        secure_cookies=False,
        argon2_cost=1,
        trusted_hosts=("id.example",),
        metrics_token="figures",
        tag_seal=SEAL,
        person_keys={"k1": bytes(range(32))},
    )
    app = create_app(settings, now=clock, luck=lambda n: bytes(range(n)))
    app.jinja_env.bytecode_cache = WRITTEN
    return app


class Written(BytecodeCache):
    """Templates compiled once for all the apps of this process."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what an app before compiled of the same text."""
        bucket.code = self._held.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the apps after."""
        self._held[bucket.key, bucket.checksum] = bucket.code


WRITTEN = Written()


def as_device(name: str) -> dict[str, str]:
    """Return the headers of a device."""
    return {"Authorization": f"Bearer {KEYS[name]}"}


def sign_in(client: FlaskClient, role: str) -> None:
    """Sign a client in as the member of staff with this role."""
    page = client.get("/login").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[-1].split('"')[0]
    answer = client.post("/login", data={"login": role, "password": PASSWORD, "csrf_token": token})
    assert answer.status_code == 302, answer.get_data(as_text=True)


def tap(number: int, uid: str | None = UIDS["boot"], *, at: datetime = NOW, **more: object) -> dict[str, object]:
    """Return a tap as a kiosk sends it; the same number makes the same tap."""
    return {
        "tap_id": str(UUID(int=number, version=4)),
        "visit_id": str(UUID(int=7, version=4)),
        "occurred_at": at.isoformat(),
        "epoch": str(UUID(int=1, version=4)),
        "seq": number,
        "uid": uid,
        **more,
    }

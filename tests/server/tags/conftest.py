"""The shop with a signing tag in it, for every test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.tags.keyring.queries import add_keys
from server.tags.keyring.sealing import Masters
from server.tags.models import Binding, TargetKind
from tests.clock import NOW, FakeClock
from tests.server.tags.floor import SIGNING, Floor
from tests.server.tags.signing_tag import MASTER
from tests.shopfloor import SEAL


@pytest.fixture
def floor(app: Flask, engine: Engine, clock: FakeClock) -> Iterator[Floor]:
    made = Floor(app, engine, clock)
    with Session(engine) as session, session.begin():
        masters = Masters(MASTER, MASTER)
        add_keys(session, "boots", masters, sealing=SEAL, nonce=bytes(12), now=NOW)
        session.add(
            Binding(store_id="MAD", uid=SIGNING, target_kind=TargetKind.PRODUCT, target_id="boot", bound_from=NOW)
        )
    made.enrol(SIGNING, key_set="boots")
    yield made
    made.app.extensions["tap_desk"].watch.settle()

"""From the tag to the phone and back onto the timeline: a real server, a real agent, its screen and a phone."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.agent import Agent
from kiosk.client import Client
from kiosk.given import Surroundings
from kiosk.outbox import Outbox
from kiosk.qr import qr
from kiosk.shelf import ShelfCopy
from kiosk.sync import Sync
from kiosk.web import create_app
from server.timeline.models import Event
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said, link, person_of
from tests.browsing import running, violations
from tests.clock import NOW, FakeClock
from tests.ports import free_port
from tests.shopfloor import KEYS, UIDS, furnish, open_app

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def shop(database_url: str, engine: Engine) -> Iterator[Flask]:
    """The small shop's server, with real luck."""
    with Session(engine) as session:
        furnish(session)
    app = open_app(database_url, FakeClock())
    app.extensions["house"] = replace(app.extensions["house"], luck=os.urandom)
    yield app
    app.extensions["house"].engine.dispose()


@pytest.fixture
def agent(shop: Flask, tmp_path: Path) -> Iterator[Agent]:
    """An agent that runs on it, as a kiosk's does."""
    clock = FakeClock()
    given = Surroundings(clock, time.perf_counter, os.urandom, timedelta(seconds=60), "en")
    with running(shop) as server:
        outbox = Outbox(tmp_path / "outbox.sqlite")
        made = Agent(outbox=outbox, shelf=ShelfCopy(tmp_path), client=Client(server, KEYS["kiosk"]), given=given)
        sync = Sync(made, now=clock, chance=Random(1), boot_id="b")
        sync.fetch_shelf()
        sync.start()
        threading.Thread(target=made.run_live, daemon=True).start()
        yield made
        sync.stop()
        made.stop()
        outbox.close()


@pytest.fixture
def screen(agent: Agent, chromium: Browser) -> Iterator[Page]:
    """The kiosk's page."""
    port = free_port()
    with running(create_app(agent, port=port, secret="s"), port) as address:
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        yield page
        page.close()


def lines_of(engine: Engine) -> set[tuple[str, str | None]]:
    """Return what the one visit there was did, and in which channel."""
    with Session(engine) as session:
        told = session.execute(select(Event.kind, Event.channel, Event.product_id, Event.visit_id)).all()
    assert len({visit for *_, visit in told}) == 1
    return {(f"{channel}: {kind}", product) for kind, channel, product, _ in told}


def test_a_visit_is_carried_on_on_a_phone_and_what_is_kept_there_is_on_its_timeline(
    chromium: Browser, agent: Agent, screen: Page, engine: Engine
) -> None:
    agent.listen(Arrived(TagRead(UIDS["boot"], "NTAG213", None, Outcome.OK, milliseconds=2.0)))
    expect(screen.get_by_role("heading", level=1)).to_have_text("Boot")
    screen.click("#carry")
    drawn = screen.locator(".code svg path").last.get_attribute("d")
    carry = agent.state().carry
    assert carry
    assert drawn
    assert drawn in qr(carry.link), "what stands on the screen is the link"

    phone = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-GB").new_page()
    phone.goto(carry.link)
    phone.get_by_role("button", name="Carry on here").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Now say yes at the kiosk")
    expect(screen.get_by_role("heading", level=1)).to_have_text(re.compile("Is it yours"))
    assert screen.locator(".sign-shown").inner_text() == phone.locator(".sign").inner_text()
    assert "Boot" not in phone.content()

    screen.click("#carry-yes")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Your visit is on your phone now.")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your visit at Mad")
    phone.get_by_role("button", name="Keep it Boot").click()
    expect(phone.get_by_role("button", name="Take off the list Boot")).to_be_visible()

    screen.click("#done")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Hold a product tag here")
    assert carry.link not in screen.content()
    phone.reload()
    expect(phone.get_by_role("button", name="Take off the list Boot")).to_be_visible()
    phone.context.close()
    told = {("kiosk: product_tapped", "boot"), ("web: product_added_to_wishlist", "boot")}
    assert told <= lines_of(engine)


def test_a_shopper_with_a_number_becomes_a_customer_with_two_yesses(
    chromium: Browser, agent: Agent, screen: Page, engine: Engine
) -> None:
    customer = Id(IdKind.CUSTOMER, "4711")
    with Session(engine) as session, session.begin():
        ends = PersonKeys({"k1": bytes(range(32))}).hidden(Id(IdKind.CARD, "240012345678")), customer
        link(session, ends, Said("crm", "enrolled", NOW), link_id=UUID(int=1, version=4))
    agent.listen(Arrived(TagRead(UIDS["boot"], "NTAG213", None, Outcome.OK, milliseconds=2.0)))
    screen.click("#carry")
    expect(screen.locator(".code")).to_be_visible()
    carry = agent.state().carry
    assert carry

    phone = chromium.new_context(viewport={"width": 390, "height": 844}, locale="es-ES").new_page()
    phone.goto(carry.link)
    phone.get_by_label("Número de cliente").fill("2400 9999 9999")
    phone.get_by_role("button", name="Seguir con mi número").click()
    expect(phone.get_by_role("alert")).to_contain_text("No conocemos este número")
    phone.wait_for_load_state()
    assert violations(phone) == []
    phone.get_by_label("Número de cliente").fill("2400 1234 5678")
    phone.get_by_role("button", name="Seguir con mi número").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("A phone says who you are. Is it yours?")
    screen.click("#carry-yes")
    expect(screen.get_by_role("heading", level=1)).to_have_text("We know this number.")
    assert violations(screen) == []
    assert (screen.locator("#personalisation-yes").count(), "4711" in screen.content()) == (0, False)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Tu visita en Mad")
    screen.click("#service-yes")
    expect(screen.locator("#service-yes")).to_have_attribute("aria-pressed", "true")
    phone.reload()
    expect(phone.get_by_role("heading", name="Guardar esta visita en mi cuenta")).to_be_visible()
    assert violations(phone) == []
    phone.context.close()
    with Session(engine) as session:
        assert len(person_of(session, customer).visits) == 1

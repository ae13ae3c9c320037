"""The shopper's phone in a real browser: from the link to the visit, by itself once the kiosk has said yes."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from server.timeline.queries import recent_visits
from tests.browsing import running, violations
from tests.server.phone.test_carrying_on import VISIT, answer, offered, shop

__all__ = ["shop"]

PHONE = {"width": 390, "height": 844}
SAID = {
    "en-GB": ("Carry on here", "Now say yes at the kiosk", "Your visit at", "Keep it"),
    "es-ES": ("Seguir aquí", "Ahora di que sí en el quiosco", "Tu visita en", "Guardar"),
}


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", SAID)
def test_a_phone_carries_on_by_itself_after_the_yes(chromium: Browser, shop: Flask, language: str) -> None:
    press, wait, visit, keep = SAID[language]
    path, link = offered(shop)
    with running(shop) as address:
        page = chromium.new_page(viewport=PHONE, locale=language)
        page.goto(address + link)
        assert violations(page) == []
        page.get_by_role("button", name=press).click()
        expect(page.get_by_role("heading")).to_have_text(wait)
        page.wait_for_load_state()
        assert violations(page) == []
        page.wait_for_timeout(2500)  # it asks every second, and stands where it stood
        expect(page.get_by_role("heading")).to_have_text(wait)
        assert answer(shop, path, yes=True) == 204
        expect(page.get_by_role("heading", level=1)).to_contain_text(visit)
        page.wait_for_load_state()
        assert violations(page) == []
        page.locator("a[href='/carry/products/boot']").click()
        expect(page.get_by_role("button", name=keep)).to_be_visible()
        page.wait_for_load_state()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.get_by_role("button", name=keep).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(visit)
        expect(page.get_by_role("listitem")).to_have_count(3)
        page.wait_for_load_state()
        assert violations(page) == []
        assert [
            line for line in page.get_by_role("button").all() if (line.bounding_box() or {})["height"] < 48
        ] == []
        assert page.locator("a[href='/']").count() == 0, "a shopper has no business at the staff's door"
        page.close()
    with Session(shop.extensions["house"].engine) as session:
        [line] = recent_visits(session, ["MAD"])
    assert (line.visit_id, line.device_id) == (UUID(VISIT), "kiosk")

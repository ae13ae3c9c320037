"""The consoles in a real browser: no barrier, and a manager's whole way from tag to product and back."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.tags.queries import open_bindings
from tests.browsing import running, violations
from tests.shopfloor import PASSWORD, UIDS, as_device, tap

VISIT = UUID(int=7, version=4)
PATHS = {
    "operator": ["/live"],
    "manager": [
        "/",
        f"/manage/MAD/visits/{VISIT}",
        "/manage/MAD/tags?q=boot",
        "/manage/MAD/visits",
        "/manage/MAD/kiosks",
        "/manage/MAD/calls",
        "/manage/MAD/left-out",
    ],
    "merchandiser": [
        "/merchandise/taps",
        "/merchandise/promotions",
        "/merchandise/prices?product=boot",
        "/merchandise/policy",
        "/merchandise/replay?what=best&days=7",
    ],
}
NEW_TAG = "04FFFFFFFFFF01"


def signed_in(chromium: Browser, address: str, role: str, size: tuple[int, int] = (1280, 800)) -> Page:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
    page.goto(f"{address}/login")
    page.fill("#login", role)
    page.fill("#password", PASSWORD)
    page.click("form.sign-in button")
    page.wait_for_url(f"{address}/")
    return page


def tapped(app: Flask) -> None:
    client = app.test_client()
    for number, uid in enumerate((*UIDS.values(), NEW_TAG)):
        assert client.post("/api/v1/taps", json=tap(number, uid), headers=as_device("kiosk")).status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [(800, 480), (1280, 800), (1080, 1920)])
def test_no_console_has_a_barrier(chromium: Browser, app: Flask, size: tuple[int, int]) -> None:
    tapped(app)
    found: dict[str, list[str]] = {}
    with running(app) as address:
        for role, paths in PATHS.items():
            page = signed_in(chromium, address, role, size)
            for language in ("es", "en"):
                page.click(f"form[action='/language/{language}'] button")
                for path in paths:
                    page.goto(address + path)
                    page.wait_for_timeout(150)
                    assert page.get_attribute("html", "lang") == language
                    found[f"{role} {language} {path}"] = violations(page)
                page.goto(address)
            page.close()
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_manager_binds_a_tag_by_laying_it_on_the_desk_and_takes_it_back(
    chromium: Browser, app: Flask, engine: Engine
) -> None:
    with running(app) as address:
        page = signed_in(chromium, address, "manager")
        page.goto(f"{address}/manage/MAD/tags?q=sock")
        page.click("text=Sock")
        read = {
            "read_id": "00000000-0000-4000-8000-000000000001",
            "occurred_at": "2026-11-24T10:00:00Z",
            "uid": NEW_TAG,
        }
        assert (
            app.test_client().post("/api/v1/desk/reads", json=read, headers=as_device("desk")).status_code == 204
        )
        page.click(f"#bind-{NEW_TAG}")
        page.wait_for_selector(".linked")
        with Session(engine) as session:
            assert open_bindings(session, "MAD", [NEW_TAG])[NEW_TAG].id == "sock"
        page.click("text=Undo")
        page.wait_for_selector(".linked", state="detached")  # until the page that answers stands there
        with Session(engine) as session:
            assert open_bindings(session, "MAD", [NEW_TAG]) == {}
        page.close()

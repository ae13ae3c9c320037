"""The manager's alarms in a real browser: found from anywhere, read without a barrier, closed by one press."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browsing import running, violations
from tests.server.consoles.test_console_pages import signed_in
from tests.shopfloor import SOCK, UIDS, as_device, tap


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [(800, 480), (1280, 800)])
def test_a_manager_finds_reads_and_closes_an_alarm(chromium: Browser, app: Flask, size: tuple[int, int]) -> None:
    client = app.test_client()
    for number, uri in enumerate((f"https://evil.example/01/{SOCK}", "https://id.gs1.org/01/09506000134352")):
        for name in ("boot", "boot38"):
            body = tap(10 * number + len(name), UIDS[name], uri=uri)
            assert client.post("/api/v1/taps", json=body, headers=as_device("kiosk")).status_code == 200
    app.extensions["tap_desk"].watch.settle()
    with running(app) as address:
        page = signed_in(chromium, address, "manager", size)
        page.click("nav >> text=Alarms (2)")
        assert page.locator("section.card-plain").count() == 2
        assert page.locator("main a").count() == 0, "nothing a tag says can be opened"
        assert violations(page) == []
        page.click(f"button[aria-label='Seen: {UIDS['boot']}']")
        page.wait_for_selector("#seen")
        assert page.locator("nav").get_by_text("Alarms (1)").count() == 1
        assert violations(page) == []
        page.close()

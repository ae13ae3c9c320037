"""The browser libraries, unmodified, in a page of another origin, through a proxy that fails."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.timeline.models import Event, EventKind, FailedEvent
from tests.browsing import running
from tests.fault_proxy import MIXED, Fault, proxied

CLIENTS = Path(__file__).resolve().parents[2] / "clients"
TRACKS = 5
CALLS = TRACKS + 4


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def another_origin() -> Iterator[str]:
    if not (CLIENTS / "node_modules").exists():
        pytest.skip("the browser clients are not here: deploy/prepare tests brings them")
    handler = functools.partial(_Quiet, directory=str(CLIENTS))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


FAULTS = (Fault.SERVER_ERROR, Fault.BUSY_WITH_A_TIME, Fault.RESET, Fault.ANSWER_LOST, Fault.SLOW)


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("library", ["segment", "rudder"])
def test_a_page_of_another_origin_loses_no_call(
    sources: Flask, engine: Engine, chromium: Browser, another_origin: str, library: str
) -> None:
    def numbers() -> set[str]:
        with Session(engine) as session:
            return {str(event.message_id) for event in session.scalars(select(Event))}

    with running(sources) as upstream, proxied(upstream, FAULTS) as (address, proxy):
        page = chromium.new_page()
        asked = urlencode({"to": address, "key": "wk_web", "tracks": TRACKS})
        page.goto(f"{another_origin}/{library}.html?{asked}")
        for _ in range(600):  # the page lives only while playwright is asked for something
            if len(numbers()) >= CALLS:
                break
            page.wait_for_timeout(100)
        page.close()
        assert sum(proxy.met[fault] for fault in MIXED) > 0, "nothing failed: this would prove little"
    assert numbers() == proxy.message_ids
    with Session(engine) as session:
        events = list(session.scalars(select(Event)))
        assert list(session.scalars(select(FailedEvent))) == []
    who = {event.properties.get("who") for event in events}
    assert who >= {f"w-{number}" for number in range(TRACKS + 1)}
    by_kind = {event.kind: event for event in events}
    assert by_kind[EventKind.IDENTIFIED].user_id == "w-identify"
    assert by_kind[EventKind.ALIAS_TOLD].properties["previous_id"] == "before"
    assert by_kind[EventKind.GROUP_JOINED].properties["group_id"] == "w-group"

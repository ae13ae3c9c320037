"""A direct route answers as the app alone would: the short way changes how fast, and nothing else."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from a2wsgi import ASGIMiddleware
from flask import Flask
from werkzeug.test import Client

from server.direct import DirectRoutes
from tests.shopfloor import UIDS, as_device, tap

TAPS, BATCH = "/api/v1/taps", "/api/v1/taps/batch"
ANY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def cases(hundred: int) -> dict[str, tuple[str, object]]:
    """Bodies whose taps and visit are this hundred's own."""

    def own(number: int, uid: str = UIDS["boot"], **more: object) -> dict[str, object]:
        return tap(hundred + number, uid, **{"visit_id": str(UUID(int=hundred, version=4)), **more})

    return {
        "a tap": (TAPS, own(1)),
        "an unknown tag": (TAPS, own(2, "04FFFFFF")),
        "a duplicate": (TAPS, own(1)),
        "a conflict": (TAPS, own(1, UIDS["sign"])),
        "no tap": (TAPS, {"uid": 4}),
        "what only the server says": (TAPS, own(3, store_id="LON")),
        "a batch": (BATCH, {"taps": [own(4), own(4), own(4, UIDS["lamp"]), {"tap_id": 4}]}),
        "no batch": (BATCH, {"taps": []}),
        "too much": (TAPS, own(5, more="x" * 300_000)),
    }


def answers(client: Client, hundred: int, device: str) -> dict[str, tuple[int, dict[str, str], str]]:
    told = {}
    for name, (path, body) in cases(hundred).items():
        answer = client.post(path, json=body, headers={"Authorization": f"Bearer stk_{device}"})
        headers = {
            key.lower(): value for key, value in answer.headers if key.lower() != "vary"
        }  # the app's cookie
        told[name] = (answer.status_code, headers, ANY_ID.sub("ID", answer.get_data(as_text=True)))
    return told


def the_short_way(app: Flask) -> Client:
    """A client of what the application server runs, event loop and all."""
    return Client(ASGIMiddleware(DirectRoutes(app, threads=4)))  # type: ignore[arg-type]  # its own ASGI types


@pytest.mark.parametrize("device", ["kiosk", "desk", "nobody"])
def test_the_short_way_and_the_apps_way_give_the_same_answers(app: Flask, device: str) -> None:
    by_the_app = answers(Client(app), 100, device)
    assert answers(the_short_way(app), 200, device) == by_the_app
    statuses = [status for status, _, _ in by_the_app.values()]
    refused = {"desk": 403, "nobody": 401}.get(device)
    assert statuses == ([refused] * 9 if refused else [200, 200, 200, 409, 422, 422, 200, 422, 413])


def test_answers_of_the_short_way_are_counted(app: Flask) -> None:
    client = the_short_way(app)
    for number in range(1, 4):
        assert client.post(TAPS, json=tap(number), headers=as_device("kiosk")).status_code == 200
    figures = client.get("/metrics", headers={"Authorization": "Bearer figures"}).get_data(as_text=True)
    counted = re.search(r'shelftalker_answers_total\{route="taps.one_tap",status="200"\} (\S+)', figures)
    assert counted
    assert float(counted[1]) == 3

"""Whatever comes in: a clear problem, never a traceback; and the server lives with its database away."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.clock import FakeClock
from tests.shopfloor import as_device, open_app, tap

BODIES = {
    "no json": b"hello",
    "cut": b'{"tap_id": "',
    "nested": b"[" * 100_000,
    "nested objects": b'{"a":' * 50_000,
    "a number": b"4",
    "huge number": b'{"seq": ' + b"9" * 5000 + b"}",
    "not utf-8": b'{"uid": "\xff\xfe"}',
    "not a number": b'{"seq": NaN}',
    "empty": b"",
    "wrong types": b'{"tap_id": 4, "seq": "x", "uid": []}',
    "lone surrogate": b'{"uid": "\\ud800"}',
}


@pytest.mark.parametrize("path", ["/api/v1/taps", "/api/v1/taps/batch", "/api/v1/heartbeats", "/api/v1/calls"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_bad_body_is_a_problem_in_words(client: FlaskClient, path: str, body: bytes) -> None:
    answer = client.post(path, data=body, headers=as_device("kiosk"))
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    assert "Traceback" not in problem["detail"]


def test_ten_megabytes_are_too_much(client: FlaskClient) -> None:
    answer = client.post("/api/v1/taps", data=b"x" * 10_000_000, headers=as_device("kiosk"))
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"


def test_a_tap_may_not_say_what_only_the_server_says(client: FlaskClient) -> None:
    body = tap(1) | {"store_id": "LON"}
    assert client.post("/api/v1/taps", json=body, headers=as_device("kiosk")).status_code == 422
    assert client.post("/api/v1/taps", json=tap(1) | {"newer": 1}, headers=as_device("kiosk")).status_code == 200


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.sqlite", "postgresql+psycopg://x@127.0.0.1:1/none"])
def test_the_server_starts_with_its_database_away(url: str) -> None:
    client = open_app(url, FakeClock()).test_client()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["detail"] == "The database is away."
    answer = client.post("/api/v1/taps", json=tap(1), headers=as_device("kiosk"))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_ready_once_the_database_is(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json() == {"status": "ready"}


def test_descriptions_and_figures_are_closed_to_strangers(client: FlaskClient) -> None:
    assert client.get("/openapi.json").status_code == 401
    assert client.get("/metrics").status_code == 401
    assert b"shelftalker_answers" in client.get("/metrics", headers={"Authorization": "Bearer figures"}).data
    described = client.get("/openapi.json", headers=as_device("kiosk")).get_json()
    assert "/api/v1/taps" in described["paths"]
    assert "TapAnswer" in described["components"]["schemas"]


@pytest.mark.parametrize("path", ["/api/v1/none", "/none"])
def test_what_is_not_there_is_told(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Content-Security-Policy" in answer.headers

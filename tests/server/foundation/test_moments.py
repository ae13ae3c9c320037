"""A moment outside of what can be counted is refused in words, whatever its zone."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.shopfloor import as_device, tap


def test_a_moment_before_all_years_is_refused_in_words(client: FlaskClient) -> None:
    body = tap(1) | {"occurred_at": "0001-01-01T18:20:01+20:26"}
    answer = client.post("/api/v1/taps", json=body, headers=as_device("kiosk"))
    assert answer.status_code == 422
    assert "years 1 to 9999" in answer.get_json()["detail"]

"""What past taps would have cost: on the page and at the terminal, the cards that change and by how much."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.analytics.commands import replay
from server.promotions.models import Promotion
from server.promotions.saving import save
from server.settings import ServerSettings
from server.terminal import Terminal
from tests.clock import NOW, FakeClock
from tests.shopfloor import UIDS, as_device, sign_in, tap

HALF = {"kind": "percent", "percent": 50, "products": ["boot"]}
THREE = {"kind": "n_for_m", "buy": 2, "pay": 1, "everything": True}


@pytest.fixture
def past(client: FlaskClient, engine: Engine, clock: FakeClock) -> None:
    """Two promotions, one only planned for next week; a visit that saw boot and sock, and an hour after it."""
    with Session(engine) as session, session.begin():
        start = (NOW + timedelta(days=7)).replace(tzinfo=None)
        long_ago = NOW - timedelta(days=60)
        save(session, Promotion(id="half", headline={"en": "Half"}, rule=HALF, starts=start), now=long_ago)
        save(session, Promotion(id="two", headline={"en": "Two for one"}, rule=THREE), now=long_ago)
    for number, more in enumerate(({}, {"uid": None, "picked": "sock"}, {"uid": UIDS["boot38"]})):
        body = tap(number) | more
        assert client.post("/api/v1/taps", json=body, headers=as_device("kiosk")).status_code == 200
    clock.advance(3600)


def test_a_promotion_planned_for_next_week_is_tried_on_the_last(past: None, client: FlaskClient) -> None:
    sign_in(client, "manager")
    said = client.get("/merchandise/replay?what=with&promotion=half&days=7").get_data(as_text=True)
    assert "1 of 1 visits" in said
    assert re.search(r"Together [0-9]+[.,]00\s€ less\.", said), "cheaper, and not only other"
    assert all(words in said for words in ("120,00", "60,00", "<td>2</td>"))
    assert "9,00\xa0€</td>" not in said, "the sock's card would have said the same"


def test_a_running_one_is_taken_away_and_only_lists_change(
    past: None, client: FlaskClient, database_url: str, clock: FakeClock
) -> None:
    terminal = Terminal(lambda: ServerSettings(database_url=database_url), clock, bytes)
    told = CliRunner().invoke(replay, ["without", "two"], obj=terminal).output
    assert set(told.splitlines()) == {"Mad: 1 of 1 visits, €9.00", "Lon: 0 of 0 visits, £0.00"}


@pytest.mark.parametrize(
    "query", ["what=with&promotion=none&days=7", "what=with&promotion=half&days=400", "what=x"]
)
def test_what_cannot_be_tried_is_refused_in_words(past: None, client: FlaskClient, query: str) -> None:
    sign_in(client, "merchandiser")
    assert client.get(f"/merchandise/replay?{query}").status_code == 422

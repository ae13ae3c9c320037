"""What became of what was shown, by reason, place and model; and what another model would have got."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.recommendations.commands_shown import suggestions
from server.recommendations.counting import Counted, counted
from server.recommendations.outcomes import ListShown, Step, Tile, outcomes_of
from server.recommendations.replaying import agreements, estimated
from server.recommendations.shown_queries import outcomes
from server.recommendations.training import train
from server.settings import ServerSettings
from server.terminal import Terminal
from tests.clock import NOW, FakeClock
from tests.shopfloor import as_device, tap

VISIT = UUID(int=7)


def shown(number: int, *products: str, at: float = 0, version: int = 3, chance: float = 0.9) -> ListShown:
    tiles = tuple(Tile(product, place, "alike") for place, product in enumerate(products, start=1))
    moment = NOW + timedelta(seconds=at)
    return ListShown(UUID(int=number), VISIT, moment, version, chance < 0.5, chance, tiles)


def step(number: int, product: str, at: float, *, cause: int | None = None) -> Step:
    of = UUID(int=cause) if cause is not None else None
    return Step(UUID(int=number), VISIT, NOW + timedelta(seconds=at), product, of, cause is not None)


def test_a_tile_counts_where_it_was_opened_or_tapped_after_it_was_shown() -> None:
    lists = [shown(1, "socks", "mat", at=0), shown(2, "mat", "lamp", at=10), shown(3, "tent", at=30)]
    steps = [
        *(step(1, "boots", 0), step(2, "socks", 10, cause=1), step(4, "mat", 20), step(5, "tent", 29)),
        *(step(3, "hat", 30), step(6, "lamp", 40, cause=99)),
    ]
    found = outcomes_of(reversed(lists), reversed(steps))
    assert [one.opened for one in found] == [{"socks"}, set(), set()]
    assert [one.tapped for one in found] == [set(), {"mat"}, set()]
    assert [one.seen for one in found] == [
        ("boots",),
        ("boots", "socks"),
        ("boots", "socks", "mat", "tent", "hat"),
    ]
    assert counted(found, "position") == {"place 1": Counted(3, 1, 1), "place 2": Counted(2, 0, 0)}
    assert counted(found, "model") == {"model 3": Counted(5, 1, 1)}


def test_a_replay_finds_what_a_model_is_worth_from_a_mixture() -> None:
    def mixture() -> Iterator[tuple[ListShown, list[Step]]]:
        for number in range(1000):
            held_out = number % 10 == 0
            product, taps = ("mat", number % 20 == 0) if held_out else ("socks", number % 10 < 4)
            one = shown(number, product, at=number, chance=0.1 if held_out else 0.9)
            yield one, [step(5000 + number, product, number, cause=number)] * taps

    lists, steps = zip(*mixture(), strict=True)
    found = outcomes_of(lists, [one for some in steps for one in some])

    class Popular:
        def rank(self, *_: object, **__: object) -> list[SimpleNamespace]:
            return [SimpleNamespace(item="mat")]

    agreed = list(agreements(Popular(), found, store="MAD", stock=frozenset()))  # type: ignore[arg-type]
    would = estimated(found, agreed)
    assert would.lists == 100
    assert would.mean == pytest.approx(0.5)


def test_the_command_counts_what_kiosks_showed_and_replays_a_model(
    client: FlaskClient, engine: Engine, database_url: str, clock: FakeClock
) -> None:
    first = client.post("/api/v1/taps", json=tap(1), headers=as_device("kiosk")).get_json()
    tile = first["goes_with"][0]["product_id"]
    later = tap(2, None, at=NOW + timedelta(seconds=5), picked=tile, cause=first["tap_id"])
    clock.advance(5)
    client.post("/api/v1/taps", json=later, headers=as_device("kiosk"))
    client.application.extensions["tap_desk"].shown.flush()
    with Session(engine) as session, session.begin():
        [one, other] = outcomes(session, "MAD", since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))
        assert (one.opened, other.seen) == ({tile}, ("boot", tile))
        train(session, NOW)
    clock.advance(60)
    terminal = Terminal(lambda: ServerSettings(database_url=database_url), clock, bytes)
    told = CliRunner().invoke(suggestions, ["shown", "--by", "model"], obj=terminal)
    assert "no model" in told.output, told.output
    assert "1 (" in told.output
    assert "replay of 1" in CliRunner().invoke(suggestions, ["replay", "1"], obj=terminal).output
    assert CliRunner().invoke(suggestions, ["replay", "9"], obj=terminal).exit_code != 0

"""A model that is worse does not serve, the one before can again, and nobody learns from what is suspect."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.access.models import Kiosk
from server.errors import Conflict
from server.recommendations import queries
from server.recommendations.judging import judged
from server.recommendations.learning import LONGEST_VISIT
from server.recommendations.looks import Look, looks
from server.recommendations.pace import REST, SLOW, SLOW_IN_A_ROW
from server.recommendations.questions import questions_of
from server.recommendations.serving import LOOK_EVERY, Serving
from server.recommendations.taking_up import Current, UpToDate
from server.recommendations.training import train
from server.timeline.left_out import kiosks
from server.timeline.left_out.saying import Said
from server.timeline.models import Event
from server.timeline.recording import ERASED
from tests.clock import NOW, FakeClock
from tests.server.recommendations.visits import PRODUCTS, open_shop, visit

STOCK = frozenset(PRODUCTS)
DAY = timedelta(days=1)


@pytest.fixture
def shop(session: Session) -> Session:
    return open_shop(session)


def first_tile(serving: Serving, seen: str = "boots") -> str:
    return serving.suggest([seen], store_id="MAD", allowed=STOCK).items[0].product_id


class Always:
    """A model that lists what it is told to."""

    def __init__(self, *listed: str) -> None:
        self.listed = listed

    def rank(self, seen: object, *, count: int, **_: object) -> list[SimpleNamespace]:
        return [SimpleNamespace(item=one, model="after", evidence=None) for one in self.listed[:count]]


def test_a_model_is_judged_by_the_tiles_it_would_have_shown() -> None:
    told = [
        Look(f"v{n}", product, n * 10.0 + step, "MAD") for n in range(40) for step, product in enumerate("abca")
    ]
    asked = questions_of(told)
    assert {(one.seen, one.after) for one in asked} == {(("a",), "b"), (("a", "b"), "c")}
    stock = {"MAD": frozenset("abc")}
    good, bad = Always("b", "c"), Always("x", "y", "z", "c")
    assert judged(good, bad, asked, stock=stock).promoted  # type: ignore[arg-type]  # a model as far as it goes
    refused = judged(bad, good, asked, stock=stock)  # type: ignore[arg-type]
    assert not refused.promoted
    assert "hit rate" in refused.why
    assert judged(bad, good, asked[:10], stock=stock).promoted  # type: ignore[arg-type]
    assert judged(bad, None, asked, stock=stock).promoted  # type: ignore[arg-type]


def test_a_model_that_lost_its_past_is_kept_but_does_not_serve(shop: Session) -> None:
    good = train(shop, NOW - 2 * DAY)
    for number in range(100, 140):
        pair = ("boots", "socks") if number % 2 else ("tent", "mat")
        visit(shop, number, *pair, at=NOW - timedelta(hours=3))
    visit(shop, 140, "lamp", "new-tent", at=NOW - timedelta(hours=3))
    for event in shop.query(Event).where(Event.corrected_at < NOW - 2 * DAY):
        event.payload_hash = ERASED
    shop.commit()
    worse = train(shop, NOW)
    assert not worse.serving
    assert "serving model" in worse.report["why"]
    assert queries.serving_version(shop) == good.version


def test_a_model_that_is_no_worse_serves_and_the_one_before_can_again(shop: Session, engine: Engine) -> None:
    first = train(shop, NOW - 2 * DAY)
    for number in range(100, 140):
        visit(shop, number, "boots", "socks", at=NOW - timedelta(hours=3))
    second = train(shop, NOW)
    shop.commit()
    assert (second.serving, second.report["judged"]["n"]) == (True, 40)
    clock = FakeClock()
    serving = Serving(engine, clock)
    first_tile(serving)
    assert serving.version == second.version
    assert queries.take_back(shop, NOW) == (second.version, first.version)
    shop.commit()
    serving.look(NOW + LOOK_EVERY)
    assert serving.version == first.version
    with pytest.raises(Conflict, match="no model before"):
        queries.take_back(shop, NOW)


def test_what_is_suspect_counts_for_nothing(shop: Session) -> None:
    for kiosk, ended in (("stolen", NOW), ("k1", NOW + timedelta(days=200))):
        row = Kiosk(id=kiosk, store_id="MAD", name=kiosk, kind="kiosk", key_hash=kiosk, created_at=NOW - 9 * DAY)
        row.revoked_at = ended
        shop.add(row)
    at = NOW - 4 * DAY
    visit(shop, 100, "boots", "lamp", at=at, device="stolen")
    visit(shop, 101, "tent", "lamp", at=at)
    for event in shop.query(Event).where(Event.product_id == "lamp", Event.device_id == "k1"):
        event.payload_hash = ERASED
    shop.flush()
    told = {look.product for look in looks(shop, since=NOW - 9 * DAY, until=NOW)}
    assert told == {"boots", "socks", "tent", "mat"}
    visit(shop, 102, *(["lamp", "boots"] * LONGEST_VISIT), at=at)
    assert train(shop, NOW).report["visits"] == 21


def test_fresh_visits_are_in_the_answers_without_a_training(shop: Session, engine: Engine) -> None:
    train(shop, NOW)
    shop.commit()
    clock = FakeClock()
    one, other = Serving(engine, clock), Serving(engine, clock)
    assert {first_tile(one), first_tile(other)} == {"socks"}
    for number in range(100, 160):
        visit(shop, number, "boots", "lamp", at=NOW + timedelta(seconds=5))
    shop.commit()
    clock.advance(20)
    for serving in (one, other):
        serving.look(clock())
        assert first_tile(serving) == "lamp"
        assert serving.version == 1


def test_what_joined_leaves_the_answers_when_its_kiosk_is_quarantined(shop: Session, engine: Engine) -> None:
    shop.add(Kiosk(id="odd", store_id="MAD", name="Odd", kind="kiosk", key_hash="odd", created_at=NOW - 9 * DAY))
    train(shop, NOW)
    shop.commit()
    clock = FakeClock()
    serving = Serving(engine, clock)
    first_tile(serving)
    for number in range(100, 160):
        visit(shop, number, "boots", "lamp", at=NOW + timedelta(seconds=5), device="odd")
    shop.commit()
    clock.advance(20)
    serving.look(clock())
    assert first_tile(serving) == "lamp"
    kiosks.quarantine(shop, "odd", Said(None, "odd taps", clock()), row_id=UUID(int=5), since=NOW)
    shop.commit()
    serving.look(clock())
    assert first_tile(serving) == "socks"


class Failing(Always):
    """A model whose answers fail or take their time."""

    def __init__(self, clock: FakeClock, *, seconds: float = 0.0, fails: bool = False) -> None:
        super().__init__("socks")
        self.clock, self.seconds, self.fails = clock, seconds, fails

    def rank(self, seen: object, *, count: int, **more: object) -> list[SimpleNamespace]:
        self.clock.advance(self.seconds)
        if self.fails:
            raise ValueError
        return super().rank(seen, count=count)


@pytest.mark.parametrize("fails", [True, False])
def test_a_model_that_fails_or_is_slow_is_left_alone_for_a_while(
    shop: Session, engine: Engine, fails: bool
) -> None:
    clock = FakeClock()
    model = Failing(clock, seconds=2 * SLOW.total_seconds(), fails=fails)
    up_to_date = UpToDate(clock)
    up_to_date.current = Current(7, model)  # type: ignore[arg-type]  # a model as far as it goes
    serving = Serving(engine, clock, up_to_date=up_to_date)
    for _ in range(SLOW_IN_A_ROW):
        serving.suggest(["boots"], store_id="MAD", allowed=STOCK)
    rested = serving.suggest(["boots"], store_id="MAD", allowed=STOCK)
    assert rested.degraded
    assert {item.product_id for item in rested.items[:3]} == {"socks", "tent", "mat"}
    model.fails, model.seconds = False, 0.0
    clock.advance(REST.total_seconds() + 1)
    assert not serving.suggest(["boots"], store_id="MAD", allowed=STOCK).degraded


class Busy(UpToDate):
    """A model that takes its time to be taken up, or cannot be."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.go_on = threading.Event()

    def renew(self, session: Session) -> None:
        assert self.go_on.wait(10)
        raise ValueError


def test_nobody_waits_for_a_model_that_is_being_taken_up(shop: Session, engine: Engine) -> None:
    clock = FakeClock()
    busy = Busy(clock)
    serving = Serving(engine, clock, up_to_date=busy)
    serving.start()
    found = serving.suggest(["boots"], store_id="MAD", allowed=STOCK)
    busy.go_on.set()
    assert found.degraded
    assert {item.product_id for item in found.items[:3]} == {"socks", "tent", "mat"}
    clock.advance(60)
    assert serving.suggest(["boots"], store_id="MAD", allowed=STOCK).degraded


def test_a_model_that_cannot_be_renewed_leaves_taps_alone(shop: Session, engine: Engine) -> None:
    busy = Busy(FakeClock())
    busy.go_on.set()
    assert Serving(engine, FakeClock(), up_to_date=busy).suggest(["boots"], store_id="MAD", allowed=STOCK).degraded

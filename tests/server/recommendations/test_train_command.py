"""`shelftalker train`, as the timer runs it: a worse model stands aside with the reason, the old one serves on."""

from __future__ import annotations

from datetime import timedelta

from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.recommendations.commands import train
from server.recommendations.models import TrainedModel
from server.recommendations.serving import Serving
from server.settings import ServerSettings
from server.terminal import Terminal
from server.timeline.models import Event
from server.timeline.recording import ERASED
from tests.clock import NOW, FakeClock
from tests.server.recommendations.visits import PRODUCTS, open_shop, visit

DAY = timedelta(days=1)


def test_a_worse_model_is_told_and_kept_while_the_one_before_goes_on_serving(
    session: Session, engine: Engine
) -> None:
    open_shop(session)
    clock = FakeClock(NOW - 2 * DAY)
    url = engine.url.render_as_string(hide_password=False)
    terminal = Terminal(lambda: ServerSettings(database_url=url, secret_key="t" * 32), clock, bytes)

    def run() -> str:
        done = CliRunner().invoke(train, [], obj=terminal)
        assert done.exit_code == 0, done.output
        return done.output

    assert "It serves: there is no model to be judged by." in run()
    clock.advance(2 * DAY.total_seconds())
    for number in range(100, 140):
        pair = ("boots", "socks") if number % 2 else ("tent", "mat")
        visit(session, number, *pair, at=NOW - timedelta(hours=3))
    for event in session.query(Event).where(Event.corrected_at < NOW - 2 * DAY):
        event.payload_hash = ERASED
    session.commit()
    assert "It does NOT serve; the one before goes on:" in (told := run())
    first, second = session.scalars(select(TrainedModel).order_by(TrainedModel.version))
    assert (first.serving, second.serving) == (True, False)
    assert second.report["why"] in told
    serving = Serving(engine, clock)
    serving.suggest(["boots"], store_id="MAD", allowed=frozenset(PRODUCTS))
    assert serving.version == first.version

"""`shelftalker webhooks`: a secret is shown once and lies sealed; who was told nothing misses nothing."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from server.errors import Conflict, Invalid, NotFound, SettingsError
from server.settings import ServerSettings
from server.terminal import Terminal
from server.timeline.webhooks import queries, rules
from server.timeline.webhooks.commands import webhooks
from server.timeline.webhooks.models import Delivery, State, Webhook
from server.timeline.webhooks.sealing import Seal
from tests.clock import NOW, FakeClock

URL = "https://hooks.example/told"
KEY = "k" * 32


class Desk:
    """An operator's terminal on one database."""

    def __init__(self, url: str) -> None:
        self.settings, self.clock, self.luck = ServerSettings(database_url=url, secret_key=KEY), FakeClock(), 0

    def type(self, *words: str, lines: str = "") -> str:
        self.luck += 1
        terminal = Terminal(lambda: self.settings, self.clock, lambda n: bytes([self.luck]) * n)
        done = CliRunner().invoke(webhooks, words, input=lines, obj=terminal)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout.strip()


@pytest.fixture
def desk(database_url: str, engine: Engine) -> Desk:
    return Desk(database_url)


def stored(engine: Engine, name: str = "crm") -> Webhook:
    with Session(engine, expire_on_commit=False) as session:
        return queries.webhook(session, name)


def given_up(engine: Engine, *numbers: int) -> set[UUID]:
    ids = {UUID(int=number, version=4) for number in numbers}
    with Session(engine) as session, session.begin():
        for one in ids:
            made = Delivery(id=one, webhook_id="crm", event_id=one, corrected_at=NOW, tries=10, next_at=NOW)
            made.state = State.GIVEN_UP
            session.add(made)
    return ids


def waiting(engine: Engine) -> set[UUID]:
    with Session(engine) as session:
        rows = session.query(Delivery).filter(Delivery.state == State.WAITING, Delivery.tries == 0)
        return {row.id for row in rows}


def test_a_secret_is_shown_once_and_lies_sealed(desk: Desk, engine: Engine) -> None:
    secret = desk.type("add", "crm", URL, "--kind", "product_tapped")
    assert secret.startswith(rules.PREFIX)
    assert secret.encode() not in stored(engine).secret
    assert Seal(KEY).unseal(stored(engine).secret) == secret
    assert stored(engine).wanted == {"kinds": ["product_tapped"]}
    listed = desk.type("list")
    assert "crm" in listed
    assert "in use" in listed
    assert secret not in listed


def test_a_new_secret_leaves_the_old_one_in_force_for_a_day(desk: Desk, engine: Engine) -> None:
    first = desk.type("add", "crm", URL)
    second = desk.type("rotate", "crm")
    row = stored(engine)
    assert second != first
    assert row.old_secret
    assert (Seal(KEY).unseal(row.old_secret), Seal(KEY).unseal(row.secret)) == (first, second)
    assert row.old_until == desk.clock() + rules.ROTATION


def test_who_is_told_nothing_more_is_told_again_from_where_it_stopped(desk: Desk, engine: Engine) -> None:
    desk.type("add", "crm", URL)
    with Session(engine) as session, session.begin():
        session.execute(update(Webhook).values(seq=41))
    desk.type("disable", "crm")
    assert "disabled by an operator" in desk.type("list")
    lost = given_up(engine, 1, 2)
    assert waiting(engine) == set()
    assert desk.type("redeliver", "crm").startswith("2 deliveries")
    assert waiting(engine) == lost
    row = stored(engine)
    assert (row.disabled_at, row.reason, row.seq) == (None, None, 41)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[fd12::1]", "2130706433", "localhost"]
)
def test_an_address_in_a_private_network_is_refused_in_words_when_it_is_added(
    desk: Desk, engine: Engine, host: str
) -> None:
    with pytest.raises(Invalid, match="public internet"):
        desk.type("add", "crm", f"https://{host}/told")
    assert desk.type("list") == ""


def test_secrets_are_sealed_anew_and_stay_what_they_were(desk: Desk, engine: Engine) -> None:
    first, second = desk.type("add", "crm", URL), desk.type("rotate", "crm")
    desk.settings = replace(desk.settings, secret_key="n" * 32)
    with pytest.raises(SettingsError):
        desk.type("reseal", lines="not the old one\n")
    assert desk.type("reseal", lines=f"{KEY}\n").startswith("2 secrets")
    row, new = stored(engine), Seal("n" * 32)
    assert row.old_secret
    assert (new.unseal(row.old_secret), new.unseal(row.secret)) == (first, second)


@pytest.mark.parametrize("command", ["rotate", "disable", "redeliver"])
def test_a_name_that_is_none_is_told_with_where_to_look(desk: Desk, command: str) -> None:
    with pytest.raises(NotFound, match="webhooks list"):
        desk.type(command, "nobody")


def test_what_cannot_be_told_is_not_added(desk: Desk, engine: Engine) -> None:
    for url in ("http://hooks.example/told", "nowhere"):
        with pytest.raises(Invalid):
            desk.type("add", "crm", url)
    with pytest.raises(Invalid, match="64"):
        desk.type("add", "x" * 65, URL)
    desk.type("add", "crm", URL)
    with pytest.raises(Conflict, match="another name"):
        desk.type("add", "crm", URL)
    assert desk.type("list").count("\n") == 0

"""`shelftalker webhooks`: who is told of events, and the process that tells them."""

from __future__ import annotations

import sys
import time

import click

from server.db import open_engine
from server.errors import Invalid
from server.terminal import Terminal
from server.timeline.models import EventKind
from server.timeline.people.keyed import PersonKeys
from server.timeline.webhooks import queries, rules
from server.timeline.webhooks.door import Door
from server.timeline.webhooks.relay import Relay
from server.timeline.webhooks.sealing import Seal

IDLE_SECONDS = 0.25


@click.group("webhooks")
def webhooks() -> None:
    """Systems that are told of events, by the Standard Webhooks scheme."""


@webhooks.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--kind", "kinds", type=click.Choice([kind.value for kind in EventKind]), multiple=True)
@click.pass_obj
def add(terminal: Terminal, *, name: str, url: str, kinds: tuple[str, ...]) -> None:
    """Tell URL of events from now on, of all kinds or those named, and print the secret that signs, once."""
    doubt = Door().admit(url)
    if not name.strip() or len(name) > 64:
        msg = "A webhook's name has 1 to 64 characters."
        raise Invalid(msg)
    secret = rules.new_secret(terminal.luck(32))
    sealed = _seal(terminal).seal(secret)
    with terminal.database() as session:
        queries.add_webhook(session, name, url=url, secret=sealed, kinds=kinds, now=terminal.now())
    click.echo(secret)
    if doubt:
        click.echo(doubt, err=True)


@webhooks.command("list")
@click.pass_obj
def list_webhooks(terminal: Terminal) -> None:
    """List the webhooks; no secret is shown."""
    with terminal.database() as session:
        for row in queries.all_webhooks(session):
            click.echo(f"{row.id:20} {row.url}  {row.reason or ('in use' if not row.disabled_at else 'disabled')}")


@webhooks.command("rotate")
@click.argument("name")
@click.pass_obj
def rotate(terminal: Terminal, *, name: str) -> None:
    """Print a new secret; for a day, deliveries bear the signatures of both."""
    secret = rules.new_secret(terminal.luck(32))
    with terminal.database() as session:
        row = queries.webhook(session, name)
        row.old_secret, row.old_until = row.secret, terminal.now() + rules.ROTATION
        row.secret = _seal(terminal).seal(secret)
    click.echo(secret)


@webhooks.command("reseal")
@click.pass_obj
def reseal(terminal: Terminal) -> None:
    """Seal all secrets with the SHELFTALKER_SECRET_KEY of now; the one before is read from standard input.

    Receivers notice nothing: the secrets stay what they were.
    """
    old = Seal(sys.stdin.readline().strip())
    with terminal.database() as session:
        count = queries.reseal(session, old=old, new=_seal(terminal))
    click.echo(f"{count} secrets are sealed anew; the old key is of no more use for them.")


@webhooks.command("disable")
@click.argument("name")
@click.pass_obj
def disable(terminal: Terminal, *, name: str) -> None:
    """Tell it nothing more."""
    with terminal.database() as session:
        row = queries.webhook(session, name)
        row.disabled_at, row.reason = terminal.now(), "disabled by an operator"
    click.echo(f"{name} is told nothing more.")


@webhooks.command("redeliver")
@click.argument("name")
@click.pass_obj
def redeliver(terminal: Terminal, *, name: str) -> None:
    """Tell it again from where it stopped, and try once more what was given up."""
    with terminal.database() as session:
        row = queries.webhook(session, name)
        row.disabled_at = row.reason = None
        count = queries.send_again(session, name, terminal.now())
    click.echo(f"{count} deliveries to {name} are in line again.")


@webhooks.command("relay")
@click.pass_obj
def relay(terminal: Terminal) -> None:
    """Deliver until told to stop. One such process is enough."""
    engine = open_engine(terminal.settings().database_url)
    working = Relay(engine, Door(), _seal(terminal), PersonKeys(terminal.settings().person_keys), terminal.now)
    while True:
        if not working.run_once():
            time.sleep(IDLE_SECONDS)


def _seal(terminal: Terminal) -> Seal:
    return Seal(terminal.settings().secret_key)

"""`shelftalker failed-events`: messages that did not fit, shown, repaired and taken again."""

from __future__ import annotations

import json
import sys
from uuid import UUID

import click

from server.errors import Invalid
from server.terminal import Terminal
from server.timeline.failed import queries


@click.group("failed-events")
def failed_events() -> None:
    """Messages of sources that did not fit; each is kept as it came."""


@failed_events.command("list")
@click.option("--source", "source_id", help="of this source only")
@click.pass_obj
def list_failed(terminal: Terminal, *, source_id: str | None) -> None:
    """List what did not fit and is not repaired, with the reason."""
    with terminal.database() as session:
        for row in queries.waiting(session, source_id):
            click.echo(f"{row.id}  {row.received_at:%Y-%m-%d %H:%M}  {row.source_id}  {row.code}: {row.reason}")


@failed_events.command("show")
@click.argument("event_id", type=click.UUID)
@click.pass_obj
def show(terminal: Terminal, *, event_id: UUID) -> None:
    """Print a message as it came, to be repaired in an editor."""
    with terminal.database() as session:
        row = queries.failed(session, event_id)
        click.echo(json.dumps(row.message, indent=2, ensure_ascii=False))


@failed_events.command("repair")
@click.argument("event_id", type=click.UUID)
@click.pass_obj
def repair(terminal: Terminal, *, event_id: UUID) -> None:
    """Take a message as it should have been, read from standard input as JSON."""
    try:
        message = json.load(sys.stdin)
    except ValueError as error:
        msg = f"Standard input holds no JSON: {error}."
        raise Invalid(msg) from error
    with terminal.database() as session:
        queries.take_again(session, queries.failed(session, event_id), now=terminal.now(), message=message)
    click.echo("It is on the timeline.")


@failed_events.command("replay")
@click.option("--source", "source_id", help="of this source only")
@click.pass_obj
def replay(terminal: Terminal, *, source_id: str | None) -> None:
    """Try all of them again as they came: what a newer version understands goes on the timeline."""
    with terminal.database() as session:
        taken, left = queries.try_again(session, queries.waiting(session, source_id), now=terminal.now())
    click.echo(f"{taken} went on the timeline; {left} still do not fit.")

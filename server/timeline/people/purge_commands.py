"""`shelftalker purge` and `shelftalker retention`: what has been kept long enough goes."""

from __future__ import annotations

import sys

import click

from server.db import open_engine
from server.terminal import Terminal
from server.timeline.people import retention
from server.timeline.people.counted import counted


@click.command()
@click.pass_obj
def purge(terminal: Terminal) -> None:
    """Delete what is older than its kind is kept, and take it out of the database's files; run every night."""
    with terminal.database() as session:
        gone = retention.purge(session, terminal.now()).gone
    click.echo(f"Deleted {counted(gone)} that was kept long enough.")
    engine = open_engine(terminal.settings().database_url)
    if not retention.scrub(engine):
        click.echo(
            "Somebody reads in the database just now: its log could not be emptied. Run it again.", err=True
        )
        sys.exit(1)
    engine.dispose()


@click.command("retention")
@click.argument("kind", required=False)
@click.argument("days", required=False, type=int)
@click.pass_obj
def keep(terminal: Terminal, kind: str | None, days: int | None) -> None:
    """Show for how many days each kind is kept, or keep a KIND for so many DAYS."""
    with terminal.database() as session:
        if kind is not None and days is not None:
            retention.keep_for(session, kind, days)
            session.flush()
        for name, kept in retention.kept_days(session).items():
            click.echo(f"{name:14} {kept} days")

"""`shelftalker suggestions`: what became of the tiles that were shown, and what another model would have got."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from sqlalchemy.orm import Session

from server.access.queries import stores
from server.recommendations.counting import BY, counted
from server.recommendations.outcomes import Outcome
from server.recommendations.shown_queries import outcomes
from server.terminal import Terminal

Found = list[tuple[str, list[Outcome]]]


@click.group()
def suggestions() -> None:
    """What was suggested to shoppers, and what became of it."""


_days = click.option("--days", default=7, show_default=True, type=click.IntRange(1, 366))
_store = click.option("--store", "store_ids", multiple=True, help="only this store; may be given again")


@suggestions.command()
@click.option("--by", type=click.Choice(list(BY)), default="reason", show_default=True)
@_days
@_store
@click.pass_obj
def shown(terminal: Terminal, *, by: str, days: int, store_ids: tuple[str, ...]) -> None:
    """Count tiles: shown, opened on the screen, and tapped on the shelf later in the same visit."""
    with _outcomes(terminal, days=days, store_ids=store_ids) as (_, found):
        rows = counted((one for _, some in found for one in some), by)
    click.echo(f"{'by ' + by:16} {'shown':>9} {'opened':>16} {'tapped later':>16}")
    for name, row in rows.items():
        opened, tapped = (f"{n} ({n / row.shown:.1%})" for n in (row.opened, row.tapped))
        click.echo(f"{name:16} {row.shown:>9} {opened:>16} {tapped:>16}")


@suggestions.command()
@click.argument("version", type=int)
@_days
@_store
@click.pass_obj
def replay(terminal: Terminal, *, version: int, days: int, store_ids: tuple[str, ...]) -> None:
    """Say what model VERSION would have got from the lists that were shown, beside what they got.

    It rests on the lists the model agrees with, each weighed by the chance it was shown with.
    """
    from server.recommendations.replaying import told  # noqa: PLC0415 - no other command pays for it

    with _outcomes(terminal, days=days, store_ids=store_ids) as (session, found):
        for name, one in told(session, version, found, now=terminal.now()).items():
            click.echo(f"{name:16} {one.mean:.4f} ± {one.error:.4f} tiles a list, from {one.lists} lists")


@contextmanager
def _outcomes(terminal: Terminal, *, days: int, store_ids: tuple[str, ...]) -> Iterator[tuple[Session, Found]]:
    until = terminal.now()
    with terminal.database() as session:
        rows = stores(session, store_ids or None)
        since = until - timedelta(days=days)
        yield session, [(row.id, outcomes(session, row.id, since=since, until=until)) for row in rows]

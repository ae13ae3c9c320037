"""`shelftalker left-out`: kiosks in quarantine and test visits, whose taps are kept and count for nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import click

from server.access.queries import stores
from server.terminal import Terminal
from server.timeline.left_out import kiosks, visits
from server.timeline.left_out.saying import Said
from server.wire import uuid7


@click.group("left-out")
def left_out() -> None:
    """Kiosks and visits whose taps are kept, and neither learned from nor counted."""


_reason = click.option("--reason", required=True, help="why, in a few words")
_moment = click.DateTime(["%Y-%m-%dT%H:%M:%S%z"])


@left_out.command()
@click.argument("kiosk_id")
@_reason
@click.option("--since", type=_moment, help="when it began, for example 2026-11-24T09:00:00Z; now where unsaid")
@click.pass_obj
def quarantine(terminal: Terminal, *, kiosk_id: str, reason: str, since: datetime | None) -> None:
    """Let nothing count that a kiosk delivers from now (or `--since`) on; it goes on answering shoppers."""
    now = terminal.now()
    with terminal.database() as session:
        kiosks.quarantine(session, kiosk_id, Said(None, reason, now), row_id=_id(terminal), since=since or now)
    click.echo(f"What {kiosk_id} delivers does not count until it is released.")


@left_out.command()
@click.argument("kiosk_id")
@_reason
@click.option(
    "--until", type=_moment, help="from when on its taps count; its beginning: as if there had been none"
)
@click.pass_obj
def release(terminal: Terminal, *, kiosk_id: str, reason: str, until: datetime | None) -> None:
    """End a kiosk's quarantine."""
    with terminal.database() as session:
        row = kiosks.release(session, kiosk_id, Said(None, reason, terminal.now()), until=until)
        click.echo(f"What happens at {kiosk_id} from {row.until:%Y-%m-%d %H:%M} UTC on counts.")


@left_out.command()
@click.argument("visit_id", type=click.UUID)
@_reason
@click.option("--again", is_flag=True, help="it was no test after all: let it count")
@click.pass_obj
def visit(terminal: Terminal, *, visit_id: UUID, reason: str, again: bool) -> None:
    """Mark a visit as a test, or let it count again."""
    said = Said(None, reason, terminal.now())
    with terminal.database() as session:
        if again:
            visits.count_again(session, visit_id, said)
        else:
            visits.mark(session, visit_id, said, row_id=_id(terminal))
    click.echo(f"Visit {visit_id} {'counts again' if again else 'does not count'}.")


@left_out.command("list")
@click.pass_obj
def listed(terminal: Terminal) -> None:
    """List kiosks in quarantine and test visits, store by store."""
    with terminal.database() as session:
        for store in stores(session):
            for one in kiosks.quarantines(session, store.id):
                end = f"{one.until:%Y-%m-%d %H:%M}" if one.until else "now"
                click.echo(
                    f"{store.id:10} kiosk {one.kiosk_id} from {one.since:%Y-%m-%d %H:%M} to {end}: {one.reason}"
                )
            for row in visits.marked(session, store.id):
                click.echo(f"{store.id:10} visit {row.visit_id}: {row.reason}")


def _id(terminal: Terminal) -> UUID:
    return uuid7(terminal.now(), terminal.luck(10))

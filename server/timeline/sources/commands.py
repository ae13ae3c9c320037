"""`shelftalker sources`: who may write to the timeline from outside."""

from __future__ import annotations

import click

from server.access.rules import key_hash
from server.errors import Invalid
from server.terminal import Terminal
from server.timeline.sources import queries
from server.timeline.sources.models import Right
from server.timeline.sources.rules import CHANNELS, new_write_key


@click.group("sources")
def sources() -> None:
    """Web shops, apps, tills: each with its own write key, channel and rights."""


@sources.command("add")
@click.argument("name")
@click.option("--channel", type=click.Choice(CHANNELS), required=True)
@click.option("--store", "store_id", help="the one store all it tells of happens in")
@click.option(
    "--may",
    "rights",
    type=click.Choice([right.value for right in Right]),
    multiple=True,
    default=[Right.WRITE.value],
    show_default=True,
    help="what its key opens; give it several times",
)
@click.pass_obj
def add(terminal: Terminal, *, name: str, channel: str, store_id: str | None, rights: tuple[str, ...]) -> None:
    """Add a source and print its write key, once."""
    if not name.strip() or len(name) > 64:
        msg = "A source's name has 1 to 64 characters."
        raise Invalid(msg)
    key = new_write_key(terminal.luck(24))
    with terminal.database() as session:
        queries.add_source(
            session,
            name,
            channel=channel,
            store_id=store_id,
            rights=[Right(right) for right in rights],
            key=key,
            now=terminal.now(),
        )
    click.echo(key)


@sources.command("list")
@click.pass_obj
def list_sources(terminal: Terminal) -> None:
    """List the sources; no key is shown."""
    with terminal.database() as session:
        for row in queries.all_sources(session):
            state = f"revoked {row.revoked_at:%Y-%m-%d}" if row.revoked_at else "in use"
            may = ",".join(row.rights["may"])
            click.echo(f"{row.id:20} {row.channel:6} {row.store_id or '-':8} {may:18} {state}")


@sources.command("rotate")
@click.argument("name")
@click.pass_obj
def rotate(terminal: Terminal, *, name: str) -> None:
    """Print a new write key; the old one is of no more use. What was written stays the same source's."""
    key = new_write_key(terminal.luck(24))
    with terminal.database() as session:
        row = queries.source(session, name)
        row.key_hash, row.revoked_at = key_hash(key), None
    click.echo(key)


@sources.command("revoke")
@click.argument("name")
@click.pass_obj
def revoke(terminal: Terminal, *, name: str) -> None:
    """End a source's key; what it wrote stays."""
    with terminal.database() as session:
        row = queries.source(session, name)
        row.revoked_at = row.revoked_at or terminal.now()
    click.echo(f"{name} can no longer write.")

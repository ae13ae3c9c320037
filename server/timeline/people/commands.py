"""`shelftalker people`: which ids are one person, why, and how to put that right."""

from __future__ import annotations

from uuid import UUID

import click
from sqlalchemy.orm import Session

from server.terminal import Terminal
from server.timeline.people import queries
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, Link
from server.timeline.people.queries import Said
from server.timeline.people.rules import read_id
from server.wire import uuid7

REASON = click.option("--reason", required=True, help="why, in words; it is kept with the link")


@click.group()
def people() -> None:
    """Who it is. An id is written with its kind: customer:4711, card:…, visit:UUID."""


def person_keys(terminal: Terminal) -> PersonKeys:
    """Return the keys that ids are hashed with."""
    return PersonKeys(terminal.settings().person_keys)


def meant(terminal: Terminal, session: Session, written: str) -> Id:
    """Return the id a person wrote, as it is stored; raises `Invalid`, and `SettingsError` without a key."""
    return queries.stored_as(session, read_id(written), person_keys(terminal))


def _said(terminal: Terminal, reason: str) -> Said:
    return Said("operator", reason, terminal.now())


@people.command("show")
@click.argument("id_")
@click.pass_obj
def show(terminal: Terminal, id_: str) -> None:
    """Show whom an id belongs to, and all links that say so."""
    with terminal.database() as session:
        person = queries.person_of(session, meant(terminal, session, id_))
        click.echo(f"{person.name}: {', '.join(sorted(str(one) for one in person.ids))}")
        for link in person.links:
            click.echo(_line(link))


@people.command("why")
@click.argument("one")
@click.argument("other")
@click.pass_obj
def why(terminal: Terminal, one: str, other: str) -> None:
    """Say why two ids are held to be one person."""
    with terminal.database() as session:
        for link in queries.why(session, meant(terminal, session, one), meant(terminal, session, other)):
            click.echo(_line(link))


@people.command("link")
@click.argument("one")
@click.argument("other")
@REASON
@click.pass_obj
def link(terminal: Terminal, *, one: str, other: str, reason: str) -> None:
    """Say that two ids belong to one person."""
    _join(terminal, one, other, reason=reason, merging=False)


@people.command("merge")
@click.argument("one")
@click.argument("other")
@REASON
@click.pass_obj
def merge(terminal: Terminal, *, one: str, other: str, reason: str) -> None:
    """Say that two customers are one person; `unlink` undoes it exactly."""
    _join(terminal, one, other, reason=reason, merging=True)


def _join(terminal: Terminal, one: str, other: str, *, reason: str, merging: bool) -> None:
    join = queries.merge if merging else queries.link
    link_id = uuid7(terminal.now(), terminal.luck(10))
    with terminal.database() as session:
        ends = meant(terminal, session, one), meant(terminal, session, other)
        made = join(session, ends, _said(terminal, reason), link_id=link_id)
        click.echo(_line(made))


@people.command("unlink")
@click.argument("link_id", type=click.UUID)
@REASON
@click.pass_obj
def unlink(terminal: Terminal, link_id: UUID, reason: str) -> None:
    """Undo a link or a merge."""
    with terminal.database() as session:
        queries.unlink(session, link_id, _said(terminal, reason))
    click.echo(f"{link_id} is undone; those it joined stand as before.")


def _line(link: Link) -> str:
    one, other = link.ends
    return f"{link.id}  {one} = {other}  since {link.linked_at:%Y-%m-%d %H:%M} by {link.source}: {link.reason}"

"""`shelftalker tags`: enrolled tags, a writer's file in and out."""

from __future__ import annotations

from pathlib import Path

import click

from server.access.queries import store as find_store
from server.errors import Invalid
from server.tags.enrolment import queries
from server.tags.enrolment.records import EXPORTED, exported
from server.tags.enrolment.written import read_written, write_csv
from server.tags.models import TagState
from server.terminal import Terminal


@click.group()
def tags() -> None:
    """Tags enrolled in a store."""


@tags.command("import")
@click.argument("store_id")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", default=None, help="the set of keys these tags sign with")
@click.pass_obj
def take_file(terminal: Terminal, *, store_id: str, file: Path, keys: str | None) -> None:
    """Take a writer's file: enrol its tags, and bind those that say what they mean."""
    try:
        rows = read_written(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{file} cannot be read as text in UTF-8: {error}."
        raise Invalid(msg) from error
    with terminal.database() as session:
        done = queries.import_written(session, store_id, rows, key_set=keys, staff_id=None, now=terminal.now())
    click.echo(f"{done.enrolled} tags are enrolled, {done.bound} of them were given a meaning.")
    for reason in done.left_out:
        click.echo(f"left out: {reason}", err=True)


@tags.command("export")
@click.argument("store_id")
@click.pass_obj
def give_file(terminal: Terminal, *, store_id: str) -> None:
    """Print the store's tags as a file of a writer's columns."""
    with terminal.database() as session:
        store = find_store(session, store_id)
        rows = (exported(tag, target) for tag, target in queries.every_tag_of(session, store.id))
        click.echo(write_csv(rows, EXPORTED), nl=False)


@tags.command("state")
@click.argument("store_id")
@click.argument("uid")
@click.argument("state", type=click.Choice([state.value for state in TagState]))
@click.pass_obj
def change(terminal: Terminal, *, store_id: str, uid: str, state: str) -> None:
    """Say where a tag stands: lost, damaged, retired, or in use again."""
    with terminal.database() as session:
        queries.set_state(session, store_id, uid, state=TagState(state), staff_id=None, now=terminal.now())
    click.echo(f"Tag {uid} is {state}.")


@tags.command("history")
@click.argument("store_id")
@click.argument("uid")
@click.pass_obj
def history(terminal: Terminal, *, store_id: str, uid: str) -> None:
    """Print what was done with a tag, the latest first."""
    with terminal.database() as session:
        for row in queries.history(session, uid, store_id):
            click.echo(
                f"{row.at:%Y-%m-%d %H:%M}  {row.action:14} {row.staff_id or '-':12} {row.after or row.before}"
            )

"""`shelftalker import` and `shelftalker export`: stores, catalogue, stock, prices and places as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from server.catalogue.files import queries
from server.catalogue.files.judging import Verdict
from server.catalogue.files.kinds import KINDS, Kind, kind_of
from server.catalogue.files.sheets import fingerprint, read, write
from server.catalogue.files.stored import exported
from server.catalogue.files.undoing import undo
from server.errors import Invalid
from server.terminal import Terminal

Rows = Iterator[tuple[int, dict[str, str]]]


@click.command("import")
@click.argument("kind", required=False, type=click.Choice(list(KINDS)))
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="say what would become of each row, and change nothing")
@click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS", help="their name of a column")
@click.option("--value", "values", multiple=True, metavar="OURS=VALUE", help="what a column says in every row")
@click.option("--undo", "import_id", type=int, help="take an import back, by its number")
@click.pass_obj
def import_file(
    terminal: Terminal,
    *,
    kind: str | None,
    file: Path | None,
    dry_run: bool,
    columns: tuple[str, ...],
    values: tuple[str, ...],
    import_id: int | None,
) -> None:
    """Take a CSV or XLSX FILE of KIND: all of it, or nothing where a row cannot be.

    `shelftalker export KIND FILE` shows which columns there are. A column that is left out leaves what is stored;
    an empty cell empties it. The same file twice changes nothing.
    """
    if import_id is not None:
        _take_back(terminal, import_id)
    elif kind is None or file is None:
        msg = "Say which kind of file it is, and its name; or --undo and the number of an import."
        raise click.UsageError(msg)
    else:
        rows = _mapped(read(file), _pairs(columns), _pairs(values))
        _take(terminal, kind_of(kind), file, rows=rows, dry_run=dry_run)


@click.command("export")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export_file(terminal: Terminal, *, kind: str, file: Path) -> None:
    """Write all of KIND to FILE, CSV or (by its name) XLSX, such that importing it changes nothing."""
    with terminal.database() as session:
        found = kind_of(kind)
        count = write(file, lambda: exported(session, found), found.columns)
    click.echo(f"{count} rows are in {file}.")


def _pairs(written: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in written]
    for ours, equals, _ in pairs:
        if not equals:
            msg = f"{ours} says nothing; write OURS=THEIRS."
            raise Invalid(msg)
    return {ours: theirs for ours, _, theirs in pairs}


def _mapped(rows: Rows, columns: Mapping[str, str], values: Mapping[str, str]) -> Rows:
    """Yield rows with the columns named as ours; where any is named, those that are not named are left out."""
    for number, cells in rows:
        missing = [theirs for theirs in columns.values() if theirs not in cells]
        if missing:
            msg = f"The file has no column {', '.join(missing)}; it has {', '.join(cells)}."
            raise Invalid(msg)
        named = {ours: cells[theirs] for ours, theirs in columns.items()} if columns else cells
        yield number, {**named, **values}


def _take(terminal: Terminal, kind: Kind, file: Path, *, rows: Rows, dry_run: bool) -> None:
    now = terminal.now()
    with terminal.database() as session:
        examined = queries.examine(session, kind, rows, now=now)
    for one in examined.judged:
        if dry_run or one.verdict is Verdict.REFUSED:
            click.echo(f"row {one.row}: {one.verdict}{': ' if one.words else ''}{one.words}")
    counts = ", ".join(f"{count} {verdict}" for verdict, count in examined.counts().items())
    if dry_run:
        click.echo(f"{counts}. This was a dry run: nothing was changed.")
        return
    source = queries.File(file.name, fingerprint(file))
    with terminal.database() as session:
        made = queries.apply(session, examined, source, staff_id=None, now=now)
    if made is None:
        click.echo(f"{counts}. Nothing had to be changed.")
    else:
        click.echo(f"{counts}. This is import {made.id}: `shelftalker import --undo {made.id}` takes it back.")


def _take_back(terminal: Terminal, import_id: int) -> None:
    with terminal.database() as session:
        done = undo(session, import_id, staff_id=None, now=terminal.now())
    for words in done.stayed:
        click.echo(f"left as it is: {words}")
    click.echo(f"Import {import_id} was taken back: {done.restored} stored rows are as they were.")

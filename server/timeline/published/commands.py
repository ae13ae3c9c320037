"""`shelftalker schemas`: the schemas of all events as files, for who generates or checks with them."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic_core import to_json

from server.timeline.models import EventKind
from server.timeline.published.making import schema_of
from server.timeline.rules.schemas import VERSION


@click.command("schemas")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def schemas(folder: Path) -> None:
    """Write the JSON Schema of every kind of event into FOLDER, as KIND.VERSION.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in EventKind:
        text = to_json(schema_of(kind), indent=2) + b"\n"
        (folder / f"{kind}.{VERSION}.json").write_bytes(text)
    click.echo(f"{len(EventKind)} schemas are in {folder}.")

"""`shelftalker people export|restrict|object|lift`: what a person may ask for, with a receipt."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import click
from pydantic_core import to_json
from sqlalchemy.orm import Session

from server.terminal import Terminal
from server.timeline.people import requests
from server.timeline.people.commands import meant, people, person_keys
from server.timeline.people.counted import counted
from server.timeline.people.models import Id, PersonRequest, RequestKind
from server.timeline.people.queries import Said
from server.wire import uuid7

ASKED_BY = click.option("--asked-by", default="operator", show_default=True, help="who passed the request on")


def fresh_ids(terminal: Terminal) -> Callable[[], UUID]:
    """Return what makes ids."""
    return lambda: uuid7(terminal.now(), terminal.luck(10))


def tell(receipt: PersonRequest) -> None:
    """Print a receipt on standard error, beside what a command gives."""
    done = f"{receipt.kind} done {receipt.done_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"{receipt.id}  {done}: {counted(receipt.counts)}", err=True)


@people.command("export")
@click.argument("id_")
@ASKED_BY
@click.pass_obj
def export(terminal: Terminal, id_: str, asked_by: str) -> None:
    """Print all there is on a person as JSON; the receipt goes to standard error."""
    with terminal.database() as session:
        one = meant(terminal, session, id_)
        click.echo(to_json(requests.everything(session, one), indent=2).decode())
        tell(_note(terminal, session, one, kind=RequestKind.EXPORT, asked_by=asked_by))


@people.command("restrict")
@click.argument("id_")
@ASKED_BY
@click.pass_obj
def restrict(terminal: Terminal, id_: str, asked_by: str) -> None:
    """Keep what there is on a person and use it for nothing, until `lift`."""
    with terminal.database() as session:
        tell(_note(terminal, session, meant(terminal, session, id_), kind=RequestKind.RESTRICT, asked_by=asked_by))


@people.command("object")
@click.argument("id_")
@ASKED_BY
@click.pass_obj
def object_(terminal: Terminal, id_: str, asked_by: str) -> None:
    """Make no profile of a person, until `lift`."""
    with terminal.database() as session:
        tell(_note(terminal, session, meant(terminal, session, id_), kind=RequestKind.OBJECT, asked_by=asked_by))


def _note(terminal: Terminal, session: Session, one: Id, *, kind: RequestKind, asked_by: str) -> PersonRequest:
    said = Said(asked_by, kind, terminal.now())
    return requests.take_request(
        session, one, kind, said=said, keys=person_keys(terminal), request_id=fresh_ids(terminal)()
    )


@people.command("lift")
@click.argument("request_id", type=click.UUID)
@click.pass_obj
def lift(terminal: Terminal, request_id: UUID) -> None:
    """End a restriction or an objection."""
    with terminal.database() as session:
        requests.lift(session, request_id, terminal.now())
    click.echo(f"{request_id} is lifted.")

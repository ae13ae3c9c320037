"""`shelftalker people erase|erased|replay`: people forgotten, and forgotten again after a backup came back."""

from __future__ import annotations

import sys

import click

from server.terminal import Terminal
from server.timeline.people import forgetting
from server.timeline.people.commands import meant, people, person_keys
from server.timeline.people.erased import erased_hashes
from server.timeline.people.models import RequestKind
from server.timeline.people.queries import Said
from server.timeline.people.request_commands import ASKED_BY, fresh_ids, tell

__all__ = ["erase", "erased", "people", "replay"]


@people.command("erase")
@click.argument("id_")
@ASKED_BY
@click.pass_obj
def erase(terminal: Terminal, id_: str, asked_by: str) -> None:
    """Forget a person; what was counted stays counted. It cannot be undone."""
    said = Said(asked_by, RequestKind.ERASE, terminal.now())
    with terminal.database() as session:
        one = meant(terminal, session, id_)
        tell(forgetting.erase(session, one, said, keys=person_keys(terminal), fresh_id=fresh_ids(terminal)))
    click.echo("Now keep the list of `shelftalker people erased` beside the backups.", err=True)


@people.command("erased")
@click.pass_obj
def erased(terminal: Terminal) -> None:
    """Print the list of who was erased, as keyed hashes: keep it beside the backups, for `replay`."""
    with terminal.database() as session:
        for one in erased_hashes(session):
            click.echo(one)


@people.command("replay")
@click.pass_obj
def replay(terminal: Terminal) -> None:
    """Erase everybody on the list from standard input once more, after an older backup was restored."""
    listed = sys.stdin.read().split()
    said = Said("replay", RequestKind.ERASE, terminal.now())
    with terminal.database() as session:
        for receipt in forgetting.erase_again(
            session, listed, said, keys=person_keys(terminal), fresh_id=fresh_ids(terminal)
        ):
            tell(receipt)

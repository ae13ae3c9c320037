"""`shelftalker keys`: which key the ids of people were hashed with, and a new key that takes over."""

from __future__ import annotations

import click

from server.terminal import Terminal
from server.timeline.people import rekeying
from server.timeline.people.commands import person_keys
from server.timeline.people.counted import counted


@click.group("keys")
def keys() -> None:
    """Keys the ids of cards and addresses are hashed with (SHELFTALKER_PERSON_KEYS), the current one in front."""


@keys.command("list")
@click.pass_obj
def list_keys(terminal: Terminal) -> None:
    """Say how many ids stand under each key; `2027.2026` is what 2027 made of what 2026 had made."""
    with terminal.database() as session:
        for name, count in rekeying.made_by(session).items():
            click.echo(f"{name:20} {count}")


@keys.command("rotate")
@click.pass_obj
def rotate(terminal: Terminal) -> None:
    """Let the key in front take over what older ones made. Leave those behind it: cards are recognised by them."""
    named = person_keys(terminal)
    with terminal.database() as session:
        done = rekeying.rewrite(session, named)
    click.echo(f"The key {named.current} took over {counted(done)}.")

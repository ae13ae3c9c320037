"""`shelftalker tag-keys`: the keys that signing tags are read with."""

from __future__ import annotations

import sys

import click

from server.errors import Invalid, SettingsError
from server.settings import NO_SEAL
from server.tags.keyring import queries
from server.tags.keyring.sealing import Masters, Scheme
from server.terminal import Terminal


@click.group("tag-keys")
def tag_keys() -> None:
    """Keys of tags that sign, sealed by SHELFTALKER_TAG_SEAL."""


@tag_keys.command("add")
@click.argument("name")
@click.option("--scheme", type=click.Choice([scheme.value for scheme in Scheme]), default=Scheme.AN10922.value)
@click.option("--lrp", is_flag=True, help="the tags mirror in the open and sign by LRP")
@click.pass_obj
def add(terminal: Terminal, *, name: str, scheme: str, lrp: bool) -> None:
    """Add a version to a set, from standard input: a line with the key that says who a tag is (meta read), a line
    with the key its own comes from (file read), each 32 hex digits. Older versions go on being accepted.
    """
    sealing = _seal_of(terminal)
    identity, signing = (_key(sys.stdin.readline()) for _ in range(2))
    masters = Masters(identity, signing, Scheme(scheme), lrp)
    with terminal.database() as session:
        version = queries.add_keys(
            session, name, masters, sealing=sealing, nonce=terminal.luck(12), now=terminal.now()
        )
    click.echo(f"The keys {name} have a version {version} now.")


def _seal_of(terminal: Terminal) -> bytes:
    sealing = terminal.settings().tag_seal
    if not sealing:
        raise SettingsError(NO_SEAL)
    return sealing


def _key(line: str) -> bytes:
    try:
        return bytes.fromhex(line.strip())
    except ValueError as error:
        msg = "A key is read from standard input as 32 hex digits on a line of its own."
        raise Invalid(msg) from error


@tag_keys.command("list")
@click.pass_obj
def list_keys(terminal: Terminal) -> None:
    """List the sets and their versions; no key is shown."""
    with terminal.database() as session:
        for row in queries.all_keys(session):
            state = f"retired {row.retired_at:%Y-%m-%d}" if row.retired_at else "in use"
            click.echo(f"{row.name:20} {row.version:3}  added {row.added_at:%Y-%m-%d}  {state}")


@tag_keys.command("retire")
@click.argument("name")
@click.argument("version", type=int)
@click.pass_obj
def retire(terminal: Terminal, *, name: str, version: int) -> None:
    """Accept no message of this version from now on."""
    with terminal.database() as session:
        queries.retire_keys(session, name, version, now=terminal.now())
    click.echo(f"Tags written with version {version} of {name} are no longer believed.")


@tag_keys.command("reseal")
@click.pass_obj
def reseal(terminal: Terminal) -> None:
    """Seal all keys with the SHELFTALKER_TAG_SEAL of now; the one before is read from standard input."""
    new = _seal_of(terminal)
    try:
        old = bytes.fromhex(sys.stdin.readline().strip())
    except ValueError as error:
        raise SettingsError(NO_SEAL) from error
    with terminal.database() as session:
        count = queries.reseal(session, old=old, new=new, luck=terminal.luck)
    click.echo(f"{count} versions are sealed anew; the old seal is of no more use.")

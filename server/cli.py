"""`shelftalker`: the operator's commands."""

from __future__ import annotations

import secrets
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module

import click
from argon2 import PasswordHasher
from granian import Granian
from granian.constants import Interfaces, Loops
from sqlalchemy.exc import SQLAlchemyError

from server import migrations
from server.access import queries
from server.access.models import Kiosk, KioskKind, Role, Staff, Store
from server.access.rules import check_password, new_key
from server.analytics.commands import forget_evidence, replay
from server.catalogue.files.commands import export_file, import_file
from server.errors import ServerError
from server.recommendations.commands import train
from server.recommendations.commands_shown import suggestions
from server.settings import ServerSettings, from_environment
from server.tags.enrolment.commands import tags
from server.tags.keyring.commands import tag_keys
from server.terminal import Terminal
from server.timeline.failed.commands import failed_events
from server.timeline.left_out.commands import left_out
from server.timeline.people.erase_commands import people
from server.timeline.people.key_commands import keys
from server.timeline.people.purge_commands import keep, purge
from server.timeline.published.commands import schemas
from server.timeline.sources.commands import sources
from server.timeline.webhooks.commands import webhooks

RESTART_SECONDS = 0.5


def _now() -> datetime:
    return datetime.now(UTC)


TERMINAL = Terminal(from_environment, _now, secrets.token_bytes)
_database = TERMINAL.database


@click.group()
@click.pass_context
def commands(context: click.Context) -> None:
    """Run and look after a Shelftalker server. Settings are SHELFTALKER_… variables."""
    context.obj = TERMINAL


commands.add_command(tag_keys)
commands.add_command(tags)
commands.add_command(sources)
commands.add_command(failed_events)
commands.add_command(webhooks)
commands.add_command(import_file)
commands.add_command(export_file)
commands.add_command(people)
commands.add_command(keys)
commands.add_command(schemas)
commands.add_command(purge)
commands.add_command(keep)
commands.add_command(train)
commands.add_command(suggestions)
commands.add_command(replay)
commands.add_command(forget_evidence)
commands.add_command(left_out)


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve until told to stop; a worker that dies is replaced, however often."""
    settings = from_environment()
    import_module("server.process")  # once, before the workers are forked from this process: they share it
    while not _served(settings, host=host, port=port):
        click.echo("Workers died again and again; the application server starts anew.", err=True)


def _served(settings: ServerSettings, *, host: str, port: int) -> bool:
    """Serve until the application server ends and return whether it was told to.

    Granian replaces a worker that died once, but gives all up where one dies twice within 5.5 seconds.
    """
    server = Granian(
        "server.process:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=settings.workers,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=10,
    )
    with suppress(SystemExit):
        server.serve()
    if not server.interrupt_signal:
        time.sleep(RESTART_SECONDS)  # who stops us meanwhile is still heard
    return bool(server.interrupt_signal)


@commands.command()
def upgrade() -> None:
    """Bring the database to this version's tables."""
    migrations.upgrade(from_environment().database_url)
    click.echo("The database is up to date.")


@commands.group()
def stores() -> None:
    """Stores of the chain."""


@stores.command("add")
@click.argument("store_id")
@click.argument("name")
@click.option("--time-zone", required=True, help="IANA name, for example Europe/Madrid")
@click.option("--currency", required=True)
@click.option("--locale", required=True)
def add_store(*, store_id: str, name: str, time_zone: str, currency: str, locale: str) -> None:
    """Add a store."""
    with _database() as session:
        session.add(Store(id=store_id, name=name, time_zone=time_zone, currency=currency, locale=locale))
    click.echo(f"Store {store_id} was added.")


@stores.command("list")
def list_stores() -> None:
    """List all stores."""
    with _database() as session:
        for row in queries.stores(session):
            click.echo(f"{row.id:10} {row.name:30} {row.time_zone} {row.currency}")


@commands.group()
def kiosks() -> None:
    """Kiosks and desk readers."""


@kiosks.command("add")
@click.argument("kiosk_id")
@click.argument("store_id")
@click.option("--name", default="")
@click.option("--desk", is_flag=True, help="a manager's desk reader instead of a kiosk")
def add_kiosk(*, kiosk_id: str, store_id: str, name: str, desk: bool) -> None:
    """Add a device and print its key: it is shown this once."""
    key = new_key(secrets.token_bytes(32))
    kind = KioskKind.DESK if desk else KioskKind.KIOSK
    with _database() as session:
        kiosk = Kiosk(id=kiosk_id, store_id=store_id, name=name or kiosk_id, kind=kind, created_at=_now())
        queries.add_kiosk(session, kiosk=kiosk, key=key)
    click.echo(key)


@kiosks.command("revoke")
@click.argument("kiosk_id")
def revoke_kiosk(kiosk_id: str) -> None:
    """End a device's key; it is refused within seconds."""
    with _database() as session:
        queries.revoke_kiosk(session, kiosk_id, _now())
    click.echo(f"{kiosk_id} may no longer speak to the server.")


@commands.group()
def staff() -> None:
    """People who sign in."""


@staff.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--store", "store_ids", multiple=True, help="a store they work for; may be given again")
@click.option("--password-from-stdin", is_flag=True, help="read the password from standard input")
def add_staff(*, login: str, name: str, role: str, store_ids: tuple[str, ...], password_from_stdin: bool) -> None:
    """Add a member of staff; without a given password one is made and printed this once."""
    password = sys.stdin.readline().rstrip("\n") if password_from_stdin else secrets.token_urlsafe(18)
    check_password(password, login=login)
    row = Staff(
        id=login.strip().lower(),
        login=login,
        name=name,
        role=role,
        password_hash=PasswordHasher().hash(password),
        session_key=secrets.token_hex(16),
    )
    with _database() as session:
        queries.add_staff(session, row, store_ids)
    click.echo(f"{row.login} was added." if password_from_stdin else f"{row.login}  {password}")


@staff.command("disable")
@click.argument("login")
def disable_staff(login: str) -> None:
    """End a person's log-in and all their sessions."""
    with _database() as session:
        row = queries.staff_by_login(session, login)
        if row is None:
            msg = f"Nobody signs in as {login}."
            raise click.ClickException(msg)
        row.disabled_at, row.session_key = _now(), secrets.token_hex(16)
    click.echo(f"{login} can no longer sign in.")


def main() -> None:
    """Run a command; a person's mistake ends with a sentence, never a traceback."""
    try:
        commands(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ServerError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except SQLAlchemyError as error:
        words = str(getattr(error, "orig", error)).splitlines()[0]
        click.echo(
            f"The database said no: {words}. Is its address right, and was `shelftalker upgrade` run?", err=True
        )
        sys.exit(3)

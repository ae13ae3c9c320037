"""The operator's terminal, without an operator."""

from __future__ import annotations

from collections.abc import Callable

import click
from click.testing import CliRunner

from server.errors import ServerError
from server.settings import ServerSettings
from server.terminal import Terminal
from tests.clock import FakeClock
from tests.shopfloor import SEAL


def typed(
    url: str,
    command: click.Command,
    *words: str,
    lines: str = "",
    seal: bytes = SEAL,
    clock: FakeClock | None = None,
) -> str:
    """Return what a command printed; raises the `ServerError` it ended with."""
    luck: Callable[[int], bytes] = bytes
    settings = ServerSettings(database_url=url, tag_seal=seal)
    done = CliRunner().invoke(
        command, words, input=lines, obj=Terminal(lambda: settings, clock or FakeClock(), luck)
    )
    if isinstance(done.exception, ServerError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output

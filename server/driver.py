"""The driver's own way to the database, for the one statement that every tap waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Dialect, Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError

CONNECT = {"connect_timeout": 2, "options": "-c statement_timeout=2000 -c lock_timeout=2000"}
"""What every connection to PostgreSQL is opened with, in libpq's words."""


def told_by_driver(connection: PoolProxiedConnection, dialect: Dialect, text: str, *, told: Any) -> list[Any]:
    """Return the rows of a statement, both in the driver's own words and values; raises SQLAlchemy's errors.

    SQLAlchemy's cursor, and its types, cost a group of taps as much as all that the group is made of.
    """
    with _as_sqlalchemys(dialect, text):
        cursor = connection.cursor()
        cursor.execute(text, told)
        rows = list(cursor.fetchall())
        cursor.close()
    return rows


@contextmanager
def at_once(engine: Engine) -> Iterator[PoolProxiedConnection]:
    """Give a connection of psycopg's on which each statement commits by itself, and is one way there and back.

    Where it breaks, all that rest in the pool are let go: they have most likely broken with it.
    """
    with _as_sqlalchemys(engine.dialect, "connect"):
        connection = engine.raw_connection()
    driver: Any = connection.driver_connection
    driver.autocommit = True
    try:
        yield connection
    finally:
        if driver.closed:
            connection.invalidate()
            engine.dispose()
        else:
            driver.autocommit = False
            connection.close()


class LoopConnection:
    """One connection of psycopg's for the event loop, on which each statement commits by itself.

    It is opened when it is first needed, and anew after whatever went wrong with it. Not for two tasks at once.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open: tuple[asyncio.AbstractEventLoop, Any] | None = None

    async def told(self, text: str, told: Any) -> list[Any]:
        """Return the rows of a statement; raises SQLAlchemy's errors, and whatever ends the waiting."""
        with _as_sqlalchemys(self._engine.dialect, text):
            connection = await self._connection()
            try:
                cursor = await connection.execute(text, told)
                return list(await cursor.fetchall())
            except BaseException:
                await self.close()
                raise

    async def _connection(self) -> Any:
        loop = asyncio.get_running_loop()
        if self._open is None or self._open[0] is not loop:
            engine = self._engine
            _, named = engine.dialect.create_connect_args(engine.url)
            driver: Any = engine.dialect.loaded_dbapi
            self._open = loop, await driver.AsyncConnection.connect(**{**named, **CONNECT}, autocommit=True)
        return self._open[1]

    async def close(self) -> None:
        """Let the connection go."""
        if self._open is not None:
            (_, connection), self._open = self._open, None
            await connection.close()


@contextmanager
def _as_sqlalchemys(dialect: Dialect, text: str) -> Iterator[None]:
    driver = dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(text, None, error, driver.Error, dialect=dialect) from error

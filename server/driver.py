"""The driver's own way to the database, for the one statement that every tap waits for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Dialect, Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError


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


@contextmanager
def _as_sqlalchemys(dialect: Dialect, text: str) -> Iterator[None]:
    driver = dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(text, None, error, driver.Error, dialect=dialect) from error

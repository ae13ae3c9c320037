"""The least a durable route can do: a tap's id and body in a row, in commits that are shared (used by `tap`)."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection

from server.db import open_engine
from server.settings import from_environment

INSERT = {
    "sqlite": "INSERT INTO least VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
    "postgresql": "INSERT INTO least VALUES (%s, %s) ON CONFLICT (id) DO NOTHING",
}
Waiting = tuple[str, bytes, "asyncio.Future[None]"]


class Least:
    """An ASGI app of one route. It looks at nothing and answers nothing: only what was sent is safe."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._insert = connection, INSERT[connection.dialect.name]
        self._waiting: list[Waiting] = []
        self._committing = ThreadPoolExecutor(1)
        self._busy = False

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Store what is posted and say so."""
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        if scope["method"] == "POST":
            body = (await receive())["body"]
            await self._stored(from_json(body)["tap_id"], body)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"21")]})
        await send({"type": "http.response.body", "body": b'{"stored":"accepted"}'})

    async def _stored(self, tap_id: str, body: bytes) -> None:
        loop = asyncio.get_running_loop()
        stored: asyncio.Future[None] = loop.create_future()
        self._waiting.append((tap_id, body, stored))
        if not self._busy:
            self._busy = True
            loop.call_soon(self._begin, loop)
        await stored

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        group, self._waiting = self._waiting, []
        self._committing.submit(self._commit, group, loop)

    def _commit(self, group: list[Waiting], loop: asyncio.AbstractEventLoop) -> None:
        self._connection.exec_driver_sql(self._insert, [(tap_id, body) for tap_id, body, _ in group])
        self._connection.commit()
        loop.call_soon_threadsafe(self._end, group, loop)

    def _end(self, group: list[Waiting], loop: asyncio.AbstractEventLoop) -> None:
        for _, _, stored in group:
            stored.set_result(None)
        self._busy = bool(self._waiting)
        if self._busy:
            self._begin(loop)


def application() -> Least:
    """Return the app, with a table of its own in the database of the settings."""
    connection = open_engine(from_environment().database_url).connect()
    body = "bytea" if connection.dialect.name == "postgresql" else "blob"
    connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS least (id varchar(36) PRIMARY KEY, body {body})")
    connection.commit()
    return Least(connection)

"""Connections asked whether they are alive when they are taken up again after a rest, not after each use."""

from __future__ import annotations

from time import monotonic
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import event as engine_event
from sqlalchemy.exc import InvalidatePoolError

REST_SECONDS = 1.0
"""A connection that was in use so lately is believed: asking would cost a tap's commit as much as the commit."""


def ask_idle(engine: Engine, rest_seconds: float = REST_SECONDS) -> None:
    """Have the engine's pool ask; where one connection is found dead, all that are as old are made anew."""

    def note(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = monotonic()

    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get("rests_since", monotonic()) < rest_seconds:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            msg = "a connection has died in the pool"
            raise InvalidatePoolError(msg) from error

    engine_event.listen(engine, "checkin", note)
    engine_event.listen(engine, "checkout", ask)

"""What a command may use: settings, database, clock and luck, passed in once where the program starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.db import open_engine
from server.settings import ServerSettings


@dataclass(frozen=True, slots=True)
class Terminal:
    """The command's side of the house."""

    settings: Callable[[], ServerSettings]
    now: Callable[[], datetime]
    luck: Callable[[int], bytes]

    @contextmanager
    def database(self) -> Iterator[Session]:
        """Give a session in one transaction: committed at the end, rolled back on any error."""
        engine = open_engine(self.settings().database_url)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
        engine.dispose()

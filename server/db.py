"""The door to the database: base class, column types, engine, and the revision that tells of changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    MetaData,
    String,
    create_engine,
    select,
)
from sqlalchemy import event as engine_event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from server import driver
from server.alive import ask_idle
from server.errors import DatabaseUnfit


class UtcMoment(TypeDecorator[datetime]):
    """An aware time, kept in UTC on every engine; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; SQLite, which forgets the zone, gets plain UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"{value!r} has no time zone"
            raise ValueError(msg)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give every time back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

Key = Annotated[str, mapped_column(String(64))]
Gtin = Annotated[str, mapped_column(String(14))]
Uid = Annotated[str, mapped_column(String(20))]
Words = Annotated[dict[str, str], mapped_column(Json)]
Document = Annotated[dict[str, Any], mapped_column(Json)]
Moment = Annotated[datetime, mapped_column(UtcMoment)]
StoreKey = Annotated[str, mapped_column(String(64), ForeignKey("store.id"))]


class Base(DeclarativeBase):
    """Every table of the server."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcMoment}  # noqa: RUF012 - SQLAlchemy reads it off the class


class Revision(Base):
    """How often what a store shows has changed. Scope is a store's id, or `chain` for what all share."""

    __tablename__ = "revision"
    scope: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, default=0)


CHAIN = "chain"


def revision_of(session: Session, store_id: str) -> int:
    """Return the revision of what a store shows: its own changes and the chain's, counted together."""
    return sum(session.scalars(select(Revision.number).where(Revision.scope.in_([store_id, CHAIN]))))


def changed(session: Session, scope: str = CHAIN) -> None:
    """Count up the revision of `scope` in the caller's transaction; every change a card shows calls it."""
    row = session.get(Revision, scope, with_for_update=True)
    if row is None:
        session.add(Revision(scope=scope, number=1))
    else:
        row.number += 1


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Give a session that sees one committed state of the database, however many statements it reads with.

    What is read statement by statement may otherwise come from either side of a change.
    """
    with Session(engine) as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"} if _postgres(engine) else {})
        if not _postgres(engine):  # Python's driver begins by itself only where something is written
            session.connection().exec_driver_sql("BEGIN")
        yield session


def _postgres(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def open_engine(url: str) -> Engine:
    """Return an engine for `url`; nothing is connected yet, so a database that is away does no harm.

    SQLite runs in WAL mode with `synchronous=FULL`; each connection checks that the engine obeyed and
    raises `DatabaseUnfit` where it did not. PostgreSQL gets a two-second statement timeout.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 10})
        engine_event.listen(engine, "connect", _make_sqlite_durable)
        return engine
    engine = create_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_timeout=2,
        connect_args=driver.CONNECT,
    )
    ask_idle(engine)
    return engine


def _make_sqlite_durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what was erased is overwritten, not only let go of
    mode = cursor.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    cursor.execute("PRAGMA synchronous=FULL")
    level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    in_memory = not connection.execute("PRAGMA database_list").fetchone()[2]
    if (mode, level) != ("wal", 2) and not in_memory:
        msg = (
            f"SQLite answered journal_mode={mode}, synchronous={level} where wal and 2 (FULL) are needed "
            "to keep taps through a power cut; put the database on a local disk."
        )
        raise DatabaseUnfit(msg)
    cursor.close()

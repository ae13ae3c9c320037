"""Statements every tap asks: written once for each kind of database, read as plain rows.

Writing a statement anew, and asking what it is, costs a tap more than the database does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Select, String, bindparam
from sqlalchemy.exc import DBAPIError

MOST = 256
"""Names one statement is asked for; what asks for more is written anew, and costs little beside its rows."""


@dataclass(slots=True)
class Written:
    """A statement as one kind of database is told it: text, parameters in order, what reads its values."""

    text: str
    order: list[str] | None
    """None where parameters go by name."""
    types: list[Any]
    dialect: Dialect
    reads: list[tuple[int, Callable[[Any], Any]]] | None = None

    def rows(self, connection: Connection, named: dict[str, Any]) -> list[list[Any]]:
        """Return the rows of the answer, each value as its column's type gives it; raises SQLAlchemy's errors."""
        told = named if self.order is None else tuple([named[name] for name in self.order])
        driver = self.dialect.loaded_dbapi
        try:
            cursor = connection.connection.cursor()
            cursor.execute(self.text, told)  # the driver's own cursor: SQLAlchemy's costs as much as the answer
            answer = [list(row) for row in cursor.fetchall()]
        except driver.Error as error:
            raise DBAPIError.instance(self.text, told, error, driver.Error, dialect=self.dialect) from error
        if self.reads is None:
            self.reads = list(self._reads(cursor.description))
        cursor.close()
        for values in answer:
            for place, read in self.reads:
                if values[place] is not None:
                    values[place] = read(values[place])
        return answer

    def _reads(self, description: Any) -> Iterator[tuple[int, Callable[[Any], Any]]]:
        for place, (kind, column) in enumerate(zip(self.types, description, strict=True)):
            read = kind.dialect_impl(self.dialect).result_processor(self.dialect, column[1])
            if read is not None:
                yield place, read


class Prepared:
    """A statement for all rows, or for those where `column` is one of some names. Safe for many threads."""

    def __init__(self, statement: Any, column: Any = None) -> None:
        self._statement: Select[Any] = statement
        self._column = column
        self._written: dict[tuple[str, int | None], Written] = {}

    def rows(self, connection: Connection, names: Collection[str] | None = None, **named: Any) -> list[list[Any]]:
        """Return rows: of these names, or all where None."""
        if names is None:
            return self._as(connection.dialect, None).rows(connection, named)
        if len(names) > MOST:
            asked = self._statement.where(self._column.in_(list(names)))
            return [list(row) for row in connection.execute(asked, named)]
        if not names:
            return []
        size = 1 << (len(names) - 1).bit_length()  # few different statements, however many names
        padded = [*names, *[next(iter(names))] * (size - len(names))]
        named |= {f"name{n}": name for n, name in enumerate(padded)}
        return self._as(connection.dialect, size).rows(connection, named)

    def _as(self, dialect: Dialect, size: int | None) -> Written:
        held = self._written.get((dialect.name, size))
        if held is None:
            held = self._written[dialect.name, size] = self._write(dialect, size)
        return held

    def _write(self, dialect: Dialect, size: int | None) -> Written:
        names: list[BindParameter[str]] = [bindparam(f"name{n}", type_=String()) for n in range(size or 0)]
        asked = self._statement if size is None else self._statement.where(self._column.in_(names))
        compiled: Any = asked.compile(dialect=dialect)
        types = [column.type for column in asked.selected_columns]
        return Written(compiled.string, compiled.positiontup, types, dialect)

"""Imports taken back: what stands as the import left it goes back, what was changed since stays and is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import DateTime, Numeric, Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from server.access.queries import record
from server.catalogue.files.judging import Change, Values
from server.catalogue.files.models import Import, ImportChange
from server.catalogue.files.queries import take_turn, tell, write
from server.catalogue.files.stored import known, table_of
from server.catalogue.models import Price, PriceList
from server.db import UtcMoment
from server.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of an import that was taken back: how many rows went back, and which stayed, in words."""

    restored: int
    stayed: tuple[str, ...]


def undo(session: Session, import_id: int, *, staff_id: str | None, now: datetime) -> Undone:
    """Take an import back in the caller's transaction; the same import is taken back once.

    A price that was asked already stays in the history: the price before it is asked again from now on. Raises
    `NotFound`, or `Conflict` where it was taken back before or something new hangs on what it brought.
    """
    made = session.get(Import, import_id)
    if made is None:
        msg = f"There is no import {import_id}."
        raise NotFound(msg)
    take_turn(session)
    session.refresh(made)
    if made.undone_at is not None:
        msg = f"Import {import_id} was taken back already, at {made.undone_at:%Y-%m-%d %H:%M} UTC."
        raise Conflict(msg)
    changes, stayed = _back(session, import_id, now)
    try:
        write(session, changes)
    except IntegrityError as error:
        msg = f"Import {import_id} brought what is in use by now (a price, stock, a place), so it stays."
        raise Conflict(msg) from error
    made.undone_at = now
    tell(session, changes)
    record(
        session,
        now=now,
        staff_id=staff_id,
        store_id=None,
        action="import taken back",
        subject=f"import:{made.id}",
        after={"restored": len(changes), "stayed": len(stayed)},
    )
    return Undone(len(changes), tuple(stayed))


def _back(session: Session, import_id: int, now: datetime) -> tuple[list[Change], list[str]]:
    journal = select(ImportChange).where(ImportChange.import_id == import_id).order_by(ImportChange.number.desc())
    changes: list[Change] = []
    stayed: list[str] = []
    for one in session.scalars(journal.execution_options(yield_per=1000)):
        table = table_of(one.table_name)
        after = _thawed(table, one.after)
        key = tuple(after[column.name] for column in table.primary_key.columns)
        stands = _stands(session, table, after)
        if stands is None or to_jsonable_python(stands) != one.after:
            stayed.append(f"{one.table_name} {' '.join(map(str, key))} was changed since.")
            continue
        if _begun(session, one.table_name, after, now=now):
            stayed.append(f"{one.table_name} {' '.join(map(str, key))} has begun, so what it asks stays.")
            continue
        if one.table_name == "price" and after["applies_from"] <= now:
            again = _price_before(session, after, now)
            if again is None:
                stayed.append(f"price {' '.join(map(str, key))} is the only one there ever was.")
            else:
                changes.append(again)
            continue
        before = _thawed(table, one.before) if one.before else None
        changes.append(Change(one.table_name, key, stands, before))
    return changes, stayed


def _begun(session: Session, table: str, after: Values, *, now: datetime) -> bool:
    """Return whether a change is of a price list that has begun in any store."""
    if table not in {"price_list", "listed_price"}:
        return False
    starts = session.scalar(select(PriceList.starts).where(PriceList.id == after.get("list_id", after.get("id"))))
    return starts is not None and starts <= known(session, now).clocks.ahead


def _stands(session: Session, table: Table, after: Mapping[str, Any]) -> Values | None:
    at_key = [column == after[column.name] for column in table.primary_key.columns]
    found = session.execute(select(*(table.c[name] for name in after)).where(*at_key)).mappings().first()
    return dict(found) if found else None


def _price_before(session: Session, after: Values, now: datetime) -> Change | None:
    earlier = session.scalars(
        select(Price)
        .where(Price.store_id == after["store_id"], Price.gtin == after["gtin"])
        .where(Price.applies_from < after["applies_from"])
        .order_by(Price.applies_from.desc())
        .limit(1)
    ).first()
    if earlier is None:
        return None
    again = {name: getattr(earlier, name) for name in after} | {"applies_from": now}
    return Change("price", (after["store_id"], after["gtin"], now), None, again)


def _thawed(table: Table, values: Mapping[str, Any]) -> Values:
    return {name: _value(table.c[name].type, value) for name, value in values.items()}


def _value(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcMoment | DateTime):
        return datetime.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Numeric) and kind.asdecimal else value

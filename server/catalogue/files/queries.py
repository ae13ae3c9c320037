"""Files judged against what is stored, and applied whole; unchanged rows change nothing and raise no revision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from server.access.queries import record
from server.catalogue.files.judging import Change, Judged, Values, Verdict
from server.catalogue.files.kinds import Kind
from server.catalogue.files.models import Import, ImportChange
from server.catalogue.files.stored import known, look_up, table_of
from server.db import CHAIN, Revision, changed
from server.errors import Conflict, Invalid

IMPORTS = "imports"
"""The scope of the revision that counts imports; its row is what they wait for each other at."""

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class File:
    """Where rows come from, for the record."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A file judged: its kind, every row's verdict, what would change, and which import was the last by then."""

    kind: Kind
    judged: Sequence[Judged]
    changes: Sequence[Change]
    turn: int

    def counts(self) -> dict[str, int]:
        """Return how many rows have each verdict."""
        told = Counter(one.verdict for one in self.judged)
        return {verdict.value: told[verdict] for verdict in Verdict}


def examine(
    session: Session,
    kind: Kind,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    now: datetime,
    stores: Sequence[str] | None = None,
) -> Examined:
    """Judge every row of a file against what is stored; nothing is changed.

    `stores` are those the rows may be about, all where None; of others the file is told that they are not there.
    """
    turn = session.scalar(select(Revision.number).where(Revision.scope == IMPORTS)) or 0
    judge = kind.judge(kind.row, known(session, now, stores))
    for some in _batches(rows):
        look_up(session, judge, [cells for _, cells in some])
        for number, cells in some:
            judge.take(number, cells)
    judge.finish()
    return Examined(kind, judge.judged, list(judge.changes.values()), turn)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some


def apply(
    session: Session, examined: Examined, file: File, *, staff_id: str | None, now: datetime
) -> Import | None:
    """Make all changes of an examined file in the caller's transaction; None where there are none.

    Raises `Invalid` where a row was refused, `Conflict` where another import came between: nothing changes then.
    """
    refused = [one for one in examined.judged if one.verdict is Verdict.REFUSED]
    if refused:
        msg = f"{len(refused)} rows cannot be taken, so none was: row {refused[0].row}: {refused[0].words}"
        raise Invalid(msg)
    if not examined.changes:
        return None
    take_turn(session, examined.turn)
    made = Import(
        kind=examined.kind.name,
        name=file.name[:255],
        sha256=file.sha256,
        applied_at=now,
        staff_id=staff_id,
        counts=examined.counts(),
    )
    session.add(made)
    session.flush()
    write(session, examined.changes)
    _remember(session, made.id, examined.changes)
    tell(session, examined.changes)
    record(
        session,
        now=now,
        staff_id=staff_id,
        store_id=None,
        action="import applied",
        subject=f"import:{made.id}",
        after={"kind": made.kind, "name": made.name, **made.counts},
    )
    return made


def take_turn(session: Session, turn: int | None = None) -> None:
    """Wait until no other import is being applied; raises `Conflict` where one was since `turn`."""
    ours = Revision.scope == IMPORTS
    if not session.scalar(select(Revision.number).where(ours)):
        session.execute(insert(Revision).values(scope=IMPORTS, number=0))
    session.execute(update(Revision).where(ours).values(number=Revision.number + 1))
    now_at = session.scalar(select(Revision.number).where(ours))
    if turn is not None and now_at != turn + 1:
        msg = "Another import was applied meanwhile; nothing was changed. Please give the file again."
        raise Conflict(msg)


def write(session: Session, changes: Iterable[Change]) -> None:
    """Make the changes, in their order, many to a statement."""

    def same(change: Change) -> tuple[str, bool, bool]:
        return change.table, change.before is None, change.after is None

    for (name, new, gone), some in groupby(changes, key=same):
        table = table_of(name)
        key = list(table.primary_key.columns)
        at_key = [column == bindparam(f"key_{column.name}") for column in key]
        for batch in _batches(some):
            named = [{f"key_{c.name}": part for c, part in zip(key, one.key, strict=True)} for one in batch]
            if gone:
                session.execute(
                    delete(table).where(*at_key), named, execution_options={"synchronize_session": False}
                )
            elif new:
                session.execute(insert(table), [one.after for one in batch])
            else:
                values = [told | (one.after or {}) for told, one in zip(named, batch, strict=True)]
                session.connection().execute(update(table).where(*at_key), values)


def _remember(session: Session, import_id: int, changes: Sequence[Change]) -> None:
    for some in _batches(enumerate(changes)):
        session.execute(
            insert(ImportChange),
            [
                {
                    "import_id": import_id,
                    "number": number,
                    "table_name": change.table,
                    "before": _frozen(change.before),
                    "after": _frozen(change.after),
                }
                for number, change in some
            ],
        )


def _frozen(values: Values | None) -> dict[str, Any] | None:
    frozen: dict[str, Any] | None = to_jsonable_python(values)
    return frozen


def tell(session: Session, changes: Iterable[Change]) -> None:
    """Raise the revision of each store whose rows changed, or of the chain."""
    for scope in sorted({_scope(one) for one in changes}):
        changed(session, scope)


def _scope(change: Change) -> str:
    """Return whose revision a change raises: price lists are read with what all stores share."""
    named = (change.after or change.before or {}).get("store_id")
    return str(named) if named and change.table != "price_list" else CHAIN

"""What is stored of all that a file speaks of, read a thousand rows at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.files.cells import flat
from server.catalogue.files.judging import Clocks, Judge, Known
from server.catalogue.files.kinds import Kind
from server.catalogue.files.pricelists import ListedPriceJudge, listed_cells
from server.catalogue.files.prices import PriceJudge, price_cells
from server.catalogue.files.rows import Part
from server.catalogue.models import ListedPrice, Price, PriceList, Product, Variant
from server.catalogue.queries import parents
from server.catalogue.rules import ListPrice, gtin14
from server.db import Base
from server.errors import Invalid

Cells = Mapping[str, str]


def table_of(name: str) -> Table:
    """Return a table of the database by its name."""
    return Base.metadata.tables[name]


def known(session: Session, now: datetime, stores: Sequence[str] | None = None) -> Known:
    """Return what files of every kind may name (of stores only those given), without the rows themselves."""
    last = session.scalar(select(func.max(Variant.gtin)).where(Variant.gtin.like("020%")))
    rows = session.execute(select(Store.id, Store.currency, Store.time_zone)).all()
    may_be_named = {s: c for s, c, _ in rows if stores is None or s in stores}
    clocks = [now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for _, _, zone in rows]
    shown = clocks or [now.replace(tzinfo=None)]
    return Known(now, parents(session), may_be_named, Clocks(min(shown), max(shown)), last)


def look_up(session: Session, judge: Judge, rows: Sequence[Cells]) -> None:
    """Read what is stored of these rows into what the judge knows, in place of what it knew of others."""
    about = judge.known
    products = _named(rows, "product")
    about.products.clear()
    about.products |= _present(session, Product.id, products)
    gtins = {gtin for row in rows if (gtin := _gtin(row.get("gtin", "")))}
    fields = judge.model.model_fields
    if "gtin" in fields:
        for column, wanted in ((Variant.sku, _named(rows, "sku")), (Variant.gtin, gtins)):
            pairs = session.execute(select(Variant.sku, Variant.gtin).where(column.in_(wanted))) if wanted else ()
            about.gtins.update((sku, gtin) for sku, gtin in pairs)
        gtins |= {about.gtins[sku] for sku in _named(rows, "sku") if sku in about.gtins}
    about.stored.clear()
    if isinstance(judge, PriceJudge):
        _articles(session, judge, gtins)
        judge.steps = _steps(session, rows, gtins)
        return
    if isinstance(judge, ListedPriceJudge):
        _articles(session, judge, gtins)
        _lists(session, judge, _named(rows, "list"), gtins=gtins)
        return
    named = {
        "product": products,
        "category": _named(rows, "category"),
        "store": _named(rows, "store"),
        "list": _named(rows, "list"),
        "gtin": gtins,
    }
    if judge.model.parts[0].table == "stock":
        _articles(session, judge, gtins)
    for part in judge.model.parts:
        _stored(session, judge, part, wanted=named)


def _articles(session: Session, judge: Judge, gtins: set[str]) -> None:
    """Refuse later, in words, what names an article that is not there."""
    judge.known.articles = _present(session, Variant.gtin, gtins)


def _named(rows: Sequence[Cells], column: str) -> set[str]:
    return {named for row in rows if (named := row.get(column))}


def _gtin(written: str) -> str:
    try:
        return gtin14(written) if written else ""
    except Invalid:
        return ""


def _present(session: Session, column: Any, wanted: set[str]) -> set[str]:
    return set(session.scalars(select(column).where(column.in_(wanted)))) if wanted else set()


def _stored(session: Session, judge: Judge, part: Part, *, wanted: Mapping[str, set[str]]) -> None:
    table = table_of(part.table)
    fields = {column: field for field, column in part.columns.items()}
    *outer, inner = part.key
    statement = select(*(table.c[column] for column in part.columns.values()))
    statement = statement.where(table.c[inner].in_(wanted[fields[inner]]))
    for store in sorted(wanted["store"]) if outer else [""]:
        held = statement.where(table.c[outer[0]] == store) if outer else statement
        for found in session.execute(held).mappings():
            judge.known.stored[part.table, tuple(found[column] for column in part.key)] = dict(found)


def _steps(session: Session, rows: Sequence[Cells], gtins: set[str]) -> dict[tuple[str, str], list[ListPrice]]:
    steps: dict[tuple[str, str], list[ListPrice]] = defaultdict(list)
    wanted = select(Price).where(Price.gtin.in_(gtins)).order_by(Price.applies_from)
    for store in sorted(_named(rows, "store")):
        for price in session.scalars(wanted.where(Price.store_id == store)):
            step = ListPrice(price.applies_from, price.minor, price.member_minor, price.floor_minor)
            steps[store, price.gtin].append(step)
        session.expunge_all()
    return steps


def _lists(session: Session, judge: ListedPriceJudge, lists: set[str], *, gtins: set[str]) -> None:
    table = table_of("price_list")
    held = session.execute(select(table).where(table.c.id.in_(lists))).mappings()
    judge.lists = {row["id"]: dict(row) for row in held}
    wanted = select(ListedPrice).where(ListedPrice.list_id.in_(lists), ListedPrice.gtin.in_(gtins))
    judge.asked = {
        (row.list_id, row.gtin): ListPrice(judge.known.now, row.minor, row.member_minor, row.floor_minor)
        for row in session.scalars(wanted)
    }
    session.expunge_all()


def exported(session: Session, kind: Kind) -> Iterator[dict[str, str]]:
    """Yield all that is stored of a kind as rows of its file, in the order of its keys."""
    if kind.judge is PriceJudge:
        yield from _exported_prices(session)
        return
    if kind.judge is ListedPriceJudge:
        yield from _exported_lists(session)
        return
    tables = [table_of(part.table) for part in kind.row.parts]
    statement = select(
        *(t.c[c] for t, part in zip(tables, kind.row.parts, strict=True) for c in part.columns.values())
    )
    keys = [table.c[column] for table, part in zip(tables, kind.row.parts, strict=True) for column in part.key]
    if len(tables) == 2:
        statement = statement.join_from(tables[0], tables[1], tables[1].c.product_id == tables[0].c.id)
    fields = [field for part in kind.row.parts for field in part.columns]
    for found in session.execute(statement.order_by(*keys).execution_options(yield_per=1000)):
        yield flat(dict(zip(fields, found, strict=True)))


def _exported_prices(session: Session) -> Iterator[dict[str, str]]:
    currencies = dict(session.execute(select(Store.id, Store.currency)).all())
    table = table_of("price")
    wanted = select(table).order_by(table.c.store_id, table.c.gtin, table.c.applies_from)
    for found in session.execute(wanted.execution_options(yield_per=1000)).mappings():
        currency = currencies[found["store_id"]]
        step = ListPrice(found["applies_from"], found["minor"], found["member_minor"], found["floor_minor"])
        named = {"store": found["store_id"], "gtin": found["gtin"], "currency": currency}
        yield flat(named | price_cells(step, currency) | {"applies_from": step.at})


def _exported_lists(session: Session) -> Iterator[dict[str, str]]:
    wanted = select(*table_of("listed_price").columns, PriceList.currency, PriceList.starts)
    wanted = wanted.join(PriceList, PriceList.id == ListedPrice.list_id).order_by(
        ListedPrice.list_id, ListedPrice.gtin
    )
    for found in session.execute(wanted.execution_options(yield_per=1000)).mappings():
        yield listed_cells(dict(found), found["currency"])

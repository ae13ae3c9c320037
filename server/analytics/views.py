"""The merchandiser's page: what is tapped, where and when, as chart, table and file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import flask
from babel.dates import get_day_names
from flask_babel import gettext
from sqlalchemy.orm import Session

from server.access.guard import staff_only, this_staff
from server.access.models import Role, Store
from server.access.queries import stores as find_stores
from server.analytics import queries
from server.analytics.rules import FEW, HourCount, Period, by_local_hour, cell, change
from server.catalogue.queries import names
from server.errors import Invalid
from server.timeline.models import EventKind
from server.web import now, open_session, page, staff_language
from server.wire import words

pages = flask.Blueprint("analytics", __name__)
MOST_PRODUCTS = 20


def init_app(app: flask.Flask) -> None:
    """Add the page."""
    app.register_blueprint(pages)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page shows, counted once for page and file alike."""

    stores: list[Store]
    all_stores: list[Store]
    period: Period
    products: list[tuple[str, int, int]]
    """Name, taps in the period, taps in the period before."""
    per_store: list[tuple[str, int, int, int, int]]
    """Name, taps, taps before, suggestions opened, unknown tags."""
    hours: Counter[tuple[int, int]]
    taps: int
    taps_before: int


@pages.get("/merchandise/taps")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def taps() -> str:
    """Show taps by product, store and hour; the filters stand in the address."""
    with open_session() as session:
        report = _report(session)
    grid = [[report.hours[day, hour] for hour in range(24)] for day in range(7)]
    charts: dict[str, Any] = {
        "products": {"names": [p[0] for p in report.products], "taps": [p[1] for p in report.products]},
        "hours": [[hour, day, grid[day][hour]] for day in range(7) for hour in range(24)],
        "days": list(get_day_names("abbreviated", locale=staff_language()).values()),
        "words": {"taps": gettext("Taps")},
    }
    return page(
        "taps.html",
        report=report,
        grid=grid,
        charts=charts,
        few=report.taps < FEW,
        change=change(report.taps, report.taps_before),
        query=flask.request.query_string.decode("ascii", "replace"),
    )


@pages.get("/merchandise/taps.csv")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def taps_file() -> flask.Response:
    """Give the products of the page as a file, with the same filters."""
    with open_session() as session:
        report = _report(session, most=None)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([gettext("Product"), gettext("Taps"), gettext("Before")])
    writer.writerows([cell(value) for value in row] for row in report.products)
    name = f"taps-{report.period.first}-{report.period.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return flask.Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


def _report(session: Session, *, most: int | None = MOST_PRODUCTS) -> Report:
    own = find_stores(session, this_staff().store_ids)
    chosen = flask.request.args.getlist("store")
    stores = [store for store in own if not chosen or store.id in chosen]
    period = _period(stores)
    bounds = {store.id: period.bounds(store.time_zone) for store in stores}
    earlier = {store.id: period.before().bounds(store.time_zone) for store in stores}
    products, before = queries.by_product(session, bounds), queries.by_product(session, earlier)
    called, language = names(session, list(products)), staff_language()
    hours: list[HourCount] = []
    per_store = []
    for store in stores:
        kinds = queries.by_kind(session, store.id, bounds[store.id])
        past = queries.by_kind(session, store.id, earlier[store.id])
        hours += queries.by_hour(session, store.id, bounds[store.id])
        per_store.append(
            (
                store.name,
                _taps(kinds),
                _taps(past),
                kinds[EventKind.SUGGESTION_OPENED],
                kinds[EventKind.UNKNOWN_TAG_TAPPED],
            )
        )
    ranked = sorted(products.items(), key=lambda one: (-one[1], one[0]))[:most]
    return Report(
        stores=stores,
        all_stores=own,
        period=period,
        products=[(words(called.get(p, {"en": p}), language), n, before[p]) for p, n in ranked],
        per_store=per_store,
        hours=by_local_hour(hours, {store.id: store.time_zone for store in stores}),
        taps=sum(products.values()),
        taps_before=sum(before.values()),
    )


def _taps(kinds: Counter[str]) -> int:
    return sum(kinds[kind] for kind in queries.TAPS)


def _period(stores: list[Store]) -> Period:
    zone = ZoneInfo(stores[0].time_zone) if stores else ZoneInfo("UTC")
    today = now().astimezone(zone).date()
    first, last = _day("from", today - timedelta(days=13)), _day("to", today)
    if last < first:
        msg = gettext("The last day must not be before the first.")
        raise Invalid(msg)
    return Period(first, last)


def _day(name: str, default: date) -> date:
    written = flask.request.args.get(name, "")
    try:
        return date.fromisoformat(written) if written else default
    except ValueError as error:
        msg = gettext("%(day)s is no day: write it as 2026-11-24.", day=written)
        raise Invalid(msg) from error

"""The price evidence as files: what was shown of a variant, by answers and by kiosks alone, and of lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import flask

from server.access.guard import own_store, staff_only
from server.access.models import Role
from server.catalogue.queries import product_of_gtin
from server.catalogue.rules import gtin14
from server.promotions.copies import copies_shown
from server.promotions.evidence import file_of
from server.promotions.rules.versions import Json
from server.promotions.totals import totals_shown
from server.web import now

pages = flask.Blueprint("price_evidence", __name__)


def init_app(app: flask.Flask) -> None:
    """Add the files."""
    app.register_blueprint(pages)


def _last_year() -> tuple[datetime, datetime]:
    return now() - timedelta(days=365), now() + timedelta(days=1)


@pages.get("/manage/<store_id>/prices/<gtin>/evidence.json")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def of_variant(store_id: str, gtin: str) -> flask.Response:
    """Give what was shown of a variant in the last 365 days: what, where, when and why, each worked out again."""
    (since, until), number = _last_year(), gtin14(gtin)
    with own_store(store_id) as (store, session):
        told = list(file_of(session, store.id, number, since=since, until=until))
        for product_id in product_of_gtin(session, [number]).values():
            told += copies_shown(session, store.id, product_id, gtin=number, since=since, until=until)
    return _file(told, f"prices-{store_id}-{gtin}")


@pages.get("/manage/<store_id>/prices/lists/evidence.json")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def of_lists(store_id: str) -> flask.Response:
    """Give what lists came to in the last 365 days, each worked out again."""
    since, until = _last_year()
    with own_store(store_id) as (store, session):
        told = list(totals_shown(session, store.id, since=since, until=until))
    return _file(told, f"lists-{store_id}")


def _file(told: Iterable[Json], name: str) -> flask.Response:
    answer = flask.jsonify(told)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer

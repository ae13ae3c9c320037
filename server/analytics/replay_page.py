"""The page that answers: what would the last days have cost with this promotion, without it, or under a policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import flask
from flask_babel import gettext
from sqlalchemy.orm import Session

from server.access.guard import staff_only, this_staff
from server.access.models import Role
from server.access.queries import stores
from server.analytics.replaying import Replayed, replayed
from server.catalogue.queries import names
from server.errors import Invalid
from server.promotions import queries
from server.promotions.checking import check
from server.promotions.models import Promotion
from server.promotions.rules.replay import Change, combined, with_promotion, without
from server.promotions.rules.running import Running
from server.web import now, open_snapshot, page
from server.wire import Money

pages = flask.Blueprint("replay", __name__)
MOST_DAYS = 31
MOST_CARDS = 200


def init_app(app: flask.Flask) -> None:
    """Add the page."""
    app.register_blueprint(pages)


@pages.get("/merchandise/replay")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def replay() -> str:
    """Show the cards that would have said another price, and what visits would have cost, by store."""
    asked, staff = flask.request.args, this_staff()
    found: list[Replayed] = []
    with open_snapshot() as session:
        planned = queries.every(session)
        if asked.get("what"):
            change, until = change_of(session, asked), now()
            since = until - timedelta(days=_days(asked.get("days", "")))
            own = stores(session, None if staff.role is Role.MERCHANDISER else staff.store_ids)
            found = [replayed(session, store, change, since=since, until=until) for store in own]
        called = names(session, {card.product_id for one in found for card in one.cards[:MOST_CARDS]})
    return page(
        "replay.html", planned=planned, found=found, called=called, asked=asked, most=MOST_CARDS, money=Money
    )


def change_of(session: Session, asked: Mapping[str, str]) -> Change:
    """Return the change that is asked for; raises `Invalid` where it names no promotion.

    A promotion is tried as if its window had been open all the time.
    """
    what, key = asked["what"], asked.get("promotion", "")
    if what in {"stack", "best"}:
        return combined(what)
    row = session.get(Promotion, key)
    if row is None or what not in {"with", "without"}:
        raise Invalid(gettext("Choose a promotion, and what to try with it."))
    if what == "without":
        return without(key)
    return with_promotion(Running(key, check(row), None, None, row.priority, row.exclusive))


def _days(written: str) -> int:
    if not (written.isascii() and written.isdigit() and 1 <= int(written) <= MOST_DAYS):
        raise Invalid(gettext("Choose from 1 to %(most)s days.", most=MOST_DAYS))
    return int(written)

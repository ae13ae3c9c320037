"""The promotions of the chain, as merchandisers and managers read them."""

from __future__ import annotations

import flask

from server.access.guard import staff_only
from server.access.models import Role
from server.errors import Invalid
from server.promotions import queries
from server.promotions.models import Promotion
from server.web import open_session, page

pages = flask.Blueprint("promotion_pages", __name__)


def init_app(app: flask.Flask) -> None:
    """Add the page of promotions."""
    app.register_blueprint(pages)


@pages.get("/merchandise/promotions")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def promotions() -> str:
    """Show every promotion with its window in the stores' local time, and why one is left out."""
    with open_session() as session:
        listed = [(row, _fault(row)) for row in queries.every(session)]
    return page("promotions.html", promotions=listed)


def _fault(row: Promotion) -> str:
    try:
        queries.check(row)
    except Invalid as error:
        return str(error)
    return ""

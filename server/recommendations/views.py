"""Pin, block and boost over the API: managers for their stores, merchandisers for the chain."""

from __future__ import annotations

from uuid import UUID

import flask
from sqlalchemy.orm import Session

from server.access.guard import own_store, staff_only, this_staff
from server.access.models import Role
from server.openapi import documented
from server.recommendations import wishes
from server.recommendations.models import SuggestionWish, WishKind
from server.recommendations.wish_words import USUAL_BOOST, WishAsked, WishList, WishRecord
from server.web import fresh_id, now, open_session, read_json, said

routes = flask.Blueprint("wishes", __name__, url_prefix="/api/v1")


def init_app(app: flask.Flask) -> None:
    """Add the routes."""
    app.register_blueprint(routes)


@routes.get("/stores/<store_id>/wishes")
@staff_only(Role.MANAGER, Role.MERCHANDISER)
@documented(gives=WishList)
def of_store(store_id: str) -> flask.Response:
    """List what is wished of suggestions in a store, by itself and by the chain."""
    with own_store(store_id) as (store, session):
        return _listed(session, store.id)


@routes.post("/stores/<store_id>/wishes")
@staff_only(Role.MANAGER, Role.MERCHANDISER)
@documented(takes=WishAsked, gives=WishRecord)
def make_in_store(store_id: str) -> flask.Response:
    """Pin, block or boost a product or a category in a store."""
    asked = read_json(WishAsked)
    with own_store(store_id) as (store, session):
        return _made(session, asked, store.id)


@routes.delete("/stores/<store_id>/wishes/<uuid:wish_id>")
@staff_only(Role.MANAGER, Role.MERCHANDISER)
@documented()
def end_in_store(store_id: str, wish_id: UUID) -> tuple[str, int]:
    """End a wish of a store now."""
    with own_store(store_id) as (store, session):
        wishes.end(session, wish_id, store.id, staff_id=this_staff().id, now=now())
    return "", 204


@routes.get("/wishes")
@staff_only(Role.MERCHANDISER)
@documented(gives=WishList)
def of_chain() -> flask.Response:
    """List what the chain wishes of suggestions."""
    with open_session() as session:
        return _listed(session, None)


@routes.post("/wishes")
@staff_only(Role.MERCHANDISER)
@documented(takes=WishAsked, gives=WishRecord)
def make_in_chain() -> flask.Response:
    """Pin, block or boost a product or a category in all stores."""
    asked = read_json(WishAsked)
    with open_session() as session:
        return _made(session, asked, None)


@routes.delete("/wishes/<uuid:wish_id>")
@staff_only(Role.MERCHANDISER)
@documented()
def end_in_chain(wish_id: UUID) -> tuple[str, int]:
    """End a wish of the chain now."""
    with open_session() as session:
        wishes.end(session, wish_id, None, staff_id=this_staff().id, now=now())
    return "", 204


def _listed(session: Session, store_id: str | None) -> flask.Response:
    rows = wishes.open_wishes(session, store_id, now())
    return said(WishList(wishes=tuple(WishRecord.of(row) for row in rows)))


def _made(session: Session, asked: WishAsked, store_id: str | None) -> flask.Response:
    boost = asked.kind is WishKind.BOOST
    row = SuggestionWish(
        id=fresh_id(),
        kind=asked.kind,
        store_id=store_id,
        product_id=asked.product_id,
        category_id=asked.category_id,
        log_odds=(asked.log_odds or USUAL_BOOST) if boost else None,
        starts=asked.starts or now(),
        ends=asked.ends,
        made_by=this_staff().id,
        made_at=now(),
    )
    return said(WishRecord.of(wishes.make(session, row)))

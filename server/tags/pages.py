"""The manager's page on tags: this tag is that product, by tapping it on the desk reader."""

from __future__ import annotations

from datetime import timedelta

import flask
import flask.typing
from flask_babel import gettext
from sqlalchemy.orm import Session

from server.access.guard import own_store, staff_only, this_staff
from server.access.models import Role
from server.access.queries import device_names
from server.catalogue.queries import names, product_of_gtin, search, signs
from server.errors import Invalid
from server.tags import queries
from server.tags.models import TargetKind
from server.tags.rules import Target
from server.web import now, page
from server.wire import Text

pages = flask.Blueprint("tag_pages", __name__)
FRESH = timedelta(seconds=90)
"""How long a tag laid on the desk reader stands on the page."""


def init_app(app: flask.Flask) -> None:
    """Add the manager's page on tags."""
    app.register_blueprint(pages)


@pages.get("/manage/<store_id>/tags")
@staff_only(Role.MANAGER)
def tags(store_id: str) -> str:
    """Show what the tags of the store mean, and those that mean nothing yet."""
    asked = flask.request.args.get("q", "")
    with own_store(store_id) as (store, session):
        bindings = queries.bindings(session, store.id)
        called = _names(session, [Target(TargetKind(b.target_kind), b.target_id) for b in bindings])
        found = search(session, asked, 12)
        unknown = queries.unknown_tags(session, store.id)
        devices = device_names(session, store.id)
        chosen = flask.request.args.get("product", "")
        product = names(session, [chosen]).get(chosen)
    return page(
        "tags.html",
        store=store,
        bindings=[(b, called[b.target_kind, b.target_id]) for b in bindings],
        unknown=unknown,
        devices=devices,
        found=found,
        asked=asked,
        chosen=chosen,
        product=product,
        uid=flask.request.args.get("uid", ""),
        done=flask.request.args.get("done", ""),
    )


def _names(session: Session, targets: list[Target]) -> dict[tuple[str, str], Text]:
    """Return what to call each target: the product's or sign's name, with the GTIN of a variant."""
    variants = {t.id for t in targets if t.kind is TargetKind.VARIANT}
    products = product_of_gtin(session, variants)
    called = names(session, {t.id for t in targets if t.kind is TargetKind.PRODUCT} | set(products.values()))
    titles = {key: sign.title for key, (sign, _) in signs(session, None).items()}
    return {
        (t.kind, t.id): titles.get(t.id, {"en": t.id})
        if t.kind is TargetKind.SIGN
        else called.get(products.get(t.id, t.id), {"en": t.id})
        for t in targets
    }


@pages.get("/manage/<store_id>/desk")
@staff_only(Role.MANAGER)
def desk(store_id: str) -> str:
    """Show the tag that lies on the desk reader, and what it means now."""
    chosen = flask.request.args.get("product", "")
    with own_store(store_id) as (store, session):
        reading = queries.desk_reading(session, store.id, since=now() - FRESH)
        meant = queries.open_bindings(session, store.id, [reading.uid]) if reading else {}
        called = _names(session, list(meant.values()))
        product = names(session, [chosen]).get(chosen)
    target = meant.get(reading.uid) if reading else None
    return page(
        "desk.html",
        store=store,
        reading=reading,
        meant=called[target.kind, target.id] if target else None,
        same=target == Target(TargetKind.PRODUCT, chosen),
        chosen=chosen,
        product=product,
    )


@pages.post("/manage/<store_id>/tags/<uid>")
@staff_only(Role.MANAGER)
def bind(store_id: str, uid: str) -> flask.typing.ResponseReturnValue:
    """Say what a tag means from now on."""
    product = flask.request.form.get("product", "")
    if not product:
        msg = gettext("Choose a product first, then the tag.")
        raise Invalid(msg)
    with own_store(store_id) as (store, session):
        target = Target(TargetKind.PRODUCT, product)
        queries.bind(session, store_id=store.id, uid=uid, target=target, staff_id=this_staff().id, now=now())
    return flask.redirect(f"/manage/{store.id}/tags?product={product}&done={uid}", 303)


@pages.post("/manage/<store_id>/tags/<uid>/unbind")
@staff_only(Role.MANAGER)
def unbind(store_id: str, uid: str) -> flask.typing.ResponseReturnValue:
    """Take back what a tag means."""
    with own_store(store_id) as (store, session):
        queries.unbind(session, store_id=store.id, uid=uid, staff_id=this_staff().id, now=now())
    return flask.redirect(f"/manage/{store.id}/tags", 303)

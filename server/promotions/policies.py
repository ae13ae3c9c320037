"""The pricing policy of the chain and of its countries, as a form of its own fields; who changed it, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

import flask
import flask.typing
from flask_babel import gettext
from pydantic import BaseModel, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.guard import staff_only, this_staff
from server.access.models import Role, Store
from server.access.queries import record
from server.catalogue.queries import parents
from server.db import CHAIN, changed
from server.errors import Invalid
from server.promotions.models import PricingPolicy
from server.promotions.policy_log import CHANGED, by_itself, history
from server.promotions.prior_price import PriorPolicy
from server.promotions.queries import PROMOTIONS, country_of
from server.promotions.rules.policy import HOUSE, Policy
from server.promotions.wording import CHOICES, LABELS
from server.web import now, open_session, page

pages = flask.Blueprint("policy_pages", __name__)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form: its name, its words, what stands there, and what may (empty: any)."""

    name: str
    label: str
    value: str
    options: tuple[str, ...] = ()


def init_app(app: flask.Flask) -> None:
    """Add the page."""
    app.register_blueprint(pages)


@pages.get("/merchandise/policy")
@staff_only(Role.MERCHANDISER)
def policy() -> str:
    """Show how prices are made and announced in the chain or one of its countries."""
    return _page(flask.request.args.get("scope", CHAIN))


@pages.post("/merchandise/policy")
@staff_only(Role.MERCHANDISER)
def change() -> flask.typing.ResponseReturnValue:
    """Change a policy from now on; what cannot be is refused with the reason."""
    form, scope = flask.request.form, flask.request.form.get("scope", "")
    try:
        with open_session() as session:
            made, prior = policy_of(form)
            save(session, scope, made=made, prior=prior)
    except Invalid as error:
        return _page(scope, str(error)), error.status
    return flask.redirect(f"/merchandise/policy?scope={scope}", 303)


def save(session: Session, scope: str, *, made: Policy, prior: PriorPolicy) -> None:
    """Store a policy with who changed it; raises `Invalid` for a category or a country that is not there."""
    if scope not in _scopes(session):
        raise Invalid(gettext("There is no store in %(scope)s.", scope=scope))
    lost = sorted(set(prior.perishable_categories) - set(parents(session)))
    if lost:
        raise Invalid(gettext("There is no category %(name)s.", name=lost[0]))
    held = session.get(PricingPolicy, scope)
    before = {"policy": held.policy, "prior": held.prior} if held else None
    after = {"policy": made.model_dump(mode="json"), "prior": prior.model_dump(mode="json")}
    session.merge(PricingPolicy(scope=scope, **after))
    changed(session, PROMOTIONS)
    changed(session)
    record(
        session,
        now=now(),
        staff_id=this_staff().id,
        store_id=None,
        action=CHANGED,
        subject=f"policy:{scope}",
        before=before,
        after=after,
    )


def policy_of(form: Mapping[str, str]) -> tuple[Policy, PriorPolicy]:
    """Return the policy a form tells of; raises `Invalid` naming the field that cannot be."""
    told: dict[str, Any] = {}
    for name in LABELS:
        *path, last = name.split(".")
        inner = told
        for step in path:
            inner = inner.setdefault(step, {})
        written = form.get(name, "").strip()
        named = [one.strip() for one in written.split(",") if one.strip()]
        inner[last] = named if last == "perishable_categories" else written
    try:
        return Policy.model_validate(told["policy"]), PriorPolicy.model_validate(told["prior"])
    except ValidationError as error:
        first = error.errors()[0]
        raise Invalid(gettext("%(field)s: %(why)s.", field=first["loc"][-1], why=first["msg"])) from error


def _page(scope: str, refused: str = "") -> str:
    with open_session() as session:
        scopes = _scopes(session)
        held = session.get(PricingPolicy, scope)
        made = Policy.model_validate(held.policy) if held else HOUSE
        prior = PriorPolicy.model_validate(held.prior) if held else by_itself(scope)
        fields = [*_fields(prior, "prior"), *_fields(made, "policy")]
        log, form = list(history(session)), flask.request.form
    shown = [replace(field, value=form.get(field.name, field.value)) for field in fields]
    told = {"scope": scope, "scopes": scopes, "stored": held is not None, "log": log}
    return page("policy.html", fields=shown, refused=refused, choices=CHOICES, **told)


def _scopes(session: Session) -> list[str]:
    return [CHAIN, *sorted({country_of(locale) for locale in session.scalars(select(Store.locale))} - {""})]


def _fields(held: BaseModel, prefix: str) -> Iterator[Field]:
    for name, field in type(held).model_fields.items():
        value, path = getattr(held, name), f"{prefix}.{name}"
        if isinstance(value, BaseModel):
            yield from _fields(value, path)
        elif isinstance(value, bool):
            yield Field(path, gettext(LABELS[path]), str(value).lower(), ("true", "false"))
        elif isinstance(value, tuple):
            yield Field(path, gettext(LABELS[path]), ", ".join(value))
        else:
            yield Field(path, gettext(LABELS[path]), str(value), get_args(field.annotation))

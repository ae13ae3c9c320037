"""The guard at every route: each view says whom it is for, and what says nothing is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import flask
from flask_login import current_user
from sqlalchemy.orm import Session

from server.access import queries
from server.access.models import KioskKind, Role, Store
from server.access.rules import Device, StaffMember, key_hash
from server.errors import Forbidden, NotFound, ServerError, Unauthorised
from server.web import now, open_session

View = TypeVar("View", bound=Callable[..., Any])

KEY_REMEMBERED = timedelta(seconds=2)
"""How long a device's key is believed without asking the database: what a revocation takes to bite."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom a route is for. `everyone` holds the reason; otherwise some devices or some roles.

    `sources` is for programs that show a key of their own kind, which the route asks for: no cookie, no token.
    """

    everyone: str = ""
    sources: bool = False
    devices: frozenset[KioskKind] = frozenset()
    roles: frozenset[Role] = frozenset()


def open_to_all(reason: str) -> Callable[[View], View]:
    """Open a route to strangers, for a stated reason."""
    return _with_policy(Policy(everyone=reason))


def devices_only(*kinds: KioskKind) -> Callable[[View], View]:
    """Keep a route for devices of these kinds (all kinds where none is named)."""
    return _with_policy(Policy(devices=frozenset(kinds or KioskKind)))


def staff_only(*roles: Role) -> Callable[[View], View]:
    """Keep a route for these roles (all staff where none is named)."""
    return _with_policy(Policy(roles=frozenset(roles or Role)))


def staff_or_devices() -> Callable[[View], View]:
    """Keep a route for whoever is known: all staff and all devices."""
    return _with_policy(Policy(devices=frozenset(KioskKind), roles=frozenset(Role)))


def sources_only() -> Callable[[View], View]:
    """Keep a route for the timeline's sources; the route reads their write key, wherever a client puts it."""
    return _with_policy(Policy(sources=True))


def _with_policy(policy: Policy) -> Callable[[View], View]:
    def mark_view(view: View) -> View:
        view.__policy__ = policy  # type: ignore[attr-defined]  # the guard reads it off the view
        return view

    return mark_view


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """Return what a view says of itself."""
    return getattr(view, "__policy__", None)


class UnguardedRoute(ServerError):
    """Raised at start when a route does not say whom it is for."""


def init_app(app: flask.Flask) -> None:
    """Stand at every route of the app. Call `refuse_unguarded` once all routes are there."""
    app.extensions["device_keys"] = {}
    app.before_request(_check)


def refuse_unguarded(app: flask.Flask) -> None:
    """Raise `UnguardedRoute` where a route has no policy."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.endswith("static"):
            open_to_all("files every page needs")(app.view_functions[rule.endpoint])
        if policy_of(app.view_functions[rule.endpoint]) is None:
            msg = f"{rule.rule} does not say whom it is for: mark its view with a policy of access.guard"
            raise UnguardedRoute(msg)


def _check() -> None:
    endpoint = flask.request.endpoint
    if endpoint is None:
        return
    policy = policy_of(flask.current_app.view_functions[endpoint])
    if policy is None:
        msg = "This route is closed."
        raise Forbidden(msg)
    if policy.everyone or policy.sources:
        return
    key = bearer_of(flask.request.headers.get("Authorization", ""))
    if policy.devices and key:
        flask.g.device = _known_device(key, policy)
    elif policy.roles:
        flask.g.staff = _signed_in()  # a refusal, too, is said in their language
        _let_through(flask.g.staff, policy)
    else:
        msg = "This needs a device's key: Authorization: Bearer stk_…"
        raise Unauthorised(msg)


def bearer_of(authorization: str) -> str:
    """Return the key in the value of an Authorization header, '' where it holds none."""
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def remembered_device(app: flask.Flask, key: str) -> Device | None:
    """Return the device of a key that was looked up a moment ago, or None: then the database must be asked."""
    held: dict[str, tuple[Device, datetime]] = app.extensions["device_keys"]
    device, asked = held.get(key_hash(key), (None, None))
    moment: datetime = app.extensions["house"].now()
    return device if asked is not None and asked <= moment < asked + KEY_REMEMBERED else None


def _known_device(key: str, policy: Policy) -> Device:
    app = flask.current_app
    device = remembered_device(app, key)
    if device is None:
        hashed = key_hash(key)
        with open_session() as session:
            device = queries.device_of_key(session, hashed)
        if device is None:
            app.extensions["device_keys"].pop(hashed, None)
            msg = "This key is unknown or was revoked; pair the device anew."
            raise Unauthorised(msg)
        app.extensions["device_keys"][hashed] = (device, now())
    if device.kind not in policy.devices:
        msg = f"A {device.kind} may not do this."
        raise Forbidden(msg)
    return device


def _signed_in() -> StaffMember:
    if not current_user.is_authenticated:
        msg = "Please sign in first."
        raise Unauthorised(msg)
    staff: StaffMember = current_user.member
    return staff


def _let_through(staff: StaffMember, policy: Policy) -> None:
    if staff.role not in policy.roles:
        msg = "You are signed in, but this is not for your role."
        raise Forbidden(msg)


def this_device() -> Device:
    """Return the device that asks."""
    device: Device = flask.g.device
    return device


def this_staff() -> StaffMember:
    """Return the member of staff who asks."""
    staff: StaffMember = flask.g.staff
    return staff


@contextmanager
def own_store(store_id: str) -> Iterator[tuple[Store, Session]]:
    """Give the store where it is the asker's own, and a session on it, as all pages of a store begin.

    Raises `NotFound`, the same for another's store and for none.
    """
    if not this_staff().may_see(store_id):
        msg = f"There is no store {store_id}."
        raise NotFound(msg)
    with open_session() as session:
        yield queries.store(session, store_id), session

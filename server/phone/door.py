"""Whose phone it is, by the secret it shows, and how often it may ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask
from flask_limiter.util import get_remote_address
from sqlalchemy.orm import Session

from server.access.views import limiter
from server.phone import queries
from server.phone.rules import PHONE_LIVES
from server.timeline.people.hand_over import HandOver
from server.web import house, now, open_session


def tries(most: str) -> Callable[[Any], Any]:
    """Limit how often a page may be asked for each hand-over: in a shop, many phones share one address."""
    decorated: Callable[[Any], Any] = limiter.limit(most, key_func=_counted_by)
    return decorated


def _counted_by() -> str:
    with open_session() as session:
        row = _shown(session)
    return f"hand-over {row.id}" if row else get_remote_address()


def _shown(session: Session) -> HandOver | None:
    token = (flask.request.view_args or {}).get("token")
    if token is not None:
        return queries.of_link(session, token)
    return that_asked(session) if flask.session.get("carry") else let_in(session)


def that_asked(session: Session) -> HandOver | None:
    """Return the hand-over this phone asked for and has not been answered on."""
    return queries.of_asker(session, flask.session.get("carry", ""))


def let_in(session: Session) -> HandOver | None:
    """Return the hand-over this phone carries on."""
    return queries.of_phone(session, flask.request.cookies.get(cookie(), ""), now())


def give_key(answer: flask.Response, key: str) -> flask.Response:
    """Return the answer with the key by which this phone is known for some hours."""
    flask.session.pop("carry", None)
    secure, lives = house().settings.secure_cookies, int(PHONE_LIVES.total_seconds())
    answer.set_cookie(cookie(), key, max_age=lives, secure=secure, httponly=True, samesite="Lax")
    return answer


def cookie() -> str:
    """Return the name of the cookie that holds a phone's key."""
    return "__Host-carry" if house().settings.secure_cookies else "carry"

"""Staff log-in with Flask-Login: who is signed in, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

import flask
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_wtf import CSRFProtect

from server.access import queries
from server.access.guard import policy_of
from server.access.models import Staff
from server.access.rules import StaffMember
from server.web import house, now, open_session

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """Flask-Login's view of a member of staff; its id ends when the session key changes."""

    def __init__(self, member: StaffMember, session_key: str) -> None:
        self.id = f"{member.id}:{session_key}"
        self.member = member


def init_app(app: flask.Flask, *, secret_key: str, secure: bool) -> None:
    """Set cookies, log-in and CSRF; devices carry a key and no cookie, so they need no token."""
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME="__Host-shelftalker" if secure else "shelftalker",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    LoginManager(app).user_loader(_load)
    app.extensions["csrf_guard"] = CSRFProtect(app)
    app.before_request(_require_token)


def _require_token() -> None:
    view = flask.current_app.view_functions.get(flask.request.endpoint or "")
    policy = policy_of(view) if view else None
    if policy and not policy.sources and "device" not in flask.g:
        flask.current_app.extensions["csrf_guard"].protect()


def _load(remembered: str) -> SignedIn | None:
    staff_id, _, session_key = remembered.partition(":")
    moment = now()
    began, seen = _moment("began"), _moment("seen")
    if began is None or seen is None or moment - began > LONGEST or moment - seen > IDLE:
        flask.session.clear()
        return None
    with open_session() as session:
        member = queries.member(session, staff_id, session_key)
    if member is None:
        return None
    flask.session["seen"] = moment.isoformat()
    return SignedIn(member, session_key)


def _moment(name: str) -> datetime | None:
    kept = flask.session.get(name)
    return datetime.fromisoformat(kept) if kept else None


def hasher() -> PasswordHasher:
    """Return the argon2id hasher at the set cost."""
    cost = house().settings.argon2_cost
    return (
        PasswordHasher(time_cost=cost) if cost > 1 else PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    )


NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$UZJKkYnW5Xj6gD3wHsTnGaZWpDtYPYXI0kNbhT0l2Ns"


def sign_in(login: str, password: str) -> bool:
    """Sign in and return True where name and password fit; the answer takes as long for a name nobody has."""
    with open_session() as session:
        row = queries.staff_by_login(session, login)
        if not _fits(row, password) or row is None:
            return False
        member = queries.member(session, row.id, row.session_key)
        session_key = row.session_key
    if member is None:
        return False
    flask.session.clear()
    flask.session["began"] = flask.session["seen"] = now().isoformat()
    login_user(SignedIn(member, session_key))
    return True


def _fits(row: Staff | None, password: str) -> bool:
    try:
        hasher().verify(row.password_hash if row else NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return row is not None


def sign_out() -> None:
    """End this session."""
    logout_user()
    flask.session.clear()

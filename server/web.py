"""A request's side of the house: the session, the clock, fresh ids, bodies and pages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import flask
from flask_babel import Babel, get_locale
from pydantic import BaseModel, ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from server.db import open_engine, snapshot
from server.errors import BadRequest, Conflict, Invalid, Unavailable
from server.settings import ServerSettings
from server.texts import LANGUAGES
from server.wire import MAX_BODY, uuid7

Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class House:
    """What every request may use: passed in once, when the process starts."""

    settings: ServerSettings
    engine: Engine
    now: Callable[[], datetime]
    luck: Callable[[int], bytes]
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set once the process is told to stop: what would never end by itself ends then."""


def init_app(
    app: flask.Flask, settings: ServerSettings, *, now: Callable[[], datetime], luck: Callable[[int], bytes]
) -> None:
    """Furnish the app with database, clock, luck and languages. Nothing is connected yet."""
    app.extensions["house"] = House(settings, open_engine(settings.database_url), now, luck)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=staff_language)
    app.context_processor(lambda: {"language": str(get_locale() or "en"), "languages": LANGUAGES})


def house() -> House:
    """Return what the process was furnished with."""
    found: House = flask.current_app.extensions["house"]
    return found


def now() -> datetime:
    """Return the time of this moment."""
    return house().now()


def engine() -> Engine:
    """Return the engine of the database."""
    return house().engine


def fresh_id() -> UUID:
    """Return a new UUIDv7."""
    return uuid7(now(), house().luck(10))


@contextmanager
def open_session() -> Iterator[Session]:
    """Give a session in one transaction: committed at the end, rolled back on any error.

    Raises `Unavailable` where the database is away or too slow, `Conflict` where a row stands in the way.
    """
    with told_as_ours(), Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def open_snapshot() -> Iterator[Session]:
    """Give a session that sees one committed state, for what is said of many rows at once; nothing is stored.

    Raises what `open_session` raises.
    """
    with told_as_ours(), snapshot(engine()) as session:
        yield session


@contextmanager
def told_as_ours() -> Iterator[None]:
    """Turn the database's errors into the house's own."""
    try:
        yield
    except PoolTimeout as error:
        msg = "The server is very busy just now. Nothing was stored; please try again in a moment."
        raise Unavailable(msg) from error
    except DBAPIError as error:
        if type(error).__name__ == "IntegrityError":
            msg = "This stands against something stored before, or names something that does not exist."
            raise Conflict(msg) from error
        if type(error).__name__ == "DataError":
            msg = "This holds a character or a number that cannot be stored. Please write it without."
            raise Invalid(msg) from error
        msg = "The database is away or not set up. Nothing was stored; please try again in a moment."
        raise Unavailable(msg) from error
    except SQLAlchemyError:
        raise


def read_json(model: type[Body]) -> Body:
    """Return the request's body as `model`; raises as `parse` does."""
    return parse(model, flask.request.get_data())


def parse(model: type[Body], raw: bytes) -> Body:
    """Return the JSON as `model`; raises `BadRequest` for no JSON, `Invalid` naming the field."""
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "json_invalid":
            msg = f"The body is not JSON that can be read: {first['msg']}."
            raise BadRequest(msg) from error
        msg = f"{where or 'The body'}: {first['msg']}."
        raise Invalid(msg) from error


def said(told: BaseModel) -> flask.Response:
    """Return what a program is told, as JSON."""
    return flask.Response(told.model_dump_json(), mimetype="application/json")


def staff_language() -> str:
    """Return the language of the page: chosen, else the member of staff's own, else the browser's."""
    if not flask.has_request_context():
        return "en"
    chosen = flask.session.get("language") or getattr(flask.g.get("staff"), "language", None)
    if chosen in LANGUAGES:
        return str(chosen)
    return flask.request.accept_languages.best_match(LANGUAGES) or "en"


def page(template: str, **context: Any) -> str:
    """Return the drawn page of `template`."""
    return flask.render_template(template, **context)

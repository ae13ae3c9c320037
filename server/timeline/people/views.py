"""The routes on people, for programs that may: requests with receipts, links, undoing, why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import flask
from sqlalchemy.orm import Session

from server.access.guard import sources_only
from server.access.queries import record
from server.errors import Unavailable
from server.openapi import documented
from server.settings import NO_PERSON_KEYS
from server.timeline.group_commit import Writer
from server.timeline.people import forgetting, queries, requests
from server.timeline.people.asking import (
    AskedFor,
    Joining,
    LinkTold,
    Pair,
    ReceiptTold,
    Undoing,
    Way,
    link_told,
    receipt_told,
)
from server.timeline.people.keyed import HIDDEN, PersonKeys
from server.timeline.people.looking import note_source_look
from server.timeline.people.models import Id, PersonRequest, RequestKind
from server.timeline.people.queries import Said
from server.timeline.people.rules import read_id
from server.timeline.sources.models import Right
from server.timeline.taking.key import this_source
from server.web import fresh_id, house, now, open_session, read_json

routes = flask.Blueprint("people", __name__, url_prefix="/api/v1/people")

COPIES = {RequestKind.ACCESS, RequestKind.EXPORT}


def init_app(app: flask.Flask) -> None:
    """Add the routes."""
    app.register_blueprint(routes)


@routes.post("/requests")
@sources_only()
@documented(takes=AskedFor, gives=ReceiptTold)
def ask() -> flask.Response:
    """Do what a person asks for and return the receipt; sent twice with one id it is done once."""
    source, asked = this_source(Right.PEOPLE), read_json(AskedFor)
    keys = _keys(needed=True)
    with _writing() as session:
        one, written = _stored(session, asked.id), read_id(asked.id)
        before = requests.asked_before(session, asked.request_id, one=written, kind=asked.kind, keys=keys)
        held = requests.everything(session, one) if asked.kind in COPIES else None
        receipt = before or _taken(session, one, asked=asked, said=Said(f"source:{source.id}", asked.kind, now()))
        if held:
            note_source_look(session, queries.person_of(session, one).name, source.id, now=now())
        if not before:
            _note(session, source.id, action=f"people.{asked.kind}", subject=f"request:{receipt.id}")
        told = receipt_told(receipt, held)
    return _json(told)


def _taken(session: Session, one: Id, *, asked: AskedFor, said: Said) -> PersonRequest:
    keys = _keys(needed=True)
    if asked.kind is RequestKind.ERASE:
        return forgetting.erase(session, one, said, keys=keys, fresh_id=fresh_id, request_id=asked.request_id)
    return requests.take_request(session, one, asked.kind, said=said, keys=keys, request_id=asked.request_id)


@routes.get("/requests/<uuid:request_id>")
@sources_only()
@documented(gives=ReceiptTold)
def receipt(request_id: UUID) -> flask.Response:
    """Return a receipt; it names nobody."""
    this_source(Right.PEOPLE)
    with open_session() as session:
        return _json(receipt_told(requests.receipt_of(session, request_id)))


@routes.post("/requests/<uuid:request_id>/lift")
@sources_only()
@documented()
def lift(request_id: UUID) -> tuple[str, int]:
    """End a restriction or an objection."""
    source = this_source(Right.PEOPLE)
    with _writing() as session:
        requests.lift(session, request_id, now())
        _note(session, source.id, action="people.lift", subject=f"request:{request_id}")
    return "", 204


@routes.post("/links")
@sources_only()
@documented(takes=Joining, gives=LinkTold)
def link() -> flask.Response:
    """Say that two ids belong to one person; said before, the link there is stays as it was."""
    source, asked = this_source(Right.PEOPLE), read_json(Joining)
    join = queries.merge if asked.merge else queries.link
    with _writing() as session:
        ends = _stored(session, asked.one), _stored(session, asked.other)
        made = join(session, ends, Said(f"source:{source.id}", asked.reason, now()), link_id=fresh_id())
        _note(
            session, source.id, action="people.merge" if asked.merge else "people.link", subject=f"link:{made.id}"
        )
        return _json(link_told(made))


@routes.post("/links/undo")
@sources_only()
@documented(takes=Undoing)
def undo() -> tuple[str, int]:
    """Undo a link or a merge exactly: whoever was two before is two again."""
    source, asked = this_source(Right.PEOPLE), read_json(Undoing)
    with _writing() as session:
        queries.unlink(session, asked.link_id, Said(f"source:{source.id}", asked.reason, now()))
        _note(session, source.id, action="people.unlink", subject=f"link:{asked.link_id}")
    return "", 204


@routes.post("/why")
@sources_only()
@documented(takes=Pair, gives=Way)
def why() -> flask.Response:
    """Return the links that make one person of two ids; asked by POST, for an id has no place in an address."""
    source, asked = this_source(Right.PEOPLE), read_json(Pair)
    with _writing() as session:
        one, other = _stored(session, asked.one), _stored(session, asked.other)
        found = queries.why(session, one, other)
        note_source_look(session, queries.person_of(session, one).name, source.id, now=now())
        return _json(Way(links=tuple(map(link_told, found))))


def _keys(*, needed: bool) -> PersonKeys:
    keys = PersonKeys(house().settings.person_keys)
    if needed and not keys:
        raise Unavailable(NO_PERSON_KEYS)
    return keys


def _stored(session: Session, written: str) -> Id:
    one = read_id(written)
    return queries.stored_as(session, one, _keys(needed=one.kind in HIDDEN))


@contextmanager
def _writing() -> Iterator[Session]:
    writer: Writer = flask.current_app.extensions["timeline_writer"]
    with writer.turn(), open_session() as session:
        yield session


def _note(session: Session, source_id: str, *, action: str, subject: str) -> None:
    of = {"source": source_id}
    record(session, now=now(), staff_id=None, store_id=None, action=action, subject=subject, after=of)


def _json(told: ReceiptTold | LinkTold | Way) -> flask.Response:
    return flask.Response(told.model_dump_json(), mimetype="application/json")

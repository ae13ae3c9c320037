"""The routes that read the timeline, for sources that may: web shop, app, till, CRM, warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.access.guard import sources_only
from server.errors import Invalid
from server.openapi import documented
from server.timeline.group_commit import Writer
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.looking import note_source_look
from server.timeline.people.models import Id, IdKind
from server.timeline.reading import export, queries
from server.timeline.reading.asked import Filter, Whose, read_filter
from server.timeline.reading.cursor import TimelinePage, cursor_of, read_cursor
from server.timeline.reading.customers import goods_of, may_be_told, whose_customer
from server.timeline.reading.profile import Profile, profile_of
from server.timeline.reading.stream import Live, Streams, begin_at
from server.timeline.reading.told import TimelineEvent, told
from server.timeline.sources.models import Right
from server.timeline.taking.key import this_source
from server.web import House, engine, house, now, open_session, told_as_ours

routes = flask.Blueprint("timeline_reading", __name__, url_prefix="/api/v1/timeline")

MOST = 200

FORMATS: dict[str, tuple[Callable[[Iterator[list[TimelineEvent]]], Iterator[bytes]], str]] = {
    "jsonl": (export.as_json_lines, "application/x-ndjson"),
    "parquet": (export.as_parquet, "application/vnd.apache.parquet"),
}


def init_app(app: flask.Flask) -> None:
    """Add the routes."""
    house: House = app.extensions["house"]
    app.extensions["timeline_streams"] = Streams(max(1, house.settings.threads // 4))
    app.register_blueprint(routes)


@routes.get("/visits/<uuid:visit_id>")
@sources_only()
@documented(gives=TimelinePage)
def visit(visit_id: UUID) -> flask.Response:
    """Give a visit's events over all channels, newest first, a page at a time."""
    return _page(lambda _: Whose(visits=(visit_id,)))


@routes.get("/users/<user_id>")
@sources_only()
@documented(gives=TimelinePage)
def user(user_id: str) -> flask.Response:
    """Give a customer's events over all channels, those of linked visits too, newest first, a page at a time."""
    _look(user_id)
    return _page(lambda session: whose_customer(session, user_id))


@routes.get("/users/<user_id>/profile")
@sources_only()
@documented(gives=Profile)
def profile(user_id: str) -> flask.Response:
    """Give what a customer's timeline says of them, worked out anew from its events."""
    _look(user_id, profiling=True)
    with open_session() as session:
        events = list(queries.whole(session, whose_customer(session, user_id)))
        made = profile_of(events, goods_of(session, events))
    return flask.Response(made.model_dump_json(), mimetype="application/json")


def _look(user_id: str, *, profiling: bool = False) -> None:
    """Note that a program looks at a customer before it sees anything; raises `Conflict` where it may not."""
    source, one = this_source(Right.READ), Id(IdKind.CUSTOMER, user_id)
    writer: Writer = flask.current_app.extensions["timeline_writer"]
    with open_session() as session:
        may_be_told(session, user_id, PersonKeys(house().settings.person_keys), profiling=profiling)
    with writer.turn(), open_session() as session:
        note_source_look(session, one, source.id, now=now())


def _page(whose: Callable[[Session], Whose]) -> flask.Response:
    this_source(Right.READ)
    arguments = flask.request.args
    limit = arguments.get("limit", "50")
    if not limit.isascii() or not limit.isdecimal() or not 1 <= int(limit[:9]) <= MOST:
        msg = f"limit is a whole number from 1 to {MOST}."
        raise Invalid(msg)
    before, wanted, size = read_cursor(arguments.get("cursor")), read_filter(arguments), int(limit)
    with open_session() as session:
        found = queries.newest_first(session, whose(session), wanted, before=before, limit=size + 1)
    shown = found[:size]
    more = cursor_of((shown[-1].corrected_at, shown[-1].id)) if len(found) > size else None
    page = TimelinePage.model_construct(events=tuple(map(told, shown)), next=more)
    return flask.Response(page.model_dump_json(), mimetype="application/json")


@routes.get("/stream")
@sources_only()
def stream() -> flask.Response:
    """Give what happens from now on, or from after `Last-Event-ID`, as server-sent events."""
    this_source(Right.READ)
    wanted = read_filter(flask.request.args)
    with open_session() as session:
        seq = begin_at(session, flask.request.headers.get("Last-Event-ID") or flask.request.args.get("after"))
    streams: Streams = flask.current_app.extensions["timeline_streams"]
    leave = streams.open()
    house: House = flask.current_app.extensions["house"]
    live = Live(engine(), wanted, wait=house.stopping.wait)
    answer = flask.Response(live.after(seq), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(leave)
    return answer


@routes.get("/export")
@sources_only()
def whole() -> flask.Response:
    """Give all events that are asked for as a file, however many: `format=jsonl` or `format=parquet`."""
    this_source(Right.READ)
    wanted, asked = read_filter(flask.request.args), flask.request.args.get("format", "jsonl")
    if asked not in FORMATS:
        msg = f"format is one of {', '.join(FORMATS)}."
        raise Invalid(msg)
    write, kind = FORMATS[asked]
    answer = flask.Response(write(_all(engine(), wanted)), mimetype=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename=timeline.{asked}"
    return answer


def _all(database: Engine, wanted: Filter) -> Iterator[list[TimelineEvent]]:
    with told_as_ours(), Session(database) as session:
        for some in queries.everything(session, wanted):
            yield [told(event) for event in some]

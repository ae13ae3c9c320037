"""The live page and the stream it listens to: the same events, filters and numbers as the API's."""

from __future__ import annotations

from dataclasses import replace

import flask
from flask_babel import get_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.guard import staff_only, this_staff
from server.access.models import Role, Store
from server.access.queries import stores as find_stores
from server.access.rules import SEES_ALL_STORES
from server.errors import NotFound
from server.live.rows import Numbered, as_stream, latest, rows
from server.timeline.outbox import newest
from server.timeline.reading.asked import Filter, read_filter
from server.timeline.reading.stream import Live, Streams, begin_at
from server.timeline.sources.models import Source
from server.web import engine, house, open_session, page
from server.words import EVENTS

pages = flask.Blueprint("live", __name__)


def init_app(app: flask.Flask) -> None:
    """Add the page and its stream."""
    app.register_blueprint(pages)


@pages.get("/live")
@staff_only(Role.OPERATOR, Role.MANAGER)
def live() -> str:
    """Show the latest events; those that come are added by the stream."""
    with open_session() as session:
        own = find_stores(session, this_staff().store_ids)
        wanted, seq = _wanted(own), newest(session)
        told = rows(session, latest(session, wanted), {store.id: store for store in own}, language=_language())
        channels = sorted({"kiosk", *session.scalars(select(Source.channel))})
    query = flask.request.query_string.decode("ascii", "replace")
    shown = {"rows": told, "stores": own, "channels": channels, "kinds": list(EVENTS), "seq": seq, "query": query}
    return page("live.html", **shown, words={"waiting": gettext("%(n)s waiting", n="{n}"), **_states()})


def _states() -> dict[str, str]:
    return {"on": gettext("Connected"), "off": gettext("No connection. It goes on by itself.")}


@pages.get("/live/stream")
@staff_only(Role.OPERATOR, Role.MANAGER)
def stream() -> flask.Response:
    """Give what happens from now on, or after `Last-Event-ID`, as the page says it."""
    with open_session() as session:
        own = find_stores(session, this_staff().store_ids)
        last = flask.request.headers.get("Last-Event-ID") or flask.request.args.get("after")
        seq = begin_at(session, last)
    by_id, language = {store.id: store for store in own}, _language()

    def written(session: Session, found: Numbered) -> bytes:
        return as_stream(rows(session, found, by_id, language=language))

    wanted = _wanted(own)
    streams: Streams = flask.current_app.extensions["timeline_streams"]
    leave = streams.open()
    told = Live(engine(), wanted, wait=house().stopping.wait, written=written).after(seq)
    answer = flask.Response(flask.stream_with_context(told), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(leave)
    return answer


def _wanted(own: list[Store]) -> Filter:
    """Return the filter asked for, within the stores that are theirs to see; raises `NotFound` for another."""
    wanted, ids = read_filter(flask.request.args), tuple(store.id for store in own)
    if set(wanted.stores) - set(ids):
        msg = gettext("There is nothing here, or it belongs to another store.")
        raise NotFound(msg)
    if wanted.stores or this_staff().role in SEES_ALL_STORES:
        return wanted
    return replace(wanted, stores=ids or ("",))


def _language() -> str:
    return str(get_locale() or "en")

"""The kiosk's routes: one tap, waiting taps, the end of a visit, the shelf."""

from __future__ import annotations

from functools import partial
from typing import Any

import flask
from sqlalchemy.orm import Session

from server import direct
from server.access.guard import devices_only, this_device
from server.access.models import KioskKind
from server.access.queries import store as find_store
from server.access.rules import Device
from server.openapi import documented
from server.promotions.documents import put_on_shelf
from server.recommendations.serving import Serving
from server.recommendations.shown import ShownLog
from server.tags.alarms.watch import TagWatch
from server.taps.answering import TapDesk
from server.taps.members import Members
from server.taps.memory import Memory
from server.taps.renewing import Renewing
from server.taps.rules import choice_entry, visit_end_entry
from server.taps.shelf import build_shelf
from server.taps.taking import take_batch, take_one
from server.taps.ways import BATCHES_AT_ONCE, InThread, OnLoop, finished
from server.timeline.group_commit import Writer
from server.timeline.people.keyed import PersonKeys
from server.web import House, engine, now, open_snapshot, read_json, told_as_ours
from server.wire import Batch, BatchAnswer, PersonChoice, Shelf, Tap, TapAnswer, VisitEnd, uuid7

OLDER_REFUSE = {
    "later": {"models", "later"},
    "sizes": {"sizes"},
    "offers": {"offers"},
    "reduced_words": {"reduced"},
    "prices": {"prices"},
}
"""Fields of the shelf that older kiosks refuse, by what a newer one asks with."""

routes = flask.Blueprint("taps", __name__, url_prefix="/api/v1")


def init_app(app: flask.Flask) -> None:
    """Set up the desk where taps are answered, and its routes."""
    house: House = app.extensions["house"]
    writer: Writer = app.extensions["timeline_writer"]
    memory = Memory(house.engine, house.now, house.settings.trusted_hosts)
    desk = TapDesk(
        memory=memory,
        writer=writer,
        suggester=Serving(
            house.engine,
            house.now,
            hold_out=house.settings.hold_out,
            explore=house.settings.explore,
            visibility=house.settings.visibility,
        ),
        now=house.now,
        open_session=lambda: Session(house.engine),
        watch=TagWatch(lambda: Session(house.engine), house.settings.tag_seal, turn=writer.turn),
        members=Members(
            PersonKeys(house.settings.person_keys),
            lambda: Session(house.engine),
            writer.turn,
            lambda: uuid7(house.now(), house.luck(10)),
        ),
        shown=ShownLog(writer),
        renewing=Renewing(memory),
    )
    app.extensions["tap_desk"] = desk
    app.register_blueprint(routes)
    at_once = BATCHES_AT_ONCE[house.engine.dialect.name]
    on_loop = OnLoop(desk, threads=house.settings.threads, batches=at_once)

    async def batch_in_turn(device: Device, raw: bytes) -> bytes:
        return await on_loop.in_turn(lambda desk: take_batch(desk, device, raw))

    direct.init_app(app, {"taps.one_tap": partial(take_one, on_loop), "taps.batch": batch_in_turn})


def _desk() -> TapDesk:
    desk: TapDesk = flask.current_app.extensions["tap_desk"]
    return desk


def _json(body: bytes) -> flask.Response:
    return flask.Response(body, mimetype="application/json")


@routes.post("/taps")
@devices_only(KioskKind.KIOSK)
@documented(takes=Tap, gives=TapAnswer)
def one_tap() -> flask.Response:
    """Store one tap and answer it. Sending it twice is harmless."""
    return _json(finished(take_one(InThread(_desk()), this_device(), flask.request.get_data())))


@routes.post("/taps/batch")
@devices_only(KioskKind.KIOSK)
@documented(takes=Batch, gives=BatchAnswer)
def batch() -> flask.Response:
    """Store up to 500 waiting taps; each is taken or refused on its own, by id."""
    return _json(take_batch(_desk(), this_device(), flask.request.get_data()))


@routes.post("/visits/ends")
@devices_only(KioskKind.KIOSK)
@documented(takes=VisitEnd)
def visit_end() -> tuple[str, int]:
    """Take the end of a visit; a visit ends once, however often it is told."""
    with told_as_ours():
        _desk().writer.write([visit_end_entry(read_json(VisitEnd), this_device(), now())])
    return "", 204


@routes.post("/visits/choices")
@devices_only(KioskKind.KIOSK)
@documented(takes=PersonChoice)
def choice() -> tuple[str, int]:
    """Take what a shopper agrees to once their card was tapped; what is not named is refused."""
    chosen, device = read_json(PersonChoice), this_device()
    with told_as_ours():
        _desk().members.choose(chosen, device, now=now())
        _desk().writer.write([choice_entry(chosen, device, now())])
    return "", 204


@routes.get("/shelf")
@devices_only(KioskKind.KIOSK)
@documented(gives=Shelf)
def shelf() -> flask.Response:
    """Give this store's cards and tags for the kiosk to keep, with lists of moments to come for `later=1`.

    For `reduced=1` they say what is reduced, which the kiosk takes back when the tile's time is past; with
    `reduced_words=1` it is given the words, and they say why else. For `sizes=1` it is told which goods share
    sizes, for `offers=1` which are part of an offer, and when, for `prices=1` what tiles will cost then.
    """
    known, args = flask.request.args.get("revision", default=-1, type=int), flask.request.args
    with open_snapshot() as session:
        store = find_store(session, this_device().store_id)
        bodies: dict[str, dict[str, Any]] = {}
        asked = {word for word in ("reduced", "reduced_words", "prices", "sizes", "offers") if args.get(word)}
        made = build_shelf(session, store, _desk().suggester, known=known, now=now(), bodies=bodies, asked=asked)
    with told_as_ours():
        put_on_shelf(engine(), bodies, made.server_time)
    unknown = {field for word, fields in OLDER_REFUSE.items() if not args.get(word) for field in fields}
    return _json(made.model_dump_json(exclude=unknown or None).encode())

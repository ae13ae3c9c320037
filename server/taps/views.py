"""The kiosk's routes: one tap, waiting taps, the end of a visit, the shelf."""

from __future__ import annotations

import flask
from pydantic import ValidationError
from sqlalchemy.orm import Session

from server.access.guard import devices_only, this_device
from server.access.models import KioskKind
from server.access.queries import store as find_store
from server.errors import Conflict, Invalid
from server.openapi import documented
from server.recommendations.serving import Serving
from server.tags.alarms.watch import TagWatch
from server.taps import queries
from server.taps.answering import TapDesk
from server.taps.memory import Memory
from server.taps.rules import visit_end_entry
from server.taps.shelf import build_shelf
from server.timeline.group_commit import Writer
from server.timeline.recording import Stored
from server.web import House, now, open_session, read_json, told_as_ours
from server.wire import Batch, BatchAnswer, Refusal, Shelf, Tap, TapAnswer, VisitEnd

routes = flask.Blueprint("taps", __name__, url_prefix="/api/v1")

SERVER_OWNED = {"store_id", "device_id", "received_at", "corrected_at", "kind"}
"""Fields only the server says; a tap that brings one is refused rather than quietly corrected."""


def init_app(app: flask.Flask) -> None:
    """Set up the desk where taps are answered, and its routes."""
    house: House = app.extensions["house"]
    suggester = Serving(house.engine, house.now)
    app.extensions["tap_desk"] = TapDesk(
        memory=Memory(house.engine, house.now, house.settings.trusted_hosts),
        writer=Writer(house.engine),
        suggester=suggester,
        now=house.now,
        open_session=lambda: Session(house.engine),
        watch=TagWatch(lambda: Session(house.engine), house.settings.tag_seal),
    )
    app.register_blueprint(routes)


def _desk() -> TapDesk:
    desk: TapDesk = flask.current_app.extensions["tap_desk"]
    return desk


@routes.post("/taps")
@devices_only(KioskKind.KIOSK)
@documented(takes=Tap, gives=TapAnswer)
def one_tap() -> flask.Response:
    """Store one tap and answer it. Sending it twice is harmless."""
    tap = read_json(Tap)
    _refuse_server_owned()
    with told_as_ours():
        stored, body = _desk().answer(tap, this_device())
    if stored is Stored.CONFLICT:
        msg = f"Tap {tap.tap_id} was sent before with another content; the first was kept, this one put aside."
        raise Conflict(msg)
    return flask.Response(body, mimetype="application/json")


def _refuse_server_owned() -> None:
    brought = SERVER_OWNED & set(flask.request.get_json(silent=True) or ()) if _names_one() else set()
    if brought:
        msg = f"{', '.join(sorted(brought))}: only the server says this."
        raise Invalid(msg)


def _names_one() -> bool:
    raw = flask.request.get_data()
    return any(f'"{name}"'.encode() in raw for name in SERVER_OWNED)


@routes.post("/taps/batch")
@devices_only(KioskKind.KIOSK)
@documented(takes=Batch, gives=BatchAnswer)
def batch() -> flask.Response:
    """Store up to 500 waiting taps; each is taken or refused on its own, by id."""
    sent = read_json(Batch).taps
    taps: list[Tap] = []
    refused: list[Refusal] = []
    for index, item in enumerate(sent):
        try:
            taps.append(Tap.model_validate(item))
        except ValidationError as error:
            refused.append(_refuse(index, item, error))
    device = this_device()
    with told_as_ours():
        receipts = _desk().store_batch(taps, device) if taps else []
    pairs = list(zip(taps, receipts, strict=True))
    where = {id(tap): index for index, tap in enumerate(taps)}
    refused += [
        Refusal(tap_id=tap.tap_id, index=where[id(tap)], code="conflict", detail="This id was used before.")
        for tap, receipt in pairs
        if receipt.stored is Stored.CONFLICT
    ]
    answer = BatchAnswer(
        accepted=tuple(tap.tap_id for tap, r in pairs if r.stored is Stored.ACCEPTED),
        duplicates=tuple(tap.tap_id for tap, r in pairs if r.stored is Stored.DUPLICATE),
        refused=tuple(refused),
        server_time=now(),
    )
    return flask.Response(answer.model_dump_json(), mimetype="application/json")


def _refuse(index: int, item: dict[str, object], error: ValidationError) -> Refusal:
    first = error.errors(include_url=False, include_input=False)[0]
    detail = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    claimed = item.get("tap_id")
    with open_session() as session:
        payload = {"tap": repr(item)[:4000].replace("\x00", "")}
        queries.put_aside(session, this_device(), reason=detail, payload=payload, now=now())
    return Refusal.model_validate(
        {"tap_id": claimed if _is_uuid(claimed) else None, "index": index, "code": "invalid", "detail": detail}
    )


def _is_uuid(claimed: object) -> bool:
    try:
        Refusal.model_validate({"tap_id": claimed, "index": 0, "code": "invalid", "detail": ""})
    except ValidationError:
        return False
    return True


@routes.post("/visits/ends")
@devices_only(KioskKind.KIOSK)
@documented(takes=VisitEnd)
def visit_end() -> tuple[str, int]:
    """Take the end of a visit; a visit ends once, however often it is told."""
    with told_as_ours():
        _desk().writer.write([visit_end_entry(read_json(VisitEnd), this_device(), now())])
    return "", 204


@routes.get("/shelf")
@devices_only(KioskKind.KIOSK)
@documented(gives=Shelf)
def shelf() -> flask.Response:
    """Give this store's cards and tags for the kiosk to keep."""
    known = flask.request.args.get("revision", default=-1, type=int)
    with open_session() as session:
        store = find_store(session, this_device().store_id)
        made = build_shelf(session, store, _desk().suggester, known=known, now=now())
    return flask.Response(made.model_dump_json(), mimetype="application/json")

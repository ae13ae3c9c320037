"""What kiosks send, read and answered: bodies in, bodies out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import from_json

from server.access.rules import Device
from server.errors import Conflict, Invalid
from server.promotions.copies import keep_copies, rows_of
from server.taps import queries
from server.taps.answering import Taken, TapDesk
from server.taps.remembered import note_remembered
from server.taps.ways import Way
from server.timeline.recording import Stored
from server.web import parse, told_as_ours
from server.wire import Batch, BatchAnswer, Refusal, Tap

SERVER_OWNED = {
    name: f'"{name}"'.encode() for name in ("store_id", "device_id", "received_at", "corrected_at", "kind")
}
"""Fields only the server says, as they are written; a tap that brings one is refused, not quietly corrected."""


async def take_one(way: Way, device: Device, raw: bytes) -> bytes:
    """Store one tap and return its answer as JSON (`wire.TapAnswer`); raises what `wire` and the desk refuse."""
    tap = parse(Tap, raw)
    _refuse_server_owned(raw)
    with told_as_ours():
        taken = await way.do(lambda desk: desk.take_in([tap], device))
        receipts = await way.write(taken.entries)
        await way.do(lambda desk: desk.settle(taken, receipts))
        if receipts[0].stored is not Stored.CONFLICT:
            return await way.do(lambda desk: desk.tell(taken))
    msg = f"Tap {tap.tap_id} was sent before with another content; the first was kept, this one put aside."
    raise Conflict(msg)


def _refuse_server_owned(raw: bytes) -> None:
    named = [name for name, written in SERVER_OWNED.items() if written in raw]
    brought = set(named) & set(from_json(raw)) if named else ()
    if brought:
        msg = f"{', '.join(sorted(brought))}: only the server says this."
        raise Invalid(msg)


def take_batch(desk: TapDesk, device: Device, raw: bytes) -> bytes:
    """Store waiting taps, each taken or refused on its own; return what became of each (`wire.BatchAnswer`)."""
    taps: list[tuple[int, Tap]] = []
    refused: list[Refusal] = []
    for index, item in enumerate(parse(Batch, raw).taps):
        try:
            taps.append((index, Tap.model_validate(item)))
        except ValidationError as error:
            refused.append(_refuse(index, item, error))
            _put_aside(desk, device, item, reason=refused[-1].detail)
    with told_as_ours():
        taken = _store(desk, [tap for _, tap in taps], device) if taps else None
    ids: dict[Stored, list[tuple[int, Tap]]] = {verdict: [] for verdict in Stored}
    for sent, receipt in zip(taps, taken.receipts if taken else (), strict=True):
        ids[receipt.stored].append(sent)
    refused += [
        Refusal(tap_id=tap.tap_id, index=index, code="conflict", detail="This id was used before.")
        for index, tap in ids[Stored.CONFLICT]
    ]
    answer = BatchAnswer(
        accepted=tuple(tap.tap_id for _, tap in ids[Stored.ACCEPTED]),
        duplicates=tuple(tap.tap_id for _, tap in ids[Stored.DUPLICATE]),
        refused=tuple(refused),
        server_time=desk.now(),
        forget=_cards(taken) if taken else (),
    )
    return answer.model_dump_json(exclude=None if answer.forget else {"forget"}).encode()


def _cards(taken: Taken) -> tuple[UUID, ...]:
    """Return the taps of customers' cards, where the kiosk knows what to do with that."""
    pairs = zip(taken.taps, taken.meanings, strict=True)
    return tuple(tap.tap_id for tap, meaning in pairs if meaning.of_person and tap.forgets)


def _store(desk: TapDesk, taps: Sequence[Tap], device: Device) -> Taken:
    taken = desk.take_in(taps, device)
    receipts = desk.writer.write(taken.entries)
    desk.settle(taken, receipts)
    note_remembered(taken, desk.shown)
    keep_copies(desk.memory.engine, list(_copies(taken)))
    return taken


def _copies(taken: Taken) -> Iterator[dict[str, Any]]:
    """Yield what is to be kept of prices kiosks showed by themselves; of taps sent before too."""
    for tap, entry, receipt in zip(taken.taps, taken.entries, taken.receipts, strict=True):
        if tap.showed and receipt.stored is not Stored.CONFLICT:
            moment = entry.row["corrected_at"]
            yield from rows_of(tap.tap_id, tap.showed, taken.device, shown_at=moment, received=taken.received)


def _refuse(index: int, item: dict[str, object], error: ValidationError) -> Refusal:
    first = error.errors(include_url=False, include_input=False)[0]
    detail = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    claimed = item.get("tap_id")
    return Refusal.model_validate(
        {"tap_id": claimed if _is_uuid(claimed) else None, "index": index, "code": "invalid", "detail": detail}
    )


def _is_uuid(claimed: object) -> bool:
    try:
        Refusal.model_validate({"tap_id": claimed, "index": 0, "code": "invalid", "detail": ""})
    except ValidationError:
        return False
    return True


def _put_aside(desk: TapDesk, device: Device, item: dict[str, object], *, reason: str) -> None:
    payload = {"tap": repr(item)[:4000].replace("\x00", "")}
    with told_as_ours(), desk.open_session() as session, session.begin():
        queries.put_aside(session, device, reason=reason, payload=payload, now=desk.now())

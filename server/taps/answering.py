"""One tap, answered: meaning from memory, the event in a shared commit, the card and what goes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pydantic_core import from_json, to_json
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.recommendations.rules import ReasonKind, Suggester, Suggestion
from server.tags.alarms.watch import TagWatch
from server.taps import queries
from server.taps.memory import Counter, Memory
from server.taps.reading import Reading, told
from server.taps.rules import Meaning, noticed, reason_words, tap_entry
from server.timeline.group_commit import Writer
from server.timeline.recording import Entry, Receipt, Stored
from server.wire import Tap

GOES_WITH = 4


@dataclass(frozen=True, slots=True)
class TapDesk:
    """Where taps are answered: built once a process."""

    memory: Memory
    writer: Writer
    suggester: Suggester
    now: Callable[[], datetime]
    open_session: Callable[[], Session]
    watch: TagWatch

    def answer(self, tap: Tap, device: Device) -> tuple[Stored, bytes]:
        """Store the tap and return what became of it and the answer as JSON (`wire.TapAnswer`).

        Raises `Unavailable` where it could not be stored; for a conflict the answer is empty.
        """
        now = self.now()
        counter, [meaning], [receipt] = self._store([tap], device, now)
        if receipt.stored is Stored.CONFLICT:
            return receipt.stored, b""
        reading = Reading(self.memory, device.store_id, counter)
        card, tiles, degraded = told(reading, lambda one: self._tell(one, meaning, seen=receipt.seen))
        return receipt.stored, b"".join(
            (
                b'{"tap_id":"',
                str(tap.tap_id).encode(),
                b'","stored":"',
                receipt.stored.encode(),
                b'","card":',
                card,
                b',"goes_with":[',
                b",".join(tiles),
                b'],"degraded":',
                b"true" if degraded else b"false",
                b',"server_time":',
                to_json(now),
                b"}",
            )
        )

    def store_batch(self, taps: Sequence[Tap], device: Device) -> list[Receipt]:
        """Store taps that waited on the kiosk, in one commit; returns a receipt for each, in order."""
        _, _, receipts = self._store(taps, device, self.now())
        return receipts

    def _store(
        self, taps: Sequence[Tap], device: Device, now: datetime
    ) -> tuple[Counter, list[Meaning], list[Receipt]]:
        asked = [(tap.uid, tap.uri, tap.picked) for tap in taps]
        counter = self.memory.counter(device.store_id)
        meanings = self.memory.meanings(counter, device.store_id, asked)
        entries = _entries(taps, meanings, device=device, received=now)
        receipts = self.writer.write(entries)
        revision = receipts[0].revision
        if revision > counter.revision:
            counter = self.memory.counter(device.store_id, revision)
            meanings = self.memory.meanings(counter, device.store_id, asked)
            self._correct(entries, _entries(taps, meanings, device=device, received=now), receipts)
        self.watch.notice(noticed(taps, meanings, receipts, device=device, received=now))
        return counter, meanings, receipts

    def _correct(self, written: Sequence[Entry], current: Sequence[Entry], receipts: Sequence[Receipt]) -> None:
        pairs = zip(written, current, receipts, strict=True)
        wrong = [(old, new) for old, new, receipt in pairs if receipt.stored is Stored.ACCEPTED and old != new]
        if wrong:
            with self.open_session() as session, session.begin():
                for old, new in wrong:
                    queries.correct(session, old, new)

    def _tell(
        self, reading: Reading, meaning: Meaning, *, seen: tuple[str, ...]
    ) -> tuple[bytes, list[bytes], bool]:
        """Return the card, the tiles beside it, and whether a fallback chose them."""
        card = reading.card(meaning)
        if meaning.product_id is None:
            return card, [], False
        history = (*(p for p in seen if p != meaning.product_id), meaning.product_id)
        allowed, store_id = reading.counter.allowed, reading.store_id
        found = self.suggester.suggest(history, store_id=store_id, allowed=allowed, count=GOES_WITH)
        listed = reading.tiles([one.product_id for one in found.items])
        reasons = [_reason_of(reading, one) for one in found.items]
        return card, [tile + reason for tile, reason in zip(listed, reasons, strict=False)], found.degraded


def _reason_of(reading: Reading, one: Suggestion) -> bytes:
    return _reason(one.reason, to_json(reading.name(one.evidence)) if one.evidence else None)


def _entries(
    taps: Sequence[Tap], meanings: Sequence[Meaning], *, device: Device, received: datetime
) -> list[Entry]:
    pairs = zip(taps, meanings, strict=True)
    return [tap_entry(tap, meaning, device, received=received) for tap, meaning in pairs]


@lru_cache(maxsize=20_000)
def _reason(kind: ReasonKind, evidence: bytes | None) -> bytes:
    words = to_json(reason_words(kind, from_json(evidence) if evidence else None))
    return b',"reason":' + words + b',"reason_kind":"' + kind.encode() + b'"}'

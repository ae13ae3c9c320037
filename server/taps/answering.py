"""One tap, answered: meaning from memory, the event in a shared commit, the card and what goes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.recommendations.rules import ReasonKind, Suggester, Suggestion, Suggestions
from server.recommendations.shown import ShownLog
from server.recommendations.shown_event import Shown
from server.tags.alarms.watch import TagWatch
from server.tags.sun import is_signed
from server.taps import queries
from server.taps.louder import said_in_size, said_offered, said_reduced
from server.taps.members import STRANGER, Holder, Members
from server.taps.memory import Counter, Memory, NotAtHand
from server.taps.queries import Asked
from server.taps.reading import Reading, told
from server.taps.renewing import Renewing
from server.taps.rules import Meaning, noticed, reason_words, tap_entry
from server.taps.sizes import NO_SIZES, Sizes, sizes_of
from server.timeline.group_commit import Writer
from server.timeline.recording import Entry, Receipt, Stored
from server.wire import Tap

GOES_WITH = 4


@dataclass(slots=True)
class Taken:
    """Taps on their way: what they mean by a counter, what is to be stored of them, and what became of that."""

    taps: Sequence[Tap]
    device: Device
    received: datetime
    counter: Counter
    meanings: Sequence[Meaning]
    entries: Sequence[Entry]
    receipts: Sequence[Receipt] = ()


@dataclass(frozen=True, slots=True)
class TapDesk:
    """Where taps are answered, step by step: built once a process.

    A tap is taken in, its entry is written (by who asks: a thread or the event loop), it is settled, and told.
    """

    memory: Memory
    writer: Writer
    suggester: Suggester
    now: Callable[[], datetime]
    open_session: Callable[[], Session]
    watch: TagWatch
    members: Members
    shown: ShownLog
    renewing: Renewing
    hasty: bool = False
    """True for the desk of the event loop: a step that cannot be done at once raises `NotAtHand`, and is then done
    by the other desk."""

    def at_hand(self) -> TapDesk:
        """Return the same desk, hasty."""
        return replace(self, memory=self.memory.at_hand(), hasty=True)

    def take_in(self, taps: Sequence[Tap], device: Device) -> Taken:
        """Return what the taps mean and the entries to store, one for each, in order."""
        received, counter = self.now(), self.memory.counter(device.store_id)
        meanings = self._meanings(counter, device.store_id, taps)
        entries = _entries(taps, meanings, device=device, received=received)
        return Taken(taps, device, received, counter, meanings, entries)

    def _meanings(self, counter: Counter, store_id: str, taps: Sequence[Tap]) -> list[Meaning]:
        meanings = self.memory.meanings(counter, store_id, _asked(taps))
        if self.hasty and self.members.keys and not all(meaning.known for meaning in meanings):
            raise NotAtHand
        return self.members.recognise(taps, meanings)

    def settle(self, taken: Taken, receipts: Sequence[Receipt]) -> None:
        """Note what became of the entries; where the shop had changed a moment before, put right what they say."""
        store_id, revision = taken.device.store_id, receipts[0].revision
        if self.hasty and any(is_signed(tap.uri) for tap in taken.taps):
            raise NotAtHand
        if revision > taken.counter.revision:
            counter = self.memory.counter(store_id, revision)
            meanings = self._meanings(counter, store_id, taken.taps)
            current = _entries(taken.taps, meanings, device=taken.device, received=taken.received)
            self._correct(taken.entries, current, receipts)
            taken.counter, taken.meanings = counter, meanings
        taken.receipts = receipts
        told_of = noticed(taken.taps, taken.meanings, receipts, device=taken.device, received=taken.received)
        self.watch.notice(told_of)

    def _correct(self, written: Sequence[Entry], current: Sequence[Entry], receipts: Sequence[Receipt]) -> None:
        pairs = zip(written, current, receipts, strict=True)
        wrong = [(old, new) for old, new, receipt in pairs if receipt.stored is Stored.ACCEPTED and old != new]
        if not wrong:
            return
        if self.hasty:
            raise NotAtHand
        with self.open_session() as session, session.begin():
            for old, new in wrong:
                queries.correct(session, old, new)

    def tell(self, taken: Taken) -> bytes:
        """Return the answer to the first of the taps as JSON (`wire.TapAnswer`)."""
        [tap, *_], [meaning, *_], [receipt, *_] = taken.taps, taken.meanings, taken.receipts
        if self.hasty and self.members.keys and not (receipt.stranger and meaning.loyalty_card is None):
            raise NotAtHand
        holder = STRANGER
        tiles: list[bytes] = []
        found: Suggestions | None = None
        if meaning.loyalty_card:
            card = to_json(self.members.introduce(tap, meaning, taken.device, now=taken.received))
        else:
            if not receipt.stranger:
                holder = self.members.holder(tap.visit_id)
            reading = Reading(self.memory, taken.device.store_id, taken.counter)
            card, tiles, found = told(
                reading, lambda one: self._tell(one, meaning, tap.visit_id, receipt=receipt, holder=holder)
            )
            self.renewing.look_after(reading)
            if found is not None and receipt.stored is Stored.ACCEPTED:
                tapped_at = taken.entries[0].row["corrected_at"]
                self.shown.note(Shown(tap.tap_id, tap.visit_id, taken.device, tapped_at, taken.received, found))
        return b"".join(
            (
                b'{"tap_id":"',
                str(tap.tap_id).encode(),
                b'","stored":"',
                receipt.stored.encode(),
                b'","card":',
                card,
                b',"goes_with":[',
                b",".join(tiles),
                b'],"member":',
                b"true" if holder.member else b"false",
                b',"degraded":',
                b"true" if found is not None and found.degraded else b"false",
                b',"forget":true' if meaning.erased_card and tap.forgets else b"",
                b',"server_time":',
                to_json(taken.received),
                b"}",
            )
        )

    def _tell(
        self,
        reading: Reading,
        meaning: Meaning,
        visit_id: UUID,
        *,
        receipt: Receipt,
        holder: Holder,
    ) -> tuple[bytes, list[bytes], Suggestions | None]:
        """Return the card, the tiles beside it, and what they were made from."""
        card = reading.card(meaning)
        if meaning.product_id is None:
            return card, [], None
        history = (*(p for p in receipt.seen if p != meaning.product_id), meaning.product_id)
        allowed, store_id = reading.counter.allowed, reading.store_id
        sizes = _sizes(reading, meaning, receipt=receipt, holder=holder)
        found = self.suggester.suggest(
            history,
            store_id=store_id,
            allowed=allowed,
            count=GOES_WITH,
            visit_id=visit_id,
            wishes=reading.counter.wishes,
            past=holder.past,
            other_sizes=sizes.others,
        )
        if sizes is not NO_SIZES:
            found = said_in_size(found, sizes)
        tiles = reading.tiles([one.product_id for one in found.items])
        found = said_reduced(found, [product for product, tile in tiles.items() if tile.reduced])
        found = said_offered(found, [product for product, tile in tiles.items() if tile.offered])
        listed = [one for one in found.items if one.product_id in tiles]
        return card, [tiles[one.product_id].json + _reason_of(reading, one) for one in listed], found


def _reason_of(reading: Reading, one: Suggestion) -> bytes:
    known = reading.counter.reasons.get((one.reason, one.evidence))
    if known is None:
        known = _reason(one.reason, to_json(reading.name(one.evidence)) if one.evidence else None)
        reading.counter.reasons[one.reason, one.evidence] = known
    return known


def _sizes(reading: Reading, meaning: Meaning, *, receipt: Receipt, holder: Holder) -> Sizes:
    if meaning.gtin is None and not receipt.variants and not holder.variants:
        return NO_SIZES
    now = (meaning.gtin,) if meaning.gtin is not None else ()
    return sizes_of((*now, *reversed(receipt.variants)), holder.variants, reading.in_size_of)


def _asked(taps: Sequence[Tap]) -> list[Asked]:
    return [(tap.uid, tap.uri, tap.picked) for tap in taps]


def _entries(
    taps: Sequence[Tap], meanings: Sequence[Meaning], *, device: Device, received: datetime
) -> list[Entry]:
    alone = len(taps) == 1  # one of many is not answered with what goes with it
    return [
        tap_entry(tap, meaning, device, received=received, looks_back=alone)
        for tap, meaning in zip(taps, meanings, strict=True)
    ]


@lru_cache(maxsize=20_000)
def _reason(kind: ReasonKind, evidence: bytes | None) -> bytes:
    words = to_json(reason_words(kind, from_json(evidence) if evidence else None))
    return b',"reason":' + words + b',"reason_kind":"' + kind.encode() + b'"}'

"""The agent: a tag arrives, the tap is kept, the screen shows what is known, then what the server says."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from hardware.reader import Arrived, Fault, ReaderEvent, Recovered
from hardware.tag import Outcome, TagRead
from kiosk.client import Client
from kiosk.errors import Away, KeyRefused, KioskError, TapRefused, TooMuch
from kiosk.given import Hops, Surroundings
from kiosk.outbox import Outbox
from kiosk.screen import Attract, Looking, Notice, NoticeKind, ScreenState, Showing, View
from kiosk.shelf import ShelfCopy, view_of
from kiosk.visit import Visit
from server.wire import Outcome as WireOutcome
from server.wire import ProductCard, StaffCall, Tap, TapAnswer, VisitEnd, uuid7

log = logging.getLogger("shelftalker.kiosk")

NOTICE_STANDS = timedelta(seconds=8)
MOST_KEPT = 12


class Agent:
    """Ties reader, outbox, shelf and server to the screen. Safe for many threads."""

    def __init__(self, *, outbox: Outbox, shelf: ShelfCopy, client: Client, given: Surroundings) -> None:
        self.outbox, self.shelf, self.client, self._given = outbox, shelf, client, given
        self._changed = threading.Condition(threading.RLock())
        self._state = ScreenState(number=1, view=Attract(), language=self.home_language())
        self._visit: Visit | None = None
        self._lost, self._notice_since = 0, given.now()
        self._live: queue.SimpleQueue[tuple[Tap, Hops] | None] = queue.SimpleQueue()
        self.hops: deque[Hops] = deque(maxlen=500)
        self.unrecorded = 0
        self.last_tap_at: datetime | None = None
        self.painted_at: float | None = None

    # What the page asks.

    def state(self) -> ScreenState:
        """Return what stands on the screen."""
        return self._state

    def wait(self, after: int, timeout: float) -> ScreenState:
        """Return the state once its number is above `after`, or after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._state.number > after, timeout)
            return self._state

    def picture(self, name: str) -> Path | None:
        """Return the file of a picture."""
        return self.shelf.picture(name)

    def home_language(self) -> str:
        """Return the language the screen goes back to: the setting's, else the store's."""
        if self._given.language:
            return self._given.language
        return self.shelf.shelf.locale.split("_")[0] if self.shelf.shelf else "en"

    # What the reader says.

    def listen(self, event: ReaderEvent) -> None:
        """Take what a reader tells."""
        if isinstance(event, Arrived):
            self._arrived(event.read)
        elif isinstance(event, Fault):
            self._show(reader_words=event.words)
        elif isinstance(event, Recovered):
            self._show(reader_words="")

    def _arrived(self, read: TagRead) -> None:
        arrived = self._given.seconds()
        if read.outcome is Outcome.LOST:
            self._lost += 1
            if self._lost >= 2:
                self._notice("hold_still")
            return
        self._lost = 0
        if read.outcome in {Outcome.FOREIGN, Outcome.COLLISION} or not read.uid:
            self._notice("collision" if read.outcome is Outcome.COLLISION else "foreign")
            return
        tap = self._tap(uid=read.uid, uri=read.uri[:2048] if read.uri else None, outcome=WireOutcome(read.outcome))
        self._take(tap, read.milliseconds, arrived)

    # What the shopper does.

    def pick(self, product_id: str) -> None:
        """Open a suggestion."""
        cause = getattr(self._state.view, "tap_id", None)
        self._take(self._tap(picked=product_id, cause=cause), 0.0, self._given.seconds())

    def done(self) -> None:
        """End the visit because the shopper says so."""
        self._end("done")

    def still_here(self) -> None:
        """Keep the visit going."""
        with self._changed:
            if self._visit:
                self._visit = self._visit.touched(self._given.now())
            self._show(warning_seconds=None)

    def speak(self, language: str) -> None:
        """Change the language for this visit."""
        self.still_here()
        self._show(language=language)

    def call_staff(self) -> None:
        """Ask for a person; the screen says honestly whether that went through."""
        visit, moment = self._visit_id(), self._given.now()
        product = getattr(getattr(self._state.view, "card", None), "product_id", None)
        call = StaffCall(call_id=self._fresh_id(), visit_id=visit, occurred_at=moment, product_id=product)
        try:
            self.client.call(call)
        except KioskError:
            self._show(staff_called="cannot_reach")
        else:
            self._show(staff_called="on_the_way")

    def painted(self, number: int) -> None:
        """Hear from the page that state `number` is on the glass."""
        self.painted_at = self._given.seconds()
        for hop in self.hops:
            if hop.number and hop.number <= number and not hop.painted:
                hop.painted = self.painted_at

    def screen_seen_s(self) -> float | None:
        """Return how many seconds ago the page last said that it is alive."""
        return None if self.painted_at is None else self._given.seconds() - self.painted_at

    # The way of a tap.

    def _tap(self, **what: object) -> Tap:
        moment = self._given.now()
        fields = {
            "tap_id": self._fresh_id(),
            "visit_id": self._visit_id(),
            "occurred_at": moment,
            "epoch": self.outbox.epoch,
            "seq": self.outbox.next_seq(),
            "monotonic_ms": int(self._given.seconds() * 1000),
            "language": self._state.language,
        }
        return Tap.model_validate(fields | what)

    def _take(self, tap: Tap, read_ms: float, arrived: float) -> None:
        hop = Hops(tap.tap_id, 0, read_ms, arrived)
        try:
            self.outbox.add(str(tap.tap_id), "tap", tap.model_dump_json(), now_ms=self._now_ms())
        except sqlite3.Error as error:
            self.unrecorded += 1  # told in the heartbeat; the shopper still gets an answer
            log.error("the tap could not be kept: %s", error)  # noqa: TRY400 - the sentence is enough
        hop.kept = self._given.seconds()
        self.last_tap_at = tap.occurred_at
        hop.number = self._show(view_of(tap, self.shelf, self._given.now()), warning_seconds=None, staff_called="")
        hop.shown = self._given.seconds()
        self.hops.append(hop)
        self._live.put((tap, hop))

    def run_live(self) -> None:
        """Ask the server about each tap as it comes, the newest first; ends after `stop`."""
        while (newest := self._live.get()) is not None:
            while not self._live.empty():  # older ones lie in the outbox and are sent from there
                newer = self._live.get()
                if newer is None:
                    return
                newest = newer
            self._ask(*newest)

    def stop(self) -> None:
        """Let `run_live` end."""
        self._live.put(None)

    def _ask(self, tap: Tap, hop: Hops) -> None:
        try:
            answer = self.client.answer(tap)
        except TapRefused as error:
            self.outbox.refuse(str(tap.tap_id), str(error), now_ms=self._now_ms())
            self._unanswered(tap)
        except (Away, TooMuch):
            self.unreachable()
            self._unanswered(tap)
        except KeyRefused as error:
            self._show(reader_words=str(error))
            self._unanswered(tap)
        else:
            hop.answered = self._given.seconds()
            self.reached()
            self._answered(answer)
            self._settle(tap)

    def _settle(self, tap: Tap) -> None:
        try:
            self.outbox.settle([str(tap.tap_id)], now_ms=self._now_ms())
        except sqlite3.Error as error:
            log.warning("could not note that tap %s arrived; it will be sent again: %s", tap.tap_id, error)

    def _answered(self, answer: TapAnswer) -> None:
        with self._changed:
            if getattr(self._state.view, "tap_id", None) != answer.tap_id:
                return
            view = Showing(answer.tap_id, answer.card, answer.goes_with, live=True, as_of=answer.server_time)
            kept = self._state.kept
            if isinstance(answer.card, ProductCard):
                product = answer.card.product_id
                kept = (*(p for p in kept if p != product), product)[-MOST_KEPT:]
            self._show(view, kept=kept)

    def _unanswered(self, tap: Tap) -> None:
        with self._changed:
            view = self._state.view
            if isinstance(view, Looking) and view.tap_id == tap.tap_id:
                self._show(Notice("not_known_offline", tap.tap_id))

    def reached(self) -> None:
        """Note that the server answers."""
        if self._state.offline_since is not None:
            self._show(offline_since=None)

    def unreachable(self) -> None:
        """Note that the server does not answer."""
        if self._state.offline_since is None:
            self._show(offline_since=self._given.now())

    def restocked(self) -> None:
        """Note that the shelf is new: where nobody stands here, the screen speaks the store's language."""
        with self._changed:
            if self._visit is None and self._state.language != self.home_language():
                self._show(language=self.home_language())

    # The visit.

    def tick(self) -> None:
        """Let time pass: warn, end an idle visit, take an old notice off."""
        with self._changed:
            now, visit = self._given.now(), self._visit
            if visit is None:
                if isinstance(self._state.view, Notice) and now - self._notice_since > NOTICE_STANDS:
                    self._show(Attract())
            elif visit.over(now):
                self._end("idle")
            elif visit.warning_seconds(now) != self._state.warning_seconds:
                self._show(warning_seconds=visit.warning_seconds(now))

    def _visit_id(self) -> UUID:
        with self._changed:
            now = self._given.now()
            self._visit = (self._visit or Visit(self._fresh_id(), now, self._given.idle)).touched(now)
            return self._visit.id

    def _end(self, how: Literal["done", "idle"]) -> None:
        with self._changed:
            visit, self._visit = self._visit, None
            self._state = ScreenState(
                number=self._state.number + 1,
                view=Attract(),
                language=self.home_language(),
                offline_since=self._state.offline_since,
                reader_words=self._state.reader_words,
            )
            self._changed.notify_all()
        if visit is not None:
            end = VisitEnd(visit_id=visit.id, occurred_at=self._given.now(), how=how)
            try:
                self.outbox.add(f"end-{visit.id}", "visit_end", end.model_dump_json(), now_ms=self._now_ms())
            except sqlite3.Error as error:
                log.error("the end of a visit could not be kept: %s", error)  # noqa: TRY400 - the sentence is enough

    def _notice(self, kind: NoticeKind) -> None:
        with self._changed:
            if self._visit:
                self._visit = self._visit.touched(self._given.now())
            self._notice_since = self._given.now()
            self._show(Notice(kind), warning_seconds=None)

    def _show(self, view: View | None = None, **changes: object) -> int:
        with self._changed:
            number = self._state.number + 1
            shown = view if view is not None else self._state.view
            self._state = replace(self._state, number=number, view=shown, **changes)  # type: ignore[arg-type]  # fields of ScreenState
            self._changed.notify_all()
            return number

    def _fresh_id(self) -> UUID:
        return uuid7(self._given.now(), self._given.luck(10))

    def _now_ms(self) -> int:
        return int(self._given.now().timestamp() * 1000)

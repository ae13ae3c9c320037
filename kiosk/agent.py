"""The agent: a tag arrives, the tap is kept, the screen shows what is known, then what the server says."""

from __future__ import annotations

import logging
import threading
from collections import deque
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from hardware.reader import ReaderEvent
from kiosk import calling
from kiosk.arriving import Arriving
from kiosk.carrying import Carrying
from kiosk.choosing import Asked, Choosing
from kiosk.client import Client
from kiosk.given import Hops, ServerClock, Surroundings
from kiosk.keeping import Keeping
from kiosk.live import Live
from kiosk.outbox import Letter, Outbox
from kiosk.screen import Attract, Notice, NoticeKind, ScreenState, Starting, View
from kiosk.shelf import ShelfCopy
from kiosk.showed import viewed
from kiosk.stage import Stage
from kiosk.visit import Visit
from server.wire import PersonCard, Tap, TapAnswer, VisitEnd, uuid7

log = logging.getLogger("shelftalker.kiosk")

NOTICE_STANDS = timedelta(seconds=8)


class Agent:
    """Ties reader, outbox, shelf and server to the screen. Safe for many threads."""

    def __init__(self, *, outbox: Outbox, shelf: ShelfCopy, client: Client, given: Surroundings) -> None:
        self.outbox, self.shelf, self.client, self._given = outbox, shelf, client, given
        self.keeping = Keeping(outbox)
        self._stage = Stage(given.now, self.home_language(), self._at_rest())
        self._live = Live(client, self._stage, seconds=given.seconds, settle=self._settle, refuse=self._refuse)
        self._choosing = Choosing(client, self._stage, given, self.keeping)
        self._taking = threading.RLock()
        self._visit: Visit | None = None
        self._arriving = Arriving(self._stage, given.seconds, take=self._take, notice=self._notice)
        self._touched_at, self._behind = given.now(), self._at_rest()
        self.clock = ServerClock(given)
        self.carrying = Carrying(client, self._stage, self.clock, touch=self._touch)
        self._hops: deque[Hops] = deque(maxlen=500)
        self.last_tap_at: datetime | None = None
        self.painted_at: float | None = None

    # What the page asks.

    def state(self) -> ScreenState:
        """Return what stands on the screen."""
        return self._stage.state

    def wait(self, after: int, timeout: float) -> ScreenState:
        """Return the state once its number is above `after`, or after `timeout` seconds."""
        return self._stage.wait(after, timeout)

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
        self._arriving.listen(event)

    # What the shopper does.

    def pick(self, product_id: str) -> None:
        """Open a suggestion."""
        cause = getattr(self.state().view, "tap_id", None)
        self._take({"picked": product_id, "cause": cause}, 0.0, self._given.seconds())

    def done(self) -> None:
        """End the visit because the shopper says so."""
        self._end("done")

    def still_here(self) -> None:
        """Keep the visit going."""
        with self._stage.changed:
            self._touch()
            self._stage.show(warning_seconds=None)

    def speak(self, language: str) -> None:
        """Change the language for this visit."""
        with self._stage.changed:
            self._touch()
            self._stage.show(language=language, warning_seconds=None)

    def call_staff(self) -> None:
        """Ask for a person; the screen says honestly whether that went through."""
        visit = self._visit_id()
        told = calling.call_staff(self.client, self._given, visit_id=visit, state=self.state())
        with self._stage.changed:
            if self._visit and self._visit.id == visit:  # the next shopper did not call
                self._stage.show(staff_called=told, warning_seconds=None)

    def choose(self, purpose: Asked, yes: bool) -> None:
        """Agree to a purpose, or no longer."""
        visit = self._visit_id()
        told = self._choosing.tell(purpose, yes=yes, visit_id=visit)
        with self._stage.changed:
            if self._visit and self._visit.id == visit:  # the next shopper chose nothing
                self._stage.show(None, warning_seconds=None, **told)

    def show_choices(self) -> None:
        """Show once more what the shopper agreed to, so that it can be taken back."""
        with self._stage.changed:
            self._touch()
            self._choosing.show()

    def painted(self, number: int) -> None:
        """Hear from the page that state `number` is on the glass."""
        self.painted_at = self._given.seconds()
        for hop in self.hops():
            if hop.number and hop.number <= number and not hop.painted:
                hop.painted = self.painted_at

    def hops(self) -> list[Hops]:
        """Return when each step of the last taps happened, the oldest tap first."""
        with self._stage.changed:
            return list(self._hops)

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
            "language": self.state().language,
        }
        return Tap.model_validate(fields | what)

    def _take(self, what: dict[str, object], read_ms: float, arrived: float) -> None:
        with self._taking:
            view, tap = viewed(self._tap(**what), self.shelf, self.clock.now(), before=self.state().variants)
            hop = Hops(tap.tap_id, 0, read_ms, arrived)
            if self._keep(str(tap.tap_id), "tap", tap):
                hop.kept = self._given.seconds()
        self.last_tap_at = tap.occurred_at
        with self._stage.changed:
            carry = self.carrying.tapped()
            hop.number = self._stage.show_tap(view, carry=carry)
            hop.shown = self._given.seconds()
            self._hops.append(hop)
        self._live.put(tap, hop)

    def _keep(self, letter_id: str, kind: str, body: Tap | VisitEnd) -> bool:
        return self.keeping.keep(Letter(letter_id, kind, body.model_dump_json(), self._now_ms()))

    def _settle(self, tap: Tap, answer: TapAnswer) -> None:
        self.clock.heard(answer.server_time)
        self.keeping.settle([str(tap.tap_id)], now_ms=self._now_ms())
        if isinstance(answer.card, PersonCard) or answer.forget:
            self.keeping.forget(str(tap.tap_id))  # nobody's card stays on the kiosk

    def _refuse(self, tap: Tap, reason: str) -> None:
        self.keeping.refuse(str(tap.tap_id), reason, now_ms=self._now_ms())

    def live_moving(self) -> bool:
        """Return whether taps are being asked about as they come."""
        return self._live.moving()

    def run_live(self) -> None:
        """Ask the server about each tap as it comes, the newest first; ends after `stop`."""
        self._live.run()

    def stop(self) -> None:
        """Let `run_live` end."""
        self._live.stop()

    # What goes on behind the screen.

    def reached(self) -> None:
        """Note that the server answers."""
        self._stage.reached()

    def unreachable(self) -> None:
        """Note that the server does not answer."""
        self._stage.unreachable()

    def out_of_service(self, words: str) -> None:
        """Note that the server refuses our key."""
        self._stage.out_of_service(words)

    def restocked(self) -> None:
        """Note that the shelf is new: where nobody stands here, the screen speaks the store's language."""
        with self._stage.changed:
            self._stage.restocked(self.home_language() if self._visit is None else self.state().language)

    # The visit.

    def tick(self) -> None:
        """Let time pass: warn, end an idle visit, take an old notice or price off."""
        with self._stage.changed:
            now, visit, state = self._given.now(), self._visit, self.state()
            self._stage.expire(self.clock.now(), self.shelf)
            self.carrying.tick()
            passing = isinstance(state.view, Notice) and state.view.tap_id is None
            if visit is not None and visit.over(now):
                self._end("idle")
            elif visit is not None and visit.warning_seconds(now) != state.warning_seconds:
                self._stage.show(warning_seconds=visit.warning_seconds(now))
            elif passing and now - self._touched_at > NOTICE_STANDS:
                self._stage.show(self._behind)
            elif (
                visit is None
                and state.language != self.home_language()
                and now - self._touched_at > self._given.idle
            ):
                self._stage.clear(self._at_rest(), self.home_language())

    def _at_rest(self) -> View:
        return Attract() if self.shelf.shelf else Starting()

    def _touch(self) -> UUID | None:
        self._touched_at = self._given.now()
        if self._visit:
            self._visit = self._visit.touched(self._touched_at)
        return self._visit.id if self._visit else None

    def _visit_id(self) -> UUID:
        with self._stage.changed:
            now = self._given.now()
            self._visit = (self._visit or Visit(self._fresh_id(), now, self._given.idle)).touched(now)
            return self._visit.id

    def _end(self, how: Literal["done", "idle"]) -> None:
        with self._stage.changed:
            visit, self._visit = self._visit, None
            self.carrying.leave()
            self._stage.clear(self._at_rest(), self.home_language())
        if visit is not None:
            end = VisitEnd(visit_id=visit.id, occurred_at=self._given.now(), how=how)
            self._keep(f"end-{visit.id}", "visit_end", end)

    def _notice(self, kind: NoticeKind) -> None:
        with self._stage.changed:
            self._touch()
            if not isinstance(self.state().view, Notice):
                self._behind = self.state().view
            self._stage.show(Notice(kind), warning_seconds=None)

    def _fresh_id(self) -> UUID:
        return uuid7(self._given.now(), self._given.luck(10))

    def _now_ms(self) -> int:
        return int(self._given.now().timestamp() * 1000)

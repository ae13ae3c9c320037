"""What stands on the screen, kept in one place for all threads, and whether server and reader are well."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kiosk.from_home import believed_lines
from kiosk.hand_over import Carry
from kiosk.of_prices import still_true
from kiosk.screen import Attract, KnownBy, Looking, Notice, ScreenState, Showing, Starting, View
from kiosk.shelf import ShelfCopy
from kiosk.sizes import looked_at
from server.wire import Card, HomeLine, Introduced, PersonCard, ProductCard, TapAnswer

MOST_KEPT = 12
OF_SHOPPER = (
    *("warning_seconds", "staff_called", "kept", "variants", "agreed", "choice_lost", "choice_waits", "story"),
    *("carry", "from_home", "known_by"),
)
"""Fields of the screen's state that go with the visit."""


class Stage:
    """The screen's state; each change gives it the next number and wakes who waits for it."""

    def __init__(self, now: Callable[[], datetime], language: str, view: View) -> None:
        self.changed = threading.Condition(threading.RLock())
        self._now, self._reader_words, self._key_words = now, "", ""
        self.state = ScreenState(number=1, view=view, language=language)

    def wait(self, after: int, timeout: float) -> ScreenState:
        """Return the state once its number is above `after`, or after `timeout` seconds."""
        with self.changed:
            self.changed.wait_for(lambda: self.state.number > after, timeout)
            return self.state

    def show(self, view: View | None = None, **changes: object) -> int:
        """Change the screen; return the number of its new state."""
        with self.changed:
            number = self.state.number + 1
            shown = view if view is not None else self.state.view
            self.state = replace(self.state, number=number, view=shown, **changes)  # type: ignore[arg-type]  # fields of ScreenState
            self.changed.notify_all()
            return number

    def clear(self, view: View, language: str) -> None:
        """Leave nothing of the last shopper."""
        fresh = ScreenState(number=0, view=view, language=language)
        self.show(view, language=language, **{name: getattr(fresh, name) for name in OF_SHOPPER})

    def show_tap(self, view: View, *, carry: Carry | None) -> int:
        """Show what is known of a tap before the server has said anything; return the number of the new state."""
        with self.changed:
            variants = looked_at(self.state.variants, getattr(view, "card", None))
            return self.show(view, variants=variants, warning_seconds=None, staff_called="", carry=carry)

    def answered(self, answer: TapAnswer, from_home: tuple[HomeLine, ...] = ()) -> None:
        """Show the server's answer, where its tap still stands there, and the list that came with a card."""
        with self.changed:
            if getattr(self.state.view, "tap_id", None) != answer.tap_id:
                return
            kept = self.state.kept
            if isinstance(answer.card, ProductCard):
                product = answer.card.product_id
                kept = (*(one for one in kept if one != product), product)[-MOST_KEPT:]
            as_of, card = answer.server_time, answer.card
            shown = Showing(answer.tap_id, card, answer.goes_with, live=True, as_of=as_of, member=answer.member)
            shown = replace(shown, forgotten=answer.forget)
            listed, variants = from_home or self.state.from_home, looked_at(self.state.variants, card)
            self.show(shown, kept=kept, variants=variants, from_home=listed, **self._known(card, "card"))

    def introduced(self, shown_as: UUID, told: Introduced, from_home: tuple[HomeLine, ...]) -> None:
        """Show what whoever a phone says it is may choose, in place of the hand-over."""
        view = Showing(shown_as, told.card, (), live=True, as_of=None)
        listed = from_home or self.state.from_home
        self.show(view, carry=None, warning_seconds=None, from_home=listed, **self._known(told.card, told.by))

    def _known(self, card: Card, by: KnownBy) -> dict[str, object]:
        if not isinstance(card, PersonCard) or card.taken:
            return {}
        return {"agreed": card.agreed, "known_by": by}

    def unanswered(self, tap_id: object) -> None:
        """Say that a tag cannot be looked up, where that is what the shopper waits for."""
        with self.changed:
            view = self.state.view
            if isinstance(view, Looking) and view.tap_id == tap_id:
                self.show(Notice("not_known_offline", view.tap_id))

    def expire(self, moment: datetime, shelf: ShelfCopy) -> None:
        """Take every price off the screen whose time is past at `moment`, and say what is true instead."""
        with self.changed:
            view = self.state.view
            listed = believed_lines(self.state.from_home, moment)
            if listed != self.state.from_home:
                self.show(from_home=listed)
            if not isinstance(view, Showing):
                return
            until = getattr(view.card, "true_until", None)
            expired = view.price_expired or bool(until and until <= moment)
            fresh = replace(view, price_expired=expired, goes_with=still_true(view, shelf, moment))
            if fresh != view:
                self.show(fresh)

    def reached(self) -> None:
        """Note that the server answers and knows us."""
        with self.changed:
            self._key_words = ""
            if self.state.offline_since is not None or self.state.reader_words != self._reader_words:
                self.show(offline_since=None, reader_words=self._reader_words)

    def unreachable(self) -> None:
        """Note that the server does not answer."""
        with self.changed:
            if self.state.offline_since is None:
                self.show(offline_since=self._now())

    def out_of_service(self, words: str) -> None:
        """Note that the server refuses our key."""
        self._key_words = words or "the server refuses this kiosk's key"
        self._words()

    def reader(self, words: str) -> None:
        """Note why the reader does not work; '' where it does."""
        self._reader_words = words
        self._words()

    def restocked(self, language: str) -> None:
        """Note that there is a shelf: ready for taps, in the store's language where `language` gives one."""
        with self.changed:
            ready = Attract() if isinstance(self.state.view, Starting) else None
            if ready or language != self.state.language:
                self.show(ready, language=language)

    def _words(self) -> None:
        with self.changed:
            words = self._key_words or self._reader_words
            if words != self.state.reader_words:
                self.show(reader_words=words)

"""A visit goes on on the shopper's phone: the link asked for, its phone heard of, the shopper's answer told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from kiosk.client import Client
from kiosk.errors import KioskError, TapRefused
from kiosk.from_home import agreed_on, list_of
from kiosk.given import ServerClock
from kiosk.hand_over import Carry, Step, after_tap, at, heard, offered
from kiosk.stage import Stage
from server.wire import HandOverAsked, HandOverReply, HandOverSign, Introduced


class Carrying:
    """The hand-over on the screen, one at a time. `touch` keeps the visit going and returns its id, if any.

    Nothing of it outlives its visit: what was offered is taken back at the server too. Safe for many threads.
    """

    def __init__(
        self, client: Client, stage: Stage, clock: ServerClock, *, touch: Callable[[], UUID | None]
    ) -> None:
        self._client, self._stage, self._clock, self._touch = client, stage, clock, touch
        self._to_end: list[Carry] = []

    def begin(self) -> None:
        """Show a link as a code; pressed twice it is one. The list from home goes along."""
        with self._stage.changed:
            held, visit = self._stage.state.carry, self._touch()
            if visit is None or (held is not None and (held.open or held.step is Step.BEGUN)):
                return
            kept = dict.fromkeys(line.tile.product_id for line in self._stage.state.from_home)
            begun = Carry()
            self._stage.show(carry=begun, warning_seconds=None)
        try:
            shown = offered(self._client.offer_hand_over(HandOverAsked(visit_id=visit, kept=tuple(kept))))
        except KioskError:
            shown = replace(begun, step=Step.AWAY)
        if not self._turn(begun, shown):
            self._take_back(shown)

    def answer(self, sign: str, yes: bool) -> None:
        """Tell the server whether the phone that shows `sign` is the shopper's."""
        with self._stage.changed:
            held = self._stage.state.carry
            if held is None or held.id is None or held.step is not Step.ASKED or held.sign != sign:
                return
            self._touch()
        introduced = None
        try:
            if yes and held.introduces:
                introduced = self._client.introduce(held.id, HandOverSign(sign=sign))
            else:
                self._client.answer_hand_over(held.id, HandOverReply(sign=sign, yes=yes))
        except TapRefused:
            told = replace(held, step=Step.ENDED)
        except KioskError:
            told = replace(held, lost=True)
        else:
            told = replace(held, step=Step.GRANTED if yes else Step.REFUSED)
        if introduced is not None:
            self._know(held, introduced)
        else:
            self._turn(held, told)

    def _know(self, held: Carry, introduced: Introduced) -> None:
        """Ask whoever the phone says it is what may be used, unless something else stands there by now."""
        with self._stage.changed:
            visit = self._touch()
        lines = list_of(self._client, visit, agreed_on(introduced.card)) if visit else ()
        with self._stage.changed:
            if self._stage.state.carry is held and held.id is not None:
                self._stage.introduced(held.id, introduced, lines)

    def close(self) -> None:
        """Take it off the screen; what is still open ends."""
        with self._stage.changed:
            self._touch()
            self.leave()
            self._stage.show(carry=None, warning_seconds=None)

    def leave(self) -> None:
        """Let an open offer end with its visit; whoever calls takes it off the screen."""
        if self._stage.state.carry is not None:
            self._take_back(self._stage.state.carry)

    def tapped(self) -> Carry | None:
        """Return what of it stays on the screen once a tag was tapped; the rest ends."""
        stays = after_tap(self._stage.state.carry)
        if stays is None:
            self.leave()
        return stays

    def tick(self) -> None:
        """Let time pass: a link that nobody opened in time ends."""
        held = self._stage.state.carry
        if held is not None:
            self._turn(held, at(held, self._clock.now()))

    def look(self) -> None:
        """Ask the server once how far it is, and end there what was taken back here."""
        with self._stage.changed:
            self._to_end, ending = [], self._to_end
        for one in ending:
            self._end(one)
        held = self._stage.state.carry
        if held is None or held.id is None or not held.open:
            return
        try:
            told = heard(held, self._client.hand_over(held.id))
        except KioskError:
            return
        with self._stage.changed:
            if self._turn(held, told) and told.step is Step.ASKED is not held.step:
                self._touch()

    def _turn(self, held: Carry, turned: Carry) -> bool:
        """Show what became of what stood there; False where something else stands there by now."""
        with self._stage.changed:
            if self._stage.state.carry is not held:
                return False
            if turned != held:
                self._stage.show(carry=turned)
            return True

    def _take_back(self, carry: Carry) -> None:
        with self._stage.changed:
            if carry.open:
                self._to_end.append(carry)

    def _end(self, carry: Carry) -> None:
        if carry.id is None or not carry.seconds_left(self._clock.now()):
            return
        try:
            self._client.end_hand_over(carry.id)
        except TapRefused:
            return
        except KioskError:
            self._take_back(carry)

"""Waiting taps, choices and ends of visits delivered: oldest first, by id, one bad tap holding up no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kiosk.agent import Agent
from kiosk.errors import Away, Broken, TapRefused, TooMuch
from kiosk.outbox import Letter
from server.wire import PersonChoice, StoryChoice, Tap, VisitEnd

MOST_TAPS = 200
MOST_BYTES = 120 * 1024
"""Of bodies in one batch; a batch with its names stays under 128 KiB."""
MOST_BREAKS = 10
"""Failures in a row before a server that settles nothing counts as away; halving 200 taps takes eight."""
LIVE_FIRST_MS = 3000
"""How long a tap is left to its live answer."""


class Drain:
    """One round of delivering."""

    def __init__(self, agent: Agent, now: Callable[[], datetime]) -> None:
        self._agent, self._now_ms = agent, int(now().timestamp() * 1000)
        self._suspects: list[Letter] = []
        self._broken = self._settled = 0
        self._choices = {"choice": self._choice, "story": self._story}

    def all(self) -> None:
        """Deliver everything that waits; raises `Away` where the server is, or where it settles nothing."""
        keeping = self._agent.keeping
        keeping.keep_again()
        for kind, tell in self._choices.items():  # before the taps that were made after them
            for letter in keeping.waiting(kind, MOST_TAPS):
                self._one(letter, tell)
        while letters := self._next():
            settled = self._deliver(letters)
            if not settled:
                msg = "the server settled none of the taps it was sent"
                raise Away(msg)
            self._agent.reached()
            self._judge_suspects()
        for letter in keeping.waiting("visit_end", MOST_TAPS):
            self._one(letter, self._end)
        keeping.forget_old(now_ms=self._now_ms)

    def _next(self) -> list[Letter]:
        batch: list[Letter] = []
        room = MOST_BYTES
        for letter in self._agent.keeping.waiting("tap", MOST_TAPS):
            if self._now_ms - letter.written_ms <= LIVE_FIRST_MS and not self._agent.state().offline_since:
                continue  # the live answer is on its way
            room -= len(letter.body.encode())
            if batch and room < 0:
                break
            batch.append(letter)
        return batch

    def _deliver(self, letters: list[Letter]) -> int:
        """Send letters in one batch, or else in halves until one stands alone; return how many were settled."""
        try:
            return self._send(letters)
        except TapRefused as error:
            if len(letters) == 1:
                self._refuse(letters[0], str(error))
                return 1
        except (TooMuch, Broken) as error:
            self._broken += 1
            if self._broken > MOST_BREAKS and not self._settled:
                msg = "the server settles nothing"
                raise Away(msg) from error
            if len(letters) == 1:
                self._suspects.append(letters[0])
                return 0
        half = len(letters) // 2
        return self._deliver(letters[:half]) + self._deliver(letters[half:])

    def _judge_suspects(self) -> None:
        """Put aside what the server broke off on alone, and does so again, while it took others in this round."""
        suspects, self._suspects = self._suspects, []
        for suspect in suspects:
            try:
                self._send([suspect])
            except (TapRefused, TooMuch, Broken) as error:
                self._refuse(suspect, f"the server will not take it: {error}")

    def _send(self, letters: list[Letter]) -> int:
        answer = self._agent.client.send_batch([self._aged(letter) for letter in letters])
        ours = {letter.id for letter in letters}
        had = {str(tap_id) for tap_id in (*answer.accepted, *answer.duplicates)} & ours
        self._agent.keeping.settle(had, now_ms=self._now_ms)
        refused = {str(one.tap_id): one.detail for one in answer.refused if str(one.tap_id) in ours}
        for tap_id, detail in refused.items():
            self._agent.keeping.refuse(tap_id, detail, now_ms=self._now_ms)
        for tap_id in {str(one) for one in answer.forget} & ours:
            self._agent.keeping.forget(tap_id)
        self._settled += len(had) + len(refused)
        return len(had) + len(refused)

    def _aged(self, letter: Letter) -> Tap:
        tap = Tap.model_validate_json(letter.body)
        return tap.model_copy(update={"age_ms": self._age(letter), "forgets": True})

    def _refuse(self, letter: Letter, reason: str) -> None:
        self._agent.keeping.refuse(letter.id, reason, now_ms=self._now_ms)

    def _end(self, letter: Letter) -> None:
        self._agent.client.end_visit(VisitEnd.model_validate_json(letter.body))

    def _choice(self, letter: Letter) -> None:
        choice = PersonChoice.model_validate_json(letter.body)
        self._agent.client.choose(choice.model_copy(update={"age_ms": self._age(letter)}))

    def _story(self, letter: Letter) -> None:
        choice = StoryChoice.model_validate_json(letter.body)
        self._agent.client.share(choice.model_copy(update={"age_ms": self._age(letter)}))

    def _age(self, letter: Letter) -> int:
        return max(0, self._now_ms - letter.written_ms)

    def _one(self, letter: Letter, tell: Callable[[Letter], None]) -> None:
        try:
            tell(letter)
        except TapRefused as error:
            self._refuse(letter, str(error))
        else:
            self._agent.keeping.settle([letter.id], now_ms=self._now_ms)

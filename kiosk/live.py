"""The live answer: each tap is asked about as it comes, the newest first."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable

from kiosk.client import Client
from kiosk.errors import Away, KeyRefused, OutboxUnfit, TapRefused, TooMuch
from kiosk.from_home import agreed_on, list_of
from kiosk.given import Hops
from kiosk.stage import Stage
from server.wire import Tap, TapAnswer

log = logging.getLogger("shelftalker.kiosk")

LONGEST_ASKING = 20.0
"""Seconds after which an answer that still trickles in counts as standing still."""


class Live:
    """Asks the server, and puts its answer on the stage. `settle` is told of each tap the server has."""

    def __init__(
        self,
        client: Client,
        stage: Stage,
        *,
        seconds: Callable[[], float],
        settle: Callable[[Tap, TapAnswer], None],
        refuse: Callable[[Tap, str], None],
    ) -> None:
        self._client, self._stage, self._seconds = client, stage, seconds
        self._settle, self._refuse = settle, refuse
        self._taps: queue.SimpleQueue[tuple[Tap, Hops] | None] = queue.SimpleQueue()
        self._asking_since: float | None = None
        self._runs = False

    def put(self, tap: Tap, hop: Hops) -> None:
        """Let a tap be asked about."""
        self._taps.put((tap, hop))

    def stop(self) -> None:
        """Let `run` end."""
        self._taps.put(None)

    def moving(self) -> bool:
        """Return whether taps are being asked about, none of them for longer than any server may take."""
        since = self._asking_since
        return self._runs and (since is None or self._seconds() - since < LONGEST_ASKING)

    def run(self) -> None:
        """Ask about taps until `stop`; no error of one ends it."""
        self._runs = True
        try:
            self._run()
        finally:
            self._runs = False

    def _run(self) -> None:
        while (newest := self._taps.get()) is not None:
            while not self._taps.empty():
                newer = self._taps.get()
                if newer is None:
                    return
                if not newest[1].kept:  # the others lie in the outbox and are sent from there
                    self._ask_safely(*newest)
                newest = newer
            self._ask_safely(*newest)

    def _ask_safely(self, tap: Tap, hop: Hops) -> None:
        self._asking_since = self._seconds()
        try:
            self._ask(tap, hop)
        except OutboxUnfit as error:
            log.warning("could not note what became of tap %s; it will be sent again: %s", tap.tap_id, error)
        except Exception:
            log.exception("the answer to tap %s went wrong", tap.tap_id)
            self._stage.unanswered(tap.tap_id)
        finally:
            self._asking_since = None

    def _ask(self, tap: Tap, hop: Hops) -> None:
        try:
            answer = self._client.answer(tap)
        except TapRefused as error:
            self._stage.unanswered(tap.tap_id)
            self._refuse(tap, str(error))
        except (Away, TooMuch):
            self._stage.unreachable()
            self._stage.unanswered(tap.tap_id)
        except KeyRefused as error:
            self._stage.out_of_service(str(error))
            self._stage.unanswered(tap.tap_id)
        else:
            hop.answered = self._seconds()
            self._stage.reached()
            self._stage.answered(answer, list_of(self._client, tap.visit_id, agreed_on(answer.card)))
            self._settle(tap, answer)

"""Whether a model may be asked: one that fails, or is slow again and again, is left alone for a while."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

SLOW = timedelta(milliseconds=50)
SLOW_IN_A_ROW = 5
"""One slow answer is the machine's; so many, one after another, are the model's."""

REST = timedelta(minutes=1)
"""For how long a model that is slow or fails is left alone."""


class Pace:
    """Told how each answer went, says whether the model rests."""

    def __init__(self) -> None:
        self._slow_in_a_row = 0
        self._until: datetime | None = None

    def rests(self, now: datetime) -> bool:
        """Return whether the model is left alone at this moment."""
        return self._until is not None and now < self._until

    def took(self, began: datetime, ended: datetime) -> None:
        """Note how long an answer took."""
        self._slow_in_a_row = self._slow_in_a_row + 1 if ended - began > SLOW else 0
        if self._slow_in_a_row >= SLOW_IN_A_ROW:
            log.error("the model is slow (%s); it is left alone for %s", ended - began, REST)
            self._slow_in_a_row, self._until = 0, ended + REST

    def failed(self, now: datetime) -> None:
        """Note that an answer failed."""
        log.exception("the model failed; it is left alone for %s", REST)
        self._until = now + REST

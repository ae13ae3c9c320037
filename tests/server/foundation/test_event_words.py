"""Whatever a channel tells of, a page can say it."""

from __future__ import annotations

from server.timeline.models import EventKind
from server.words import EVENTS


def test_every_kind_of_event_has_words() -> None:
    assert EVENTS.keys() == set(EventKind)

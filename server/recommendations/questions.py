"""What a model is asked when it is judged: what visits looked at next, wherever it was new to them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.recommendations.looks import Look

MOST_POSITIONS = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """A visit at a step: what it had seen (oldest first), what it looked at next, and where."""

    store: str
    seen: tuple[str, ...]
    after: str


def questions_of(looks: Iterable[Look]) -> list[Question]:
    """Return what visits looked at next wherever it was new to them; the newest `MOST_POSITIONS`."""
    visits: dict[tuple[str, str], list[Look]] = {}
    for look in sorted(looks, key=lambda one: (one.seconds, one.visit, one.product)):
        visits.setdefault((look.visit, look.store), []).append(look)
    asked = []
    for (_, store), steps in visits.items():
        seen = tuple(step.product for step in steps)
        asked += [Question(store, seen[:n], seen[n]) for n in range(1, len(seen)) if seen[n] not in seen[:n]]
    return asked[-MOST_POSITIONS:]

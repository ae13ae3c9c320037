"""What became of the lists that were shown: opened on the screen, or tapped on the shelf later. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Tile:
    """A product that was shown, at which place (from 1), and why."""

    product_id: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class ListShown:
    """What stood beside the card of a tap; `propensity` is the chance with which this visit was to see it."""

    tap_id: UUID
    visit_id: UUID
    at: datetime
    model_version: int
    held_out: bool
    propensity: float
    tiles: tuple[Tile, ...]

    @property
    def shown_by(self) -> str:
        """Return whose list it is, in a word or two."""
        if not self.model_version:
            return "no model"
        return "held out" if self.held_out else f"model {self.model_version}"


@dataclass(frozen=True, slots=True)
class Step:
    """A look at a product in a visit: at the shelf, or by opening a tile of the list after the tap `cause_id`."""

    event_id: UUID
    visit_id: UUID
    at: datetime
    product_id: str
    cause_id: UUID | None
    opened: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A list, what its visit had looked at (its own tap last), and which of its tiles were opened or tapped."""

    shown: ListShown
    seen: tuple[str, ...]
    opened: frozenset[str]
    tapped: frozenset[str]


def outcomes_of(lists: Iterable[ListShown], steps: Iterable[Step]) -> list[Outcome]:
    """Return what became of each list. A shelf tap speaks for the latest list before it with its product."""
    visits: dict[UUID, list[Step]] = defaultdict(list)
    for step in steps:
        visits[step.visit_id].append(step)
    in_order = sorted(lists, key=lambda one: (one.at, one.tap_id))
    latest: dict[UUID, list[ListShown]] = defaultdict(list)
    for one in in_order:
        latest[one.visit_id].append(one)
    opened: dict[UUID, set[str]] = defaultdict(set)
    tapped: dict[UUID, set[str]] = defaultdict(set)
    for visit, taken in visits.items():
        for step in taken:
            if step.opened and step.cause_id is not None:
                opened[step.cause_id].add(step.product_id)
            elif (shown := _credited(latest[visit], step)) is not None:
                tapped[shown.tap_id].add(step.product_id)
    return [
        Outcome(
            one,
            _seen(one, visits[one.visit_id]),
            frozenset(opened[one.tap_id] & {tile.product_id for tile in one.tiles}),
            frozenset(tapped[one.tap_id]),
        )
        for one in in_order
    ]


def _credited(lists: Sequence[ListShown], step: Step) -> ListShown | None:
    before = [one for one in lists if one.at < step.at]
    return next((one for one in reversed(before) if step.product_id in {t.product_id for t in one.tiles}), None)


def _seen(shown: ListShown, steps: Iterable[Step]) -> tuple[str, ...]:
    """Return what the visit had looked at when the list was made, oldest first, each once."""
    before = sorted((s for s in steps if s.at <= shown.at), key=lambda s: (s.event_id == shown.tap_id, s.at))
    return tuple(dict.fromkeys(step.product_id for step in reversed(before)))[::-1]

"""Tiles counted by why they were shown, where they stood and whose they were. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from server.recommendations.outcomes import ListShown, Outcome, Tile


@dataclass(slots=True)
class Counted:
    """Tiles shown, opened on the screen, and tapped later on the shelf."""

    shown: int = 0
    opened: int = 0
    tapped: int = 0


BY: dict[str, Callable[[ListShown, Tile], str]] = {
    "reason": lambda _, tile: tile.reason,
    "position": lambda _, tile: f"place {tile.position}",
    "model": lambda shown, _: shown.shown_by,
}
"""What tiles may be counted by."""


def counted(outcomes: Iterable[Outcome], by: str) -> dict[str, Counted]:
    """Return how many tiles were shown, opened and tapped, by one of `BY`."""
    told: dict[str, Counted] = {}
    for one in outcomes:
        for tile in one.shown.tiles:
            row = told.setdefault(BY[by](one.shown, tile), Counted())
            row.shown += 1
            row.opened += tile.product_id in one.opened
            row.tapped += tile.product_id in one.tapped and tile.product_id not in one.opened
    return dict(sorted(told.items()))

"""What a priced list comes to, in the terms of the facts it is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.promotions.rules.pricing import PricedList
from server.promotions.rules.verdict import Applied


class Figures:
    """What a priced list comes to, in the source's terms; where it uses a term in two ways, both are here."""

    def __init__(self, names: Sequence[str], priced: PricedList) -> None:
        self.names, self.priced = names, priced

    def nearest(self, key: str, expected: Any) -> Any:
        """Return the reading that is as expected where there is one, else the first."""
        readings = getattr(self, key)()
        if isinstance(expected, dict):
            readings = [{name: reading.get(name) for name in expected} for reading in readings]
        return expected if expected in readings else readings[0]

    def _off(self, *, whole: bool | None) -> dict[str, int]:
        """Return by line what was taken off by promotions on the whole list, on units, or by all."""
        found: dict[str, int] = {}
        for name, line in zip(self.names, self.priced.lines, strict=True):
            cuts = [cut for _, unit in line.units for cut in unit]
            found[name] = found.get(name, 0) + sum(
                cut.minor for cut in cuts if whole is None or whole == (cut.on == "list")
            )
        return found

    def cart_total(self) -> list[int]:
        return [self.priced.total]

    def no_discount(self) -> list[bool]:
        return [not any(isinstance(verdict, Applied) for verdict in self.priced.verdicts)]

    def order_discount(self) -> list[int]:
        return [-sum(self._off(whole=True).values()), -sum(self._off(whole=None).values())]

    def line_decrease(self) -> list[dict[str, int]]:
        return [self._off(whole=None), self._off(whole=False)]

    def line_total(self) -> list[dict[str, int]]:
        return [{name: line.total for name, line in zip(self.names, self.priced.lines, strict=True)}]

    def unit_price(self) -> list[dict[str, int]]:
        lines = zip(self.names, self.priced.lines, strict=True)
        return [{name: line.units[0][0] for name, line in lines}]

    def unit_discounts(self) -> list[dict[str, list[int]]]:
        lines = zip(self.names, self.priced.lines, strict=True)
        return [{name: [sum(c.minor for c in cuts) for _, cuts in line.units] for name, line in lines}]

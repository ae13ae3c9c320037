"""What each row of a file would do, in words, and what it would change: decided before anything is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import ValidationError

from server.catalogue.files.cells import flat, nested
from server.catalogue.files.rows import CatalogueRow, CategoryRow, Part, Row, document_of, stored_as
from server.catalogue.rules import ancestry, gtin14, house_number
from server.errors import Invalid

Key = tuple[Any, ...]
Values = dict[str, Any]


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the file by its number (the header is 1), what becomes of it, and why or what in words."""

    row: int
    verdict: Verdict
    words: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one stored row: `before` is None where it is new, `after` where it is taken away."""

    table: str
    key: Key
    before: Values | None
    after: Values | None


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the clocks of the chain's stores show at one moment: the one furthest behind, and furthest ahead."""

    behind: datetime
    ahead: datetime


@dataclass(slots=True)
class Known:
    """What is stored of all that a file speaks of, as far as it was read for the rows at hand."""

    now: datetime
    parents: dict[str, str | None]
    currencies: dict[str, str]
    clocks: Clocks
    last_house_number: str | None = None
    stored: dict[tuple[str, Key], Values] = field(default_factory=dict)
    products: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    """GTINs that are there."""
    gtins: dict[str, str] = field(default_factory=dict)
    """The GTIN of each SKU."""


@dataclass(slots=True)
class Judge:
    """Judges the rows of one file in order; what it saw counts for the rows that follow."""

    model: type[Row]
    known: Known
    judged: list[Judged] = field(default_factory=list)
    changes: dict[tuple[str, Key], Change] = field(default_factory=dict)
    _seen: dict[tuple[str, Key], tuple[int, int]] = field(default_factory=dict)
    """By which row a stored row was spoken of first, and the hash of what that said."""
    _shared: dict[tuple[str, Key], dict[str, str]] = field(default_factory=dict)
    """What was said of stored rows that many rows speak of."""

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        """Judge the next row, and note what it changes."""
        try:
            self.judged.append(self._judge(number, dict(cells)))
        except Invalid as reason:
            self.judged.append(Judged(number, Verdict.REFUSED, str(reason)))
        except ValidationError as error:
            self.judged.append(Judged(number, Verdict.REFUSED, told(error)))
        except ValueError as error:
            self.judged.append(Judged(number, Verdict.REFUSED, f"{error}."))

    def _judge(self, number: int, cells: dict[str, str]) -> Judged:
        given = frozenset(cells)
        self._name(cells)
        stands = [self._standing(part, cells) for part in self.model.parts]
        base = {column: cell for standing in stands for column, cell in standing.items()}
        row = self.model.model_validate(nested(base | cells))
        before = self._before(stands)
        row = row.settled(before, given, self.known.now)
        self._refer(row)
        found = [self._part(number, part, row) for part in self.model.parts]
        verdict = next((one for one, _ in found if one is Verdict.CHANGED), found[-1][0])
        return Judged(number, verdict, "; ".join(words for _, words in found if words))

    def _name(self, cells: dict[str, str]) -> None:
        """Fill in the GTIN where a SKU tells it, or a number of the shop's own where the article has none."""
        if "gtin" not in self.model.model_fields:
            return
        sku, written = cells.get("sku", ""), cells.get("gtin", "")
        if written:
            cells["gtin"] = gtin14(written)
        elif sku in self.known.gtins:
            cells["gtin"] = self.known.gtins[sku]
        elif sku and self.model is CatalogueRow:
            self.known.last_house_number = house_number(self.known.last_house_number)
            cells["gtin"] = self.known.last_house_number
        else:
            msg = f"there is no article {sku!r}" if sku else "the row names no article: give gtin or sku"
            raise Invalid(msg + ".")
        if self.model is not CatalogueRow:
            cells.pop("sku", None)

    def _standing(self, part: Part, cells: dict[str, str]) -> dict[str, str]:
        """Return what stands of the part, as cells; an earlier row of this file counts, and fills empty cells."""
        address = self._address(part, cells)
        if address in self._shared:
            for column in [c for c, cell in cells.items() if not cell and c.split(".")[0] in part.columns]:
                del cells[column]
            return self._shared[address]
        stored = self.known.stored.get(address)
        return {} if stored is None else flat(document_of(part, stored))

    def _address(self, part: Part, named: Mapping[str, Any]) -> tuple[str, Key]:
        fields = {column: field for field, column in part.columns.items()}
        return part.table, tuple(named.get(fields[column]) or "" for column in part.key)

    def _before(self, stands: list[dict[str, str]]) -> Row | None:
        if not all(stands):
            return None
        try:
            return self.model.model_validate(nested({c: cell for one in stands for c, cell in one.items()}))
        except ValidationError:
            return None

    def _refer(self, row: Row) -> None:
        """Refuse a row that names what is not there; what it brings is there for the rows that follow."""
        brought = _brings(self.model)
        for name, there in (
            ("store", self.known.currencies),
            ("category", self.known.parents),
            ("product", self.known.products),
            ("gtin", self.known.articles),
        ):
            named = getattr(row, name, None)
            if named is not None and name not in brought and named not in there:
                msg = f"there is no {name} {named}."
                raise Invalid(msg)
        if isinstance(row, CatalogueRow):
            holder = self.known.gtins.setdefault(row.sku, row.gtin)
            if holder != row.gtin:
                msg = f"sku {row.sku} belongs to {holder}."
                raise Invalid(msg)

    def _part(self, number: int, part: Part, row: Row) -> tuple[Verdict, str]:
        after = stored_as(part, row)
        address = part.table, tuple(after[column] for column in part.key)
        cells = flat(document_of(part, after))
        digest = hash(frozenset(cells.items()))
        earlier, said = self._seen.setdefault(address, (number, digest))
        if said != digest:
            differs = _difference(self._shared.get(address, {}), cells) if address in self._shared else ""
            msg = f"it is not what row {earlier} says of the same {part.table}{differs and ': '}{differs}."
            raise Invalid(msg)
        if part is not self.model.parts[-1]:
            self._shared.setdefault(address, cells)
        before = self.known.stored.get(address)
        if before is None:
            self.changes.setdefault(address, Change(part.table, address[1], None, after))
            return Verdict.NEW, ""
        stood = flat(document_of(part, before))
        if stood == cells:
            return Verdict.UNCHANGED, ""
        self.changes.setdefault(address, Change(part.table, address[1], before, after))
        return Verdict.CHANGED, _difference(stood, cells)

    def finish(self) -> None:
        """Refuse categories that stand above themselves, and let each follow the one above it."""
        if self.model is CategoryRow:
            parents = self.known.parents | {c.key[0]: (c.after or {})["parent_id"] for c in self.changes.values()}
            rows = {address[1][0]: number for address, (number, _) in self._seen.items()}
            wrong = {rows[c]: _tree_trouble(c, parents) for c in rows}
            self.judged = [
                Judged(j.row, Verdict.REFUSED, wrong[j.row]) if wrong.get(j.row) else j for j in self.judged
            ]
            self.changes = dict(
                sorted(self.changes.items(), key=lambda one: len(ancestry(one[1].key[0], parents)))
            )


@cache
def _brings(model: type[Row]) -> frozenset[str]:
    """Return the fields by which rows of the model bring something new: those that are a whole key."""
    return frozenset(f for part in model.parts for f, c in part.columns.items() if part.key == (c,))


def _tree_trouble(category: str, parents: Mapping[str, str | None]) -> str:
    path = ancestry(category, parents)
    above = parents.get(path[-1])
    if above is not None and above in path:
        return f"{category} would stand above itself: {' < '.join([*path, above])}."
    return "" if path[-1] in parents else f"there is no category {path[-1]}."


def _difference(stood: Mapping[str, str], cells: Mapping[str, str]) -> str:
    columns = [c for c in {**stood, **cells} if stood.get(c) != cells.get(c)]
    told = [f"{c}: {stood.get(c) or 'nothing'} → {cells.get(c) or 'nothing'}" for c in columns[:5]]
    return "; ".join(told) + (f"; and {len(columns) - 5} more" if len(columns) > 5 else "")


def told(error: ValidationError) -> str:
    """Return the first thing that is wrong, by its column and in words."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(step + 1 if isinstance(step, int) else step) for step in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{place}: there is no such column."
    if first["type"] == "missing":
        return f"{place} is empty; it is needed."
    written = f" {first['input']!r}" if isinstance(first["input"], str) else ""
    return f"{place}{written}: {first['msg'].removeprefix('Value error, ')}."

"""The demo shop's goods as values, read from the files beside this one."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from server.catalogue.rules import check_digit

FOLDER = Path(__file__).parent / "goods"
COLOURS = {
    "chestnut": ("Chestnut", "Castaño", "#7a4a2b"),
    "black": ("Black", "Negro", "#2b2b2b"),
    "moss": ("Moss", "Musgo", "#4f6b3a"),
    "sand": ("Sand", "Arena", "#c9ad7f"),
    "graphite": ("Graphite", "Grafito", "#55606b"),
    "berry": ("Berry", "Mora", "#8a2f55"),
    "sky": ("Sky", "Cielo", "#3f86b8"),
    "ember": ("Ember", "Brasa", "#c2502a"),
    "sun": ("Sun", "Sol", "#dfa62a"),
    "navy": ("Navy", "Marino", "#27406b"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One variant: its GTIN, size and colour (keys of `COLOURS`)."""

    gtin: str
    size: str | None
    colour: str


@dataclass(frozen=True, slots=True)
class Good:
    """One product of the demo shop, with its variants."""

    id: str
    kind: str
    category: str
    brand: str
    name: dict[str, str]
    about: dict[str, str]
    prices: dict[str, int]
    material: dict[str, str]
    grams: int
    pieces: tuple[Piece, ...]


@cache
def goods() -> tuple[Good, ...]:
    """Return all goods in the order of the file; GTINs are of the restricted range (prefix 20), by position."""
    made, number = [], 0
    with (FOLDER / "products.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="|"):
            pieces = []
            for colour in row["colours"].split(","):
                for size in row["sizes"].split(",") if row["sizes"] else [None]:
                    number += 1
                    pieces.append(Piece(_gtin(number), size, colour))
            made.append(_good(row, tuple(pieces)))
    return tuple(made)


def _gtin(number: int) -> str:
    digits = f"020{number:010d}"
    return f"{digits}{check_digit(digits)}"


def _good(row: dict[str, str], pieces: tuple[Piece, ...]) -> Good:
    return Good(
        id=row["id"],
        kind=row["kind"],
        category=row["category"],
        brand=row["brand"],
        name={"en": row["en"], "es": row["es"]},
        about={"en": row["about_en"], "es": row["about_es"]},
        prices={"EUR": int(row["eur"]), "GBP": int(row["gbp"])},
        material={"en": row["material_en"], "es": row["material_es"]},
        grams=int(row["grams"]),
        pieces=pieces,
    )


@cache
def categories() -> tuple[tuple[str, str | None, dict[str, str]], ...]:
    """Return `(id, parent, name)` of each category, parents first."""
    with (FOLDER / "categories.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="|"))
    return tuple((row["id"], row["parent"] or None, {"en": row["en"], "es": row["es"]}) for row in rows)

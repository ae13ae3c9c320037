"""What stands in the cells of a file, and the document they make: a column's dots are the document's levels. Pure.

`name.es` is the Spanish name; `details.materials.1.percent` is the share of the first material.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

_FORMULA = tuple("=+-@\t\r＝＋－＠")
_SEEN_THROUGH = " \u00a0\ufeff\u200b\n'\""
"""What a spreadsheet may skip before it looks whether a cell is a formula."""


def tame(cell: str) -> str:
    """Return a cell as it may be given out: one that a spreadsheet would run gets a quote before it."""
    return f"'{cell}" if _would_run(cell) else cell


def plain(cell: str) -> str:
    """Return a cell without the quote `tame` put before it."""
    return cell[1:] if cell.startswith("'") and _would_run(cell[1:]) else cell


def _would_run(cell: str) -> bool:
    return cell.lstrip(_SEEN_THROUGH).startswith(_FORMULA)


@lru_cache(maxsize=10_000)
def _steps(column: str) -> tuple[str, ...]:
    return tuple(column.split("."))


def nested(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the document of cells by column; empty ones say nothing, and numbered steps make lists.

    Raises `ValueError` where one column is a value and another a level below it.
    """
    tree: dict[str, Any] = {}
    for column, cell in cells.items():
        if cell:
            *path, last = _steps(column)
            at = tree
            for step in path:
                at = at.setdefault(step, {})
                if not isinstance(at, dict):
                    msg = f"{column} stands below {step}, which has a value of its own"
                    raise ValueError(msg)  # noqa: TRY004 - it is what the file says that is wrong
            at[last] = cell
    return {name: _listed(node) for name, node in tree.items()}


def _listed(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if all(name.isdecimal() for name in node):
        return [_listed(node[name]) for name in sorted(node, key=int)]
    return {name: _listed(child) for name, child in node.items()}


def flat(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells of a document by column: the inverse of `nested`, without what is empty."""
    cells: dict[str, str] = {}
    for name, value in document.items():
        _spread(name, value, cells)
    return cells


def _spread(column: str, value: Any, cells: dict[str, str]) -> None:
    if isinstance(value, Mapping):
        for name, child in value.items():
            _spread(f"{column}.{name}", child, cells)
    elif isinstance(value, list | tuple):
        for number, child in enumerate(value, 1):
            _spread(f"{column}.{number}", child, cells)
    elif value is not None and value != "":
        cells[column] = cell(value)


def cell(value: object) -> str:
    """Return a single value as a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)

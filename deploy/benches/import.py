"""Files of 100,000 rows taken in: seconds and peak memory of each, beside the same for 10,000 rows."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.files.sheets import write
from server.catalogue.models import Category
from server.catalogue.rules import house_number
from server.db import open_engine
from server.migrations import upgrade

SIZES = (10_000, 100_000)


def main(arguments: list[str]) -> int:
    """Print seconds by the clock and of a core, and peak megabytes; exit 1 at a minute or 500 MB."""
    parser = argparse.ArgumentParser(prog="deploy/bench import")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--url", help="a database that is empty but for its tables (else SQLite in a new file)")
    chosen = parser.parse_args(arguments)
    figures: dict[str, dict[str, float]] = {}
    for size in SIZES:
        with TemporaryDirectory() as folder:
            figures |= _measure(Path(folder), size, chosen.url if size == SIZES[-1] else None)
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, told in figures.items():
            print(f"{name:40}" + "  ".join(f"{figure:.1f} {what}" for what, figure in told.items()))
    return int(any(told["seconds"] >= 60 or told["MB with child"] >= 500 for told in figures.values()))


def _measure(folder: Path, size: int, url: str | None) -> dict[str, dict[str, float]]:
    url = url or f"sqlite:///{folder / 'shop.sqlite'}"
    second = f"sqlite:///{folder / 'second.sqlite'}"
    for shop in (url, second):
        _open_shop(shop)
    found: dict[str, dict[str, float]] = {}
    for shop, kind, ending, rows in (
        (url, "catalogue", "csv", _catalogue),
        (url, "prices", "csv", _prices),
        (url, "stock", "xlsx", _stock),
        (second, "catalogue", "xlsx", _catalogue),
    ):
        path = folder / f"{kind}.{ending}"
        write(path, lambda rows=rows: rows(size))
        for how in ("new", "again"):
            found[f"{size:,} rows of {kind}, {ending}, {how}"] = _take(shop, kind, path)
    return found


def _open_shop(url: str) -> None:
    upgrade(url)
    engine = open_engine(url)
    with Session(engine) as session, session.begin():
        session.add(Store(id="MAD", name="Madrid", time_zone="Europe/Madrid", currency="EUR", locale="es_ES"))
        session.add(Category(id="all", name={"en": "All"}))
    engine.dispose()


def _take(url: str, kind: str, path: Path) -> dict[str, float]:
    """Give a file to the command in a process of its own; the child of that process opens spreadsheets."""
    environment = {
        **os.environ,
        "SHELFTALKER_DATABASE_URL": url,
        "SHELFTALKER_SECRET_KEY": secrets.token_hex(32),
    }
    child = Path(__file__).with_name("import_child.py")
    started = time.perf_counter()
    told = path.with_suffix(".json")
    started_as = os.posix_spawn(
        sys.executable, [sys.executable, str(child), str(told), kind, str(path)], environment
    )
    _, status, usage = os.wait4(started_as, 0)
    seconds = time.perf_counter() - started
    if status:
        msg = f"the import of {path.name} ended with {status}"
        raise RuntimeError(msg)
    own, childs = json.loads(told.read_text())
    busy = usage.ru_utime + usage.ru_stime
    return {"seconds": seconds, "of a core": busy, "MB": own / 1024, "MB with child": (own + childs) / 1024}


def _numbers(size: int) -> Iterator[str]:
    last = None
    for _ in range(size):
        last = house_number(last)
        yield last


def _catalogue(size: int) -> Iterator[dict[str, str]]:
    for number, gtin in enumerate(_numbers(size)):
        product = f"product-{number // 4}"
        yield {
            "product": product,
            "category": "all",
            "brand": f"Brand {number // 4 % 50}",
            "name.en": f"Thing {number // 4}",
            "name.es": f"Cosa {number // 4}",
            "summary.en": f"A thing of some use, number {number // 4}, in four colours for every weather.",
            "summary.es": f"Una cosa útil, número {number // 4}, en cuatro colores para cualquier tiempo.",
            "details.origin": "PT",
            "details.materials.1.name.en": "Cotton",
            "details.materials.1.percent": "100",
            "gtin": gtin,
            "sku": f"sku-{number}",
            "size": str(36 + number % 4),
            "colour.en": ("Red", "Green", "Blue", "Black")[number % 4],
        }


def _prices(size: int) -> Iterator[dict[str, str]]:
    for number, gtin in enumerate(_numbers(size)):
        yield {"store": "MAD", "gtin": gtin, "price": f"{10 + number % 90}.{number % 100:02d}", "currency": "EUR"}


def _stock(size: int) -> Iterator[dict[str, str]]:
    for number in range(size):
        yield {"store": "MAD", "sku": f"sku-{number}", "count": str(number % 30)}

"""Catalogues of other shops come in through a map of their columns, and the same ones twice change nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from server.access.models import Store
from server.catalogue.models import Category, Price, Product, Stock, Variant
from server.catalogue.rules import gtin14
from tests.server.catalogue.shop_files import Shop

CATALOGUES = Path(__file__).resolve().parents[4] / "shared" / "data" / "catalogues"
pytestmark = pytest.mark.skipif(not CATALOGUES.is_dir(), reason="the outside catalogues are not on this machine")


def told(name: str, *, names: list[str] | None = None) -> list[dict[str, str]]:
    with (CATALOGUES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, names))


def twice(shop: Shop, kind: str, rows: Iterable[dict[str, str]], *more: str) -> None:
    """Give the file; everything is new. Give it again, a minute later: nothing changes."""
    file = shop.table(rows, f"{kind}.csv")
    first = shop.give(kind, file, *more)
    assert "0 changed, 0 unchanged, 0 refused" in first, first
    shop.clock.advance(60)
    assert "0 new, 0 changed" in shop.give(kind, file, *more)


def tree(paths: Iterable[str], parting: str) -> Iterator[dict[str, str]]:
    """Yield the categories of paths such as `Books > Fiction`, each under its whole path's name."""
    seen = set()
    for path in paths:
        steps = [step.strip() for step in path.split(parting)]
        for depth in range(1, len(steps) + 1):
            here, above = name_of(steps[:depth]), name_of(steps[: depth - 1])
            if here not in seen:
                seen.add(here)
                yield {"category": here, "parent": above, "name.en": steps[depth - 1]}


def name_of(steps: list[str]) -> str:
    return "-".join("".join(c if c.isalnum() else "-" for c in step.lower()) for step in steps)


def test_dotnet_eshop(shop: Shop) -> None:
    goods = json.loads((CATALOGUES / "dotnet_eshop" / "catalog.json").read_text("utf-8"))
    rows = [{name: str(value) for name, value in good.items()} for good in goods]
    for row in rows:
        row["Category"] = name_of([row["Type"]])
    twice(shop, "categories", tree((row["Type"] for row in rows), ">"))
    ours = {"product": "Id", "sku": "Id", "category": "Category", "brand": "Brand"}
    ours |= {"name.en": "Name", "summary.en": "Description"}
    twice(shop, "catalogue", rows, *columns(ours))
    twice(shop, "prices", rows, *columns({"sku": "Id", "price": "Price"}), "--value", "store=MAD")
    assert {row["id"] for row in shop.rows(Product)} >= {str(good["Id"]) for good in goods}
    assert len(shop.rows(Price, store_id="MAD")) == 3 + len(goods)


def columns(ours: dict[str, str]) -> list[str]:
    return [word for one, theirs in ours.items() for word in ("--column", f"{one}={theirs}")]


def test_oscar_books(shop: Shop) -> None:
    names = ["class", "path", "isbn", "title", "about", "partner", "sku", "price", "count"]
    books = {
        row["isbn"]: row
        for part in ("hacking", "essential", "computers-in-fiction")
        for row in told(f"oscar_books/books.{part}.csv", names=names)
    }
    for row in books.values():
        row["category"] = name_of([step.strip() for step in row["path"].split(">")])
    twice(shop, "categories", tree((row["path"] for row in books.values()), ">"))
    ours = {"product": "isbn", "gtin": "isbn", "sku": "sku", "category": "category"}
    ours |= {"name.en": "title", "summary.en": "about"}
    fixed = ["--value", "brand=Book partner", "--value", "discountable=no"]
    twice(shop, "catalogue", books.values(), *columns(ours), *fixed)
    here = ["--value", "store=MAD"]
    twice(shop, "stock", books.values(), *columns({"gtin": "isbn", "count": "count"}), *here)
    twice(shop, "prices", books.values(), *columns({"gtin": "isbn", "price": "price"}), *here)
    assert {row["gtin"] for row in shop.rows(Variant)} >= {gtin14(isbn) for isbn in books}


def test_spree_with_variants_and_translations(shop: Shop) -> None:
    words = {(row["slug"], row["locale"]): row for row in told("spree/product_translations.csv")}
    parents = {row["slug"]: row for row in told("spree/products.csv") if row["name"]}
    twice(shop, "categories", tree((row["category1"] for row in parents.values()), "->"))
    with_options = {row["slug"] for row in told("spree/products.csv") if row["option1_value"]}
    rows = [
        spree_row(row, parents[row["slug"]], words)
        for row in told("spree/products.csv")
        if row["option1_value"] or row["slug"] not in with_options
    ]
    rows = list({row["sku"]: row for row in rows}.values())
    twice(shop, "catalogue", rows)
    variants = shop.rows(Variant)
    assert {row["sku"] for row in variants} >= {row["sku"] for row in rows}
    [machine] = shop.rows(Product, id="automatic-espresso-machine")
    assert set(machine["name"]) == {"en", "de", "fr"}


def spree_row(
    row: dict[str, str], parent: dict[str, str], words: dict[tuple[str, str], dict[str, str]]
) -> dict[str, str]:
    made = {
        "product": row["slug"],
        "category": name_of([step.strip() for step in parent["category1"].split("->")]),
        "brand": "Spree",
        "name.en": parent["name"],
        "summary.en": parent["description"],
        "sku": row["sku"],
        "colour.en": row["option1_value"],
    }
    for language in ("de", "fr"):
        found = words.get((row["slug"], language), {})
        made |= {f"name.{language}": found.get("name", ""), f"summary.{language}": found.get("description", "")}
    return made


def test_sunrise_stores_and_categories(shop: Shop) -> None:
    stores = json.loads((CATALOGUES / "commercetools_sunrise" / "stores_tz.json").read_text("utf-8"))["stores"]
    rows = [
        {
            "store": store["key"],
            "name": store["city"],
            "time_zone": store["timezone"],
            "currency": store["currency"],
            "locale": f"en_{store['country']}",
            "longitude": str(store["lon_lat"][0]),
            "latitude": str(store["lon_lat"][1]),
            "hours.monday.1": "10:00-20:00",
        }
        for store in stores
    ]
    twice(shop, "stores", rows)
    assert {row["id"] for row in shop.rows(Store)} == {"MAD", "LON"} | {store["key"] for store in stores}
    theirs = told("commercetools_sunrise/categories.csv")
    by_number = {row["externalId"]: row["key"] for row in theirs}
    for row in theirs:
        row["parent"] = by_number.get(row["parentId"], "")
    ours = {"category": "key", "parent": "parent"} | {
        f"name.{code}": f"name.{code}" for code in ("de", "en", "it")
    }
    twice(shop, "categories", theirs, *columns(ours))
    assert {row["id"] for row in shop.rows(Category)} >= {row["key"] for row in theirs}


def test_sunrise_stock(shop: Shop) -> None:
    rows = list(islice(told("commercetools_sunrise/inventory.csv"), 3000))
    ours = {"product": "sku", "sku": "sku"}
    same = {"category": "feet", "brand": "Sunrise", "name.en": "Thing"}
    fixed = [word for name, value in same.items() for word in ("--value", f"{name}={value}")]
    twice(shop, "catalogue", rows, *columns(ours), *fixed)
    here = ["--value", "store=MAD"]
    twice(shop, "stock", rows, *columns({"sku": "sku", "count": "quantityOnStock"}), *here)
    gtins = {row["sku"]: row["gtin"] for row in shop.rows(Variant)}
    counts = {row["gtin"]: row["count"] for row in shop.rows(Stock, store_id="MAD")}
    assert {gtins[row["sku"]]: int(row["quantityOnStock"]) for row in rows}.items() <= counts.items()

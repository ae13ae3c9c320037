"""Files taken whole or not at all, judged row by row, taken back; the same file twice changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from server.access.models import Audit, Store
from server.catalogue.files import queries
from server.catalogue.files.kinds import KINDS, kind_of
from server.catalogue.files.models import Import
from server.catalogue.models import Category, ListedPrice, Price, PriceList, Product, ShelfPlace, Stock, Variant
from server.errors import Conflict, Invalid, NotFound
from tests.clock import NOW
from tests.server.catalogue.shop_files import Shop
from tests.shopfloor import BOOT_38, BOOT_39, SOCK

TENT = {
    "product": "tent",
    "category": "feet",
    "brand": "Own",
    "name.en": "Tent",
    "name.es": "Tienda",
    "gtin": "4006381333931",
    "sku": "tent-2",
    "details.origin": "PT",
    "details.materials.1.name.en": "Cotton",
    "details.materials.1.percent": "60",
    "details.materials.2.name.en": "Hemp",
    "details.materials.2.percent": "40",
    "axes.1.label.en": "Persons",
    "axes.1.value.en": "2",
}
TABLES = {
    "stores": [Store],
    "categories": [Category],
    "catalogue": [Product, Variant],
    "stock": [Stock],
    "prices": [Price],
    "pricelists": [PriceList],
    "listed": [ListedPrice],
    "places": [ShelfPlace],
}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_given_out_changes_nothing_when_it_comes_back(shop: Shop, kind: str, ending: str) -> None:
    shop.give("catalogue", shop.table([TENT]))
    winter = {"list": "winter", "name.en": "Winter", "currency": "EUR", "starts": "2026-12-01T00:00"}
    shop.give("pricelists", shop.table([winter]))
    shop.give("listed", shop.table([{"list": "winter", "gtin": SOCK, "price": "7.50"}]))
    before = {model: shop.rows(model) for model in TABLES[kind]}
    revisions = shop.revisions()
    exported = shop.export(kind, f"out.{ending}")
    dry = shop.give(kind, exported, "--dry-run")
    assert "0 new, 0 changed" in dry
    assert "0 refused" in dry
    assert "Nothing had to be changed" in shop.give(kind, exported)
    assert {model: shop.rows(model) for model in TABLES[kind]} == before
    assert shop.revisions() == revisions


def test_a_product_comes_in_whole_and_goes_again(shop: Shop) -> None:
    before = shop.rows(Product), shop.rows(Variant)
    assert "1 new" in shop.give("catalogue", shop.table([TENT]))
    [tent] = shop.rows(Product, id="tent")
    assert tent["name"] == {"en": "Tent", "es": "Tienda"}
    assert tent["details"] == {
        "origin": "PT",
        "materials": [
            {"name": {"en": "Cotton"}, "percent": "60"},
            {"name": {"en": "Hemp"}, "percent": "40"},
        ],
    }
    [variant] = shop.rows(Variant, product_id="tent")
    assert (variant["gtin"], variant["axes"]) == (
        "04006381333931",
        [{"label": {"en": "Persons"}, "value": {"en": "2"}}],
    )
    assert "taken back" in shop.undo(1)
    assert (shop.rows(Product), shop.rows(Variant)) == before


def test_the_same_file_twice_changes_nothing(shop: Shop) -> None:
    file = shop.table([TENT])
    shop.give("catalogue", file)
    revisions = shop.revisions()
    assert "1 unchanged" in shop.give("catalogue", file)
    assert shop.revisions() == revisions
    assert [row["id"] for row in shop.rows(Import)] == [1]


def test_one_bad_row_and_none_is_taken(shop: Shop) -> None:
    before = shop.rows(Stock)
    rows = [
        {"store": "MAD", "gtin": BOOT_38, "count": "7"},
        {"store": "MAD", "gtin": BOOT_39, "count": "-1"},
        {"store": "NIX", "gtin": BOOT_39, "count": "1"},
        {"store": "MAD", "gtin": "4006381333930", "count": "1"},
        {"store": "MAD", "gtin": "4006381333931", "count": "1"},
    ]
    dry = shop.give("stock", shop.table(rows), "--dry-run")
    assert "row 2: changed: count: 5 → 7; counted_at" in dry
    assert "row 3: refused: count '-1': Input should be greater than or equal to 0." in dry
    assert "row 4: refused: there is no store NIX." in dry
    assert "row 5: refused: 4006381333930 is no GTIN: its last digit should be 1." in dry
    assert "row 6: refused: there is no gtin 04006381333931." in dry
    with pytest.raises(Invalid, match="4 rows cannot be taken, so none was: row 3"):
        shop.give("stock", shop.table(rows))
    assert shop.rows(Stock) == before


def test_a_column_left_out_leaves_what_is_stored_and_an_empty_cell_empties_it(shop: Shop) -> None:
    shop.give("catalogue", shop.table([TENT]))
    shop.give("catalogue", shop.table([{"product": "tent", "sku": "tent-2", "name.es": "", "brand": "Other"}]))
    [tent] = shop.rows(Product, id="tent")
    assert (tent["name"], tent["brand"], tent["details"]["origin"]) == ({"en": "Tent"}, "Other", "PT")


def test_variants_may_leave_their_product_empty_but_not_contradict_it(shop: Shop) -> None:
    second = dict.fromkeys(TENT, "") | {"product": "tent", "sku": "tent-3", "gtin": "96385074"}
    assert "2 new" in shop.give("catalogue", shop.table([TENT, second]))
    assert len(shop.rows(Variant, product_id="tent")) == 2
    third = second | {"sku": "tent-4", "gtin": "614141000036", "brand": "Another"}
    dry = shop.give("catalogue", shop.table([TENT, third]), "--dry-run")
    assert "row 3: refused: it is not what row 2 says of the same product: brand: Own → Another." in dry


def test_an_article_without_gtin_gets_a_number_of_the_shops_own_and_keeps_it(shop: Shop) -> None:
    file = shop.table([TENT | {"gtin": ""}, TENT | {"gtin": "", "sku": "tent-3"}])
    shop.give("catalogue", file)
    numbers = {row["sku"]: row["gtin"] for row in shop.rows(Variant, product_id="tent")}
    assert numbers == {"tent-2": "02000000000053", "tent-3": "02000000000060"}
    assert "2 unchanged" in shop.give("catalogue", file)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"details.materials.2.percent": "50"}, "details: the shares of the materials make 110 %, not 100 %."),
        ({"details.materials.2.percent": "30"}, "make 90 %"),
        ({"category": "none"}, "there is no category none."),
        ({"sku": BOOT_38}, f"sku {BOOT_38} belongs to {BOOT_38}."),
        ({"colour_code": "red"}, "colour_code 'red'"),
        ({"brand": ""}, "brand is empty; it is needed."),
        ({"nmae.en": "x"}, "nmae: there is no such column."),
        ({"name": "x"}, "stands below name"),
        ({"withdrawn_at": "2026-01-01T10:00"}, "withdrawn_at"),
        ({"content": "3"}, "content needs content_unit"),
        ({"details.food.nutrition.per": "100 g"}, "details.food.nutrition.energy_kj is empty"),
        ({"details.links.1.kind": "dpp", "details.links.1.address": "javascript:1"}, "details.links.1.address"),
    ],
)
def test_what_cannot_be_is_refused_in_words(shop: Shop, more: dict[str, str], words: str) -> None:
    assert words in shop.give("catalogue", shop.table([more | TENT | more]), "--dry-run")


def test_categories_come_in_any_order_but_in_no_circle(shop: Shop) -> None:
    rows = [
        {"category": "boots", "parent": "shoes", "name.en": "Boots"},
        {"category": "shoes", "parent": "feet", "name.en": "Shoes"},
    ]
    assert "2 new" in shop.give("categories", shop.table(rows))
    circle = shop.table([{"category": "feet", "parent": "boots", "name.en": "Feet"}])
    dry = shop.give("categories", circle, "--dry-run")
    assert "row 2: refused: feet would stand above itself: feet < boots < shoes < feet." in dry
    orphan = shop.table([{"category": "hats", "parent": "heads", "name.en": "Hats"}])
    assert "there is no category heads." in shop.give("categories", orphan, "--dry-run")
    shop.undo(1)
    assert [row["id"] for row in shop.rows(Category)] == ["all", "feet"]


def test_an_earlier_count_does_not_replace_a_later_one(shop: Shop) -> None:
    row = {"store": "MAD", "gtin": SOCK, "count": "3"}
    early = row | {"counted_at": (NOW - timedelta(days=1)).isoformat()}
    assert "1 unchanged" in shop.give("stock", shop.table([early]))
    assert "1 changed" in shop.give("stock", shop.table([row]))
    [stock] = shop.rows(Stock, gtin=SOCK)
    assert (stock["count"], stock["counted_at"]) == (3, NOW)
    late = row | {"counted_at": (NOW + timedelta(days=1)).isoformat()}
    assert "refused: counted_at" in shop.give("stock", shop.table([late]), "--dry-run")


def test_undo_leaves_what_was_changed_since(shop: Shop) -> None:
    rows = [{"store": "MAD", "gtin": gtin, "count": "9"} for gtin in (BOOT_38, SOCK)]
    shop.give("stock", shop.table(rows))
    with Session(shop.engine) as session, session.begin():
        session.execute(update(Stock).where(Stock.gtin == SOCK).values(count=2))
    said = shop.undo(1)
    assert f"left as it is: stock MAD {SOCK} was changed since." in said
    assert {row["gtin"]: row["count"] for row in shop.rows(Stock)} == {BOOT_38: 5, BOOT_39: 0, SOCK: 2}
    with pytest.raises(Conflict, match="taken back already"):
        shop.undo(1)
    with pytest.raises(NotFound):
        shop.undo(2)


def test_what_is_in_use_is_not_taken_back(shop: Shop) -> None:
    shop.give("catalogue", shop.table([TENT]))
    shop.give("stock", shop.table([{"store": "MAD", "sku": "tent-2", "count": "1"}]))
    with pytest.raises(Conflict, match="in use by now"):
        shop.undo(1)
    assert shop.rows(Product, id="tent")


def test_an_import_between_makes_the_other_begin_again(shop: Shop) -> None:
    rows = [(2, {"store": "MAD", "gtin": SOCK, "count": "1"})]
    with Session(shop.engine) as session, session.begin():
        examined = queries.examine(session, kind_of("stock"), rows, now=NOW)
    shop.give("stock", shop.table([{"store": "MAD", "gtin": BOOT_38, "count": "8"}]))
    with (
        Session(shop.engine) as session,
        pytest.raises(Conflict, match="Another import was applied meanwhile"),
    ):
        queries.apply(session, examined, queries.File("late.csv", ""), staff_id=None, now=NOW)


def test_their_columns_may_have_other_names(shop: Shop) -> None:
    file = shop.file("article;on hand;what else\r\n" + f"{SOCK};4;x\r\n")
    shop.give("stock", file, "--column", "gtin=article", "--column", "count=on hand", "--value", "store=MAD")
    assert [row["count"] for row in shop.rows(Stock, gtin=SOCK)] == [4]
    with pytest.raises(Invalid, match="The file has no column stock; it has article, on hand, what else"):
        shop.give("stock", file, "--column", "count=stock")


def test_an_import_is_in_the_audit_and_raises_the_revision_of_its_store_only(shop: Shop) -> None:
    before = shop.revisions()
    shop.give("stock", shop.table([{"store": "MAD", "gtin": SOCK, "count": "1"}]))
    assert shop.revisions() == before | {"MAD": before.get("MAD", 0) + 1, "imports": 1}
    assert [(row["action"], row["subject"]) for row in shop.rows(Audit)] == [("import applied", "import:1")]

"""The demo shop is whole: goods in two languages, safe drawings, promotions that can be, visits that repeat."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.catalogue.rules import gtin14
from server.promotions.checking import check
from server.promotions.models import Promotion
from server.timeline.models import Event
from shop.draw import draw_all, picture_of
from shop.goods import categories, goods
from shop.stock_up import demo_tags, stock_up
from shop.stories import SIGNS, STORES, promotions
from shop.visits import play
from tests.clock import NOW

SAFE = {"svg", "rect", "path", "circle", "ellipse", "g"}


def test_the_goods_are_enough_and_each_has_both_languages() -> None:
    ids = [good.id for good in goods()]
    gtins = [piece.gtin for good in goods() for piece in good.pieces]
    assert len(ids) == len(set(ids)) >= 80
    assert len(gtins) == len(set(gtins))
    assert all(gtin14(gtin) == gtin and gtin.startswith("02") for gtin in gtins)
    texts = [t for good in goods() for t in (good.name, good.about, good.material)]
    texts += [name for _, _, name in categories()] + [story.title for story in SIGNS.values()]
    assert all(text["en"].strip() and text["es"].strip() for text in texts)
    assert {good.category for good in goods()} <= {key for key, _, _ in categories()}


def test_signs_and_promotions_name_what_there_is_and_can_be() -> None:
    known = {good.id for good in goods()}
    assert {product for sign in SIGNS.values() for product in sign.products} <= known
    made = [Promotion(**columns) for columns in promotions(NOW.date())]
    assert len({promotion.id for promotion in made}) >= 12
    for promotion in made:
        rule = check(promotion)
        assert set(rule.products) <= known
        assert set(rule.stores) <= set(STORES)


def test_drawings_are_plain_shapes_and_named_by_their_content(tmp_path: Path) -> None:
    names = draw_all(tmp_path)
    assert names == draw_all(tmp_path)
    for name in names.values():
        root = ET.parse(tmp_path / name).getroot()  # noqa: S314 - our own drawing
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= SAFE
        assert not any(a in {"style", "href"} or a.startswith("on") for e in root.iter() for a in e.attrib)
    assert len({picture_of(good) for good in goods()}) == len(goods())


def test_the_same_moment_makes_the_same_shop_on_both_engines(session: Session, tmp_path: Path) -> None:
    stock_up(session, media=tmp_path, now=NOW)
    count = play(session, now=NOW, visits=50)
    events = {(e.id, e.product_id) for e in session.scalars(select(Event))}
    assert len(events) == count
    session.query(Event).delete()
    play(session, now=NOW, visits=50)
    assert {(e.id, e.product_id) for e in session.scalars(select(Event))} == events
    assert all(e.corrected_at < NOW - timedelta(minutes=5) for e in session.scalars(select(Event)))
    assert len({tag.uid for tag in demo_tags()}) == len(goods()) + len(SIGNS)

"""What the tests of the shopper's screen show on it: every view, and the sizes of screens."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kiosk.screen import Attract, Looking, Notice, Showing, Starting, View
from server.wire import Money, Offer, PersonCard, Place, PriceLine, SignCard, Tile, UnknownCard, VariantLine
from tests.clock import NOW
from tests.kiosk.stand_ins import card

TAP = UUID(int=1)
EURO = PriceLine(now=Money(minor=15120, currency="EUR"), was=Money(minor=18900, currency="EUR"), percent_off=20)
TILES = tuple(
    Tile(
        product_id=f"p{n}",
        name={"en": f"Thing {n}", "es": f"Cosa {n}"},
        picture=None,
        price=EURO,
        reason={"en": "Often looked at after Boot", "es": "Muchos lo miran después de Bota"},
    )
    for n in range(4)
)
FULL = card(
    price=EURO,
    offers=(Offer(promotion_id="o", headline={"en": "Autumn"}, condition={"en": "Take two"}, ends_at=NOW),),
    variants=tuple(
        VariantLine(
            gtin="02000000000015",
            size=str(n),
            colour={"en": "Red"},
            colour_code="#aa0000",
            in_stock=n % 3,
            price=None,
        )
        for n in range(36, 44)
    ),
    place=Place(zone={"en": "Hall"}, fixture={"en": "bay 2"}, shelf=3),
    stock_checked_at=NOW,
)
SIGN = SignCard(
    sign_id="s", title={"en": "Rain"}, body={"en": "Dry"}, tiles=TILES, true_from=NOW, true_until=NOW, revision=1
)
LIVE = Showing(TAP, FULL, TILES, live=True, as_of=NOW)
VIEWS: dict[str, View] = {
    "attract": Attract(),
    "starting": Starting(),
    "looking": Looking(TAP),
    "product": LIVE,
    "remembered": replace(LIVE, live=False),
    "expired": replace(LIVE, live=False, price_expired=True),
    "withdrawn": replace(LIVE, card=card(withdrawn=True, notice={"en": "Bring it back"})),
    "no price": replace(LIVE, card=card(price=None)),
    "sign": Showing(TAP, SIGN, (), live=True, as_of=NOW),
    "unknown": Showing(TAP, UnknownCard(), (), live=True, as_of=NOW),
    "asked": Showing(TAP, PersonCard(), (), live=True, as_of=NOW),
    "another's": Showing(TAP, PersonCard(taken=True), (), live=True, as_of=NOW),
    "foreign": Notice("foreign"),
    "collision": Notice("collision"),
    "hold still": Notice("hold_still"),
    "not known offline": Notice("not_known_offline"),
}
SIZES = {"small": (800, 480), "wide": (1280, 800), "tall": (720, 1280), "large": (1080, 1920)}

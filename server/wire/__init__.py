"""What the kiosk and the server say to each other: frozen types, no IO.

Texts are given in every language the shop has (`Text`), so that a shopper may change the language
with the server away. Money is integer minor units with its currency. Times are aware and in UTC.
"""

from __future__ import annotations

from server.wire.answers import (
    MAX_BATCH,
    Batch,
    BatchAnswer,
    OfferedThere,
    OffersHere,
    Refusal,
    Shelf,
    SizesHere,
    TagMeaning,
    TapAnswer,
)
from server.wire.cards import (
    USUAL_DAYS,
    Card,
    Elsewhere,
    Fact,
    Offer,
    Open,
    Picture,
    Place,
    PriceLine,
    ProductCard,
    ReadOn,
    SignCard,
    Tile,
    UnitPrice,
    UnknownCard,
    VariantLine,
)
from server.wire.home import HomeLine, HomeList
from server.wire.kiosks import Heartbeat, ReaderRecord
from server.wire.listed import ListThere, TileThere
from server.wire.people import CONSENT_TEXT, PURPOSES, STORY_TEXT, PersonCard, PersonChoice, Purpose, StoryChoice
from server.wire.phone import (
    HandOverAsked,
    HandOverOffer,
    HandOverReply,
    HandOverSign,
    HandOverState,
    Introduced,
    SaidBy,
)
from server.wire.remembered import ListsFrom, PricesFrom, PriceThen
from server.wire.showed import Showed, ShownPrice, Versions
from server.wire.taps import DeskRead, Outcome, StaffCall, Tap, VisitEnd
from server.wire.values import Frozen, Gtin, Moment, Money, Text, Uid, Whole, uuid7, words
from server.wire.writing import locale_for, written

MAX_BODY = 256 * 1024  # Bytes of body the server reads on any route of the API.

__all__ = [
    "CONSENT_TEXT",
    "MAX_BATCH",
    "MAX_BODY",
    "PURPOSES",
    "STORY_TEXT",
    "USUAL_DAYS",
    "Batch",
    "BatchAnswer",
    "Card",
    "DeskRead",
    "Elsewhere",
    "Fact",
    "Frozen",
    "Gtin",
    "HandOverAsked",
    "HandOverOffer",
    "HandOverReply",
    "HandOverSign",
    "HandOverState",
    "Heartbeat",
    "HomeLine",
    "HomeList",
    "Introduced",
    "ListThere",
    "ListsFrom",
    "Moment",
    "Money",
    "Offer",
    "OfferedThere",
    "OffersHere",
    "Open",
    "Outcome",
    "PersonCard",
    "PersonChoice",
    "Picture",
    "Place",
    "PriceLine",
    "PriceThen",
    "PricesFrom",
    "ProductCard",
    "Purpose",
    "ReadOn",
    "ReaderRecord",
    "Refusal",
    "SaidBy",
    "Shelf",
    "Showed",
    "ShownPrice",
    "SignCard",
    "SizesHere",
    "StaffCall",
    "StoryChoice",
    "TagMeaning",
    "Tap",
    "TapAnswer",
    "Text",
    "Tile",
    "TileThere",
    "Uid",
    "UnitPrice",
    "UnknownCard",
    "VariantLine",
    "Versions",
    "VisitEnd",
    "Whole",
    "locale_for",
    "uuid7",
    "words",
    "written",
]

"""What stands among the facts of a card: what may harm, what it is made of, how to treat it, whence it is."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale

from server.catalogue.details import Allergen, Details, Food, Level, Material
from server.catalogue.models import Product
from server.catalogue.queries import ProductRow
from server.texts import LANGUAGES, in_every_language, mark
from server.wire import Fact, Text, words

ALLERGENS = {
    Allergen.GLUTEN: mark("cereals containing gluten"),
    Allergen.CRUSTACEANS: mark("crustaceans"),
    Allergen.EGGS: mark("eggs"),
    Allergen.FISH: mark("fish"),
    Allergen.PEANUTS: mark("peanuts"),
    Allergen.SOYBEANS: mark("soybeans"),
    Allergen.MILK: mark("milk"),
    Allergen.NUTS: mark("nuts"),
    Allergen.CELERY: mark("celery"),
    Allergen.MUSTARD: mark("mustard"),
    Allergen.SESAME: mark("sesame"),
    Allergen.SULPHITES: mark("sulphites"),
    Allergen.LUPIN: mark("lupin"),
    Allergen.MOLLUSCS: mark("molluscs"),
}
LEVELS = {
    Level.CONTAINS: mark("Contains"),
    Level.MAY_CONTAIN: mark("May contain"),
    Level.FREE_FROM: mark("Free from"),
}
NOTHING = Details()
MADE_OF, CARE, MADE_IN, INGREDIENTS = mark("Made of"), mark("Care"), mark("Made in"), mark("Ingredients")


def facts_of(product: Product | ProductRow) -> tuple[Fact, ...]:
    """Return the facts of a product in every language, ready for its card."""
    details = Details.model_validate(product.details) if product.details else NOTHING
    told = [Fact.model_validate(fact) for fact in product.facts]
    return (*(_food(details.food) if details.food else ()), *told, *_things(details))


def _food(food: Food) -> Iterator[Fact]:
    for level, label in LEVELS.items():
        named = [in_every_language(ALLERGENS[one.allergen]) for one in food.allergens if one.level is level]
        if named:
            yield Fact(label=in_every_language(label), value=_joined(named))
    if food.ingredients:
        yield Fact(label=in_every_language(INGREDIENTS), value=food.ingredients)


def _things(details: Details) -> Iterator[Fact]:
    if details.materials:
        yield Fact(label=in_every_language(MADE_OF), value=_joined([_material(m) for m in details.materials]))
    for one in details.attributes:
        amount = f"{one.amount.normalize():f} {one.unit}".strip()
        yield Fact(label=one.name, value=dict.fromkeys(LANGUAGES, amount))
    if details.care:
        yield Fact(label=in_every_language(CARE), value=_joined(list(details.care)))
    if details.origin:
        origin = {code: Locale(code).territories.get(details.origin, details.origin) for code in LANGUAGES}
        yield Fact(label=in_every_language(MADE_IN), value=origin)


def _material(material: Material) -> Text:
    share = f"{material.percent.normalize():f} % " if material.percent is not None else ""
    return {
        code: f"{words(material.part, code)}{': ' if material.part else ''}{share}{words(material.name, code)}"
        for code in LANGUAGES
    }


def _joined(texts: list[Text]) -> Text:
    return {code: ", ".join(words(text, code) for text in texts) for code in LANGUAGES}

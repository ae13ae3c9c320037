"""A product as linked data: schema.org for everybody, the GS1 Web Vocabulary 1.16 for those who trade. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from server.catalogue.details import Allergen, Details, Food, Level, Nutrition
from server.catalogue.models import Product, Variant
from server.wire import Text

Node = dict[str, Any]

CONTEXT = {"schema": "https://schema.org/", "gs1": "https://ref.gs1.org/voc/"}
RESOLVER = "https://id.gs1.org"
UNITS = {"g": "GRM", "kg": "KGM", "ml": "MLT", "cl": "CLT", "l": "LTR", "m": "MTR", "m2": "MTK", "piece": "H87"}
"""UN/ECE Recommendation 20 codes of the units of content."""

ALLERGENS = {
    Allergen.GLUTEN: "AW",
    Allergen.CRUSTACEANS: "AC",
    Allergen.EGGS: "AE",
    Allergen.FISH: "AF",
    Allergen.PEANUTS: "AP",
    Allergen.SOYBEANS: "AY",
    Allergen.MILK: "AM",
    Allergen.NUTS: "AN",
    Allergen.CELERY: "BC",
    Allergen.MUSTARD: "BM",
    Allergen.SESAME: "AS",
    Allergen.SULPHITES: "AU",
    Allergen.LUPIN: "NL",
    Allergen.MOLLUSCS: "UM",
}
LEVELS = {Level.CONTAINS: "CONTAINS", Level.MAY_CONTAIN: "MAY_CONTAIN", Level.FREE_FROM: "FREE_FROM"}
NUTRIENTS = {
    "fat": "gs1:fatPerNutrientBasis",
    "saturates": "gs1:saturatedFatPerNutrientBasis",
    "carbohydrate": "gs1:carbohydratesPerNutrientBasis",
    "sugars": "gs1:sugarsPerNutrientBasis",
    "protein": "gs1:proteinPerNutrientBasis",
    "salt": "gs1:saltPerNutrientBasis",
    "fibre": "gs1:fibrePerNutrientBasis",
}


def linked(product: Product, variants: Iterable[Variant], media: str) -> Node:
    """Return the JSON-LD of a product with its variants; `media` is the address its pictures' names follow."""
    return {
        "@context": CONTEXT,
        "@type": "schema:ProductGroup",
        "schema:productGroupID": product.id,
        "schema:name": _texts(product.name),
        "schema:description": _texts(product.summary),
        "schema:brand": {"@type": "schema:Brand", "schema:name": product.brand},
        "schema:image": [{"@id": media + picture["name"]} for picture in product.pictures],
        "schema:hasVariant": [_variant(product, variant, media) for variant in variants],
    }


def _variant(product: Product, variant: Variant, media: str) -> Node:
    details = Details.model_validate(product.details)
    node: Node = {
        "@id": f"{RESOLVER}/01/{variant.gtin}",
        "@type": ["schema:Product", "gs1:FoodBeverageTobaccoProduct" if details.food else "gs1:Product"],
        "schema:gtin14": variant.gtin,
        "gs1:gtin": variant.gtin,
        "schema:sku": variant.sku,
        "schema:name": _texts(product.name),
        "gs1:productName": _texts(product.name),
        "gs1:productDescription": _texts(product.summary),
        "gs1:brand": {"@type": "gs1:Brand", "gs1:brandName": _texts({"und": product.brand})},
        "gs1:image": [_picture(media + picture["name"]) for picture in product.pictures],
        "schema:size": variant.size,
        "schema:color": _texts(variant.colour or {}),
        "gs1:colourDescription": _texts(variant.colour or {}),
        "schema:additionalProperty": [*_axes(variant), *_attributes(details)],
        "gs1:netContent": _amount(variant.content, UNITS[variant.content_unit]) if variant.content_unit else None,
        "schema:material": [text for material in details.materials for text in _texts(material.name)],
        "gs1:countryOfOrigin": {"@type": "gs1:Country", "gs1:countryCode": details.origin}
        if details.origin
        else None,
        **{f"gs1:{link.kind}": {"@id": link.address} for link in details.links},
        **(_food(details.food) if details.food else {}),
    }
    return {name: value for name, value in node.items() if value not in (None, [], {})}


def _texts(text: Text) -> list[Node]:
    return [{"@language": language, "@value": words} for language, words in sorted(text.items())]


def _picture(address: str) -> Node:
    return {"@type": "gs1:ReferencedFileDetails", "gs1:referencedFileURL": {"@id": address}}


def _amount(value: Decimal | None, unit: str, kind: str = "gs1:QuantitativeValue") -> Node | None:
    return None if value is None else {"@type": kind, "gs1:value": float(value), "gs1:unitCode": unit}


def _axes(variant: Variant) -> Iterator[Node]:
    for axis in variant.axes:
        yield {
            "@type": "schema:PropertyValue",
            "schema:name": _texts(axis["label"]),
            "schema:value": _texts(axis["value"]),
        }


def _attributes(details: Details) -> Iterator[Node]:
    for one in details.attributes:
        yield {
            "@type": "schema:PropertyValue",
            "schema:name": _texts(one.name),
            "schema:value": float(one.amount),
            "schema:unitText": one.unit,
        }


def _food(food: Food) -> Node:
    allergens = [
        {
            "@type": "gs1:AllergenDetails",
            "gs1:allergenType": {"@id": f"gs1:AllergenTypeCode-{ALLERGENS[one.allergen]}"},
            "gs1:allergenLevelOfContainmentCode": {"@id": f"gs1:LevelOfContainmentCode-{LEVELS[one.level]}"},
        }
        for one in food.allergens
    ]
    node: Node = {"gs1:ingredientStatement": _texts(food.ingredients), "gs1:hasAllergen": allergens}
    return node | (_nutrition(food.nutrition) if food.nutrition else {})


def _nutrition(nutrition: Nutrition) -> Node:
    grams = {
        name: _amount(getattr(nutrition, field), "GRM", "gs1:NutritionMeasurementType")
        for field, name in NUTRIENTS.items()
    }
    basis = "GRM" if nutrition.per == "100 g" else "MLT"
    return {
        "gs1:nutrientBasisQuantity": _amount(Decimal(100), basis),
        "gs1:energyPerNutrientBasis": _amount(nutrition.energy_kj, "KJO", "gs1:NutritionMeasurementType"),
        **grams,
    }

"""What a product is made of, where it is from, what is in it and where to read on: checked before it is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from server.wire import Frozen, ReadOn, Text

Words = Annotated[Text, Field(min_length=1)]
Amount = Annotated[Decimal, Field(ge=0, le=10**9, allow_inf_nan=False)]
Share = Annotated[Decimal, Field(gt=0, le=100, allow_inf_nan=False)]
Address = Annotated[str, StringConstraints(pattern=r"^https://[^\s\x00]{1,2000}$")]


class Attribute(Frozen):
    """A measured property: name, amount and unit (`g`, `mm`, `h`…). What is only words is a fact."""

    name: Words
    amount: Amount
    unit: Annotated[str, StringConstraints(max_length=16)] = ""


class Material(Frozen):
    """A material, the part it makes where it does not make all, and its share of that part in percent."""

    name: Words
    part: Text = Field(default_factory=dict)
    percent: Share | None = None


class Allergen(StrEnum):
    """What must be declared in food (Regulation (EU) 1169/2011, Annex II)."""

    GLUTEN = "gluten"
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    PEANUTS = "peanuts"
    SOYBEANS = "soybeans"
    MILK = "milk"
    NUTS = "nuts"
    CELERY = "celery"
    MUSTARD = "mustard"
    SESAME = "sesame"
    SULPHITES = "sulphites"
    LUPIN = "lupin"
    MOLLUSCS = "molluscs"


class Level(StrEnum):
    """How sure an allergen is in it."""

    CONTAINS = "contains"
    MAY_CONTAIN = "may contain"
    FREE_FROM = "free from"


class AllergenLevel(Frozen):
    """One allergen, and how sure it is in the food."""

    allergen: Allergen
    level: Level = Level.CONTAINS


class Nutrition(Frozen):
    """What is in 100 g or 100 ml, in grams but for the energy (Regulation (EU) 1169/2011, Annex XV)."""

    per: Annotated[str, StringConstraints(pattern=r"^100 (g|ml)$")] = "100 g"
    energy_kj: Amount
    fat: Amount
    saturates: Amount
    carbohydrate: Amount
    sugars: Amount
    protein: Amount
    salt: Amount
    fibre: Amount | None = None

    @model_validator(mode="after")
    def _parts_fit_the_whole(self) -> Self:
        for part, whole in (("saturates", "fat"), ("sugars", "carbohydrate")):
            if getattr(self, part) > getattr(self, whole):
                msg = f"{part} cannot be more than {whole}"
                raise ValueError(msg)
        return self


class Food(Frozen):
    """What is in a food."""

    ingredients: Text = Field(default_factory=dict)
    allergens: tuple[AllergenLevel, ...] = ()
    nutrition: Nutrition | None = None


class LinkKind(StrEnum):
    """Where a link leads, by the link types of the GS1 Web Vocabulary."""

    PASSPORT = "dpp"
    SUSTAINABILITY = "sustainabilityInfo"
    INSTRUCTIONS = "instructions"
    RECALL = "recallStatus"
    SAFETY = "safetyInfo"
    SERVICE = "serviceInfo"


class Link(Frozen):
    """A page to read on: its kind and its address."""

    kind: LinkKind
    address: Address


class Details(Frozen):
    """Everything of a product beyond its name, pictures and facts."""

    attributes: tuple[Attribute, ...] = ()
    materials: tuple[Material, ...] = ()
    care: tuple[Words, ...] = ()
    origin: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None  # ISO 3166-1.
    food: Food | None = None
    links: tuple[Link, ...] = ()

    @model_validator(mode="after")
    def _shares_make_a_whole(self) -> Self:
        parts: dict[str, list[Decimal | None]] = defaultdict(list)
        for material in self.materials:
            parts[str(sorted(material.part.items()))].append(material.percent)
        for shares in parts.values():
            given = [share for share in shares if share is not None]
            if sum(given) > 100 or (len(given) == len(shares) and sum(given) != 100):
                msg = f"the shares of the materials make {sum(given)} %, not 100 %"
                raise ValueError(msg)
        return self


def read_on(details: Mapping[str, Any]) -> tuple[ReadOn, ...]:
    """Return the pages for a shopper's own phone, of a product's details as its row has them."""
    return tuple(ReadOn.model_validate(link) for link in details.get("links", ()))

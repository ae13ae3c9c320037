"""When a store is open by its own clock; what a product's details may say, and how its card tells them."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from pydantic import ValidationError

from server.catalogue.details import Details
from server.catalogue.facts import facts_of
from server.catalogue.hours import OpeningHours, closes_at
from server.catalogue.models import Product

HOURS = OpeningHours.model_validate(
    {"monday": ["09:30-14:00", "17:00-20:00"], "friday": ["18:00-24:00"], "except_on": {"2026-12-28": []}}
)


@pytest.mark.parametrize(
    ("written", "closes"),
    [
        ("2026-11-23T09:29", None),
        ("2026-11-23T09:30", time(14)),
        ("2026-11-23T13:59", time(14)),
        ("2026-11-23T14:00", None),
        ("2026-11-24T10:00", None),
        ("2026-11-27T23:59", time(0)),
        ("2026-12-28T10:00", None),
    ],
)
def test_a_store_is_open_within_its_spans(written: str, closes: time | None) -> None:
    local = datetime.fromisoformat(written)
    assert closes_at(HOURS, local) == closes
    assert HOURS.open_at(local) is (closes is not None)


@pytest.mark.parametrize("spans", [["14:00-09:00"], ["09:00-14:00", "13:00-15:00"], ["9-14"], ["25:00-26:00"]])
def test_spans_that_cannot_be_are_refused(spans: list[str]) -> None:
    with pytest.raises(ValidationError):
        OpeningHours.model_validate({"monday": spans})


def test_the_card_tells_what_may_harm_first() -> None:
    details = Details.model_validate(
        {
            "origin": "PT",
            "care": [{"en": "Wash cold", "es": "Lavar en frío"}],
            "materials": [
                {
                    "name": {"en": "Leather", "es": "Piel"},
                    "part": {"en": "Upper", "es": "Corte"},
                    "percent": "100",
                },
                {"name": {"en": "Wool", "es": "Lana"}, "part": {"en": "Lining", "es": "Forro"}},
            ],
            "attributes": [{"name": {"en": "Weight", "es": "Peso"}, "amount": "240", "unit": "g"}],
            "food": {
                "ingredients": {"en": "Milk, sugar"},
                "allergens": [{"allergen": "milk"}, {"allergen": "nuts", "level": "may contain"}],
            },
        }
    )
    plain = {"label": {"en": "Season", "es": "Temporada"}, "value": {"en": "Winter", "es": "Invierno"}}
    product = Product(id="x", facts=[plain], details=details.model_dump(mode="json", exclude_defaults=True))
    told = {code: [(f.label[code], f.value.get(code)) for f in facts_of(product)] for code in ("en", "es")}
    assert told["en"] == [
        ("Contains", "milk"),
        ("May contain", "nuts"),
        ("Ingredients", "Milk, sugar"),
        ("Season", "Winter"),
        ("Made of", "Upper: 100 % Leather, Lining: Wool"),
        ("Weight", "240 g"),
        ("Care", "Wash cold"),
        ("Made in", "Portugal"),
    ]
    assert told["es"][:2] == [("Contiene", "leche"), ("Puede contener", "frutos de cáscara")]
    assert told["es"][4] == ("Hecho de", "Corte: 100 % Piel, Forro: Lana")

"""When a store is open by its own clock; what a product's details may say, and how its card tells them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from pydantic import ValidationError

from server.catalogue.details import Details, read_on
from server.catalogue.facts import facts_of
from server.catalogue.hours import OpeningHours, closes_at
from server.catalogue.models import Product
from server.catalogue.opening import open_from

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


@pytest.mark.parametrize(
    ("zone", "told", "now", "expected"),
    [  # Monday 23 November 2026; moments in UTC
        ("Europe/Madrid", {"monday": ["10:00-14:00"]}, "23T08", ["23T09:00 23T13:00"]),
        ("Europe/Madrid", {"monday": ["10:00-14:00"]}, "23T12:59", ["23T09:00 23T13:00"]),
        ("Europe/Madrid", {"monday": ["10:00-14:00"]}, "23T13", []),
        ("Atlantic/Canary", {"tuesday": ["10:00-14:00"]}, "23T13", ["24T10:00 24T14:00"]),
        (
            "Europe/Madrid",
            {"monday": ["22:00-24:00"], "tuesday": ["00:00-02:00"]},
            "23T23:30",
            ["23T21:00 24T01:00"],
        ),
        ("Europe/Madrid", {"monday": ["10:00-14:00"], "except_on": {"2026-11-23": []}}, "23T08", []),
    ],
)
def test_when_it_is_open_from_now_on_is_told_in_moments(
    zone: str, told: dict[str, object], now: str, expected: list[str]
) -> None:
    found = open_from(OpeningHours.model_validate(told), zone, datetime.fromisoformat(f"2026-11-{now}+00:00"))
    assert [f"{begins:%dT%H:%M} {ends:%dT%H:%M}" for begins, ends in found][:1] == expected


def test_a_span_over_the_hour_that_comes_twice_ends_when_the_clock_shows_its_end() -> None:
    told = OpeningHours.model_validate({"sunday": ["01:00-05:00"]})
    [(begins, ends)] = open_from(told, "Europe/Madrid", datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert ends - begins == timedelta(hours=5)


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


def test_the_card_leads_on_to_pages_for_the_shoppers_phone() -> None:
    links = [{"kind": "dpp", "address": "https://passport.example/1"}]
    assert [(one.kind, one.address) for one in read_on({"links": links})] == [
        ("dpp", "https://passport.example/1")
    ]
    assert read_on({}) == ()

"""The JSON-LD of a product, term by term against the GS1 Web Vocabulary where that file is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.catalogue.details import Allergen, Details, LinkKind
from server.catalogue.linked import linked
from server.catalogue.models import Product, Variant
from tests.shopfloor import SOCK, as_device

VOCABULARY = Path(__file__).resolve().parents[4] / "shared" / "data" / "gs1" / "gs1Voc_v1_16.ttl"
FULL = Details.model_validate(
    {
        "origin": "PT",
        "materials": [{"name": {"en": "Glass"}}],
        "attributes": [{"name": {"en": "Weight"}, "amount": "240", "unit": "g"}],
        "food": {
            "ingredients": {"en": "Milk, sugar", "es": "Leche, azúcar"},
            "allergens": [
                {"allergen": allergen, "level": level}
                for allergen, level in zip(Allergen, ["contains", "may contain", "free from"] * 5, strict=False)
            ],
            "nutrition": dict.fromkeys(
                ("energy_kj", "fat", "saturates", "carbohydrate", "sugars", "protein", "salt", "fibre"), "1.5"
            ),
        },
        "links": [{"kind": kind, "address": f"https://passport.example/{kind}"} for kind in LinkKind],
    }
)


def described(details: Details = FULL) -> dict[str, Any]:
    product = Product(id="yoghurt", brand="Own", name={"en": "Yoghurt", "es": "Yogur"}, summary={"en": "White"})
    product.pictures = [{"name": "a.svg", "alt": {"en": "A pot"}}]
    product.details = details.model_dump(mode="json", exclude_defaults=True)
    variant = Variant(gtin=SOCK, product_id="yoghurt", sku="y1", size="S", colour={"en": "White"})
    variant.axes = [{"label": {"en": "Pots"}, "value": {"en": "4"}}]
    variant.content, variant.content_unit = Decimal(500), "g"
    return linked(product, [variant], "https://shop.example/media/")


@dataclass
class Vocabulary:
    """What the Turtle file says of each term: its types, classes above it, domain and range."""

    terms: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Vocabulary:
        made = cls()
        for block in re.split(r"\n\s*\n", text):
            if name := re.match(r"\s*(gs1:[\w-]+)\s*\n", block):
                said = made.terms.setdefault(name[1], {})
                for verb, objects in re.findall(r"^\s+(rdf\w*:\w+)\s+([\w:, -]+?)\s*[;.]\s*$", block, re.M):
                    said.setdefault(verb, set()).update(re.split(r"\s*,\s*", objects))
        return made

    def above(self, name: str) -> set[str]:
        found, left = {name, "owl:Thing"}, [name]
        while left:
            fresh = self.terms.get(left.pop(), {}).get("rdfs:subClassOf", set()) - found
            found |= fresh
            left += fresh
        return found

    def troubles(self, node: Any) -> Iterator[str]:
        """Yield what is wrong in a node and below it."""
        if isinstance(node, list):
            for one in node:
                yield from self.troubles(one)
        elif isinstance(node, dict):
            types = set().union(*(self.above(t) for t in _listed(node.get("@type", []))))
            yield from (f"{t} is no class" for t in types if t.startswith("gs1:") and t not in self.terms)
            for name, value in node.items():
                if name.startswith("gs1:"):
                    yield from self._property(name, types, value)
                if name != "@context":
                    yield from self.troubles(value)

    def _property(self, name: str, types: set[str], value: Any) -> Iterator[str]:
        said = self.terms.get(name)
        if said is None:
            yield f"{name} is no term"
            return
        if not said["rdfs:domain"] & types:
            yield f"{name} is of {said['rdfs:domain']}, not of {types}"
        [kind] = said["rdfs:range"]
        yield from (f"{name}: {one!r} is no {kind}" for one in _listed(value) if not self._fits(one, kind))

    def _fits(self, value: Any, kind: str) -> bool:
        if kind in LITERALS:
            return LITERALS[kind](value)
        individual = self.terms.get(value.get("@id", ""), {}).get("rdf:type", set())
        return kind in individual or any(kind in self.above(t) for t in _listed(value.get("@type", [])))


LITERALS = {
    "rdf:langString": lambda value: set(value) == {"@language", "@value"},
    "xsd:string": lambda value: isinstance(value, str),
    "xsd:float": lambda value: isinstance(value, float),
    "xsd:anyURI": lambda value: set(value) == {"@id"},
}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    if not VOCABULARY.exists():
        pytest.skip("the GS1 Web Vocabulary is not beside this checkout")
    return Vocabulary.read(VOCABULARY.read_text("utf-8"))


@pytest.mark.parametrize("details", [FULL, Details()], ids=["food", "plain"])
def test_every_term_stands_where_the_vocabulary_has_it(vocabulary: Vocabulary, details: Details) -> None:
    assert list(vocabulary.troubles(described(details))) == []


@pytest.mark.parametrize(
    ("name", "value", "trouble"),
    [
        ("gs1:nonsense", "x", "is no term"),
        ("gs1:countryCode", "PT", "is of"),
        ("gs1:productName", "Yoghurt", "is no rdf:langString"),
        ("gs1:brand", {"@type": "gs1:Country"}, "is no gs1:Brand"),
    ],
)
def test_the_check_bites(vocabulary: Vocabulary, name: str, value: Any, trouble: str) -> None:
    node = {"@type": "gs1:Product", name: value}
    if trouble == "is no rdf:langString":
        node[name] = {"@value": value}
    assert trouble in " ".join(vocabulary.troubles(node))


def test_every_allergen_has_the_code_of_its_name(vocabulary: Vocabulary) -> None:
    text = VOCABULARY.read_text("utf-8")
    [variant] = described()["schema:hasVariant"]
    for allergen, told in zip(Allergen, variant["gs1:hasAllergen"], strict=True):
        term = told["gs1:allergenType"]["@id"]
        comment = re.search(rf"^{term}\n.*?rdfs:comment\s+\"([^\"]+)", text, re.M | re.S)
        assert comment
        stem = {"sulphites": "sulf", "soybeans": "soybean", "lupin": "lupin"}.get(allergen, allergen.rstrip("s"))
        assert stem in comment[1].lower(), allergen


def test_the_product_is_given_as_it_is_asked_for(client: FlaskClient) -> None:
    plain = client.get("/api/v1/products/boot", headers=as_device("kiosk"))
    assert plain.get_json()["id"] == "boot"
    asked = as_device("kiosk") | {"Accept": "application/ld+json"}
    answer = client.get("/api/v1/products/boot", headers=asked)
    assert answer.content_type == "application/ld+json"
    assert {v["@id"][-14:] for v in answer.get_json()["schema:hasVariant"]} == {"02000000000015", "02000000000022"}
    assert "Accept" in answer.headers["Vary"]

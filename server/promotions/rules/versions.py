"""The documents a price is made from, and back: kept under their hashes, they are the versions on a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from server.catalogue.rules import ListPrice
from server.promotions.prior_price import PriorPolicy
from server.promotions.rules.inputs import Inputs, Place
from server.promotions.rules.policy import Policy
from server.promotions.rules.rule import Rule
from server.promotions.rules.running import Running
from server.promotions.rules.scope import Wanted
from server.promotions.rules.writing import WRITE, hashed, written

ENGINE = 1
"""Counted up whenever the same inputs may come to another price."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Documents:
    """What a price was made from, as JSON."""

    catalogue: Json
    prices: Json
    promotions: Json
    rules: Json

    def hashes(self) -> dict[str, str]:
        """Return the version of each."""
        names = ("catalogue", "prices", "promotions", "rules")
        return {name: digest(getattr(self, name)) for name in names}


@dataclass(frozen=True, slots=True)
class Made:
    """What a price was made from, and the version of each document."""

    documents: Documents
    versions: dict[str, str]

    @classmethod
    def of(cls, inputs: Inputs) -> Made:
        """Return what the inputs say, with the versions; what many prices share was written before."""
        told = documents(inputs)
        promotions = ",".join([promotion.text for promotion in inputs.promotions])
        return cls(
            told,
            {
                "catalogue": digest(told.catalogue),
                "prices": digest(told.prices),
                "promotions": hashed(f'{{"promotions":[{promotions}]}}'),
                "rules": _rules_version(inputs.policy, inputs.prior),
            },
        )

    def bodies(self) -> dict[str, Json]:
        """Return what each version says."""
        return {version: getattr(self.documents, name) for name, version in self.versions.items()}


def digest(document: Json) -> str:
    """Return the hash a document is kept under, whatever the order of its keys."""
    return hashed(WRITE(document))


def documents(inputs: Inputs) -> Documents:
    """Return what the inputs say."""
    wanted, place = inputs.wanted, inputs.place
    return Documents(
        catalogue={
            "gtin": wanted.gtin,
            "product": wanted.product_id,
            "brand": wanted.brand,
            "categories": list(wanted.categories),
            "discountable": wanted.discountable,
            "store": place.store_id,
            "currency": place.currency,
            "zone": place.zone.key,
            "regions": sorted(place.regions),
        },
        prices={"steps": [_step(step) for step in inputs.steps]},
        promotions={"promotions": [promotion.written for promotion in inputs.promotions]},
        rules=_rules(inputs.policy, inputs.prior),
    )


@lru_cache(maxsize=1_000)
def _rules(policy: Policy, prior: PriorPolicy) -> Json:
    return {
        "engine": ENGINE,
        "policy": policy.model_dump(mode="json"),
        "prior": prior.model_dump(mode="json", exclude={"evidence_days"}),
    }


@lru_cache(maxsize=1_000)
def _rules_version(policy: Policy, prior: PriorPolicy) -> str:
    return digest(_rules(policy, prior))


def _step(step: ListPrice) -> list[Any]:
    told = [written(step.at), step.minor, step.member, step.floor]
    return [*told, True] if step.gone else told


def inputs_of(told: Documents) -> Inputs:
    """Return the inputs that documents say; raises `KeyError` or `ValueError` for what are none."""
    goods, rules = told.catalogue, told.rules
    return Inputs(
        wanted=Wanted(
            gtin=goods["gtin"],
            product_id=goods["product"],
            minor=0,
            brand=goods["brand"],
            categories=tuple(goods["categories"]),
            discountable=goods["discountable"],
        ),
        steps=tuple(ListPrice(datetime.fromisoformat(at), *rest) for at, *rest in told.prices["steps"]),
        promotions=tuple(_running(one) for one in told.promotions["promotions"]),
        place=Place(goods["store"], goods["currency"], ZoneInfo(goods["zone"]), frozenset(goods["regions"])),
        policy=Policy.model_validate(rules["policy"]),
        prior=PriorPolicy.model_validate(rules["prior"]),
    )


def _running(told: Json) -> Running:
    known = [_read(edge) for edge in told["known"]]
    return Running(
        told["id"],
        Rule.model_validate(told["rule"]),
        _read(told["starts"]),
        _read(told["ends"]),
        told["priority"],
        told["exclusive"],
        told["version"],
        (known[0], known[1]),
    )


def _read(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)

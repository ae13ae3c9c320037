"""The chain's promotions by what they are for, so that a card looks only at those that may concern it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from server.promotions.rules.inputs import Place
from server.promotions.rules.running import Running, in_store
from server.promotions.rules.scope import Wanted, keys_for, keys_of


@dataclass(frozen=True, slots=True)
class Index:
    """Promotions under each name their scopes have. Finding those of a variant costs no more as others grow."""

    under: dict[tuple[str, str], tuple[Running, ...]]

    @classmethod
    def of(cls, promotions: Iterable[Running]) -> Index:
        """Return the index of these promotions."""
        under: dict[tuple[str, str], list[Running]] = defaultdict(list)
        for promotion in promotions:
            for key in dict.fromkeys(key for scope in promotion.rule.scopes for key in keys_of(scope)):
                under[key].append(promotion)
        return cls({key: tuple(listed) for key, listed in under.items()})

    def names(self, gtin: str) -> bool:
        """Return whether any scope names the variant itself; if none does, it is offered what its product is."""
        return ("gtins", gtin) in self.under

    def concerning(self, wanted: Wanted, place: Place) -> list[Running]:
        """Return the promotions that name the variant in this store, running or not, by rank and version.

        Whether its price is within their range depends on the moment, and is asked when it is priced.
        """
        found = {
            (promotion.id, promotion.version): promotion
            for key in keys_for(wanted)
            for promotion in self.under.get(key, ())
            if in_store(promotion.rule, place.store_id, place.regions)
        }
        return sorted(found.values(), key=lambda promotion: (promotion.rank, promotion.version))

"""The promotions a card tells of: those in the price, and those with a condition, with what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.catalogue.queries import ProductRow, VariantRow, names, product_of_gtin
from server.promotions.counter import Counter
from server.promotions.rules.condition import MoreMoney, MoreUnits, OtherCurrency
from server.promotions.rules.pricing import Line, price_list
from server.promotions.rules.running import Running
from server.promotions.rules.scope import Scope
from server.promotions.rules.verdict import Applied, Missing, Verdict
from server.promotions.words import hint_words
from server.texts import LANGUAGES, in_every_language, mark
from server.wire import Offer, Text

MOST_NAMED = 3
"""Goods named in one sentence; of more, the first are."""


def offers(counter: Counter, product: ProductRow, variant: VariantRow) -> Iterator[Offer]:
    """Yield what the card of a variant tells of promotions, those in its price first."""
    live, verdicts = considered(counter, product, variant)
    for verdict in sorted(verdicts, key=lambda verdict: not isinstance(verdict, Applied)):
        promotion = live[verdict.promotion_id]
        if isinstance(verdict, Applied) or _can_be_met(verdict):
            row = counter.row(promotion)
            yield Offer(
                promotion_id=promotion.id,
                headline=row.headline,
                condition=row.condition,
                hint=hint_of(counter, verdict, promotion),
                ends_at=promotion.ends_at(counter.place.zone),
            )


def considered(
    counter: Counter, product: ProductRow, variant: VariantRow
) -> tuple[dict[str, Running], Sequence[Verdict]]:
    """Return the promotions that run here and mean the variant, and the verdict on each for one unit of it."""
    inputs, decision = counter.decided(product, variant)
    live = {p.id: p for p in inputs.promotions if p.runs_at(counter.now, counter.place.zone)}
    wanted = inputs.priced(counter.now)
    if decision is None or wanted is None:
        return live, ()
    if all(promotion.rule.on_shelf for promotion in live.values()):
        return live, decision.shelf.verdicts
    situation = counter.place.situation(counter.now)
    priced = price_list([Line(wanted, 1)], list(live.values()), situation=situation, policy=counter.policy)
    return live, priced.verdicts


def in_offer(counter: Counter, product: ProductRow) -> bool:
    """Return whether its card tells of a promotion of some goods that anyone has who takes more of them."""
    variant, decision = counter.shown_price(product, None)
    if variant is None or decision is None:
        return False
    live, verdicts = considered(counter, product, variant)
    return any(_more_is_enough(one) and not _of_all(live[one.promotion_id]) for one in verdicts)


def _more_is_enough(verdict: Verdict) -> bool:
    return isinstance(verdict, Missing) and all(isinstance(one, MoreUnits | MoreMoney) for one in verdict.needs)


def _of_all(promotion: Running) -> bool:
    return any(scope.everything for scope in promotion.rule.scopes)


def _can_be_met(verdict: Verdict) -> bool:
    return isinstance(verdict, Missing) and not any(isinstance(need, OtherCurrency) for need in verdict.needs)


def hint_of(counter: Counter, verdict: Verdict, promotion: Running) -> Text | None:
    """Return what is missing for a promotion; None where nothing is."""
    if not isinstance(verdict, Missing):
        return None
    return hint_words(verdict, promotion.rule, lambda scope: goods_words(counter, scope))


def goods_words(counter: Counter, scope: Scope) -> Text:
    """Return what to call the goods of a scope: their own names, their categories' or their brands'."""
    key, called = (scope.products, scope.gtins, scope.categories, scope.brands), counter.chain.called
    if key not in called:
        called[key] = _words_for(counter, scope)
    return called[key]


def _words_for(counter: Counter, scope: Scope) -> Text:
    products = list(scope.products) + list(product_of_gtin(counter.session, scope.gtins).values())
    called = names(counter.session, products[:MOST_NAMED])
    listed = [called[p] for p in products if p in called]
    listed += [counter.chain.category_names[c] for c in scope.categories if c in counter.chain.category_names]
    listed += [dict.fromkeys(LANGUAGES, brand) for brand in scope.brands]
    if not listed:
        return in_every_language(mark("anything here"))
    return {
        language: ", ".join(one.get(language) or one.get("en", "") for one in listed[:MOST_NAMED])
        for language in LANGUAGES
    }

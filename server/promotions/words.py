"""What became of a promotion, and what is missing for it, in words of every language the shop has."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from babel.numbers import format_currency

from server.promotions.rules.condition import (
    BeOneOf,
    MoreMoney,
    MoreUnits,
    Need,
    OrderNumber,
    TapSign,
)
from server.promotions.rules.money import exponent
from server.promotions.rules.rule import Rule
from server.promotions.rules.scope import Scope
from server.promotions.rules.situation import MEMBERS
from server.promotions.rules.verdict import Applied, Beaten, Missing, Verdict, Without
from server.texts import LANGUAGES, in_every_language, mark
from server.wire import Money, Text

Names = Callable[[Scope], Text]
"""What to call the goods of a scope."""

THEN = {
    "n_for_m": mark("and you pay only {pay} of {buy}"),
    "buy_x_get_y": mark("and what goes with it costs less"),
    "cheapest_free": mark("and the cheapest is free"),
    "tiers": mark("and each costs less"),
    "bundle": mark("and the set costs less"),
}
OTHERWISE = mark("and the offer is yours")

WHY_BEATEN = {
    "exclusive": mark("“{by}” allows no other offer beside it."),
    "better": mark("“{by}” is the better one for you."),
    "group": mark("Only one of them at a time, and “{by}” is the better one for you."),
    "stopped": mark("Nothing is added after “{by}”."),
}
WHY_WITHOUT = {
    "floor": mark("The price is as low as it may be."),
    "not_discountable": mark("The price of this may not be reduced."),
    "already_reduced": mark("Not for what is reduced already."),
    "used_up": mark("All of it has been given away."),
    "no_amount": mark("It is not for this currency."),
    "not_lower": mark("It would not make the price lower."),
}


def money_words(money: Money) -> Text:
    """Return an amount as each language writes it."""
    amount = Decimal(money.minor).scaleb(-exponent(money.currency))
    return {language: format_currency(amount, money.currency, locale=language) for language in LANGUAGES}


def need_words(need: Need, names: Names) -> Text:
    """Return one thing that is missing."""
    match need:
        case MoreUnits() | MoreMoney():
            return _more_words(need, names(need.scope))
        case BeOneOf(segments=segments) if MEMBERS in segments:
            return in_every_language(mark("For members"))
        case BeOneOf(segments=segments):
            return in_every_language(mark("For {segments}"), segments=", ".join(segments))
        case TapSign(sign_id=sign_id):
            return in_every_language(mark("Tap the sign “{sign}” first"), sign=sign_id)
        case OrderNumber(number=number):
            return in_every_language(mark("Only with order number {number}"), number=str(number))
    return in_every_language(mark("Not in this currency"))


def _more_words(need: MoreUnits | MoreMoney, goods: Text) -> Text:
    if isinstance(need, MoreMoney):
        amount = money_words(Money(minor=need.more, currency=need.currency))
        return in_every_language(mark("{amount} more of {goods}"), amount=amount, goods=goods)
    if need.more == 1:
        return in_every_language(mark("One more of {goods}"), goods=goods)
    return in_every_language(mark("{more} more of {goods}"), more=str(need.more), goods=goods)


def hint_words(missing: Missing, rule: Rule, names: Names) -> Text:
    """Return what is missing and what happens then: "One more of socks, and the cheapest is free"."""
    needs = [need_words(need, names) for need in missing.needs]
    joined = {language: "; ".join(need[language] for need in needs) for language in LANGUAGES}
    then = in_every_language(THEN.get(rule.kind, OTHERWISE), pay=str(rule.pay), buy=str(rule.buy))
    return in_every_language(mark("{needs}, {then}."), needs=joined, then=then)


def verdict_words(
    verdict: Verdict, rule: Rule, names: Names, *, headline: Callable[[str], Text], currency: str
) -> Text:
    """Return what became of a promotion, so that a person can check it."""
    match verdict:
        case Applied(minor=0):
            return in_every_language(mark("It is for you."))
        case Applied(minor=minor):
            amount = money_words(Money(minor=minor, currency=currency))
            return in_every_language(mark("Applied: {amount} less."), amount=amount)
        case Beaten(by=by, why=why):
            return in_every_language(WHY_BEATEN[why], by=headline(by))
        case Missing():
            return hint_words(verdict, rule, names)
        case Without(why=reason):
            return in_every_language(WHY_WITHOUT[reason])

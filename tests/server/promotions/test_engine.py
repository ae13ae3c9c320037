"""What holds for every list, rule and policy: exact parts, no price below its floor, a verdict on everything."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from server.promotions.rules.condition import BeOneOf, MoreMoney, MoreUnits, OtherCurrency, TapSign
from server.promotions.rules.distribute import distribute
from server.promotions.rules.policy import HOUSE, Policy
from server.promotions.rules.pricing import Line, PricedList, price_list, shelf_price
from server.promotions.rules.rule import Rule
from server.promotions.rules.running import Running
from server.promotions.rules.scope import Scope, Wanted, means
from server.promotions.rules.situation import Situation
from server.promotions.rules.verdict import Applied, Beaten, Missing, Without
from tests.server.promotions.drawn import HERE, NAMES, lines, policies, promotions, rules, wanted

WHOLE = st.integers(0, 10_000)


@settings(deadline=None)
@given(WHOLE, st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=8), policies)
def test_parts_sum_to_the_whole_within_their_room(
    amount: int, shares: list[tuple[int, int]], policy: Policy
) -> None:
    weights, room = [weight for weight, _ in shares], [one for _, one in shares]
    parts = distribute(amount, weights, room=room, policy=policy)
    assert sum(parts) == min(amount, sum(one for weight, one in shares if weight))
    assert all(
        0 <= part <= one and (weight or not part) for part, (weight, one) in zip(parts, shares, strict=True)
    )


@settings(deadline=None)
@given(lines, promotions(rules()), policies)
def test_no_unit_costs_less_than_its_floor_and_every_cut_is_accounted_for(
    drawn: list[Line], running: list[Running], policy: Policy
) -> None:
    priced = price_list(drawn, running, situation=HERE, policy=policy)
    for line, asked in zip(priced.lines, drawn, strict=True):
        assert len(line.units) == asked.quantity
        for minor, cuts in line.units:
            assert 0 <= line.wanted.floor <= minor <= line.shelf.minor
            assert line.shelf.minor - minor == sum(cut.minor for cut in cuts)
            assert all(cut.minor > 0 for cut in cuts)
            assert line.wanted.discountable or not cuts
    assert priced == price_list(drawn, running[::-1], situation=HERE, policy=policy)
    by_promotion: dict[str, int] = {}
    for line, asked in zip(priced.lines, drawn, strict=True):
        for cut in [*(c for _, cuts in line.units for c in cuts), *line.shelf.cuts * asked.quantity]:
            by_promotion[cut.promotion_id] = by_promotion.get(cut.promotion_id, 0) + cut.minor
    told = {v.promotion_id: v.minor for v in priced.verdicts if isinstance(v, Applied) and v.minor}
    assert told == by_promotion


@settings(deadline=None)
@given(wanted, promotions(rules(shelf=True)), policies)
def test_the_card_and_a_list_of_one_agree(one: Wanted, running: list[Running], policy: Policy) -> None:
    card = shelf_price(one, running, situation=HERE, policy=policy)
    listed = price_list([Line(one, 1)], running, situation=HERE, policy=policy)
    assert listed.total == card.minor
    assert {verdict.promotion_id for verdict in listed.verdicts} == {v.promotion_id for v in card.verdicts}


@settings(deadline=None)
@given(lines, promotions(rules()), policies)
def test_who_is_beaten_is_beaten_by_one_that_applied_or_was_beaten_itself(
    drawn: list[Line], running: list[Running], policy: Policy
) -> None:
    verdicts = price_list(drawn, running, situation=HERE, policy=policy).verdicts
    decided = {verdict.promotion_id: verdict for verdict in verdicts}
    for verdict in verdicts:
        if isinstance(verdict, Beaten):
            assert isinstance(decided[verdict.by], Applied | Beaten | Without)
            assert verdict.by != verdict.promotion_id


def follow(missing: Missing, drawn: list[Line], situation: Situation) -> tuple[list[Line], Situation] | None:
    """Return the list and situation once every need is met; None where nothing one could buy meets it."""
    shopper, bought = situation.shopper, list(drawn)
    for need in missing.needs:
        match need:
            case MoreUnits(more=more, scope=scope):
                found = _buyable(scope, bought)
                if found is None:
                    return None
                bought = _add(bought, found, more)
            case MoreMoney(more=more, scope=scope):
                found = _buyable(scope, bought)
                if found is None:
                    return None
                bought = _add(bought, found, -(-more // found.minor))
            case BeOneOf(segments=segments):
                shopper = replace(shopper, segments=shopper.segments | set(segments))
            case TapSign(sign_id=sign):
                shopper = replace(shopper, signs=shopper.signs | {sign})
            case OtherCurrency():
                return None
    return bought, replace(situation, shopper=shopper)


def _buyable(scope: Scope, bought: list[Line]) -> Wanted | None:
    """Return something of the scope at its full price that may be reduced."""
    there = {line.wanted.gtin for line in bought}
    full = [line.wanted for line in bought if line.wanted.discountable and not line.wanted.already_reduced]
    new = [
        Wanted(name, name, 5000, "x" if name in "ab" else "y", ("ab" if name in "ab" else "cd", "all"))
        for name in NAMES
        if name not in there
    ]
    fit = [one for one in new + full if one.minor > one.floor and means(scope, one, "EUR")]
    return next(iter(fit), None)


def _add(bought: list[Line], one: Wanted, more: int) -> list[Line]:
    if one.gtin not in {line.wanted.gtin for line in bought}:
        return [*bought, Line(one, more)]
    return [
        replace(line, quantity=line.quantity + more) if line.wanted.gtin == one.gtin else line for line in bought
    ]


@settings(deadline=None)
@given(lines, rules(), st.booleans(), st.booleans())
def test_who_follows_the_hint_gets_the_offer(drawn: list[Line], rule: Rule, club: bool, signed: bool) -> None:
    tied = rule.model_copy(
        update={"segments": ("members",) if club else (), "after_sign": "autumn" if signed else None}
    )
    promotion = [Running("p", tied)]
    situation, steps = HERE, 0
    priced = price_list(drawn, promotion, situation=situation, policy=HOUSE)
    while (missing := _missing(priced)) is not None:
        steps += 1
        assert steps == 1, "who did what the hint said must not be told of more"
        met = follow(missing, drawn, situation)
        if met is None:
            return
        drawn, situation = met
        priced = price_list(drawn, promotion, situation=situation, policy=HOUSE)
    if steps:
        [verdict] = [v for v in priced.verdicts if v.promotion_id == "p"]
        cents = any(line.wanted.minor < 100 for line in drawn)  # a share of them may round to nothing
        dear_set = cents or (rule.kind == "bundle" and rule.percent is None)
        assert isinstance(verdict, Applied) or (dear_set and verdict == Without("p", "not_lower")), (
            verdict,
            drawn,
        )


def _missing(priced: PricedList) -> Missing | None:
    return next((verdict for verdict in priced.verdicts if isinstance(verdict, Missing)), None)


def test_a_unit_that_fits_every_part_leaves_a_bundle_complete() -> None:
    dear, cheap = Wanted("c", "c", 5000, "y", ()), Wanted("a", "a", 2000, "x", ())
    rule = Rule.model_validate(
        {
            "kind": "bundle",
            "everything": True,
            "parts": [{"everything": True}, {"brands": ["y"]}],
            "amounts": {"EUR": 6000},
        }
    )
    priced = price_list([Line(dear, 1), Line(cheap, 1)], [Running("p", rule)], situation=HERE, policy=HOUSE)
    assert priced.verdicts == (Applied("p", 1000),)


def test_the_hint_counts_what_is_bought_and_what_is_given() -> None:
    rule = Rule.model_validate({"kind": "buy_x_get_y", "everything": True, "buy": 2, "gets": {"everything": True}})
    priced = price_list(
        [Line(Wanted("a", "a", 500, "x", ()), 1)], [Running("p", rule)], situation=HERE, policy=HOUSE
    )
    missing = _missing(priced)
    assert missing
    assert sum(need.more for need in missing.needs if isinstance(need, MoreUnits)) == 2


def test_of_units_alike_the_first_on_the_list_is_given() -> None:
    """Which one must not hang on where a process happens to keep them."""
    goods = [Wanted(name, name, minor) for name, minor in (("a", 500), ("b", 20))]
    rule = Rule(kind="buy_x_get_y", buy=1, products=("a",), gets=Scope(products=("b",)))
    drawn = [Line(goods[0], 1), Line(goods[1], 4)]
    found = {price_list(drawn, [Running("p", rule)], situation=HERE, policy=HOUSE) for _ in range(20)}
    assert [[minor for minor, _ in line.units] for one in found for line in one.lines] == [[500], [0, 20, 20, 20]]

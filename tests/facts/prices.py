"""Promotions and lowest prices as another shop engine states them, priced by our one engine under its policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from server.catalogue.rules import ancestry
from server.promotions.prior_price import PriorPolicy, lowest_before
from server.promotions.rules.policy import Policy, Stage
from server.promotions.rules.pricing import Line, ShelfPrice, price_list, shelf_price
from server.promotions.rules.rule import Rule
from server.promotions.rules.running import Running
from server.promotions.rules.scope import Wanted
from server.promotions.rules.situation import Shopper, Situation
from tests.facts.figures import Figures

Case = dict[str, Any]
Verdict = tuple[Any, Any]

POLICY = Policy(
    shelf_from="original",
    list=Stage(base="start", rounds="discount"),
    units_first=False,
    remainder="first",
    share_rounding="half_down",
)
"""The source's dialect: strictly by priority, percentages of the shelf's price, remainders to the first lines."""

PRIOR = PriorPolicy(price_ended_at_opening=True)
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
WINDOWS = {
    "expired": (-2, -1),
    "ended": (-2, -1),
    "starts_tomorrow": (1, None),
    "not_started": (1, None),
    "ends_tomorrow": (None, 1),
    "active": (-1, 1),
}
MONEY = "XXX"
"""The source's amounts belong to a channel, not a currency: here each channel has the same nameless one."""


def minor(written: Any) -> int:
    return int(Decimal(str(written)) * 100)


def card_promotion(case: Case) -> Verdict:
    """The price on the card, the price before, and which promotions are in it."""
    wanted = _looked_at(case)
    priced = shelf_price(wanted, list(_promotions(case)), situation=_situation(case), policy=POLICY)
    names = [applied.partition(":")[2] for applied in dict.fromkeys(priced.applied)]
    got = {
        "price": priced.minor,
        "was_price": _was(wanted, priced),
        "applied": names,
        "applied_count": len(names),
        "no_promotion": not names,
    }
    expected = {
        key: minor(value) if key in {"price", "was_price"} and value is not None else value
        for key, value in case["expect"].items()
    }
    return expected, {key: got.get(key) for key in expected}


def list_promotion(case: Case) -> Verdict:
    """What the list costs, what was taken off its lines and units, and off the list as a whole."""
    goods = _goods(case)
    lines = [Line(goods[name], quantity) for name, quantity in case["cart"]]
    priced = price_list(lines, list(_promotions(case)), situation=_situation(case), policy=POLICY)
    figures = Figures([name for name, _ in case["cart"]], priced)
    expected = {key: _minors(value) for key, value in case["expect"].items()}
    return expected, {key: figures.nearest(key, value) for key, value in expected.items()}


def lowest_prior(case: Case) -> Verdict:
    """The lowest price before the last reduction began; None where it is not reduced or not to be shown."""
    context, expected = case["context"], case["expect"]["lowest_prior_price"]
    wanted = _looked_at(case)
    history = [(NOW, wanted.minor, wanted.reduced_from)]
    for number, event in enumerate(case.get("events", ()), 1):
        at = event.get("at") or event.get("now")
        moment = _day(at) if at else history[-1][0] + timedelta(seconds=number)
        if number == 1 and at:
            history = [(min(moment, _first_day(case)), *history[0][1:])]
        if "price" in event:
            before = history[-1][2]
            was = event.get("was_price", before and Decimal(before) / 100)
            history.append((moment, minor(event["price"]), None if was is None else minor(was)))
    asked = list(_asked(case, wanted, history))
    shown = context.get("show_lowest_prior", True) and not _excluded(case, wanted)
    got = None
    if shown and asked[-1][2] is not None and asked[-1][1] < asked[-1][2]:
        policy = PRIOR.model_copy(update={"days": context.get("lookback_days", 30)})
        got = lowest_before([(at, price) for at, price, _ in asked[:-1]], asked[-1][0], policy=policy)
    return None if expected is None else minor(expected), got


def _asked(
    case: Case, wanted: Wanted, history: Sequence[tuple[datetime, int, int | None]]
) -> Iterator[tuple[datetime, int, int | None]]:
    """Yield what was asked over time: the history, and what promotions made of its last price at the end."""
    yield from history
    at, price, was = history[-1]
    last = Wanted(wanted.gtin, wanted.product_id, price, categories=wanted.categories, reduced_from=was)
    promotions = list(_promotions(case))
    priced = shelf_price(last, promotions, situation=_situation(case), policy=POLICY)
    if priced.cuts:
        yield at + timedelta(seconds=1), priced.minor, _was(last, priced)


def _first_day(case: Case) -> datetime:
    days = [_day(event["at"]) for event in case["events"] if "at" in event]
    days += [_day(event["now"]) for event in case["events"] if "now" in event]
    return min(days)


def _excluded(case: Case, wanted: Wanted) -> bool:
    named = case["context"].get("excluded_taxons") or case["context"].get("excluded_from_lowest_prior") or ()
    return bool(set(named) & set(wanted.categories))


def _was(wanted: Wanted, priced: ShelfPrice) -> int | None:
    before = wanted.reduced_from if wanted.reduced_from is not None else wanted.minor
    return before if priced.cuts or wanted.already_reduced else None


def _goods(case: Case) -> dict[str, Wanted]:
    """Return every product (its first variant) and variant by name."""
    found: dict[str, Wanted] = {}
    for product, facts in case["products"].items():
        variants = facts.get("variants") or {product: facts}
        for name, variant in variants.items():
            wanted = _wanted(case, product, name, variant)
            found[name] = wanted
            found.setdefault(product, wanted)
    return found


def _wanted(case: Case, product: str, name: str, facts: Case) -> Wanted:
    parents = {child: parent for parent, child in case["context"].get("taxon_tree", ())}
    taxons = case["products"][product].get("taxons") or ()
    was = _of_channel(case, facts, "original_price") or _of_channel(case, facts, "was_price")
    return Wanted(
        gtin=name,
        product_id=product,
        minor=minor(_of_channel(case, facts, "price")),
        categories=tuple(above for taxon in taxons for above in ancestry(taxon, parents)),
        floor=minor(_of_channel(case, facts, "minimum_price") or 0),
        reduced_from=None if was is None else minor(was),
    )


def _of_channel(case: Case, facts: Case, key: str) -> Any:
    return facts.get(f"{key}_by_channel", {}).get(_channel(case), facts.get(key))


def _channel(case: Case) -> str:
    context = case["context"]
    listed = context.get("channels") or [{"name": ""}]
    return str(context.get("channel") or listed[0]["name"])


def _looked_at(case: Case) -> Wanted:
    return _goods(case)[case["context"].get("view") or next(iter(case["products"]))]


def _situation(case: Case) -> Situation:
    context = case["context"]
    days = [_day(event["now"]) for event in case.get("events", ()) if "now" in event]
    if "past_orders" in context:
        orders = sum(not order.get("cancelled") for order in context["past_orders"])
    else:
        orders = context.get("past_orders_count", 0)
    group = context.get("customer_group")
    shopper = Shopper(frozenset([group] if group else ()), orders=orders)
    return Situation(_channel(case), MONEY, ZoneInfo("UTC"), days[-1] if days else NOW, shopper=shopper)


def _promotions(case: Case) -> Iterator[Running]:
    for number, told in enumerate(case.get("promotions", ())):
        if not told.get("enabled", True) or not told["actions"]:
            continue
        rule = _catalogue_rule(told, case) if told.get("kind") == "catalog" else _list_rule(told, case)
        starts, ends = _window(told)
        yield Running(
            f"{number:03}:{told['name']}",
            rule,
            starts,
            ends,
            told.get("priority", 0),
            told.get("exclusive", False),
        )


def _window(told: Case) -> tuple[datetime | None, datetime | None]:
    days = WINDOWS.get(told.get("window", ""), (None, None))
    starts, ends = (None if day is None else NOW + timedelta(days=day) for day in days)
    starts = _day(told["start"]) if told.get("start") else starts
    ends = _day(told["end"]) if told.get("end") else ends
    return (starts and starts.replace(tzinfo=None), ends and ends.replace(tzinfo=None))


def _amounts(action: Case, case: Case) -> Case:
    if action.get("percent") is not None:
        return {"kind": "percent", "percent": action["percent"]}
    fixed = action.get("fixed_by_channel", {}).get(_channel(case), action.get("fixed"))
    return {"kind": "fixed_off", "amounts": {} if fixed is None else {MONEY: minor(fixed)}}


def _catalogue_rule(told: Case, case: Case) -> Rule:
    kinds = {"variant": "gtins", "product": "products", "taxon": "categories"}
    scope: dict[str, list[str]] = {}
    for one in told["scopes"]:
        for kind, names in one.items():
            scope.setdefault(kinds[kind], []).extend([names] if isinstance(names, str) else names)
    first, *also = [scope | _amounts(action, case) for action in told["actions"]]
    return Rule.model_validate(first | {"also": also, "stores": told.get("channels", ())})


def _list_rule(told: Case, case: Case) -> Rule:
    first, *also = [_action(action, case) for action in told["actions"]]
    conditions = [_condition(rule, case) for rule in told["rules"] if rule["type"] != "customer_group"]
    groups = [rule["group"] for rule in told["rules"] if rule["type"] == "customer_group"]
    facts = {
        "also": also,
        "at": "list",
        "conditions": conditions,
        "segments": groups,
        "stores": told.get("channels", ()),
        "skip_reduced": not told.get("applies_to_discounted", True),
    }
    return Rule.model_validate(first | facts)


def _action(action: Case, case: Case) -> Case:
    filters = action.get("filter", {})
    scope: Case = {
        "categories": _several(filters, "taxon"),
        "products": _several(filters, "product"),
        "price_from": {MONEY: minor(filters["min_price"])} if "min_price" in filters else {},
        "price_to": {MONEY: minor(filters["max_price"])} if "max_price" in filters else {},
    }
    scope["everything"] = not (scope["categories"] or scope["products"])
    on = "list" if action["type"] == "order" else "unit"
    return scope | {"on": on} | _amounts(action, case)


def _several(filters: Case, key: str) -> list[str]:
    return [filters[key]] if key in filters else list(filters.get(f"{key}_any_of", ()))


def _condition(rule: Case, case: Case) -> Case:
    kind = rule["type"]
    if kind == "nth_order":
        return {"kind": "nth_order", "number": rule["n"]}
    if kind in {"items_total_min", "taxon_items_total_min"}:
        amount = rule.get("amount_by_channel", {}).get(_channel(case), rule.get("amount"))
        return {"kind": "total", "amounts": {MONEY: minor(amount)}, "categories": _several(rule, "taxon")}
    if kind == "cart_quantity_min":
        return {"kind": "quantity", "quantity": rule["quantity"]}
    names = {"contains_product": "products", "contains_taxon": "categories"}
    listed = rule.get("any_of") or [rule.get("product") or rule["taxon"]]
    return {"kind": "quantity", names[kind]: listed}


def _minors(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return {name: _minors(one) for name, one in value.items()}
    return [_minors(one) for one in value] if isinstance(value, list) else minor(value)


def _day(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)

"""What pages call the kinds of promotions and the choices of a policy."""

from __future__ import annotations

from server.texts import mark

KINDS = {
    "percent": mark("A percentage off each"),
    "fixed_off": mark("An amount off each"),
    "fixed_price": mark("A fixed price"),
    "n_for_m": mark("Take so many, pay fewer"),
    "buy_x_get_y": mark("Buy these, get those for less"),
    "cheapest_free": mark("The cheapest is free"),
    "tiers": mark("Tiers: the more, the less each"),
    "bundle": mark("A set for less"),
    "message": mark("A message only"),
}
CHOICES = {
    "true": mark("yes"),
    "false": mark("no"),
    "same": mark("as for everything else"),
    "last_price": mark("the price just before"),
    "shorter": mark("looks back as far as it can"),
    "none": mark("announces no reduction"),
    "running": mark("the price the others left"),
    "start": mark("the price before all of them"),
    "price": mark("the price"),
    "discount": mark("what is taken off"),
    "original": mark("the higher price before"),
    "stack": mark("all that apply, one after the other"),
    "best": mark("only the best for the shopper"),
    "half_up": mark("to the nearest, half up"),
    "half_even": mark("to the nearest, half to even"),
    "down": mark("down"),
    "up": mark("up"),
    "half_down": mark("to the nearest, half down"),
    "unit": mark("unit"),
    "line": mark("line"),
    "list": mark("list"),
    "proportional": mark("by their prices"),
    "even": mark("in equal parts"),
    "first": mark("the first"),
    "last": mark("the last"),
    "largest_share": mark("the largest part"),
    "largest_remainder": mark("who lost most by rounding"),
    "cheapest": mark("the cheapest"),
    "dearest": mark("the dearest"),
}

"""Where the demo's codes lead a phone to."""

from __future__ import annotations

import re

from shop.near import public_address


def test_phones_are_led_where_the_operator_says_else_to_this_machine_on_its_network() -> None:
    told = {"SHELFTALKER_PUBLIC_ADDRESS": "https://shop.example"}
    assert public_address(8000, told) == "https://shop.example"
    assert re.fullmatch(r"|http://(?!127\.)[0-9.]+:8000", public_address(8000, {}))

"""What an address on a tag says: strict, and never more than a hint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.catalogue.rules import ancestry, check_digit, gtin14
from server.errors import Invalid
from server.tags.gs1 import NotDigitalLink, parse
from server.tags.rules import hinted_gtin

GTIN = "09506000134352"


@pytest.mark.parametrize(
    ("uri", "qualifiers", "attributes"),
    [
        (f"https://id.gs1.org/01/{GTIN}", {}, {}),
        (
            f"https://shop.example/some/stem/01/{GTIN}/10/AB-1/21/77?17=261231&utm=x",
            {"10": "AB-1", "21": "77"},
            {"17": "261231"},
        ),
        (f"https://id.gs1.org/01/{GTIN}/22/2A/", {"22": "2A"}, {}),
    ],
)
def test_a_link_says_its_product(uri: str, qualifiers: dict[str, str], attributes: dict[str, str]) -> None:
    link = parse(uri)
    assert (link.gtin, link.qualifiers, link.attributes) == (GTIN, qualifiers, attributes)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "javascript:alert(1)",
        f"ftp://x/01/{GTIN}",
        "https://x/01/09506000134351",
        "https://x/01/9506000134352",
        f"https://x/01/{GTIN}/21/1/10/2",
        f"https://x/01/{GTIN}/10/a/10/b",
        f"https://x/01/{GTIN}?10=lot",
        f"https://x/01/{GTIN}?17=1&17=2",
        f"https://x/01/{GTIN}/10/" + "x" * 21,
        "https://[broken/01/" + GTIN,
        "https://x/" + "y" * 3000,
    ],
)
def test_what_is_no_link_is_refused_with_a_reason(uri: str) -> None:
    with pytest.raises(NotDigitalLink) as refusal:
        parse(uri)
    assert str(refusal.value)


@given(st.text(max_size=80))
def test_no_text_breaks_the_hint(text: str) -> None:
    assert hinted_gtin(text, ["id.gs1.org"]) is None
    assert hinted_gtin("https://id.gs1.org/" + text, ["other.example"]) is None


@given(st.integers(0, 10**13 - 1))
def test_check_digits_are_their_own_proof(number: int) -> None:
    body = f"{number:013d}"
    whole = f"{body}{check_digit(body)}"
    assert gtin14(whole) == whole
    wrong = f"{body}{(check_digit(body) + 1) % 10}"
    with pytest.raises(Invalid, match="last digit should be"):
        gtin14(wrong)


def test_the_way_up_the_tree_ends_even_in_a_circle() -> None:
    assert ancestry("a", {"a": "b", "b": "c", "c": None}) == ("a", "b", "c")
    assert ancestry("a", {"a": "b", "b": "a"}) == ("a", "b")

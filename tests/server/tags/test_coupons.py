"""A coupon's number is judged field by field: each tells the length of the next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tags.gs1 import NotDigitalLink, parse
from server.tags.gs1.coupons import is_coupon, is_offer

COMPANY, OFFER = "1" + "0614141", "654321"
SAVES, NEEDS = "3" + "150", "1" + "1" + "0" + "120"
LEAST = COMPANY + OFFER + SAVES + NEEDS
SECOND, THIRD = "1" + "1" + "12" + "1" + "456" + "9", "2" + "223" + "0" + "789" + "0" + "123456"
MORE = {
    "a second purchase": SECOND,
    "two more purchases": SECOND + THIRD,
    "until": "3" + "261231",
    "from and until": "3" + "261231" + "4" + "260101",
    "a serial number": "5" + "2" + "12345678",
    "a retailer": "6" + "1" + "1234567",
    "the rest": "9" + "0" + "1" + "7" + "1",
    "the last three": "50123456" + "611234567" + "95201",
}


def any_day(_: str) -> bool:
    return True


@pytest.mark.parametrize("more", ["", *MORE.values()], ids=["no more", *MORE])
def test_a_coupon_may_say_more_in_order(more: str) -> None:
    assert is_coupon(LEAST + more, any_day)
    assert parse(f"https://id.example/01/09506000134352?8110={LEAST}{more}").attributes == (
        ("8110", LEAST + more),
    )


WRONG = {
    "nothing": "",
    "a letter": LEAST[:-1] + "A",
    "a digit too few": LEAST[:-1],
    "a digit too many": LEAST + "7",
    "a prefix too long": "7" + LEAST[1:],
    "nothing saved": COMPANY + OFFER + "0" + NEEDS,
    "an unknown requirement": LEAST[:-4] + "5" + "120",
    "out of order": LEAST + "4260101" + "3261231",
    "twice": LEAST + "3261231" + "3261231",
    "no date": LEAST + "3261331",
    "from after until": LEAST + "3260101" + "4261231",
    "a retailer too short": LEAST + "60123456",
    "an unknown code": LEAST + "9" + "3" + "1" + "7" + "1",
}


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_what_contradicts_itself_is_no_coupon(value: str) -> None:
    with pytest.raises(NotDigitalLink):
        parse(f"https://id.example/01/09506000134352?8110={value}")


def test_an_offer_is_a_funder_an_offer_and_a_serial_number() -> None:
    whole = "0" + COMPANY + OFFER + "2" + "12345678"
    assert is_offer(whole)
    assert is_offer("1" + whole[1:])
    for wrong in (whole + "1", whole[:-1], "2" + whole[1:], whole[:1] + "7" + whole[2:], "", "0A"):
        assert not is_offer(wrong)


@given(st.text(max_size=80))
def test_whatever_the_text_it_is_judged(text: str) -> None:
    assert is_coupon(text, any_day) in {True, False}
    assert is_offer(text) in {True, False}

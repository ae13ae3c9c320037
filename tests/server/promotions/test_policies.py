"""The pricing policy on its page: seen, changed from now on, refused in words, and who did it."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from flask.testing import FlaskClient

from server.promotions.prior_price import PriorPolicy
from server.promotions.rules.policy import HOUSE, Policy, Stage
from server.promotions.rules.rule import Kind
from server.promotions.wording import CHOICES, KINDS
from tests.server.promotions.test_planning import FORM, send
from tests.shopfloor import as_device, sign_in, tap

PATH = "/merchandise/policy"


def form_on(page: str) -> dict[str, str]:
    """Return what the fields of the page's form say."""
    found = dict(re.findall(r'name="((?:policy|prior)\.[^"]+)" value="([^"]*)"', page))
    for name, options in re.findall(r'name="((?:policy|prior)\.[^"]+)">(.*?)</select>', page):
        found[name] = re.findall(r'<option value="([^"]*)" selected>', options)[0]
    return found


@pytest.fixture
def merchandiser(client: FlaskClient) -> FlaskClient:
    sign_in(client, "merchandiser")
    return client


def test_every_choice_and_every_kind_has_words() -> None:
    assert set(KINDS) == set(get_args(Kind))
    fields = [*Policy.model_fields.values(), *PriorPolicy.model_fields.values(), *Stage.model_fields.values()]
    choices = {str(one) for field in fields for one in get_args(field.annotation) if isinstance(one, str)}
    assert set(CHOICES) == choices | {"true", "false"}


def test_every_field_of_the_policies_is_on_the_page(merchandiser: FlaskClient) -> None:
    form = form_on(merchandiser.get(PATH).get_data(as_text=True))
    names = {f"prior.{name}" for name in PriorPolicy.model_fields}
    names |= {f"policy.{name}" for name in Policy.model_fields if name not in {"shelf", "list"}}
    names |= {f"policy.{stage}.{name}" for stage in ("shelf", "list") for name in type(HOUSE.shelf).model_fields}
    assert set(form) == names


def test_a_change_holds_from_the_next_tap_on_and_names_who_made_it(merchandiser: FlaskClient) -> None:
    two = {"starts": "2026-11-20T00:00", "exclusive": ""}
    for key, percent in (("spring", "25"), ("again", "10")):
        form = FORM | two | {"id": key, "percent": percent}
        assert send(merchandiser, "/merchandise/promotions", **form)[0] == 303
    assert tapped(merchandiser, 1) == 8100
    told = form_on(merchandiser.get(PATH).get_data(as_text=True)) | {"policy.combine": "best", "scope": "ES"}
    assert send(merchandiser, PATH, **told)[0] == 303
    assert tapped(merchandiser, 2) == 9000
    page = merchandiser.get(f"{PATH}?scope=ES").get_data(as_text=True)
    assert form_on(page)["policy.combine"] == "best"
    said = "How promotions combine: all that apply, one after the other → only the best for the shopper<br></td>"
    assert f"<td>{said}" in page, "what was never stored was what holds by itself"
    assert "<td>Merchandiser</td><td>ES</td>" in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "Prior price: lowest of so many days: 30 → 45",
                "Categories that spoil, with commas between: – → feet",
            ],
        ),
        ("es", ["Precio anterior", "Categorías perecederas", "sí → no", "– → feet"]),
    ],
)
def test_the_history_says_what_changed_in_the_words_of_the_form(
    merchandiser: FlaskClient, language: str, said: list[str]
) -> None:
    told = form_on(merchandiser.get(PATH).get_data(as_text=True)) | {"scope": "chain"}
    for change in ({"prior.perishable_categories": "feet"}, {"policy.consume": "false", "prior.days": "45"}):
        told |= change
        assert send(merchandiser, PATH, **told)[0] == 303
    send(merchandiser, f"/language/{language}")
    page = merchandiser.get(PATH).get_data(as_text=True)
    log = page[page.index('id="log"') :]
    assert not re.search(r"(policy|prior)\.[a-z_]+", log)
    assert [one for one in said if one not in log] == []


def tapped(client: FlaskClient, number: int) -> int:
    card = client.post("/api/v1/taps", json=tap(number), headers=as_device("kiosk")).get_json()["card"]
    minor: int = card["price"]["now"]["minor"]
    return minor


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"prior.days": "soon"}, "days: "),
        ({"prior.days": "0"}, "days: "),
        ({"prior.perishable_categories": "fish"}, "There is no category fish"),
        ({"policy.rounding": "magic"}, "rounding: "),
        ({"scope": "XX"}, "There is no store in XX"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    merchandiser: FlaskClient, wrong: dict[str, str], reason: str
) -> None:
    told = form_on(merchandiser.get(PATH).get_data(as_text=True)) | {"scope": "chain"} | wrong
    status, said = send(merchandiser, PATH, **told)
    assert (status, reason in said) == (422, True)


def test_it_is_the_merchandisers(client: FlaskClient) -> None:
    sign_in(client, "manager")
    assert client.get(PATH).status_code == 403

"""A new key takes over what older ones made: nobody is lost or two, and the old key alone opens nothing."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.timeline.consents.models import Introduction
from server.timeline.people import consenting, queries, requests
from server.timeline.people.erased import ErasedId, is_erased_card
from server.timeline.people.erasure_notice import ErasureNotice
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind, Link, PersonRequest
from tests.clock import NOW
from tests.server.timeline.people.test_people_commands import Desk

KEYS = {name: bytes([number]) * 32 for number, name in enumerate(("k1", "k2", "k3"), start=1)}
CARD, CUSTOMER = Id(IdKind.CARD, "4004321"), Id(IdKind.CUSTOMER, "Z9")


@pytest.fixture
def desk(database_url: str) -> Desk:
    return with_keys(Desk(database_url), "k1")


def with_keys(desk: Desk, *names: str) -> Desk:
    desk.settings = replace(desk.settings, person_keys={name: KEYS[name] for name in names})
    return desk


def typed(desk: Desk, *words: str, lines: str = "") -> str:
    done = desk.type(*words, lines=lines)
    assert done.exit_code == 0, done.output
    return done.output


def cards(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return {
            end.value for link in session.scalars(select(Link)) for end in link.ends if end.kind is IdKind.CARD
        }


def test_what_an_older_key_made_is_rewritten_and_the_card_is_recognised_all_along(
    desk: Desk, engine: Engine
) -> None:
    typed(desk, "people", "link", str(CARD), str(CUSTOMER), "--reason", "enrolled")
    visit = UUID(int=7, version=4)
    with Session(engine) as session, session.begin():
        session.add(
            Introduction(visit_id=visit, card_id=PersonKeys({"k1": KEYS["k1"]}).hidden(CARD).value, at=NOW)
        )
    receipt = typed(desk, "people", "restrict", str(CARD)).split()[0]
    for names in (("k2", "k1"), ("k3", "k2", "k1")):
        with_keys(desk, *names)
        keys = PersonKeys(desk.settings.person_keys)
        for turn in range(2):
            with Session(engine) as session:
                found = consenting.enrolled(session, [CARD.value], keys)
                assert found is not None
                assert queries.person_of(session, found).name == CUSTOMER
                assert not requests.may_profile(session, found, keys)
                assert session.get_one(Introduction, visit).card_id == found.value
            typed(desk, "people", "link", str(CARD), str(CUSTOMER), "--reason", "enrolled once more")
            assert len(cards(engine)) == 1, "one card, whichever key is in front"
            told = typed(desk, "keys", "rotate")
            assert "took over 1 id and 1 receipt" in told if turn == 0 else "took over nothing" in told
        assert {card.partition(":")[0] for card in cards(engine)} == {".".join(names)}
        assert typed(desk, "keys", "list").split() == [".".join(names), "1"]
    with Session(engine) as session:
        assert str(requests.receipt_of(session, UUID(receipt)).id) == receipt


def test_the_old_key_alone_tries_out_nothing_any_more(desk: Desk, engine: Engine) -> None:
    typed(desk, "people", "link", str(CARD), str(CUSTOMER), "--reason", "enrolled")
    tried = hmac.new(KEYS["k1"], b"card\x004004321", hashlib.sha256).hexdigest()
    assert [tried in card for card in cards(engine)] == [True]
    typed(with_keys(desk, "k2", "k1"), "keys", "rotate")
    assert [tried in card for card in cards(engine)] == [False]


def test_the_old_key_alone_tries_out_no_receipt_and_no_list_of_the_erased(desk: Desk, engine: Engine) -> None:
    typed(desk, "people", "link", str(CARD), str(CUSTOMER), "--reason", "enrolled")
    typed(desk, "people", "restrict", str(CUSTOMER))
    old = PersonKeys({"k1": KEYS["k1"]})
    tried = {said for one in (CUSTOMER, old.hidden(CARD)) for said in old.hashes(one)}
    other = Id(IdKind.CARD, "4009999")
    typed(desk, "people", "link", str(other), "customer:Z8", "--reason", "enrolled")
    typed(desk, "people", "erase", str(other))
    tried |= {said for one in (Id(IdKind.CUSTOMER, "Z8"), old.hidden(other)) for said in old.hashes(one)}

    def kept() -> set[str]:
        with Session(engine) as session:
            receipts = [said for one in session.scalars(select(PersonRequest)) for said in one.hashes]
            return {*receipts, *session.scalars(select(ErasedId.hash))}

    assert kept() == tried
    keys = PersonKeys(with_keys(desk, "k2", "k1").settings.person_keys)
    typed(desk, "keys", "rotate")
    assert not kept() & tried
    with Session(engine) as session:
        assert not requests.may_profile(session, CUSTOMER, keys)
        assert is_erased_card(session, [other.value], keys)
        assert not is_erased_card(session, [CARD.value], keys)
    before = kept()
    typed(desk, "keys", "rotate")
    assert kept() == before


def test_every_way_a_card_may_stand_is_found_from_the_card_and_from_an_older_form() -> None:
    keys = PersonKeys(KEYS)
    forms = keys.every(CARD)
    assert len({form.value for form in forms}) == len(forms) == 7
    for length in (1, 2, 3):
        for names in permutations(KEYS, length):
            made = PersonKeys({names[-1]: KEYS[names[-1]]}).hidden(CARD)
            older = made
            for name in reversed(names[:-1]):
                made = PersonKeys({name: KEYS[name]}).rewritten(made)
            in_order = list(names) == [name for name in KEYS if name in names]
            assert (made in forms) == in_order
            assert (made in keys.later(older)) == in_order


def test_a_notice_that_waits_is_sealed_anew_and_a_restored_backup_of_older_forms_is_erased(
    desk: Desk, engine: Engine
) -> None:
    def enrol() -> None:
        typed(desk, "people", "link", str(CARD), f"visit:{UUID(int=7, version=4)}", "--reason", "enrolled")

    enrol()
    typed(with_keys(desk, "k2", "k1"), "keys", "rotate")
    typed(desk, "people", "erase", str(CARD))
    listed = typed(desk, "people", "erased")
    cards_only = "\n".join(listed.split())
    typed(with_keys(desk, "k3", "k2", "k1"), "keys", "rotate")
    with Session(engine) as session:
        [notice] = session.scalars(select(ErasureNotice))
        assert b"customer.erased" in PersonKeys({"k3": KEYS["k3"]}).unseal(notice.sealed)
    enrol_as_before = with_keys(desk, "k1")
    enrol()
    assert cards(engine)
    typed(with_keys(enrol_as_before, "k3", "k2", "k1"), "people", "replay", lines=cards_only)
    assert cards(engine) == set()

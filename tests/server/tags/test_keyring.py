"""Keys of tags: sealed where they lie, refused where everybody has them, followed by newer ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.errors import Invalid, NotFound, SettingsError
from server.settings import NO_SEAL, from_environment
from server.tags.keyring.commands import tag_keys
from server.tags.keyring.models import TagKeys
from server.tags.keyring.queries import open_keys
from server.tags.keyring.sealing import Masters, Scheme, seal, unseal
from server.tags.sun import NotGenuine, read_message, verify
from tests.server.tags.signing_tag import MASTER, SigningTag
from tests.server.tags.terminals import typed
from tests.shopfloor import SEAL

OTHER_SEAL = bytes(range(1, 33))
LINES = f"{MASTER.hex()}\n{MASTER[::-1].hex()}\n"
KEYS = st.binary(min_size=16, max_size=16).filter(any)


@given(KEYS, KEYS, st.sampled_from(Scheme), st.booleans())
def test_what_was_sealed_opens_with_its_seal_and_label_only(
    one: bytes, other: bytes, scheme: Scheme, lrp: bool
) -> None:
    masters = Masters(one, other, scheme, lrp)
    sealed = seal(masters, SEAL, label="boots 1", nonce=bytes(12))
    assert unseal(sealed, SEAL, label="boots 1") == masters
    for key, label, text in (
        (OTHER_SEAL, "boots 1", sealed),
        (SEAL, "boots 2", sealed),
        (SEAL, "boots 1", sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ):
        with pytest.raises(SettingsError, match=label):
            unseal(text, key, label=label)


@pytest.mark.parametrize(
    ("scheme", "genuine"), [(Scheme.AN10922, True), (Scheme.SAME, False), (Scheme.SDM_BACKEND, False)]
)
def test_a_tags_own_key_comes_by_its_sets_scheme(scheme: Scheme, genuine: bool) -> None:
    message = read_message(SigningTag().uri())
    assert message
    keys = Masters(MASTER, MASTER, scheme).keys()
    if genuine:
        assert verify(message, keys).counter == 1
    else:
        with pytest.raises(NotGenuine):
            verify(message, keys)


@pytest.mark.parametrize("lines", [f"{bytes(16).hex()}\n{MASTER.hex()}\n", f"{MASTER.hex()}\n{'0' * 32}\n"])
def test_the_key_a_tag_leaves_the_factory_with_is_refused(database_url: str, lines: str) -> None:
    with pytest.raises(Invalid, match="all zeros"):
        typed(database_url, tag_keys, "add", "boots", lines=lines)


@pytest.mark.parametrize("lines", ["", "xyz\n", "00\n00\n", f"{MASTER.hex()}\n"])
def test_what_is_no_key_is_refused_in_words(database_url: str, lines: str) -> None:
    with pytest.raises(Invalid, match="32 hex digits"):
        typed(database_url, tag_keys, "add", "boots", lines=lines)


def test_keys_lie_sealed_have_versions_and_are_never_shown(database_url: str, engine: Engine) -> None:
    assert "version 1" in typed(database_url, tag_keys, "add", "boots", lines=LINES)
    assert "version 2" in typed(database_url, tag_keys, "add", "boots", "--scheme", "same", lines=LINES)
    with Session(engine) as session:
        for row in session.scalars(select(TagKeys)):
            assert MASTER not in row.sealed
        opened = open_keys(session, SEAL)
    assert [masters.scheme for masters in opened["boots"]] == [Scheme.SAME, Scheme.AN10922]
    typed(database_url, tag_keys, "retire", "boots", "1")
    listed = typed(database_url, tag_keys, "list")
    assert [("retired" in line, "in use" in line) for line in listed.splitlines()] == [
        (False, True),
        (True, False),
    ]
    assert MASTER.hex() not in listed
    with Session(engine) as session:
        assert [masters.scheme for masters in open_keys(session, SEAL)["boots"]] == [Scheme.SAME]
    with pytest.raises(NotFound, match="boots 3"):
        typed(database_url, tag_keys, "retire", "boots", "3")


def test_a_seal_can_be_changed(database_url: str, engine: Engine) -> None:
    typed(database_url, tag_keys, "add", "boots", lines=LINES)
    with pytest.raises(SettingsError, match="does not open"):
        typed(database_url, tag_keys, "reseal", lines=f"{OTHER_SEAL.hex()}\n", seal=OTHER_SEAL)
    typed(database_url, tag_keys, "reseal", lines=f"{SEAL.hex()}\n", seal=OTHER_SEAL)
    with Session(engine) as session:
        assert open_keys(session, OTHER_SEAL)["boots"] == [Masters(MASTER, MASTER[::-1])]
        with pytest.raises(SettingsError):
            open_keys(session, SEAL)


def test_without_a_seal_no_key_is_taken(database_url: str) -> None:
    with pytest.raises(SettingsError, match="SHELFTALKER_TAG_SEAL"):
        typed(database_url, tag_keys, "add", "boots", lines=LINES, seal=b"")


@pytest.mark.parametrize("written", ["0" * 64, "ab", "x" * 64, "ab" * 31])
def test_a_seal_that_is_none_keeps_the_server_from_starting(written: str) -> None:
    environment = {"SHELFTALKER_SECRET_KEY": "s" * 32}
    assert from_environment(environment).tag_seal == b""
    assert from_environment(environment | {"SHELFTALKER_TAG_SEAL": "ab" * 32}).tag_seal == b"\xab" * 32
    with pytest.raises(SettingsError) as refusal:
        from_environment(environment | {"SHELFTALKER_TAG_SEAL": written})
    assert str(refusal.value) == NO_SEAL

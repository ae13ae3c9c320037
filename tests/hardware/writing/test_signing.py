"""An NTAG 424 DNA is made to sign whatever happens on the way, and the server believes what it says."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from hardware.fault import ReaderFault
from hardware.radio import ReaderBroken
from hardware.type4 import APPLICATION, IsoDep
from hardware.virtual import Faults, blank_ntag424, fault_script, ntag213, ntag424
from hardware.virtual.iso_dep import IsoDepTag
from hardware.writing.ev2_session import Authenticated
from hardware.writing.keys import BadSecret, SigningKeys, read_signing_keys
from hardware.writing.outcome import WriteOutcome, Written
from hardware.writing.selected import TagRefused
from hardware.writing.signing import sign_tag
from hardware.writing.step import Content
from hardware.writing.words import words_for
from server.tags.keyring.sealing import Masters
from server.tags.sun import read_message, verify
from tests.hardware.writing.bench import NEW, OLD, OTHER, UID, Bench, Counting

LUCK = Random(7)
KEYS = SigningKeys(*(LUCK.randbytes(16) for _ in range(3)))
OF_OTHERS = SigningKeys(*(LUCK.randbytes(16) for _ in range(3)))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def blank() -> IsoDepTag:
    return blank_ntag424(UID, luck=LUCK.randbytes)


def sign(bench: Bench, script: str = "", *, uri: str = NEW, keys: SigningKeys = KEYS) -> Written:
    bench.field.disturb(fault_script(script))
    done = sign_tag(bench.radio, uri, keys=keys, luck=LUCK.randbytes)
    bench.field.disturb(Faults())
    return done


def counted(bench: Bench, tag: IsoDepTag) -> int:
    """Return the counter the server reads out of the tag, by the two keys it knows."""
    uri = bench.read(tag).uri
    message = read_message(uri or "")
    assert uri is not None
    assert message is not None
    assert uri.startswith(NEW)
    said = verify(message, Masters(KEYS.identity, KEYS.signing).keys())
    assert said.uid.hex().upper() == UID
    return said.counter


def test_a_blank_tag_signs_and_the_server_believes_each_reading_once(bench: Bench) -> None:
    tag = blank()
    bench.field.lay(tag)
    done = sign(bench)
    assert (done.outcome, done.uid, done.chip, done.protected) == (WriteOutcome.WRITTEN, UID, "NTAG 424 DNA", True)
    assert done.holds == {Content.NEW}
    counts = [counted(bench, tag) for _ in range(3)]
    assert counts == [counts[0], counts[0] + 1, counts[0] + 2]


def test_no_key_of_the_factory_is_left_and_each_tag_has_its_own(bench: Bench) -> None:
    tags = [blank(), blank_ntag424(OTHER, luck=LUCK.randbytes)]
    for tag in tags:
        bench.field.lay(tag)
        assert sign(bench).outcome is WriteOutcome.WRITTEN
    one, other = (tag.application.keys.keys for tag in tags)  # type: ignore[attr-defined]  # a 424 has them
    assert bytes(16) not in one
    assert len(set(one)) == len(one)
    assert [number for number in range(5) if one[number] == other[number]] == [1]


def test_a_tag_that_signs_already_is_checked_and_left_as_it_is(bench: Bench) -> None:
    tag = blank()
    bench.field.lay(tag)
    assert sign(bench).outcome is sign(bench).outcome is WriteOutcome.WRITTEN
    assert sign(bench, keys=OF_OTHERS).outcome is WriteOutcome.FOREIGN_KEYS
    assert sign(bench, uri=OLD + "/10/ANOTHER").outcome is WriteOutcome.FOREIGN_KEYS
    assert counted(bench, tag) > 0


def test_a_tag_that_signs_as_another_is_not_taken_for_done(bench: Bench) -> None:
    tag = blank()
    tag.application.uid = bytes.fromhex(OTHER)  # type: ignore[attr-defined]  # a 424 has one
    bench.field.lay(tag)
    assert sign(bench).outcome is WriteOutcome.NOT_VERIFIED


def test_what_cannot_sign_or_holds_something_is_left_as_it_is(bench: Bench) -> None:
    for tag, outcome in [
        (ntag213(UID, OLD), WriteOutcome.CANNOT_SIGN),
        (ntag424(UID, OLD), WriteOutcome.NOT_BLANK),
    ]:
        bench.field.lay(tag)
        done = sign(bench)
        assert (done.outcome, done.holds) == (outcome, {Content.OLD})
        assert bench.read(tag).uri == OLD
    bench.field.take()
    assert sign(bench).outcome is WriteOutcome.NO_TAG


@pytest.mark.parametrize("fault", ["cut {0}", "tear {0}", "silence {0}-", "garble {0}", "nak {0}"])
def test_a_tag_pulled_at_any_frame_says_how_to_go_on_and_goes_on(bench: Bench, fault: str) -> None:
    counting = Counting()
    bench.field.lay(blank(), faults=counting)
    sign_tag(bench.radio, NEW, keys=KEYS, luck=LUCK.randbytes)
    for frame in range(1, counting.frames + 1):
        tag = blank()
        bench.field.lay(tag)
        done = sign(bench, fault.format(frame))
        if done.outcome is WriteOutcome.HALF_SIGNED:
            assert "lay it down again" in words_for(done)
        bench.field.lay(tag)
        assert sign(bench).outcome is WriteOutcome.WRITTEN, (frame, done.outcome)
        assert counted(bench, tag) > 0


def test_a_session_is_refused_to_who_lacks_the_key_and_broken_by_a_changed_bit(bench: Bench) -> None:
    bench.field.lay(blank())
    with pytest.raises(TagRefused, match="91ae"):
        Authenticated(selected(bench), LUCK.randbytes(16), LUCK.randbytes)
    session = Authenticated(selected(bench), bytes(16), LUCK.randbytes)
    session._secrets.signing = LUCK.randbytes(16)
    with pytest.raises(TagRefused, match="911e"):
        session.change_key(1, LUCK.randbytes(16))


def test_a_chip_asks_for_time_after_many_wrong_keys(bench: Bench) -> None:
    bench.field.lay(blank())
    for _ in range(50):
        with pytest.raises(TagRefused, match="91ae"):
            Authenticated(selected(bench), LUCK.randbytes(16), LUCK.randbytes)
    with pytest.raises(TagRefused, match="91ad"):
        Authenticated(selected(bench), bytes(16), LUCK.randbytes)
    assert Authenticated(selected(bench), bytes(16), LUCK.randbytes)


def test_a_chip_that_only_echoes_is_not_believed(bench: Bench) -> None:
    answers = {0x71: bytes(16) + b"\x91\xaf", 0xAF: bytes(32) + b"\x91\x00"}
    echo = IsoDep(lambda frame: frame[:1] + answers[frame[2]])
    with pytest.raises(TagRefused, match="does not know the key"):
        Authenticated(echo, bytes(16), LUCK.randbytes)


def selected(bench: Bench) -> IsoDep:
    bench.radio.sense()
    card = IsoDep(lambda frame: bench.radio.exchange(frame, 0.1))
    card.activate()
    card.command(APPLICATION)
    return card


def test_a_reader_that_breaks_is_said(bench: Bench) -> None:
    class Broken:
        def sense(self, uid: bytes | None = None) -> None:
            raise ReaderBroken(ReaderFault.STOPPED)

    assert sign_tag(Broken(), NEW, keys=KEYS, luck=LUCK.randbytes).outcome is WriteOutcome.READER_BROKEN  # type: ignore[arg-type]  # half a radio


def test_keys_are_read_from_a_private_file_and_never_the_factorys(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("\n".join(key.hex() for key in (KEYS.admin, KEYS.identity, KEYS.signing)))
    file.chmod(0o644)
    with pytest.raises(BadSecret, match="chmod 600"):
        read_signing_keys(file)
    file.chmod(0o600)
    assert read_signing_keys(file) == KEYS
    with pytest.raises(BadSecret):
        SigningKeys(KEYS.admin, bytes(16), KEYS.signing)
    with pytest.raises(BadSecret):
        SigningKeys(KEYS.admin, KEYS.signing, KEYS.signing)
    file.write_text("zz")
    with pytest.raises(BadSecret, match="hexadecimal"):
        read_signing_keys(file)
    file.write_text("00" * 16)
    with pytest.raises(BadSecret, match="three keys"):
        read_signing_keys(file)
    assert KEYS.admin.hex() not in repr(KEYS)

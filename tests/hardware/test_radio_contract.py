"""What every radio does, whatever device it drives: one suite for all implementations of `Radio`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hardware.radio import Feedback, Radio, RadioError, ReaderBroken, TagGarbled, TagsCollided, Target
from hardware.virtual import fault_script, ntag213, type4
from tests.hardware.stages import BARE, RADIOS, Stage, stage

LINK = "https://id.example/01/09506000134352"
ONE, OTHER = "04A1B2C3D4E580", "04A1B2C3D4E581"
SECONDS = 0.1


class Opened:
    """A stage with a radio opened on it."""

    def __init__(self, staged: Stage) -> None:
        assert staged.open_radio is not None
        self.stage, self.radio = staged, _patiently(staged.open_radio)

    def lay(self, uid: str = ONE) -> Target:
        self.stage.lay(ntag213(uid, LINK))
        return eventually(self.radio)


def _patiently(open_radio: Callable[[], Radio]) -> Radio:
    """Open the radio once it can be: a PC/SC service knows its readers a little after it listens."""
    for _ in range(50):
        with suppress(ReaderBroken):
            return open_radio()
        time.sleep(0.02)
    return open_radio()


def eventually(radio: Radio) -> Target:
    """Return what lies there once the radio sees it: a PC/SC service takes a while."""
    for _ in range(400):
        found = radio.sense()
        if found is not None:
            return found
        time.sleep(0.02)
    pytest.fail("no tag was seen")


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    with stage(request.param, tmp_path) as staged:
        made = Opened(staged)
        yield made
        made.radio.close()


def every(names: list[str] | tuple[str, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("opened", names, indirect=True)


@every(RADIOS)
def test_an_empty_field_is_none_and_a_tag_in_it_has_its_uid_and_sak(opened: Opened) -> None:
    assert opened.radio.sense() is None
    target = opened.lay()
    assert (target.uid.hex().upper(), target.sak, target.technology) == (ONE, 0x00, "106A")


@every(RADIOS)
def test_a_processor_card_is_told_by_its_sak(opened: Opened) -> None:
    opened.stage.lay(type4(ONE, LINK))
    assert eventually(opened.radio).sak == 0x20


@every(RADIOS)
def test_frames_are_answered_and_a_refusal_is_one_byte(opened: Opened) -> None:
    uid = opened.lay().uid
    assert opened.radio.exchange(b"\x30\x00", SECONDS)[:3] == uid[:3]
    assert opened.radio.exchange(b"\x30\xff", SECONDS) == b"\x00"


@every(RADIOS)
def test_a_tag_is_selected_again_by_its_uid_and_no_other_is(opened: Opened) -> None:
    uid = opened.lay().uid
    assert opened.radio.sense(bytes.fromhex(OTHER)) is None
    again = opened.radio.sense(uid)
    assert again is not None
    assert again.uid == uid
    assert len(opened.radio.exchange(b"\x30\x04", SECONDS)) == 16


@every(RADIOS)
def test_a_tag_that_left_is_an_error_of_the_tag_and_then_nothing_is_there(opened: Opened) -> None:
    opened.lay()
    opened.stage.take()
    with pytest.raises(RadioError) as caught:  # a PC/SC service notices a little later
        for _ in range(400):
            opened.radio.exchange(b"\x30\x04", SECONDS)
    assert not isinstance(caught.value, ReaderBroken)
    assert opened.radio.sense() is None


@every(RADIOS)
def test_without_a_tag_selected_no_frame_is_carried(opened: Opened) -> None:
    with pytest.raises(RadioError) as caught:
        opened.radio.exchange(b"\x30\x04", SECONDS)
    assert not isinstance(caught.value, ReaderBroken)


@every(BARE)
def test_an_answer_that_fails_its_check_proves_that_a_tag_is_there(opened: Opened) -> None:
    opened.lay()
    assert opened.stage.field is not None
    opened.stage.field.disturb(fault_script("garble 1-"))
    with pytest.raises(TagGarbled):
        opened.radio.exchange(b"\x30\x04", SECONDS)


@every(BARE)
def test_two_tags_at_once_collide(opened: Opened) -> None:
    assert opened.stage.field is not None
    opened.stage.field.lay(ntag213(ONE, LINK), ntag213(OTHER, LINK))
    with pytest.raises(TagsCollided):
        _first_alone(opened.radio)


@every(RADIOS)
def test_one_tag_proves_to_be_alone_and_so_does_none(opened: Opened) -> None:
    opened.radio.prove_alone()
    uid = opened.lay().uid
    opened.radio.prove_alone()
    opened.radio.sense(uid)
    assert len(opened.radio.exchange(b"\x30\x04", SECONDS)) == 16
    opened.radio.prove_alone()


def _first_alone(radio: Radio) -> None:
    radio.sense()
    radio.prove_alone()


@every(RADIOS)
def test_light_and_sound_never_raise_and_closing_twice_is_harmless(opened: Opened) -> None:
    for feedback in Feedback:
        opened.radio.signal(feedback)
    opened.radio.close()
    opened.radio.signal(Feedback.READ)
    opened.radio.close()


@every(RADIOS)
def test_a_device_that_is_gone_is_said_in_words(opened: Opened) -> None:
    opened.stage.unplug()
    with pytest.raises(ReaderBroken, match=r"\.$"):
        for _ in range(20):
            try:
                opened.radio.sense()
            except ReaderBroken:
                raise
            except RadioError:
                continue

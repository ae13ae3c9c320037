"""Readers without radio, and the names by which readers are chosen."""

from __future__ import annotations

import io

import pytest

from hardware.choose import UnknownReader, open_reader
from hardware.keyboard_reader import KeyboardReader
from hardware.polling_reader import PollingReader
from hardware.reader import Arrived, Fault, Removed
from hardware.scripted_reader import ScriptedReader
from hardware.tag import Outcome, TagRead

READ = TagRead("04A1B2C3", "NTAG213", None, Outcome.OK)


def test_a_keyboard_reader_makes_a_tag_of_each_line() -> None:
    reader = KeyboardReader(io.StringIO("04:a1:b2:c3\n\nnonsense\n"))
    events = list(reader)
    assert events[0] == Arrived(TagRead("04A1B2C3", "keyboard", None, Outcome.OK))
    assert events[1] == Removed("04A1B2C3")
    assert isinstance(events[2], Arrived)
    assert events[2].read.outcome is Outcome.UNREADABLE
    assert isinstance(events[-1], Fault)


def test_a_scripted_reader_plays_its_script_until_closed() -> None:
    reader = ScriptedReader([Arrived(READ), Removed(READ.uid)])
    reader.close()
    with reader:
        assert list(reader) == [Arrived(READ), Removed(READ.uid)]


@pytest.mark.parametrize("name", ["", "bluetooth", "udp:127.0.0.1:abc", "udp:", "serial0"])
def test_a_name_that_is_no_reader_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(UnknownReader, match="tty:PORT:DRIVER"):
        open_reader(name, clock=lambda: 0.0, wait=lambda _: None)


@pytest.mark.parametrize("name", ["usb", "usb:054c:06c3", "tty:AMA0:pn532", "udp:127.0.0.1:4000"])
def test_a_name_of_a_reader_opens_it(name: str) -> None:
    assert isinstance(open_reader(name, clock=lambda: 0.0, wait=lambda _: None), PollingReader)

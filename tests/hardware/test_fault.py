"""Each fault of a reader has a sentence that says what to do, in every language, for staff and on the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardware.fault import ReaderFault, in_words
from hardware.radio import ReaderBroken
from hardware.words import speak
from server.fleet.words import FAULTS, reader_fault
from server.wire import ReaderRecord


@pytest.fixture(params=["en", "es"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    speak([request.param])
    yield request.param
    speak(["en"])


def test_a_fault_is_a_sentence_and_names_the_place_where_it_has_one(language: str) -> None:
    said = {fault: in_words(fault, "usb:1-1.4") for fault in ReaderFault}
    assert all(sentence.endswith(".") and "%(" not in sentence for sentence in said.values())
    assert len(set(said.values())) == len(ReaderFault)
    assert "usb:1-1.4" in said[ReaderFault.NOT_FOUND]
    assert str(ReaderBroken(ReaderFault.HANGS)) == said[ReaderFault.HANGS]


def test_two_languages_say_it_in_two_ways() -> None:
    speak(["es"])
    spanish = {in_words(fault) for fault in ReaderFault}
    speak(["en"])
    assert spanish.isdisjoint({in_words(fault) for fault in ReaderFault})


def test_the_server_knows_every_code_that_kiosks_send_and_what_it_does_not_know_it_leaves_to_them() -> None:
    assert set(FAULTS) == {fault.value for fault in ReaderFault}
    record = {"name": "usb", "state": "fault", "where": "usb"}
    for fault in ReaderFault:
        told = ReaderRecord.model_validate(record | {"fault": fault.value})
        english, spanish = (reader_fault(told, language) for language in ("en", "es"))
        assert english != spanish
        assert "{" not in english + spanish
    assert reader_fault(ReaderRecord.model_validate(record | {"fault": "of tomorrow"}), "es") == ""

"""The longer sweeps of `deploy/bench reader`, short; and what fuzzing the decoder has ever kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from benches.readers import busy, fuzz, noise, together
from benches.readers.decoder import CORPUS
from hardware import ndef
from hardware.tag import Outcome
from hardware.type2 import find_message

PLACES = ("in process", "behind a PN532")


def test_broken_tags_never_escape_and_a_healthy_one_never_says_what_is_not_on_it() -> None:
    found = fuzz.sweep(1000, seed=7)
    assert (found["escaped"], found["wrong"]) == (0, 0)
    assert found["ok"] > 0
    assert {str(outcome) for outcome in Outcome if outcome is not Outcome.COLLISION} <= set(found)


def told(polls: int, script: str) -> list[float]:
    found = noise.sweep(polls, script)
    return [found[f"{what} {where}"] for what in ("read", "false removals") for where in PLACES]


def test_a_fifth_of_all_answers_spoilt_makes_no_tag_leave() -> None:
    assert told(300, "noise 0.2") == [1, 1, 0, 0]


def test_a_tag_that_really_answers_no_more_is_told_as_gone() -> None:
    assert told(300, "deaf 300-") == [1, 1, 1, 1]


def test_eight_readers_at_once_do_not_mix_up_their_tags() -> None:
    assert together.measure(4)["cross-talk"] == 0


def test_late_answers_are_not_mixed_up() -> None:
    found = busy.sweep(10, processes=2)
    assert (found["wrong"], found["faults"]) == (0, 0)


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_what_fuzzing_has_kept_comes_to_an_outcome(path: Path) -> None:
    for message in (path.read_bytes(), find_message(path.read_bytes()) or b""):
        outcome, uri = ndef.decode(message)
        assert uri is None or outcome is Outcome.OK

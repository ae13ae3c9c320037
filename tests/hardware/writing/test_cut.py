"""Whatever goes wrong at whichever frame: the tag reads old, nothing or new, and the outcome tells the truth."""

from __future__ import annotations

from random import Random

import pytest

from hardware.virtual import Ntag21x, blank, blank_ntag424, fault_script, written
from hardware.virtual.iso_dep import IsoDepTag
from hardware.writing import Content, Seal, WriteOutcome, Written, write_tag
from tests.hardware.writing.bench import CHIPS, MEANS, NEW, OLD, UID, Bench, encoded, order, reads

SEALS = (Seal.OPEN, Seal.LOCKED, Seal.PROTECTED)
FAULTS = ("cut {0}", "tear {0}", "nak {0}", "silence {0}-")
RARER = ("silence {0}", "deaf {0}", "garble {0}", "nak {0}-", "garble {0}-")
"""These need longer, and find what the others find: by name."""
STARTS = {"blank": b"", "old": encoded(OLD)}


def tag_for(chip: str, start: str) -> Ntag21x | IsoDepTag:
    if chip == "NTAG 424":
        return blank_ntag424(UID)
    return written(UID, chip, STARTS[start]) if start == "old" else blank(UID, chip)


def settled(tag: Ntag21x) -> bool:
    """Whether nobody can write the message any more."""
    return tag.memory.page(2)[2:] == b"\xff\xff"


def check(bench: Bench, tag: Ntag21x | IsoDepTag, done: Written, *, fault: str, start: str) -> None:
    says = reads(bench.read(tag))
    means = MEANS | ({"old": MEANS["empty"]} if start == "blank" else {})
    assert says in means.values(), f"{fault}: half a message"
    assert says in {means[content] for content in done.holds}, f"{fault}: {done} but it reads {says}"
    if done.outcome is WriteOutcome.WRITTEN:
        assert (done.holds, says) == ({Content.NEW}, NEW)
    if isinstance(tag, Ntag21x):
        assert not done.locked or settled(tag)
        assert not settled(tag) or says == NEW, f"{fault}: locked with what was not verified"
        assert not done.protected or tag._settings.guarded_from == 0


@pytest.mark.parametrize("fault", [*FAULTS, *(pytest.param(fault, marks=pytest.mark.slow) for fault in RARER)])
@pytest.mark.parametrize("seal", SEALS)
@pytest.mark.parametrize(("chip", "start"), [(chip, start) for chip in CHIPS for start in STARTS])
def test_at_every_frame(chip: str, start: str, seal: Seal, fault: str) -> None:
    bench, wish = Bench(), order(seal=seal, replace=start == "old", counting=True)
    for frame in range(1, bench.frames(tag_for(chip, start), wish) + 1):
        tag = tag_for(chip, start)
        bench.field.lay(tag)
        done = bench.write(wish, fault.format(frame))
        check(bench, tag, done, fault=fault.format(frame), start=start)
        bench.field.lay(tag)
        again = bench.write(wish)
        assert again.outcome is WriteOutcome.WRITTEN, f"{fault.format(frame)}: laid again, it is finished: {again}"
        check(bench, tag, again, fault="none", start=start)


@pytest.mark.parametrize("fault", [*FAULTS, *RARER])
def test_at_every_frame_of_a_type_4_tag(fault: str) -> None:
    bench, wish = Bench(), order()
    for frame in range(1, bench.frames(tag_for("NTAG 424", "blank"), wish) + 1):
        tag = tag_for("NTAG 424", "blank")
        bench.field.lay(tag)
        done = bench.write(wish, fault.format(frame))
        check(bench, tag, done, fault=fault.format(frame), start="blank")
        bench.field.lay(tag)
        assert bench.write(wish).outcome is WriteOutcome.WRITTEN


@pytest.mark.parametrize("fault", ["nak {0}", "silence {0}", "deaf {0}", "garble {0}"])
@pytest.mark.parametrize("seal", SEALS)
def test_a_tag_that_stays_is_finished_although_any_one_frame_went_wrong(seal: Seal, fault: str) -> None:
    bench, wish = Bench(), order(seal=seal)
    outcomes = {}
    for frame in range(6, bench.frames(blank(UID), wish) + 1):  # from the first command on
        bench.field.lay(blank(UID))
        outcomes[frame] = bench.write(wish, fault.format(frame)).outcome
    missed = {frame: outcome for frame, outcome in outcomes.items() if outcome is not WriteOutcome.WRITTEN}
    refused_the_password = fault.startswith("nak") and seal is Seal.PROTECTED
    assert set(missed.values()) == ({WriteOutcome.SEAL_FAILED} if refused_the_password else set())


@pytest.mark.parametrize("seal", SEALS)
@pytest.mark.parametrize("chip", [*CHIPS, "NTAG 424"])
def test_in_noise_the_outcome_still_tells_the_truth(chip: str, seal: Seal) -> None:
    bench, wish = Bench(), order(seal=Seal.OPEN if chip == "NTAG 424" else seal)
    outcomes = set()
    for seed in range(40):
        luck, tag = Random(seed), tag_for(chip, "blank")
        bench.field.lay(tag)
        bench.field.disturb(fault_script(f"noise {luck.choice(['0.02', '0.1', '0.3'])}", luck))
        done = write_tag(bench.radio, wish)
        bench.field.disturb(fault_script(""))
        check(bench, tag, done, fault=f"noise, seed {seed}", start="blank")
        outcomes.add(done.outcome)
    assert len(outcomes) > 1, "the noise changed nothing: this test would prove nothing"

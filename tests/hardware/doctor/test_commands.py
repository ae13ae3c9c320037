"""Each command of the doctor on virtual tags: what is done, what is said, and the exit code."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardware.__main__ import run
from hardware.doctor.around import Around
from hardware.doctor.measure import Measured, in_words, percentiles
from hardware.doctor.words import about_read
from hardware.tag import Outcome, TagRead
from hardware.virtual import VirtualField, blank, blank_ntag424, ntag213
from hardware.writing import Content, Seal, WriteOutcome, Written
from hardware.writing.words import words_for
from tests.hardware.doctor.made_up import MadeUp

UID, LINK = "04A1B2C3D4E580", "https://id.example"
GTIN = "9506000134352"


class Desk:
    """A terminal that remembers what it showed, and at each sentence does what the test wants."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.react: Callable[[str], None] = lambda words: None
        self.keys: list[str] = []

    def tell(self, words: str) -> None:
        self.lines.append(words)
        self.react(words)

    def typed(self) -> str:
        return self.keys.pop(0) if self.keys else ""


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def around(tmp_path: Path, desk: Desk) -> Around:
    return Around(
        machine=MadeUp(tmp_path).machine(),
        desk=desk,
        clock=time.perf_counter,
        now=lambda: datetime(2026, 11, 24, tzinfo=UTC),
        wait=lambda seconds: time.sleep(min(seconds, 0.01)),
        luck=bytes,
        pcsc_readers=list,
    )


@pytest.fixture
def field() -> Iterator[VirtualField]:
    with VirtualField() as field:
        yield field


def test_a_machine_without_readers(around: Around, desk: Desk) -> None:
    assert run(["list"], around) == 1
    assert "No reader was found" in desk.lines[0]


def test_what_is_tapped_is_shown(around: Around, desk: Desk, field: VirtualField) -> None:
    field.lay(ntag213(UID, LINK))
    assert run(["read", "--reader", field.reader, "--count", "1"], around) == 0
    assert re.fullmatch(rf"NTAG213 {UID}: {LINK}  \(read in [0-9.]+ ms\)", desk.lines[-1])


def test_one_tag_is_written_locked_and_put_on_record(
    around: Around, desk: Desk, field: VirtualField, tmp_path: Path
) -> None:
    tag, output = blank(UID), tmp_path / "done.csv"
    field.lay(tag)
    asked = ["write", "--reader", field.reader, "--gtin", GTIN, "--link", LINK, "--lock", "--output", str(output)]
    assert run([*asked, "--by", "Ana"], around) == 0
    assert "locked" in desk.lines[-1]
    (row,) = csv.DictReader(output.open(newline="", encoding="utf-8"))
    assert (row["uid"], row["target"], row["locked"], row["by"]) == (UID, f"variant:0{GTIN}", "yes", "Ana")
    assert run(asked, around) == 0, "the same on the same tag is done already"
    assert run([*asked[:4], "96385074", *asked[5:]], around) == 1
    assert "holds something already" in desk.lines[-1]


def test_a_password_comes_from_a_file_that_only_its_owner_reads(
    around: Around, desk: Desk, field: VirtualField, tmp_path: Path
) -> None:
    secret, tag = tmp_path / "tags.secret", blank(UID)
    field.lay(tag)
    asked = ["write", "--reader", field.reader, "--gtin", GTIN, "--link", LINK, "--protect"]
    assert run(asked, around) == 2
    assert "--secret" in desk.lines[-1]
    secret.write_text(bytes(range(32)).hex())
    secret.chmod(0o644)
    assert run([*asked, "--secret", str(secret)], around) == 2
    assert "chmod 600" in desk.lines[-1]
    secret.chmod(0o600)
    assert run([*asked, "--secret", str(secret)], around) == 0
    assert "protected" in desk.lines[-1]
    password = tag.memory.page(tag.memory.layout.pages - 2).hex()
    assert password not in " ".join(desk.lines).lower()
    for weak in ("00" * 32, "abc", "12"):
        secret.write_text(weak)
        assert run([*asked, "--secret", str(secret)], around) == 2


def test_a_tag_is_made_to_sign_and_put_on_record(
    around: Around, desk: Desk, field: VirtualField, tmp_path: Path
) -> None:
    keys, output = tmp_path / "sign.keys", tmp_path / "done.csv"
    keys.write_text("\n".join(bytes(range(at, at + 16)).hex() for at in (1, 2, 3)))
    keys.chmod(0o600)
    field.lay(blank_ntag424(UID))
    asked = ["write", "--reader", field.reader, "--gtin", GTIN, "--link", LINK, "--sign", str(keys)]
    assert run([*asked, "--lock"], around) == 2
    assert "--sign" in desk.lines[-1]
    assert run([*asked, "--output", str(output)], around) == 0
    assert "It signs" in desk.lines[-1]
    (row,) = csv.DictReader(output.open(newline="", encoding="utf-8"))
    assert (row["uid"], row["chip"], row["protected"]) == (UID, "NTAG 424 DNA", "yes")
    assert run(["read", "--reader", field.reader, "--count", "1"], around) == 0
    assert f"{LINK}/01/0{GTIN}?picc_data=" in desk.lines[-1]
    field.lay(blank(UID))
    assert run(asked, around) == 1
    assert "cannot sign" in desk.lines[-1]


def test_a_list_is_written_over_a_stop_and_a_second_start(
    around: Around, desk: Desk, field: VirtualField, tmp_path: Path
) -> None:
    wanted, output = tmp_path / "list.csv", tmp_path / "done.csv"
    wanted.write_text("target,uri\n" + "".join(f"product:p{at},{LINK}/p/{at}\n" for at in range(4)))
    tags = [blank(f"04A1B2C3D4E5{at:02X}") for at in range(4)]
    waiting, stops = list(tags), ["q"]

    def lay(words: str) -> None:
        done = re.match(r"\[(\d) of 4 done", words)
        if done and waiting and int(done[1]) == 4 - len(waiting):
            field.lay(waiting.pop(0))
        if done and int(done[1]) == 2 and stops:
            desk.keys = [stops.pop()]

    desk.react = lay
    asked = ["batch", str(wanted), str(output), "--reader", field.reader]
    assert run(asked, around) == 1
    assert run(asked, around) == 0
    assert desk.lines[-1] == "All 4 tags are written."
    rows = list(csv.DictReader(output.open(newline="", encoding="utf-8")))
    assert [(row["uid"], row["uri"]) for row in rows] == [
        (tag.uid.hex().upper(), f"{LINK}/p/{at}") for at, tag in enumerate(tags)
    ]


def test_virtual_tags_are_played_to_a_reader(around: Around, desk: Desk) -> None:
    with VirtualField() as free:
        port = free.reader.rpartition(":")[2]
    playing = threading.Thread(target=run, args=(["play", "ntag213", "--port", port, "--rounds", "200"], around))
    playing.start()
    heard = Desk()
    listening = Around(**{name: getattr(around, name) for name in Around.__slots__} | {"desk": heard})
    assert run(["read", "--reader", f"udp:127.0.0.1:{port}", "--count", "3"], listening) == 0
    playing.join(60)
    assert any("NTAG213" in line for line in heard.lines)


def test_every_virtual_tag_can_be_measured(around: Around, desk: Desk) -> None:
    assert run(["play", "list"], around) == 0
    kinds = list(desk.lines)
    assert {"ntag213", "ntag424", "blank216", "bank-card"} <= set(kinds)
    for kind in kinds:
        assert run(["measure", "--virtual", kind, "--looks", "3"], around) in {0, 1}, kind


def test_a_measurement_counts_what_it_saw(around: Around, desk: Desk) -> None:
    assert run(["measure", "--virtual", "ntag213", "--looks", "50", "--faults", "garble 1-1"], around) == 0
    assert desk.lines[0].startswith("50 looks: 49 reads, 0 without a tag, 1 garbled (2.0 %)")
    assert "outcomes: ok 49" in desk.lines


def test_percentiles_are_those_of_the_times() -> None:
    assert percentiles([float(n) for n in range(101)]) == (50.0, 95.0)
    assert percentiles([7.0]) == (7.0, 7.0)
    assert len(in_words(Measured(polls=3, silent=3))) == 1


MISTAKES = [
    (["read", "--reader", "bluetooth"], "is no reader"),
    (["write", "--gtin", "123", "--link", LINK], "no GTIN"),
    (["write", "--target", "sign:door"], "no address"),
    (["batch", "missing.csv", "done.csv"], "cannot be read"),
    (["play", "unicorn"], "no virtual tag"),
    (["play", "--faults", "explode 3", "--rounds", "1"], "is no fault"),
    (["measure", "--virtual", "ntag213", "--looks", "0"], "from 1 on"),
    (["play", "--uid", "xyz", "--rounds", "1"], ""),
]


@pytest.mark.parametrize(("asked", "words"), MISTAKES)
def test_a_mistake_is_told_in_words(around: Around, desk: Desk, asked: list[str], words: str) -> None:
    assert run(asked, around) == 2
    assert words in desk.lines[-1]


def test_a_reader_that_is_not_there_is_told_in_words(around: Around, desk: Desk) -> None:
    assert run(["write", "--reader", "tty:/dev/nothing:pn532", "--target", "sign:a", "--uri", LINK], around) == 1
    assert "plugged in" in desk.lines[-1]


@pytest.mark.parametrize("asked", [["--help"], ["batch", "--help"], ["list"], ["dance"], []])
def test_the_program_itself_never_shows_a_traceback(asked: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "hardware", *asked], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == (0 if "--help" in asked else 2 if asked != ["list"] else ended.returncode)
    assert "Traceback" not in ended.stderr + ended.stdout


@pytest.mark.parametrize("outcome", Outcome)
def test_every_read_has_words(outcome: Outcome) -> None:
    assert about_read(TagRead(UID, "NTAG213", None, outcome)).startswith(f"NTAG213 {UID}: ")


@pytest.mark.parametrize("outcome", WriteOutcome)
@pytest.mark.parametrize(
    "holds", [set(), {Content.OLD}, {Content.NEW}, {Content.EMPTY}, {Content.NEW, Content.EMPTY}]
)
def test_every_write_has_words_and_they_say_what_the_tag_holds(outcome: WriteOutcome, holds: set[Content]) -> None:
    words = words_for(Written(outcome, UID, "NTAG213", holds=frozenset(holds), room=137))
    assert words[0].isupper()
    assert "%(" not in words
    if outcome is not WriteOutcome.WRITTEN and holds != {Content.OLD}:
        assert words.endswith(("new link.", "empty now.", "no sense.", "nothing."))


def test_a_seal_is_only_named_where_it_was_proven() -> None:
    said = {
        words_for(Written(WriteOutcome.WRITTEN, locked=seal is Seal.LOCKED, protected=seal is Seal.PROTECTED))
        for seal in Seal
    }
    assert len(said) == 3

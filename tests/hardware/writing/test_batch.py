"""A batch: whatever happens to tags, reader or program, the journal says what is on which tag."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from hardware.fault import ReaderFault, in_words
from hardware.radio import Radio, ReaderBroken
from hardware.virtual import Field, Ntag21x, blank, fault_script, ntag213
from hardware.writing import Seal, WriteOutcome
from hardware.writing.batch import Batch, Manner
from hardware.writing.journal import COLUMNS, DISCARDED, UNDONE, UNFINISHED, BadJournal, Entry, Journal
from hardware.writing.rows import Row
from hardware.writing.run import BatchRun
from tests.hardware.writing.bench import OLD, SECRET, Bench

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KINDS = ("cut {}", "tear {}", "silence {}-", "nak {}-", "garble {}", "silence {}")


def rows(count: int) -> list[Row]:
    return [Row(f"product:p{at}", f"https://id.example/p/{at}") for at in range(count)]


def uid_of(at: int) -> str:
    return f"04{at:06X}112233"


def manner(seal: Seal = Seal.OPEN, **rest: object) -> Manner:
    return Manner("Ana", seal, secret=SECRET, **rest)  # type: ignore[arg-type]


def lay(bench: Bench, batch: Batch, tag: Ntag21x, script: str = "") -> str:
    bench.field.lay(tag)
    target = bench.radio.sense()
    assert target is not None
    bench.field.disturb(fault_script(script))
    return batch.write(bench.radio, target.uid, NOW).outcome


def agree(bench: Bench, path: Path, tags: dict[str, Ntag21x], expected: list[Row]) -> None:
    """What the file says last of each tag is what is on it; tags with something on them are all in the file."""
    with path.open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    last = {row["uid"]: row for row in table}
    written = {uid: row for uid, row in last.items() if row["outcome"] == "written"}
    holding = {uid: bench.read(tag).uri for uid, tag in tags.items()}
    assert {uid: row["uri"] for uid, row in written.items()} == {uid: holding[uid] for uid in written}
    assert {uid for uid, uri in holding.items() if uri} <= set(last)
    order = sorted(written.values(), key=table.index)
    assert [(row["target"], row["uri"]) for row in order] == [(row.target, row.uri) for row in expected]


@pytest.mark.timeout(600)
def test_a_thousand_tags_with_faults_and_stops_at_random(tmp_path: Path) -> None:
    luck, bench, path, wanted = Random(3), Bench(), tmp_path / "done.csv", rows(1000)
    tags: dict[str, Ntag21x] = {}
    journal = Journal(path)
    batch = Batch(wanted, journal, manner())
    while batch.next is not None:
        uid = uid_of(len(tags))
        tags[uid] = blank(uid, luck.choice(["NTAG213", "NTAG215", "NTAG216"]))
        script = luck.choice(KINDS).format(luck.randint(1, 40)) if luck.random() < 0.3 else ""
        outcome = lay(bench, batch, tags[uid], script)
        if outcome != WriteOutcome.WRITTEN and luck.random() < 0.5:
            lay(bench, batch, tags[uid])  # the same one again; else it is put aside
        if batch.journal.done and luck.random() < 0.01:
            bench.field.lay(tags[next(reversed(batch.journal.done))])
            batch.undo(bench.radio, NOW)
        if luck.random() < 0.02:  # the program stops, now and then in the middle of a row
            journal.close()
            with path.open("ab") as file:
                file.write(b"04AAAA,NTAG" if luck.random() < 0.5 else b"")
            journal = Journal(path)
            batch = Batch(wanted, journal, manner())
    journal.close()
    agree(bench, path, tags, wanted)


@pytest.mark.parametrize("seal", [Seal.OPEN, Seal.LOCKED, Seal.PROTECTED])
def test_a_row_has_all_columns_in_order(tmp_path: Path, seal: Seal) -> None:
    bench, path = Bench(), tmp_path / "done.csv"
    with Journal(path) as journal:
        lay(bench, Batch(rows(1), journal, manner(seal)), blank(uid_of(1), signature=b"\x5a" * 32))
    head, row = csv.reader(path.open(newline="", encoding="utf-8"))
    assert tuple(head) == COLUMNS
    assert " ".join(head) == "uid chip target uri content_hash signature locked protected written_at by outcome"
    assert row[:4] == [uid_of(1), "NTAG213", "product:p0", "https://id.example/p/0"]
    assert row[5:8] == [
        "5A" * 32,
        "yes" if seal is Seal.LOCKED else "no",
        "yes" if seal is Seal.PROTECTED else "no",
    ]
    assert row[8:] == ["2026-11-24T12:00:00+00:00", "Ana", "written"]


def test_a_tag_is_written_once_in_a_batch_and_a_written_stranger_is_refused(tmp_path: Path) -> None:
    bench = Bench()
    with Journal(tmp_path / "done.csv") as journal:
        batch, tag = Batch(rows(3), journal, manner(replace=True)), blank(uid_of(1))
        assert lay(bench, batch, tag) == WriteOutcome.WRITTEN
        assert lay(bench, batch, tag) == WriteOutcome.ALREADY_USED
        cautious = Batch(rows(3), journal, manner())
        assert lay(bench, cautious, ntag213(uid_of(2), OLD)) == WriteOutcome.NOT_BLANK
        assert set(journal.last) == {uid_of(1)}
    with Journal(tmp_path / "done.csv") as journal:
        assert set(journal.last) == {uid_of(1)}, "a tag that was refused is not in doubt"


@pytest.mark.parametrize("fault", ["silence {}-", "tear {}"])
def test_a_tag_this_batch_left_half_done_may_be_used_for_another_row(tmp_path: Path, fault: str) -> None:
    bench, left_with = Bench(), set()
    for frame in range(12, 30):
        with Journal(tmp_path / f"{frame}.csv") as journal:
            batch, torn = Batch(rows(2), journal, manner()), blank(uid_of(1))
            assert lay(bench, batch, torn, fault.format(frame)) != WriteOutcome.WRITTEN
            left_with.add(bench.read(torn).uri)
            assert lay(bench, batch, blank(uid_of(2))) == WriteOutcome.WRITTEN
            assert lay(bench, batch, torn) == WriteOutcome.WRITTEN
            assert list(journal.done) == [uid_of(2), uid_of(1)]
    assert left_with == {None, rows(1)[0].uri}


def test_the_last_tag_is_taken_back_and_only_it(tmp_path: Path) -> None:
    bench = Bench()
    with Journal(tmp_path / "done.csv") as journal:
        batch = Batch(rows(3), journal, manner(Seal.PROTECTED, replace=True))
        first, second = ntag213(uid_of(1), OLD), ntag213(uid_of(2), OLD)
        for tag in (first, second):
            lay(bench, batch, tag)
        bench.field.lay(first)
        wrong = batch.undo(bench.radio, NOW)
        assert wrong is not None
        assert (wrong.outcome, list(journal.done)) == (WriteOutcome.WRONG_TAG, [uid_of(1), uid_of(2)])
        bench.field.lay(second)
        back = batch.undo(bench.radio, NOW)
        assert back is not None
        assert back.outcome is WriteOutcome.WRITTEN
        assert bench.read(second).uri == OLD
        assert (list(journal.done), journal.last[uid_of(2)].outcome) == ([uid_of(1)], UNDONE)
        assert batch.next == rows(3)[1]
        assert lay(bench, batch, second) == WriteOutcome.WRITTEN


def test_a_locked_tag_is_put_aside_and_its_row_is_free(tmp_path: Path) -> None:
    bench = Bench()
    with Journal(tmp_path / "done.csv") as journal:
        batch, tag = Batch(rows(1), journal, manner(Seal.LOCKED)), blank(uid_of(1))
        lay(bench, batch, tag)
        bench.field.lay(tag)
        batch.undo(bench.radio, NOW)
        assert (journal.last[uid_of(1)].outcome, dict(journal.done)) == (DISCARDED, {})


def test_a_program_killed_while_a_tag_is_written_names_that_tag(tmp_path: Path) -> None:
    bench, path, tag = Bench(), tmp_path / "done.csv", blank(uid_of(1))

    class Killing(Field):
        """A field whose reader's program is killed after so many frames."""

        left = 28

        def answer(self, technology: str, frame: bytes) -> bytes | None:
            self.left -= 1
            if not self.left:
                raise KeyboardInterrupt
            return super().answer(technology, frame)

    killing = Bench(Killing())
    with Journal(path) as journal, pytest.raises(KeyboardInterrupt):
        lay(killing, Batch(rows(1), journal, manner()), tag)
    with Journal(path) as journal:
        assert journal.last[uid_of(1)].outcome == UNFINISHED
        assert lay(bench, Batch(rows(1), journal, manner()), tag) == WriteOutcome.WRITTEN
    with Journal(path) as journal:
        assert list(journal.done) == [uid_of(1)]


def test_another_list_s_output_and_a_strange_file_are_refused(tmp_path: Path) -> None:
    bench, path = Bench(), tmp_path / "done.csv"
    with Journal(path) as journal:
        lay(bench, Batch(rows(1), journal, manner()), blank(uid_of(1)))
        with pytest.raises(BadJournal, match="another list"):
            Batch([Row("product:other", "https://id.example/o")], journal, manner())
        with pytest.raises(BadJournal, match="Another run"):
            Journal(path)
    strange = tmp_path / "strange.csv"
    strange.write_text("name,price\nx,1\n")
    with pytest.raises(BadJournal, match="no output of a batch"):
        Journal(strange)
    assert strange.read_text() == "name,price\nx,1\n"


def test_no_cell_is_a_formula_and_each_comes_back_as_it_was(tmp_path: Path) -> None:
    entry = Entry(uid_of(1), "NTAG213", "product:p", "https://x.example", "", "", "no", "no", "", "=cmd()", "lost")
    with Journal(tmp_path / "done.csv") as journal:
        journal.append(entry)
        journal.append(replace(entry, uid=uid_of(2), by="'@x"))
    text = (tmp_path / "done.csv").read_text("utf-8")
    assert ",=cmd()" not in text
    with Journal(tmp_path / "done.csv") as journal:
        assert [entry.by for entry in journal.last.values()] == ["=cmd()", "'@x"]


class Desk:
    """Somebody who types what a script says and lays the next tag whenever one is asked for."""

    def __init__(self, lay_next: Callable[[str], None], typed: list[str]) -> None:
        self.heard: list[str] = []
        self._lay, self._typed = lay_next, typed

    def tell(self, words: str) -> None:
        self.heard.append(words)
        self._lay(words)

    def typed(self) -> str:
        return self._typed.pop(0) if self._typed else ""


def test_a_run_goes_on_over_a_broken_reader_and_takes_back_what_it_is_told_to(tmp_path: Path) -> None:
    bench, opened = Bench(), []
    tags = {uid_of(at): blank(uid_of(at)) for at in range(3)}
    waiting = list(tags.values())

    def open_radio() -> Radio:
        opened.append(1)
        if len(opened) < 3:
            raise ReaderBroken(ReaderFault.NOT_FOUND, "usb")
        return bench.radio

    def lay_next(words: str) -> None:
        if "Lay a tag for" in words and waiting:
            bench.field.lay(waiting.pop(0))

    desk = Desk(lay_next, ["", "", "", "", "", "", "q"])
    with Journal(tmp_path / "done.csv") as journal:
        batch = Batch(rows(3), journal, manner())
        run = BatchRun(batch, open_radio, desk, clock=lambda: 0.0, now=lambda: NOW, wait=lambda _: None)
        assert run.run()
        assert list(journal.done) == list(tags)
    assert desk.heard.count(in_words(ReaderFault.NOT_FOUND, "usb")) == 1
    assert desk.heard[-1] == "All 3 tags are written."


def test_a_run_takes_the_last_tag_back_and_stops_when_told(tmp_path: Path) -> None:
    bench, tag = Bench(), blank(uid_of(1))
    desk = Desk(lambda words: bench.field.lay(tag) if "of 3 done" in words else None, ["", "u", "", "q"])
    with Journal(tmp_path / "done.csv") as journal:
        batch = Batch(rows(3), journal, manner())
        run = BatchRun(batch, lambda: bench.radio, desk, clock=lambda: 0.0, now=lambda: NOW, wait=lambda _: None)
        assert not run.run()
        assert (dict(journal.done), journal.last[uid_of(1)].outcome) == ({}, UNDONE)
    assert any("Taken back" in words for words in desk.heard)

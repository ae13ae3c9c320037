"""What a batch leaves is what the server takes: the same columns, the same words, the last row of a tag counts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hardware.virtual import blank, fault_script
from hardware.writing import Seal, WriteOutcome
from hardware.writing.batch import Batch, Manner
from hardware.writing.journal import COLUMNS, Journal
from hardware.writing.rows import Row
from server.tags.enrolment.written import COLUMNS as TAKEN
from server.tags.enrolment.written import WRITTEN, read_written
from tests.hardware.writing.bench import Bench

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_server_takes_the_file_of_a_batch_with_all_that_can_happen(tmp_path: Path) -> None:
    bench, path = Bench(), tmp_path / "done.csv"
    rows = [
        Row("variant:09506000134352", "https://id.example/01/09506000134352"),
        Row("sign:door", "https://a.example/"),
    ]
    with Journal(path) as journal:
        batch = Batch(rows, journal, Manner("=Ana", Seal.LOCKED))
        for uid, script in (("04A1B2C3D4E501", "cut 30"), ("04A1B2C3D4E502", ""), ("04A1B2C3D4E503", "")):
            bench.field.lay(blank(uid, signature=b"\x77" * 32))
            bench.radio.sense()
            bench.field.disturb(fault_script(script))
            batch.write(bench.radio, bytes.fromhex(uid), NOW)
        batch.undo(bench.radio, NOW)
    taken = read_written(path.read_text("utf-8"))
    assert COLUMNS == TAKEN
    assert WriteOutcome.WRITTEN == WRITTEN
    assert [(row.uid[-2:], row.outcome) for row in taken] == [
        ("01", "lost"),
        ("02", "written"),
        ("03", "written"),
        ("03", "discarded"),
    ]
    assert [row.target for row in taken] == [rows[0].target, rows[0].target, rows[1].target, rows[1].target]
    good = taken[1]
    assert (good.locked, good.protected, good.by, good.written_at) == (True, False, "=Ana", NOW)
    assert (good.signature, good.chip, good.uri) == ("77" * 32, "NTAG213", rows[0].uri)

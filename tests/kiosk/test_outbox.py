"""The outbox keeps what it promised, lets go by id only, and outlives damage."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.errors import OutboxInUse
from kiosk.outbox import KEPT_AFTER_ACK_MS, Letter, Outbox


def test_one_agent_holds_it(tmp_path: Path) -> None:
    held = Outbox(tmp_path / "o.sqlite")
    with pytest.raises(OutboxInUse, match="stop it first"):
        Outbox(tmp_path / "o.sqlite")
    held.close()
    Outbox(tmp_path / "o.sqlite").close()


def test_a_damaged_file_is_set_aside_and_a_new_epoch_begins(tmp_path: Path) -> None:
    first = Outbox(tmp_path / "o.sqlite")
    epoch = first.epoch
    first.close()
    (tmp_path / "o.sqlite").write_bytes(b"not a database" * 500)
    second = Outbox(tmp_path / "o.sqlite")
    assert second.epoch != epoch
    assert (tmp_path / "o.sqlite.damaged-0").read_bytes().startswith(b"not a database")
    second.close()


def test_what_was_delivered_stays_a_week(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "o.sqlite")
    outbox.add(Letter("a", "tap", "{}", 0))
    outbox.settle(["a"], now_ms=0)
    outbox.forget_old(now_ms=KEPT_AFTER_ACK_MS)
    assert outbox.counts() == {"acked": 1}
    outbox.forget_old(now_ms=KEPT_AFTER_ACK_MS + 1)
    assert outbox.counts() == {}
    outbox.close()


class OutboxMachine(RuleBasedStateMachine):
    """Anything may happen in any order, restarts too: what was not settled waits."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        number = len(list(self.folder.iterdir()))
        self.path = self.folder / str(number) / "o.sqlite"
        self.outbox = Outbox(self.path)
        self.promised: dict[str, str] = {}

    @rule()
    def add(self) -> None:
        letter = f"id-{len(self.promised)}"
        self.outbox.add(Letter(letter, "tap", "{}", 1))
        self.promised[letter] = "waiting"

    @precondition(lambda self: self.promised)
    @rule(chosen=st.sets(st.integers(0, 9)), refuse=st.booleans())
    def settle(self, chosen: set[int], refuse: bool) -> None:
        ids = {f"id-{n}" for n in chosen}
        if refuse:
            for letter in ids:
                self.outbox.refuse(letter, "no", now_ms=2)
        else:
            self.outbox.settle(ids, now_ms=2)
        for letter in ids & set(self.promised):
            if self.promised[letter] == "waiting":
                self.promised[letter] = "refused" if refuse else "acked"

    @rule()
    def restart(self) -> None:
        epoch = self.outbox.epoch
        self.outbox.close()
        self.outbox = Outbox(self.path)
        assert self.outbox.epoch == epoch

    @invariant()
    def waiting_is_what_was_promised(self) -> None:
        waiting = {letter.id for letter in self.outbox.waiting("tap", 1000)}
        assert waiting == {letter for letter, state in self.promised.items() if state == "waiting"}

    def teardown(self) -> None:
        self.outbox.close()


def test_the_outbox_whatever_happens(tmp_path: Path) -> None:
    class Here(OutboxMachine):
        folder = tmp_path

    machine = Here.TestCase
    machine.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
    machine().runTest()

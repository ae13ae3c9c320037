"""How an operator reads how many rows of what there were."""

from __future__ import annotations

from collections.abc import Mapping

NAMES = {
    "event": ("event", "events"),
    "failed_event": ("message that did not fit", "messages that did not fit"),
    "quarantine": ("message put aside", "messages put aside"),
    "introduction": ("introduction of a card or phone", "introductions of a card or phone"),
    "hand_over": ("hand-over to a phone", "hand-overs to a phone"),
    "person_link": ("link", "links"),
    "undone_link": ("undone link", "undone links"),
    "receipt": ("receipt", "receipts"),
    "erased_id": ("hash of an erased id", "hashes of erased ids"),
    "erasure_notice": ("notice of an erasure", "notices of an erasure"),
    "id": ("id", "ids"),
    "notice": ("sealed notice", "sealed notices"),
}
"""What one and several of each kind are called."""


def counted(counts: Mapping[str, int]) -> str:
    """Return as `1 event, 3 links and 2 receipts` what there was; `nothing` where all are 0."""
    *some, last = [f"{count:,} {NAMES[kind][count != 1]}" for kind, count in counts.items() if count] or [
        "nothing"
    ]
    return f"{', '.join(some)} and {last}" if some else last

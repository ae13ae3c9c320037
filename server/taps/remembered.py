"""Lists that kiosks showed from memory while the server was away, told of as what was shown."""

from __future__ import annotations

from server.recommendations.rules import ReasonKind, Suggestion, Suggestions
from server.recommendations.shown import ShownLog
from server.recommendations.shown_event import Shown
from server.taps.answering import Taken
from server.timeline.recording import Stored
from server.wire.listed import ListThere

REASONS = {str(kind): kind for kind in ReasonKind}


def note_remembered(taken: Taken, shown: ShownLog) -> None:
    """Take note of the lists of taps that are new and were not answered live: the kiosk's own copy stood there.

    Such a list is made without luck and without holding visits out, so its chance is 1.
    """
    told = zip(taken.taps, taken.meanings, taken.entries, taken.receipts, strict=True)
    for tap, meaning, entry, receipt in told:
        if tap.listed is None or meaning.product_id is None or receipt.stored is not Stored.ACCEPTED:
            continue
        found = _suggestions(tap.listed)
        if found is not None:
            at = entry.row["corrected_at"]
            shown.note(Shown(tap.tap_id, tap.visit_id, taken.device, at, taken.received, found, remembered=True))


def _suggestions(listed: ListThere) -> Suggestions | None:
    """Return the list, None where a newer kiosk gives a reason not known here."""
    if not all(tile.reason in REASONS for tile in listed.tiles):
        return None
    items = tuple(Suggestion(tile.product_id, REASONS[tile.reason]) for tile in listed.tiles)
    return Suggestions(items, degraded=not listed.model, model_version=listed.model)

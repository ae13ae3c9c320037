"""How a kiosk is, as it says itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from server.wire.values import Frozen, Moment, Told, Whole


class ReaderRecord(Frozen):
    """How one reader of a kiosk does, since the agent started."""

    name: Annotated[Told, StringConstraints(max_length=200)]  # As the setting names it: usb, tty:AMA0:pn532…
    state: Literal["opening", "working", "fault", "stopped"]
    words: Told = ""  # What is wrong and what to do, in English; '' while it works.
    fault: Told = ""  # The same as a code, which the server says in the reader's language where it knows it,
    where: Told = ""  # and the path, port or name it is about.
    opens: Whole = 0
    faults: Whole = 0
    last_tap_at: Moment | None = None
    read_ms_p50: Annotated[float, Field(strict=True, ge=0)] | None = (
        None  # Milliseconds a tag took to read, of the latest reads.
    )
    read_ms_p95: Annotated[float, Field(strict=True, ge=0)] | None = None


class Heartbeat(Frozen):
    """How a kiosk is, said every half minute."""

    version: Told
    reader: Literal["ready", "missing", "fault"]
    reader_words: Told = ""
    waiting: Whole
    quarantined: Whole = 0
    last_tap_at: Moment | None = None
    screen_seen_s: Annotated[float, Field(strict=True)] | None = None
    shelf_revision: Whole = 0
    boot_id: Told
    unrecorded: Whole = 0  # Taps in the kiosk's memory only: a power cut would take them.
    outbox_words: Told = ""  # Why its disk does not keep taps; '' while it does.
    readers: tuple[ReaderRecord, ...] = ()

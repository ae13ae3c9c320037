"""What a kiosk tells: taps, the ends of visits, calls for a person, tags on a desk reader."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.wire.listed import ListThere
from server.wire.showed import Showed
from server.wire.values import Frozen, Moment, Told, Uid, Whole


class Outcome(StrEnum):
    """What reading a tag came to. Foreign tags (bank cards) are never sent."""

    OK = "ok"
    EMPTY = "empty"
    NOT_NDEF = "not_ndef"
    MALFORMED = "malformed"
    UNREADABLE = "unreadable"


class Tap(BaseModel):
    """One tap as the kiosk saw it. Unknown fields of a newer kiosk are ignored.

    Either a tag (`uid`, with the `uri` written on it as a hint) or a tile touched on the screen
    (`picked`, a product id, with `cause` the tap whose suggestion it was).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    tap_id: UUID
    visit_id: UUID
    occurred_at: Moment
    epoch: UUID
    seq: Whole
    monotonic_ms: Whole = 0
    age_ms: Whole = 0  # How long the tap waited on the kiosk when it was sent; heals a wrong clock.
    forgets: bool = False  # It lets go of what a batch's answer names in `forget`; older kiosks refuse that.
    language: Annotated[Told, StringConstraints(max_length=16)] = "en"
    uid: Uid | None = None
    uri: Annotated[Told, StringConstraints(max_length=2048)] | None = None
    outcome: Outcome = Outcome.OK
    picked: Annotated[Told, StringConstraints(min_length=1, max_length=64)] | None = None
    cause: UUID | None = None
    chip: Annotated[Told, StringConstraints(max_length=32)] | None = None  # In words: NTAG213.
    # How often the chip says it was read; the maker's signature over the UID, which readers send now and then.
    counter: Annotated[int, Field(strict=True, ge=0, lt=2**24)] | None = None
    listed: ListThere | None = None  # What the kiosk listed from memory; counts where no live answer replaced it.
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{64}$")] | None = None
    showed: Showed | None = None  # The prices that stood on the screen before the server was heard.


class VisitEnd(Frozen):
    """A visit ended: by the shopper ("done") or by nobody being there ("idle")."""

    visit_id: UUID
    occurred_at: Moment
    how: Literal["done", "idle"]


class StaffCall(Frozen):
    """A shopper asks for a person."""

    call_id: UUID
    visit_id: UUID
    occurred_at: Moment
    product_id: Told | None = None


class DeskRead(Frozen):
    """A tag laid on a manager's desk reader: shown to the manager, never put on a customer's timeline."""

    read_id: UUID
    occurred_at: Moment
    uid: Uid
    uri: Told | None = None
    outcome: Outcome = Outcome.OK
    product: Told = ""  # What chip it is, in words: NTAG213.

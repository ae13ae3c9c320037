"""What a tap becomes: its meaning, its event, its answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID, uuid5

from server.access.rules import Device
from server.recommendations.rules import ReasonKind
from server.tags.alarms.rules import Noticed
from server.tags.rules import UnknownTap
from server.texts import in_every_language, mark
from server.timeline.models import EventKind
from server.timeline.own_properties import (
    ConsentProperties,
    OwnProperties,
    StoryProperties,
    TapProperties,
    VisitEndProperties,
)
from server.timeline.recording import Entry, Receipt, Stored, device_event
from server.wire import Outcome, PersonChoice, StoryChoice, Tap, Text, VisitEnd

CLOCK_TRUSTED = timedelta(seconds=5)
"""A device's clock is believed while it differs from ours by no more than this."""

LONGEST_WAIT = timedelta(days=3650)
"""No tap waited longer on its kiosk; what says so comes from a broken clock, and must still be stored."""

LATER = ("chip", "counter", "signature")
"""Fields kiosks did not always send; left out where unsaid, so that a tap resent after an upgrade is itself."""

OF_THE_SENDING = ("age_ms", "forgets", "listed", "showed")
"""Fields that differ each time a tap is sent, or an older server did not know, and are no part of what it says."""

_LEFT_OUT = {
    said: {*OF_THE_SENDING, *(name for name, is_said in zip(LATER, said, strict=True) if not is_said)}
    for said in product((False, True), repeat=len(LATER))
}

OF_THE_CARD = ("uid", "uri", "chip", "counter", "signature")
"""What a tap says of the tag itself: of a customer's card none of it is kept."""

ENDED = UUID("6f1c1f2e-6f5d-5a0e-9a39-6a2f0d6f7d01")
"""Name space of the ids of visit ends (RFC 9562, version 5): a visit ends once."""

REASONS = {
    ReasonKind.TAPPED_AFTER: mark("Often looked at after {name}"),
    ReasonKind.ALIKE: mark("Similar to {name}"),
    ReasonKind.POPULAR_HERE: mark("Much looked at in this store"),
    ReasonKind.NEW_HERE: mark("Worth a look in this store"),
    ReasonKind.HIDDEN: mark("Fewer people find this one"),
    ReasonKind.PINNED: mark("Recommended by this store"),
    ReasonKind.HISTORY: mark("Because of your earlier visits and orders"),
    ReasonKind.IN_SIZE: mark("Same family, here in the size you looked at"),
    ReasonKind.USUAL_SIZE: mark("Here in the size you looked at or bought before"),
    ReasonKind.REDUCED: mark("Reduced in this store now"),
    ReasonKind.OFFERED: mark("Part of an offer in this store now"),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a tap means in a store: the ids for its event, and `card`, the key of its card ('' for none)."""

    card: str = ""
    product_id: str | None = None
    gtin: str | None = None
    sign_id: str | None = None
    hinted: bool = False
    """True where no binding but the tag's own content said so."""

    loyalty_card: str | None = None
    """The card of a customer it is, as its keyed hash."""
    erased_card: bool = False
    """Whether it was the card of somebody who is erased: nobody's now, and nothing of it is kept."""

    @property
    def of_person(self) -> bool:
        """Return whether it is, or was, somebody's own card."""
        return self.erased_card or self.loyalty_card is not None

    @property
    def known(self) -> bool:
        """Return whether it means anything."""
        return bool(self.card) or self.of_person

    @property
    def unbound(self) -> bool:
        """Return whether no binding says what it means."""
        return self.hinted or not self.known


def reason_words(kind: ReasonKind, evidence: Text | None) -> Text:
    """Return why a product is suggested, in every language."""
    if evidence is None and kind in {ReasonKind.TAPPED_AFTER, ReasonKind.ALIKE}:
        kind = ReasonKind.POPULAR_HERE
    return in_every_language(REASONS[kind], name=evidence or "")


def corrected(tap_at: datetime, received: datetime, age_ms: int) -> datetime:
    """Return when it happened: the device's word while its clock is right, else our clock less the waiting."""
    ours = by_our_clock(received, age_ms)
    return tap_at if abs(tap_at - ours) <= CLOCK_TRUSTED else ours


def by_our_clock(received: datetime, age_ms: int) -> datetime:
    """Return when something happened that waited so long, by our own clock alone."""
    return received - min(timedelta(milliseconds=age_ms), LONGEST_WAIT) if age_ms else received


def tap_entry(
    tap: Tap, meaning: Meaning, device: Device, *, received: datetime, looks_back: bool = False
) -> Entry:
    """Return the timeline entry of a tap. How it was sent is no part of what it says."""
    if meaning.of_person:
        tap = tap.model_copy(update=dict.fromkeys(OF_THE_CARD))
    said = tap.chip is not None, tap.counter is not None, tap.signature is not None
    payload = tap.model_dump_json(exclude=_LEFT_OUT[said]).encode()
    row = device_event(
        device,
        kind_of(tap, meaning),
        event_id=tap.tap_id,
        visit_id=tap.visit_id,
        occurred_at=tap.occurred_at,
        received_at=received,
        payload=payload,
        corrected_at=corrected(tap.occurred_at, received, tap.age_ms),
        product_id=meaning.product_id,
        gtin=meaning.gtin,
        sign_id=meaning.sign_id,
        tag_uid=tap.uid,
        cause_id=tap.cause,
        epoch=tap.epoch,
        seq=tap.seq,
        properties=_properties(tap, meaning),
    )
    unknown = _unknown(tap, device, received) if meaning.unbound else None
    return Entry(row, payload, unknown, looks_back=looks_back)


def _unknown(tap: Tap, device: Device, received: datetime) -> UnknownTap | None:
    if tap.uid is None:
        return None
    return UnknownTap(device.store_id, tap.uid, tap.uri, tap.outcome, device.id, received)


def noticed(
    taps: Sequence[Tap],
    meanings: Sequence[Meaning],
    receipts: Sequence[Receipt],
    *,
    device: Device,
    received: datetime,
) -> list[Noticed]:
    """Return what the watch over tags is told of taps that are new: by our own clock, less what they waited."""
    return [
        Noticed(
            tap,
            tap.uid,
            device.store_id,
            device.id,
            by_our_clock(received, tap.age_ms),
            bound=meaning.known and not meaning.hinted,
            product_id=meaning.product_id,
        )
        for tap, meaning, receipt in zip(taps, meanings, receipts, strict=True)
        if tap.uid and not meaning.of_person and receipt.stored is Stored.ACCEPTED
    ]


def kind_of(tap: Tap, meaning: Meaning) -> EventKind:
    """Return the event a tap is."""
    if meaning.of_person:
        return EventKind.CARD_TAPPED
    if not meaning.known:
        return EventKind.UNKNOWN_TAG_TAPPED
    if meaning.sign_id:
        return EventKind.SIGN_TAPPED
    return EventKind.SUGGESTION_OPENED if tap.picked else EventKind.PRODUCT_TAPPED


def _properties(tap: Tap, meaning: Meaning) -> TapProperties:
    return TapProperties(
        language=tap.language,
        picked=tap.picked if tap.picked and not meaning.known else None,
        hinted=True if meaning.hinted else None,
        outcome=None if tap.outcome is Outcome.OK else tap.outcome,
    )


def visit_end_entry(end: VisitEnd, device: Device, received: datetime) -> Entry:
    """Return the timeline entry of a visit's end; its id comes from the visit, so it is there once."""
    payload = end.model_dump_json().encode()
    row = device_event(
        device,
        EventKind.VISIT_ENDED,
        event_id=uuid5(ENDED, str(end.visit_id)),
        visit_id=end.visit_id,
        occurred_at=end.occurred_at,
        received_at=received,
        payload=payload,
        properties=VisitEndProperties(how=end.how),
    )
    return Entry(row, payload)


def choice_entry(choice: PersonChoice, device: Device, received: datetime) -> Entry:
    """Return the timeline entry of what a shopper chose for their card."""
    properties = ConsentProperties(agreed=choice.agreed, text_version=choice.text_version)
    return _chosen(EventKind.CONSENT_CHOSEN, choice, properties, device=device, received=received)


def story_entry(choice: StoryChoice, device: Device, received: datetime) -> Entry:
    """Return the timeline entry of whether a shopper lets the team see the visit."""
    properties = StoryProperties(yes=choice.yes, text_version=choice.text_version, language=choice.language)
    return _chosen(EventKind.STORY_SHARED, choice, properties, device=device, received=received)


def _chosen(
    kind: EventKind,
    choice: PersonChoice | StoryChoice,
    properties: OwnProperties,
    *,
    device: Device,
    received: datetime,
) -> Entry:
    payload = choice.model_dump_json(exclude={*OF_THE_SENDING}).encode()
    row = device_event(
        device,
        kind,
        event_id=choice.choice_id,
        visit_id=choice.visit_id,
        occurred_at=choice.occurred_at,
        received_at=received,
        payload=payload,
        corrected_at=corrected(choice.occurred_at, received, choice.age_ms),
        properties=properties,
    )
    return Entry(row, payload)

"""A customer at the kiosk: their card recognised, kept by its hash only, and what they agreed to made use of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.access.rules import Device
from server.taps.rules import Meaning, corrected
from server.timeline.people import consenting
from server.timeline.people.consenting import Introduced
from server.timeline.people.erased import is_erased_card
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind, RequestKind
from server.timeline.people.queries import events_of, person_of
from server.timeline.people.requests import forbidden
from server.timeline.reading.interests import Interest, interests_of, variants_of
from server.wire import PersonCard, PersonChoice, Tap


@dataclass(frozen=True, slots=True)
class Holder:
    """What a tap's answer may use of whom it is for: nothing, for a stranger."""

    member: bool = False
    past: tuple[Interest, ...] = ()
    """What they looked at and bought before this visit, in every channel."""
    variants: tuple[str, ...] = ()
    """The variants among that, by GTIN or SKU, the newest first."""


STRANGER = Holder()


@dataclass(frozen=True, slots=True)
class Members:
    """Cards and consent, as the desk of taps asks for them. Where the shop has no key, everybody is a stranger."""

    keys: PersonKeys
    open_session: Callable[[], Session]
    turn: Callable[[], AbstractContextManager[None]]
    fresh_id: Callable[[], UUID]

    def recognise(self, taps: Iterable[Tap], meanings: Sequence[Meaning]) -> list[Meaning]:
        """Return the meanings, those of a card of the chain told so, and of one whose holder was erased."""
        pairs = list(zip(taps, meanings, strict=True))
        if not self.keys or all(meaning.known or not tap.uid for tap, meaning in pairs):
            return list(meanings)
        with self.open_session() as session:
            return [meaning if meaning.known else self._card(session, tap) for tap, meaning in pairs]

    def _card(self, session: Session, tap: Tap) -> Meaning:
        written = [value for value in (tap.uid, tap.uri) if value]
        card = consenting.enrolled(session, written, self.keys) if written else None
        if card is None:
            return Meaning(erased_card=is_erased_card(session, written, self.keys))
        return Meaning(loyalty_card=card.value)

    def introduce(self, tap: Tap, meaning: Meaning, device: Device, *, now: datetime) -> PersonCard:
        """Return what to ask the holder of the card that was tapped, or what they agreed to before."""
        at = corrected(tap.occurred_at, now, tap.age_ms)
        who = Introduced(tap.visit_id, Id(IdKind.CARD, str(meaning.loyalty_card)), at, self.fresh_id())
        with self.turn(), self.open_session() as session, session.begin():
            return consenting.introduce(session, who, device)

    def choose(self, choice: PersonChoice, device: Device, *, now: datetime) -> None:
        """Keep what a shopper chose; raises `Conflict` where nobody was introduced in the visit."""
        with self.turn(), self.open_session() as session, session.begin():
            at = corrected(choice.occurred_at, now, choice.age_ms)
            consenting.choose(session, choice, device, at=at, now=now, link_id=self.fresh_id())

    def holder(self, visit_id: UUID) -> Holder:
        """Return what the next answer in a visit may use."""
        if not self.keys:
            return STRANGER
        with self.open_session() as session:
            agreed = consenting.holds(session, visit_id)
            if not agreed.known:
                return STRANGER
            no = forbidden(session, Id(IdKind.VISIT, str(visit_id)), self.keys)
            if RequestKind.RESTRICT in no:
                return STRANGER
            if no or not agreed.personal:
                return Holder(True)
            events = events_of(session, person_of(session, Id(IdKind.VISIT, str(visit_id))))
            return Holder(True, interests_of(events, without=visit_id), variants_of(events, without=visit_id))

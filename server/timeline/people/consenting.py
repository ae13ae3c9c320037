"""A card tapped at a kiosk: whom it introduces, what they choose there, and what holds in their visit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.errors import Conflict
from server.timeline.consents.models import Choice, Introduction
from server.timeline.consents.rules import NOTHING, Agreed, agreed_by
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind, Link
from server.timeline.people.queries import Said, link, person_of, unlink
from server.wire import PURPOSES, PersonCard, PersonChoice


@dataclass(frozen=True, slots=True)
class Introduced:
    """A card the chain has enrolled, tapped in a visit; `link_id` is for the link, where there will be one."""

    visit_id: UUID
    card: Id
    at: datetime
    link_id: UUID


def enrolled(session: Session, written: Collection[str], keys: PersonKeys) -> Id | None:
    """Return the card that says one of these (a UID, a content), as it is stored; None where none is enrolled."""
    forms = [form for value in written for form in keys.every(Id(IdKind.CARD, value))]
    values = [form.value for form in forms]
    ends = or_(
        (Link.one_kind == IdKind.CARD) & Link.one_id.in_(values),
        (Link.other_kind == IdKind.CARD) & Link.other_id.in_(values),
    )
    links = session.scalars(select(Link).where(ends, Link.unlinked_at.is_(None)))
    known = {end for found in links for end in found.ends}
    return next((form for form in forms if form in known), None)


def introduce(session: Session, who: Introduced, device: Device) -> PersonCard:
    """Note in the caller's transaction whose card was tapped, and return what to ask, or what was agreed before.

    A visit belongs to one person: the card of another is told so.
    """
    held = session.get(Introduction, who.visit_id)
    if held is not None and held.card_id != who.card.value:
        return PersonCard(taken=True, agreed=NOTHING.purposes)
    if held is None:
        session.add(Introduction(visit_id=who.visit_id, card_id=who.card.value, at=who.at))
        session.flush()
    agreed = standing(session, who.visit_id)
    if agreed is None:
        agreed = _agreed_before(session, who.card)
        if agreed.known:
            _join(session, who, Said(f"kiosk:{device.id}", "agreed at an earlier visit", who.at))
    return PersonCard(agreed=agreed.purposes)


def standing(session: Session, visit_id: UUID) -> Agreed | None:
    """Return what was chosen last in a visit, or carried over from an earlier one; None for nothing yet."""
    return agreed_by(session.scalars(select(Choice).where(Choice.visit_id == visit_id)))


def holds(session: Session, visit_id: UUID) -> Agreed:
    """Return what holds in a visit at this moment: what its card's holder agreed to, nothing for a stranger."""
    introduced = session.get(Introduction, visit_id)
    if introduced is None or introduced.card_id is None:
        return NOTHING
    chosen = standing(session, visit_id)
    return chosen if chosen is not None else _agreed_before(session, Id(IdKind.CARD, introduced.card_id))


def _agreed_before(session: Session, card: Id) -> Agreed:
    """Return what the holder of a card agreed to last, in the words that are asked today."""
    return agreed_by(session.scalars(select(Choice).where(Choice.card_id == card.value))) or NOTHING


def choose(
    session: Session, choice: PersonChoice, device: Device, *, at: datetime, now: datetime, link_id: UUID
) -> None:
    """Keep what a shopper chose at a moment, and link or unlink their visit, in the caller's transaction.

    Told twice is harmless. `at` is when it was chosen, by the best estimate there is.

    Raises `Conflict` where no card was tapped in the visit.
    """
    introduced = session.get(Introduction, choice.visit_id, with_for_update=True)
    if introduced is None or introduced.card_id is None:
        msg = "No card was tapped in this visit, so there is nobody to choose."
        raise Conflict(msg)
    if session.get(Choice, choice.choice_id) is not None:
        return
    agreed = Agreed(tuple(choice.agreed))
    who = Introduced(choice.visit_id, Id(IdKind.CARD, introduced.card_id), now, link_id)
    said = Said(f"kiosk:{device.id}", f"chosen at the kiosk, text {choice.text_version}", now)
    known = _agreed_before(session, who.card).purposes
    session.add(
        Choice(
            id=choice.choice_id,
            visit_id=choice.visit_id,
            card_id=introduced.card_id if agreed.purposes or known else None,
            device_id=device.id,
            store_id=device.store_id,
            chosen_at=at,
            received_at=now,
            text_version=choice.text_version,
            language=choice.language,
            **{purpose: purpose in agreed.purposes for purpose in PURPOSES},
        )
    )
    session.flush()
    newest = standing(session, choice.visit_id)  # one that was made later may have been told of before
    if newest is not None and newest.known:
        _join(session, who, said)
    else:
        _part(session, who, said)


def _join(session: Session, who: Introduced, said: Said) -> None:
    link(session, (Id(IdKind.VISIT, str(who.visit_id)), who.card), said, link_id=who.link_id)


def _part(session: Session, who: Introduced, said: Said) -> None:
    visit = Id(IdKind.VISIT, str(who.visit_id))
    for held in person_of(session, visit).links:
        if set(held.ends) == {visit, who.card}:
            unlink(session, held.id, said)

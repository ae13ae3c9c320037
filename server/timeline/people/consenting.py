"""A card tapped at a kiosk, or a phone: whom it introduces, what they choose there, what holds in their visit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.errors import Conflict
from server.timeline.consents.models import Choice, Introduction
from server.timeline.consents.rules import NOTHING, Agreed, agreed_by
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind, Link
from server.timeline.people.named import COLUMNS, named, naming
from server.timeline.people.queries import Said, link, person_of, unlink
from server.wire import PURPOSES, PersonCard, PersonChoice


@dataclass(frozen=True, slots=True)
class Introduced:
    """An id the chain knows, of whom a visit is said to be; `link_id` is for the link, where there will be one.

    `proven` where a card was there or a program vouched, not where a number was typed in.
    """

    visit_id: UUID
    one: Id
    at: datetime
    link_id: UUID
    proven: bool = True


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
    """Note in the caller's transaction whose visit it is, and return what to ask, or what was agreed before.

    A visit belongs to one person: another is told so. Of an id that is not proven, nothing from before holds.
    """
    held = session.get(Introduction, who.visit_id)
    said = named(held) if held is not None else None
    if held is not None and (said is None or not _same(session, said, who.one)):
        return PersonCard(taken=True, agreed=NOTHING.purposes)
    if held is None:
        held = Introduction(visit_id=who.visit_id, at=who.at, proven=who.proven, **naming(who.one))
        session.add(held)
    elif who.proven and not held.proven:
        held.proven, held.card_id, held.customer_id = True, *naming(who.one).values()
    session.flush()
    agreed = standing(session, who.visit_id)
    if agreed is None:
        agreed = _agreed_before(session, who.one) if held.proven else NOTHING
        if agreed.known:
            _join(session, who, Said(f"kiosk:{device.id}", "agreed at an earlier visit", who.at))
    return PersonCard(agreed=agreed.purposes)


def _same(session: Session, held: Id, one: Id) -> bool:
    return held == one or one in person_of(session, held).ids


def standing(session: Session, visit_id: UUID) -> Agreed | None:
    """Return what was chosen last in a visit, or carried over from an earlier one; None for nothing yet."""
    return agreed_by(session.scalars(select(Choice).where(Choice.visit_id == visit_id)))


def holds(session: Session, visit_id: UUID) -> Agreed:
    """Return what holds in a visit at this moment: what was agreed to by whose it is, nothing for a stranger."""
    introduced = session.get(Introduction, visit_id)
    who = named(introduced) if introduced is not None else None
    if introduced is None or who is None:
        return NOTHING
    chosen = standing(session, visit_id)
    if chosen is not None:
        return chosen
    return _agreed_before(session, who) if introduced.proven else NOTHING


def proven(session: Session, visit_id: UUID) -> bool:
    """Return whether a visit is surely whose it is said to be, so that it may show what is known of them."""
    introduced = session.get(Introduction, visit_id)
    return introduced is not None and introduced.proven


def _agreed_before(session: Session, one: Id) -> Agreed:
    """Return what was agreed to last with a card or as a customer, in the words that are asked today."""
    return agreed_by(session.scalars(select(Choice).filter_by(**naming(one)))) or NOTHING


def choose(
    session: Session, choice: PersonChoice, device: Device, *, at: datetime, now: datetime, link_id: UUID
) -> None:
    """Keep what a shopper chose at a moment, and link or unlink their visit, in the caller's transaction.

    Told twice is harmless. `at` is when it was chosen, by the best estimate there is.

    Raises `Conflict` where nobody was introduced in the visit.
    """
    introduced = session.get(Introduction, choice.visit_id, with_for_update=True)
    one = named(introduced) if introduced is not None else None
    if introduced is None or one is None:
        msg = "Neither a card nor a phone was introduced in this visit, so there is nobody to choose."
        raise Conflict(msg)
    if session.get(Choice, choice.choice_id) is not None:
        return
    who = Introduced(choice.visit_id, one, now, link_id, introduced.proven)
    agreed = Agreed(tuple(purpose for purpose in choice.agreed if who.proven or purpose != "personalisation"))
    keeps = who.proven and bool(agreed.purposes or _agreed_before(session, one).purposes)
    made = {
        "device_id": device.id,
        "store_id": device.store_id,
        "chosen_at": at,
        "received_at": now,
        "text_version": choice.text_version,
        "language": choice.language,
    }
    kept = {**made, **_columns(agreed), **naming(one if keeps else None)}
    session.add(Choice(id=choice.choice_id, visit_id=choice.visit_id, **kept))
    if who.proven:
        _refuse_elsewhere(session, choice.choice_id, who, agreed=agreed, made=made)
    session.flush()
    said = Said(f"kiosk:{device.id}", f"chosen at the kiosk, text {choice.text_version}", now)
    newest = standing(session, choice.visit_id)  # one that was made later may have been told of before
    if newest is not None and newest.known:
        _join(session, who, said)
    else:
        _part(session, who, said)


def _columns(agreed: Agreed) -> dict[str, bool]:
    return {purpose: purpose in agreed.purposes for purpose in PURPOSES}


def _refuse_elsewhere(
    session: Session, choice_id: UUID, who: Introduced, *, agreed: Agreed, made: Mapping[str, Any]
) -> None:
    """Let a no hold with every other card of the person, and in the app: as of a visit that nothing leads to."""
    for other in sorted(person_of(session, who.one).ids - {who.one}, key=str):
        if other.kind not in COLUMNS.values():
            continue
        before = _agreed_before(session, other)
        left = Agreed(tuple(purpose for purpose in before.purposes if purpose in agreed.purposes))
        if left != before:
            own = uuid5(choice_id, str(other))
            session.add(Choice(id=own, visit_id=own, **made, **_columns(left), **naming(other)))


def _join(session: Session, who: Introduced, said: Said) -> None:
    link(session, (Id(IdKind.VISIT, str(who.visit_id)), who.one), said, link_id=who.link_id)


def _part(session: Session, who: Introduced, said: Said) -> None:
    visit = Id(IdKind.VISIT, str(who.visit_id))
    for held in person_of(session, visit).links:
        if set(held.ends) == {visit, who.one}:
            unlink(session, held.id, said)

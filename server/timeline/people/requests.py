"""What a person may ask for besides being forgotten: a copy, no use, no profile; each with a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from server.db import Base
from server.errors import Conflict, NotFound
from server.timeline.consents.models import Choice
from server.timeline.people import consenting
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind, PersonRequest, RequestKind
from server.timeline.people.queries import Said, batched, events_of, person_of


def everything(session: Session, one: Id) -> dict[str, Any]:
    """Return all there is on whom an id belongs to, as JSON can hold it: ids, links with their reasons, events."""
    person = person_of(session, one)
    return {
        "name": str(person.name),
        "ids": sorted(str(known) for known in person.ids),
        "links": [_row(link) for link in person.links],
        "choices": [_row(choice) for visits in batched(person.visits) for choice in _choices(session, visits)],
        "events": [_row(event) for event in events_of(session, person)],
    }


def _choices(session: Session, visits: Sequence[UUID]) -> list[Choice]:
    return list(session.scalars(select(Choice).where(Choice.visit_id.in_(visits)).order_by(Choice.received_at)))


def _row(row: Base) -> dict[str, Any]:
    columns = inspect(type(row)).column_attrs
    return {column.key: to_jsonable_python(getattr(row, column.key)) for column in columns}


def take_request(
    session: Session, one: Id, kind: RequestKind, *, said: Said, keys: PersonKeys, request_id: UUID
) -> PersonRequest:
    """Note a request that changes no row of the timeline, and return its receipt."""
    person = person_of(session, one)
    receipt = PersonRequest(
        id=request_id,
        kind=kind,
        hashes=[keys.hashes(known)[0] for known in sorted(person.ids, key=str)],
        asked_by=said.source,
        done_at=said.at,
        counts={"event": len(events_of(session, person)), "person_link": len(person.links)},
    )
    session.add(receipt)
    session.flush()
    return receipt


def asked_before(
    session: Session, request_id: UUID, *, one: Id, kind: RequestKind, keys: PersonKeys
) -> PersonRequest | None:
    """Return the receipt of a request that was taken before of an id as it is written, None for a new one.

    Raises `Conflict` where the id was used for another person or another kind of request.
    """
    receipt = session.get(PersonRequest, request_id)
    if receipt is None:
        return None
    if receipt.kind != kind or not set(receipt.hashes) & {
        said for form in keys.every(one) for said in keys.hashes(form)
    }:
        msg = f"The request {request_id} was for something else; give this one an id of its own."
        raise Conflict(msg)
    return receipt


def receipt_of(session: Session, request_id: UUID) -> PersonRequest:
    """Return the receipt of a request; raises `NotFound`."""
    receipt = session.get(PersonRequest, request_id)
    if receipt is None:
        msg = f"There is no request {request_id}."
        raise NotFound(msg)
    return receipt


def lift(session: Session, request_id: UUID, now: datetime) -> None:
    """End a restriction or an objection; raises `NotFound`."""
    receipt = session.get(PersonRequest, request_id)
    if receipt is None or receipt.kind not in {RequestKind.RESTRICT, RequestKind.OBJECT}:
        msg = f"There is no restriction or objection {request_id}."
        raise NotFound(msg)
    receipt.lifted_at = receipt.lifted_at or now


FORBIDDING = (RequestKind.RESTRICT, RequestKind.OBJECT)


def forbidden(session: Session, one: Id, keys: PersonKeys) -> set[RequestKind]:
    """Return what a person asked for that forbids a use of what is known of them, and was not lifted since."""
    asked = select(PersonRequest.kind, PersonRequest.hashes).where(
        PersonRequest.kind.in_(FORBIDDING), PersonRequest.lifted_at.is_(None)
    )
    told = session.execute(asked).all()
    ids = {form for known in person_of(session, one).ids for form in keys.hashes(known)} if told else set()
    return {RequestKind(kind) for kind, hashes in told if ids & set(hashes)}


def is_member(session: Session, visit_id: UUID, keys: PersonKeys) -> bool:
    """Return whether a visit is a customer's who agreed to that, and had no use of what is known restricted."""
    if not keys or not consenting.holds(session, visit_id).known:
        return False
    return RequestKind.RESTRICT not in forbidden(session, Id(IdKind.VISIT, str(visit_id)), keys)


def may_profile(session: Session, one: Id, keys: PersonKeys) -> bool:
    """Return whether nothing the person asked for forbids to make a profile of them."""
    return not forbidden(session, one, keys)

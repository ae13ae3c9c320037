"""A new key takes over: every id and notice an older key made is rewritten, the cards need not be there for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from server.db import Base
from server.timeline.people.erased import ErasedId
from server.timeline.people.keyed import HIDDEN, PersonKeys
from server.timeline.people.models import Id, IdKind, Link, PersonRequest
from server.timeline.people.queries import wait_for_turn

SEALED = ("erasure_notice", "webhook_delivery")
"""Tables that hold notices, sealed under these keys until they were told."""

ENDS = ((Link.one_kind, Link.one_id), (Link.other_kind, Link.other_id))


def made_by(session: Session) -> dict[str, int]:
    """Return how many ids of cards and addresses stand in links under the name of each key."""
    return dict(sorted(Counter(one.value.partition(":")[0] for one in _stored(session)).items()))


def rewrite(session: Session, keys: PersonKeys) -> dict[str, int]:
    """Let the current key make its own what older ones made, in the caller's transaction; return how much of what.

    Links stay what they were, also those undone; receipts go on naming whom they named, and so does what is
    kept of who was erased, though nobody with the older key alone can try out whom.
    """
    wait_for_turn(session)
    changed = {old: keys.rewritten(old) for old in _stored(session)}
    changed = {old: new for old, new in changed.items() if new != old}
    for old, new in changed.items():
        for kind, value in ENDS:
            session.execute(update(Link).where(kind == old.kind, value == old.value).values({value: new.value}))
    _rewrite_cards(session, changed)
    kept = _rehash(session, changed, keys)
    return {"id": len(changed), **kept, "notice": _reseal(session, keys)}


def _stored(session: Session) -> set[Id]:
    hidden = [kind.value for kind in HIDDEN]
    found = {
        Id(IdKind(of), value)
        for kind, column in ENDS
        for of, value in session.execute(select(kind, column).where(kind.in_(hidden)).distinct()).all()
    }
    for table in _with_column("card_id"):
        cards = session.scalars(select(table.c.card_id).where(table.c.card_id.is_not(None)).distinct())
        found |= {Id(IdKind.CARD, card) for card in cards}
    return found


def _with_column(name: str) -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if name in table.c]


def _rewrite_cards(session: Session, changed: Mapping[Id, Id]) -> None:
    cards = [(old, new) for old, new in changed.items() if old.kind is IdKind.CARD]
    for table in _with_column("card_id"):
        for old, new in cards:
            session.execute(update(table).where(table.c.card_id == old.value).values(card_id=new.value))


def _rehash(session: Session, changed: Mapping[Id, Id], keys: PersonKeys) -> dict[str, int]:
    """Let receipts, and what is kept of who was erased, name them by what the current key makes of the hashes."""
    counts: Counter[str] = Counter(receipt=0, erased_id=0)
    pairs = [zip(keys.hashes(old), keys.hashes(new), strict=True) for old, new in changed.items()]
    said = {before: after for of_one in pairs for before, after in of_one}
    for receipt in session.scalars(select(PersonRequest)):
        anew = [keys.rehashed(said.get(one, one)) for one in receipt.hashes]
        if anew != receipt.hashes:
            receipt.hashes, counts["receipt"] = anew, counts["receipt"] + 1
    for hashed in session.scalars(select(ErasedId.hash)).all():
        anew_hashed = keys.rehashed(hashed)
        if anew_hashed != hashed:
            session.execute(update(ErasedId).where(ErasedId.hash == hashed).values(hash=anew_hashed))
            counts["erased_id"] += 1
    return dict(counts)


def _reseal(session: Session, keys: PersonKeys) -> int:
    count = 0
    for table in (Base.metadata.tables[name] for name in SEALED):
        held = select(table.c.id, table.c.sealed).where(table.c.sealed.is_not(None))
        for row_id, sealed in session.execute(held).all():
            anew = keys.seal(keys.unseal(sealed))
            session.execute(update(table).where(table.c.id == row_id).values(sealed=anew))
            count += 1
    return count

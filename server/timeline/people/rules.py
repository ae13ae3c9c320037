"""Which ids are one person: what links connect, what a person is called, which ids can be nobody's. Pure."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from server.errors import Conflict, Invalid
from server.timeline.people.models import Id, IdKind, Link

LONGEST = 200
NOBODYS = re.compile(r"[0-]*|-1|null|none|nil|undefined|unknown|anonymous|guest|test|staff", re.IGNORECASE)
"""What programs send where they know no id. Linking it would make one person of all who share it."""

ORDER = {kind: place for place, kind in enumerate(IdKind)}


def read_id(written: str) -> Id:
    """Return the id written as `customer:4711`; raises `Invalid` where it is none or can be nobody's."""
    kind, _, value = written.partition(":")
    if kind not in set(IdKind):
        msg = f"{written!r} is no id: write customer:…, card:…, email:… or visit:…"
        raise Invalid(msg)
    return usable(Id(IdKind(kind), value))


def usable(one: Id) -> Id:
    """Return the id; raises `Invalid` where it can be nobody's own, or is too long."""
    value = one.value.strip()
    if NOBODYS.fullmatch(value) or len(value) > LONGEST:
        msg = f"{one} cannot be one person's own id, so nothing is linked to it."
        raise Invalid(msg)
    if one.kind is IdKind.VISIT:
        try:
            value = str(UUID(value))
        except ValueError as error:
            msg = f"{one} is no visit: a visit's id is a UUID."
            raise Invalid(msg) from error
    return Id(one.kind, value)


def called(ids: Iterable[Id]) -> Id:
    """Return the id a person is called by: a customer number before all else, and the smallest of them.

    It depends on the ids alone, not on the order in which they were linked.
    """
    return min(ids, key=lambda one: (ORDER[one.kind], one.value))


def several_customers(ids: Collection[Id]) -> list[str]:
    """Return the customer numbers among the ids where there is more than one, else none."""
    numbers = sorted(one.value for one in ids if one.kind is IdKind.CUSTOMER)
    return numbers if len(numbers) > 1 else []


def may_join(one: Collection[Id], other: Collection[Id]) -> None:
    """Raise `Conflict` where linking would make one person of two customers.

    That is what happens where several people share a browser or a card; joining two customers is a decision.
    """
    if any(id_.kind is IdKind.CUSTOMER for id_ in one) and any(id_.kind is IdKind.CUSTOMER for id_ in other):
        both = " and ".join(several_customers({*one, *other}))
        msg = f"This would make one person of the customers {both}. If they are one, merge them."
        raise Conflict(msg)


def neighbours(links: Iterable[Link]) -> dict[Id, list[tuple[Id, Link]]]:
    """Return for each id those linked to it, the earliest link first."""
    beside: dict[Id, list[tuple[Id, Link]]] = {}
    for link in sorted(links, key=lambda link: (link.linked_at, link.id)):
        one, other = link.ends
        beside.setdefault(one, []).append((other, link))
        beside.setdefault(other, []).append((one, link))
    return beside


def way(start: Id, goal: Id, links: Iterable[Link]) -> Sequence[Link] | None:
    """Return the fewest links that lead from one id to the other, in order; None where none do."""
    beside = neighbours(links)
    reached: dict[Id, tuple[Link, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == goal:
            return reached[here]
        for there, link in beside.get(here, ()):
            if there not in reached:
                reached[there] = (*reached[here], link)
                waiting.append(there)
    return None

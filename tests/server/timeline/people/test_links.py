"""Random links, unlinks, merges and unmerges resolve as a brute-force model says, on both engines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from server.errors import Conflict, Invalid, NotFound
from server.timeline.people import queries, rules
from server.timeline.people.models import Id, IdKind, Link
from server.timeline.people.queries import Said
from tests.clock import NOW
from tests.server.timeline.people.events import event

VISITS = [Id(IdKind.VISIT, str(UUID(int=number, version=4))) for number in range(1, 5)]
CUSTOMERS = [Id(IdKind.CUSTOMER, f"C{number}") for number in range(1, 4)]
CARDS = [Id(IdKind.CARD, f"k1:{number:064x}") for number in range(1, 3)]
ALL = [*VISITS, *CUSTOMERS, *CARDS]

pairs = st.tuples(st.sampled_from(ALL), st.sampled_from(ALL)).filter(lambda ends: ends[0] != ends[1])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("link"), pairs),
        st.tuples(st.just("merge"), st.permutations(CUSTOMERS).map(lambda order: tuple(order[:2]))),
        st.tuples(st.just("unlink"), st.integers(0, 30)),
    ),
    max_size=25,
)


@dataclass
class Model:
    """What links say, worked out the slow way: everybody paints their friends until nothing changes."""

    links: dict[UUID, frozenset[Id]] = field(default_factory=dict)

    def group(self, one: Id) -> set[Id]:
        group = {one}
        while True:
            wider = {end for ends in self.links.values() if ends & group for end in ends} | group
            if wider == group:
                return group
            group = wider

    def join(self, ends: frozenset[Id], link_id: UUID, *, on_purpose: bool) -> bool:
        one, other = ends
        joined = self.group(one) | self.group(other)
        two = sum(any(end.kind is IdKind.CUSTOMER for end in self.group(end_)) for end_ in ends) == 2
        if ends in self.links.values():
            return True
        if two and not on_purpose and self.group(one) != self.group(other):
            return False
        assert joined
        self.links[link_id] = ends
        return True


@pytest.fixture
def visited(engine: Engine) -> Engine:
    with Session(engine) as session, session.begin():
        for number, visit in enumerate(VISITS * 2):
            session.add(event(number, UUID(visit.value), at=NOW + timedelta(minutes=number)))
    return engine


def said(number: int) -> Said:
    return Said("test", "because", NOW + timedelta(seconds=number))


def do(session: Session, model: Model, number: int, step: tuple[str, object]) -> None:
    """Do one step on both sides; both refuse or neither."""
    verb, what = step
    link_id = UUID(int=number + 1, version=4)
    if verb == "unlink":
        known = sorted(model.links, key=str)
        chosen = known[what % len(known)] if known else link_id
        try:
            queries.unlink(session, chosen, said(number))
        except NotFound:
            assert not known
        model.links.pop(chosen, None)
        return
    join = queries.merge if verb == "merge" else queries.link
    expected = model.join(frozenset(what), link_id, on_purpose=verb == "merge")
    try:
        join(session, what, said(number), link_id=link_id)
    except Conflict:
        assert not expected
    else:
        assert expected


def timelines(session: Session) -> dict[Id, list[UUID]]:
    people = {one: queries.person_of(session, one) for one in ALL}
    return {one: [event.id for event in queries.events_of(session, person)] for one, person in people.items()}


def assert_same(session: Session, model: Model) -> None:
    for one in ALL:
        person, group = queries.person_of(session, one), model.group(one)
        assert person.ids == group
        assert person.name == min(group, key=lambda i: (list(IdKind).index(i.kind), i.value))
        visits = {UUID(i.value) for i in group if i.kind is IdKind.VISIT}
        whole = [event(number, UUID(visit.value)) for number, visit in enumerate(VISITS * 2)]
        expected = [e.id for e in whole if e.visit_id in visits]
        assert [e.id for e in queries.events_of(session, person)] == expected
        for other in ALL:
            assert (rules.way(one, other, person.links) is not None) == (other in group)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_people_are_what_the_links_say(visited: Engine, chosen: list[tuple[str, object]]) -> None:
    with Session(visited) as session:
        session.execute(delete(Link))
        model = Model()
        for number, step in enumerate(chosen):
            do(session, model, number, step)
        assert_same(session, model)
        session.rollback()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.permutations(CUSTOMERS))
def test_unmerging_restores_every_timeline_exactly(
    visited: Engine, chosen: list[tuple[str, object]], customers: list[Id]
) -> None:
    with Session(visited) as session:
        session.execute(delete(Link))
        model, number = Model(), count()
        for step in chosen:
            do(session, model, next(number), step)
        before = timelines(session)
        last = next(number) + 1000
        merged = queries.merge(
            session, (customers[0], customers[1]), said(last), link_id=UUID(int=last, version=4)
        )
        if merged.id.int == UUID(int=last, version=4).int:
            assert queries.person_of(session, customers[0]) == queries.person_of(session, customers[1])
            queries.unlink(session, merged.id, said(last + 1))
        assert timelines(session) == before
        session.rollback()


def test_two_who_share_a_browser_stay_two_and_a_decision_can_join_and_part_them(session: Session) -> None:
    ids = (UUID(int=n, version=4) for n in count(1))
    queries.link(session, (VISITS[0], CUSTOMERS[0]), said(1), link_id=next(ids))
    with pytest.raises(Conflict, match="C1 and C2"):
        queries.link(session, (VISITS[0], CUSTOMERS[1]), said(2), link_id=next(ids))
    merged = queries.merge(session, (CUSTOMERS[0], CUSTOMERS[1]), said(3), link_id=next(ids))
    assert queries.person_of(session, CUSTOMERS[1]).name == CUSTOMERS[0]
    path = queries.why(session, VISITS[0], CUSTOMERS[1])
    assert [link.ends for link in path] == [(CUSTOMERS[0], VISITS[0]), (CUSTOMERS[0], CUSTOMERS[1])]
    queries.unlink(session, merged.id, said(4))
    assert queries.person_of(session, CUSTOMERS[1]).ids == {CUSTOMERS[1]}
    with pytest.raises(NotFound):
        queries.why(session, VISITS[0], CUSTOMERS[1])


@pytest.mark.parametrize(
    "written", ["customer:", "customer:000", "customer:guest", "visit:kiosk-1", "kiosk:7", "x"]
)
def test_an_id_that_can_be_nobodys_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        rules.read_id(written)

"""What had been agreed to when something happened: every event of our own says it, and goes on saying it.

Events of other channels say what their own sender knows. Facts, section 6: what nobody agreed to is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Connection, Select, or_, select, text

from server.timeline.consents.models import Choice, Introduction
from server.timeline.consents.rules import Chosen, agreed_by, document

NOTHING_SAID = document(None)


class NoStranger(Exception):
    """Raised where visits were taken for those of strangers, and somebody was introduced in one of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What they chose as whom a visit was introduced: there, and wherever else they were if that is proven."""

    since: datetime
    here: Sequence[Chosen]
    before: Sequence[Chosen]

    def at(self, moment: datetime) -> dict[str, Any]:
        """Return what held at a moment: what was chosen in the visit until then, else what the card brought."""
        here = agreed_by(one for one in self.here if one.chosen_at <= moment)
        if here is None and moment >= self.since:
            here = agreed_by(one for one in self.before if one.chosen_at <= moment)
        return document(here)


def _introduced(among: str) -> Select[UUID, str | None, str | None, bool, datetime]:
    who = (Introduction.card_id, Introduction.customer_id, Introduction.proven)
    wanted = select(Introduction.visit_id, *who, Introduction.at)
    return wanted.where(text(f"visit_id {among}"), or_(*(one.is_not(None) for one in who[:2])))


_INTRODUCED = {
    "postgresql": _introduced("= ANY(CAST(:visits AS uuid[]))"),
    "sqlite": _introduced("IN (SELECT value FROM json_each(:visits))"),
}
"""One statement whatever the number of visits: every commit of taps asks it, so it is made and prepared once."""


def stamped(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of `Event`, those of our own with what had been agreed to at their moment."""
    own = own_visits(rows)
    return _stamped(rows, _told(connection, own) if own else {})


def of_strangers(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows as `stamped` does where nobody was introduced in any of their visits."""
    return _stamped(rows, {})


def own_visits(rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Return the visits of events of our own."""
    return {row["visit_id"] for row in rows if row["source_id"] is None and row["visit_id"] is not None}


def _stamped(rows: Sequence[dict[str, Any]], told: Mapping[UUID, Told]) -> list[dict[str, Any]]:
    return [row if row["source_id"] is not None else {**row, "consent": _consent(told, row)} for row in rows]


def _consent(told: Mapping[UUID, Told], row: Mapping[str, Any]) -> dict[str, Any]:
    of_visit = told.get(row["visit_id"])
    return of_visit.at(row["corrected_at"]) if of_visit else NOTHING_SAID


def _told(connection: Connection, visits: Collection[UUID]) -> dict[UUID, Told]:
    bound = (
        list(visits) if connection.dialect.name == "postgresql" else to_json([one.hex for one in visits]).decode()
    )
    introduced = connection.execute(_INTRODUCED[connection.dialect.name], {"visits": bound}).all()
    if not introduced:
        return {}
    chosen = select(Choice.__table__).where(
        or_(
            Choice.visit_id.in_(visits),
            Choice.card_id.in_({row.card_id for row in introduced if row.card_id is not None}),
            Choice.customer_id.in_({row.customer_id for row in introduced if row.customer_id is not None}),
        )
    )
    choices = connection.execute(chosen).all()
    return {
        row.visit_id: Told(
            row.at,
            [one for one in choices if one.visit_id == row.visit_id],
            [one for one in choices if row.proven and _whose(one) == _whose(row)],
        )
        for row in introduced
    }


def _whose(row: Any) -> tuple[str | None, str | None]:
    return row.card_id, row.customer_id

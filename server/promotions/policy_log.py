"""Who changed a pricing policy, when, and what became what: in the words of the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Audit, Staff
from server.promotions.prior_price import EUROPE, STATES, PriorPolicy
from server.promotions.rules.policy import HOUSE
from server.promotions.wording import CHOICES, LABELS

CHANGED = "pricing policy changed"
LATEST = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One field that was changed: its words, and what stood and stands there."""

    label: str
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a policy: when, by whom, where it holds, and its steps."""

    at: datetime
    by: str
    scope: str
    steps: tuple[Step, ...]


def by_itself(scope: str) -> PriorPolicy:
    """Return how reductions are announced where nothing is stored."""
    return STATES.get(scope, EUROPE)


def history(session: Session) -> Iterator[Change]:
    """Yield the latest changes of policies, newest first."""
    wanted = select(Audit, Staff.name).outerjoin(Staff, Staff.id == Audit.staff_id).where(Audit.action == CHANGED)
    for row, name in session.execute(wanted.order_by(Audit.at.desc(), Audit.id.desc()).limit(LATEST)):
        scope = (row.subject or "").removeprefix("policy:")
        yield Change(row.at, name or "", scope, tuple(_steps(row.before or _unstored(scope), row.after or {})))


def _unstored(scope: str) -> dict[str, Any]:
    return {"policy": HOUSE.model_dump(mode="json"), "prior": by_itself(scope).model_dump(mode="json")}


def _steps(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Step]:
    was, became = dict(_flat(before)), dict(_flat(after))
    for name in LABELS:
        if name in became and was.get(name) != became[name]:
            yield Step(gettext(LABELS[name]), _said(was.get(name)), _said(became[name]))


def _said(value: Any) -> str:
    """Return a value as the form shows it; a dash where there is none."""
    told = (
        ", ".join(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else value
    )
    if told is None or told == "":
        return "–"
    return gettext(CHOICES[told]) if told in CHOICES else str(told)


def _flat(told: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in told.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value

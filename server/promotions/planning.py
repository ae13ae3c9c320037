"""A promotion as the form on the page tells it, turned into what is stored; who may plan it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext

from server.access.models import Role
from server.access.rules import StaffMember
from server.errors import Forbidden, Invalid
from server.promotions.models import Promotion
from server.promotions.rules.money import exponent
from server.texts import LANGUAGES

LISTS = ("stores", "products", "gtins", "categories", "brands", "segments")
NUMBERS = ("buy", "pay", "get")
CHECKED = ("everything", "skip_reduced")
ROWS = (1, 2, 3)
"""Tiers and parts the form has room for."""


def promotion_of(form: Mapping[str, str], staff: StaffMember) -> Promotion:
    """Return the promotion a form tells of; raises `Invalid` naming the field that cannot be understood."""
    key = form.get("id", "").strip()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", key):
        raise Invalid(gettext("Give the promotion a short name of small letters, digits and hyphens."))
    headline = _words(form, "headline")
    if not headline:
        raise Invalid(gettext("Say what the promotion is, in at least one language."))
    return Promotion(
        id=key,
        headline=headline,
        condition=_words(form, "condition") or None,
        rule=rule_of(form),
        starts=_local(form, "starts"),
        ends=_local(form, "ends"),
        priority=_whole(form, "priority") or 0,
        exclusive=bool(form.get("exclusive")),
        paused=False,
        created_by=staff.id,
    )


def rule_of(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the rule: the form's fields, and over them what its text in JSON says."""
    rule: dict[str, Any] = {"kind": form.get("kind", "")}
    rule |= {name: form[name].strip() for name in ("percent", "after_sign", "group") if form.get(name, "").strip()}
    if form.get("amount"):
        rule["amounts"] = {form.get("currency", ""): _minor(form["amount"], form.get("currency", ""))}
    rule |= _numbers(form, NUMBERS) | _named(form, LISTS)
    rule |= {name: True for name in CHECKED if form.get(name)}
    parts = {
        "gets": _named(form, ("products", "categories"), prefix="gets_"),
        "tiers": [one for n in ROWS if (one := _tier(form, n))],
        "parts": [one for n in ROWS if (one := _part(form, n))],
        "schedule": _schedule(form),
        "limits": _limits(form),
    }
    return rule | {name: part for name, part in parts.items() if part} | _more(form.get("more", ""))


def _numbers(form: Mapping[str, str], names: Iterable[str]) -> dict[str, Any]:
    return {name: _whole(form, name) for name in names if form.get(name, "").strip()}


def _named(form: Mapping[str, str], names: Iterable[str], prefix: str = "") -> dict[str, list[str]]:
    listed = {n: [one.strip() for one in form.get(prefix + n, "").split(",") if one.strip()] for n in names}
    return {name: found for name, found in listed.items() if found}


def _tier(form: Mapping[str, str], row: int) -> dict[str, Any]:
    quantity, percent = _whole(form, f"tier_quantity_{row}"), form.get(f"tier_percent_{row}", "").strip()
    return {"quantity": quantity, "percent": percent} if quantity is not None or percent else {}


def _part(form: Mapping[str, str], row: int) -> dict[str, Any]:
    named = {
        name: found[f"part_{name}_{row}"]
        for name in ("products", "categories")
        if (found := _named(form, [f"part_{name}_{row}"]))
    }
    quantity = _whole(form, f"part_quantity_{row}")
    return named | ({"quantity": quantity} if quantity is not None else {})


def _schedule(form: Mapping[str, str]) -> dict[str, Any]:
    hours = {name: form[name] for name in ("hour_from", "hour_to") if form.get(name)}
    days = [day for day in range(7) if form.get(f"weekday_{day}")]
    return hours | ({"weekdays": days} if days else {})


def _limits(form: Mapping[str, str]) -> dict[str, Any]:
    limits = _numbers(form, ("per_day", "per_customer"))
    if form.get("budget"):
        currency = form.get("currency", "")
        limits["budget"] = {currency: _minor(form["budget"], currency)}
    return limits


def _more(written: str) -> dict[str, Any]:
    try:
        more = json.loads(written or "{}")
    except ValueError:
        more = None
    if not isinstance(more, dict):
        raise Invalid(gettext('The rest of the rule is not JSON: it looks like {"group": "spring"}.'))
    return more


def _minor(written: str, currency: str) -> int:
    try:
        minor = Decimal(written.replace(",", ".")).scaleb(exponent(currency))
    except InvalidOperation:
        minor = Decimal("0.5")
    if minor != int(minor) or minor < 0:
        raise Invalid(gettext("%(amount)s is no amount of %(currency)s.", amount=written, currency=currency))
    return int(minor)


def _words(form: Mapping[str, str], name: str) -> dict[str, str]:
    told = {language: form.get(f"{name}_{language}", "").strip() for language in LANGUAGES}
    return {language: words for language, words in told.items() if words}


def _whole(form: Mapping[str, str], name: str) -> int | None:
    written = form.get(name, "").strip()
    if not written:
        return None
    if not re.fullmatch(r"-?[0-9]{1,6}", written):
        raise Invalid(gettext("%(written)s is no whole number.", written=written))
    return int(written)


def _local(form: Mapping[str, str], name: str) -> datetime | None:
    written = form.get(name, "").strip()
    try:
        return datetime.fromisoformat(written).replace(tzinfo=None) if written else None
    except ValueError as error:
        raise Invalid(gettext("%(written)s is no date and time.", written=written)) from error


def refuse_others(staff: StaffMember, rule: Mapping[str, Any]) -> None:
    """Raise `Forbidden` where a manager plans for a store that is not their own; merchandisers plan for all."""
    stores = set(rule.get("stores", ()))
    if staff.role is Role.MANAGER and not (stores and stores <= set(staff.store_ids)):
        raise Forbidden(gettext("Name your own stores: promotions of the whole chain are the merchandiser's."))

"""Times, ways and stock as a shopper reads them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from flask_babel import gettext

from kiosk.hand_over import Carry, Step
from kiosk.screen import KnownBy
from server.wire import Open, Purpose, VariantLine


def clock(moment: datetime, zone: str, locale: str) -> str:
    """Return the store's local time of day."""
    return format_time(moment, "short", tzinfo=ZoneInfo(zone), locale=locale)


def day(moment: datetime, zone: str, locale: str) -> str:
    """Return the store's local day, in words."""
    return _day(moment.astimezone(ZoneInfo(zone)).date(), locale)


def _day(date: date, locale: str) -> str:
    return format_skeleton("MMMMd", datetime.combine(date, time()), locale=locale)


def last_day(end: datetime, zone: str, locale: str) -> str:
    """Return the last day of a window that ends at `end`; with the time where it ends within a day."""
    local = end.astimezone(ZoneInfo(zone))
    if (local.hour, local.minute) == (0, 0):
        return _day(local.date() - timedelta(days=1), locale)
    return f"{day(end, zone, locale)}, {clock(end, zone, locale)}"


def distance(metres: int, locale: str) -> str:
    """Return how far something is in kilometres, to a tenth where it is near."""
    kilometres = metres / 1000
    rounded = round(kilometres, 1 if kilometres < 10 else None)
    return f"{format_decimal(rounded, locale=locale, group_separator=False)} km"


def hours(opens: tuple[Open, ...], zone: str, locale: str, *, now: datetime) -> str:
    """Return until when a store is open, or when it opens next, by its own clock; '' where that is not known."""
    coming = next((one for one in opens if one.ends > now), None)
    if coming is None:
        return ""
    if coming.begins <= now:
        return str(gettext("Open until %(time)s", time=clock(coming.ends, zone, locale)))
    begins, today = (moment.astimezone(ZoneInfo(zone)).date() for moment in (coming.begins, now))
    opening = clock(coming.begins, zone, locale)
    if begins == today:
        return str(gettext("Opens at %(time)s", time=opening))
    if begins == today + timedelta(days=1):
        return str(gettext("Opens tomorrow at %(time)s", time=opening))
    weekday = format_date(begins, "EEEE", locale=locale)
    return str(gettext("Opens on %(day)s at %(time)s", day=weekday, time=opening))


def minutes(seconds: int) -> str:
    """Return a stretch of time as a clock shows it that runs down: 1:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


def carried(carry: Carry) -> str:
    """Return in one sentence how far a hand-over to the shopper's phone is."""
    said = {
        Step.BEGUN: gettext("One moment…"),
        Step.OFFERED: gettext("Carry on on your phone"),
        Step.ASKED: gettext("A phone wants to carry on with your list. Is it yours?"),
        Step.GRANTED: gettext("Your visit is on your phone now."),
        Step.REFUSED: gettext("That phone was not let in."),
        Step.ENDED: gettext("The time of this code is over."),
        Step.AWAY: gettext("I can't reach our server just now, so I have no code to show."),
    }
    if carry.step is Step.ASKED and carry.introduces:
        return str(gettext("A phone says who you are. Is it yours?"))
    return str(said[carry.step])


def known(by: KnownBy) -> str:
    """Return in one sentence by what we know somebody: it names nobody."""
    said = {
        "card": gettext("We know this card."),
        "app": gettext("We know you by our app."),
        "number": gettext("We know this number."),
    }
    return str(said[by])


def called(kind: str) -> str:
    """Return what a page about a product is called, by its link type of the GS1 Web Vocabulary."""
    names = {
        "dpp": gettext("Product passport"),
        "sustainabilityInfo": gettext("How sustainable it is"),
        "instructions": gettext("Instructions"),
        "recallStatus": gettext("Recall"),
        "safetyInfo": gettext("Safety"),
        "serviceInfo": gettext("Service"),
    }
    return str(names.get(kind) or gettext("More about it"))


def by_colour(variants: tuple[VariantLine, ...]) -> list[tuple[VariantLine, list[VariantLine]]]:
    """Return the variants gathered by colour: one that stands for the colour, and its sizes in order."""
    gathered: dict[str, list[VariantLine]] = {}
    for variant in variants:
        gathered.setdefault(variant.colour_code or "", []).append(variant)
    return [(sizes[0], sizes) for sizes in gathered.values()]


def asked() -> list[tuple[Purpose, str, str]]:
    """Return each purpose a shopper may agree to, in their language: what it is called, and what it means.

    What they agreed to are these very words: where they change, `server.wire.CONSENT_TEXT` does.
    """
    return [
        (
            "service",
            gettext("Put this visit on my account"),
            gettext("Member's prices, your list from home; and what you look at here is in the app and web shop."),
        ),
        (
            "personalisation",
            gettext("Suggest from my earlier visits"),
            gettext("What we show you may follow from what you looked at before."),
        ),
        (
            "analytics",
            gettext("Count my visits for statistics"),
            gettext("We learn what customers look for. Your name is not in it."),
        ),
    ]

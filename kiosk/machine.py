"""What the page on the machine tells the team: how its readers do and what waits to be sent, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from babel.numbers import format_decimal
from flask_babel import gettext

from hardware.fault import ReaderFault, in_words
from kiosk import words
from kiosk.screen import ScreenState
from kiosk.shelf import ShelfCopy
from server.wire import Heartbeat, ReaderRecord, locale_for


def about(state: ScreenState, copy: ShelfCopy, beat: Heartbeat) -> dict[str, Any]:
    """Return what the page shows, in the language the screen speaks, which must be the one spoken now."""
    shelf, language = copy.shelf, state.language
    zone = shelf.time_zone if shelf else "UTC"
    locale = locale_for(language, shelf.locale if shelf else language)

    def at(moment: datetime | None) -> str:
        return words.clock(moment, zone, locale) if moment else ""

    return {
        "state": state,
        "beat": beat,
        "store": shelf.store if shelf else "",
        "states": _states(),
        "at": at,
        "said": lambda reader: said(reader, language),
        "milliseconds": lambda time: f"{format_decimal(round(time, 1), locale=locale)} ms",
    }


def said(reader: ReaderRecord, language: str) -> str:
    """Return what is wrong with a reader and what to do; '' while nothing is."""
    if reader.fault not in set(ReaderFault):
        return reader.words
    return in_words(ReaderFault(reader.fault), reader.where, language=language)


def _states() -> dict[str, str]:
    return {
        "opening": gettext("is being opened"),
        "working": gettext("works"),
        "fault": gettext("does not work"),
        "stopped": gettext("is stopped"),
    }

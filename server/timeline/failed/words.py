"""Why a message did not fit, as an operator reads it; beside it stands the exact reason, as its source got it."""

from __future__ import annotations

from flask_babel import gettext


def in_words(code: str) -> str:
    """Return what is wrong and what to put right, in the language of the page."""
    return _sentences().get(code) or gettext("The message does not fit; the reason says where.")


def _sentences() -> dict[str, str]:
    return {
        "type": gettext("It does not say what kind of call it is: `type` must be one we know."),
        "event": gettext("It does not say what happened: `event` must hold its name."),
        "schema": gettext("A field holds something else than it should: the reason names it."),
        "message-id": gettext("Its id cannot be used: it must be a text that is not too long."),
        "time": gettext("A time in it cannot be read: times are written as in 2026-11-28T10:00:00Z."),
        "cloudevent": gettext("It is no whole CloudEvent: the reason names what is missing."),
        "too-large": gettext("It is larger than a message may be: leave out what nobody needs."),
    }

"""What a shopper may agree to, on the phone as at the kiosk, and in the same words."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext

from server.wire import PURPOSES, Purpose


def asked() -> list[tuple[Purpose, str, str]]:
    """Return each purpose in the phone's language: what it is called, and what it means.

    What is agreed to are these very words: where they change, `server.wire.CONSENT_TEXT` does.
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


def after(agreed: Collection[Purpose], purpose: Purpose, *, yes: bool) -> tuple[Purpose, ...]:
    """Return what is agreed to after one choice. Where the visit is nobody's, nothing else can hold."""
    wanted = {*agreed, purpose} if yes else {*agreed} - {purpose}
    return tuple(one for one in PURPOSES if one in wanted) if "service" in wanted else ()

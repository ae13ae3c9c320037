"""What an alarm says to a manager: what was noticed, and what to do. Never who did it."""

from __future__ import annotations

from server.tags.alarms.models import AlarmKind, TagAlarm
from server.texts import in_one_language, mark

NOTICED = {
    AlarmKind.MISMATCH: mark("What is written on this tag is not what it means here."),
    AlarmKind.CLONE: mark("This chip carries what belongs to tag {other}."),
    AlarmKind.FORGED: mark("This tag signs what it says, and its signature is wrong or missing."),
    AlarmKind.REPLAYED: mark("This tag showed a message that was used before (read number {counter})."),
    AlarmKind.COUNTER_FELL: mark("This tag counts its reads, and the count went back (to {counter})."),
    AlarmKind.TWO_PLACES: mark(
        "This tag was also read at kiosk {kiosk} in store {store}, {seconds} seconds apart."
    ),
    AlarmKind.NOT_ORIGINAL: mark("The maker's signature does not fit this chip."),
    AlarmKind.OPENED: mark("The wire of this tag is broken, or was broken before."),
    AlarmKind.TURNED_UP: mark("This tag was given up, and was read again."),
}

ADVICE = {
    AlarmKind.MISMATCH: mark("Look at the tag: is it on the right product? Bind it anew, or write it again."),
    AlarmKind.CLONE: mark("Look for both tags, and take away the one that is not yours."),
    AlarmKind.FORGED: mark("Take the tag away and put a new one; it may be a copy, or have lost its settings."),
    AlarmKind.REPLAYED: mark(
        "Somebody may have kept an address of this tag. Look whether the tag is still in its place."
    ),
    AlarmKind.COUNTER_FELL: mark("It may be a copy of the chip. Replace the tag."),
    AlarmKind.TWO_PLACES: mark("There may be two chips with one number. Look for both, and replace them."),
    AlarmKind.NOT_ORIGINAL: mark("It may be a copy of the chip. Replace the tag."),
    AlarmKind.OPENED: mark("Look whether the tag was moved or its product opened."),
    AlarmKind.TURNED_UP: mark("If it is in use again, say so; else take it away."),
}


def noticed(alarm: TagAlarm, language: str) -> str:
    """Return what was noticed, in a sentence."""
    return in_one_language(NOTICED[AlarmKind(alarm.kind)], language, **alarm.evidence)


def advice(alarm: TagAlarm, language: str) -> str:
    """Return what to do about it, in a sentence."""
    return in_one_language(ADVICE[AlarmKind(alarm.kind)], language)

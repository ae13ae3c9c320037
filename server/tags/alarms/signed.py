"""A signing tag's message held against its keys, its chip and its counter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from server.tags.alarms.models import AlarmKind
from server.tags.alarms.rules import Counted, Finding, Known, Noticed, found
from server.tags.keyring.sealing import Masters
from server.tags.sun import Loop, NotGenuine, Sun, SunMessage, read_message, verify
from server.wire import Outcome

Keyring = Mapping[str, Sequence[Masters]]
"""The keys in use, by the name of their set, the newest first."""


@dataclass(frozen=True, slots=True)
class Count:
    """A counter a tag showed, and what it is a sign of where the database finds it `suspect`."""

    noticed: Noticed
    counter: int
    alarm: AlarmKind
    suspect: Collection[Counted]


_ALARMING = {Loop.BROKEN, Loop.BROKEN_BEFORE}


def said_by(message: SunMessage, masters: Iterable[Masters]) -> Sun | None:
    """Return what a message says by the first keys that made it; None where none of them did."""
    for one in masters:
        try:
            return verify(message, one.keys())
        except NotGenuine:
            continue
    return None


def check_signing_tag(noticed: Noticed, known: Known, keyring: Keyring) -> tuple[list[Finding], Count | None]:
    """Return what is wrong with a tap of a tag that is known to sign, and the counter its message showed."""
    if noticed.tap.outcome is not Outcome.OK or noticed.tap.uri is None:
        return [], None
    message = read_message(noticed.tap.uri)
    said = said_by(message, keyring.get(known.key_set or "", ())) if message else None
    if said is None:
        return [found(AlarmKind.FORGED, noticed, content=noticed.tap.uri)], None
    if said.uid.hex().upper() != noticed.uid:
        return [found(AlarmKind.CLONE, noticed, content=noticed.tap.uri, other=said.uid.hex().upper())], None
    opened = [found(AlarmKind.OPENED, noticed, loop=said.loop)] if said.loop in _ALARMING else []
    return opened, Count(noticed, said.counter, AlarmKind.REPLAYED, {Counted.AGAIN, Counted.FELL})


def check_stranger(noticed: Noticed, keyring: Keyring) -> list[Finding]:
    """Return a finding where a chip that is not known to sign carries the message of one that does."""
    message = read_message(noticed.tap.uri or "")
    every = [one for masters in keyring.values() for one in masters]
    said = said_by(message, every) if message else None
    if said is None or said.uid.hex().upper() == noticed.uid:
        return []
    return [found(AlarmKind.CLONE, noticed, content=noticed.tap.uri, other=said.uid.hex().upper())]

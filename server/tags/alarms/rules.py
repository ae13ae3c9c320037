"""What makes a tag suspect: pure. An alarm is for the manager to look at, never a verdict on a shopper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from server.tags.alarms.models import AlarmKind
from server.tags.models import TagState
from server.tags.rules import named_gtin
from server.tags.sun import is_original, maker_of
from server.wire import Outcome, Tap

STORES_APART = timedelta(minutes=10)
"""Nobody carries a tag from one store to another in less."""

KIOSKS_APART = timedelta(seconds=1)
"""Nobody carries a tag from one kiosk of a store to another, and has it read, in less."""

WAITED = timedelta(minutes=1)
"""A tap that waited longer on its kiosk tells too little of when it was for a judgement on places."""

NEWS = timedelta(seconds=30)
"""A tag that is tapped again at the same kiosk within this is no news of where it is."""

OUT_OF_USE = {TagState.LOST, TagState.RETIRED}


@dataclass(frozen=True, slots=True)
class Noticed:
    """A tap of a tag, as the watch sees it: where, when by our own clock, and what the tag means there."""

    tap: Tap
    uid: str
    store_id: str
    kiosk_id: str
    at: datetime
    bound: bool = False
    product_id: str | None = None

    @property
    def waited(self) -> bool:
        """Return whether it was sent long after it was."""
        return timedelta(milliseconds=self.tap.age_ms) > WAITED


@dataclass(frozen=True, slots=True)
class Known:
    """What is enrolled of a tag."""

    uid: str
    state: str
    chip: str
    signature: str | None
    uri: str | None
    key_set: str | None


@dataclass(frozen=True, slots=True)
class Sighted:
    """Where and when a tag was last read at one kiosk."""

    kiosk_id: str
    store_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed: about which tag, where, and the evidence in named words."""

    kind: AlarmKind
    uid: str
    store_id: str
    kiosk_id: str
    at: datetime
    evidence: Mapping[str, str]


class Counted(StrEnum):
    """What a read counter says, against the highest there was."""

    RAISED = "raised"
    AGAIN = "again"
    LATE = "late"
    FELL = "fell"
    RESENT = "resent"


def found(kind: AlarmKind, noticed: Noticed, **evidence: object) -> Finding:
    """Return a finding about a noticed tap; of its evidence what is None is left out."""
    told = {name: str(value).replace("\0", "") for name, value in evidence.items() if value is not None}
    return Finding(kind, noticed.uid, noticed.store_id, noticed.kiosk_id, noticed.at, told)


def judged_counter(
    noticed: Noticed, counter: int, *, highest: int, at: datetime | None, by: UUID | None
) -> Counted:
    """Return what a counter that did not rise is; `highest` was shown `at` that time `by` that tap.

    A lower one is late where its tap was before the one that showed the highest: kiosks send when they can.
    """
    if by == noticed.tap.tap_id:
        return Counted.RESENT
    if counter == highest:
        return Counted.AGAIN
    return Counted.LATE if at and noticed.at < at else Counted.FELL


def content(noticed: Noticed, known: Known | None, products: Mapping[str, str]) -> Finding | None:
    """Return a finding where a tag names another product than it means, or says what was not written on it.

    `products` are the product ids by GTIN.
    """
    uri, outcome = noticed.tap.uri, noticed.tap.outcome
    gtin = named_gtin(uri)
    if noticed.bound and noticed.product_id and gtin and products.get(gtin) != noticed.product_id:
        return found(
            AlarmKind.MISMATCH, noticed, content=uri, gtin=gtin, names=products.get(gtin), means=noticed.product_id
        )
    written = known.uri if known and not known.key_set else None
    if written and outcome in {Outcome.OK, Outcome.EMPTY} and uri != written:
        return found(AlarmKind.MISMATCH, noticed, content=uri or "", written=written)
    return None


def copied(noticed: Noticed, known: Known | None, owners: Mapping[str, str]) -> Finding | None:
    """Return a finding where a chip nobody knows carries a known tag's content; `owners` are UIDs by content."""
    owner = owners.get(noticed.tap.uri or "")
    if known or noticed.bound or owner is None:
        return None
    return found(AlarmKind.CLONE, noticed, content=noticed.tap.uri, other=owner)


def out_of_use(noticed: Noticed, known: Known | None) -> Finding | None:
    """Return a finding where a tag is read that was given up."""
    if known and known.state in OUT_OF_USE:
        return found(AlarmKind.TURNED_UP, noticed, state=known.state)
    return None


def originality(noticed: Noticed, known: Known | None) -> Finding | None:
    """Return a finding where the maker's signature is wrong, or not the one this tag had when it was enrolled.

    All zeros are no signature: chips of other makers, which a shop may well have bought, answer so.
    """
    sent = (noticed.tap.signature or "").upper()
    if not sent:
        return None
    chip = noticed.tap.chip or (known.chip if known else "")
    enrolled = known.signature if known else None
    unsigned = not sent.strip("0")
    if (enrolled and enrolled.upper() != sent) or (not unsigned and _wrong(noticed.uid, sent, chip)):
        return found(AlarmKind.NOT_ORIGINAL, noticed, chip=chip, signature=sent)
    return None


@lru_cache(maxsize=10_000)
def _wrong(uid: str, signature: str, chip: str) -> bool:
    maker = maker_of(chip)
    return maker is not None and not is_original(bytes.fromhex(uid), bytes.fromhex(signature), maker)


def is_news(noticed: Noticed, sightings: Iterable[Sighted]) -> bool:
    """Return whether a tap says something new of where its tag is."""
    here = (other.at for other in sightings if other.kiosk_id == noticed.kiosk_id)
    return not noticed.waited and not any(abs(noticed.at - at) < NEWS for at in here)


def too_fast(noticed: Noticed, sightings: Iterable[Sighted]) -> list[Finding]:
    """Return findings, for both stores, where a tag was read at another place sooner than anybody gets there."""
    if noticed.waited:
        return []
    both: list[Finding] = []
    for other in sightings:
        gap = abs(noticed.at - other.at)
        same_store = other.store_id == noticed.store_id
        if other.kiosk_id == noticed.kiosk_id or gap >= (KIOSKS_APART if same_store else STORES_APART):
            continue
        seconds = f"{gap.total_seconds():.1f}"
        both.append(_apart(noticed, other, seconds))
        if not same_store:
            there = Sighted(noticed.kiosk_id, noticed.store_id, noticed.at)
            here = Noticed(noticed.tap, noticed.uid, other.store_id, other.kiosk_id, other.at)
            both.append(_apart(here, there, seconds))
    return both


def _apart(noticed: Noticed, other: Sighted, seconds: str) -> Finding:
    return found(AlarmKind.TWO_PLACES, noticed, store=other.store_id, kiosk=other.kiosk_id, seconds=seconds)

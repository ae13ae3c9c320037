"""A batch of taps looked at: what is known of their tags is read in bulk, what is noticed becomes alarms."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from server.catalogue.queries import product_of_gtin
from server.errors import SettingsError
from server.settings import NO_SEAL
from server.tags.alarms import rules
from server.tags.alarms.models import AlarmKind
from server.tags.alarms.queries import (
    count_up,
    known_tags,
    owners_of,
    raise_alarms,
    sightings,
)
from server.tags.alarms.rules import Counted, Finding, Known, Noticed, Sighted
from server.tags.alarms.signed import Count, Keyring, check_signing_tag, check_stranger
from server.tags.keyring.queries import all_keys, open_keys
from server.tags.rules import named_gtin
from server.tags.sun import is_signed

log = logging.getLogger("shelftalker.tags")


@dataclass(slots=True)
class Looked:
    """What came of a look: findings, and counters to hold against the highest there was."""

    findings: list[Finding] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)


def fresh_sightings(session: Session, batch: Collection[Noticed]) -> list[Noticed]:
    """Return the taps that say something new of where tags are; of chips nobody knows nothing is kept.

    They are to be committed before `look`: of two processes that see one tag in two places, one at least then sees
    both.
    """
    uids = {one.uid for one in batch}
    places, known = sightings(session, uids), known_tags(session, uids)
    return [
        one
        for one in batch
        if (one.bound or one.uid in known or one.uid in places) and rules.is_news(one, places.get(one.uid, ()))
    ]


def look(session: Session, batch: Sequence[Noticed], sealing: bytes) -> Looked:
    """Return whatever is suspect in these taps. It only reads, so that nobody waits for it."""
    known = known_tags(session, {one.uid for one in batch})
    products = product_of_gtin(session, filter(None, {named_gtin(one.tap.uri) for one in batch if one.bound}))
    strangers = {one.tap.uri for one in batch if one.tap.uri and not one.bound and one.uid not in known}
    owners = owners_of(session, strangers) if strangers else {}
    places = _places(session, batch)
    keyring = _keyring(session, batch, known, sealing=sealing)
    looked = Looked()
    for one in sorted(batch, key=lambda one: (one.uid, one.at)):
        tag = known.get(one.uid)
        plain = (
            rules.content(one, tag, products),
            rules.copied(one, tag, owners),
            rules.out_of_use(one, tag),
            rules.originality(one, tag),
        )
        looked.findings += [finding for finding in plain if finding]
        looked.findings += rules.too_fast(one, places.get(one.uid, ()))
        _prove(one, tag, keyring, looked=looked)
    return looked


def _places(session: Session, batch: Collection[Noticed]) -> dict[str, list[Sighted]]:
    """Return where tags were read, this batch's own places among them where a tag was at several in it."""
    places = sightings(session, {one.uid for one in batch})
    several = Counter(uid for uid, _ in {(one.uid, one.kiosk_id) for one in batch})
    for one in batch:
        if several[one.uid] > 1:
            places[one.uid].append(Sighted(one.kiosk_id, one.store_id, one.at))
    return places


def _prove(one: Noticed, tag: Known | None, keyring: Keyring | None, *, looked: Looked) -> None:
    if tag and tag.key_set:
        if keyring is not None:
            findings, count = check_signing_tag(one, tag, keyring)
            looked.findings += findings
            looked.counts += [count] if count else []
        return
    if keyring:
        looked.findings += check_stranger(one, keyring)
    if tag and one.tap.counter is not None:
        looked.counts.append(Count(one, one.tap.counter, AlarmKind.COUNTER_FELL, {Counted.FELL}))


def conclude(session: Session, looked: Looked) -> None:
    """Raise the counters, and an alarm for each thing found, in the caller's transaction."""
    fell = [
        rules.found(one.alarm, one.noticed, content=one.noticed.tap.uri, counter=one.counter)
        for one in looked.counts
        if count_up(session, one.noticed, one.counter) in one.suspect
    ]
    raise_alarms(session, [*looked.findings, *fell])


def _keyring(
    session: Session, batch: Collection[Noticed], known: dict[str, Known], *, sealing: bytes
) -> Keyring | None:
    """Return the keys where this batch needs them; None where they cannot be opened, which is no tag's fault."""
    needed = any(is_signed(one.tap.uri) for one in batch) or any(tag.key_set for tag in known.values())
    if not needed:
        return {}
    if not sealing:
        if all_keys(session):
            log.error("signing tags are not checked: %s", NO_SEAL)
        return None
    try:
        return open_keys(session, sealing)
    except SettingsError as error:
        log.error("signing tags are not checked: %s", error)  # noqa: TRY400 - a sentence for the operator
        return None

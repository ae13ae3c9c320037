"""A batch of taps looked at: what is known of their tags is read in bulk, what is noticed becomes alarms."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from server.catalogue.queries import product_of_gtin
from server.errors import SettingsError
from server.settings import NO_SEAL
from server.tags.alarms import rules
from server.tags.alarms.models import AlarmKind
from server.tags.alarms.queries import (
    count_up,
    known_tags,
    note_sightings,
    owners_of,
    raise_alarms,
    sightings,
)
from server.tags.alarms.rules import Counted, Finding, Known, Noticed
from server.tags.alarms.signed import Keyring, check_signing_tag, check_stranger
from server.tags.keyring.queries import all_keys, open_keys
from server.tags.rules import named_gtin
from server.tags.sun import is_signed

log = logging.getLogger("shelftalker.tags")


def sight(session: Session, batch: Collection[Noticed]) -> None:
    """Keep where tags of the chain were read; of chips nobody knows nothing is kept.

    To be committed before `judge`: of two processes that see one tag in two places, one at least then sees both.
    """
    uids = {one.uid for one in batch}
    ours = set(known_tags(session, uids)) | set(sightings(session, uids))
    note_sightings(session, [one for one in batch if (one.bound or one.uid in ours) and not one.waited])


def judge(session: Session, batch: Sequence[Noticed], sealing: bytes) -> None:
    """Raise an alarm for whatever is suspect in these taps, in the caller's transaction."""
    known = known_tags(session, {one.uid for one in batch})
    products = product_of_gtin(session, filter(None, {named_gtin(one.tap.uri) for one in batch if one.bound}))
    strangers = {one.tap.uri for one in batch if one.tap.uri and not one.bound and one.uid not in known}
    owners = owners_of(session, strangers) if strangers else {}
    places = sightings(session, {one.uid for one in batch})
    keyring = _keyring(session, batch, known, sealing=sealing)
    findings: list[Finding] = []
    for one in sorted(batch, key=lambda one: (one.uid, one.at)):
        tag = known.get(one.uid)
        plain = (
            rules.content(one, tag, products),
            rules.copied(one, tag, owners),
            rules.out_of_use(one, tag),
            rules.originality(one, tag),
        )
        findings += [finding for finding in plain if finding]
        findings += rules.too_fast(one, places.get(one.uid, ()))
        findings += _proof(session, one, tag, keyring=keyring)
    raise_alarms(session, findings)


def _proof(session: Session, one: Noticed, tag: Known | None, *, keyring: Keyring | None) -> list[Finding]:
    if tag and tag.key_set:
        return check_signing_tag(session, one, tag, keyring=keyring) if keyring is not None else []
    findings = check_stranger(one, keyring) if keyring else []
    counter = one.tap.counter
    if tag and counter is not None and count_up(session, one, counter) is Counted.FELL:
        findings.append(rules.found(AlarmKind.COUNTER_FELL, one, counter=counter))
    return findings


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

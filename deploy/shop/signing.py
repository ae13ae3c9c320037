"""The demo's tag that signs: its keys, made for this shop, in the shop's keyring and on the virtual chip."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from hardware.nfc_reader import radio_in_process
from hardware.tap import TapEngine
from hardware.virtual import Field, ntag213
from hardware.virtual.iso_dep import IsoDepTag
from hardware.virtual.ntag424 import DnaApplication
from server.tags.keyring.queries import add_keys, open_keys
from server.tags.keyring.sealing import Masters
from server.tags.models import Tag, TagState
from server.tags.sun import diversified
from shop.wallet import COPY, COPY_UID, SIGNING, wallet

SET = "demo"


def make_keys(session: Session, sealing: bytes, now: datetime) -> None:
    """Put a set of random keys into the shop's keyring, and enrol the tag as one that signs with them."""
    masters = Masters(secrets.token_bytes(16), secrets.token_bytes(16))
    add_keys(session, SET, masters, sealing=sealing, nonce=secrets.token_bytes(12), now=now)
    uid = _chip().uid.hex().upper()
    session.merge(Tag(uid=uid, store_id="MAD", state=TagState.ACTIVE, key_set=SET, enrolled_at=now))


def put_keys_on_tag(session: Session, sealing: bytes) -> None:
    """Let the virtual tag sign with the shop's keys, count on from what it last showed, and be copied once."""
    tag, masters = _chip(), open_keys(session, sealing)[SET][0]
    known = session.get(Tag, tag.uid.hex().upper())
    application = tag.application
    if not isinstance(application, DnaApplication) or application.mirror is None or known is None:
        raise TypeError(application)
    application.mirror = replace(
        application.mirror, keys=(masters.identity, diversified(masters.signing, tag.uid))
    )
    application.count = max(known.counter, application.count)
    wallet()[COPY] = replace(wallet()[COPY], tags=(ntag213(COPY_UID, _read(tag)),))


def _chip() -> IsoDepTag:
    chip = wallet()[SIGNING].tags[0]
    if not isinstance(chip, IsoDepTag):
        raise TypeError(chip)
    return chip


def _read(tag: IsoDepTag) -> str:
    field = Field()
    field.lay(tag)
    radio = radio_in_process(field)
    target = radio.sense()
    read = TapEngine(time.perf_counter).read(radio, target) if target else None
    if read is None or read.uri is None:
        raise ValueError(read)
    return read.uri

"""The commands that write tags: one, or a list of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from hardware.choose import radio_opener
from hardware.doctor.around import Around
from hardware.doctor.commands import DONE, NOT_DONE, Mistake
from hardware.radio import Feedback, Radio
from hardware.words import gettext as _
from hardware.writing import Seal, WriteOutcome, Written, read_secret, write_tag
from hardware.writing.batch import Batch, Manner, entry_begun, entry_ended
from hardware.writing.journal import Journal
from hardware.writing.keys import SigningKeys, read_signing_keys
from hardware.writing.rows import read_rows, row_of
from hardware.writing.run import POLL_SECONDS, BatchRun
from hardware.writing.signing import sign_tag
from hardware.writing.words import words_for


def write_one(chosen: argparse.Namespace, around: Around) -> int:
    """Wait for a tag, write it, and say what it is now."""
    manner, opener = _manner(chosen, around), radio_opener(chosen.reader)
    keys = _signing_keys(chosen)
    try:
        row = row_of(chosen.gtin or chosen.target, chosen.uri, chosen.link)
    except ValueError as error:
        raise Mistake(str(error)) from error
    order = manner.order(row.uri)

    def write(radio: Radio) -> Written:
        return sign_tag(radio, row.uri, keys=keys, luck=around.luck) if keys else write_tag(radio, order)

    journal = Journal(chosen.output) if chosen.output else None
    radio = opener()
    try:
        said = _("Lay a tag for %(target)s on the reader: %(uri)s")
        around.desk.tell(said % {"target": row.target, "uri": row.uri})
        written = _wait_and_write(write, radio, around)
        radio.signal(Feedback.READ if written.outcome is WriteOutcome.WRITTEN else Feedback.TROUBLE)
    finally:
        radio.close()
    if journal is not None and written.uid:
        begun = entry_begun(written.uid, row, by=manner.by, now=around.now())
        journal.append(entry_ended(begun, written))
        journal.close()
    around.desk.tell(f"{written.chip} {written.uid}  {words_for(written)}".strip())
    return DONE if written.outcome is WriteOutcome.WRITTEN else NOT_DONE


def write_list(chosen: argparse.Namespace, around: Around) -> int:
    """Write a list of tags, from where it was left."""
    manner, opener = _manner(chosen, around), radio_opener(chosen.reader)
    rows = read_rows(chosen.list, chosen.link)
    with Journal(chosen.output) as journal:
        batch = Batch(rows, journal, manner)
        around.desk.tell(_("Type u and Enter to take the last tag back, q and Enter to stop."))
        run = BatchRun(batch, opener, around.desk, clock=around.clock, now=around.now, wait=around.wait)
        return DONE if run.run() else NOT_DONE


def _manner(chosen: argparse.Namespace, around: Around) -> Manner:
    if chosen.seal is Seal.PROTECTED and chosen.secret is None:
        msg = _("--protect needs --secret: openssl rand -hex 32 > tags.secret && chmod 600 tags.secret")
        raise Mistake(msg)
    secret = read_secret(chosen.secret) if chosen.secret else None
    return Manner(
        chosen.by or around.machine.account,
        chosen.seal,
        replace=chosen.replace,
        counting=chosen.count,
        secret=secret,
    )


def _signing_keys(chosen: argparse.Namespace) -> SigningKeys | None:
    if chosen.sign is None:
        return None
    if chosen.seal is not Seal.OPEN or chosen.count or chosen.replace:
        msg = _(
            "--sign makes a tag that only its keys can change: leave out --lock, --protect, --count and --replace."
        )
        raise Mistake(msg)
    return read_signing_keys(chosen.sign)


def _wait_and_write(write: Callable[[Radio], Written], radio: Radio, around: Around) -> Written:
    while True:
        written = write(radio)
        if written.outcome is not WriteOutcome.NO_TAG:
            return written
        around.wait(POLL_SECONDS)

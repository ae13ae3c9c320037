"""What writing a tag came to, in words that say what to do."""

from __future__ import annotations

from hardware.words import gettext as _
from hardware.writing.outcome import WriteOutcome, Written
from hardware.writing.step import Content

SIGNER = "NTAG 424 DNA"


def words_for(written: Written) -> str:
    """Return one or two sentences: what happened, what the tag reads now where that is in doubt, what to do."""
    said = _said(written)
    if written.outcome is WriteOutcome.WRITTEN or written.holds == {Content.OLD}:
        return said
    return f"{said} {_holding(written.holds)}"


def _said(written: Written) -> str:
    match written.outcome:
        case WriteOutcome.WRITTEN if written.locked:
            return _("Written, read back and locked: a try to erase it was refused.")
        case WriteOutcome.WRITTEN if written.protected and written.chip == SIGNER:
            return _("It signs: a reading was verified, and a try to write without its key was refused.")
        case WriteOutcome.WRITTEN if written.protected:
            return _("Written, read back and protected: without its password a try to erase it was refused.")
        case WriteOutcome.WRITTEN:
            return _("Written and read back. Anybody can still change it.")
        case WriteOutcome.TOO_LONG:
            longest = _("The link does not fit on this %(chip)s, which holds %(room)d bytes: take a larger chip.")
            return longest % {"chip": written.chip, "room": written.room or 0}
    return _refusals()[written.outcome]


def _refusals() -> dict[WriteOutcome, str]:
    return {
        WriteOutcome.NO_TAG: _("No tag is on the reader."),
        WriteOutcome.TWO_TAGS: _("More than one tag is on the reader: lay one at a time."),
        WriteOutcome.WRONG_TAG: _("This is another tag than the one begun with: lay that one again."),
        WriteOutcome.ALREADY_USED: _("This tag was written in this batch already: take the next one."),
        WriteOutcome.NOT_BLANK: _(
            "The tag holds something already and was left as it is: --replace overwrites it."
        ),
        WriteOutcome.UNKNOWN_CHIP: _(
            "This chip cannot be written here: use a Type 4 tag, NTAG213, NTAG215 or NTAG216. "
            "Not every reader driven through PC/SC can write the last three."
        ),
        WriteOutcome.UNFORMATTED: _(
            "The tag is made for something else and cannot hold a link: take another one."
        ),
        WriteOutcome.READ_ONLY: _("The tag is locked: what it holds can never be changed. Take another one."),
        WriteOutcome.FOREIGN_PASSWORD: _(
            "The tag is guarded by a password that is not ours: take another one, or name the secret of this one."
        ),
        WriteOutcome.CANNOT_SEAL: _(
            "Type 4 tags are not locked or protected here: write it open, or take an NTAG213, 215 or 216."
        ),
        WriteOutcome.LOST: _(
            "The tag was gone before it was done: lay it down again and leave it until it is done."
        ),
        WriteOutcome.REFUSED: _("The tag refuses to be written: lay it down again, or take another one."),
        WriteOutcome.NOT_VERIFIED: _("The tag did not keep what was written: throw it away."),
        WriteOutcome.SEAL_FAILED: _("The tag could still be changed after it was sealed: throw it away."),
        WriteOutcome.CANNOT_COUNT: _(
            "The tag does not count its reads, and was not sealed: write it without --count."
        ),
        WriteOutcome.CANNOT_SIGN: _("This chip cannot sign: take an NTAG 424 DNA."),
        WriteOutcome.FOREIGN_KEYS: _(
            "The tag has keys that are not ours, or signs for another link already: take another one."
        ),
        WriteOutcome.HALF_SIGNED: _(
            "The tag does not sign yet: lay it down again with the same keys and the same link, and it goes on "
            "from where it stopped."
        ),
        WriteOutcome.READER_BROKEN: _("The reader stopped: plug it in again and lay the tag down once more."),
    }


def _holding(holds: frozenset[Content]) -> str:
    if holds == {Content.NEW}:
        return _("It holds the new link.")
    if holds == {Content.EMPTY}:
        return _("It is empty now.")
    if not holds:
        return _("What it holds makes no sense.")
    if Content.OLD not in holds:
        return _("It holds the new link, or nothing.")
    return _("It holds what it held, or nothing.")

"""What can be wrong with a reader: a closed list of codes, and the sentence for each where it is spoken."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from hardware.words import translator


class ReaderFault(StrEnum):
    """Why a reader does not work. The values travel to the server, which has sentences of its own for them."""

    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    IN_USE = "in_use"
    STOPPED = "stopped"
    PORT_EMPTY = "port_empty"
    NO_PCSC_READER = "no_pcsc_reader"
    NO_PYSCARD = "no_pyscard"
    NO_PCSC_SERVICE = "no_pcsc_service"
    INPUT_ENDED = "input_ended"
    HANGS = "hangs"
    PROGRAM_STOPPED = "program_stopped"


def in_words(fault: ReaderFault, where: str = "", *, language: str = "") -> str:
    """Return what is wrong and what to do; `where` is a path, a port or a name.

    In `language`, or the one the program speaks.
    """
    return _sentences(translator(language))[fault] % {"where": where}


def _sentences(_: Callable[[str], str]) -> dict[ReaderFault, str]:
    return {
        ReaderFault.NOT_FOUND: _(
            "No reader answers at %(where)s. Is it plugged in? `shelftalker-reader list` shows what is found."
        ),
        ReaderFault.NOT_ALLOWED: _(
            "The reader at %(where)s may not be used by this account: add it to the groups plugdev and dialout."
        ),
        ReaderFault.IN_USE: _(
            "Another program uses the reader at %(where)s: stop it, or blacklist the kernel module pn533_usb."
        ),
        ReaderFault.STOPPED: _("The reader stopped answering; it is being opened anew."),
        ReaderFault.PORT_EMPTY: _(
            "Nothing is plugged into the USB port %(where)s. `shelftalker-reader list` shows what is found where."
        ),
        ReaderFault.NO_PCSC_READER: _(
            "PC/SC knows no reader %(where)s: is it plugged in? `shelftalker-reader list` shows their names."
        ),
        ReaderFault.NO_PYSCARD: _(
            "PC/SC readers need pyscard: install the extra (shelftalker[pcsc]) and the Debian package pcscd."
        ),
        ReaderFault.NO_PCSC_SERVICE: _(
            "The PC/SC service does not answer: install the Debian package pcscd, or start it."
        ),
        ReaderFault.INPUT_ENDED: _("The keyboard reader's input ended: plug it in again and restart the kiosk."),
        ReaderFault.HANGS: _(
            "The reader hangs: unplug it and plug it in again. It is being opened anew meanwhile."
        ),
        ReaderFault.PROGRAM_STOPPED: _("The reader's program stopped; it is being started anew."),
    }

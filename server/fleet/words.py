"""What a manager reads of a reader that does not work, by the code its kiosk sends."""

from __future__ import annotations

from server.texts import in_one_language, mark
from server.wire import ReaderRecord

FAULTS = {
    "not_found": mark("No reader answers at {where}. Is it plugged in?"),
    "not_allowed": mark(
        "The reader at {where} may not be used by the kiosk's account: the operator adds it to the groups plugdev "
        "and dialout."
    ),
    "in_use": mark("Another program on the kiosk uses the reader at {where}. The operator stops it."),
    "stopped": mark("It stopped answering and is being opened anew. If that does not help, plug it in again."),
    "port_empty": mark("Nothing is plugged into the USB port {where}. Plug the reader in there."),
    "no_pcsc_reader": mark("The kiosk finds no PC/SC reader {where}. Is it plugged in?"),
    "no_pyscard": mark(
        "The kiosk lacks what PC/SC readers need. The operator installs shelftalker[pcsc] and pcscd."
    ),
    "no_pcsc_service": mark("The kiosk's PC/SC service does not answer. The operator starts pcscd."),
    "input_ended": mark("The keyboard reader's input ended. Plug it in again and restart the kiosk."),
    "hangs": mark("It hangs. Unplug it and plug it in again; it is being opened anew meanwhile."),
    "program_stopped": mark("Its program stopped and is being started anew."),
}
"""A code that is missing here is a newer kiosk's, which sends an English sentence with it."""


def reader_fault(record: ReaderRecord, language: str) -> str:
    """Return what is wrong with a reader and what to do; '' where only the kiosk's own sentence can say."""
    known = FAULTS.get(record.fault)
    return in_one_language(known, language, where=record.where) if known else ""

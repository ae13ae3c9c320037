"""What each command of the doctor does; each returns the program's exit code."""

from __future__ import annotations

import argparse
from random import Random

from hardware.choose import open_reader, radio_opener
from hardware.doctor.arguments import UID, URI
from hardware.doctor.around import Around
from hardware.doctor.examine import examine
from hardware.doctor.measure import in_words, measure
from hardware.doctor.tags import tags
from hardware.doctor.words import report, told
from hardware.nfc_reader import radio_in_process
from hardware.reader import Arrived
from hardware.virtual import Faults, Field, VirtualField, fault_script
from hardware.words import gettext as _

DONE, NOT_DONE = 0, 1


class Mistake(ValueError):
    """Raised for a mistake of who types; the message says what to type instead."""


def list_readers(_chosen: argparse.Namespace, around: Around) -> int:
    """Show all readers and what to do about each."""
    findings = examine(around.machine, around.pcsc_readers)
    for line in report(findings, around.machine.account):
        around.desk.tell(line)
    return DONE if any(not finding.troubles for finding in findings) else NOT_DONE


def read_tags(chosen: argparse.Namespace, around: Around) -> int:
    """Show what is tapped, until enough was."""
    shown = 0
    with open_reader(chosen.reader, clock=around.clock, wait=around.wait) as reader:
        for event in reader:
            around.desk.tell(told(event))
            shown += isinstance(event, Arrived)
            if 0 < chosen.count <= shown:
                break
    return DONE


def play(chosen: argparse.Namespace, around: Around) -> int:
    """Let virtual tags come and go."""
    kinds = tags(chosen.uid, chosen.uri, around.luck)
    if chosen.kinds == ["list"]:
        for name in kinds:
            around.desk.tell(name)
        return DONE
    makers = [kinds[_known(name, kinds)] for name in chosen.kinds]
    faults = _faults(chosen.faults, around)
    with VirtualField(port=chosen.port) as field:
        said = _("Virtual tags come and go for --reader %(reader)s; stop with Ctrl-C.")
        around.desk.tell(said % {"reader": field.reader})
        left = chosen.rounds
        while left or not chosen.rounds:
            left -= 1
            for make in makers:
                field.lay(make(), faults=faults)
                around.wait(chosen.seconds)
                field.take()
                around.wait(chosen.seconds)
    return DONE


def measure_reader(chosen: argparse.Namespace, around: Around) -> int:
    """Measure a reader with the tag that lies on it, or a virtual tag."""
    if chosen.looks < 1:
        msg = _("--looks needs a number from 1 on.")
        raise Mistake(msg)
    if chosen.virtual is None:
        radio = radio_opener(chosen.reader)()
    else:
        kinds, field = tags(UID, URI, around.luck), Field(around.wait)
        field.lay(kinds[_known(chosen.virtual, kinds)](), faults=_faults(chosen.faults, around))
        radio = radio_in_process(field)
    try:
        measured = measure(radio, chosen.looks, around.clock)
    finally:
        radio.close()
    for line in in_words(measured):
        around.desk.tell(line)
    return DONE if measured.milliseconds else NOT_DONE


def _known(name: str, kinds: object) -> str:
    if isinstance(kinds, dict) and name in kinds:
        return name
    msg = _("%(name)r is no virtual tag: `shelftalker-reader play list` shows all.") % {"name": name}
    raise Mistake(msg)


def _faults(script: str, around: Around) -> Faults:
    return fault_script(script, Random(around.luck(8)))  # noqa: S311 - luck for a fault script, no secret

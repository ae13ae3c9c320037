"""`shelftalker-reader`: the doctor. Finds readers, reads and writes tags, plays virtual tags, measures."""

from __future__ import annotations

import os
import pwd
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from hardware.doctor.arguments import parser
from hardware.doctor.around import Around
from hardware.doctor.commands import list_readers, measure_reader, play, read_tags
from hardware.doctor.console import Console
from hardware.doctor.machine import Machine
from hardware.doctor.write_commands import write_list, write_one
from hardware.pcsc_reader import reader_names
from hardware.radio import ReaderBroken
from hardware.words import speak

COMMANDS = {
    "list": list_readers,
    "read": read_tags,
    "write": write_one,
    "batch": write_list,
    "play": play,
    "measure": measure_reader,
}


def main() -> None:
    """Run a command; exit code 0 done, 1 not done or nothing found, 2 a mistake of who types."""
    speak()
    sys.exit(run(sys.argv[1:], surroundings()))


def run(arguments: Sequence[str], around: Around) -> int:
    """Return the exit code of a command; what goes wrong is told in words."""
    chosen = parser().parse_args(arguments)
    try:
        return COMMANDS[chosen.command](chosen, around)
    except KeyboardInterrupt:
        return 1
    except ReaderBroken as error:
        around.desk.tell(str(error))
        return 1
    except (ValueError, OSError) as error:  # all errors of ours that a person can cause are ValueErrors
        around.desk.tell(str(error))
        return 2


def surroundings() -> Around:
    """Return this machine, this terminal, and its clocks."""
    account = pwd.getpwuid(os.getuid()).pw_name
    return Around(
        machine=Machine(account, os.getuid(), frozenset({os.getgid(), *os.getgroups()})),
        desk=Console(),
        clock=time.perf_counter,
        now=lambda: datetime.now(UTC),
        wait=time.sleep,
        luck=os.urandom,
        pcsc_readers=_pcsc_readers,
    )


def _pcsc_readers() -> Sequence[str]:
    try:
        return reader_names()
    except ReaderBroken as error:
        raise LookupError(str(error)) from error


if __name__ == "__main__":
    main()

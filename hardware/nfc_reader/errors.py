"""What nfcpy, its drivers and the system raise, as the errors of a radio."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import nfc.clf
import nfc.clf.pn53x

from hardware.fault import ReaderFault
from hardware.radio import RadioError, ReaderBroken, TagGarbled, TagSilent

CHIP_SILENT = 0x01
CHIP_GARBLED = {0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x09, 0x0B, 0x13, 0x14, 0x23}
"""Errors of a PN53x that are the tag's doing: CRC, parity, framing, collision (NXP UM0701-02, table 15)."""

FAULTS = {
    errno.ENODEV: ReaderFault.NOT_FOUND,
    errno.ENOENT: ReaderFault.NOT_FOUND,
    errno.EACCES: ReaderFault.NOT_ALLOWED,
    errno.EBUSY: ReaderFault.IN_USE,
}


@contextmanager
def plain_errors(path: str) -> Iterator[None]:
    """Turn whatever is raised inside into a `RadioError`."""
    try:
        yield
    except RadioError:
        raise
    except nfc.clf.TimeoutError as error:
        raise TagSilent(str(error)) from error
    except nfc.clf.CommunicationError as error:
        raise TagGarbled(str(error)) from error
    except nfc.clf.pn53x.Chipset.Error as error:
        raise _of_chip(error, path) from error
    except Exception as error:
        raise ReaderBroken(fault_of(error), path) from error


def _of_chip(error: nfc.clf.pn53x.Chipset.Error, path: str) -> RadioError:
    if error.errno == CHIP_SILENT:
        return TagSilent(str(error))
    return TagGarbled(str(error)) if error.errno in CHIP_GARBLED else ReaderBroken(fault_of(error), path)


def fault_of(error: Exception) -> ReaderFault:
    """Return what is wrong with a reader."""
    return FAULTS.get(getattr(error, "errno", None) or 0, ReaderFault.STOPPED)

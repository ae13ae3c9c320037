"""Fuzz whole taps through nfcpy in this process: memory, container, ATS, noise, and tags pulled at any frame."""

from __future__ import annotations

import faulthandler
import time
from collections import Counter
from collections.abc import Callable
from random import Random

from hardware import ndef
from hardware.nfc_reader import radio_in_process
from hardware.radio import RadioError, ReaderBroken
from hardware.tag import Outcome
from hardware.tap import TapEngine
from hardware.virtual import HOSTILE, Faults, Field, Ntag21x, VirtualTag, fault_script, felica, ntag213, ntag424
from hardware.virtual.foreign import NothingToFind
from hardware.virtual.iso_dep import IsoDepTag
from hardware.virtual.type4 import CONTAINER, NDEF_FILE, File, NdefApplication, container, on_card, type4

UID = "04A1B2C3D4E580"
LINK = "https://id.example/01/09506000134352?17=261231&a=b%2Fc"
AREA = b"\x03" + bytes([len(ndef.encode_uri(LINK))]) + ndef.encode_uri(LINK) + b"\xfe"
HANG_SECONDS = 30
HEALTHY = (
    lambda: ntag213(UID, LINK),
    lambda: type4(UID, LINK),
    lambda: type4(UID, LINK, largest_frame=16),
    lambda: ntag424(UID, LINK),
    lambda: felica("012E5A5B5C5D5E5F", LINK),
)


class Babbler:
    """A tag that is selected like any other and then answers whatever comes to it."""

    technology = "106A"

    def __init__(self, luck: Random) -> None:
        self._tag, self._luck = ntag213(UID, LINK), luck
        self._tag.selection.sak = luck.choice((0x00, 0x20, 0x60, 0x08, luck.randrange(256)))

    @property
    def uid(self) -> bytes:
        """Return its UID."""
        return self._tag.uid

    def power_up(self) -> None:
        """Begin idle."""
        self._tag.power_up()

    def answer(self, frame: bytes) -> bytes | None:
        """Answer the selection, then nonsense."""
        if not self._tag.selection.active:
            return self._tag.answer(frame)
        return self._luck.choice((None, b"", b"\x0a", self._luck.randbytes(self._luck.randrange(1, 40))))

    def refuse(self) -> None:
        """Keep no state to fall out of."""

    def tear(self, frame: bytes) -> None:
        """Do nothing."""


def sweep(taps: int, seed: int = 1) -> dict[str, float]:
    """Tap so often; return escapes, content that was never written, slow taps, and what the taps came to."""
    luck, field, engine = Random(seed), Field(), TapEngine(time.perf_counter)
    found: Counter[str] = Counter()
    slowest = 0.0
    for _ in range(taps):
        faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
        healthy = luck.random() < 0.4
        tag = luck.choice(HEALTHY)() if healthy else _broken(luck)
        field.lay(tag, faults=_faults(luck, flips=not healthy))
        started = time.perf_counter()
        what = _tap(field, engine, healthy=healthy, felica=luck.random() < 0.3)
        slowest = max(slowest, (time.perf_counter() - started) * 1000)
        found[what] += 1
    faulthandler.cancel_dump_traceback_later()
    counted = {name: found.pop(name, 0) for name in ("escaped", "wrong")}
    return {"taps": taps, **counted, "slowest ms": slowest, **dict(sorted(found.items()))}


def _tap(field: Field, engine: TapEngine, *, healthy: bool, felica: bool) -> str:
    radio = radio_in_process(field, felica=felica)
    try:
        target = radio.sense()
        read = engine.read(radio, target) if target else None
    except ReaderBroken:
        return "escaped"
    except RadioError as error:
        return type(error).__name__
    except Exception:  # exactly what must not happen is counted
        return "escaped"
    if read is None:
        return "nothing seen"
    if healthy and read.uri != (LINK if read.outcome is Outcome.OK else None):
        return "wrong"
    return str(read.outcome)


def _faults(luck: Random, *, flips: bool) -> Faults:
    frame = luck.randrange(1, 30)
    scripts = [
        "",
        f"cut {frame}",
        f"tear {frame}",
        f"garble {frame}-{frame + luck.randrange(4)}",
        f"silence {frame}-{frame + luck.randrange(4)}",
        f"nak {frame}",
        f"deaf {frame}-",
        f"noise {luck.random() / 3:.3f}",
    ]
    if flips:
        scripts.append(f"flip {luck.random() / 50:.4f}")
    return fault_script(luck.choice(scripts), luck)


def _broken(luck: Random) -> VirtualTag:
    kinds: tuple[Callable[[Random], VirtualTag], ...] = (
        _memory,
        _container2,
        _file,
        _container4,
        _ats,
        Babbler,
        lambda luck: HOSTILE[luck.choice(list(HOSTILE))](UID),
    )
    return luck.choice(kinds)(luck)


def _memory(luck: Random) -> VirtualTag:
    area = bytearray(luck.choice((luck.randbytes(luck.randrange(1, 144)), AREA)))
    for _ in range(luck.randrange(6)):
        area[luck.randrange(len(area))] = luck.randrange(256)
    return Ntag21x(bytes.fromhex(UID), "NTAG213", bytes(area))


def _container2(luck: Random) -> VirtualTag:
    chip = luck.choice(("NTAG213", "NTAG215", "NTAG216"))
    capability = luck.choice((luck.randbytes(4), b"\xe1\x10" + luck.randbytes(2)))
    return Ntag21x(bytes.fromhex(UID), chip, luck.randbytes(100), capability=capability)


def _file(luck: Random) -> VirtualTag:
    length = luck.choice((luck.randrange(200), luck.randrange(65536))).to_bytes(2, "big")
    return on_card(UID, File(bytearray(length + luck.randbytes(200))), largest_frame=luck.choice((16, 64, 256)))


def _container4(luck: Random) -> VirtualTag:
    head = luck.choice((luck.randbytes(luck.randrange(20)), bytes(container(200, writable=False).content)))
    files = {
        CONTAINER: File(bytearray(head)),
        luck.choice((NDEF_FILE, 0xE105)): File(bytearray(luck.randbytes(60))),
    }
    return IsoDepTag(bytes.fromhex(UID), NdefApplication(files), ats=b"\x06\x77\x77\x81\x02\x80")


def _ats(luck: Random) -> VirtualTag:
    ats = luck.randbytes(luck.randrange(1, 24))
    waits = luck.choice((0, 1, 3, 9))
    whole = bytes([len(ats) + 1]) + ats if luck.random() < 0.7 else ats
    return IsoDepTag(bytes.fromhex(UID), NothingToFind(), ats=whole, waits=waits)

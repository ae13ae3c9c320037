"""A real pcscd with a virtual reader, in a mount namespace of its own, so that no other is touched."""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from hardware.activation import WAKE, activate
from hardware.type4 import IsoDep
from hardware.virtual import Field, VirtualTag
from tests.ports import free_port

DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
STORAGE_ATR = bytes.fromhex("3b8f8001804f0ca0000003060300030000000068")
PROCESSOR_ATR = bytes.fromhex("3b80800101")
REFUSED, OK = b"\x63\x00", b"\x90\x00"


def why_not() -> str:
    """Return what is missing to run PC/SC here; '' where nothing is."""
    if importlib.util.find_spec("smartcard") is None:
        return "pyscard is not installed: deploy/prepare tests builds it where it can"
    if not Path("/usr/sbin/pcscd").exists() or not list(
        Path("/usr/lib/pcsc/drivers/serial").glob("libifdvpcd.so*")
    ):
        return "the Debian packages pcscd and vsmartcard-vpcd are not installed"
    if os.geteuid() != 0:
        return "a private mount namespace for pcscd needs root"
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        return "this machine gives no private mount namespace"
    return "" if shutil.which("unshare") else "unshare is not installed"


@contextlib.contextmanager
def pcscd(folder: Path, name: str = "Virtual PCD") -> Iterator[tuple[int, Callable[[], None], Callable[[], None]]]:
    """Run pcscd; give the port of its virtual reader, and what stops and starts the service."""
    port, run, conf = free_port(), _run_folder(), folder / "reader.conf.d"
    conf.mkdir()
    driver = next(Path("/usr/lib/pcsc/drivers/serial").glob("libifdvpcd.so*"))
    (conf / "virtual").write_text(
        f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:0x{port:X}\nLIBPATH {driver}\nCHANNELID 0x{port:X}\n'
    )
    os.environ["PCSCLITE_CSOCK_NAME"] = str(run / "pcscd.comm")
    daemons: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        mount = f"mkdir -p /run/pcscd && mount --bind {run} /run/pcscd && exec /usr/sbin/pcscd -f -c {conf}"
        daemons.append(subprocess.Popen(["unshare", "-m", "sh", "-c", mount], stdout=subprocess.DEVNULL))
        while not _listens(run / "pcscd.comm"):
            time.sleep(0.02)

    def stop() -> None:
        daemons[-1].terminate()
        daemons[-1].wait(10)
        for left in run.iterdir():
            left.unlink()

    start()
    try:
        yield port, stop, start
    finally:
        if daemons[-1].poll() is None:
            stop()


@functools.cache
def _run_folder() -> Path:
    """Return where the service's socket lies: one place for all tests, for the client remembers it for good."""
    folder = Path(tempfile.mkdtemp(prefix="pcscd-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


class VirtualCard:
    """What lies on the virtual reader: does what a PC/SC reader's firmware does with a tag of ours.

    `carries` is how it carries frames as they are: transparent, direct as an ACR122U does, or no frames.
    """

    def __init__(self, port: int, tag: VirtualTag, carries: str = "no frames") -> None:
        self._field, self._tag, self._carries, self._begun = Field(), tag, carries, False
        self._field.lay(tag)
        self._line = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._card = IsoDep(self._carry)
        threading.Thread(target=self._serve, name="virtual-card", daemon=True).start()

    def pull(self) -> None:
        """Take the card away."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()

    @property
    def _isodep(self) -> bool:
        return bool(getattr(self._tag.selection, "sak", 0) & 0x20)  # type: ignore[attr-defined]

    def _carry(self, frame: bytes) -> bytes:
        return self._field.answer("106A", frame) or b""

    def _serve(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while True:
                length = int.from_bytes(self._exactly(2), "big")
                message = self._exactly(length)
                reply = self._control(message[0]) if length == 1 else self._apdu(message)
                if reply is not None:
                    self._line.sendall(len(reply).to_bytes(2, "big") + reply)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._line.recv(count - len(data))
            if not part:
                raise OSError
            data += part
        return data

    def _control(self, code: int) -> bytes | None:
        if code == 4:
            return PROCESSOR_ATR if self._isodep else STORAGE_ATR
        if code in {1, 2}:
            self._select()
        return None

    def _select(self) -> None:
        self._field.off()
        activate(self._carry, self._carry(WAKE))
        if self._isodep:
            self._card = IsoDep(self._carry)
            self._card.activate()

    def _apdu(self, apdu: bytes) -> bytes:
        if apdu[:2] == b"\xff\xca":
            return self._tag.uid + OK
        if apdu[:2] == b"\xff\xb0":
            data = self._carry(bytes([0x30, apdu[3]]))
            return data + OK if len(data) == 16 else REFUSED
        if apdu[:2] == b"\xff\xd6":
            return OK if self._carry(bytes([0xA2, apdu[3]]) + apdu[5:]) == b"\x0a" else REFUSED
        if apdu[:2] == b"\xff\xc2" and self._carries == "transparent":
            return self._transparent(apdu)
        if apdu[:4] == b"\xff\x00\x00\x00" and self._carries == "direct":
            heard = self._carry(apdu[7:])
            return b"\xd5\x43" + (b"\x02" if len(heard) < 2 else b"\x00" + heard) + OK
        return self._card.transmit(apdu) if self._isodep else b"\x6e\x00"

    def _transparent(self, apdu: bytes) -> bytes:
        if apdu[3] == 0x00:
            self._begun = apdu[5] == 0x81
            return b"\xc0\x03\x00\x90\x00" + OK
        if not self._begun or apdu[5] != 0x95 or apdu[6] != len(apdu) - 8:
            return REFUSED
        heard = self._carry(apdu[7:-1])
        if len(heard) < 2:  # a NAK fails the check of its CRC
            return b"\xc0\x03\x01\x64\x01" + OK
        return b"\xc0\x03\x00\x90\x00\x92\x01\x00" + bytes([0x97, len(heard)]) + heard + OK

"""NTAG213, NTAG215 and NTAG216, command by command (NXP data sheet NTAG213/215/216, rev. 3.2)."""

from __future__ import annotations

from collections.abc import Callable

from hardware.virtual.ntag21x_memory import CHIPS, FIRST_DATA_PAGE, Memory
from hardware.virtual.ntag21x_settings import Settings, mirrored
from hardware.virtual.selection import HALT
from hardware.virtual.tag import TypeATag

ACK, NAK, NAK_TOO_MANY_TRIES = b"\x0a", b"\x00", b"\x04"
HIGHEST_COUNT = 0xFFFFFF


class Ntag21x(TypeATag):
    """An NTAG21x: memory with locks, password, read counter, signature, ASCII mirror.

    `area` is what stands from page 4 on; `capability` the four bytes of the capability container, NXP's
    own where it is None; `signature` 32 bytes. Settings act from the next power-up on, as in the chip.
    A refused command is answered with a NAK, and the tag must be selected again.
    """

    def __init__(
        self,
        uid: bytes,
        chip: str,
        area: bytes = b"",
        *,
        capability: bytes | None = None,
        signature: bytes = bytes(32),
    ) -> None:
        layout = CHIPS[chip]
        room = (layout.lock_page - FIRST_DATA_PAGE) * 4
        if len(uid) != 7 or len(area) > room:
            msg = f"{chip} takes a UID of 7 bytes and at most {room} bytes of data"
            raise ValueError(msg)
        super().__init__(uid, b"\x44\x00", 0x00)
        container = bytes([0xE1, 0x10, layout.capacity, 0]) if capability is None else capability
        self.memory = Memory(uid, layout, area, container)
        self.signature, self.count, self.failures = signature, 0, 0
        self.power_up()

    def power_up(self) -> None:
        """Begin idle, with the settings as they are in memory now."""
        super().power_up()
        self._settings = Settings.of(self.memory)
        self._counted = False

    def fall_out(self) -> None:
        """Forget the password given and a write half announced."""
        self._authenticated, self._announced = False, b""

    def command(self, frame: bytes) -> bytes | None:
        """Answer one command; a NAK ends the selection."""
        if frame == HALT:
            self.halt()
            return None
        reply = self._compatible(frame) if self._announced else self._reply(frame)
        if len(reply) == 1 and reply != ACK:
            self.refuse()
        return reply

    def _reply(self, frame: bytes) -> bytes:
        known: dict[tuple[int, int], Callable[[bytes], bytes]] = {
            (0x60, 1): self._version,
            (0x30, 2): self._read,
            (0x3A, 3): self._fast_read,
            (0xA2, 6): self._write,
            (0xA0, 2): self._announce,
            (0x1B, 5): self._authenticate,
            (0x39, 2): self._read_count,
            (0x3C, 2): self._read_signature,
        }
        answer = known.get((frame[0], len(frame)))
        return answer(frame[1:]) if answer else NAK

    def _version(self, _: bytes) -> bytes:
        return bytes([0x00, 0x04, 0x04, 0x02, 0x01, 0x00, self.memory.layout.storage, 0x03])

    def _read(self, page: bytes) -> bytes:
        end = self._readable()
        if page[0] >= end:
            return NAK
        self._count_once()
        seen = self._seen()
        return b"".join(seen[at * 4 : at * 4 + 4] for at in ((page[0] + step) % end for step in range(4)))

    def _fast_read(self, pages: bytes) -> bytes:
        first, last = pages
        if not first <= last < self._readable():
            return NAK
        self._count_once()
        return self._seen()[first * 4 : last * 4 + 4]

    def _read_count(self, which: bytes) -> bytes:
        return self.count.to_bytes(3, "little") if which == b"\x02" and self._may_count() else NAK

    def _read_signature(self, which: bytes) -> bytes:
        return self.signature if which == b"\x00" else NAK

    def _write(self, asked: bytes) -> bytes:
        page, four = asked[0], asked[1:]
        if page >= self._settings.guarded_from and not self._authenticated:
            return NAK
        return ACK if self.memory.write(page, four, settings_locked=self._settings.locked) else NAK

    def _announce(self, page: bytes) -> bytes:
        if page[0] >= self.memory.layout.pages:
            return NAK
        self._announced = page
        return ACK

    def _compatible(self, frame: bytes) -> bytes:
        page, self._announced = self._announced, b""
        return self._write(page + frame[:4]) if len(frame) == 16 else NAK

    def _authenticate(self, password: bytes) -> bytes:
        limit = self._settings.most_failures
        if limit and self.failures >= limit:
            return NAK_TOO_MANY_TRIES
        last = self.memory.layout.pages
        if password == self.memory.page(last - 2):
            self.failures, self._authenticated = 0, True
            return self.memory.page(last - 1)[:2]
        self.failures += 1 if limit else 0
        return NAK

    def _readable(self) -> int:
        """Return the page before which all may be read now; READ rolls over there."""
        hidden = self._settings.guards_reading and not self._authenticated
        return min(self.memory.layout.pages, self._settings.guarded_from if hidden else 256)

    def _seen(self) -> bytes:
        """Return memory as it reads: the mirror laid over it, password and acknowledgement as zeros."""
        count = self.count if self._may_count() else None
        return mirrored(self.memory, self._settings, self.uid, count=count)[:-8] + bytes(8)

    def _may_count(self) -> bool:
        return self._settings.counts and (self._authenticated or not self._settings.guards_count)

    def _count_once(self) -> None:
        if self._settings.counts and not self._counted:
            self.count = min(self.count + 1, HIGHEST_COUNT)
        self._counted = True

    def tear(self, frame: bytes) -> None:
        """Leave a page half written: the first two bytes new. Lock bytes and the container are safe from this."""
        data = range(FIRST_DATA_PAGE, self.memory.layout.lock_page)
        if self.selection.active and frame[:1] == b"\xa2" and len(frame) == 6 and frame[1] in data:
            self._write(frame[1:4] + self.memory.page(frame[1])[2:])

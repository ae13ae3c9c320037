"""The PN532's firmware: what it answers to each host command (NXP UM0701-02, chapter 7)."""

from __future__ import annotations

from collections.abc import Callable

from hardware.virtual.field import GARBLED, Field
from hardware.virtual.pn532.air import Air, crc_a, is_nibble
from hardware.virtual.pn532.commands import AS_A_CARD, Command
from hardware.virtual.pn532.listing import Listed, Unselectable, find_type_a, put_to_sleep
from hardware.virtual.pn532.registers import FIELD_ON, TX_CONTROL, Registers
from hardware.virtual.selection import REQUEST, WAKE_UP, cascaded
from hardware.virtual.tag import TYPE_A

FIRMWARE = bytes.fromhex("32010607")
"""IC PN532, version 1.6, all of Type A, Type B and ISO 18092."""
RATES = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1288000)
DONE, NOBODY = b"", b"\x00"
FINE, TIMED_OUT, CRC_WRONG, OUT_OF_CONTEXT = b"\x00", b"\x01", b"\x02", b"\x27"
PINS = bytes.fromhex("3f0600")
SENT_WITH_A_WRONG_CRC = bytes(4)
FOR_EVER = 0xFF
FIELD, TIMINGS, RETRIES = 0x01, 0x02, 0x05


class SyntaxWrong(Exception):
    """Raised where the chip answers with its error frame: a command it does not know, or that lacks parameters."""


class Chip:
    """A chip as it is after power-up. ISO-DEP is left to the host: no automatic RATS, whatever SetParameters says.

    `rate` is what its serial line runs at; `next_rate` what it will run at once the host has acknowledged.
    """

    def __init__(self, field: Field) -> None:
        self.air, self.registers = Air(field), Registers()
        self.rate, self.next_rate = 115200, 0
        self.asleep = True
        self._retries, self._patience = FOR_EVER, 0.0512
        self._listed: list[Listed] = []
        self._commands: dict[int, Callable[[bytes], bytes | None]] = {
            Command.DIAGNOSE: self._diagnose,
            Command.GET_FIRMWARE_VERSION: lambda _: FIRMWARE,
            Command.GET_GENERAL_STATUS: self._status,
            Command.READ_REGISTER: self._read_registers,
            Command.WRITE_REGISTER: self._write_registers,
            Command.READ_GPIO: lambda _: PINS,
            Command.WRITE_GPIO: lambda _: DONE,
            Command.SET_SERIAL_BAUD_RATE: self._set_rate,
            Command.SET_PARAMETERS: lambda _: DONE,
            Command.SAM_CONFIGURATION: lambda _: DONE,
            Command.POWER_DOWN: self._power_down,
            Command.RF_CONFIGURATION: self._configure,
            Command.RF_REGULATION_TEST: lambda _: None,
            Command.IN_DATA_EXCHANGE: self._exchange,
            Command.IN_COMMUNICATE_THRU: self._carry_through,
            Command.IN_DESELECT: lambda _: FINE,
            Command.IN_LIST_PASSIVE_TARGET: self._list,
            Command.IN_RELEASE: self._release,
            Command.IN_SELECT: self._choose,
            Command.IN_AUTO_POLL: lambda _: NOBODY,
            Command.IN_PSL: lambda _: OUT_OF_CONTEXT,
            **dict.fromkeys(
                (Command.IN_ATR, Command.IN_JUMP_FOR_DEP, Command.IN_JUMP_FOR_PSL), lambda _: TIMED_OUT
            ),
            **dict.fromkeys(AS_A_CARD, lambda _: OUT_OF_CONTEXT),
        }

    def execute(self, command: bytes) -> bytes | None:
        """Return the answer to a command, code first; None while there is nothing to say yet.

        Raises `SyntaxWrong`.
        """
        self.asleep = False
        known = self._commands.get(command[0])
        if known is None:
            raise SyntaxWrong
        try:
            answer = known(command[1:])
        except (IndexError, ValueError) as error:
            raise SyntaxWrong from error
        return None if answer is None else bytes([command[0] + 1]) + answer

    def _diagnose(self, test: bytes) -> bytes:
        if test[0] == 0x00:
            return test
        if test[0] == 0x06:
            return FINE if self._listed else TIMED_OUT
        return FINE

    def _status(self, _: bytes) -> bytes:
        targets = b"".join(bytes([number, 0, 0, 0x10]) for number, _ in enumerate(self._listed, start=1))
        return bytes([0, self.air.on, len(self._listed)]) + targets + b"\x80"

    def _read_registers(self, addresses: bytes) -> bytes:
        pairs = zip(addresses[::2], addresses[1::2], strict=True)
        return bytes(self.registers.read(high << 8 | low) for high, low in pairs)

    def _write_registers(self, triples: bytes) -> bytes:
        for high, low, value in zip(triples[::3], triples[1::3], triples[2::3], strict=True):
            self.registers.write(high << 8 | low, value)
        return DONE

    def _set_rate(self, code: bytes) -> bytes:
        self.next_rate = RATES[code[0]]
        return DONE

    def _power_down(self, _: bytes) -> bytes:
        self._field(on=False)
        self.asleep = True
        return FINE

    def _configure(self, setting: bytes) -> bytes:
        value = setting[1:]
        if setting[0] == FIELD:
            self._field(on=bool(value[0] & 1))
        elif setting[0] == TIMINGS:
            self._patience = 100e-6 * 2 ** (value[2] - 1) if value[2] else 1.0
        elif setting[0] == RETRIES:
            self._retries = value[2]
        return DONE

    def _field(self, *, on: bool) -> None:
        self.air.switch(on)
        self.registers.write(TX_CONTROL, 0x80 | (FIELD_ON if on else 0))
        self._listed = [] if not on else self._listed

    def _list(self, asked: bytes) -> bytes | None:
        most, kind, wanted = asked[0], asked[1], asked[2:]
        self._field(on=True)
        if kind == 0x00:
            found = self._list_type_a(most, wanted)
        elif kind in {0x01, 0x02}:
            found = self._list_type_f(("212F", "424F")[kind - 1], wanted)
        else:
            found = []
        return None if not found and self._retries == FOR_EVER else bytes([len(found)]) + b"".join(found)

    def _list_type_a(self, most: int, wanted: bytes) -> list[bytes]:
        self.registers.tune(TYPE_A)
        self.registers.fifo[:] = REQUEST  # what nfcpy takes for: nothing answered
        self._listed = []
        while len(self._listed) < min(most, 2):
            if self._listed:
                put_to_sleep(self._send)
            tag = self._try_to_find(wanted)
            if tag is None:
                break
            self._listed.append(tag)
        return [tag.written(number) for number, tag in enumerate(self._listed, start=1)]

    def _try_to_find(self, wanted: bytes) -> Listed | None:
        for _ in range(2 if self._retries == FOR_EVER else 1 + self._retries):
            try:
                tag = find_type_a(self._send, wanted)
            except Unselectable:
                self.registers.fifo[:] = b"\x93"
                continue
            if tag is not None:
                return tag
        return None

    def _send(self, frame: bytes) -> bytes | None:
        return self.air.carry(TYPE_A, frame)

    def _list_type_f(self, technology: str, poll: bytes) -> list[bytes]:
        self.registers.tune(technology)
        answer = self.air.carry(technology, bytes([len(poll) + 1]) + poll)
        return [b"\x01" + answer] if answer and len(answer) >= 18 else []

    def _exchange(self, asked: bytes) -> bytes:
        if not self._listed or asked[0] & 0x3F != 1:
            return OUT_OF_CONTEXT
        return self._carry_through(asked[1:])

    def _carry_through(self, frame: bytes) -> bytes:
        technology = self.registers.technology()
        heard = self.air.carry(technology, frame, self._patience)
        if heard is None:
            return TIMED_OUT
        if self.registers.checks_crc or technology != TYPE_A:
            return CRC_WRONG if heard == GARBLED or is_nibble(heard) else FINE + heard
        if heard == GARBLED:
            return FINE + SENT_WITH_A_WRONG_CRC
        return FINE + (heard if is_nibble(heard) else heard + crc_a(heard))

    def _release(self, _: bytes) -> bytes:
        self._listed = []
        return FINE

    def _choose(self, number: bytes) -> bytes:
        if not 1 <= number[0] <= len(self._listed):
            return OUT_OF_CONTEXT
        uid = self._listed[number[0] - 1].uid
        put_to_sleep(self._send)
        try:
            return FINE if find_type_a(self._send, cascaded(uid), WAKE_UP) else TIMED_OUT
        except Unselectable:
            return TIMED_OUT

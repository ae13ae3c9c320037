"""The host commands of a PN532 by their names (NXP UM0701-02, 7.1)."""

from __future__ import annotations

from enum import IntEnum


class Command(IntEnum):
    """The code that opens a command; the answer opens with the next one."""

    DIAGNOSE = 0x00
    GET_FIRMWARE_VERSION = 0x02
    GET_GENERAL_STATUS = 0x04
    READ_REGISTER = 0x06
    WRITE_REGISTER = 0x08
    READ_GPIO = 0x0C
    WRITE_GPIO = 0x0E
    SET_SERIAL_BAUD_RATE = 0x10
    SET_PARAMETERS = 0x12
    SAM_CONFIGURATION = 0x14
    POWER_DOWN = 0x16
    RF_CONFIGURATION = 0x32
    RF_REGULATION_TEST = 0x58
    IN_DATA_EXCHANGE = 0x40
    IN_COMMUNICATE_THRU = 0x42
    IN_DESELECT = 0x44
    IN_JUMP_FOR_PSL = 0x46
    IN_LIST_PASSIVE_TARGET = 0x4A
    IN_PSL = 0x4E
    IN_ATR = 0x50
    IN_RELEASE = 0x52
    IN_SELECT = 0x54
    IN_JUMP_FOR_DEP = 0x56
    IN_AUTO_POLL = 0x60
    TG_GET_DATA = 0x86
    TG_GET_INITIATOR_COMMAND = 0x88
    TG_GET_TARGET_STATUS = 0x8A
    TG_INIT_AS_TARGET = 0x8C
    TG_SET_DATA = 0x8E
    TG_RESPONSE_TO_INITIATOR = 0x90
    TG_SET_GENERAL_BYTES = 0x92
    TG_SET_META_DATA = 0x94


AS_A_CARD = tuple(command for command in Command if command.name.startswith("TG_"))
"""Commands of a chip that plays a card itself, which this one does not."""

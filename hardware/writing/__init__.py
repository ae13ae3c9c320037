"""Writing tags: one by one or by the thousand, read back, sealed, and the seal proven."""

from hardware.writing.keys import BadSecret, MasterSecret, read_secret
from hardware.writing.outcome import BadLink, Order, WriteOutcome, Written, message_of
from hardware.writing.seal import Seal
from hardware.writing.step import Content
from hardware.writing.write import write_tag

__all__ = [
    "BadLink",
    "BadSecret",
    "Content",
    "MasterSecret",
    "Order",
    "Seal",
    "WriteOutcome",
    "Written",
    "message_of",
    "read_secret",
    "write_tag",
]

"""What signing tags prove: NTAG 424 DNA's messages (SUN), keys of each tag, the maker's signature. Pure."""

from server.tags.sun.errors import NotGenuine
from server.tags.sun.keys import diversified
from server.tags.sun.message import SunMessage, is_signed, read_message
from server.tags.sun.originality import is_original, maker_of
from server.tags.sun.verify import Loop, Sun, SunKeys, identity, verify

__all__ = [
    "Loop",
    "NotGenuine",
    "Sun",
    "SunKeys",
    "SunMessage",
    "diversified",
    "identity",
    "is_original",
    "is_signed",
    "maker_of",
    "read_message",
    "verify",
]

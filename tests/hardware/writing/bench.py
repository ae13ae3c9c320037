"""A field with a tag in it, and what anybody's reader reads from that tag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hardware import ndef
from hardware.nfc_reader import radio_in_process
from hardware.tag import Outcome, TagRead
from hardware.tap import TapEngine
from hardware.virtual import Faults, Field, VirtualTag, blank, fault_script
from hardware.writing import MasterSecret, Order, Seal, Written, message_of, write_tag

UID, OTHER = "04A1B2C3D4E580", "04A1B2C3D4E599"
CHIPS = ("NTAG213", "NTAG215", "NTAG216")
OLD, NEW = "https://id.example/01/09506000134352", "https://id.example/01/09506000134369?17=261231"
SECRET = MasterSecret(bytes(range(32)))


@dataclass
class Bench:
    """A radio over a field in this process."""

    field: Field = field(default_factory=Field)

    def __post_init__(self) -> None:
        self.radio = radio_in_process(self.field)

    def write(self, order: Order, script: str = "") -> Written:
        """Write what lies there while the fault script runs."""
        self.field.disturb(fault_script(script))
        written = write_tag(self.radio, order)
        self.field.disturb(Faults())
        return written

    def read(self, *tags: VirtualTag) -> TagRead:
        """Lay the tags down and read what anybody's reader reads."""
        self.field.lay(*tags)
        target = self.radio.sense()
        assert target is not None
        return TapEngine(lambda: 0.0).read(self.radio, target)

    def frames(self, tag: VirtualTag, order: Order) -> int:
        """Return how many frames an undisturbed write takes."""
        counting = Counting()
        self.field.lay(tag, faults=counting)
        write_tag(self.radio, order)
        return counting.frames


class Counting(Faults):
    """A fault script in which nothing goes wrong."""

    frames = 0

    def due(self) -> dict:  # type: ignore[type-arg]  # the script's own type
        """Count the frame."""
        self.frames += 1
        return super().due()


def order(uri: str = NEW, seal: Seal = Seal.OPEN, **rest: object) -> Order:
    """Return an order that may use the secret."""
    return Order(message_of(uri), seal, **{"secret": SECRET, **rest})  # type: ignore[arg-type]


def reads(read: TagRead) -> str:
    """Return a read in one word: the URI, or the outcome."""
    return read.uri or read.outcome


MEANS = {"old": OLD, "empty": Outcome.EMPTY, "new": NEW}
Make = Callable[[], VirtualTag]


def factory(chip: str) -> Make:
    """Return what makes a tag as the factory sends it."""
    return lambda: blank(UID, chip)


def encoded(uri: str) -> bytes:
    """Return the message of a URI."""
    return ndef.encode_uri(uri)

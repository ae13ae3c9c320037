"""The one door to numba: plain loops, compiled once and kept on disk between starts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.experimental import structref
from numba.extending import overload

Loop = TypeVar("Loop", bound=Callable[..., Any])

HERE = Path(__file__).parent


def _folder() -> Path:
    # numba renews a loop when its own file changes, not when a loop it calls does: so each state of the
    # whole room has a folder of its own.
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    return HERE / "__pycache__" / f"compiled-{hashlib.sha256(sources).hexdigest()[:16]}"


numba.config.CACHE_DIR = str(_folder())  # type: ignore[attr-defined]  # numba makes its settings at run time


def compiled(loop: Loop) -> Loop:
    """Return `loop` as machine code; where no folder can be written, it is compiled at every start."""
    try:
        return cast("Loop", numba.njit(cache=True, nogil=True)(loop))
    except RuntimeError:
        return cast("Loop", numba.njit(nogil=True)(loop))


def inlined(loop: Loop) -> Loop:
    """Return `loop` to be written out wherever another calls it, for one that is handed many arrays very often."""
    return cast("Loop", numba.njit(nogil=True, inline="always")(loop))


def by_kind(asked: Callable[..., None], loops: Mapping[type, Callable[..., None]]) -> None:
    """Let compiled loops that call `asked` call the one of `loops` for the kind of record given as `known`."""
    overload(asked)(lambda known, seen, board: _calling(loops[known.instance_class]))  # noqa: ARG005 - names count


def _calling(loop: Callable[..., None]) -> Callable[..., None]:
    return lambda known, seen, board: loop(known, seen, board)  # noqa: PLW0108 - numba compares the names


each = numba.literal_unroll
"""Go through records of different kinds, in compiled loops."""


@structref.register
class PackedType(numba.types.StructRef):
    """What numba calls a `Packed`."""


class Packed(structref.StructRefProxy):
    """Arrays of a record that a compiled loop takes over at once, and finds under `record`.

    Handed over one by one, thirty arrays cost as much as a third of a list.
    """

    record: Any


structref.define_proxy(Packed, PackedType, ["record"])  # type: ignore[no-untyped-call]  # numba ships no types


@compiled
def packed(record: Any) -> Packed:
    """Return `record` in one piece."""
    return Packed(record)  # type: ignore[no-untyped-call]  # numba ships no types

"""The one door to numba: plain loops, compiled once and kept on disk between starts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])

HERE = Path(__file__).parent


def compiled(loop: Loop) -> Loop:
    """Return `loop` as machine code; where no folder can be written, it is compiled at every start."""
    try:
        return cast("Loop", numba.njit(cache=True, nogil=True)(loop))
    except RuntimeError:
        return cast("Loop", numba.njit(nogil=True)(loop))


def inlined(loop: Loop) -> Loop:
    """Return `loop` to be written out wherever another calls it, for one that is handed many arrays very often."""
    return cast("Loop", numba.njit(nogil=True, inline="always")(loop))


def _folder() -> Path:
    # numba renews a loop when its own file changes, not when a loop it calls does: so each state of the
    # whole room has a folder of its own.
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    return HERE / "__pycache__" / f"compiled-{hashlib.sha256(sources).hexdigest()[:16]}"


numba.config.CACHE_DIR = str(_folder())  # type: ignore[attr-defined]  # numba makes its settings at run time

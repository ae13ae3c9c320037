"""The terminal of who lays the tags."""

from __future__ import annotations

import select
import sys


class Console:
    """Shows sentences and hears what is typed, without waiting for it."""

    def tell(self, words: str) -> None:
        """Show a sentence."""
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()

    def typed(self) -> str:
        """Return a line typed since this was last asked; '' for none."""
        ready, _, _ = select.select([sys.stdin], [], [], 0)
        return sys.stdin.readline() if ready else ""

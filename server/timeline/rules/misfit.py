"""What is wrong with a message that cannot become an event."""

from __future__ import annotations

from server.errors import Invalid


class Misfit(Invalid):
    """Raised for a message that does not fit; `code` names why for programs. It is kept as failed, never lost."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code

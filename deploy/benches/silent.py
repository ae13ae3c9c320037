"""The real server without suggestions (used by `suggesting`)."""

from __future__ import annotations

from typing import Any

from server import process
from server.recommendations.rules import Suggestions
from server.recommendations.serving import Serving
from server.taps import views

NONE = Suggestions((), degraded=True, model_version=0)


class Silent(Serving):
    """Suggests nothing, at once, and looks for nothing behind the scenes."""

    def suggest(self, *_: Any, **__: Any) -> Suggestions:  # type: ignore[override]  # it looks at nothing
        """Return no suggestion."""
        return NONE

    def look(self, *_: Any) -> None:
        """Look for no model."""


def application() -> Any:
    """Return the server's app, in which nothing is suggested."""
    views.Serving = Silent  # type: ignore[misc]  # the app makes its own
    return process.application()

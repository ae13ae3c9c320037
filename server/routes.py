"""Routes that learn to write their addresses when one is first asked for: a process writes few of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from werkzeug.routing import Rule

Write = Callable[..., tuple[str, str]]


class Route(Rule):
    """A route as Flask has it; Werkzeug compiles two functions for each at once, this one on their first use."""

    def _compile_builder(self, append_unknown: bool = True) -> Write:
        learn = cache(super()._compile_builder)

        def write(route: Rule, **parts: object) -> tuple[str, str]:
            return learn(append_unknown)(route, **parts)

        return write

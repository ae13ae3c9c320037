"""Stories of an event loop, told in a thread: a browser keeps a loop of its own in the tests' thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Told = TypeVar("Told")


def on_a_loop(story: Callable[[], Coroutine[Any, Any, Told]]) -> Told:
    """Return what the story gives."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(lambda: asyncio.run(story())).result()

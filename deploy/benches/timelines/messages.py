"""What the benchmarks of the timeline send, and who asks: a web shop's messages, over a connection kept open."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from server.timeline.sources.models import Right

KEY = "wk_bench"
RIGHTS = [Right.WRITE, Right.READ]
NUMBERS = count(10**7)
OF_SOURCE: Mapping[str, str] = {"X-Write-Key": KEY}
Figures = dict[str, dict[str, float]]


def message(number: int) -> dict[str, Any]:
    """Return one look at a product, as a client tells of it."""
    properties = {"product_id": f"p{number % 500}", "name": "Rain jacket", "price": 89.0, "currency": "EUR"}
    context = {
        "library": {"name": "analytics-python", "version": "2.4.0"},
        "page": {"url": "https://shop.example/p"},
    }
    return {
        **{
            "type": "track",
            "event": "Product Viewed",
            "messageId": f"bench-{number}",
            "anonymousId": f"a{number % 900}",
        },
        **{"userId": f"u{number % 300}", "timestamp": datetime.now(UTC).isoformat()},
        **{"properties": properties, "context": context},
    }


class Asker:
    """A connection kept open."""

    def __init__(self, address: str, headers: Mapping[str, str] = OF_SOURCE) -> None:
        parts = urlsplit(address)
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        self._headers = {**headers, "Content-Type": "application/json"}

    def __call__(self, method: str, path: str, body: object = None) -> Any:
        """Return the JSON of the answer; ends the run where it is no success."""
        told = json.dumps(body).encode() if body is not None else None
        self._connection.request(method, path, told, self._headers)
        answer = self._connection.getresponse()
        found = json.loads(answer.read())
        if answer.status != 200:
            raise SystemExit(found)
        return found


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Return the milliseconds within which half and 99 of 100 were done."""
    cut = statistics.quantiles([one * 1000 for one in seconds], n=100)
    return {"p50 ms": cut[49], "p99 ms": cut[98]}

"""Requests that real clients sent, read from the folder of cases from outside."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "timeline"

OTHERS = ("py-posthog", "py-snowplow")
"""Clients that are recorded and speak another protocol."""

HOPS = {"host", "connection", "content-length", "accept-encoding"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it went over the wire."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes
    json: Any


def clients() -> list[str]:
    """Return the names of the recordings, or one that makes the test say that there are none."""
    found = sorted(path.stem for path in FOLDER.glob("*.jsonl") if not path.name.startswith(OTHERS))
    return found or ["none"]


def requests_of(name: str) -> list[Recorded]:
    """Return the requests of a recording; skips the test where the folder is not here."""
    path = FOLDER / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the requests that real clients sent are not beside this checkout")
    return [_request(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _request(told: dict[str, Any]) -> Recorded:
    raw = base64.b64decode(told["raw_b64"]) if told["raw_b64"] else None
    body = raw or (json.dumps(told["body_json"]).encode() if told["body_json"] is not None else b"")
    headers = [(name, value) for name, value in told["headers"] if name.lower() not in HOPS]
    return Recorded(told["method"], told["path"], headers, body, told["body_json"])

"""What a browser wants to hear before a page of another origin may write."""

from __future__ import annotations

import flask

ASKED_FOR = "authorization, content-type, content-encoding, x-retry-count, anonymousid, sentat, x-write-key, ce-*"


def allow(answer: flask.Response) -> flask.Response:
    """Let the asking origin read the answer: whoever writes shows a key, and no cookie counts here."""
    origin = flask.request.headers.get("Origin")
    answer.vary.add("Origin")
    if origin:
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Expose-Headers"] = "Retry-After"
    if flask.request.method == "OPTIONS":
        wanted = flask.request.headers.get("Access-Control-Request-Headers")
        answer.headers["Access-Control-Allow-Headers"] = wanted or ASKED_FOR
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        answer.headers["Access-Control-Max-Age"] = "7200"
    return answer

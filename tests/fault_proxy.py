"""A proxy that fails a request as networks and servers do, before it lets it through: what clients live with."""

from __future__ import annotations

import gzip
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from urllib.parse import urlsplit

MESSAGE_ID = re.compile(rb'"(?:messageId|id)":\s*"([^"]+)"')


class Fault(StrEnum):
    """What happens to a request."""

    NONE = "none"
    SERVER_ERROR = "500"
    BUSY = "429"
    BUSY_WITH_A_TIME = "429 with Retry-After"
    RESET = "connection reset"
    SLOW = "slow"
    ANSWER_LOST = "answer lost after the commit"


MIXED = tuple(fault for fault in Fault if fault is not Fault.NONE)


class FaultProxy:
    """Fails the first `times` sendings of each body by the fault that is next in line, then lets it through."""

    def __init__(self, upstream: str, faults: Sequence[Fault], times: int) -> None:
        self.upstream, self._faults, self._times = urlsplit(upstream), cycle(faults), times
        self._sendings: Counter[frozenset[str]] = Counter()
        self._fault_of: dict[frozenset[str], Fault] = {}
        self._choosing = threading.Lock()
        self.message_ids: set[str] = set()
        """Every message id that came by."""
        self.met: Counter[Fault] = Counter()

    def fault_for(self, body: bytes, headers: dict[str, str]) -> Fault:
        """Return what is to happen to this sending."""
        plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        ids = frozenset(found.decode() for found in MESSAGE_ID.findall(plain)) | {headers.get("ce-id", "")}
        with self._choosing:
            self.message_ids |= ids - {""}
            fault = self._fault_of.setdefault(ids, next(self._faults))
            self._sendings[ids] += 1
            chosen = fault if self._sendings[ids] <= self._times else Fault.NONE
            self.met[chosen] += 1
        return chosen


@contextmanager
def proxied(upstream: str, faults: Sequence[Fault], *, times: int = 1) -> Iterator[tuple[str, FaultProxy]]:
    """Give the address of a proxy before `upstream`, and the proxy."""
    proxy = FaultProxy(upstream, faults, times)
    handler = type("Handler", (_Handler,), {"proxy": proxy})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", proxy
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: FaultProxy

    def do_GET(self) -> None:
        self._pass_on(b"")

    def do_OPTIONS(self) -> None:
        self._pass_on(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        told = {name.lower(): value for name, value in self.headers.items()}
        fault = self.proxy.fault_for(body, told)
        if fault is Fault.SERVER_ERROR:
            self._answer(500, b"{}", {})
        elif fault in {Fault.BUSY, Fault.BUSY_WITH_A_TIME}:
            self._answer(429, b"{}", {"Retry-After": "1"} if fault is Fault.BUSY_WITH_A_TIME else {})
        elif fault is Fault.RESET:
            self._reset()
        elif fault is Fault.ANSWER_LOST:
            self._ask(body)
            self._reset()
        else:
            if fault is Fault.SLOW:
                time.sleep(1)
            self._pass_on(body)

    def _pass_on(self, body: bytes) -> None:
        status, told, headers = self._ask(body)
        self._answer(status, told, headers)

    def _ask(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        upstream = HTTPConnection(self.proxy.upstream.hostname or "", self.proxy.upstream.port, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        upstream.request(self.command, self.path, body, headers)
        answer = upstream.getresponse()
        told = answer.read()
        upstream.close()
        kept = {n: v for n, v in answer.getheaders() if n.lower() not in {"content-length", "connection"}}
        return answer.status, told, kept

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        if "Access-Control-Allow-Origin" not in headers and self.headers.get("Origin"):
            headers = {**headers, "Access-Control-Allow-Origin": self.headers["Origin"]}
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

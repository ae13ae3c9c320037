"""A PN532 plugged in, and a host at its line, for every test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.virtual import VirtualPn532
from tests.hardware.virtual.serial_host import Host


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[VirtualPn532]:
    with VirtualPn532(tmp_path) as plugged:
        yield plugged


@pytest.fixture
def host(reader: VirtualPn532) -> Iterator[Host]:
    made = Host(reader.port)
    yield made
    made.close()

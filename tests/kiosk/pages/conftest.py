"""The shopper's screen on an agent that shows what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.web import create_app
from tests.browsing import running
from tests.kiosk.pages.glass import StandIn
from tests.ports import free_port


@pytest.fixture
def agent(tmp_path: Path) -> StandIn:
    return StandIn(tmp_path)


@pytest.fixture
def address(agent: StandIn) -> Iterator[str]:
    port = free_port()
    with running(create_app(agent, port=port, secret="s"), port) as found:
        yield found

"""Real clients, unmodified, through a proxy that fails: what is stored is what they sent, each message once."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import rudderstack.analytics.client
import segment.analytics.client
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from benches.machines import served
from server.db import open_engine
from server.timeline.models import Event, EventKey, FailedEvent, Quarantine
from server.timeline.sources.models import Right
from server.timeline.sources.queries import add_source
from tests.clock import NOW
from tests.fault_proxy import MIXED, Fault, FaultProxy, proxied

CLIENTS = Path(__file__).resolve().parents[2] / "clients"
KEY = "wk_clients"
TRACKS = 100
WHO = [f"w-{number}" for number in range(TRACKS + 3)]
"""Who each call is about: a hundred track calls, then identify, page and alias."""
ONE_BY_ONE = WHO[:24]
"""Fewer for libraries that leave sending to their caller, one request an event: enough to meet each fault."""

Client = Callable[[str], None]


def segment_python(address: str) -> None:
    client = segment.analytics.client.Client(KEY, host=address, upload_size=20, upload_interval=0.2)
    python_calls(client)


def rudder_python(address: str) -> None:
    client = rudderstack.analytics.client.Client(KEY, host=address, upload_size=20, upload_interval=0.2)
    python_calls(client)


def python_calls(client: segment.analytics.client.Client) -> None:
    for number, who in enumerate(WHO[:TRACKS]):
        client.track(who, "Product Viewed", {"product_id": "boot", "n": number})
    client.identify(WHO[TRACKS], {"email": "ann@example.com"})
    client.page(WHO[TRACKS + 1], "Shop", "Boots", {"url": "https://shop.example/boots"})
    client.alias("before", WHO[TRACKS + 2])
    client.shutdown()


def cloudevents_python(address: str) -> None:
    for number, who in enumerate(ONE_BY_ONE):
        attributes = {"type": "shop.till.rung", "source": "till", "id": f"{who}-id", "userid": who}
        event = CloudEvent({**attributes, "specversion": "1.0"}, {"n": number})
        message = to_binary_event(event) if number % 2 else to_structured_event(event)
        headers = {**message.headers, "Authorization": f"Bearer {KEY}"}
        while not _posted(f"{address}/v1/cloudevents", message.body, headers):
            time.sleep(0.05)


def _posted(url: str, body: bytes, headers: dict[str, str]) -> bool:
    try:
        return requests.post(url, data=body, headers=headers, timeout=10).status_code == 200
    except requests.RequestException:
        return False


def node(library: str, tracks: int = TRACKS) -> Client:
    def let_loose(address: str) -> None:
        if not (CLIENTS / "node_modules").exists() or not shutil.which("node"):
            pytest.skip("the Node clients are not here: deploy/prepare tests brings them")
        command = ["node", "node.mjs", library, address, KEY, str(tracks)]
        done = subprocess.run(command, cwd=CLIENTS, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 0, done.stderr

    return let_loose


LIBRARIES: dict[str, tuple[Client, list[str]]] = {
    "segment-analytics-python": (segment_python, WHO),
    "rudder-sdk-python": (rudder_python, WHO),
    "cloudevents, Python": (cloudevents_python, ONE_BY_ONE),
    "@segment/analytics-node": (node("segment"), WHO),
    "@rudderstack/rudder-sdk-node": (node("rudder"), WHO),
    "@jitsu/js": (node("jitsu"), WHO[:-1]),
    "cloudevents, Node": (node("cloudevents", len(ONE_BY_ONE)), ONE_BY_ONE),
}
"""Each library, and who its calls are about; Jitsu's has no alias."""

LOSES = {"@jitsu/js": {*Fault} - {Fault.NONE, Fault.ANSWER_LOST}}
"""What a library does not live through, whatever the server does: Jitsu's never sends anything again."""


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The real application server on a database with a source: its address, and the database's."""
    path = tmp_path_factory.mktemp("clients") / "shop.sqlite"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    engine = open_engine(url)
    with Session(engine) as session, session.begin():
        add_source(session, "clients", channel="web", store_id=None, rights=[Right.WRITE], key=KEY, now=NOW)
    engine.dispose()
    with served("server.process:application", threads=8, DATABASE_URL=url, SECURE_COOKIES="0") as address:
        yield address, url


@pytest.fixture
def stored(server: tuple[str, str]) -> Iterator[Engine]:
    """The server's database, with nothing of another test on the timeline."""
    engine = open_engine(server[1])
    with Session(engine) as session, session.begin():
        session.query(Event).delete()
        session.query(EventKey).delete()
    yield engine
    engine.dispose()


def check(stored: Engine, proxy: FaultProxy, who: list[str]) -> None:
    with Session(stored) as session:
        events = list(session.scalars(select(Event)))
        assert list(session.scalars(select(FailedEvent))) == []
        assert list(session.scalars(select(Quarantine))) == [], "a library changed a message it sent again"
    assert {event.properties.get("who") or event.user_id for event in events} >= set(who)
    assert sorted(str(event.message_id) for event in events) == sorted(proxy.message_ids)


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_message_is_stored_once_whatever_fails(
    server: tuple[str, str], stored: Engine, library: str
) -> None:
    let_loose, who = LIBRARIES[library]
    with proxied(server[0], [one for one in MIXED if one not in LOSES.get(library, ())]) as (address, proxy):
        let_loose(address)
        assert sum(proxy.met[fault] for fault in MIXED) > 0, "nothing failed: this would prove little"
    check(stored, proxy, who)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("library", LIBRARIES)
def test_every_library_lives_through_every_fault(
    server: tuple[str, str], stored: Engine, library: str, fault: Fault, times: int
) -> None:
    if fault in LOSES.get(library, ()):
        pytest.skip(f"{library} does not send again")
    let_loose, who = LIBRARIES[library]
    with proxied(server[0], [fault], times=times) as (address, proxy):
        let_loose(address)
    check(stored, proxy, who)

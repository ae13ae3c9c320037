"""Made-up requests to every route the API describes: no server error, and only answers it describes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.orm import Session

from server.db import open_engine
from tests.clock import FakeClock
from tests.shopfloor import as_device, furnish, open_app, sign_in

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
]
Credentials = dict[str, dict[str, str]]
REPEATABLE = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""Few enough to take less than a minute, and the same ones in every run."""


@pytest.fixture(scope="module")
def api_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The real app on the small shop, on SQLite."""
    path = tmp_path_factory.mktemp("api") / "shop.sqlite"
    copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        furnish(session)
    engine.dispose()
    app = open_app(f"sqlite:///{path}", FakeClock())
    yield app
    app.extensions["house"].engine.dispose()


@pytest.fixture(scope="module")
def described(api_app: Flask) -> Any:
    """What /openapi.json says, ready to be tried on the app."""
    own_keys = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    loaded = schemathesis.openapi.from_wsgi("/openapi.json", api_app, headers=as_device("kiosk"), config=own_keys)
    assert len(list(loaded.get_all_operations())) >= 8, "the description lost routes: this would prove little"
    return loaded


@pytest.fixture(scope="module")
def manager(api_app: Flask) -> Credentials:
    """What the browser sends in which a manager is signed in."""
    client = api_app.test_client()
    sign_in(client, "manager")
    token = client.get("/").get_data(as_text=True).split('"X-CSRFToken": "')[1].split('"')[0]
    session = client.get_cookie("shelftalker")
    assert session
    return {"headers": {"X-CSRFToken": token}, "cookies": {"shelftalker": session.value}}


Seen = Counter[tuple[str, int]]


def tried(described: Any, mode: GenerationMode, askers: dict[str, Credentials]) -> dict[str, Seen]:
    """Try the same requests to each route as every asker; return how often each route gave each which status."""
    seen: dict[str, Seen] = {asker: Counter() for asker in askers}

    def judge(case: schemathesis.Case) -> None:
        if "store_id" in case.path_parameters:
            case.path_parameters["store_id"] = "MAD"
        for asker, credentials in askers.items():
            response = case.call_and_validate(checks=CHECKS, **credentials)
            seen[asker][f"{case.method} {case.operation.path}", response.status_code] += 1

    for found in described.get_all_operations():
        try:
            made_up = found.ok().as_strategy(generation_mode=mode)
            REPEATABLE(given(case=made_up)(judge))()
        except Unsatisfiable:  # a route that takes nothing cannot be asked wrongly
            continue
    return seen


@pytest.mark.timeout(300)  # making the requests up is most of it: each is made once and asked by all three
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_a_made_up_request_gets_an_answer_that_is_described_and_a_manager_does_nothing_that_devices_do(
    described: Any, manager: Credentials, mode: GenerationMode
) -> None:
    devices: dict[str, Credentials] = {name: {"headers": as_device(name)} for name in ("kiosk", "desk")}
    seen = tried(described, mode, {**devices, "manager": manager})
    well_formed = mode is GenerationMode.POSITIVE
    for device, mine in (("kiosk", "POST /api/v1/taps"), ("desk", "POST /api/v1/desk/reads")):
        found = {status for route, status in seen[device] if route == mine}
        assert found & ({200, 204} if well_formed else {422}), f"nothing {mode} was tried by the {device}"
    told = {status for route, status in seen["manager"] if route.startswith("POST /api/v1/taps")}
    assert told, "the manager tried no tap"
    assert told <= {400, 401, 403}
    assert not well_formed or ("GET /api/v1/stores/{store_id}/tags", 200) in seen["manager"]

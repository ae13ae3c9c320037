"""Every route is guarded; keys, roles and stores decide."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from server.access.guard import UnguardedRoute, policy_of, refuse_unguarded
from server.access.models import Role, Staff
from server.access.queries import revoke_kiosk
from tests.clock import NOW, FakeClock
from tests.shopfloor import as_device, sign_in, tap

OPEN = {"/healthz", "/readyz", "/metrics", "/login", "/language/<code>", "/media/<name>"} | {
    "/carry",  # a shopper's phone shows a link's secret, or its own cookie
    "/carry/<token>",
    "/carry/waiting",
    "/carry/till",
    "/carry/choices/<any(service, analytics, personalisation):purpose>/<any(yes, no):answer>",
    "/carry/products/<product_id>",
    "/carry/products/<product_id>/<any(keep, leave):what>",
    "/schemas/events",  # says how events are written, and holds none
    "/schemas/events/<kind>/<int:version>",
}


def test_every_route_says_whom_it_is_for(app: Flask) -> None:
    policies = {rule.rule: policy_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}
    assert all(policies.values())
    opened = {rule for rule, policy in policies.items() if policy and policy.everyone}
    assert {rule for rule in opened if not rule.endswith("/static/<path:filename>")} == OPEN


def test_an_unguarded_route_keeps_the_app_from_starting(app: Flask) -> None:
    app.view_functions["forgotten"] = lambda: ""
    app.url_map.add(app.url_rule_class("/forgotten", endpoint="forgotten"))
    with pytest.raises(UnguardedRoute, match="/forgotten"):
        refuse_unguarded(app)


@pytest.mark.parametrize("key", ["", "stk_wrong", "stk_desk"])
def test_taps_need_a_kiosks_key(client: FlaskClient, key: str) -> None:
    answer = client.post("/api/v1/taps", json=tap(1), headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == (403 if key == "stk_desk" else 401)
    assert answer.content_type == "application/problem+json"


def test_a_revoked_key_is_refused_within_seconds(client: FlaskClient, engine: Engine, clock: FakeClock) -> None:
    assert client.post("/api/v1/taps", json=tap(1), headers=as_device("kiosk")).status_code == 200
    with Session(engine) as session, session.begin():
        revoke_kiosk(session, "kiosk", NOW)
    clock.advance(5)
    assert client.post("/api/v1/taps", json=tap(2), headers=as_device("kiosk")).status_code == 401


@pytest.mark.parametrize("role", [None, *Role])
def test_roles_open_what_is_theirs_and_nothing_else(app: Flask, role: Role | None) -> None:
    """Walks every console route without arguments but a store: another's store is 404, a foreign role 403."""
    client = app.test_client()
    if role is not None:
        sign_in(client, role)
    for rule in app.url_map.iter_rules():
        policy = policy_of(app.view_functions[rule.endpoint])
        if "GET" not in (rule.methods or ()) or not policy or policy.everyone or not policy.roles:
            continue
        if not set(rule.arguments) <= {"store_id"}:
            continue
        for store in ("MAD", "LON", "NONE") if rule.arguments else ("",):
            status = client.get(rule.rule.replace("<store_id>", store)).status_code
            if role is None:
                assert status in {401, 302}, rule
            elif role not in policy.roles:
                assert status == 403, rule
            elif store in {"", "MAD"}:
                assert status == 200, rule
            elif (store == "LON" and role in {Role.ASSOCIATE, Role.MANAGER}) or store == "NONE":
                assert status == 404, rule


def test_a_form_without_token_is_refused(client: FlaskClient) -> None:
    sign_in(client, Role.MANAGER)
    assert client.post("/logout").status_code == 400


def test_a_wrong_password_is_told_in_words_and_throttled(client: FlaskClient) -> None:
    page = client.get("/login").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[-1].split('"')[0]
    form = {"login": "manager", "password": "wrong", "csrf_token": token}
    statuses = [client.post("/login", data=form).status_code for _ in range(7)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_a_refused_role_reads_why_in_its_own_language_and_keeps_its_way_back(
    client: FlaskClient, engine: Engine
) -> None:
    with Session(engine) as session:
        session.execute(update(Staff).where(Staff.login == "merchandiser").values(language="es"))
        session.commit()
    sign_in(client, "merchandiser")
    refused = client.get("/live", headers={"Accept-Language": "en"})
    assert refused.status_code == 403
    assert 'lang="es"' in refused.get_data(as_text=True)
    assert 'href="/merchandise/taps"' in refused.get_data(as_text=True)

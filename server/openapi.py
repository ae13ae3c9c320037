"""The API's own description at /openapi.json, made from the routes and the types they take and give."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.access.guard import Policy, policy_of, staff_or_devices

View = TypeVar("View", bound=Callable[..., Any])
Model = type[BaseModel]

routes = flask.Blueprint("openapi", __name__)


def documented(*, takes: Model | None = None, gives: Model | None = None) -> Callable[[View], View]:
    """Say what a route of the API takes and gives; nothing is checked by it."""

    def mark_view(view: View) -> View:
        view.__takes__, view.__gives__ = takes, gives  # type: ignore[attr-defined]  # read off again below
        return view

    return mark_view


def init_app(app: flask.Flask) -> None:
    """Add the description."""
    app.register_blueprint(routes)


@routes.get("/openapi.json")
@staff_or_devices()
def description() -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of all routes under /api/v1/ and of the health routes."""
    app = flask.current_app
    rules = [r for r in app.url_map.iter_rules() if r.rule.startswith(("/api/v1/", "/healthz", "/readyz"))]
    models = {m for r in rules for m in _models(app.view_functions[r.endpoint])}
    wanted = [(m, "validation") for m in sorted(models, key=lambda m: m.__name__)]
    _, schemas = models_json_schema(wanted, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]  # pydantic's literal
    paths: dict[str, Any] = {}
    for rule in rules:
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            operation = _operation(app.view_functions[rule.endpoint], sorted(rule.arguments))
            paths.setdefault(path, {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shelftalker", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "device": {"type": "http", "scheme": "bearer"},
                "source": {"type": "http", "scheme": "bearer"},
                "staff": {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]},
            },
        },
    }


def _models(view: Callable[..., Any]) -> set[Model]:
    return {m for m in (getattr(view, "__takes__", None), getattr(view, "__gives__", None)) if m}


def _operation(view: Callable[..., Any], arguments: list[str]) -> dict[str, Any]:
    takes, gives = getattr(view, "__takes__", None), getattr(view, "__gives__", None)
    operation: dict[str, Any] = {
        "summary": (view.__doc__ or "").strip().splitlines()[0] if view.__doc__ else "",
        "responses": {
            "200" if gives else "204": {"description": "Done", **(_content(gives) if gives else {})},
            "default": {"description": "Problem details (RFC 9457)"},
        },
        "security": _security(policy_of(view)),
    }
    if takes:
        operation["requestBody"] = {"required": True, **_content(takes)}
    if arguments:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in arguments
        ]
    return operation


def _security(policy: Policy | None) -> list[dict[str, list[str]]]:
    if policy is None:
        return []
    asked = {"device": policy.devices, "source": policy.sources, "staff": policy.roles}
    return [{scheme: []} for scheme, whom in asked.items() if whom]


def _content(model: Model) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}}

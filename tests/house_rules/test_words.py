"""Names and docstrings tell a newcomer what stands where."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from server.timeline.models import EventKind
from tests.house_rules.house import TOP, functions, modules, tracked, tree

VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "misc", "manager", "service", "services"}
ALLOWED_AT_THE_TOP = {
    "pyproject.toml",
    "README.md",
    "LICENSE",
    *("hardware", "kiosk", "recommender", "server"),
} | {
    "tests",
    "deploy",
}


def test_nothing_extra_stands_at_the_top() -> None:
    top = {path.parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} <= ALLOWED_AT_THE_TOP


def test_no_name_says_nothing() -> None:
    assert {path for path in tracked() if VAGUE & {Path(part).stem for part in path.parts}} == set()


@pytest.mark.parametrize("path", modules(), ids=str)
def test_a_module_opens_with_what_it_is_for(path: Path) -> None:
    if (TOP / path).read_text("utf-8").strip() and "versions" not in path.parts:
        assert ast.get_docstring(tree(path)), f"{path} has no opening sentence"


def test_nearly_every_public_function_says_what_the_caller_gets() -> None:
    public = [f for path in modules() for f in functions(path) if not f.name.startswith("_")]
    told = [f for f in public if ast.get_docstring(f)]
    assert len(told) / len(public) >= 0.9


def test_the_vocabulary_of_events_is_closed() -> None:
    """An event kind is written as EventKind.X: no other file spells one as a string."""
    kinds = {kind.value for kind in EventKind}
    spelt = {
        f"{path}:{node.lineno}"
        for path in modules("server")
        if path.name != "models.py" and "migrations" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in kinds
    }
    assert spelt == set()


def test_nothing_third_party_is_committed() -> None:
    assert {path for path in tracked() if "vendor" in path.parts or path.name.endswith(".min.js")} == set()

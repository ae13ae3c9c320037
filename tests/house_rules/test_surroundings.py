"""The environment, the clock and the machine are touched only where allowed."""

from __future__ import annotations

import ast
import re

from tests.house_rules.house import TOP, modules, tracked, tree

MAY_READ_ENVIRONMENT = {"kiosk/settings.py", "server/settings.py"}
MAY_READ_CLOCK = {
    "kiosk/__main__.py",
    "server/cli.py",
    "server/asgi.py",
    "server/process.py",
    "hardware/__main__.py",
}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("time", "time"),
    ("date", "today"),
    ("datetime", "today"),
}


def calls_of(path: object) -> set[tuple[str, str]]:
    return {
        (node.value.id, node.attr)
        for node in ast.walk(tree(path))  # type: ignore[arg-type]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def test_only_the_settings_read_the_environment() -> None:
    readers = {str(p) for p in modules() if {("os", "environ"), ("os", "getenv")} & calls_of(p)}
    assert readers <= MAY_READ_ENVIRONMENT


def test_the_clock_is_read_only_where_a_program_starts() -> None:
    assert {str(p) for p in modules() if CLOCKS & calls_of(p)} <= MAY_READ_CLOCK


def test_tests_fake_and_do_not_patch() -> None:
    patching = re.compile(r"monkeypatch|unittest\.mock|from mock|mocker")
    found = {str(p) for p in modules("tests") if patching.search((TOP / p).read_text("utf-8"))}
    assert found <= {"tests/house_rules/test_surroundings.py"}


def test_pages_trust_nothing() -> None:
    risky = re.compile(r"\|\s*safe\b|innerHTML|outerHTML|insertAdjacentHTML|\bstyle=|<script>|\son[a-z]+=\"")
    pages = [p for p in tracked() if p.suffix in {".html", ".js"} and p.parts[0] in {"kiosk", "server", "deploy"}]
    assert pages, "no page was found: this test would prove nothing"
    found = {str(p) for p in pages if risky.search((TOP / p).read_text("utf-8"))}
    assert found == set()


def test_locks_pin_by_hash_and_name_no_index() -> None:
    for lock in (TOP / "deploy/locks").glob("*.txt"):
        text = lock.read_text("utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|index-url|find-links", text), lock


def test_a_kiosk_installs_without_the_heavy_half() -> None:
    names = set(re.findall(r"^([A-Za-z0-9._-]+)==", (TOP / "deploy/locks/kiosk.txt").read_text("utf-8"), re.M))
    assert {"flask", "nfcpy", "requests"} <= names
    assert names & {"sqlalchemy", "scikit-learn", "numpy", "scipy", "psycopg", "psycopg-binary"} == set()


def test_nothing_is_left_behind_by_a_tool() -> None:
    left = re.compile(r"\.(orig|rej|bak|tmp|swp)$|~$|^\.DS_Store$")
    assert {str(p) for p in tracked() if left.search(p.name)} == set()

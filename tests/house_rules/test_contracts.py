"""Each import contract bites: a copy of the house with the forbidden import is refused."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house_rules.house import ROOMS, TOP

FORBIDDEN = {
    "house": ("recommender/blend.py", "import server.errors"),
    "wire": ("kiosk/visit.py", "import server.errors"),
    "light-kiosk": ("kiosk/visit.py", "import sqlalchemy"),
    "no-reader": ("server/settings.py", "import hardware.tag"),
    "door-nfc": ("hardware/arrivals.py", "import nfc"),
    "door-readers": ("hardware/arrivals.py", "import smartcard"),
    "door-kiosk": ("kiosk/visit.py", "import requests"),
    "arithmetic": ("recommender/blend.py", "import datetime"),
    "pure": ("server/promotions/rules/scope.py", "import sqlalchemy"),
    "features": ("server/catalogue/rules.py", "import server.promotions.rules"),
    "no-cycles": ("hardware/tag.py", "import hardware.reader"),
}


def keeps(contract: str, top: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    command = [str(linter), "--no-cache", "--contract", contract]
    return subprocess.run(
        command,
        cwd=top,
        env={**os.environ, "PYTHONPATH": str(top)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(TOP / room, top / room, ignore=shutil.ignore_patterns("static", "__pycache__", "*.mo"))
    shutil.copy(TOP / "pyproject.toml", top)
    return top


def test_every_contract_is_proven() -> None:
    written = set(re.findall(r'^id = "([^"]+)"', (TOP / "pyproject.toml").read_text("utf-8"), re.M))
    assert written == set(FORBIDDEN)


@pytest.mark.parametrize("contract", FORBIDDEN)
def test_contract_bites(contract: str, copied: Path) -> None:
    name, line = FORBIDDEN[contract]
    whole = (copied / name).read_text("utf-8")
    before = keeps(contract, copied)
    assert before.returncode == 0, before.stdout
    (copied / name).write_text(whole + f"\n{line}\n", "utf-8")
    try:
        assert keeps(contract, copied).returncode == 1
    finally:
        (copied / name).write_text(whole, "utf-8")


def test_a_new_server_folder_fails_until_it_has_a_place(copied: Path) -> None:
    room = copied / "server" / "loyalty"
    room.mkdir()
    (room / "__init__.py").write_text('"""A room nobody has placed."""\n')
    try:
        assert keeps("features", copied).returncode == 1
    finally:
        shutil.rmtree(room)

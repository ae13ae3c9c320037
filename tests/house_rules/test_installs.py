"""What the install scripts name is there: files of the tree, locks, units, and the commands of the units."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

TREE = Path(__file__).parents[2]
DEPLOY = TREE / "deploy"
SCRIPTS = [DEPLOY / "kiosk" / "install", DEPLOY / "server" / "install", DEPLOY / "programs"]
UNITS = sorted([*DEPLOY.glob("*/*.service"), *DEPLOY.glob("*/*.timer")])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(TREE)))
def test_a_script_is_sound_and_names_only_what_is_there(script: Path) -> None:
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    words = re.sub(r"^\s*#.*$", "", script.read_text(), flags=re.MULTILINE)
    named = set(re.findall(r"(?<![\w/.])deploy/[\w./*-]+", words)) - {script.relative_to(TREE).as_posix()}
    missing = {name for name in named if not list(TREE.glob(name))}
    assert missing == set()


@pytest.mark.parametrize("script", SCRIPTS[:2], ids=["kiosk", "server"])
def test_an_install_starts_units_and_takes_locks_there_are(script: Path) -> None:
    words = script.read_text()
    units = set(re.findall(r"shelftalker[\w-]*\.(?:service|timer)", words))
    locks = set(re.findall(r"(?:install_programs |locks\+?=\()(\w+)", words))
    assert units and units <= {unit.name for unit in UNITS}
    assert locks and all((DEPLOY / "locks" / f"{lock}.txt").exists() for lock in locks)


def test_every_unit_starts_a_command_of_ours_and_every_timer_has_its_service() -> None:
    commands = tomllib.loads((TREE / "pyproject.toml").read_text())["project"]["scripts"].keys()
    for unit in UNITS:
        if unit.suffix == ".timer":
            assert unit.with_suffix(".service") in UNITS
        elif "/opt/" in unit.read_text():
            started = re.search(r"^ExecStart=/opt/shelftalker/bin/([\w-]+)", unit.read_text(), re.MULTILINE)
            assert started and started[1] in commands

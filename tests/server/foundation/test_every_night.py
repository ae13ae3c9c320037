"""What is done every night is installed, enabled, and names a command there is."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import pytest

from server.cli import commands

UNITS = Path(__file__).parents[3] / "deploy" / "server"
TIMERS = sorted(path.stem for path in UNITS.glob("*.timer"))


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    parser.read_string((UNITS / name).read_text("utf-8"))
    return parser


def test_learning_is_among_it() -> None:
    assert {"shelftalker-train", "shelftalker-purge"} <= set(TIMERS)


@pytest.mark.parametrize("name", TIMERS)
def test_a_timer_starts_a_command_there_is_and_is_enabled(name: str) -> None:
    timer, service = unit(f"{name}.timer"), unit(f"{name}.service")
    assert timer["Timer"]["OnCalendar"]
    assert timer["Timer"]["Persistent"] == "true", "a night in which the machine was off is made up for"
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert timer["Timer"].get("Unit", f"{name}.service") == f"{name}.service"
    assert (service["Service"]["Type"], service["Service"]["User"]) == ("oneshot", "shelftalker")
    program, command, *_ = service["Service"]["ExecStart"].split()
    assert (Path(program).name, command in commands.commands) == ("shelftalker", True)
    install = (UNITS / "install").read_text("utf-8")
    [enabled] = [line for line in install.splitlines() if line.startswith("services=")]
    assert f"{name}.timer" in enabled
    assert 'systemctl enable "${services[@]}"' in install
    assert "deploy/server/*.timer" in install

"""The files a kiosk's installation puts in place: units that systemd takes, and a script without a slip."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

KIOSK = Path(__file__).parents[3] / "deploy/kiosk"
UNITS = sorted(KIOSK.glob("*.service"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """Verified with their programs replaced by one that exists: what they start is not installed here."""
    for unit in UNITS:
        text = re.sub(r"(?<=^ExecStart=)/\S+", "/bin/true", unit.read_text(), flags=re.M)
        (tmp_path / unit.name).write_text(text)
    verified = subprocess.run(
        ["systemd-analyze", "verify", *[str(tmp_path / unit.name) for unit in UNITS]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_script_installs_every_file_beside_it() -> None:
    script = (KIOSK / "install").read_text()
    others = {file.name for file in KIOSK.iterdir()} - {"install"}
    assert others, "there is nothing to install: this test would prove nothing"
    assert {name for name in others if f"deploy/kiosk/{name}" not in script} == set()


def test_the_script_is_valid_bash() -> None:
    subprocess.run(["bash", "-n", KIOSK / "install"], check=True)


def test_a_unit_starts_what_the_package_brings() -> None:
    programs = {
        line.split("=")[1].split()[0]
        for unit in UNITS
        for line in unit.read_text().splitlines()
        if line.startswith("ExecStart=")
    }
    scripts = (KIOSK.parents[1] / "pyproject.toml").read_text()
    ours = {Path(program).name for program in programs if program.startswith("/opt/shelftalker/")}
    assert ours == {name for name in ours if f"{name} = " in scripts} != set()

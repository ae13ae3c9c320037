"""What README.md tells a newcomer to type is there, and answers."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house_rules.house import TOP

PROGRAMS = ("deploy/", ".ci/", "shelftalker")
STANDS_FOR = {
    "deploy/demo": [sys.executable, "-m", "shop", "--help"],
    "deploy/bench": [sys.executable, "-m", "benches"],
    "deploy/test": ["deploy/prepare", "tests"],
}
"""What is run in place of a script that would open a shop, measure for minutes, or run these tests again."""


def commands() -> list[str]:
    """Return each command in README's code blocks and between backticks."""
    text = (TOP / "README.md").read_text("utf-8")
    blocks = re.findall(r"^ {4}(\S.*)$", text, re.M) + re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", text)
    return sorted({line for line in lines if line.startswith(PROGRAMS) and not line.endswith((".md", ".py", "/"))})


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(TOP / "deploy"), str(TOP)])
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    settings = {**os.environ, "PYTHONPATH": paths, "PATH": programs}
    return subprocess.run(command, cwd=TOP, env=settings, capture_output=True, text=True, timeout=100, check=False)


def test_the_readme_names_the_two_commands() -> None:
    assert {"deploy/demo", "deploy/test"} <= set(commands())


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_readme_exists_and_it_or_what_it_starts_answers(command: str) -> None:
    program, *words = shlex.split(command)
    if program.startswith("shelftalker"):
        named = [word for word in words[:1] if re.fullmatch(r"[a-z-]+", word) and not word.startswith("-")]
        answer = run([program, *named, "--help"])
        assert answer.returncode == 0, answer.stderr
        return
    path = TOP / program
    assert path.is_file(), f"README names {program}, which is not there"
    if not os.access(path, os.X_OK):
        return  # a file it points to, not a command
    assert run(["bash", "-n", program]).returncode == 0
    if program in STANDS_FOR:
        answer = run(STANDS_FOR[program])
        assert answer.returncode == 0, answer.stderr
    for word in words:
        if "/" in word and not word.startswith("-"):
            assert (TOP / word).exists(), f"README names {word}, which is not there"

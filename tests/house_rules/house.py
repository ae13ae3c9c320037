"""The checkout as the house rules see it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
ROOMS = ("hardware", "kiosk", "recommender", "server")


def tracked() -> list[Path]:
    """Return the files git knows, relative to the top."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=True, text=True)
    return [Path(name) for name in listed.stdout.split("\0") if name and (TOP / name).exists()]


def modules(*rooms: str) -> list[Path]:
    """Return the Python files of `rooms` (of the four packages where none is named)."""
    wanted = rooms or ROOMS
    return [path for path in tracked() if path.suffix == ".py" and path.parts[0] in wanted]


def tree(path: Path) -> ast.Module:
    """Return the parsed file."""
    return ast.parse((TOP / path).read_text("utf-8"))


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    """Yield every function of a file, methods and inner ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))

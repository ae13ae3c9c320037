"""`python -m tests.facts FILE…`: run facts files and print how many cases passed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.facts.forms import FORMS


class NoFacts(Exception):
    """Raised where a file is not there, or holds no cases of ours; the message says so."""


def read(path: Path) -> dict[str, Any]:
    """Return what a facts file holds; raises `NoFacts`."""
    try:
        facts = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be read as JSON: {error}"
        raise NoFacts(msg) from error
    if not isinstance(facts, dict) or "form" not in facts or not isinstance(facts.get("cases"), list):
        msg = f'{path} is no facts file: those are {{"form": …, "cases": […]}}.'
        raise NoFacts(msg)
    return facts


def run(path: Path) -> tuple[int, list[str]]:
    """Return how many cases passed, and a line for each that failed; a form not run yet fails whole.

    Raises `NoFacts`.
    """
    facts = read(path)
    judge = FORMS.get(facts["form"])
    if judge is None:
        return 0, [f"{path.name}: form {facts['form']} is not run yet"]
    passed, failures = 0, []
    for number, case in enumerate(facts["cases"]):
        verdict = judge(case)
        if verdict is None:
            continue
        expected, got = verdict
        if expected == got:
            passed += 1
        else:
            failures.append(f"{case.get('id', number)}: expected {expected}, got {got}")
    return passed, failures


def main(names: list[str]) -> int:
    """Run every file; return 1 if a case failed, 2 where no file was named or one holds no facts."""
    if not names:
        print("usage: python -m tests.facts FILE…", file=sys.stderr)
        return 2
    try:
        results = [run(Path(name)) for name in names]
    except NoFacts as error:
        print(error, file=sys.stderr)
        return 2
    failures = [line for _, lines in results for line in lines]
    print(f"{sum(passed for passed, _ in results)} passed, {len(failures)} failed")
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

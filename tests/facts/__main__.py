"""`python -m tests.facts FILE…`: run facts files and print how many cases passed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.facts.forms import FORMS


def run(path: Path) -> tuple[int, list[str]]:
    """Return how many cases passed, and a line for each that failed; a form not run yet fails whole."""
    facts = json.loads(path.read_text("utf-8"))
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
    """Run every file; return 1 if a case failed, 2 where no file was named."""
    if not names:
        print("usage: python -m tests.facts FILE…", file=sys.stderr)
        return 2
    results = [run(Path(name)) for name in names]
    failures = [line for _, lines in results for line in lines]
    print(f"{sum(passed for passed, _ in results)} passed, {len(failures)} failed")
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

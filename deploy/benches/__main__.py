"""List the benchmarks, or run one by name."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

PARTS = {
    "__main__",
    "at_work",
    "bare",
    "growing",
    "import_child",
    "least",
    "load",
    "machines",
    "silent",
    "spending",
    "train_child",
    "visiting",
}


def main(arguments: list[str]) -> int:
    """Run the benchmark named first and return its exit code; without a name, list what there is."""
    here = pkgutil.iter_modules([str(Path(__file__).parent)])
    names = sorted(one.name for one in here if not one.ispkg and one.name not in PARTS)
    if not arguments or arguments[0] not in names:
        for name in names:
            print(f"{name:10} {(importlib.import_module(f'benches.{name}').__doc__ or '').splitlines()[0]}")
        return 0 if not arguments or arguments[0] in ("-h", "--help") else 2
    return int(importlib.import_module(f"benches.{arguments[0]}").main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

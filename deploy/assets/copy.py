#!/usr/bin/env python3
"""Copy the front-end parts npm installed into the apps' static/vendor folders, each file's hash checked.

`copy.py` copies and refuses a file that is not the one in files.txt; `copy.py --write` writes the hashes
anew after package.json has changed. Needs the standard library only.
"""

import hashlib
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
MODULES = HERE / "node_modules"
FONT = "@fontsource/atkinson-hyperlegible-next"
WEIGHTS = [f"{script}-{weight}-normal.woff2" for script in ("latin", "latin-ext") for weight in (400, 600, 700)]

HTMX = {
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
}
LETTERS = {
    **{f"{FONT}/files/atkinson-hyperlegible-next-{name}": f"atkinson/{name}" for name in WEIGHTS},
    f"{FONT}/LICENSE": "atkinson/LICENSE",
}
CONSOLE = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
}
TESTS = {"axe-core/axe.min.js": "axe.min.js", "axe-core/LICENSE": "LICENSE"}
ROOMS = {
    "kiosk/static/vendor": LETTERS,
    "server/static/vendor": {**HTMX, **LETTERS, **CONSOLE},
    "tests/vendor": TESTS,
}


def main() -> int:
    """Copy every part; return 1 and say which file is wrong where one is."""
    sources = sorted({source for parts in ROOMS.values() for source in parts})
    hashes = {source: hashlib.sha256((MODULES / source).read_bytes()).hexdigest() for source in sources}
    listing = HERE / "files.txt"
    if "--write" in sys.argv:
        listing.write_text("".join(f"{hashes[source]}  {source}\n" for source in sources))
    wanted = {line.split()[1]: line.split()[0] for line in listing.read_text().splitlines()}
    wrong = sorted(source for source in sources if wanted.get(source) != hashes[source])
    if wrong:
        print("These front-end files are not the ones expected, nothing was copied: " + ", ".join(wrong))
        return 1
    for room, parts in ROOMS.items():
        for source, name in parts.items():
            goal = TOP / room / name
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(MODULES / source, goal)
    return 0


if __name__ == "__main__":
    sys.exit(main())

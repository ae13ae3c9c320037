"""Runs `shelftalker import` and writes down the peak memory, in KiB, of itself and of the child it started."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from server.catalogue.files.commands import import_file
from server.cli import TERMINAL

if __name__ == "__main__":
    told, kind, path = sys.argv[1:]
    import_file.main([kind, path], standalone_mode=False, obj=TERMINAL)
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    Path(told).write_text(json.dumps(peaks))

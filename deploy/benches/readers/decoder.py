"""Fuzz the NDEF decoder, led by the lines it reaches; anything but an outcome is a finding.

`python -m benches.readers.decoder [FOLDER…] -max_total_time=600` is a libFuzzer program: what reaches new lines is
added to the first folder.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

CORPUS = Path(__file__).parents[3] / "tests/hardware/corpus"
MISSING = "atheris is not installed, and only this sweep wants it: .venv/bin/python -m pip install atheris"


def sweep(seconds: int) -> dict[str, float]:
    """Fuzz for so many seconds from the corpus kept with the tests; return runs a second and findings."""
    with tempfile.TemporaryDirectory() as grown:
        command = [sys.executable, "-m", "benches.readers.decoder", grown, str(CORPUS)]
        limits = [
            f"-max_total_time={seconds}",
            "-max_len=4096",
            "-print_final_stats=1",
            f"-artifact_prefix={grown}/",
        ]
        done = subprocess.run([*command, *limits], capture_output=True, text=True, check=False)
    if MISSING in done.stderr:
        raise SystemExit(MISSING)
    runs = [int(line.split()[-1]) for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
    return {"seconds": seconds, "runs": sum(runs), "escapes": int(done.returncode != 0)}


def main() -> None:
    """Run libFuzzer on the decoder with this program's arguments."""
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        sys.exit(MISSING)
    with atheris.instrument_imports(include=["hardware"]):
        ndef, type2 = importlib.import_module("hardware.ndef"), importlib.import_module("hardware.type2")

    def once(content: bytes) -> None:
        for message in (content, type2.find_message(content)):
            outcome, uri = ndef.decode(message or b"")
            if uri is not None and outcome is not ndef.Outcome.OK:
                raise AssertionError(outcome)

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

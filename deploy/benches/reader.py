"""Readers: tag placed to event, reading against nfcpy's own way, coming back from faults, and longer sweeps."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping

from benches.readers import arriving, busy, decoder, fuzz, noise, recovering, together, wire

Figures = Mapping[str, object]
USUAL: dict[str, Callable[[int], Figures]] = {
    "arriving": arriving.measure,
    "wire": lambda taps: wire.measure(taps // 5),
    "recovering": recovering.measure,
    "together": together.measure,
}
SWEEPS: dict[str, tuple[Callable[[int], Figures], int, str]] = {
    "fuzz": (fuzz.sweep, 100_000, "taps of broken tags, through nfcpy in process"),
    "noise": (noise.sweep, 10_000, "polls with a fifth of all answers spoilt"),
    "busy": (busy.sweep, 10_000, "taps beside 16 busy processes"),
    "decoder": (decoder.sweep, 600, "seconds of atheris on the NDEF decoder"),
}
TAPS = 100


def main(arguments: list[str]) -> int:
    """Print the figures of the usual run, or of one sweep, which takes minutes."""
    about = "; ".join(f"{name}: {count:,} {what}" for name, (_, count, what) in SWEEPS.items())
    parser = argparse.ArgumentParser(prog="deploy/bench reader", epilog=f"sweeps: {about}")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sweep", choices=SWEEPS)
    parser.add_argument("--count", type=int, help="taps, polls or seconds, in place of the usual number")
    chosen = parser.parse_args(arguments)
    if chosen.sweep:
        sweep, usual, _ = SWEEPS[chosen.sweep]
        figures: Figures = {chosen.sweep: sweep(chosen.count or usual)}
    else:
        figures = {name: measure(chosen.count or TAPS) for name, measure in USUAL.items()}
    print(json.dumps(figures) if chosen.json else "\n".join(_lines(figures)))
    return 0


def _lines(figures: Figures, indent: str = "") -> list[str]:
    lines = []
    for name, figure in figures.items():
        if isinstance(figure, Mapping):
            lines += [f"{indent}{name}", *_lines(figure, indent + "  ")]
        else:
            said = f"{figure:.2f}" if isinstance(figure, float) else str(figure)
            lines.append(f"{indent + name:36}{said:>12}")
    return lines

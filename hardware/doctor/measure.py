"""How fast and how clean a reader reads what lies on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles

from hardware.radio import Radio, RadioError, ReaderBroken, TagGarbled
from hardware.tag import Outcome
from hardware.tap import TapEngine
from hardware.words import gettext as _


@dataclass(slots=True)
class Measured:
    """What was seen in `polls` looks: `garbled` ones, `silent` ones, and tags read in `milliseconds` each."""

    polls: int = 0
    garbled: int = 0
    silent: int = 0
    milliseconds: list[float] = field(default_factory=list)
    outcomes: Counter[Outcome] = field(default_factory=Counter)


def measure(radio: Radio, polls: int, clock: Callable[[], float]) -> Measured:
    """Look so many times, each time reading the tag that lies there; raises `ReaderBroken`."""
    measured, engine = Measured(), TapEngine(clock)
    for _look in range(polls):
        measured.polls += 1
        try:
            target = radio.sense()
            if target is None:
                measured.silent += 1
                continue
            read = engine.read(radio, target)
        except ReaderBroken:
            raise
        except TagGarbled:
            measured.garbled += 1
        except RadioError:
            measured.silent += 1
        else:
            measured.outcomes[read.outcome] += 1
            measured.milliseconds.append(read.milliseconds)
    return measured


def in_words(measured: Measured) -> list[str]:
    """Return the figures in lines."""
    share = 100 * measured.garbled / max(measured.polls, 1)
    lines = [
        _("%(polls)d looks: %(reads)d reads, %(silent)d without a tag, %(garbled)d garbled (%(share).1f %%)")
        % {
            "polls": measured.polls,
            "reads": len(measured.milliseconds),
            "silent": measured.silent,
            "garbled": measured.garbled,
            "share": share,
        }
    ]
    if measured.milliseconds:
        low, high = percentiles(measured.milliseconds)
        lines.append(_("read times: p50 %(low).1f ms, p95 %(high).1f ms") % {"low": low, "high": high})
        counts = ", ".join(f"{outcome} {count}" for outcome, count in sorted(measured.outcomes.items()))
        lines.append(_("outcomes: %(counts)s") % {"counts": counts})
    return lines


def percentiles(times: list[float]) -> tuple[float, float]:
    """Return the 50th and the 95th percentile."""
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return cuts[49], cuts[94]

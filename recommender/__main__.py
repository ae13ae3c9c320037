"""`python -m recommender`: measure a model on held-out sessions, or compare two."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import click
import numpy as np

from recommender.blend import Blend
from recommender.evaluation import Answers, answers_of, positions_of
from recommender.metrics import compared, report_of
from recommender.models import MODELS
from recommender.scorer import Ranker
from recommender.sessions import Sessions
from recommender.tap_files import BadTapFile, read_sessions

SEED = 20260101
WARM = 20
"""Calls made before the measured ones: the first compile or load machine code."""


@click.group()
def main() -> None:
    """Measure session models: TRAIN and TEST are CSV or Parquet with session_id, item_id, timestamp."""


def asking(command: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments that say what is asked of a model."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option("--min-prefix", default=1, show_default=True, help="Items seen before the first question."),
        click.option("--novel", is_flag=True, help="Ask only for items not yet seen, and list no others."),
        click.argument("test", type=click.Path(path_type=Path)),
        click.argument("train", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


@main.command()
@asking
@click.option("--model", type=click.Choice(list(MODELS)), default="blend", show_default=True)
def evaluate(train: Path, test: Path, *, model: str, as_json: bool, **asked: Any) -> None:
    """Fit MODEL on TRAIN and ask it about TEST. Times are processor time on one core."""
    past, late = _read(train, test, **asked)
    began = perf_counter()
    fitted = _fitted(model, past)
    fit_seconds = perf_counter() - began
    answers = _asked(fitted, late, **asked)
    report = report_of(answers, past, np.random.default_rng(SEED))
    _tell({"model": model, **asked, **report, "fit_seconds": fit_seconds}, as_json=as_json)


@main.command()
@asking
@click.option("--model", type=click.Choice(list(MODELS)), default="blend", show_default=True)
@click.option("--with", "other", type=click.Choice(list(MODELS)), default="session_knn", show_default=True)
def compare(train: Path, test: Path, *, model: str, other: str, as_json: bool, **asked: Any) -> None:
    """Fit two models on TRAIN, ask both the same of TEST, and tell the difference, paired by position."""
    past, late = _read(train, test, **asked)
    one, two = (_asked(_fitted(name, past), late, **asked) for name in (model, other))
    _tell({"model": model, "with": other, "n": len(one), **asked, **compared(one, two)}, as_json=as_json)


def _read(train: Path, test: Path, *, novel: bool, min_prefix: int) -> tuple[Sessions, Sessions]:
    try:
        past, late = read_sessions(train, test)
    except BadTapFile as error:
        raise click.ClickException(str(error)) from error
    if next(positions_of(late, novel=novel, min_prefix=min_prefix), None) is None:
        new = " that is new to it" if novel else ""
        msg = f"{test} asks nothing: none of its sessions goes on after {min_prefix} item(s) with one{new}."
        raise click.ClickException(msg)
    return past, late


def _fitted(name: str, past: Sessions) -> Ranker:
    model = MODELS[name]()
    with click.progressbar(length=100, label=f"fitting {name}", file=sys.stderr) as bar:
        if isinstance(model, Blend):
            model.on_step = lambda share: bar.update(round(100 * share) - bar.pos)
        return model.fit(past)


def _asked(model: Ranker, late: Sessions, *, novel: bool, min_prefix: int) -> Answers:
    positions = tuple(positions_of(late, novel=novel, min_prefix=min_prefix))
    answers_of(model, positions[:WARM], novel=novel)
    with click.progressbar(length=len(positions), label="asking", file=sys.stderr, update_min_steps=500) as bar:
        return answers_of(model, positions, novel=novel, clock=thread_time, on_answer=bar.update)


def _tell(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name:24} {value:.4f}" if isinstance(value, float) else f"{name:24} {value}")


if __name__ == "__main__":
    main()

"""The one door to Spark: the plan run on a cluster, or on this machine alone; needs the extra `spark`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shutil import rmtree

import numpy as np
from pyspark.sql import SparkSession

from server.recommendations.building import slices
from server.recommendations.building.plan import ENDS, KEPT, NEWEST, RESULTS, SPAN, VIEWS

AT_ONCE = 10_000_000
"""Looks sorted at once: what two threads of a Spark alone do in its 6 GB without working on disk for long."""


def alone(folder: Path, *, java: str = "") -> SparkSession:
    """Return a Spark on this machine alone, with two threads, what it spills in `folder`, and options for Java."""
    settings = {
        "spark.master": "local[2]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "6g",
        "spark.driver.extraJavaOptions": java,
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
    }
    return SparkSession.builder.config(map=settings).getOrCreate()


def build(
    spark: SparkSession,
    files: str,
    products: Sequence[str],
    *,
    folder: Path,
    newest: int = NEWEST,
    most: int = AT_ONCE,
) -> None:
    """Leave the index of Parquet `files` (columns of the plan's `look`) in a new `folder`, for `gathered_files`.

    In slices of about `most` looks, where there are more.
    """
    spark.read.parquet(files).createOrReplaceTempView("look")
    numbered = [(product, number) for number, product in enumerate(products)]
    spark.createDataFrame(numbered, "product string, number int").createOrReplaceTempView("item")
    kept: list[str] = []
    for some in slices.visits(spark.table("look").count(), most, hashed="xxhash64"):
        kept.append(str(folder / f"kept-{len(kept):05}"))
        spark.sql(KEPT.format(visits=some)).sortWithinPartitions("ended").write.parquet(kept[-1])
    spark.read.parquet(*kept).createOrReplaceTempView("kept")
    for number, ends in enumerate(slices.ends(_ends(spark), most)):
        made = {name: query.format(ends=ends, newest=newest) for name, query in VIEWS.items()}
        _leave(spark, made, folder / f"slice-{number:05}")
    for name in kept:
        rmtree(name)


def _ends(spark: SparkSession) -> dict[str, np.ndarray]:
    rows = spark.sql(ENDS.format(span=SPAN)).collect()
    return {name: np.array([row[name] for row in rows]) for name in ("span", "looks")}


def _leave(spark: SparkSession, made: dict[str, str], folder: Path) -> None:
    held = []
    for name, query in made.items():
        held.append(spark.sql(query).cache())
        held[-1].createOrReplaceTempView(name)
    for name in RESULTS:
        spark.table(name).write.parquet(str(folder / name))
    for one in held:
        one.unpersist()

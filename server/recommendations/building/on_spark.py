"""The one door to Spark: the plan run on a cluster, or on this machine alone; needs the extra `spark`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pyspark.sql import SparkSession

from server.recommendations.building.plan import NEWEST, RESULTS, VIEWS


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


def build(spark: SparkSession, files: str, products: Sequence[str], *, folder: Path, newest: int = NEWEST) -> None:
    """Leave the index of Parquet `files` (columns of the plan's `look`) in `folder`, for `gathered_files`."""
    spark.read.parquet(files).createOrReplaceTempView("look")
    numbered = [(product, number) for number, product in enumerate(products)]
    spark.createDataFrame(numbered, "product string, number int").createOrReplaceTempView("item")
    for name, query in VIEWS.items():
        spark.sql(query.format(newest=newest)).cache().createOrReplaceTempView(name)
    for name in RESULTS:
        spark.table(name).write.mode("overwrite").parquet(str(folder / name))

"""The same table in every engine, and the rows of any frame; Spark runs in local mode."""

import functools
import os
import shutil
import warnings

import narwhals as nw
import polars as pl
import pytest

__all__ = ["ENGINES", "ORDERED", "rows_of", "spark_session"]

JAVA = "Spark needs Java: apt-get install openjdk-17-jre-headless, or set JAVA_HOME"


@functools.cache
def spark_session():
    """Start Spark once for all tests: two cores, two partitions, no page, few words."""
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        if os.environ.get("CI"):
            pytest.fail(JAVA)
        pytest.skip(JAVA)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with warnings.catch_warnings():
        # Only while it starts: what pyspark imports of itself.
        warnings.simplefilter("ignore", DeprecationWarning)
        from pyspark.sql import SparkSession

        session = (
            SparkSession.builder.master("local[2]")
            .appName("futureindustry")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.default.parallelism", "2")
            .config("spark.log.level", "ERROR")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()
        )
    session.sparkContext.setLogLevel("ERROR")
    return session


def _spark(table):
    kinds = {
        pl.String: "string", pl.Int64: "bigint", pl.Float64: "double", pl.Date: "date",
        pl.Boolean: "boolean", pl.Datetime("us"): "timestamp_ntz",
    }  # fmt: skip
    said = ", ".join(f"`{name}` {kinds[kind]}" for name, kind in table.schema.items())
    return spark_session().createDataFrame(table.rows(), said)


def _dask(table):
    import dask.dataframe as dd

    return dd.from_pandas(table.to_pandas(), npartitions=2)


def _duckdb(table):
    import duckdb

    return duckdb.from_arrow(table.to_arrow())


ENGINES = {
    "polars": lambda table: table,
    "polars-lazy": lambda table: table.lazy(),
    "pandas": lambda table: table.to_pandas(),
    "pyarrow": lambda table: table.to_arrow(),
    "duckdb": _duckdb,
    "pyspark": _spark,
    "dask": _dask,
}
"""From a polars frame to the same table in an engine, by the engine's name."""
ORDERED = ("polars", "polars-lazy", "pandas", "pyarrow")
"""Engines whose rows have an order, and so numbers."""


def rows_of(native):
    """Give the rows of any frame as tuples, with None for each kind of missing."""
    import pandas as pd

    frame = nw.from_native(native)
    if frame.implementation.is_pyspark():
        rows = [tuple(row) for row in native.collect()]
    else:
        eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
        rows = list(eager.iter_rows())
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in rows]

"""
A table of any engine: read, distinct cells out, answers joined back, written.

The rows stay in the engine; Python sees each distinct combination of cells once. Frames come
through narwhals; files are read by polars. What the cells mean is decided in `dataset`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .errors import ColumnNotFound, MissingExtra, UnknownFormat, UnreadableData, nearest
from .report import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    # The texts of one combination of cells, None where missing; row numbers from 1.
    Cells = tuple[str | None, ...]
    Rows = tuple[int, ...]

__all__ = [
    "BLANK",
    "DATA_ENDINGS",
    "FIRST_ROWS",
    "columns_of",
    "distinct",
    "first_rows",
    "frame_of",
    "join_back",
    "need",
    "read_table",
    "rows_of",
    "tally",
    "texts",
    "write_table",
]

DATA_ENDINGS = (".csv", ".parquet", ".xlsx")
FIRST_ROWS = 5
BLANK = "\x00"  # stands for a missing cell where an engine joins none with none
_ROW = "__row"
_COUNT = "__count"


# Files


def read_table(
    path: Path | str, *, encoding: str | None = None, sheet: str | None = None
) -> tuple[Any, list[Finding]]:
    """
    Read a data file as a polars frame of texts (CSV) or of its own types.

    Args:
        path: CSV (delimiter , ; tab or |; UTF-8 with or without BOM, or GB18030), Parquet
            (a file, a folder or a glob; read lazily) or Excel.
        encoding: Of a CSV; found out if not given.
        sheet: Name of the sheet of an Excel file; the first if not given.

    Returns:
        The frame, and a finding (FI116) if the encoding was not UTF-8.

    Raises:
        UnreadableData: Missing, empty, binary, or of another kind.
        MissingExtra: polars is not installed.
    """
    try:
        import polars as pl
    except ImportError:
        raise MissingExtra("reading data files", "tables") from None
    text = str(path)
    path = Path(path)
    suffix = path.suffix.lower()
    globbed = any(ch in text for ch in "*?[")
    if not globbed and not path.exists():
        hint = (
            nearest(path.name, (p.name for p in path.parent.glob("*")))
            if path.parent.is_dir()
            else []
        )
        more = f'; did you mean "{hint[0]}"?' if hint else ""
        raise UnreadableData(f"no file {path}{more}")
    try:
        if path.is_dir():
            if not any(path.glob("**/*.parquet")):
                raise UnreadableData(f"{path} is a folder without Parquet files")
            return _scan(str(path / "**/*.parquet")), []
        if suffix in (".parquet", ".pq"):
            return _scan(text), []
        if suffix in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"):
            return _read_excel(path, sheet), []
        if suffix in (".csv", ".tsv", ".txt"):
            return _read_csv(path, encoding)
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise UnreadableData(f"{path} cannot be read: {reason}") from None
    except OSError as error:
        raise UnreadableData(f"{path} cannot be read: {error.strerror or error}") from None
    raise UnreadableData(
        f'{path} is no CSV, Parquet or Excel file (ends in "{suffix or path.name}")'
    )


def _scan(pattern: str) -> Any:
    """Scan Parquet files; a broken one is told now, not in the middle of a run."""
    import polars as pl

    frame = pl.scan_parquet(pattern)
    frame.collect_schema()
    return frame


def _read_csv(path: Path, encoding: str | None) -> tuple[Any, list[Finding]]:
    import io

    import polars as pl

    content = path.read_bytes()
    if not content.strip():
        raise UnreadableData(f"{path} is empty")
    if content[:4] == b"PAR1" or content[:2] == b"PK" or b"\x00" in content[:4096]:
        raise UnreadableData(f"{path} is a binary file, no CSV; give it the ending of its format")
    findings: list[Finding] = []
    used = encoding or "utf-8"
    try:
        text = content.decode("utf-8-sig" if used.lower() in ("utf-8", "utf8") else used)
    except LookupError:
        raise UnreadableData(f'no encoding "{encoding}"; try utf-8 or gb18030') from None
    except UnicodeDecodeError as error:
        if encoding:
            raise UnreadableData(
                f"{path} is not {encoding} (byte {error.start}); leave the encoding out to have it found"
            ) from None
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise UnreadableData(
                f"{path} is neither UTF-8 (byte {error.start}) nor GB18030; save it as UTF-8"
            ) from None
        said = {
            "en": f"{path.name} is not UTF-8 (byte {error.start}); it was read as GB18030",
            "zh": f"{path.name} 不是 UTF-8(第 {error.start} 字节),已按 GB18030 读取",
        }
        findings.append(Finding("FI116", facts={"text": said}))
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t|", key=head.count)
    frame = pl.read_csv(io.BytesIO(text.encode()), separator=delimiter, infer_schema=False)
    return frame, findings


def _read_excel(path: Path, sheet: str | None) -> Any:
    import polars as pl

    try:
        options: dict[str, Any] = {"sheet_name": sheet} if sheet else {}
        frame = pl.read_excel(path, infer_schema_length=None, **options)
    except ImportError:
        raise MissingExtra("reading Excel files", "tables") from None
    except pl.exceptions.NoDataError:
        raise UnreadableData(f"{path} has no rows") from None
    except (ValueError, pl.exceptions.PolarsError) as error:
        raise UnreadableData(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    except Exception as error:  # the reader has an error type of its own
        if type(error).__module__.split(".")[0] not in ("fastexcel", "_fastexcel"):
            raise
        raise UnreadableData(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    if unnamed := [name for name in frame.columns if name.startswith("__UNNAMED__")]:
        raise UnreadableData(
            f"{path}: {len(unnamed)} columns have no name in the first row, as merged header cells leave "
            "them; keep one header row with a name for each column"
        )
    return frame


def write_table(frame: Any, path: Path | str) -> Path:
    """
    Write a frame as CSV, Parquet or Excel, by the ending; whole or not at all.

    Raises:
        UnknownFormat: Another ending.
        MissingExtra: polars (or its Excel writer) is not installed.
    """
    import os

    import narwhals as nw

    path = Path(os.path.realpath(path))
    suffix = path.suffix.lower()
    if suffix not in DATA_ENDINGS:
        raise UnknownFormat(f'no format for "{path.name}"; end it in {", ".join(DATA_ENDINGS)}')
    try:
        import polars as pl
    except ImportError:
        raise MissingExtra("writing data files", "tables") from None
    wrapped = nw.from_native(frame)
    eager = wrapped.collect() if isinstance(wrapped, nw.LazyFrame) else wrapped
    table: pl.DataFrame = eager.to_polars()
    beside = path.with_name(f".{path.stem}.{os.getpid()}.part{suffix}")
    try:
        if suffix == ".csv":
            # The mark lets Excel see that the text is UTF-8.
            table.write_csv(beside, include_bom=True)
        elif suffix == ".parquet":
            table.write_parquet(beside)
        else:
            try:
                table.write_excel(beside, autofit=True)
            except ImportError:
                raise MissingExtra("writing Excel files", "tables") from None
        beside.replace(path)
    except OSError as error:
        # The engine's own text names the file that stands beside until it is whole.
        reason = error.strerror or str(error).partition(" (os error")[0]
        raise UnreadableData(f"{path} cannot be written: {reason}") from None
    finally:
        beside.unlink(missing_ok=True)
    return path


# Distinct cells


def frame_of(
    data: Any, encoding: str | None = None, sheet: str | None = None
) -> tuple[Any, list[Finding]]:
    """
    Wrap a frame of any engine, or read a file; see `read_table`.

    Raises:
        UnreadableData: No frame of a known engine, or a file that cannot be read.
    """
    import narwhals as nw

    findings: list[Finding] = []
    if isinstance(data, (str, Path)):
        data, findings = read_table(data, encoding=encoding, sheet=sheet)
    try:
        return nw.from_native(data), findings
    except TypeError:
        raise UnreadableData(
            f"{type(data).__name__} is no data frame; pass a path, or a frame of polars, pandas, "
            "pyarrow, DuckDB, Spark or Dask"
        ) from None


def columns_of(frame: Any) -> list[str]:
    """Give the names of the columns."""
    return list(frame.collect_schema().names())


def need(columns: Sequence[str], *wanted: str | None) -> None:
    """
    Refuse names of columns that are not there; None asks for nothing.

    Raises:
        ColumnNotFound: With the nearest column.
    """
    for name in wanted:
        if name is not None and name not in columns:
            raise ColumnNotFound(name, columns)


def texts(frame: Any, names: Sequence[str]) -> list[Any]:
    """Give expressions that make the columns texts, keeping those that are."""
    import narwhals as nw

    schema = frame.collect_schema()
    return [nw.col(n) if schema[n] == nw.String else nw.col(n).cast(nw.String) for n in names]


def rows_of(frame: Any) -> Iterator[tuple[Any, ...]]:
    """Give the rows as tuples; collects a lazy frame, so ask for few."""
    import narwhals as nw

    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    yield from eager.iter_rows(named=False)


def _missing(cell: Any) -> bool:
    # pandas has a missing value of its own, which equals nothing and says so by its type.
    return (
        cell is None
        or type(cell).__name__ == "NAType"
        or (
            isinstance(cell, float) and cell != cell  # noqa: PLR0124 - not a number
        )
    )


def distinct(frame: Any, names: Sequence[str], *, least: int = 1) -> dict[Cells, int]:
    """Count the rows of each distinct combination of cells that has `least` of them, sorted."""
    import narwhals as nw

    counted = frame.select(texts(frame, names)).group_by(list(names)).agg(nw.len().alias(_COUNT))
    if least > 1:
        counted = counted.filter(nw.col(_COUNT) >= least)
    return _by_cells({_cells(row[:-1]): int(row[-1]) for row in rows_of(counted)})


def _cells(values: Sequence[Any]) -> Cells:
    return tuple(None if _missing(value) else str(value) for value in values)


def _by_cells(found: dict[Cells, int]) -> dict[Cells, int]:
    return dict(sorted(found.items(), key=lambda pair: tuple(cell or "" for cell in pair[0])))


def tally(frame: Any, names: Sequence[str]) -> tuple[dict[Cells, int], dict[Cells, Rows] | None]:
    """
    Count the rows of each distinct combination of cells and, in polars, keep its first rows.

    Polars gives both in one scan; elsewhere the rows of the few combinations that are wrong
    are cheaper to look up afterwards.
    """
    if not frame.implementation.is_polars():
        return distinct(frame, names), None
    import polars as pl

    narrow = frame.select(texts(frame, names)).lazy().to_native()
    counted = (
        narrow.with_row_index(_ROW, offset=1)
        .group_by(names)
        .agg(pl.len().alias(_COUNT), pl.col(_ROW).head(FIRST_ROWS))
        .collect()
    )
    counts: dict[Cells, int] = {}
    rows: dict[Cells, Rows] = {}
    for *values, count, first in counted.iter_rows():
        cells = _cells(values)
        counts[cells] = count
        rows[cells] = tuple(first)
    return _by_cells(counts), rows


def first_rows(frame: Any, names: Sequence[str], wanted: Sequence[Cells]) -> dict[Cells, Rows]:
    """Give the first few row numbers of each combination; nothing on an engine without an order."""
    import narwhals as nw

    if not wanted:
        return {}
    if isinstance(frame, nw.LazyFrame):
        if not frame.implementation.is_polars():
            return {}
        numbered = nw.from_native(frame.to_native().with_row_index(_ROW, offset=1))
    else:
        numbered = frame.with_row_index(_ROW).with_columns((nw.col(_ROW) + 1).alias(_ROW))
    cells = [
        expr.fill_null(BLANK).alias(name)
        for expr, name in zip(texts(frame, names), names, strict=True)
    ]
    narrow = numbered.select(nw.col(_ROW), *cells)
    bad = {
        name: [BLANK if key[n] is None else key[n] for key in wanted]
        for n, name in enumerate(names)
    }
    table = nw.from_dict(bad, backend=narrow.implementation)
    wanted_rows: Any = table.lazy() if isinstance(narrow, nw.LazyFrame) else table
    joined = narrow.join(wanted_rows, on=list(names), how="semi")
    if isinstance(joined, nw.LazyFrame):
        joined = joined.collect()
    found: dict[Cells, list[int]] = {}
    left = joined
    # Engines differ in what they rank within groups; all of them know a minimum.
    for _ in range(FIRST_ROWS):
        firsts = left.group_by(list(names)).agg(nw.col(_ROW).min())
        taken = []
        for *values, row in firsts.select(*names, _ROW).iter_rows(named=False):
            key = tuple(None if v == BLANK else v for v in values)
            found.setdefault(key, []).append(int(row))
            taken.append(int(row))
        left = left.filter(~nw.col(_ROW).is_in(taken))
        if left.is_empty():
            break
    return {key: tuple(rows) for key, rows in found.items()}


# Answers


def join_back(
    frame: Any, names: Sequence[str], table: Mapping[str, list[Any]], added: Sequence[str]
) -> Any:
    """Join the answers to the rows, in the engine of the data and in the order of the data."""
    import narwhals as nw

    schema: dict[str, Any] = {
        name: nw.Float64 if name == "sector_weight" else nw.String for name in table
    }
    lazy = isinstance(frame, nw.LazyFrame)
    keys = [f"__{name}" for name in names]
    filled = [
        expr.fill_null(BLANK).alias(key)
        for expr, key in zip(texts(frame, names), keys, strict=True)
    ]
    if frame.implementation.is_polars():
        return _join_in_polars(frame, names, table, keys)
    if lazy:
        answers_frame = _lazy_answers(frame, table, schema)
        return (
            frame.with_columns(*filled)
            .join(answers_frame, on=keys, how="left")
            .drop(keys)
            .to_native()
        )
    numbered = frame.with_row_index(_ROW).with_columns(*filled)
    order = nw.from_dict(
        {**table, "__order": list(range(len(table[keys[0]])))},
        {**schema, "__order": nw.Int64},
        backend=frame.implementation,
    )
    joined = numbered.join(order, on=keys, how="left").sort(_ROW, "__order")
    return joined.select(*columns_of(frame), *added).to_native()


def _join_in_polars(
    frame: Any, names: Sequence[str], table: Mapping[str, list[Any]], keys: Sequence[str]
) -> Any:
    """Join as `join_back` does; polars matches missing with missing and keeps the order itself."""
    import polars as pl

    native = frame.to_native()
    types = {name: pl.Float64 if name == "sector_weight" else pl.String for name in table}
    answers = pl.LazyFrame(table, schema=types).with_columns(
        pl.when(pl.col(key) != BLANK).then(pl.col(key)).alias(key) for key in keys
    )
    schema = native.collect_schema()
    odd = [name for name in names if schema[name] != pl.String]
    helped = {name: f"__text {name}" for name in odd}
    joined = (
        native.lazy()
        .with_columns(pl.col(name).cast(pl.String).alias(helped[name]) for name in odd)
        .join(
            answers,
            left_on=[helped.get(name, name) for name in names],
            right_on=keys,
            how="left",
            nulls_equal=True,
            maintain_order="left_right",
        )
        .drop(helped.values())
    )
    return joined if isinstance(native, pl.LazyFrame) else joined.collect()


def _lazy_answers(frame: Any, table: Mapping[str, list[Any]], schema: Mapping[str, Any]) -> Any:
    """Bring the table of answers into a lazy engine."""
    import narwhals as nw

    implementation = frame.implementation
    if implementation.is_duckdb():
        import duckdb
        import pyarrow as pa

        types = {nw.String: pa.string(), nw.Float64: pa.float64()}
        arrow = pa.table({k: pa.array(v, types[schema[k]]) for k, v in table.items()})
        return nw.from_native(duckdb.from_arrow(arrow))
    if implementation.is_pyspark() or implementation.is_pyspark_connect():
        session = frame.to_native().sparkSession
        kinds = {nw.String: "string", nw.Float64: "double"}
        said = ", ".join(f"`{k}` {kinds[schema[k]]}" for k in table)
        rows = list(zip(*table.values(), strict=True))
        return nw.from_native(session.createDataFrame(rows, said))
    if implementation.is_dask():
        import dask.dataframe as dd
        import pandas as pd

        return nw.from_native(dd.from_pandas(pd.DataFrame(dict(table)), npartitions=1))
    raise UnreadableData(f"{implementation} frames are not recoded yet; collect the data first")

"""
Validate and recode a table of any engine.

The distinct cells go out, the answers are joined back: Python sees each distinct label (with
its park, date, tier and code) once, the rows stay in the engine. Frames come through
narwhals; files are read by polars. What a label means is decided in `names`, what is wrong
with it in the table of rules (`report`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from .errors import (
    ColumnExists,
    ColumnNotFound,
    FutureIndustryError,
    MissingExtra,
    NotAllocated,
    UnknownFormat,
    UnknownScheme,
    UnreadableData,
    nearest,
)
from .mapping import Network, best_items
from .model import Item, Scheme, last_day
from .names import Resolution, among, related, resolver, shown, tier_named, tier_shown
from .relation import Relation
from .report import Finding, Report
from .store import as_scheme, catalog
from .text import SUSPICIOUS, clean, describe_character, is_number_like, odd_characters, oddities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    Policy = Literal["keep", "explode", "weight", "reject"]
    # The texts of one combination of cells, None where missing; row numbers from 1.
    Cells = tuple[str | None, ...]
    Rows = tuple[int, ...]

__all__ = ["DATA_ENDINGS", "POLICIES", "read_table", "recode", "validate", "write_table"]

DATA_ENDINGS = (".csv", ".parquet", ".xlsx")
POLICIES = ("keep", "explode", "weight", "reject")
FIRST_ROWS = 5
ADDED = ("sector_code", "sector_label", "sector_relation", "sector_outcome")
_ROW = "__row"
_COUNT = "__count"
_BLANK = "\x00"
LANGUAGES: tuple[Literal["zh", "en"], ...] = ("zh", "en")


# Reading and writing tables


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


@attrs.frozen
class _Roles:
    """Which column says what; None where the data has no such column."""

    sector: str
    code: str | None = None
    park: str | None = None
    date: str | None = None
    tier: str | None = None
    value: str | None = None
    key: tuple[str, ...] = ()

    @property
    def context(self) -> tuple[str, ...]:
        """Columns that decide what a label means, the sector first."""
        found = (self.sector, self.code, self.park, self.date, self.tier)
        return tuple(dict.fromkeys(name for name in found if name))


def _frame(
    data: Any, encoding: str | None = None, sheet: str | None = None
) -> tuple[Any, list[Finding]]:
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


def _columns(frame: Any) -> list[str]:
    return list(frame.collect_schema().names())


def _need(columns: Sequence[str], *wanted: str | None) -> None:
    for name in wanted:
        if name is not None and name not in columns:
            raise ColumnNotFound(name, columns)


def _texts(frame: Any, names: Sequence[str]) -> list[Any]:
    """Give expressions that make the columns texts, keeping those that are."""
    import narwhals as nw

    schema = frame.collect_schema()
    return [nw.col(n) if schema[n] == nw.String else nw.col(n).cast(nw.String) for n in names]


def _rows_of(frame: Any) -> Iterator[tuple[Any, ...]]:
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


def _distinct(frame: Any, names: Sequence[str], *, least: int = 1) -> dict[Cells, int]:
    """Count the rows of each distinct combination of cells that has `least` of them, sorted."""
    import narwhals as nw

    counted = frame.select(_texts(frame, names)).group_by(list(names)).agg(nw.len().alias(_COUNT))
    if least > 1:
        counted = counted.filter(nw.col(_COUNT) >= least)
    return _by_cells({_cells(row[:-1]): int(row[-1]) for row in _rows_of(counted)})


def _cells(values: Sequence[Any]) -> Cells:
    return tuple(None if _missing(value) else str(value) for value in values)


def _by_cells(found: dict[Cells, int]) -> dict[Cells, int]:
    return dict(sorted(found.items(), key=lambda pair: tuple(cell or "" for cell in pair[0])))


def _tally(frame: Any, names: Sequence[str]) -> tuple[dict[Cells, int], dict[Cells, Rows] | None]:
    """
    Count the rows of each distinct combination of cells and, in polars, keep its first rows.

    Polars gives both in one scan; elsewhere the rows of the few combinations that are wrong
    are cheaper to look up afterwards.
    """
    if not frame.implementation.is_polars():
        return _distinct(frame, names), None
    import polars as pl

    texts = frame.select(_texts(frame, names)).lazy().to_native()
    counted = (
        texts.with_row_index(_ROW, offset=1)
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


def _first_rows(frame: Any, names: Sequence[str], wanted: Sequence[Cells]) -> dict[Cells, Rows]:
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
        expr.fill_null(_BLANK).alias(name)
        for expr, name in zip(_texts(frame, names), names, strict=True)
    ]
    narrow = numbered.select(nw.col(_ROW), *cells)
    bad = {
        name: [_BLANK if key[n] is None else key[n] for key in wanted]
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
            key = tuple(None if v == _BLANK else v for v in values)
            found.setdefault(key, []).append(int(row))
            taken.append(int(row))
        left = left.filter(~nw.col(_ROW).is_in(taken))
        if left.is_empty():
            break
    return {key: tuple(rows) for key, rows in found.items()}


# What a row means


@attrs.frozen
class _Answer:
    """What one distinct combination of cells means."""

    resolution: Resolution | None
    scheme: Scheme | None
    finding: Finding | None = None


class _Judge:
    """Chooses the scheme of a row and resolves its label in it."""

    def __init__(self, scheme: Scheme | str | None, roles: _Roles) -> None:
        if scheme is None and roles.park is None:
            raise FutureIndustryError(
                "say which scheme the labels belong to: scheme=, or park= for a file of several parks"
            )
        self.scheme = None if scheme is None else as_scheme(scheme)
        self.roles = roles
        self._chosen: dict[tuple[str | None, str | None], Scheme | Finding | None] = {}
        self.used: dict[str, None] = {}

    def choose(self, park: str | None, date: str | None) -> Scheme | Finding | None:
        """Give the scheme for a park and a date, or the finding that there is none."""
        if (park, date) not in self._chosen:
            self._chosen[park, date] = self._choose(park, date)
        found = self._chosen[park, date]
        if isinstance(found, Scheme):
            self.used[found.id] = None
        return found

    def _choose(self, park: str | None, date: str | None) -> Scheme | Finding | None:
        roles, store = self.roles, catalog()
        issuer = None
        if roles.park is not None:
            if park is None or not park.strip():
                if self.scheme is None:
                    return Finding("FI114", roles.park)
            else:
                issuer = store.issuers.named(park)
                if issuer is None:
                    hint = store.issuers.nearest(park)
                    near = {
                        "en": f"; nearest: {hint}" if hint else "",
                        "zh": f",相近名称:{hint}" if hint else "",
                    }
                    return Finding(
                        "FI109",
                        roles.park,
                        park,
                        suggestion=hint,
                        facts={"park": park, "nearest": near},
                    )
        try:
            scheme = self.scheme or store.load(store.principal(issuer.id if issuer else ""))
            if date is None or not date.strip():
                return scheme
            return store.load(scheme.series, as_of=_as_date(date)) if scheme.origin else scheme
        except (UnknownScheme, ValueError) as error:
            return Finding(
                "FI110", roles.date or roles.park, date or park, facts={"reason": str(error)}
            )

    def answer(self, cells: Mapping[str, str | None]) -> _Answer:
        """Resolve the label of one combination of cells."""
        roles = self.roles
        chosen = self.choose(
            cells[roles.park] if roles.park else None, cells[roles.date] if roles.date else None
        )
        if not isinstance(chosen, Scheme):
            return _Answer(None, None, chosen)
        label = cells[roles.sector]
        if label is None or not label.strip():
            return _Answer(None, chosen)
        tier = cells[roles.tier] if roles.tier else None
        found = resolver(chosen).resolve(label, tier=tier or None)
        code = (cells[roles.code] or "").strip() if roles.code else ""
        return _Answer(among(found, lambda item: item.code == code) if code else found, chosen)


def _as_date(text: str) -> str:
    """Read a date cell: ISO 8601, reduced; a year, 2024年5月, 2024/5/1, 2024-Q2."""
    found = re.search(
        r"(\d{4})(?:\s*[-/.年]\s*(?:Q([1-4])|(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?)?)?", text.strip()
    )
    if not found:
        raise ValueError(f'"{text}" is no date; write YYYY, YYYY-MM or YYYY-MM-DD')
    year, quarter, month, day = found.groups()
    if quarter:
        month, day = str(int(quarter) * 3), None
    parts = [year, *(f"{int(p):02d}" for p in (month, day) if p)]
    last_day("-".join(parts))
    return "-".join(parts)


# Findings


def _shown(item: Item) -> dict[str, str]:
    return {lang: shown(item, lang) for lang in LANGUAGES}


def _judge_label(r: Resolution, column: str, cell: str) -> Iterator[Finding]:
    """Give the findings about one resolved label; a list gives those of its parts."""
    if r.parts:
        for part in r.parts:
            yield from _judge_label(part, column, cell)
        return
    facts: dict[str, Any] = {"label": r.label, "scheme": r.scheme}
    item = r.item
    if r.outcome == "unknown":
        names = [c.name for c in r.candidates]
        facts["nearest"] = {
            "en": f"; nearest: {', '.join(names)}" if names else "",
            "zh": f",相近名称:{'、'.join(names)}" if names else "",
        }
        yield Finding("FI101", column, cell, suggestion=names[0] if names else None, facts=facts)
    elif r.outcome == "ambiguous":
        items = [c.item for c in r.candidates if c.item]
        facts["candidates"] = {
            "en": ", ".join(shown(i, "en") for i in items),
            "zh": "、".join(shown(i, "zh") for i in items),
        }
        yield Finding("FI102", column, cell, facts=facts)
    elif r.outcome == "outside":
        facts["concept"] = {lang: r.concept_shown(lang) for lang in LANGUAGES}
        yield Finding("FI103", column, cell, facts=facts)
    elif item is not None:
        facts["item"] = _shown(item)
        official = item.label.get("zh") or item.label.show("en")
        if r.relation != "equals":
            facts["said"] = {
                lang: related(r.label, r.relation or "", item, lang) for lang in LANGUAGES
            }
            yield Finding("FI105", column, cell, facts=facts)
        elif clean(r.label) not in (*item.label.values(), item.code):
            yield Finding("FI104", column, cell, suggestion=official, facts=facts)
        if r.outcome == "open":
            above = item if item.open else next(i for i in item.ancestors if i.open)
            facts["tier"] = {lang: tier_shown(above, lang) for lang in LANGUAGES}
            yield Finding("FI106", column, cell, facts=facts)
    for step in r.steps:
        if step.kind == "repair":
            yield Finding("FI116", column, cell, suggestion=step.after,
                          facts={"text": {lang: step.sentence(lang) for lang in LANGUAGES}})  # fmt: skip


def _judge_row(
    answer: _Answer, roles: _Roles, cells: Mapping[str, str | None]
) -> Iterator[Finding]:
    """Give the findings about one combination of cells."""
    label = cells[roles.sector]
    if answer.finding is not None:
        yield answer.finding
        return
    r, scheme = answer.resolution, answer.scheme
    if r is None or scheme is None or label is None:
        yield Finding("FI114", roles.sector)
        return
    found = list(_judge_label(r, roles.sector, label))
    if r.outcome == "outside" and roles.date and cells[roles.date] and scheme.origin:
        newest = scheme.origin.load(scheme.series)
        if newest.id != scheme.id and (later := resolver(newest).resolve(label)).item:
            facts = {
                "label": label,
                "scheme": scheme.id,
                "date": cells[roles.date] or "",
                "other": later.scheme,
            }
            found = [Finding("FI107", roles.sector, label, facts=facts)]
    yield from found
    if SUSPICIOUS & set(oddities(label)):
        characters = ", ".join(dict.fromkeys(map(describe_character, odd_characters(label))))
        facts = {"label": clean(label), "characters": characters}
        yield Finding("FI115", roles.sector, label, suggestion=clean(label), facts=facts)
    if roles.tier and (tier := cells[roles.tier]) and r.item is not None:
        wanted = tier_named(scheme, tier)
        if wanted is None or wanted not in (r.item, *r.item.ancestors):
            placing: dict[str, Any] = {"label": label, "item": _shown(r.item), "tier": tier}
            yield Finding("FI108", roles.tier, label, facts=placing)
    if roles.code and (code := cells[roles.code]) and code.strip():
        coded = scheme.get(code.strip())
        if r.item is not None and (coded is None or coded.code != r.item.code):
            none = {"en": f"no code of {scheme.id}", "zh": f"非{scheme.id}的代码"}
            coding: dict[str, Any] = {"code": code, "label": label, "item": _shown(r.item)}
            coding["coded"] = _shown(coded) if coded else none
            yield Finding("FI117", roles.code, code, suggestion=r.item.code, facts=coding)


_PLAIN_NUMBER = r"^[-+]?\d+(?:\.\d+)?$"
_NUMBER = r"[-+]?\d[\d,\uff0c]*(?:\.\d+)?(?:[eE][-+]?\d+)?"
_AMOUNT = re.compile(
    r"(?:约|近|逾|超过?|达到?|大约|不足|最高|最低|至少|至多|[≥≤><~])?\s*"
    rf"{_NUMBER}\s*%?(?:\s*[-\u2014\u2013~\uff5e至到]{{1,2}}\s*{_NUMBER})?\s*(?:余|多|以上|左右|以内)?\s*"
    r"[十百千万亿]*\s*(?:余|多)?\s*"
    r"(?:元|美元|人民币|家|个|项|人|户|亩|平方米|公里|吨|台|件|[%\uff05‰])?\s*(?:[/每]\s*[年月日])?\s*"
    r"(?:以上|左右|以内|余)?"
)


def _is_amount(text: str) -> bool:
    return _AMOUNT.fullmatch(text.strip()) is not None


@attrs.define
class _Gathered:
    """A finding with the rows and the combinations of cells that it was made for."""

    finding: Finding
    count: int = 0
    places: list[Cells] = attrs.field(factory=list)


def validate(
    data: Any,
    *,
    scheme: Scheme | str | None = None,
    sector: str = "行业",
    code: str | None = None,
    park: str | None = None,
    date: str | None = None,
    tier: str | None = None,
    value: str | None = None,
    key: str | Sequence[str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Report:
    """
    Say what is wrong with the labels of a dataset.

    Args:
        data: A frame of polars (eager or lazy), pandas, pyarrow, DuckDB, Spark or Dask; or the
            path of a CSV, Parquet or Excel file.
        scheme: The scheme, or its id. May be left out where `park` is given.
        sector: Column with the label; a cell may hold a list.
        code: Column with a code beside the label; checked against it (FI117).
        park: Column whose value names the issuer and so picks its principal scheme.
        date: Column with the date; picks the version in force then.
        tier: Column that names the tier; settles names that occur in two.
        value: Column with an amount; also switches on FI112.
        key: Column or columns that identify a row (FI111).
        encoding: Of a CSV file; found out if not given.
        sheet: Name of the sheet of an Excel file; the first if not given.

    Returns:
        The report: the same findings in the same order on every engine. Row numbers count
        from 1 and are left out on engines without an order.

    Raises:
        ColumnNotFound: With the nearest column.
        UnknownScheme: With the nearest scheme.
        UnreadableData: The file cannot be read.

    Examples:
        >>> import futureindustry as fi, polars as pl
        >>> data = pl.DataFrame({"行业": ["量子信息", "量子科技", "电机"]})
        >>> report = fi.validate(data, scheme="hefei-htz/future-industries")
        >>> report.ok, [(f.rule, f.value) for f in report.findings]
        (False, [('FI103', '电机'), ('FI104', '量子科技')])
    """
    frame, findings = _frame(data, encoding, sheet)
    keys = (key,) if isinstance(key, str) else tuple(key or ())
    roles = _Roles(sector, code, park, date, tier, value, keys)
    _need(_columns(frame), *roles.context, value, *keys)
    judge = _Judge(scheme, roles)
    names = roles.context
    counts, first_rows = _tally(frame, names)
    rows = sum(counts.values())
    if not rows:
        raise UnreadableData("the data has a header but no rows")
    outcomes: dict[str, int] = {}
    gathered: dict[tuple[object, ...], _Gathered] = {}
    meant: dict[Cells, tuple[Cells, Item]] = {}
    for cells, count in counts.items():
        by_name = dict(zip(names, cells, strict=True))
        answer = judge.answer(by_name)
        outcome = answer.resolution.outcome if answer.resolution else "missing"
        outcomes[outcome] = outcomes.get(outcome, 0) + count
        if answer.resolution and answer.resolution.item:
            group = tuple(by_name[n] for n in (park, date) if n)
            meant[cells] = (group, answer.resolution.item)
        told = {
            (finding.rule, finding.column, finding.value, str(finding.facts)): finding
            for finding in _judge_row(answer, roles, by_name)
        }
        for same, finding in told.items():
            if same not in gathered:
                gathered[same] = _Gathered(finding)
            gathered[same].count += count
            gathered[same].places.append(cells)
    if not outcomes.keys() - {"unknown", "missing"}:
        _refuse_numbers(counts, sector)
    wrong = list(dict.fromkeys(cells for g in gathered.values() for cells in g.places))
    where = _first_rows(frame, names, wrong) if first_rows is None else first_rows
    for g in gathered.values():
        numbers = sorted(n for cells in g.places for n in where.get(cells, ()))
        findings.append(attrs.evolve(g.finding, count=g.count, rows=tuple(numbers[:FIRST_ROWS])))
    if value:
        findings += _parents_and_parts(frame, names, value, meant)
        findings += _amounts(frame, value)
    if keys:
        findings += _duplicates(frame, keys)
    return Report(
        findings, rows, ", ".join(sorted(judge.used)), dict(sorted(outcomes.items())), len(counts)
    )


def _refuse_numbers(counts: Mapping[Cells, int], sector: str) -> None:
    labels = {cells[0] for cells in counts if cells[0] and cells[0].strip()}
    if labels and all(is_number_like(label) for label in labels) and len(labels) > 3:
        raise UnreadableData(
            f'the column "{sector}" holds numbers ({", ".join(sorted(labels)[:3])}, …), no names of '
            "industries; pass the column with the names as sector"
        )


def _parents_and_parts(
    frame: Any,
    names: Sequence[str],
    value: str,
    meant: Mapping[Cells, tuple[Cells, Item]],
) -> Iterator[Finding]:
    """Find items that carry a value beside one of their ancestors, for the same park and date."""
    import narwhals as nw

    counted: dict[Cells, dict[str, Item]] = {}
    for cells in _distinct(frame.filter(~nw.col(value).is_null()), names):
        if cells in meant:
            group, item = meant[cells]
            counted.setdefault(group, {})[item.code] = item
    for group, items in counted.items():
        said = "、".join(cell for cell in group if cell)
        where = {"en": f" in {said}" if said else "", "zh": f"({said})" if said else ""}
        for item in items.values():
            for above in item.ancestors:
                if above.code in items:
                    facts = {"part": _shown(item), "whole": _shown(above), "where": where}
                    yield Finding("FI112", value, _official(item), facts=facts)


def _amounts(frame: Any, value: str) -> Iterator[Finding]:
    import narwhals as nw

    if frame.collect_schema()[value].is_numeric():
        return
    # Plain numbers, which most are, stay in the engine.
    counts = _distinct(frame.filter(~nw.col(value).str.contains(_PLAIN_NUMBER)), [value])
    bad = {c: n for c, n in counts.items() if c[0] and c[0].strip() and not _is_amount(c[0])}
    where = _first_rows(frame, [value], list(bad))
    for cells, count in bad.items():
        text = cells[0] or ""
        yield Finding("FI113", value, text, count, where.get(cells, ()), facts={"text": text})


def _duplicates(frame: Any, keys: tuple[str, ...]) -> Iterator[Finding]:
    twice = _distinct(frame, keys, least=2)
    where = _first_rows(frame, keys, list(twice))
    for cells, count in twice.items():
        said = " / ".join(cell or "∅" for cell in cells)
        facts = {"key": said, "times": str(count)}
        yield Finding("FI111", " / ".join(keys), said, count, where.get(cells, ()), facts=facts)


# Recoding


@attrs.frozen
class _Coded:
    """One line of the table that is joined to the data."""

    code: str | None
    label: str | None
    relation: str | None
    outcome: str | None
    weight: float = 1.0


def recode(
    data: Any,
    *,
    scheme: Scheme | str | None = None,
    sector: str = "行业",
    to: Scheme | str | None = None,
    policy: Policy = "keep",
    park: str | None = None,
    date: str | None = None,
    tier: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Any:
    """
    Add the items that the labels mean.

    Args:
        data: As for `validate`. It is not changed.
        scheme: The scheme of the labels, or its id; may be left out where `park` is given.
        sector: Column with the label.
        to: Another scheme; the codes are then those of its items, by the correspondence of the
            two schemes.
        policy: What to do where a cell means several items (a list, or a 1:n correspondence):
            `keep` one row with the codes joined by "; "; `explode` into one row for each;
            `weight` the same with a column `sector_weight` of equal shares that sum to 1 for
            each row of the data (asked for by name: the shares are an assumption); `reject`
            with an error.
        park: Column whose value picks the issuer.
        date: Column that picks the version.
        tier: Column that names the tier.
        encoding: Of a CSV file; found out if not given.
        sheet: Name of the sheet of an Excel file; the first if not given.

    Returns:
        The data, in the same kind of frame and in the same order, with the columns
        `sector_code`, `sector_label` (Chinese where there is one), `sector_relation` (of the
        label to the item) and `sector_outcome`; missing where the cell is empty. With `to`,
        the outcome is `outside` where the item has no counterpart.

    Raises:
        ColumnNotFound: With the nearest column.
        ColumnExists: A column to be added is already there.
        NotAllocated: Policy `reject`, and a cell means several items.
        UnknownFormat: No such policy.
    """
    if policy not in POLICIES:
        hint = nearest(policy, POLICIES)
        more = f'; did you mean "{hint[0]}"?' if hint else f"; there are {', '.join(POLICIES)}"
        raise UnknownFormat(f'no policy "{policy}"{more}')
    frame, _ = _frame(data, encoding, sheet)
    roles = _Roles(sector, park=park, date=date, tier=tier)
    columns = _columns(frame)
    _need(columns, *roles.context)
    added = (*ADDED, *(("sector_weight",) if policy == "weight" else ()))
    if there := [name for name in added if name in columns]:
        raise ColumnExists(f'the data already has a column "{there[0]}"; rename or drop it first')
    judge = _Judge(scheme, roles)
    names = roles.context
    counts = _distinct(frame, names)
    table: dict[str, list[Any]] = {name: [] for name in (*(f"__{n}" for n in names), *added)}
    networks: dict[str, Network] = {}
    several: list[str] = []
    for cells in counts:
        answer = judge.answer(dict(zip(names, cells, strict=True)))
        lines = _coded(answer, None if to is None else as_scheme(to), networks)
        if len(lines) > 1 and policy == "reject":
            several.append(cells[0] or "")
        if policy == "keep":
            lines = [_joined(lines)]
        elif len(lines) > 1:
            lines = [attrs.evolve(line, weight=1 / len(lines)) for line in lines]
        for line in lines:
            for name, cell in zip(names, cells, strict=True):
                table[f"__{name}"].append(_BLANK if cell is None else cell)
            values = (line.code, line.label, line.relation, line.outcome, line.weight)
            for name, filled in zip(added, values, strict=False):
                table[name].append(filled)
    if several:
        shown = "、".join(several[:5]) + ("…" if len(several) > 5 else "")
        raise NotAllocated(
            f"{len(several)} labels lead to several items ({shown}); choose policy keep, explode or weight"
        )
    return _join_back(frame, names, table, added)


def _coded(answer: _Answer, to: Scheme | None, networks: dict[str, Network]) -> list[_Coded]:
    r = answer.resolution
    if r is None or answer.scheme is None:
        return [_Coded(None, None, None, None)]
    found: list[_Coded] = []
    for part in r.parts or (r,):
        if part.item is None:
            found.append(_Coded(None, None, None, part.outcome))
        elif to is None or to.id == answer.scheme.id:
            found.append(_Coded(part.item.code, _official(part.item), part.relation, part.outcome))
        else:
            source = answer.scheme
            if source.id not in networks:
                networks[source.id] = Network(source, to)
            found += _translated(part, to, networks[source.id])
    return list(dict.fromkeys(found))


def _translated(part: Resolution, to: Scheme, network: Network) -> list[_Coded]:
    """Follow what is known between the two schemes from the item that a label means."""
    code = part.code or ""
    own = Relation.from_word(part.relation or "equals")
    masks = {y: mask for y in network.candidates(code) if not (mask := network.mask(code, y)) & 16}
    lines = []
    for target in best_items(to, masks)[1]:
        item, word = to[target], own.then(Relation(masks[target])).word
        if word != "unknown":
            outcome = "open" if item.in_open_tier else "resolved"
            lines.append(_Coded(item.code, _official(item), word, outcome))
    return lines or [_Coded(None, None, None, "outside")]


def _official(item: Item) -> str:
    return item.label.get("zh") or item.label.show("en")


def _joined(lines: Sequence[_Coded]) -> _Coded:
    if len(lines) == 1:
        return lines[0]

    def join(values: Sequence[str | None]) -> str | None:
        return "; ".join(v or "–" for v in values) if any(values) else None

    order = ("resolved", "open", "outside", "ambiguous", "unknown")
    outcome = max((line.outcome or "unknown" for line in lines), key=order.index)
    return _Coded(
        join([line.code for line in lines]),
        join([line.label for line in lines]),
        join([line.relation for line in lines]),
        outcome,
    )


def _join_back(
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
        expr.fill_null(_BLANK).alias(key)
        for expr, key in zip(_texts(frame, names), keys, strict=True)
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
    return joined.select(*_columns(frame), *added).to_native()


def _join_in_polars(
    frame: Any, names: Sequence[str], table: Mapping[str, list[Any]], keys: Sequence[str]
) -> Any:
    """Join as `_join_back` does; polars matches missing with missing and keeps the order itself."""
    import polars as pl

    native = frame.to_native()
    types = {name: pl.Float64 if name == "sector_weight" else pl.String for name in table}
    answers = pl.LazyFrame(table, schema=types).with_columns(
        pl.when(pl.col(key) != _BLANK).then(pl.col(key)).alias(key) for key in keys
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

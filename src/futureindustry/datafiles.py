"""
Data files to frames and back: CSV, Parquet, Excel.

Decided here is how a file is written (encoding, delimiter, header), what is refused with a
sentence that says where, and that a file is written whole or not at all. Frames are those of
polars; what is too large for memory is scanned. Encodings are found out by what decodes, in
blocks; CSV is that of RFC 4180 with the delimiters that spreadsheets write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import attrs

from .errors import ColumnNotFound, MissingExtra, UnknownFormat, UnreadableData, nearest
from .report import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    import tempfile
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])
    # Told the rows of a batch, and all rows where that is known.
    Watcher = Callable[[int, int | None], None]

__all__ = [
    "CSV_ENDINGS",
    "DATA_ENDINGS",
    "counted",
    "read_table",
    "reads",
    "steady",
    "watching",
    "write_table",
]

CSV_ENDINGS = (".csv", ".tsv", ".txt")
_EXCEL_ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
DATA_ENDINGS = (".csv", ".parquet", ".xlsx")


# Reading


def read_table(
    path: Path | str, *, encoding: str | None = None, sheet: str | None = None
) -> tuple[Any, list[Finding]]:
    """
    Read a data file as a polars frame of texts (CSV) or of its own types.

    Args:
        path: CSV (delimiter , ; tab or |; UTF-8 with or without BOM, UTF-16 with BOM, or
            GB18030), Parquet (a file, a folder, also one with a folder for each value of a
            column, or a glob) or Excel.
        encoding: Of a CSV; found out if not given.
        sheet: Name of the sheet of an Excel file; the first if not given.

    Returns:
        The frame, and a finding (FI116) if the encoding was not UTF-8. Parquet and a CSV of more
        than 64 MB are read lazily.

    Raises:
        UnreadableData: Missing, empty, binary, damaged, or of another kind.
        MissingExtra: polars is not installed.
    """
    try:
        import polars as pl
    except ImportError:
        raise MissingExtra("reading data files", "tables") from None
    text = str(path)
    path = Path(path)
    suffix = path.suffix.lower()
    files = _files(text)
    if not files:
        if _is_glob(text):
            raise UnreadableData(f"no file matches {text}")
        hint = (
            nearest(path.name, (p.name for p in path.parent.glob("*")))
            if path.parent.is_dir()
            else []
        )
        more = f'; did you mean "{hint[0]}"?' if hint else ""
        if text == "-":
            more = "; tables are not read from standard input, save it as a file"
        raise UnreadableData(f"no file {path}{more}")
    if empty := next((file for file in files if _is_empty(file)), None):
        raise UnreadableData(f"{empty} is empty (or still being written)")
    try:
        for file in files:
            if file.is_file():
                file.open("rb").close()  # the system says in fewer words what does not open
                break
        if path.is_dir():
            if not any(path.glob("**/*.parquet")):
                raise UnreadableData(
                    f"{path} is a folder without Parquet files; name a file, or a folder of Parquet files"
                )
            return _scan(str(path / "**/*.parquet")), []
        if suffix in (".parquet", ".pq"):
            return _scan(text, glob=not path.exists()), []
        if len(files) == 1 and suffix in _EXCEL_ENDINGS:
            return _read_excel(files[0], sheet), []
        if len(files) == 1 and suffix in CSV_ENDINGS:
            return _read_csv(files[0], encoding)
    except pl.exceptions.PolarsError as error:
        raise UnreadableData(f"{path} cannot be read: {_reason(error)}") from None
    except OSError as error:
        raise UnreadableData(f"{path} cannot be read: {error.strerror or error}") from None
    if len(files) > 1:
        raise UnreadableData(
            f"{text} matches {len(files)} files; only Parquet is read from several"
        )
    raise UnreadableData(
        f'{path} is no CSV, Parquet or Excel file (ends in "{suffix or path.name}")'
    )


def _is_glob(text: str) -> bool:
    return any(ch in text for ch in "*?[") and not Path(text).exists()


def _is_empty(path: Path) -> bool:
    # Of a CSV that holds nothing but a byte order mark, its reader says so.
    return path.is_file() and path.stat().st_size == 0


def _files(text: str) -> list[Path]:
    """Give the files that a path or a glob stands for; a folder stands for itself."""
    import glob

    if _is_glob(text):
        return [Path(found) for found in sorted(glob.glob(text, recursive=True))]  # noqa: PTH207 - Path.glob takes no absolute pattern
    return [Path(text)] if Path(text).exists() else []


def _reason(error: Exception) -> str:
    reason = str(error).partition("\n")[0]
    if "invalid Zip archive" in reason:
        return "it is no Excel workbook, damaged, or still being written"
    if "out of specification" in reason or "PAR1" in reason:
        return f"{reason} (damaged, or still being written)"
    return reason


@contextmanager
def steady(data: Any) -> Iterator[None]:
    """
    Say in one sentence what is wrong with a file that is read meanwhile; frames pass.

    A lazy engine finds out late that a file is damaged. A file that changes while it is read
    is refused: the counts would be those of two files.

    Raises:
        UnreadableData: Damaged, or changed.
    """
    if not isinstance(data, (str, Path)):
        yield
        return
    before = _stamps(data)
    try:
        yield
    except ColumnNotFound as error:
        sheets = _sheets(Path(data))
        if len(sheets) < 2:
            raise
        more = f" (sheets of the file: {', '.join(sheets)})"
        raise ColumnNotFound(error.column, error.columns, more=more) from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("polars", "narwhals"):
            raise
        raise UnreadableData(f"{data} cannot be read: {_reason(error)}") from None
    if _stamps(data) != before:
        raise UnreadableData(
            f"{data} changed while it was read; try again when nothing writes to it any more"
        )


def reads(function: F) -> F:
    """Let a function of `data` say in one sentence what is wrong with a file; see `steady`."""
    import functools

    @functools.wraps(function)
    def reading(data: Any, **options: Any) -> Any:
        with steady(data):
            return function(data, **options)

    return reading  # type: ignore[return-value]  # the wrapper takes what the function takes


def _stamps(data: Path | str) -> list[tuple[str, int, int]]:
    """Give size and time of what is read, so that a change is noticed; none of what is not there."""
    files = _files(str(data))
    if len(files) == 1 and files[0].is_dir():
        files = sorted(files[0].glob("**/*.parquet"))
    found = []
    for path in files:
        stat = path.stat()
        found.append((str(path), stat.st_size, stat.st_mtime_ns))
    return found


_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """
    Tell a function how many rows of a file are read, again and again, while it is read.

    Args:
        watcher: Called with the rows of a batch and all rows (None where not known); from
            several threads, and for each time that the rows are read.
    """
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def _watched(frame: Any, total: Callable[[], int | None]) -> Any:
    watcher = _watcher.get()
    if watcher is None:
        return frame
    rows = total()

    def tap(batch: Any) -> Any:
        watcher(batch.height, rows)
        return batch

    return frame.map_batches(tap, projection_pushdown=True, streamable=True)


def _scan(pattern: str, *, glob: bool = True) -> Any:
    """Scan Parquet files; a broken one is told now, not in the middle of a run."""
    import polars as pl

    hive = "=" in pattern or (glob and any("=" in str(path.parent) for path in _files(pattern)[:1]))
    frame = pl.scan_parquet(pattern, glob=glob, hive_partitioning=hive)
    frame.collect_schema()
    return _watched(frame, lambda: int(frame.select(pl.len()).collect().item()))


# CSV

_SMALL = 64 << 20
_BLOCK = 1 << 20
_UTF8 = ("utf-8", "utf8", "utf-8-sig", "utf_8")


@attrs.frozen
class _Form:
    """
    How a CSV file is written.

    Attributes:
        encoding: As Python names it.
        wrong: First byte, counted from 0, that is not UTF-8.
        delimiter: Between cells.
        skip: Lines above the header: empty ones, or Excel's `sep=;`.
        header: Names of the columns.
        returns: Whether its lines end in carriage returns alone, as on old Macs.
    """

    encoding: str
    wrong: int | None
    delimiter: str
    skip: int
    header: tuple[str, ...]
    returns: bool

    @property
    def plain(self) -> bool:
        """Whether polars reads it as it is."""
        return self.encoding in _UTF8 and not self.returns


def _read_csv(path: Path, encoding: str | None) -> tuple[Any, list[Finding]]:
    import io
    import weakref

    import polars as pl

    form = _form_of(path, encoding)
    findings: list[Finding] = []
    if form.encoding not in _UTF8 and not encoding:
        name = form.encoding.upper()
        said = {
            "en": f"{path.name} is not UTF-8 (byte {form.wrong}); it was read as {name}",
            "zh": f"{path.name} 不是 UTF-8(第 {form.wrong} 字节),已按 {name} 读取",
        }
        findings.append(Finding("FI116", facts={"text": said}))
    options: dict[str, Any] = {
        "separator": form.delimiter,
        "schema": dict.fromkeys(form.header, pl.String),
        "skip_lines": form.skip,
    }
    if path.stat().st_size > _SMALL:
        frame, folder = _scan_large(path, form, options)
        try:
            # A stray delimiter moves cells; who reads one column only would not see it.
            frame.select(pl.all().null_count()).collect()
        except pl.exceptions.PolarsError as error:
            raise UnreadableData(
                f"{path}{_fault(path, form) or f' cannot be read: {_reason(error)}'}"
            ) from None
        frame = _watched(frame, lambda: None)
        if folder is not None:
            weakref.finalize(frame, folder.cleanup)
        return frame, findings
    source: Any = path
    if not form.plain:
        source = io.BytesIO("".join(_plain(path, form)).encode())
    try:
        return pl.read_csv(source, **options), findings
    except pl.exceptions.PolarsError as error:
        if fault := _fault(path, form):
            raise UnreadableData(f"{path}{fault}") from None
        # Python knows a quotation mark inside a bare cell (6" wafer), polars does not.
        try:
            return pl.read_csv(_quoted(path, form), **(options | {"skip_lines": 0})), findings
        except pl.exceptions.PolarsError:
            raise UnreadableData(f"{path} cannot be read: {_reason(error)}") from None


def _form_of(path: Path, encoding: str | None) -> _Form:
    """
    Find out how a CSV file is written, reading it once in blocks.

    Raises:
        UnreadableData: Empty, binary, of no known encoding, or two columns of one name.
    """
    import codecs

    with path.open("rb") as file:
        head = file.read(_BLOCK)
    if not head.strip():
        raise UnreadableData(f"{path} is empty")
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if (
        head[:4] == b"PAR1"
        or head[:2] == b"PK"
        or (b"\x00" in head[:4096] and not wide and not encoding)
    ):
        raise UnreadableData(f"{path} is a binary file, no CSV; give it the ending of its format")
    used, wrong = _encoding_of(path, encoding, wide=wide)
    try:
        decoder = codecs.getincrementaldecoder("utf-8-sig" if used in _UTF8 else used)()
        text = decoder.decode(head)
    except UnicodeDecodeError as error:  # pragma: no cover - the whole file was decoded before
        raise UnreadableData(f"{path} is not {used} (byte {error.start})") from None
    returns = "\n" not in text and "\r" in text
    if returns:
        text = text.replace("\r", "\n")
    skip, delimiter = 0, None
    lines = text.split("\n")
    while skip < len(lines) - 1 and not lines[skip].strip():
        skip += 1
    if lines[skip].lower().startswith("sep=") and len(lines[skip].strip()) == 5:
        delimiter = lines[skip].strip()[4]
        skip += 1
    body = "\n".join(lines[skip:])
    if not body.strip():
        raise UnreadableData(f"{path} is empty")
    delimiter = delimiter or _delimiter_of(body)
    header = next(iter(_records(body, delimiter)), [])
    named: dict[str, int] = {}
    for place, name in enumerate(header, 1):
        if name and name in named:
            raise UnreadableData(
                f'{path}:{skip + 1}: two columns are called "{name}" (the {_ordinal(named[name])} and the '
                f"{_ordinal(place)}); rename one"
            )
        named[name or f"column {place}"] = place
    return _Form(used, wrong, delimiter, skip, tuple(named), returns)


def _ordinal(n: int) -> str:
    ending = "th" if n // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    import csv
    import io

    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except (StopIteration, csv.Error):
            return


def _delimiter_of(text: str) -> str:
    """Choose the delimiter that gives the first records one width, the widest such."""
    from itertools import islice

    best, chosen = (False, 1), ","
    for delimiter in ",;\t|":
        widths = [len(r) for r in islice(_records(text, delimiter), 20) if any(r)]
        # A spreadsheet leaves out empty cells at the end of a row.
        score = (bool(widths) and max(widths) == widths[0], widths[0] if widths else 0)
        if score[1] > 1 and score > best:
            best, chosen = score, delimiter
    return chosen


# Characters of valid UTF-8 after which a wrong byte is damage, not another encoding: of two
# bytes of GB18030 text, about one pair in ten happens to be UTF-8.
_SURELY_UTF8 = 16


def _encoding_of(path: Path, encoding: str | None, *, wide: bool) -> tuple[str, int | None]:
    """Give the encoding of a file, and the first byte that is not UTF-8; reads it in blocks."""
    import codecs

    used = (encoding or ("utf-16" if wide else "utf-8")).lower()
    try:
        codecs.lookup(used)
    except LookupError:
        raise UnreadableData(f'no encoding "{encoding}"; try utf-8 or gb18030') from None
    seen = [0]
    try:
        for text in _decoded(path, used):
            if seen[0] < _SURELY_UTF8:
                seen[0] += len(text) - len(text.encode("ascii", "ignore"))
    except _Undecodable as error:
        if encoding:
            raise UnreadableData(
                f"{path} is not {encoding} (byte {error.byte}); leave the encoding out to have it found"
            ) from None
        if error.cut_off:
            raise UnreadableData(
                f"{path} ends in the middle of a character (byte {error.byte}): cut off, or still being written"
            ) from None
        if wide or seen[0] + error.seen >= _SURELY_UTF8:
            raise UnreadableData(
                f"{path} is {used.upper()} up to byte {error.byte} and damaged there; repair it, or pass its encoding"
            ) from None
        wrong = error.byte
    else:
        return used, 0 if wide else None
    try:
        for _ in _decoded(path, "gb18030"):
            pass
    except _Undecodable:
        raise UnreadableData(
            f"{path} is neither UTF-8 (byte {wrong}) nor GB18030; save it as UTF-8"
        ) from None
    return "gb18030", wrong


class _Undecodable(Exception):
    """A byte that the encoding does not have, and what was read of the block before it."""

    def __init__(self, byte: int, seen: int, *, cut_off: bool) -> None:
        self.byte, self.seen, self.cut_off = byte, seen, cut_off
        super().__init__(byte)


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    """Give the text of a file in blocks."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding in _UTF8 else encoding)()
    done = 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            held = len(decoder.getstate()[0])
            try:
                yield decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, "ignore")
                raise _Undecodable(
                    done - held + error.start,
                    len(before) - len(before.encode("ascii", "ignore")),
                    cut_off=not block,
                ) from None
            done += len(block)
            if not block:
                return


def _plain(path: Path, form: _Form) -> Iterator[str]:
    """Give the text of a CSV in blocks, its lines ended as polars wants them."""
    for text in _decoded(path, form.encoding):
        yield text.replace("\r", "\n") if form.returns else text


def _scan_large(
    path: Path, form: _Form, options: Mapping[str, Any]
) -> tuple[Any, tempfile.TemporaryDirectory[str] | None]:
    """Scan a CSV; one that polars cannot read as it is, from a copy in a folder to be removed."""
    import tempfile

    import polars as pl

    if form.plain:
        return pl.scan_csv(path, glob=False, **options), None
    folder = tempfile.TemporaryDirectory(prefix="futureindustry-")
    copy = Path(folder.name) / "utf-8.csv"
    with copy.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_plain(path, form))
    return pl.scan_csv(copy, glob=False, **options), folder


def _lines(path: Path, form: _Form) -> Iterator[str]:
    """Give the lines from the header on."""
    rest, skipped = "", 0
    for text in _decoded(path, form.encoding):
        *lines, rest = (rest + text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        for line in lines:
            skipped += 1
            if skipped > form.skip:
                yield line + "\n"
    if rest:
        yield rest


def _fault(path: Path, form: _Form) -> str | None:
    """Find the line for which a CSV cannot be read: too many cells, or a stray quotation mark."""
    import csv

    reader = csv.reader(_lines(path, form), delimiter=form.delimiter, strict=True)
    start = 1
    try:
        for row in reader:
            if len(row) > len(form.header):
                return (
                    f":{start + form.skip}: {len(row)} cells, but the header has {len(form.header)}; a cell "
                    f'that holds "{form.delimiter}" needs quotation marks around it'
                )
            start = reader.line_num + 1
    except csv.Error:
        return (
            f":{start + form.skip}: a quotation mark that is not closed, or stands inside a quoted cell; "
            "write two for one"
        )
    return None


def _quoted(path: Path, form: _Form) -> Any:
    """Write the records of a CSV again, quoted as polars wants them."""
    import csv
    import io

    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=form.delimiter, lineterminator="\n")
    writer.writerows(csv.reader(_lines(path, form), delimiter=form.delimiter))
    return io.BytesIO(out.getvalue().encode())


# Excel


def _sheets(path: Path) -> list[str]:
    """Give the names of the sheets; none of a file that is no workbook."""
    if path.suffix.lower() not in _EXCEL_ENDINGS:
        return []
    try:
        import fastexcel
    except ImportError:
        raise MissingExtra("reading Excel files", "tables") from None
    return list(_from_excel(path, lambda: fastexcel.read_excel(path).sheet_names))


def _read_excel(path: Path, sheet: str | None) -> Any:
    import polars as pl

    sheets = _sheets(path)
    if sheet and sheet not in sheets:
        raise UnreadableData(f'{path} has no sheet "{sheet}"; it has {", ".join(sheets)}')
    options: dict[str, Any] = {"sheet_name": sheet} if sheet else {}
    one: dict[str, Any] = {"has_header": False, "read_options": {"n_rows": 1}}
    head = _from_excel(path, lambda: pl.read_excel(path, infer_schema_length=0, **one, **options))
    frame = _from_excel(path, lambda: pl.read_excel(path, infer_schema_length=None, **options))
    if unnamed := [n for n, name in enumerate(frame.columns) if name.startswith("__UNNAMED__")]:
        which = ", ".join(map(_letters, unnamed[:5])) + (", …" if len(unnamed) > 5 else "")
        verb = "columns {} have" if len(unnamed) > 1 else "column {} has"
        raise UnreadableData(
            f"{path}: {verb.format(which)} no name in the first row, as merged header cells leave them; "
            "keep one header row with a name for each column"
        )
    names = [name for row in head.rows() for name in row if name]
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise UnreadableData(f'{path}: two columns are called "{twice[0]}"; rename one')
    return frame


def _letters(number: int) -> str:
    """Give the letters by which a spreadsheet calls a column, counted from 0: A, B, … Z, AA."""
    high, low = divmod(number, 26)
    return (_letters(high - 1) if high else "") + chr(ord("A") + low)


def _from_excel(path: Path, read: Callable[[], Any]) -> Any:
    import polars as pl

    try:
        return read()
    except pl.exceptions.NoDataError:
        raise UnreadableData(f"{path} has no rows") from None
    except (ValueError, pl.exceptions.PolarsError) as error:
        raise UnreadableData(f"{path} cannot be read: {_reason(error)}") from None
    except Exception as error:  # the reader has an error type of its own
        if type(error).__module__.split(".")[0] not in ("fastexcel", "_fastexcel"):
            raise
        raise UnreadableData(f"{path} cannot be read: {_reason(error)}") from None


# Writing


def counted(frame: Any, columns: Sequence[str]) -> tuple[Any, dict[str | None, int]]:
    """Give a polars frame that counts the values of columns as it is computed, and the counts."""
    import polars as pl

    counts: dict[str | None, int] = {}

    def tap(batch: Any) -> Any:
        for column in columns:
            for value, rows in batch[column].value_counts().iter_rows():
                counts[value] = counts.get(value, 0) + rows
        return batch

    if isinstance(frame, pl.LazyFrame):
        return frame.map_batches(tap, streamable=True), counts
    return tap(frame), counts


def write_table(frame: Any, path: Path | str, *, source: Path | str | None = None) -> Path:
    """
    Write a frame as CSV, Parquet or Excel, by the ending; whole or not at all.

    A lazy frame of polars is written as it is computed, without being held in memory (Excel
    needs all of it).

    Args:
        frame: A frame of any engine.
        path: Where to; ends in .csv, .parquet or .xlsx.
        source: The file that the frame reads while it is written; see `steady`.

    Raises:
        UnknownFormat: Another ending.
        UnreadableData: The file cannot be written.
        MissingExtra: polars (or its Excel writer) is not installed.
    """
    import narwhals as nw

    path = Path(path).resolve()
    suffix = path.suffix.lower()
    if suffix not in DATA_ENDINGS:
        raise UnknownFormat(f'no format for "{path.name}"; end it in {", ".join(DATA_ENDINGS)}')
    try:
        import polars as pl
    except ImportError:
        raise MissingExtra("writing data files", "tables") from None
    wrapped = nw.from_native(frame)
    lazy = isinstance(wrapped, nw.LazyFrame)
    if lazy and wrapped.implementation.is_polars():
        table: pl.LazyFrame = wrapped.to_native()
    else:
        table = (wrapped.collect() if lazy else wrapped).to_polars().lazy()
    try:
        with _whole(path) as target, steady(source):
            if suffix == ".csv":
                # The mark lets Excel see that the text is UTF-8.
                table.sink_csv(target, include_bom=True)
            elif suffix == ".parquet":
                table.sink_parquet(target)
            else:
                _write_excel(table.collect(), target, path)
    except OSError as error:
        # The engine's own text names the file that stands beside until it is whole.
        reason = error.strerror or str(error).partition(" (os error")[0]
        raise UnreadableData(f"{path} cannot be written: {reason}") from None
    return path


_EXCEL_ROWS = 1_048_575


def _write_excel(table: Any, target: Path, path: Path) -> None:
    if table.height > _EXCEL_ROWS:
        raise UnreadableData(
            f"{path} cannot be written: a sheet holds {_EXCEL_ROWS:,} rows below its header, the data has "
            f"{table.height:,}; choose .parquet or .csv"
        )
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("writing Excel files", "tables") from None
    with xlsxwriter.Workbook(target) as book:
        table.write_excel(book, autofit=True)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """
    Give a file to write that becomes `path` when it is whole, and is nothing until then.

    Where the system can (Linux), the file has no name while it is written, so that it vanishes
    with the process however that ends; elsewhere it stands beside and is removed.
    """
    import os

    beside = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        nameless = os.open(path.parent, os.O_TMPFILE | os.O_RDWR, 0o666)
    except (AttributeError, OSError):
        nameless = None
    try:
        if nameless is None:
            yield beside
        else:
            linked = Path(f"/proc/self/fd/{nameless}")
            yield linked
            os.link(linked, beside, src_dir_fd=nameless, follow_symlinks=True)
        beside.replace(path)
    finally:
        if nameless is not None:
            os.close(nameless)
        beside.unlink(missing_ok=True)

r"""
A scheme as tables: CSV, an Excel workbook, SQL.

The CSV and the sheet `items` have one row for each item, in published order. Several values in
one cell stand apart by "|" (a bar inside a value is written "\|"). In CSV a cell that would
start a formula gets an apostrophe; in the workbook every cell is text, so none is a formula.
Validity is half open: `valid_until` is the first day (month, year) in which it no longer holds.

Source:
    RFC 4180 for CSV; OWASP, "CSV Injection"; ISO/IEC 9075 for string literals in SQL.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from futureindustry.errors import FutureIndustryError, MissingExtra
from futureindustry.model import Scheme, Text
from futureindustry.report import escape_cell

from .facts import facts, names_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    Cell = str | bool | int | None
    Row = tuple[Cell, ...]

__all__ = ["COLUMNS", "csv_text", "rows", "sql", "xlsx"]

COLUMNS = (
    "code", "parent", "level", "slot", "open", "incomplete", "zh", "en", "zh_kind", "en_kind",
    "also_zh", "also_en", "note_zh", "note_en", "valid_from", "valid_until", "successors",
    "broader", "exclusive", "exhaustive", "sources",
)  # fmt: skip
_NAME_COLUMNS = ("code", "lang", "name", "kind", "valid_from", "valid_until", "sources")
_SOURCE_COLUMNS = ("id", "title", "publisher", "date", "kind", "url", "document", "note")
_FACT_COLUMNS = ("position", "fact", "lang", "value")


def _joined(values: Iterable[str]) -> str:
    return "|".join(value.replace("|", "\\|") for value in values)


def rows(scheme: Scheme) -> Iterator[Row]:
    """Give the row of each item, in the order of `COLUMNS`; None for what is not known."""
    for item in scheme.values():
        kinds = {**scheme.label_kind, **item.label_kind}
        yield (
            item.code, item.parent_code, item.level, item.slot, item.open, item.incomplete,
            item.label.get("zh"), item.label.get("en"),
            *(kinds.get(lang) if lang in item.label else None for lang in ("zh", "en")),
            *(_joined(item.also.get(lang, ())) or None for lang in ("zh", "en")),
            item.note.get("zh"), item.note.get("en"), item.valid.start, item.valid.end,
            _joined(item.successors) or None, _joined(item.broader) or None,
            scheme.is_exclusive(item), scheme.is_exhaustive(item), _joined(item.sources) or None,
        )  # fmt: skip


def _names(scheme: Scheme) -> Iterator[Row]:
    for item in scheme.values():
        for name in names_of(item):
            span = (name.valid.start, name.valid.end)
            yield item.code, name.lang, str(name), name.kind, *span, _joined(name.sources) or None


def _sources(scheme: Scheme) -> Iterator[Row]:
    for s in scheme.sources:
        yield s.id, s.title, s.publisher, s.date, s.kind, s.url, s.document, s.note


def _facts(scheme: Scheme) -> Iterator[Row]:
    """Give what is known of the scheme as a whole; the sources have a table of their own."""
    position = 0
    for fact, value in facts(scheme):
        said = value if isinstance(value, Text) else {"": value}
        for lang, text in said.items() if fact != "source" else ():
            position += 1
            yield position, fact, lang or None, text


def _plain(cell: Cell) -> object:
    return str(cell).lower() if isinstance(cell, bool) else cell


def csv_text(scheme: Scheme) -> str:
    """Write the items as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([escape_cell(_plain(cell)) for cell in row] for row in rows(scheme))
    return out.getvalue()


def xlsx(scheme: Scheme) -> bytes:
    """
    Write items, other names, sources and facts as an Excel workbook.

    Raises:
        MissingExtra: XlsxWriter is not installed.
        FutureIndustryError: A text is longer than a cell can be.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("Excel output", "tables") from None
    import datetime

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    # Without a fixed day the same scheme would give other bytes every second.
    day = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - the file format knows no zones
    book.set_properties({"title": str(scheme.title), "subject": scheme.id, "created": day})
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F4", "border": 0})
    text = book.add_format({"num_format": "@", "valign": "top"})
    for name, columns, body in (
        ("items", COLUMNS, rows(scheme)),
        ("names", _NAME_COLUMNS, _names(scheme)),
        ("sources", _SOURCE_COLUMNS, _sources(scheme)),
        ("about", _FACT_COLUMNS, _facts(scheme)),
    ):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, columns, bold)
        widths = [len(column) for column in columns]
        last = 0
        for last, row in enumerate(body, 1):
            for n, cell in enumerate(row):
                if isinstance(cell, bool):
                    sheet.write_boolean(last, n, cell)
                elif isinstance(cell, int):
                    sheet.write_number(last, n, cell)
                elif cell and sheet.write_string(last, n, cell, text):
                    raise FutureIndustryError(
                        f"{scheme.id}: a text of {len(cell):,} characters ({columns[n]}, {name}) does "
                        "not fit into a cell of Excel; export to csv or sql"
                    )
                widths[n] = max(widths[n], min(48, _width(cell)))
        for n, width in enumerate(widths):
            sheet.set_column(n, n, width + 2)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    return out.getvalue()


def _width(cell: Cell) -> int:
    text = "" if cell is None else str(cell)
    return len(text) + sum(ch > "\u2e7f" for ch in text)


_TABLES: Sequence[tuple[str, Sequence[str], str]] = (
    ("scheme_fact", _FACT_COLUMNS, "scheme, position"),
    ("scheme_source", _SOURCE_COLUMNS, "scheme, id"),
    ("scheme_item", ("position", *COLUMNS), "scheme, code"),
    ("scheme_name", ("position", *_NAME_COLUMNS), "scheme, position"),
)
_TYPES = {
    "position": "INTEGER", "level": "INTEGER", "open": "BOOLEAN", "incomplete": "BOOLEAN",
    "exclusive": "BOOLEAN", "exhaustive": "BOOLEAN",
}  # fmt: skip
_NEEDED = {"position", "level", "code", "id", "fact", "value", "lang", "name", "title"}


def sql(scheme: Scheme) -> str:
    """
    Write a scheme as SQL that SQLite, DuckDB and PostgreSQL run as it is.

    Four tables that hold any number of schemes, made if missing; all in one transaction, which
    fails as a whole if the scheme is there already.
    """
    bodies: tuple[Iterable[Row], ...] = (
        _facts(scheme),
        _sources(scheme),
        ((n, *row) for n, row in enumerate(rows(scheme), 1)),
        ((n, *row) for n, row in enumerate(_names(scheme), 1)),
    )
    lines = [f"-- {scheme.id}", "BEGIN TRANSACTION;"]
    for (table, columns, key), body in zip(_TABLES, bodies, strict=True):
        nullable = {"lang"} if table == "scheme_fact" else set()
        typed = ['"scheme" TEXT NOT NULL'] + [
            f'"{c}" {_TYPES.get(c, "TEXT")}{" NOT NULL" if c in _NEEDED - nullable else ""}'
            for c in columns
        ]
        typed.append(f"PRIMARY KEY ({', '.join(_quoted_name(name) for name in key.split(', '))})")
        inside = ",\n  ".join(typed)
        lines.append(f'CREATE TABLE IF NOT EXISTS "{table}" (\n  {inside}\n);')
        head = (
            f'INSERT INTO "{table}" ({", ".join(map(_quoted_name, ("scheme", *columns)))}) VALUES'
        )
        values = [f"  ({', '.join(map(_literal, (scheme.id, *row)))})" for row in body]
        # Servers limit the rows of one statement, SQL Server to 1,000.
        for start in range(0, len(values), 500):
            lines += (head, ",\n".join(values[start : start + 500]) + ";")
    return "\n".join((*lines, "COMMIT;\n"))


def _quoted_name(name: str) -> str:
    return f'"{name}"'


def _literal(cell: Cell) -> str:
    if cell is None:
        return "NULL"
    if isinstance(cell, (bool, int)):
        return str(cell).upper()
    return "'" + cell.replace("'", "''") + "'"

r"""
A scheme as tables: CSV, an Excel workbook, SQL.

The CSV and the sheet `items` have one row for each item, in published order. Several values in
one cell stand apart by "|" (a bar inside a value is written "\|"). In CSV a cell that would
start a formula gets an apostrophe, and so does one that already starts like that, so that taking
one away gives the cell back; in the workbook every cell is text, so none is a formula.
Validity is half open: `valid_until` is the first day (month, year) in which it no longer holds.

Source:
    RFC 4180 for CSV; OWASP, "CSV Injection"; ISO/IEC 9075 for string literals in SQL.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from futureindustry.errors import FutureIndustryError, MissingExtra
from futureindustry.model import Scheme, Text

from .facts import facts, names_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    Cell = str | bool | int | None
    Row = tuple[Cell, ...]

__all__ = ["COLUMNS", "csv_text", "rows", "sql", "xlsx"]

COLUMNS = {
    "code": "代码 code of the item", "parent": "上级代码 code of the parent; none at the top",
    "level": "层 level, 1 at the top", "slot": "公式的一位 the part of the formula that this tier fills",
    "open": "开放清单 the issuer lists no closed set of items below, on purpose",
    "incomplete": "清单不全 the list is closed, but only a part of it has been seen",
    "zh": "中文名称 Chinese label", "en": "英文名称 English label",
    "zh_kind": "中文名称出处 provenance of the Chinese label",
    "en_kind": "英文名称出处 provenance of the English label",
    "also_zh": "其他中文名称 other Chinese names, with | between",
    "also_en": "其他英文名称 other English names, with | between",
    "note_zh": "中文说明 note in Chinese", "note_en": "英文说明 note in English",
    "valid_from": "生效 first day (month, year) in force, if not that of the scheme",
    "valid_until": "失效 first day (month, year) no longer in force",
    "successors": "后继类目 codes that take over, with | between",
    "broader": "其他上位类目 codes of further broader items, with | between",
    "exclusive": "互斥 the items below do not overlap",
    "exhaustive": "穷尽 the items below make up the item",
    "sources": "来源 ids of sources, with | between",
}  # fmt: skip
"""Columns of the items, with what they hold."""
_FORMULA = re.compile(r"^(?='*[=+@\t\r-])")
_NAME_COLUMNS = ("code", "lang", "name", "kind", "valid_from", "valid_until", "sources")
_SOURCE_COLUMNS = ("id", "title", "publisher", "date", "kind", "url", "document", "note")
_FACT_COLUMNS = ("position", "fact", "lang", "value")


def _joined(values: Iterable[str]) -> str:
    return "|".join(value.replace("|", "\\|") for value in values)


def rows(scheme: Scheme) -> Iterator[Row]:
    """Give the row of each item, in the order of `COLUMNS`; None for what is not there."""
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


def csv_text(scheme: Scheme) -> str:
    """Write the items as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows(scheme):
        plain = (str(cell).lower() if isinstance(cell, bool) else cell for cell in row)
        writer.writerow([_FORMULA.sub("'", c) if isinstance(c, str) else c for c in plain])
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
        ("items", (*COLUMNS,), rows(scheme)),
        ("names", _NAME_COLUMNS, _names(scheme)),
        ("sources", _SOURCE_COLUMNS, _sources(scheme)),
        ("about", _FACT_COLUMNS, _facts(scheme)),
    ):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, columns, bold)
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
        sheet.set_column(0, len(columns) - 1, 22)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    return out.getvalue()


_TYPES = {
    "position": "INTEGER", "level": "INTEGER", "open": "BOOLEAN", "incomplete": "BOOLEAN",
    "exclusive": "BOOLEAN", "exhaustive": "BOOLEAN",
}  # fmt: skip


def sql(scheme: Scheme) -> str:
    """
    Write a scheme as SQL that SQLite, DuckDB and PostgreSQL run as it is.

    Four tables that hold any number of schemes, made if missing; all in one transaction, which
    fails as a whole if the scheme is there already.
    """
    lines = [f"-- {scheme.id}", "BEGIN TRANSACTION;"]
    for table, key, columns, body in (
        ("scheme_fact", "position", _FACT_COLUMNS, _facts(scheme)),
        ("scheme_source", "id", _SOURCE_COLUMNS, _sources(scheme)),
        ("scheme_item", "code", ("position", *COLUMNS), _numbered(rows(scheme))),
        ("scheme_name", "position", ("position", *_NAME_COLUMNS), _numbered(_names(scheme))),
    ):
        typed = "".join(f'\n  "{column}" {_TYPES.get(column, "TEXT")},' for column in columns)
        lines.append(
            f'CREATE TABLE IF NOT EXISTS "{table}" (\n  "scheme" TEXT,{typed}\n'
            f'  PRIMARY KEY ("scheme", "{key}")\n);'
        )
        named = ", ".join(f'"{column}"' for column in ("scheme", *columns))
        values = [f"  ({', '.join(map(_literal, (scheme.id, *row)))})" for row in body]
        # Servers limit the rows of one statement, SQL Server to 1,000.
        for start in range(0, len(values), 500):
            lines.append(f'INSERT INTO "{table}" ({named}) VALUES')
            lines.append(",\n".join(values[start : start + 500]) + ";")
    return "\n".join((*lines, "COMMIT;\n"))


def _numbered(body: Iterable[Row]) -> Iterator[Row]:
    return ((n, *row) for n, row in enumerate(body, 1))


def _literal(cell: Cell) -> str:
    if cell is None:
        return "NULL"
    return "'" + cell.replace("'", "''") + "'" if isinstance(cell, str) else str(cell).upper()

"""
A report that people read: headings, sentences and tables, with what each number rests on.

Knows nothing of schemes. One document is written as text, Markdown, HTML or an Excel workbook;
text and Markdown may leave out the end of a long table and then say so, HTML and Excel carry the
statements behind a cell: HTML folded up in the cell, Excel on a sheet that the cell links to.
Cells that would start a formula are escaped (OWASP, "CSV Injection").
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from .errors import FutureIndustryError, MissingExtra
from .report import PAGE_STYLE, escape_cell
from .text import display_width, pad

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    Language = Literal["zh", "en"]
    Value: TypeAlias = str | int | float | None
    Rows: TypeAlias = tuple[tuple["Entry | Value", ...], ...]

__all__ = ["Document", "Entry", "Evidence", "Reported", "Section", "Table"]

# Of Excel: characters in a cell, in the name of a sheet, and links on a sheet.
CELL, NAME, LINKS = 32_767, 31, 65_530
# Of a workbook: points for a line, lines of a row at most, width of the summary.
POINTS, LINES, BREADTH = 16.5, 12, 100
WIDEST = 60  # columns of a sheet or of a text, in half-width characters
KINDS = {
    "equals": "D3ECE4", "contains": "E3F1FA", "part_of": "FDF3DC", "overlaps": "F7E6F0",
    "unknown": "F1F3F5",
}  # fmt: skip


@attrs.frozen
class Evidence:
    """
    One statement that a cell rests on.

    Attributes:
        text: The statement, with its place if it has one.
        file: File that says so.
        line: Line of the file.
        of: Of whom it is said, where a cell speaks of several.
    """

    text: str
    file: str | None = None
    line: int | None = None
    of: str = ""

    @property
    def full(self) -> str:
        """The statement, after the name of whom it is said."""
        return f"{self.of}: {self.text}" if self.of else self.text


@attrs.frozen
class Entry:
    """
    A cell of a table.

    Attributes:
        value: A text or a number; None is empty.
        kind: One of `KINDS`, which have a colour each; empty for none.
        proof: Gives what it rests on; asked only where that is written.
    """

    value: Value
    kind: str = ""
    proof: Callable[[], tuple[Evidence, ...]] | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What it rests on."""
        return () if self.proof is None else self.proof()


@attrs.frozen
class Table:
    """
    Rows under heads.

    Attributes:
        name: Short: of the sheet, up to 31 characters.
        heads: One for each column.
        made: Rows of as many cells, plain values or entries; or what gives them, for a table
            that not every format shows.
        title: Heading; the name if empty.
        note: A sentence below.
        fixed: Columns that stay in sight.
        shown: Rows that text and Markdown show; None shows all, 0 leaves the table to HTML and
            Excel.
        paged: Rows that HTML shows; None shows all, 0 leaves the table to Excel.
    """

    name: str
    heads: tuple[str, ...]
    made: Rows | Callable[[], Rows]
    title: str = ""
    note: str = ""
    fixed: int = 1
    shown: int | None = None
    paged: int | None = None

    @property
    def rows(self) -> Rows:
        """The rows."""
        return self.made() if callable(self.made) else self.made


@attrs.frozen
class Section:
    """
    A heading with sentences and tables under it.

    Attributes:
        title: Heading.
        lines: Sentences, one for each bullet.
        tables: Tables.
    """

    title: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@attrs.frozen
class Document:
    """
    A report.

    Attributes:
        title: Heading.
        sections: In the order of reading: what was found first.
        legend: Explains signs; at the end.
        lang: Language of its own few words.
        numbered: Whether HTML writes each statement once, with a number, at the end, and the cells
            link to it; for tables whose cells rest on many statements each, and on the same ones.
    """

    title: str
    sections: tuple[Section, ...]
    legend: tuple[str, ...] = ()
    lang: Language = "zh"
    numbered: bool = False

    def to_text(self) -> str:
        """Give it as aligned text."""
        lines = [self.title]
        for section in self.sections:
            lines += ["", section.title, *(f"  - {line}" for line in section.lines)]
            if _elsewhere(section):
                lines.append(f"  {_SAYS[self.lang]['elsewhere']}")
            for table in section.tables:
                rows, left = _shown(table, table.shown)
                if not rows:
                    continue
                lines += ["", f"  {table.title}"] if table.title else [""]
                heads = [_cut(head) for head in table.heads]
                cells = [heads, *([_cut(_text(cell)) for cell in row] for row in rows)]
                widths = [max(map(display_width, column)) for column in zip(*cells, strict=True)]
                lines += ["  " + "  ".join(map(pad, row, widths)).rstrip() for row in cells]
                lines += [f"  {_SAYS[self.lang]['more'].format(left)}"] if left else []
                lines += [f"  {table.note}"] if table.note else []
        return "\n".join((*lines, *(["", *self.legend] if self.legend else []))) + "\n"

    def to_markdown(self) -> str:
        """Give it as Markdown."""
        lines = [f"# {_plain(self.title)}"]
        for section in self.sections:
            lines += ["", f"## {_plain(section.title)}"]
            lines += ["", *(f"- {_plain(line)}" for line in section.lines)] if section.lines else []
            lines += ["", _SAYS[self.lang]["elsewhere"]] if _elsewhere(section) else []
            for table in section.tables:
                rows, left = _shown(table, table.shown)
                if not rows:
                    continue
                lines += ["", f"### {_plain(table.title)}"] if table.title else []
                lines += ["", _row(table.heads), "|---" * len(table.heads) + "|"]
                lines += [_row(map(_text, row)) for row in rows]
                lines += ["", _SAYS[self.lang]["more"].format(left)] if left else []
                lines += ["", _plain(table.note)] if table.note else []
        lines += ["", *(f"{_plain(line)}  " for line in self.legend)] if self.legend else []
        return "\n".join(lines) + "\n"

    def to_html(self) -> str:
        """Give it as one page without outside parts; all text is escaped."""
        from html import escape

        parts = []
        numbers: dict[str, int] = {}
        for section in self.sections:
            parts.append(f"<section><h2>{escape(section.title)}</h2>")
            if section.lines:
                parts.append(
                    "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in section.lines) + "</ul>"
                )
            parts += (part for table in section.tables for part in self._table(table, numbers))
            parts.append("</section>")
        if numbers:
            title = escape(_SAYS[self.lang]["evidence"])
            said = "".join(f"<li id=e{n}>{escape(text)}</li>" for text, n in numbers.items())
            parts.append(f"<section><h2>{title}</h2><ol class=proofs>{said}</ol></section>")
        legend = "".join(f"<p class=legend>{escape(line)}</p>" for line in self.legend)
        name = escape(self.title)
        return (
            f'<!doctype html><html lang="{self.lang}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{name}</title>'
            f"<style>{PAGE_STYLE}{_STYLE}</style></head><body><main><h1>{name}</h1>"
            f"{''.join(parts)}{legend}</main></body></html>\n"
        )

    def _table(self, table: Table, numbers: dict[str, int]) -> Iterator[str]:
        from html import escape

        rows, left = _shown(table, table.paged)
        if not rows:
            return
        if table.title:
            yield f"<h3>{escape(table.title)}</h3>"
        yield "<div class=scroll><table><thead><tr>"
        numeric = [isinstance(_value(cell), (int, float)) for cell in rows[0]]
        yield "".join(
            f"<th class=n>{escape(head)}</th>" if right else f"<th>{escape(head)}</th>"
            for head, right in zip(table.heads, numeric, strict=True)
        )
        yield "</tr></thead><tbody>"
        for row in rows:
            cells = []
            for column, cell in enumerate(row):
                entry = cell if isinstance(cell, Entry) else Entry(cell)
                inside = escape(_text(entry)).replace("\n", "<br>")
                if evidence := entry.evidence:
                    said = self._said(evidence, numbers)
                    inside = f"<details><summary>{inside}</summary>{said}</details>"
                words = [f"k-{entry.kind}"] if entry.kind else []
                words += ["n"] if isinstance(entry.value, (int, float)) else []
                mark = f' class="{" ".join(words)}"' if words else ""
                tag = "th scope=row" if column < table.fixed else "td"
                cells.append(f"<{tag}{mark}>{inside}</{tag[:2]}>")
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</tbody></table></div>"
        if left:
            yield f"<p class=legend>{_SAYS[self.lang]['more'].format(left)}</p>"
        if table.note:
            yield f"<p class=legend>{escape(table.note)}</p>"

    def _said(self, evidence: Sequence[Evidence], numbers: dict[str, int]) -> str:
        """Write what a cell rests on, or links to where it stands."""
        from html import escape

        if not self.numbered:
            return f"<ul>{''.join(f'<li>{escape(e.full)}</li>' for e in evidence)}</ul>"
        found: dict[str, list[str]] = {}
        for e in evidence:
            n = numbers.setdefault(e.text, len(numbers) + 1)
            found.setdefault(e.of, []).append(f"<a href=#e{n}>{n}</a>")
        return "".join(
            f"<p>{escape(of)}{': ' if of else ''}{' '.join(links)}</p>"
            for of, links in found.items()
        )

    def to_excel(self, path: Any = None) -> bytes:
        """
        Give it as an Excel workbook: a summary, a sheet for each table, one for the evidence.

        Args:
            path: Where to write; None to give the bytes only.

        Raises:
            MissingExtra: xlsxwriter is not installed.
            FutureIndustryError: The file cannot be written.
        """
        content = _Workbook(self).content()
        if path is not None:
            from .files import write_bytes

            try:
                write_bytes(path, content)
            except OSError as error:
                raise FutureIndustryError(f"{path} cannot be written: {error.strerror}") from None
        return content


class _Workbook:
    """Writes a document as a workbook."""

    def __init__(self, document: Document) -> None:
        try:
            import xlsxwriter
        except ImportError:
            raise MissingExtra("an Excel file", "tables") from None
        import datetime
        import io

        self.document = document
        self.say = _SAYS[document.lang]
        self.out = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.out,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        # The same report gives the same bytes, whenever it is written.
        epoch = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
        self.book.set_properties({"title": document.title, "created": epoch})
        plain = {"valign": "top", "text_wrap": True}
        self.formats = {
            "": self.book.add_format(plain),
            "head": self.book.add_format(
                plain | {"bold": True, "bg_color": "#E9EDF2", "bottom": 1}
            ),
            "title": self.book.add_format({"bold": True, "font_size": 16}),
            "heading": self.book.add_format({"bold": True, "font_size": 12}),
            "share": self.book.add_format(plain | {"num_format": "0.000"}),
        }
        self.formats |= {
            kind: self.book.add_format(plain | {"bg_color": f"#{colour}"})
            for kind, colour in KINDS.items()
        }
        self.evidence: list[tuple[str, str, str, Evidence]] = []

    def content(self) -> bytes:
        summary = self.book.add_worksheet(self.say["summary"])
        tables = [table for section in self.document.sections for table in section.tables]
        names: list[str] = []
        for table in tables:
            names.append(
                _sheet_name(table.name, (*names, self.say["summary"], self.say["evidence"]))
            )
            self._sheet(names[-1], table)
        if self.evidence:
            self._proofs()
        self._summary(summary, list(zip(names, tables, strict=True)))
        self.book.close()
        return self.out.getvalue()

    def _summary(self, sheet: Any, tables: Sequence[tuple[str, Table]]) -> None:
        sheet.set_column(0, 0, BREADTH, self.formats[""])
        sheet.hide_gridlines(2)
        row = 0
        sheet.write_string(row, 0, _safe(self.document.title), self.formats["title"])
        for section in self.document.sections:
            if section.lines:
                row += 2
                sheet.write_string(row, 0, _safe(section.title), self.formats["heading"])
            for line in section.lines:
                row += 1
                sheet.write_string(row, 0, _safe(line), self.formats[""])
                _fit(sheet, row, _lines(line, BREADTH))
        row += 2
        sheet.write_string(row, 0, self.say["sheets"], self.formats["heading"])
        listed = [(name, table.title or table.name) for name, table in tables]
        if self.evidence:
            listed.append((self.say["evidence"], self.say["evidence_of"]))
        for name, title in listed:
            row += 1
            said = name if title == name else f"{name}: {title}"
            sheet.write_url(row, 0, f"internal:'{name}'!A1", None, _safe(said))
        row += 1
        for line in self.document.legend:
            row += 1
            sheet.write_string(row, 0, _safe(line), self.formats[""])
            _fit(sheet, row, _lines(line, BREADTH))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _sheet(self, name: str, table: Table) -> None:
        sheet = self.book.add_worksheet(name)
        widths = [display_width(head) for head in table.heads]
        for column, head in enumerate(table.heads):
            sheet.write_string(0, column, _safe(head), self.formats["head"])
        links = 0
        rows = table.rows
        for n, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                entry = cell if isinstance(cell, Entry) else Entry(cell)
                style = self.formats[entry.kind]
                value = entry.value
                if isinstance(value, float):
                    style = self.formats["share"]
                text = _safe(_text(entry))
                widths[column] = max(widths[column], *map(display_width, text.split("\n")))
                evidence = entry.evidence
                if evidence and links < LINKS:
                    links += 1
                    target = f"internal:'{self.say['evidence']}'!A{len(self.evidence) + 2}"
                    if isinstance(value, (int, float)):
                        sheet.write_url(n, column, target, style)
                        sheet.write_number(n, column, value, style)
                    else:
                        sheet.write_url(n, column, target, style, text)
                elif isinstance(value, (int, float)):
                    sheet.write_number(n, column, value, style)
                elif text:
                    sheet.write_string(n, column, text, style)
                where = _text(row[0]), table.heads[column]
                self.evidence += ((name, *where, said) for said in evidence)
        breadths = [math.ceil(1.1 * min(max(width, 6), WIDEST)) + 2 for width in widths]
        for column, breadth in enumerate(breadths):
            sheet.set_column(column, column, breadth, self.formats[""])
        for n, row in enumerate(rows, 1):
            cells = zip(row, breadths, strict=True)
            _fit(sheet, n, max(_lines(_text(cell), breadth) for cell, breadth in cells))
        sheet.freeze_panes(1, table.fixed)
        sheet.autofilter(0, 0, max(len(rows), 1), len(table.heads) - 1)
        if table.note:
            sheet.write_string(len(rows) + 2, 0, _safe(table.note))
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)

    def _proofs(self) -> None:
        sheet = self.book.add_worksheet(self.say["evidence"])
        heads = [self.say[key] for key in ("sheet", "row", "column", "statement", "file", "line")]
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self.formats["head"])
        for n, (name, of_row, of_column, said) in enumerate(self.evidence, 1):
            for at, text in enumerate((name, of_row, of_column, said.full, said.file or "")):
                sheet.write_string(n, at, _safe(text), self.formats[""])
            if said.line is not None:
                sheet.write_number(n, 5, said.line, self.formats[""])
        for column, width in enumerate((14, 24, 24, 90, 50, 8)):
            sheet.set_column(column, column, width, self.formats[""])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(self.evidence), 5)


def _lines(text: str, breadth: int) -> int:
    """Say how many lines a text takes in a column; a wide character is a bit more than two digits."""
    return sum(max(1, math.ceil(1.1 * display_width(line) / breadth)) for line in text.split("\n"))


def _fit(sheet: Any, row: int, lines: int) -> None:
    """Make a row as high as its text: not every program does so when it opens the file."""
    if lines > 1:
        sheet.set_row(row, POINTS * min(lines, LINES))


def _sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """Give a name that Excel takes, and that no other sheet has."""
    name = re.sub(r"[\[\]:*?/\\']", " ", wanted)[:NAME].strip() or "1"
    used = {other.lower() for other in taken}
    n = 2
    base = name
    while name.lower() in used:
        name = f"{base[: NAME - 3]} {n}"
        n += 1
    return name


def _safe(text: str) -> str:
    return str(escape_cell(text))[:CELL]


def _value(cell: Entry | Value) -> Value:
    return cell.value if isinstance(cell, Entry) else cell


def _text(cell: Entry | Value) -> str:
    value = _value(cell)
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _shown(table: Table, limit: int | None) -> tuple[Rows, int]:
    """Give the rows to show, and how many are left."""
    if limit == 0:
        return (), 0
    rows = table.rows
    return (rows, 0) if limit is None else (rows[:limit], max(len(rows) - limit, 0))


def _elsewhere(section: Section) -> bool:
    """Say whether all of a section is left to HTML and Excel."""
    return (
        bool(section.tables) and not section.lines and not any(t.shown != 0 for t in section.tables)
    )


def _cut(text: str) -> str:
    """Keep a cell of a text in one line that is not too wide."""
    text = " ".join(text.split())
    if display_width(text) <= WIDEST:
        return text
    kept = ""
    for ch in text:
        if display_width(kept + ch) > WIDEST - 1:
            break
        kept += ch
    return kept.rstrip(",、; ") + "…"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_plain(" ".join(cell.split())) for cell in cells) + " |"


def _plain(text: str) -> str:
    """Keep Markdown from reading a text as markup, a column or HTML."""
    return re.sub(r"[\\|`*_\[\]]", r"\\\g<0>", text).replace("&", "&amp;").replace("<", "&lt;")


_SAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "summary": "Summary", "evidence": "Evidence", "sheets": "Sheets",
        "evidence_of": "the maps and statements behind each cell", "sheet": "Sheet", "row": "Row",
        "column": "Column", "statement": "Statement", "file": "File", "line": "Line",
        "more": "… {} more rows; HTML and Excel (-o FILE.xlsx) have them",
        "elsewhere": "In HTML and Excel (-o FILE.xlsx).",
    },
    "zh": {
        "summary": "摘要", "evidence": "依据", "sheets": "工作表",
        "evidence_of": "每个单元格所依据的映射与陈述", "sheet": "工作表", "row": "行",
        "column": "列", "statement": "陈述", "file": "文件", "line": "行号",
        "more": "……另有 {} 行,见 HTML 或 Excel(-o 文件.xlsx)",
        "elsewhere": "见 HTML 或 Excel(-o 文件.xlsx)。",
    },
}  # fmt: skip
_STYLE = (
    "main{max-width:80rem}.scroll{overflow:auto;max-height:85vh;margin:0 0 .5rem}"
    "h3{font-size:1rem;margin:1.2rem 0 .4rem}li{margin:.15rem 0}"
    "thead th{white-space:normal;vertical-align:bottom;z-index:2}"
    "th[scope=row]{background:#fff;position:sticky;left:0;top:auto;font-weight:600;z-index:1}"
    "td{min-width:5.5rem}th[scope=row]{min-width:7rem}"
    "td.n,th.n{text-align:right;min-width:2.4rem;font-variant-numeric:tabular-nums}"
    "td:nth-child(1),td:nth-child(2){white-space:normal}"
    "details>summary{cursor:pointer}details ul{margin:.3rem 0 0;padding-left:1.1rem;font-size:.85em;"
    "color:#3c4757;max-width:42rem;text-align:left;font-weight:400}details li{overflow-wrap:anywhere}"
    "details p{margin:.3rem 0 0;font-size:.85em;max-width:42rem}"
    ".proofs{font-size:.85em;color:#3c4757;overflow-wrap:anywhere}.proofs li:target{background:#fdf3dc}"
    ".legend{color:#5a6677;font-size:.9rem}"
    + "".join(f".k-{kind}{{background:#{colour.lower()}}}" for kind, colour in KINDS.items())
)


class Reported:
    """What can be told as a document, in each of its forms."""

    __slots__ = ()

    def document(self, lang: Language = "zh") -> Document:
        """Give the report: what was found first, then the tables, and what they rest on."""
        raise NotImplementedError

    def to_text(self, lang: Language = "zh") -> str:
        """Give the report as text; long tables end early and say so."""
        return self.document(lang).to_text()

    def to_markdown(self, lang: Language = "zh") -> str:
        """Give the report as Markdown; long tables end early and say so."""
        return self.document(lang).to_markdown()

    def to_html(self, lang: Language = "zh") -> str:
        """Give the report as one HTML page without outside parts; cells unfold to what they rest on."""
        return self.document(lang).to_html()

    def to_excel(self, path: Any = None, lang: Language = "zh") -> bytes:
        """
        Give the report as an Excel workbook, with a sheet of what the cells rest on.

        Args:
            path: Where to write; None to give the bytes only.
            lang: Language of heads and labels.

        Raises:
            MissingExtra: xlsxwriter is not installed.
        """
        return self.document(lang).to_excel(path)

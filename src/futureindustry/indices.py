"""
How specialised parks are: location quotients and their kin, with what they were computed from.

The amounts are grouped and summed in the engine of the data; Python sees the distinct cells of
park and sector. Which sector an amount belongs to may be uncertain: a label may be ambiguous
or name several industries, an item of one scheme may contain several of another. Nothing is
split by assumption then: every number gets bounds that hold for each way to allocate. What
the labels mean is decided in `names`, how schemes correspond in `mapping`.

Notation: x_ij is the amount of sector j in park i, a dot a sum: x_i. is the total of the
park, x_.j of the sector, x_.. of all; s_ij = x_ij / x_i. is the share of a sector in its park.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from .amounts import parse_amount
from .changes import Succession, successions
from .dataset import Judge, Roles
from .errors import (
    FutureIndustryError,
    MissingExtra,
    UnknownFormat,
    UnreadableData,
    ValueNotUnderstood,
    nearest,
)
from .mapping import DR, Network, Tree, best_items, closest, hub_of, is_tier
from .model import Item, Scheme, Text
from .names import Resolution
from .report import PAGE_STYLE, Finding, escape_cell, escape_markdown
from .store import as_scheme
from .tables import columns_of, distinct, frame_of, join_back, need, rows_of, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    from .charts import Chart
    from .document import Document

    Language = Literal["zh", "en"]
    Table = Literal["cells", "parks", "sectors", "placed", "unmapped"]
    Record: TypeAlias = "Cell | Park | Sector | Placed | Unmapped"
    # Lowest and highest value. A missing high end: no bound. Missing both: not defined.
    Bounds: TypeAlias = tuple[float | None, float | None]

__all__ = ["Cell", "Park", "Placed", "Sector", "Specialisation", "Unmapped", "specialisation"]

TABLES = ("cells", "parks", "sectors", "placed", "unmapped")
UNDEFINED: Bounds = (None, None)
# Sums of decimal fractions are not exact: 0.1 + 0.2 is no 0.3. Relative.
ROUNDING = 1e-9
# What two bounds may differ by and still be one value. Relative.
SAME = 1e-12
_FIGURE = "futureindustry_weight"
_PLAIN = r"^-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$"
_AMOUNT, _SUM, _LEAST, _MOST, _MISSING = "__amount", "__sum", "__least", "__most", "__missing"


# What is given back


@attrs.frozen(kw_only=True)
class Cell:
    """
    One sector in one park.

    A value that depends on how uncertain amounts are allocated is missing, and its bounds say
    what it may be; else the bounds equal it. A missing upper bound beside a lower one means
    that there is none.

    Attributes:
        park: As written in the data.
        sector: Code of the item, or the label where no scheme was given.
        label: Of the item, by language; None where no scheme was given.
        value: x_ij, in the unit of the data, >= 0; 0 where the data has no such row; missing
            where an amount is.
        value_low: Lower bound.
        value_high: Upper bound.
        park_total: x_i.
        sector_total: x_.j, of the parks without missing amounts.
        total: x_.., of the same parks.
        share: s_ij, 0 to 1; missing where the park has nothing.
        share_low: Lower bound.
        share_high: Upper bound.
        lq: Location quotient (also known as revealed comparative advantage), no unit, >= 0;
            missing where the sector or the park has nothing (0/0).
        lq_low: Lower bound.
        lq_high: Upper bound.
        rca: Whether lq >= 1, up to rounding of the sums; missing where that is not known.
        density: Relatedness density, 0 to 1; missing where no park has an RCA in the sector, or
            the park has nothing.
        density_low: Lower bound.
        density_high: Upper bound.
    """

    park: str
    sector: str
    label: Text | None = None
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    park_total: float | None = None
    sector_total: float | None = None
    total: float | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    lq: float | None = None
    lq_low: float | None = None
    lq_high: float | None = None
    rca: bool | None = None
    density: float | None = None
    density_low: float | None = None
    density_high: float | None = None


@attrs.frozen(kw_only=True)
class Park:
    """
    One park as a whole; bounds as in `Cell`.

    Attributes:
        park: As written in the data.
        total: x_i., the amounts that lie in sectors of the table.
        total_low: Lower bound.
        total_high: Upper bound.
        sectors: Number of sectors that have an amount, or may have one.
        hhi: Herfindahl-Hirschman index, 1/n to 1.
        hhi_low: Lower bound.
        hhi_high: Upper bound.
        entropy: Shannon entropy of the shares, in nats, 0 to ln n.
        entropy_low: Lower bound.
        entropy_high: Upper bound.
        entropy_normalised: The entropy divided by ln n, n being the number of sectors of the
            table; missing for n = 1.
        entropy_normalised_low: Lower bound.
        entropy_normalised_high: Upper bound.
        krugman: Krugman index against all other parks taken together, 0 to 2.
        krugman_low: Lower bound.
        krugman_high: Upper bound.
        uncertain: Amount whose sector is not certain.
        uncertain_share: The same, of all amounts of the park (in a sector or not).
        unmapped: Amount of the labels that lead to no sector.
        unmapped_share: The same, of all amounts of the park.
        missing: Rows with a sector whose amount is missing. The total of such a park is not
            known, so its indices are missing and it is in no other total.
    """

    park: str
    total: float | None = None
    total_low: float | None = None
    total_high: float | None = None
    sectors: int = 0
    hhi: float | None = None
    hhi_low: float | None = None
    hhi_high: float | None = None
    entropy: float | None = None
    entropy_low: float | None = None
    entropy_high: float | None = None
    entropy_normalised: float | None = None
    entropy_normalised_low: float | None = None
    entropy_normalised_high: float | None = None
    krugman: float | None = None
    krugman_low: float | None = None
    krugman_high: float | None = None
    uncertain: float = 0.0
    uncertain_share: float | None = None
    unmapped: float = 0.0
    unmapped_share: float | None = None
    missing: int = 0


@attrs.frozen(kw_only=True)
class Sector:
    """
    One sector in all parks without missing amounts.

    Attributes:
        sector: Code of the item, or the label where no scheme was given.
        label: Of the item, by language; None where no scheme was given.
        total: x_.j; bounds as in `Cell`.
        total_low: Lower bound.
        total_high: Upper bound.
        share: x_.j / x_..
        ubiquity: Number of parks with rca; missing where that is not certain.
    """

    sector: str
    label: Text | None = None
    total: float | None = None
    total_low: float | None = None
    total_high: float | None = None
    share: float | None = None
    ubiquity: int | None = None


@attrs.frozen
class Placed:
    """
    Where the amounts of one label of a park lie, and why: what the numbers are made from.

    Attributes:
        park: As written in the data.
        label: The cell.
        value: The amount, as far as it is known.
        sectors: Codes, separated by "; ". Several: it may lie in any of these.
        certain: Whether all of it lies in the one sector.
        item: Id of the item that the label means; None where no scheme was given, or several.
    """

    park: str
    label: str
    value: float
    sectors: str
    certain: bool
    item: str | None = None
    _why: Callable[[Language], str] | None = attrs.field(default=None, eq=False, repr=False)

    def reason(self, lang: Language = "zh") -> str:
        """Say why: how the label was resolved and, with `to`, the maps that lead to the sectors."""
        return "" if self._why is None else self._why(lang)


@attrs.frozen
class Unmapped:
    """
    Amounts of one park that lead to no sector.

    Attributes:
        park: As written in the data.
        label: The cell; None where it is empty.
        outcome: `outside`, `unknown` or `missing`; `no-scheme` where the park or its date picks
            no scheme.
        value: The amount, as far as it is known.
    """

    park: str
    label: str | None
    outcome: str
    value: float


@attrs.frozen(repr=False, kw_only=True)
class Specialisation:
    """
    The specialisation of parks, cell by cell and as a whole.

    Attributes:
        cells: Every park with every sector, sorted by both.
        parks: Sorted by name.
        sectors: Sorted by code.
        placed: Where the amounts of each label of a park lie, and why.
        unmapped: Amounts that lead to no sector, by park and label.
        scheme: Id of the scheme whose items are the sectors; None if the column is used as is.
        value: The column with the amounts; None where rows were counted.
        total: x_.., bounds as in `Cell`.
        total_low: Lower bound.
        total_high: Upper bound.
        nested: Pairs of sectors of which the first is part of the second in their scheme; if
            both carry the same amounts, these are counted twice.
        unplaced: Amount of the rows without a park, in no total.
        findings: What was found on reading the file (FI116).
    """

    cells: tuple[Cell, ...]
    parks: tuple[Park, ...]
    sectors: tuple[Sector, ...]
    placed: tuple[Placed, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    scheme: str | None = None
    value: str | None = None
    total: float | None = None
    total_low: float | None = None
    total_high: float | None = None
    nested: tuple[tuple[str, str], ...] = ()
    unplaced: float = 0.0
    findings: tuple[Finding, ...] = ()
    _relatedness: _Relatedness = attrs.field(eq=False)

    def __repr__(self) -> str:
        return f"<Specialisation of {len(self.parks)} parks in {len(self.sectors)} sectors>"

    def cell(self, park: str, sector: str) -> Cell | None:
        """Give one cell; None if the data has no such park or sector."""
        return next((c for c in self.cells if (c.park, c.sector) == (park, sector)), None)

    def proximity(self, a: str, b: str) -> float | None:
        """
        Give the proximity of two sectors, 0 to 1: how often parks have an RCA in both.

        phi_ab = min(P(RCA_a | RCA_b), P(RCA_b | RCA_a)). Missing where no park has an RCA in
        one of the two, or where it depends on the allocation.

        Source:
            Hidalgo, Klinger, Barabási and Hausmann, "The product space conditions the
            development of nations", Science 317, 2007.
        """
        return _point(self._relatedness.between(a, b))

    def _records(self, table: str) -> tuple[Record, ...]:
        tables: dict[str, tuple[Any, ...]] = {
            "cells": self.cells, "parks": self.parks, "sectors": self.sectors,
            "placed": self.placed, "unmapped": self.unmapped,
        }  # fmt: skip
        if table not in tables:
            hint = nearest(table, tables)
            more = f'; did you mean "{hint[0]}"?' if hint else f"; there are {', '.join(tables)}"
            raise UnknownFormat(f'no table "{table}"{more}')
        return tables[table]

    def to_dict(self) -> dict[str, Any]:
        """Give everything as plain values, with labels in all languages."""
        return {
            "scheme": self.scheme,
            "value": self.value,
            "total": self.total,
            "total_low": self.total_low,
            "total_high": self.total_high,
            "unplaced": self.unplaced,
            "nested": [list(pair) for pair in self.nested],
            **{table: [_plain(r) for r in self._records(table)] for table in TABLES[::-1]},
        }

    def to_json(self, lang: Language = "zh") -> str:  # noqa: ARG002 - as all writers
        """Give everything as JSON text, with labels in all languages."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)

    def to_frame(self, table: Table = "cells") -> Any:
        """
        Give one of the tables as a polars data frame, labels as label_zh and label_en.

        Args:
            table: `cells`, `parks`, `sectors`, `placed` or `unmapped`.

        Raises:
            MissingExtra: polars is not installed.
            UnknownFormat: No such table.
        """
        records = self._records(table)
        try:
            import polars as pl
        except ImportError:
            raise MissingExtra("a frame of the indices", "tables") from None
        kinds: dict[str, Any] = {
            "park": pl.String, "sector": pl.String, "outcome": pl.String, "rca": pl.Boolean,
            "sectors": pl.Int64, "missing": pl.Int64, "ubiquity": pl.Int64,
            "label_zh": pl.String, "label_en": pl.String,
        }  # fmt: skip
        if table == "placed":
            kinds |= dict.fromkeys(("label", "sectors", "item", "reason"), pl.String)
            kinds["certain"] = pl.Boolean
        if table == "unmapped":
            kinds["label"] = pl.String
        names = list(_flat(records[0])) if records else list(_flat(_EMPTY[table]))
        schema = {name: kinds.get(name, pl.Float64) for name in names}
        return pl.DataFrame([_flat(r) for r in records], schema=schema)

    def to_csv(self, lang: Language = "zh", *, table: Table = "cells") -> str:  # noqa: ARG002 - as all writers
        """Give one of the tables as CSV with the columns of `to_frame`; missing is empty."""
        import csv
        import io

        records = self._records(table)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_flat(records[0] if records else _EMPTY[table]))
        for record in records:
            cells = (
                str(v).lower() if isinstance(v, bool) else escape_cell(v)
                for v in _flat(record).values()
            )
            writer.writerow(cells)
        return out.getvalue()

    def to_text(self, lang: Language = "zh") -> str:
        """Give the tables as aligned text; cells that have nothing are left out."""
        from .text import display_width, pad

        lines = [*self._summary(lang)]
        for title, heads, rows in self._tables(lang):
            lines += ["", title]
            widths = [max(map(display_width, column)) for column in zip(heads, *rows, strict=True)]
            lines += ["  ".join(map(pad, row, widths)).rstrip() for row in (heads, *rows)]
        return "\n".join((*lines, "", _SAYS[lang]["legend"])) + "\n"

    def to_markdown(self, lang: Language = "zh") -> str:
        """Give the tables as Markdown; cells that have nothing are left out."""
        lines = [f"# {_SAYS[lang]['title']}", ""]
        lines += [f"- {escape_markdown(line)}" for line in self._summary(lang)]
        for title, heads, rows in self._tables(lang):
            lines += ["", f"## {title}", "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
            lines += ["| " + " | ".join(map(escape_markdown, row)) + " |" for row in rows]
        return "\n".join((*lines, "", _SAYS[lang]["legend"])) + "\n"

    def to_html(self, lang: Language = "zh") -> str:
        """Give the tables as one HTML page without outside parts; all text is escaped."""
        from html import escape

        body = [f"<li>{escape(line)}</li>" for line in self._summary(lang)]
        parts = [f"<ul>{''.join(body)}</ul>"]
        for title, heads, rows in (*self._tables(lang), *self._reasons(lang)):
            head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
            lines = (
                f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
            )
            parts.append(
                f"<h2>{escape(title)}</h2><table><thead><tr>{head}</tr></thead>"
                f"<tbody>{''.join(lines)}</tbody></table>"
            )
        name = escape(_SAYS[lang]["title"])
        return (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{name}</title>'
            f"<style>{PAGE_STYLE}th{{white-space:nowrap}}td{{min-width:4rem}}</style></head><body><main>"
            f"<h1>{name}</h1>{''.join(parts)}"
            f"<p>{escape(_SAYS[lang]['legend'])}</p></main></body></html>\n"
        )

    def chart(
        self,
        kind: Literal["heatmap", "bars", "lorenz"] = "heatmap",
        *,
        park: str | None = None,
        lang: Language = "zh",
    ) -> Chart:
        """
        Draw the indices: `.svg`, `.to_html()`, `.to_png()`, `.to_echarts()`, `.save(path)`.

        Args:
            kind: `heatmap`, location quotients of sectors by parks; `bars`, Krugman index of
                each park with its bounds; `lorenz`, how unequally each park is spread over
                the sectors.
            park: `bars` only: the location quotients of this park instead.
            lang: Language of the labels.

        Raises:
            UnknownFormat: No such kind.
            UnreadableData: No such park, or nothing that could be drawn.
        """
        from .pictures import of_specialisation

        return of_specialisation(self, kind, park, lang)

    def to_echarts(
        self,
        kind: Literal["heatmap", "bars", "lorenz"] = "heatmap",
        *,
        park: str | None = None,
        lang: Language = "zh",
    ) -> dict[str, Any]:
        """Give the picture as options for Apache ECharts."""
        return self.chart(kind, park=park, lang=lang).to_echarts()

    def document(self, lang: Language = "zh") -> Document:
        """Give everything as a report with numbers, for a workbook."""
        from .document import Document, Section, Table

        say, heads = _SAYS[lang], _HEADS[lang]

        def three(key: str) -> tuple[str, ...]:
            return heads[key], f"{heads[key]} {say['least']}", f"{heads[key]} {say['greatest']}"

        def bounds(record: Cell | Park | Sector, *names: str) -> Iterator[float | None]:
            for name in names:
                yield from (getattr(record, f"{name}{end}") for end in ("", "_low", "_high"))

        labels = {sector.sector: sector.label for sector in self.sectors}

        def name(code: str) -> str:
            text = labels.get(code)
            return text.show(lang) if text else code

        park_measures = {
            "total": "total", "hhi": "hhi", "entropy": "entropy", "normalised": "entropy_normalised",
            "krugman": "krugman",
        }  # fmt: skip
        parks = Table(
            say["parks"],
            (
                heads["park"], *(h for key in park_measures for h in three(key)), heads["sectors"],
                heads["uncertain"], heads["unmapped"], heads["missing"],
            ),
            tuple(
                (p.park, *bounds(p, *park_measures.values()), p.sectors, p.uncertain, p.unmapped, p.missing)
                for p in self.parks
            ),
        )  # fmt: skip
        cells = Table(
            say["cells"],
            (
                heads["park"], heads["sector"], heads["code"], *three("value"), *three("share"), *three("lq"),
                heads["rca"], *three("density"), heads["park_total"], heads["sector_total"], heads["all"],
            ),
            tuple(
                (
                    c.park, name(c.sector), c.sector, *bounds(c, "value", "share", "lq"),
                    None if c.rca is None else say["yes"] if c.rca else say["no"], *bounds(c, "density"),
                    c.park_total, c.sector_total, c.total,
                )
                for c in self.cells
            ),
            fixed=2,
        )  # fmt: skip
        sectors = Table(
            say["sectors"],
            (heads["sector"], heads["code"], *three("total"), heads["share"], heads["ubiquity"]),
            tuple(
                (name(j.sector), j.sector, *bounds(j, "total"), j.share, j.ubiquity)
                for j in self.sectors
            ),
        )
        placed = Table(
            say["placed"],
            (heads["park"], heads["label"], heads["value"], heads["sector"], heads["certain"], heads["reason"]),
            tuple(
                (
                    p.park, p.label, p.value, say["comma"].join(map(name, p.sectors.split("; "))),
                    say["yes"] if p.certain else say["no"], p.reason(lang),
                )
                for p in self.placed
            ),
            fixed=2,
        )  # fmt: skip
        words = _OUTCOMES[lang]
        unmapped = Table(
            say["unmapped"],
            (heads["park"], heads["label"], heads["outcome"], heads["value"]),
            tuple((u.park, u.label, words[u.outcome], u.value) for u in self.unmapped),
        )
        tables = [parks, cells, sectors, placed, *([unmapped] if self.unmapped else [])]
        section = Section(say["title"], tuple(self._summary(lang)), tuple(tables))
        return Document(say["title"], (section,), (say["legend"], say["formulas"]), lang)

    def to_excel(self, path: Any = None, lang: Language = "zh") -> bytes:
        """
        Give all tables as an Excel workbook, numbers as numbers, and why each label lies where.

        Args:
            path: Where to write; None to give the bytes only.
            lang: Language of heads and labels.

        Raises:
            MissingExtra: xlsxwriter is not installed.
        """
        return self.document(lang).to_excel(path)

    def _summary(self, lang: Language) -> Iterator[str]:
        say = _SAYS[lang]
        total = _span(self.total_low, self.total_high, _amount)
        facts = {"parks": len(self.parks), "sectors": len(self.sectors), "total": total}
        yield (say["amounts"] if self.value else say["rows"]).format(**facts)
        if self.scheme:
            yield say["scheme"].format(scheme=self.scheme)
        if incomplete := [park.park for park in self.parks if park.missing]:
            yield say["incomplete"].format(n=len(incomplete), parks=say["comma"].join(incomplete))
        if self.unplaced:
            yield say["unplaced"].format(amount=_amount(self.unplaced))
        labels = {sector.sector: sector.label for sector in self.sectors}
        for part, whole in self.nested:
            names = [(text.show(lang) if (text := labels[c]) else c) for c in (part, whole)]
            yield say["nested"].format(part=names[0], whole=names[1])

    def _tables(self, lang: Language) -> Iterator[tuple[str, list[str], list[list[str]]]]:
        say, heads = _SAYS[lang], _HEADS[lang]
        yield say["parks"], [heads[key] for key in _PARK_HEADS], [
            [
                park.park,
                _span(park.total_low, park.total_high, _amount),
                str(park.sectors),
                _span(park.hhi_low, park.hhi_high),
                _span(park.entropy_low, park.entropy_high),
                _span(park.entropy_normalised_low, park.entropy_normalised_high),
                _span(park.krugman_low, park.krugman_high),
                _percent(park.uncertain_share),
                _percent(park.unmapped_share),
                str(park.missing),
            ]
            for park in self.parks
        ]  # fmt: skip
        rows = [
            [
                cell.park,
                cell.label.show(lang) if cell.label else cell.sector,
                _span(cell.value_low, cell.value_high, _amount),
                _span(cell.share_low, cell.share_high, _percent),
                _span(cell.lq_low, cell.lq_high),
                "–" if cell.rca is None else say["yes"] if cell.rca else say["no"],
                _span(cell.density_low, cell.density_high),
            ]
            for cell in self.cells
            if cell.value_high != 0
        ]
        if rows:
            yield say["cells"], [heads[key] for key in _CELL_HEADS], rows
        if self.unmapped:
            words = _OUTCOMES[lang]
            yield say["unmapped"], [heads[key] for key in ("park", "label", "outcome", "value")], [
                [u.park, u.label or "–", words[u.outcome], _amount(u.value)] for u in self.unmapped
            ]  # fmt: skip

    def _reasons(self, lang: Language) -> Iterator[tuple[str, list[str], list[list[str]]]]:
        """Give the table of what the numbers are made from."""
        say, heads = _SAYS[lang], _HEADS[lang]
        labels = {sector.sector: sector.label for sector in self.sectors}
        if self.scheme is None:
            return
        yield (
            say["placed"],
            [heads[key] for key in ("park", "label", "value", "sector", "certain", "reason")],
            [
                [
                    p.park,
                    p.label,
                    _amount(p.value),
                    say["comma"].join(
                        text.show(lang) if (text := labels.get(code)) else code
                        for code in p.sectors.split("; ")
                    ),
                    say["yes"] if p.certain else say["no"],
                    p.reason(lang),
                ]
                for p in self.placed
            ],
        )


def _plain(record: Record) -> dict[str, Any]:
    row = _fields(record)
    if isinstance(row.get("label"), Text):
        row["label"] = dict(row["label"])
    return row


def _fields(record: Record) -> dict[str, Any]:
    row = attrs.asdict(record, recurse=False, filter=lambda field, _: field.name != "_why")
    return row | {"reason": record.reason("en")} if isinstance(record, Placed) else row


def _flat(record: Record) -> dict[str, Any]:
    """Give the fields with the label in a column for each language."""
    row: dict[str, Any] = {}
    for name, value in _fields(record).items():
        if name == "label" and not isinstance(record, (Placed, Unmapped)):
            row |= {f"label_{lang}": value and value.get(lang) for lang in ("zh", "en")}
        else:
            row[name] = value
    return row


_EMPTY: Mapping[str, Record] = {
    "cells": Cell(park="", sector=""), "parks": Park(park=""), "sectors": Sector(sector=""),
    "placed": Placed("", "", 0.0, "", certain=True),
    "unmapped": Unmapped("", None, "", 0.0),
}  # fmt: skip


def _amount(value: float | None) -> str:
    return "–" if value is None else f"{value:,.10g}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.4g}%"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _span(
    low: float | None, high: float | None, show: Callable[[float | None], str] = _number
) -> str:
    """Show a value, or its bounds where these differ."""
    if low is None or low == high:
        return show(low)
    if high is None:
        return f"≥ {show(low)}"
    return f"≈ {show(low)}" if show(low) == show(high) else f"{show(low)} – {show(high)}"


_PARK_HEADS = ("park", "total", "sectors", "hhi", "entropy", "normalised", "krugman", "uncertain",
               "unmapped", "missing")  # fmt: skip
_CELL_HEADS = ("park", "sector", "value", "share", "lq", "rca", "density")
_HEADS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "park": "Park", "sector": "Sector", "value": "Amount", "share": "Share", "lq": "LQ",
        "rca": "RCA", "density": "Density", "total": "Total", "sectors": "Sectors", "hhi": "HHI",
        "entropy": "Entropy", "normalised": "Normalised", "krugman": "Krugman",
        "uncertain": "Uncertain", "unmapped": "Unmapped", "missing": "Missing", "label": "Label",
        "outcome": "Outcome", "code": "Code", "certain": "Certain", "reason": "Reason",
        "park_total": "Park total", "sector_total": "Sector total", "all": "Grand total", "ubiquity": "Ubiquity",
    },
    "zh": {
        "park": "园区", "sector": "行业", "value": "数值", "share": "占比", "lq": "区位商",
        "rca": "比较优势", "density": "关联密度", "total": "合计", "sectors": "行业数", "hhi": "HHI",
        "entropy": "熵", "normalised": "归一化熵", "krugman": "克鲁格曼指数",
        "uncertain": "归属不定", "unmapped": "未映射", "missing": "缺失行数", "label": "名称",
        "outcome": "结果", "code": "代码", "certain": "确定", "reason": "依据", "park_total": "园区合计",
        "sector_total": "行业合计", "all": "总计", "ubiquity": "遍在性",
    },
}  # fmt: skip
_OUTCOMES: Mapping[str, Mapping[str, str]] = {
    "en": {"outside": "outside", "unknown": "unknown", "missing": "missing", "no-scheme": "no scheme"},
    "zh": {"outside": "方案之外", "unknown": "未知", "missing": "缺失", "no-scheme": "无方案"},
}  # fmt: skip
_SAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Specialisation of parks",
        "amounts": "{parks} parks, {sectors} sectors, total {total}",
        "rows": "{parks} parks, {sectors} sectors, {total} rows counted",
        "scheme": "sectors are the items of {scheme}",
        "incomplete": "{n} parks have missing amounts and are in no total: {parks}",
        "unplaced": "{amount} in rows without a park, in no total",
        "nested": "{part} is part of {whole}: if both carry the same amounts, they are counted twice",
        "parks": "Parks",
        "cells": "Parks and sectors",
        "unmapped": "In no sector",
        "sectors": "Sectors",
        "placed": "Where labels lie",
        "least": "from",
        "greatest": "to",
        "formulas": "LQ (RCA) = (x_ij / x_i.) / (x_.j / x_..); HHI = sum of squared shares; entropy = - sum s ln s; "
        "Krugman = sum |s_ij - r_ij| against all other parks; density = sum of proximities to the sectors with RCA, "
        "divided by that to all (Hidalgo and others 2007)",
        "yes": "yes",
        "no": "no",
        "comma": ", ",
        "legend": "a – b: between a and b, by how the uncertain amounts are allocated; –: not defined (0/0) or not "
        "known; Krugman: against all other parks together",
    },
    "zh": {
        "title": "园区专业化指标",
        "amounts": "{parks} 个园区,{sectors} 个行业,合计 {total}",
        "rows": "{parks} 个园区,{sectors} 个行业,计 {total} 行",
        "scheme": "行业为 {scheme} 的类目",
        "incomplete": "{n} 个园区有缺失数值,不计入任何合计:{parks}",
        "unplaced": "无园区的行共 {amount},不计入任何合计",
        "nested": "{part}是{whole}的一部分:若两者含同一数值,则重复计算",
        "parks": "园区",
        "cells": "园区与行业",
        "unmapped": "不属于任何行业",
        "sectors": "行业",
        "placed": "名称归类",
        "least": "下限",
        "greatest": "上限",
        "formulas": "区位商(RCA)=(x_ij/x_i.)/(x_.j/x_..);HHI=占比平方和;熵=-Σ s ln s;克鲁格曼指数=Σ|s_ij-r_ij|,以其余园区之和为"
        "参照;关联密度=与本园区具有比较优势的行业的邻近度之和除以与全部行业的邻近度之和(Hidalgo 等,2007)",
        "yes": "是",
        "no": "否",
        "comma": "、",
        "legend": "a – b:介于 a 与 b 之间,取决于归属不定的数值如何分配;–:无定义(0/0)或未知;克鲁格曼指数以其余园区之和为参照",
    },
}


# Reading the amounts


@attrs.frozen
class _Amount:
    """
    An amount of a park and the sectors that it may lie in.

    Attributes:
        park: The park.
        sectors: One: all of it lies there (if closed). Several: it lies in these, nobody
            knows how much in each. None: it lies in no sector of the table.
        value: >= 0.
        missing: Rows whose amount is missing.
        closed: Whether no part of it lies elsewhere, in no sector of the table.
    """

    park: str
    sectors: tuple[str, ...]
    value: float
    missing: int = 0
    closed: bool = True


@attrs.frozen
class _Place:
    """Where the amounts of a label lie, see `_Amount`; without sectors, the outcome says why."""

    sectors: tuple[str, ...] = ()
    closed: bool = False
    outcome: str = ""
    item: str | None = None
    why: Callable[[Language], str] | None = None


def _sums(
    frame: Any, names: Sequence[str], value: str | None
) -> dict[tuple[str, ...], tuple[float, int]]:
    """
    Give sum and number of missing amounts for each distinct combination of cells, sorted.

    Empty cells and missing ones are the same here: an empty text.
    """
    import narwhals as nw

    if value is None:
        amount: Any = nw.lit(1.0)
    else:
        frame, amount = _numeric(frame, value)
    known = nw.col(_AMOUNT)
    keys = [expr.fill_null("") for expr in texts(frame, names)]
    grouped = (
        frame.with_columns(amount.alias(_AMOUNT))
        .select(*keys, known)
        # Not a number is how pandas says missing.
        .with_columns(nw.when(~known.is_nan()).then(known).alias(_AMOUNT))
        .with_columns(known.is_null().cast(nw.Int64).alias(_MISSING))
        .group_by(list(names))
        .agg(
            known.sum().alias(_SUM),
            known.min().alias(_LEAST),
            known.max().alias(_MOST),
            nw.col(_MISSING).sum(),
        )
        .with_columns(nw.col(name).fill_null(0.0) for name in (_SUM, _LEAST, _MOST))
    )
    found: dict[tuple[str, ...], tuple[float, int]] = {}
    for *cells, total, least, most, missing in rows_of(grouped):
        for bad in (least, most):
            if bad < 0 or math.isinf(bad):
                where = " / ".join(cell or "–" for cell in cells)
                raise UnreadableData(
                    f'column "{value}": {bad:.10g} ({where}) is no amount; indices of '
                    "specialisation need numbers that are 0 or more"
                )
        # The engines add in different orders; the last digits are not theirs to decide.
        found[tuple(cells)] = (float(f"{total:.15g}"), int(missing))
    return dict(sorted(found.items()))


def _numeric(frame: Any, value: str) -> tuple[Any, Any]:
    """
    Give the frame and an expression that makes the column numbers; exact amounts are read.

    Raises:
        UnreadableData: A text is no amount, is a bound, or has another unit; it is named.
    """
    import narwhals as nw

    if frame.collect_schema()[value].is_numeric():
        return frame, nw.col(value).cast(nw.Float64)
    (text,) = texts(frame, [value])
    # A column of objects would turn what is missing into a word.
    text = nw.when(~nw.col(value).is_null()).then(text).fill_null("").str.strip_chars()
    plain = text.str.contains(_PLAIN)
    others = [cells[0] for cells in distinct(frame.filter(~plain & (text != "")), [value])]
    number = nw.when(plain).then(text).cast(nw.Float64)
    if not others:
        return frame, number
    figures, unit = _figures(value, [other or "" for other in others])
    if unit is not None and any(True for _ in rows_of(frame.filter(plain).select(value).head(1))):
        raise UnreadableData(
            f'column "{value}": some cells are in {unit}, others give no unit; write it in all'
        )
    read: dict[str, list[Any]] = {f"__{value}": list(figures), _FIGURE: list(figures.values())}
    joined = nw.from_native(join_back(frame, [value], read, (_FIGURE,)))
    return joined, nw.when(plain).then(number).otherwise(nw.col(_FIGURE))


def _figures(value: str, found: Sequence[str]) -> tuple[dict[str, float], str | None]:
    """Read texts as exact amounts in one unit, which is given as well."""
    figures: dict[str, float] = {}
    units: dict[str | None, str] = {}
    for text in found:
        try:
            amount = parse_amount(text)
        except ValueNotUnderstood as error:
            raise UnreadableData(
                f'column "{value}": "{text}" cannot be read as a number or an amount: '
                f"{error.reason['en']}"
            ) from None
        if not amount.exact:
            raise UnreadableData(
                f'column "{value}": "{text}" is no exact number, it says {amount}; indices need figures'
            )
        units.setdefault(amount.measure_text, text)
        if len(units) > 1:
            one, other = units.values()
            raise UnreadableData(
                f'column "{value}": "{one}" and "{other}" cannot be added up; choose rows of one unit'
            )
        unit = amount.measure_text
        figures[text] = (amount.to(unit) if unit else amount).low
    return figures, next(iter(units))


class _Places:
    """Says in which sectors the amounts of a label lie."""

    def __init__(self, judge: Judge | None, to: Scheme | None) -> None:
        self.judge, self.to = judge, to
        self.items: dict[str, Item] = {}
        self._networks: dict[tuple[str, str], Network] = {}
        self._followed: dict[tuple[str, str], Mapping[str, Succession]] = {}
        self._reached: dict[tuple[str, str, str], tuple[tuple[str, ...], bool]] = {}

    @property
    def scheme(self) -> str | None:
        """Id of the scheme whose items are the sectors."""
        if self.judge is None:
            return None
        return self.to.id if self.to else ", ".join(sorted(self.judge.used))

    def place(self, cells: Mapping[str, str], sector: str) -> _Place:
        """Say where the amounts of one combination of cells lie."""
        label = cells[sector].strip()
        if self.judge is None:
            return _Place((label,), closed=True) if label else _Place(outcome="missing")
        answer = self.judge.answer(cells)
        if answer.finding is not None or answer.scheme is None:
            return _Place(outcome="no-scheme")
        if answer.resolution is None:
            return _Place(outcome="missing")
        codes, closed = self._of(answer.resolution, answer.scheme)
        if codes:
            r, source = answer.resolution, answer.scheme
            item = r.item.id if r.item is not None else None
            return _Place(codes, closed, "", item, lambda lang: self._why(r, source, codes, lang))
        found = answer.resolution.outcome
        return _Place(outcome="unknown" if found == "unknown" else "outside")

    def _why(self, r: Resolution, source: Scheme, codes: Sequence[str], lang: Language) -> str:
        """Say how a label was resolved, and by which maps its item reaches the sectors."""
        said = {r.explain(lang): None}
        ends = (source.id, self.to.id) if self.to else ("", "")
        if followed := self._followed.get(ends):
            items = [part.item for part in r.parts or (r,) if part.item is not None]
            said |= dict.fromkeys(followed[item.code].say(lang) for item in items)
        network = self._networks.get(ends)
        if network is not None:
            for part in r.parts or (r,):
                if part.item is not None:
                    for code in codes:
                        premises = network.premises(part.item.code, code)
                        said |= dict.fromkeys(p.sentence(lang) for p in premises)
        return " ".join("; ".join(said).split())

    def _of(self, r: Resolution, source: Scheme) -> tuple[tuple[str, ...], bool]:
        """Give the sectors that a label reaches, and whether it lies in these as a whole."""
        if r.parts:
            return _union(self._of(part, source) for part in r.parts)
        if r.outcome == "ambiguous":
            return _union(
                self._from(source, c.item, c.relation or "equals", r.via)
                for c in r.candidates
                if c.item is not None
            )
        if r.item is None:
            return (), False
        return self._from(source, r.item, r.relation or "equals", r.via)

    def _from(
        self, source: Scheme, item: Item, relation: str, via: str | None
    ) -> tuple[tuple[str, ...], bool]:
        if relation in ("equals", "part_of"):
            return self._reach(source, item.code)
        # The label goes beyond the item: what the concept that it names reaches counts.
        codes, _ = self._reach(source, item.code)
        if via is not None:
            hub = hub_of(source)
            more, _ = self._reach(hub, via.partition("#")[2], self.to or source)
            codes = tuple(sorted({*codes, *more}))
        return codes, False

    def _reach(
        self, source: Scheme, code: str, to: Scheme | None = None
    ) -> tuple[tuple[str, ...], bool]:
        """Give the items of the target that an item lies in as a whole, or else those it touches."""
        target = to or self.to or source
        if source.id == target.id:
            self.items[code] = target[code]
            return (code,), True
        key = (source.id, code, target.id)
        if key not in self._reached:
            ends = (source.id, target.id)
            if source.series == target.series:
                # From version to version, items are followed through splits and mergers.
                if ends not in self._followed:
                    self._followed[ends] = successions(source, target)
                goes_on = self._followed[ends][code]
                whole = set(goes_on.relations) <= {"equals", "part_of"}
                self._reached[key] = tuple(sorted(goes_on.successors)), whole
            else:
                if ends not in self._networks:
                    self._networks[ends] = Network(source, target)
                self._reached[key] = _touched(self._networks[ends], code)
        codes, closed = self._reached[key]
        self.items |= {c: target[c] for c in codes}
        return codes, closed


def _touched(network: Network, code: str) -> tuple[tuple[str, ...], bool]:
    target = network.target
    masks = {y: mask for y, mask in network.row(code).items() if mask and not mask & DR}
    word, codes = best_items(target, masks)
    if word in ("equals", "part_of"):
        return tuple(sorted(codes)), True
    industries = {y: mask for y, mask in masks.items() if not is_tier(target[y])}
    if industries:
        return tuple(sorted(closest(industries, Tree.of(target)))), False
    return tuple(sorted(codes)), False


def _union(found: Iterable[tuple[tuple[str, ...], bool]]) -> tuple[tuple[str, ...], bool]:
    reached = list(found)
    codes = tuple(sorted({code for codes, _ in reached for code in codes}))
    return codes, all(codes and closed for codes, closed in reached)


# Amounts that may lie here or there


class _Pool:
    """
    The amounts of one park, or of several taken together, and what each sector may have of them.

    Attributes:
        certain: By sector, what lies there for certain.
        closed: By sector, what lies there or in another sector.
        open: By sector, what lies there, in another sector, or in none.
        only: By sector, what lies there or in none.
        fixed: What lies in some sector for certain.
        loose: What lies in some sector or in none.
    """

    __slots__ = ("certain", "closed", "fixed", "loose", "only", "open")

    def __init__(self, amounts: Iterable[_Amount]) -> None:
        found: tuple[dict[str, list[float]], ...] = ({}, {}, {}, {})
        certain, closed, open_, only = found
        fixed: list[float] = []
        loose: list[float] = []
        for amount in amounts:
            several = len(amount.sectors) > 1
            if not amount.sectors:
                continue
            (fixed if amount.closed else loose).append(amount.value)
            kind = (closed if several else certain) if amount.closed else open_ if several else only
            for sector in amount.sectors:
                kind.setdefault(sector, []).append(amount.value)
        # Exactly rounded sums: the order of the amounts changes nothing.
        self.certain, self.closed, self.open, self.only = (
            {sector: math.fsum(values) for sector, values in kind.items()} for kind in found
        )
        self.fixed, self.loose = math.fsum(fixed), math.fsum(loose)

    def low(self, j: str) -> float:
        """Give the least that a sector may have."""
        return self.certain.get(j, 0.0)

    def high(self, j: str) -> float:
        """Give the most that a sector may have."""
        kinds = (self.certain, self.closed, self.open, self.only)
        return math.fsum(kind.get(j, 0.0) for kind in kinds)

    def total(self) -> Bounds:
        """Give the least and the most that all sectors may have."""
        return self.fixed, self.fixed + self.loose

    def share(self, j: str) -> Bounds:
        """
        Bound the share of a sector.

        It grows with each amount that goes to the sector and falls with each that goes to
        another one, so the extremes are known: everything that may go there does, and what
        may go nowhere does; or nothing goes there that has another sector to go to.
        """
        if self.fixed + self.loose == 0:
            return UNDEFINED
        high = self.high(j)
        if high == 0:
            return 0.0, 0.0
        only = self.only.get(j, 0.0)
        most = self.fixed + self.open.get(j, 0.0) + only
        rest = self.fixed + self.loose - only
        # Without other amounts, the share is 1 wherever it is defined.
        return (self.low(j) / rest if rest > 0 else 1.0), min(high / most, 1.0)


def _quotient(x: float, r: float, b: float, o: float) -> float:
    """
    Give (x / r) / (c / t), where c = x + b and t = r + o.

    At 0/0 the limit for small x is given: the caller knows whether it is reached.
    """
    of_sector = x / (x + b) if x + b > 0 else 1.0
    if r > 0:
        return of_sector * ((r + o) / r)
    # x = r, both small.
    if b > 0:
        return o / b
    return math.inf if o > 0 else 1.0


def _location_quotient(j: str, own: _Pool, rest: _Pool) -> Bounds:
    """
    Bound the location quotient of a sector in a park, over all allocations that define it.

    With x = x_ij, r = x_i. and, of the other parks, b in the sector and o in all sectors:

        LQ = x (r + o) / (r (x + b))

    For given x and r this grows with o and falls with b; as r + o >= x + b, an amount of
    another park that adds to both lowers it. Which allocation of the others is the extreme
    one does thus not depend on x and r. For given o and b it grows with x (r given) and falls
    with r (x given); an amount that adds to both x and r, starting at r - x = a, has the
    derivative

        (b - o) x^2 + 2 a b x + a b (a + o)

    times something positive. As b <= o, it grows to the positive root and falls then, so the
    least value is at an end and the greatest at the root. The bounds are the tightest.
    """
    if own.fixed + own.loose == 0:
        return UNDEFINED
    only, either = own.only.get(j, 0.0), own.open.get(j, 0.0)
    if own.high(j) == 0:
        return (0.0, 0.0) if rest.high(j) > 0 else UNDEFINED
    # The greatest: the others keep away from the sector, and are many.
    b, o = rest.low(j), rest.fixed + rest.loose - rest.only.get(j, 0.0)
    x = own.low(j) + own.closed.get(j, 0.0)
    a = max(own.fixed - x, 0.0)
    end = x + either + only
    at = x
    if b > 0 and end > x:
        if o <= b:
            at = end
        elif a > 0:
            root = (a * b + math.sqrt(a * b * (a * b + (o - b) * (a + o)))) / (o - b)
            at = min(max(x, root), end)
    high = _quotient(at, at + a, b, max(o, b))
    # The least: the others are in the sector, and nowhere else if they need not be.
    b = rest.high(j)
    o = max(rest.fixed + rest.open.get(j, 0.0) + rest.only.get(j, 0.0), b)
    x = own.low(j)
    r = own.fixed + own.loose - only
    if b == 0:
        # The park has all of the sector, however little that is.
        low = _quotient(0.0, own.fixed + own.loose, b, o)
    elif x == 0:
        low = 0.0 if r > 0 else _quotient(only, only, b, o)
    else:
        low = min(_quotient(x, r, b, o), _quotient(x + only, r + only, b, o))
    return _tidy(low), None if math.isinf(high) else _tidy(high)


def _concentration(boxes: Sequence[tuple[float, float]], f: Callable[[float], float]) -> Bounds:
    """
    Bound the sum of a convex function of shares that lie in boxes and sum to 1.

    The least sum has all shares as equal as the boxes allow (water filling). The greatest is
    bounded by the chords of the function over the boxes, filled from the steepest: where
    every share but one is at an end of its box, it is reached.
    """
    wide = [(low, high) for low, high in boxes if high > low]
    narrow = math.fsum(f(low) for low, high in boxes if high <= low)
    if not wide:
        return narrow, narrow
    left = 1 - math.fsum(low for low, high in boxes if high <= low)
    least, most = 0.0, 1.0
    for _ in range(60):
        level = (least + most) / 2
        filled = math.fsum(min(max(level, low), high) for low, high in wide)
        least, most = (level, most) if filled < left else (least, level)
    lowest = [f(min(max(least, low), high)) for low, high in wide]
    highest = [f(low) for low, _ in wide]
    left -= math.fsum(low for low, _ in wide)
    slopes = sorted(((f(high) - f(low)) / (high - low), high - low) for low, high in wide)
    for slope, width in reversed(slopes):
        step = min(width, max(left, 0.0))
        highest.append(slope * step)
        left -= step
    return narrow + math.fsum(lowest), narrow + math.fsum(highest)


def _square(share: float) -> float:
    return share * share


def _order(share: float) -> float:
    """Give s ln s, the convex summand of minus the entropy; 0 for 0, its limit."""
    return share * math.log(share) if share > 0 else 0.0


def _krugman(own: Sequence[tuple[float, float]], rest: Sequence[tuple[float, float]]) -> Bounds:
    """
    Bound the sum of |s_ij - s_.j| for shares in boxes, both sides of which sum to 1.

    The positive differences sum to as much as the negative ones, so each of the two, taken
    twice, bounds the sum as well.
    """
    over, under, most_over, most_under, least, most = [], [], [], [], [], []
    for (low, high), (other_low, other_high) in zip(own, rest, strict=True):
        over.append(max(low - other_high, 0.0))
        under.append(max(other_low - high, 0.0))
        most_over.append(max(high - other_low, 0.0))
        most_under.append(max(other_high - low, 0.0))
        least.append(max(over[-1], under[-1]))
        most.append(max(most_over[-1], most_under[-1]))
    lowest = max(2 * math.fsum(over), 2 * math.fsum(under), math.fsum(least))
    highest = min(2 * math.fsum(most_over), 2 * math.fsum(most_under), math.fsum(most), 2.0)
    return lowest, max(lowest, highest)


class _Relatedness:
    """
    Proximity of sectors and density around them, from the parks that have an RCA in each.

    Sets of parks are bits of an integer. Between `sure` and `maybe` lie the parks of which it
    depends on the allocation.
    """

    __slots__ = ("maybe", "sure")

    def __init__(self, sure: Mapping[str, int], maybe: Mapping[str, int]) -> None:
        self.sure, self.maybe = sure, maybe

    def between(self, a: str, b: str) -> Bounds:
        """Bound the proximity of two sectors."""
        if not (self.maybe.get(a) and self.maybe.get(b)):
            return UNDEFINED
        if a == b:
            return 1.0, 1.0
        most = max(self.maybe[a].bit_count(), self.maybe[b].bit_count())
        least = max(self.sure[a].bit_count(), self.sure[b].bit_count())
        both = (self.maybe[a] & self.maybe[b]).bit_count()
        low = (self.sure[a] & self.sure[b]).bit_count() / most
        return low, both / max(both, least) if both else 0.0

    def densities(self, parks: int) -> dict[str, list[Bounds]]:
        """
        Bound the density of each sector in each park, in the order of the bits.

        Greatest where the sectors that the park has, or may have, are as near as they may be,
        and the others as far; least the other way round.
        """
        codes = list(self.sure)
        found: dict[str, list[Bounds]] = {}
        has = [[n for n, j in enumerate(codes) if self.sure[j] >> i & 1] for i in range(parks)]
        may = [[n for n, j in enumerate(codes) if self.maybe[j] >> i & 1] for i in range(parks)]
        exact = self.sure == self.maybe
        for j in codes:
            if not self.maybe[j]:
                found[j] = [UNDEFINED] * parks
                continue
            near = [self.between(i, j) for i in codes]
            lows = [low or 0.0 for low, _ in near]
            highs = [high or 0.0 for _, high in near]
            all_low, all_high = math.fsum(lows), math.fsum(highs)
            row: list[Bounds] = []
            for sure, maybe in zip(has, may, strict=True):
                most = math.fsum(map(highs.__getitem__, maybe))
                if exact:
                    row.append(_same(most / all_high))
                    continue
                least = math.fsum(map(lows.__getitem__, sure))
                far = all_low - math.fsum(map(lows.__getitem__, maybe))
                far_high = all_high - math.fsum(map(highs.__getitem__, sure))
                row.append(
                    (
                        _tidy(least / (least + max(far_high, 0.0))) if least else 0.0,
                        _tidy(most / (most + max(far, 0.0))) if most else 0.0,
                    )
                )
            found[j] = row
        return found


def _tidy(value: float) -> float:
    """Drop the digits that rounding errors decide."""
    return float(f"{value:.12g}")


def _same(value: float) -> Bounds:
    return _tidy(value), _tidy(value)


def _point(bounds: Bounds) -> float | None:
    """Give the value if it is known, that is if its bounds agree."""
    low, high = bounds
    if low is None or high is None:
        return None
    return low if low == high or math.isclose(low, high, rel_tol=SAME, abs_tol=SAME) else None


def _three(name: str, bounds: Bounds) -> dict[str, Any]:
    """Give the fields of a value and its bounds."""
    low, high = bounds
    value = _point(bounds)
    if value is not None:
        low = high = value
    return {name: value, f"{name}_low": low, f"{name}_high": high}


# The indices


def specialisation(
    data: Any,
    *,
    park: str,
    sector: str,
    value: str | None,
    scheme: Scheme | str | None = None,
    to: Scheme | str | None = None,
    date: str | None = None,
    tier: str | None = None,
    as_of: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Specialisation:
    r"""
    Measure how specialised parks are: LQ (RCA), density, HHI, entropy, Krugman index.

    With x_ij the amount of sector j in park i, dots for sums, s_ij = x_ij / x_i., and n sectors:

    - location quotient, revealed comparative advantage: LQ_ij = (x_ij / x_i.) / (x_.j / x_..);
      rca_ij = 1 where LQ_ij >= 1
    - Herfindahl-Hirschman index: HHI_i = sum_j s_ij^2
    - entropy: H_i = - sum_j s_ij ln s_ij, normalised H_i / ln n
    - Krugman index: K_i = sum_j | s_ij - r_ij |, r_ij = (x_.j - x_ij) / (x_.. - x_i.), the share
      of the sector in all other parks taken together. Against all parks, itself included, it
      is (1 - x_i. / x_..) K_i.
    - proximity: phi_jk = min(P(rca_j | rca_k), P(rca_k | rca_j)); density: d_ij =
      sum_k rca_ik phi_jk / sum_k phi_jk, the sector itself included (phi_jj = 1)

    A combination of park and sector that the data does not have counts as 0. A missing amount
    is not known: the total of its park is not known either, so the park has no shares and is
    left out of the totals of sectors and of the whole; `Park.missing` says so. 0/0 is missing.

    Where labels are resolved, the amount of a label that equals an item or is part of it goes
    there as a whole. An ambiguous label, a list, a label that contains or overlaps items or,
    with `to`, an item that has several counterparts or goes beyond them, is uncertain: each
    of these sectors may have anything between nothing and all of it. Values are then given
    as bounds that hold for every allocation; those of amounts, shares and LQ are the
    tightest, the others may be wider than need be. What is not known to overlap is taken not to.
    Amounts in no sector (`unmapped`) are in no total; each park says how large their share is.

    Args:
        data: As for `validate`, long: a row for each amount.
        park: Column with the park, or whatever is compared; taken as written.
        sector: Column with the sector.
        value: Column with the amount: a number, or a text that is one (`parse_amount`: 468亿元,
            but not 约468亿元); >= 0, one unit for all rows (any: it cancels). None counts rows, for a list of companies or projects.
        scheme: The scheme of the labels, or its id; its items are the sectors then. Without
            `scheme` and `to`, the column is used as it is.
        to: Another scheme, whose items are the sectors; labels belong to `scheme`, or, without
            it, to the scheme that the park picks.
        date: Column that picks the version of the scheme.
        tier: Column that names the tier; settles names that occur in two.
        as_of: Date that picks the versions where neither an id nor a column does.
        encoding: Of a CSV file; found out if not given.
        sheet: Name of the sheet of an Excel file; the first if not given.

    Returns:
        The cells with their marginals, the parks, the sectors, and what was not mapped.

    Raises:
        ColumnNotFound: With the nearest column.
        UnknownScheme: With the nearest scheme.
        UnreadableData: No rows, or an amount that is negative or no number; it is named.

    Examples:
        >>> import futureindustry as fi, polars as pl
        >>> rows = {"park": ["A", "A", "B"], "sector": ["x", "y", "y"], "value": [30, 10, 60]}
        >>> found = fi.specialisation(pl.DataFrame(rows), park="park", sector="sector", value="value")
        >>> [(c.park, c.sector, c.share, round(c.lq, 3)) for c in found.cells]
        [('A', 'x', 0.75, 2.5), ('A', 'y', 0.25, 0.357), ('B', 'x', 0.0, 0.0), ('B', 'y', 1.0, 1.429)]
        >>> [(p.park, p.hhi, p.krugman) for p in found.parks]
        [('A', 0.625, 1.5), ('B', 1.0, 1.5)]

    Source:
        Isard, "Methods of Regional Analysis", MIT Press, 1960 (location quotient, after
        Florence); Balassa, "Trade liberalisation and 'revealed' comparative advantage", The
        Manchester School 33, 1965; Hirschman, "The paternity of an index", American Economic
        Review 54, 1964 (Herfindahl's and his); Shannon, "A mathematical theory of
        communication", Bell System Technical Journal 27, 1948, section 6; Krugman, "Geography
        and Trade", MIT Press, 1991, p. 76, with the rest as reference as in Midelfart-Knarvik,
        Overman, Redding and Venables, "The location of European industry", European Commission
        Economic Papers 142, 2000; Hidalgo, Klinger, Barabási and Hausmann, "The product space
        conditions the development of nations", Science 317, 2007. Bounds and missing: ours.
    """
    frame, findings = frame_of(data, encoding, sheet)
    target = None if to is None else as_scheme(to, as_of=as_of)
    judged = scheme is not None or target is not None
    if not judged and (date or tier):
        raise FutureIndustryError(
            "date and tier choose among schemes and items: add scheme= or to="
        )
    picks = park if scheme is None else None
    roles = Roles(sector, park=picks, date=date, tier=tier) if judged else Roles(sector)
    names = tuple(dict.fromkeys((park, *roles.context)))
    need(columns_of(frame), *names, value)
    places = _Places(Judge(scheme, roles, as_of=as_of) if judged else None, target)
    amounts: list[_Amount] = []
    unmapped: dict[tuple[str, str | None, str], list[float]] = {}
    found_places: dict[tuple[str, str, tuple[str, ...], bool], tuple[_Place, list[float]]] = {}
    unplaced: list[float] = []
    sums = _sums(frame, names, value)
    if not sums:
        raise UnreadableData("the data has a header but no rows")
    for cells, (total, missing) in sums.items():
        by_name = dict(zip(names, cells, strict=True))
        where = by_name[park].strip()
        if not where:
            unplaced.append(total)
            continue
        placed = places.place(by_name, sector)
        if placed.sectors:
            amounts.append(_Amount(where, placed.sectors, total, missing, placed.closed))
            group = (where, by_name[sector].strip(), placed.sectors, placed.closed)
            found_places.setdefault(group, (placed, []))[1].append(total)
        else:
            amounts.append(_Amount(where, (), total))
            label = by_name[sector].strip() or None
            unmapped.setdefault((where, label, placed.outcome), []).append(total)
    return attrs.evolve(
        _indices(amounts, places.items),
        placed=tuple(
            Placed(
                park_name,
                label,
                _tidy(math.fsum(values)),
                "; ".join(codes),
                closed and len(codes) == 1,
                place.item,
                place.why,
            )
            for (park_name, label, codes, closed), (place, values) in sorted(
                found_places.items(), key=lambda pair: pair[0]
            )
        ),
        unmapped=tuple(
            Unmapped(*key, _tidy(math.fsum(values)))
            for key, values in sorted(unmapped.items(), key=lambda p: (p[0][0], p[0][1] or ""))
        ),
        scheme=places.scheme,
        value=value,
        unplaced=math.fsum(unplaced),
        findings=tuple(findings),
    )


def _indices(amounts: Sequence[_Amount], items: Mapping[str, Item]) -> Specialisation:
    """Compute everything from the amounts."""
    by_park: dict[str, list[_Amount]] = {}
    for amount in sorted(amounts, key=lambda a: a.park):
        by_park.setdefault(amount.park, []).append(amount)
    sectors = sorted({sector for amount in amounts for sector in amount.sectors})
    pools = {park: _Pool(own) for park, own in by_park.items()}
    whole = [park for park, own in by_park.items() if not any(a.missing for a in own)]
    everything = _Pool(a for park in whole for a in by_park[park])
    rests = {park: _without(everything, pools[park]) for park in whole}
    quotients = {
        (park, j): _location_quotient(j, pools[park], rests[park])
        for park in whole
        for j in sectors
    }
    rca = {
        key: _advantage(bounds, certain=everything.low(key[1]) > 0 and pools[key[0]].fixed > 0)
        for key, bounds in quotients.items()
    }
    relatedness = _Relatedness(
        {j: sum(1 << i for i, p in enumerate(whole) if rca[p, j]) for j in sectors},
        {
            j: sum(
                1 << i
                for i, p in enumerate(whole)
                if rca[p, j] or (rca[p, j] is None and quotients[p, j] != UNDEFINED)
            )
            for j in sectors
        },
    )
    densities = relatedness.densities(len(whole))
    place = {park: n for n, park in enumerate(whole)}
    labels = {j: items[j].label if j in items else None for j in sectors}
    sector_totals = {j: (everything.low(j), everything.high(j)) for j in sectors}
    marginals = {j: _point(bounds) for j, bounds in sector_totals.items()}
    total = _point(everything.total())
    cells = []
    for park, own in by_park.items():
        unknown = {j for a in own if a.missing for j in a.sectors}
        pool, complete = pools[park], park in place
        defined = complete and pool.fixed + pool.loose > 0
        for j in sectors:
            high = None if j in unknown else pool.high(j)
            cells.append(
                Cell(
                    park=park,
                    sector=j,
                    label=labels[j],
                    **_three("value", (pool.low(j), high)),
                    park_total=_point(pool.total()) if complete else None,
                    sector_total=marginals[j],
                    total=total,
                    **_three("share", _tidied(pool.share(j)) if complete else UNDEFINED),
                    **_three("lq", quotients.get((park, j), UNDEFINED)),
                    rca=rca.get((park, j)),
                    **_three("density", densities[j][place[park]] if defined else UNDEFINED),
                )
            )
    ubiquity = {
        j: relatedness.sure[j].bit_count() if relatedness.sure[j] == relatedness.maybe[j] else None
        for j in sectors
    }
    return Specialisation(
        cells=tuple(cells),
        parks=tuple(
            _park(park, own, pools[park], rests.get(park), sectors) for park, own in by_park.items()
        ),
        sectors=tuple(
            Sector(
                sector=j,
                label=labels[j],
                **_three("total", sector_totals[j]),
                share=_point(_tidied(everything.share(j))),
                ubiquity=ubiquity[j],
            )
            for j in sectors
        ),
        **_three("total", everything.total()),
        nested=tuple(
            (j, above.code)
            for j in sectors
            if j in items
            for above in items[j].ancestors
            if above.code in labels
        ),
        relatedness=relatedness,
    )


def _without(everything: _Pool, own: _Pool) -> _Pool:
    """Give all parks but one."""
    rest = _Pool(())
    for kind in ("certain", "closed", "open", "only"):
        mine: dict[str, float] = getattr(own, kind)
        theirs: dict[str, float] = getattr(everything, kind)
        setattr(rest, kind, {j: max(v - mine.get(j, 0.0), 0.0) for j, v in theirs.items()})
    rest.fixed = max(everything.fixed - own.fixed, 0.0)
    rest.loose = max(everything.loose - own.loose, 0.0)
    return rest


def _advantage(bounds: Bounds, *, certain: bool) -> bool | None:
    """
    Say whether the quotient is 1 or more; None if that is not known.

    Args:
        bounds: Of the quotient.
        certain: Whether each allocation defines it: where none is left for the sector or the
            park, nobody has an advantage.
    """
    low, high = bounds
    if low is None:
        return None
    if low >= 1 - ROUNDING:
        return True if certain else None
    return None if high is None or high >= 1 - ROUNDING else False


def _tidied(bounds: Bounds) -> Bounds:
    low, high = bounds
    return low if low is None else _tidy(low), high if high is None else _tidy(high)


def _park(
    park: str, own: Sequence[_Amount], pool: _Pool, rest: _Pool | None, sectors: Sequence[str]
) -> Park:
    """Compute the indices of a park; those of one with missing amounts (no rest) are missing."""
    missing = sum(amount.missing for amount in own)
    low, high = pool.total()
    hhi = entropy = normalised = krugman = UNDEFINED
    shares = _boxes(pool, sectors)
    if rest is not None and shares:
        least, most = _concentration(shares, _square)
        hhi = _tidied((least, min(most or 0.0, 1.0)))
        orderly, disorderly = _concentration(shares, _order)
        entropy = _tidied((max(0.0, -(disorderly or 0.0)), max(0.0, -(orderly or 0.0))))
        if len(sectors) > 1:
            n = math.log(len(sectors))
            normalised = _tidied(((entropy[0] or 0.0) / n, min((entropy[1] or 0.0) / n, 1.0)))
        if others := _boxes(rest, sectors):
            krugman = _tidied(_krugman(shares, others))
    uncertain = math.fsum(
        a.value for a in own if len(a.sectors) > 1 or (a.sectors and not a.closed)
    )
    unmapped = math.fsum(a.value for a in own if not a.sectors)
    reported = math.fsum(a.value for a in own)
    return Park(
        park=park,
        **_three("total", (low, None) if missing else (low, high)),
        sectors=sum(1 for j in sectors if pool.high(j) > 0),
        **_three("hhi", hhi),
        **_three("entropy", entropy),
        **_three("entropy_normalised", normalised),
        **_three("krugman", krugman),
        uncertain=uncertain,
        uncertain_share=_tidy(uncertain / reported) if reported else None,
        unmapped=unmapped,
        unmapped_share=_tidy(unmapped / reported) if reported else None,
        missing=missing,
    )


def _boxes(pool: _Pool, sectors: Sequence[str]) -> list[tuple[float, float]]:
    """Give the bounds of all shares; nothing where the pool is empty."""
    found = []
    for j in sectors:
        low, high = _tidied(pool.share(j))
        if low is not None and high is not None:
            found.append((low, high))
    return found

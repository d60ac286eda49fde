"""
What is certainly wrong in a dataset put right, and shown as a patch.

Certain is: the official name for another name that equals the item (FI104), a cell without its
invisible characters (FI115), and text read in the wrong encoding put back (FI116). A cell is
changed only if its new text leads to the same items, as equals, in the same context; nothing else
is touched, and the data itself stays as it is: what is given back is another frame.

The patch names old and new text, rules, rows and the first row numbers; in text it reads like a
unified diff (IEEE Std 1003.1-2017, `diff -u`), with cells for lines.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from .datafiles import reads
from .dataset import DEFAULT, Judge, Roles
from .report import FIRST_ROWS, escape_cell
from .specification import as_specification
from .tables import BLANK, columns_of, distinct, first_rows, frame_of, join_back, need
from .text import clean, is_han, oddities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Literal

    from .model import Item, Scheme
    from .names import Resolution
    from .specification import Specification
    from .tables import Cells

__all__ = ["Change", "Mended", "mend"]

_NEW = "__mended"


@attrs.frozen
class Change:
    """
    One text put for another.

    Attributes:
        column: The column.
        old: The text before.
        new: The text now.
        rules: Codes of the rules that it settles.
        count: Rows that have it.
        rows: The first few row numbers, counted from 1; empty on engines without an order.
    """

    column: str
    old: str
    new: str
    rules: tuple[str, ...]
    count: int
    rows: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the fields."""
        return {
            "column": self.column,
            "old": self.old,
            "new": self.new,
            "rules": list(self.rules),
            "count": self.count,
            "rows": list(self.rows),
        }


@attrs.frozen
class Mended:
    """
    A dataset in which what is certain was put right.

    Attributes:
        data: The data, in the same kind of frame and in the same order.
        changes: What was changed, by column, rows (falling) and text.
    """

    data: Any = attrs.field(repr=False, eq=False)
    changes: tuple[Change, ...] = ()

    def to_text(self, lang: Literal["zh", "en"] = "en") -> str:
        """Give the patch: the old text after -, the new one after +; what is invisible is named."""
        lines = []
        column = None
        for change in self.changes:
            if change.column != column:
                column = change.column
                lines.append(f"@@ {column} @@")
            first = f", first {change.rows[0]}" if change.rows else ""
            said = f"{_plural(change.count, 'row')}{first}"
            if lang == "zh":
                first = f",首见第 {change.rows[0]} 行" if change.rows else ""
                said = f"{change.count:,} 行{first}"
            lines += [
                f"- {_visible(change.old)}",
                f"+ {change.new}    {' '.join(change.rules)}, {said}",
            ]
        rows = sum(change.count for change in self.changes)
        total = {
            "en": f"{_plural(len(self.changes), 'change')} in {_plural(rows, 'cell')}",
            "zh": f"共 {len(self.changes):,} 处改动,涉及 {rows:,} 个单元格",
        }
        return "\n".join((*lines, total[lang])) + "\n"

    def to_json(self) -> str:
        """Give the patch as JSON: a list of changes."""
        import json

        return json.dumps([c.to_dict() for c in self.changes], ensure_ascii=False, indent=2) + "\n"

    def to_csv(self) -> str:
        """Give the patch as CSV; cells that would start a formula are escaped."""
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("column", "old", "new", "rules", "count", "rows"))
        for c in self.changes:
            cells = (c.column, c.old, c.new, " ".join(c.rules), c.count, " ".join(map(str, c.rows)))
            writer.writerow([escape_cell(cell) for cell in cells])
        return out.getvalue()


def _visible(text: str) -> str:
    """Write characters that cannot be seen by their number: <U+200B>."""
    return "".join(
        ch if ch.isprintable() and (ch == " " or not ch.isspace()) else f"<U+{ord(ch):04X}>"
        for ch in text
    )


@reads
def mend(
    data: Any,
    *,
    scheme: Scheme | str | None = None,
    sector: str = DEFAULT,
    code: str | None = None,
    park: str | None = None,
    date: str | None = None,
    tier: str | None = None,
    as_of: str | None = None,
    spec: Specification | Path | str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Mended:
    """
    Put right what is certainly wrong with the labels of a dataset.

    Args:
        data: As for `validate`. It is not changed.
        scheme: As for `validate`, and so are the others.
        sector: Column with the label.
        code: Column with a code, which may settle what a label means.
        park: Column that picks the issuer.
        date: Column that picks the version.
        tier: Column that names the tier.
        as_of: Date that picks the versions where neither an id nor a column does.
        spec: Specification of the dataset, or the path of its file.
        encoding: Of a CSV file; found out if not given.
        sheet: Name of the sheet of an Excel file; the first if not given.

    Returns:
        The mended data and the patch.

    Raises:
        ColumnNotFound: With the nearest column.
        UnknownScheme: With the nearest scheme.

    Examples:
        >>> import futureindustry as fi, polars as pl
        >>> data = pl.DataFrame({"行业": ["量子科技", "量子计算", "电机"]})
        >>> mended = fi.mend(data, scheme="hefei-htz/future-industries")
        >>> mended.data["行业"].to_list()
        ['量子信息', '量子计算', '电机']
        >>> [(c.old, c.new, c.rules) for c in mended.changes]
        [('量子科技', '量子信息', ('FI104',))]
    """
    columns = as_specification(
        spec,
        sector=sector,
        default=DEFAULT,
        scheme=scheme,
        code=code,
        park=park,
        date=date,
        tier=tier,
    )
    frame, _ = frame_of(data, encoding, sheet)
    need(columns_of(frame), *columns.columns)
    found = frame
    changes: list[Change] = []
    for column in columns.sectors:
        roles = Roles.of(columns, column)
        judge = Judge(
            columns.scheme if column.scheme is None else column.scheme, roles, as_of=as_of
        )
        table, new = _mended_cells(frame, roles, judge)
        changes += new
        if new:
            found = _put(found, roles, table)
    changes.sort(key=lambda c: (columns.columns.index(c.column), -c.count, c.old, c.new))
    return Mended(found.to_native(), tuple(changes))


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' if count != 1 else ''}"


def _mended_cells(frame: Any, roles: Roles, judge: Judge) -> tuple[dict[Cells, str], list[Change]]:
    """Give the new text of each combination of cells that has one, and the changes."""
    names = roles.context
    counts = distinct(frame, names)
    table: dict[Cells, str] = {}
    alike: dict[tuple[str, str, tuple[str, ...]], list[Cells]] = {}
    for cells in counts:
        if cells[0] is None:
            continue
        found = _mended(dict(zip(names, cells, strict=True)), roles, judge)
        if found is not None:
            table[cells] = found[0]
            alike.setdefault((cells[0], *found), []).append(cells)
    where = first_rows(frame, names, {cells: counts[cells] for cells in table})
    changes = []
    for (old, new, rules), places in alike.items():
        numbers = sorted(n for cells in places for n in where.get(cells, ()))
        count = sum(counts[cells] for cells in places)
        changes.append(Change(roles.sector, old, new, rules, count, tuple(numbers[:FIRST_ROWS])))
    return table, changes


def _mended(
    cells: Mapping[str, str | None], roles: Roles, judge: Judge
) -> tuple[str, tuple[str, ...]] | None:
    """Give the new text of a cell, and the rules that it settles; None to leave it as it is."""
    old = cells[roles.sector] or ""
    before = judge.answer(cells).resolution
    if before is None:
        return None
    rules, text = [], old
    if repaired := [step.after for step in before.steps if step.kind == "repair"]:
        text = repaired[0]
        rules.append("FI116")
    elif "invisible" in oddities(old):
        text = "".join(ch for ch in old if "invisible" not in oddities(ch))
        rules.append("FI115")
    official = _official(before, text)
    if official not in (None, text):
        text = official or ""
        rules.append("FI104")
    if text == old:
        return None
    after = judge.answer({**cells, roles.sector: text}).resolution
    if after is None or _meaning(after) != _meaning(before):
        return None
    return text, tuple(sorted(rules))


def _official(r: Resolution, text: str) -> str | None:
    """Write the official names into a cell; None if that is not certain."""
    if not r.parts:
        return _name(r) if r.item is not None and _has_another_name(r, text) else None
    start = 0
    for part in r.parts:
        at = text.find(part.label, start)
        if at < 0:
            return None
        name = _name(part) if _has_another_name(part, part.label) else None
        name = part.label if name is None else name
        text = text[:at] + name + text[at + len(part.label) :]
        start = at + len(name)
    return text


def _has_another_name(r: Resolution, text: str) -> bool:
    item: Item | None = r.item
    return (
        item is not None
        and r.relation == "equals"
        and clean(text) not in (*item.label.values(), item.code)
        # A name in another language stays in it.
        and any(is_han(ch) for ch in text)
    )


def _name(r: Resolution) -> str | None:
    return r.item.label.get("zh") if r.item is not None else None


def _meaning(r: Resolution) -> tuple[tuple[str, str | None, str | None], ...]:
    return tuple((part.outcome, part.code, part.relation) for part in r.parts or (r,))


def _put(frame: Any, roles: Roles, table: Mapping[Cells, str]) -> Any:
    """Put the new texts for the old ones, in the engine of the data."""
    import narwhals as nw

    names = roles.context
    answers: dict[str, list[Any]] = {
        f"__{name}": [BLANK if cells[n] is None else cells[n] for cells in table]
        for n, name in enumerate(names)
    }
    answers[_NEW] = list(table.values())
    joined = nw.from_native(join_back(frame, names, answers, (_NEW,)))
    old = nw.col(roles.sector).cast(nw.String)
    new = nw.when(~nw.col(_NEW).is_null()).then(nw.col(_NEW)).otherwise(old)
    return joined.with_columns(new.alias(roles.sector)).drop(_NEW)

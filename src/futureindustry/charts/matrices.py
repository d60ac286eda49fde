"""
Tables as pictures: the heat map of categories and the map of similarities.

A category has a colour and a symbol. Similar rows of a similarity map stand together: average
linkage joins them, and each join turns its two sides so that the nearest ends meet.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from .canvas import (
    BAND,
    BLUE,
    GREEN,
    GREY,
    LEADING,
    LINE,
    NO_FRAME,
    ORANGE,
    PAPER,
    PURPLE,
    Canvas,
    Chart,
    Frame,
    Key,
    Page,
    balanced,
    chip,
    clean,
    em,
    finite,
    ink_on,
    mix,
    need,
    number,
    short,
    tint,
    wrap,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .canvas import Language

__all__ = ["heat_map", "seriation", "similarity_map", "value_map"]

CATEGORIES = {
    "equals": GREEN, "contains": BLUE, "part_of": ORANGE, "overlaps": PURPLE,
    "unknown": "#eef1f4", "none": PAPER,
}  # fmt: skip
_SIGNS = {
    "equals": "=",
    "contains": "⊃",
    "part_of": "⊂",
    "overlaps": "∩",
    "unknown": "?",
    "none": "·",
}
_LEGENDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "equals": "等同", "contains": "包含此概念", "part_of": "属于此概念的一部分",
        "overlaps": "部分重叠", "unknown": "不能断定", "none": "未列出",
    },
    "en": {
        "equals": "equals the concept", "contains": "contains it", "part_of": "is part of it",
        "overlaps": "overlaps it", "unknown": "cannot be told", "none": "not listed",
    },
}  # fmt: skip
_SAYS = {
    "zh": {
        "heat": "{rows} 行 × {columns} 列：{counts}。",
        "pairs": "{n} 个名称两两之间的相似度，按相似程度排序。",
        "nothing": "未知", "unsure": "取决于分配：区间", "absent": "无",
        "values": "{rows} 行 × {columns} 列，{count} 个数值。",
    },
    "en": {
        "heat": "{rows} rows by {columns} columns: {counts}.",
        "pairs": "Similarity of {n} names pair by pair; similar ones stand together.",
        "nothing": "not known", "unsure": "not certain: interval", "absent": "nothing there",
        "values": "{rows} rows by {columns} columns with {count} values.",
    },
}  # fmt: skip
# With so few columns the words fit into the cells.
WORDED = 8
# Things from which on the columns of a similarity map have numbers, and its cells no words.
NAMED, NUMBERED = 16, 60
# Rows and columns of a page of ECharts: more are not readable at a usual size.
PAGE_ROWS = 24


class _Heads:
    """Labels of columns: wrapped above wide columns, turned by 45 degrees above narrow ones."""

    SIZE = 12.0
    SLOPE = 0.7072

    def __init__(self, labels: Sequence[str], width: float, *, flat: bool) -> None:
        self.flat, self.width = flat, width
        if flat:
            self.lines = [balanced(label, (width - 8) / self.SIZE) for label in labels]
            rows = max(map(len, self.lines))
            self.height = rows * self.SIZE * LEADING + 8
            self.beyond = 0.0
            return
        self.lines = [balanced(label, 32) for label in labels]
        rows = max(map(len, self.lines))
        self.width = max(width, (rows * self.SIZE * LEADING + (7 if rows > 1 else 2)) / self.SLOPE)
        longest = [max(map(em, lines)) * self.SIZE for lines in self.lines]
        self.height = (max(longest) + rows * self.SIZE * LEADING) * self.SLOPE + 6
        # The last columns lean out over the right edge.
        count = len(labels)
        self.beyond = max(
            0.0,
            *(
                (n + 0.5) * self.width
                + (length + (rows + 1) / 2 * self.SIZE * LEADING) * self.SLOPE
                + 4
                - count * self.width
                for n, length in enumerate(longest)
            ),
        )

    def draw(self, page: Page, x: float, bottom: float) -> None:
        for n, lines in enumerate(self.lines):
            centre = x + (n + 0.5) * self.width
            if self.flat:
                first = bottom - 6 - (len(lines) - 1) * self.SIZE * LEADING
                page.text(centre, first, lines, self.SIZE, anchor="middle", bold=True)
            else:
                # The block stands on the column: its lines share the middle of it.
                back = (len(lines) - 1) * self.SIZE * LEADING / 2
                shift = self.SIZE * 0.36 - back
                # Its last line begins at the edge: the lines before it begin above.
                at = (
                    centre + (shift + back) * self.SLOPE,
                    bottom - 6 + (shift - back) * self.SLOPE,
                )
                page.text(*at, lines, self.SIZE, turn=-45)


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], tuple[str, str]],
    *,
    title: str,
    legend: Mapping[str, str] | None = None,
    groups: Sequence[str] | None = None,
    frame: Frame = NO_FRAME,
    lang: Language = "zh",
) -> Chart:
    """
    Draw what each column has in each row.

    Args:
        rows: Labels, top to bottom.
        columns: Labels, left to right. Up to eight are wide enough to show the words of their
            cells; more are narrow, with turned labels and the words as tool tips.
        cells: By row and column, counted from 0: category (`equals`, `contains`, `part_of`,
            `overlaps`, `unknown`, `none`) and words. A missing cell is `none`.
        title: Heading.
        legend: What the categories are called; those left out are not explained.
        groups: For each row the name of its group; rows of a group should follow each other.
        frame: What else stands around it.
        lang: Language of the picture's own words.

    Returns:
        The picture; ECharts series `heatmap`.

    Raises:
        UnreadableData: No rows or columns, or a cell outside of them or of no known category.
    """
    need(rows and columns, "a heat map needs a row and a column at least")
    need(groups is None or len(groups) == len(rows), "a heat map needs one group for each row")
    for (i, j), (category, _) in cells.items():
        need(
            0 <= i < len(rows) and 0 <= j < len(columns),
            f"cell ({i}, {j}) is outside of the {len(rows)} rows and {len(columns)} columns",
        )
        need(
            category in CATEGORIES,
            f'"{category}" is no category of a heat map; there are {", ".join(CATEGORIES)}',
        )
    names, heads = [short(row) for row in rows], [short(column) for column in columns]
    words = _LEGENDS[lang] if legend is None else legend
    worded = len(columns) <= WORDED
    size = 12.0
    column = (150.0 if len(columns) > 4 else 180.0) if worded else 26.0
    top = _Heads(heads, column, flat=worded)
    column = top.width
    labels = [balanced(name, 20) for name in names]
    room = max(max(map(em, lines)) for lines in labels) * size + 16
    said = {
        place: wrap(short(text), (column - 30) / 11) if worded and clean(text) else []
        for place, (_, text) in cells.items()
    }
    heights = [
        max(
            22.0,
            len(lines) * size * LEADING + 8,
            max((len(said.get((i, j), ())) for j in range(len(columns))), default=0) * 11 * LEADING
            + 8,
        )
        for i, lines in enumerate(labels)
    ]
    bands: list[tuple[int, list[str]]] = []
    if groups:
        start = 0
        for name, members in groupby(clean(group) for group in groups):
            bands.append((start, wrap(short(name), (room + len(columns) * column - 12) / 12.5)))
            start += len(list(members))
    above = {start: len(lines) * 12 * LEADING + 14 for start, lines in bands}
    used = Counter(category for category, _ in cells.values())
    used["none"] = len(rows) * len(columns) - sum(n for c, n in used.items() if c != "none")
    keys: list[Key] = [
        (chip(colour, category), clean(words[category]))
        for category, colour in CATEGORIES.items()
        if category in words and used[category]
    ]
    width = room + len(columns) * column + top.beyond
    height = top.height + sum(heights) + sum(above.values())
    page = Page(title, width, height, keys=keys, frame=frame, lang=lang)
    left = page.x + room
    right = left + len(columns) * column
    y = page.y + top.height
    top.draw(page, left, y)
    lines_of = dict(bands)
    for i, lines in enumerate(labels):
        if i in lines_of:
            page.rect(page.x, y + 4, right - page.x, above[i] - 4, fill="#e6eaef")
            page.text(page.x + 6, y + 4 + 15, lines_of[i], 12, bold=True)
            y += above[i]
        if i % 2:
            page.rect(page.x, y, right - page.x, heights[i], fill=BAND)
        page.middle(left - 8, y + heights[i] / 2, lines, size, anchor="end")
        dots = questions = ""
        for j in range(len(columns)):
            category, text = cells.get((i, j), ("none", ""))
            x, middle = left + j * column, y + heights[i] / 2
            if category == "unknown":
                at = x + (14 if worded else column / 2)
                questions += f"M{number(at - 2.4)} {number(middle - 1.6)}a2.4 2.4 0 1 1 3.5 2.1q-1.1 .6-1.1 1.6m0 2.4h0"
                continue
            if category == "none":
                dots += f"M{number(x + (14 if worded else column / 2))} {number(middle)}h0"
                continue
            colour = CATEGORIES[category]
            tip = f"{names[i]} × {heads[j]}: {words.get(category, category)} {clean(text)}".rstrip()
            page.open(tip)
            if worded:
                page.rect(
                    x + 2, y + 2, column - 4, heights[i] - 4, fill=tint(colour, 0.84), radius=3
                )
                page.rect(x + 2, y + 2, 24, heights[i] - 4, fill=colour, radius=3)
                page.mark(category, x + 14, middle, 16, ink_on(colour))
                if said[i, j]:
                    page.middle(x + 30, middle, said[i, j], 11)
            else:
                page.rect(x + 1, y + 1, column - 2, heights[i] - 2, fill=colour, radius=2)
                page.mark(category, x + column / 2, middle, 16, ink_on(colour))
            page.close()
        if dots:
            page.path(dots, stroke="#a9b2bd", thick=2.6, round_ends=True)
        if questions:
            page.path(questions, stroke="#7a8594", thick=1.3, round_ends=True)
        y += heights[i]
    for j in range(len(columns) + 1):
        page.line(
            left + j * column, page.y + top.height, left + j * column, y, stroke=LINE, thick=0.5
        )
    separator = "、" if lang == "zh" else ", "
    counts = separator.join(f"{clean(words.get(c, c))} {used[c]}" for c in CATEGORIES if used[c])
    desc = _SAYS[lang]["heat"].format(rows=len(rows), columns=len(columns), counts=counts)
    order = list(CATEGORIES)
    options: dict[str, Any] = {
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        **_axes(heads, names, turned=not worded),
        "visualMap": {
            "type": "piecewise", "orient": "horizontal", "left": "center", "bottom": 10, "dimension": 2,
            "pieces": [
                {"value": order.index(c), "label": clean(words.get(c, c)), "color": CATEGORIES[c]}
                for c in order
                if used[c] and c != "none"
            ],
        },
        "series": [
            {
                "type": "heatmap",
                "data": [
                    {
                        "value": [j, i, order.index(category)],
                        "name": f"{names[i]} × {heads[j]}: {clean(text)}",
                        "label": {"formatter": _SIGNS[category], "color": ink_on(CATEGORIES[category])},
                    }
                    for (i, j), (category, text) in sorted(cells.items())
                    if category != "none"
                ],
                "itemStyle": {"borderColor": PAPER, "borderWidth": 1},
                "label": {"show": True},
            }
        ],
    }  # fmt: skip
    return page.chart("heat_map", desc, options)


def value_map(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], tuple[float | None, str, str]],
    *,
    title: str,
    middle: float | None = None,
    frame: Frame = NO_FRAME,
    lang: Language = "zh",
) -> Chart:
    """
    Draw a number for each row and column.

    Args:
        rows: Labels, top to bottom.
        columns: Labels, left to right.
        cells: By row and column, counted from 0: a number of 0 or more, what stands in the cell,
            and more words for its tool tip. The number may be None, where it is not certain; a
            missing cell has nothing.
        title: Heading.
        middle: A number such as 1 for quotients: what is above has another hue than what is
            below, each the stronger the greater the factor, up to four. None: one hue, ever
            darker with the number.
        frame: What else stands around it.
        lang: Language of the picture's own words.

    Returns:
        The picture; ECharts series `heatmap`.

    Raises:
        UnreadableData: No rows or columns, a cell outside of them, a number that is not
            finite or below 0, or a middle that is not above 0.
    """
    need(rows and columns, "a value map needs a row and a column at least")
    need(middle is None or middle > 0, f"the middle of a value map is above 0, not {middle}")
    for (i, j), (value, _, _) in cells.items():
        need(
            0 <= i < len(rows) and 0 <= j < len(columns),
            f"cell ({i}, {j}) is outside of the {len(rows)} rows and {len(columns)} columns",
        )
        if value is not None:
            need(finite(value, f"cell ({i}, {j})") >= 0, f"cell ({i}, {j}) is {value}, below 0")
    say = _SAYS[lang]
    names, heads = [short(row) for row in rows], [short(column) for column in columns]
    said = {place: short(words) for place, (_, words, _) in cells.items()}
    widest = max(map(em, said.values()), default=0) * 11 + 12
    flat = len(columns) <= WORDED
    top = _Heads(heads, max(widest, 96.0 if flat else 26.0), flat=flat)
    column, size = top.width, 12.0
    labels = [balanced(name, 24) for name in names]
    room = max(max(map(em, lines)) for lines in labels) * size + 16
    heights = [max(22.0, len(lines) * size * LEADING + 4) for lines in labels]
    most = max((value for value, _, _ in cells.values() if value is not None), default=0.0) or 1.0

    def place_of(value: float) -> float:
        if middle is None:
            return math.sqrt(value / most)
        return max(-1.0, min(math.log2(value / middle) / 2, 1.0)) if value else -1.0

    def colour_of(value: float) -> str:
        return _shade(place_of(value)) if middle is None else _two_hues(place_of(value))

    if middle is None:
        steps = dict.fromkeys(float(f"{most * share:.1g}") for share in (0.02, 0.1, 0.25, 0.5))
        ticks = [(step, f"{step:,.4g}") for step in steps if 0 < step < most * 0.95]
        ticks.append((most, f"{most:,.4g}"))
        if all(value is None or value == int(value) for value, _, _ in cells.values()):
            ticks = [tick for tick in ticks if tick[0] == int(tick[0])]
    else:
        ticks = [(middle * n, f"{middle * n:.3g}") for n in (0.25, 0.5, 1.0, 2.0, 4.0)]
        ticks[0], ticks[-1] = (ticks[0][0], f"≤ {ticks[0][1]}"), (ticks[-1][0], f"≥ {ticks[-1][1]}")
    keys: list[Key] = [(_swatch(colour_of(value)), word) for value, word in ticks]
    if any(value is None for value, _, _ in cells.values()):
        keys.append((_unsure_key, say["unsure"]))
    if len(cells) < len(rows) * len(columns):
        keys.append((chip(PAPER, "none"), say["absent"]))
    page = Page(
        title, room + len(columns) * column + top.beyond, top.height + sum(heights),
        keys=keys, frame=frame, lang=lang,
    )  # fmt: skip
    left, y = page.x + room, page.y + top.height
    right = left + len(columns) * column
    top.draw(page, left, page.y + top.height)
    data: list[dict[str, Any]] = []
    for i, lines in enumerate(labels):
        if i % 2:
            page.rect(page.x, y, right - page.x, heights[i], fill=BAND)
        page.middle(left - 8, y + heights[i] / 2, lines, size, anchor="end")
        dots = ""
        for j in range(len(columns)):
            x, middle_line = left + j * column, y + heights[i] / 2
            if (i, j) not in cells:
                dots += f"M{number(x + column / 2)} {number(middle_line)}h0"
                continue
            value, _, more = cells[i, j]
            tip = f"{names[i]} × {heads[j]}: {said[i, j]} {clean(more)}".rstrip()
            fill = PAPER if value is None else colour_of(value)
            page.open(tip)
            page.rect(
                x + 1, y + 1, column - 2, heights[i] - 2, fill=fill, radius=2,
                stroke=GREY if value is None else None, dash="3 2" if value is None else None,
            )  # fmt: skip
            page.middle(
                x + column / 2, middle_line, [said[i, j]], 11, anchor="middle", fill=ink_on(fill)
            )
            page.close()
            point: dict[str, Any] = {
                "value": [j, i, 0 if value is None else round(place_of(value), 4)],
                "name": tip, "label": {"formatter": said[i, j], "color": ink_on(fill)},
            }  # fmt: skip
            if value is None:
                point |= {"visualMap": False, "itemStyle": {"color": PAPER, "borderColor": GREY}}
            data.append(point)
        if dots:
            page.path(dots, stroke="#c3cad2", thick=2.2, round_ends=True)
        y += heights[i]
    low, hue = (0, _shade) if middle is None else (-1, _two_hues)
    options: dict[str, Any] = {
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        **_axes(heads, names, turned=not flat),
        "visualMap": {
            "type": "continuous", "min": low, "max": 1, "dimension": 2, "orient": "horizontal",
            "left": "center", "bottom": 10, "text": [ticks[-1][1], ticks[0][1]],
            "inRange": {"color": [hue(low + n * (1 - low) / 8) for n in range(9)]},
        },
        "series": [{
            "type": "heatmap", "data": data, "label": {"show": True},
            "itemStyle": {"borderColor": PAPER, "borderWidth": 1},
        }],
    }  # fmt: skip
    return page.chart(
        "value_map",
        say["values"].format(rows=len(rows), columns=len(columns), count=len(cells)),
        options,
    )


def _axes(heads: Sequence[str], names: Sequence[str], *, turned: bool) -> dict[str, Any]:
    """Give grid and axes of ECharts; a page of rows and columns at a time where there are many."""
    label: dict[str, Any] = (
        {"interval": 0, "rotate": -45}
        if turned
        else {"interval": 0, "width": 120, "overflow": "break"}
    )
    options: dict[str, Any] = {
        "grid": {"containLabel": True, "top": 80, "left": 30, "right": 40, "bottom": 70},
        "xAxis": {"type": "category", "data": list(heads), "position": "top", "axisLabel": label},
        "yAxis": {
            "type": "category", "data": list(names), "inverse": True, "axisLabel": {"interval": 0},
        },
    }  # fmt: skip
    zooms: list[dict[str, Any]] = []
    if len(names) > PAGE_ROWS:
        options["grid"]["right"] = 60
        zooms.append(
            {"type": "slider", "yAxisIndex": 0, "startValue": 0, "endValue": PAGE_ROWS - 1}
        )
    if len(heads) > PAGE_ROWS:
        options["grid"]["bottom"] = 120
        zooms.append({
            "type": "slider", "xAxisIndex": 0, "startValue": 0, "endValue": PAGE_ROWS - 1, "bottom": 70, "height": 20,
        })  # fmt: skip
    return options | ({"dataZoom": zooms} if zooms else {})


def similarity_map(
    names: Sequence[str],
    matrix: Sequence[Sequence[float | None]],
    *,
    title: str,
    bounds: Sequence[Sequence[tuple[float, float]]] | None = None,
    frame: Frame = NO_FRAME,
    lang: Language = "zh",
) -> Chart:
    """
    Draw how alike things are, pair by pair, with those alike side by side.

    Args:
        names: Labels.
        matrix: Symmetric; for each pair a likeness of 0 to 1, or None where it is not known.
            The diagonal is not read.
        title: Heading.
        bounds: For each pair between what the likeness may lie.
        frame: What else stands around it.
        lang: Language of the picture's own words.

    Returns:
        The picture. The columns of more than sixteen things have the numbers of their rows; the
        cells of more than sixty have no words, and shades in steps of a twentieth. ECharts
        series `heatmap`.

    Raises:
        UnreadableData: Fewer than two names, a matrix of another shape, not symmetric, or
            with a value outside 0 to 1, or bounds of which the first is above the second.
    """
    need(len(names) > 1, "a similarity map needs two names at least")
    known = _likenesses(names, matrix)
    spans = _bounds(names, bounds) if bounds is not None else None
    order = seriation([[value or 0.0 for value in row] for row in known])
    say = _SAYS[lang]
    labels = [short(names[n]) for n in order]
    count = len(labels)
    counted, tiny = count > NAMED, count > NUMBERED
    shown = [f"{label}  {n}" for n, label in enumerate(labels, 1)] if counted else labels
    lines = [[label] if tiny else balanced(label, 28) for label in shown]
    size = 11.0 if tiny else 12.0
    room = max(max(map(em, found)) for found in lines) * size + 16
    spanned = spans is not None and not counted
    row = 15.0 if tiny else max(28.0, max(map(len, lines)) * size * LEADING + 4)
    row = max(row, 38.0) if spanned else row
    top = _Heads(labels, 66.0 if spanned else 46.0, flat=False)
    side, above, beyond = top.width, top.height, top.beyond
    if counted:
        side, above, beyond = (row if tiny else 34.0), 20.0, 0.0
    keys: list[Key] = [(_swatch(_shade(v)), f"{v:.2g}") for v in (0.0, 0.25, 0.5, 0.75, 1.0)]
    page = Page(
        title, room + count * side + beyond, above + count * row,
        keys=keys, frame=frame, lang=lang,
    )  # fmt: skip
    left, y = page.x + room, page.y + above
    if not counted:
        top.draw(page, left, y)
    else:
        for n in (0, *range(4, count, 5)) if tiny else range(count):
            page.text(left + (n + 0.5) * side, y - 6, str(n + 1), 11, anchor="middle", fill=GREY)
    page.rect(left, y, count * side, count * row, fill=_shade(0.0))
    data = []
    for i, a in enumerate(order):
        page.middle(left - 8, y + row / 2, lines[i], size, anchor="end")
        squares: dict[float, str] = {}
        for j, b in enumerate(order):
            x = left + j * side
            if i == j:
                page.rect(x + 0.5, y + 0.5, side - 1, row - 1, fill="#e6eaef")
                continue
            value = known[a][b]
            tip = f"{labels[i]} × {labels[j]}: "
            if value is None:
                page.rect(
                    x + 0.5, y + 0.5, side - 1, row - 1, fill=PAPER, stroke=LINE, dash="2 2",
                    tip=tip + say["nothing"],
                )  # fmt: skip
                continue
            said = [f"{value:.2f}"]
            if spans is not None:
                said.append("{:.2f}–{:.2f}".format(*spans[a][b]))
            tip += " · ".join(said)
            if value or not tiny:
                data.append({"value": [j, i, value], "name": tip})
            if tiny:
                # One path for each shade and row: thirty thousand cells would be too much.
                if shade := round(value * 20) / 20:
                    square = f"M{number(x + 0.5)} {number(y + 0.5)}h14v14h-14z"
                    squares[shade] = squares.get(shade, "") + square
                continue
            page.open(tip)
            page.rect(x + 0.5, y + 0.5, side - 1, row - 1, fill=_shade(value))
            ink, centre, middle = ink_on(_shade(value)), x + side / 2, y + row / 2
            if spanned:
                page.middle(centre, middle - 7, said[:1], 12, anchor="middle", fill=ink)
                page.middle(centre, middle + 8, said[1:], 10.5, anchor="middle", fill=ink)
            else:
                page.middle(centre, middle, said[:1], 11, anchor="middle", fill=ink)
            page.close()
        for shade in sorted(squares):
            page.path(squares[shade], fill=_shade(shade), tip=labels[i])
        y += row
    options = {
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        **_axes(labels, labels, turned=True),
        "visualMap": {
            "type": "continuous", "min": 0, "max": 1, "dimension": 2, "orient": "horizontal",
            "left": "center", "bottom": 10, "calculable": True,
            "inRange": {"color": [_shade(n / 8) for n in range(9)]},
        },
        "series": [{"type": "heatmap", "data": data}],
    }  # fmt: skip
    return page.chart("similarity_map", say["pairs"].format(n=count), options)


def _likenesses(
    names: Sequence[str], matrix: Sequence[Sequence[float | None]]
) -> list[list[float | None]]:
    _square(names, matrix)
    found: list[list[float | None]] = []
    for i, row in enumerate(matrix):
        found.append([])
        for j, value in enumerate(row):
            what = f"the similarity of {names[i]} and {names[j]}"
            if i == j or value is None:
                found[i].append(None)
                continue
            need(0 <= finite(value, what) <= 1, f"{what} is {value}; it goes from 0 to 1")
            found[i].append(float(value))
            need(j > i or found[j][i] == value, f"{what} is not the same both ways")
    return found


def _bounds(
    names: Sequence[str], bounds: Sequence[Sequence[tuple[float, float]]]
) -> Sequence[Sequence[tuple[float, float]]]:
    _square(names, bounds)
    for i, row in enumerate(bounds):
        for j, (low, high) in enumerate(row):
            need(
                i == j or 0 <= low <= high <= 1,
                f"the bounds for {names[i]} and {names[j]} are {low} and {high}; they go from 0 to 1, low before high",
            )
    return bounds


def _square(names: Sequence[str], matrix: Sequence[Sequence[object]]) -> None:
    need(
        len(matrix) == len(names) and all(len(row) == len(names) for row in matrix),
        f"the similarities of {len(names)} names need {len(names)} rows of {len(names)} values",
    )


def _shade(value: float) -> str:
    """Give the colour of a likeness: one hue, ever darker, so that it also prints in grey."""
    stops = ("#f5f8fb", "#cfe1f0", "#8fbcdd", "#4a90c2", "#0f5c96", "#08304f")
    place = max(0.0, min(value, 1.0)) * (len(stops) - 1)
    first = min(int(place), len(stops) - 2)
    return mix(stops[first], stops[first + 1], place - first)


def _two_hues(place: float) -> str:
    """Give the colour between orange (-1), nearly white (0) and blue (1)."""
    side = ("#f7f7f5", "#cfe1f0", "#7fb1d8", "#2a74b2", "#0b4a80")
    if place < 0:
        side = ("#f7f7f5", "#fde3bd", "#f5b45c", "#d9801a", "#a65200")
    at = min(abs(place), 1.0) * (len(side) - 1)
    first = min(int(at), len(side) - 2)
    return mix(side[first], side[first + 1], at - first)


def _swatch(colour: str) -> Callable[[Canvas, float, float], None]:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.rect(x - 10, y - 8, 20, 16, fill=colour, stroke=LINE)

    return draw


def _unsure_key(canvas: Canvas, x: float, y: float) -> None:
    canvas.rect(x - 10, y - 8, 20, 16, fill=PAPER, stroke=GREY, dash="3 2", radius=2)


def seriation(matrix: Sequence[Sequence[float]]) -> list[int]:
    """
    Put things that are alike side by side.

    Args:
        matrix: Symmetric likenesses; the diagonal is not read.

    Returns:
        A permutation of the row numbers; the first row never stands after the last.

    Source:
        Sokal and Michener, "A statistical method for evaluating systematic relationships",
        1958 (average linkage); Benzécri, "Construction d'une classification ascendante
        hiérarchique par la recherche en chaîne des voisins réciproques", 1982 (neighbour
        chains); the turning of the sides is ours.
    """
    count = len(matrix)
    if not count:
        return []
    near = [[(matrix[i][j] + matrix[j][i]) / 2 for j in range(count)] for i in range(count)]
    runs: dict[int, list[int]] = {n: [n] for n in range(count)}
    chain: list[int] = []
    while len(runs) > 1:
        if not chain:
            chain.append(min(runs))
        tip = chain[-1]
        before = chain[-2] if len(chain) > 1 else -1
        row = near[tip]
        best = max((n for n in runs if n != tip), key=lambda n: (row[n], n == before, -n))
        if best != before:
            chain.append(best)
            continue
        del chain[-2:]
        if tip in chain or best in chain:  # where rounding has led the chain back to itself
            chain.clear()
        a, b = min(tip, best), max(tip, best)
        sizes = len(runs[a]), len(runs[b])
        for n in runs:
            if n not in (a, b):
                near[a][n] = near[n][a] = (near[a][n] * sizes[0] + near[b][n] * sizes[1]) / sum(
                    sizes
                )
        runs[a] = _joined(runs[a], runs.pop(b), matrix)
    (order,) = runs.values()
    return order if order.index(0) <= order.index(count - 1) else order[::-1]


def _joined(one: list[int], two: list[int], matrix: Sequence[Sequence[float]]) -> list[int]:
    """Join two runs at their ends that are most alike."""
    ways = ((one, two), (one, two[::-1]), (one[::-1], two), (one[::-1], two[::-1]))
    left, right = max(ways, key=lambda way: matrix[way[0][-1]][way[1][0]])
    return left + right

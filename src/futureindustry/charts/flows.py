"""
Change as pictures: the flows between two versions, and versions along the time.

A kind of change has a colour and a symbol. The end of the time axis is the last date of the
data: no clock is read.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import attrs

from .canvas import (
    BAND,
    BLUE,
    GREEN,
    GREY,
    INK,
    LEADING,
    LINE,
    NO_FRAME,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    VERMILION,
    Canvas,
    Chart,
    Frame,
    Key,
    Page,
    balanced,
    clean,
    em,
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

__all__ = ["Bar", "alluvial", "timeline"]

KINDS: Mapping[str, tuple[str, str]] = {
    "unchanged": ("#a9b2bd", "none"),
    "name change": (SKY, "ring"),
    "code change": ("#6b7280", "box"),
    "creation": (GREEN, "plus"),
    "deletion": (VERMILION, "cross"),
    "merger": (PURPLE, "down"),
    "take-over": (ORANGE, "right"),
    "breakdown": ("#8a7a00", "up"),
    "split-off": ("#7b4ea3", "diamond"),
    "transfer": (BLUE, "square"),
    "not seen": ("#8c7565", "cross"),
    "first seen": ("#5f8a62", "plus"),
}
_WORDS = {
    "zh": {
        "unchanged": "未变", "name change": "更名", "code change": "代码变更", "creation": "新增",
        "deletion": "删除", "merger": "合并", "take-over": "并入", "breakdown": "拆分",
        "split-off": "分出", "transfer": "调整层级", "not seen": "未见", "first seen": "始见",
    },
    "en": {kind: kind for kind in KINDS},
}  # fmt: skip
_SAYS = {
    "zh": {
        "flows": "左 {left} 项，右 {right} 项：{counts}。", "times": "{rows} 行，{bars} 个版本，{first} 至 {last}。",
        "ongoing": "未见终止", "unknown": "日期不详", "bar": "有效期",
    },
    "en": {
        "flows": "{left} items on the left, {right} on the right: {counts}.",
        "times": "{bars} versions in {rows} rows, {first} to {last}.",
        "ongoing": "no end known", "unknown": "date not known", "bar": "in force",
    },
}  # fmt: skip


def alluvial(
    left: Sequence[str],
    right: Sequence[str],
    links: Sequence[tuple[int | None, int | None, str]],
    *,
    title: str,
    heads: tuple[str, str] = ("", ""),
    legend: Mapping[str, str] | None = None,
    frame: Frame = NO_FRAME,
    lang: Language = "zh",
) -> Chart:
    """
    Draw what became of the items of one version in the next.

    Args:
        left: Labels of the old items, top to bottom.
        right: Labels of the new items.
        links: Number of an old and of a new item, counted from 0, and the kind of change. No
            old item: it is created; no new one: it ends.
        title: Heading.
        heads: What stands above the two sides.
        legend: What the kinds are called; those left out are not explained.
        frame: What else stands around it.
        lang: Language of the picture's own words.

    Returns:
        The picture; ECharts series `sankey`.

    Raises:
        UnreadableData: No items, or a link that leads nowhere, or is of no known kind.
    """
    need(left or right, "an alluvial diagram needs an item at least")
    for a, b, kind in links:
        need(
            (a is not None or b is not None)
            and (a is None or 0 <= a < len(left))
            and (b is None or 0 <= b < len(right)),
            f"the link ({a}, {b}) leads to none of the {len(left)} and {len(right)} items",
        )
        need(kind in KINDS, f'"{kind}" is no kind of change; there are {", ".join(KINDS)}')
    words = _WORDS[lang] if legend is None else legend
    unit, gap = 16.0, 9.0
    names = [[short(label) for label in side] for side in (left, right)]
    texts = [[balanced(label, 22) for label in side] for side in names]
    rooms = [
        max((em(line) for lines in side for line in lines), default=0) * 12.5 + 12 for side in texts
    ]
    tops = [
        wrap(short(head), max(room, 150) / 13) if head else []
        for head, room in zip(heads, rooms, strict=True)
    ]
    rooms = [
        max(room, max((em(line) for line in lines), default=0) * 13 + 12)
        for room, lines in zip(rooms, tops, strict=True)
    ]
    head = max(map(len, tops)) * 13 * LEADING + (8 if any(tops) else 0)
    uses = [Counter(link[side] for link in links) for side in (0, 1)]
    sizes = [
        [
            max(uses[side][n] * unit, len(lines) * 12.5 * LEADING, unit)
            for n, lines in enumerate(texts[side])
        ]
        for side in (0, 1)
    ]
    totals = [sum(found) + gap * max(len(found) - 1, 0) for found in sizes]
    height = max(totals)
    mid = min(max(260.0, height * 0.4), 480.0)
    # The shorter side is spread over the height of the other.
    gaps = [
        gap + (height - total) / max(len(found), 1)
        for total, found in zip(totals, sizes, strict=True)
    ]
    kinds = Counter(kind for _, _, kind in links)
    keys: list[Key] = [
        (_flow_key(kind), clean(words[kind])) for kind in KINDS if kinds[kind] and kind in words
    ]
    page = Page(
        title, rooms[0] + mid + rooms[1] + 24, head + height, keys=keys, frame=frame, lang=lang
    )
    xs = page.x + rooms[0], page.x + rooms[0] + 24 + mid
    starts: list[list[float]] = []
    for side in (0, 1):
        x, y = xs[side], page.y + head + (gaps[side] - gap) / 2
        anchor = "end" if side == 0 else "start"
        beside = x - 8 if side == 0 else x + 20
        if tops[side]:
            page.text(beside, page.y + 13, tops[side], 13, bold=True, fill=GREY, anchor=anchor)
        found = []
        for n, lines in enumerate(texts[side]):
            found.append(y + (sizes[side][n] - uses[side][n] * unit) / 2)
            page.rect(x, y, 12, sizes[side][n], fill="#4b5563", radius=2, tip=names[side][n])
            page.middle(beside, y + sizes[side][n] / 2, lines, 12.5, anchor=anchor)
            y += sizes[side][n] + gaps[side]
        starts.append(found)
    ends = _ports(links, starts, unit)
    x0, x1 = xs[0] + 12, xs[1]
    marks = []
    for (a, b, kind), (ya, yb) in sorted(
        zip(links, ends, strict=True), key=lambda pair: pair[0][2] != "unchanged"
    ):
        colour, mark = KINDS[kind]
        source, target = ("" if n is None else names[side][n] for side, n in enumerate((a, b)))
        tip = f"{clean(words.get(kind, kind))}: {source} → {target}".strip(" →")
        if a is None:
            page.path(_stub(x1, yb, -70, unit), fill=colour, opacity=0.55, tip=tip)
            marks.append((mark, x1 - 14, yb + unit / 2, colour, tip))
        elif b is None:
            page.path(_stub(x0, ya, 70, unit), fill=colour, opacity=0.55, tip=tip)
            marks.append((mark, x0 + 14, ya + unit / 2, colour, tip))
        else:
            opacity = 0.4 if kind == "unchanged" else 0.55
            page.path(_ribbon(x0, ya, x1, yb, unit), fill=colour, opacity=opacity, tip=tip)
            if kind != "unchanged":
                marks.append((mark, x1 - 14, yb + unit / 2, colour, tip))
    for mark, x, y, colour, tip in marks:
        page.rect(x - 8, y - 7, 16, 14, fill=PAPER, radius=3)
        page.mark(mark, x, y, 13, colour, tip)
    separator = "、" if lang == "zh" else ", "
    counts = separator.join(f"{clean(words.get(k, k))} {kinds[k]}" for k in KINDS if kinds[k])
    desc = _SAYS[lang]["flows"].format(left=len(left), right=len(right), counts=counts)
    return page.chart("alluvial", desc, _sankey(names, links, words))


def _ports(
    links: Sequence[tuple[int | None, int | None, str]],
    starts: Sequence[Sequence[float]],
    unit: float,
) -> list[tuple[float, float]]:
    """Give each link its place at both ends: in the order of the other ends, so few cross."""
    found = [[0.0, 0.0] for _ in links]
    pairs = [(a, b) for a, b, _ in links]
    for side in (0, 1):
        taken: Counter[int] = Counter()
        order = sorted(
            range(len(links)),
            key=lambda n: (-1 if (far := pairs[n][1 - side]) is None else starts[1 - side][far], n),
        )
        for n in order:
            if (item := pairs[n][side]) is not None:
                found[n][side] = starts[side][item] + taken[item] * unit
                taken[item] += 1
    return [(a, b) for a, b in found]


def _ribbon(x0: float, y0: float, x1: float, y1: float, unit: float) -> str:
    half = number((x0 + x1) / 2)
    low0, low1 = number(y0 + unit - 1), number(y1 + unit - 1)
    return (
        f"M{number(x0)} {number(y0 + 1)}C{half} {number(y0 + 1)} {half} {number(y1 + 1)} {number(x1)} {number(y1 + 1)}"
        f"V{low1}C{half} {low1} {half} {low0} {number(x0)} {low0}Z"
    )


def _stub(x: float, y: float, length: float, unit: float) -> str:
    """Give a flow that comes from nowhere or goes there: it narrows to a point."""
    return (
        f"M{number(x)} {number(y + 1)}L{number(x + length / 2)} {number(y + 1)}L{number(x + length)} "
        f"{number(y + unit / 2)}L{number(x + length / 2)} {number(y + unit - 1)}L{number(x)} {number(y + unit - 1)}Z"
    )


def _flow_key(kind: str) -> Any:
    colour, mark = KINDS[kind]

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.rect(x - 12, y - 7, 24, 14, fill=tint(colour, 0.45))
        if mark != "none":
            canvas.rect(x - 7, y - 7, 14, 14, fill=PAPER, radius=3)
            canvas.mark(mark, x, y, 13, colour)

    return draw


def _sankey(
    names: Sequence[Sequence[str]],
    links: Sequence[tuple[int | None, int | None, str]],
    words: Mapping[str, str],
) -> dict[str, Any]:
    # ECharts knows nodes by name: what is there twice gets characters without width.
    taken: Counter[str] = Counter()
    keys: list[list[str]] = []
    for side in names:
        keys.append([])
        for name in side:
            keys[-1].append(name + "\u200b" * taken[name])
            taken[name] += 1
    uses = [Counter(link[side] for link in links) for side in (0, 1)]
    nodes = [
        {"name": key, "depth": side, "value": max(uses[side][n], 1), "itemStyle": {"color": "#4b5563"},
         "label": {"position": "left" if side == 0 else "right"}}
        for side in (0, 1)
        for n, key in enumerate(keys[side])
    ]  # fmt: skip
    for a, b, kind in links:
        if a is None and b is not None:
            nodes[len(keys[0]) + b]["itemStyle"] = {"color": KINDS[kind][0]}
        elif b is None and a is not None:
            nodes[a]["itemStyle"] = {"color": KINDS[kind][0]}
    return {
        "series": [
            {
                "type": "sankey", "data": nodes, "layoutIterations": 0, "nodeAlign": "justify",
                "left": "25%", "right": "25%", "top": 70, "draggable": False,
                "links": [
                    {
                        "source": keys[0][a], "target": keys[1][b], "value": 1, "kind": clean(words.get(kind, kind)),
                        "lineStyle": {"color": KINDS[kind][0], "opacity": 0.5},
                    }
                    for a, b, kind in links
                    if a is not None and b is not None
                ],
            }
        ]
    }  # fmt: skip


@attrs.frozen
class Bar:
    """
    A stretch of time with its name.

    Attributes:
        start: ISO 8601 date, reduced as far as known; None is "not known".
        end: The date from which it no longer holds; None is "not ended, or not known".
        label: What it is called.
    """

    start: str | None
    end: str | None
    label: str = ""


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def _year(date: str | None) -> float | None:
    """Give a date as a number of years; of a reduced one, its first day."""
    if date is None:
        return None
    found = _DATE.fullmatch(date)
    year, month, day = (int(part or 1) for part in found.groups()) if found else (0, 0, 0)
    need(
        year and 1 <= month <= 12 and 1 <= day <= 31,
        f'"{date}" is no date; write YYYY, YYYY-MM or YYYY-MM-DD',
    )
    return year + (month - 1) / 12 + (day - 1) / 372


Span = tuple[float | None, float | None, Bar]


def timeline(
    rows: Sequence[tuple[str, Sequence[Bar]]],
    *,
    title: str,
    until: str | None = None,
    frame: Frame = NO_FRAME,
    lang: Language = "zh",
) -> Chart:
    """
    Draw what was in force when.

    Args:
        rows: Label of each row and its stretches of time, oldest first.
        title: Heading.
        until: Date up to which the axis goes at least.
        frame: What else stands around it.
        lang: Language of the picture's own words.

    Returns:
        The picture: an open end is an arrow to the edge, what has no known start is dashed.
        ECharts series `line`, one thick line for each stretch.

    Raises:
        UnreadableData: No rows, no date at all, a date that is none, or an end before its start.
    """
    need(rows, "a timeline needs a row at least")
    spans = [[(_year(bar.start), _year(bar.end), bar) for bar in bars] for _, bars in rows]
    for row in spans:
        for start, end, bar in row:
            need(
                start is None or end is None or start <= end,
                f"{bar.label or 'a bar'} ends ({bar.end}) before it starts ({bar.start})",
            )
    edge = _year(until)
    dates = [edge, *(date for row in spans for start, end, _ in row for date in (start, end))]
    years = [date for date in dates if date is not None]
    need(years, "a timeline needs a date at least; none of its rows has one")
    first, last = math.floor(min(years)), math.floor(max(years)) + 1
    if last - max(years) < 0.15:
        last += 1
    per = max(56.0, min(150.0, 900 / (last - first)))
    # Centuries are drawn, but not at a hand's width for each year.
    per = min(per, 9000 / (last - first))
    axis = (last - first) * per
    labels = [balanced(short(label), 20) for label, _ in rows]
    room = max(max(map(em, lines)) for lines in labels) * 12.5 + 18
    tail = 26.0
    laid = [_tracks(row, first, per) for row in spans]
    named = max((right for tracks in laid for track in tracks for _, _, right in track), default=0)
    width = room + max(axis + tail, named)
    deep = [
        [_track_height([spans[n][k][2] for k, _, _ in track], track) for track in tracks]
        for n, tracks in enumerate(laid)
    ]
    heights = [
        max(sum(parts), len(lines) * 12.5 * LEADING + 10, 26.0)
        for parts, lines in zip(deep, labels, strict=True)
    ]
    bars = sum(len(row) for row in spans)
    say = _SAYS[lang]
    page = Page(
        title, width, 26 + sum(heights), keys=_time_keys(spans, lang), frame=frame, lang=lang
    )
    left, y = page.x + room, page.y + 26
    bottom = y + sum(heights)
    for n, height in enumerate(heights):
        if n % 2 == 0:
            page.rect(page.x, y + sum(heights[:n]), page.width, height, fill=BAND)
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000) if n * per >= 40)
    for year in range(first, last + 1):
        if year % step == 0:
            x = left + (year - first) * per
            page.line(x, y, x, bottom, stroke=LINE)
            page.text(x, y - 8, str(year), 11.5, anchor="middle", fill=GREY)
    for n, tracks in enumerate(laid):
        page.middle(left - 10, y + heights[n] / 2, labels[n], 12.5, anchor="end")
        at = y + (heights[n] - sum(deep[n])) / 2
        for track, height in zip(tracks, deep[n], strict=True):
            at += height
            for k, lane, _ in track:
                start, end, bar = spans[n][k]
                colour = (BLUE, ORANGE)[k % 2]
                x0 = left + ((first if start is None else start) - first) * per
                x1 = left + ((last if end is None else end) - first) * per
                text, base = short(bar.label), at - 23 - lane * 15
                tip = f"{short(rows[n][0])}: {text} ({bar.start or '?'} – {bar.end or '…'})"
                page.path(
                    _stretch(x0, max(x1, x0 + 3), at - 18, open_end=end is None),
                    fill=PAPER if start is None else tint(colour, 0.35), stroke=colour,
                    dash="4 3" if start is None else None, thick=1.2, tip=tip,
                )  # fmt: skip
                if start is not None:
                    page.line(x0, base if text else at - 18, x0, at - 6, stroke=colour, thick=2.2)
                if text:
                    page.text(x0 + 5, base, text, 11.5)
        y += heights[n]
    desc = say["times"].format(rows=len(rows), bars=bars, first=first, last=last)
    return page.chart("timeline", desc, _time_options(rows, f"{last}-01-01", f"{first}-01-01"))


def _track_height(bars: Sequence[Bar], track: Sequence[tuple[int, int, float]]) -> float:
    """Give the height of a track: less where no bar has a name."""
    named = any(bar.label for bar in bars)
    return max(lane for _, lane, _ in track) * 15 + 40 if named else 24.0


def _tracks(row: Sequence[Span], first: float, per: float) -> list[list[tuple[int, int, float]]]:
    """
    Lay out the bars of a row.

    Returns:
        Tracks under each other, within which no bars overlap; for each bar its number, the
        lane of its name (0 is next to the bar) and how far to the right it reaches.
    """
    begins = [first if start is None else start for start, _, _ in row]
    ends = [math.inf if end is None else end for _, end, _ in row]
    tracks: list[list[int]] = []
    for k in sorted(range(len(row)), key=lambda k: (begins[k], k)):
        for track in tracks:
            if ends[track[-1]] <= begins[k]:
                track.append(k)
                break
        else:
            tracks.append([k])
    found = []
    for track in tracks:
        placed: list[tuple[int, int, float, float]] = []
        for k in reversed(track):
            x = (begins[k] - first) * per
            right = x + em(short(row[k][2].label)) * 11.5 + 12
            # Above what begins under the name: then no name or riser crosses another.
            lane = max((other + 1 for _, other, start, _ in placed if start < right), default=0)
            placed.append((k, lane, x, right))
        found.append([(k, lane, right) for k, lane, _, right in reversed(placed)])
    return found


def _stretch(x0: float, x1: float, y: float, *, open_end: bool) -> str:
    if open_end:
        return (
            f"M{number(x0)} {number(y)}H{number(x1 + 4)}V{number(y - 4)}L{number(x1 + 20)} {number(y + 6)}"
            f"L{number(x1 + 4)} {number(y + 16)}V{number(y + 12)}H{number(x0)}Z"
        )
    return f"M{number(x0)} {number(y)}H{number(x1)}V{number(y + 12)}H{number(x0)}Z"


def _time_keys(spans: Sequence[Sequence[Span]], lang: Language) -> list[Key]:
    def draw(open_end: bool, dash: str | None) -> Any:
        def sample(canvas: Canvas, x: float, y: float) -> None:
            fill = PAPER if dash else tint(BLUE, 0.35)
            right = x - 9 if open_end else x + 11
            canvas.path(
                _stretch(x - 11, right, y - 6, open_end=open_end), fill=fill, stroke=BLUE, dash=dash
            )

        return sample

    say = _SAYS[lang]
    found = [span for row in spans for span in row]
    keys: list[Key] = []
    if any(end is not None for _, end, _ in found):
        keys.append((draw(False, None), say["bar"]))
    if any(end is None for _, end, _ in found):
        keys.append((draw(True, None), say["ongoing"]))
    if any(start is None for start, _, _ in found):
        keys.append((draw(False, "4 3"), say["unknown"]))
    return keys


def _time_options(
    rows: Sequence[tuple[str, Sequence[Bar]]],
    last: str,
    first: str,
) -> dict[str, Any]:
    series = []
    for n, (label, bars) in enumerate(rows):
        for k, bar in enumerate(bars):
            colour = (BLUE, ORANGE)[k % 2]
            series.append(
                {
                    "type": "line", "name": short(bar.label) or short(label),
                    "data": [
                        {
                            "value": [bar.start or first, n], "symbol": "rect", "symbolSize": [3, 18],
                            "label": {"show": bool(bar.label), "position": "top", "align": "left", "formatter": "{a}", "color": INK},
                        },
                        {"value": [bar.end or last, n], "symbol": "none" if bar.end else "triangle", "symbolRotate": -90},
                    ],
                    "symbolSize": 18, "labelLayout": {"hideOverlap": True},
                    "lineStyle": {"width": 12, "color": colour, "type": "solid" if bar.start else "dotted", "cap": "butt"},
                    "itemStyle": {"color": colour},
                }
            )  # fmt: skip
    return {
        "tooltip": {"trigger": "item", "formatter": "{a}"},
        "grid": {"containLabel": True, "top": 60, "left": 20, "right": 40, "bottom": 20},
        "xAxis": {"type": "time", "position": "top", "min": first, "max": last},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [short(label) for label, _ in rows],
        },
        "series": series,
    }

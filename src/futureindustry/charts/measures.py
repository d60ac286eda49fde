"""Numbers as pictures: concentration as Lorenz curves, measures as bars with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from .canvas import (
    BLUE,
    GREY,
    INK,
    LEADING,
    LINE,
    NO_FRAME,
    ORANGE,
    PALETTE,
    PAPER,
    Canvas,
    Chart,
    Frame,
    Key,
    Page,
    balanced,
    clean,
    em,
    finite,
    need,
    number,
    short,
    tint,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .canvas import Language

__all__ = ["bars", "lorenz"]

_SAYS = {
    "zh": {
        "x": "{unit}数累计占比（由小到大）", "unit": "单位", "y": "数值累计占比", "even": "完全平均", "gini": "基尼系数",
        "lorenz": "{n} 条洛伦兹曲线：{said}。", "bars": "{n} 个条形，{least} 至 {most}。",
        "missing": "缺失", "interval": "区间", "all": "{n} 个条形，均缺失。",
        "reference": "参照值",
    },
    "en": {
        "x": "cumulative share of {unit}, smallest first", "unit": "units", "y": "cumulative share of the total",
        "even": "all equal", "gini": "Gini",
        "lorenz": "{n} Lorenz curves: {said}.", "bars": "{n} bars from {least} to {most}.",
        "missing": "missing", "interval": "interval", "all": "{n} bars, all missing.",
        "reference": "reference",
    },
}  # fmt: skip
_STROKES = (None, "7 3", "2 3", "9 3 2 3")


def lorenz(
    shares: Mapping[str, Sequence[float]] | Sequence[float],
    *,
    title: str,
    unit: str = "",
    frame: Frame = NO_FRAME,
    lang: Language = "zh",
) -> Chart:
    """
    Draw how unequally amounts are spread.

    Args:
        shares: Amounts, 0 or more, in one unit (any: it cancels), in any order; or several
            such lists by name.
        title: Heading.
        unit: What has an amount each, in the plural; for the axis.
        frame: What else stands around it.
        lang: Language of the picture's own words.

    Returns:
        The picture, with the Gini coefficient of each curve; ECharts series `line`.

    Raises:
        UnreadableData: No amounts, one below 0, or all of them 0.

    Source:
        Lorenz, "Methods of measuring the concentration of wealth", Publications of the
        American Statistical Association 9(70), 1905; the coefficient is 1 minus twice the area
        under the curve, without correction for small numbers.
    """
    given = shares if isinstance(shares, Mapping) else {"": shares}
    need(given, "a Lorenz curve needs amounts")
    curves = {short(name): _curve(short(name), amounts) for name, amounts in given.items()}
    need(len(curves) == len(given), "two Lorenz curves have the same name")
    say = dict(_SAYS[lang])
    say["x"] = say["x"].format(unit=clean(unit) or say["unit"])
    ginis = {name: _gini(curve) for name, curve in curves.items()}
    keys: list[Key] = [
        (_stroke_key(n), f"{name} {say['gini']} {ginis[name]:.3f}".strip())
        for n, name in enumerate(curves)
    ]
    keys.append((_even_key, say["even"]))
    side, left, below = 440.0, 58.0, 54.0
    page = Page(title, left + side + 20, side + below + 6, keys=keys, frame=frame, lang=lang)
    x, y = page.x + left, page.y + 6
    for n in range(6):
        at = n / 5
        page.line(x + at * side, y, x + at * side, y + side)
        page.line(x, y + at * side, x + side, y + at * side)
        page.text(x + at * side, y + side + 18, f"{20 * n}%", 11, anchor="middle", fill=GREY)
        page.text(x - 8, y + side - at * side + 4, f"{20 * n}%", 11, anchor="end", fill=GREY)
    page.line(x, y + side, x + side, y, stroke=GREY, dash="3 3")
    for n, (name, curve) in enumerate(curves.items()):
        d = "L".join(f"{number(x + a * side)} {number(y + side - b * side)}" for a, b in curve)
        page.path(f"M{d}", stroke=PALETTE[n % len(PALETTE)], thick=2.2, dash=_dash(n), tip=name)
    page.text(x + side / 2, y + side + 42, say["x"], 12, anchor="middle")
    page.text(page.x + 10, y + side / 2, say["y"], 12, anchor="middle", turn=-90)
    said = ("；" if lang == "zh" else "; ").join(
        f"{name} {g:.3f}".strip() for name, g in ginis.items()
    )
    options = {
        "tooltip": {"trigger": "axis"},
        "legend": {"type": "scroll", "bottom": 0},
        "grid": {"containLabel": True, "top": 60, "left": 30, "right": 40, "bottom": 60},
        "xAxis": {"type": "value", "min": 0, "max": 1, "name": say["x"], "nameLocation": "middle", "nameGap": 30},
        "yAxis": {"type": "value", "min": 0, "max": 1, "name": say["y"], "nameLocation": "middle", "nameGap": 40},
        "series": [
            *(
                {
                    "type": "line", "name": f"{name} {say['gini']} {ginis[name]:.3f}".strip(), "symbol": "none",
                    "data": [[round(a, 6), round(b, 6)] for a, b in curve],
                    "lineStyle": {"type": ("solid", "dashed", "dotted")[n // len(PALETTE) % 3]},
                }
                for n, (name, curve) in enumerate(curves.items())
            ),
            {
                "type": "line", "name": say["even"], "symbol": "none", "data": [[0, 0], [1, 1]],
                "lineStyle": {"type": "dashed", "color": GREY}, "itemStyle": {"color": GREY},
            },
        ],
    }  # fmt: skip
    return page.chart("lorenz", say["lorenz"].format(n=len(curves), said=said), options)


def _dash(n: int) -> str | None:
    # Neighbours differ in their strokes as well as in colour.
    return _STROKES[(n + n // len(PALETTE)) % len(_STROKES)]


def _stroke_key(n: int) -> Any:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.line(
            x - 12, y, x + 12, y, stroke=PALETTE[n % len(PALETTE)], thick=2.2, dash=_dash(n)
        )

    return draw


def _even_key(canvas: Canvas, x: float, y: float) -> None:
    canvas.line(x - 12, y, x + 12, y, stroke=GREY, dash="3 3")


def _curve(name: str, amounts: Sequence[float]) -> list[tuple[float, float]]:
    need(len(amounts), f"the Lorenz curve {name} has no amounts".replace("  ", " "))
    found = sorted(finite(a, "an amount of a Lorenz curve") for a in amounts)
    need(found[0] >= 0, f"an amount of a Lorenz curve is {found[0]}, below 0")
    largest = found[-1]
    need(largest > 0, "the amounts of a Lorenz curve are all 0")
    total = math.fsum(a / largest for a in found)
    points, sofar = [(0.0, 0.0)], 0.0
    for n, amount in enumerate(found, 1):
        sofar += amount / largest
        points.append((n / len(found), min(sofar / total, 1.0)))
    points[-1] = (1.0, 1.0)
    return points


def _gini(curve: Sequence[tuple[float, float]]) -> float:
    area = math.fsum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(curve))
    return max(0.0, 1 - 2 * area)


def bars(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    title: str,
    low: Sequence[float | None] | None = None,
    high: Sequence[float | None] | None = None,
    reference: float | None = None,
    frame: Frame = NO_FRAME,
    lang: Language = "zh",
) -> Chart:
    """
    Draw numbers as bars, with their intervals.

    Args:
        labels: Names, top to bottom.
        values: A number for each; None is missing, which is not 0.
        title: Heading.
        low: Lower ends of intervals. None at both ends: no interval; at one: no bound.
        high: Upper ends. An interval of one point is not drawn beside its value.
        reference: A value to compare with, such as 1 for location quotients; bars beyond it
            have another colour than those below.
        frame: What else stands around it.
        lang: Language of the picture's own words.

    Returns:
        The picture; ECharts series `bar`.

    Raises:
        UnreadableData: No labels, lists of different length, or a number that is not finite.
    """
    need(labels, "a bar chart needs a bar at least")
    lows = low if low is not None else [None] * len(labels)
    highs = high if high is not None else [None] * len(labels)
    need(
        len(labels) == len(values) == len(lows) == len(highs),
        f"{len(labels)} bars need as many values, not {len(values)}, {len(lows)} and {len(highs)}",
    )
    names = [short(label) for label in labels]
    found = [
        None if v is None else finite(v, f"the value of {n}")
        for n, v in zip(names, values, strict=True)
    ]
    ends = [
        _interval(name, value, a, b)
        for name, value, a, b in zip(names, found, lows, highs, strict=True)
    ]
    say = _SAYS[lang]
    everything = [
        0.0,
        *(v for v in found if v is not None),
        *(v for pair in ends if pair for v in pair if math.isfinite(v)),
    ]
    if reference is not None:
        everything.append(finite(reference, "the reference"))
    ticks = _ticks(min(everything), max(everything))
    start, stop = ticks[0], ticks[-1]
    lines = [balanced(name, 24) for name in names]
    room = max(max(map(em, rows)) for rows in lines) * 12.5 + 14
    said = [
        _figure(v) if v is not None else _span(pair) if pair else say["missing"]
        for v, pair in zip(found, ends, strict=True)
    ]
    beside = max(map(em, said)) * 11.5 + 10
    before = beside if min(everything) < 0 else 0.0
    wide = 460.0
    heights = [max(26.0, len(rows) * 12.5 * LEADING + 8) for rows in lines]
    keys: list[Key] = [(_whisker_key, say["interval"])] if any(ends) else []
    if reference is not None:
        keys.append((_reference_key, f"{say['reference']} {_figure(reference)}"))
    width = room + before + wide + beside + 22
    page = Page(title, width, 22 + sum(heights), keys=keys, frame=frame, lang=lang)
    left, y = page.x + room + before, page.y + 22
    bottom = y + sum(heights)

    def at(value: float) -> float:
        return left + (value / 2 - start / 2) / (stop / 2 - start / 2) * wide

    shown = -math.inf
    for tick in ticks:
        page.line(at(tick), y, at(tick), bottom, stroke=GREY if tick == 0 else LINE)
        text = _figure(tick)
        if at(tick) - em(text) * 5.5 > shown:
            page.text(at(tick), y - 7, text, 11, anchor="middle", fill=GREY)
            shown = at(tick) + em(text) * 5.5 + 6
    for n, value in enumerate(found):
        middle = y + heights[n] / 2
        page.middle(page.x + room - 8, middle, lines[n], 12.5, anchor="end")
        tip = f"{names[n]}: {said[n]}"
        edge = at(0)
        if value is not None:
            colour = ORANGE if reference is not None and value < reference else BLUE
            x0, x1 = sorted((at(0), at(value)))
            page.rect(x0, middle - 8, max(x1 - x0, 1), 16, fill=tint(colour, 0.2), tip=tip)
            edge = at(value)
        spread: list[float] = []
        if pair := ends[n]:
            # An end that is not bounded is an arrow beyond the edge.
            a = max(at(pair[0]), left) if pair[0] > -math.inf else left - 2
            b = at(pair[1]) if pair[1] < math.inf else left + wide + 8
            tip = f"{names[n]}: {_span(pair)}"
            tips = (
                f"M{number(a)} {number(middle - 5)}v10"
                if pair[0] > -math.inf
                else f"M{number(a + 6)} {number(middle - 5)}L{number(a)} {number(middle)}l6 5",
                f"M{number(b)} {number(middle - 5)}v10"
                if pair[1] < math.inf
                else f"M{number(b - 6)} {number(middle - 5)}L{number(b)} {number(middle)}l-6 5",
            )
            d = f"M{number(a)} {number(middle)}H{number(b)}{''.join(tips)}"
            page.path(d, stroke=PAPER, thick=4)
            page.path(d, stroke=INK, thick=1.6, tip=tip)
            spread = [a, b]
        negative = value is not None and value < 0
        reach = [edge, *spread]
        page.middle(
            min(reach) - 6 if negative else max(reach) + 6, middle, [said[n]], 11.5,
            anchor="end" if negative else "start", fill=GREY if value is None and not pair else INK, halo=True,
        )  # fmt: skip
        y += heights[n]
    if reference is not None:
        page.line(
            at(reference), page.y + 18, at(reference), bottom, stroke=INK, thick=1.4, dash="5 3"
        )
    there = [v for v in found if v is not None]
    if there:
        desc = say["bars"].format(
            n=len(labels), least=_figure(min(there)), most=_figure(max(there))
        )
    else:
        desc = say["all"].format(n=len(labels))
    shown_names = [
        name if v is not None else f"{name} ({text})"
        for name, v, text in zip(names, found, said, strict=True)
    ]
    series: dict[str, Any] = {
        "type": "bar",
        "data": [
            None
            if v is None
            else {
                "value": v,
                "itemStyle": {"color": ORANGE if reference is not None and v < reference else BLUE},
                # Above the line of its interval.
                "label": {"formatter": text, "offset": [0, -14 if pair else 0]},
            }
            for v, pair, text in zip(found, ends, said, strict=True)
        ],
        "barMaxWidth": 24,
        "label": {"show": True, "position": "right"},
    }
    marks: list[Any] = [
        [
            {"coord": [max(pair[0], start), n], "symbol": "rect", "symbolSize": [10, 2]},
            {"coord": [min(pair[1], stop), n], "symbol": "rect", "symbolSize": [10, 2]},
        ]
        for n, pair in enumerate(ends)
        if pair
    ]
    if reference is not None:
        marks.append({"xAxis": reference, "lineStyle": {"type": "dashed"}})
    if marks:
        series["markLine"] = {
            "symbol": "none", "data": marks, "label": {"show": False},
            "lineStyle": {"color": INK, "type": "solid"}, "silent": True,
        }  # fmt: skip
    options = {
        "grid": {"containLabel": True, "top": 60, "left": 20, "right": 60, "bottom": 20},
        "xAxis": {"type": "value", "min": start, "max": stop},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": shown_names,
            "axisLabel": {"interval": 0},
        },
        "series": [series],
    }
    return page.chart("bars", desc, options)


def _interval(
    name: str, value: float | None, low: float | None, high: float | None
) -> tuple[float, float] | None:
    """Give an interval to draw; an end that is not bounded is infinite."""
    if low is None and high is None:
        return None
    what = f"the interval of {name}"
    start = -math.inf if low is None else finite(low, what)
    stop = math.inf if high is None else finite(high, what)
    need(start <= stop, f"{what} ends before it starts: {low} to {high}")
    return None if start == stop == value else (start, stop)


def _span(pair: tuple[float, float]) -> str:
    if pair[0] == -math.inf:
        return f"≤ {_figure(pair[1])}"
    if pair[1] == math.inf:
        return f"≥ {_figure(pair[0])}"
    return f"{_figure(pair[0])} – {_figure(pair[1])}"


def _whisker_key(canvas: Canvas, x: float, y: float) -> None:
    canvas.path(
        f"M{number(x - 10)} {number(y)}h20M{number(x - 10)} {number(y - 5)}v10M{number(x + 10)} {number(y - 5)}v10",
        stroke=INK, thick=1.6,
    )  # fmt: skip


def _reference_key(canvas: Canvas, x: float, y: float) -> None:
    canvas.line(x - 12, y, x + 12, y, stroke=INK, thick=1.4, dash="5 3")


def _figure(value: float) -> str:
    """Write a number with three significant digits, large ones with groups of three."""
    if value == 0:
        return "0"
    if 100 <= abs(value) < 1e9:
        return f"{value:,.0f}"
    return f"{value:.3g}".replace("e+0", "e").replace("e-0", "e-")


def _ticks(low: float, high: float) -> list[float]:
    """Give round numbers, evenly spaced, from one not above `low` to one not below `high`."""
    if low == high:
        high = low + 1
    width = high / 6 - low / 6
    if width < 1e-300:
        return [low, low + 1]
    if width > 1e300:
        return [low, high]
    size = 10.0 ** math.floor(math.log10(width))
    step = next(size * n for n in (1, 2, 5, 10) if size * n >= width * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step - 1e-9)
    return [round(n * step, 12) if abs(step) > 1e-9 else n * step for n in range(first, last + 1)]

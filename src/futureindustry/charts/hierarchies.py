"""
Trees as pictures: from left to right, or as rings around a centre.

Branches below the root have a colour each, and their names; what a node is (open, incomplete)
is told by the line around it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from .canvas import (
    GREY,
    INK,
    LEADING,
    NO_FRAME,
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
    ink_on,
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

__all__ = ["Node", "sunburst", "tree"]


@attrs.frozen
class Node:
    """
    One node of a tree.

    Attributes:
        label: Its name.
        note: A second, smaller line, such as the name in another language.
        children: Nodes below, in order.
        style: `""`, `open` (dashed: the list goes on) or `incomplete` (dotted: not all is seen).
        badge: A few characters in front of the name, such as the slot of a formula.
    """

    label: str
    note: str = ""
    children: tuple[Node, ...] = ()
    style: str = ""
    badge: str = ""


DASHES: Mapping[str, str | None] = {"": None, "open": "5 3", "incomplete": "1.5 2.5"}
_SAYS = {
    "zh": {
        "open": "开放：不设封闭清单", "incomplete": "清单未完整见到", "more": "另有 {n} 项", "below": "另有 n 个下级类目未画出",
        "desc": "{n} 个节点，{depth} 层。",
    },
    "en": {
        "open": "open: no closed list", "incomplete": "list not seen in full", "more": "{n} more", "below": "n more items below are not drawn",
        "desc": "{n} nodes on {depth} levels.",
    },
}  # fmt: skip


@attrs.define
class _Box:
    """A node with its measures."""

    node: Node
    depth: int
    colour: str
    children: list[_Box]
    label: list[str]
    note: list[str]
    note_text: str
    hidden: int
    top: float = 0.0
    height: float = 0.0
    start: float = 0.0
    leaves: int = 1

    def walk(self) -> Iterator[_Box]:
        stack = [self]
        while stack:
            box = stack.pop()
            yield box
            stack += reversed(box.children)


def _boxes(root: Node, depth: int | None, limit: float, lang: str) -> _Box:
    """Copy the tree down to a depth; without recursion, so that no depth is too much."""

    def box(node: Node, level: int, colour: str) -> _Box:
        need(
            node.style in DASHES,
            f'"{node.style}" is no style of a node; there are {", ".join(filter(None, DASHES))}',
        )
        hidden = _count(node) - 1 if depth is not None and level >= depth else 0
        note, label = clean(node.note), short(node.label)
        if hidden and note:
            note = f"{note} · {_SAYS[lang]['more'].format(n=hidden)}"
        elif hidden:
            label += f" +{hidden}"
        return _Box(
            node, level, colour, [], balanced(label, limit),
            wrap(short(note), limit * 1.15) if note else [], short(note), hidden,
        )  # fmt: skip

    top = box(root, 0, "#4b5563")
    stack = [top]
    while stack:
        parent = stack.pop()
        if parent.hidden:
            continue
        for n, child in enumerate(parent.node.children):
            colour = parent.colour if parent.depth else PALETTE[n % len(PALETTE)]
            parent.children.append(box(child, parent.depth + 1, colour))
        stack += parent.children
    return top


def _count(node: Node) -> int:
    count, stack = 0, [node]
    while stack:
        found = stack.pop()
        count += 1
        stack += found.children
    return count


def _keys(boxes: Sequence[_Box], lang: Language, legend: Mapping[str, str] | None) -> list[Key]:
    styles = {box.node.style for box in boxes}

    def sample(dash: str) -> Any:
        def draw(canvas: Canvas, x: float, y: float) -> None:
            canvas.rect(
                x - 11, y - 7, 22, 14, fill=PAPER, stroke=INK, dash=dash, radius=3, thick=1.4
            )

        return draw

    words = _SAYS[lang] if legend is None else legend
    keys: list[Key] = [
        (sample(dash), words[style])
        for style, dash in DASHES.items()
        if dash and style in styles and style in words
    ]
    if any(box.hidden and not box.note for box in boxes):
        keys.append((_plus_key, _SAYS[lang]["below"]))
    return keys


def _plus_key(canvas: Canvas, x: float, y: float) -> None:
    canvas.middle(x, y, ["+n"], 12, anchor="middle")


def _description(boxes: Sequence[_Box], lang: str) -> str:
    depth = max(box.depth for box in boxes) + 1
    return _SAYS[lang]["desc"].format(n=len(boxes), depth=depth)


def _name(box: _Box) -> str:
    return " ".join(filter(None, (clean(box.node.badge), short(box.node.label))))


def _series(root: _Box, looks: Callable[[_Box], dict[str, Any]]) -> dict[str, Any]:
    """Give the tree as data of ECharts."""
    data: dict[int, dict[str, Any]] = {}
    for box in root.walk():
        found: dict[str, Any] = {"name": _name(box), **looks(box)}
        data[id(box)] = found
        if box.note:
            found["note"] = box.note_text
        if not box.children:
            found["value"] = 1 + box.hidden
    for box in root.walk():
        if box.children:
            data[id(box)]["children"] = [data[id(child)] for child in box.children]
    return data[id(root)]


LINES = {"": "solid", "open": "dashed", "incomplete": "dotted"}


def _node_look(box: _Box) -> dict[str, Any]:
    line = LINES[box.node.style]
    return {"itemStyle": {"color": box.colour, "borderColor": box.colour, "borderType": line}}


def _ring_look(box: _Box) -> dict[str, Any]:
    style = {"color": _fill(box)}
    if box.node.style:
        style |= {"borderColor": INK, "borderType": LINES[box.node.style]}
    return {"itemStyle": style, "label": {"color": ink_on(_fill(box))}}


PAD, GAP, SIZE, SMALL = 8.0, 7.0, 12.5, 10.5


def tree(
    root: Node,
    *,
    title: str,
    depth: int | None = None,
    legend: Mapping[str, str] | None = None,
    frame: Frame = NO_FRAME,
    lang: Language = "zh",
) -> Chart:
    """
    Draw a tree from left to right.

    Args:
        root: The node on the left.
        title: Heading.
        depth: Levels below the root to show; those below are counted. None shows all.
        legend: What the styles are called; those left out are not explained.
        frame: What else stands around it.
        lang: Language of the picture's own words.

    Returns:
        The picture; ECharts series `tree`.

    Raises:
        UnreadableData: A style that is not known, or a depth below 1.
    """
    need(depth is None or depth > 0, f"a tree is shown to a depth of 1 or more, not {depth}")
    top = _boxes(root, depth, 18, lang)
    boxes = list(top.walk())
    widths: dict[int, float] = {}
    for box in boxes:
        box.height = (
            len(box.label) * SIZE * LEADING + len(box.note) * SMALL * LEADING + 2 * PAD * 0.6
        )
        widths[box.depth] = max(widths.get(box.depth, 0.0), _box_width(box))
    bottom = _stack(boxes)
    reach: dict[int, float] = {}
    x = 0.0
    for level in sorted(widths):
        reach[level] = x
        x += widths[level] + 44
    page = Page(title, x - 44, bottom, keys=_keys(boxes, lang, legend), frame=frame, lang=lang)
    for box in boxes:
        x0 = page.x + reach[box.depth] + _box_width(box)
        y0 = page.y + box.top + box.height / 2
        for child in box.children:
            x1, y1 = page.x + reach[child.depth], page.y + child.top + child.height / 2
            turn = x1 - 22
            page.path(
                f"M{number(x0)} {number(y0)}H{number(turn - 14)}C{number(turn)} {number(y0)} "
                f"{number(turn)} {number(y1)} {number(x1)} {number(y1)}",
                stroke=tint(child.colour, 0.35), thick=1.3, dash=DASHES[child.node.style],
            )  # fmt: skip
    for box in boxes:
        _draw_box(page, box, page.x + reach[box.depth])
    # More than a page of leaves is opened branch by branch.
    leaves = sum(not box.children for box in boxes)
    options = {
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "series": [
            {
                "type": "tree", "data": [_series(top, _node_look)], "orient": "LR", "top": 60,
                "left": round(em(_name(top)) * 12) + 24, "bottom": 20, "initialTreeDepth": -1 if leaves <= 45 else 1,
                "right": round(max(em(_name(b)) for b in boxes if not b.children) * 12) + 24,
                "symbolSize": 9, "expandAndCollapse": True,
                "label": {
                    "position": "left", "align": "right", "verticalAlign": "middle",
                    "backgroundColor": PAPER,
                },
                "leaves": {"label": {"position": "right", "align": "left"}},
            }
        ],
    }  # fmt: skip
    return page.chart("tree", _description(boxes, lang), options)


def _badge_width(box: _Box) -> float:
    badge = clean(box.node.badge)
    return em(badge) * SIZE + 16 if badge else 0.0


def _box_width(box: _Box) -> float:
    text = max(max(map(em, box.label)) * SIZE, max(map(em, box.note), default=0) * SMALL)
    return text + 2 * PAD + _badge_width(box)


def _stack(boxes: Sequence[_Box]) -> float:
    """Put leaves under each other and parents beside the middle of their children."""
    y = 0.0
    previous: _Box | None = None
    for box in boxes:
        if not box.children:
            # Some air where one family ends.
            if previous is not None and box.depth < previous.depth:
                y += GAP
            box.top = y
            y += box.height + GAP
        previous = box
    for box in reversed(boxes):
        if box.children:
            first, last = box.children[0], box.children[-1]
            middle = (first.top + first.height / 2 + last.top + last.height / 2) / 2
            box.top = middle - box.height / 2
    return _untangled(boxes)


def _untangled(boxes: Sequence[_Box]) -> float:
    """Push apart what overlaps in one column, a family at a time; give the height."""
    lowest: dict[int, float] = {}
    for box in boxes:  # parents first
        push = max(0.0, lowest.get(box.depth, 0.0) - box.top)
        if push:
            for below in box.walk():
                below.top += push
        lowest[box.depth] = box.top + box.height + GAP
    return max(box.top + box.height for box in boxes)


def _draw_box(page: Page, box: _Box, x: float) -> None:
    y, width, wide = page.y + box.top, _box_width(box), _badge_width(box)
    filled = box.depth == 0
    fill = box.colour if filled else tint(box.colour, 0.86 if box.depth == 1 else 0.94)
    ink = ink_on(fill)
    page.rect(
        x, y, width, box.height, fill=fill, stroke=box.colour, dash=DASHES[box.node.style],
        radius=5, thick=1.4,
    )  # fmt: skip
    if wide:
        page.rect(x + 4, y + box.height / 2 - 9, wide - 4, 18, fill=box.colour, radius=9)
        page.middle(
            x + 2 + wide / 2, y + box.height / 2, [clean(box.node.badge)], 12,
            anchor="middle", fill=ink_on(box.colour), bold=True,
        )  # fmt: skip
    at = y + PAD * 0.6 + SIZE * 1.02
    page.text(x + PAD + wide, at, box.label, SIZE, bold=box.depth < 2, fill=ink)
    if box.note:
        at += len(box.label) * SIZE * LEADING - 1.5
        page.text(x + PAD + wide, at, box.note, SMALL, fill=ink if filled else GREY)


def sunburst(
    root: Node,
    *,
    title: str,
    depth: int | None = None,
    legend: Mapping[str, str] | None = None,
    frame: Frame = NO_FRAME,
    lang: Language = "zh",
) -> Chart:
    """
    Draw a tree as rings: the root in the middle, each leaf with the same share of the circle.

    Args:
        root: The node in the middle.
        title: Heading.
        depth: Rings to show; what is below is counted. None shows all.
        legend: What the styles are called; those left out are not explained.
        frame: What else stands around it.
        lang: Language of the picture's own words.

    Returns:
        The picture; ECharts series `sunburst`.

    Raises:
        UnreadableData: A root without children, a style that is not known, or a depth below 1.
    """
    need(root.children, "a sunburst needs a node below its root at least")
    need(depth is None or depth > 0, f"a sunburst has one ring or more, not {depth}")
    # Many names: fewer lines each, for it is their height that makes the circle wide.
    crowd = sum(not box.children for box in _boxes(root, depth, 11, lang).walk())
    top = _boxes(root, depth, 11 if crowd <= 40 else 20, lang)
    boxes = list(top.walk())
    for box in reversed(boxes):
        box.leaves = sum(child.leaves for child in box.children) or 1
    for box in boxes:
        start = box.start
        for child in box.children:
            child.start = start
            start += child.leaves
    step = 2 * math.pi / top.leaves
    rings = max(box.depth for box in boxes)
    thick = [0.0] * (rings + 1)
    for box in boxes:
        if box.node.badge and box is not top:
            box.label = [f"{clean(box.node.badge)} · {box.label[0]}", *box.label[1:]]
        longest = max(*map(em, box.label), 2.0) * 12 + 14
        thick[box.depth] = max(thick[box.depth], longest)
    # The hole is as wide as the root's name, and as the tightest name of any ring asks for.
    core = wrap(short(root.label), 9)
    hole = math.hypot(max(map(em, core)) * 14 / 2, len(core) * 14 * LEADING / 2) + 10
    inner = [0.0] * (rings + 2)
    for level in range(1, rings + 1):
        inner[level + 1] = inner[level] + thick[level]
    for box in boxes[1:]:
        angle = min(box.leaves * step, math.pi)
        least = (
            (len(box.label) * 12 * LEADING + 3) / (2 * math.tan(angle / 2))
            if angle < math.pi
            else 0
        )
        hole = max(hole, least - inner[box.depth])
    radius = hole + inner[rings + 1]
    page = Page(
        title, 2 * radius, 2 * radius, keys=_keys(boxes, lang, legend), frame=frame, lang=lang
    )
    cx, cy = page.x + page.width / 2, page.y + radius
    for box in boxes[1:]:
        near, far = hole + inner[box.depth], hole + inner[box.depth + 1]
        a, b = box.start * step, (box.start + box.leaves) * step
        fill = _fill(box)
        tip = " / ".join(filter(None, (_name(box), box.note_text)))
        page.path(_sector(cx, cy, near, far, a, b), fill=fill, stroke=PAPER, thick=1.5, tip=tip)
        if dash := DASHES[box.node.style]:
            page.path(
                _sector(cx, cy, near + 3, far - 3, a + 3 / near, b - 3 / near),
                stroke=ink_on(fill), dash=dash, thick=1.3,
            )  # fmt: skip
        middle = (a + b) / 2
        x, y = cx + (near + far) / 2 * math.sin(middle), cy - (near + far) / 2 * math.cos(middle)
        rows = len(box.label)
        # Along the radius it fits by construction; upright where there is room for any turn.
        span = math.hypot(max(map(em, box.label)) * 12, rows * 12 * LEADING) + 4
        aside = 2 * (near + far) / 2 * math.sin(min((b - a) / 2, math.pi / 2))
        turn = math.degrees(middle) - 90
        turn = turn - 180 if middle > math.pi else turn
        if span <= min(far - near, aside):
            turn = 0
        # Turned about the middle of the block: the base line of its first line is off it.
        off = 12 * 0.36 - (rows - 1) * 12 * LEADING / 2
        rad = math.radians(turn)
        page.text(
            x - off * math.sin(rad), y + off * math.cos(rad), box.label, 12, anchor="middle",
            fill=ink_on(fill), bold=box.depth == 1, turn=turn,
        )  # fmt: skip
    page.middle(cx, cy, core, 14, anchor="middle", bold=True)
    data = _series(top, _ring_look)["children"]
    options = {
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "series": [
            {
                "type": "sunburst", "data": data, "center": ["50%", "54%"], "radius": ["15%", "88%"], "sort": None,
                "label": {"rotate": "radial", "width": 96, "overflow": "break", "minAngle": 3},
                "itemStyle": {"borderColor": PAPER, "borderWidth": 1.5},
            }
        ],
    }  # fmt: skip
    return page.chart("sunburst", _description(boxes, lang), options)


def _fill(box: _Box) -> str:
    """Give the fill of a segment: paler in each ring."""
    return tint(box.colour, min(0.25 * (box.depth - 1) + (0.2 if box.depth > 1 else 0.0), 0.85))


def _sector(cx: float, cy: float, near: float, far: float, a: float, b: float) -> str:
    """Give the path of a part of a ring, clockwise from the top; a full ring has two halves."""

    def at(radius: float, angle: float) -> str:
        return f"{number(cx + radius * math.sin(angle))} {number(cy - radius * math.cos(angle))}"

    middle = (a + b) / 2
    out = "".join(f"A{number(far)} {number(far)} 0 0 1 {at(far, t)}" for t in (middle, b))
    back = "".join(f"A{number(near)} {number(near)} 0 0 0 {at(near, t)}" for t in (middle, a))
    return f"M{at(far, a)}{out}L{at(near, b)}{back}Z"

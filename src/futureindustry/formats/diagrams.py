"""
A scheme to look at: a Mermaid flowchart, a page of Markdown.

Source:
    Mermaid 11, "Flowchart syntax" and its limits (`maxTextSize`, `maxEdges`); CommonMark 0.31.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from futureindustry.model import Item, Scheme, Text

from .facts import facts, names_of

__all__ = ["markdown", "mermaid"]

# Mermaid refuses 500 lines or 50,000 characters; nobody reads even half of that.
_NODES, _SIZE = 120, 40_000
_MERMAID = re.compile(r"[!-&*+.;-@\[-`{-~]|^-")
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~&$#]|^[-+=]|(?<=\d)[.)]")
_MARKS = {"open": "开放清单 open list", "incomplete": "清单不全 not all items seen"}


def _both(text: Text, between: str) -> str:
    return between.join(dict.fromkeys(" ".join(value.split()) for value in text.values()))


def mermaid(scheme: Scheme) -> str:
    """
    Write a scheme as a Mermaid flowchart.

    Of a scheme that is too large to draw, as many levels as fit; a node says what is left out.
    """
    deepest = max(item.level for item in scheme.values())
    for depth in range(deepest, 0, -1):
        shown = [item for item in scheme.values() if len(item.ancestors) < depth]
        text = _flowchart(scheme, shown[:_NODES])
        if depth == 1 or (len(shown) <= _NODES and len(text) <= _SIZE):
            break
    return text


def _flowchart(scheme: Scheme, shown: list[Item]) -> str:
    lines = ["flowchart LR", f"  %% {scheme.id}"]
    for key, value in facts(scheme):
        if key in ("confidence", "limitation", "conflict"):
            lines.append(f"  %% {key}: {re.sub(r'[{}]', ' ', ' '.join(str(value).split()))}")
    formula = f"<br/>{_mermaid(str(scheme.formula))}" if scheme.formula else ""
    lines.append(f'  n0["{_mermaid(scheme.title)}{formula}"]')
    numbers: dict[str | None, int] = {None: 0}
    numbers |= {item.code: n for n, item in enumerate(shown, 1)}
    below = Counter(numbers[item.parent_code] for item in shown)
    joints = set()
    for item in shown:
        label = f"{_mermaid(item.slot)} · " if item.slot else ""
        label += f"{_mermaid(item.code)} " if scheme.levels else ""
        label += _mermaid(item.label)
        label += "".join(f"<br/>({mark})" for key, mark in _MARKS.items() if getattr(item, key))
        above = numbers[item.parent_code]
        if below[above] > 1 and above not in joints:
            # Several lines leave by a joint: from a wide box they would run behind its neighbours.
            joints.add(above)
            lines.append(f"  n{above} --- j{above}(( )):::joint")
        kind = ":::open" if item.open else ""
        lines.append(
            f'  {"j" if above in joints else "n"}{above} --- n{numbers[item.code]}["{label}"]{kind}'
        )
    if left := len(scheme) - len(shown):
        lines.append(f'  n0 -.- more(["另有 {left:,} 项未显示<br/>{left:,} more items not shown"])')
    lines += ("  classDef open stroke-dasharray: 5 4", "  classDef joint fill:#888,stroke:#888")
    return "\n".join(lines) + "\n"


def _mermaid(text: Text | str) -> str:
    """Escape a label: every sign that Mermaid, Markdown or HTML could read becomes an entity."""
    values = text.values() if isinstance(text, Text) else (text,)
    lines = dict.fromkeys(" ".join(value.split()) for value in values)
    return "<br/>".join(_MERMAID.sub(lambda sign: f"#{ord(sign[0])};", line) for line in lines)


def markdown(scheme: Scheme) -> str:
    """Write a scheme as a page in Markdown."""
    return "\n".join(_page(scheme)).rstrip("\n") + "\n"


def _md(text: str) -> str:
    """Escape a text: one line, no markup of its own."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def _code(code: str) -> str:
    return _md(code) if re.search(r"[`|]", code) else f"`{code}`"


_WORDS = {
    "id": "标识 Id", "issuer": "发布机构 Issuer", "issuerName": "发布机构 Issuer",
    "formula": "公式 Formula", "published": "发布日期 Published", "validFrom": "有效期自 Valid from",
    "validUntil": "有效期至(不含) Valid until (not including)", "supersedes": "取代 Supersedes",
    "confirmed": "最近确认有效 Last seen in force", "confidence": "可信度 Confidence",
    "labelKind.zh": "中文名称出处 Chinese labels", "labelKind.en": "英文名称出处 English labels",
    "exclusive": "互斥 Mutually exclusive", "exhaustive": "穷尽 Exhaustive",
    "limitation": "局限 Limitations", "conflict": "来源分歧 Conflicts", "note": "说明 Notes",
    "source": "来源 Sources",
}  # fmt: skip


def _page(scheme: Scheme) -> Iterator[str]:
    said = [*facts(scheme)]
    yield f"# {_md(_both(scheme.title, ' / '))}"
    yield ""
    named = any(key == "issuerName" for key, _ in said)
    for key, value in said:
        if key in _WORDS and key not in _LISTS and not (named and key == "issuer"):
            shown = _both(value, " ") if isinstance(value, Text) else value
            yield f"- **{_WORDS[key]}:** {_md(shown)}"
    yield ""
    for key in ("limitation", "conflict"):
        yield from _section(key, said)
    yield f"## 类目 Items ({len(scheme):,})"
    yield ""
    yield from _tree(scheme.roots, 0)
    yield ""
    for key in ("note", "source"):
        yield from _section(key, said)


_LISTS = ("limitation", "conflict", "note", "source")


def _section(key: str, said: list[tuple[str, str | Text]]) -> Iterator[str]:
    texts = [_md(str(value)) for name, value in said if name == key]
    if texts:
        yield f"## {_WORDS[key]}"
        yield ""
        yield from (f"- {text}" for text in texts)
        yield ""


def _details(item: Item) -> Iterator[str]:
    """Give other names, note, marks and validity."""
    if names := [_md(str(name)) for name in names_of(item)]:
        yield f"又称 also: {'; '.join(names)}"
    if item.note:
        yield _md(_both(item.note, " "))
    if item.valid.start or item.valid.end:
        yield f"有效 valid: {item.valid.start or '…'} – {item.valid.end or '…'}"


def _label(item: Item) -> str:
    zh, *en = dict.fromkeys(_md(value) for value in item.label.values())
    marks = "".join(f" \\[{mark}\\]" for key, mark in _MARKS.items() if getattr(item, key))
    slot = f"**{_md(item.slot)}** " if item.slot else ""
    return " ".join((f"{slot}**{zh}**", *en)) + marks


def _tree(items: tuple[Item, ...], depth: int) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * depth}- {_label(item)} {_code(item.code)}"
        yield from (f"{'  ' * depth}  - {detail}" for detail in _details(item))
        yield from _tree(item.children, depth + 1)

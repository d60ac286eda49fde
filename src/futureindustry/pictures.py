"""
Schemes, changes, histories, comparisons and indices as pictures.

Decided here: which picture shows what, how much of a large thing fits into one and what is said
of the rest, and what a reader must know beside it: limitations, how much is shown, sources. How
it is drawn is decided in `charts`. Whatever has a picture has a method `chart`, which calls this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from .charts import (
    Bar,
    Chart,
    Frame,
    Node,
    alluvial,
    bars,
    heat_map,
    lorenz,
    seriation,
    similarity_map,
    sunburst,
    timeline,
    tree,
    value_map,
)
from .charts.matrices import NAMED
from .errors import UnknownFormat, UnreadableData, nearest
from .mapping import is_tier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from .changes import Naming
    from .comparison import Comparison
    from .indices import Specialisation
    from .model import Item, ItemChange, Scheme

    Language = Literal["zh", "en"]

__all__ = [
    "COMPARISON",
    "SCHEME",
    "SPECIALISATION",
    "of_changes",
    "of_comparison",
    "of_namings",
    "of_scheme",
    "of_series",
    "of_specialisation",
]

SCHEME = ("tree", "sunburst")
COMPARISON = ("heatmap", "similarity")
SPECIALISATION = ("heatmap", "bars", "lorenz")

NODES = 150  # of a tree: what is more goes two pages down
BILINGUAL = 60  # nodes that may have a second line
LINKED = 70  # items of a side, from which on only those are drawn that change
LIVES = 60  # rows of a timeline, likewise
COLUMNS = 40  # schemes beside each other; more are rows, and the concepts are counted by field
FIELDS = 36
SECTORS = 40
CURVES = 8
REMARKS, CITED = 3, 2  # limitations and sources at the foot

_SAYS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "limitation": "局限{}：{}", "more": "局限{}：另有 {} 条，见 futureindustry show {}", "source": "来源{}：{}", "further": "，另有 {} 个", "comma": "、", "stop": "；",
        "published": "{} 发布", "shown": "显示 {levels} 层、{shown:,} 项（共 {all:,} 项）",
        "compare": "方案比较：{n} 个方案、{rows} 个概念", "similar": "方案相似度：{n} 个方案",
        "fields": "未来产业布局：{n} 个方案、{rows} 个概念",
        "counted": "每格为该方案在该领域涉及的概念数；领域后括号内为所比较的概念数。相似的方案相邻。",
        "measure": "两者都涉及的概念占任一方涉及的概念之比（Jaccard）。相似的方案相邻。", "bounds": "其下为考虑部分覆盖后的上下界，开放清单只计已见部分。",
        "incomplete": "* 清单未完整见到或有其他局限：未列出不等于没有。",
        "unknown": "? 不能断定该方案没有：其清单开放或未完整见到，或只知其更宽概念中的一部分。",
        "changes": "{title}：类目变更", "steady": "另有 {n} 项未变，未画出",
        "history": "{title}：版本与类目", "versions": "版本", "steady_rows": "另有 {n} 项见于所有版本，未画出",
        "namings": "{label}：谁先提出", "named": "{} 个方案提出，按日期排列",
        "parts": "包含", "part": "部分",
        "lq": "区位商", "lq_title": "专业化：各园区各行业的区位商", "lq_of": "{park}：各行业的区位商",
        "lq_note": "区位商 = 行业占园区之比 ÷ 行业占全部园区之比；1 为平均水平，无法确定者给出区间。",
        "krugman": "专业化：各园区的克鲁格曼指数", "krugman_note": "与其他园区合计的结构差异，0 为相同，2 为完全不同。",
        "hhi": "集中度：赫芬达尔指数", "lorenz": "集中度：园区内各行业的洛伦兹曲线",
        "largest": "按规模取前 {shown} 个（共 {all} 个）：{what}", "sectors": "行业", "parks": "园区",
        "unsure": "行业归属不确定，未画：{}", "amounts": "数值：{}", "rows": "按行计数",
        "of_scheme": "行业方案：{}",
    },
    "en": {
        "limitation": "Limitation{}: {}", "more": "Limitation{}: {} more, see futureindustry show {}", "source": "Source{}: {}", "further": ", and {} more", "comma": ", ", "stop": "; ",
        "published": "published {}", "shown": "{shown:,} of {all:,} items, {levels} levels deep",
        "compare": "Comparison of {n} schemes on {rows} concepts", "similar": "Similarity of {n} schemes",
        "fields": "Who has what: {n} schemes on {rows} concepts",
        "counted": "A cell counts the concepts of the field at which the scheme has something; after the field stands how many are compared. Schemes that are alike stand together.",
        "measure": "Concepts that both have something of, as a share of those that either has (Jaccard). Schemes that are alike stand together.", "bounds": " Below the index stand its bounds, which allow for parts; of open lists only what was seen counts.",
        "incomplete": "* not seen in full, or with other limitations: what is not listed may be there all the same.",
        "unknown": "? It cannot be told that the scheme has none: its list is open or was not seen in full, or it has an unknown part of something broader.",
        "changes": "{title}: what became of the items", "steady": "{n} unchanged items are not drawn",
        "history": "{title}: versions and items", "versions": "versions", "steady_rows": "{n} items that are in all versions are not drawn",
        "namings": "{label}: who named it first", "named": "{} schemes name it, in the order of their dates",
        "parts": "contains it", "part": "a part of it",
        "lq": "location quotient", "lq_title": "Specialisation: location quotients", "lq_of": "{park}: location quotients",
        "lq_note": "Share of the sector in the park divided by its share in all parks; 1 is the average; what depends on the allocation has an interval.",
        "krugman": "Specialisation: Krugman index of each park", "krugman_note": "Against all other parks together: 0 is the same structure, 2 nothing in common.",
        "hhi": "Concentration: Herfindahl-Hirschman index", "lorenz": "Concentration: Lorenz curves of the sectors of each park",
        "largest": "the {shown} largest {what} of {all}", "sectors": "sectors", "parks": "parks",
        "unsure": "not drawn, as it depends on the allocation: {}", "amounts": "amounts: {}", "rows": "rows counted",
        "of_scheme": "sectors of {}",
    },
}  # fmt: skip


def _pick(kind: str, drawn: Mapping[str, Callable[[], Chart]]) -> Chart:
    """Draw the kind of picture asked for."""
    if kind not in drawn:
        hint = nearest(kind, drawn)
        more = f'; did you mean "{hint[0]}"?' if hint else f"; there is {', '.join(drawn)}"
        raise UnknownFormat(f'no picture "{kind}" here{more}')
    return drawn[kind]()


def _join(*parts: str) -> str:
    """Put together what is there."""
    return " · ".join(filter(None, parts))


def _remarks(schemes: Sequence[Scheme], lang: Language) -> tuple[str, ...]:
    """Give what a reader of a picture must know beside it: limitations, where it comes from."""
    say = _SAYS[lang]
    notes: list[str] = []
    for scheme in schemes:
        version = f" {scheme.version}" if len(schemes) > 1 else ""
        notes += [
            say["limitation"].format(version, t.show(lang)) for t in scheme.limitations[:REMARKS]
        ]
        if (more := len(scheme.limitations) - REMARKS) > 0:
            notes.append(say["more"].format(version, more, scheme.id))
        cited = [
            say["comma"].join(filter(None, (s.title, s.publisher, s.date)))
            for s in scheme.sources[:CITED]
        ]
        if cited:
            more = len(scheme.sources) - CITED
            rest = say["further"].format(more) if more > 0 else ""
            notes.append(say["source"].format(version, say["stop"].join(cited) + rest))
    return tuple(dict.fromkeys(notes))


# Schemes


def of_scheme(scheme: Scheme, kind: str, depth: int | None, lang: Language) -> Chart:
    """Draw the items of a scheme."""
    # By the place in the tree: a declared level may be deeper, where one between was not seen.
    at: dict[str | None, int] = {None: 0}
    for code, item in scheme.items():
        at[code] = at[item.parent_code] + 1
    counts = Counter(list(at.values())[1:])
    sizes = list(accumulate(counts[level] for level in sorted(counts)))
    levels = len(sizes)
    # As deep as is readable; the top is shown whatever it holds.
    fits = max((n for n, size in enumerate(sizes, 1) if size <= NODES), default=1)
    shown = min(levels, depth or fits)
    bilingual = sizes[shown - 1] <= BILINGUAL if sizes else True

    def node(item: Item) -> Node:
        label = item.label.show(lang)
        other = item.label.get("en" if lang == "zh" else "zh") or ""
        style = "open" if item.open else "incomplete" if item.incomplete else ""
        below = tuple(map(node, item.children))
        note = other if bilingual and other != label else ""
        label = _with_code(item, label)
        return Node(label, note, below, style, item.slot or "")

    say = _SAYS[lang]
    title = scheme.title.show(lang)
    root = Node(
        title, str(scheme.formula or scheme.version), tuple(map(node, scheme.roots)),
        "incomplete" if any(item.incomplete for item in scheme.roots) and not scheme.formula else "",
    )  # fmt: skip
    part = ""
    if shown < levels:
        part = say["shown"].format(shown=sizes[shown - 1], all=len(scheme), levels=shown)
    when = say["published"].format(scheme.published) if scheme.published else ""
    frame = Frame(_join(scheme.id, when, part), _remarks((scheme,), lang))
    cut = shown if shown < levels else None
    return _pick(
        kind,
        {
            "tree": lambda: tree(root, title=title, depth=cut, frame=frame, lang=lang),
            "sunburst": lambda: sunburst(root, title=title, depth=cut, frame=frame, lang=lang),
        },
    )


def _with_code(item: Item, label: str) -> str:
    """Put the code of a classification before the label; a word that serves as one says no more."""
    if item.scheme.levels and item.code.isascii() and not any(map(str.islower, item.code)):
        return f"{item.code} {label}"
    return label


# Changes and histories


def of_changes(old: Scheme, new: Scheme, changes: Sequence[ItemChange], lang: Language) -> Chart:
    """Draw what became of the items of one version in another."""
    say = _SAYS[lang]
    links = [link for change in changes for link in _links(change)]
    moved = [link for link in links if link[2] != "unchanged"]
    touched = [{link[side] for link in moved} for side in (0, 1)]

    def industries(scheme: Scheme, side: int) -> list[str]:
        # A tier is a place; it is drawn where something happens to it.
        return [c for c in scheme if not is_tier(scheme[c]) or c in touched[side]]

    sides = [industries(old, 0), industries(new, 1)]
    steady = 0
    if max(map(len, sides)) > LINKED and moved:
        drawn = [[c for c in codes if c in touched[n]] for n, codes in enumerate(sides)]
        steady = len(sides[1]) - len(drawn[1])
        sides = drawn
    places = [{code: n for n, code in enumerate(codes)} for codes in sides]
    found = [
        (None if a is None else places[0][a], None if b is None else places[1][b], kind)
        for a, b, kind in links
        if (a is None or a in places[0]) and (b is None or b in places[1])
    ]
    if not any(sides):
        raise UnreadableData(f"{old.id} and {new.id} have no items to draw")
    return alluvial(
        _names(old, sides[0], {a for a, _, kind in links if a and kind == "transfer"}, lang),
        _names(new, sides[1], {b for _, b, kind in links if b and kind == "transfer"}, lang),
        found,
        title=say["changes"].format(title=new.title.show(lang)),
        heads=(_head(old), _head(new)),
        frame=Frame(
            _join(f"{old.id} → {new.id}", say["steady"].format(n=steady) if steady else ""),
            _remarks((old, new), lang),
        ),
        lang=lang,
    )


def _links(change: ItemChange) -> list[tuple[str | None, str | None, str]]:
    if change.change == "split-off":
        # What it is split off from goes on, which is told as a change of its own.
        return [(change.old[0], new, change.change) for new in change.new if new not in change.old]
    return [
        (old, new, change.change)
        for old in change.old or (None,)
        for new in change.new or (None,)
    ]  # fmt: skip


def _names(scheme: Scheme, codes: Sequence[str], moved: set[str], lang: Language) -> list[str]:
    """Give the labels, with what they stand under where that has changed or tells two apart."""
    labels = [scheme[code].label.show(lang) for code in codes]
    twice = {label for label, n in Counter(labels).items() if n > 1}
    found = []
    for code, label in zip(codes, labels, strict=True):
        above = scheme[code].parent
        if scheme.levels:
            found.append(_with_code(scheme[code], label))
        elif above is not None and (code in moved or label in twice):
            found.append(f"{label} ({above.slot or above.label.show(lang)})")
        else:
            found.append(label)
    return found


def _head(scheme: Scheme) -> str:
    return f"{scheme.version} · {scheme.formula}" if scheme.formula else scheme.version


def of_series(
    versions: Sequence[Scheme], steps: Sequence[Sequence[ItemChange]], lang: Language
) -> Chart:
    """Draw the versions of a series, and when each of its industries was in it."""
    say = _SAYS[lang]
    spans = []
    for n, scheme in enumerate(versions):
        start = scheme.valid.start or scheme.published
        end = scheme.valid.end
        if end is None and n + 1 < len(versions):
            end = versions[n + 1].valid.start or versions[n + 1].published
        spans.append((start, end))
    rows: list[tuple[str, list[Bar]]] = [
        (
            say["versions"],
            [Bar(*span, _head(s)) for s, span in zip(versions, spans, strict=True)],
        )
    ]
    lives = _lives(versions, steps)
    steady = 0
    if len(lives) > LIVES:
        passing = [life for life in lives if len(life) < len(versions) or _renamed(life, lang)]
        steady = len(lives) - len(passing)
        lives = passing
    for life in lives:
        stretches: list[Bar] = []
        before, said = -2, ""
        for n, item in life.items():
            label = _with_code(item, item.label.show(lang))
            renamed = label != said and said
            if n == before + 1 and stretches and not renamed:
                stretches[-1] = Bar(stretches[-1].start, spans[n][1], stretches[-1].label)
            else:
                stretches.append(Bar(*spans[n], label if renamed else ""))
            before, said = n, label
        first = next(iter(life.values()))
        rows.append((_with_code(first, first.label.show(lang)), stretches))
    last = versions[-1]
    return timeline(
        rows,
        title=say["history"].format(title=last.title.show(lang)),
        frame=Frame(
            _join(last.series, say["steady_rows"].format(n=steady) if steady else ""),
            _remarks(versions, lang),
        ),
        lang=lang,
    )


def _lives(
    versions: Sequence[Scheme], steps: Sequence[Sequence[ItemChange]]
) -> list[dict[int, Item]]:
    """Give each industry as its items by number of the version; another code is no other life."""
    lives: list[dict[int, Item]] = []
    known: dict[str, dict[int, Item]] = {}
    for n, scheme in enumerate(versions):
        recoded: dict[str, str] = {}
        fresh: set[str] = set()
        for change in steps[n - 1] if n else ():
            if change.change == "code change":
                recoded[change.new[0]] = change.old[0]
            elif not change.old:
                fresh.update(change.new)
        going: dict[str, dict[int, Item]] = {}
        for code, item in scheme.items():
            if is_tier(item):
                continue
            old = recoded.get(code, code)
            life = None if code in fresh else known.get(old)
            if life is None:
                life = {}
                lives.append(life)
            life[n] = item
            going[code] = life
        # What is missing from one version may come back.
        known = {code: life for code, life in known.items() if code not in scheme} | going
    return lives


def _renamed(life: Mapping[int, Item], lang: Language) -> bool:
    return len({_with_code(item, item.label.show(lang)) for item in life.values()}) > 1


def of_namings(concept: Item, namings: Sequence[Naming], lang: Language) -> Chart:
    """Draw who has a concept since when."""
    say = _SAYS[lang]
    if not any(n.date for n in namings):
        raise UnreadableData(f'no scheme with a date names "{concept.code}"')
    words = {"equals": "", "contains": say["parts"], "part_of": say["part"]}
    rows: dict[str, list[Bar]] = {}
    for naming in namings:
        scheme = naming.item.scheme
        label = _join(naming.item.label.show(lang), words[naming.relation])
        bar = Bar(naming.date, scheme.valid.end, label)
        rows.setdefault(scheme.title.show(lang), []).append(bar)
    return timeline(
        list(rows.items()),
        title=say["namings"].format(label=concept.label.show(lang)),
        frame=Frame(
            _join(concept.id, say["named"].format(len({n.item.scheme.id for n in namings})))
        ),
        lang=lang,
    )


# Comparisons


def of_comparison(found: Comparison, kind: str, lang: Language) -> Chart:
    """Draw schemes side by side."""
    many = len(found.schemes) > COLUMNS
    return _pick(
        kind,
        {
            "heatmap": lambda: (_fields if many else _concepts)(found, lang),
            "similarity": lambda: _likeness(found, lang),
        },
    )


def _warned(schemes: Iterable[Scheme], lang: Language) -> tuple[str, ...]:
    return (_SAYS[lang]["incomplete"],) if any(map(_is_partial, schemes)) else ()


def _is_partial(scheme: Scheme) -> bool:
    return bool(scheme.limitations) or any(item.incomplete for item in scheme.values())


def _titles(schemes: Sequence[Scheme], lang: Language) -> list[str]:
    """Name schemes: with the version where two are the same, with a star where one is partial."""
    titles = [(scheme.short or scheme.title).show(lang) for scheme in schemes]
    twice = {title for title, n in Counter(titles).items() if n > 1}
    return [
        (f"{title} {scheme.version}" if title in twice else title)
        + (" *" if _is_partial(scheme) else "")
        for title, scheme in zip(titles, schemes, strict=True)
    ]


def _concepts(found: Comparison, lang: Language) -> Chart:
    hub = found.hub
    field = {c: (hub[c].ancestors or (hub[c],))[-1] for c in found.concepts}
    cells: dict[tuple[int, int], tuple[str, str]] = {}
    for row, concept in enumerate(found.concepts):
        for column, scheme in enumerate(found.schemes):
            if cell := found.cell(concept, scheme):
                cells[row, column] = (cell.relation, cell.item.label.show(lang))
            elif found.absence(concept, scheme) == "not known":
                cells[row, column] = ("unknown", "")
    open_ends = any(relation == "unknown" for relation, _ in cells.values())
    notes = _warned(found.schemes, lang)
    return heat_map(
        [hub[c].label.show(lang) for c in found.concepts],
        _titles(found.schemes, lang),
        cells,
        title=_SAYS[lang]["compare"].format(n=len(found.schemes), rows=len(found.concepts)),
        groups=[field[c].label.show(lang) for c in found.concepts],
        frame=Frame("", (*notes, _SAYS[lang]["unknown"]) if open_ends else notes),
        lang=lang,
    )


def _fields(found: Comparison, lang: Language) -> Chart:
    say = _SAYS[lang]
    groups = _split(found)
    order = seriation(_pairs(found)[0])
    schemes = [found.schemes[n] for n in order]
    names = _titles(found.schemes, lang)
    cells = {}
    for row, scheme in enumerate(schemes):
        for column, codes in enumerate(groups.values()):
            has = [c for c in codes if found.cell(c, scheme)]
            if has:
                labels = say["comma"].join(found.hub[c].label.show(lang) for c in has)
                cells[row, column] = (float(len(has)), str(len(has)), labels)
    return value_map(
        [names[n] for n in order],
        [f"{found.hub[c].label.show(lang)} ({len(codes)})" for c, codes in groups.items()],
        cells,
        title=say["fields"].format(n=len(schemes), rows=len(found.concepts)),
        frame=Frame(say["counted"], _warned(schemes, lang)),
        lang=lang,
    )


def _split(found: Comparison) -> dict[str, list[str]]:
    """Group the concepts by fields of the hub: the largest is split as long as there is room."""
    hub = found.hub
    paths = {c: (c, *(above.code for above in hub[c].ancestors))[::-1] for c in found.concepts}
    groups: dict[tuple[str, ...], list[str]] = {}
    for concept, path in paths.items():
        groups.setdefault(path[:1], []).append(concept)
    closed: set[tuple[str, ...]] = set()
    while len(groups) < FIELDS:
        left = [path for path in groups if path not in closed]
        if not left:
            break
        path = max(left, key=lambda path: len(groups[path]))
        parts: dict[tuple[str, ...], list[str]] = {}
        for concept in groups[path]:
            parts.setdefault(paths[concept][: len(path) + 1], []).append(concept)
        # What has no more than a concept each is no field; nor is one that would be too many.
        closed.add(path)
        kept = {p: codes for p, codes in parts.items() if len(codes) > 2 and p != path}
        if not kept or len(groups) + len(kept) > FIELDS:
            continue
        rest = [c for p, codes in parts.items() if p not in kept for c in codes]
        if rest:
            groups[path] = rest
        else:
            del groups[path]
        groups |= kept
    place = {code: n for n, code in enumerate(hub)}
    return {path[-1]: groups[path] for path in sorted(groups, key=lambda path: place[path[-1]])}


def _pairs(found: Comparison) -> tuple[list[list[float]], list[list[tuple[float, float]]]]:
    """Give the plain index of each pair, and its bounds."""
    place = {scheme.id: n for n, scheme in enumerate(found.schemes)}
    plain = [[1.0] * len(place) for _ in place]
    bounds = [[(1.0, 1.0)] * len(place) for _ in place]
    for pair in found.similarity():
        a, b = place[pair.a], place[pair.b]
        plain[a][b] = plain[b][a] = pair.jaccard
        bounds[a][b] = bounds[b][a] = (pair.certain, pair.listed)
    return plain, bounds


def _likeness(found: Comparison, lang: Language) -> Chart:
    say = _SAYS[lang]
    plain, bounds = _pairs(found)
    return similarity_map(
        _titles(found.schemes, lang),
        plain,
        bounds=bounds,
        title=say["similar"].format(n=len(found.schemes)),
        frame=Frame(
            say["measure"] + (say["bounds"] if len(found.schemes) <= NAMED else ""),
            _warned(found.schemes, lang),
        ),
        lang=lang,
    )


# Indices


def of_specialisation(found: Specialisation, kind: str, park: str | None, lang: Language) -> Chart:
    """Draw how specialised parks are."""
    return _pick(
        kind,
        {
            "heatmap": lambda: _quotients(found, lang),
            "bars": lambda: _park(found, park, lang) if park is not None else _parks(found, lang),
            "lorenz": lambda: _curves(found, lang),
        },
    )


def _basis(found: Specialisation, lang: Language, *more: str) -> str:
    say = _SAYS[lang]
    unit = say["amounts"].format(found.value) if found.value else say["rows"]
    scheme = say["of_scheme"].format(found.scheme) if found.scheme else ""
    return _join(*more, unit, scheme)


def _largest(found: Specialisation, lang: Language) -> tuple[list[str], str]:
    """Give the sectors that are drawn, in their order, and what is said of the rest."""
    sectors = [s for s in found.sectors if s.total_high != 0] or list(found.sectors)
    if len(sectors) <= SECTORS:
        return [s.sector for s in sectors], ""
    most = sorted(sectors, key=lambda s: (-(s.total_high or 0.0), s.sector))[:SECTORS]
    kept = {s.sector for s in most}
    say = _SAYS[lang]
    said = say["largest"].format(shown=SECTORS, all=len(sectors), what=say["sectors"])
    return [s.sector for s in sectors if s.sector in kept], said


def _sector_labels(found: Specialisation, lang: Language) -> dict[str, str]:
    return {s.sector: s.label.show(lang) if s.label else s.sector for s in found.sectors}


def _quotients(found: Specialisation, lang: Language) -> Chart:
    say = _SAYS[lang]
    labels = _sector_labels(found, lang)
    sectors, rest = _largest(found, lang)
    places = {p.park: n for n, p in enumerate(found.parks)}
    rows = {sector: n for n, sector in enumerate(sectors)}
    cells = {}
    for cell in found.cells:
        if cell.sector not in rows or cell.value_high == 0:
            continue
        low, high = cell.lq_low, cell.lq_high
        if low is None and high is None:
            continue
        if cell.lq is not None:
            said, value = _figure(cell.lq), cell.lq
        elif low is not None and high is not None:
            said, value = f"{_figure(low)}–{_figure(high)}", None
        else:
            said, value = (
                (f"≥{_figure(low)}" if low is not None else f"≤{_figure(high or 0)}"),
                None,
            )
        cells[rows[cell.sector], places[cell.park]] = (value, said, say["lq"])
    if not places or not rows:
        raise UnreadableData("there is no amount in a sector to draw")
    return value_map(
        [labels[s] for s in sectors],
        list(places),
        cells,
        middle=1.0,
        title=say["lq_title"],
        frame=Frame(_basis(found, lang, rest), (say["lq_note"],)),
        lang=lang,
    )


def _figure(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _park(found: Specialisation, park: str, lang: Language) -> Chart:
    names = [p.park for p in found.parks]
    if park not in names:
        hint = nearest(park, names)
        more = f'; did you mean "{hint[0]}"?' if hint else f"; there are {'、'.join(names[:12])}"
        raise UnreadableData(f'the data has no park "{park}"{more}')
    say = _SAYS[lang]
    labels = _sector_labels(found, lang)
    own = [c for c in found.cells if c.park == park and c.value_high != 0]
    own.sort(key=lambda c: (-(c.value_high or 0.0), c.sector))
    rest = ""
    if len(own) > SECTORS:
        rest = say["largest"].format(shown=SECTORS, all=len(own), what=say["sectors"])
        own = own[:SECTORS]
    own.sort(key=lambda c: (-(c.lq if c.lq is not None else c.lq_low or 0.0), c.sector))
    return bars(
        [labels[c.sector] for c in own],
        [c.lq for c in own],
        low=[c.lq_low for c in own],
        high=[c.lq_high for c in own],
        reference=1.0,
        title=say["lq_of"].format(park=park),
        frame=Frame(_basis(found, lang, rest), (say["lq_note"],)),
        lang=lang,
    )


def _parks(found: Specialisation, lang: Language) -> Chart:
    say = _SAYS[lang]
    # One park alone has none to differ from.
    name = "krugman" if len(found.parks) > 1 else "hhi"
    rows = [
        (p.park, getattr(p, name), getattr(p, f"{name}_low"), getattr(p, f"{name}_high"))
        for p in found.parks
    ]
    rows.sort(key=lambda row: (-(row[1] if row[1] is not None else row[2] or 0.0), row[0]))
    return bars(
        [row[0] for row in rows],
        [row[1] for row in rows],
        low=[row[2] for row in rows],
        high=[row[3] for row in rows],
        title=say[name],
        frame=Frame(_basis(found, lang), (say["krugman_note"],) if name == "krugman" else ()),
        lang=lang,
    )


def _curves(found: Specialisation, lang: Language) -> Chart:
    say = _SAYS[lang]
    amounts: dict[str, list[float]] = {}
    unsure: dict[str, None] = {}
    for cell in found.cells:
        if cell.value is None:
            unsure[cell.park] = None
        else:
            amounts.setdefault(cell.park, []).append(cell.value)
    sums = {park: sum(values) for park, values in amounts.items() if park not in unsure}
    most = sorted((p for p in sums if sums[p] > 0), key=lambda p: (-sums[p], p))[:CURVES]
    if not most:
        raise UnreadableData("no park has amounts whose sectors are certain; draw bars instead")
    rest = ""
    if len(most) < len(sums):
        rest = say["largest"].format(shown=len(most), all=len(sums), what=say["parks"])
    notes = (say["unsure"].format(say["comma"].join(unsure)),) if unsure else ()
    return lorenz(
        {park: amounts[park] for park in most},
        title=say["lorenz"],
        unit=say["sectors"],
        frame=Frame(_basis(found, lang, rest), notes),
        lang=lang,
    )

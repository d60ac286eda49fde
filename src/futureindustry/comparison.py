"""
How schemes differ: their extents on the hub compared, concept by concept.

Each concept that an industry of one of the schemes is mapped to is a row. What a scheme has
there follows from its maps and the hierarchy of the hub, so that 可控核聚变 and 聚变能源 meet
and a scheme that names a whole covers its parts. Tiers are places, no industries: they are
shown, never compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import attrs

from .errors import MissingExtra, UnknownScheme
from .mapping import (
    ANY,
    DR,
    EQ,
    PART,
    WHOLE,
    Network,
    Premise,
    Tree,
    hub_maps,
    hub_of,
    is_tier,
    on_hub,
    steps_of,
)
from .model import Item, Scheme
from .relation import Relation
from .store import as_scheme

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from .charts import Chart

__all__ = ["Cell", "Comparison", "Coverage", "Similarity", "compare"]


@attrs.frozen
class Cell:
    """
    What one scheme has at one concept.

    Attributes:
        item: The item that says most of it.
        relation: Of the item to the concept: `equals`, `contains`, `part_of` or `overlaps`.
        tier: Slot of the tier that the item stands under, or its code.
        open: Whether the item stands in an open tier.
    """

    item: Item
    relation: str
    tier: str | None
    open: bool

    @property
    def slot(self) -> str | None:
        """Slot of the tier; None where the scheme has no formula."""
        return next((above.slot for above in self.item.ancestors if above.slot), None)

    @property
    def whole(self) -> bool:
        """Whether the scheme covers all of the concept."""
        return self.relation in ("equals", "contains")


@attrs.frozen
class Similarity:
    """
    How alike two schemes are on the hub, 0 to 1.

    What is measured: each concept that one of the two names counts as 1, and each scheme has a
    share of it between nothing and all. The likeness is the sum of what the two have in common
    divided by the sum of what either has (Jaccard, with shares for members). How large a share
    is, and whether two shares are the same, is seldom known, hence two bounds. They hold for
    every extent that the items may have under the relations known, and for everything that
    open or incomplete lists may hold of these concepts. They assume that an item has to do with
    no concept that neither its maps nor the hierarchy leads to.

    Attributes:
        a: Id of a scheme.
        b: Id of a scheme.
        certain: Lower bound: the two share a concept only where both have all of it.
        possible: Upper bound: they share each concept that both have something of, and what
            one of them has and the other may have; see `Comparison.absence`.
        listed: Upper bound if open and incomplete lists hold no more than was seen.
        jaccard: Concepts that both have something of, divided by those that either has
            something of: the plain index, which takes a part for the whole.
        hierarchical: The same when each concept brings all that is broader with it, so that
            two parts of one field count as somewhat alike.
        either: Number of concepts that one of the two has something of.
        whole: Concepts that both have all of, in the order of the hub.
        part: Other concepts that both have something of.
    """

    a: str
    b: str
    certain: float
    possible: float
    listed: float
    jaccard: float
    hierarchical: float
    either: int
    whole: tuple[str, ...] = attrs.field(repr=False)
    part: tuple[str, ...] = attrs.field(repr=False)

    @property
    def shared(self) -> int:
        """Number of concepts that both have something of."""
        return len(self.whole) + len(self.part)


@attrs.frozen
class Coverage:
    """
    What schemes have of one item of a reference.

    Attributes:
        item: The item of the reference.
        cells: By scheme id: the relation of the scheme's best item to it (`equals`, `contains`,
            `part_of`, `overlaps`); schemes that have nothing of it are left out.
    """

    item: Item
    cells: Mapping[str, str]


class Comparison:
    """
    Schemes side by side on the hub.

    Attributes:
        schemes: In the order given.
        hub: The hub they are compared on.
        concepts: Codes of the concepts (rows), in the order of the hub.
    """

    def __init__(self, schemes: Sequence[Scheme]) -> None:
        self.schemes = tuple(schemes)
        self.hub = hub_of(schemes[0])
        self._extents = {scheme.id: _Extent(scheme) for scheme in schemes}
        named: set[str] = set()
        for extent in self._extents.values():
            named |= extent.named
        cells = {scheme.id: _cells(scheme, named) for scheme in schemes}
        self.concepts = tuple(c for c in self.hub if any(c in row for row in cells.values()))
        self._cells = cells
        self._known = {s.series: s for s in schemes[::-1]} | {s.id: s for s in schemes}

    def __repr__(self) -> str:
        return f"<Comparison of {len(self.schemes)} schemes on {len(self.concepts)} concepts>"

    def cell(self, concept: str, scheme: Scheme | str) -> Cell | None:
        """
        Give what a scheme has at a concept; None if nothing.

        Raises:
            UnknownScheme: The scheme is not one of those compared.
        """
        return self._cells[self._find(scheme).id].get(concept)

    def evidence(self, concept: str, scheme: Scheme | str) -> tuple[Premise, ...]:
        """
        Give what a cell rests on: maps with their place in a file, and the hierarchy.

        Returns:
            Premises, none of them superfluous; nothing where the scheme has nothing.

        Raises:
            UnknownScheme: The scheme is not one of those compared.
        """
        found = self._find(scheme)
        cell = self._cells[found.id].get(concept)
        if cell is None:
            return ()
        said: dict[Premise, None] = {}
        for step in on_hub(found).steps(cell.item.code, concept):
            said.update(dict.fromkeys(steps_of(found, self.hub, *step)))
        return tuple(said)

    def absence(
        self, concept: str, scheme: Scheme | str
    ) -> Literal["not listed", "not known"] | None:
        """
        Say what it means that a scheme has no cell at a concept; None if it has one.

        Returns:
            `not known` where the scheme may have it: a list of it is open, or not all of it was
            seen; or it has a part of something broader, and nobody knows which part. Else
            `not listed`.

        Raises:
            UnknownScheme: The scheme is not one of those compared.
        """
        found = self._find(scheme)
        if concept in self._cells[found.id]:
            return None
        extent = self._extents[found.id]
        return "not known" if extent.endless or concept in extent.maybe else "not listed"

    def matrix(self) -> dict[str, dict[str, Cell | None]]:
        """Give for each concept what each scheme (by id) has there."""
        return {
            concept: {scheme.id: self.cell(concept, scheme) for scheme in self.schemes}
            for concept in self.concepts
        }

    def shared(self) -> tuple[str, ...]:
        """Give the concepts at which every scheme has something."""
        return tuple(c for c in self.concepts if all(self.cell(c, s) for s in self.schemes))

    def distinct(self, scheme: Scheme | str) -> tuple[str, ...]:
        """
        Give the concepts at which only this scheme has something.

        Raises:
            UnknownScheme: The scheme is not one of those compared.
        """
        own = self._find(scheme)
        return tuple(
            c
            for c in self.concepts
            if self.cell(c, own)
            and not any(self.cell(c, s) for s in self.schemes if s.id != own.id)
        )

    def _find(self, scheme: Scheme | str) -> Scheme:
        wanted = scheme if isinstance(scheme, str) else scheme.id
        if wanted not in self._known:
            raise UnknownScheme(
                f"{wanted} is not compared; there are {', '.join(s.id for s in self.schemes)}"
            )
        return self._known[wanted]

    def similarity(self) -> list[Similarity]:
        """
        Give the likeness of each pair, in the order of the schemes.

        It depends on the two schemes alone, not on what else is compared.

        Source:
            Jaccard, "The distribution of the flora in the alpine zone", New Phytologist 11(2),
            1912; the bounds are ours. With broader concepts: simUI, Gentleman, "Visualizing and
            distances using GO", Bioconductor package GOstats, 2005: the terms of two sets with
            all that is above them, intersection by union.
        """
        codes = tuple(self.hub)
        bits = {code: 1 << n for n, code in enumerate(codes)}
        above = Tree.of(self.hub).above

        def mask(concepts: Iterable[str]) -> int:
            return sum(map(bits.__getitem__, concepts))

        def names(found: int) -> tuple[str, ...]:
            kept = []
            while found:
                low = found & -found
                kept.append(codes[low.bit_length() - 1])
                found ^= low
            return tuple(kept)

        masks = {}
        for id_, extent in self._extents.items():
            broad = extent.named.union(*(above[code] for code in extent.named))
            masks[id_] = (
                *map(mask, (extent.named, extent.whole, extent.touched, extent.maybe, broad)),
                -1 if extent.endless else 0,
            )
        found = []
        for n, a in enumerate(self.schemes):
            named_a, whole_a, touched_a, maybe_a, broad_a, open_a = masks[a.id]
            for b in self.schemes[n + 1 :]:
                named_b, whole_b, touched_b, maybe_b, broad_b, open_b = masks[b.id]
                either = (named_a | named_b) & (touched_a | touched_b)
                both = touched_a & touched_b & either
                sure = whole_a & whole_b & either
                whole = (whole_a | whole_b) & either
                same = 0
                if a.series == b.series and not a.levels:
                    same = mask(self._same(a, b, names(both & ~sure)))
                listed = both | (touched_a & maybe_b | maybe_a & touched_b) & either
                possible = listed | (touched_a & open_b | open_a & touched_b) & either
                found.append(
                    Similarity(
                        a.id,
                        b.id,
                        # What both have the same part of is as alike as can be, however small.
                        _share(sure, either & ~same) if either & ~same else _share(same, same),
                        # Of two that are mapped nowhere, nothing is known.
                        _share(possible, possible | whole) if either else 1.0,
                        _share(listed, listed | whole) if either else 1.0,
                        _share(both, either),
                        _share(broad_a & broad_b, broad_a | broad_b),
                        either.bit_count(),
                        names(sure),
                        names(both & ~sure),
                    )
                )
        return found

    def _same(self, a: Scheme, b: Scheme, concepts: Iterable[str]) -> list[str]:
        """Give the concepts of which two versions have the same part: by the same items."""
        at = self._extents[a.id].items, self._extents[b.id].items
        return [c for c in concepts if at[0].get(c) == at[1].get(c)]

    def clusters(self, least: float = 0.2) -> list[tuple[str, ...]]:
        """
        Group the schemes that are alike.

        Average linkage on the plain index of Jaccard: the two groups most alike are joined until none are
        alike by `least` or more.

        Args:
            least: Likeness from which groups are joined, 0 to 1.

        Returns:
            Groups of scheme ids, largest first, ties in the order of the schemes.

        Source:
            Sokal and Michener, "A statistical method for evaluating systematic
            relationships", University of Kansas Science Bulletin 38, 1958 (UPGMA).
        """
        groups: dict[int, list[str]] = {n: [s.id] for n, s in enumerate(self.schemes)}
        place = {s.id: n for n, s in enumerate(self.schemes)}
        likeness = {(place[s.a], place[s.b]): s.jaccard for s in self.similarity()}
        while likeness:
            (a, b), best = max(
                likeness.items(), key=lambda pair: (pair[1], -pair[0][0], -pair[0][1])
            )
            if best < least:
                break
            del likeness[a, b]
            for other in groups:
                if other not in (a, b):
                    to_a, to_b = (min(a, other), max(a, other)), (min(b, other), max(b, other))
                    sizes = len(groups[a]), len(groups[b])
                    joined = likeness[to_a] * sizes[0] + likeness.pop(to_b) * sizes[1]
                    likeness[to_a] = joined / sum(sizes)
            groups[a] += groups.pop(b)
        return [tuple(g) for g in sorted(groups.values(), key=lambda g: (-len(g), place[g[0]]))]

    def distinctive(self, scheme: Scheme | str) -> list[tuple[str, int]]:
        """
        Give what a scheme has and few others have, rarest first.

        Returns:
            Concept and number of other schemes that have something there.

        Raises:
            UnknownScheme: The scheme is not one of those compared.
        """
        own = self._find(scheme)
        counts = [
            (sum(1 for s in self.schemes if s.id != own.id and c in self._cells[s.id]), n, c)
            for n, c in enumerate(self.concepts)
            if c in self._cells[own.id]
        ]
        return [(concept, count) for count, _, concept in sorted(counts)]

    def coverage(self, reference: Scheme | str) -> list[Coverage]:
        """
        Say what each scheme has of a reference: a national list, a classification.

        Args:
            reference: A scheme or its id.

        Returns:
            One entry for each industry of the reference, in its order; one without cells is
            covered by nobody.

        Raises:
            UnknownScheme: No such scheme.
        """
        against = as_scheme(reference)
        rows: dict[str, dict[str, str]] = {i.code: {} for i in against.values() if not is_tier(i)}
        for scheme in self.schemes:
            network = Network(scheme, against)
            best: dict[str, int] = {}
            for item in scheme.values():
                if not is_tier(item):
                    for code, mask in network.row(item.code).items():
                        if code in rows and mask and not mask & DR:
                            best[code] = min(best.get(code, mask), mask, key=_rank)
            for code, mask in best.items():
                rows[code][scheme.id] = Relation(mask).word
        return [Coverage(against[code], cells) for code, cells in rows.items()]

    def to_dict(self) -> dict[str, Any]:
        """Give the contract's JSON as plain values."""
        return {
            "schemes": [
                {"id": s.id, "title": dict(s.title), "formula": s.formula and str(s.formula)}
                for s in self.schemes
            ],
            "concepts": [
                {
                    "concept": concept,
                    "label": dict(self.hub[concept].label),
                    "cells": {
                        id_: cell
                        and {
                            "code": cell.item.code,
                            "item": dict(cell.item.label),
                            "relation": cell.relation,
                            "tier": cell.tier,
                            "open": cell.open,
                        }
                        for id_, cell in row.items()
                    },
                }
                for concept, row in self.matrix().items()
            ],
            "shared": list(self.shared()),
            "distinct": {s.id: list(self.distinct(s)) for s in self.schemes},
            "similarity": [
                {**attrs.asdict(s, recurse=False), "shared": s.shared} for s in self.similarity()
            ],
        }

    def to_json(self, lang: Literal["zh", "en"] = "zh") -> str:  # noqa: ARG002 - as all writers
        """Give the comparison as JSON text, with labels in all languages."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_frame(self) -> Any:
        """
        Give the matrix as a polars data frame: concept, label_zh, label_en, a column per scheme.

        Raises:
            MissingExtra: polars is not installed.
        """
        try:
            import polars as pl
        except ImportError:
            raise MissingExtra("a frame of the comparison", "tables") from None
        rows = [
            {
                "concept": concept,
                "label_zh": self.hub[concept].label.get("zh"),
                "label_en": self.hub[concept].label.get("en"),
                **{id_: cell and cell.relation for id_, cell in row.items()},
            }
            for concept, row in self.matrix().items()
        ]
        names = ("concept", "label_zh", "label_en", *(s.id for s in self.schemes))
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))

    def _rows(self, lang: str) -> list[list[str]]:
        words = _RELATIONS[lang]
        rows = []
        for concept in self.concepts:
            row = [self.hub[concept].label.show(lang)]
            for scheme in self.schemes:
                cell = self.cell(concept, scheme)
                if cell is None:
                    row.append("")
                else:
                    tier = f" ({cell.slot})" if cell.slot else ""
                    row.append(f"{words[cell.relation]} {cell.item.label.show(lang)}{tier}")
            rows.append(row)
        return rows

    def to_text(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Give the comparison as text: shared, distinct, similarity, then the matrix."""
        from .text import display_width, pad

        say = _SAYS[lang]
        lines = self._summary(lang)
        heads = [say["concept"], *self._short().values()]
        rows = [heads, *self._rows(lang)]
        widths = [max(display_width(row[n]) for row in rows) for n in range(len(heads))]
        lines += [
            "",
            *(
                "  ".join(pad(c, w) for c, w in zip(row, widths, strict=True)).rstrip()
                for row in rows
            ),
        ]
        return "\n".join((*lines, "", say["legend"])) + "\n"

    def to_markdown(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Give the comparison as Markdown."""
        say = _SAYS[lang]
        heads = [say["concept"], *self._short().values()]
        summary = (f"- {_plain(line)}" for line in self._summary(lang))
        lines = [f"# {say['title']}", "", *summary, ""]
        lines += ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
        lines += ["| " + " | ".join(map(_plain, row)) + " |" for row in self._rows(lang)]
        return "\n".join((*lines, "", say["legend"])) + "\n"

    def to_csv(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Give the matrix as CSV, one line per concept and scheme."""
        import csv
        import io

        from .report import escape_cell

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("concept", "label", "scheme", "code", "item", "relation", "tier", "open"))
        for concept, row in self.matrix().items():
            for id_, cell in row.items():
                if cell:
                    values = (
                        concept, self.hub[concept].label.show(lang), id_, cell.item.code,
                        cell.item.label.show(lang), cell.relation, cell.tier, str(cell.open).lower(),
                    )  # fmt: skip
                    writer.writerow([escape_cell(v) for v in values])
        return out.getvalue()

    def to_html(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Give the comparison as one HTML page without outside parts."""
        from html import escape

        from .report import PAGE_STYLE

        say = _SAYS[lang]
        heads = "".join(
            f"<th>{escape(s.title.show(lang))}<br><small>{escape(s.id)}</small></th>"
            for s in self.schemes
        )
        body = []
        for concept in self.concepts:
            cells = []
            for scheme in self.schemes:
                cell = self.cell(concept, scheme)
                if cell is None:
                    cells.append("<td></td>")
                    continue
                tier = f" <small>{escape(cell.slot)}</small>" if cell.slot else ""
                cells.append(
                    f'<td class="r-{cell.relation}"><b>{escape(_RELATIONS[lang][cell.relation])}</b> '
                    f"{escape(cell.item.label.show(lang))}{tier}</td>"
                )
            body.append(
                f"<tr><th scope=row>{escape(self.hub[concept].label.show(lang))}</th>{''.join(cells)}</tr>"
            )
        summary = "".join(f"<li>{escape(line)}</li>" for line in self._summary(lang))
        return (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{say["title"]}</title>'
            f"<style>{PAGE_STYLE}{_STYLE}</style></head><body><main><h1>{say['title']}</h1>"
            f"<ul>{summary}</ul><div class=scroll><table><thead><tr><th>{say['concept']}</th>{heads}</tr></thead>"
            f"<tbody>{''.join(body)}</tbody></table></div><p>{escape(say['legend'])}</p></main></body></html>\n"
        )

    def chart(
        self,
        kind: Literal["heatmap", "similarity"] = "heatmap",
        *,
        lang: Literal["zh", "en"] = "zh",
    ) -> Chart:
        """
        Draw the comparison: `.svg`, `.to_html()`, `.to_png()`, `.to_echarts()`, `.save(path)`.

        Args:
            kind: `heatmap`, schemes by concepts (more than forty schemes by fields, with the
                number of concepts), or `similarity`, schemes by schemes.
            lang: Language of the labels.

        Raises:
            UnknownFormat: No such kind.
        """
        from .pictures import of_comparison

        return of_comparison(self, kind, lang)

    def to_echarts(
        self,
        kind: Literal["heatmap", "similarity"] = "heatmap",
        *,
        lang: Literal["zh", "en"] = "zh",
    ) -> dict[str, Any]:
        """Give the picture as options for Apache ECharts."""
        return self.chart(kind, lang=lang).to_echarts()

    def _summary(self, lang: str) -> list[str]:
        say = _SAYS[lang]

        def names(codes: Iterable[str]) -> str:
            return say["comma"].join(self.hub[c].label.show(lang) for c in codes) or say["none"]

        lines = [f"{say['shared']} ({len(self.shared())}): {names(self.shared())}"]
        for scheme in self.schemes:
            own = self.distinct(scheme)
            lines.append(f"{say['only']} {self._short()[scheme.id]} ({len(own)}): {names(own)}")
        pairs = self.similarity()
        names_of = self._short()
        for s in (pair for pair in pairs if pair.shared):
            facts = {"a": names_of[s.a], "b": names_of[s.b], "low": s.certain, "high": s.possible}
            lines.append(say["similar"].format(**facts, n=s.shared))
        if apart := sum(1 for pair in pairs if not pair.shared):
            lines.append(say["apart"].format(n=apart))
        return lines

    def _short(self) -> dict[str, str]:
        """Give each scheme the shortest of issuer, series and id that tells it from the others."""
        found = {}
        for scheme in self.schemes:
            for name in (scheme.issuer, scheme.series, scheme.id):
                others = [o for o in self.schemes if o.id != scheme.id]
                if not any(name in (o.issuer, o.series) for o in others):
                    break
            found[scheme.id] = name
        return found


_RELATIONS = {
    "en": {"equals": "=", "contains": "⊃", "part_of": "⊂", "overlaps": "∩"},
    "zh": {"equals": "=", "contains": "⊃", "part_of": "⊂", "overlaps": "∩"},
}
_SAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Comparison of schemes",
        "concept": "concept",
        "shared": "shared by all",
        "only": "only in",
        "similar": "{a} and {b}: {n} concepts in common, similarity {low:.2f} to {high:.2f}",
        "apart": "pairs that have nothing in common: {n}",
        "legend": "= the item equals the concept, ⊃ contains it, ⊂ is part of it, ∩ overlaps it; (slot of the tier)",
        "comma": ", ",
        "none": "none",
    },
    "zh": {
        "title": "方案比较",
        "concept": "概念",
        "shared": "共有",
        "only": "仅见于",
        "similar": "{a} 与 {b}:共有 {n} 个概念,相似度 {low:.2f} 至 {high:.2f}",
        "apart": "没有共同概念的方案对:{n}",
        "legend": "= 类目与概念等同,⊃ 类目包含概念,⊂ 类目是概念的一部分,∩ 部分重叠;括号内为层级",
        "comma": "、",
        "none": "无",
    },
}
_STYLE = (
    ".scroll{overflow-x:auto}th[scope=row]{background:#fff;position:static;font-weight:600;white-space:nowrap}"
    ".r-equals{background:#d3ece4}.r-contains{background:#e3f1fa}.r-part_of{background:#fdf3dc}"
    ".r-overlaps{background:#f7e6f0}small{color:#5a6677;font-weight:400}"
)


def _plain(text: str) -> str:
    """Keep Markdown from reading a text as markup, a column or HTML."""
    return re.sub(r"[\\|`*_\[\]]", r"\\\g<0>", text).replace("&", "&amp;").replace("<", "&lt;")


def _share(part: int, whole: int) -> float:
    """Give the number of bits of a part by that of the whole; 0 of nothing."""
    return part.bit_count() / whole.bit_count() if whole else 0.0


class _Extent:
    """
    What a scheme has on the hub.

    Attributes:
        named: Concepts that an industry is mapped to, and of which it has something.
        whole: Concepts that one industry has all of.
        touched: Concepts of which an industry has something.
        maybe: Other concepts of which it may have something: the relation leaves it open, or
            an industry has an unknown part of something broader.
        endless: Whether a list of industries is open, or not all of it was seen.
        items: By concept, the codes of the industries that have, or may have, something of it.
    """

    __slots__ = ("endless", "items", "maybe", "named", "touched", "whole")

    def __init__(self, scheme: Scheme) -> None:
        facts = on_hub(scheme)
        hub = facts.there.scheme
        above, below = facts.there.above, facts.there.below
        industries = {item.code for item in scheme.values() if not is_tier(item)}
        self.endless = any(
            item.open or item.incomplete for item in scheme.values() if item.code not in industries
        )
        whole: set[str] = set()
        touched: set[str] = set()
        items: dict[str, set[str]] = {}
        for code in industries:
            for concept, mask in facts.known.get(code, {}).items():
                if mask == DR:
                    continue
                items.setdefault(concept, set()).add(code)
                if not mask & DR:
                    touched.add(concept)
                    if not mask & ~WHOLE:
                        whole.add(concept)
                        continue
                    for part in below.get(concept, ()):
                        items.setdefault(part, set()).add(code)
        maps = [m for m in hub_maps(scheme) if m.source in industries and m.target in hub]
        for m in maps:
            if m.relation.mask == ANY:
                for concept in (m.target, *above[m.target], *below.get(m.target, ())):
                    items.setdefault(concept, set()).add(m.source)
        self.whole, self.touched, self.items = whole, touched, items
        self.maybe = items.keys() - touched
        self.named = {m.target for m in maps} & touched


def _cells(scheme: Scheme, concepts: Iterable[str]) -> dict[str, Cell]:
    """Give the best cell of a scheme at each concept."""
    facts = on_hub(scheme).known
    found: dict[str, Cell] = {}
    best: dict[str, int] = {}
    wanted = set(concepts)
    for item in scheme.values():
        if is_tier(item):
            continue
        for concept, mask in facts.get(item.code, {}).items():
            if concept not in wanted or mask & DR:
                continue
            rank = _rank(mask)
            if concept not in best or rank < best[concept]:
                best[concept] = rank
                found[concept] = Cell(item, Relation(mask).word, _tier(item), item.in_open_tier)
    return found


def _rank(mask: int) -> int:
    if mask == EQ:
        return 0
    if not mask & ~WHOLE:
        return 1
    return 2 if not mask & ~PART else 3


def _tier(item: Item) -> str | None:
    for above in item.ancestors:
        if is_tier(above):
            return above.slot or above.code
    return None


def compare(schemes: Sequence[Scheme | str]) -> Comparison:
    """
    Compare schemes on the hub.

    Args:
        schemes: Two or more schemes or ids.

    Returns:
        The comparison: `matrix()`, `shared()`, `distinct(scheme)`, `similarity()`, and as text,
        JSON, Markdown, CSV, HTML or a frame.

    Raises:
        ValueError: Fewer than two schemes.
        UnknownScheme: No such scheme.

    Examples:
        >>> import futureindustry as fi
        >>> found = fi.compare(["hefei-htz/future-industries", "shenzhen/20-plus-8"])
        >>> "quantum-information" in found.shared()
        True
    """
    loaded = list({s.id: s for s in map(as_scheme, schemes)}.values())
    if len(loaded) < 2:
        raise ValueError("a comparison needs two schemes or more")
    return Comparison(loaded)

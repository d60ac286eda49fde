"""
How schemes differ: their extents on the hub compared, concept by concept.

Each concept that an industry of one of the schemes is mapped to is a row. What a scheme has
there follows from its maps and the hierarchy of the hub, so that 可控核聚变 and 聚变能源 meet
and a scheme that names a whole covers its parts. Tiers are places, no industries: they are
shown, never compared.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence

import attrs

from .document import Reported
from .errors import MissingExtra, UnknownScheme, nearest
from .mapping import (
    ANY,
    DR,
    EQ,
    PART,
    WHOLE,
    Facts,
    Network,
    Premise,
    Tree,
    hub_maps,
    hub_of,
    is_tier,
    on_hub,
    steps_of,
)
from .memo import KINDS
from .model import Item, Scheme, first_day, last_day
from .relation import Relation
from .store import HUB, as_scheme, catalog, catalog_of
from .text import display_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from .charts import Chart
    from .document import Document
    from .model import Series
    from .store import Catalog

__all__ = ["Cell", "Comparison", "Coverage", "ReferenceCoverage", "Similarity", "compare"]

# The lists of the nation that a memo holds against the others, newest version each.
REFERENCES = (
    "npc/five-year-plan-future-industries",
    "miit/future-industries",
    "nbs/strategic-emerging-industries",
)
LAID_OUT = 20
LONG = 14  # half-width characters of the full name of an issuer
# Who answers them.
LOCAL = ("park", "district", "city", "province")


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
        items: By scheme id, that best item.
    """

    item: Item
    cells: Mapping[str, str]
    items: Mapping[str, Item] = attrs.field(factory=dict, repr=False)


class ReferenceCoverage(Reported, Sequence[Coverage]):
    """
    What schemes have of a reference, item by item, in the order of the reference.

    Attributes:
        reference: The scheme held against the others.
        schemes: The schemes looked at; those of the reference's own series are left out.
    """

    def __init__(self, comparison: Comparison, reference: Scheme) -> None:
        self.reference = reference
        self.schemes = tuple(s for s in comparison.schemes if s.series != reference.series)
        self._comparison = comparison
        self._networks = {scheme.id: Network(scheme, reference) for scheme in self.schemes}
        rows: dict[str, dict[str, tuple[int, Item]]] = {
            item.code: {} for item in reference.values() if not is_tier(item)
        }
        for scheme in self.schemes:
            network = self._networks[scheme.id]
            for item in scheme.values():
                if is_tier(item):
                    continue
                for code, mask in network.row(item.code).items():
                    if code in rows and mask and not mask & DR:
                        best = rows[code].get(scheme.id)
                        if best is None or _rank(mask) < _rank(best[0]):
                            rows[code][scheme.id] = (mask, item)
        self._rows = [
            Coverage(
                reference[code],
                {id_: Relation(mask).word for id_, (mask, _) in found.items()},
                {id_: item for id_, (_, item) in found.items()},
            )
            for code, found in rows.items()
        ]

    def __repr__(self) -> str:
        return f"<Coverage of {self.reference.id} by {len(self.schemes)} schemes>"

    def __getitem__(self, n: Any) -> Any:
        return self._rows[n]

    def __len__(self) -> int:
        return len(self._rows)

    def issuer(self, lang: str) -> str:
        """Name who issued the reference."""
        return _issuer_name(self.reference, lang)

    def evidence(self, code: str, scheme: Scheme | str) -> tuple[Premise, ...]:
        """
        Give what it rests on that a scheme has something of an item of the reference.

        Args:
            code: Of the item.
            scheme: One of those looked at, or its id.
        """
        id_ = scheme if isinstance(scheme, str) else scheme.id
        item = next((c.items.get(id_) for c in self._rows if c.item.code == code), None)
        return () if item is None else self._networks[id_].premises(item.code, code)

    def to_dict(self) -> dict[str, Any]:
        """Give everything as plain values, with labels in all languages."""
        return {
            "reference": self.reference.id,
            "schemes": [s.id for s in self.schemes],
            "items": [
                {
                    "code": c.item.code,
                    "item": dict(c.item.label),
                    "cells": dict(c.cells),
                    "maps": {
                        id_: [_said(p) for p in self.evidence(c.item.code, id_)] for id_ in c.cells
                    },
                }
                for c in self._rows
            ],
        }

    def to_json(self, lang: Literal["zh", "en"] = "zh") -> str:  # noqa: ARG002 - as all writers
        """Give everything as JSON text, with labels in all languages."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_csv(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Give one line for each item and scheme; an item that nobody has is a line of its own."""
        rows = []
        for c in self._rows:
            head = (c.item.code, c.item.label.show(lang))
            rows += [
                (*head, id_, c.items[id_].code, c.items[id_].label.show(lang), word,
                 _places(self.evidence(c.item.code, id_)))
                for id_, word in c.cells.items()
            ] or [(*head, "", "", "", "", "")]  # fmt: skip
        return _csv(("code", "label", "scheme", "item_code", "item", "relation", "maps"), rows)

    def document(self, lang: Literal["zh", "en"] = "zh") -> Document:
        """Give the report: findings, the table, and what it rests on."""
        from .memo import coverage_document

        return coverage_document(self._comparison, self, lang)


class Comparison(Reported):
    """
    Schemes side by side on the hub.

    Attributes:
        schemes: In the order given.
        hub: The hub they are compared on.
        concepts: Codes of the concepts (rows), in the order of the hub.
        undated: Ids of schemes that were left out of a date, because nobody knows when they
            were in force.
    """

    def __init__(self, schemes: Sequence[Scheme], *, undated: Sequence[str] = ()) -> None:
        self.schemes = tuple(schemes)
        self.undated = tuple(undated)
        self.hub = hub_of(schemes[0])
        self._extents = {scheme.id: _Extent.of(scheme) for scheme in schemes}
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
        rows = list(self._cells.items())
        return {
            concept: {id_: cells.get(concept) for id_, cells in rows} for concept in self.concepts
        }

    def shared(self) -> tuple[str, ...]:
        """Give the concepts at which every scheme has something."""
        return tuple(c for c in self.concepts if all(c in row for row in self._cells.values()))

    def distinct(self, scheme: Scheme | str) -> tuple[str, ...]:
        """
        Give the concepts at which only this scheme has something.

        Raises:
            UnknownScheme: The scheme is not one of those compared.
        """
        own = self._cells[self._find(scheme).id]
        others = [row for row in self._cells.values() if row is not own]
        return tuple(c for c in self.concepts if c in own and not any(c in o for o in others))

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

    def clusters(self, least: float = 0.15) -> list[tuple[str, ...]]:
        """
        Group the schemes that are alike, above all in what few others have.

        Likeness is simGIC: the concepts that are named, with all broader ones, weighted by how
        rare they are among the schemes compared; the weight of what all have is not quite 0, so
        that two schemes can be compared as well (a decision of ours). Average linkage: the two
        groups most alike are joined until none are alike by `least` or more.

        Args:
            least: Likeness from which groups are joined, 0 to 1.

        Returns:
            Groups of scheme ids, largest first, ties in the order of the schemes.

        Source:
            Pesquita, Faria, Bastos, Ferreira, Falcão and Couto, "Metrics for GO based protein
            semantic similarity: a systematic evaluation", BMC Bioinformatics 9 (suppl. 5), S4,
            2008 (simGIC); Sokal and Michener, "A statistical method for evaluating systematic
            relationships", University of Kansas Science Bulletin 38, 1958 (UPGMA).
        """
        groups: dict[int, list[str]] = {n: [s.id] for n, s in enumerate(self.schemes)}
        likeness = self._likeness()
        queue = [(-value, *pair) for pair, value in likeness.items()]
        heapq.heapify(queue)
        while queue:
            value, a, b = heapq.heappop(queue)
            if -value < least:
                break
            # What was queued before one of the two was joined is out of date.
            if likeness.get((a, b)) != -value:
                continue
            del likeness[a, b]
            sizes = len(groups[a]), len(groups[b])
            for other in groups:
                if other not in (a, b):
                    to_a, to_b = (min(a, other), max(a, other)), (min(b, other), max(b, other))
                    joined = likeness[to_a] * sizes[0] + likeness.pop(to_b) * sizes[1]
                    likeness[to_a] = joined / sum(sizes)
                    heapq.heappush(queue, (-likeness[to_a], *to_a))
            groups[a] += groups.pop(b)
        place = {s.id: n for n, s in enumerate(self.schemes)}
        return [tuple(g) for g in sorted(groups.values(), key=lambda g: (-len(g), place[g[0]]))]

    def _likeness(self) -> dict[tuple[int, int], float]:
        """Give simGIC for each pair of schemes, by their places."""
        above = Tree.of(self.hub).above
        broad = []
        for scheme in self.schemes:
            named = self._extents[scheme.id].named
            broad.append(named.union(*(above[code] for code in named)))
        counts: dict[str, int] = {}
        for concepts in broad:
            for concept in concepts:
                counts[concept] = counts.get(concept, 0) + 1
        weight = {c: math.log((len(broad) + 1) / n) for c, n in counts.items()}
        of = weight.__getitem__
        sums = [math.fsum(map(of, concepts)) for concepts in broad]
        found = {}
        for n, concepts in enumerate(broad):
            for m in range(n + 1, len(broad)):
                both = math.fsum(map(of, concepts & broad[m]))
                either = sums[n] + sums[m] - both
                found[n, m] = both / either if either else 0.0
        return found

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

    def coverage(self, reference: Scheme | str, *, as_of: str | None = None) -> ReferenceCoverage:
        """
        Say what each scheme has of a reference: a national list, a classification.

        Args:
            reference: A scheme or its id.
            as_of: Date that picks the version of the reference, if its id names none.

        Returns:
            One entry for each industry of the reference, in its order; one without cells is
            covered by nobody. Schemes of the reference's own series are left out.

        Raises:
            UnknownScheme: No such scheme.
        """
        return ReferenceCoverage(self, as_scheme(reference, as_of=as_of))

    def priorities(self) -> list[ReferenceCoverage]:
        """
        Hold the national lists against the schemes of all others: which priority has nobody?

        Returns:
            The coverage of each of `REFERENCES` that the catalogue has, by the schemes of
            parks, cities and provinces; of an official classification, of its top level. None
            if nobody but the nation is compared, or the schemes are of no catalogue.
        """
        kinds = self.kinds()
        local = [s for s in self.schemes if kinds[s.id] in LOCAL]
        if not local:
            return []
        store = catalog_of(local[0])
        known = {series.id for series in store}
        wanted = [store.load(id_) for id_ in REFERENCES if id_ in known]
        comparison = self if len(local) == len(self.schemes) else Comparison(local)
        return [ReferenceCoverage(comparison, _top(reference)) for reference in wanted]

    def scheme(self, id_: str) -> Scheme:
        """
        Give one of the schemes compared.

        Raises:
            UnknownScheme: It is not compared.
        """
        return self._find(id_)

    def kinds(self) -> dict[str, str]:
        """Give by scheme id the kind of its issuer; empty where the catalogue does not say."""
        found = {}
        for s in self.schemes:
            issuer = catalog_of(s).issuers.get(s.issuer)
            found[s.id] = issuer.kind if issuer else ""
        return found

    def gaps(self, scheme: Scheme | str) -> tuple[str, ...]:
        """
        Say why what a scheme does not list may still belong to it.

        Returns:
            `open` (a list is open on purpose), `incomplete` (not all of a list was seen), both
            or neither.
        """
        tiers = [item for item in self._find(scheme).values() if is_tier(item)]
        flags = {"open": any(t.open for t in tiers), "incomplete": any(t.incomplete for t in tiers)}
        return tuple(name for name, on in flags.items() if on)

    def names(self, lang: str) -> dict[str, str]:
        """
        Give by scheme id a name of a few words that tells it from the others.

        The `short` name of the scheme; without one the issuer, its formula, or the title, cut
        where it is long; and the version where nothing else tells two apart.
        """
        short = {s.id: s.short.show(lang) for s in self.schemes}
        own = {s.id: _issuer_name(s, lang) for s in self.schemes}
        titles = {s.id: _with_title(own[s.id], s, lang) for s in self.schemes}
        tries: list[dict[str, str]] = [
            short,
            {s.id: short[s.id] and f"{short[s.id]} {s.version}" for s in self.schemes},
            own,
            {s.id: f"{own[s.id]} {s.formula}" if s.formula else "" for s in self.schemes},
            {id_: _short(title) for id_, title in titles.items()},
            titles,
            {
                s.id: (f"{own[s.id]} {s.formula}" if s.formula else _short(titles[s.id]))
                + f" {s.version}"
                for s in self.schemes
            },
            {s.id: f"{titles[s.id]} {s.version}" for s in self.schemes},
        ]
        counts = [_count(names.values()) for names in tries]
        return {
            s.id: next(
                (
                    names[s.id]
                    for names, count in zip(tries, counts, strict=True)
                    if names[s.id] and count[names[s.id]] == 1
                ),
                s.id,
            )
            for s in self.schemes
        }

    def to_dict(self) -> dict[str, Any]:
        """
        Give the contract's JSON as plain values.

        What cells rest on is written once, in the `maps` of each scheme; the `maps` of a cell
        are places in that list of its scheme, from 0.
        """
        kinds = self.kinds()
        said: dict[str, dict[Premise, int]] = {s.id: {} for s in self.schemes}

        def places(concept: str, id_: str) -> list[int]:
            known = said[id_]
            return [known.setdefault(p, len(known)) for p in self.evidence(concept, id_)]

        found: dict[str, Any] = {
            "schemes": [
                {
                    "id": s.id,
                    "title": dict(s.title),
                    "formula": s.formula and str(s.formula),
                    "issuer": s.issuer,
                    "kind": kinds[s.id],
                    "published": s.published,
                    "valid": {"from": s.valid.start, "to": s.valid.end},
                    "confidence": s.confidence,
                    "limitations": list(s.limitations),
                    "gaps": list(self.gaps(s)),
                }
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
                            "maps": places(concept, id_),
                        }
                        for id_, cell in row.items()
                    },
                    "not_known": [id_ for id_ in row if self.absence(concept, id_) == "not known"],
                }
                for concept, row in self.matrix().items()
            ],
            "shared": list(self.shared()),
            "distinct": {s.id: list(self.distinct(s)) for s in self.schemes},
            "similarity": [
                {**attrs.asdict(s, recurse=False), "shared": s.shared} for s in self.similarity()
            ],
        }
        for entry, maps in zip(found["schemes"], said.values(), strict=True):
            entry["maps"] = [_said(p) for p in maps]
        return found

    def to_json(self, lang: Literal["zh", "en"] = "zh") -> str:  # noqa: ARG002 - as all writers
        """Give the comparison as JSON text, with labels in all languages."""
        import json

        # Laid out for reading where somebody could: of 200 schemes it would be 30 MB of blanks.
        indent = 2 if len(self.schemes) <= LAID_OUT else None
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

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

    def document(self, lang: Literal["zh", "en"] = "zh") -> Document:
        """Give the report: findings first, then the tables, and what each cell rests on."""
        from .memo import comparison_document

        return comparison_document(self, lang)

    def to_csv(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Give the matrix as CSV, one line per concept and scheme."""
        rows = [
            (
                concept, self.hub[concept].label.show(lang), id_, cell.item.code,
                cell.item.label.show(lang), cell.relation, cell.tier, str(cell.open).lower(),
                _places(self.evidence(concept, id_)),
            )
            for concept, row in self.matrix().items()
            for id_, cell in row.items()
            if cell
        ]  # fmt: skip
        heads = ("concept", "label", "scheme", "code", "item", "relation", "tier", "open", "maps")
        return _csv(heads, rows)

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


def _top(reference: Scheme) -> Scheme:
    """Leave of an official classification its top level."""
    if not reference.levels:
        return reference
    return attrs.evolve(reference, items_=reference.roots)


def _issuer_name(scheme: Scheme, lang: str) -> str:
    """Name the issuer; by its first other name where the full one is long."""
    issuer = catalog_of(scheme).issuers.get(scheme.issuer)
    if issuer is None:
        return scheme.issuer
    name = issuer.name.show(lang)
    other = next((str(n) for n in issuer.also.get(lang, ())), name)
    return min(name, other, key=display_width) if display_width(name) > LONG else name


def _with_title(name: str, scheme: Scheme, lang: str) -> str:
    """Put the issuer before a title that does not name it."""
    title = scheme.title.show(lang)
    issuer = catalog_of(scheme).issuers.get(scheme.issuer)
    known = (*issuer.names, name) if issuer else (name,)
    return title if any(other in title for other in known) else f"{name} {title}"


def _short(title: str) -> str:
    """Cut a title that is no name but a sentence."""
    if display_width(title) <= 3 * LONG:
        return title
    kept = title
    while display_width(kept) >= 3 * LONG:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _count(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found


def _said(premise: Premise) -> dict[str, Any]:
    """Give a premise as plain values."""
    return {
        "subject": premise.subject,
        "object": premise.object,
        "relation": str(premise.relation),
        "reason": premise.reason,
        "confidence": premise.confidence,
        "file": premise.place and premise.place.file,
        "line": premise.place and premise.place.line,
    }


def _places(premises: Iterable[Premise]) -> str:
    """Give the places of maps in one cell."""
    return "; ".join(f"{p.place.file}:{p.place.line}" for p in premises if p.place)


def _csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    import csv
    import io

    from .report import escape_cell

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([escape_cell(value) for value in row] for row in rows)
    return out.getvalue()


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
    """

    __slots__ = ("_items", "_scheme", "endless", "maybe", "named", "touched", "whole")

    @classmethod
    def of(cls, scheme: Scheme) -> _Extent:
        """Give the extent of a scheme, worked out once."""
        found: _Extent = scheme.memo.get("extent") or scheme.memo.setdefault("extent", cls(scheme))
        return found

    def __init__(self, scheme: Scheme) -> None:
        facts = on_hub(scheme)
        hub = facts.there.scheme
        below = facts.there.below
        industries = {item.code for item in scheme.values() if not is_tier(item)}
        self.endless = any(
            item.open or item.incomplete for item in scheme.values() if item.code not in industries
        )
        whole: set[str] = set()
        part: set[str] = set()
        maybe: set[str] = set()
        for code in industries:
            for concept, mask in facts.known.get(code, {}).items():
                if not mask & DR:
                    (part if mask & ~WHOLE else whole).add(concept)
                elif mask != DR:
                    maybe.add(concept)
        # Of what an industry has a part of, it may have any part.
        for concept in part:
            maybe.update(below.get(concept, ()))
        maps = [m for m in hub_maps(scheme) if m.source in industries and m.target in hub]
        for m in maps:
            if m.relation.mask == ANY:
                maybe.update(_around(facts, m.target))
        self.whole, self.touched = whole, whole | part
        self.maybe = maybe - self.touched
        self.named = {m.target for m in maps} & self.touched
        self._scheme = scheme
        self._items: dict[str, set[str]] | None = None

    @property
    def items(self) -> dict[str, set[str]]:
        """Give by concept the codes of the industries that have, or may have, something of it."""
        if self._items is None:
            facts = on_hub(self._scheme)
            found: dict[str, set[str]] = {}
            for item in self._scheme.values():
                if is_tier(item):
                    continue
                for concept, mask in facts.known.get(item.code, {}).items():
                    if mask != DR:
                        found.setdefault(concept, set()).add(item.code)
                    if not mask & DR and mask & ~WHOLE:
                        for part in facts.there.below.get(concept, ()):
                            found.setdefault(part, set()).add(item.code)
            for m in hub_maps(self._scheme):
                if m.relation.mask == ANY and m.target in facts.there.scheme:
                    for concept in _around(facts, m.target):
                        found.setdefault(concept, set()).add(m.source)
            self._items = found
        return self._items


def _around(facts: Facts, concept: str) -> tuple[str, ...]:
    """Give a concept with all that is above and below it."""
    return (concept, *facts.there.above[concept], *facts.there.below.get(concept, ()))


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


def compare(
    schemes: Sequence[Scheme | str] | None = None,
    *,
    of: str | Sequence[str] | None = None,
    as_of: str | None = None,
) -> Comparison:
    """
    Compare schemes on the hub.

    Args:
        schemes: Two or more schemes or ids. None takes one version of each series of the
            catalogue, official classifications of statistics left out.
        of: Takes, of the whole catalogue, the schemes whose issuers are of this kind (or of
            one of these): `park`, `district`, `city`, `province`, `ministry`, `nation`,
            `organisation`.
        as_of: Date; of an id that names no version, the one then in force. None takes the
            newest. Of the whole catalogue, series without a version known to be in force then
            are left out; those of which nobody knows are in `Comparison.undated`.

    Returns:
        The comparison: `matrix()`, `shared()`, `distinct(scheme)`, `similarity()`, and as text,
        JSON, Markdown, CSV, HTML, Excel or a frame.

    Raises:
        ValueError: Fewer than two schemes, no such kind, or both schemes and a kind.
        UnknownScheme: No such scheme, or none in force on that date.

    Examples:
        >>> import futureindustry as fi
        >>> found = fi.compare(["hefei-htz/future-industries", "shenzhen/20-plus-8"])
        >>> "quantum-information" in found.shared()
        True
        >>> len(fi.compare(of="park", as_of="2024-05").schemes) > 20
        True
    """
    undated: list[str] = []
    given = schemes
    if schemes is None:
        schemes, undated = _of_kind((of,) if isinstance(of, str) else of, as_of)
    elif of is not None:
        raise ValueError("give schemes, or a kind of issuer to take them from the catalogue")
    loaded = list({s.id: s for s in (as_scheme(s, as_of=as_of) for s in schemes)}.values())
    if len(loaded) < 2:
        raise ValueError(
            "a comparison needs two schemes or more" + _why_too_few(given, loaded, as_of)
        )
    return Comparison(loaded, undated=undated)


def _why_too_few(
    given: Sequence[Scheme | str] | None, loaded: Sequence[Scheme], as_of: str | None
) -> str:
    if given is None and as_of is not None:
        return f"; of this kind, {len(loaded)} in the catalogue is known to be in force on {as_of}"
    if given is not None and len(given) > len(loaded) == 1:
        return f"; {loaded[0].id} is given {len(given)} times"
    return ""


def _of_kind(kinds: Sequence[str] | None, as_of: str | None) -> tuple[list[Scheme], list[str]]:
    """
    Give one version of each series whose issuer is of one of these kinds.

    And the ids of those left out because nobody knows when they were in force.
    """
    for kind in kinds or ():
        if kind not in KINDS:
            hint = nearest(kind, KINDS)
            more = f'; did you mean "{hint[0]}"?' if hint else f"; there is {', '.join(KINDS)}"
            raise ValueError(f'no kind of issuer "{kind}"{more}')
    store = catalog()
    found: list[Scheme] = []
    undated: list[str] = []
    for series in store:
        issuer = store.issuers.get(series.issuer)
        if series.id == HUB or (kinds is not None and (issuer is None or issuer.kind not in kinds)):
            continue
        if as_of is not None and not _any_in_force(store, series, as_of):
            ids = [f"{series.id}@{version}" for version in series.versions]
            undated += [id_ for id_ in ids if not _start(store.head(id_))]
            continue
        scheme = store.load(series.id, as_of=as_of)
        if not scheme.levels:
            found.append(scheme)
    return found, undated


def _start(head: Scheme) -> str | None:
    return head.valid.start or head.published


def _any_in_force(store: Catalog, series: Series, as_of: str) -> bool:
    day = last_day(as_of)
    for version in series.versions:
        head = store.head(f"{series.id}@{version}")
        start, end = _start(head), head.valid.end
        # When a list without a date was in force, nobody knows.
        if start and first_day(start) <= day and (end is None or day < first_day(end)):
            return True
    return False

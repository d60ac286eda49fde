"""
How the items of two schemes relate: asserted maps, and what follows from them.

Every scheme is mapped once, to the hub; what holds between two schemes is derived. Premises
are the asserted maps, the hierarchies (a child is part of its parent or equals it; in the
hub it is a proper part) and the declared `exclusive` and `exhaustive` closures. Each path between two items
holds, so results are intersections; an empty one is a contradiction and is reported with
its premises.

Terms: XKOS Correspondence and ConceptAssociation, GSIM Correspondence Table and Map,
SSSOM for files. Method: composition in RCC-5 (`futureindustry.relation`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

import attrs

from .allocation import ROUNDING, Allocation, allocate, turned_weights
from .errors import FutureIndustryError, InvalidId, UnknownItem, UnknownScheme
from .files import write_text
from .model import Item, Map, Scheme, Text, split_id
from .relation import COMPOSE, CONVERSE, UNION, UNION_APART, Relation
from .sssom import LITERAL, read_any_maps, read_map_table, write_maps
from .store import HUB, Undisturbed, as_scheme, catalog_of
from .text import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path as FilePath
    from typing import Any, Literal, TypeAlias

    from .errors import Place
    from .names import Resolution
    from .store import Catalog

    # An item of the source, a map, an item of the target: one path along both hierarchies.
    Step: TypeAlias = tuple[str, Map, str]
    # What a path says, and its steps from the source, from the target, and between the two;
    # then pairs of items of one scheme: the source (0) or the target (1).
    Steps: TypeAlias = tuple[tuple[Step, ...], tuple[Step, ...], tuple[Step, ...]]
    Path: TypeAlias = tuple[int, Steps, tuple[tuple[int, str, str], ...]]

__all__ = [
    "Cardinality",
    "Contradiction",
    "Correspondence",
    "Derivation",
    "Premise",
    "RelationBetween",
    "UpdatedCorrespondence",
    "UpdatedMap",
    "correspondence",
    "on_hub",
    "read_correspondence",
    "read_sssom",
    "relation_between",
    "resolutions_to_sssom",
    "update_correspondence",
]

EQ, PP, PPI, PO, DR, ANY = 1, 2, 4, 8, 16, 31
PART, WHOLE, CLOSE = EQ | PP, EQ | PPI, EQ | PP | PPI | PO
CHAINING = "semapv:MappingChaining"
LEXICAL = "semapv:LexicalMatching"
INVERSION = "semapv:MappingInversion"
REASONING = "semapv:LogicalReasoning"
LICENSE = "https://www.apache.org/licenses/LICENSE-2.0"


@attrs.frozen
class Premise:
    """
    One statement that a derivation rests on.

    Attributes:
        subject: Id of an item.
        object: Id of an item.
        relation: Of subject to object.
        names: Labels of the two.
        reason: `map` (asserted in a file), `hierarchy`, `exclusive` (the two are in children
            that do not overlap), `exhaustive` (the children make up the item), `name` (the
            two carry the same name), `code` (one item in two versions of a series) or
            `successor` (declared).
        place: File and line of a map.
        confidence: Of a map.
    """

    subject: str
    object: str
    relation: Relation
    names: tuple[Text, Text]
    reason: str
    place: Place | None = None
    confidence: float | None = None

    def sentence(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Say it: `量子信息 (hefei-htz/future-industries) equals 量子信息 (…) [file:line]`."""
        first, second = self.names
        ends = [id_.partition("#") for id_ in (self.subject, self.object)]
        schemes = [scheme for scheme, _, _ in ends]
        # Two versions are told apart by their names, two items of one name in one by their codes.
        one_series = schemes[0].partition("@")[0] == schemes[1].partition("@")[0]
        versions = one_series and schemes[0] != schemes[1]
        codes = schemes[0] == schemes[1] and first.show(lang) == second.show(lang)
        a, b = (
            f"{text.show(lang)}{f' [{code}]' if codes else ''} "
            f"({scheme if versions else scheme.partition('@')[0]})"
            for text, (scheme, _, code) in zip(self.names, ends, strict=True)
        )
        why = {
            "hierarchy": {"en": "hierarchy", "zh": "层级"},
            "exclusive": {"en": "its children are exclusive", "zh": "下级互不重叠"},
            "exhaustive": {"en": "its children make it up", "zh": "下级合为其全部"},
            "name": {"en": "same name", "zh": "同名"},
            "code": {"en": "the code goes on in the series", "zh": "同一系列中代码未变"},
            "successor": {"en": "declared successor", "zh": "已声明的后继"},
        }.get(self.reason, {}).get(lang)
        where = str(self.place) if self.place else why
        return self.relation.sentence(a, b, lang) + (f" [{where}]" if where else "")


@attrs.frozen
class Contradiction:
    """
    Premises that cannot hold together.

    Attributes:
        subject: Id of an item.
        object: Id of an item; no relation between the two is left.
        premises: What rules everything out.
    """

    subject: str
    object: str
    premises: tuple[Premise, ...]

    def sentence(self, lang: Literal["zh", "en"] = "en") -> str:
        """Say which premises contradict each other."""
        said = "; ".join(premise.sentence(lang) for premise in self.premises)
        return f"相互矛盾:{said}" if lang == "zh" else f"these cannot all hold: {said}"


@attrs.frozen
class Way:
    """
    One path between two items: what it says by itself, and its premises in order.

    Attributes:
        relation: Of the first item to the second, by this path alone.
        premises: Its maps, and the steps along hierarchies between them.
    """

    relation: Relation
    premises: tuple[Premise, ...]


@attrs.frozen
class Derivation:
    """
    What a relation rests on.

    Attributes:
        premises: That suffice; without any of the maps among them less would follow.
        paths: How many paths say something of the two items, these included.
        justification: semapv term: `MappingChaining` for maps one after the other,
            `MappingInversion` for one map read from its other end, `LogicalReasoning` where it
            takes a hierarchy, a closure or several paths as well.
        confidence: That all premises hold: the product, taking the records as independent.
            Where other records say the same by themselves, that one of these ways holds:
            1 - (1 - c1) (1 - c2) …, under the same assumption. None if no record gives one.
    """

    premises: tuple[Premise, ...]
    paths: int
    justification: str
    confidence: float | None

    def sentences(self, lang: Literal["zh", "en"] = "zh") -> tuple[str, ...]:
        """Say the premises, and how many paths there are if there are more than one."""
        said = tuple(premise.sentence(lang) for premise in self.premises)
        if self.paths < 2 or not said:
            return said
        count = f"共有 {self.paths} 条路径,以上前提已足够"
        return (
            *said,
            count
            if lang == "zh"
            else f"{self.paths} paths say something of the two; these premises suffice",
        )


class Tree:
    """
    Who is above and below whom in one scheme; further broader items count as above.

    `up` is the relation of an item to those above it, `links` where more is known of it: the
    only child of an exhaustive item equals it, and one of several children of an exclusive
    item is less than it, since the others are not empty. `groups` are the children of each
    exhaustive item, if there are several.
    """

    __slots__ = ("above", "below", "exclusive", "groups", "links", "scheme", "simple", "up")

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        # In the hub a child is declared a proper part; elsewhere a lone child may be all.
        self.up = PP if scheme.series == HUB else PART
        self.exclusive = scheme.exclusive or any(item.exclusive for item in scheme.values())
        above: dict[str, tuple[str, ...]] = {}
        for item in scheme.values():
            direct = [item.parent_code] if item.parent_code else []
            direct += [code for code in item.broader if code in scheme]
            found: dict[str, None] = {}
            queue = direct
            while queue:
                code = queue.pop(0)
                if code not in found and code != item.code:
                    found[code] = None
                    parent = scheme[code]
                    queue += [parent.parent_code] if parent.parent_code else []
                    queue += [c for c in parent.broader if c in scheme]
            above[item.code] = tuple(found)
        below: dict[str, list[str]] = {}
        for code, codes in above.items():
            for other in codes:
                below.setdefault(other, []).append(code)
        self.above = above
        self.below = {code: tuple(codes) for code, codes in below.items()}
        self.simple = scheme.exclusive and not any(item.broader for item in scheme.values())
        self.groups: dict[str, tuple[str, ...]] = {}
        self.links: dict[tuple[str, str], int] = {}
        single: dict[str, int] = {}
        for item in scheme.values():
            children = tuple(child.code for child in item.children)
            exhaustive = scheme.is_exhaustive(item)
            if len(children) > 1:
                if exhaustive:
                    self.groups[item.code] = children
                if scheme.is_exclusive(item):
                    single.update(dict.fromkeys(children, PP))
            elif children and exhaustive:
                single[children[0]] = EQ
        if single:
            for item in scheme.values():
                mask, code, above_it = EQ, item.code, item.parent
                while above_it is not None:
                    mask = COMPOSE[mask << 5 | single.get(code, self.up)]
                    if mask != self.up:
                        self.links[item.code, above_it.code] = mask
                    code, above_it = above_it.code, above_it.parent

    @classmethod
    def of(cls, scheme: Scheme) -> Tree:
        """Give the tree of a scheme, built once."""
        found: Tree = scheme.memo.get("tree") or scheme.memo.setdefault("tree", cls(scheme))
        return found

    def mask(self, a: str, b: str) -> int:
        """Give what the hierarchy alone says of a to b."""
        if a == b:
            return EQ
        if b in self.above[a]:
            return self.links.get((a, b), self.up)
        if a in self.above[b]:
            return CONVERSE[self.links.get((b, a), self.up)]
        return DR if self.apart(a, b) else ANY

    def apart(self, a: str, b: str) -> bool:
        """Say whether a and b stand under different ones of the children of an exclusive item."""
        if not self.exclusive or a == b or a in self.above[b] or b in self.above[a]:
            return False
        if self.simple:
            return True
        lines = (a, *self.above[a]), (b, *self.above[b])
        for parent in (None, *self.above[a]):
            if parent is None:
                exclusive = self.scheme.exclusive
            else:
                exclusive = parent in lines[1] and self.scheme.is_exclusive(self.scheme[parent])
            if exclusive:
                under_a, under_b = (
                    {code for code in line if self.scheme[code].parent_code == parent}
                    for line in lines
                )
                if under_a and under_b and not under_a & under_b:
                    return True
        return False


@attrs.frozen
class Joint(Map):
    """
    What follows from children that make up an item: of the item, or of one child from the others.

    Attributes:
        steps: The premises besides the hierarchy: for each of the children and the item of
            which something is needed, a step that says it.
        group: The item and its children.
        side: 0 if they are items of the source, 1 if of the target.
    """

    steps: tuple[Step, ...] = attrs.field(kw_only=True, eq=False, repr=False)
    group: tuple[str, ...] = attrs.field(kw_only=True, eq=False)
    side: int = attrs.field(kw_only=True, eq=False)


@attrs.frozen
class Chained(Map):
    """
    What follows over another version of the source or of the target.

    Attributes:
        chain: The two maps, as premises.
    """

    chain: tuple[Premise, ...] = attrs.field(kw_only=True, eq=False, repr=False)


class Facts:
    """
    What is known of the items of one scheme on another.

    `known[x][d]` is the intersection over all paths x - x' (hierarchy) - map - d' (hierarchy) - d,
    `why[x, d]` the steps (x, map, d) that it takes. Where children make up an item, what is
    known of all of them says something of the item, and of all but one something of the last.
    What follows from exclusive children is worked out for one pair when asked for: it would
    fill the table with "disjoint".
    """

    __slots__ = ("_fresh", "_maps", "_over", "contradictions", "here", "known", "there", "why")

    def __init__(self, source: Scheme, target: Scheme, maps: Iterable[Map]) -> None:
        self._over: dict[str, dict[int, list[str]]] | None = None
        self.here, self.there = Tree.of(source), Tree.of(target)
        # Pairs that were narrowed since children were last looked at.
        self._fresh: list[tuple[str, str]] = []
        self.known: dict[str, dict[str, int]] = {}
        self.why: dict[tuple[str, str], tuple[Step, ...]] = {}
        self.contradictions: dict[frozenset[tuple[str, str, int]], tuple[Step, ...]] = {}
        self._maps = [m for m in maps if m.source in source and m.target in target]
        with Undisturbed():
            for m in self._maps:
                self._extend(m)
            if self._maps and (self.here.groups or self.there.groups):
                self._join()
            self._fresh.clear()
            if self.here.exclusive or self.there.exclusive:
                self._check_exclusive()

    def _extend(self, m: Map) -> None:
        """Carry a map along both hierarchies."""
        here, there, mask = self.here, self.there, m.relation.mask
        wider, narrower = there.above[m.target], there.below.get(m.target, ())
        links, t_links = here.links, there.links
        starts = [(m.source, mask)]
        up, t_up, t_down = here.up, there.up, CONVERSE[there.up]
        for x in here.above[m.source]:
            link = links.get((m.source, x), up) if links else up
            starts.append((x, COMPOSE[CONVERSE[link] << 5 | mask]))
        for x in here.below.get(m.source, ()):
            link = links.get((x, m.source), up) if links else up
            starts.append((x, COMPOSE[link << 5 | mask]))
        for x, known in starts:
            if known == ANY:
                continue
            self._add(x, m.target, known, m)
            if t_links:
                for d in wider:
                    link = t_links.get((m.target, d), t_up)
                    if (follows := COMPOSE[known << 5 | link]) != ANY:
                        self._add(x, d, follows, m)
                for d in narrower:
                    link = CONVERSE[t_links.get((d, m.target), t_up)]
                    if (follows := COMPOSE[known << 5 | link]) != ANY:
                        self._add(x, d, follows, m)
                continue
            if (follows := COMPOSE[known << 5 | t_up]) != ANY:
                for d in wider:
                    self._add(x, d, follows, m)
            if (follows := COMPOSE[known << 5 | t_down]) != ANY:
                for d in narrower:
                    self._add(x, d, follows, m)

    def _join(self) -> None:
        """Draw what follows from children that make up an item, until nothing is new."""
        sides = (self.here, self.there)
        parents = [
            {c: p for p, children in tree.groups.items() for c in children} for tree in sides
        ]
        while self._fresh:
            # For each item with children, and item of the other side, of which something is new.
            todo: dict[tuple[int, str, str], None] = {}
            for pair in self._fresh:
                for side in (0, 1):
                    code, other = pair[side], pair[1 - side]
                    if code in parents[side]:
                        todo[side, parents[side][code], other] = None
                    if code in sides[side].groups:
                        todo[side, code, other] = None
            self._fresh = []
            for side, parent, other in todo:
                children = sides[side].groups[parent]
                missing = 0
                for child in children:
                    x, d = (other, child) if side else (child, other)
                    missing += d not in self.known.get(x, ())
                    if missing > 1:
                        break
                else:
                    self._join_group(side, (parent, *children), other)

    def _join_group(self, side: int, group: tuple[str, ...], other: str) -> None:
        """Do so for one item with its children, and one item of the other scheme."""
        pairs = [(code, other) if side == 0 else (other, code) for code in group]
        masks = [self.known.get(x, {}).get(d, ANY) for x, d in pairs]
        if side:
            masks = [CONVERSE[mask] for mask in masks]
        tree = self.there if side else self.here
        union = UNION_APART if tree.scheme.is_exclusive(tree.scheme[group[0]]) else UNION
        whole, *parts = masks
        before, after = [0], [0]
        for part in parts:
            before.append(union[before[-1] << 5 | part] if before[-1] else part)
        for part in reversed(parts):
            after.append(union[part << 5 | after[-1]] if after[-1] else part)
        after.reverse()
        found = [(0, before[-1], [n for n, part in enumerate(masks) if n and part != ANY])]
        for n, part in enumerate(parts):
            first, second = before[n], after[n + 1]
            rest = union[first << 5 | second] if first and second else first or second
            left = sum(
                1 << b for b in range(5) if part >> b & 1 and union[rest << 5 | 1 << b] & whole
            )
            needed = [k for k, mask in enumerate(masks) if k != n + 1 and mask != ANY]
            found.append((n + 1, left, needed))
        for n, mask, needed in found:
            if masks[n] & ~mask:
                steps = tuple(step for k in needed for step in self.why[pairs[k]])
                relation = Relation(mask or masks[n])
                joint = Joint(
                    *pairs[n],
                    relation.converse() if side else relation,
                    justification=REASONING,
                    steps=steps,
                    group=group,
                    side=side,
                )
                if not mask:
                    # No division of the whole among these parts is possible.
                    self._clash((*steps, *self.why.get(pairs[n], ())), group, side)
                    return
                self._extend(joint)

    def _clash(self, steps: tuple[Step, ...], group: tuple[str, ...], side: int) -> None:
        maps = frozenset((m.source, m.target, m.relation.mask) for _, m, _ in steps)
        x, _, d = steps[0]
        joint = Joint(x, d, Relation.ANY, steps=steps, group=group, side=side)
        self.contradictions.setdefault(maps, ((x, joint, d),))

    @property
    def over(self) -> dict[str, dict[int, list[str]]]:
        """The same as `known`, from the other side: items by what the target is to them."""
        if self._over is None:
            self._over = {}
            for x, row in self.known.items():
                for d, mask in row.items():
                    self._over.setdefault(d, {}).setdefault(CONVERSE[mask], []).append(x)
        return self._over

    def _add(self, x: str, d: str, mask: int, m: Map) -> None:
        row = self.known.setdefault(x, {})
        old = row.get(d, ANY)
        new = old & mask
        if new == old:
            return
        step = (x, m, d)
        if not new:
            self._contradict((*self.why[x, d], step))
            return
        row[d] = new
        self._fresh.append((x, d))
        self.why[x, d] = (step,) if new == mask else (*self.why.get((x, d), ()), step)

    def _contradict(self, steps: tuple[Step, ...]) -> None:
        """Note steps that leave no relation of their two ends; once for the same maps."""
        if self.mask_of(steps):
            return
        steps = self._needed(steps, 0)
        maps = frozenset((m.source, m.target, m.relation.mask) for _, m, _ in steps)
        found = self.contradictions.get(maps)
        if found is None or _moves(steps) < _moves(found):
            self.contradictions[maps] = steps

    def _needed(self, steps: tuple[Step, ...], mask: int) -> tuple[Step, ...]:
        """Leave out the steps without which the mask is the same."""
        for step in steps:
            rest = tuple(other for other in steps if other is not step)
            if rest and self.mask_of(rest) == mask:
                steps = rest
        return steps

    def mask_of(self, steps: Iterable[Step]) -> int:
        """Give the intersection of what single steps say."""
        mask = ANY
        for x, m, d in steps:
            first = COMPOSE[self.here.mask(x, m.source) << 5 | m.relation.mask]
            mask &= COMPOSE[first << 5 | self.there.mask(m.target, d)]
        return mask

    def steps(self, x: str, d: str, *, exclusive: bool = True) -> tuple[Step, ...]:
        """
        Give the steps from which all that is known of x to d follows, none of them superfluous.

        Without `exclusive` it is what `known` says.
        """
        found = self.why.get((x, d), ())
        if exclusive and (self.here.exclusive or self.there.exclusive):
            more = ((x, m, d) for m in self._maps)
            found += tuple(step for step in more if self.mask_of((step,)) != ANY)
        return self._needed(found, self.mask_of(found))

    def mask(self, x: str, d: str) -> int:
        """Give all that is known of x to d."""
        if self.here.exclusive or self.there.exclusive:
            return self.mask_of(self.steps(x, d))
        return self.known.get(x, {}).get(d, ANY)

    def _check_exclusive(self) -> None:
        """Find what is in one thing and has to do with another that is disjoint with it."""
        touching: dict[str, list[str]] = {}
        for x, row in self.known.items():
            close = [d for d, mask in row.items() if not mask & DR]
            for d in close:
                touching.setdefault(d, []).append(x)
            for d in close:
                if not row[d] & ~PART:
                    for e in close:
                        if self.there.apart(d, e):
                            more = ((x, m, e) for _, m, _ in self.why[x, d])
                            self._contradict((*self.why[x, e], *more))
        for d, items in touching.items():
            for x in items:
                if not self.known[x][d] & ~WHOLE:
                    for other in items:
                        if self.here.apart(x, other):
                            more = ((other, m, d) for _, m, _ in self.why[x, d])
                            self._contradict((*self.why[other, d], *more))


def _moves(steps: Iterable[Step]) -> int:
    """Count the steps along a hierarchy."""
    return sum((x != m.source) + (m.target != d) for x, m, d in steps)


def _turn(m: Map) -> Map:
    return Map(
        m.target,
        m.source,
        m.relation.converse(),
        m.confidence,
        m.justification if m.justification in _BOTH_WAYS else INVERSION,
        m.comment,
        None,
        m.derivation,
        m.place,
        metadata=_turned(m.metadata),
    )


# Turned round, these are what they were: equal names are equal either way, and a chain is a chain.
_BOTH_WAYS = frozenset({None, LEXICAL, CHAINING, REASONING, INVERSION})
# What SSSOM says of one direction only.
_ONE_WAY = frozenset({
    "mapping_set_id", "mapping_set_title", "predicate_id", "predicate_modifier",
    "predicate_label", "mapping_cardinality", "record_id",
})  # fmt: skip


def _turned(slots: Mapping[str, Any]) -> dict[str, Any]:
    """Give SSSOM slots for the other direction: subject and object change places."""
    found = {}
    for name, value in slots.items():
        side, _, rest = name.partition("_")
        other = {"subject": "object", "object": "subject"}.get(side)
        if name not in _ONE_WAY:
            found[f"{other}_{rest}" if other else name] = value
    return found


def asserted_maps(source: Scheme, target: Scheme) -> list[Map]:
    """Give the maps that files assert between two schemes, turned to run from source to target."""
    store = catalog_of(source)
    found: list[Map] = []
    for file, turned in store.maps_between(source.id, target.id):
        found += (_turn(m) for m in file.maps) if turned else file.maps
    return [m for m in found if m.source in source and m.target in target]


def continuing_maps(source: Scheme, target: Scheme) -> list[Map]:
    """
    Give the maps of the items that go on from one version of a series to another.

    An item keeps its code as long as it means the same, so the two are equal; unless it is a
    tier or a list, whose items may be others by now. A declared successor has something of what
    it follows. Where files map the versions, they rule.
    """
    if source.series != target.series or source.id == target.id or source.series == HUB:
        return []
    both = (code for code in source if code in target)
    leaves = (c for c in both if not (source[c].children or target[c].children))
    maps = [
        Map(code, code, Relation.EQ)
        for code in leaves
        if not any(_is_open(scheme[code]) for scheme in (source, target))
    ]
    common = Relation(CLOSE)
    maps += [Map(x, y, common) for x in source for y in source[x].successors if y in target]
    maps += [Map(x, y, common) for y in target for x in target[y].successors if x in source]
    return maps


def maps_over_versions(source: Scheme, target: Scheme) -> list[Chained]:
    """
    Give the maps that follow where a file maps another version of the source or of the target.

    One step to that version, one from it: what files say of the two versions, else the items
    that go on from one to the other (`continuing_maps`).
    """
    if source.series == target.series or HUB in (source.series, target.series):
        return []
    found: list[Chained] = []
    for ours in (False, True):
        store = catalog_of(source if ours else target)
        here, there = (source, target) if ours else (target, source)
        for id_ in _versions_beside(store, here):
            if not store.maps_between(id_, there.id):
                continue
            middle = store.load(id_)
            ends = (source, middle, target)
            steps = [
                asserted_maps(a, b) or continuing_maps(a, b)
                for a, b in ((source, middle), (middle, target))
            ]
            after: dict[str, list[Map]] = {}
            for n in steps[1]:
                after.setdefault(n.source, []).append(n)
            found += (
                _chained(ends, m, n)
                for m in steps[0]
                for n in after.get(m.target, ())
                if not m.relation.then(n.relation).nothing_follows
            )
    return found


def _versions_beside(store: Catalog, scheme: Scheme) -> list[str]:
    """Give the ids of the other versions of a scheme's series."""
    known = next((s for s in store if s.id == scheme.series), None)
    versions = known.versions if known else ()
    return [f"{scheme.series}@{v}" for v in versions if v != scheme.version]


def _chained(ends: tuple[Scheme, Scheme, Scheme], m: Map, n: Map) -> Chained:
    source, middle, target = ends
    chain = (by_map(source, middle, m), by_map(middle, target, n))
    return Chained(
        m.source,
        n.target,
        m.relation.then(n.relation),
        confidence_of(chain),
        CHAINING,
        chain=chain,
    )


def _is_open(item: Item) -> bool:
    return item.open or item.incomplete or is_tier(item)


def hub_of(scheme: Scheme) -> Scheme:
    """Give the hub that a scheme is compared on."""
    hub: Scheme = catalog_of(scheme).hub()
    return hub


def hub_maps(scheme: Scheme) -> list[Map]:
    """
    Give the maps of a scheme's items to hub concepts.

    An item that no file maps is taken to equal the concept whose name it carries; such a
    map says so (semapv:LexicalMatching) and has confidence 0.8, a decision of ours.
    """
    if "hub_maps" in scheme.memo:
        found: list[Map] = scheme.memo["hub_maps"]
        return found
    hub = hub_of(scheme)
    maps = asserted_maps(scheme, hub)
    mapped = {m.source for m in maps}
    if scheme.origin is None or len(mapped) < len(scheme):
        from .names import concepts_named

        named = concepts_named(hub)
        for item in scheme.values():
            if item.code in mapped or scheme.levels:
                continue
            codes = {named[key] for name in item.names if (key := fold(name)) in named}
            if len(codes) == 1:
                maps.append(Map(item.code, codes.pop(), Relation.EQ, 0.8, LEXICAL))
    scheme.memo["hub_maps"] = maps
    return maps


def on_hub(scheme: Scheme) -> Facts:
    """Give what is known of a scheme's items on the hub, derived once."""
    if "on_hub" not in scheme.memo:
        hub = hub_of(scheme)
        if scheme.series == HUB:
            maps = [Map(code, code, Relation.EQ) for code in scheme]
        else:
            maps = hub_maps(scheme)
        scheme.memo["on_hub"] = Facts(scheme, hub, maps)
    found: Facts = scheme.memo["on_hub"]
    return found


def item_on_hub(scheme: Scheme, code: str) -> dict[str, tuple[int, tuple[Step, ...]]]:
    """
    Give what the maps of one item, and of those above and below it, say of it on the hub.

    For one item of a large classification this is cheaper than `on_hub`, and says no more than
    that: closures are left out.

    Returns:
        By concept: the mask of the item to it, and the steps it follows from.
    """
    tree, there = Tree.of(scheme), Tree.of(hub_of(scheme))
    if "hub_maps_by_source" not in scheme.memo:
        by_source: dict[str, list[Map]] = {}
        for m in hub_maps(scheme):
            by_source.setdefault(m.source, []).append(m)
        scheme.memo["hub_maps_by_source"] = by_source
    maps: dict[str, list[Map]] = scheme.memo["hub_maps_by_source"]
    found: dict[str, tuple[int, tuple[Step, ...]]] = {}
    for x in (code, *tree.above[code], *tree.below.get(code, ())):
        for m in maps.get(x, ()):
            mask = COMPOSE[tree.mask(code, x) << 5 | m.relation.mask]
            for d in (m.target, *there.above[m.target], *there.below.get(m.target, ())):
                follows = COMPOSE[mask << 5 | there.mask(m.target, d)]
                old, steps = found.get(d, (ANY, ()))
                new, step = old & follows, (code, m, d)
                if new != old:
                    found[d] = (new, (step,) if new == follows else (*steps, step))
    return found


def steps_of(source: Scheme, target: Scheme, x: str, m: Map, d: str) -> Iterator[Premise]:
    """Say one path x - m.source - m.target - d as premises; the steps that say nothing left out."""
    if x != m.source:
        yield by_hierarchy(source, x, m.source)
    if isinstance(m, Joint):
        for step in m.steps:
            yield from steps_of(source, target, *step)
        scheme = target if m.side else source
        whole, *parts = m.group
        for part in parts:
            yield attrs.evolve(by_hierarchy(scheme, part, whole), reason="exhaustive")
    elif isinstance(m, Chained):
        yield from m.chain
    elif not (source.id == target.id and m.source == m.target):
        yield by_map(source, target, m)
    if m.target != d:
        yield by_hierarchy(target, m.target, d)


def by_map(source: Scheme, target: Scheme, m: Map) -> Premise:
    """Say a map as a premise."""
    return Premise(
        source[m.source].id,
        target[m.target].id,
        m.relation,
        (source[m.source].label, target[m.target].label),
        _reason(source, target, m),
        m.place,
        m.confidence,
    )


def _reason(source: Scheme, target: Scheme, m: Map) -> str:
    if m.justification == LEXICAL:
        return "name"
    if m.place is not None or source.series != target.series:
        return "map"
    return "code" if m.source == m.target else "successor"


def by_hierarchy(scheme: Scheme, a: str, b: str) -> Premise:
    """Say as a premise what the hierarchy of a scheme says of two of its items."""
    mask = Tree.of(scheme).mask(a, b)
    return Premise(
        scheme[a].id,
        scheme[b].id,
        Relation(mask),
        (scheme[a].label, scheme[b].label),
        {DR: "exclusive", EQ: "exhaustive"}.get(mask, "hierarchy"),
    )


class Network:
    """
    Everything that is known between two schemes, with its derivation.

    The paths are those along both hierarchies over one map between the two (where no file has
    any, over one map to or from another version and the step between the versions), or over one
    map of each to the hub; what is within an item is disjoint with those that the item is.
    """

    def __init__(self, source: Scheme, target: Scheme) -> None:
        self.source, self.target = source, target
        self.here, self.there = Tree.of(source), Tree.of(target)
        self.hub = hub_of(source)
        self.left, self.right = on_hub(source), on_hub(target)
        self.tree = self.here if source.id == target.id else None
        maps = [] if self.tree else asserted_maps(source, target)
        maps = maps or continuing_maps(source, target) or [*maps_over_versions(source, target)]
        self.direct = Facts(source, target, maps)
        self._all = (self.left, self.right, self.direct)
        self._order = {code: n for n, code in enumerate(target)}
        self._columns: dict[str, list[tuple[str, int]]] = {}

    def row(self, x: str) -> dict[str, int]:
        """Give the mask of x to each item of the target of which something is known."""
        found = self._row(x, self._all)
        if self.tree is not None:
            for y in found:
                found[y] &= self.tree.mask(x, y)
        elif self.there.exclusive or self.here.exclusive:
            telling = _telling(found, turned=False)
            for y in found:
                found[y] &= self._kept_apart(x, y, telling)
        return dict(sorted(found.items(), key=lambda pair: self._order[pair[0]]))

    def candidates(self, x: str) -> list[str]:
        """Give the items of the target of which something is known, in document order."""
        return list(self.row(x))

    def mask(self, x: str, y: str) -> int:
        """Give the intersection over all paths; 0 is a contradiction."""
        return self._mask(x, y, self._all)

    def _row(self, x: str, facts: tuple[Facts, Facts, Facts]) -> dict[str, int]:
        left, right, direct = facts
        found = dict(direct.known.get(x, ()))
        over = right.over
        for d, mask in left.known.get(x, {}).items():
            for other, items in over.get(d, {}).items():
                follows = COMPOSE[mask << 5 | other]
                if follows != ANY:
                    for y in items:
                        found[y] = found.get(y, ANY) & follows
        return found

    def _column(self, y: str, facts: tuple[Facts, Facts, Facts]) -> dict[str, int]:
        """Give the mask of each item of the source to y."""
        left, right, direct = facts
        found: dict[str, int] = {}
        for mask, items in direct.over.get(y, {}).items():
            found.update(dict.fromkeys(items, CONVERSE[mask]))
        for d, mask in right.known.get(y, {}).items():
            for other, items in left.over.get(d, {}).items():
                follows = CONVERSE[COMPOSE[mask << 5 | other]]
                if follows != ANY:
                    for x in items:
                        found[x] = found.get(x, ANY) & follows
        return found

    def _kept_apart(self, x: str, y: str, telling: Sequence[tuple[str, int]]) -> int:
        """Give what follows from all that is disjoint with x or with y and related to the other."""
        mask = ANY
        if self.there.exclusive:
            for other, follows in telling:
                if mask & ~follows and self.there.apart(other, y):
                    mask &= follows
        if self.here.exclusive:
            if y not in self._columns:
                self._columns[y] = _telling(self._column(y, self._all), turned=True)
            for other, follows in self._columns[y]:
                if mask & ~follows and self.here.apart(x, other):
                    mask &= follows
        return mask

    def _mask(self, x: str, y: str, facts: tuple[Facts, Facts, Facts]) -> int:
        mask = self._on_paths(x, y, facts)
        if mask:
            for follows, _ in self._apart_links(x, y, facts):
                mask &= follows
        return mask

    def _apart_links(
        self, x: str, y: str, facts: tuple[Facts, Facts, Facts]
    ) -> list[tuple[int, tuple[int, str, str]]]:
        """Give the strongest that follows from an item disjoint with y, and from one disjoint with x."""
        found = []
        if self.tree is None and self.there.exclusive:
            found += [
                (follows, (1, other, y))
                for other, follows in _telling(self._row(x, facts), turned=False)
                if self.there.apart(other, y)
            ][:1]
        if self.tree is None and self.here.exclusive:
            found += [
                (follows, (0, x, other))
                for other, follows in _telling(self._column(y, facts), turned=True)
                if self.here.apart(x, other)
            ][:1]
        return found

    def _on_paths(self, x: str, y: str, facts: tuple[Facts, Facts, Facts]) -> int:
        left, right, direct = facts
        mask = direct.mask(x, y)
        if self.tree is not None:
            mask &= self.tree.mask(x, y)
        row, other = left.known.get(x, {}), right.known.get(y, {})
        for d in row if len(row) <= len(other) else other:
            if d in row and d in other:
                mask &= COMPOSE[row[d] << 5 | CONVERSE[other[d]]]
        return mask

    def premises(self, x: str, y: str) -> tuple[Premise, ...]:
        """Give a set of premises, none of them superfluous, from which the relation follows."""
        return self.explain(x, y).premises

    def explain(self, x: str, y: str) -> Derivation:
        """Say what the relation rests on, how it follows, and how sure it is."""
        wanted = self._mask(x, y, self._all)
        every = self._paths(x, y, self._all)
        paths = _chosen(every, wanted)
        used = _maps_on(paths)
        if sum(map(len, used)) > 2:
            # No path is superfluous here, but a map may be: others may reach as far another way.
            for side, maps in enumerate(used):
                for m in tuple(maps):
                    fewer = tuple(
                        [other for other in kept if n != side or other is not m]
                        for n, kept in enumerate(used)
                    )
                    if self._mask(x, y, self._facts_of(fewer)) == wanted:
                        used = fewer
            paths = _chosen(self._paths(x, y, self._facts_of(used)), wanted)
        premises = self._said(paths)
        confidence = confidence_of(premises)
        taken = {m for side in _maps_on(paths) for m in side}
        # One chain of maps is one path, over however many concepts the hierarchies carry it.
        count = len({_chain_of(path) for path in every})
        for path in every:
            others = {m for side in _maps_on([path]) for m in side}
            if path[0] == wanted and others and taken.isdisjoint(others):
                # Records of which none is among the premises say the same by themselves.
                taken |= others
                confidence = either(confidence, confidence_of(self._said([path])))
        return Derivation(premises, count, _justification(premises, len(paths)), confidence)

    def ways(self, x: str, y: str) -> tuple[Way, ...]:
        """Give every chain of maps that says something of the two, the one that says most first."""
        chains: dict[frozenset[Map], list[Path]] = {}
        for path in self._paths(x, y, self._all):
            chains.setdefault(_chain_of(path), []).append(path)
        found = []
        for paths in chains.values():
            mask = ANY
            for path in paths:
                mask &= path[0]
            found.append(Way(Relation(mask), self._said(_chosen(paths, mask))))
        return tuple(sorted(found, key=lambda way: way.relation.mask.bit_count()))

    def _said(self, paths: Iterable[Path]) -> tuple[Premise, ...]:
        """Say paths as premises."""
        ends = (self.source, self.hub), (self.target, self.hub), (self.source, self.target)
        said: list[Premise] = []
        for _, sides, links in paths:
            for (a, b), steps in zip(ends, sides, strict=True):
                said += (premise for step in steps for premise in steps_of(a, b, *step))
            said += (by_hierarchy((self.source, self.target)[side], *pair) for side, *pair in links)
        return tuple(dict.fromkeys(said))

    def _facts_of(self, maps: Sequence[Sequence[Map]]) -> tuple[Facts, Facts, Facts]:
        left, right, direct = maps
        return (
            Facts(self.source, self.hub, left),
            Facts(self.target, self.hub, right),
            Facts(self.source, self.target, direct),
        )

    def _paths(self, x: str, y: str, facts: tuple[Facts, Facts, Facts]) -> list[Path]:
        """Give all paths that say anything, the strongest and shortest first."""
        paths = self._plain_paths(x, y, facts)
        for mask, link in self._apart_links(x, y, facts):
            side, one, other = link
            # The way to the item that keeps the two apart, then the hierarchy.
            ends = (x, one) if side else (other, y)
            inner = _chosen(self._plain_paths(*ends, facts), self._on_paths(*ends, facts))
            sides: Steps = ((), (), ())
            for _, steps, _ in inner:
                first, second, third = ((*a, *b) for a, b in zip(sides, steps, strict=True))
                sides = first, second, third
            paths.append((mask, sides, (link,)))
        return sorted(paths, key=_effort)

    def _plain_paths(self, x: str, y: str, facts: tuple[Facts, Facts, Facts]) -> list[Path]:
        left, right, direct = facts
        paths: list[Path] = []
        if self.tree is not None and (mask := self.tree.mask(x, y)) != ANY:
            paths.append((mask, ((), (), ()), ((0, x, y),)))
        if (mask := direct.mask(x, y)) != ANY:
            paths.append((mask, ((), (), direct.steps(x, y)), ()))
        row, other = left.known.get(x, {}), right.known.get(y, {})
        for d in row:
            if d in other:
                mask = COMPOSE[row[d] << 5 | CONVERSE[other[d]]]
                if mask != ANY:
                    sides = (
                        left.steps(x, d, exclusive=False),
                        right.steps(y, d, exclusive=False),
                        (),
                    )
                    paths.append((mask, sides, ()))
        paths.sort(key=_effort)
        return paths

    def contradictions(self) -> Iterator[Contradiction]:
        """Give the contradictions of either scheme with the hub, and of the two with each other."""
        for facts in (self.left, self.right, self.direct):
            yield from contradictions_of(facts)
        for x in self.source:
            for y, mask in self.row(x).items():
                if not mask:
                    yield Contradiction(self.source[x].id, self.target[y].id, self.premises(x, y))


def _effort(path: Path) -> tuple[int, int, int]:
    mask, sides, links = path
    steps = [step for side in sides for step in side]
    return mask.bit_count(), _moves(steps) + len(links), len(steps)


def _chosen(paths: Sequence[Path], wanted: int) -> list[Path]:
    """Choose paths, none superfluous, whose intersection is the mask wanted."""
    kept: list[Path] = []
    mask = ANY
    for path in paths:
        if mask & path[0] != mask:
            mask &= path[0]
            kept.append(path)
    for path in tuple(kept):
        rest = ANY
        for other_path in kept:
            if other_path is not path:
                rest &= other_path[0]
        if rest == wanted:
            kept.remove(path)
    return kept


def _telling(masks: Mapping[str, int], *, turned: bool) -> list[tuple[str, int]]:
    """
    Give the items that tell something of others disjoint with them, and what, strongest first.

    `turned` if it is the item that stands first in the relation.
    """
    found = [
        (code, COMPOSE[DR << 5 | mask] if turned else COMPOSE[mask << 5 | DR])
        for code, mask in masks.items()
    ]
    return sorted((pair for pair in found if pair[1] != ANY), key=lambda pair: pair[1].bit_count())


def _chain_of(path: Path) -> frozenset[Map]:
    """Give the maps of a path: what tells it from paths that only go along other hierarchies."""
    return frozenset(m for side in _maps_on([path]) for m in side)


def _maps_on(paths: Iterable[Path]) -> tuple[list[Map], ...]:
    """Give the maps that paths use: from the source, from the target, between the two."""
    sides: tuple[dict[Map, None], ...] = ({}, {}, {})
    for _, steps, _ in paths:
        for found, side in zip(sides, steps, strict=True):
            found.update((m, None) for m in _asserted(side))
    return tuple(map(list, sides))


def _asserted(steps: Iterable[Step]) -> Iterator[Map]:
    """Give the maps that steps rest on."""
    for _, m, _ in steps:
        if isinstance(m, Joint):
            yield from _asserted(m.steps)
        else:
            yield m


def contradictions_of(facts: Facts) -> Iterator[Contradiction]:
    """Give the contradictions among the maps of one scheme with another, each set of maps once."""
    source, target = facts.here.scheme, facts.there.scheme
    for steps in facts.contradictions.values():
        said = dict.fromkeys(p for step in steps for p in steps_of(source, target, *step))
        x, _, d = steps[0]
        yield Contradiction(source[x].id, target[d].id, tuple(said))


def confidence_of(premises: Iterable[Premise]) -> float | None:
    """Give the product of the confidences along a chain, taking the records as independent."""
    product, any_known = 1.0, False
    for premise in premises:
        if premise.confidence is not None:
            product *= premise.confidence
            any_known = True
    return round(product, 4) if any_known else None


def either(first: float | None, second: float | None) -> float | None:
    """Give the probability that one of two independent ways holds; what is not known adds nothing."""
    if first is None or second is None:
        return second if first is None else first
    return round(1 - (1 - first) * (1 - second), 4)


def _justification(premises: Sequence[Premise], paths: int) -> str:
    maps = [p for p in premises if p.reason in ("map", "name")]
    if paths != 1 or len(maps) < len(premises):
        return REASONING
    return CHAINING if len(maps) > 1 else INVERSION


@attrs.frozen
class Cardinality:
    """
    How many items stand on each side of the maps.

    Attributes:
        per_map: For each map, `1:1`, `1:n`, `n:1` or `n:m` by the number of maps that its
            source and its target have.
        per_component: For each connected component, the codes on both sides.
    """

    per_map: tuple[tuple[Map, str], ...]
    per_component: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    def counts(self) -> dict[str, dict[str, int]]:
        """Give both as counts: `{"maps": {"1:1": …}, "components": {"1:1": …}}`."""
        maps: dict[str, int] = {}
        for _, kind in self.per_map:
            maps[kind] = maps.get(kind, 0) + 1
        components: dict[str, int] = {}
        for left, right in self.per_component:
            kind = _cardinality_word(len(left), len(right))
            components[kind] = components.get(kind, 0) + 1
        return {"maps": dict(sorted(maps.items())), "components": dict(sorted(components.items()))}


@attrs.frozen(repr=False)
class Correspondence:
    """
    The maps between two schemes. XKOS: Correspondence; GSIM: Correspondence Table.

    Attributes:
        source: Id of the source scheme.
        target: Id of the target scheme.
        maps: In the document order of the source; for each source item the closest targets
            first.
        derived: Whether the maps were derived (through the hub) and not asserted in a file.
        schemes: The two schemes, where they are at hand.
        metadata: Header of the SSSOM file, where it came from one.
        absent: Codes of either side for which somebody looked and found no counterpart.
        literals: Codes of either side that are texts and no codes, such as labels.
        labels: Labels by code, of either side, that came with a file.
        notes: What of a file was not kept, in sentences.
        conflicts: For a composition, the pairs whose paths contradict each other, in sentences;
            there is no map for them.
        derivations: For each derived map, by its two codes, what it rests on.
    """

    source: str
    target: str
    maps: tuple[Map, ...]
    derived: bool = attrs.field(default=False, kw_only=True)
    schemes: tuple[Scheme, Scheme] | None = attrs.field(default=None, kw_only=True, eq=False)
    metadata: Mapping[str, Any] = attrs.field(factory=dict, kw_only=True, eq=False)
    conflicts: tuple[str, ...] = attrs.field(default=(), kw_only=True, eq=False)
    absent: tuple[tuple[str, ...], tuple[str, ...]] = attrs.field(default=((), ()), kw_only=True)
    literals: tuple[frozenset[str], frozenset[str]] = attrs.field(
        default=(frozenset(), frozenset()), kw_only=True
    )
    labels: tuple[Mapping[str, str], Mapping[str, str]] = attrs.field(
        default=({}, {}), kw_only=True, eq=False
    )
    notes: tuple[str, ...] = attrs.field(default=(), kw_only=True, eq=False)
    derivations: Mapping[tuple[str, str], Derivation] = attrs.field(
        factory=dict, kw_only=True, eq=False
    )
    _index: dict[str, tuple[Map, ...]] | None = attrs.field(init=False, default=None, eq=False)
    _pairs: _Pairs | None = attrs.field(init=False, default=None, eq=False)
    _inverse: Correspondence | None = attrs.field(init=False, default=None, eq=False)

    @property
    def _by_source(self) -> dict[str, tuple[Map, ...]]:
        """The maps of each source item; made when first needed."""
        if self._index is None:
            last = {m.source: m for m in self.maps}
            found: dict[str, tuple[Map, ...]] = dict(zip(last, zip(last.values())))  # noqa: B905 - of one dict
            if len(last) < len(self.maps):
                rows: dict[str, list[Map]] = {code: [] for code in last}
                for m in self.maps:
                    rows[m.source].append(m)
                found = {code: tuple(row) for code, row in rows.items()}
            object.__setattr__(self, "_index", found)
        return self._index or {}

    def __repr__(self) -> str:
        return f"<Correspondence {self.source} to {self.target} ({len(self)} maps)>"

    def __len__(self) -> int:
        return len(self.maps) if self._pairs is None else len(self._pairs.masks)

    def __getattr__(self, name: str) -> Any:
        # Only reached for the maps of a composition that nobody has looked at yet.
        if name != "maps" or self._pairs is None:
            raise AttributeError(f'a Correspondence has no "{name}"', name=name, obj=self)
        maps = self._pairs.maps()
        object.__setattr__(self, "maps", maps)
        return maps

    def translate(self, code: str) -> tuple[Map, ...]:
        """
        Give the maps of one source item, closest target first; none is an empty tuple.

        Raises:
            UnknownItem: The source scheme has no such code (where the scheme is at hand).
        """
        if code not in self._by_source and self.schemes and code not in self.schemes[0]:
            raise UnknownItem(code, self.source, self.schemes[0])
        return self._by_source.get(code, ())

    def explain(self, m: Map, lang: Literal["zh", "en"] = "zh") -> tuple[str, ...]:
        """
        Say in sentences what a map rests on: the premises, each with file and line.

        Args:
            m: One of the maps.
            lang: "zh" or "en"; what a composition rests on is said in English, by codes.

        Examples:
            >>> import futureindustry as fi
            >>> c = fi.correspondence("hefei-htz/future-industries", "miit/future-industries")
            >>> c.explain(c.translate("fusion-energy")[0], "en")[0].partition(" [")[0]
            'fusion energy (hefei-htz/future-industries) equals fusion energy (futureindustry/concepts)'
        """
        if found := self.derivations.get((m.source, m.target)):
            return found.sentences(lang)
        if m.derivation or not self.schemes:
            return m.derivation or ((f"[{m.place}]",) if m.place else ())
        return (by_map(*self.schemes, m).sentence(lang),)

    def invert(self, totals: Mapping[str, float] | None = None) -> Correspondence:
        """
        Give the same maps read from the target; applied twice it is the original.

        Shares cannot be turned round by themselves: of what arrives at a target, more comes
        from the larger source. Without the totals of the source, weights are left out.

        Args:
            totals: Value of each source item (>= 0, one unit; it cancels). The weights of the
                way back are then w(x, y) T(x) / sum over x of w(x, y) T(x). A target that
                receives nothing, or to which an unknown amount may come, gets none.

        Raises:
            ValueError: A total is negative or not finite, or weights of an item exceed 1.

        Source:
            Bayes' theorem, with the totals as prior.
        """
        if totals is not None:
            weights = turned_weights(self._by_source, totals)
            plain = self.invert()
            maps = [attrs.evolve(m, weight=weights.get((m.source, m.target))) for m in plain.maps]
            return attrs.evolve(plain, maps=tuple(maps))
        if self._inverse is not None:
            return self._inverse
        maps = [_turn(m) for m in self.maps]
        if self.schemes:
            order = {code: n for n, code in enumerate(self.schemes[1])}
            maps.sort(key=lambda m: (order.get(m.source, -1), _closeness(m.relation.mask)))
        inverse = attrs.evolve(
            self,
            source=self.target,
            target=self.source,
            maps=tuple(maps),
            schemes=self.schemes and self.schemes[::-1],
            absent=self.absent[::-1],
            literals=self.literals[::-1],
            labels=self.labels[::-1],
            metadata=_turned(self.metadata),
            derivations={(y, x): found for (x, y), found in self.derivations.items()},
        )
        object.__setattr__(inverse, "_inverse", self)
        return inverse

    def compose(self, other: Correspondence) -> Correspondence:
        """
        Give what follows by chaining the maps of two correspondences.

        Every path holds, so several paths between two items are intersected; pairs about
        which nothing follows are left out. Confidence is the product along the best path.
        Where the paths contradict each other there is no map, but an entry in `conflicts`.

        Weights are multiplied along a path and added up over the paths: the product of two
        row-stochastic matrices. A pair has a weight if all of its paths have both; it is then
        kept although nothing else may be known of it, so that the sum of the row is kept.

        Args:
            other: Its source must be this one's target.

        Raises:
            ValueError: The two do not meet in one scheme.
        """
        if other.source.partition("@")[0] != self.target.partition("@")[0]:
            raise ValueError(
                f"cannot compose: the first ends in {self.target}, the second starts in {other.source}"
            )
        pairs = _Pairs()
        firsts, seconds, masks = pairs.firsts, pairs.seconds, pairs.masks
        conflicts: list[str] = []
        after = other._by_source
        rows: Iterable[tuple[Map, ...]]
        if len({m.source for m in self.maps}) == len(self.maps):
            rows = zip(self.maps)
        else:
            rows = self._by_source.values()
        for row in rows:
            if len(row) == 1:
                # Nearly all rows of large tables: one path, nothing to intersect.
                (m,) = row
                found = after.get(m.target, ())
                if len(found) == 1:
                    (n,) = found
                    mask = COMPOSE[m.relation.mask << 5 | n.relation.mask]
                    if mask != ANY or (m.weight and n.weight):
                        firsts.append(m)
                        seconds.append(n)
                        masks.append(mask)
                    continue
            chains: dict[str, list[Map]] = {}
            for m in row:
                for n in after.get(m.target, ()):
                    chains.setdefault(n.target, []).extend((m, n))
            kept = []
            for chain in chains.values():
                mask, weight = _along(chain)
                if not mask:
                    conflicts.append(_conflict(chain))
                elif mask != ANY or weight:
                    kept.append((_closeness(mask), mask, chain))
            for _, mask, chain in sorted(kept, key=itemgetter(0)):
                firsts.append(chain)
                seconds.append(None)
                masks.append(mask)
        ends = (self.schemes[0], other.schemes[1]) if self.schemes and other.schemes else None
        made = Correspondence(
            self.source,
            other.target,
            (),
            derived=True,
            schemes=ends,
            conflicts=tuple(conflicts),
        )
        object.__delattr__(made, "maps")
        object.__setattr__(made, "_pairs", pairs)
        return made

    def allocate(
        self,
        values: Mapping[str, float],
        policy: Literal["weights", "equal", "whole", "reject"] = "weights",
    ) -> Allocation:
        """
        Move values from items of the source to items of the target.

        A share is known from a weight, or because the item equals one target or is part of
        it. What to do about the others is the policy:

        - `weights`: nothing; their value stays `undetermined`, within the bounds.
        - `equal`: split what the weights leave over equally among the other targets.
        - `whole`: the whole value goes to the heaviest target, else to the closest one.
        - `reject`: refuse, naming the items.

        Args:
            values: By source code; finite amounts >= 0 in one unit that can be added up.
                Each amount is taken once: do not give a parent beside its children.
            policy: See above. There is no silent default split: `weights` makes nothing up.

        Returns:
            The values by target, the conserved total, coverage, unmapped and default share,
            and the least and most that each target can be.

        Raises:
            UnknownItem: The source has no such code (where the scheme is at hand).
            NotAllocated: Policy `reject`, and not all shares are known.
            ValueError: A value is negative or no number, weights of an item add up to more
                than 1, or there is no such policy.

        Examples:
            >>> import futureindustry as fi
            >>> c = fi.Correspondence("a/a", "b/b", (
            ...     fi.Map("x", "p", fi.Relation.PO, weight=0.75),
            ...     fi.Map("x", "q", fi.Relation.PO, weight=0.25),
            ...     fi.Map("y", "q", fi.Relation.EQ),
            ... ))
            >>> c.allocate({"x": 100, "y": 10}).values
            {'p': 75.0, 'q': 35.0}
        """
        order: Sequence[str] = ()
        if self.schemes:
            for code in values:
                if code not in self.schemes[0]:
                    raise UnknownItem(code, self.source, self.schemes[0])
            order = tuple(self.schemes[1])
        return allocate(self.source, self.target, self._by_source, values, policy, order=order)

    def check(self) -> list[str]:
        """
        Give what is wrong, in sentences.

        Ends that do not exist, pairs given twice, weights of an item above 1, a weight for
        what is disjoint, contradictions.
        """
        found = list(self.conflicts)
        for code, maps in self._by_source.items():
            if (total := sum(m.weight or 0.0 for m in maps)) > 1 + ROUNDING:
                found.append(f"the weights of {code} add up to {total:.6g}")
            found += (
                f"{code} and {m.target} are disjoint, and yet {m.weight:g} of {code} goes there"
                for m in maps
                if m.weight and m.relation is Relation.DR
            )
        seen: dict[tuple[str, str], Relation] = {}
        for m in self.maps:
            if (before := seen.get((m.source, m.target))) is not None:
                said = f"{m.source} to {m.target} is mapped twice"
                if not before.mask & m.relation.mask:
                    first, second = (
                        r.sentence(m.source, m.target, "en") for r in (before, m.relation)
                    )
                    said += f", and the two contradict each other: {first}; {second}"
                found.append(said)
            seen[m.source, m.target] = m.relation
            if self.schemes:
                for scheme, code in zip(self.schemes, (m.source, m.target), strict=True):
                    if code not in scheme:
                        found.append(str(UnknownItem(code, scheme.id, scheme)))
        if self.schemes and not found:
            network = Network(*self.schemes)
            found += (c.sentence("en") for c in network.contradictions())
        return found

    def cardinality(self) -> Cardinality:
        """Give the cardinality twice: per map, and per connected component."""
        degree: dict[tuple[int, str], int] = {}
        root: dict[tuple[int, str], tuple[int, str]] = {}

        def top(node: tuple[int, str]) -> tuple[int, str]:
            while root[node] != node:
                root[node] = root[root[node]]
                node = root[node]
            return node

        for m in self.maps:
            # The side is part of the vertex: the two schemes may use the same codes.
            ends = ((0, m.source), (1, m.target))
            for end in ends:
                degree[end] = degree.get(end, 0) + 1
                root.setdefault(end, end)
            root[top(ends[0])] = top(ends[1])
        per_map = tuple(
            (m, _cardinality_word(degree[1, m.target], degree[0, m.source])) for m in self.maps
        )
        groups: dict[tuple[int, str], tuple[list[str], list[str]]] = {}
        for node in root:
            groups.setdefault(top(node), ([], []))[node[0]].append(node[1])
        return Cardinality(per_map, tuple((tuple(a), tuple(b)) for a, b in groups.values()))

    def in_common(self, m: Map) -> tuple[int, int, int] | None:
        """
        Count the hub concepts that the two items of a map both hold as a whole.

        It says how much stands behind an overlap: 新能源 meets 低空经济与空天 in one concept of
        dozens. Concepts are counted, not weighed by what they are worth.

        Args:
            m: One of the maps.

        Returns:
            Concepts in common, of the source item, of the target item; None where one of the
            two holds none, or the schemes are not at hand.
        """
        if not self.schemes:
            return None
        a, b = (
            {d for d, mask in on_hub(scheme).known.get(code, {}).items() if not mask & ~WHOLE}
            for scheme, code in zip(self.schemes, (m.source, m.target), strict=True)
        )
        return (len(a & b), len(a), len(b)) if a and b else None

    def unmapped(self) -> tuple[Item, ...]:
        """Give the source items without a map, tiers left out."""
        if not self.schemes:
            return ()
        return tuple(
            item
            for item in self.schemes[0].values()
            if item.code not in self._by_source and not is_tier(item)
        )

    def to_sssom(self, path: FilePath | str | None = None) -> str:
        """
        Write the maps as SSSOM/TSV.

        Args:
            path: Where to write; None to give the text only.

        Returns:
            The text. Relations that no SKOS predicate says exactly are written with the
            next weaker one and kept in the extension slot `ext_relation`.
        """
        labels = self.labels
        ours = self.schemes is not None and all(s.origin is not None for s in self.schemes)
        if self.schemes:
            left, right = ({i.code: str(i.label) for i in s.values()} for s in self.schemes)
            labels = (left, right)
        text = write_maps(
            self.source,
            self.target,
            self.maps,
            metadata={
                "mapping_set_title": f"{self.source} to {self.target}",
                "license": LICENSE if ours and not self.metadata else None,
                **self.metadata,
            },
            labels=labels,
            absent=self.absent,
            literals=self.literals,
        )
        if path is not None:
            write_text(path, text)
        return text


_RELATIONS = (Relation.ANY, *(Relation(mask) for mask in range(1, ANY + 1)))


def _along(chain: Sequence[Map]) -> tuple[int, float | None]:
    """Give mask and weight of several paths, each of two maps after each other."""
    mask, total, weighted = ANY, 0.0, True
    for m, n in zip(chain[::2], chain[1::2], strict=True):
        mask &= COMPOSE[m.relation.mask << 5 | n.relation.mask]
        if m.weight is None or n.weight is None:
            weighted = False
        else:
            total += m.weight * n.weight
    return mask, total if weighted else None


def _confidence_along(chain: Sequence[Map], mask: int) -> float | None:
    """
    Give the confidence that several paths lend to what follows from all of them.

    The product along a path; combined over the paths that say it by themselves, or multiplied
    over all where it takes them together. The records are taken as independent.
    """
    alone: list[float | None] = []
    product: float | None = 1.0
    for m, n in zip(chain[::2], chain[1::2], strict=True):
        known = m.confidence is not None and n.confidence is not None
        along = (m.confidence or 0.0) * (n.confidence or 0.0) if known else None
        product = None if product is None or along is None else product * along
        if COMPOSE[m.relation.mask << 5 | n.relation.mask] == mask:
            alone.append(along)
    if not alone:
        return product
    found: float | None = None
    for along in alone:
        found = either(found, along)
    return found


class _Pairs:
    """
    What a composition found, pair by pair; the records of 100,000 maps wait until asked for.

    `firsts[i]` and `seconds[i]` are the two maps of the only path of a pair, or a list of all
    maps on its paths and None. `masks[i]` is the relation that is left.
    """

    __slots__ = ("firsts", "masks", "seconds")

    def __init__(self) -> None:
        self.firsts: list[Map | list[Map]] = []
        self.seconds: list[Map | None] = []
        self.masks = bytearray()

    def maps(self) -> tuple[Map, ...]:
        """Make the records."""
        found = []
        make, put = Map._chained, object.__setattr__  # noqa: SLF001 - made for this loop
        for m, n, mask in zip(self.firsts, self.seconds, self.masks, strict=True):
            if n is not None:
                found.append(make(_RELATIONS[mask], (m, n)))  # type: ignore[arg-type]  # one path
            elif not isinstance(m, Map):
                made = make(_RELATIONS[mask], tuple(m))
                # What several paths give is not the product along the first.
                put(made, "confidence", _confidence_along(m, mask))
                put(made, "weight", _along(m)[1])
                found.append(made)
        return tuple(found)


def _conflict(chain: Sequence[Map]) -> str:
    said = (
        f"{m.source} – {m.target} – {n.target}"
        for m, n in zip(chain[::2], chain[1::2], strict=True)
    )
    return f"{chain[0].source} to {chain[1].target}: no relation is left by {', '.join(said)}"


def _cardinality_word(sources: int, targets: int) -> str:
    if sources == targets == 1:
        return "1:1"
    return "n:m" if sources > 1 and targets > 1 else "n:1" if sources > 1 else "1:n"


def is_tier(item: Item) -> bool:
    """Say whether an item is a tier of its scheme and no industry: it fills a slot or only groups."""
    if item.slot is not None:
        return True
    return item.parent_code is None and not item.scheme.levels and bool(item.children)


def correspondence(a: Scheme | str, b: Scheme | str, *, as_of: str | None = None) -> Correspondence:
    """
    Give the correspondence of two schemes: as asserted in a file, else derived.

    Where a file maps another version of one of the two, that table is carried over the step
    between the versions; else it is derived through the hub.

    Derived maps say the tightest relation that follows. For each source item the closest
    targets are given: one that another target already implies along the hierarchy is left
    out, and so are pairs about which nothing follows and those known to be disjoint.

    Args:
        a: Source scheme or its id.
        b: Target scheme or its id.
        as_of: Date that picks the versions of ids that name none.

    Returns:
        The correspondence, tiers left out.

    Raises:
        UnknownScheme: No such scheme.

    Examples:
        >>> import futureindustry as fi
        >>> c = fi.correspondence("hefei-htz/future-industries", "shenzhen/20-plus-8")
        >>> [(m.relation, m.target) for m in c.translate("quantum-information")]
        [(Relation.EQ, 'quantum-information')]
    """
    source, target = as_scheme(a, as_of=as_of), as_scheme(b, as_of=as_of)
    maps = [] if source.id == target.id else asserted_maps(source, target)
    if maps:
        order = {code: n for n, code in enumerate(source)}
        maps.sort(key=lambda m: (order[m.source], _closeness(m.relation.mask)))
        return Correspondence(source.id, target.id, tuple(maps), schemes=(source, target))
    derived: list[Map] = []
    why: dict[tuple[str, str], Derivation] = {}
    if chained := maps_over_versions(source, target):
        # A table of another version is as good as one of this: no more is derived from it.
        derived = _over_versions(source, chained, why)
    else:
        network = Network(source, target)
        for item in source.values():
            if not is_tier(item):
                derived += _derive(network, item.code, why)
    return Correspondence(
        source.id,
        target.id,
        tuple(derived),
        derived=True,
        schemes=(source, target),
        derivations=why,
    )


def _over_versions(
    source: Scheme, chained: Iterable[Chained], why: dict[tuple[str, str], Derivation]
) -> list[Map]:
    """Give one map for each pair of items that chains lead to: what all of them say."""
    pairs: dict[tuple[str, str], list[Chained]] = {}
    for m in chained:
        pairs.setdefault((m.source, m.target), []).append(m)
    order = {code: n for n, code in enumerate(source)}
    maps = []
    for (x, y), chains in pairs.items():
        mask = ANY
        for m in chains:
            mask &= m.relation.mask
        if mask and not mask & DR:
            premises = tuple(dict.fromkeys(premise for m in chains for premise in m.chain))
            how = CHAINING if len(chains) == 1 else REASONING
            confidence = confidence_of(premises)
            why[x, y] = Derivation(premises, len(chains), how, confidence)
            said = tuple(premise.sentence("en") for premise in premises)
            maps.append(Map(x, y, Relation(mask), confidence, how, derivation=said))
    return sorted(maps, key=lambda m: (order[m.source], _closeness(m.relation.mask)))


def _closeness(mask: int) -> int:
    """Order of usefulness: equal, part, contains, the rest."""
    return (
        (EQ, PP, PART, PPI, WHOLE, PO).index(mask) if mask in (EQ, PP, PART, PPI, WHOLE, PO) else 6
    )


def _derive(network: Network, x: str, why: dict[tuple[str, str], Derivation]) -> list[Map]:
    tree = Tree.of(network.target)
    masks = {
        y: mask
        for y, mask in network.row(x).items()
        if mask and not mask & DR and not is_tier(network.target[y])
    }
    maps = []
    for y in closest(masks, tree):
        found = why[x, y] = network.explain(x, y)
        maps.append(
            Map(
                x,
                y,
                Relation(masks[y]),
                found.confidence,
                found.justification,
                derivation=tuple(p.sentence("en") for p in found.premises),
            )
        )
    return sorted(maps, key=lambda m: _closeness(m.relation.mask))


def closest(masks: Mapping[str, int], tree: Tree) -> list[str]:
    """
    Give the items that no other one implies.

    Args:
        masks: What is known of one thing to each item.
        tree: Hierarchy of the items.

    Returns:
        Codes: left out is what stands above an item that the thing is part of, what stands
        below one that it contains, and what the hierarchy says just as well.
    """
    parts = {y for y, mask in masks.items() if not mask & ~PART}
    wholes = {y for y, mask in masks.items() if not mask & ~WHOLE}
    dropped = {y for y in masks if not parts.isdisjoint(tree.below.get(y, ()))}
    dropped |= {y for y in masks if not wholes.isdisjoint(tree.above[y])}
    for y, mask in masks.items():
        for other in (*tree.above[y], *tree.below.get(y, ())):
            if other in masks and other not in dropped:
                follows = COMPOSE[masks[other] << 5 | tree.mask(other, y)]
                if follows & ~mask == 0:
                    dropped.add(y)
                    break
    return [y for y in masks if y not in dropped]


def best_items(scheme: Scheme, masks: Mapping[str, int]) -> tuple[str | None, tuple[str, ...]]:
    """
    Give the items of a scheme that something reaches, and as what.

    Equal items first; else the most specific that it is part of; else the widest that it
    contains; else those it overlaps. A tier counts only if no industry does.

    Args:
        scheme: The scheme.
        masks: What is known of the thing to each of its items.

    Returns:
        `equals`, `part_of`, `contains` or `overlaps`, and the codes; None and nothing if
        nothing is reached. Several codes mean that none of them is the best.
    """
    for word, allowed in (
        ("equals", EQ),
        ("part_of", PART),
        ("contains", WHOLE),
        ("overlaps", CLOSE),
    ):
        codes = [code for code, mask in masks.items() if mask and not mask & ~allowed]
        codes = [code for code in codes if not is_tier(scheme[code])] or codes
        if codes:
            return word, _extreme(scheme, codes, widest=word == "contains")
    return None, ()


def _extreme(scheme: Scheme, codes: list[str], *, widest: bool) -> tuple[str, ...]:
    """Keep the most specific items, or the widest ones."""
    if len(codes) == 1:
        return tuple(codes)
    tree, hub_tree = Tree.of(scheme), Tree.of(hub_of(scheme))
    known = on_hub(scheme).known

    def below(a: str, b: str) -> bool:
        """Whether a is known to be less than b, by the scheme's tree or on the hub."""
        if b in tree.above[a]:
            return True
        row = known.get(b, {})
        equal_a = [d for d, mask in known.get(a, {}).items() if mask == EQ]
        equal_b = [d for d, mask in row.items() if mask == EQ]
        return any(row.get(d) == PPI for d in equal_a) or any(
            e in hub_tree.above[d] for d in equal_a for e in equal_b
        )

    if widest:
        kept = [a for a in codes if not any(below(a, b) for b in codes if b != a)]
    else:
        kept = [a for a in codes if not any(below(b, a) for b in codes if b != a)]
    return tuple(kept or codes)


@attrs.frozen(eq=False)
class RelationBetween:
    """
    The relation of two items and what it rests on.

    Compares equal to a `Relation`.

    Attributes:
        source: Id of the first item.
        target: Id of the second item.
        relation: Of the first to the second.
        derivation: The premises; empty where nothing follows.
        labels: Of the two items.
        paths: How many paths say something of the two.
        ways: Each of them. Every one holds, so the relation is what all of them leave.
        justification: semapv term of how it follows; None where nothing does.
        confidence: See `Derivation`.
    """

    source: str
    target: str
    relation: Relation
    derivation: tuple[Premise, ...]
    labels: tuple[Text, Text]
    paths: int = attrs.field(default=0, kw_only=True)
    ways: tuple[Way, ...] = attrs.field(default=(), kw_only=True)
    justification: str | None = attrs.field(default=None, kw_only=True)
    confidence: float | None = attrs.field(default=None, kw_only=True)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, RelationBetween):
            return (self.source, self.target, self.relation) == (
                other.source,
                other.target,
                other.relation,
            )
        return self.relation is other

    def __hash__(self) -> int:
        return hash(self.relation)

    def __str__(self) -> str:
        return str(self.relation)

    def sentence(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Say the relation."""
        a, b = (
            f"{text.show(lang)} ({id_.partition('#')[0]})"
            for text, id_ in zip(self.labels, (self.source, self.target), strict=True)
        )
        return self.relation.sentence(a, b, lang)

    def explain(self, lang: Literal["zh", "en"] = "zh", *, every: bool = False) -> str:
        """Say the relation and, line by line, what it rests on; with `every`, path by path."""
        lines = [self.sentence(lang)]
        if not every:
            lines += (f"  {p.sentence(lang)}" for p in self.derivation)
        for n, way in enumerate(self.ways if every else (), 1):
            head = attrs.evolve(self, relation=way.relation).sentence(lang)
            lines += (f"  {n}. {head}", *(f"     {p.sentence(lang)}" for p in way.premises))
        return "\n".join(lines)


def relation_between(a: str, b: str, *, as_of: str | None = None) -> RelationBetween:
    """
    Give the tightest relation of two items that follows, with its derivation.

    Args:
        a: `issuer/series#code` (newest version) or `issuer/series@version#code`.
        b: The same.
        as_of: Date that picks the versions of ids that name none.

    Returns:
        The relation, with the premises and the number of paths. Where nothing follows it is
        `Relation.ANY`, without premises.

    Raises:
        InvalidId: Not the id of an item.
        UnknownScheme: No such scheme.
        UnknownItem: No such item; the nearest code is given.
        FutureIndustryError: The premises contradict each other; they are named.

    Source:
        Composition in RCC-5: Randell, Cui and Cohn, "A spatial logic based on regions and
        connection", KR 1992; Bennett, "Spatial reasoning with propositional logics", KR 1994.

    Examples:
        >>> import futureindustry as fi
        >>> found = fi.relation_between(
        ...     "hefei-htz/future-industries#fusion-energy", "miit/future-industries#nuclear-fusion"
        ... )
        >>> found.relation, len(found.derivation)
        (Relation.EQ, 2)
    """
    ends = []
    for id_ in (a, b):
        series, version, code = split_id(id_)
        if code is None:
            raise InvalidId(f'"{id_}" names a scheme; add #code to name an item of it')
        scheme = as_scheme(series + (f"@{version}" if version else ""), as_of=as_of)
        ends.append((scheme, scheme[code]))
    (source, x), (target, y) = ends
    network = Network(source, target)
    mask = network.mask(x.code, y.code)
    found = network.explain(x.code, y.code)
    premises = found.premises if mask != ANY else ()
    if not mask:
        raise FutureIndustryError(Contradiction(x.id, y.id, premises).sentence("en"))
    return RelationBetween(
        x.id,
        y.id,
        Relation(mask),
        premises,
        (x.label, y.label),
        paths=found.paths,
        ways=network.ways(x.code, y.code),
        justification=found.justification if premises else None,
        confidence=found.confidence if premises else None,
    )


def read_sssom(path: FilePath | str, metadata: FilePath | str | None = None) -> Correspondence:
    """
    Read a correspondence from an SSSOM/TSV file, one of ours or of anybody else.

    Items of one prefix keep their local names as codes, and the side is the scheme of the
    prefix (of a foreign one: the prefix). With several prefixes on a side, codes are whole
    CURIEs. A literal stands for itself (`literals`), a term that was looked for and not found
    is in `absent`. Further slots are kept in the `metadata` of each map, where the header says
    them for all maps too, and in the `metadata` of the correspondence; what is not kept is named
    in `notes`.

    Args:
        path: The file; its extension does not matter.
        metadata: A YAML file with the header, if that is not in the file itself. Without it,
            one of the same name beside it is read: `x.sssom.yml` for `x.sssom.tsv`.

    Raises:
        InvalidFile: With all problems, in file order.

    Source:
        SSSOM 1.1, https://mapping-commons.github.io/sssom/spec-formats-tsv/.
    """
    file = read_any_maps(path, metadata)
    return Correspondence(
        file.source,
        file.target,
        file.maps,
        metadata=file.metadata,
        absent=file.absent,
        literals=file.literals,
        labels=file.labels,
        notes=file.notes,
    )


def read_correspondence(
    path: FilePath | str,
    source: Scheme | str = "source",
    target: Scheme | str = "target",
    *,
    relation: Relation | str | None = None,
) -> Correspondence:
    """
    Read a correspondence from a plain CSV table.

    Args:
        path: Columns `source` and `target` (codes), and as wanted `relation`, `weight` (share
            of the source, 0 to 1), `confidence` (0 to 1) and `comment`.
        source: Scheme of the first column, or its id. Codes are checked where the scheme is at
            hand; an id that is in no catalogue is only a name.
        target: The same for the second column.
        relation: Of rows that give none: a Relation, a word (`equals`, `part_of`, `contains`,
            `overlaps`, `disjoint`) or base relations (`EQ|PP`). Most published tables say only
            that two codes have something in common: that is `EQ|PP|PPi|PO`.

    Returns:
        The correspondence, in the order of the file.

    Raises:
        InvalidFile: With all problems. A row without a relation is one, unless `relation` is
            given: nothing is guessed.
        ValueError: `relation` is no relation.
    """
    if isinstance(relation, str):
        word = relation[:1].islower()
        relation = Relation.from_word(relation) if word else Relation.parse(relation)
    left, right = _known_scheme(source), _known_scheme(target)
    maps = read_map_table(path, relation, (left, right))
    ids = [found.id if found else str(given) for found, given in ((left, source), (right, target))]
    schemes = (left, right) if left is not None and right is not None else None
    return Correspondence(ids[0], ids[1], maps, schemes=schemes)


def _known_scheme(given: Scheme | str) -> Scheme | None:
    try:
        found: Scheme = as_scheme(given)
    except (UnknownScheme, InvalidId):
        return None
    return found


@attrs.frozen
class UpdatedMap:
    """
    One row of a correspondence brought up to date: from A over A* to B, as far as it goes.

    Attributes:
        old: Code in A; None for an item of A* or B that nothing in A leads to.
        new: Code in A*; None if the old item has no successor there.
        target: Code in B; None if the old item has no counterpart there.
        relation: Of the new item to the target, along this row; None if one end is missing.
        flags: Of `UPDATE_FLAGS`, those that hold.
    """

    old: str | None
    new: str | None
    target: str | None
    relation: Relation | None
    flags: tuple[str, ...]


UPDATE_FLAGS = (
    "code change", "label change", "review", "redundancy", "no match to A*", "no match to B",
    "no match from A*", "no match from B",
)  # fmt: skip


@attrs.frozen
class UpdatedCorrespondence:
    """
    A candidate correspondence A*:B, made from A:B and A:A*.

    Attributes:
        rows: One for each way from A* over A to B, then what has no match on either side.
        candidate: The candidate itself: what follows from all rows.
    """

    rows: tuple[UpdatedMap, ...]
    candidate: Correspondence

    def flagged(self, flag: str) -> tuple[UpdatedMap, ...]:
        """
        Give the rows with that flag.

        Raises:
            ValueError: There is no such flag.
        """
        if flag not in UPDATE_FLAGS:
            raise ValueError(f'no flag "{flag}"; there is {", ".join(UPDATE_FLAGS)}')
        return tuple(row for row in self.rows if flag in row.flags)


def update_correspondence(
    ab: Correspondence, a_new: Scheme | str, aa: Correspondence | None = None
) -> UpdatedCorrespondence:
    """
    Bring a correspondence A:B up to date after A was replaced by A*.

    Flags of a row, as in the package of Eurostat: `code change` and `label change` (of A to
    A*), `redundancy` (the same pair of A* and B in several rows), `no match to A*` and `no
    match to B` (the item of A has none), `no match from A*` and `no match from B` (the item of
    A* or B is reached by none). `review` is wider than theirs, which asks for a hierarchy
    between A and B: here, whenever the old and new item are not known to be equal, or several
    base relations are possible between the new item and the target.

    Args:
        ab: The correspondence A:B. Items of A on levels (depths) that it does not use are
            left out, and so are those of A* and B.
        a_new: A*, or its id.
        aa: The correspondence A:A*; None takes what a file asserts or the hub implies, and
            reads a code that it leaves out and that both versions have as the same item.

    Returns:
        Rows in the order of A, then of A*, then of B; and the candidate A*:B. Weights are
        left out: they need the totals of A.

    Raises:
        UnknownScheme: A or A* is in no catalogue.
        ValueError: `aa` does not lead from A to A*.

    Source:
        Eurostat, R package correspondenceTables 0.7, `updateCorrespondenceTable` (Chasiotis,
        Stavropoulos, Karlberg, Meszaros, 2022).

    Examples:
        >>> import futureindustry as fi
        >>> ab = fi.correspondence("nbs/gbt-4754@2017-amd1", "nbs/high-technology-services")
        >>> made = fi.update_correspondence(ab, "nbs/gbt-4754@2017")
        >>> [(row.old, row.new) for row in made.flagged("code change")]
        [('9232', '9231'), ('9233', '9232')]
    """
    new: Scheme = as_scheme(a_new)
    old: Scheme = ab.schemes[0] if ab.schemes else as_scheme(ab.source)
    b = ab.schemes[1] if ab.schemes else _known_scheme(ab.target)
    if aa is None:
        aa = _same_codes(correspondence(old, new))
    elif (aa.source, aa.target) != (old.id, new.id):
        raise ValueError(
            f"the second correspondence leads from {aa.source} to {aa.target}, "
            f"not from {old.id} to {new.id}"
        )
    levels = {old[code].level for code in {m.source for m in ab.maps} if code in old}
    back = aa.invert()
    candidate = back.compose(ab)
    if ab.schemes:
        candidate = attrs.evolve(candidate, schemes=(new, ab.schemes[1]))
    rows: list[tuple[str | None, str | None, str | None, Relation | None, set[str]]] = []
    pairs: dict[tuple[str, str], int] = {}
    for x in old:
        if old[x].level not in levels:
            continue
        successors, targets = aa.translate(x), ab.translate(x)
        for m in successors or (None,):
            flags = _change_flags(old, new, x, m)
            for n in targets or (None,):
                said = set(flags)
                relation = None
                if n is None:
                    said.add("no match to B")
                elif m is not None:
                    relation = m.relation.converse().then(n.relation)
                    pair = (m.target, n.target)
                    pairs[pair] = pairs.get(pair, 0) + 1
                    if not relation.certain:
                        said.add("review")
                ends = (None if m is None else m.target, None if n is None else n.target)
                rows.append((x, *ends, relation, said))
    rows += [
        (None, z, None, None, {"no match from A*"})
        for z in new
        if new[z].level in levels and not back.translate(z)
    ]
    if b is not None:
        reached = {m.target for m in ab.maps}
        depths = {b[code].level for code in reached if code in b}
        rows += [
            (None, None, y, None, {"no match from B"})
            for y in b
            if y not in reached and b[y].level in depths
        ]
    for _, z, y, _, said in rows:
        if z is not None and y is not None and pairs.get((z, y), 0) > 1:
            said.add("redundancy")
    made = tuple(
        UpdatedMap(x, z, y, relation, tuple(flag for flag in UPDATE_FLAGS if flag in said))
        for x, z, y, relation, said in rows
    )
    return UpdatedCorrespondence(made, candidate)


def _change_flags(old: Scheme, new: Scheme, x: str, m: Map | None) -> set[str]:
    """Say what the step from an item of A to one of A* is."""
    if m is None:
        return {"no match to A*"}
    flags = set()
    if m.target != x:
        flags.add("code change")
    if fold(old[x].label.show("zh")) != fold(new[m.target].label.show("zh")):
        flags.add("label change")
    if m.relation is not Relation.EQ:
        flags.add("review")
    return flags


def _same_codes(aa: Correspondence) -> Correspondence:
    """Add a map for each code that both versions have and no map mentions."""
    if aa.schemes is None:
        return aa
    old, new = aa.schemes
    ends = {m.target for m in aa.maps}
    more = [
        Map(code, code, Relation.EQ, justification="semapv:LexicalMatching")
        for code in old
        if code in new and not aa.translate(code) and code not in ends
    ]
    return attrs.evolve(aa, maps=(*aa.maps, *more)) if more else aa


_JUSTIFICATIONS = {"hub": CHAINING, "code": LEXICAL, "label": LEXICAL, "index": LEXICAL}


def resolutions_to_sssom(
    resolutions: Iterable[Resolution], path: FilePath | str | None = None
) -> str:
    """
    Write what labels were resolved to as SSSOM/TSV with literal subjects.

    Args:
        resolutions: Of one scheme. A list that was taken apart is written part by part; a
            label that comes again is written once.
        path: Where to write; None to give the text only.

    Returns:
        The text. The predicate follows the relation of the label to the item (`part_of` is
        skos:broadMatch, `contains` skos:narrowMatch). Candidates of an ambiguous label are
        written as skos:relatedMatch, which claims nothing, with a comment; a label that is
        unknown or outside the scheme has the object sssom:NoTermFound.

    Raises:
        ValueError: There are no resolutions, or they are of several schemes.

    Source:
        SSSOM 1.1, "Literal mappings" (`subject_type: rdfs literal`) and `sssom:NoTermFound`.
    """
    flat = [part for r in resolutions for part in (r.parts or (r,))]
    ids = list(dict.fromkeys(r.scheme for r in flat))
    if len(ids) != 1:
        raise ValueError(
            f"one SSSOM file holds the labels of one scheme; there are {len(ids)}: {', '.join(ids)}"
            if ids
            else "there are no labels to write"
        )
    maps: dict[Map, None] = {}
    absent: dict[str, None] = {}
    names: dict[str, str] = {}
    for r in flat:
        if r.item is not None and r.relation:
            relation = Relation.from_word(r.relation)
            how = _JUSTIFICATIONS.get(r.method or "", LEXICAL)
            maps[Map(r.label, r.item.code, relation, justification=how)] = None
            names[r.item.code] = str(r.item.label)
        elif r.outcome == "ambiguous":
            items = [c.item for c in r.candidates if c.item]
            said = f"ambiguous: one of {len(items)} candidates"
            for item in items:
                maps[Map(r.label, item.code, Relation.ANY, None, LEXICAL, said)] = None
                names[item.code] = str(item.label)
        else:
            absent[r.label] = None
    text = write_maps(
        LITERAL,
        ids[0],
        tuple(maps),
        metadata={"mapping_set_title": f"Labels resolved in {ids[0]}"},
        labels=({}, names),
        absent=(tuple(absent), ()),
        literals=({*absent, *(m.source for m in maps)}, ()),
    )
    if path is not None:
        write_text(path, text)
    return text

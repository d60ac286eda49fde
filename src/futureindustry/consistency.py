"""
Whether the maps of many schemes can hold together.

All schemes meet on the hub. Two maps of one item, to the concepts c and d, say how c and d lie
to each other, and each scheme has its say on the same pair: so every cycle through items of
several schemes is a cycle through concepts, and one table of concepts by concepts holds them
all. The table is closed by path consistency (R(c, d) within R(c, e) then R(e, d), for all e); a
pair without a relation left is a contradiction, and is told with a minimal set of premises.

What is ruled out is kept as bit sets, one for each base relation and concept, so that a
composition narrows a whole row at once. Not used here: what follows from `exhaustive`.

Source:
    Path consistency: Mackworth, "Consistency in networks of relations", 1977; for relation
    algebras, Ladkin and Maddux, "On binary constraint problems", 1994. Enough to decide where
    each relation is certain, and sound for all: Renz and Nebel, "On the complexity of
    qualitative spatial reasoning", 1999. Eliminating the items is Peirce's cycle law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from .mapping import ANY, WHOLE, Contradiction, Premise, Tree, by_hierarchy, by_map, hub_maps
from .relation import COMPOSE, CONVERSE
from .store import HUB, Undisturbed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from .model import Map, Scheme

    # Item and scheme at both ends, and the map; without one it is the hierarchy that says it.
    Edge: TypeAlias = tuple[Scheme, str, Scheme, str, Map | None]
    # What a map says of an item of a scheme: concept, mask, the item that is mapped, the map.
    Said: TypeAlias = tuple[int, int, str, Map]

__all__ = ["contradictions_among"]

_BASES = range(5)
_CONVERSE_BASE = tuple(CONVERSE[1 << b].bit_length() - 1 for b in _BASES)
# For a mask r, the bases b that r then s may lack, each with the s that have to be ruled out.
_NEEDED = tuple(
    tuple(
        (b, needed)
        for b in _BASES
        if len(needed := tuple(s for s in _BASES if COMPOSE[r << 5 | 1 << s] >> b & 1)) < 5
    )
    for r in range(32)
)


@attrs.frozen
class _Fact:
    """What one path over items says of two concepts."""

    mask: int
    edges: tuple[Edge, ...]


class _Table:
    """What is known of each pair of concepts of the hub."""

    def __init__(self, hub: Scheme) -> None:
        self.hub = hub
        self.codes = list(hub)
        self.at = {code: n for n, code in enumerate(self.codes)}
        # Bit d of out[b][c] is set where the base relation b of c to d is ruled out.
        self.out = [[0] * len(self.codes) for _ in _BASES]
        self.facts: dict[tuple[int, int], list[_Fact]] = {}
        self.apart: list[tuple[Scheme, int, int, str, Map]] = []
        # By row, in the order of time: when, which base, of which concepts, by way of which.
        self.log: list[list[tuple[int, int, int, int]]] = [[] for _ in self.codes]
        self.clashes: list[list[Edge]] = []
        self._dirty = [0] * len(self.codes)
        self._clashed: set[tuple[int, int]] = set()
        tree = Tree.of(hub)
        for code, codes in tree.above.items():
            c = self.at[code]
            self._rule_out(c, c, ANY ^ 1)
            for other in codes:
                self._rule_out(c, self.at[other], ANY ^ tree.up)

    def mask(self, c: int, d: int) -> int:
        mask = 0
        for b in _BASES:
            if not self.out[b][c] >> d & 1:
                mask |= 1 << b
        return mask

    def _rule_out(self, c: int, d: int, bases: int) -> None:
        for b in _BASES:
            if bases >> b & 1:
                self.out[b][c] |= 1 << d
                self.out[_CONVERSE_BASE[b]][d] |= 1 << c
        self._dirty[c] |= 1 << d
        self._dirty[d] |= 1 << c

    def say(self, c: int, d: int, mask: int, edges: tuple[Edge, ...]) -> None:
        """Take in what one path says; what leaves nothing is noted and not taken in."""
        old = self.mask(c, d)
        if old & mask == old:
            return
        if not old & mask:
            self._clash(c, d, [*edges, *self._edges_of(c, d, ANY ^ old)])
            return
        self.facts.setdefault((c, d), []).append(_Fact(mask, edges))
        self._rule_out(c, d, old & ~mask)

    def say_apart(self, scheme: Scheme, groups: Sequence[Sequence[Said]]) -> None:
        """Take in that concepts within different children of an exclusive item are disjoint."""
        within = []
        for group in groups:
            bits = 0
            for c, _, _, _ in group:
                bits |= 1 << c
            within.append(bits)
        apart: dict[int, int] = {}
        for n, group in enumerate(groups):
            others = 0
            for k, bits in enumerate(within):
                if k != n:
                    others |= bits
            for c, _, x, m in group:
                apart[c] = apart.get(c, 0) | others
                self.apart.append((scheme, c, others, x, m))
        for c, others in apart.items():
            clashing = others & (self.out[4][c] | 1 << c)
            for d in _set_bits(clashing):
                if (c, d) not in self._clashed:
                    before = self._edges_of(c, d, ANY ^ self.mask(c, d))
                    self._clash(c, d, [*(self._apart(c, d) or ()), *before])
            new = others & ~clashing
            for b in range(4):
                self._dirty[c] |= new & ~self.out[b][c]
                self.out[b][c] |= new

    def close(self) -> None:
        """Narrow until R(c, d) is within R(c, e) then R(e, d) for all concepts."""
        out, dirty, log = self.out, self._dirty, self.log
        time = 0
        while any(dirty):
            for c in range(len(dirty)):
                changed, dirty[c] = dirty[c], 0
                for e in _set_bits(changed):
                    for b, needed in _NEEDED[self.mask(c, e)]:
                        new = ~out[b][c]
                        for s in needed:
                            new &= out[s][e]
                            if not new:
                                break
                        if not new:
                            continue
                        time += 1
                        rest = [out[other][c] for other in _BASES if other != b]
                        none_left = new & rest[0] & rest[1] & rest[2] & rest[3]
                        for d in _set_bits(none_left):
                            if (c, d) not in self._clashed:
                                self._clash(c, d, self._why_none(c, d, e, b, time))
                        new &= ~none_left
                        if new:
                            log[c].append((time, b, new, e))
                            out[b][c] |= new
                            dirty[c] |= new
                            back = _CONVERSE_BASE[b]
                            for d in _set_bits(new):
                                out[back][d] |= 1 << c
                                dirty[d] |= 1 << c

    def _clash(self, c: int, d: int, edges: list[Edge]) -> None:
        self._clashed |= {(c, d), (d, c)}
        self.clashes.append(edges)

    # Why

    def _edges_of(self, c: int, d: int, bases: int) -> list[Edge]:
        """Give the premises by which bases are ruled out before the table is closed."""
        found: list[Edge] = []
        for b in _BASES:
            if bases >> b & 1:
                found += self._given(c, d, b) or ()
        return found

    def _given(self, c: int, d: int, b: int) -> list[Edge] | None:
        """Give the premises of a path that rules the base relation out; None if there is no such path."""
        hub, codes = self.hub, self.codes
        if c == d:
            return [] if b else None
        by_tree = Tree.of(hub).mask(codes[c], codes[d])
        if not by_tree >> b & 1:
            return [(hub, codes[c], hub, codes[d], None)]
        for facts, base in (
            (self.facts.get((c, d), ()), b),
            (self.facts.get((d, c), ()), _CONVERSE_BASE[b]),
        ):
            for fact in facts:
                if not fact.mask >> base & 1:
                    return list(fact.edges)
        return self._apart(c, d) if b != 4 else None

    def _apart(self, c: int, d: int) -> list[Edge] | None:
        """Give the premises by which two concepts lie in children of an exclusive item."""
        for scheme, first, others, x, m in self.apart:
            if first == c and others >> d & 1:
                tree = Tree.of(scheme)
                for same, second, _, y, n in self.apart:
                    if same is scheme and second == d and tree.apart(x, y):
                        return [
                            (scheme, x, self.hub, self.codes[c], m),
                            (scheme, x, scheme, y, None),
                            (scheme, y, self.hub, self.codes[d], n),
                        ]
        return None

    def _derived(
        self, c: int, d: int, b: int, before: int
    ) -> tuple[int, int, int, int, int] | None:
        """Give when and by way of which concept a base relation was first ruled out."""
        found = [
            (time, start, end, via, base)
            for start, end, base in ((c, d, b), (d, c, _CONVERSE_BASE[b]))
            for time, which, bits, via in self.log[start]
            if which == base and bits >> end & 1 and time < before
        ]
        return min(found, default=None)

    def _why(
        self, c: int, d: int, b: int, before: int, seen: set[tuple[int, int, int]]
    ) -> list[Edge]:
        if (c, d, b) in seen:
            return []
        seen.add((c, d, b))
        given = self._given(c, d, b)
        if given is not None:
            return given
        derived = self._derived(c, d, b, before)
        if derived is None:
            return []
        time, start, end, via, base = derived
        return self._why_via(start, end, via, base, time, seen)

    def _why_via(
        self, c: int, d: int, e: int, b: int, time: int, seen: set[tuple[int, int, int]]
    ) -> list[Edge]:
        """Say why neither way over e allows the base relation b."""
        found: list[Edge] = []
        for r in _BASES:
            if any(COMPOSE[1 << r << 5 | 1 << s] >> b & 1 for s in _BASES):
                found += self._why(c, e, r, time, seen)
        for s in _BASES:
            if any(COMPOSE[1 << r << 5 | 1 << s] >> b & 1 for r in _BASES):
                found += self._why(e, d, s, time, seen)
        return found

    def _why_none(self, c: int, d: int, e: int, b: int, time: int) -> list[Edge]:
        seen: set[tuple[int, int, int]] = set()
        found = self._why_via(c, d, e, b, time, seen)
        for other in _BASES:
            if other != b:
                found += self._why(c, d, other, time, seen)
        return found


def _set_bits(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


class _Said:
    """What the maps of a scheme say of its items on the hub."""

    def __init__(self, scheme: Scheme, table: _Table) -> None:
        self.scheme = scheme
        self.tree = Tree.of(scheme)
        self.own: dict[str, list[Said]] = {}
        for m in hub_maps(scheme):
            if m.target in table.at and m.source in scheme:
                row = self.own.setdefault(m.source, [])
                row.append((table.at[m.target], m.relation.mask, m.source, m))

    def moved(self, start: str, codes: Iterable[str]) -> Iterator[Said]:
        """Give what is said of items above or below one, carried to it."""
        for code in codes:
            for c, mask, x, m in self.own.get(code, ()):
                carried = COMPOSE[self.tree.mask(start, code) << 5 | mask]
                if carried != ANY:
                    yield c, carried, x, m

    def above(self, x: str) -> list[Said]:
        """Give what is said of an item itself and of all above it."""
        return [*self.own.get(x, ()), *self.moved(x, self.tree.above[x])]

    def all(self, x: str) -> list[Said]:
        below = self.tree.below.get(x, ())
        return [*self.above(x), *self.moved(x, below)]


def _link(scheme: Scheme, x: str, y: str) -> tuple[Edge, ...]:
    return () if x == y else ((scheme, x, scheme, y, None),)


def _take_in(table: _Table, said: _Said) -> None:
    """Tell the table what the items of one scheme say of concepts."""
    scheme, hub, codes = said.scheme, table.hub, table.codes
    for x, own in said.own.items():
        row = said.above(x)
        for n, (c, first, _, m) in enumerate(own):
            turned = CONVERSE[first] << 5
            for d, second, y, other in row[n + 1 :]:
                mask = COMPOSE[turned | second]
                if mask != ANY:
                    edges: tuple[Edge, ...] = (
                        (scheme, x, hub, codes[c], m),
                        *_link(scheme, x, y),
                        (scheme, y, hub, codes[d], other),
                    )
                    table.say(c, d, mask, edges)
    if said.tree.exclusive:
        for groups in _branches(said):
            table.say_apart(scheme, groups)


def _branches(said: _Said) -> Iterator[list[list[Said]]]:
    """Give, for each exclusive item, the concepts within each of its children."""
    scheme, tree = said.scheme, said.tree
    children: dict[str | None, list[str]] = {}
    for item in scheme.values():
        if item.parent_code is None:
            exclusive = scheme.exclusive
        else:
            exclusive = scheme.is_exclusive(scheme[item.parent_code])
        if exclusive:
            children.setdefault(item.parent_code, []).append(item.code)
    for codes in children.values():
        groups = [
            [
                found
                for code in (child, *tree.below.get(child, ()))
                for found in said.own.get(code, ())
                if not found[1] & ~WHOLE
            ]
            for child in codes
        ]
        groups = [group for group in groups if group]
        if len(groups) > 1:
            yield groups


def _take_in_between(table: _Table, left: _Said, right: _Said, maps: Iterable[Map]) -> None:
    """Tell the table what the maps between two schemes say of concepts."""
    hub, codes = table.hub, table.codes
    rows_left: dict[str, list[Said]] = {}
    rows_right: dict[str, list[Said]] = {}
    for n in maps:
        if n.source not in left.scheme or n.target not in right.scheme:
            continue
        if n.source not in rows_left:
            rows_left[n.source] = left.all(n.source)
        if n.target not in rows_right:
            rows_right[n.target] = right.all(n.target)
        for c, first, x, m in rows_left[n.source]:
            through = COMPOSE[CONVERSE[first] << 5 | n.relation.mask]
            if through == ANY:
                continue
            for d, second, y, other in rows_right[n.target]:
                mask = COMPOSE[through << 5 | second]
                if mask != ANY:
                    edges: tuple[Edge, ...] = (
                        (left.scheme, x, hub, codes[c], m),
                        *_link(left.scheme, x, n.source),
                        (left.scheme, n.source, right.scheme, n.target, n),
                        *_link(right.scheme, n.target, y),
                        (right.scheme, y, hub, codes[d], other),
                    )
                    table.say(c, d, mask, edges)


def contradictions_among(
    schemes: Iterable[Scheme],
    hub: Scheme,
    between: Iterable[tuple[Scheme, Scheme, Sequence[Map]]] = (),
) -> Iterator[Contradiction]:
    """
    Find what cannot hold together among the maps of many schemes to the hub and to each other.

    Args:
        schemes: All of which the maps to the hub are premises.
        hub: The scheme that they meet on.
        between: Maps between two of the schemes.

    Returns:
        Contradictions, each with premises none of which is superfluous, and no set of maps
        twice; in the order of the schemes.
    """
    with Undisturbed():
        table = _Table(hub)
        said = {scheme.id: _Said(scheme, table) for scheme in schemes if scheme.series != HUB}
        for one in said.values():
            _take_in(table, one)
        for left, right, maps in between:
            if left.id in said and right.id in said:
                _take_in_between(table, said[left.id], said[right.id], maps)
        table.close()
    told: list[set[object]] = []
    for edges in table.clashes:
        premises = _minimal([_premise(*edge) for edge in dict.fromkeys(edges)])
        # Two editions share their maps, and what follows from fewer of them is told already.
        basis: set[object] = {p.place or p for p in premises if p.reason in ("map", "name")}
        if premises and not any(known <= basis for known in told):
            told.append(basis)
            yield Contradiction(premises[0].subject, premises[-1].object, premises)


def _premise(a: Scheme, x: str, b: Scheme, y: str, m: Map | None) -> Premise:
    return by_hierarchy(a, x, y) if m is None else by_map(a, b, m)


def _minimal(premises: Sequence[Premise]) -> tuple[Premise, ...]:
    """Leave out what is not needed for the contradiction; put the rest in a chain."""
    kept = list(dict.fromkeys(premises))
    if _possible(kept):
        return ()
    # Maps go first: what the hierarchy says is not in doubt.
    for premise in sorted(kept, key=lambda p: p.reason != "map"):
        fewer = [other for other in kept if other is not premise]
        if not _possible(fewer):
            kept = fewer
    return tuple(_chain(kept))


def _chain(premises: Sequence[Premise]) -> Iterator[Premise]:
    """Order premises so that each shares an end with the one before, where that is possible."""
    left = list(premises)
    end = left[0].subject if left else ""
    while left:
        found = next((p for p in left if end in (p.subject, p.object)), left[0])
        left.remove(found)
        end = found.object if found.subject == end else found.subject
        yield found


def _possible(premises: Iterable[Premise]) -> bool:
    """Say whether path consistency leaves every pair a relation."""
    known: dict[tuple[str, str], int] = {}
    for p in premises:
        for a, b, mask in (
            (p.subject, p.object, p.relation.mask),
            (p.object, p.subject, CONVERSE[p.relation.mask]),
        ):
            known[a, b] = known.get((a, b), ANY) & mask
    if not all(known.values()):
        return False
    nodes = list(dict.fromkeys(a for a, _ in known))
    changed = True
    while changed:
        changed = False
        for a in nodes:
            for b in nodes:
                first = known.get((a, b), ANY)
                if a == b or first == ANY:
                    continue
                for c in nodes:
                    second = known.get((b, c), ANY)
                    follows = COMPOSE[first << 5 | second]
                    if a == c:
                        if not follows & 1:
                            return False
                        continue
                    old = known.get((a, c), ANY)
                    if second != ANY and old & follows != old:
                        if not old & follows:
                            return False
                        known[a, c] = old & follows
                        known[c, a] = CONVERSE[old & follows]
                        changed = True
    return True

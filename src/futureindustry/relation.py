"""
Relations between the extents of two concepts: sets of RCC-5 base relations.

Decides how two non-empty extents can lie to each other, what follows from two such
statements, and how to say it in words or as an SKOS predicate. What the two things
are, and who claims the relation, is left to others.

Five base relations exclude each other and leave no case out: EQ (equal), PP (proper
part), PPi (the converse: contains), PO (partial overlap), DR (disjoint). A `Relation`
is a non-empty set of them, so that what is not known stays not known.

Source:
    RCC-5: Randell, Cui and Cohn, "A spatial logic based on regions and connection",
    KR 1992; Bennett, "Spatial reasoning with propositional logics", KR 1994.
    Predicates: W3C, "SKOS Reference", 2009, section 10 (mapping properties);
    `predicate_modifier` from SSSOM. The reading of these predicates as base relations
    is ours: SKOS claims less (`broadMatch` is neither transitive nor asymmetric there).
"""

from __future__ import annotations

from .errors import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import ClassVar, Literal

__all__ = ["COMPOSE", "CONVERSE", "UNION", "UNION_APART", "Relation"]

_NAMES = ("EQ", "PP", "PPi", "PO", "DR")
_BITS = {name: 1 << i for i, name in enumerate(_NAMES)}
_EQ, _PP, _PPI, _PO, _DR = _BITS.values()
_CLOSE = _EQ | _PP | _PPI | _PO
_ANY = _CLOSE | _DR

# Bennett 1994, table of RCC-5. Row: a to b; column: b to c; in the order of _NAMES.
_BASE = (
    (_EQ, _PP, _PPI, _PO, _DR),
    (_PP, _PP, _ANY, _PP | _PO | _DR, _DR),
    (_PPI, _CLOSE, _PPI, _PPI | _PO, _PPI | _PO | _DR),
    (_PO, _PP | _PO, _PPI | _PO | _DR, _ANY, _PPI | _PO | _DR),
    (_DR, _PP | _PO | _DR, _DR, _PP | _PO | _DR, _ANY),
)


def _table(bases: tuple[tuple[int, ...], ...]) -> bytes:
    # A row is 32 bytes held as one integer, so that a union of rows is one `|`.
    rows = [0] * 32
    for i, base in enumerate(bases):
        row = bytearray(32)
        for s in range(1, 32):
            low = s & -s
            row[s] = row[s ^ low] | base[low.bit_length() - 1]
        rows[1 << i] = int.from_bytes(row, "little")
    for r in range(1, 32):
        rows[r] = rows[r & (r - 1)] | rows[r & -r]
    return b"".join(row.to_bytes(32, "little") for row in rows)


COMPOSE: bytes = _table(_BASE)
"""Mask of `r then s` at `r * 32 + s`, for inner loops; 0 where either mask is 0."""

CONVERSE: bytes = bytes(
    mask & ~(_PP | _PPI) | (_PPI if mask & _PP else 0) | (_PP if mask & _PPI else 0)
    for mask in range(32)
)
"""Mask of the converse at the mask, for inner loops."""

# Of each base relation of a to c: is there something in both, in a alone, in c alone?
_THERE = ((1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1), (0, 1, 1))


def _union_of_bases(r: int, s: int, *, apart: bool) -> int:
    (both_a, out_a, left_a), (both_b, out_b, left_b) = _THERE[r], _THERE[s]
    if apart and ((both_a and not left_b) or (both_b and not left_a)):
        return 0  # one of them is all of c, and the other would have to share it
    # If each leaves something of c, the two may leave nothing together: if both have a part of it.
    left = ((0, 1) if both_a and both_b else (1,)) if left_a and left_b else (0,)
    both, out = both_a | both_b, out_a | out_b
    return sum(1 << _THERE.index((both, out, rest)) for rest in left)


UNION: bytes = _table(
    tuple(tuple(_union_of_bases(r, s, apart=False) for s in range(5)) for r in range(5))
)
"""Mask of A and B together to C at `r * 32 + s`, from r of A to C and s of B to C."""

UNION_APART: bytes = _table(
    tuple(tuple(_union_of_bases(r, s, apart=True) for s in range(5)) for r in range(5))
)
"""The same where A and B are disjoint; 0 where that cannot be."""

_WORDS = {"equals": _EQ, "part_of": _PP, "contains": _PPI, "overlaps": _PO, "disjoint": _DR}

_PREDICATES = {
    "skos:exactMatch": _EQ,
    "skos:broadMatch": _PP,
    "skos:narrowMatch": _PPI,
    "skos:closeMatch": _CLOSE,
    "skos:relatedMatch": _ANY,
    "skos:broader": _PP,
    "skos:broaderTransitive": _PP,
    "skos:narrower": _PPI,
    "skos:narrowerTransitive": _PPI,
    "skos:related": _ANY,
    "owl:sameAs": _EQ,
    "owl:equivalentClass": _EQ,
    "rdfs:subClassOf": _EQ | _PP,
    "owl:disjointWith": _DR,
    "xkos:disjoint": _DR,
}

_EN = {
    "EQ": "equals {b}",
    "PP": "is part of {b}",
    "PPi": "contains {b}",
    "PO": "overlaps {b}",
    "DR": "is disjoint with {b}",
}
_EN_WHOLE = {
    _DR: "{a} and {b} are disjoint",
    _CLOSE: "{a} and {b} have something in common",
    _CLOSE ^ _EQ: "{a} and {b} have something in common, and are not the same",
    _ANY ^ _EQ: "{a} does not equal {b}",
    _ANY: "nothing follows about {a} and {b}",
}
_ZH = {
    "EQ": "{a} 与 {b} 等同",
    "PP": "{a} 是 {b} 的一部分",
    "PPi": "{a} 包含 {b}",
    "PO": "{a} 与 {b} 部分重叠",
    "DR": "{a} 与 {b} 互不相交",
}
_ZH_WHOLE = {
    _CLOSE: "{a} 与 {b} 有共同部分",
    _CLOSE ^ _EQ: "{a} 与 {b} 有共同部分，但不等同",
    _ANY ^ _EQ: "{a} 与 {b} 不等同",
    _ANY: "无法得出 {a} 与 {b} 的关系",
}


def _unknown(what: str, given: str, known: dict[str, int]) -> ValueError:
    hint = nearest(given, known)
    return ValueError(
        f'no {what} "{given}"'
        + (f'; did you mean "{hint[0]}"?' if hint else f"; known are {', '.join(known)}")
    )


class Relation:
    """
    How the extent of A lies to the extent of B, as far as it is known.

    A non-empty set of RCC-5 base relations: exactly one of them holds, and it is in
    the set. There are 31 values and one object for each, so `is` and `==` agree, also
    after pickling and copying. Immutable and hashable. `<=` is "says at least as much
    as": the subset of what is possible. `len` counts the possibilities, iteration
    gives their names in the order EQ PP PPi PO DR.

    Args:
        mask: 1 to 31: EQ 1, PP 2, PPi 4, PO 8, DR 16, added up.

    Attributes:
        mask: The same number, an index of `COMPOSE` and `CONVERSE`.
        EQ: A equals B.
        PP: A is part of B and B is more.
        PPi: A contains B and is more.
        PO: A and B share something and each has something of its own.
        DR: A and B are disjoint.
        ANY: Nothing follows.
        CLOSE: A and B have something in common (EQ, PP, PPi or PO).
        PART: A is part of B, perhaps all of it (EQ or PP).
        WHOLE: A contains B, perhaps nothing else (EQ or PPi).

    Raises:
        ValueError: The mask is out of range. The empty set is no relation: it is a
            contradiction, and `meet` and `complement` answer it with None.

    Example:
        >>> Relation.PP.then(Relation.PP)
        Relation.PP
        >>> print(Relation.PPi.then(Relation.PP))
        EQ|PP|PPi|PO
        >>> Relation.PP.then(Relation.PPi).nothing_follows
        True

    Source:
        Randell, Cui and Cohn 1992; Bennett 1994 (see the module).
    """

    __slots__ = ("_names", "mask")

    mask: int
    _names: tuple[str, ...]

    EQ: ClassVar[Relation]
    PP: ClassVar[Relation]
    PPi: ClassVar[Relation]
    PO: ClassVar[Relation]
    DR: ClassVar[Relation]
    ANY: ClassVar[Relation]
    CLOSE: ClassVar[Relation]
    PART: ClassVar[Relation]
    WHOLE: ClassVar[Relation]

    def __new__(cls, mask: int) -> Relation:
        """Give the one object of that mask."""
        if not 0 < mask < 32:
            raise ValueError(f"{mask} is no relation; a mask is 1 to 31 (0 is a contradiction)")
        return _ALL[mask]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Relation cannot be changed (setting {name})")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Relation cannot be changed (deleting {name})")

    def __reduce__(self) -> tuple[type[Relation], tuple[int]]:
        return Relation, (self.mask,)

    def __hash__(self) -> int:
        # Not the default by address: sets of relations iterate alike in every run.
        return self.mask

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, base: object) -> bool:
        if isinstance(base, Relation):
            return base <= self
        return base in self._names

    def __le__(self, other: object) -> bool:
        if not isinstance(other, Relation):
            return NotImplemented
        return self.mask & ~other.mask == 0

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Relation):
            return NotImplemented
        return self is not other and self.mask & ~other.mask == 0

    def __str__(self) -> str:
        return "|".join(self._names)

    def __repr__(self) -> str:
        if self.certain:
            return f"Relation.{self._names[0]}"
        if self.nothing_follows:
            return "Relation.ANY"
        return f"Relation.parse({str(self)!r})"

    @classmethod
    def parse(cls, text: str) -> Relation:
        """
        Read what `str` writes: `"EQ|PP"`.

        Args:
            text: Names of base relations with `|` between them, in any order; spaces
                around them do not matter.

        Raises:
            ValueError: A name is none of the five, or there is none; the nearest
                name is given.
        """
        mask = 0
        for part in text.split("|"):
            name = part.strip()
            if name not in _BITS:
                raise _unknown("base relation", name, _BITS)
            mask |= _BITS[name]
        return _ALL[mask]

    @classmethod
    def from_word(cls, word: str) -> Relation:
        """
        Read the word of a resolution; each stands for one base relation.

        Args:
            word: "equals", "part_of" (PP), "contains" (PPi), "overlaps" (PO) or
                "disjoint".

        Raises:
            ValueError: It is another word; the nearest is given.
        """
        if word not in _WORDS:
            raise _unknown("relation word", word, _WORDS)
        return _ALL[_WORDS[word]]

    @classmethod
    def from_predicate(cls, predicate: str, modifier: str | None = None) -> Relation:
        """
        Read a mapping predicate, subject to object.

        Args:
            predicate: CURIE. `skos:broadMatch` says that the object is broader: the
                subject is part of it. `rdfs:subClassOf` leaves equality possible.
            modifier: "Not", as in SSSOM's `predicate_modifier`, takes the complement;
                None or "" takes the predicate as it stands.

        Raises:
            ValueError: The predicate or the modifier is unknown; or it is the "Not" of
                a predicate that allows everything, after which nothing is possible.

        Source:
            SKOS Reference, section 10; SSSOM, slots predicate_id and
            predicate_modifier; XKOS, `xkos:disjoint`.
        """
        if predicate not in _PREDICATES:
            raise _unknown("mapping predicate", predicate, _PREDICATES)
        mask = _PREDICATES[predicate]
        if not modifier:
            return _ALL[mask]
        if modifier != "Not":
            raise ValueError(
                f'no predicate modifier "{modifier}"; SSSOM has "Not", or leave it empty'
            )
        if mask == _ANY:
            raise ValueError(
                f'"Not" of {predicate} leaves no relation: {predicate} is read as "nothing '
                'follows"; use the "Not" of skos:closeMatch for disjoint, or drop the row'
            )
        return _ALL[_ANY ^ mask]

    def converse(self) -> Relation:
        """Give the relation of B to A."""
        return _ALL[CONVERSE[self.mask]]

    def then(self, other: Relation) -> Relation:
        """
        Give what follows for A and C from A to B (this) and B to C (`other`).

        The strongest relation that holds for all extents, whatever B is. Associative,
        with EQ as neutral element; the order matters. `PP.then(PPi)` is ANY: that two
        things belong to the same whole proves nothing.

        Source:
            Bennett 1994, composition table of RCC-5.
        """
        return _ALL[COMPOSE[self.mask << 5 | other.mask]]

    def meet(self, other: Relation) -> Relation | None:
        """Give what is left if both hold; None if they contradict each other."""
        mask = self.mask & other.mask
        return _ALL[mask] if mask else None

    def join(self, other: Relation) -> Relation:
        """Give what is known if one of the two holds, and not which."""
        return _ALL[self.mask | other.mask]

    def complement(self) -> Relation | None:
        """Give what holds if this does not; None for ANY, which cannot fail."""
        return None if self.mask == _ANY else _ALL[_ANY ^ self.mask]

    @property
    def certain(self) -> bool:
        """Whether exactly one base relation is possible."""
        return len(self._names) == 1

    @property
    def nothing_follows(self) -> bool:
        """Whether every base relation is possible."""
        return self.mask == _ANY

    @property
    def word(self) -> Literal["equals", "part_of", "contains", "overlaps", "disjoint", "unknown"]:
        """
        The one word that resolutions use for A to B.

        "equals" for EQ, "part_of" for PP with or without EQ, "contains" for PPi with
        or without EQ, "disjoint" for DR, "overlaps" for any other set without DR,
        "unknown" where disjoint is one possibility of several. Weaker than the
        relation: `Relation.from_word` does not bring a set of several back.
        """
        mask = self.mask
        if mask == _EQ:
            return "equals"
        if mask | _EQ == _EQ | _PP:
            return "part_of"
        if mask | _EQ == _EQ | _PPI:
            return "contains"
        if not mask & _DR:
            return "overlaps"
        return "disjoint" if mask == _DR else "unknown"

    def predicate(self) -> tuple[str, bool]:
        """
        Give the SKOS mapping predicate that loses least, and whether it loses nothing.

        The tightest of exactMatch, broadMatch, narrowMatch, closeMatch and
        relatedMatch whose reading contains this relation. SKOS has no predicate for
        PO, so it is written as closeMatch. DR becomes relatedMatch, the only one of
        the five that does not deny it: read back it means ANY. (`xkos:disjoint` says
        DR, but asserts skos:related as well, and is no SSSOM mapping predicate.)

        Returns:
            The CURIE, and True if `Relation.from_predicate` gives this relation back.

        Source:
            SKOS Reference, section 10.1.
        """
        mask = self.mask
        if mask == _EQ:
            return "skos:exactMatch", True
        if mask == _PP:
            return "skos:broadMatch", True
        if mask == _PPI:
            return "skos:narrowMatch", True
        if not mask & _DR:
            return "skos:closeMatch", mask == _CLOSE
        return "skos:relatedMatch", mask == _ANY

    def sentence(self, a: str, b: str, lang: Literal["en", "zh"] = "en") -> str:
        """
        Say the relation of `a` to `b`, so that it cannot be read the wrong way round.

        Args:
            a: What the sentence is about, as it shall appear.
            b: What it is related to.
            lang: "en" or "zh".

        Raises:
            ValueError: The language is neither.

        Example:
            >>> Relation.PART.sentence("quantum computing", "quantum information")
            'quantum computing equals quantum information or is part of quantum information'
            >>> Relation.PP.sentence("量子计算", "量子信息", lang="zh")
            '量子计算 是 量子信息 的一部分'
        """
        if lang == "zh":
            whole = _ZH_WHOLE.get(self.mask)
            return (whole or "，或 ".join(_ZH[name] for name in self)).format(a=a, b=b)
        if lang != "en":
            raise ValueError(f'no sentences in "{lang}"; there are "en" and "zh"')
        whole = _EN_WHOLE.get(self.mask)
        if whole is None:
            *first, last = (_EN[name] for name in self)
            whole = "{a} " + (f"{', '.join(first)} or {last}" if first else last)
        return whole.format(a=a, b=b)


def _relation(mask: int) -> Relation:
    relation = object.__new__(Relation)
    object.__setattr__(relation, "mask", mask)
    object.__setattr__(relation, "_names", tuple(n for n, bit in _BITS.items() if mask & bit))
    return relation


# Index 0 is never handed out: __new__, meet and complement keep the empty set away.
_ALL = tuple(_relation(mask) for mask in range(32))

Relation.EQ = _ALL[_EQ]
Relation.PP = _ALL[_PP]
Relation.PPi = _ALL[_PPI]
Relation.PO = _ALL[_PO]
Relation.DR = _ALL[_DR]
Relation.ANY = _ALL[_ANY]
Relation.CLOSE = _ALL[_CLOSE]
Relation.PART = _ALL[_EQ | _PP]
Relation.WHOLE = _ALL[_EQ | _PPI]

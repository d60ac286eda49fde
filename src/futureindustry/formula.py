"""
Formulas by which issuers announce a scheme: `2+3+X`, `4×4`, `33618`, `五一〇`, `发储送用`.

Decides what a formula may mean, which tiers it promises and whether the items of a
scheme keep the promise. A formula that is ambiguous alone stays so until the data
settle it: by the slots that its tiers carry, or by declaring its parts. Nothing is
guessed. Where the declarations stand in a file is left to others.

Source:
    No standard knows such formulas (in GSIM and XKOS the counts of a level are
    derived, not announced). The rules are ours, read off the schemes in `taxonomy/`;
    the name of a slot is close to skos:notation, which here is an item's `code`.
"""

from __future__ import annotations

from itertools import islice

from .errors import InvalidFormula, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, Protocol

    class Tier(Protocol):
        """What `check` needs to know about an item of a scheme."""

        @property
        def code(self) -> str: ...
        @property
        def slot(self) -> str | None: ...
        @property
        def open(self) -> bool: ...
        @property
        def incomplete(self) -> bool: ...
        @property
        def children(self) -> Sequence[Tier]: ...

    class Tiers(Protocol):
        """What `check` needs to know about a scheme."""

        @property
        def roots(self) -> Sequence[Tier]: ...
        def __contains__(self, code: object, /) -> bool: ...

    Groups = tuple["str | Groups", ...]

__all__ = ["Formula", "Mismatch", "Part", "slots_of"]

# Bounds against hostile text; the longest formula seen has 19 characters and 6 slots.
_MAX_CHARACTERS = 100
_MAX_SLOTS = 200
_MAX_DEPTH = 8

_OPEN = ("X", "N", "Y", "M")
_DIGITS = "零一二三四五六七八九"
_NUMERALS = _DIGITS + "〇两十百千"

# Full-width forms by their distance to ASCII, then what else stands for the signs.
_FOLD: dict[int, str | None] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLD |= dict.fromkeys(map(ord, "*＊✕✖⨯"), "×")
_FOLD |= dict.fromkeys(map(ord, "﹢➕"), "+")
_FOLD |= {ord("○"): "〇", ord("\N{ZERO WIDTH SPACE}"): None, 0xFEFF: None}

_BEFORE_SIGN = f"0123456789{_NUMERALS})"
_AFTER_SIGN = f"0123456789{_NUMERALS}("

_LONGEST_NUMBER = 5  # 一百二十三


class _Record:
    """A value with slots that cannot be changed; equal where all fields are equal."""

    __slots__: tuple[str, ...] = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed (setting {name})")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed (deleting {name})")

    def _fields(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, _Record):
            return NotImplemented
        return self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(self._fields())

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._fields()

    def __repr__(self) -> str:
        fields = ", ".join(f"{n}={getattr(self, n)!r}" for n in self.__slots__)
        return f"{type(self).__name__}({fields})"


def _set(record: _Record, **fields: object) -> None:
    for name, value in fields.items():
        object.__setattr__(record, name, value)


class Part(_Record):
    """
    One declared part of a formula.

    Attributes:
        text: The characters of the formula that it covers, normalised.
        counts: What it counts, if that is no industries: the 9 in 1269 is a growth
            rate. None for a slot.
        names: Code of the item that it names: the 发 in 发储送用. None otherwise.
    """

    __slots__ = ("text", "counts", "names")  # noqa: RUF023 the order of the arguments

    text: str
    counts: str | None
    names: str | None

    def __init__(self, text: str, counts: str | None = None, names: str | None = None) -> None:
        _set(self, text=text, counts=counts, names=names)

    @property
    def fills(self) -> bool:
        """Whether it is a slot, to be filled by a tier."""
        return self.counts is None and self.names is None


class Mismatch(_Record):
    """
    One way in which the items of a scheme do not fit its formula.

    Attributes:
        slot: The slot of the formula, as in the formula; None for the formula as a
            whole, and for a tier that fills no slot of it.
        expected: The number of items, or the slot or code that should be there.
        found: What is there instead; None for nothing.
        message: What is wrong and what to do, one sentence.
        item: The item concerned, None where it is missing.
    """

    __slots__ = ("slot", "expected", "found", "message", "item")  # noqa: RUF023 as above

    slot: str | None
    expected: int | str | None
    found: int | str | None
    message: str
    item: Tier | None

    def __init__(
        self,
        slot: str | None,
        expected: int | str | None,
        found: int | str | None,
        message: str,
        item: Tier | None = None,
    ) -> None:
        _set(self, slot=slot, expected=expected, found=found, message=message, item=item)

    def __str__(self) -> str:
        return self.message


def _fold(text: str) -> tuple[str, list[int]]:
    """Normalise the characters; also where each of them stood, counted from 1."""
    signs: list[str] = []
    places: list[int] = []
    for place, raw in enumerate(text, 1):
        sign = _FOLD.get(ord(raw), raw)
        if sign and not sign.isspace():
            signs.append(sign)
            places.append(place)
    for i, sign in enumerate(signs):
        # An x is the sign of a product where numbers or groups stand on both sides.
        if sign == "x" and 0 < i < len(signs) - 1:
            before, after = signs[i - 1], signs[i + 1]
            if before in _BEFORE_SIGN and after in _AFTER_SIGN:
                signs[i] = "×"
        if "a" <= signs[i] <= "z":
            signs[i] = signs[i].upper()
    return "".join(signs), places


def _value(number: str) -> int | None:
    """Value of a number from 1 to 999 without leading zero: 18, 一〇, 十二; else None."""
    if number.isascii():
        good = number.isdigit() and len(number) < 4 and number[0] != "0"
        return int(number) if good else None
    plain = number.replace("〇", "零").replace("两", "二")
    if "十" not in plain and "百" not in plain:
        values = [_DIGITS.find(c) for c in plain]
        good = len(values) < 4 and min(values) >= 0 and values[0] > 0
        return int("".join(map(str, values))) if good else None
    hundreds, hundred, rest = plain.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    h = _DIGITS.find(hundreds) if hundred else 0
    t = (_DIGITS.find(tens) if tens else 1) if ten else 0
    o = _DIGITS.find(ones.removeprefix("零"))
    if min(h, t, o) < 0:
        return None
    # Only the spellings in use: no 十十, no 一百二.
    spelled = f"{_DIGITS[h]}百" if h else ""
    spelled += f"{_DIGITS[t]}十" if t else "零" if h and o else ""
    spelled += _DIGITS[o] if o else ""
    if plain == spelled or (10 <= 100 * h + 10 * t < 20 and plain == spelled[1:]):
        return 100 * h + 10 * t + o
    return None


def _word_end(run: str, start: int) -> int:
    """End of the Han characters from `start` on that are no numerals: 新 in 六新六特."""
    end = start
    while end < len(run) and "㐀" <= run[end] <= "鿿" and run[end] not in _NUMERALS:
        end += 1
    return end


def _number(slot: str) -> int | None:
    """Count of a slot, the word behind it ignored; None for an open one and for no slot."""
    if not slot or slot.isascii():
        return _value(slot) if slot else None
    for start in range(min(len(slot), _LONGEST_NUMBER), 0, -1):
        if _word_end(slot, start) == len(slot):
            value = _value(slot[:start])
            if value is not None:
                return value
    return None


def _readable(slot: str) -> bool:
    """Whether it is a single slot: a number or an open letter."""
    return slot in _OPEN or _number(slot) is not None


def _same(a: str, b: str) -> bool:
    """Whether two normalised slots are the same: by text, or 10 and 一〇 by count."""
    if a == b:
        return True
    count = _number(a)
    return count is not None and count == _number(b)


def _ends(run: str) -> list[list[int]]:
    """Where a slot that starts at each place of a run may end, so that the rest can be read."""
    ends: list[list[int]] = [[] for _ in run]
    for start in range(len(run) - 1, -1, -1):
        stops = [start + 1] if run[start] in _OPEN else []
        # The whole word belongs to the number before it.
        stops += [
            _word_end(run, stop)
            for stop in range(start + 1, min(len(run), start + _LONGEST_NUMBER) + 1)
            if _value(run[start:stop]) is not None
        ]
        ends[start] = [end for end in stops if end == len(run) or ends[end]]
    return ends


def _splittings(run: str) -> Iterator[tuple[str, ...]]:
    ends = _ends(run)

    def rest(start: int) -> Iterator[tuple[str, ...]]:
        if start == len(run):
            yield ()
        for end in ends[start] if start < len(run) else ():
            for tail in rest(end):
                yield run[start:end], *tail

    return rest(0)


class _Run:
    """A stretch of a formula without signs."""

    __slots__ = ("place", "text")

    def __init__(self, text: str, place: int) -> None:
        self.text = text
        self.place = place


class _Group:
    """A formula in parentheses, or the formula itself."""

    __slots__ = ("terms",)

    def __init__(self, terms: list[_Term]) -> None:
        self.terms = terms


class _Product:
    """So many tiers (or groups of tiers), each of the same kind."""

    __slots__ = ("factor", "times")

    def __init__(self, times: int, factor: _Term) -> None:
        self.times = times
        self.factor = factor


if TYPE_CHECKING:
    _Term = _Run | _Group | _Product


class _Reader:
    """Takes a formula apart at its signs: sums, products with a number, parentheses."""

    def __init__(self, text: str, sign: str, places: list[int]) -> None:
        self.text = text
        self.signs = sign
        self.places = places
        self.at = 0

    def fail(self, what: str, todo: str) -> InvalidFormula:
        place = self.places[self.at] if self.at < len(self.places) else len(self.text)
        return InvalidFormula(f'formula "{self.text}", character {place}: {what}; {todo}')

    @property
    def next(self) -> str:
        return self.signs[self.at : self.at + 1]

    def read(self) -> _Group:
        group = self.sum(0)
        if self.next:
            raise self.fail(f'"{self.next}" without its opening "("', "add it, or remove this one")
        return group

    def sum(self, depth: int) -> _Group:
        if depth > _MAX_DEPTH:
            raise self.fail("parentheses too deep", f"use at most {_MAX_DEPTH} levels")
        terms = [self.term(depth)]
        while self.next == "+":
            self.at += 1
            terms.append(self.term(depth))
        return _Group(terms)

    def term(self, depth: int) -> _Term:
        start = self.at
        left = self.factor(depth)
        if self.next != "×":
            return left
        times = _number(left.text) if isinstance(left, _Run) else None
        if times is None:
            self.at = start
            raise self.fail(
                "a product starts with the number of tiers", "write 4×3 for four tiers of three"
            )
        self.at += 1
        if depth >= _MAX_DEPTH:
            raise self.fail("products too deep", f"use at most {_MAX_DEPTH} levels")
        start = self.at
        right = self.term(depth + 1)
        if isinstance(right, _Run) and not _readable(right.text):
            self.at = start
            raise self.fail(
                f'"{right.text}" is no single number from 1 to 999 and no open letter',
                "write 4×3 for four tiers of three",
            )
        return _Product(times, right)

    def factor(self, depth: int) -> _Term:
        if self.next == "(":
            opened = self.at
            self.at += 1
            group = self.sum(depth + 1)
            if self.next != ")":
                self.at = opened
                raise self.fail('"(" is never closed', 'add ")", or remove it')
            self.at += 1
            if self.next and self.next not in "+×)":
                raise self.fail('no sign after ")"', 'write "+" between the slots')
            return group
        start = self.at
        while self.next and self.next not in "+×()":
            self.at += 1
        if start == self.at:
            raise self.fail(
                f'a number or an open letter is missing before "{self.next}"'
                if self.next
                else "a number or an open letter is missing at the end",
                "add it, or remove the sign",
            )
        if self.next == "(":
            raise self.fail('no sign before "("', 'write "+" or "×" between')
        return _Run(self.signs[start : self.at], self.places[start])


def _runs(term: _Term) -> Iterator[_Run]:
    if isinstance(term, _Run):
        yield term
    elif isinstance(term, _Product):
        for _ in range(min(term.times, _MAX_SLOTS + 1)):
            yield from _runs(term.factor)
    else:
        for part in term.terms:
            yield from _runs(part)


def _groups(term: _Term, slots: Callable[[_Run], tuple[str, ...]]) -> Groups:
    """Nested slots; the terms of a run and of a product stand side by side."""
    if isinstance(term, _Run):
        return slots(term)
    if isinstance(term, _Product):
        return tuple(g for _ in range(term.times) for g in _side_by_side(term.factor, slots))
    return tuple(g for part in term.terms for g in _side_by_side(part, slots))


def _side_by_side(term: _Term, slots: Callable[[_Run], tuple[str, ...]]) -> Groups:
    inner = _groups(term, slots)
    return (inner,) if isinstance(term, _Group) else inner


def _flat(groups: Groups) -> Iterator[str]:
    for group in groups:
        if isinstance(group, str):
            yield group
        else:
            yield from _flat(group)


class Formula(_Record):
    """
    What an issuer announces: how many tiers, and how many industries in each.

    Immutable; equal where the normalised text, the slots and the parts are equal.
    `str` gives the canonical text: ASCII digits, letters and parentheses, `+`, `×`,
    no spaces; Chinese numerals stay.

    A formula without signs, such as 33618, can be read in several ways. It is
    settled by the slots that the tiers carry, or by its parts; until then it has
    no slots.

    Attributes:
        text: The formula as the issuer wrote it.
        groups: The slots in their parentheses: `(("2", "2"), ("3", "6"))`. Products
            are written out: `4×4` gives `("4", "4", "4", "4")`.
        parts: The parts as declared, none where none were.

    Example:
        >>> Formula.parse("２＋３＋Ｘ").slots
        ('2', '3', 'X')
        >>> Formula.parse("415X").settled
        False
        >>> Formula.parse("415X", slots=("4", "15", "X")).slots
        ('4', '15', 'X')
        >>> Formula.parse("1269", parts=["12", "6", {"part": "9", "counts": "growth"}]).slots
        ('12', '6')

    Source:
        Ours; see the module.
    """

    __slots__ = ("_tree", "_written", "groups", "parts", "text")

    text: str
    groups: Groups
    parts: tuple[Part, ...]
    _written: str
    _tree: _Group

    def __init__(
        self,
        text: str,
        *,
        slots: Iterable[str] | None = None,
        parts: Iterable[str | Mapping[str, str]] | None = None,
    ) -> None:
        written, places = _fold(text)
        if not written:
            raise InvalidFormula("the formula is empty; write one, or leave the key out")
        if len(text) > _MAX_CHARACTERS:
            raise InvalidFormula(
                f'the formula starting "{text[:20]}" has {len(text)} characters; '
                f"at most {_MAX_CHARACTERS} are read"
            )
        tree = _Reader(text, written, places).read()
        if len(list(islice(_runs(tree), _MAX_SLOTS + 1))) > _MAX_SLOTS:
            raise InvalidFormula(f'formula "{text}" has more than {_MAX_SLOTS} slots; check it')
        declared = () if parts is None else tuple(_part(part, text) for part in parts)
        _set(self, text=text, groups=(), parts=declared, _written=written, _tree=tree)
        _set(self, groups=self._by_parts() if declared else self._by_slots(slots))

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        slots: Iterable[str] | None = None,
        parts: Iterable[str | Mapping[str, str]] | None = None,
    ) -> Formula:
        """
        Read a formula.

        Args:
            text: The formula as the issuer wrote it. Full-width forms, spaces and the
                signs ×, x, *, ✕ are normalised. Numbers are 1 to 999, without leading
                zero, in digits or Chinese numerals, with or without a word behind
                (六新); X, N, Y and M are open.
            slots: Slots of the tiers in document order (`slots_of`). They settle a
                formula that is ambiguous alone, and then must be one of its readings
                (10 for 一〇 will do); any other formula ignores them: `check` compares.
            parts: The parts of the formula in order, as the data declare them: a
                slot as text, or a mapping of `part` with `counts` (what it counts
                instead of industries) or `names` (the code of the item it stands for).

        Raises:
            InvalidFormula: The text cannot be read, the slots are none of its
                readings, or the parts do not add up to it.
        """
        return cls(text, slots=slots, parts=parts)

    def _by_slots(self, slots: Iterable[str] | None) -> Groups:
        readings = list(islice(self.readings(), 2))
        if not readings:
            raise self._unreadable()
        if len(readings) == 1:
            return self._grouped(readings[0])
        wanted = tuple(_fold(slot)[0] for slot in slots or ())
        if not wanted:
            return ()
        reading = self._reading(wanted)
        if reading is None:
            # As many slots as given first: most likely one of them is a slip.
            known = sorted(islice(self.readings(), 1000), key=lambda r: abs(len(r) - len(wanted)))
            shown = "; ".join(", ".join(r) for r in known[:3])
            raise InvalidFormula(
                f'formula "{self.text}" cannot be read as {", ".join(wanted)}, the slots of the '
                f"tiers; expected one of its readings, such as {shown}; correct the slots, or "
                "declare the parts of the formula"
            )
        return self._grouped(reading)

    def _reading(self, wanted: tuple[str, ...]) -> tuple[str, ...] | None:
        """Give the reading that has these slots; there is at most one."""
        reading: list[str] = []
        rest = list(wanted)
        for run in _runs(self._tree):
            if self._structured and _readable(run.text):
                ends = [[len(run.text)]]
            else:
                ends = _ends(run.text)
            at = 0
            while at < len(run.text):
                slot = rest.pop(0) if rest else ""
                fits = [run.text[at:end] for end in ends[at] if _same(run.text[at:end], slot)]
                if not fits:
                    break
                reading.append(fits[0])
                at += len(fits[0])
            else:
                continue
            break
        else:
            if not rest:
                return tuple(reading)
        product = self._product
        if len(product) == len(wanted) and all(map(_same, product, wanted)):
            return product
        return None

    def _grouped(self, reading: tuple[str, ...]) -> Groups:
        if reading == self._product:
            return reading
        rest = list(reading)

        def take(run: _Run) -> tuple[str, ...]:
            taken: list[str] = []
            while sum(map(len, taken)) < len(run.text):
                taken.append(rest.pop(0))
            return tuple(taken)

        return _groups(self._tree, take)

    def _by_parts(self) -> Groups:
        rest = list(self.parts)
        if "×" in self._written:
            raise InvalidFormula(f'formula "{self.text}" is a product; it needs no parts')

        def take(run: _Run) -> tuple[str, ...]:
            taken: list[Part] = []
            covered = ""
            while covered != run.text:
                covered += rest[0].text if rest else ""
                if not rest or not run.text.startswith(covered):
                    shown = " ".join(part.text for part in self.parts)
                    raise InvalidFormula(
                        f'formula "{self.text}", character {run.place}: the parts {shown} do not '
                        f'add up to "{run.text}"; list all of its parts, in its order'
                    )
                taken.append(rest.pop(0))
            return tuple(part.text for part in taken if part.fills)

        groups = _groups(self._tree, take)
        if rest:
            raise InvalidFormula(
                f'formula "{self.text}" ends before its part "{rest[0].text}"; remove the part, '
                "or correct the formula"
            )
        for part in self.parts:
            if part.fills and not _readable(part.text):
                raise InvalidFormula(
                    f'formula "{self.text}": the part "{part.text}" is no number from 1 to 999 '
                    "and no open letter; say what it counts or which item it names"
                )
        return groups

    def _unreadable(self) -> InvalidFormula:
        for run in _runs(self._tree):
            if any(True for _ in _splittings(run.text)):
                continue
            # The first character behind the longest beginning that can be read.
            good = 0
            for end in range(1, len(run.text) + 1):
                if any(True for _ in _splittings(run.text[:end])):
                    good = end
            place = _fold(self.text)[1]
            start = place.index(run.place)
            return InvalidFormula(
                f'formula "{self.text}", character {place[start + good]}: "{run.text[good:]}" does '
                f"not start with a number from 1 to 999 or an open letter ({', '.join(_OPEN)}); "
                "correct it, or declare the parts of the formula"
            )
        return InvalidFormula(f'formula "{self.text}" cannot be read; declare its parts')

    @property
    def _structured(self) -> bool:
        return any(sign in self._written for sign in "+×(")

    @property
    def _product(self) -> tuple[str, ...]:
        """What 4X4 means if its X is a sign; () for other formulas."""
        left, letter, right = self._written.partition("X")
        times = _number(left) if letter and _number(right) is not None else None
        return (right,) * times if times is not None and times <= _MAX_SLOTS else ()

    def readings(self) -> Iterator[tuple[str, ...]]:
        """
        Give every way to read the text without its parts being declared.

        Digits and Chinese numerals that touch are split in every way into numbers
        from 1 to 999 without leading zero; between signs they are one number. The
        order is fixed: short first slots first. A long text has very many readings;
        take as many as needed.

        Returns:
            Iterator of slots. Empty for a formula such as 发储送用 that is readable
            by its parts only.
        """

        def of(run: _Run) -> Iterable[tuple[str, ...]]:
            if self._structured and _readable(run.text):
                return ((run.text,),)
            return _splittings(run.text)

        def rest(runs: list[_Run]) -> Iterator[tuple[str, ...]]:
            if not runs:
                yield ()
            else:
                for first in of(runs[0]):
                    for tail in rest(runs[1:]):
                        yield first + tail

        yield from rest(list(_runs(self._tree)))
        # Written in capitals, the sign of a product and the open letter look the same.
        if self._product:
            yield self._product

    @property
    def settled(self) -> bool:
        """Whether it is known which slots the formula has; possibly none."""
        return bool(self.groups or self.parts)

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots in order, as in the text; () until the formula is settled."""
        return tuple(_flat(self.groups))

    @property
    def open(self) -> bool:
        """Whether a slot is open; before the formula is settled, whether one may be."""
        slots = self.slots if self.settled else next(self.readings(), ())
        return any(slot in _OPEN for slot in slots)

    @staticmethod
    def count(slot: str) -> int | None:
        """
        Give the number of items that a slot promises.

        Args:
            slot: "2", "一〇", "十二", "六新" (the word behind is ignored), "X".

        Returns:
            1 to 999; None for an open slot.

        Raises:
            InvalidFormula: It is no single slot.
        """
        folded = _fold(slot)[0]
        if not _readable(folded):
            raise InvalidFormula(
                f'slot "{slot}" is no number from 1 to 999 and no open letter '
                f"({', '.join(_OPEN)}); correct it"
            )
        return _number(folded)

    def as_data(self) -> str | dict[str, Any]:
        """
        Give what a data file says: the text, or `{"text": …, "parts": […]}`.

        Slots that settled the formula are not in it: the items carry them.
        """
        if not self.parts:
            return self.text
        return {"text": self.text, "parts": [_part_data(part) for part in self.parts]}

    def check(self, scheme: Tiers) -> list[Mismatch]:
        """
        Compare the formula with the items of a scheme.

        The slots of the top-most tiers must be those of the formula, in its order; a
        tier that consists of tiers may fill one slot (10 made of 2, 5 and 3) or stand
        for a pair of parentheses. A closed tier lists as many items as its slot says,
        or fewer if it is marked incomplete; one that consists of tiers counts what
        these promise. An open slot needs an open item; an open item on a number is
        not counted. Items that parts name must exist.

        Args:
            scheme: Has `roots` and answers `code in scheme`; its items have `code`,
                `slot`, `open`, `incomplete` and `children`.

        Returns:
            What does not fit, in the order of the formula and the document; empty if
            all does.
        """
        formula = self
        tiers = list(_tiers(scheme.roots))
        if not formula.settled:
            try:
                formula = Formula(self.text, slots=slots_of(scheme.roots))
            except InvalidFormula as error:
                found = ", ".join(slots_of(scheme.roots))
                return [Mismatch(None, self._written, found, str(error))]
            if not formula.settled:
                message = (
                    f"{self} can be read in several ways and no item fills a slot; give its tiers "
                    "a slot each, or declare the parts of the formula"
                )
                return [Mismatch(None, self._written, None, message)]
        result = formula._check_names(scheme)
        pairs = _assign(tiers, formula.slots)
        if pairs is None:
            wrong, pairs = formula._check_slots(tiers)
            result += wrong
        for slot, tier in pairs:
            result += formula._check_tier(slot, tier)
        return result

    def _check_names(self, scheme: Tiers) -> list[Mismatch]:
        result = []
        for part in self.parts:
            if part.names is not None and part.names not in scheme:
                hint = nearest(part.names, _codes(scheme.roots))
                message = (
                    f'part "{part.text}" of {self} names the item "{part.names}", which is not '
                    "in the scheme; "
                    + (f'did you mean "{hint[0]}"?' if hint else "add it or correct the code")
                )
                result.append(Mismatch(part.text, part.names, None, message))
        return result

    def _check_slots(self, tiers: list[Tier]) -> tuple[list[Mismatch], list[tuple[str, Tier]]]:
        """Say which slots and tiers have no partner, and pair the others."""
        slots = self.slots
        found = list(_expanded(tiers, slots))
        if not found:
            message = f"no item fills a slot of {self}; give its tiers the slots {', '.join(slots)}"
            return [Mismatch(None, ", ".join(slots), None, message)], []
        filled = [_slot(tier) for tier in found]
        if slots and sorted(map(_key, slots)) == sorted(map(_key, filled)):
            message = (
                f"the tiers fill the slots {', '.join(filled)} in this order, {self} has "
                f"{', '.join(slots)}; put the tiers in the order of the formula"
            )
            wrong = Mismatch(None, ", ".join(slots), ", ".join(filled), message)
            return [wrong], list(zip(filled, found, strict=True))
        from difflib import SequenceMatcher

        result: list[Mismatch] = []
        pairs: list[tuple[str, Tier]] = []
        matcher = SequenceMatcher(
            None, [_key(slot) for slot in slots], [_key(slot) for slot in filled], autojunk=False
        )
        for operation, a, a_end, b, b_end in matcher.get_opcodes():
            if operation == "equal":
                pairs += zip(slots[a:a_end], found[b:b_end], strict=True)
                continue
            for i in range(a, a_end):
                message = (
                    f'no tier fills slot {i + 1} of {len(slots)}, "{slots[i]}", of {self}; '
                    f'add the tier, or give it the slot "{slots[i]}"'
                )
                result.append(Mismatch(slots[i], slots[i], None, message))
            for tier in found[b:b_end]:
                message = (
                    f'tier "{tier.code}" fills slot "{tier.slot}", which {self} does not have at '
                    "this place; correct the slot of the tier, or the formula"
                )
                result.append(Mismatch(None, None, tier.slot, message, tier))
        return result, pairs

    def _check_tier(self, slot: str, tier: Tier) -> list[Mismatch]:
        inner = list(_tiers(tier.children))
        result = []
        of = f'tier "{tier.code}" fills slot "{slot}" of {self}'
        expected = _number(slot)
        if tier.open:
            pass
        elif slot in _OPEN:
            message = f"{of}, which is open, but the tier is not; mark it open, or give it a number"
            result.append(Mismatch(slot, None, None, message, tier))
        elif expected is None:
            if not inner:
                message = f"{of}, which is no number and no open letter; correct the slot"
                result.append(Mismatch(slot, None, slot, message, tier))
        else:
            found = _size(tier)
            if found is not None and not (
                found == expected or (tier.incomplete and found < expected)
            ):
                what = f"{found} item{'' if found == 1 else 's'}"
                if inner:
                    what += f" in its tiers ({', '.join(_slot(t) for t in inner)})"
                if found < expected:
                    todo = "add the missing items, or mark the tier incomplete"
                elif tier.incomplete:
                    todo = "remove items or correct the slot: an incomplete tier may only list less"
                else:
                    todo = "remove items, or correct the slot"
                message = f"{of} but lists {what}; {todo}"
                result.append(Mismatch(slot, expected, found, message, tier))
        for part in inner:
            result += self._check_tier(_slot(part), part)
        return result

    def _fields(self) -> tuple[Any, ...]:
        return self._written, self.groups, self.parts

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.text, self.slots, [_part_data(part) for part in self.parts])

    def __str__(self) -> str:
        return self._written

    def __repr__(self) -> str:
        options = ""
        if self.parts:
            options = f", parts={[_part_data(part) for part in self.parts]!r}"
        elif self.settled and len(list(islice(self.readings(), 2))) > 1:
            options = f", slots={self.slots!r}"
        return f"Formula.parse({self.text!r}{options})"


def _restore(text: str, slots: tuple[str, ...], parts: list[str | dict[str, str]]) -> Formula:
    return Formula(text, slots=slots, parts=parts or None)


def _part(data: str | Mapping[str, str], formula: str) -> Part:
    if isinstance(data, str):
        data = {"part": data}
    other = sorted(set(data) - {"part", "counts", "names"})
    if other:
        hint = nearest(other[0], ("part", "counts", "names"))
        raise InvalidFormula(
            f'formula "{formula}": a part has no key "{other[0]}"; '
            + (f'did you mean "{hint[0]}"?' if hint else "there are part, counts and names")
        )
    text = "".join(c for c in _fold(data.get("part", ""))[0] if c not in "+()")
    if not text:
        raise InvalidFormula(
            f'formula "{formula}": a part is empty; write the characters of the formula it '
            'covers, as "12" or {part: "9", counts: growth rate}'
        )
    part = Part(text, data.get("counts") or None, data.get("names") or None)
    if part.counts is not None and part.names is not None:
        raise InvalidFormula(
            f'formula "{formula}": the part "{text}" both counts something and names an item; '
            "keep one of them"
        )
    return part


def _part_data(part: Part) -> str | dict[str, str]:
    if part.fills:
        return part.text
    if part.counts is not None:
        return {"part": part.text, "counts": part.counts}
    return {"part": part.text, "names": part.names or ""}


def slots_of(tiers: Iterable[Tier]) -> tuple[str, ...]:
    """
    Give the slots that top-most tiers carry, in document order.

    Items without a slot are looked through; tiers inside a tier are not listed.
    These are the slots that settle a formula without signs.

    Args:
        tiers: The roots of a scheme; see `Formula.check`.
    """
    return tuple(_slot(tier) for tier in _tiers(tiers))


def _slot(tier: Tier) -> str:
    return _fold(tier.slot or "")[0]


def _key(slot: str) -> str:
    """One text for slots that are the same."""
    count = _number(slot)
    return slot if count is None else str(count)


def _tiers(items: Iterable[Tier]) -> Iterator[Tier]:
    for item in items:
        if item.slot is not None:
            yield item
        else:
            yield from _tiers(item.children)


def _codes(items: Iterable[Tier]) -> Iterator[str]:
    for item in items:
        yield item.code
        yield from _codes(item.children)


def _size(tier: Tier) -> int | None:
    """Items in a tier; for one made of tiers, what these promise. None if one is open."""
    total = 0
    for child in tier.children:
        if child.slot is None and not any(True for _ in _tiers(child.children)):
            total += 1
            continue
        promised = None if child.slot is None else _number(_slot(child))
        size = _size(child) if promised is None and not child.open else promised
        if size is None:
            return None
        total += size
    return total


def _assign(tiers: list[Tier], slots: tuple[str, ...]) -> list[tuple[str, Tier]] | None:
    """Pair slots and tiers in order, opening a tier made of tiers only where needed."""
    # The tiers still to come are settled by the next one: its ancestors are all open.
    failed: set[tuple[int, int]] = set()

    def pair(rest: list[Tier], at: int) -> list[tuple[str, Tier]] | None:
        if not rest:
            return [] if at == len(slots) else None
        head, *tail = rest
        if (id(head), at) in failed:
            return None
        if at < len(slots) and _same(slots[at], _slot(head)):
            pairs = pair(tail, at + 1)
            if pairs is not None:
                return [(slots[at], head), *pairs]
        inner = list(_tiers(head.children))
        pairs = pair(inner + tail, at) if inner else None
        if pairs is None:
            failed.add((id(head), at))
        return pairs

    return pair(tiers, 0)


def _expanded(tiers: Iterable[Tier], slots: tuple[str, ...]) -> Iterator[Tier]:
    """Open the tiers made of tiers whose own slot the formula does not have."""
    for tier in tiers:
        inner = list(_tiers(tier.children))
        if inner and not any(_same(slot, _slot(tier)) for slot in slots):
            yield from _expanded(inner, slots)
        else:
            yield tier

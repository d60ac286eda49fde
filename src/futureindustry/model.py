"""
The records: issuers, series, schemes, levels, items, index entries, sources, maps, item changes.

Immutable values without input or output. What is derived from the data of one record is a
property here; what needs a catalogue lives in the modules that have one. Terms follow the
GSIM Statistical Classification Model 1.2 and SKOS/XKOS; where our word differs, the
docstring names theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs

from .errors import InvalidDate, InvalidId, InvalidScheme, Place, UnknownItem
from .formula import Formula
from .relation import Relation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal, NoReturn

    from .charts import Chart
    from .names import Resolution

__all__ = [
    "URI_BASE",
    "IndexEntry",
    "Issuer",
    "Item",
    "ItemChange",
    "Level",
    "Map",
    "Scheme",
    "Series",
    "Source",
    "Statement",
    "Text",
    "Validity",
    "last_day",
    "split_id",
]

URI_BASE = "https://w3id.org/futureindustry/"

LANGUAGES = ("zh", "en")
_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_ID = re.compile(rf"({_SLUG}/{_SLUG})(?:@({_SLUG}))?(?:#(.+))?", re.ASCII)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def split_id(text: str) -> tuple[str, str | None, str | None]:
    """
    Take an identifier apart.

    Args:
        text: `issuer/series`, `issuer/series@version` or `issuer/series@version#code`.

    Returns:
        Series id, version or None, code or None.

    Raises:
        InvalidId: The text is none of these.
    """
    found = _ID.fullmatch(text)
    if not found:
        raise InvalidId(
            f'"{text}" is no identifier; write issuer/series, issuer/series@version or '
            "issuer/series@version#code in lower-case ASCII (futureindustry list shows them all)"
        )
    return found[1], found[2], found[3]


def first_day(date: str) -> str:
    """Give the first day of a reduced ISO 8601 date: `2024-05` is `2024-05-01`."""
    return date + "-01-01"[3 * date.count("-") :]


def last_day(date: str) -> str:
    """
    Give the last day of a reduced ISO 8601 date: `2024` is `2024-12-31`.

    Raises:
        InvalidDate: Not a date of the form YYYY, YYYY-MM or YYYY-MM-DD, or no such day.
    """
    found = _DATE.fullmatch(date)
    if not found:
        raise InvalidDate(f'"{date}" is no date; write YYYY, YYYY-MM or YYYY-MM-DD')
    year, month = int(found[1]), int(found[2] or 12)
    if not (year and 1 <= month <= 12):
        raise InvalidDate(f'"{date}" is no date; years start at 0001, months are 01 to 12')
    # Gregorian leap years, also before 1582 (ISO 8601).
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = _DAYS[month - 1] + leap
    if found[3] is None:
        return f"{found[1]}-{month:02}-{days}"
    if not 1 <= int(found[3]) <= days:
        raise InvalidDate(f'"{date}" is no date; {date[:7]} has the days 01 to {days}')
    return date


class _Fixed(dict[str, "Any"]):
    """A dict that nobody can change: records are shared by the whole process."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("records cannot be changed; make a new one with attrs.evolve")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none, since it can change
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _Fixed, (dict(self),)


_NOTHING = _Fixed()


def _fixed(mapping: Mapping[str, Any]) -> _Fixed:
    if type(mapping) is _Fixed:
        return mapping
    return _Fixed(mapping) if mapping else _NOTHING


_new = object.__new__
_put = object.__setattr__
NO_TEXT: Text


class Text(Mapping[str, str]):
    """
    A text by language: `text["zh"]`, `text["en"]`.

    A language that is not there raises KeyError; `get` gives None. `str(text)` is the
    Chinese text where there is one.
    """

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str] | None = None, /, **more: str) -> None:
        found = {**texts, **more} if texts else more
        self._texts = {lang: found[lang] for lang in LANGUAGES if found.get(lang)}

    @classmethod
    def _bilingual(cls, zh: str, en: str) -> Text:
        """Make a text in the short way: for tables of thousands of rows."""
        text = _new(cls)
        if en:
            text._texts = {"zh": zh, "en": en} if zh else {"en": en}  # noqa: SLF001
        else:
            text._texts = {"zh": zh} if zh else {}  # noqa: SLF001
        return text

    def __getitem__(self, lang: str) -> str:
        return self._texts[lang]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(tuple(self._texts.items()))

    def __repr__(self) -> str:
        return f"Text({self._texts!r})"

    def __str__(self) -> str:
        return next(iter(self._texts.values()), "")

    def show(self, lang: str) -> str:
        """Give the text in `lang`, or in another language where that is missing."""
        return self._texts.get(lang) or str(self)


NO_TEXT = Text()


@attrs.frozen
class Validity:
    """
    The time in which something holds, half open: from `start` up to, not including, `end`.

    Attributes:
        start: ISO 8601 date, reduced as far as known; None is "not known".
        end: The day (or month, year) from which it no longer holds; None is "not ended,
            or not known".
    """

    start: str | None = None
    end: str | None = None

    def __contains__(self, date: object) -> bool:
        day = last_day(str(date))
        if self.start is not None and day < first_day(self.start):
            return False
        return self.end is None or day < first_day(self.end)

    def overlaps(self, other: Validity) -> bool:
        """Say whether the two times have a day in common."""
        low = max(first_day(v.start) if v.start else "" for v in (self, other))
        high = min(first_day(v.end) if v.end else "9999" for v in (self, other))
        return low < high


ALWAYS = Validity()


@attrs.frozen
class Source:
    """
    Where a fact was seen.

    Attributes:
        id: Key by which items of the same file refer to it.
        title: Title of the document or page.
        publisher: Who published it.
        date: Date of publication, ISO 8601, reduced as far as known.
        kind: `primary` (the issuer's document), `secondary` (a report on it) or `tertiary`.
        url: Permanent address, where there is one.
        document: Document number, such as 工信部联科〔2024〕12号.
        note: What of it was seen.
    """

    id: str
    title: str
    publisher: str | None = None
    date: str | None = None
    kind: str | None = None
    url: str | None = None
    document: str | None = None
    note: str | None = None


class Sentence(str):
    """
    A sentence for whoever uses a list: a string that may be there in two languages.

    The string itself is the English where there is one, else what was written.

    Attributes:
        by_lang: The sentence by language; nothing if the file does not say its language.
    """

    __slots__ = ("by_lang",)

    by_lang: Text

    def __new__(cls, text: str | Mapping[str, str]) -> Sentence:
        """Make a sentence from a string, or from strings by language."""
        if isinstance(text, Sentence):
            return text
        by_lang = NO_TEXT if isinstance(text, str) else Text(text)
        plain = text if isinstance(text, str) else by_lang.get("en") or str(by_lang)
        sentence = super().__new__(cls, plain)
        _put(sentence, "by_lang", by_lang)
        return sentence

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Sentence cannot be changed (setting {name})")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Sentence cannot be changed (deleting {name})")

    def __reduce__(self) -> tuple[type[Sentence], tuple[str | dict[str, str]]]:
        return Sentence, (dict(self.by_lang) or str(self),)

    def show(self, lang: str) -> str:
        """Give the sentence in `lang`, or in another language where that is missing."""
        return self.by_lang.get(lang) or str(self)


def _sentences(values: Iterable[str | Mapping[str, str]]) -> tuple[Sentence, ...]:
    return tuple(map(Sentence, values))


class IndexEntry(str):
    """
    Another name that leads to an item; a string that knows what kind of name it is.

    GSIM: Classification Index Entry; SKOS: altLabel or hiddenLabel.

    Attributes:
        lang: `zh` or `en`.
        kind: `former`, `short`, `trade`, `translation`, `spelling`, or None for a plain synonym.
        sources: Ids of sources that use the name.
        valid: When the name is in use.
    """

    __slots__ = ("kind", "lang", "sources", "valid")

    lang: str
    kind: str | None
    sources: tuple[str, ...]
    valid: Validity

    def __new__(
        cls,
        name: str,
        lang: str = "zh",
        *,
        kind: str | None = None,
        sources: tuple[str, ...] = (),
        valid: Validity = ALWAYS,
    ) -> IndexEntry:
        """Make an entry from the name and what is known of it."""
        entry = super().__new__(cls, name)
        _put(entry, "lang", lang)
        _put(entry, "kind", kind)
        _put(entry, "sources", sources)
        _put(entry, "valid", valid)
        return entry

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"an IndexEntry cannot be changed (setting {name})")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"an IndexEntry cannot be changed (deleting {name})")

    def __reduce__(self) -> tuple[Any, ...]:
        return _index_entry, (str(self), self.lang, self.kind, self.sources, self.valid)


def _index_entry(
    name: str, lang: str, kind: str | None, sources: tuple[str, ...], valid: Validity
) -> IndexEntry:
    return IndexEntry(name, lang, kind=kind, sources=sources, valid=valid)


@attrs.frozen
class Level:
    """
    The items at one depth. GSIM: Level; XKOS: ClassificationLevel.

    Attributes:
        code: Short name, such as `division`.
        label: What the issuer calls it, such as 大类.
        depth: 1 for the top.
        count: How many items the edition has there; None if not declared.
    """

    code: str
    label: Text
    depth: int
    count: int | None = None


@attrs.frozen(eq=False, repr=False)
class Item:
    """
    A category of a scheme. GSIM: Classification Item; SKOS: Concept.

    Attributes:
        code: Unique in the scheme, stable over its versions (skos:notation).
        label: Official name by language.
        also: Index entries by language.
        parent_code: Code of the parent; None at the top.
        slot: The part of the formula that this tier fills, such as `"2"` or `"X"`.
        open: The issuer lists no closed set of children here, on purpose.
        incomplete: The issuer's list is closed, but only a part of it has been seen.
        exclusive: Children do not overlap.
        exhaustive: Children make up the whole item.
        sources: Ids of the scheme's sources.
        note: Scope or reading, by language (SKOS: scopeNote).
        label_kind: Provenance of the label by language, where it differs from the scheme's:
            `official`, `media`, `ours`, `back-translated`.
        valid: When the item is in force, if that differs from its scheme.
        successors: Codes that take over when it ends.
        broader: Codes of further broader items (hub only: a concept may have several).
        declared_level: The level that the issuer gives it, where the tree does not show it
            because a level between was not seen; None where depth and level agree.
        place: Where it stands in its file.
    """

    code: str
    label: Text
    also: Mapping[str, tuple[IndexEntry, ...]] = attrs.field(
        default=_NOTHING, converter=_fixed, kw_only=True
    )
    parent_code: str | None = attrs.field(default=None, kw_only=True)
    slot: str | None = attrs.field(default=None, kw_only=True)
    open: bool = attrs.field(default=False, kw_only=True)
    incomplete: bool = attrs.field(default=False, kw_only=True)
    exclusive: bool = attrs.field(default=False, kw_only=True)
    exhaustive: bool = attrs.field(default=False, kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    note: Text = attrs.field(default=NO_TEXT, kw_only=True)
    label_kind: Mapping[str, str] = attrs.field(default=_NOTHING, converter=_fixed, kw_only=True)
    valid: Validity = attrs.field(default=ALWAYS, kw_only=True)
    successors: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    broader: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    declared_level: int | None = attrs.field(default=None, kw_only=True)
    place: Place | None = attrs.field(default=None, kw_only=True)
    _scheme: Scheme | None = attrs.field(default=None, init=False)

    @classmethod
    def _row(cls, code: str, label: Text, parent_code: str | None, place: Place) -> Item:
        """Make an item in the short way: for tables of thousands of rows."""
        item = _new(cls)
        _put(item, "code", code)
        _put(item, "label", label)
        _put(item, "parent_code", parent_code)
        _put(item, "place", place)
        _put(item, "_scheme", None)
        return item

    def __getattr__(self, name: str) -> Any:
        # Only reached for what `_row` did not set: the defaults cost nothing until asked for.
        try:
            value = _ITEM_DEFAULTS[name]
        except KeyError:
            raise AttributeError(f'an Item has no "{name}"', name=name, obj=self) from None
        _put(self, name, value)
        return value

    @property
    def scheme(self) -> Scheme:
        """The scheme that the item belongs to."""
        if self._scheme is None:
            raise ValueError(f'item "{self.code}" belongs to no scheme yet')
        return self._scheme

    @property
    def id(self) -> str:
        """`issuer/series@version#code`."""
        return f"{self.scheme.id}#{self.code}"

    @property
    def parent(self) -> Item | None:
        """The broader item, None at the top."""
        return None if self.parent_code is None else self.scheme[self.parent_code]

    @property
    def children(self) -> tuple[Item, ...]:
        """The items directly below, in published order."""
        return self.scheme.children_of(self.code)

    @property
    def ancestors(self) -> tuple[Item, ...]:
        """Parent, its parent and so on up to the top."""
        found = []
        item = self.parent
        while item is not None:
            found.append(item)
            item = item.parent
        return tuple(found)

    @property
    def descendants(self) -> tuple[Item, ...]:
        """All items below, depth first, in published order."""
        found: list[Item] = []
        for child in self.children:
            found += (child, *child.descendants)
        return tuple(found)

    @property
    def level(self) -> int:
        """Level: the declared one, else the depth in the tree; 1 at the top."""
        return self.declared_level or len(self.ancestors) + 1

    @property
    def in_open_tier(self) -> bool:
        """Whether the item is open or stands below an open item."""
        return self.open or any(item.open for item in self.ancestors)

    @property
    def names(self) -> tuple[str, ...]:
        """Labels and index entries in all languages."""
        return (*self.label.values(), *(name for names in self.also.values() for name in names))

    def _key(self) -> tuple[object, ...]:
        # Index entries compare as strings; two records must agree on the rest of them too.
        also = {
            lang: [(str(name), name.kind, name.sources, name.valid) for name in names]
            for lang, names in self.also.items()
            if names
        }
        return (*(getattr(self, name) for name in _ITEM_KEY), also)

    def __eq__(self, other: object) -> bool:
        """Say whether both say the same, wherever they stand and whatever their scheme is."""
        if not isinstance(other, Item):
            return NotImplemented
        return self is other or self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.code, self.label))

    def __repr__(self) -> str:
        return f"<Item {self.code} {self.label}>"


_ITEM_DEFAULTS: dict[str, Any] = {
    field.name: field.default for field in attrs.fields(Item) if field.default is not attrs.NOTHING
}
_ITEM_KEY = tuple(
    field.name for field in attrs.fields(Item) if field.name not in ("also", "place", "_scheme")
)


@attrs.frozen(eq=False, repr=False)
class Scheme(Mapping[str, Item]):
    """
    One version of a scheme. GSIM: Statistical Classification; SKOS: ConceptScheme.

    A mapping from code to `Item` in document order: `scheme["quantum-information"]` raises
    `UnknownItem` with the nearest code, `scheme.get(...)` gives None, `len` counts items.

    Attributes:
        series: `issuer/series`.
        version: The issuer's own edition name, or the date of publication.
        title: By language.
        short: A name of a few words that stands alone, for tables and pictures, where the title
            is a sentence; else empty.
        issuer: Id of the issuer.
        items_: All items in document order (a tuple; the mapping's values).
        formula: Such as 2+3+X; None if the issuer announced none.
        published: Date of publication, reduced as far as known.
        valid: When the version is in force.
        supersedes: Version of the same series that this one replaces.
        confirmed: Day on which someone last saw it in force.
        confidence: `high`, `medium` or `low`.
        label_kind: Provenance of the labels by language (see `Item.label_kind`).
        levels: Declared levels; empty where the issuer declares none.
        sentinels: Code and label of items by which the edition is recognised.
        limitations: What is missing or inferred; shown to users.
        conflicts: Where sources disagree.
        notes: Anything else a reader should know.
        sources: In the file's order.
        origin: The catalogue that it was loaded from, if any.
        place: Its file.
    """

    series: str
    version: str
    title: Text
    issuer: str
    items_: tuple[Item, ...] = attrs.field(kw_only=True)
    short: Text = attrs.field(default=NO_TEXT, kw_only=True)
    formula: Formula | None = attrs.field(default=None, kw_only=True)
    published: str | None = attrs.field(default=None, kw_only=True)
    valid: Validity = attrs.field(default=ALWAYS, kw_only=True)
    supersedes: str | None = attrs.field(default=None, kw_only=True)
    confirmed: str | None = attrs.field(default=None, kw_only=True)
    confidence: str | None = attrs.field(default=None, kw_only=True)
    label_kind: Mapping[str, str] = attrs.field(default=_NOTHING, converter=_fixed, kw_only=True)
    levels: tuple[Level, ...] = attrs.field(default=(), kw_only=True)
    sentinels: Mapping[str, str] = attrs.field(default=_NOTHING, converter=_fixed, kw_only=True)
    exclusive: bool = attrs.field(default=False, kw_only=True)
    exhaustive: bool = attrs.field(default=False, kw_only=True)
    limitations: tuple[Sentence, ...] = attrs.field(default=(), converter=_sentences, kw_only=True)
    conflicts: tuple[Sentence, ...] = attrs.field(default=(), converter=_sentences, kw_only=True)
    notes: tuple[Sentence, ...] = attrs.field(default=(), converter=_sentences, kw_only=True)
    sources: tuple[Source, ...] = attrs.field(default=(), kw_only=True)
    origin: Any = attrs.field(default=None, kw_only=True)
    place: Place | None = attrs.field(default=None, kw_only=True)
    _by_code: dict[str, Item] = attrs.field(init=False)
    _below: dict[str | None, tuple[Item, ...]] = attrs.field(init=False)
    memo: dict[str, Any] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        by_code: dict[str, Item] = {}
        below: dict[str | None, list[Item]] = {}
        for given in self.items_:
            # An item of another scheme stays there; this one gets its own.
            item = given if given._scheme is None else attrs.evolve(given)  # noqa: SLF001
            code, parent = item.code, item.parent_code
            if parent in below:
                below[parent].append(item)
            elif parent is None or parent in by_code:
                below[parent] = [item]
            else:
                # Parents first: then there is no cycle, and every parent is an item.
                raise InvalidScheme(
                    f'the parent "{parent}" of "{code}" does not stand before it in {self.id}'
                )
            if code in by_code:
                raise InvalidScheme(f'{self.id} has two items "{code}"; codes are unique')
            by_code[code] = item
            _put(item, "_scheme", self)
        _put(self, "items_", tuple(by_code.values()))
        _put(self, "_by_code", by_code)
        _put(self, "_below", {code: tuple(found) for code, found in below.items()})

    def __getitem__(self, code: str) -> Item:
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownItem(code, self.id, self._by_code) from None

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    def get(self, code: str, default: Any = None) -> Any:  # Mapping.get would look for a hint
        """Give the item with that code, or `default`."""
        return self._by_code.get(code, default)

    def __eq__(self, other: object) -> bool:
        """Say whether both say the same, wherever they were read."""
        if not isinstance(other, Scheme):
            return NotImplemented
        return self is other or all(
            getattr(self, field.name) == getattr(other, field.name)
            for field in attrs.fields(Scheme)
            if field.init and field.name not in ("origin", "place")
        )

    def __hash__(self) -> int:
        return hash((self.id, len(self)))

    def __repr__(self) -> str:
        return f"<Scheme {self.id} ({len(self)} items)>"

    @property
    def id(self) -> str:
        """`issuer/series@version`."""
        return f"{self.series}@{self.version}"

    @property
    def roots(self) -> tuple[Item, ...]:
        """The items at the top, in published order."""
        return self._below.get(None, ())

    def children_of(self, code: str) -> tuple[Item, ...]:
        """Give the items directly below `code`, in published order."""
        return self._below.get(code, ())

    def is_exclusive(self, item: Item) -> bool:
        """Say whether the children of `item` are declared not to overlap."""
        return item.exclusive or self.exclusive

    def is_exhaustive(self, item: Item) -> bool:
        """Say whether the children of `item` are declared to make it up; an open item never."""
        return (item.exhaustive or self.exhaustive) and not item.open and not item.incomplete

    def source(self, id: str) -> Source | None:  # noqa: A002 - the field is called id
        """Give the source with that key."""
        return next((source for source in self.sources if source.id == id), None)

    def resolve(
        self, label: str, *, as_of: str | None = None, tier: str | None = None
    ) -> Resolution:
        """
        Say which item a label written by an analyst means, and why.

        Args:
            label: As typed: a code, a name in Chinese or English, or a list of them.
            as_of: Date; the label is then resolved in the version of this series that
                was in force at its end.
            tier: Slot, code or name of a tier that the item must stand under; settles
                a name that occurs in two tiers.

        Returns:
            A `Resolution`; what cannot be told is an outcome, never an error.
        """
        from .names import resolver

        return resolver(self, as_of=as_of).resolve(label, tier=tier)

    def resolve_many(self, labels: Iterable[str], *, as_of: str | None = None) -> list[Resolution]:
        """Resolve each distinct label once, in the order of first occurrence."""
        from .names import resolver

        return resolver(self, as_of=as_of).resolve_many(labels)

    def chart(
        self,
        kind: Literal["tree", "sunburst"] = "tree",
        *,
        depth: int | None = None,
        lang: Literal["zh", "en"] = "zh",
    ) -> Chart:
        """
        Draw the items: `.svg`, `.to_html()`, `.to_png()`, `.to_echarts()`, `.save(path)`.

        Args:
            kind: `tree`, from left to right, or `sunburst`, as rings.
            depth: Levels to draw; None draws as many as are readable. What is below is counted.
            lang: Language of the labels; a small picture shows the other one as well.

        Raises:
            UnknownFormat: No such kind.
            UnreadableData: No items, or a depth below 1.
        """
        from .pictures import of_scheme

        return of_scheme(self, kind, depth, lang)


@attrs.frozen
class Issuer:
    """
    Who publishes schemes. GSIM: Maintenance Unit.

    Attributes:
        id: ASCII kebab case.
        name: Full name by language.
        also: Other names by language.
        kind: `park`, `district`, `city`, `province`, `ministry`, `nation` or `organisation`.
        place: Where, by language.
        place_code: ISO 3166-2 code of the province, `CN` for national issuers.
        main: The series meant when only the issuer is named, where it has several.
    """

    id: str
    name: Text
    also: Mapping[str, tuple[IndexEntry, ...]] = attrs.field(default=_NOTHING, converter=_fixed)
    kind: str = attrs.field(default="park", kw_only=True)
    place: Text = attrs.field(default=NO_TEXT, kw_only=True)
    place_code: str | None = attrs.field(default=None, kw_only=True)
    main: str | None = attrs.field(default=None, kw_only=True)

    @property
    def names(self) -> tuple[str, ...]:
        """All names in all languages."""
        return (*self.name.values(), *(name for names in self.also.values() for name in names))


@attrs.frozen
class Series:
    """
    The versions of one scheme over time. GSIM: Classification Series.

    Attributes:
        id: `issuer/series`.
        issuer: Id of the issuer.
        versions: Names of the versions, oldest first.
    """

    id: str
    issuer: str
    versions: tuple[str, ...]


@attrs.frozen
class Map:
    """
    How one item relates to one item of another scheme. GSIM: Map; one SSSOM record.

    Attributes:
        source: Code in the source scheme.
        target: Code in the target scheme.
        relation: Of the source's extent to the target's.
        confidence: 0 to 1; None if the source gives none.
        justification: semapv term, such as `semapv:ManualMappingCuration`.
        comment: Why, where that is not obvious.
        weight: Share of the source that goes to the target, 0 to 1; None if not known.
        derivation: For a derived map, the premises in sentences; empty if asserted.
        place: Where it is asserted.
        metadata: Further slots of the SSSOM record by name, such as `author_id`; the values
            of a slot that has several stand in one text with `|` between, as in the file.
    """

    source: str
    target: str
    relation: Relation
    confidence: float | None = None
    justification: str | None = None
    comment: str | None = None
    weight: float | None = None
    derivation: tuple[str, ...] = ()
    place: Place | None = attrs.field(default=None, eq=False)
    metadata: Mapping[str, str] = attrs.field(default=_NOTHING, converter=_fixed, kw_only=True)
    # What a map made by `_chained` follows from: two maps for each path, one after the other.
    _chain: tuple[Map, ...] = attrs.field(init=False, eq=False, repr=False)

    @classmethod
    def _chained(cls, relation: Relation, chain: tuple[Map, ...]) -> Map:
        """Make the map that follows from chains of two maps; the rest waits until asked for."""
        made = _new(cls)
        _put(made, "relation", relation)
        _put(made, "_chain", chain)
        return made

    def __getattr__(self, name: str) -> Any:
        # Only reached for what `_chained` did not set.
        value: Any
        if name == "_chain":
            value = ()
        elif name == "source":
            value = self._chain[0].source
        elif name == "target":
            value = self._chain[1].target
        elif name in ("confidence", "weight"):
            first, second = (getattr(m, name) for m in self._chain[:2])
            value = None if first is None or second is None else first * second
        elif name == "derivation":
            value = tuple(
                f"{m.relation.sentence(m.source, m.target)}, "
                f"{n.relation.sentence(n.source, n.target)}"
                for m, n in zip(self._chain[::2], self._chain[1::2], strict=True)
            )
        elif name == "justification":
            value = "semapv:MappingChaining"
        elif name in ("comment", "place"):
            value = None
        elif name == "metadata":
            value = _NOTHING
        else:
            raise AttributeError(f'a Map has no "{name}"', name=name, obj=self)
        _put(self, name, value)
        return value


class Statement(str):
    """
    A sentence that says what something rests on; the string is English.

    Attributes:
        zh: The same in Chinese.
        places: The places in files that say so.
    """

    __slots__ = ("places", "zh")

    zh: str
    places: tuple[Place, ...]

    def __new__(cls, en: str, zh: str, places: tuple[Place, ...] = ()) -> Statement:
        """Make a statement from its two wordings."""
        made = super().__new__(cls, en)
        _put(made, "zh", zh)
        _put(made, "places", places)
        return made

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Statement cannot be changed (setting {name})")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Statement cannot be changed (deleting {name})")

    def __reduce__(self) -> tuple[Any, ...]:
        return Statement, (str(self), self.zh, self.places)

    def say(self, lang: str) -> str:
        """Give the sentence in a language."""
        return self.zh if lang == "zh" else str(self)


@attrs.frozen
class ItemChange:
    """
    What happened to items between two versions. GSIM: Item Change.

    Attributes:
        change: `unchanged`, `name change`, `code change`, `creation`, `deletion`, `merger`,
            `take-over`, `breakdown`, `split-off` or `transfer`; `not seen` or `first seen`
            where an open or incomplete list leaves it open.
        old: Codes in the old version.
        new: Codes in the new version.
        evidence: Sentences that say what the change rests on, maps with their file and line.
    """

    change: str
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    evidence: tuple[Statement, ...] = ()

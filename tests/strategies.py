"""Hypothesis strategies: texts with dirt, index entries, trees of items, schemes, maps."""

from __future__ import annotations

import unicodedata
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from futureindustry.formula import Formula
from futureindustry.model import (
    IndexEntry,
    Issuer,
    Item,
    Level,
    Map,
    Scheme,
    Sentence,
    Source,
    Text,
    Validity,
    first_day,
)
from futureindustry.relation import Relation

big = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""For tests that draw whole schemes."""

# What YAML, spreadsheets and people make of text.
ODD = (
    "0111", "no", "yes", "on", "true", "null", "~", "1e3", "1_000", "0x1F", "0o17", ".inf", ".nan",
    "12:30:45", "2024-05", "2024-05-01", "2001-12-14t21:59:43.10-05:00", "=", "<<", "-", "?", ":",
    "- a", "a: b", "a #b", "# a", "'", '"', "'a'", 'say "no"', "a'b", "\\", "\\n", "{a", "[a]", "a,b",
    "*a", "&a", "!a", "!!str", "%a", "@a", "`a", "|", ">", "...", "---", "--- a", "a:", ":a", "a::b",
    "量子信息", "“量子”信息", "ＡＢ＋２", "全　角", "量子、信息；", "🚀", "👩‍👩‍👧", "é", "e\u0301", "\ufeffa", "a\u200bb",
    "=1+1", "https://example.org/a?b=c#d", "http://a.b:80/{c}", "2+3+X", "4×4", "x" * 200, "长" * 120,
)  # fmt: skip

_CHARACTERS = st.characters(
    exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufffe\uffff"
)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def lines(max_size: int = 20) -> st.SearchStrategy[str]:
    """One line of text as files hold it: NFC, no control characters, no space around it."""
    return (
        st.one_of(
            st.sampled_from(ODD),
            st.text(st.sampled_from("量子信息abc 01.-:#'\"，"), min_size=1, max_size=max_size),
            st.text(_CHARACTERS, min_size=1, max_size=max_size),
        )
        .map(_clean)
        .filter(bool)
    )


def proses() -> st.SearchStrategy[str]:
    """Text of one or several lines."""
    return st.lists(lines(), min_size=1, max_size=3).map("\n".join).map(_clean)


def texts(values: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Text]:
    """A text in one or both languages."""
    values = lines() if values is None else values
    one = st.dictionaries(st.sampled_from(("zh", "en")), values, min_size=1)
    return one.map(Text)


def codes() -> st.SearchStrategy[str]:
    return lines(8).map(lambda text: "".join(text.replace("#", "").split())).filter(bool)


def slugs() -> st.SearchStrategy[str]:
    return st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)


def dates() -> st.SearchStrategy[str]:
    days = st.dates().map(lambda day: day.isoformat())
    return st.tuples(days, st.sampled_from((4, 7, 10))).map(lambda cut: cut[0][: cut[1]])


@st.composite
def validities(draw: st.DrawFn) -> Validity:
    start, end = draw(st.none() | dates()), draw(st.none() | dates())
    if start and end and first_day(end) <= first_day(start):
        start, end = (end, start) if first_day(end) < first_day(start) else (start, None)
    return Validity(start, end)


def kinds() -> st.SearchStrategy[dict[str, str]]:
    kind = st.sampled_from(("official", "media", "ours", "back-translated"))
    return st.dictionaries(st.sampled_from(("zh", "en")), kind)


@st.composite
def index_entries(draw: st.DrawFn, lang: str = "zh", sources: tuple[str, ...] = ()) -> IndexEntry:
    kind = st.sampled_from((None, "former", "short", "trade", "translation", "spelling"))
    return IndexEntry(
        draw(lines()),
        lang,
        kind=draw(kind),
        sources=draw(_some(sources)),
        valid=draw(validities()),
    )


def _some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    if not values:
        return st.just(())
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


@st.composite
def names(draw: st.DrawFn, sources: tuple[str, ...] = ()) -> dict[str, tuple[IndexEntry, ...]]:
    found = {}
    for lang in ("zh", "en"):
        entries = draw(st.lists(index_entries(lang, sources), max_size=2))
        if entries:
            found[lang] = tuple(entries)
    return found


@st.composite
def sources(draw: st.DrawFn) -> Source:
    rare = {
        "publisher": lines(),
        "date": dates(),
        "kind": st.sampled_from(("primary", "secondary", "tertiary")),
        "url": lines(),
        "document": lines(),
        "note": proses(),
    }
    return Source(draw(lines(6)), draw(lines()), **draw(_few(rare)))


@st.composite
def items(
    draw: st.DrawFn,
    code: str = "a",
    *,
    parent: str | None = None,
    slot: str | None = None,
    sources: tuple[str, ...] = (),
) -> Item:
    """One item; plain ones are the most frequent."""
    flag = st.booleans()
    rare = {
        "also": names(sources),
        "open": flag,
        "incomplete": flag,
        "exclusive": flag,
        "exhaustive": flag,
        "sources": _some(sources),
        "note": texts(proses()),
        "label_kind": kinds(),
        "valid": validities(),
        "successors": st.lists(lines(8), max_size=2).map(tuple),
    }
    return Item(code, draw(texts()), parent_code=parent, slot=slot, **draw(_few(rare)))


@st.composite
def _few(draw: st.DrawFn, fields: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Some of the fields, mostly none or one."""
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), max_size=3, unique=True))
    return {name: draw(fields[name]) for name in chosen}


@st.composite
def trees(
    draw: st.DrawFn, sources: tuple[str, ...] = (), slots: tuple[str, ...] = ()
) -> tuple[Item, ...]:
    """Items in document order; the first of them are tiers that fill the slots."""
    tiers = len(slots)
    found = draw(st.lists(codes(), min_size=tiers, max_size=tiers + 4, unique=True))
    made = []
    path: list[str] = []
    for n, code in enumerate(found):
        # The parent is the item before, one of its ancestors, or none.
        path = path[: 0 if n < tiers else draw(st.integers(min(1, tiers), len(path)))]
        parent = path[-1] if path else None
        slot = slots[n] if n < tiers else None
        made.append(draw(items(code, parent=parent, slot=slot, sources=sources)))
        path.append(code)
    return tuple(made)


_FORMULAS = (
    (None, ()),
    (Formula.parse("2+3+X"), ("2", "3", "X")),
    (Formula.parse("(2+2)+3"), ("2", "2", "3")),
    (Formula.parse("4×2", slots=("2",) * 4), ("2",) * 4),
    (Formula.parse("33618", slots=("3", "3", "6", "18")), ("3", "3", "6", "18")),
    (Formula.parse("五一〇", slots=("5", "10")), ("5", "10")),
    (Formula.parse("六新六特", parts=["六新", "六特"]), ("六新", "六特")),
    (Formula.parse("1269", parts=["12", "6", {"part": "9", "counts": "growth: %"}]), ("12", "6")),
    (Formula.parse("发储", parts=[{"part": c, "names": c} for c in "发储"]), ()),
)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    """A scheme as a file can hold it; a formula, if any, has tiers with its slots."""
    known = draw(st.lists(sources(), max_size=2, unique_by=lambda source: source.id))
    formula, slots = draw(st.sampled_from(_FORMULAS))
    found = draw(trees(tuple(source.id for source in known), slots))
    levels = st.lists(st.tuples(lines(8), texts(), st.none() | st.integers(0, 99)), max_size=2)
    by_lang = st.fixed_dictionaries({}, optional={"zh": proses(), "en": proses()}).filter(bool)
    sentences = st.lists((proses() | by_lang).map(Sentence), max_size=2).map(tuple)
    rare = {
        "published": dates(),
        "valid": validities(),
        "supersedes": slugs(),
        "confirmed": dates(),
        "confidence": st.sampled_from(("high", "medium", "low")),
        "label_kind": kinds(),
        "levels": levels.map(
            lambda rows: tuple(Level(*row[:2], depth, row[2]) for depth, row in enumerate(rows, 1))
        ),
        "sentinels": st.dictionaries(lines(8), lines(), max_size=2),
        "exclusive": st.booleans(),
        "exhaustive": st.booleans(),
        "limitations": sentences,
        "conflicts": sentences,
        "notes": sentences,
    }
    issuer = draw(slugs())
    return Scheme(
        f"{issuer}/{draw(slugs())}",
        draw(slugs()),
        draw(texts()),
        issuer,
        items_=found,
        formula=formula,
        sources=tuple(known),
        **draw(_few(rare)),
    )


def relations() -> st.SearchStrategy[Relation]:
    return st.integers(1, 31).map(Relation)


def maps() -> st.SearchStrategy[Map]:
    share = st.none() | st.integers(0, 1000).map(lambda n: n / 1000)
    return st.builds(
        Map,
        codes(),
        codes(),
        relations(),
        confidence=share,
        justification=st.sampled_from(("semapv:ManualMappingCuration", "semapv:MappingChaining")),
        comment=st.none() | lines(),
        weight=share,
    )


def issuers() -> st.SearchStrategy[Issuer]:
    return st.builds(Issuer, slugs(), texts(), names())

"""
What happened between two versions of a scheme.

Item changes in the typology of GSIM's Statistical Classification Model: virtual changes (code
change, name change) and real ones (creation, deletion, merger, take-over, breakdown,
split-off, transfer). They follow from the identity of items (an item that keeps its code
continues) and from the relations between those that do not, derived through the hub. An
item that only moves to another tier is a transfer: its parents exchange a part.

Decided here, for want of a rule in GSIM: where it is only known that an item that ends overlaps
one that emerges, it goes on in the one most like it, if that holds a quarter of it or more and is
a tenth of it or more. Items that end are merged if together they are a quarter or more of the item
that emerges, or declare it their successor; else each is taken over by it: that a wider item holds
them does not say that it was made of them. So is an item that goes on in one emerging item, alone
and not as its equal, also if a part of it is named besides; one of which only parts go on is broken
down. The evidence says what is known.

GSIM takes both versions for known. A list that is open, or of which only a part was seen, is
silent about what it does not name: such an item is "not seen" in the later version or "first
seen" in it, and whether it ended or is new is left open.
"""

from __future__ import annotations

from itertools import pairwise

import attrs

from .document import Reported
from .mapping import (
    ANY,
    DR,
    EQ,
    PART,
    WHOLE,
    Network,
    Premise,
    asserted_maps,
    hub_maps,
    is_tier,
    steps_of,
)
from .memo import CHANGES_ZH
from .model import Item, ItemChange, Scheme, Statement, first_day, last_day
from .names import concepts_named
from .relation import Relation
from .store import as_scheme, catalog, load
from .text import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Literal

    from .charts import Chart
    from .document import Document

__all__ = [
    "CHANGES", "History", "Naming", "Namings", "Succession", "Transition", "diff",
    "history", "namings", "successions", "transition",
]  # fmt: skip

CHANGES = (
    "unchanged", "name change", "code change", "creation", "deletion", "merger", "take-over",
    "breakdown", "split-off", "transfer", "not seen", "first seen",
)  # fmt: skip
LEAST_SHARE = 0.25
LEAST_PART = 0.1


def diff(
    old: Scheme | str,
    new: Scheme | str,
    *,
    as_of: tuple[str | None, str | None] = (None, None),
) -> list[ItemChange]:
    """
    Say what happened to each item between two versions.

    Args:
        old: The earlier version, or its id.
        new: The later version, or its id.
        as_of: Two dates that pick the versions of ids that name none; None picks the newest.

    Returns:
        Changes in the document order of the old version, what is new at the end. Every item
        of either version is in at least one; an item may be in several (renamed and moved).

    Raises:
        UnknownScheme: No such scheme.

    Source:
        UNECE, "Generic Statistical Information Model: Statistical Classifications Model",
        version 1.1, 2013, appendix 3, "A typology of Classification Item changes".

    Examples:
        >>> import futureindustry as fi
        >>> found = fi.diff("shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8@2024-03")
        >>> [c.new for c in found if c.change == "transfer"]
        [('intelligent-robots',)]
    """
    ends = as_scheme(old, as_of=as_of[0]), as_scheme(new, as_of=as_of[1])
    return list(_Diff(*ends).changes())


@attrs.frozen
class Transition(Reported):
    """
    What happened between two versions, with the versions at hand.

    Attributes:
        old: Id of the earlier version.
        new: Id of the later version.
        changes: As `diff` gives them.
    """

    old: str
    new: str
    changes: tuple[ItemChange, ...]
    _schemes: tuple[Scheme, Scheme] = attrs.field(eq=False, repr=False)

    @property
    def schemes(self) -> tuple[Scheme, Scheme]:
        """The two versions."""
        return self._schemes

    def document(self, lang: Literal["zh", "en"] = "zh") -> Document:
        """Give the report: what happened, counted, then change by change with the evidence."""
        from .memo import changes_document

        return changes_document((self,), lang)

    def chart(self, *, lang: Literal["zh", "en"] = "zh") -> Chart:
        """
        Draw what became of the items as an alluvial diagram: `.svg`, `.to_png()`, `.save(path)`.

        Of versions with many items, those are drawn that change.
        """
        from .pictures import of_changes

        return of_changes(*self._schemes, self.changes, lang)


def transition(
    old: Scheme | str,
    new: Scheme | str,
    *,
    as_of: tuple[str | None, str | None] = (None, None),
) -> Transition:
    """
    Give the changes between two versions as one thing that can be drawn and reported.

    Args:
        old: The earlier version, or its id.
        new: The later version, or its id.
        as_of: Two dates that pick the versions of ids that name none; None picks the newest.

    Raises:
        UnknownScheme: No such scheme.

    Examples:
        >>> import futureindustry as fi
        >>> step = fi.transition("shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8@2024-03")
        >>> step.chart(lang="en").title
        'Shenzhen 20+8 clusters, second edition: what became of the items'
    """
    schemes = as_scheme(old, as_of=as_of[0]), as_scheme(new, as_of=as_of[1])
    return Transition(schemes[0].id, schemes[1].id, tuple(diff(*schemes)), schemes)


@attrs.frozen
class Naming:
    """
    That a scheme has a concept.

    Attributes:
        date: Date from which the scheme is in force, or was published; None if not known.
        item: The item that says it.
        relation: Of the item to the concept: `equals`, `contains` or `part_of`.
        evidence: The map that says so, with its file and line.
    """

    date: str | None
    item: Item
    relation: str
    evidence: tuple[Statement, ...] = attrs.field(default=(), eq=False, repr=False)


class History(Reported, list[Transition]):
    """
    The transitions of a series, oldest first.

    Attributes:
        versions: All versions of the series, oldest first.
    """

    def __init__(self, versions: Iterable[Scheme]) -> None:
        self.versions = tuple(versions)
        super().__init__(transition(old, new) for old, new in pairwise(self.versions))

    def document(self, lang: Literal["zh", "en"] = "zh") -> Document:
        """Give the report: what happened, counted, then change by change with the evidence."""
        from .memo import changes_document

        return changes_document(tuple(self), lang)

    def chart(self, *, lang: Literal["zh", "en"] = "zh") -> Chart:
        """
        Draw the versions along the time, and when each industry was in them.

        Raises:
            UnreadableData: No version has a date.
        """
        from .pictures import of_series

        return of_series(self.versions, [step.changes for step in self], lang)


class Namings(Reported, list[Naming]):
    """
    Who named a concept, oldest first.

    Attributes:
        concept: The concept of the hub.
        undated: Ids of schemes that name it and were left out of a date, because nobody knows
            since when they did.
    """

    def __init__(
        self, concept: Item, found: Iterable[Naming], *, undated: Iterable[str] = ()
    ) -> None:
        self.concept = concept
        self.undated = tuple(dict.fromkeys(undated))
        super().__init__(found)

    def document(self, lang: Literal["zh", "en"] = "zh") -> Document:
        """Give the report: what happened, counted, then change by change with the evidence."""
        from .memo import namings_document

        return namings_document(self, lang)

    def chart(self, *, lang: Literal["zh", "en"] = "zh") -> Chart:
        """
        Draw along the time who has the concept since when.

        Raises:
            UnreadableData: No scheme with a date names it.
        """
        from .pictures import of_namings

        return of_namings(self.concept, self, lang)


def history(series: str, *, as_of: str | None = None) -> History:
    """
    Say what happened from version to version of a series, oldest first.

    Args:
        series: `issuer/series`.
        as_of: Date; what happened later is left out.

    Returns:
        One entry for each pair of versions that follow each other; none for a series with
        one version.

    Raises:
        UnknownScheme: No such series.

    Examples:
        >>> import futureindustry as fi
        >>> [(step.old, step.new) for step in fi.history("shenzhen/20-plus-8")]
        [('shenzhen/20-plus-8@2022-06', 'shenzhen/20-plus-8@2024-03')]
    """
    versions = [load(f"{series}@{name}") for name in catalog().series(series).versions]
    versions.sort(key=lambda scheme: scheme.valid.start or scheme.published or "")
    return History(version for version in versions if _begun(version, as_of))


def namings(concept: str, *, as_of: str | None = None) -> Namings:
    """
    Say who named a concept: first, where and when.

    Args:
        concept: Code of a hub concept, its id `futureindustry/concepts#code`, or a name of it.
        as_of: Date; who named it later, or nobody knows when, is left out; the latter are in
            `Namings.undated`.

    Returns:
        The items that a map leads to the concept itself, oldest first, those without a date at
        the end: an item that only holds it somewhere below does not name it, nor does one that
        overlaps it. The official classifications of statistics are left out.

    Raises:
        UnknownItem: No such concept; the nearest is given.

    Examples:
        >>> import futureindustry as fi
        >>> first = fi.namings("低空经济")[0]
        >>> first.item.scheme.id, first.relation
        ('nanjing/125@2021-01', 'equals')
    """
    store = catalog()
    hub = store.hub()
    code = concept.partition("#")[2] or concept
    if code not in hub:
        code = concepts_named(hub).get(fold(code), code)
    meant = hub[code]
    found: list[Naming] = []
    undated: list[str] = []
    for series in store:
        for name in series.versions:
            scheme = store.load(f"{series.id}@{name}")
            dated = bool(scheme.valid.start or scheme.published)
            if scheme.levels or (dated and not _begun(scheme, as_of)):
                continue
            for m in hub_maps(scheme):
                word = m.relation.word
                if m.target == meant.code and word in ("equals", "contains", "part_of"):
                    item = scheme[m.source]
                    if not is_tier(item) and as_of is not None and not dated:
                        undated.append(scheme.id)
                    elif not is_tier(item):
                        date = scheme.valid.start or scheme.published
                        steps = steps_of(scheme, hub, m.source, m, m.target)
                        found.append(Naming(date, item, word, tuple(map(statement, steps))))
    found.sort(key=lambda n: (n.date is None, n.date or "", n.item.scheme.id))
    return Namings(meant, found, undated=undated)


def _begun(scheme: Scheme, as_of: str | None) -> bool:
    """Say whether a version was in force, or out, by the end of a date."""
    if as_of is None:
        return True
    start = scheme.valid.start or scheme.published
    return start is not None and first_day(start) <= last_day(as_of)


@attrs.frozen
class Succession:
    """
    Where an item of an old version goes on in a new one, and why; or why nowhere.

    Attributes:
        code: Of the old item.
        successors: Codes in the new version, in its order; several where it was divided.
        relations: Of the old item to each of them: `equals`, `part_of`, `contains`, `overlaps`.
        changes: What happened to it, as `ItemChange.change`.
        reason: What that rests on.
    """

    code: str
    successors: tuple[str, ...]
    relations: tuple[str, ...]
    changes: tuple[str, ...]
    reason: tuple[Statement, ...]

    def say(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Say what happened and why."""
        words = CHANGES_ZH if lang == "zh" else {}
        what = " / ".join(words.get(change, change) for change in self.changes)
        sign, join = (":", ";") if lang == "zh" else (": ", "; ")
        return f"{what}{sign}{join.join(reason.say(lang) for reason in self.reason)}"


def successions(
    old: Scheme | str,
    new: Scheme | str,
    *,
    as_of: tuple[str | None, str | None] = (None, None),
) -> dict[str, Succession]:
    """
    Say for each item of a version where it goes on in a later one.

    This is what `recode` follows from one version of a series to another. What was split off is
    a successor beside the item that goes on: the old item held both.

    Args:
        old: The earlier version, or its id.
        new: The later version, or its id.
        as_of: Two dates that pick the versions of ids that name none; None picks the newest.

    Returns:
        By code, in the order of the old version. No successors: the item ended, or the new list
        is open or was not seen in full; the reason says which.

    Raises:
        UnknownScheme: No such scheme.

    Examples:
        >>> import futureindustry as fi
        >>> found = fi.successions("shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8@2024-03")
        >>> found["new-materials"].successors
        ('high-performance-materials', 'frontier-new-materials')
        >>> found["blockchain"].say("en")
        'deletion: nothing in shenzhen/20-plus-8@2024-03 continues blockchain (区块链)'
    """
    ends = as_scheme(old, as_of=as_of[0]), as_scheme(new, as_of=as_of[1])
    work = _Diff(*ends)
    of: dict[str, list[ItemChange]] = {code: [] for code in ends[0]}
    for change in work.changes():
        for code in change.old:
            of[code].append(change)
    order = {code: n for n, code in enumerate(ends[1])}
    found = {}
    for code, changes in of.items():
        goes_on = {y for change in changes for y in change.new}
        successors = tuple(sorted(goes_on, key=order.__getitem__))
        found[code] = Succession(
            code,
            successors,
            tuple(_word(work, code, y, changes) for y in successors),
            tuple(dict.fromkeys(change.change for change in changes)),
            tuple(dict.fromkeys(said for change in changes for said in change.evidence)),
        )
    return found


def _word(work: _Diff, x: str, y: str, changes: Sequence[ItemChange]) -> str:
    """Say how an item relates to a successor: as is known, else as the kind of change says."""
    kinds = {change.change for change in changes}
    if "split-off" in kinds:
        return "contains"
    if x == y or "code change" in kinds:
        return "equals"
    known = work.relation(x, y)
    if known.word in ("equals", "part_of", "contains"):
        return known.word
    declared = y in work.old[x].successors
    if declared and kinds & {"merger", "take-over"}:
        return "part_of"
    return "contains" if declared and "breakdown" in kinds else "overlaps"


class _Diff:
    def __init__(self, old: Scheme, new: Scheme) -> None:
        self.old, self.new = old, new
        # GB/T 4754: 9231 was 人民法院, and is 监察委员会 since the amendment; a map says so.
        direct = [] if old.id == new.id else asserted_maps(old, new)
        recoded = {m.source for m in direct if m.relation is Relation.EQ and m.source != m.target}
        self.kept = {code for code in old if code in new and code not in recoded}
        self.emerging = [code for code in new if code not in self.kept]
        self.links: dict[str, dict[str, int]] = {}
        if self.emerging or len(self.kept) < len(old):
            self.network = Network(old, new)
            self.links = {x: self._links(x) for x in old}
        self.successors: dict[str, tuple[str, ...]] = {}
        for x in old:
            # In document order: what became of a list is known before its items are asked about.
            if x not in self.kept:
                self.successors[x] = self._successors(x)

    def _links(self, x: str) -> dict[str, int]:
        """Give the items of the new version that x has something in common with, and the masks."""
        tier = is_tier(self.old[x])
        return {
            y: mask
            for y, mask in self.network.row(x).items()
            if mask and not mask & DR and is_tier(self.new[y]) == tier
        }

    def _successors(self, x: str) -> tuple[str, ...]:
        """Give the items in which an item that ends goes on."""
        if declared := tuple(y for y in self.old[x].successors if y in self.new):
            return declared
        links = self.links[x]
        fresh = [y for y in links if y not in self.kept]
        if equal := [y for y, mask in links.items() if mask == EQ]:
            return (next((y for y in equal if y in fresh), equal[0]),)
        if (gap := self._gap(self.old[x], self.new)) and gap.incomplete:
            return ()
        parts = [y for y in fresh if not links[y] & ~WHOLE]
        wholes = [y for y, mask in links.items() if not mask & ~PART]
        best = [y for y in wholes if y in fresh] or wholes
        if not (best or parts):
            # What continues was already there beside it: to overlap it is no taking over.
            best = [
                y
                for y in fresh
                if self._likeness(x, y)[1] >= LEAST_SHARE and self._share([x], y) >= LEAST_PART
            ]
        if len(parts) == 1 and any(y in fresh for y in best):
            # All of it is there; that one part is named besides divides nothing.
            parts = []
        found = {*parts, *sorted(best, key=lambda y: self._likeness(x, y))[-1:]}
        return tuple(y for y in self.new if y in found)

    def _gap(self, item: Item, there: Scheme) -> Item | None:
        """
        Give the list of the other version that may hold an item without being seen to.

        It is the list that the item's own became; failing that, any of which a part was not
        seen, or any if all are open. The tiers of a formula are all known, and so is the top of
        a scheme.
        """
        if is_tier(item) or item.parent_code is None:
            return None
        parent = item.parent
        while parent is not None:
            lists = [there[code] for code in self._counterparts(parent.code, there)]
            if lists := [found for found in lists if _is_list(found)]:
                return next((found for found in lists if found.open or found.incomplete), None)
            parent = parent.parent
        lists = [found for found in there.values() if _is_list(found)]
        if all(found.open for found in lists):
            return next(iter(lists), None)
        return next((found for found in lists if found.incomplete), None)

    def _counterparts(self, code: str, there: Scheme) -> tuple[str, ...]:
        """Give what an item is in the other version, whichever of the two it belongs to."""
        if code in self.kept:
            return (code,)
        if there is self.new:
            return self.successors.get(code, ())
        return tuple(x for x, found in self.successors.items() if code in found)

    def _likeness(self, x: str, y: str) -> tuple[float, float]:
        """Give the concepts that both contain as a share of those of either, and of those of x."""
        a, b = (
            {d for d, mask in facts.known.get(code, {}).items() if not mask & ~WHOLE}
            for facts, code in ((self.network.left, x), (self.network.right, y))
        )
        return (len(a & b) / len(a | b), len(a & b) / len(a)) if a else (0.0, 0.0)

    def _share(self, xs: Iterable[str], y: str) -> float:
        """Give the concepts of y that some of these items contain, as a share of those of y."""
        contained = [
            {d for d, mask in facts.known.get(code, {}).items() if not mask & ~WHOLE}
            for facts, code in ((self.network.right, y), *((self.network.left, x) for x in xs))
        ]
        of, held = contained[0], set().union(*contained[1:])
        return len(of & held) / len(of) if of else 0.0

    def _merged(self, successors: tuple[str, ...]) -> tuple[str, ...]:
        """Give the items that became this one item, if it was made of them."""
        xs = tuple(
            x
            for x, found in self.successors.items()
            if found == successors and not self._only_a_part(x, successors[0])
        )
        declared = any(successors[0] in self.old[x].successors for x in xs)
        made = declared or self._share(xs, successors[0]) >= LEAST_SHARE
        return xs if len(xs) > 1 and made else ()

    def changes(self) -> Iterator[ItemChange]:
        ended: set[str] = set()
        emerged: set[str] = set()
        for x in self.old:
            if x in self.kept:
                yield from self._continuing(self.old[x], self.new[x])
            elif x not in ended:
                for change in self._ending(x):
                    ended.update(change.old)
                    emerged.update(change.new)
                    yield change
        for y in self.emerging:
            if y not in emerged:
                yield self._emerging(y)

    def _continuing(self, before: Item, after: Item) -> Iterator[ItemChange]:
        code = (before.code,)
        renamed, moved = _has_another_name(before, after), self._moved(before, after)
        if renamed:
            yield _renamed(before, after)
        if moved:
            evidence = Statement(
                f"{_en(after)} moves from {_place(before, 'en')} to {_place(after, 'en')}",
                f"{after.label}由{_place(before, 'zh')}调至{_place(after, 'zh')}",
            )
            yield ItemChange("transfer", code, code, (evidence,))
        if not (renamed or moved):
            evidence = Statement(
                f"code and label {_en(after)} continue", f"代码与名称“{after.label}”延续"
            )
            yield ItemChange("unchanged", code, code, (evidence,))

    def _moved(self, before: Item, after: Item) -> bool:
        parents = before.parent_code, after.parent_code
        if parents[0] == parents[1]:
            return False
        # A parent that only has another code now is the same parent.
        return parents[1] is None or self.successors.get(parents[0] or "") != (parents[1],)

    def _ending(self, x: str) -> Iterator[ItemChange]:
        """Classify what becomes of an item that ends."""
        item, successors = self.old[x], self.successors[x]
        if not successors and (gap := self._gap(item, self.new)):
            yield ItemChange("not seen", (x,), (), (_unseen(gap, item),))
        elif not successors:
            yield ItemChange("deletion", (x,), (), (_nothing(self.new, item),))
        elif len(successors) > 1 or self._only_a_part(x, successors[0]):
            yield ItemChange("breakdown", (x,), successors, self._evidence(x, successors))
        elif successors[0] in self.kept:
            yield ItemChange("take-over", (x,), successors, self._evidence(x, successors))
        else:
            y = successors[0]
            if merged := self._merged(successors):
                said = (text for a in merged for text in self._evidence(a, successors))
                yield ItemChange("merger", merged, (y,), tuple(dict.fromkeys(said)))
            elif self.links[x].get(y) == EQ:
                yield ItemChange("code change", (x,), (y,), self._evidence(x, successors))
                if _has_another_name(item, self.new[y]):
                    yield _renamed(item, self.new[y])
            else:
                yield ItemChange("take-over", (x,), (y,), self._evidence(x, successors))

    def _only_a_part(self, x: str, y: str) -> bool:
        mask = self.links[x].get(y, ANY)
        return mask != EQ and not mask & ~WHOLE and y not in self.old[x].successors

    def _emerging(self, y: str) -> ItemChange:
        item = self.new[y]
        gap = self._gap(item, self.old)
        if gap and gap.incomplete:
            return ItemChange("first seen", (), (y,), (_unseen(gap, item),))
        sources = {x: found[y] for x, found in self.links.items() if y in found}
        wholes = [x for x, mask in sources.items() if not mask & ~WHOLE and x in self.kept]
        if wholes:
            x = max(wholes, key=lambda x: self._likeness(x, y))
            return ItemChange("split-off", (x,), (x, y), self._evidence(x, (y,)))
        if gap:
            return ItemChange("first seen", (), (y,), (_unseen(gap, item),))
        # What overlaps it may be anything; what is in it, or ends, says where it comes from.
        near = [x for x, mask in sources.items() if not mask & ~PART or x not in self.kept]
        said = [evidence for x in near for evidence in self._evidence(x, (y,))]
        nothing = Statement(
            f"nothing in {self.old.id} held {_en(item)}", f"{self.old.id} 中没有{item.label}"
        )
        evidence = tuple(dict.fromkeys(said)) or (nothing,)
        return ItemChange("creation", (), (y,), evidence)

    def _evidence(self, x: str, successors: Iterable[str]) -> tuple[Statement, ...]:
        """Say what the way from an old item to new ones rests on."""
        said: dict[Statement, None] = {}
        for y in successors:
            before, after = self.old[x], self.new[y]
            if y in before.successors:
                where = f" [{before.place}]" if before.place else ""
                declared = Statement(
                    f"{_en(before)} declares {_en(after)} its successor{where}",
                    f"{before.label}指明由{after.label}接续{where}",
                    (before.place,) if before.place else (),
                )
                said[declared] = None
            elif self.links[x].get(y, ANY) != ANY:
                said.update(dict.fromkeys(map(statement, self.network.premises(x, y))))
        return tuple(said)

    def relation(self, x: str, y: str) -> Relation:
        """Give what is known of an old item to a new one."""
        mask = self.links[x].get(y, ANY) if self.links else ANY
        return Relation(mask or ANY)


def _is_list(item: Item) -> bool:
    return bool(item.children) or item.open or item.incomplete


def statement(premise: Premise) -> Statement:
    """Give a premise as a statement."""
    places = (premise.place,) if premise.place else ()
    return Statement(premise.sentence("en"), premise.sentence("zh"), places)


def _en(item: Item) -> str:
    """Name an item in an English sentence: the official name is the Chinese one."""
    english, official = item.label.show("en"), str(item.label)
    return official if english == official else f"{english} ({official})"


def _nothing(new: Scheme, item: Item) -> Statement:
    return Statement(
        f"nothing in {new.id} continues {_en(item)}", f"{new.id} 中没有延续{item.label}的类目"
    )


def _unseen(gap: Item, item: Item) -> Statement:
    """Say why nothing follows from a list that does not name an item."""
    why = ("is open", "是开放的") if gap.open else ("was seen only in part", "未见全")
    return Statement(
        f"the list {_en(gap)} of {gap.scheme.id} {why[0]}, and {_en(item)} is not in what it names",
        f"{gap.scheme.id} 的清单“{gap.label}”{why[1]},其所列未见{item.label}",
    )


def _has_another_name(before: Item, after: Item) -> bool:
    """Say whether the official name is another one; brackets and spaces make no name."""
    return fold(before.label.show("zh")) != fold(after.label.show("zh"))


def _renamed(before: Item, after: Item) -> ItemChange:
    evidence = Statement(
        f"the label was {before.label} and is {after.label}",
        f"名称由“{before.label}”改为“{after.label}”",
    )
    return ItemChange("name change", (before.code,), (after.code,), (evidence,))


def _place(item: Item, lang: str) -> str:
    parent = item.parent
    if parent is None:
        return "顶层" if lang == "zh" else "the top"
    names = dict.fromkeys((str(parent.label), parent.label.show(lang)))
    return f"{parent.slot or parent.code} ({', '.join(names)})"

"""
From a name to an item, with the reason; and what a wrong name may have meant.

A label is looked up as a code, as a label, as an index entry, and through the hub; then
without generic words, repaired, or taken apart as a list. Each way is exact on folded names
(`futureindustry.text`): likeness decides nothing, it only suggests. The item reached through
the hub is the most specific one that the relations allow.

SKOS: lookup by prefLabel, altLabel and hiddenLabel; SSSOM: a record with a literal subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

import attrs

from .errors import UnknownScheme
from .model import Item, Scheme
from .relation import COMPOSE, CONVERSE, Relation
from .store import HUB, catalog_of
from .text import (
    clean,
    fold,
    in_parallel,
    is_han,
    kind_of,
    mainland,
    repair,
    split,
    stems,
    undivided,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from .mapping import Premise
    from .mapping import Step as MapStep

    # How something lies to one concept of the hub, as a mask, and what that follows from.
    Lying = tuple[int, tuple[MapStep, ...]]
    Language = Literal["zh", "en"]

__all__ = ["Candidate", "Resolution", "Step", "concepts_named", "resolver"]

MEMO_SIZE = 100_000
CANDIDATES = 3
LEAST_LIKENESS = 0.3
LIST_WORDS = frozenset("与與和及等一二三四五六七八九十")
WIDENING = ("相关", "等", "类", "应用")
LONGEST_RUN = 60
LAST_ASKED = 5_000
NOT_ASKED: Any = object()
GROUPS = "policy-groups"
"""The concept of the hub above names of groups of industries, such as 未来产业."""
READINGS = 200
"""How many beginnings of a label are looked at; what has more is no list that anybody wrote."""

EQ, ANY = 1, 31
# Official classifications that the hub is mapped to, class by class.
CLASSIFICATIONS = ("nbs/gbt-4754", "nbs/strategic-emerging-industries")

OUTCOMES = ("resolved", "open", "outside", "ambiguous", "unknown")


@attrs.frozen
class Step:
    """
    One thing done on the way from the label to the answer.

    Attributes:
        kind: `fold`, `stem`, `kind` (国产芯片 is a kind of 芯片),
            `wording` (人工智慧 is 人工智能), `bracket`, `repair`, `split`, `run` (a list without separators),
            `readings` (more than one such), `concept`, `class` or `map`.
        before: What it was done to.
        after: What came out.
        premises: For `map`: the statements that lead from the concept to the item.
        item: For `concept` and `class`: the item that the name leads to.
    """

    kind: str
    before: str
    after: str
    premises: tuple[Premise, ...] = ()
    item: Item | None = None

    def sentence(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Say the step."""
        if self.kind == "map":
            return "; ".join(p.sentence(lang) for p in self.premises)
        after = shown(self.item, lang) if self.item else self.after
        if self.kind == "class" and self.item:
            after = f"{self.item.scheme.title.show(lang)} [{self.item.code}]"
        return _STEPS[self.kind][lang].format(self.before, after)


_STEPS = {
    "fold": {"en": "“{}” is a spelling of “{}”", "zh": "“{}”是“{}”的另一种写法"},
    "stem": {"en": "“{}” without its generic word is “{}”", "zh": "“{}”去掉通用词是“{}”"},
    "wording": {
        "en": "“{}” is “{}” in the words of the mainland",
        "zh": "“{}”在大陆用语中是“{}”",
    },
    "kind": {"en": "“{}” is a kind of “{}”", "zh": "“{}”是“{}”的一种"},
    "bracket": {"en": "“{}” names “{}” beside its brackets", "zh": "“{}”括号内外为“{}”"},
    "repair": {"en": "“{}” is “{}” read in a wrong encoding", "zh": "“{}”是“{}”的乱码"},
    "split": {"en": "“{}” is a list: {}", "zh": "“{}”是并列写法:{}"},
    "run": {"en": "“{}” is a list without separators: {}", "zh": "“{}”是未加分隔的并列写法:{}"},
    "readings": {
        "en": "“{}” can be divided in more than one way: {}",
        "zh": "“{}”的切分不止一种:{}",
    },
    "concept": {"en": "“{}” is a name of the concept {}", "zh": "“{}”是概念{}的名称"},
    "class": {"en": "“{}” is a class of {}", "zh": "“{}”是{}的类目"},
}


@attrs.frozen
class Candidate:
    """
    An item that a label may have meant.

    Attributes:
        name: The known name.
        item: Item of the scheme; None if the name is known to the hub only.
        concept: Id of the hub concept, if the name is one of the hub's.
        relation: Of the label to the item, where it is known.
        score: Likeness, 0 to 1 (1 for the candidates of an ambiguous label).
    """

    name: str
    item: Item | None
    concept: str | None = None
    relation: str | None = None
    score: float = 1.0


@attrs.frozen
class Resolution:
    """
    What a label was resolved to, and why. SSSOM: a record with a literal subject.

    Attributes:
        label: As given.
        scheme: Id of the scheme.
        outcome: `resolved`; `open` (belongs to an open tier); `outside` (a known concept that
            is not in this scheme); `ambiguous`; `unknown`.
        item: The most specific item that holds; None unless resolved or open.
        relation: Of the label to the item: `equals`, `part_of`, `contains` or `overlaps`.
        method: `code`, `label`, `index` or `hub`; None where nothing was found.
        via: Id of the hub concept that the label names, where the hub was asked.
        candidates: Items of an ambiguous label, suggestions for an unknown one.
        parts: Resolutions of the members, where the label is a list. The outcome of the list
            is then the worst of theirs, in the order above.
        steps: What was done, in order.
    """

    label: str
    scheme: str
    outcome: Literal["resolved", "open", "outside", "ambiguous", "unknown"]
    item: Item | None = None
    relation: str | None = None
    method: str | None = None
    via: str | None = None
    candidates: tuple[Candidate, ...] = ()
    parts: tuple[Resolution, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def code(self) -> str | None:
        """Code of the item."""
        return self.item.code if self.item else None

    def concept_shown(self, lang: str) -> str:
        """Give label and code of the hub concept that the label names; its id failing that."""
        found = next((s.item for s in self.steps if s.kind in ("concept", "class")), None)
        return shown(found, lang) if found else self.via or ""

    def explain(self, lang: Literal["zh", "en"] = "zh") -> str:
        """Say what the label was resolved to and why, in one line."""
        return _explain(self, lang)

    def to_dict(self, lang: Literal["zh", "en"] = "zh") -> dict[str, Any]:
        """Give the fields of the contract's JSON, as plain values."""
        return {
            "label": self.label,
            "scheme": self.scheme,
            "outcome": self.outcome,
            "code": self.code,
            "item": dict(self.item.label) if self.item else None,
            "relation": self.relation,
            "method": self.method,
            "via": self.via,
            "candidates": [
                {
                    "name": c.name,
                    "code": c.item.code if c.item else None,
                    "item": dict(c.item.label) if c.item else None,
                    "concept": c.concept,
                    "relation": c.relation,
                    "score": round(c.score, 3),
                }
                for c in self.candidates
            ],
            "parts": [part.to_dict(lang) for part in self.parts],
            "explanation": self.explain(lang),
        }


_SAYS = {
    "en": {
        "equals": "“{label}” equals {item}",
        "part_of": "“{label}” is part of {item}",
        "contains": "“{label}” contains {item}",
        "overlaps": "“{label}” overlaps {item}",
        "open": "; belongs to the open tier {tier}",
        "outside": "“{label}” is known ({concept}) but outside {scheme}",
        "ambiguous": "“{label}” may mean {candidates}",
        "unknown": "“{label}” is no name in {scheme} or the hub",
        "near": "; nearest: {candidates}",
        "list": "“{label}” is a list of {count}: ",
        "run": "“{label}” is a list of {count} without separators: ",
        "tier": ", in {tier}",
        "comma": ", ",
        "semicolon": "; ",
        "because": " – ",
    },
    "zh": {
        "equals": "“{label}”等同于{item}",
        "part_of": "“{label}”是{item}的一部分",
        "contains": "“{label}”包含{item}",
        "overlaps": "“{label}”与{item}部分重叠",
        "open": ",属于开放层级{tier}",
        "outside": "“{label}”是已知概念({concept}),但不在{scheme}内",
        "ambiguous": "“{label}”可能指{candidates}",
        "unknown": "“{label}”不是{scheme}或概念库中的名称",
        "near": ",相近名称:{candidates}",
        "list": "“{label}”含{count}项:",
        "run": "“{label}”未加分隔,含{count}项:",
        "tier": ",属于{tier}",
        "comma": "、",
        "semicolon": ";",
        "because": ":",
    },
}


def shown(item: Item, lang: str) -> str:
    """Give label and code of an item: `量子信息 [quantum-information]`."""
    return f"{item.label.show(lang)} [{item.code}]"


def related(label: str, relation: str, item: Item, lang: str) -> str:
    """Say how a label relates to an item."""
    return _SAYS[lang][relation].format(label=label, item=shown(item, lang))


def tier_shown(item: Item, lang: str) -> str:
    """Give slot and label of a tier: `X (前沿技术)`."""
    name = item.label.show(lang)
    return f"{item.slot} ({name})" if item.slot else name


def _explain(r: Resolution, lang: Language) -> str:
    say = _SAYS[lang]
    facts = {"label": r.label, "scheme": r.scheme}
    if r.parts:
        said = say["semicolon"].join(_explain(part, lang) for part in r.parts)
        runs = [step for step in r.steps if step.kind == "run"]
        if len(runs) == len(r.steps) and runs:
            return say["run"].format(**facts, count=len(r.parts)) + said
        text = say["list"].format(**facts, count=len(r.parts)) + said
        return say["semicolon"].join([text, *(step.sentence(lang) for step in runs)])
    if r.item is not None and r.relation:
        text = related(r.label, r.relation, r.item, lang)
        above = next((i for i in r.item.ancestors if i.open), r.item if r.item.open else None)
        if r.outcome == "open" and above is not None:
            text += say["open"].format(tier=tier_shown(above, lang))
        elif r.item.ancestors:
            chain = " < ".join(tier_shown(i, lang) for i in r.item.ancestors)
            text += say["tier"].format(tier=chain)
    elif r.outcome == "outside":
        text = say["outside"].format(**facts, concept=r.concept_shown(lang))
    elif r.outcome == "ambiguous":
        names = say["comma"].join(shown(c.item, lang) if c.item else c.name for c in r.candidates)
        text = say["ambiguous"].format(**facts, candidates=names)
    else:
        text = say["unknown"].format(**facts)
        if r.candidates:
            names = say["comma"].join(c.name for c in r.candidates)
            text += say["near"].format(candidates=names)
    told = [s for s in r.steps if not (r.outcome == "outside" and s.kind == "concept")]
    if told:
        text += say["because"] + say["semicolon"].join(step.sentence(lang) for step in told)
    return text


class _Names:
    """The folded names of one scheme: exact ones, and those left when generic words go."""

    __slots__ = ("_joined", "_short", "codes", "exact", "scheme")

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        exact: dict[str, dict[str, str]] = {}
        for item in scheme.values():
            code = item.code
            for name in item.label.values():
                exact.setdefault(fold(name), {})[code] = "label"
            for names in item.also.values():
                for name in names:
                    exact.setdefault(fold(name), {}).setdefault(code, "index")
        self.exact = exact
        self._short: dict[str, tuple[str, ...]] | None = None
        self._joined: dict[str, str] | None = None
        # A code typed as such; Chinese codes and names share no key with ASCII ones.
        self.codes = {code.casefold(): code for code in scheme}

    @property
    def short(self) -> dict[str, tuple[str, ...]]:
        """Codes by what is left of a name without generic words; made when first needed."""
        if self._short is None:
            short: dict[str, dict[str, None]] = {}
            for key, codes in self.exact.items():
                for stem in stems(key):
                    if stem not in self.exact:
                        short.setdefault(stem, {}).update(dict.fromkeys(codes))
            self._short = {stem: tuple(codes) for stem, codes in short.items()}
        return self._short

    @property
    def joined(self) -> dict[str, str]:
        """Latin names by what they are without spaces; those that two names share are left out."""
        if self._joined is None:
            found: dict[str, set[str]] = {}
            for key in self.exact:
                if key.isascii() and len(key) > 3:
                    found.setdefault(key.replace(" ", ""), set()).add(key)
            self._joined = {name: min(keys) for name, keys in found.items() if len(keys) == 1}
        return self._joined

    @classmethod
    def of(cls, scheme: Scheme) -> _Names:
        """Give the names of a scheme, folded once."""
        found: _Names = scheme.memo.get("names") or scheme.memo.setdefault("names", cls(scheme))
        return found


def _across(lies: Mapping[str, Lying], row: Mapping[str, int]) -> int:
    """Give the relation of two things of which it is known how each lies on the hub."""
    meet = ANY
    for d in lies.keys() & row.keys():
        meet &= COMPOSE[lies[d][0] << 5 | CONVERSE[row[d]]]
    return meet


def concepts_named(hub: Scheme) -> Mapping[str, str]:
    """Give the concept that each folded name of the hub leads to."""
    if "concepts" not in hub.memo:
        hub.memo["concepts"] = {
            key: next(iter(codes)) for key, codes in _Names.of(hub).exact.items() if len(codes) == 1
        }
    found: Mapping[str, str] = hub.memo["concepts"]
    return found


def resolver(scheme: Scheme, *, as_of: str | None = None) -> Resolver:
    """
    Give the resolver of a scheme, built once.

    Args:
        scheme: The scheme.
        as_of: Date; the version of the series in force at its end is used instead.

    Raises:
        UnknownScheme: No version was in force on that date.
    """
    if as_of is not None and as_of not in scheme.valid:
        scheme = catalog_of(scheme).load(scheme.series, as_of=as_of)
    if "resolver" not in scheme.memo:
        scheme.memo["resolver"] = Resolver(scheme)
    found: Resolver = scheme.memo["resolver"]
    return found


class Resolver:
    """
    Resolves labels against one scheme; the hub is loaded when the scheme's names do not answer.

    Answers are kept, so a label that comes again costs one look-up.
    """

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.names = _Names.of(scheme)
        self._answers: dict[str, Resolution] = {}
        self._hub_names: _Names | None = None
        self._reach: dict[str, Mapping[str, str]] = {}
        self._suggestions: _Suggestions | None = None
        self._suggests = True
        self._beginnings: dict[str, list[str]] | None = None
        self._singles: dict[tuple[str, str], Resolution | None] = {}

    def resolve_many(self, labels: Iterable[str]) -> list[Resolution]:
        """Resolve each distinct label once, in the order of first occurrence."""
        known = self._answers.get
        return [known(label) or self.resolve(label) for label in dict.fromkeys(labels)]

    def forget(self) -> None:
        """Drop the answers kept; the indexes stay."""
        self._answers.clear()
        self._singles.clear()

    def resolve(self, label: str, *, tier: str | None = None, suggest: bool = True) -> Resolution:
        """
        Resolve one label; see `Scheme.resolve`.

        Without `suggest`, an unknown label has no candidates, which cost more than the rest.
        """
        if not isinstance(label, str):
            raise TypeError(f"a label is a text, not {type(label).__name__}")
        if tier is not None:
            return self._under(self.resolve(label, suggest=suggest), tier)
        found = self._answers.get(label)
        if found is None:
            self._suggests = suggest
            try:
                found = self._resolve(label)
            finally:
                self._suggests = True
            # The outcome of a list is the worst of its parts, so nothing else has suggestions.
            whole = suggest or found.outcome != "unknown"
            if whole and len(self._answers) < MEMO_SIZE:
                self._answers[label] = found
        return found

    def _under(self, found: Resolution, tier: str) -> Resolution:
        """Keep of an ambiguous answer what stands under a tier."""
        wanted = tier_named(self.scheme, tier)
        if wanted is None:
            return found
        return among(found, lambda item: wanted in (item, *item.ancestors))

    @property
    def hub_names(self) -> _Names:
        if self._hub_names is None:
            from .mapping import hub_of

            self._hub_names = _Names.of(hub_of(self.scheme))
        return self._hub_names

    def _resolve(self, label: str) -> Resolution:
        found = self._single(label, fold(label))
        if found:
            return found
        if (mended := repair(label)) and (found := self._single(mended, fold(mended))):
            return attrs.evolve(
                found, label=label, steps=(Step("repair", label, mended), *found.steps)
            )
        return (
            self._bracketed(label)
            or self._list(label)
            or self._run_together(label)
            or self._unknown(label)
        )

    def _single(self, label: str, key: str) -> Resolution | None:
        """
        Resolve one name; None if neither the scheme nor the hub knows it.

        What was asked last is kept: a label is tried whole and then as the only member of a
        list, and the members of lists come again.
        """
        asked = (label, key)
        # One look, so that another thread may clear them meanwhile.
        found: Resolution | None = self._singles.get(asked, NOT_ASKED)
        if found is not NOT_ASKED:
            return found
        found = self._look_up(label, key)
        if len(self._singles) >= LAST_ASKED:
            self._singles.clear()
        self._singles[asked] = found
        return found

    def _look_up(self, label: str, key: str) -> Resolution | None:
        if not key:
            return None
        if (code := self.names.codes.get(label.strip().casefold())) is not None:
            return self._found(label, {code: "code"}, "equals", ())
        spelled: tuple[Step, ...] = ()
        if codes := self.names.exact.get(key):
            if label not in {n for c in codes for n in self.scheme[c].names}:
                name = next(n for c in codes for n in self.scheme[c].names if fold(n) == key)
                spelled = (Step("fold", label, name),)
            return self._found(label, codes, "equals", spelled)
        if answer := self._by_hub(label, key, exact=True):
            return answer
        if codes_short := self.names.short.get(key):
            name = next(n for n in self.scheme[codes_short[0]].names if key in stems(fold(n)))
            step = Step("stem", str(name), clean(label))
            return self._found(label, dict.fromkeys(codes_short, "label"), "equals", (step,))
        if key.isascii() and (joined := self._joined(label, key)):
            return joined
        found = (
            self._without_generic_words(label, key)
            or self._kind(label, key)
            or self._by_class(label, key)
        )
        if found is None and (worded := mainland(key)):
            found = self._single(worded, worded)
            if found is not None:
                step = Step("wording", label, worded)
                return attrs.evolve(found, label=label, steps=(step, *found.steps))
        return found

    def _joined(self, label: str, key: str) -> Resolution | None:
        """Resolve a Latin name written in one word, or in two: MiniLED, Mini LED."""
        together = key.replace(" ", "")
        for names in (self.names, self.hub_names):
            spelled = names.joined.get(together)
            if spelled is not None and spelled != key and (found := self._single(label, spelled)):
                return attrs.evolve(found, steps=(Step("fold", label, spelled), *found.steps))
        return None

    def _kind(self, label: str, key: str) -> Resolution | None:
        """Resolve what is a kind of something known: part of whatever that is part of."""
        for text in (key, *stems(key)):
            rest = kind_of(text)
            if rest is None:
                continue
            codes = self.names.exact.get(rest)
            found = self._found(label, codes, "equals", ()) if codes else None
            found = found or self._by_hub(label, rest, exact=True)
            if found is None or found.relation in ("contains", "overlaps"):
                continue
            if any(c.relation in ("contains", "overlaps") for c in found.candidates):
                continue
            step = Step("kind", label, rest)
            narrowed = attrs.evolve(
                found,
                relation=found.relation and "part_of",
                candidates=tuple(attrs.evolve(c, relation="part_of") for c in found.candidates),
                steps=(step, *found.steps),
            )
            return _widened(narrowed, key, text)
        return None

    def _without_generic_words(self, label: str, key: str) -> Resolution | None:
        shorter = stems(key)
        for stem in shorter:
            step = Step("stem", label, stem)
            if codes := self.names.exact.get(stem):
                return _widened(self._found(label, codes, "equals", (step,)), key, stem)
            if answer := self._by_hub(label, stem, exact=True, steps=(step,)):
                return _widened(answer, key, stem)
        for stem in shorter:
            if codes_short := self.names.short.get(stem):
                codes = dict.fromkeys(codes_short, "label")
                step = Step("stem", label, stem)
                return _widened(self._found(label, codes, "equals", (step,)), key, stem)
        for stem in (key, *shorter):
            if answer := self._by_hub(label, stem, exact=False):
                return _widened(answer, key, stem)
        return None

    def _found(
        self, label: str, codes: Mapping[str, str], relation: str, steps: tuple[Step, ...]
    ) -> Resolution:
        """Answer with items that carry the name."""
        items = [self.scheme[code] for code in codes]
        if len(items) > 1:
            candidates = tuple(Candidate(label, item, relation=relation) for item in items)
            return Resolution(
                label, self.scheme.id, "ambiguous", method=codes[items[0].code],
                candidates=candidates, steps=steps,
            )  # fmt: skip
        item = items[0]
        return Resolution(
            label,
            self.scheme.id,
            "open" if item.in_open_tier else "resolved",
            item,
            relation,
            codes[item.code],
            steps=steps,
        )

    def _by_hub(
        self, label: str, key: str, *, exact: bool, steps: tuple[Step, ...] = ()
    ) -> Resolution | None:
        names = self.hub_names
        found = names.exact.get(key) if exact else names.short.get(key)
        if not found:
            return None
        hub = names.scheme
        codes = list(found)
        concept = hub[codes[0]]
        if self.scheme.series == HUB:
            return self._found(label, dict.fromkeys(codes, "index"), "equals", steps)
        if not exact:
            steps = (*steps, Step("stem", concept.label.show("zh"), key))
        if len(codes) > 1:
            return None
        steps = (*steps, Step("concept", label, concept.code, item=concept))
        items = self._items_of(concept.code)
        here = {concept.code: (EQ, ())}
        return self._by_way_of(label, concept, f"{HUB}#{concept.code}", here, items, steps)

    def _by_class(self, label: str, key: str) -> Resolution | None:
        """
        Resolve the name of a class of an official classification by where it lies on the hub.

        Only what follows is said. A class that an item only overlaps, or that the scheme may
        have a part of for all that is known, stays unknown. On the hub itself only what the maps
        say of the class as such is an answer: that its section is a part of services is none.
        """
        if not self._looks_up_classes:
            return None
        named = self._classes
        found = next((named[name] for name in (key, *stems(key)) if name in named), ())
        if not found:
            return None
        from .mapping import DR, PART, item_on_hub, on_hub

        of_hub = self.scheme.series == HUB
        known = on_hub(self.scheme).known
        for item in found:
            lies = item_on_hub(item.scheme, item.code)
            if of_hub:
                lies = {
                    d: (mask, steps)
                    for d, (mask, steps) in lies.items()
                    if not mask & ~PART
                    and any((m.source, m.target) == (item.code, d) for _, m, _ in steps)
                }
            items = self._best(
                {
                    code: meet
                    for code in (lies if of_hub else self.scheme)
                    if (row := known.get(code)) and (meet := _across(lies, row)) != ANY
                }
            )
            if of_hub and not items:
                continue
            if "overlaps" in items.values() and len(items) == 1:
                continue
            if not items:
                within = {d for d, (mask, _) in lies.items() if not mask & ~PART}
                touched = {d for row in known.values() for d, mask in row.items() if not mask & DR}
                if not within - touched:
                    continue
            steps = (Step("class", label, item.code, item=item),)
            return self._by_way_of(label, item, item.id, lies, items, steps)
        return None

    @property
    def _looks_up_classes(self) -> bool:
        """Whether classes of other classifications answer: not where the scheme is one itself."""
        return not self.scheme.levels or self.scheme.series == HUB

    @property
    def _classes(self) -> Mapping[str, tuple[Item, ...]]:
        """The classes of the classifications by folded name, for all schemes of the catalogue."""
        hub = self.hub_names.scheme
        if "classes" not in hub.memo:
            store, found = catalog_of(self.scheme), dict[str, tuple[Item, ...]]()
            for series in CLASSIFICATIONS:
                try:
                    scheme = store.load(series)
                except UnknownScheme:
                    continue
                for key, codes in _Names.of(scheme).exact.items():
                    # An only child often has the name of its parent, and is the same.
                    items = [scheme[code] for code in codes]
                    first = min(items, key=lambda item: item.level)
                    if all(item is first or first in item.ancestors for item in items):
                        found[key] = (*found.get(key, ()), first)
            hub.memo["classes"] = found
        classes: Mapping[str, tuple[Item, ...]] = hub.memo["classes"]
        return classes

    def _by_way_of(
        self,
        label: str,
        named: Item,
        via: str,
        lies: Mapping[str, Lying],
        items: Mapping[str, str],
        steps: tuple[Step, ...],
    ) -> Resolution:
        """Answer with the items that a concept or class reaches, and why it reaches them."""
        answer = Resolution(label, self.scheme.id, "outside", method="hub", via=via, steps=steps)
        if not items:
            return answer
        if len(items) > 1:
            name = named.label.show("zh")
            candidates = tuple(
                Candidate(name, self.scheme[code], via, relation)
                for code, relation in items.items()
            )
            return attrs.evolve(answer, outcome="ambiguous", candidates=candidates)
        from .mapping import on_hub, steps_of

        ((code, relation),) = items.items()
        item, hub, facts = self.scheme[code], self.hub_names.scheme, on_hub(self.scheme)
        row = facts.known.get(code, {})
        ways = {d: lies[d] for d in lies.keys() & row.keys()}
        whole = _across(ways, row)
        # One concept by which all of it follows is explanation enough.
        ways = next(({d: way} for d, way in ways.items() if _across({d: way}, row) == whole), ways)
        premises = dict.fromkeys(
            premise
            for d, (_, mine) in ways.items()
            for scheme, taken in (
                (named.scheme, mine),
                (self.scheme, facts.why.get((code, d), ())),
            )
            for step in taken
            for premise in steps_of(scheme, hub, *step)
        )
        return attrs.evolve(
            answer,
            outcome="open" if item.in_open_tier else "resolved",
            item=item,
            relation=relation,
            steps=(*steps, Step("map", named.code, code, tuple(premises))),
        )

    def _items_of(self, concept: str) -> Mapping[str, str]:
        """Give the items that a concept reaches, and as what."""
        if concept not in self._reach:
            from .mapping import on_hub

            facts = on_hub(self.scheme).known
            self._reach[concept] = self._best(
                {
                    code: CONVERSE[row[concept]]
                    for code in self.scheme
                    if (row := facts.get(code)) and concept in row
                }
            )
        return self._reach[concept]

    def _best(self, masks: Mapping[str, int]) -> Mapping[str, str]:
        """
        Give the best of the items that something reaches, and as what.

        What contains one item and reaches into others means none of them.
        """
        from .mapping import DR, Tree, best_items, is_tier

        relation, codes = best_items(self.scheme, masks)
        found = dict.fromkeys(codes, relation or "")
        if relation == "contains":
            tree = Tree.of(self.scheme)
            near = {c for code in codes for c in (*tree.above[code], *tree.below.get(code, ()))}
            found |= {
                code: Relation(mask).word
                for code, mask in masks.items()
                if code not in found
                and code not in near
                and mask
                and not mask & DR
                and not is_tier(self.scheme[code])
            }
        return found

    def _bracketed(self, label: str) -> Resolution | None:
        """Resolve 车联网(智能网联汽车): what stands before the brackets, narrowed by what is in them."""
        if "(" not in label and "（" not in label:
            return None
        text = clean(label)
        start = next((n for n, ch in enumerate(text) if ch in "(（" and n), None)
        if start is None or text[-1] not in ")）":
            return None
        before, inside = text[:start], text[start + 1 : -1]
        outer = self._single(before, fold(before))
        inner = self._single(inside, fold(inside)) or self._list(inside)
        if outer is None:
            return None
        step = Step("bracket", label, f"{before} / {inside}")
        if inner is not None and inner.parts:
            return None
        if inner is not None and inner.item is not None and inner.item == outer.item:
            same = {outer.relation, inner.relation}
            relation = (
                "equals"
                if same == {"equals"}
                else "part_of"
                if "part_of" in same
                else outer.relation
            )
            return attrs.evolve(outer, label=label, relation=relation, steps=(step, *inner.steps))
        if inner is not None and inner.item is not None and outer.item is not None:
            if outer.item in inner.item.ancestors:
                return attrs.evolve(inner, label=label, steps=(step, *inner.steps))
            return None
        if outer.outcome == "outside" and (inner is None or inner.outcome == "outside"):
            return attrs.evolve(outer, label=label, steps=(step, *outer.steps))
        if inner is None and outer.relation in ("equals", "part_of"):
            # The brackets narrow the name by something that is not known.
            return attrs.evolve(outer, label=label, relation="part_of", steps=(step, *outer.steps))
        return None

    def _list(self, label: str) -> Resolution | None:
        """Take a list apart; at weak separators only where every part is a known name."""
        if undivided(label) or (label.isalpha() and LIST_WORDS.isdisjoint(label)):
            return None
        if self._looks_up_classes and fold(label) in self._classes:
            return None  # 铁路、船舶、航空航天和其他运输设备制造业 is one class
        runs: list[Step] = []
        parts = self._parts(label, runs)
        if len(parts) == 1:
            only = parts[0]
            if only is None or only.label == label:
                return None
            step = Step("stem", label, only.label)
            named = attrs.evolve(only, label=label, steps=(step, *only.steps))
            return _widened(named, label, only.label)
        members = tuple(part for part in parts if part)
        worst = max((part.outcome for part in members), key=OUTCOMES.index)
        names = "、".join(part.label for part in members)
        listed = () if any(run.after == names for run in runs) else (Step("split", label, names),)
        steps = (*listed, *runs)
        return Resolution(label, self.scheme.id, worst, parts=members, steps=steps)

    def _parts(self, label: str, runs: list[Step]) -> list[Resolution | None]:
        """
        Resolve the members of a list; one that is no known name alone is None.

        Members without separators between them are noted in `runs`.
        """
        strong = self._completed([text for text, _, _ in split(label, "strong")])
        if len(strong) > 1:
            return [
                found or self._unknown(text) for text in strong for found in self._parts(text, runs)
            ]
        text = strong[0] if strong else label
        if whole := self._single(text, fold(text)):
            return [whole]
        medium = self._completed([text for text, _, _ in split(text, "medium")])
        if len(medium) > 1:
            parts = [(part, found) for part in medium for found in self._parts(part, runs)]
            if any(found for _, found in parts):
                return [found or self._unknown(part) for part, found in parts]
        weak = self._completed([text for text, _, _ in split(text, "weak")])
        if len(weak) > 1:
            known = [found for part in weak if (found := self._single(part, fold(part)))]
            if len(known) == len(weak):
                return [*known]
        run = self._run_together(text)
        if run and run.parts:
            runs += run.steps
            return [*run.parts]
        return [self._bracketed(text)]

    def _completed(self, members: list[str]) -> list[str]:
        """
        Give members of a list in full where they share a word: 量子通信、计算; 工业、服务机器人.

        Only what is no name alone is completed, and only to a name that is known.
        """
        if len(members) < 2:
            return members
        names = (self.names.exact, self.hub_names.exact)
        first, last = fold(members[0]), fold(members[-1])
        found = []
        for place, member in enumerate(members):
            key = fold(member)
            whole: set[str] = set()
            if key and is_han(key) and not self._single(member, key):
                # The parts in which they differ are of one length: 量子|通信、计算.
                if place and is_han(first) and len(key) < len(first):
                    whole = {first[: -len(key)] + key}
                if place < len(members) - 1 and is_han(last) and len(key) < len(last):
                    whole |= {key + last[len(key) :]}
            elif key.isascii() and key and not self._single(member, key):
                before, after = first.split()[:-1], last.split()[1:]
                if place:
                    whole = {" ".join([*before[:n], key]) for n in range(1, len(before) + 1)}
                if place < len(members) - 1:
                    whole |= {" ".join([key, *after[n:]]) for n in range(len(after))}
            whole -= {first, last}
            known = [name for name in sorted(whole) if any(name in exact for exact in names)]
            found.append(known[0] if len(known) == 1 else member)
        return found

    def _run_together(self, label: str) -> Resolution | None:
        """
        Take apart a list without separators (新型储能氢能), where that is the only reading.

        Two Chinese names in a row are mostly one term, the first qualifying the second
        (量子计算芯片). So every part has to be a known name, the parts have to run in parallel
        (`text.in_parallel`), and none may belong to another.
        """
        key = fold(label)
        for text in (key, *stems(key)):
            readings = self._readings(text)
            if not readings:
                continue
            if len(readings) > 1:
                return self._unclear(label, readings)
            parts = readings[0]
            start, shown_as = key.find(text), clean(label)
            if len(shown_as) == len(key):
                ends = [start + len("".join(parts[:n])) for n in range(len(parts) + 1)]
                parts = tuple(shown_as[a:b] for a, b in pairwise(ends))
            members = [found for part in parts if (found := self._single(part, fold(part)))]
            members[-1] = _widened(members[-1], key[start:], text)
            worst = max((part.outcome for part in members), key=OUTCOMES.index)
            step = Step("run", label, "、".join(parts))
            return Resolution(label, self.scheme.id, worst, parts=tuple(members), steps=(step,))
        return None

    def _readings(self, text: str) -> list[tuple[str, ...]]:
        """Give the ways in which a text is nothing but known names that run in parallel."""
        names = self._begin
        if not 4 <= len(text) <= LONGEST_RUN or text[:2] not in names or not is_han(text):
            return []
        found: list[tuple[str, ...]] = []
        wait: list[tuple[int, tuple[str, ...]]] = [(0, ())]
        looks = 0
        while wait:
            start, before = wait.pop()
            looks += 1
            if looks > READINGS:
                return []
            for name in names.get(text[start : start + 2], ()):
                if name in before or not text.startswith(name, start):
                    continue
                for part in (
                    (name, name + "产业") if text.startswith(name + "产业", start) else (name,)
                ):
                    parts, end = (*before, part), start + len(part)
                    if end < len(text):
                        wait.append((end, parts))
                    elif before and in_parallel(parts) and self._apart(parts):
                        found.append(parts)
        return sorted(set(found))

    @property
    def _begin(self) -> dict[str, list[str]]:
        """The Chinese names of the scheme and the hub by their first two characters."""
        if self._beginnings is None:
            found: dict[str, list[str]] = {}
            keys = {*_no_groups(self.names), *_no_groups(self.hub_names)}
            for key in sorted(keys):
                if len(key) > 1 and is_han(key):
                    found.setdefault(key[:2], []).append(key)
            self._beginnings = found
        return self._beginnings

    def _apart(self, parts: tuple[str, ...]) -> bool:
        """Say whether no part names what another names, or what holds it."""
        for names in (self.names, self.hub_names):
            places = []
            for part in parts:
                codes = names.exact.get(part) or names.exact.get(part.removesuffix("产业")) or {}
                items = [names.scheme[code] for code in codes]
                places.append((set(items), {above for item in items for above in item.ancestors}))
            for n, (own, above) in enumerate(places):
                if any(own & (other | higher) for other, higher in places[n + 1 :]):
                    return False
                if any(above & other for other, _ in places[n + 1 :]):
                    return False
        return True

    def _unclear(self, label: str, readings: list[tuple[str, ...]]) -> Resolution:
        """Answer where a list without separators can be divided in more than one way."""
        parts = dict.fromkeys(part for parts in readings for part in parts)
        found = {part: self._single(part, part) for part in parts}
        candidates = tuple(
            Candidate(part, r.item, r.via, r.relation) for part, r in found.items() if r
        )
        said = " / ".join("、".join(parts) for parts in readings)
        step = Step("readings", label, said)
        return Resolution(label, self.scheme.id, "ambiguous", candidates=candidates, steps=(step,))

    def _unknown(self, label: str) -> Resolution:
        near = self.suggest(label) if self._suggests else ()
        return Resolution(label, self.scheme.id, "unknown", candidates=near)

    def suggest(self, label: str) -> tuple[Candidate, ...]:
        """Give the known names most like a label; nothing is decided by it."""
        if self._suggestions is None:
            self._suggestions = _Suggestions(self.names, self.hub_names)
        return self._suggestions.near(label, self)

    def candidate(self, name: str, code: str, *, of_hub: bool, score: float) -> Candidate:
        """Make a suggestion from a known name."""
        if not of_hub:
            return Candidate(name, self.scheme[code], score=score)
        items = self._items_of(code)
        words = set(items.values())
        return Candidate(
            name,
            self.scheme[next(iter(items))] if len(items) == 1 else None,
            f"{HUB}#{code}",
            words.pop() if len(words) == 1 else None,
            score,
        )


class _Suggestions:
    """
    An index of names by their character pairs.

    Likeness is the Dice coefficient of the pairs, with the single characters counted in:
    Chinese names are short, and one wrong character spoils two pairs. Only names that share
    a pair are looked at, or a character where no name shares a pair.

    The names that hold a pair or character are the bits of one integer, names of few of them
    first. Adding up such integers bit by bit counts what each name shares with a label for
    all names at once; among those that share equally many, the first is the most alike. Latin
    names have the higher bits, so that the integers of Chinese ones stay short.

    Source:
        Dice, "Measures of the amount of ecologic association between species",
        Ecology 26(3), 1945. Counting in bit planes: Knuth, The Art of Computer Programming,
        volume 4A, section 7.1.3.
    """

    def __init__(self, own: _Names, hub: _Names) -> None:
        known: list[tuple[bool, int, int, str, str, bool, set[str], set[str]]] = []
        seen: set[str] = set()
        for names, of_hub in ((own, False), (hub, True)):
            if of_hub and own.scheme.series == HUB:
                continue
            shown_as = {fold(n): str(n) for item in names.scheme.values() for n in item.names}
            for key, codes in names.exact.items():
                if key in seen:
                    continue
                seen.add(key)
                pairs, characters = _grams(key)
                size = len(pairs) + len(characters)
                code = next(iter(codes))
                known.append(
                    (
                        key.isascii(),
                        size,
                        len(known),
                        shown_as[key],
                        code,
                        of_hub,
                        pairs,
                        characters,
                    )
                )
        known.sort(key=lambda name: name[:3])
        self.names = [name[1:6] for name in known]
        self._chinese = (1 << sum(not name[0] for name in known)) - 1
        self.pairs: dict[str, int] = {}
        self.characters: dict[str, int] = {}
        for number, (*_, pairs, characters) in enumerate(known):
            for grams, held in ((pairs, self.pairs), (characters, self.characters)):
                for gram in grams:
                    held[gram] = held.get(gram, 0) | 1 << number

    def near(self, label: str, resolver: Resolver) -> tuple[Candidate, ...]:
        """Give the candidates most like a label, best first, ties in the order of the names."""
        pairs, characters = _grams(fold(label))
        by_pair = [held for gram in pairs if (held := self.pairs.get(gram))]
        by_character = [held for gram in characters if (held := self.characters.get(gram))]
        if not by_pair and not by_character:
            return ()
        looked_at = 0
        for held in by_pair or by_character:
            looked_at |= held
        if by_pair:
            by_character = [both for held in by_character if (both := held & looked_at)]
        planes: list[int] = []
        for held in (*by_pair, *by_character):
            carry = held
            for place, plane in enumerate(planes):
                planes[place] = plane ^ carry
                carry &= plane
                if not carry:
                    break
            else:
                planes.append(carry)
        scored = self._best(planes, looked_at, len(pairs) + len(characters))
        found: dict[tuple[str, bool], Candidate] = {}
        for score, _, number in scored:
            _, _, name, code, of_hub = self.names[number]
            if (code, of_hub) not in found:
                found[code, of_hub] = resolver.candidate(name, code, of_hub=of_hub, score=-score)
                if len(found) == CANDIDATES:
                    break
        return tuple(found.values())

    def _best(self, planes: list[int], looked_at: int, size: int) -> list[tuple[float, int, int]]:
        """Give score (negative), order and number of enough names for the candidates, sorted."""
        scored: list[tuple[float, int, int]] = []
        least = LEAST_LIKENESS
        wait = [(len(planes), looked_at, 0)]  # names with the same count in the higher planes
        while wait:
            place, names, shared = wait.pop()
            most = shared + (1 << place) - 1
            if 2 * most < least * (size + most):  # a name holds at least what it shares
                break
            if place:
                plane = planes[place - 1]
                if less := names & ~plane:
                    wait.append((place - 1, less, shared))
                if more := names & plane:
                    wait.append((place - 1, more, shared + (1 << place - 1)))
                continue
            for group in (names & self._chinese, names & ~self._chinese):
                if group:
                    least = self._take(group, 2 * shared, size, least, scored)
        scored.sort()
        return scored

    def _take(
        self,
        names: int,
        twice: int,
        size: int,
        least: float,
        scored: list[tuple[float, int, int]],
    ) -> float:
        """Note the names, the most alike first, until there are enough; give what is needed now."""
        codes: set[tuple[str, bool]] = set()
        while names:
            lowest = names & -names
            names ^= lowest
            number = lowest.bit_length() - 1
            held, order, _, code, of_hub = self.names[number]
            score = twice / (size + held)
            if score < least:
                break
            scored.append((-score, order, number))
            codes.add((code, of_hub))
            if len(codes) == CANDIDATES:
                least = score
        return least


def _grams(key: str) -> tuple[set[str], set[str]]:
    """Give the pairs and, for Chinese, the single characters of a folded name."""
    pairs = {key[n : n + 2] for n in range(len(key) - 1)}
    return pairs, set() if key.isascii() else set(key)


def _no_groups(names: _Names) -> Iterator[str]:
    """Give the names of a scheme but for those of its tiers, and of groups such as 特色产业."""
    scheme = names.scheme
    groups = {
        item.code
        for item in scheme.values()
        if item.slot or GROUPS in (item.code, *(above.code for above in item.ancestors))
    }
    return (key for key, codes in names.exact.items() if not groups.issuperset(codes))


def _widened(found: Resolution, label: str, name: str) -> Resolution:
    """Take back the equality where what was left out of a label widens it: 量子信息相关产业, 量子信息等."""
    if found.relation is None or not any(w in label.replace(name, "", 1) for w in WIDENING):
        return found
    # The label contains what it names; the rest follows by composition.
    relation = Relation.PPi.then(Relation.from_word(found.relation)).word
    return attrs.evolve(found, relation="overlaps" if relation == "unknown" else relation)


def among(found: Resolution, allowed: Callable[[Item], bool]) -> Resolution:
    """Settle an ambiguous answer where only one of its candidates is allowed."""
    if found.outcome != "ambiguous":
        return found
    kept = [c for c in found.candidates if c.item and allowed(c.item)]
    if len(kept) != 1 or kept[0].item is None:
        return found
    return attrs.evolve(
        found,
        outcome="open" if kept[0].item.in_open_tier else "resolved",
        item=kept[0].item,
        relation=kept[0].relation,
        candidates=(),
    )


def tier_named(scheme: Scheme, name: str) -> Item | None:
    """Give the tier that a slot, code or name leads to; None if there is none such."""
    key = fold(name)
    for item in scheme.values():
        if item.slot is None and not item.children:
            continue
        if name.strip() in (item.slot, item.code) or key in {fold(n) for n in item.names}:
            return item
        if item.slot and key == fold(item.slot):
            return item
    return None

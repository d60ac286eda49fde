"""
A comparison, or what changed, as a memo: findings first, then the tables, then how to read them.

Turns what `comparison` and `changes` found into a `Document`, in both languages. Decided here: what is worth a
sentence (what all have, what one alone has, who is like whom, which national priorities nobody
has), how many schemes fit side by side before the concepts are listed with their schemes
instead, and that numbers stand beside the confidence and the gaps of the lists they rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from .document import Document, Entry, Evidence, Section, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from .changes import Namings, Transition
    from .comparison import Comparison, ReferenceCoverage
    from .mapping import Premise
    from .model import ItemChange, Scheme, Statement

    Language = Literal["zh", "en"]

__all__ = [
    "changes_document",
    "comparison_document",
    "coverage_document",
    "namings_document",
    "proofs",
]

TITLE: Mapping[str, str] = {"en": "Comparison of schemes", "zh": "方案比较"}
# Columns that a reader can take in; beyond, concepts are listed with their schemes.
SIDE_BY_SIDE = 6
NAMED = 12  # names in one sentence
PAIRS = 20  # rows of a long table in a text
SIGNS = {"equals": "=", "contains": "⊃", "part_of": "⊂", "overlaps": "∩"}
KINDS = ("park", "district", "city", "province", "ministry", "nation", "organisation")
CHANGES_ZH = {
    "unchanged": "未变", "name change": "更名", "code change": "代码变更", "creation": "新增",
    "deletion": "删除", "merger": "合并", "take-over": "并入", "breakdown": "拆分",
    "split-off": "分出", "transfer": "调整层级", "not seen": "未见", "first seen": "始见",
}  # fmt: skip


def proofs(premises: Iterable[Premise], lang: Language, of: str = "") -> tuple[Evidence, ...]:
    """Give premises as evidence, each with its place."""
    return tuple(
        Evidence(
            p.sentence(lang),
            p.place.file if p.place else None,
            p.place.line if p.place else None,
            of,
        )
        for p in premises
    )


class _Writer:
    """The words of one language, and the names of the schemes compared."""

    def __init__(self, found: Comparison, lang: Language) -> None:
        self.found, self.lang, self.say = found, lang, _SAYS[lang]
        self.names = found.names(lang)
        self.marked = {s.id: self.names[s.id] + self._marks(s) for s in found.schemes}

    def concept(self, code: str) -> str:
        return self.found.hub[code].label.show(self.lang)

    def field(self, code: str) -> str:
        above = self.found.hub[code].ancestors
        return above[-1].label.show(self.lang) if above else self.concept(code)

    def listed(self, texts: Iterable[str], limit: int | None = NAMED) -> str:
        """Join names, not more than fit in a sentence."""
        names = list(texts)
        if not names:
            return self.say["none"]
        shown = self.say["comma"].join(names[:limit])
        left = len(names) - len(names[:limit])
        return shown + (self.say["more"].format(left) if left else "")

    def name(self, scheme: Scheme) -> str:
        """Give the name of a scheme with the signs of what is uncertain about it."""
        return self.marked[scheme.id]

    def _marks(self, scheme: Scheme) -> str:
        gaps = self.found.gaps(scheme)
        return ("*" if gaps else "") + ("†" if scheme.confidence == "low" else "")


# Comparisons


def comparison_document(found: Comparison, lang: Language) -> Document:
    """Write a comparison as a document."""
    w = _Writer(found, lang)
    wide = len(found.schemes) > SIDE_BY_SIDE
    pairs = sorted(found.similarity(), key=lambda s: (-s.certain, -s.listed, -s.shared))
    priorities = found.priorities()
    sections = [
        Section(w.say["findings"], tuple(_findings(w, pairs, wide=wide))),
        *(
            Section(
                w.say["priorities"].format(covered.reference.title.show(w.lang)),
                tuple(_priority_lines(w, covered, w.say["local"])),
            )
            for covered in priorities
        ),
        Section(w.say["concepts"], (), _concepts(w, wide=wide)),
        Section(w.say["similarity"], (w.say["measure"],), _pairs(w, pairs, wide=wide)),
        Section(w.say["only"], (), (_distinct(w),)),
        *(
            [
                Section(
                    w.say["coverage"], (), tuple(_coverage_table(w, c, shown=0) for c in priorities)
                )
            ]
            if priorities
            else []
        ),
        Section(w.say["lists"], tuple(_cautions(w)), (_lists(w),)),
    ]
    legend = (w.say["legend"], w.say["marks"])
    return Document(TITLE[lang], tuple(sections), legend, lang, numbered=wide)


def _findings(w: _Writer, pairs: Sequence[Any], *, wide: bool) -> Iterable[str]:
    found, say = w.found, w.say
    yield _scope(w)
    yield from (_shared_by_many(w) if wide else _shared_by_few(w))
    if wide:
        alone = {s.id: found.distinct(s) for s in found.schemes}
        total = sum(map(len, alone.values()))
        leaders = sorted((s for s in found.schemes if alone[s.id]), key=lambda s: -len(alone[s.id]))
        said = (say["named"].format(name=w.name(s), n=len(alone[s.id])) for s in leaders)
        yield say["alone"].format(n=total, m=len(leaders), names=w.listed(said, 8))
        # Two lists of one issuer are alike because they are of one issuer.
        issuers = {s.id: s.issuer for s in found.schemes}
        best = [s for s in pairs if s.shared and issuers[s.a] != issuers[s.b]][:5]
        near = (say["pair"].format(**_facts(w, s)) for s in best)
        yield say["nearest"].format(pairs=say["semicolon"].join(near))
        if apart := sum(1 for s in pairs if not s.shared):
            yield say["apart"].format(n=apart, all=len(pairs))
        yield from _groups(w)
    else:
        # In a pair, that nothing is shared is the finding; in many, the pairs that share something.
        told = pairs if len(pairs) == 1 else [s for s in pairs if s.shared]
        for s in told:
            yield say["likeness"].format(**_facts(w, s)) + (
                say["open_end"].format(high=s.possible) if s.possible > s.listed else ""
            )
        if len(told) < len(pairs):
            yield say["apart"].format(n=len(pairs) - len(told), all=len(pairs))


def _facts(w: _Writer, s: Any) -> dict[str, Any]:
    low, high = f"{s.certain:.2f}", f"{s.listed:.2f}"
    return {
        "a": w.name(w.found.scheme(s.a)), "b": w.name(w.found.scheme(s.b)), "n": s.shared,
        "whole": len(s.whole), "span": low if low == high else w.say["years"].format(low, high),
        "jaccard": s.jaccard,
        "wide": s.hierarchical,
    }  # fmt: skip


def _scope(w: _Writer) -> str:
    found, say = w.found, w.say
    kinds = found.kinds()
    counts = [
        say["count_of"].format(name=say[kind], n=n)
        for kind in KINDS
        if (n := sum(1 for k in kinds.values() if k == kind))
    ]
    dates = sorted(s.published or s.valid.start or "" for s in found.schemes)
    known = [date[:4] for date in dates if date]
    return say["scope"].format(
        n=len(found.schemes),
        issuers=len({s.issuer for s in found.schemes}),
        concepts=len(found.concepts),
        kinds=say["comma"].join(counts) or say["none"],
        years=say["years"].format(*dict.fromkeys((known[0], known[-1])))
        if known and known[0] != known[-1]
        else "".join(known[:1]) or "?",
    )


def _shared_by_few(w: _Writer) -> Iterable[str]:
    """Say what all have, named alike or not, and what one alone has."""
    found, say = w.found, w.say
    shared = found.shared()
    alike = [
        c for c in shared
        if all(cell.relation == "equals" for s in found.schemes if (cell := found.cell(c, s)))
    ]  # fmt: skip
    rest = [c for c in shared if c not in alike]
    if shared:
        yield say["all_have"].format(
            n=len(shared), m=len(alike), names=w.listed(map(w.concept, alike))
        )
    else:
        yield say["none_shared"].format(n=len(found.schemes))
    if rest:
        yield say["all_somehow"].format(n=len(rest), names=w.listed(map(w.concept, rest)))
    for scheme in found.schemes:
        own = found.distinct(scheme)
        named = [c for c in own if (cell := found.cell(c, scheme)) and cell.relation != "contains"]
        kept = [c for c in own if c not in named]
        others = [s for s in found.schemes if s.id != scheme.id]
        unsure = sum(1 for c in own if any(found.absence(c, s) == "not known" for s in others))
        yield say["only_one"].format(
            name=w.name(scheme), n=len(own), names=w.listed(map(w.concept, (*named, *kept)))
        ) + (say["unsure"].format(n=unsure) if unsure else "")


def _shared_by_many(w: _Writer) -> Iterable[str]:
    """Say what most schemes name, by the number that name it as such."""
    found, say = w.found, w.say
    total = len(found.schemes)
    shared = found.shared()
    if shared:
        yield say["all_have"].format(
            n=len(shared), m=len(shared), names=w.listed(map(w.concept, shared))
        )
    counts = {c: sum(1 for k in row.values() if k) for c, row in found.matrix().items()}
    named = {
        c: sum(1 for k in row.values() if k and k.relation == "equals")
        for c, row in found.matrix().items()
    }
    ranked = sorted(found.concepts, key=lambda c: (-named[c], -counts[c]))[:10]
    said = (say["named_by"].format(name=w.concept(c), n=named[c], m=counts[c]) for c in ranked)
    yield (say["most"] if shared else say["nothing_shared"]).format(
        total=total, names=w.listed(said)
    )
    kinds = found.kinds()
    for kind in KINDS:
        of_kind = [s for s in found.schemes if kinds[s.id] == kind]
        if SIDE_BY_SIDE < len(of_kind) < total:
            own = {
                c: sum(1 for s in of_kind if (k := found.cell(c, s)) and k.relation == "equals")
                for c in found.concepts
            }
            first = sorted(found.concepts, key=lambda c: -own[c])[:6]
            yield say["of_kind"].format(
                kind=say[kind], n=len(of_kind),
                names=w.listed(say["named"].format(name=w.concept(c), n=own[c]) for c in first),
            )  # fmt: skip


def _groups(w: _Writer) -> Iterable[str]:
    """Say who is like whom, and what makes a group: what it has more often than the others."""
    found, say = w.found, w.say
    groups = [group for group in found.clusters() if len(group) > 1]
    if not groups:
        return
    alone = len(found.schemes) - sum(map(len, groups))
    yield say["groups"].format(n=len(groups), m=alone)
    total = len(found.schemes)
    counts = {c: sum(1 for k in row.values() if k) for c, row in found.matrix().items()}
    for group in groups[:8]:
        having = {
            c: sum(1 for id_ in group if (k := found.cell(c, id_)) and k.relation != "contains")
            / len(group)
            for c in found.concepts
        }
        rest = max(total - len(group), 1)
        edge = {
            c: share - (counts[c] - share * len(group)) / rest
            for c, share in having.items()
            if share >= 0.5
        }
        marks = sorted(edge, key=lambda c: -edge[c])[:5]
        said = (say["share_of"].format(name=w.concept(c), share=100 * having[c]) for c in marks)
        yield say["group"].format(
            n=len(group),
            members=w.listed((w.name(found.scheme(id_)) for id_ in group), 6),
            marks=w.listed(said),
        )


def _priority_lines(w: _Writer, covered: ReferenceCoverage, who: str) -> Iterable[str]:
    """Say which items nobody has, which nobody has as a whole, and which few or many name."""
    say = w.say
    total = len(covered.schemes)
    # One industry may stand in two groups of a list.
    items = {c.item.label.show(w.lang): c for c in covered}
    none = [name for name, c in items.items() if not c.cells]
    facts = {"total": total, "items": len(items), "who": who}
    gaps = sum(1 for s in covered.schemes if w.found.gaps(s))
    said = say["uncovered"] if none else say["all_covered"]
    yield said.format(n=len(none), names=w.listed(none), **facts) + (
        say["may_cover"].format(n=gaps) if none and gaps else ""
    )
    parts = [
        name
        for name, c in items.items()
        if c.cells and not any(word in ("equals", "contains") for word in c.cells.values())
    ]
    if parts:
        yield say["in_part"].format(n=len(parts), names=w.listed(parts))
    named = {
        name: sum(1 for word in c.cells.values() if word == "equals")
        for name, c in items.items()
        if c.cells and name not in parts
    }
    if total <= SIDE_BY_SIDE:
        return
    if unnamed := [name for name, n in named.items() if not n]:
        yield say["unnamed"].format(n=len(unnamed), names=w.listed(unnamed))
    ranked = sorted((name for name, n in named.items() if n), key=lambda name: -named[name])
    for key, some in (("most_named", ranked[:6]), ("least_named", ranked[6:][-6:][::-1])):
        if some:
            listed = (say["named"].format(name=name, n=named[name]) for name in some)
            yield say[key].format(names=w.listed(listed), **facts)


def _concepts(w: _Writer, *, wide: bool) -> tuple[Table, ...]:
    found, say = w.found, w.say
    matrix = Table(
        say["matrix"],
        (say["concept"], say["field"], *(w.name(s) for s in found.schemes)),
        lambda: tuple(
            (w.concept(c), w.field(c), *(_cell(w, c, s) for s in found.schemes))
            for c in found.concepts
        ),
        note=say["empty"],
        shown=0 if wide else None,
        paged=0 if wide else None,
    )
    if not wide:
        return (matrix,)
    kinds = found.kinds()
    used = [kind for kind in KINDS if kind in kinds.values()]
    used = used if len(used) > 1 else []
    rows: list[tuple[Any, ...]] = []
    for concept, row in found.matrix().items():
        cells = {id_: cell for id_, cell in row.items() if cell}
        count = {word: sum(1 for c in cells.values() if c.relation == word) for word in SIGNS}
        unsure = sum(1 for id_ in row if found.absence(concept, id_) == "not known")
        rows.append(
            (
                w.concept(concept), w.field(concept),
                len(cells), count["equals"], count["contains"], count["part_of"] + count["overlaps"], unsure,
                *(sum(1 for id_ in cells if kinds[id_] == kind) for kind in used),
                _who(w, {i: c.relation for i, c in cells.items()}, partial(found.evidence, concept)),
            )
        )  # fmt: skip
    heads = ("concept", "field", "having", "as_such", "within", "in_part_only", "unsure_in")
    rows.sort(key=lambda row: (-row[3], -row[2]))
    table = Table(
        say["concepts"],
        (*(say[key] for key in heads), *(say[kind] for kind in used), say["who"]),
        tuple(rows),
        note=say["counts"],
        shown=40,
    )
    return (table, matrix)


def _who(
    w: _Writer, words: Mapping[str, str], evidence: Callable[[str], Iterable[Premise]]
) -> Entry:
    """Name the schemes that have something, those that name it as such first."""
    who = sorted(words, key=lambda id_: list(SIGNS).index(words[id_]))
    named = (f"{w.name(w.found.scheme(id_))} {SIGNS[words[id_]]}" for id_ in who)
    return Entry(
        w.listed(named, 8) if words else w.say["nobody"],
        proof=lambda: tuple(
            said for id_ in who for said in proofs(evidence(id_), w.lang, w.names[id_])
        ),
    )


def _cell(w: _Writer, concept: str, scheme: Scheme) -> Entry:
    cell = w.found.cell(concept, scheme)
    if cell is None:
        unknown = w.found.absence(concept, scheme) == "not known"
        return Entry("?" if unknown else None, "unknown" if unknown else "")
    tier = f" ({cell.slot})" if cell.slot else ""
    # The item comes first: a sign at the front of a cell would look like a formula.
    text = f"{cell.item.label.show(w.lang)}{tier} {SIGNS[cell.relation]}"
    return Entry(text, cell.relation, lambda: proofs(w.found.evidence(concept, scheme), w.lang))


def _pairs(w: _Writer, pairs: Sequence[Any], *, wide: bool) -> tuple[Table, ...]:
    found, say = w.found, w.say
    heads = (
        "a", "b", "low", "high", "high_open", "jaccard", "hierarchical", "common", "both_whole", "either",
        "which",
    )  # fmt: skip
    rows = []
    for s in pairs:
        if s.shared or not wide:
            which = [*map(w.concept, s.whole), *(f"{w.concept(c)}∩" for c in s.part)]
            rows.append(
                (
                    w.name(found.scheme(s.a)), w.name(found.scheme(s.b)), s.certain, s.listed, s.possible,
                    s.jaccard, s.hierarchical, s.shared, len(s.whole), s.either,
                    w.say["comma"].join(which),
                )
            )  # fmt: skip
    apart = len(pairs) - len(rows)
    listed = Table(
        say["similarity"],
        tuple(say[key] for key in heads),
        tuple(rows),
        note=say["apart"].format(n=apart, all=len(pairs)) if apart else "",
        fixed=2,
        shown=PAIRS,
        paged=200,
    )
    if not wide:
        return (listed,)
    by_pair = {frozenset((s.a, s.b)): s.jaccard for s in pairs}
    square = Table(
        say["square"],
        ("", *(w.name(s) for s in found.schemes)),
        lambda: tuple(
            (
                w.name(a),
                *(1.0 if a.id == b.id else by_pair[frozenset((a.id, b.id))] for b in found.schemes),
            )
            for a in found.schemes
        ),
        shown=0,
        paged=0,
    )
    return (listed, square)


def _distinct(w: _Writer) -> Table:
    found, say = w.found, w.say
    rows: list[tuple[Any, ...]] = []
    for scheme in found.schemes:
        own = found.distinct(scheme)
        if own:
            which = Entry(
                w.say["comma"].join(map(w.concept, own)),
                proof=partial(_all_proofs, w, own, scheme),
            )
            rows.append((w.name(scheme), len(own), which))
    rows.sort(key=lambda row: -row[1])
    return Table(
        say["only"], (say["scheme"], say["number"], say["which"]), tuple(rows),
        note=say["distinct_note"], shown=PAIRS,
    )  # fmt: skip


def _all_proofs(w: _Writer, concepts: Iterable[str], scheme: Scheme) -> tuple[Evidence, ...]:
    """Give what a scheme's cells at several concepts rest on."""
    evidence = w.found.evidence
    return tuple(said for c in concepts for said in proofs(evidence(c, scheme), w.lang))


def _cautions(w: _Writer) -> Iterable[str]:
    say, schemes = w.say, w.found.schemes
    if gaps := [s for s in schemes if w.found.gaps(s)]:
        yield say["gaps"].format(n=len(gaps), names=w.listed(w.names[s.id] for s in gaps))
    if low := [s for s in schemes if s.confidence == "low"]:
        yield say["low_confidence"].format(n=len(low), names=w.listed(w.names[s.id] for s in low))
    if undated := w.found.undated:
        yield say["undated"].format(n=len(undated), names=w.listed(undated))
    ended = [s for s in schemes if s.valid.end]
    if ended:
        yield say["ended"].format(n=len(ended), names=w.listed(w.names[s.id] for s in ended))


def _lists(w: _Writer) -> Table:
    found, say = w.found, w.say
    kinds = found.kinds()
    rows = []
    for s in found.schemes:
        gaps = [say[key] for key in found.gaps(s)]
        rows.append(
            (
                w.names[s.id], s.id, say.get(kinds[s.id], kinds[s.id]), s.published or "",
                s.valid.start or "", s.valid.end or "", say[f"is_{s.confidence}"],
                say["comma"].join(gaps), sum(1 for c in found.concepts if found.cell(c, s)),
                "\n".join(text.show(w.lang) for text in (*s.limitations, *s.conflicts)), s.place.file if s.place else "",
            )
        )  # fmt: skip
    heads = (
        "scheme", "id", "kind", "published", "from", "to", "confidence", "openness", "has", "limitations",
        "file",
    )  # fmt: skip
    return Table(
        say["lists"], tuple(say[key] for key in heads), tuple(rows),
        shown=None if len(rows) <= SIDE_BY_SIDE else 0,
    )  # fmt: skip


# Coverage of a reference


def coverage_document(found: Comparison, covered: ReferenceCoverage, lang: Language) -> Document:
    """Write the coverage of a reference as a document."""
    w = _Writer(found, lang)
    say = w.say
    title = say["coverage_of"].format(covered.reference.title.show(lang))
    lines = [_scope(w), *_priority_lines(w, covered, say["any"])]
    lines += (
        say["reference_limits"].format(text.show(lang)) for text in covered.reference.limitations
    )
    sections = (
        Section(say["findings"], tuple(lines)),
        Section(say["coverage"], (), (_coverage_table(w, covered, shown=None),)),
        Section(say["lists"], tuple(_cautions(w)), (_lists(w),)),
    )
    legend = (say["legend"], say["marks"])
    return Document(title, sections, legend, lang, numbered=len(covered.schemes) > SIDE_BY_SIDE)


def _coverage_table(w: _Writer, covered: ReferenceCoverage, *, shown: int | None) -> Table:
    say = w.say
    kinds = w.found.kinds()
    used = [k for k in KINDS if any(kinds[s.id] == k for s in covered.schemes)]
    used = used if len(used) > 1 else []
    rows: list[tuple[Any, ...]] = []
    for c in covered:
        words = c.cells
        whole = [i for i, word in words.items() if word in ("equals", "contains")]
        label = c.item.label.show(w.lang)
        parent = c.item.parent
        rows.append(
            (
                label, parent.label.show(w.lang) if parent else "", len(words),
                sum(1 for word in words.values() if word == "equals"), len(whole), len(words) - len(whole),
                *(sum(1 for i in words if kinds[i] == kind) for kind in used),
                _who(w, c.cells, partial(covered.evidence, c.item.code)),
            )
        )  # fmt: skip
    heads = ("item", "group_of", "having", "as_such", "wholly", "in_part_only")
    title = covered.reference.title.show(w.lang)
    return Table(
        f"{say['coverage']} {covered.issuer(w.lang)}", (*(say[key] for key in heads), *(say[kind] for kind in used), say["who"]),
        tuple(rows), title=f"{title} [{covered.reference.id}]", note=say["coverage_note"], shown=shown,
    )  # fmt: skip


# Changes and namings


def changes_document(steps: Sequence[Transition], lang: Language) -> Document:
    """Write what happened between versions as a document."""
    say = _SAYS[lang]
    sections = []
    for step in steps:
        old, new = step.schemes
        counts: dict[str, int] = {}
        for change in step.changes:
            counts[change.change] = counts.get(change.change, 0) + 1
        kept = counts.pop("unchanged", 0)
        said = (say["named"].format(name=_kind(kind, lang), n=n) for kind, n in counts.items())
        lines = [
            say["between"].format(old=old.id, new=new.id, n=len(old), m=len(new)),
            say["happened"].format(said=say["comma"].join(said), n=kept)
            if counts
            else say["no_change"].format(n=kept),
        ]
        lines += (
            say["about_list"].format(name=scheme.id, text=text.show(lang))
            for scheme in (old, new)
            for text in scheme.limitations
        )
        changed = [c for c in step.changes if c.change != "unchanged"]
        same = [c for c in step.changes if c.change == "unchanged"]
        versions = f"{old.version} {new.version}" if len(steps) > 1 else ""
        sections.append(
            Section(
                say["from_to"].format(old.title.show(lang), old.version, new.version),
                tuple(lines),
                (
                    _changes_table(f"{say['changes']} {versions}".strip(), step, changed, lang),
                    _changes_table(
                        f"{say['unchanged']} {versions}".strip(),
                        step,
                        same,
                        lang,
                        shown=0,
                        title=say["unchanged"],
                    ),
                ),
            )
        )
    title = (
        say["what_happened"].format(steps[-1].schemes[1].title.show(lang))
        if steps
        else say["changes"]
    )
    return Document(title, tuple(sections), (say["kinds_of_change"],), lang)


def _kind(change: str, lang: Language) -> str:
    return CHANGES_ZH[change] if lang == "zh" else change


def _changes_table(
    name: str,
    step: Transition,
    changes: Sequence[ItemChange],
    lang: Language,
    shown: int | None = None,
    title: str = "",
) -> Table:
    say = _SAYS[lang]

    def items(scheme: Scheme, codes: Sequence[str]) -> str:
        return "\n".join(f"{scheme[code].label.show(lang)} [{code}]" for code in codes)

    rows = tuple(
        (
            _kind(c.change, lang),
            items(step.schemes[0], c.old),
            items(step.schemes[1], c.new),
            "\n".join(said.say(lang) for said in c.evidence),
        )
        for c in changes
    )
    heads = ("change", "old", "new", "evidence")
    return Table(name, tuple(say[key] for key in heads), rows, title=title, fixed=1, shown=shown)


def namings_document(found: Namings, lang: Language) -> Document:
    """Write who named a concept as a document."""
    say = _SAYS[lang]
    label = found.concept.label.show(lang)
    lines = []
    if found:
        first = found[0]
        lines.append(
            say["first_named"].format(
                label=label, date=first.date or "?", scheme=first.item.scheme.title.show(lang),
                item=first.item.label.show(lang), n=len({n.item.scheme.series for n in found}),
            )
        )  # fmt: skip
    else:
        lines.append(say["named_by_nobody"].format(label=label))
    if found.undated:
        names = say["comma"].join(found.undated)
        lines.append(say["undated"].format(n=len(found.undated), names=names))
    rows = tuple(
        (
            n.date or "",
            Entry(
                f"{n.item.label.show(lang)} {SIGNS[n.relation]}",
                n.relation,
                _as_evidence(n.evidence, lang),
            ),
            n.item.scheme.title.show(lang),
            n.item.scheme.id,
            say[f"is_{n.item.scheme.confidence}"],
        )
        for n in found
    )
    heads = ("from", "item", "scheme", "id", "confidence")
    table = Table(say["namings"], tuple(say[key] for key in heads), rows)
    sections = (Section(say["findings"], tuple(lines), (table,)),)
    return Document(say["who_named"].format(label), sections, (say["legend"],), lang)


def _as_evidence(
    statements: Sequence[Statement], lang: Language
) -> Callable[[], tuple[Evidence, ...]]:
    return lambda: tuple(
        Evidence(
            said.say(lang),
            said.places[0].file if said.places else None,
            said.places[0].line if said.places else None,
        )
        for said in statements
    )


_SAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "findings": "Findings", "concepts": "Concepts", "matrix": "Matrix",
        "similarity": "Similarity", "square": "Similarity matrix", "only": "Only in one scheme",
        "lists": "The lists compared", "priorities": "National priority: {}", "coverage": "Coverage",
        "coverage_of": "Coverage of {}", "comma": ", ", "semicolon": "; ", "none": "none",
        "more": " and {} more", "nobody": "covered by nobody", "count_of": "{name} {n}", "years": "{} to {}", "named": "{name} ({n})",
        "named_by": "{name} ({n} as such, {m} in any way)", "share_of": "{name} ({share:.0f}%)",
        "scope": "{n} schemes of {issuers} issuers ({kinds}), published {years}; together they "
        "concern {concepts} concepts.",
        "all_have": "All have {n} concepts; {m} of them all name alike: {names}.",
        "none_shared": "No concept is in all {n} schemes.",
        "all_somehow": "Another {n} all have something of, in wider or narrower items: {names}.",
        "nothing_shared": "No concept is in all {total} schemes. Named most often: {names}.",
        "most": "Of the {total} schemes, named most often: {names}.",
        "only_one": "Only {name} lists {n}: {names}.",
        "unsure": " Whether another has them is not known of {n}: its list is open or was not seen in full, or it has an "
        "unknown part of something broader.",
        "alone": "{n} concepts are in one scheme alone, in {m} different schemes, most of them in: {names}.",
        "pair": "{a} and {b} ({n} concepts in common, {span})",
        "nearest": "Most alike: {pairs}.",
        "apart": "{n} of {all} pairs have no concept in common.",
        "groups": "By likeness {n} groups form; {m} schemes are in none. Percentages: how many of a group have it, "
        "by an item that is no wider.",
        "group": "A group of {n}: {members}. More common there than elsewhere: {marks}.",
        "likeness": "{a} and {b} have {n} concepts in common, {whole} of them as a whole on both sides; similarity "
        "{span} (Jaccard {jaccard:.2f}, with broader concepts {wide:.2f}).",
        "open_end": " If open or incomplete lists are taken to hold more, it may be up to {high:.2f}.",
        "uncovered": "Covered by none of the {total} schemes{who}, {n} of {items} industries: {names}.",
        "all_covered": "Each of the {items} industries is covered, at least in part, by one or more of the {total} schemes{who}.",
        "local": " of parks, cities and provinces", "any": "",
        "in_part": "As far as is known, covered in part only ({n}): {names}.",
        "unnamed": "No scheme is known to have just these, some have them within wider items ({n}): {names}.",
        "most_named": "Of the {total}, named most often: {names}.",
        "least_named": "Named, but least often: {names}.",
        "may_cover": " Lists that are open or were not seen in full ({n}) may have what they do not name.",
        "of_kind": "Of the {n} {kind} schemes, named most often: {names}.",
        "gaps": "Open (such as X or N) or not seen in full are {n} lists (marked *); what they do not name is not "
        "known, not absent: {names}.",
        "low_confidence": "Of low confidence are {n} lists (marked †): {names}.",
        "ended": "No longer in force are {n}: {names}.",
        "undated": "Left out are {n}, because nobody knows when they were in force: {names}.",
        "measure": "From: both have all of a concept. To: what both have something of is the same. To (open): the "
        "same, and open or incomplete lists, or unknown parts, hold what the other has. Jaccard: any part counts as "
        "the whole. All on the concepts that one of the two names; an item is taken to have to do with nothing that "
        "neither its maps nor the hierarchy leads to.",
        "empty": "Empty: not listed. ?: not known; the list is open or not all of it was seen, or the scheme has an "
        "unknown part of something broader.",
        "counts": "As such: an item equals the concept. Within: an item contains it. In part: an item is part of it or "
        "overlaps it. Not known: the scheme may have it.",
        "distinct_note": "Among the lists as seen.",
        "coverage_note": "As a whole: an item equals or contains it. The reference's own series is left out.",
        "reference_limits": "About the reference: {}",
        "legend": "After an item: = it equals the concept, ⊃ contains it, ⊂ is part of it, ∩ overlaps it; (slot of the "
        "tier)",
        "marks": "* the list is open or not all of it was seen; † of low confidence",
        "park": "park", "district": "district", "city": "city", "province": "province", "ministry": "ministry",
        "nation": "nation", "organisation": "organisation",
        "concept": "Concept", "field": "Field", "having": "Schemes", "as_such": "As such", "within": "Within",
        "in_part_only": "In part", "unsure_in": "Not known", "who": "Which", "a": "Scheme A", "b": "Scheme B",
        "low": "From", "high": "To", "high_open": "To (open)", "jaccard": "Jaccard",
        "hierarchical": "With broader", "common": "In common", "both_whole": "As a whole", "either": "In either",
        "which": "Concepts", "scheme": "Scheme", "number": "Number", "id": "Id", "kind": "Issuer is a",
        "published": "Published", "from": "Valid from", "to": "Until", "confidence": "Confidence",
        "openness": "Gaps", "has": "Concepts", "limitations": "Limitations and conflicts", "file": "File",
        "open": "open list", "incomplete": "not all seen", "item": "Industry", "group_of": "Group",
        "between": "From {old} ({n} items) to {new} ({m} items).",
        "happened": "{said}; unchanged {n}.", "no_change": "Nothing has changed; {n} items go on.",
        "about_list": "About {name}: {text}", "from_to": "{}: {} to {}", "changes": "Changes",
        "unchanged": "Unchanged", "what_happened": "What happened to {}",
        "kinds_of_change": "Kinds of change after GSIM (UNECE 2013). Not seen, first seen: the other list is open or "
        "was seen only in part, so whether the item ended or is new is not known.",
        "change": "Change", "old": "Old", "new": "New", "evidence": "Evidence",
        "first_named": "Of the lists in the catalogue, {scheme} ({date}) is the first to name {label}, as {item}; {n} "
        "series name it.",
        "named_by_nobody": "No scheme names {label}.", "namings": "Who named it", "who_named": "Who named {}",
        "wholly": "As a whole", "is_high": "high", "is_medium": "medium", "is_low": "low", "is_None": "",
    },
    "zh": {
        "findings": "要点", "concepts": "概念", "matrix": "矩阵", "similarity": "相似度",
        "square": "相似度矩阵", "only": "仅见于一个方案", "lists": "所比较的清单", "priorities": "国家重点:{}",
        "coverage": "覆盖情况", "coverage_of": "对“{}”的覆盖", "comma": "、", "semicolon": ";", "none": "无",
        "more": "等(另 {} 个)", "nobody": "无方案覆盖", "count_of": "{name} {n}", "years": "{} 至 {}", "named": "{name}({n})",
        "named_by": "{name}(点名 {n},涉及 {m})", "share_of": "{name}({share:.0f}%)",
        "scope": "比较 {issuers} 个机构的 {n} 个方案({kinds}),发布于 {years} 年,共涉及 {concepts} 个概念。",
        "all_have": "各方案共有 {n} 个概念,其中 {m} 个各方均作为同一概念列出:{names}。",
        "none_shared": "没有一个概念为全部 {n} 个方案所共有。",
        "all_somehow": "另有 {n} 个概念各方均有涉及,但范围宽窄不一:{names}。",
        "nothing_shared": "没有一个概念为全部 {total} 个方案所共有。点名最多的是:{names}。",
        "most": "{total} 个方案中点名最多的是:{names}。",
        "only_one": "仅{name}列出的有 {n} 个:{names}。",
        "unsure": "其中 {n} 个不能断定他方没有:其清单开放或未见全,或只知其有更宽概念的一部分。",
        "alone": "{n} 个概念仅见于一个方案,分属 {m} 个方案,较多的是:{names}。",
        "pair": "{a} 与 {b}(共有 {n} 个概念,{span})",
        "nearest": "最相似的是:{pairs}。",
        "apart": "{all} 对方案中有 {n} 对没有共同概念。",
        "groups": "按相似度可分为 {n} 组,另有 {m} 个方案不属于任何一组。百分比为组内以不更宽的类目列有该概念的方案所占比例。",
        "group": "{n} 个一组:{members}。较他处更常见的是:{marks}。",
        "likeness": "{a} 与 {b}:共有 {n} 个概念,其中 {whole} 个双方均完整涵盖;相似度 {span}"
        "(Jaccard {jaccard:.2f},计入上位概念 {wide:.2f})。",
        "open_end": "若开放或未见全的清单另有所列,最高可达 {high:.2f}。",
        "uncovered": "{items} 个产业中有 {n} 个未被 {total} 个{who}中的任何一个覆盖:{names}。",
        "all_covered": "{items} 个产业均至少为 {total} 个{who}之一所覆盖(含部分覆盖)。",
        "local": "地方与园区方案", "any": "方案",
        "in_part": "{n} 个就所知仅部分被覆盖:{names}。",
        "unnamed": "{n} 个未见与之等同的类目,仅含于更宽的类目:{names}。",
        "most_named": "{total} 个方案中点名最多的:{names}。", "least_named": "有点名而最少的:{names}。",
        "may_cover": "这些方案中有 {n} 个清单开放或未见全,未列出的不等于没有。",
        "of_kind": "{kind}的 {n} 个方案点名最多的:{names}。",
        "gaps": "{n} 个清单是开放的(如 X、N)或未见全(标 *),未列出者为未知,不等于没有:{names}。",
        "low_confidence": "{n} 个清单可信度低(标 †):{names}。",
        "ended": "{n} 个已不再有效:{names}。",
        "undated": "{n} 个因何时有效不明而未列入:{names}。",
        "measure": "下限:双方均完整涵盖的概念才算相同。上限:双方都有涉及的概念即算相同。上限(开放):另设开放或未见全的清单、"
        "以及不明的部分恰含对方所有。Jaccard:部分视同整体。均以双方至少一方列出的概念为限;映射与层级均未引向的概念,视为与该类目无关。",
        "empty": "空白:未列出。?:未知,清单开放或未见全,或只知其有更宽概念的一部分。",
        "counts": "点名:类目与概念等同。含于:类目包含该概念。部分:类目是其一部分或与其重叠。未知:该方案可能有。",
        "distinct_note": "就所见清单而言。",
        "coverage_note": "完整:类目与之等同或包含之。参照清单自身所属系列不计。",
        "reference_limits": "参照清单的局限:{}",
        "legend": "类目之后的符号:= 与概念等同,⊃ 包含概念,⊂ 是概念的一部分,∩ 与概念部分重叠;括号内为层级",
        "marks": "* 清单开放或未见全;† 可信度低",
        "park": "园区", "district": "区县", "city": "城市", "province": "省区市", "ministry": "部委",
        "nation": "国家", "organisation": "其他机构",
        "concept": "概念", "field": "领域", "having": "涉及", "as_such": "点名", "within": "含于",
        "in_part_only": "部分", "unsure_in": "未知", "who": "哪些方案", "a": "方案甲", "b": "方案乙",
        "low": "下限", "high": "上限", "high_open": "上限(开放)", "jaccard": "Jaccard",
        "hierarchical": "计入上位", "common": "共有", "both_whole": "完整共有", "either": "任一方",
        "which": "哪些概念", "scheme": "方案", "number": "数量", "id": "标识", "kind": "机构类别",
        "published": "发布", "from": "生效", "to": "失效", "confidence": "可信度",
        "openness": "缺口", "has": "概念数", "limitations": "局限与分歧", "file": "文件",
        "open": "开放清单", "incomplete": "未见全", "item": "产业", "group_of": "所属", "wholly": "完整",
        "between": "自 {old}({n} 项)至 {new}({m} 项)。",
        "happened": "{said};未变 {n}。", "no_change": "没有变化,{n} 项延续。",
        "about_list": "关于 {name}:{text}", "from_to": "{}:{} 至 {}", "changes": "变更",
        "unchanged": "未变", "what_happened": "{}的变更",
        "kinds_of_change": "变更类型依 GSIM(UNECE 2013)。未见、始见:另一版清单开放或未见全,不能断定该类目已终止或为新增。",
        "change": "变更", "old": "旧版", "new": "新版", "evidence": "依据",
        "first_named": "就所收清单而言,{label}最早见于{scheme}({date}),称{item};共 {n} 个系列列有。",
        "named_by_nobody": "没有方案列有{label}。", "namings": "谁先提出", "who_named": "{}:谁先提出",
        "is_high": "高", "is_medium": "中", "is_low": "低", "is_None": "",
    },
}  # fmt: skip

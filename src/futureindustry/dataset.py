"""
What is wrong with the labels of a table, and which items they mean: validate and recode.

Decided here is the scheme of a row and what one distinct combination of cells (label, code,
park, date, tier) means in it. What a label means is decided in `names`, what an amount is in
`amounts`, what is wrong with either in the table of rules (`rules`); which columns there are, in
`specification`; how a table is read and joined, in `tables`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import attrs

from .allocation import ROUNDING, shares
from .amounts import PLAIN_NUMBER, parse_amount
from .changes import Succession, successions
from .datafiles import CSV_ENDINGS, reads
from .errors import (
    ColumnExists,
    FutureIndustryError,
    NotAllocated,
    UnknownFormat,
    UnknownScheme,
    UnreadableData,
    ValueNotUnderstood,
    nearest,
)
from .mapping import Network, asserted_maps, best_items
from .model import Item, Map, Scheme, last_day
from .names import (
    OUTCOMES,
    Resolution,
    Step,
    among,
    related,
    resolver,
    shown,
    tier_named,
    tier_shown,
)
from .relation import Relation
from .report import KEPT, Finding, Report, Rest, keep
from .specification import as_specification, read_baseline
from .store import Undisturbed, as_scheme, catalog
from .tables import (
    BLANK,
    FIRST_ROWS,
    columns_of,
    distinct,
    first_keys,
    first_rows,
    frame_of,
    join_back,
    need,
    texts,
)
from .text import SUSPICIOUS, clean, describe_character, is_number_like, odd_characters, oddities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Literal

    from .specification import SectorColumn, Specification, ValueColumn
    from .tables import Cells

    Policy = Literal["keep", "explode", "weight", "reject"]

__all__ = ["POLICIES", "recode", "validate"]

DEFAULT = "行业"
POLICIES = ("keep", "explode", "weight", "reject")
ADDED = ("code", "label", "relation", "outcome")
NOTHING_NEAR: Mapping[str, str] = {"en": "", "zh": ""}
LANGUAGES: tuple[Literal["zh", "en"], ...] = ("zh", "en")


@attrs.frozen
class Roles:
    """Which column says what about a label; None where the data has no such column."""

    sector: str
    code: str | None = None
    park: str | None = None
    date: str | None = None
    tier: str | None = None
    separators: tuple[str, ...] | None = None
    key: tuple[str, ...] = ()

    @classmethod
    def of(cls, spec: Specification, column: SectorColumn) -> Roles:
        """Take them from a specification; a column with a scheme of its own needs no park."""
        park = spec.park if column.scheme is None else None
        return cls(
            column.column, column.code, park, spec.date, column.tier, column.separators, spec.key
        )

    @property
    def context(self) -> tuple[str, ...]:
        """Columns that decide what a label means, the sector first."""
        found = (self.sector, self.code, self.park, self.date, self.tier)
        return tuple(dict.fromkeys(name for name in found if name))


# What a row means


@attrs.frozen
class _Answer:
    """What one distinct combination of cells means."""

    resolution: Resolution | None
    scheme: Scheme | None
    finding: Finding | None = None


class Judge:
    """Chooses the scheme of a row and resolves its label in it."""

    def __init__(
        self, scheme: Scheme | str | None, roles: Roles, *, as_of: str | None = None
    ) -> None:
        if scheme is None and roles.park is None:
            raise FutureIndustryError(
                "say which scheme the labels belong to: scheme=, or park= for a file of several parks"
            )
        self.scheme = None if scheme is None else as_scheme(scheme, as_of=as_of)
        self.as_of = as_of
        self.roles = roles
        self._chosen: dict[tuple[str | None, str | None], Scheme | Finding | None] = {}
        self.used: dict[str, None] = {}

    def choose(self, park: str | None, date: str | None) -> Scheme | Finding | None:
        """Give the scheme for a park and a date, or the finding that there is none."""
        if (park, date) not in self._chosen:
            self._chosen[park, date] = self._choose(park, date)
        found = self._chosen[park, date]
        if isinstance(found, Scheme):
            self.used[found.id] = None
        return found

    def _choose(self, park: str | None, date: str | None) -> Scheme | Finding | None:
        roles, store = self.roles, catalog()
        issuer = None
        if roles.park is not None:
            if park is None or not park.strip():
                if self.scheme is None:
                    return Finding("FI114", roles.park)
            else:
                issuer = store.issuers.named(park)
                if issuer is None:
                    hint = store.issuers.nearest(park)
                    near = {
                        "en": f"; nearest: {hint}" if hint else "",
                        "zh": f",相近名称:{hint}" if hint else "",
                    }
                    return Finding(
                        "FI109",
                        roles.park,
                        park,
                        suggestion=hint,
                        facts={"park": park, "nearest": near},
                    )
        try:
            scheme = self.scheme
            if scheme is None:
                series = store.principal(issuer.id if issuer else "")
                scheme = store.load(series, as_of=None if (date or "").strip() else self.as_of)
            if date is None or not date.strip():
                return scheme
            return store.load(scheme.series, as_of=_as_date(date)) if scheme.origin else scheme
        except (UnknownScheme, ValueError) as error:
            return Finding(
                "FI110", roles.date or roles.park, date or park, facts={"reason": str(error)}
            )

    def answer(self, cells: Mapping[str, str | None], *, suggest: bool = True) -> _Answer:
        """Resolve the label of one combination of cells; without suggestions it costs less."""
        roles = self.roles
        chosen = self.choose(
            cells[roles.park] if roles.park else None, cells[roles.date] if roles.date else None
        )
        if not isinstance(chosen, Scheme):
            return _Answer(None, None, chosen)
        label = cells[roles.sector]
        if label is None or not label.strip():
            return _Answer(None, chosen)
        tier = (cells[roles.tier] if roles.tier else None) or None
        found = self._resolve(chosen, label, tier, suggest=suggest)
        codes = _codes(chosen, cells[roles.code] if roles.code else None, roles.separators)
        if codes:
            found = _settled(found, codes)
        return _Answer(found, chosen)

    def _resolve(
        self, scheme: Scheme, label: str, tier: str | None, *, suggest: bool
    ) -> Resolution:
        """Resolve a cell; where the specification fixes the separators, nothing else parts it."""
        resolve = resolver(scheme).resolve
        found = resolve(label, tier=tier, suggest=suggest)
        separators = self.roles.separators
        if separators is None or (found.outcome != "unknown" and not found.parts):
            return found
        pieces = _pieces(label, separators) if separators else [label]
        parts = []
        for piece in pieces:
            part = resolve(piece, tier=tier, suggest=suggest)
            if part.parts:
                near = resolver(scheme).suggest(piece) if suggest else ()
                part = Resolution(piece, scheme.id, "unknown", candidates=near)
            parts.append(part)
        if len(parts) == 1:
            return attrs.evolve(parts[0], label=label)
        worst = max((part.outcome for part in parts), key=OUTCOMES.index)
        names = "、".join(part.label for part in parts)
        steps = (Step("split", label, names),)
        return Resolution(label, scheme.id, worst, parts=tuple(parts), steps=steps)


def _pieces(cell: str, separators: Sequence[str]) -> list[str]:
    """Part a cell at separators; longer ones first, empty pieces left out."""
    signs = "|".join(re.escape(sign) for sign in sorted(separators, key=len, reverse=True))
    return [piece.strip() for piece in re.split(signs, cell) if piece.strip()] or [cell]


_CODE_SEPARATORS = (";", "；", ",", "，", "、", "|", "/", " ", "\n")


def _codes(scheme: Scheme, cell: str | None, separators: Sequence[str] | None) -> list[str]:
    """Give the codes of a cell: one, or as many as its separators part."""
    code = (cell or "").strip()
    if not code:
        return []
    if code in scheme:
        return [code]
    return _pieces(code, _CODE_SEPARATORS if separators is None else separators or ("\x00",))


def _settled(found: Resolution, codes: Sequence[str]) -> Resolution:
    """Settle ambiguous labels by the codes beside them, one by one where they are as many."""
    if not found.parts:
        return among(found, lambda item: item.code in codes)
    as_many = len(codes) == len(found.parts)

    def settle(part: Resolution, mine: Sequence[str]) -> Resolution:
        return among(part, lambda item: item.code in mine)

    parts = [
        settle(part, codes[n : n + 1] if as_many else codes) for n, part in enumerate(found.parts)
    ]
    worst = max((part.outcome for part in parts), key=OUTCOMES.index)
    return attrs.evolve(found, parts=tuple(parts), outcome=worst)


def _as_date(text: str) -> str:
    """Read a date cell: ISO 8601, reduced; a year, 2024年5月, 2024/5/1, 2024-Q2."""
    found = re.search(
        r"(\d{4})(?:\s*[-/.年]\s*(?:Q([1-4])|(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?)?)?", text.strip()
    )
    if not found:
        raise ValueError(f'"{text}" is no date; write YYYY, YYYY-MM or YYYY-MM-DD')
    year, quarter, month, day = found.groups()
    if quarter:
        month, day = str(int(quarter) * 3), None
    parts = [year, *(f"{int(p):02d}" for p in (month, day) if p)]
    last_day("-".join(parts))
    return "-".join(parts)


# Findings


def _shown(item: Item) -> dict[str, str]:
    return {lang: shown(item, lang) for lang in LANGUAGES}


def _judge_label(r: Resolution, column: str, cell: str) -> Iterator[Finding]:
    """Give the findings about one resolved label; a list gives those of its parts."""
    if r.parts:
        for part in r.parts:
            yield from _judge_label(part, column, cell)
        return
    facts: dict[str, Any] = {"label": r.label, "scheme": r.scheme}
    item = r.item
    if r.outcome == "unknown":
        names = [c.name for c in r.candidates]
        facts["nearest"] = NOTHING_NEAR
        if names:
            facts["nearest"] = {
                "en": f"; nearest: {', '.join(names)}",
                "zh": f",相近名称:{'、'.join(names)}",
            }
        yield Finding("FI101", column, cell, suggestion=names[0] if names else None, facts=facts)
    elif r.outcome == "ambiguous":
        items = [c.item for c in r.candidates if c.item]
        facts["candidates"] = {
            "en": ", ".join(shown(i, "en") for i in items),
            "zh": "、".join(shown(i, "zh") for i in items),
        }
        yield Finding("FI102", column, cell, facts=facts)
    elif r.outcome == "outside":
        facts["concept"] = {lang: r.concept_shown(lang) for lang in LANGUAGES}
        yield Finding("FI103", column, cell, facts=facts)
    elif item is not None:
        facts["item"] = _shown(item)
        official = item.label.get("zh") or item.label.show("en")
        if r.relation != "equals":
            facts["said"] = {
                lang: related(r.label, r.relation or "", item, lang) for lang in LANGUAGES
            }
            yield Finding("FI105", column, cell, facts=facts)
        elif clean(r.label) not in (*item.label.values(), item.code):
            yield Finding("FI104", column, cell, suggestion=official, facts=facts)
        if r.outcome == "open":
            above = item if item.open else next(i for i in item.ancestors if i.open)
            facts["tier"] = {lang: tier_shown(above, lang) for lang in LANGUAGES}
            yield Finding("FI106", column, cell, facts=facts)
    for step in r.steps:
        if step.kind == "repair":
            yield Finding("FI116", column, cell, suggestion=step.after,
                          facts={"text": {lang: step.sentence(lang) for lang in LANGUAGES}})  # fmt: skip


def _judge_row(answer: _Answer, roles: Roles, cells: Mapping[str, str | None]) -> Iterator[Finding]:
    """Give the findings about one combination of cells."""
    label = cells[roles.sector]
    if answer.finding is not None:
        yield answer.finding
        return
    r, scheme = answer.resolution, answer.scheme
    if r is None or scheme is None or label is None:
        yield Finding("FI114", roles.sector)
        return
    found = list(_judge_label(r, roles.sector, label))
    if r.outcome == "outside" and roles.date and cells[roles.date] and scheme.origin:
        newest = scheme.origin.load(scheme.series)
        if newest.id != scheme.id and (later := resolver(newest).resolve(label)).item:
            facts = {
                "label": label,
                "scheme": scheme.id,
                "date": cells[roles.date] or "",
                "other": later.scheme,
            }
            found = [Finding("FI107", roles.sector, label, facts=facts)]
    yield from found
    if not SUSPICIOUS.isdisjoint(oddities(label)):
        characters = ", ".join(dict.fromkeys(map(describe_character, odd_characters(label))))
        facts = {"label": clean(label), "characters": characters}
        yield Finding("FI115", roles.sector, label, suggestion=clean(label), facts=facts)
    if roles.tier and (tier := cells[roles.tier]) and r.item is not None:
        wanted = tier_named(scheme, tier)
        if wanted is None or wanted not in (r.item, *r.item.ancestors):
            placing: dict[str, Any] = {"label": label, "item": _shown(r.item), "tier": tier}
            yield Finding("FI108", roles.tier, label, facts=placing)
    if roles.code and (cell := cells[roles.code]):
        yield from _judge_codes(roles.code, cell, _codes(scheme, cell, roles.separators), r, scheme)


def _judge_codes(
    column: str, cell: str, codes: Sequence[str], r: Resolution, scheme: Scheme
) -> Iterator[Finding]:
    """Compare the codes of a cell with the labels beside it; their order does not matter."""
    parts = r.parts or (r,)
    items = [part.item for part in parts]
    if not codes or not any(items):
        return
    meant = [item.code for item in items if item is not None]
    known = len(meant) == len(items)
    if known and sorted(codes) == sorted(meant):
        return

    def shown_code(code: str) -> dict[str, str]:
        item = scheme.get(code)
        none = {"en": f"no code of {scheme.id}", "zh": f"非{scheme.id}的代码"}
        return _shown(item) if item else none

    if len(codes) == len(items):
        wrong = [
            (code, part, part.item)
            for code, part in zip(codes, parts, strict=True)
            if part.item is not None and code != part.item.code
        ]
        # Codes in another order than the labels: what is left over is wrong.
        spare = [code for code in codes if code not in meant]
        if known and len(spare) < len(wrong):
            wrong = [pair for pair in wrong if pair[0] in spare]
    else:
        wrong = []
        if known and set(codes) == set(meant):
            return
    suggestion = "; ".join(meant) if known else None
    if wrong:
        for code, part, item in wrong:
            facts: dict[str, Any] = {"code": code, "label": part.label, "item": _shown(item)}
            facts["coded"] = shown_code(code)
            yield Finding("FI117", column, cell, suggestion=suggestion, facts=facts)
    elif known:
        both: dict[str, Any] = {
            "code": cell,
            "label": r.label,
            "coded": {k: ", ".join(shown_code(c)[k] for c in codes) for k in LANGUAGES},
            "item": {k: ", ".join(_shown(i)[k] for i in items if i) for k in LANGUAGES},
        }
        yield Finding("FI117", column, cell, suggestion=suggestion, facts=both)


@attrs.define
class _Gathered:
    """A finding with the rows and the combinations of cells that it was made for."""

    finding: Finding
    count: int = 0
    places: list[Cells] = attrs.field(factory=list)

    @property
    def order(self) -> tuple[int, str]:
        """Order within a rule and column, as that of `Finding.order`."""
        return -self.count, self.finding.value or ""


class _Kept:
    """The first findings of one rule and column; the others are counted and forgotten."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.found: list[_Gathered] = []
        self.worst: tuple[int, str] | None = None
        self.findings = self.rows = 0

    def add(self, gathered: _Gathered) -> None:
        if self.worst is not None and gathered.order > self.worst:
            self._forget((gathered,))
            return
        self.found.append(gathered)
        if len(self.found) >= (2 * self.limit if self.worst else self.limit):
            self.cut()

    def cut(self) -> None:
        self.found.sort(key=lambda g: g.order)
        self._forget(self.found[self.limit :])
        del self.found[self.limit :]
        if len(self.found) == self.limit:
            self.worst = self.found[-1].order

    def _forget(self, gathered: Iterable[_Gathered]) -> None:
        for one in gathered:
            self.findings += 1
            self.rows += one.count

    def leaves_out(self, label: str, count: int) -> bool:
        """Say whether a finding about a label with so many rows at most cannot be kept."""
        return self.worst is not None and (-count, label) > self.worst


@attrs.frozen
class _Judged:
    """What was found in one column of labels."""

    findings: list[Finding]
    rest: list[Rest]
    outcomes: Mapping[str, int]
    rows: int
    distinct: int
    meant: Mapping[Cells, Item]


def _judge_column(frame: Any, roles: Roles, judge: Judge) -> _Judged:
    """Judge each distinct combination of a label and what decides about it."""
    names = roles.context
    counts = distinct(frame, names)
    rows = sum(counts.values())
    outcomes: dict[str, int] = {}
    meant: dict[Cells, Item] = {}
    kept: defaultdict[tuple[str, str | None], _Kept] = defaultdict(lambda: _Kept(KEPT))
    # What is said of a park, a date or an empty cell comes from many labels; the rest from one.
    shared: dict[tuple[object, ...], _Gathered] = {}
    unknown = kept["FI101", roles.sector]
    for label, total, cases in _by_label(counts):
        own: dict[tuple[object, ...], _Gathered] = {}
        suggest = not unknown.leaves_out(label, total)
        for cells, count in cases:
            by_name = dict(zip(names, cells, strict=True))
            answer = judge.answer(by_name, suggest=suggest)
            outcome = answer.resolution.outcome if answer.resolution else "missing"
            outcomes[outcome] = outcomes.get(outcome, 0) + count
            if answer.resolution and answer.resolution.item:
                meant[cells] = answer.resolution.item
            gathered = own if answer.resolution else shared
            judged = list(_judge_row(answer, roles, by_name))
            if len(judged) == len(cases) == 1 and gathered is own:
                # By far most labels: nothing to compare it with.
                own[()] = _Gathered(judged[0], count, [cells])
                continue
            told = {
                (finding.rule, finding.column, finding.value, str(finding.facts)): finding
                for finding in judged
            }
            for same, finding in told.items():
                one = gathered.setdefault(same, _Gathered(finding))
                one.count += count
                one.places.append(cells)
        for one in own.values():
            kept[one.finding.rule, one.finding.column].add(one)
    for one in shared.values():
        kept[one.finding.rule, one.finding.column].add(one)
    if not outcomes.keys() - {"unknown", "missing"}:
        _refuse_numbers(counts, roles.sector)
    for found in kept.values():
        found.cut()
    gathered_ = [one for found in kept.values() for one in found.found]
    wrong = {cells: counts[cells] for one in gathered_ for cells in one.places}
    where = first_rows(frame, names, wrong)
    keyed = first_keys(frame, names, wrong, roles.key) if roles.key else {}
    findings = []
    for one in gathered_:
        numbers = _first(where, one.places)
        said = _first(keyed, one.places)
        bare = one.finding
        findings.append(
            Finding(
                bare.rule,
                bare.column,
                bare.value,
                one.count,
                tuple(numbers),
                bare.suggestion,
                bare.facts,
                keys=tuple([text for _, text in said]),
            )
        )
    rest = [Rest(*key, found.findings, found.rows) for key, found in kept.items() if found.findings]
    return _Judged(findings, rest, outcomes, rows, len(counts), meant)


def _first(found: Mapping[Cells, Sequence[Any]], places: Sequence[Cells]) -> Sequence[Any]:
    """Give the first of what was found at several places; what is found at one is in order."""
    if len(places) == 1:
        return found.get(places[0], ())
    return sorted(each for cells in places for each in found.get(cells, ()))[:FIRST_ROWS]


def _by_label(
    counts: Mapping[Cells, int],
) -> list[tuple[str, int, list[tuple[Cells, int]]]]:
    """Group the sorted cells by their label: label, rows, cells; those with most rows first."""
    groups = []
    for label, cases in groupby(counts.items(), key=lambda case: case[0][0]):
        listed = list(cases)
        groups.append((label or "", sum(count for _, count in listed), listed))
    groups.sort(key=lambda group: (-group[1], group[0]))
    return groups


@reads
def validate(
    data: Any,
    *,
    scheme: Scheme | str | None = None,
    sector: str = DEFAULT,
    code: str | None = None,
    park: str | None = None,
    date: str | None = None,
    tier: str | None = None,
    as_of: str | None = None,
    value: str | None = None,
    key: str | Sequence[str] | None = None,
    spec: Specification | Path | str | None = None,
    baseline: Path | str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Report:
    """
    Say what is wrong with the labels of a dataset.

    Args:
        data: A frame of polars (eager or lazy), pandas, pyarrow, DuckDB, Spark or Dask; or the
            path of a CSV, Parquet or Excel file.
        scheme: The scheme, or its id. May be left out where `park` is given.
        sector: Column with the label; a cell may hold a list.
        code: Column with a code beside the label; checked against it (FI117).
        park: Column whose value names the issuer and so picks its principal scheme.
        date: Column with the date; picks the version in force then.
        tier: Column that names the tier; settles names that occur in two.
        as_of: Date that picks the versions where neither an id nor a column does.
        value: Column with an amount; also switches on FI112 and FI118.
        key: Column or columns that identify a row (FI111).
        spec: Specification of the dataset, or the path of its file; the other arguments win
            over what it says, and `sector` picks one of its columns of labels.
        baseline: File of accepted findings, besides that of the specification.
        encoding: Of a CSV file; found out if not given.
        sheet: Name of the sheet of an Excel file; the first if not given.

    Returns:
        The report: the same findings in the same order on every engine. Row numbers count
        from 1 and are left out on engines without an order.

    Raises:
        ColumnNotFound: With the nearest column.
        UnknownScheme: With the nearest scheme.
        UnreadableData: The file cannot be read.
        InvalidFile: The specification or the baseline is wrong; with all problems.

    Examples:
        >>> import futureindustry as fi, polars as pl
        >>> data = pl.DataFrame({"行业": ["量子信息", "量子科技", "电机"]})
        >>> report = fi.validate(data, scheme="hefei-htz/future-industries")
        >>> report.ok, [(f.rule, f.value) for f in report.findings]
        (False, [('FI103', '电机'), ('FI104', '量子科技')])

    Source:
        The rules are ours; each has a page that says why (docs/rules.md).
    """
    columns = as_specification(
        spec, sector=sector, default=DEFAULT, scheme=scheme, code=code, park=park, date=date,
        tier=tier, value=value, key=key,
    )  # fmt: skip
    accepted = [*columns.accepted]
    for path in (columns.baseline, baseline):
        accepted += () if path is None else read_baseline(path)
    frame, findings = frame_of(data, encoding, sheet)
    need(columns_of(frame), *columns.columns)
    used: dict[str, None] = {}
    told: dict[tuple[object, ...], Finding] = {}  # where there are several columns
    outcomes: dict[str, int] = {}
    rows = labels = 0
    rest: list[Rest] = []
    for column in columns.sectors:
        roles = Roles.of(columns, column)
        judge = Judge(
            columns.scheme if column.scheme is None else column.scheme, roles, as_of=as_of
        )
        with Undisturbed():
            judged = _judge_column(frame, roles, judge)
        if not judged.rows:
            name = data if isinstance(data, (str, Path)) else "the data"
            raise UnreadableData(f"{name} has a header but no rows; there is nothing to check")
        rows = judged.rows
        labels += judged.distinct
        rest += judged.rest
        used |= judge.used
        for outcome, count in judged.outcomes.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + count
        found = [*judged.findings]
        for amounts in columns.values:
            if not amounts.rate:
                found += _parents_and_parts(frame, columns, roles, amounts, judged.meant)
        if len(columns.sectors) == 1:
            findings += found
            continue
        for finding in found:
            # What is wrong with a park or a date is wrong once, however many columns need it.
            same = (finding.rule, finding.column, finding.value, str(finding.facts))
            told.setdefault(same, finding)
    findings += told.values()
    for amounts in columns.values:
        findings += _amounts(frame, amounts)
    if columns.key:
        findings += _duplicates(frame, columns.key)
    kept, rest_ = keep(findings, KEPT, rest)
    together = [
        *(["FI111"] if columns.key else []),
        *(["FI112", "FI118"] if columns.values else []),
    ]
    report = Report(
        kept, rows, ", ".join(sorted(used)), dict(sorted(outcomes.items())), labels,
        rest=rest_, together=tuple(together),
    )  # fmt: skip
    return report.accept(accepted) if accepted else report


def _refuse_numbers(counts: Mapping[Cells, int], sector: str) -> None:
    labels = {cells[0] for cells in counts if cells[0] and cells[0].strip()}
    if labels and all(is_number_like(label) for label in labels) and len(labels) > 3:
        raise UnreadableData(
            f'the column "{sector}" holds numbers ({", ".join(sorted(labels)[:3])}, …), no names of '
            "industries; pass the column with the names as sector"
        )


def _parents_and_parts(
    frame: Any,
    spec: Specification,
    roles: Roles,
    value: ValueColumn,
    meant: Mapping[Cells, Item],
) -> Iterator[Finding]:
    """Find items that carry a value beside one of their ancestors, for the same park and date."""
    import narwhals as nw

    beside = [name for name in (spec.park, spec.date, value.by) if name]
    names = tuple(dict.fromkeys((*roles.context, *beside)))
    counted: dict[Cells, dict[str, Item]] = {}
    for cells in distinct(frame.filter(~nw.col(value.column).is_null()), names):
        item = meant.get(cells[: len(roles.context)])
        if item is not None:
            group = tuple(cells[names.index(name)] for name in beside)
            counted.setdefault(group, {})[item.code] = item
    for group, items in counted.items():
        said = "、".join(cell for cell in group if cell)
        where = {"en": f" in {said}" if said else "", "zh": f"({said})" if said else ""}
        for item in items.values():
            for above in item.ancestors:
                if above.code in items:
                    facts = {"part": _shown(item), "whole": _shown(above), "where": where}
                    yield Finding("FI112", value.column, _official(item), facts=facts)


def _amounts(frame: Any, value: ValueColumn) -> Iterator[Finding]:
    """Find what is no amount, and amounts that cannot be added up for their units."""
    column = value.column
    if frame.collect_schema()[column].is_numeric():
        return
    names = [name for name in (column, value.by) if name]
    # Plain numbers, which most are, stay in the engine.
    plain = texts(frame, [column])[0].str.contains(PLAIN_NUMBER)
    counts = distinct(frame.filter(~plain), names)
    bad: dict[str, tuple[Mapping[str, str], int]] = {}
    units: dict[str | None, dict[str | None, dict[Cells, int]]] = {}
    for cells, count in counts.items():
        text = cells[0]
        if not text or not text.strip():
            continue
        try:
            amount = parse_amount(text, value.unit)
        except ValueNotUnderstood as error:
            bad[text] = (error.reason, count + (bad[text][1] if text in bad else 0))
            continue
        if value.unit is None:
            about = cells[1] if value.by else None
            of = units.setdefault(about, {}).setdefault(amount.measure_text, {})
            of[cells] = count
    where = first_rows(frame, [column], {(text,): count for text, (_, count) in bad.items()})
    for text, (reason, count) in bad.items():
        facts: dict[str, Any] = {"text": text, "reason": reason}
        yield Finding("FI113", column, text, count, where.get((text,), ()), facts=facts)
    if not any(units.values()):
        return
    numbers = distinct(frame.filter(plain), [value.by] if value.by else [column])
    for cells, count in numbers.items():
        about = cells[0] if value.by else None
        of = units.setdefault(about, {}).setdefault(None, {})
        of[cells] = of.get(cells, 0) + count
    for about, measures in units.items():
        if len(measures) < 2:
            continue
        said = {"en": f" ({about})" if about else "", "zh": f"({about})" if about else ""}
        for unit, cells_of in measures.items():
            named = {
                "en": f"in {unit}" if unit else "without a unit",
                "zh": f"以“{unit}”计" if unit else "未写单位",
            }
            sample = dict(list(cells_of.items())[:FIRST_ROWS])
            places = first_rows(frame, names, sample) if unit else {}
            rows = tuple(sorted(n for found in places.values() for n in found)[:FIRST_ROWS])
            facts = {"unit": named, "where": said}
            yield Finding("FI118", column, unit, sum(cells_of.values()), rows, facts=facts)


def _duplicates(frame: Any, keys: tuple[str, ...]) -> Iterator[Finding]:
    twice = distinct(frame, keys, least=2)
    where = first_rows(frame, keys, twice)
    for cells, count in twice.items():
        said = " / ".join(cell or "∅" for cell in cells)
        facts = {"key": said}
        yield Finding("FI111", " / ".join(keys), said, count, where.get(cells, ()), facts=facts)


# Recoding


@attrs.frozen
class _Coded:
    """One line of the table that is joined to the data."""

    code: str | None
    label: str | None
    relation: str | None
    outcome: str | None
    reason: str | None = None
    weight: float = 1.0
    basis: str | None = None


@reads
def recode(
    data: Any,
    *,
    scheme: Scheme | str | None = None,
    sector: str = DEFAULT,
    to: Scheme | str | None = None,
    policy: Policy = "keep",
    reason: Literal["zh", "en"] | None = None,
    code: str | None = None,
    park: str | None = None,
    date: str | None = None,
    tier: str | None = None,
    as_of: str | None = None,
    spec: Specification | Path | str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Any:
    """
    Add the items that the labels mean.

    Args:
        data: As for `validate`. It is not changed.
        scheme: The scheme of the labels, or its id; may be left out where `park` is given.
        sector: Column with the label.
        to: Another scheme; the codes are then those of its items, by the correspondence of the
            two schemes. From one version of a series to another, items are followed through
            merger, breakdown, split-off and take-over (`successions`).
        policy: What to do where a cell means several items (a list, or a 1:n correspondence):
            `keep` one row with the codes joined by "; "; `explode` into one row for each;
            `weight` the same with a column `sector_weight` of shares that sum to 1 for each
            row of the data and a column `sector_basis`: `weight` where the correspondence
            divides the item, `relation` where one item takes all of it, `default` where equal
            shares are assumed (also among the parts of a list); `reject` with an error.
        reason: Language in which a column `sector_reason` says why a cell has its codes, or
            has none; None adds no such column.
        code: Column with a code beside the label; settles a label that may mean several items.
        park: Column whose value picks the issuer.
        date: Column that picks the version.
        tier: Column that names the tier.
        as_of: Date that picks the versions where neither an id nor a column does.
        spec: Specification of the dataset, or the path of its file. With several columns of
            labels, each adds columns that start with its prefix instead of `sector`.
        encoding: Of a CSV file; found out if not given.
        sheet: Name of the sheet of an Excel file; the first if not given.

    Returns:
        The data, in the same kind of frame and in the same order, with the columns
        `sector_code`, `sector_label` (Chinese where there is one), `sector_relation` (of the
        label to the item) and `sector_outcome`; missing where the cell is empty. With `to`,
        the outcome is `outside` where the item has no counterpart.

    Raises:
        ColumnNotFound: With the nearest column.
        ColumnExists: A column to be added is already there.
        NotAllocated: Policy `reject`, and a cell means several items.
        UnknownFormat: No such policy.
        UnknownScheme: With the nearest scheme.
        UnreadableData: The file cannot be read.
        InvalidFile: The specification is wrong; with all problems.

    Examples:
        >>> import futureindustry as fi, polars as pl
        >>> data = pl.DataFrame({"行业": ["量子计算", "电机"]})
        >>> coded = fi.recode(data, scheme="hefei-htz/future-industries")
        >>> coded.select("sector_code", "sector_relation", "sector_outcome").rows()
        [('quantum-information', 'part_of', 'resolved'), (None, None, 'outside')]

    Source:
        The columns are those of an SSSOM record with a literal subject; the policies are ours.
    """
    if policy not in POLICIES:
        hint = nearest(policy, POLICIES)
        more = f'; did you mean "{hint[0]}"?' if hint else f"; there are {', '.join(POLICIES)}"
        raise UnknownFormat(f'no policy "{policy}"{more}')
    columns = as_specification(
        spec, sector=sector, default=DEFAULT, scheme=scheme, code=code, park=park, date=date,
        tier=tier,
    )  # fmt: skip
    frame, _ = frame_of(data, encoding, sheet)
    there = columns_of(frame)
    plans: list[tuple[Roles, Judge, Scheme | None, tuple[str, ...]]] = []
    for column in columns.sectors:
        roles = Roles.of(columns, column)
        need(there, *roles.context)
        judge = Judge(
            columns.scheme if column.scheme is None else column.scheme, roles, as_of=as_of
        )
        target = column.to if to is None else to
        kinds = [*ADDED]
        kinds += ["reason"] if reason is not None else []
        kinds += ["weight", "basis"] if policy == "weight" else []
        added = tuple(f"{columns.prefix(column)}_{kind}" for kind in kinds)
        for name in added:
            if name in there:
                raise ColumnExists(
                    f'the data already has a column "{name}"; rename or drop it first'
                )
        there += added
        plans.append(
            (roles, judge, None if target is None else as_scheme(target, as_of=as_of), added)
        )
    # The frame that was read stays alive until its rows are: it may own a file.
    found = frame
    for roles, judge, target_, added in plans:
        found = _recoded(found, roles, judge, target_, added, policy, reason)
    coded = found.to_native()
    # A CSV gives a data frame, whether or not it was scanned.
    csv = isinstance(data, (str, Path)) and Path(data).suffix.lower() in CSV_ENDINGS
    return coded.collect() if csv and hasattr(coded, "collect") else coded


def _recoded(
    frame: Any,
    roles: Roles,
    judge: Judge,
    to: Scheme | None,
    added: Sequence[str],
    policy: Policy,
    reason: Literal["zh", "en"] | None,
) -> Any:
    """Add the columns for one column of labels."""
    import narwhals as nw

    names = roles.context
    table: dict[str, list[Any]] = {name: [] for name in (*(f"__{n}" for n in names), *added)}
    way = _Way(to, reason)
    several: list[str] = []
    for cells in distinct(frame, names):
        # Suggestions are seen in the reason only, and cost more than the rest.
        suggest = reason is not None
        answer = judge.answer(dict(zip(names, cells, strict=True)), suggest=suggest)
        lines = way.of(answer)
        if len(lines) > 1 and policy == "reject":
            several.append(cells[0] or "")
        if policy == "keep":
            lines = [_joined(lines)]
        for line in lines:
            for name, cell in zip(names, cells, strict=True):
                table[f"__{name}"].append(BLANK if cell is None else cell)
            for name in added:
                table[name].append(getattr(line, name.rpartition("_")[2]))
    if several:
        shown = "、".join(several[:5]) + ("…" if len(several) > 5 else "")
        raise NotAllocated(
            f"{len(several)} label{'s lead' if len(several) > 1 else ' leads'} to several items ({shown}); "
            "choose policy keep, explode or weight"
        )
    return nw.from_native(join_back(frame, names, table, added))


class _Way:
    """The way from the item that a label means to the codes asked for, and the reason."""

    def __init__(self, to: Scheme | None, lang: Literal["zh", "en"] | None) -> None:
        self.to, self.lang = to, lang
        self._networks: dict[str, Network] = {}
        self._followed: dict[str, Mapping[str, Succession]] = {}
        self._weights: dict[str, Mapping[str, Mapping[str, tuple[float, str]]]] = {}

    def of(self, answer: _Answer) -> list[_Coded]:
        """Give the lines of the table for one combination of cells."""
        r, source, to = answer.resolution, answer.scheme, self.to
        if r is None or source is None:
            why = answer.finding.say(self.lang) if answer.finding and self.lang else None
            return [_Coded(None, None, None, None, why)]
        found: dict[_Coded, float] = {}
        parts = r.parts or (r,)
        for part in parts:
            lines = self._of_part(part, source, to)
            shared = [line for line in lines if line.basis in ("weight", "rest")]
            if len(lines) == len(parts) == 1 and not shared:
                # By far most labels: nothing to divide.
                (only,) = lines
                return [
                    _Coded(
                        only.code,
                        only.label,
                        only.relation,
                        only.outcome,
                        only.reason,
                        1.0,
                        "relation",
                    )
                ]
            # What no weight or relation settles is split equally, and says so.
            left = max(0.0, 1 - sum(line.weight for line in shared))
            others = len(lines) - len(shared)
            for line in lines:
                weight, basis = line.weight, line.basis
                if line not in shared:
                    weight = left / others
                    basis = "relation" if others == 1 and not shared else "default"
                key = attrs.evolve(line, weight=1.0, basis="weight" if basis == "rest" else basis)
                found[key] = found.get(key, 0.0) + weight / len(parts)
        return [attrs.evolve(line, weight=weight) for line, weight in found.items()]

    def _of_part(self, part: Resolution, source: Scheme, to: Scheme | None) -> list[_Coded]:
        """Give the lines of one part; a line with a weight of its own says on what it rests."""
        if part.item is None or to is None or to.id == source.id:
            item, word = part.item, part.relation if part.item else None
            code, label = (item.code, _official(item)) if item else (None, None)
            said = part.explain(self.lang) if self.lang else None
            return [_Coded(code, label, word, part.outcome, said)]
        if to.series == source.series:
            return list(dict.fromkeys(self._follow(part, source, to)))
        return list(dict.fromkeys(self._translate(part, source, to)))

    def _follow(self, part: Resolution, source: Scheme, to: Scheme) -> list[_Coded]:
        """Go from one version of a series to another."""
        if source.id not in self._followed:
            self._followed[source.id] = successions(source, to)
        goes_on = self._followed[source.id][part.code or ""]
        reason = goes_on.say(self.lang) if self.lang else None
        steps = zip(goes_on.successors, goes_on.relations, strict=True)
        return self._lines(part, to, {y: Relation.from_word(word) for y, word in steps}, reason)

    def _translate(self, part: Resolution, source: Scheme, to: Scheme) -> list[_Coded]:
        """Follow what is known between two schemes."""
        if source.id not in self._networks:
            self._networks[source.id] = Network(source, to)
        network, code = self._networks[source.id], part.code or ""
        masks = {
            y: mask for y in network.candidates(code) if not (mask := network.mask(code, y)) & 16
        }
        best = best_items(to, masks)[1]
        divided = self._shares(source, to).get(code, {})
        if divided:
            best = tuple(divided)
            masks = {y: network.mask(code, y) for y in best}
        reason = None
        if self.lang:
            said = [p.sentence(self.lang) for y in best for p in network.premises(code, y)]
            none = {
                "en": f"nothing is known of any item of {to.id} that has to do with it",
                "zh": f"{to.id} 中没有已知与之相关的类目",
            }
            reason = "; ".join(dict.fromkeys(said)) or none[self.lang]
        lines = self._lines(part, to, {y: Relation(masks[y]) for y in best if masks[y]}, reason)
        if not divided:
            return lines
        weighted = []
        for line in lines:
            share, basis = divided.get(line.code or "", (0.0, "default"))
            known = basis == "weight"
            weighted.append(attrs.evolve(line, weight=share, basis="weight") if known else line)
        rest = 1 - sum(share for share, _ in divided.values())
        if rest > ROUNDING and all(line.basis for line in weighted):
            # The weights say that this much goes nowhere.
            weighted.append(_Coded(None, None, None, "outside", reason, rest, "rest"))
        return weighted

    def _shares(self, source: Scheme, to: Scheme) -> Mapping[str, Mapping[str, tuple[float, str]]]:
        """Give the shares of the items that files divide by weights; 0 where one is not known."""
        if source.id not in self._weights:
            maps: dict[str, list[Map]] = {}
            for m in asserted_maps(source, to):
                maps.setdefault(m.source, []).append(m)
            self._weights[source.id] = {
                code: {**dict.fromkeys((m.target for m in open_), (0.0, "default")), **known}
                for code, rows in maps.items()
                if any(m.weight is not None for m in rows)
                for known, open_, _ in (shares(rows),)
            }
        return self._weights[source.id]

    @staticmethod
    def _lines(
        part: Resolution, to: Scheme, relations: Mapping[str, Relation], reason: str | None
    ) -> list[_Coded]:
        own = Relation.from_word(part.relation or "equals")
        lines = []
        for target, relation in relations.items():
            item, word = to[target], own.then(relation).word
            if word != "unknown":
                outcome = "open" if item.in_open_tier else "resolved"
                lines.append(_Coded(item.code, _official(item), word, outcome, reason))
        return lines or [_Coded(None, None, None, "outside", reason)]


def _official(item: Item) -> str:
    return item.label.get("zh") or item.label.show("en")


def _joined(lines: Sequence[_Coded]) -> _Coded:
    if len(lines) == 1:
        return lines[0]

    def join(values: Sequence[str | None]) -> str | None:
        return "; ".join(v or "–" for v in values) if any(values) else None

    order = ("resolved", "open", "outside", "ambiguous", "unknown")
    outcome = max((line.outcome or "unknown" for line in lines), key=order.index)
    return _Coded(
        join([line.code for line in lines]),
        join([line.label for line in lines]),
        join([line.relation for line in lines]),
        outcome,
        "; ".join(dict.fromkeys(line.reason for line in lines if line.reason)) or None,
    )

"""
What is wrong with the labels of a table, and which items they mean: validate and recode.

Decided here is the scheme of a row and what one distinct combination of cells (label, code,
park, date, tier) means in it. What a label means is decided in `names`, what is wrong with it
in the table of rules (`rules`); how a table is read and joined, in `tables`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import attrs

from .changes import Succession, successions
from .datafiles import CSV_ENDINGS, reads
from .errors import (
    ColumnExists,
    FutureIndustryError,
    NotAllocated,
    UnknownFormat,
    UnknownScheme,
    UnreadableData,
    nearest,
)
from .mapping import Network, best_items
from .model import Item, Scheme, last_day
from .names import Resolution, among, related, resolver, shown, tier_named, tier_shown
from .relation import Relation
from .report import KEPT, Finding, Report, Rest, keep
from .store import as_scheme, catalog
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
)
from .text import SUSPICIOUS, clean, describe_character, is_number_like, odd_characters, oddities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from .tables import Cells

    Policy = Literal["keep", "explode", "weight", "reject"]

__all__ = ["POLICIES", "recode", "validate"]

POLICIES = ("keep", "explode", "weight", "reject")
ADDED = ("sector_code", "sector_label", "sector_relation", "sector_outcome")
LANGUAGES: tuple[Literal["zh", "en"], ...] = ("zh", "en")


@attrs.frozen
class Roles:
    """Which column says what; None where the data has no such column."""

    sector: str
    code: str | None = None
    park: str | None = None
    date: str | None = None
    tier: str | None = None
    value: str | None = None
    key: tuple[str, ...] = ()

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
        tier = cells[roles.tier] if roles.tier else None
        found = resolver(chosen).resolve(label, tier=tier or None, suggest=suggest)
        code = (cells[roles.code] or "").strip() if roles.code else ""
        return _Answer(among(found, lambda item: item.code == code) if code else found, chosen)


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
        facts["nearest"] = {
            "en": f"; nearest: {', '.join(names)}" if names else "",
            "zh": f",相近名称:{'、'.join(names)}" if names else "",
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
    if SUSPICIOUS & set(oddities(label)):
        characters = ", ".join(dict.fromkeys(map(describe_character, odd_characters(label))))
        facts = {"label": clean(label), "characters": characters}
        yield Finding("FI115", roles.sector, label, suggestion=clean(label), facts=facts)
    if roles.tier and (tier := cells[roles.tier]) and r.item is not None:
        wanted = tier_named(scheme, tier)
        if wanted is None or wanted not in (r.item, *r.item.ancestors):
            placing: dict[str, Any] = {"label": label, "item": _shown(r.item), "tier": tier}
            yield Finding("FI108", roles.tier, label, facts=placing)
    if roles.code and (code := cells[roles.code]) and code.strip():
        coded = scheme.get(code.strip())
        if r.item is not None and (coded is None or coded.code != r.item.code):
            none = {"en": f"no code of {scheme.id}", "zh": f"非{scheme.id}的代码"}
            coding: dict[str, Any] = {"code": code, "label": label, "item": _shown(r.item)}
            coding["coded"] = _shown(coded) if coded else none
            yield Finding("FI117", roles.code, code, suggestion=r.item.code, facts=coding)


_PLAIN_NUMBER = r"^[-+]?\d+(?:\.\d+)?$"
_NUMBER = r"[-+]?\d[\d,\uff0c]*(?:\.\d+)?(?:[eE][-+]?\d+)?"
_AMOUNT = re.compile(
    r"(?:约|近|逾|超过?|达到?|大约|不足|最高|最低|至少|至多|[≥≤><~])?\s*"
    rf"{_NUMBER}\s*%?(?:\s*[-\u2014\u2013~\uff5e至到]{{1,2}}\s*{_NUMBER})?\s*(?:余|多|以上|左右|以内)?\s*"
    r"[十百千万亿]*\s*(?:余|多)?\s*"
    r"(?:元|美元|人民币|家|个|项|人|户|亩|平方米|公里|吨|台|件|[%\uff05‰])?\s*(?:[/每]\s*[年月日])?\s*"
    r"(?:以上|左右|以内|余)?"
)


def _is_amount(text: str) -> bool:
    return _AMOUNT.fullmatch(text.strip()) is not None


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
    meant: Mapping[Cells, tuple[Cells, Item]]


def _judge_column(frame: Any, roles: Roles, judge: Judge) -> _Judged:
    """Judge each distinct combination of a label and what decides about it."""
    names = roles.context
    counts = distinct(frame, names)
    rows = sum(counts.values())
    if not rows:
        raise UnreadableData("the data has a header but no rows")
    outcomes: dict[str, int] = {}
    meant: dict[Cells, tuple[Cells, Item]] = {}
    kept: dict[tuple[str, str | None], _Kept] = {}
    # What is said of a park, a date or an empty cell comes from many labels; the rest from one.
    shared: dict[tuple[object, ...], _Gathered] = {}
    unknown = kept["FI101", roles.sector] = _Kept(KEPT)
    for label, total, cases in _by_label(counts):
        own: dict[tuple[object, ...], _Gathered] = {}
        suggest = not unknown.leaves_out(label, total)
        for cells, count in cases:
            by_name = dict(zip(names, cells, strict=True))
            answer = judge.answer(by_name, suggest=suggest)
            outcome = answer.resolution.outcome if answer.resolution else "missing"
            outcomes[outcome] = outcomes.get(outcome, 0) + count
            if answer.resolution and answer.resolution.item:
                group = tuple(by_name[n] for n in (roles.park, roles.date) if n)
                meant[cells] = (group, answer.resolution.item)
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
            key = (one.finding.rule, one.finding.column)
            kept.setdefault(key, _Kept(KEPT)).add(one)
    for one in shared.values():
        kept.setdefault((one.finding.rule, one.finding.column), _Kept(KEPT)).add(one)
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
        numbers = sorted(n for cells in one.places for n in where.get(cells, ()))
        said = sorted(key for cells in one.places for key in keyed.get(cells, ()))
        bare = one.finding
        findings.append(
            Finding(
                bare.rule,
                bare.column,
                bare.value,
                one.count,
                tuple(numbers[:FIRST_ROWS]),
                bare.suggestion,
                bare.facts,
                keys=tuple(text for _, text in said[:FIRST_ROWS]),
            )
        )
    rest = [Rest(*key, found.findings, found.rows) for key, found in kept.items() if found.findings]
    return _Judged(findings, rest, outcomes, rows, len(counts), meant)


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
    sector: str = "行业",
    code: str | None = None,
    park: str | None = None,
    date: str | None = None,
    tier: str | None = None,
    as_of: str | None = None,
    value: str | None = None,
    key: str | Sequence[str] | None = None,
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
        value: Column with an amount; also switches on FI112.
        key: Column or columns that identify a row (FI111).
        encoding: Of a CSV file; found out if not given.
        sheet: Name of the sheet of an Excel file; the first if not given.

    Returns:
        The report: the same findings in the same order on every engine. Row numbers count
        from 1 and are left out on engines without an order.

    Raises:
        ColumnNotFound: With the nearest column.
        UnknownScheme: With the nearest scheme.
        UnreadableData: The file cannot be read.

    Examples:
        >>> import futureindustry as fi, polars as pl
        >>> data = pl.DataFrame({"行业": ["量子信息", "量子科技", "电机"]})
        >>> report = fi.validate(data, scheme="hefei-htz/future-industries")
        >>> report.ok, [(f.rule, f.value) for f in report.findings]
        (False, [('FI103', '电机'), ('FI104', '量子科技')])
    """
    frame, findings = frame_of(data, encoding, sheet)
    keys = (key,) if isinstance(key, str) else tuple(key or ())
    roles = Roles(sector, code, park, date, tier, value, keys)
    need(columns_of(frame), *roles.context, value, *keys)
    judge = Judge(scheme, roles, as_of=as_of)
    judged = _judge_column(frame, roles, judge)
    findings += judged.findings
    if value:
        findings += _parents_and_parts(frame, roles.context, value, judged.meant)
        findings += _amounts(frame, value)
    if keys:
        findings += _duplicates(frame, keys)
    found, rest = keep(findings, KEPT, judged.rest)
    return Report(
        found,
        judged.rows,
        ", ".join(sorted(judge.used)),
        dict(sorted(judged.outcomes.items())),
        judged.distinct,
        rest=rest,
        together=(*(("FI111",) if keys else ()), *(("FI112",) if value else ())),
    )


def _refuse_numbers(counts: Mapping[Cells, int], sector: str) -> None:
    labels = {cells[0] for cells in counts if cells[0] and cells[0].strip()}
    if labels and all(is_number_like(label) for label in labels) and len(labels) > 3:
        raise UnreadableData(
            f'the column "{sector}" holds numbers ({", ".join(sorted(labels)[:3])}, …), no names of '
            "industries; pass the column with the names as sector"
        )


def _parents_and_parts(
    frame: Any,
    names: Sequence[str],
    value: str,
    meant: Mapping[Cells, tuple[Cells, Item]],
) -> Iterator[Finding]:
    """Find items that carry a value beside one of their ancestors, for the same park and date."""
    import narwhals as nw

    counted: dict[Cells, dict[str, Item]] = {}
    for cells in distinct(frame.filter(~nw.col(value).is_null()), names):
        if cells in meant:
            group, item = meant[cells]
            counted.setdefault(group, {})[item.code] = item
    for group, items in counted.items():
        said = "、".join(cell for cell in group if cell)
        where = {"en": f" in {said}" if said else "", "zh": f"({said})" if said else ""}
        for item in items.values():
            for above in item.ancestors:
                if above.code in items:
                    facts = {"part": _shown(item), "whole": _shown(above), "where": where}
                    yield Finding("FI112", value, _official(item), facts=facts)


def _amounts(frame: Any, value: str) -> Iterator[Finding]:
    import narwhals as nw

    if frame.collect_schema()[value].is_numeric():
        return
    # Plain numbers, which most are, stay in the engine.
    counts = distinct(frame.filter(~nw.col(value).str.contains(_PLAIN_NUMBER)), [value])
    bad = {c: n for c, n in counts.items() if c[0] and c[0].strip() and not _is_amount(c[0])}
    where = first_rows(frame, [value], bad)
    for cells, count in bad.items():
        text = cells[0] or ""
        yield Finding("FI113", value, text, count, where.get(cells, ()), facts={"text": text})


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


@reads
def recode(
    data: Any,
    *,
    scheme: Scheme | str | None = None,
    sector: str = "行业",
    to: Scheme | str | None = None,
    policy: Policy = "keep",
    reason: Literal["zh", "en"] | None = None,
    park: str | None = None,
    date: str | None = None,
    tier: str | None = None,
    as_of: str | None = None,
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
            `weight` the same with a column `sector_weight` of equal shares that sum to 1 for
            each row of the data (asked for by name: the shares are an assumption); `reject`
            with an error.
        reason: Language in which a column `sector_reason` says why a cell has its codes, or
            has none; None adds no such column.
        park: Column whose value picks the issuer.
        date: Column that picks the version.
        tier: Column that names the tier.
        as_of: Date that picks the versions where neither an id nor a column does.
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
    """
    if policy not in POLICIES:
        hint = nearest(policy, POLICIES)
        more = f'; did you mean "{hint[0]}"?' if hint else f"; there are {', '.join(POLICIES)}"
        raise UnknownFormat(f'no policy "{policy}"{more}')
    frame, _ = frame_of(data, encoding, sheet)
    roles = Roles(sector, park=park, date=date, tier=tier)
    columns = columns_of(frame)
    need(columns, *roles.context)
    added = (
        *ADDED,
        *(("sector_reason",) if reason else ()),
        *(("sector_weight",) if policy == "weight" else ()),
    )
    if there := [name for name in added if name in columns]:
        raise ColumnExists(f'the data already has a column "{there[0]}"; rename or drop it first')
    judge = Judge(scheme, roles, as_of=as_of)
    names = roles.context
    counts = distinct(frame, names)
    table: dict[str, list[Any]] = {name: [] for name in (*(f"__{n}" for n in names), *added)}
    way = _Way(None if to is None else as_scheme(to, as_of=as_of), reason)
    several: list[str] = []
    for cells in counts:
        answer = judge.answer(dict(zip(names, cells, strict=True)))
        lines = way.of(answer)
        if len(lines) > 1 and policy == "reject":
            several.append(cells[0] or "")
        if policy == "keep":
            lines = [_joined(lines)]
        elif len(lines) > 1:
            lines = [attrs.evolve(line, weight=1 / len(lines)) for line in lines]
        for line in lines:
            for name, cell in zip(names, cells, strict=True):
                table[f"__{name}"].append(BLANK if cell is None else cell)
            for name in added:
                table[name].append(getattr(line, name.removeprefix("sector_")))
    if several:
        shown = "、".join(several[:5]) + ("…" if len(several) > 5 else "")
        raise NotAllocated(
            f"{len(several)} labels lead to several items ({shown}); choose policy keep, explode or weight"
        )
    coded = join_back(frame, names, table, added)
    # A CSV gives a data frame, whether or not it was scanned.
    csv = isinstance(data, (str, Path)) and Path(data).suffix.lower() in CSV_ENDINGS
    return coded.collect() if csv and hasattr(coded, "collect") else coded


class _Way:
    """The way from the item that a label means to the codes asked for, and the reason."""

    def __init__(self, to: Scheme | None, lang: Literal["zh", "en"] | None) -> None:
        self.to, self.lang = to, lang
        self._networks: dict[str, Network] = {}
        self._followed: dict[str, Mapping[str, Succession]] = {}

    def of(self, answer: _Answer) -> list[_Coded]:
        """Give the lines of the table for one combination of cells."""
        r, source, to = answer.resolution, answer.scheme, self.to
        if r is None or source is None:
            why = answer.finding.say(self.lang) if answer.finding and self.lang else None
            return [_Coded(None, None, None, None, why)]
        found: list[_Coded] = []
        for part in r.parts or (r,):
            if part.item is None or to is None or to.id == source.id:
                item, word = part.item, part.relation if part.item else None
                code, label = (item.code, _official(item)) if item else (None, None)
                said = part.explain(self.lang) if self.lang else None
                found.append(_Coded(code, label, word, part.outcome, said))
            elif to.series == source.series:
                found += self._follow(part, source, to)
            else:
                found += self._translate(part, source, to)
        return list(dict.fromkeys(found))

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
        reason = None
        if self.lang:
            said = [p.sentence(self.lang) for y in best for p in network.premises(code, y)]
            none = {
                "en": f"nothing is known of any item of {to.id} that has to do with it",
                "zh": f"{to.id} 中没有已知与之相关的类目",
            }
            reason = "; ".join(dict.fromkeys(said)) or none[self.lang]
        return self._lines(part, to, {y: Relation(masks[y]) for y in best}, reason)

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

"""
Rules, findings and reports: what is wrong, where, how often, and what to do.

A finding is a record made from facts; its sentence comes from the table of rules, in both
languages, and so do the help and the pages of the rules. Reports are written as text, JSON,
CSV, Markdown, HTML, Excel, SARIF 2.1.0 (OASIS, 2020) and JUnit XML.

A report is bounded: of each rule and column it keeps `KEPT` findings, those with most rows, and
a writer writes fewer still; what is left out is counted, and said. The counts are exact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from .errors import MissingExtra, Place, UnknownFormat, nearest
from .rules import RULES, SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, Literal

    from .rules import Severity

    Language = Literal["zh", "en"]

__all__ = [
    "Acceptance",
    "Finding",
    "Report",
    "Rest",
    "escape_cell",
    "escape_markdown",
    "format_report",
    "keep",
    "write_report_workbook",
]

KEPT = 20_000
"""Findings of one rule and column that a report keeps; bounds the memory, and lets parts merge."""
LIMITS = {"text": 50, "html": 500}
LIMIT = 1000
"""Findings of one rule and column that a writer writes, unless the report says otherwise."""
FIRST_ROWS = 5


@attrs.frozen
class Finding:
    """
    One problem in a dataset or a taxonomy file.

    Attributes:
        rule: Code of the rule.
        severity: `error`, `warning` or `info`.
        column: Column of the data, or the scheme of a taxonomy file.
        value: The cell's text; None where it is empty or not about a cell.
        count: Rows that have it.
        rows: The first few row numbers, counted from 1; empty on engines without an order.
        suggestion: What to write instead, where one thing suggests itself.
        facts: What the sentence is made of.
        place: File, line and column, for taxonomy files.
        keys: The first few keys of the rows, where the data has a key; the same on all engines.
    """

    rule: str
    column: str | None = None
    value: str | None = None
    count: int = 1
    rows: tuple[int, ...] = ()
    suggestion: str | None = None
    facts: Mapping[str, str | Mapping[str, str]] = attrs.field(factory=dict)
    place: Place | None = None
    keys: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """Severity of the rule."""
        return RULES[self.rule].severity

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.say("en")

    def say(self, lang: Literal["zh", "en"]) -> str:
        """Give the sentence in a language."""
        facts = {
            key: value if isinstance(value, str) else value[lang]
            for key, value in self.facts.items()
        }
        facts["count"] = f"{self.count:,}"
        return RULES[self.rule].message[lang].format(**facts)

    def to_dict(self, lang: Literal["zh", "en"] = "en") -> dict[str, Any]:
        """Give the fields of the contract's JSON."""
        data: dict[str, Any] = {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.say(lang),
            "column": self.column,
            "value": self.value,
            "count": self.count,
            "rows": list(self.rows),
            "suggestion": self.suggestion,
        }
        if self.keys:
            data["keys"] = list(self.keys)
        if self.place is not None:
            data |= {
                "file": self.place.file,
                "line": self.place.line,
                "position": self.place.column,
            }
        return data

    def order(self) -> tuple[Any, ...]:
        """Give what findings are sorted by."""
        place = self.place
        return (
            (place.file, place.line or 0, place.column or 0) if place else (),
            SEVERITIES.index(self.severity),
            self.rule,
            self.column or "",
            -self.count,
            self.value or "",
            _ByFacts(self.facts),
        )


class _ByFacts:
    """The place of facts in an order; looked up only where two findings are alike in all else."""

    __slots__ = ("facts",)

    def __init__(self, facts: Mapping[str, str | Mapping[str, str]]) -> None:
        self.facts = facts

    def _order(self) -> list[str]:
        return sorted(map(str, self.facts.values()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByFacts) and self._order() == other._order()

    def __lt__(self, other: _ByFacts) -> bool:
        return self._order() < other._order()

    __hash__ = None  # type: ignore[assignment]  # compared only


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=Finding.order))


@attrs.frozen
class Rest:
    """
    Findings of a rule and column that are counted and not kept.

    Attributes:
        rule: Code of the rule.
        column: The column; None as in a finding.
        findings: How many; None where that is not known, after a merge.
        rows: How many rows they have, exactly.
    """

    rule: str
    column: str | None
    findings: int | None
    rows: int

    def to_dict(self) -> dict[str, Any]:
        """Give the fields."""
        return {
            "rule": self.rule,
            "column": self.column,
            "findings": self.findings,
            "rows": self.rows,
        }


@attrs.frozen
class Acceptance:
    """
    Findings that somebody has looked at and lives with.

    Attributes:
        rule: Code of the rule.
        column: The column; None for any.
        value: The value; None for any, or for none where `rows` is given.
        series: Series of the scheme that the finding is about.
        rows: Up to how many rows; None for any number, which makes the entry a general one.
        others: Findings that are not listed one by one; `rows` has their rows.
        reason: Why.
    """

    rule: str
    column: str | None = None
    value: str | None = None
    series: str | None = None
    rows: int | None = None
    others: int | None = None
    reason: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What a finding is compared by."""
        return (self.rule, self.column, self.value, self.series, self.others is not None)

    def covers(self, rule: str, column: str | None, value: str | None) -> bool:
        """Say whether this is a general entry that holds for a finding."""
        return (
            self.rows is None
            and self.rule == rule
            and self.column in (None, column)
            and self.value in (None, value)
        )

    def sort_key(self) -> tuple[Any, ...]:
        """Give what the entries of a file are sorted by."""
        return (
            self.rule,
            self.column or "",
            self.others is not None,
            self.value or "",
            self.series or "",
        )


def _acceptance(finding: Finding) -> Acceptance:
    scheme = finding.facts.get("scheme")
    series = scheme.partition("@")[0] if isinstance(scheme, str) else None
    return Acceptance(finding.rule, finding.column, finding.value, series, rows=finding.count)


def keep(
    findings: Iterable[Finding], limit: int, rest: Iterable[Rest] = ()
) -> tuple[tuple[Finding, ...], tuple[Rest, ...]]:
    """
    Keep the first findings of each rule and column, and count the others.

    Args:
        findings: In any order.
        limit: How many of a rule and column.
        rest: What is not kept already; it is added to.

    Returns:
        The findings kept, sorted, and the counts of the others, sorted.
    """
    kept: list[Finding] = []
    seen: dict[tuple[str, str | None], int] = {}
    left: dict[tuple[str, str | None], Rest] = {}
    for more in rest:
        _add(left, more)
    for finding in _sorted(findings):
        key = (finding.rule, finding.column)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= limit:
            kept.append(finding)
        else:
            _add(left, Rest(*key, 1, finding.count))
    order = sorted(
        left.values(),
        key=lambda r: (SEVERITIES.index(RULES[r.rule].severity), r.rule, r.column or ""),
    )
    return tuple(kept), tuple(order)


def _add(left: dict[tuple[str, str | None], Rest], more: Rest) -> None:
    key = (more.rule, more.column)
    if (old := left.get(key)) is not None:
        both = old.findings is not None and more.findings is not None
        findings = (old.findings or 0) + (more.findings or 0) if both else None
        more = attrs.evolve(more, findings=findings, rows=old.rows + more.rows)
    left[key] = more


@attrs.frozen(repr=False)
class Report:
    """
    Findings about a dataset or about taxonomy files.

    Attributes:
        findings: Sorted: by place for files; else by severity, rule, column, count (falling).
            Of one rule and column, those with most rows; see `rest`.
        rows: Rows looked at (files, for a check of files).
        scheme: Ids of the schemes used, comma separated.
        outcomes: Cells with a label by outcome (`resolved`, `open`, …, `missing`): one for each
            row and column of labels.
        distinct: Distinct labels with what decides about them; None where it is not known: of
            merged parts, which may share some.
        unit: What `rows` counts.
        rest: Findings that are counted and not kept.
        accepted: Findings that a baseline or a specification accepts; not among `findings`.
        together: Rules that compare rows with each other, and so find nothing across the
            parts of a dataset.
        notes: What a reader of the report must know, by language.
        limit: Findings of one rule and column that a writer writes; None for its own.
    """

    findings: tuple[Finding, ...] = attrs.field(converter=_sorted)
    rows: int = 0
    scheme: str = ""
    outcomes: Mapping[str, int] = attrs.field(factory=dict)
    distinct: int | None = 0
    unit: Literal["rows", "files"] = "rows"
    rest: tuple[Rest, ...] = ()
    accepted: tuple[Finding, ...] = attrs.field(default=(), converter=_sorted)
    together: tuple[str, ...] = ()
    notes: tuple[Mapping[str, str], ...] = ()
    limit: int | None = None

    @property
    def ok(self) -> bool:
        """Whether there is no finding of severity error."""
        return not any(RULES[rule].severity == "error" for rule in _rules(self.findings, self.rest))

    @property
    def summary(self) -> dict[str, Any]:
        """
        Counts, all exact: rows, distinct labels, cells by outcome, rows by severity and by rule.

        `left_out` says what a writer with the limit of JSON leaves out; `accepted` has the rows
        of accepted findings by rule; `notes` are sentences.
        """
        return self._summary("en")

    def _summary(self, lang: Literal["zh", "en"]) -> dict[str, Any]:
        rules: dict[str, int] = {}
        severities = dict.fromkeys(SEVERITIES, 0)
        counted = [(f.rule, f.count) for f in self.findings]
        for rule, count in (*counted, *((r.rule, r.rows) for r in self.rest)):
            rules[rule] = rules.get(rule, 0) + count
            severities[RULES[rule].severity] += count
        accepted: dict[str, int] = {}
        for finding in self.accepted:
            accepted[finding.rule] = accepted.get(finding.rule, 0) + finding.count
        return {
            "rows": self.rows,
            "distinct": self.distinct,
            "outcomes": dict(self.outcomes),
            "severities": severities,
            "rules": dict(sorted(rules.items())),
            "left_out": [rest.to_dict() for rest in self._shown("json")[1]],
            "accepted": dict(sorted(accepted.items())),
            "notes": [note[lang] for note in self.notes],
        }

    def _shown(self, format: str) -> tuple[tuple[Finding, ...], tuple[Rest, ...]]:  # noqa: A002 - named as the option
        """Give the findings that a writer writes, and what it leaves out."""
        limit = LIMITS.get(format, LIMIT) if self.limit is None else self.limit
        return keep(self.findings, limit, self.rest)

    def __repr__(self) -> str:
        state = "ok" if self.ok else "not ok"
        return f"<Report {state}: {len(self.findings)} findings in {self.rows} {self.unit}>"

    def __str__(self) -> str:
        return self.to_text()

    def merge(self, other: Report) -> Report:
        """
        Give the report of both datasets one after the other.

        Counts add up; the row numbers of `other` go on where these end. What only the rows of
        both together show is not found (duplicate keys, a whole in one part and its part in the
        other): a note says so. How many labels are distinct is not known, unless one of the
        two has none.
        """
        together = tuple(sorted({*self.together, *other.together}))
        notes = [*self.notes, *other.notes]
        if together and self.rows and other.rows:
            notes.append(
                {
                    "en": f"{', '.join(together)}: compared within each part, not across the parts",
                    "zh": f"{'、'.join(together)}:只在各部分之内比较,未跨部分比较",
                }
            )
        found, rest = keep(_merged(self.findings, other.findings, self.rows), KEPT)
        cut = [
            # A label that one part left out may be kept in the other.
            attrs.evolve(r, findings=None) if self.rows and other.rows else r
            for r in (*self.rest, *other.rest)
        ]
        schemes = dict.fromkeys(s for r in (self, other) for s in r.scheme.split(", ") if s)
        outcomes = dict(self.outcomes)
        for outcome, count in other.outcomes.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + count
        return Report(
            found,
            self.rows + other.rows,
            ", ".join(sorted(schemes)),
            dict(sorted(outcomes.items())),
            None if self.distinct != 0 and other.distinct != 0 else self.distinct or other.distinct,
            self.unit,
            keep((), KEPT, (*rest, *cut))[1],
            _merged(self.accepted, other.accepted, self.rows),
            together,
            tuple({note["en"]: note for note in notes}.values()),
            self.limit if self.limit is not None else other.limit,
        )

    def accept(self, accepted: Iterable[Acceptance]) -> Report:
        """
        Set aside the findings that somebody lives with.

        An entry with a number of rows accepts one finding, up to that number; with more rows
        the finding stays. An entry without accepts all that it describes. Entries of the first
        kind that have no finding any more are told in a note.
        """
        entries = sorted(accepted, key=Acceptance.sort_key)
        listed = {entry.key: entry for entry in entries if entry.rows is not None}
        counts: dict[tuple[object, ...], int] = {}
        for finding in self.findings:
            key = _acceptance(finding).key
            counts[key] = counts.get(key, 0) + finding.count
        grown: dict[tuple[object, ...], tuple[Finding, int]] = {}

        def is_accepted(finding: Finding) -> bool:
            if any(e.covers(finding.rule, finding.column, finding.value) for e in entries):
                return True
            key = _acceptance(finding).key
            entry = listed.get(key)
            if entry is None or entry.rows is None:
                return False
            if counts[key] > entry.rows:
                grown[key] = (finding, entry.rows)
                return False
            return True

        taken: list[Finding] = []
        left: list[Finding] = []
        for finding in self.findings:
            (taken if is_accepted(finding) else left).append(finding)
        rest, seen = [], set(counts) | {_acceptance(finding).key for finding in self.accepted}
        for more in self.rest:
            key = Acceptance(more.rule, more.column, others=0).key
            seen.add(key)
            entry = listed.get(key)
            within = entry is not None and (
                (more.findings or more.rows) <= (entry.others or 0)
                and more.rows <= (entry.rows or 0)
            )
            if not within and not any(
                e.covers(more.rule, more.column, None) and e.value is None for e in entries
            ):
                rest.append(more)
        notes = [*self.notes]
        for key, (finding, rows) in grown.items():
            column = f" {finding.column}" if finding.column else ""
            said = f"{finding.rule}{column} {finding.value or ''}".strip()
            notes.append(
                {
                    "en": f"{said}: {counts[key]:,} rows, of which {rows:,} are accepted",
                    "zh": f"{said}:共 {counts[key]:,} 行,已接受 {rows:,} 行",
                }
            )
        gone = [entry for entry in entries if entry.rows is not None and entry.key not in seen]
        if gone:
            first = "; ".join(" ".join(filter(None, (e.rule, e.column, e.value))) for e in gone[:5])
            more_ = "; …" if len(gone) > 5 else ""
            notes.append(
                {
                    "en": f"accepted, but found no longer ({len(gone):,}); take it out of the baseline: {first}{more_}",
                    "zh": f"{len(gone):,} 条已接受的问题不再出现,请从基线中删去:{first}{more_}",
                }
            )
        return attrs.evolve(
            self,
            findings=left,
            accepted=(*self.accepted, *taken),
            rest=tuple(rest),
            notes=tuple(notes),
        )

    def acceptances(self, besides: Iterable[Acceptance] = ()) -> tuple[Acceptance, ...]:
        """
        Give the entries that accept all findings of this report, accepted ones included.

        Args:
            besides: Entries that are kept elsewhere; what they cover is left out.
        """
        general = [*besides]
        found: dict[tuple[object, ...], Acceptance] = {}
        for finding in (*self.findings, *self.accepted):
            if any(e.covers(finding.rule, finding.column, finding.value) for e in general):
                continue
            entry = _acceptance(finding)
            old = found.get(entry.key)
            rows = finding.count + (old.rows or 0 if old else 0)
            found[entry.key] = attrs.evolve(entry, rows=rows)
        for rest in self.rest:
            others = rest.findings if rest.findings is not None else rest.rows
            entry = Acceptance(rest.rule, rest.column, rows=rest.rows, others=others)
            found[entry.key] = entry
        return tuple(sorted(found.values(), key=Acceptance.sort_key))

    def to_dict(self, lang: Literal["zh", "en"] = "en") -> dict[str, Any]:
        """Give the contract's JSON as plain values."""
        return {
            "ok": self.ok,
            "rows": self.rows,
            "scheme": self.scheme,
            "summary": self._summary(lang),
            "findings": [finding.to_dict(lang) for finding in self._shown("json")[0]],
        }

    def to_json(self, lang: Literal["zh", "en"] = "en") -> str:
        """Give the report as JSON text."""
        import json

        return json.dumps(self.to_dict(lang), ensure_ascii=False, indent=2)

    def to_frame(self, lang: Literal["zh", "en"] = "en") -> Any:
        """
        Give the findings as a polars data frame, one row each.

        Raises:
            MissingExtra: polars is not installed.
        """
        try:
            import polars as pl
        except ImportError:
            raise MissingExtra("a frame of findings", "tables") from None
        rows = [{**f.to_dict(lang), "rows": list(f.rows)} for f in self.findings]
        schema: dict[str, Any] = {
            "rule": pl.String, "severity": pl.String, "message": pl.String, "column": pl.String,
            "value": pl.String, "count": pl.Int64, "rows": pl.List(pl.Int64),
            "suggestion": pl.String,
        }  # fmt: skip
        return pl.DataFrame([{k: row[k] for k in schema} for row in rows], schema=schema)

    def to_text(self, lang: Literal["zh", "en"] = "en") -> str:
        """Give the report as lines: `FI101 行业: … (412 rows, first 17)`, then the summary."""
        shown, left = self._shown("text")
        more = {(rest.rule, rest.column): rest for rest in left}
        last = {(finding.rule, finding.column): finding for finding in shown}
        lines = []
        for finding in shown:
            where = f"{finding.place}: " if finding.place else ""
            column = f" {finding.column}" if finding.column and not finding.place else ""
            lines.append(
                f"{where}{finding.rule}{column}: {finding.say(lang)}{_times(finding, lang)}"
            )
            key = (finding.rule, finding.column)
            if last[key] is finding and key in more:
                lines.append(f"{finding.rule}{column}: {_more(more.pop(key), lang)}")
        for (rule, column_), rest in more.items():
            lines.append(f"{rule} {column_ or ''}".rstrip() + f": {_more(rest, lang)}")
        lines += [note[lang] for note in self.notes]
        return "\n".join((*lines, _total(self, lang))) + "\n"

    def to_csv(self, lang: Literal["zh", "en"] = "en") -> str:
        """Give the findings as CSV; cells that would start a formula are escaped."""
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        keys = ("rule", "severity", "column", "value", "count", "rows", "message", "suggestion")
        writer.writerow((*keys, "file", "line"))
        shown, left = self._shown("csv")
        for finding in shown:
            first = " ".join(map(str, finding.rows)) or "; ".join(finding.keys)
            data = finding.to_dict(lang) | {"rows": first}
            place = (finding.place.file, finding.place.line) if finding.place else ("", "")
            writer.writerow(
                [escape_cell(data[key]) for key in keys] + [escape_cell(p) for p in place]
            )
        for rest in left:
            said = {"message": _more(rest, lang), "severity": RULES[rest.rule].severity}
            data = {"rule": rest.rule, "column": rest.column, "count": rest.rows} | said
            writer.writerow([escape_cell(data.get(key)) for key in keys] + ["", ""])
        return out.getvalue()

    def to_markdown(self, lang: Literal["zh", "en"] = "en") -> str:
        """Give the report as a Markdown table with the summary above."""
        heads = _HEADS[lang]
        lines = [_total(self, lang), ""]
        lines += [f"- {escape_markdown(note[lang])}" for note in self.notes]
        lines += [*([""] if self.notes else []), f"| {' | '.join(heads)} |"]
        lines.append("|---" * len(heads) + "|")
        shown, left = self._shown("md")
        for f in shown:
            severity = _WORDS[lang][f.severity]
            count = "" if _of_a_whole_file(f) else f"{f.count:,}"
            cells = (f.rule, severity, f.place or f.column or "", f.say(lang), count, _rows(f))
            lines.append("| " + " | ".join(map(escape_markdown, cells)) + " |")
        for r in left:
            severity = _WORDS[lang][RULES[r.rule].severity]
            cells = (r.rule, severity, r.column or "", _more(r, lang), f"{r.rows:,}", "")
            lines.append("| " + " | ".join(map(escape_markdown, cells)) + " |")
        return "\n".join(lines) + "\n"

    def to_html(self, lang: Literal["zh", "en"] = "en", *, title: str | None = None) -> str:
        """Give the report as one HTML page without outside parts; all text is escaped."""
        from html import escape

        name = title or {"en": "Validation report", "zh": "校验报告"}[lang]
        shown, left = self._shown("html")

        def line(rule: str, where: object, said: str, count: str, rows: str) -> str:
            severity = RULES[rule].severity
            return (
                f'<tr class="{severity}"><td><code>{rule}</code></td><td>{_WORDS[lang][severity]}</td>'
                f"<td>{escape(str(where or ''))}</td><td>{escape(said)}</td>"
                f'<td class="n">{count}</td><td>{escape(rows)}</td></tr>'
            )

        rows = "".join(
            line(
                f.rule, f.place or f.column, f.say(lang),
                "" if _of_a_whole_file(f) else f"{f.count:,}", _rows(f),
            )
            for f in shown
        )  # fmt: skip
        rows += "".join(line(r.rule, r.column, _more(r, lang), f"{r.rows:,}", "") for r in left)
        heads = "".join(f"<th>{head}</th>" for head in _HEADS[lang])
        used = dict.fromkeys(f.rule for f in shown)
        rules = "".join(
            f"<dt><code>{code}</code> {escape(RULES[code].title[lang])}</dt>"
            f"<dd>{escape(RULES[code].mend[lang])}</dd>"
            for code in used
        )
        notes = "".join(f"<li>{escape(note[lang])}</li>" for note in self.notes)
        notes = f"<ul class=notes>{notes}</ul>" if notes else ""
        bars = _bars(self.outcomes, lang)
        todo = {"en": "What to do", "zh": "处理办法"}[lang]
        return (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{escape(name)}</title>'
            f"<style>{PAGE_STYLE}</style></head><body><main><h1>{escape(name)}</h1>"
            f"<p>{escape(_total(self, lang))}</p><p class=scheme>{escape(self.scheme)}</p>{bars}{notes}"
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
            f"<h2>{todo}</h2><dl>{rules}</dl></main></body></html>\n"
        )

    def to_sarif(self, lang: Literal["zh", "en"] = "en") -> str:
        """
        Give the report as SARIF 2.1.0.

        Source:
            OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", 2020.
        """
        import json

        levels = {"error": "error", "warning": "warning", "info": "note"}
        shown, left = self._shown("sarif")
        used = sorted(_rules(shown, left))
        results = []
        for f in shown:
            result: dict[str, Any] = {
                "ruleId": f.rule,
                "ruleIndex": used.index(f.rule),
                "level": levels[f.severity],
                "message": {"text": f.say(lang)},
            }
            if f.place:
                region = {"startLine": f.place.line or 1, "startColumn": f.place.column or 1}
                result["locations"] = [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": f.place.file},
                            "region": region,
                        }
                    }
                ]
            else:
                result["occurrenceCount"] = f.count
                result["locations"] = [{"logicalLocations": [{"name": f.column or ""}]}]
            results.append(result)
        results += [
            {
                "ruleId": rest.rule,
                "ruleIndex": used.index(rest.rule),
                "level": levels[RULES[rest.rule].severity],
                "message": {"text": _more(rest, lang)},
                "occurrenceCount": rest.rows,
                "locations": [{"logicalLocations": [{"name": rest.column or ""}]}],
            }
            for rest in left
        ]
        rules = [
            {
                "id": code,
                "shortDescription": {"text": RULES[code].title[lang]},
                "fullDescription": {"text": RULES[code].why.get(lang, RULES[code].title[lang])},
                "help": {"text": RULES[code].mend[lang]},
                "defaultConfiguration": {"level": levels[RULES[code].severity]},
            }
            for code in used
        ]
        log = {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {"tool": {"driver": {"name": "futureindustry", "rules": rules}}, "results": results}
            ],
        }
        return json.dumps(log, ensure_ascii=False, indent=2)

    def to_junit(self, lang: Literal["zh", "en"] = "en") -> str:
        """
        Give the report as JUnit XML, as continuous integration servers read it.

        A rule is a test case: it fails where a rule of severity error has findings; those of
        other rules stand in its output. All rules of the kind of report are there, so that a
        server can show which was broken when.

        Source:
            JUnit has no standard; the elements are those that the JUnit task of Apache Ant
            writes and that servers have in common: testsuite, testcase, failure, system-out.
        """
        shown, left = self._shown("junit")
        lines: dict[str, list[str]] = {}
        for f in shown:
            column = f"{f.place or f.column or ''}: ".removeprefix(": ")
            lines.setdefault(f.rule, []).append(f"{column}{f.say(lang)}{_times(f, lang)}")
        for r in left:
            column = f"{r.column or ''}: ".removeprefix(": ")
            lines.setdefault(r.rule, []).append(f"{column}{_more(r, lang)}")
        counts = self._summary(lang)["rules"]
        # A check of files has the other rules.
        kinds = ("FI1",) if self.unit == "rows" else ("FI2", "FI3")
        rules = [code for code in RULES if code.startswith(kinds) or code in lines]
        failed = [code for code in rules if code in lines and RULES[code].severity == "error"]
        name = {"rows": "futureindustry validate", "files": "futureindustry check"}[self.unit]
        head = f'name="{name}" tests="{len(rules)}" failures="{len(failed)}" errors="0" skipped="0"'
        out = ['<?xml version="1.0" encoding="UTF-8"?>']
        out += [f"<testsuites {head}>", f"  <testsuite {head}>"]
        for code in rules:
            title = _xml(f"{code} {RULES[code].title[lang]}")
            case = f'    <testcase classname="futureindustry" name="{title}" time="0"'
            if code not in lines:
                out.append(f"{case}/>")
                continue
            text = _xml("\n".join(lines[code]))
            said = _xml(_count(counts[code], self.unit, lang))
            out.append(f"{case}>")
            if code in failed:
                out.append(f'      <failure type="{code}" message="{said}">{text}</failure>')
            else:
                out.append(f"      <system-out>{text}</system-out>")
            out.append("    </testcase>")
        text = _xml("\n".join((*(note[lang] for note in self.notes), _total(self, lang))))
        out += [f"    <system-out>{text}</system-out>", "  </testsuite>", "</testsuites>", ""]
        return "\n".join(out)


def _rules(findings: Iterable[Finding], rest: Iterable[Rest]) -> set[str]:
    return {finding.rule for finding in findings} | {more.rule for more in rest}


_NO_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(text: str) -> str:
    """Escape text for XML 1.0, which has no place for most control characters."""
    from html import escape

    return escape(_NO_XML.sub("\ufffd", text))


FORMATS = ("text", "json", "csv", "html", "md", "sarif", "junit")


def _merged(
    findings: Iterable[Finding], others: Iterable[Finding], after: int
) -> tuple[Finding, ...]:
    """Add up findings of two parts; the rows of the second come after those of the first."""
    found: dict[tuple[object, ...], Finding] = {}
    moved = (attrs.evolve(f, rows=tuple(n + after for n in f.rows)) for f in others)
    for finding in (*findings, *moved):
        key = (finding.rule, finding.column, finding.value, str(finding.facts), finding.place)
        if (first := found.get(key)) is not None:
            rows = tuple(sorted((*first.rows, *finding.rows))[:FIRST_ROWS])
            keys = tuple(sorted((*first.keys, *finding.keys), key=_key_order)[:FIRST_ROWS])
            count = first.count + finding.count
            finding = attrs.evolve(first, count=count, rows=rows, keys=keys)  # noqa: PLW2901 - the merged one stands in
        found[key] = finding
    return tuple(found.values())


def _key_order(key: str) -> list[tuple[int, int, str]]:
    """Sort keys of numbers by number, others as texts."""
    return [
        (0, int(part), "") if part.isdecimal() and part == str(int(part)) else (1, 0, part)
        for part in key.split(" / ")
    ]


def format_report(report: Report, format: str, lang: Literal["zh", "en"]) -> str:  # noqa: A002 - named as the option
    """
    Give a report in a format by name.

    Raises:
        UnknownFormat: With the nearest name.
    """
    writers: dict[str, Callable[[Report, Language], str]] = {
        "text": Report.to_text,
        "json": Report.to_json,
        "csv": Report.to_csv,
        "html": Report.to_html,
        "md": Report.to_markdown,
        "sarif": Report.to_sarif,
        "junit": Report.to_junit,
    }
    if format not in writers:
        hint = nearest(format, writers)
        more = f'; did you mean "{hint[0]}"?' if hint else f"; there are {', '.join(writers)}"
        raise UnknownFormat(f'no format "{format}"{more}')
    text = writers[format](report, lang)
    return text if text.endswith("\n") else text + "\n"


def write_report_workbook(report: Report, path: Any, lang: Literal["zh", "en"] = "en") -> None:
    """
    Write a report as an Excel workbook: the findings, and the counts.

    Args:
        report: The report.
        path: A path, or a binary stream.
        lang: Language of the sentences and heads.

    Raises:
        MissingExtra: xlsxwriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("writing Excel files", "tables") from None
    # Cells that start like a formula stay texts.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    shown, left = report._shown("xlsx")  # noqa: SLF001 - a writer like the others
    with xlsxwriter.Workbook(path, options) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        heads = (*_HEADS[lang], *({"en": ("Value", "Suggestion"), "zh": ("值", "建议")}[lang]))
        sheet = book.add_worksheet({"en": "Findings", "zh": "问题"}[lang])
        sheet.freeze_panes(1, 0)
        for column, width in enumerate((8, 10, 16, 70, 10, 18, 24, 24)):
            sheet.set_column(column, column, width, wrap if column == 3 else None)
        sheet.write_row(0, 0, heads, bold)
        words = _WORDS[lang]
        line = 0
        for line, f in enumerate(shown, 1):
            where = str(f.place or f.column or "")
            sheet.write_row(
                line, 0, (f.rule, words[f.severity], where, f.say(lang), f.count, _rows(f))
            )
            sheet.write_row(line, 6, (f.value or "", f.suggestion or ""))
        for line, r in enumerate(left, line + 1):  # noqa: B020 - goes on below
            severity = words[RULES[r.rule].severity]
            sheet.write_row(line, 0, (r.rule, severity, r.column or "", _more(r, lang), r.rows))
        sheet.autofilter(0, 0, max(line, 1), len(heads) - 1)
        sheet = book.add_worksheet({"en": "Summary", "zh": "汇总"}[lang])
        sheet.set_column(0, 0, 60)
        lines = [(_total(report, lang), ""), (report.scheme, "")]
        lines += [(note[lang], "") for note in report.notes]
        summary = report._summary(lang)  # noqa: SLF001
        lines += [(OUTCOME_WORDS[lang].get(k, k), n) for k, n in summary["outcomes"].items()]
        lines += [(f"{code} {RULES[code].title[lang]}", n) for code, n in summary["rules"].items()]
        for number, cells in enumerate(lines):
            sheet.write_row(number, 0, cells)


def escape_cell(value: object) -> object:
    """
    Make a text safe for a spreadsheet: one that would start a formula gets an apostrophe.

    Source:
        OWASP, "CSV Injection".
    """
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None else value


def escape_markdown(value: object) -> str:
    """Make a text safe for a cell of a Markdown table: one line, no markup of its own."""
    text = " ".join(str(value).split())
    return re.sub(r"([\\`*_{}\[\]<>|])", r"\\\1", text)


_HEADS = {
    "en": ("Rule", "Severity", "Where", "Finding", "Rows", "First rows"),
    "zh": ("规则", "级别", "位置", "问题", "行数", "首见行"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {s: s for s in SEVERITIES},
    "zh": {"error": "错误", "warning": "警告", "info": "提示"},
}
OUTCOME_WORDS = {
    "en": {"resolved": "resolved", "open": "open tier", "outside": "outside", "ambiguous": "ambiguous",
           "unknown": "unknown", "missing": "missing"},
    "zh": {"resolved": "已识别", "open": "开放层级", "outside": "方案之外", "ambiguous": "有歧义",
           "unknown": "未知", "missing": "缺失"},
}  # fmt: skip
# Okabe and Ito, "Color Universal Design", 2008: told apart by the colour-blind.
_COLOURS = {
    "resolved": "#009e73", "open": "#56b4e9", "outside": "#e69f00", "ambiguous": "#cc79a7",
    "unknown": "#d55e00", "missing": "#999999",
}  # fmt: skip
PAGE_STYLE = (
    "body{font:16px/1.55 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',"
    "'Source Han Sans SC',sans-serif;color:#1c2430;margin:0;background:#fff}"
    "main{max-width:72rem;margin:0 auto;padding:2rem 1.25rem}h1{font-size:1.6rem;margin:0 0 .5rem}"
    "h2{font-size:1.15rem;margin-top:2rem}.scheme{color:#5a6677;word-break:break-word}"
    "table{border-collapse:collapse;width:100%;font-size:.92rem}"
    "th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #e3e7ec;vertical-align:top}"
    "th{background:#f5f7f9;position:sticky;top:0}td.n{text-align:right;font-variant-numeric:tabular-nums}"
    "tr.error td:nth-child(2){color:#b3261e;font-weight:600}"
    "tr.warning td:nth-child(2){color:#8a5a00;font-weight:600}"
    "td:nth-child(1),td:nth-child(2){white-space:nowrap}"
    "dt{font-weight:600;margin-top:.6rem}dd{margin:0 0 0 1.2rem}"
    ".bar{display:flex;height:1.4rem;border-radius:4px;overflow:hidden;margin:1rem 0 .3rem}"
    ".key{font-size:.88rem;margin:0 0 1.5rem}.key span{white-space:nowrap;margin-right:1.1rem}"
    ".key i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.35em}"
)


def _bars(outcomes: Mapping[str, int], lang: str) -> str:
    total = sum(outcomes.values())
    if not total:
        return ""
    kept = [(k, outcomes[k]) for k in _COLOURS if outcomes.get(k)]
    bar = "".join(
        f'<div style="width:{100 * n / total:.3f}%;background:{_COLOURS[k]}"></div>'
        for k, n in kept
    )
    key = "".join(
        f'<span><i style="background:{_COLOURS[k]}"></i>{OUTCOME_WORDS[lang][k]} {n:,}</span>'
        for k, n in kept
    )
    return f'<div class="bar">{bar}</div><p class="key">{key}</p>'


def _more(rest: Rest, lang: str) -> str:
    """Say what was left out."""
    if lang == "zh":
        count = "" if rest.findings is None else f" {rest.findings:,} 条"
        return f"……另有{count},共 {rest.rows:,} 行,此处未列"
    count = "others" if rest.findings is None else f"{rest.findings:,} more"
    return f"… {count}, with {rest.rows:,} row{'s' if rest.rows != 1 else ''}, not listed here"


def _count(rows: int, unit: str, lang: str) -> str:
    if lang == "zh":
        return f"{rows:,} {'行' if unit == 'rows' else '处'}"
    what = "row" if unit == "rows" else "finding"
    return f"{rows:,} {what}{'s' if rows != 1 else ''}"


def _rows(finding: Finding) -> str:
    first = finding.rows or finding.keys
    more = " …" if finding.count > len(first) > 0 else ""
    return ", ".join(map(str, first)) + more


def _of_a_whole_file(finding: Finding) -> bool:
    """Say whether it is about the file of the data, so that there are no rows to count."""
    return finding.place is None and finding.column is None and finding.value is None


def _times(finding: Finding, lang: str) -> str:
    if finding.place or _of_a_whole_file(finding):
        return ""
    n, said = finding.count, ""
    if finding.rows:
        said = {"zh": f",首见第 {finding.rows[0]} 行", "en": f", first {finding.rows[0]}"}[lang]
    elif finding.keys:
        said = {"zh": f",首键 {finding.keys[0]}", "en": f", first key {finding.keys[0]}"}[lang]
    if lang == "zh":
        return f"({n} 行{said})"
    return f" ({n} row{'s' if n != 1 else ''}{said})"


def _total(report: Report, lang: str) -> str:
    counts = dict.fromkeys(SEVERITIES, 0)
    unsure = dict.fromkeys(SEVERITIES, "")
    for finding in report.findings:
        counts[finding.severity] += 1
    for rest in report.rest:
        severity = RULES[rest.rule].severity
        counts[severity] += rest.findings or 0
        if rest.findings is None:
            unsure[severity] = "≥ "
    taken = len(report.accepted)
    outcomes = [
        f"{OUTCOME_WORDS[lang][k]} {report.outcomes[k]:,}"
        for k in _COLOURS
        if report.outcomes.get(k)
    ]
    if lang == "zh":
        said = (
            "、".join(f"{_WORDS['zh'][s]} {unsure[s]}{n:,}" for s, n in counts.items() if n)
            or "没有问题"
        )
        seen = f"{report.rows:,} {'行' if report.unit == 'rows' else '个文件'}"
        more = f",已接受 {taken:,}" if taken else ""
        return f"{seen}:{said}{more}" + (f"({'、'.join(outcomes)})" if outcomes else "")
    words = ", ".join(
        f"{unsure[s]}{n:,} {s if s == 'info' else s + ('s' if n != 1 else '')}"
        for s, n in counts.items()
        if n
    )
    unit = report.unit if report.rows != 1 else report.unit[:-1]
    more = f", {taken:,} accepted" if taken else ""
    return f"{report.rows:,} {unit}: {words or 'no findings'}{more}" + (
        f" (rows: {', '.join(outcomes)})" if outcomes else ""
    )

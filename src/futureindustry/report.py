"""
Rules, findings and reports: what is wrong, where, how often, and what to do.

A finding is a record made from facts; its sentence comes from the table of rules, in both
languages, and so do the help and the pages of the rules. Reports are written as text, JSON,
CSV, Markdown, HTML and SARIF 2.1.0 (OASIS, 2020).
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

__all__ = ["Finding", "Report", "escape_cell", "escape_markdown", "format_report"]

SHOWN = 200
SHOWN_IN_HTML = 2000


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
    """

    rule: str
    column: str | None = None
    value: str | None = None
    count: int = 1
    rows: tuple[int, ...] = ()
    suggestion: str | None = None
    facts: Mapping[str, str | Mapping[str, str]] = attrs.field(factory=dict)
    place: Place | None = None

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
            sorted(str(v) for v in self.facts.values()),
        )


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=Finding.order))


@attrs.frozen(repr=False)
class Report:
    """
    Findings about a dataset or about taxonomy files.

    Attributes:
        findings: Sorted: by place for files; else by severity, rule, column, count (falling).
        rows: Rows looked at (files, for a check of files).
        scheme: Ids of the schemes used, comma separated.
        outcomes: Rows by outcome of their label (`resolved`, `open`, …, `missing`).
        distinct: Distinct cells looked at.
        unit: What `rows` counts.
    """

    findings: tuple[Finding, ...] = attrs.field(converter=_sorted)
    rows: int = 0
    scheme: str = ""
    outcomes: Mapping[str, int] = attrs.field(factory=dict)
    distinct: int = 0
    unit: Literal["rows", "files"] = "rows"

    @property
    def ok(self) -> bool:
        """Whether there is no finding of severity error."""
        return not any(finding.severity == "error" for finding in self.findings)

    @property
    def summary(self) -> dict[str, Any]:
        """Counts: rows, distinct labels, rows by outcome, rows by severity and by rule."""
        rules: dict[str, int] = {}
        severities = dict.fromkeys(SEVERITIES, 0)
        for finding in self.findings:
            rules[finding.rule] = rules.get(finding.rule, 0) + finding.count
            severities[finding.severity] += finding.count
        return {
            "rows": self.rows,
            "distinct": self.distinct,
            "outcomes": dict(self.outcomes),
            "severities": severities,
            "rules": dict(sorted(rules.items())),
        }

    def __repr__(self) -> str:
        state = "ok" if self.ok else "not ok"
        return f"<Report {state}: {len(self.findings)} findings in {self.rows} {self.unit}>"

    def __str__(self) -> str:
        return self.to_text()

    def merge(self, other: Report) -> Report:
        """
        Give the report of both datasets one after the other.

        Counts add up; the row numbers of `other` go on where these end.
        """
        found: dict[tuple[object, ...], Finding] = {}
        moved = [attrs.evolve(f, rows=tuple(n + self.rows for n in f.rows)) for f in other.findings]
        for finding in (*self.findings, *moved):
            key = (finding.rule, finding.column, finding.value, str(finding.facts), finding.place)
            if key in found:
                first = found[key]
                rows = tuple(sorted((*first.rows, *finding.rows))[: max(len(first.rows), 5)])
                finding = attrs.evolve(first, count=first.count + finding.count, rows=rows)  # noqa: PLW2901 - the merged one stands in
            found[key] = finding
        schemes = dict.fromkeys(s for r in (self, other) for s in r.scheme.split(", ") if s)
        outcomes = dict(self.outcomes)
        for outcome, count in other.outcomes.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + count
        return Report(
            list(found.values()),
            self.rows + other.rows,
            ", ".join(schemes),
            outcomes,
            max(self.distinct, other.distinct),
            self.unit,
        )

    def to_dict(self, lang: Literal["zh", "en"] = "en") -> dict[str, Any]:
        """Give the contract's JSON as plain values."""
        return {
            "ok": self.ok,
            "rows": self.rows,
            "scheme": self.scheme,
            "summary": self.summary,
            "findings": [finding.to_dict(lang) for finding in self.findings],
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
        lines = []
        for finding in self.findings[:SHOWN]:
            where = f"{finding.place}: " if finding.place else ""
            column = f" {finding.column}" if finding.column and not finding.place else ""
            lines.append(
                f"{where}{finding.rule}{column}: {finding.say(lang)}{_times(finding, lang)}"
            )
        if len(self.findings) > SHOWN:
            lines.append(_more(len(self.findings) - SHOWN, lang))
        return "\n".join((*lines, _total(self, lang))) + "\n"

    def to_csv(self, lang: Literal["zh", "en"] = "en") -> str:
        """Give the findings as CSV; cells that would start a formula are escaped."""
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        keys = ("rule", "severity", "column", "value", "count", "rows", "message", "suggestion")
        writer.writerow((*keys, "file", "line"))
        for finding in self.findings:
            data = finding.to_dict(lang) | {"rows": " ".join(map(str, finding.rows))}
            place = (finding.place.file, finding.place.line) if finding.place else ("", "")
            writer.writerow(
                [escape_cell(data[key]) for key in keys] + [escape_cell(p) for p in place]
            )
        return out.getvalue()

    def to_markdown(self, lang: Literal["zh", "en"] = "en") -> str:
        """Give the report as a Markdown table with the summary above."""
        heads = _HEADS[lang]
        lines = [_total(self, lang), "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
        for f in self.findings:
            cells = (f.rule, f.severity, f.place or f.column or "", f.say(lang), f.count, _rows(f))
            lines.append("| " + " | ".join(map(escape_markdown, cells)) + " |")
        return "\n".join(lines) + "\n"

    def to_html(self, lang: Literal["zh", "en"] = "en", *, title: str | None = None) -> str:
        """Give the report as one HTML page without outside parts; all text is escaped."""
        from html import escape

        name = title or {"en": "Validation report", "zh": "校验报告"}[lang]
        rows = "".join(
            f'<tr class="{f.severity}"><td><code>{f.rule}</code></td><td>{_WORDS[lang][f.severity]}</td>'
            f"<td>{escape(str(f.place or f.column or ''))}</td><td>{escape(f.say(lang))}</td>"
            f'<td class="n">{f.count:,}</td><td>{_rows(f)}</td></tr>'
            for f in self.findings[:SHOWN_IN_HTML]
        )
        if len(self.findings) > SHOWN_IN_HTML:
            rows += f"<tr><td colspan=6>{_more(len(self.findings) - SHOWN_IN_HTML, lang)}</td></tr>"
        heads = "".join(f"<th>{head}</th>" for head in _HEADS[lang])
        used = dict.fromkeys(f.rule for f in self.findings)
        rules = "".join(
            f"<dt><code>{code}</code> {escape(RULES[code].title[lang])}</dt>"
            f"<dd>{escape(RULES[code].mend[lang])}</dd>"
            for code in used
        )
        bars = _bars(self.outcomes, lang)
        todo = {"en": "What to do", "zh": "处理办法"}[lang]
        return (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{escape(name)}</title>'
            f"<style>{PAGE_STYLE}</style></head><body><main><h1>{escape(name)}</h1>"
            f"<p>{escape(_total(self, lang))}</p><p class=scheme>{escape(self.scheme)}</p>{bars}"
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
        used = sorted({finding.rule for finding in self.findings})
        results = []
        for f in self.findings:
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
        rules = [
            {
                "id": code,
                "shortDescription": {"text": RULES[code].title[lang]},
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


FORMATS = ("text", "json", "csv", "html", "md", "sarif")


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
    }
    if format not in writers:
        hint = nearest(format, writers)
        more = f'; did you mean "{hint[0]}"?' if hint else f"; there are {', '.join(writers)}"
        raise UnknownFormat(f'no format "{format}"{more}')
    text = writers[format](report, lang)
    return text if text.endswith("\n") else text + "\n"


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
    "zh": ("规则", "级别", "位置", "发现", "行数", "首见行"),
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


def _more(count: int, lang: str) -> str:
    if lang == "zh":
        return f"……另有 {count} 条,见 JSON 或 CSV"
    return f"… {count} more findings; JSON and CSV have them all"


def _rows(finding: Finding) -> str:
    more = " …" if finding.count > len(finding.rows) > 0 else ""
    return ", ".join(map(str, finding.rows)) + more


def _times(finding: Finding, lang: str) -> str:
    if finding.place:
        return ""
    n, first = finding.count, finding.rows[:1]
    if lang == "zh":
        return f"({n} 行" + (f",首见第 {first[0]} 行)" if first else ")")
    return f" ({n} row{'s' if n != 1 else ''}" + (f", first {first[0]})" if first else ")")


def _total(report: Report, lang: str) -> str:
    counts = dict.fromkeys(SEVERITIES, 0)
    for finding in report.findings:
        counts[finding.severity] += 1
    outcomes = [
        f"{OUTCOME_WORDS[lang][k]} {report.outcomes[k]:,}"
        for k in _COLOURS
        if report.outcomes.get(k)
    ]
    if lang == "zh":
        said = "、".join(f"{_WORDS['zh'][s]} {n}" for s, n in counts.items() if n) or "没有问题"
        seen = f"{report.rows:,} {'行' if report.unit == 'rows' else '个文件'}"
        return f"{seen}:{said}" + (f"({'、'.join(outcomes)})" if outcomes else "")
    words = ", ".join(
        f"{n} {s if s == 'info' else s + ('s' if n != 1 else '')}" for s, n in counts.items() if n
    )
    unit = report.unit if report.rows != 1 else report.unit[:-1]
    return f"{report.rows:,} {unit}: {words or 'no findings'}" + (
        f" (rows: {', '.join(outcomes)})" if outcomes else ""
    )

"""Reports: the same findings in every format, with the place and the repair."""

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest

import futureindustry as fi
from futureindustry.errors import Place, UnknownFormat
from futureindustry.report import Finding, Report, escape_cell, format_report
from futureindustry.rules import RULES, rules_page

EVIL = '=HYPERLINK("x")<script>|'


@pytest.fixture(scope="module")
def report():
    data = pl.DataFrame({"行业": ["量子信息", "量子通迅", EVIL, "量子通迅", "量子科技", None]})
    return fi.validate(data, scheme="hefei-htz/future-industries")


def test_every_rule_speaks_both_languages():
    for code, rule in RULES.items():
        assert rule.code == code
        for texts in (rule.title, rule.message, rule.mend):
            assert set(texts) == {"en", "zh"}
            assert all(texts.values())


def test_the_page_of_the_rules_is_up_to_date():
    page = Path(__file__).parent.parent / "docs" / "rules.md"
    message = "write it again: python -c 'from futureindustry.rules import rules_page; print(rules_page(), end=\"\")' > docs/rules.md"
    assert page.read_text(encoding="utf-8") == rules_page(), message


def test_the_json_has_the_fields_of_the_contract(report):
    data = json.loads(report.to_json())
    assert set(data) == {"ok", "rows", "scheme", "summary", "findings"}
    for finding in data["findings"]:
        assert set(finding) == {
            "rule", "severity", "message", "column", "value", "count", "rows", "suggestion",
        }  # fmt: skip
    assert data["ok"] is False
    assert data["rows"] == 6
    assert data["summary"]["rules"]["FI101"] == 3


def test_findings_are_sorted_by_severity_rule_and_count(report):
    assert [f.rule for f in report.findings] == ["FI101", "FI101", "FI114", "FI104"]
    assert [f.count for f in report.findings[:2]] == [2, 1]


def test_text_names_column_rows_and_nearest(report):
    line = report.to_text("en").splitlines()[0]
    assert line.startswith("FI101 行业: “量子通迅”")
    assert line.endswith("(2 rows, first 2)")
    assert "量子通信" in line
    assert "首见第 2 行" in report.to_text("zh")


def test_html_escapes_what_users_typed(report):
    page = report.to_html()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert 'lang="zh"' in report.to_html("zh")


def test_csv_escapes_formulas_and_markdown_pipes(report):
    rows = list(csv.DictReader(io.StringIO(report.to_csv())))
    assert [row["value"] for row in rows if "HYPERLINK" in row["value"]] == ["'" + EVIL]
    assert "\\<script\\>\\|" in report.to_markdown()
    assert len({line.count(" | ") for line in report.to_markdown().splitlines()[4:]}) == 1


@pytest.mark.parametrize(
    ("cell", "safe"), [("=1", "'=1"), ("+1", "'+1"), ("量子", "量子"), (3, 3), (None, "")]
)
def test_cells_that_start_a_formula_are_escaped(cell, safe):
    assert escape_cell(cell) == safe


def test_sarif_names_rules_and_places():
    finding = Finding("FI214", "x/y@1", facts={"text": "no source"}, place=Place("a.yaml", 3, 5))
    log = json.loads(Report([finding], 1).to_sarif())
    result = log["runs"][0]["results"][0]
    assert result["ruleId"] == "FI214"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 5}
    assert log["version"] == "2.1.0"


def test_the_frame_has_one_row_per_finding(report):
    frame = report.to_frame()
    assert frame.height == len(report.findings)
    assert frame["rows"].to_list()[0] == [2, 4]


def test_an_unknown_format_names_the_nearest(report):
    with pytest.raises(UnknownFormat, match="json"):
        format_report(report, "jsn", "en")


def test_many_findings_are_cut_in_text_and_whole_in_json():
    findings = [
        Finding("FI101", "行业", str(n), facts={"label": str(n), "scheme": "s", "nearest": ""})
        for n in range(500)
    ]
    report = Report(findings, 500)
    assert len(report.to_text().splitlines()) < 250
    assert len(json.loads(report.to_json())["findings"]) == 500

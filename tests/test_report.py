"""Reports: the same findings in every format, with the place and the repair."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET  # what is parsed is our own

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import futureindustry as fi
from futureindustry.errors import Place, UnknownFormat
from futureindustry.report import (
    Acceptance,
    Finding,
    Report,
    Rest,
    escape_cell,
    format_report,
    write_report_workbook,
)
from futureindustry.rules import RULES, rule_page, rule_pages, rules_page

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


def test_the_pages_of_the_rules_are_up_to_date():
    docs = Path(__file__).parent.parent / "docs"
    message = "write them again: python -m futureindustry.rules docs"
    assert (docs / "rules.md").read_text(encoding="utf-8") == rules_page(), message
    found = {path.name: path.read_text(encoding="utf-8") for path in (docs / "rules").iterdir()}
    assert found == rule_pages(), message


def test_the_rules_of_datasets_say_why_and_show_an_example():
    for code, rule in RULES.items():
        if code.startswith("FI1"):
            for lang, why, mend in (("en", "Why: ", "How to mend: "), ("zh", "为什么:", "怎么改:")):
                page = rule_page(code, lang)
                assert f"- {why}{rule.why[lang]}" in page
                assert f"- {mend}{rule.mend[lang]}" in page
                assert all(text in page for text in rule.examples[lang])


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


# Bounded reports


def finding(value, count=1, rule="FI101", column="行业", rows=()):
    facts = {"label": value, "scheme": "x/y@1", "nearest": "", "concept": "z"}
    return Finding(rule, column, value, count, rows, facts=facts)


def test_a_writer_says_what_it_leaves_out_and_the_counts_stay_exact():
    report = Report([finding(f"{n:04}", 2) for n in range(1500)], 3000)
    data = json.loads(report.to_json())
    assert len(data["findings"]) == 1000
    assert data["summary"]["left_out"] == [
        {"rule": "FI101", "column": "行业", "findings": 500, "rows": 1000}
    ]
    assert data["summary"]["rules"] == {"FI101": 3000}
    assert "1,450 more, with 2,900 rows" in report.to_text()
    assert "500 more, with 1,000 rows" in report.to_csv()
    assert "1,000 more, with 2,000 rows" in report.to_html()
    assert "共 1,000 行" in report.to_sarif("zh")
    more = attrs.evolve(report, limit=2000)
    assert json.loads(more.to_json())["summary"]["left_out"] == []
    assert len(json.loads(more.to_json())["findings"]) == 1500


def test_rules_and_columns_are_cut_apart():
    many = [finding(f"{n:04}") for n in range(60)]
    report = Report([*many, finding("x", 9, column="b"), finding("y", 3, "FI103")], 100)
    lines = report.to_text().splitlines()
    assert any("FI101 b" in line for line in lines)
    assert any(line.startswith("FI103") for line in lines)
    assert "10 more, with 10 rows" in report.to_text()


def test_what_is_not_kept_still_fails():
    assert not Report([], 5, rest=(Rest("FI101", "行业", 3, 5),)).ok
    assert Report([], 5, rest=(Rest("FI104", "行业", 3, 5),)).ok


counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 5), max_size=8)


@given(counts, counts)
def test_merged_reports_add_up_also_where_they_are_cut(a, b):
    """Within what is kept, the merged report is the report of the whole; beyond, its rows are."""

    def part(found):
        return Report([finding(v, n) for v, n in found.items()], sum(found.values()))

    whole = part({v: a.get(v, 0) + b.get(v, 0) for v in {*a, *b}})
    merged = part(a).merge(part(b))
    assert merged.findings == whole.findings
    assert attrs.evolve(merged, limit=3).to_text() == attrs.evolve(whole, limit=3).to_text()


def test_a_merge_says_what_it_does_not_know():
    cut = Report([finding("a", 2)], 9, distinct=4, rest=(Rest("FI101", "行业", 3, 7),))
    merged = cut.merge(cut)
    assert merged.rest == (Rest("FI101", "行业", None, 14),)
    assert merged.distinct is None
    assert merged.summary["rules"] == {"FI101": 18}
    assert "≥ 1 error" in merged.to_text()
    keyed = Report([], 5, together=("FI111",))
    assert "not across the parts" in keyed.merge(keyed).to_text("en")
    assert "未跨部分" in keyed.merge(keyed).to_text("zh")


def test_merging_with_nothing_changes_nothing():
    report = Report([finding("a", 2)], 9, distinct=4, rest=(Rest("FI101", "行业", 3, 7),))
    assert report.merge(Report(())) == report == Report(()).merge(report)


# Accepted findings


def test_a_baseline_accepts_up_to_its_rows():
    accepted = Report([finding("a", 2), finding("b", 1)], 9).acceptances()
    report = Report([finding("a", 2), finding("b", 3), finding("c", 1)], 9).accept(accepted)
    assert [f.value for f in report.findings] == ["b", "c"]
    assert [f.value for f in report.accepted] == ["a"]
    assert report.summary["accepted"] == {"FI101": 2}
    assert "FI101 行业 b: 3 rows, of which 1 are accepted" in report.to_text("en")
    assert not report.ok


def test_a_baseline_says_what_no_longer_occurs():
    accepted = Report([finding("a", 2), finding("b", 1)], 9).acceptances()
    report = Report([finding("a", 1)], 9).accept(accepted)
    assert report.ok
    assert "accepted, but found no longer (1)" in report.to_text("en")
    assert "FI101 行业 b" in report.to_text("en")


def test_an_entry_without_rows_accepts_what_it_describes():
    report = Report([finding("a", 2), finding("b", 3), finding("b", 1, column="z")], 9)
    assert [f.value for f in report.accept([Acceptance("FI101", value="a")]).findings] == ["b", "b"]
    assert report.accept([Acceptance("FI101", "行业")]).findings == report.findings[:1]
    assert report.accept([Acceptance("FI103")]).findings == report.findings


def test_a_version_of_the_scheme_changes_no_baseline():
    old = Finding("FI101", "行业", "a", facts={"label": "a", "scheme": "x/y@1", "nearest": ""})
    new = attrs.evolve(old, facts={**old.facts, "scheme": "x/y@2"})
    other = attrs.evolve(old, facts={**old.facts, "scheme": "x/z@2"})
    accepted = Report([old], 1).acceptances()
    assert Report([new], 1).accept(accepted).ok
    assert not Report([other], 1).accept(accepted).ok


def test_what_is_cut_is_accepted_as_a_number():
    cut = Report([finding("a", 2)], 9, rest=(Rest("FI101", "行业", 3, 7),))
    accepted = cut.acceptances()
    assert cut.accept(accepted).ok
    grown = attrs.evolve(cut, rest=(Rest("FI101", "行业", 4, 7),))
    assert not grown.accept(accepted).ok


# JUnit, Excel


def test_junit_has_a_case_for_each_rule_and_failures_for_errors(report):
    suites = ET.fromstring(report.to_junit())  # noqa: S314 - our own
    suite = suites.find("testsuite")
    cases = {case.get("name")[:5]: case for case in suite.findall("testcase")}
    assert set(cases) == {code for code in RULES if code.startswith("FI1")}
    assert suite.get("tests") == str(len(cases))
    assert suite.get("failures") == suites.get("failures") == "1"
    failure = cases["FI101"].find("failure")
    assert failure.get("message") == "3 rows"
    assert "量子通迅" in failure.text
    assert cases["FI104"].find("failure") is None
    assert "量子科技" in cases["FI104"].find("system-out").text
    assert len(cases["FI111"]) == 0


def test_junit_is_xml_whatever_is_in_a_cell():
    report = Report([finding('a\x00\x0b"<&>\ufffe\ud800')], 1)
    assert "\ufffd" in ET.fromstring(report.to_junit("zh")).find(".//failure").text  # noqa: S314


def test_a_workbook_holds_findings_and_counts(report, tmp_path):
    path = tmp_path / "report.xlsx"
    write_report_workbook(report, path, "zh")
    found = pl.read_excel(path, sheet_name="问题")
    assert found["规则"].to_list() == [f.rule for f in report.findings]
    assert EVIL in found["值"].to_list()
    summary = pl.read_excel(path, sheet_name="汇总", has_header=False)
    assert ("FI101 未知名称", 3) in summary.rows()


def test_what_is_said_of_a_whole_file_counts_no_rows():
    said = {"zh": "甲.csv 不是 UTF-8", "en": "a.csv is not UTF-8"}
    report = Report((Finding("FI116", facts={"text": said}),), rows=3)
    assert report.to_text("en").splitlines()[0] == "FI116: a.csv is not UTF-8"
    assert report.to_text("zh").splitlines()[0] == "FI116: 甲.csv 不是 UTF-8"

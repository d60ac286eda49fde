"""Specifications of datasets and baselines: read strictly, applied as arguments are."""

import json
from pathlib import Path

import attrs
import jsonschema
import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import futureindustry as fi
from futureindustry.errors import ColumnNotFound, FutureIndustryError, InvalidFile
from futureindustry.report import Acceptance
from futureindustry.specification import (
    SectorColumn,
    Specification,
    ValueColumn,
    dataset_schema,
    format_baseline,
    read_baseline,
    read_specification,
    specification_template,
)

HEFEI = "hefei-htz/future-industries"
EXAMPLES = Path(__file__).parent.parent / "examples"


def spec_of(tmp_path, text):
    path = tmp_path / "data.spec.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path, text):
    with pytest.raises(InvalidFile) as caught:
        read_specification(spec_of(tmp_path, text))
    return [f"{p.place.line}:{p.place.column}: {p.message}" for p in caught.value.problems]


FULL = f"""\
title: {{zh: 数据, en: data}}
scheme: {HEFEI}
date: 时期
sectors:
  - {{column: 行业, code: 代码, tier: 层级, separators: [";", "\\n"]}}
  - {{column: 国标, scheme: nbs/gbt-4754@2017, separators: [], prefix: gb, to: un/isic@rev4}}
values:
  - {{column: 产值, unit: 亿元}}
  - {{column: 增速, unit: "%", kind: rate, by: 指标}}
key: [编号, 时期]
accepted:
  - {{rule: FI103, column: 行业, value: 电机, reason: 企业自报}}
baseline: baseline.yaml
"""


def test_everything_that_can_be_said_is_read(tmp_path):
    found = read_specification(spec_of(tmp_path, FULL))
    assert found.scheme == HEFEI
    assert found.sectors == (
        SectorColumn("行业", None, "代码", "层级", (";", "\n")),
        SectorColumn("国标", "nbs/gbt-4754@2017", separators=(), prefix="gb", to="un/isic@rev4"),
    )
    assert found.values == (
        ValueColumn("产值", "亿元"),
        ValueColumn("增速", "%", "rate", by="指标"),
    )
    assert found.key == ("编号", "时期")
    assert found.accepted == (Acceptance("FI103", "行业", "电机", reason="企业自报"),)
    assert found.baseline == str(tmp_path / "baseline.yaml")
    assert found.columns == (
        "时期", "编号", "行业", "代码", "层级", "国标", "产值", "增速", "指标",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schem: x\nsectors: [{column: 行业}]\npark: 园区", '1:1: unknown key "schem"; did you mean "scheme"?'),
        ("park: 园区\nsectors: [{colum: 行业}]", '2:12: unknown key "colum"; did you mean "column"?'),
        ("park: a\npark: b\nsectors: [{column: 行业}]", '2:1: duplicate key "park"; its value is in line 1'),
        ("park: a", '1:1: a specification needs "sectors"'),
        ("park: a\nsectors: []", '2:10: "sectors" says nothing; a specification needs one'),
        ("sectors: [{column: 行业}]", '1:1: no scheme for the labels of "行业"; add scheme, or park for a file of several'),
        ("scheme: hefei-htz/future-industry\nsectors: [{column: 行业}]", f'1:9: no scheme "hefei-htz/future-industry"; did you mean "{HEFEI}"? (futureindustry list hefei-htz)'),
        ("park: a\nsectors: [{column: 行业}, {column: 行业}]", '2:25: the column "行业" is already there'),
        ("park: a\nsectors: [{column: 行业, code: 行业}]", '2:11: code names the column of labels "行业" itself'),
        ("park: a\nsectors: [{column: 行业, separators: [和]}]", '2:37: "和" is part of names; separators are signs such as ; or 、'),
        ("park: a\nsectors: [{column: 行业}]\nvalues: [{column: b, unit: 亿圆}]", "3:28: “亿圆” is no unit; such as 家、元、万元、亿元、%"),
        ("park: a\nsectors: [{column: 行业}]\nvalues: [{column: b, kind: totl}]", '3:28: kind "totl" is not known; did you mean "total"?'),
        ("park: a\nsectors: [{column: 行业}]\naccepted: [{rule: FI214, reason: x}]", '3:19: no rule "FI214"; did you mean "FI114"?'),
        ("park: a\nsectors: [{column: 行业}]\naccepted: [{rule: FI114}]", '3:12: an accepted finding needs "reason"'),
        ("- a", "1:1: a specification should be a mapping (key: value)"),
        ("", "None:None: the file is empty"),
    ],
)  # fmt: skip
def test_what_is_wrong_has_its_place_and_its_repair(tmp_path, text, said):
    assert said in problems(tmp_path, text)


def test_all_problems_are_told_in_one_go(tmp_path):
    text = "schem: x\npark: a\nsectors: [{column: 行业, coed: b}]\nvalues: [{unit: 圆}]\n"
    assert [line.partition(":")[0] for line in problems(tmp_path, text)] == ["1", "3", "4", "4"]


def test_a_scheme_may_be_a_file_beside_the_specification(tmp_path):
    source = fi.load(HEFEI).origin.folders[0] / f"{HEFEI}/2024-05.yaml"
    (tmp_path / "mine.yaml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    path = spec_of(tmp_path, "scheme: mine.yaml\nsectors: [{column: 行业}]")
    assert fi.validate(pl.DataFrame({"行业": ["量子信息"]}), spec=path).ok
    (said,) = problems(tmp_path, "scheme: yours.yaml\nsectors: [{column: 行业}]")
    assert said.endswith("no such file; correct the path")


def test_the_schema_accepts_what_the_reader_accepts(tmp_path):
    schema = dataset_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for text in (
        FULL,
        specification_template(),
        (EXAMPLES / "parks-2024-05.spec.yaml").read_text("utf-8"),
    ):
        read_specification(spec_of(tmp_path, text))
        jsonschema.validate(yaml.safe_load(text), schema)
    for text in ("schem: x", "sectors: [{column: 行业, kind: x}]", "sectors: []"):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(yaml.safe_load(text), schema)


def test_the_schema_beside_the_example_is_up_to_date():
    shipped = json.loads((EXAMPLES / "dataset.schema.json").read_text(encoding="utf-8"))
    message = "write it again: futureindustry schema --dataset > examples/dataset.schema.json"
    assert shipped == dataset_schema(), message


# Applied


def test_several_columns_of_labels_are_judged_each_in_its_scheme(tmp_path):
    spec = Specification(
        (SectorColumn("行业"), SectorColumn("国标", "nbs/gbt-4754@2017")), HEFEI, key=("n",)
    )
    data = pl.DataFrame({"n": [1, 1], "行业": ["量子信息", "电机"], "国标": ["0111", "9999"]})
    report = fi.validate(data, spec=spec)
    assert [(f.rule, f.column, f.value) for f in report.findings] == [
        ("FI101", "国标", "9999"), ("FI103", "行业", "电机"), ("FI111", "n", "1"),
    ]  # fmt: skip
    assert report.rows == 2
    assert sum(report.outcomes.values()) == 4
    assert report.scheme == f"{HEFEI}@2024-05, nbs/gbt-4754@2017"


def test_a_park_is_wrong_once_however_many_columns_need_it():
    spec = Specification((SectorColumn("a"), SectorColumn("b")), park="园区")
    data = pl.DataFrame({"a": ["量子信息"], "b": ["量子信息"], "园区": ["合肥高新"]})
    assert [(f.rule, f.count) for f in fi.validate(data, spec=spec).findings] == [("FI109", 1)]


def test_arguments_win_over_the_specification(tmp_path):
    path = spec_of(tmp_path, f"scheme: {HEFEI}\nsectors: [{{column: 行业}}]\nkey: n\n")
    data = pl.DataFrame({"n": [1, 1], "m": [1, 2], "行业": ["0111", "0111"]})
    assert [f.rule for f in fi.validate(data, spec=path).findings] == ["FI101", "FI111"]
    assert fi.validate(data, spec=path, scheme="nbs/gbt-4754@2017", key="m").findings == ()


def test_what_would_be_replaced_must_be_clear():
    two = Specification((SectorColumn("行业", HEFEI), SectorColumn("b")), HEFEI)
    data = pl.DataFrame({"行业": ["量子信息"], "b": ["电机"], "c": ["x"]})
    for arguments, said in (
        ({"code": "c"}, "2 columns of labels"),
        ({"scheme": "miit/future-industries"}, "scheme of its own"),
        ({"sector": "c"}, 'no column of labels "c"; it has 行业, b'),
    ):
        with pytest.raises(FutureIndustryError, match=said):
            fi.validate(data, spec=two, **arguments)
    assert [f.column for f in fi.validate(data, spec=two, sector="b").findings] == ["b"]
    with pytest.raises(ColumnNotFound, match="行业"):
        fi.validate(pl.DataFrame({"行 业": ["x"], "b": ["x"]}), spec=two)


def test_separators_of_the_specification_are_the_only_ones():
    def validate(cell, separators):
        spec = Specification((SectorColumn("行业", separators=separators),), HEFEI)
        return fi.validate(pl.DataFrame({"行业": [cell]}), spec=spec)

    assert validate("量子信息/聚变能源", ("/",)).outcomes == {"resolved": 1}
    assert validate("量子信息、聚变能源", None).outcomes == {"resolved": 1}
    assert validate("量子信息、聚变能源", ("/",)).outcomes == {"unknown": 1}
    assert validate("量子信息、聚变能源", ()).outcomes == {"unknown": 1}
    assert validate("量子信息/电机", ("/",)).findings[0].rule == "FI103"
    # A name of the scheme is one name, whatever is in it.
    assert validate("可控核聚变", ("核",)).outcomes == {"resolved": 1}


def test_codes_of_a_list_are_compared_with_its_labels():
    def report(labels, codes):
        data = pl.DataFrame({"行业": [labels], "代码": [codes]})
        found = fi.validate(data, scheme=HEFEI, code="代码")
        return [f for f in found.findings if f.rule == "FI117"]

    both = "量子信息、聚变能源"
    assert report(both, "quantum-information;fusion-energy") == []
    assert report(both, "fusion-energy / quantum-information") == []
    (wrong,) = report(both, "quantum-information;aerospace-technology")
    assert wrong.suggestion == "quantum-information; fusion-energy"
    assert "“聚变能源”" in wrong.say("zh")
    (few,) = report(both, "quantum-information")
    assert few.value == "quantum-information"
    assert report("量子信息", "quantum-information") == []


def test_values_are_asked_for_their_unit():
    data = pl.DataFrame({"行业": ["量子信息"] * 4, "产值": ["3", "500万元", "80家", "约2亿元"]})
    spec = Specification((SectorColumn("行业"),), HEFEI, values=(ValueColumn("产值", "亿元"),))
    (finding,) = fi.validate(data, spec=spec).findings
    assert (finding.rule, finding.value, finding.rows) == ("FI113", "80家", (3,))
    assert "单位为家" in finding.say("zh")


def test_fi118_amounts_of_one_kind_need_one_unit():
    data = pl.DataFrame(
        {
            "行业": ["量子信息"] * 4,
            "指标": ["数", "数", "额", "额"],
            "值": ["3家", "120余家", "3亿元", "5万元"],
        }
    )
    assert not fi.validate(data, scheme=HEFEI, value="指标").rest
    mixed = fi.validate(data, scheme=HEFEI, value="值")
    assert [(f.rule, f.value, f.count, f.rows) for f in mixed.findings] == [
        ("FI118", "元", 2, (3, 4)), ("FI118", "家", 2, (1, 2)),
    ]  # fmt: skip
    parted = Specification((SectorColumn("行业"),), HEFEI, values=(ValueColumn("值", by="指标"),))
    assert fi.validate(data, spec=parted).findings == ()
    plain = data.with_columns(值=pl.Series(["3家", "120", "3亿元", "5万元"]))
    found = fi.validate(plain, spec=parted).findings
    assert [f.value for f in found] == [None, "家"]
    assert found[0].say("zh").startswith("未写单位的数值")
    assert found[1].say("en").startswith("amounts in 家 stand")


def test_fi112_is_about_what_can_be_added_up():
    data = pl.DataFrame(
        {"行业": ["空天技术", "无人机"], "指标": ["数", "额"], "值": ["3", "1"], "率": ["3%", "1%"]}
    )

    def found(value):
        spec = Specification((SectorColumn("行业"),), HEFEI, values=(value,))
        return [f.rule for f in fi.validate(data, spec=spec).findings if f.rule == "FI112"]

    assert found(ValueColumn("值")) == ["FI112"]
    assert found(ValueColumn("值", by="指标")) == []
    assert found(ValueColumn("率", kind="rate")) == []
    assert found(ValueColumn("率", unit="%")) == []


# Baselines


cells = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
entries = st.builds(
    Acceptance,
    st.sampled_from(["FI101", "FI104", "FI114"]),
    st.sampled_from([None, "行业", "b"]),
    st.none() | cells,
    st.sampled_from([None, HEFEI]),
    rows=st.integers(1, 99),
)


@given(st.lists(entries, unique_by=lambda e: e.key, max_size=6))
def test_a_baseline_is_read_as_it_was_written(tmp_path_factory, found):
    path = tmp_path_factory.mktemp("b") / "baseline.yaml"
    text = format_baseline(found)
    path.write_text(text, encoding="utf-8")
    read = read_baseline(path)
    assert sorted(read, key=Acceptance.sort_key) == sorted(found, key=Acceptance.sort_key)
    assert format_baseline(reversed(read)) == text


def test_a_baseline_lets_the_check_be_adopted(tmp_path):
    data = pl.DataFrame({"行业": ["量子通迅", "电机", "电机", " 量子\u200b信息"]})
    report = fi.validate(data, scheme=HEFEI)
    path = tmp_path / "baseline.yaml"
    path.write_text(format_baseline(report.acceptances()), encoding="utf-8")
    now = fi.validate(data, scheme=HEFEI, baseline=path)
    assert now.ok
    assert now.findings == now.rest == now.notes == ()
    assert now.accepted == report.findings
    more = pl.concat([data, pl.DataFrame({"行业": ["电机", "电动机X"]})])
    later = fi.validate(more, scheme=HEFEI, baseline=path)
    assert [(f.rule, f.value, f.count) for f in later.findings] == [
        ("FI101", "电动机X", 1), ("FI103", "电机", 3),
    ]  # fmt: skip
    fewer = fi.validate(data.head(1), scheme=HEFEI, baseline=path)
    assert "found no longer (2)" in fewer.to_text("en")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {rule: FI101, column: a}", 'an accepted finding needs "rows"'),
        ("- {rule: FI101, rows: x}", 'rows should be a whole number, not "x"'),
        ("- {rule: FI101, rows: 1}\n- {rule: FI101, rows: 2}", "already accepted in line 1"),
        ("- {rule: FI101, row: 1}", 'did you mean "rows"?'),
        ("rule: FI101", "should be a list"),
    ],
)
def test_a_wrong_baseline_says_where(tmp_path, text, said):
    path = tmp_path / "baseline.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFile, match=said.replace("?", r"\?")) as caught:
        read_baseline(path)
    assert caught.value.problems[0].place.line


def test_the_example_is_what_the_readme_of_the_examples_says():
    report = fi.validate(EXAMPLES / "parks-2024-05.csv", spec=EXAMPLES / "parks-2024-05.spec.yaml")
    assert [f.rule for f in report.findings if f.severity == "error"] == ["FI103"]
    assert report.summary["accepted"] == {"FI114": 5}
    assert not json.loads(report.to_json())["summary"]["notes"]
    assert attrs.asdict(report)["rows"] == 38

"""Validate and recode: the same answers on every engine, and errors for people."""

import datetime

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import futureindustry as fi
from engines import ENGINES, ORDERED, rows_of
from futureindustry.datafiles import write_table
from futureindustry.errors import (
    ColumnExists,
    ColumnNotFound,
    FutureIndustryError,
    NotAllocated,
    UnknownFormat,
    UnknownScheme,
    UnreadableData,
)
from futureindustry.rules import RULES
from futureindustry.specification import SectorColumn, Specification, ValueColumn

HEFEI = "hefei-htz/future-industries"
LABELS = [
    "量子信息", "量子科技", "电机", None, "量子通迅", "元宇宙", "量子信息、空天信息", "量子计算",
    "元\u200b宇宙", "量子通迅", "", " 量子信息",
]  # fmt: skip


def table(**columns):
    return {name: list(values) for name, values in columns.items()}


def rules(report, rule):
    return [f for f in report.findings if f.rule == rule]


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


def test_findings_are_the_same_on_every_engine(engine):
    rows = pl.DataFrame(table(行业=LABELS, n=range(len(LABELS))))
    expected = fi.validate(rows, scheme=HEFEI, key="n").to_dict()
    found = fi.validate(ENGINES[engine](rows), scheme=HEFEI, key="n").to_dict()
    assert found == (expected if engine in ORDERED else unnumbered(expected))


def unnumbered(report):
    """Give a report as an engine without an order gives it."""
    for finding in report["findings"]:
        finding["rows"] = []
    return report


@pytest.mark.parametrize("policy", ["keep", "explode", "weight"])
def test_recoded_frames_are_the_same_on_every_engine(engine, policy):
    rows = pl.DataFrame(table(行业=LABELS, n=range(len(LABELS))))
    expected = rows_of(fi.recode(rows, scheme=HEFEI, policy=policy))
    data = ENGINES[engine](rows)
    coded = fi.recode(data, scheme=HEFEI, policy=policy)
    assert type(coded) is type(data)
    assert same_rows(rows_of(coded), expected, engine)


def same_rows(found, expected, engine):
    if engine in ORDERED:
        return found == expected
    return sorted(found, key=repr) == sorted(expected, key=repr)


PARKS = ["合肥高新区", "深圳市", "某某园区", None]
DATES = [datetime.date(2024, 6, 1), datetime.date(2023, 1, 1), datetime.date(2019, 1, 1), None]


@st.composite
def small_frames(draw):
    """Frames as people have them: typed dates and amounts, missing cells, any text as label."""
    rows = draw(st.integers(1, 8))

    def column(values):
        return draw(st.lists(values, min_size=rows, max_size=rows))

    anything = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
    columns = {
        "行业": pl.Series(column(st.sampled_from(LABELS) | anything), dtype=pl.String),
        "园区": pl.Series(column(st.sampled_from(PARKS)), dtype=pl.String),
        "日期": pl.Series(column(st.sampled_from(DATES)), dtype=pl.Date),
        "编号": pl.Series(column(st.integers(0, 9)), dtype=pl.Int64),
        "数值": pl.Series(column(st.none() | st.floats(-1e6, 1e6)), dtype=pl.Float64),
    }
    return pl.DataFrame(columns)


# Examples for engines that take a second for what the others do in milliseconds.
SLOW = {"pyspark": 3, "dask": 6}


@pytest.mark.parametrize(
    "engine", [name for name in ENGINES if name not in ("polars", "polars-lazy")]
)
def test_all_engines_give_equal_reports_and_equal_recoded_frames(engine):
    @settings(max_examples=SLOW.get(engine, 20), deadline=None, database=None)
    @given(small_frames())
    def law(rows):
        roles = {"scheme": HEFEI, "park": "园区", "date": "日期"}
        data = ENGINES[engine](rows)
        expected = fi.validate(rows, **roles, key="编号", value="数值").to_dict()
        found = fi.validate(data, **roles, key="编号", value="数值").to_dict()
        assert found == (expected if engine in ORDERED else unnumbered(expected))
        coded = fi.recode(data, **roles)
        assert type(coded) is type(data)
        added = list(nw.from_native(coded).collect_schema().names())[-4:]
        assert added == ["sector_code", "sector_label", "sector_relation", "sector_outcome"]
        kept = [name for name in rows.columns if name != "日期"] + added
        reference = rows_of(fi.recode(rows, **roles).select(kept))
        assert same_rows(rows_of(nw.from_native(coded).select(kept).to_native()), reference, engine)

    law()


def typed_frames():
    """Tables that mean the same in the types that engines have for them."""
    labels = ["量子科技", None, "量子通迅", "量子科技"]
    dates = pd.to_datetime(pd.Series(["2024-06-01", None, "2024-06-01", "2019-01-01"]))
    arrow = pa.table({"行业": labels, "日期": dates.to_numpy()})
    frames = {
        "pandas objects": pd.DataFrame({"行业": pd.Series(labels, dtype=object), "日期": dates}),
        "pandas not a number": pd.DataFrame(
            {"行业": pd.Series([*labels[:1], np.nan, *labels[2:]], dtype=object), "日期": dates}
        ),
        "pandas nullable": pd.DataFrame({"行业": pd.array(labels, dtype="string"), "日期": dates}),
        "pandas arrow": pd.DataFrame(
            {"行业": pd.Series(labels, dtype=pd.ArrowDtype(pa.string())), "日期": dates}
        ),
        "pandas categorical": pd.DataFrame({"行业": pd.Categorical(labels), "日期": dates}),
        "pandas days": pd.DataFrame(
            {"行业": labels, "日期": [None if pd.isna(d) else d.date() for d in dates]}
        ),
        "arrow dictionary": arrow.set_column(0, "行业", pa.array(labels).dictionary_encode()),
        "arrow large": arrow.set_column(0, "行业", pa.array(labels, pa.large_string())),
        "arrow view": arrow.set_column(1, "日期", pa.array(dates.dt.date, pa.date32())),
        "polars categorical": pl.from_arrow(arrow).with_columns(
            pl.col("行业").cast(pl.Categorical)
        ),
        "polars enum": pl.from_arrow(arrow).with_columns(
            pl.col("行业").cast(pl.Enum(["量子通迅", "量子科技"]))
        ),
        "polars days": pl.from_arrow(arrow).with_columns(pl.col("日期").cast(pl.Date)).lazy(),
        "duckdb timestamps": duckdb.from_arrow(arrow),
    }
    return {name: pytest.param(frame, id=name) for name, frame in frames.items()}.values()


@pytest.mark.parametrize("frame", typed_frames())
def test_types_of_labels_and_dates_make_no_difference(frame):
    report = fi.validate(frame, scheme=HEFEI, date="日期")
    assert [(f.rule, f.value, f.count) for f in report.findings] == [
        ("FI101", "量子通迅", 1), ("FI110", "2019-01-01", 1), ("FI114", None, 1), ("FI104", "量子科技", 1),
    ]  # fmt: skip
    coded = nw.from_native(fi.recode(frame, scheme=HEFEI, date="日期")).select("sector_code")
    assert sorted(rows_of(coded.to_native()), key=repr) == [
        ("quantum-information",), (None,), (None,), (None,),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "numbers", [[1, 2, 1, None], [1.0, 2.0, 1.0, None], [10**17 + 1, 5, 10**17 + 1, 6]]
)
def test_numeric_keys_are_spelt_alike(engine, numbers):
    rows = pl.DataFrame({"行业": ["量子信息"] * 4, "编号": numbers})
    found = rules(fi.validate(ENGINES[engine](rows), scheme=HEFEI, key="编号"), "FI111")
    assert [(f.value, f.count) for f in found] == [(str(int(numbers[0])), 2)]


def test_a_frame_without_rows_is_recoded_to_one(engine):
    rows = pl.DataFrame({"行业": ["电机"], "n": [1]})[:0]
    coded = fi.recode(ENGINES[engine](rows), scheme=HEFEI)
    assert rows_of(coded) == []
    assert "sector_code" in nw.from_native(coded).collect_schema().names()


def test_truth_values_beside_missing_ones_are_spelt_alike():
    rows = pl.DataFrame({"行业": ["甲乙"] * 3, "b": [True, None, False]})
    found = [
        fi.validate(ENGINES[name](rows), scheme=HEFEI, key="b").findings[0].keys for name in ORDERED
    ]
    assert set(found) == {("false", "true")}


def test_keys_stand_for_rows(engine, monkeypatch):
    monkeypatch.setattr("futureindustry.tables._BATCH", 3)
    labels = ["甲乙", "量子信息", "甲乙"] * 6
    keys = [10, 9, 8, 7, 100, 6, 5, None, 11, 3, 2, 12, 1, 0, 13, 14, 15, 16]
    parts = ["b", "a"] * 9
    rows = pl.DataFrame({"行业": labels, "编号": keys, "批": parts})
    found = rules(fi.validate(ENGINES[engine](rows), scheme=HEFEI, key="编号"), "FI101")
    assert [f.keys for f in found] == [("1", "3", "5", "6", "7")]
    found = rules(fi.validate(ENGINES[engine](rows), scheme=HEFEI, key=["批", "编号"]), "FI101")
    assert [f.keys for f in found] == [("a / 3", "a / 6", "a / 7", "a / 12", "a / 14")]
    if engine not in ORDERED:
        report = fi.validate(ENGINES[engine](rows), scheme=HEFEI, key="编号")
        assert "first key 1)" in report.to_text("en")
        assert "首键 1)" in report.to_text("zh")
        rows = rows.with_columns(编号=pl.lit("<b>="))
        report = fi.validate(ENGINES[engine](rows), scheme=HEFEI, key="编号")
        assert "&lt;b&gt;=" in report.to_html()
        assert "<b>=" not in report.to_html()
        assert "<b>=" in report.to_csv()


def test_keys_of_parts_merge_into_those_of_the_whole():
    rows = pl.DataFrame({"行业": ["甲乙"] * 12, "编号": range(12, 0, -1)})

    def found(part):
        return fi.validate(part, scheme=HEFEI, key="编号")

    merged = found(rows[:5]).merge(found(rows[5:]))
    assert merged.findings == found(rows).findings
    assert merged.findings[0].keys == ("1", "2", "3", "4", "5")


def test_codes_that_are_numbers_in_the_data(engine):
    rows = pl.DataFrame({"行业": ["电机制造"] * 2, "代码": [381, 382]})
    found = fi.validate(ENGINES[engine](rows), scheme="nbs/gbt-4754@2017", code="代码").findings
    assert [(f.rule, f.value, f.suggestion) for f in found] == [("FI117", "382", "381")]


def test_a_pandas_index_is_kept_even_if_it_is_no_key():
    frame = pd.DataFrame({"行业": ["量子科技", "电机", "量子信息、空天信息"]}, index=[7, 7, 3])
    assert list(fi.recode(frame, scheme=HEFEI).index) == [7, 7, 3]
    exploded = fi.recode(frame, scheme=HEFEI, policy="explode")
    assert list(exploded.index) == [7, 7, 3, 3]
    assert list(frame.columns) == ["行业"]


def test_a_relation_of_a_connection_of_its_own():
    rows = pl.DataFrame({"行业": LABELS, "n": range(len(LABELS))})
    connection = duckdb.connect()
    connection.register("there", rows.to_arrow())
    relation = connection.sql("SELECT * FROM there")
    report = fi.validate(relation, scheme=HEFEI, key="n").to_dict()
    assert report == unnumbered(fi.validate(rows, scheme=HEFEI, key="n").to_dict())
    expected = rows_of(fi.recode(rows, scheme=HEFEI))
    assert same_rows(rows_of(fi.recode(relation, scheme=HEFEI)), expected, "duckdb")
    texts = pl.DataFrame({"简介": ["主营量子计算"], "n": [1]}).to_arrow()
    connection.register("texts", texts)
    found = fi.annotate_table(connection.sql("SELECT * FROM texts"), "简介", key="n")
    assert rows_of(found) == rows_of(fi.annotate_table(texts, "简介", key="n"))


def test_first_rows_are_found_past_the_first_batch(monkeypatch):
    monkeypatch.setattr("futureindustry.tables._BATCH", 4)
    labels = ["量子信息"] * 9 + ["甲乙"] * 3 + ["量子信息"] * 4 + ["甲乙"] * 3
    for frame in (pl.DataFrame({"行业": labels}), pl.LazyFrame({"行业": labels})):
        assert fi.validate(frame, scheme=HEFEI).findings[0].rows == (10, 11, 12, 17, 18)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(LABELS), min_size=1, max_size=12))
def test_counts_add_up_and_row_numbers_point_at_the_value(labels):
    frame = pl.DataFrame({"行业": labels}, schema={"行业": pl.String})
    report = fi.validate(frame, scheme=HEFEI)
    assert sum(report.outcomes.values()) == report.rows == len(labels)
    for finding in report.findings:
        if finding.value is not None:
            assert finding.count == labels.count(finding.value)
            assert all(labels[n - 1] == finding.value for n in finding.rows)
        else:
            assert all(not (labels[n - 1] or "").strip() for n in finding.rows)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(LABELS), min_size=2, max_size=12), st.integers(1, 11))
def test_reports_of_parts_merge_into_the_report_of_the_whole(labels, cut):
    cut = min(cut, len(labels) - 1)

    def validate(part):
        return fi.validate(pl.DataFrame({"行业": part}, schema={"行业": pl.String}), scheme=HEFEI)

    whole = validate(labels)
    merged = validate(labels[:cut]).merge(validate(labels[cut:]))
    assert [f.to_dict() for f in merged.findings] == [f.to_dict() for f in whole.findings]
    assert (merged.rows, dict(merged.outcomes), merged.ok) == (
        whole.rows,
        dict(whole.outcomes),
        whole.ok,
    )


@settings(max_examples=20, deadline=None)
@given(st.permutations(LABELS))
def test_recode_keeps_rows_and_their_order(labels):
    frame = pl.DataFrame({"行业": labels}, schema={"行业": pl.String})
    coded = fi.recode(frame, scheme=HEFEI)
    assert coded["行业"].to_list() == labels
    resolver = fi.load(HEFEI)
    for label, code in zip(labels, coded["sector_code"], strict=True):
        if label and label.strip() and not resolver.resolve(label).parts:
            assert code == resolver.resolve(label).code


def one(rule, **kwargs):
    columns = {name: kwargs.pop(name) for name in list(kwargs) if isinstance(kwargs[name], list)}
    report = fi.validate(pl.DataFrame(columns), **kwargs)
    found = rules(report, rule)
    assert len(found) == 1, report.to_text()
    return found[0]


def test_fi101_names_the_nearest():
    finding = one("FI101", 行业=["量子通迅", "量子信息"], scheme=HEFEI)
    assert (finding.count, finding.rows, finding.suggestion) == (1, (1,), "量子通信")


def test_fi102_lists_the_items():
    finding = one("FI102", 行业=["航空"], scheme="jiangxi/1269")
    assert finding.message.count("aviation [") == 2
    report = fi.validate(
        pl.DataFrame({"行业": ["航空"], "层级": ["6"]}), scheme="jiangxi/1269", tier="层级"
    )
    assert report.findings == ()


def test_fi103_is_not_fi101():
    finding = one("FI103", 行业=["电机"], scheme=HEFEI)
    assert "electric motor" in finding.message or "电机" in finding.message


def test_fi107_a_name_of_a_later_version():
    finding = one(
        "FI107", 行业=["低空经济与空天"], 日期=["2023"], scheme="shenzhen/20-plus-8", date="日期"
    )
    assert "shenzhen/20-plus-8@2024-03" in finding.message
    assert not fi.validate(
        pl.DataFrame({"行业": ["低空经济与空天"], "日期": ["2024-06"]}),
        scheme="shenzhen/20-plus-8",
        date="日期",
    ).findings


def test_fi108_the_tier_does_not_hold_the_item():
    finding = one("FI108", 行业=["量子信息"], 层级=["3"], scheme=HEFEI, tier="层级")
    assert finding.column == "层级"
    assert not fi.validate(
        pl.DataFrame({"行业": ["量子信息"], "层级": ["2"]}), scheme=HEFEI, tier="层级"
    ).findings


def test_fi109_and_the_park_that_picks_the_scheme():
    finding = one(
        "FI109", 行业=["量子信息", "电机"], 园区=["合肥高新", "宁德东侨经开区"], park="园区"
    )
    assert finding.value == "合肥高新"
    assert finding.suggestion == "合肥高新区"


def test_fi110_no_version_at_that_date():
    finding = one("FI110", 行业=["量子信息"], 日期=["2019"], scheme=HEFEI, date="日期")
    assert "2024-05" in finding.message


def test_fi111_duplicate_keys():
    finding = one("FI111", 行业=["量子信息"] * 3, 编号=["a", "b", "a"], scheme=HEFEI, key="编号")
    assert (finding.count, finding.rows, finding.value) == (2, (1, 3), "a")


def test_fi112_a_part_counted_beside_its_whole():
    finding = one("FI112", 行业=["空天技术", "无人机"], 数值=["3", "1"], scheme=HEFEI, value="数值")
    assert "aerospace technology" in finding.message
    empty = pl.DataFrame({"行业": ["空天技术", "无人机"], "数值": ["3", None]})
    assert not rules(fi.validate(empty, scheme=HEFEI, value="数值"), "FI112")


@pytest.mark.parametrize(
    "amount", ["120余家", "近90万元", "1,234.5", "3—30%", "最高200万元/年", "-4", "约7万美元"]
)
def test_amounts_with_units_and_qualifiers_are_understood(amount):
    data = pl.DataFrame({"行业": ["量子信息"], "数值": [amount]})
    assert not rules(fi.validate(data, scheme=HEFEI, value="数值"), "FI113")


@pytest.mark.parametrize("amount", ["很多", "12个月内", "N/A", "家"])
def test_fi113_what_is_no_amount(amount):
    assert (
        one("FI113", 行业=["量子信息"], 数值=[amount], scheme=HEFEI, value="数值").value == amount
    )


def test_fi115_names_the_character():
    assert "U+200B" in one("FI115", 行业=["元\u200b宇宙"], scheme=HEFEI).message


def test_fi117_code_and_name_disagree():
    finding = one("FI117", 行业=["量子信息"], 代码=["fusion-energy"], scheme=HEFEI, code="代码")
    assert finding.suggestion == "quantum-information"
    fine = pl.DataFrame({"行业": ["量子信息"], "代码": ["quantum-information"]})
    assert not fi.validate(fine, scheme=HEFEI, code="代码").findings


def test_a_code_settles_an_ambiguous_name():
    jiangxi = fi.load("jiangxi/1269")
    code = next(c.item.code for c in jiangxi.resolve("航空").candidates)
    data = pl.DataFrame({"行业": ["航空"], "代码": [code]})
    assert fi.validate(data, scheme="jiangxi/1269", code="代码").ok
    coded = fi.recode(data, scheme="jiangxi/1269", code="代码")
    assert coded["sector_code"].to_list() == coded["代码"].to_list()
    assert fi.recode(data, scheme="jiangxi/1269")["sector_outcome"].to_list() == ["ambiguous"]


def test_recode_to_another_scheme_says_how_the_label_relates():
    data = pl.DataFrame({"行业": ["可控核聚变", "量子信息", "元宇宙", "电机"]})
    coded = fi.recode(data, scheme=HEFEI, to="shenzhen/20-plus-8")
    found = dict(
        zip(coded["行业"], coded.select("sector_code", "sector_outcome").iter_rows(), strict=True)
    )
    assert found["量子信息"] == ("quantum-information", "resolved")
    assert found["电机"] == (None, "outside")


def test_weights_of_one_row_sum_to_one():
    data = pl.DataFrame({"行业": ["量子信息、空天信息、元宇宙", "量子信息"], "n": [1, 2]})
    coded = fi.recode(data, scheme=HEFEI, policy="weight")
    sums = coded.group_by("n").agg(pl.col("sector_weight").sum()).sort("n")
    assert sums["sector_weight"].to_list() == pytest.approx([1.0, 1.0])


def test_reject_refuses_and_names_the_labels():
    with pytest.raises(NotAllocated, match="量子信息、空天信息"):
        fi.recode(pl.DataFrame({"行业": ["量子信息、空天信息"]}), scheme=HEFEI, policy="reject")


@pytest.mark.parametrize(
    ("kwargs", "error", "says"),
    [
        ({"scheme": HEFEI, "sector": "行页"}, ColumnNotFound, "行业"),
        ({"scheme": "hefei-htz/future-industry"}, UnknownScheme, "future-industries"),
        ({}, FutureIndustryError, "scheme="),
    ],
)
def test_wrong_arguments_say_what_to_do(kwargs, error, says):
    with pytest.raises(error, match=says):
        fi.validate(pl.DataFrame({"行业": ["量子信息"]}), **kwargs)


def test_recode_overwrites_no_column():
    with pytest.raises(ColumnExists, match="sector_code"):
        fi.recode(pl.DataFrame({"行业": ["量子信息"], "sector_code": [""]}), scheme=HEFEI)
    with pytest.raises(UnknownFormat, match="explode"):
        fi.recode(pl.DataFrame({"行业": ["量子信息"]}), scheme=HEFEI, policy="explod")


def test_a_column_of_numbers_is_no_column_of_names():
    with pytest.raises(UnreadableData, match="numbers"):
        fi.validate(pl.DataFrame({"行业": [1, 2, 3, 4, 5]}), scheme=HEFEI)


def test_gaps_and_amounts_in_pandas_text_columns():
    data = pd.DataFrame({"行业": ["量子信息", None], "数值": ["1.5", "很多"]}, dtype="string")
    report = fi.validate(data, scheme=HEFEI, value="数值")
    assert [(f.rule, f.rows) for f in report.findings] == [("FI113", (2,)), ("FI114", (2,))]


def test_codes_that_are_numbers_are_names_of_their_scheme():
    data = pl.DataFrame({"行业": ["3973", "0111", "6520", "A", "3921"]})
    assert fi.validate(data, scheme="nbs/gbt-4754@2017").outcomes == {"resolved": 5}


CSV = "行业,数值\n量子信息,1\n量子通迅,2\n"


@pytest.mark.parametrize(
    ("encoding", "delimiter", "repaired"),
    [("utf-8", ",", 0), ("utf-8-sig", ";", 0), ("gb18030", ",", 1), ("utf-8", "\t", 0)],
)
def test_csv_of_any_delimiter_and_encoding(tmp_path, encoding, delimiter, repaired):
    path = tmp_path / "data.csv"
    path.write_text(CSV.replace(",", delimiter), encoding=encoding)
    report = fi.validate(path, scheme=HEFEI)
    assert [f.value for f in rules(report, "FI101")] == ["量子通迅"]
    assert len(rules(report, "FI116")) == repaired


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_what_is_written_can_be_validated(tmp_path, suffix):
    coded = fi.recode(pl.DataFrame({"行业": ["量子科技", "电机"]}), scheme=HEFEI)
    path = write_table(coded, tmp_path / f"coded{suffix}")
    report = fi.validate(path, scheme=HEFEI, code="sector_code")
    assert [f.rule for f in report.findings] == ["FI103", "FI104"]
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("data.csv", b"", "empty"),
        ("data.csv", b"PAR1\x00\x01", "binary"),
        ("data.csv", b"\xff\x80\x81\xff", "neither UTF-8"),
        ("data.csv", b"\xff\xfe\x80\x81\xff", "middle of a character"),
        ("data.csv", "行业\n".encode(), "no rows"),
        ("data.parquet", b"not parquet at all", "cannot be read"),
        ("data.xlsx", b"not a workbook", "cannot be read"),
        ("data.docx", b"x", "no CSV, Parquet or Excel"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableData, match=says):
        fi.validate(path, scheme=HEFEI)


def test_a_missing_file_names_the_nearest(tmp_path):
    (tmp_path / "sales.csv").write_text(CSV, encoding="utf-8")
    with pytest.raises(UnreadableData, match=r"sales\.csv"):
        fi.validate(tmp_path / "salse.csv", scheme=HEFEI)


def test_merged_header_cells_are_refused(tmp_path):
    import xlsxwriter

    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "2024 年")
        sheet.write_row(1, 0, ["行业", "数值", "年份"])
        sheet.write_row(2, 0, ["量子信息", 1, 2024])
    with pytest.raises(UnreadableData, match="merged header"):
        fi.validate(path, scheme=HEFEI)


def test_a_folder_of_parquet_files_is_one_dataset(tmp_path):
    for n, label in enumerate(("量子信息", "量子通迅")):
        pl.DataFrame({"行业": [label]}).write_parquet(tmp_path / f"{n}.parquet")
    assert fi.validate(tmp_path, scheme=HEFEI).rows == 2


def test_what_is_no_frame_is_refused():
    with pytest.raises(UnreadableData, match="no data frame"):
        fi.validate(42, scheme=HEFEI)


# From version to version, with the reason


# Across versions, and with a specification


OLD, NEW = "shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8@2024-03"


def test_recode_follows_splits_mergers_and_declared_successors_and_says_why_not():
    labels = ["工业母机", "激光与增材制造", "新材料", "区块链", "智能机器人", "乱写的", None]
    coded = fi.recode(pl.DataFrame({"行业": labels}), scheme=OLD, to=NEW, reason="zh")
    rows = {row["行业"]: row for row in coded.iter_rows(named=True)}
    merged = "high-end-equipment-and-instruments"
    assert {label: row["sector_code"] for label, row in rows.items()} == {
        "工业母机": merged,
        "激光与增材制造": merged,
        "新材料": "high-performance-materials; frontier-new-materials",
        "区块链": None,
        "智能机器人": "intelligent-robots",
        "乱写的": None,
        None: None,
    }
    assert rows["区块链"]["sector_outcome"] == "outside"
    assert rows["区块链"]["sector_reason"].startswith("删除:")
    assert rows["新材料"]["sector_reason"].startswith("拆分:")
    assert "指明由高端装备与仪器接续" in rows["激光与增材制造"]["sector_reason"]
    assert rows["工业母机"]["sector_relation"] == "part_of"
    assert "乱写的" in rows["乱写的"]["sector_reason"]
    assert rows[None]["sector_reason"] is None


def test_the_reason_names_the_maps_between_two_schemes_and_is_left_out_unless_asked_for():
    data = pl.DataFrame({"行业": ["量子信息", "区块链"]})
    coded = fi.recode(data, scheme=OLD, to=HEFEI, reason="en")
    assert "sssom.tsv:" in coded["sector_reason"][0]
    assert "nothing is known" in coded["sector_reason"][1]
    assert "sector_reason" not in fi.recode(data, scheme=OLD, to=HEFEI).columns
    alone = fi.recode(data, scheme=OLD, reason="en")
    assert "equals" in alone["sector_reason"][0]


def test_a_date_picks_the_version_where_no_column_does():
    data = pl.DataFrame({"行业": ["区块链"], "园区": ["深圳市"]})
    for options in ({"scheme": "shenzhen/20-plus-8"}, {"park": "园区"}):
        assert fi.validate(data, as_of="2023", **options).ok
        assert not fi.validate(data, **options).ok
        assert fi.recode(data, as_of="2023", **options)["sector_code"].to_list() == ["blockchain"]
    # An id with a version is taken at its word.
    assert not fi.validate(data, scheme=NEW, as_of="2023").ok


def coded_to(labels, scheme, to, **options):
    coded = fi.recode(pl.DataFrame({"行业": labels}), scheme=scheme, to=to, **options)
    return dict(zip(coded["行业"], coded.to_dicts(), strict=True))


def test_recode_follows_what_became_of_an_item():
    found = coded_to(["大健康", "激光与增材制造", "新材料", "区块链"], OLD, NEW, reason="zh")
    assert found["大健康"]["sector_code"] == "comprehensive-health"
    assert found["大健康"]["sector_relation"] == "equals"
    merged = found["激光与增材制造"]
    assert (merged["sector_code"], merged["sector_relation"]) == (
        "high-end-equipment-and-instruments", "part_of",
    )  # fmt: skip
    assert merged["sector_reason"].startswith("合并")
    assert found["新材料"]["sector_code"] == "high-performance-materials; frontier-new-materials"
    assert found["区块链"]["sector_outcome"] == "outside"
    assert found["区块链"]["sector_reason"].startswith("删除")


def test_every_item_that_goes_on_is_coded_in_the_next_version():
    labels = [item.label["zh"] for item in fi.load(OLD).values() if not item.children]
    found = coded_to(labels, OLD, NEW)
    for change in fi.diff(OLD, NEW):
        for code in change.old if change.new else ():
            label = fi.load(OLD)[code].label["zh"]
            if label in found:
                assert set(change.new) <= set(found[label]["sector_code"].split("; "))


def test_a_reason_says_why_there_is_no_item():
    found = coded_to(["电机", "xx", "细胞与基因"], "shenzhen/20-plus-8", HEFEI, reason="en")
    assert "but outside" in found["电机"]["sector_reason"]
    assert "no name in" in found["xx"]["sector_reason"]
    assert f"any item of {HEFEI}@2024-05" in found["细胞与基因"]["sector_reason"]


def test_a_specification_with_several_columns_adds_columns_for_each(engine):
    spec = Specification(
        (SectorColumn("行业"), SectorColumn("国标", "nbs/gbt-4754@2017", prefix="gb")), HEFEI
    )
    rows = pl.DataFrame({"行业": ["量子科技", None], "国标": ["0111", "量子信息"], "n": [1, 2]})
    coded = fi.recode(ENGINES[engine](rows), spec=spec, policy="weight")
    frame = nw.from_native(coded)
    names = frame.collect_schema().names()
    added = [
        f"{prefix}_{kind}"
        for prefix in ("行业", "gb")
        for kind in ("code", "label", "relation", "outcome", "weight", "basis")
    ]
    assert names == ["行业", "国标", "n", *added]
    first = next(row for row in rows_of(coded) if row[2] == 1)
    assert (first[3], first[9]) == ("quantum-information", "0111")


def test_one_column_of_a_specification_adds_what_recode_always_adds(tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_text(
        f"scheme: {HEFEI}\nsectors:\n  - column: 产业\n    to: miit/future-industries\n", "utf-8"
    )
    coded = fi.recode(pl.DataFrame({"产业": ["聚变能源"]}), spec=path)
    assert coded["sector_outcome"].to_list() == ["resolved"]
    assert coded["sector_code"][0] in fi.load("miit/future-industries")
    with pytest.raises(ColumnExists, match="sector_code"):
        fi.recode(coded, spec=path)


# Every rule of datasets: rows that trigger it, and rows that nearly do

TRIGGERS = {
    "FI101": ({"行业": ["量子通迅"]}, {"行业": ["量子通信"]}, {}),
    "FI102": ({"行业": ["航空"]}, {"行业": ["航空"], "层级": ["6"]}, {"scheme": "jiangxi/1269"}),
    "FI103": ({"行业": ["电机"]}, {"行业": ["量子信息"]}, {}),
    "FI104": ({"行业": ["量子科技"]}, {"行业": ["量子信息"]}, {}),
    "FI105": ({"行业": ["量子计算"]}, {"行业": ["量子信息"]}, {}),
    "FI106": ({"行业": ["元宇宙"]}, {"行业": ["聚变能源"]}, {}),
    "FI107": (
        {"行业": ["低空经济与空天"], "日期": ["2023"]},
        {"行业": ["低空经济与空天"], "日期": ["2024-06"]},
        {"scheme": "shenzhen/20-plus-8"},
    ),
    "FI108": ({"行业": ["量子信息"], "层级": ["3"]}, {"行业": ["量子信息"], "层级": ["2"]}, {}),
    "FI109": ({"行业": ["量子信息"], "园区": ["合肥高新"]}, {"行业": ["量子信息"], "园区": ["合肥高新区"]}, {"scheme": None}),
    "FI110": ({"行业": ["量子信息"], "日期": ["2019"]}, {"行业": ["量子信息"], "日期": ["2024-05"]}, {}),
    "FI111": ({"行业": ["量子信息"] * 2, "编号": ["a", "a"]}, {"行业": ["量子信息"] * 2, "编号": ["a", "b"]}, {}),
    "FI112": ({"行业": ["空天技术", "无人机"], "数值": ["3", "1"]}, {"行业": ["空天技术", "无人机"], "数值": ["3", None]}, {}),
    "FI113": ({"行业": ["量子信息"], "数值": ["很多"]}, {"行业": ["量子信息"], "数值": ["120余家"]}, {}),
    "FI114": ({"行业": ["量子信息", " "]}, {"行业": ["量子信息"]}, {}),
    "FI115": ({"行业": ["元\u200b宇宙"]}, {"行业": ["元 宇宙"]}, {}),
    "FI116": ({"行业": ["量子信息".encode().decode("latin-1")]}, {"行业": ["量子信息"]}, {}),
    "FI117": (
        {"行业": ["量子信息"], "代码": ["fusion-energy"]},
        {"行业": ["量子信息"], "代码": ["quantum-information"]},
        {},
    ),
    "FI118": ({"行业": ["量子信息"] * 2, "数值": ["3家", "3亿元"]}, {"行业": ["量子信息"] * 2, "数值": ["3万元", "3亿元"]}, {}),
}  # fmt: skip
ROLES = {
    "层级": "tier",
    "日期": "date",
    "园区": "park",
    "编号": "key",
    "数值": "value",
    "代码": "code",
}


def test_every_rule_of_datasets_has_a_trigger_and_a_near_miss():
    assert set(TRIGGERS) == {code for code in RULES if code.startswith("FI1")}


@pytest.mark.parametrize("rule", TRIGGERS)
def test_a_rule_is_triggered_and_nearly(rule):
    wrong, right, options = TRIGGERS[rule]
    for rows, expected in ((wrong, True), (right, False)):
        roles = {ROLES[name]: name for name in rows if name in ROLES}
        report = fi.validate(pl.DataFrame(rows), **{"scheme": HEFEI, **options, **roles})
        assert bool(rules(report, rule)) is expected, report.to_text()
        for finding in rules(report, rule):
            assert "{" not in finding.say("en") + finding.say("zh")


def weighted(tmp_path, monkeypatch, *rows):
    """Make a catalogue of two small schemes and a table of weights between them."""
    base = "https://w3id.org/futureindustry/"
    for name, codes in (("a", "xyz"), ("b", "pqr")):
        path = tmp_path / "me" / name / "1.yaml"
        path.parent.mkdir(parents=True)
        items = "".join(f'  - {{code: {c}, label: {{zh: "{c}{c}", en: "{c}"}}}}\n' for c in codes)
        head = f'series: me/{name}\nversion: "1"\ntitle: {{zh: "{name}"}}\nissuer: me\nitems:\n'
        path.write_text(head + items, encoding="utf-8")
    (tmp_path / "mappings").mkdir()
    lines = (
        f"me.a:{x}\tskos:closeMatch\tme.b:{y}\tsemapv:ManualMappingCuration\t{w}"
        for x, y, w in rows
    )
    (tmp_path / "mappings" / "me.a--me.b.sssom.tsv").write_text(
        f"#curie_map:\n#  me.a: {base}me/a/\n#  me.b: {base}me/b/\n#  fi: {base}\n"
        "#extension_definitions:\n#  - slot_name: ext_weight\n#    property: fi:ext/weight\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\text_weight\n"
        + "\n".join(lines)
        + "\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("FUTUREINDUSTRY_CATALOG", str(tmp_path))


def test_recode_divides_by_the_weights_of_the_correspondence(tmp_path, monkeypatch):
    """x is divided by weights; of y a part is; z has no weights; what is assumed says so."""
    rows = [("x", "p", 0.75), ("x", "q", 0.25), ("y", "p", 0.5), ("y", "q", ""), ("y", "r", ""),
            ("z", "p", ""), ("z", "q", "")]  # fmt: skip
    weighted(tmp_path, monkeypatch, *rows)
    data = pl.DataFrame({"行业": ["xx", "yy", "zz", "xx、zz"], "n": [1, 2, 3, 4]})
    coded = fi.recode(data, scheme="me/a", to="me/b", policy="weight")
    found = {}
    for n, code, weight, basis in coded.select(
        "n", "sector_code", "sector_weight", "sector_basis"
    ).rows():
        found.setdefault(n, {})[code, basis] = round(weight, 6)
    assert found == {
        1: {("p", "weight"): 0.75, ("q", "weight"): 0.25},
        2: {("p", "weight"): 0.5, ("q", "default"): 0.25, ("r", "default"): 0.25},
        3: {("p", "default"): 0.5, ("q", "default"): 0.5},
        4: {
            ("p", "weight"): 0.375, ("q", "weight"): 0.125,
            ("p", "default"): 0.25, ("q", "default"): 0.25,
        },
    }  # fmt: skip


def test_what_the_weights_leave_over_goes_nowhere(tmp_path, monkeypatch):
    weighted(tmp_path, monkeypatch, ("x", "p", 0.75))
    data = pl.DataFrame({"行业": ["xx"]})
    coded = fi.recode(data, scheme="me/a", to="me/b", policy="weight")
    assert coded.select("sector_code", "sector_outcome", "sector_weight").rows() == [
        ("p", "resolved", 0.75),
        (None, "outside", 0.25),
    ]


# What is kept of many findings


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=30), st.integers(1, 4))
def test_the_findings_with_most_rows_are_kept_and_the_others_counted(labels, limit):
    frame = pl.DataFrame({"行业": [f"坏{label}名称" for label in labels]})
    whole = fi.validate(frame, scheme=HEFEI)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("futureindustry.dataset.KEPT", limit)
        cut = fi.validate(frame, scheme=HEFEI)
    assert cut.findings == whole.findings[:limit]
    assert cut.summary["rules"] == whole.summary["rules"]
    left = whole.findings[limit:]
    assert [(r.findings, r.rows) for r in cut.rest] == (
        [(len(left), sum(f.count for f in left))] if left else []
    )
    assert cut.to_text().splitlines()[-1] == whole.to_text().splitlines()[-1]


def test_what_is_cut_is_the_same_on_every_engine(engine, monkeypatch):
    monkeypatch.setattr("futureindustry.dataset.KEPT", 2)
    frame = pl.DataFrame(
        {"行业": ["坏", "很坏", "很坏", "极坏", "电机"], "层级": ["2", "2", "3", "3", "3"]}
    )
    expected = fi.validate(frame, scheme=HEFEI, tier="层级")
    found = fi.validate(ENGINES[engine](frame), scheme=HEFEI, tier="层级")
    assert [(f.rule, f.value, f.count) for f in found.findings] == [
        ("FI101", "很坏", 2), ("FI101", "坏", 1), ("FI103", "电机", 1),
    ]  # fmt: skip
    assert found.rest == expected.rest
    assert found.rest[0].to_dict() == {"rule": "FI101", "column": "行业", "findings": 1, "rows": 1}


def test_values_and_keys_are_judged_alike_on_every_engine(engine):
    frame = pl.DataFrame(
        {
            "行业": ["空天技术", "无人机", "量子信息", "量子信息"], "国标": ["0111", "xx", "0111", None],
            "值": ["3家", "很多", "约2亿元", "4"], "量": ["3", "5万元", "7家", None], "号": ["a", "a", "b", "c"],
        }
    )  # fmt: skip
    spec = Specification(
        (SectorColumn("行业"), SectorColumn("国标", "nbs/gbt-4754@2017")),
        HEFEI,
        values=(ValueColumn("值"), ValueColumn("量", "亿元")),
        key=("号",),
    )
    expected = fi.validate(frame, spec=spec).to_dict()
    found = fi.validate(ENGINES[engine](frame), spec=spec).to_dict()
    assert {f["rule"] for f in expected["findings"]} == {
        "FI101", "FI111", "FI112", "FI113", "FI114", "FI118",
    }  # fmt: skip
    if engine not in ORDERED:
        for report in (expected, found):
            for finding in report["findings"]:
                finding["rows"] = []
    assert found == expected


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([datetime.date(2024, 5, 1)] * 2, [("FI113", "2024-05-01", 2)]),
        ([True, False], [("FI113", "false", 1), ("FI113", "true", 1)]),
        ([None, None], []),
        ([3.0, 4.5], []),
    ],
)
def test_a_column_of_values_may_be_of_any_type(values, found):
    data = pl.DataFrame({"行业": ["量子信息"] * 2, "值": values})
    report = fi.validate(data, scheme=HEFEI, value="值")
    assert [(f.rule, f.value, f.count) for f in report.findings] == found


def test_numbers_among_texts_are_read_as_numbers():
    data = pd.DataFrame({"行业": ["量子信息"] * 3, "值": [3, "3亿元", None]})
    report = fi.validate(data, scheme=HEFEI, value="值")
    assert [(f.rule, f.value, f.count) for f in report.findings] == [
        ("FI118", None, 1), ("FI118", "元", 1),
    ]  # fmt: skip

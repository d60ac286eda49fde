"""Mending: only what is certain, shown as a patch, and the data itself left alone."""

import csv
import io
import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import futureindustry as fi
from engines import ENGINES, ORDERED, rows_of
from futureindustry.errors import ColumnNotFound

HEFEI = "hefei-htz/future-industries"
CELLS = [
    "量子信息", "量子科技", "量子计算", "电机", "量子通迅", "元\u200b宇宙", "量子科技、可控核聚变", "quantum technology",
    "量子科技;电机", " 量子信息", "", None, "量子信息".encode().decode("latin-1"), "聚变能源\ufeff", "x\u200by",
]  # fmt: skip


def mended(*cells, **options):
    found = fi.mend(
        pl.DataFrame({"行业": cells}, schema={"行业": pl.String}), scheme=HEFEI, **options
    )
    return found.data["行业"].to_list(), {c.old: (c.new, c.rules) for c in found.changes}


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("量子科技", "量子信息", ("FI104",)),
        ("元\u200b宇宙", "元宇宙", ("FI115",)),
        ("量子科\u200b技", "量子信息", ("FI104", "FI115")),
        ("x\u200by", "xy", ("FI115",)),
        ("量子科技、可控核聚变", "量子信息、聚变能源", ("FI104",)),
        ("量子科技;电机", "量子信息;电机", ("FI104",)),
        ("量子信息".encode().decode("latin-1"), "量子信息", ("FI116",)),
    ],
)
def test_what_is_certain_is_mended(old, new, rules):
    assert mended(old) == ([new], {old: (new, rules)})


@pytest.mark.parametrize(
    "cell",
    [
        "量子信息",
        "量子计算",
        "电机",
        "量子通迅",
        "quantum technology",
        " 量子信息",
        "",
        None,
        "Аl",
        "量子信息等",
    ],
)
def test_nothing_else_is_touched(cell):
    assert mended(cell, "量子信息") == ([cell, "量子信息"], {})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(CELLS), min_size=1, max_size=8))
def test_mending_changes_no_meaning_and_is_done_once(cells):
    frame = pl.DataFrame({"行业": cells}, schema={"行业": pl.String})
    found = fi.mend(frame, scheme=HEFEI)
    assert frame["行业"].to_list() == cells
    codes = [fi.recode(f, scheme=HEFEI)["sector_code"].to_list() for f in (frame, found.data)]
    assert codes[0] == codes[1]
    assert fi.mend(found.data, scheme=HEFEI).changes == ()
    for change in found.changes:
        assert change.count == cells.count(change.old)
        assert all(cells[n - 1] == change.old for n in change.rows)
        assert all(found.data["行业"][n - 1] == change.new for n in change.rows)
    before, after = (fi.validate(f, scheme=HEFEI).summary["rules"] for f in (frame, found.data))
    assert all(after.get(rule, 0) <= before.get(rule, 0) for rule in ("FI101", "FI104", "FI115"))


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_mends_alike(name):
    frame = pl.DataFrame(
        {"n": range(len(CELLS)), "行业": CELLS}, schema={"n": pl.Int64, "行业": pl.String}
    )
    expected = fi.mend(frame, scheme=HEFEI)
    data = ENGINES[name](frame)
    found = fi.mend(data, scheme=HEFEI)
    assert type(found.data) is type(data)
    assert sorted(rows_of(found.data), key=str) == sorted(rows_of(expected.data), key=str)
    if name in ORDERED:
        assert rows_of(found.data) == rows_of(expected.data)
        assert found.changes == expected.changes


def test_what_a_label_means_where_it_stands_decides():
    data = pl.DataFrame({"行业": ["量子科技"] * 2, "园区": ["合肥高新区", "成都高新区"]})
    found = fi.mend(data, park="园区")
    assert found.data["行业"].to_list() == ["量子信息", "量子科技"]
    assert [(c.count, c.rows) for c in found.changes] == [(1, (1,))]


def test_the_patch_reads_like_a_diff_and_shows_what_is_invisible():
    found = fi.mend(pl.DataFrame({"行业": ["元\u200b宇宙", "量子科技", "量子科技"]}), scheme=HEFEI)
    assert found.to_text("en").splitlines() == [
        "@@ 行业 @@",
        "- 量子科技",
        "+ 量子信息    FI104, 2 rows, first 2",
        "- 元<U+200B>宇宙",
        "+ 元宇宙    FI115, 1 row, first 1",
        "2 changes in 3 cells",
    ]
    assert "首见第 2 行" in found.to_text("zh")
    assert json.loads(found.to_json())[0]["rows"] == [2, 3]
    assert next(csv.DictReader(io.StringIO(found.to_csv())))["new"] == "量子信息"


def test_a_missing_column_is_told():
    with pytest.raises(ColumnNotFound, match="行业"):
        fi.mend(pl.DataFrame({"行业 ": ["x"]}), scheme=HEFEI)


def test_one_change_is_said_in_the_singular():
    mended = fi.mend(pl.DataFrame({"行业": ["量子科技"]}), scheme="hefei-htz/future-industries")
    assert mended.to_text().splitlines()[-1] == "1 change in 1 cell"

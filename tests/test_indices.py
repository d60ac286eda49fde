"""Indices of specialisation: the published formulas, what is missing, what is uncertain."""

import csv
import io
import json
import math
from pathlib import Path

import attrs
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import futureindustry as fi
from futureindustry.errors import (
    ColumnNotFound,
    FutureIndustryError,
    UnknownFormat,
    UnknownScheme,
    UnreadableData,
)
from futureindustry.indices import _Amount, _indices, specialisation
from futureindustry.model import Item, Map, Scheme, Text
from futureindustry.relation import Relation
from futureindustry.sssom import MapFile
from futureindustry.store import HUB

CASES = Path(__file__).parent / "cases"
HEFEI = "hefei-htz/future-industries"
MIIT = "miit/future-industries"
ENGINES = {
    "polars": pl.DataFrame,
    "polars-lazy": lambda rows: pl.DataFrame(rows).lazy(),
    "pandas": pd.DataFrame,
    "pyarrow": pa.table,
    "duckdb": lambda rows: duckdb.from_arrow(pa.table(rows)),
}
PARKS, SECTORS = "ABCD", "uvwxyz"
ROWS = {
    "park": ["A", "A", "A", "B", "B", "C"],
    "sector": ["x", "x", "y", "y", "z", "z"],
    "value": [10, 20, 10, 40, 20, 100],
}


def measure(rows, **options):
    data = pl.DataFrame(rows) if isinstance(rows, dict) else rows
    options = {"park": "park", "sector": "sector", "value": "value"} | options
    return specialisation(data, **options)


def long(table):
    """Make long rows of a table {park: {sector: amount}}."""
    cells = [(p, s, v) for p, row in table.items() for s, v in row.items()]
    return {
        "park": [p for p, _, _ in cells],
        "sector": [s for _, s, _ in cells],
        "value": [v for _, _, v in cells],
    }


def by_key(found):
    return {(c.park, c.sector): c for c in found.cells}


def parks_of(found):
    return {p.park: p for p in found.parks}


def close(a, b, tolerance=1e-9):
    return (a is None) == (b is None) and (
        a is None or math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)
    )


def amounts_of(table):
    return [_Amount(p, (s,), v) for p, row in table.items() for s, v in row.items()]


unhurried = settings(deadline=None)
values = st.integers(0, 1000) | st.integers(0, 10**6).map(lambda n: n / 7)
tables = st.dictionaries(
    st.sampled_from(PARKS),
    st.dictionaries(st.sampled_from(SECTORS), values, min_size=1),
    min_size=1,
)


# The formulas


def test_an_example_worked_by_hand():
    """x.. = 200, x_A. = 40, x_B. = 60, x_C. = 100; x_.x = 30, x_.y = 50, x_.z = 120."""
    found = measure(ROWS)
    cells, parks = by_key(found), parks_of(found)
    assert [(c.park, c.sector) for c in found.cells] == [(p, s) for p in "ABC" for s in "xyz"]
    cell = cells["A", "x"]
    assert (cell.value, cell.park_total, cell.sector_total, cell.total) == (30, 40, 30, 200)
    assert (cell.share, cell.lq, cell.rca) == (0.75, 5.0, True)
    assert [cells["B", s].lq for s in "xyz"] == pytest.approx([0, (40 / 60) / 0.25, (1 / 3) / 0.6])
    assert [cells[p, "z"].rca for p in "ABC"] == [False, False, True]
    assert parks["A"].hhi == 0.625
    assert parks["A"].entropy == pytest.approx(-(0.75 * math.log(0.75) + 0.25 * math.log(0.25)))
    assert parks["A"].entropy_normalised == pytest.approx(parks["A"].entropy / math.log(3))
    # The others together: y 40, z 120 of 160.
    assert parks["A"].krugman == pytest.approx(0.75 + 0 + 0.75)
    assert (parks["C"].hhi, parks["C"].entropy, parks["C"].sectors) == (1, 0, 1)
    assert parks["C"].krugman == pytest.approx(0.3 + 0.5 + 0.8)
    # RCA: A has x and, with 0.25 / 0.25, y; B has y; C has z.
    assert [(s.sector, s.total, s.share, s.ubiquity) for s in found.sectors] == [
        ("x", 30, 0.15, 1), ("y", 50, 0.25, 2), ("z", 120, 0.6, 1),
    ]  # fmt: skip
    assert (found.proximity("x", "y"), found.proximity("x", "z"), found.proximity("x", "x")) == (
        0.5, 0, 1,
    )  # fmt: skip
    assert [cells["B", s].density for s in "xyz"] == pytest.approx([0.5 / 1.5, 1 / 1.5, 0])


def recorded(name):
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_rca_presence_and_density_agree_with_the_economic_complexity_packages():
    """Numbers of ecomplexity and econci on the same matrix; their versions stand in the file."""
    expected = recorded("rca_ecomplexity.csv")
    columns = {key: [row[key] for row in expected] for key in ("park", "sector", "value")}
    found = measure(columns)
    cells = by_key(found)
    assert len(cells) == len(expected)
    codes = [sector.sector for sector in found.sectors]
    for row in expected:
        cell = cells[row["park"], row["sector"]]
        assert cell.lq == pytest.approx(float(row["rca"]), rel=1e-9)
        assert cell.rca == bool(int(row["presence"]))
        assert cell.density == pytest.approx(float(row["density"]), rel=1e-9)
        # econci leaves the sector itself out, of what the park has and of what there is.
        near = sum(found.proximity(cell.sector, other) for other in codes)
        without = (cell.density * near - cell.rca) / (near - 1)
        assert without == pytest.approx(float(row["density_econci"]), rel=1e-9, abs=1e-12)


def test_proximity_agrees_with_ecomplexity():
    rows = recorded("rca_ecomplexity.csv")
    found = measure({key: [row[key] for row in rows] for key in ("park", "sector", "value")})
    expected = recorded("rca_proximity.csv")
    assert len(expected) == 21
    for row in expected:
        for ends in ((row["a"], row["b"]), (row["b"], row["a"])):
            assert found.proximity(*ends) == pytest.approx(float(row["proximity"]), rel=1e-9)


# Laws


@unhurried
@given(tables, st.sampled_from([0.001, 0.3, 3, 7.7, 1000, 1e6]))
def test_specialisation_is_invariant_to_scale(table, factor):
    one = _indices(amounts_of(table), {})
    scaled = {p: {s: v * factor for s, v in row.items()} for p, row in table.items()}
    other = _indices(amounts_of(scaled), {})
    for a, b in zip(one.cells, other.cells, strict=True):
        assert close(a.value * factor, b.value)
        assert all(close(getattr(a, n), getattr(b, n)) for n in ("share", "lq", "density"))
        assert a.rca == b.rca
    for a, b in zip(one.parks, other.parks, strict=True):
        assert all(close(getattr(a, n), getattr(b, n)) for n in ("hhi", "entropy", "krugman"))


@unhurried
@given(tables, st.sampled_from([0.01, 5, 1000]))
def test_lq_and_krugman_are_invariant_to_the_size_of_what_is_doubled_throughout(table, factor):
    """The shares of a park do not depend on its own unit."""
    park = min(table)
    one = _indices(amounts_of(table), {})
    table[park] = {s: v * factor for s, v in table[park].items()}
    other = _indices(amounts_of(table), {})
    for name in ("hhi", "entropy", "krugman"):
        assert close(getattr(one.parks[0], name), getattr(other.parks[0], name))


@settings(max_examples=30, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(table, random):
    rows = [
        (p, s, share)
        for p, row in table.items()
        for s, v in row.items()
        for share in ([v / 3] * 3 if v % 2 else [float(v)])
    ]
    columns = dict(
        zip(("park", "sector", "value"), map(list, zip(*rows, strict=True)), strict=True)
    )
    one = measure(columns)
    random.shuffle(rows)
    columns = dict(
        zip(("park", "sector", "value"), map(list, zip(*rows, strict=True)), strict=True)
    )
    assert measure(columns) == one


@unhurried
@given(tables)
def test_the_quotients_of_a_park_average_to_one_by_the_weight_of_the_sectors(table):
    found = _indices(amounts_of(table), {})
    for park in found.parks:
        mine = [c for c in found.cells if c.park == park.park and c.lq is not None]
        if park.total:
            assert sum(c.sector_total / c.total * c.lq for c in mine) == pytest.approx(1)
            assert sum(c.share for c in found.cells if c.park == park.park) == pytest.approx(1)
        else:
            assert mine == []


@unhurried
@given(tables)
def test_the_indices_keep_their_ranges(table):
    found = _indices(amounts_of(table), {})
    n = len(found.sectors)
    for park in found.parks:
        if not park.total:
            assert park.hhi is park.entropy is park.krugman is None
            continue
        assert 1 / n - 1e-9 <= park.hhi <= 1
        assert 0 <= park.entropy <= math.log(n) + 1e-9
        # Rényi: the entropy of order 2 is no more than Shannon's.
        assert park.entropy >= -math.log(park.hhi) - 1e-9
        if park.krugman is not None:
            assert 0 <= park.krugman <= 2
        if park.entropy_normalised is not None:
            assert 0 <= park.entropy_normalised <= 1
    for cell in found.cells:
        assert cell.density is None or 0 <= cell.density <= 1
        assert cell.rca is (None if cell.lq is None else cell.lq >= 1 - 1e-9)


@unhurried
@given(tables)
def test_against_all_parks_the_krugman_index_shrinks_by_the_parks_own_weight(table):
    found = _indices(amounts_of(table), {})
    for park in found.parks:
        if park.krugman is not None:
            shares = {c.sector: c.share for c in found.cells if c.park == park.park}
            against_all = sum(abs(shares[s.sector] - s.share) for s in found.sectors)
            assert against_all == pytest.approx(
                (1 - park.total / found.total) * park.krugman, abs=1e-9
            )


@unhurried
@given(tables)
def test_what_is_certain_has_no_bounds_but_itself(table):
    found = _indices(amounts_of(table), {})
    for record in (*found.cells, *found.parks, *found.sectors):
        for name, value in attrs.asdict(record, recurse=False).items():
            if name.endswith("_low"):
                base = name.removesuffix("_low")
                assert getattr(record, base) == value == getattr(record, f"{base}_high")


def test_equal_structures_are_an_advantage_in_spite_of_rounding():
    table = {"A": {"x": 0.1, "y": 0.2, "z": 0.3}, "B": {"x": 0.7, "y": 1.4, "z": 2.1}}
    found = _indices(amounts_of(table), {})
    assert all(c.rca and c.lq == 1 for c in found.cells)
    assert [p.krugman for p in found.parks] == [0, 0]


# Missing, zero and wrong


def test_nothing_by_nothing_is_missing_and_not_zero():
    found = measure(long({"A": {"x": 5, "y": 0}, "B": {"x": 5}, "C": {"x": 0}}))
    cells, parks = by_key(found), parks_of(found)
    assert (cells["A", "y"].lq, cells["A", "y"].rca, cells["A", "y"].share) == (None, None, 0)
    assert cells["A", "y"].density is None
    assert cells["C", "x"].share is cells["C", "x"].lq is None
    assert cells["C", "x"].value == 0
    assert (parks["C"].hhi, parks["C"].entropy, parks["C"].krugman) == (None, None, None)
    alone = measure(long({"A": {"x": 5}}))
    assert alone.parks[0].krugman is alone.parks[0].entropy_normalised is None
    assert alone.cells[0].lq == 1


def test_a_missing_amount_is_not_known_and_not_zero():
    table = {"A": {"x": 30, "y": None}, "B": {"x": 10, "y": 10}, "C": {"x": 5, "y": 20}}
    found = measure(long(table))
    cells, parks = by_key(found), parks_of(found)
    assert (cells["A", "y"].value, cells["A", "y"].value_low, cells["A", "y"].value_high) == (
        None, 0, None,
    )  # fmt: skip
    assert cells["A", "x"].value == 30
    assert cells["A", "x"].lq is cells["A", "x"].share is cells["A", "x"].density is None
    assert (parks["A"].total, parks["A"].total_low, parks["A"].hhi) == (None, 30, None)
    assert (parks["A"].missing, parks["B"].missing) == (1, 0)
    del table["A"]
    rest = measure(long(table))
    assert [c for c in found.cells if c.park != "A"] == list(rest.cells)
    assert found.total == rest.total == 45
    zero = measure(long(table | {"A": {"x": 30, "y": 0}}))
    assert by_key(zero)["A", "x"].lq is not None
    assert by_key(zero)["B", "x"].lq != cells["B", "x"].lq
    assert "A" in found.to_text("en").split("missing amounts", 1)[1].splitlines()[0]


def test_where_part_of_a_cell_is_missing_the_rest_is_a_lower_bound():
    found = measure({"park": ["A", "A"], "sector": ["x", "x"], "value": [3, None]})
    (cell,) = found.cells
    assert (cell.value, cell.value_low, cell.value_high) == (None, 3, None)


def test_all_amounts_missing_leave_all_indices_missing():
    found = measure({"park": ["A", "B"], "sector": ["x", "y"], "value": [None, None]})
    assert found.total == 0
    assert all(c.lq is None and c.density is None for c in found.cells)
    assert found.to_json()
    assert found.to_text("zh")


def test_rows_without_park_or_sector_are_told():
    rows = {"park": ["A", None, " ", "A", "A"], "sector": ["x", "x", "x", None, " "]}
    found = measure(rows | {"value": [1, 2, 4, 8, 16]})
    assert found.unplaced == 6
    assert [(u.park, u.label, u.outcome, u.value) for u in found.unmapped] == [
        ("A", None, "missing", 24)
    ]
    (park,) = found.parks
    assert (park.total, park.unmapped, park.unmapped_share) == (1, 24, 0.96)
    assert "6" in found.to_text("en")


def test_texts_that_are_plain_numbers_are_read():
    texts = ["10", " 20 ", "1e1", "40.0", "20", "100"]
    assert measure(ROWS | {"value": texts}) == measure(ROWS)
    texts = ["十", "２０", "10.0", "四十", "20", "1百"]
    assert measure(ROWS | {"value": texts}) == measure(ROWS)
    blank = measure({"park": ["A", "B"], "sector": ["x", "x"], "value": ["", "7"]})
    assert blank.parks[0].missing == 1


def test_amounts_in_one_unit_are_read_and_no_others(engine):
    def rows(*values):
        return {"park": ["A", "A", "B"], "sector": ["x", "y", "y"], "value": list(values)}

    read = measure(ENGINES[engine](rows("3亿元", "1万元", "1,000元")))
    assert [p.total for p in read.parks] == [300_010_000, 1000]
    for values, said in (
        (("3亿元", "120余家", "1元"), r"says \(120, 130\) 家"),
        (("3亿元", "120家", "1元"), "cannot be added up"),
        (("3亿元", "120", "1元"), "others give no unit"),
    ):
        with pytest.raises(UnreadableData, match=said):
            measure(ENGINES[engine](rows(*values)))


@pytest.mark.parametrize("text", ["约7万", "n/a", "True", "0x1F", "--", "nan"])
def test_a_text_that_is_no_plain_number_is_named(engine, text):
    rows = {"park": ["A", "B"], "sector": ["x", "x"], "value": ["1", text]}
    with pytest.raises(
        UnreadableData, match=r"cannot be read as a number|no exact number"
    ) as error:
        measure(ENGINES[engine](rows))
    assert f'"{text}"' in str(error.value)
    assert isinstance(error.value, ValueError)


@pytest.mark.parametrize(
    ("amount", "said"), [(-2.5, "-2.5"), (math.inf, "inf"), (-math.inf, "-inf"), ("-3", "-3")]
)
def test_a_negative_or_endless_amount_is_named(engine, amount, said):
    other = "4" if isinstance(amount, str) else 4.0
    rows = {"park": ["A", "B"], "sector": ["x", "y"], "value": [other, amount]}
    with pytest.raises(UnreadableData) as error:
        measure(ENGINES[engine](rows))
    assert f'"value": {said} (B / y)' in str(error.value)


def test_what_is_asked_wrongly_is_told():
    with pytest.raises(ColumnNotFound, match='did you mean "value"'):
        measure(ROWS, value="valu")
    with pytest.raises(ColumnNotFound, match="park"):
        measure(ROWS, park="parc")
    with pytest.raises(UnknownScheme, match="hefei"):
        measure(ROWS, scheme="hefei-htz/future-industry")
    with pytest.raises(UnreadableData, match="no rows"):
        measure({"park": [], "sector": [], "value": []})
    with pytest.raises(UnreadableData, match="list"):
        specialisation([1], park="park", sector="sector", value=None)
    with pytest.raises(FutureIndustryError, match="scheme= or to="):
        measure(ROWS, date="park")
    with pytest.raises(UnknownFormat, match='did you mean "parks"'):
        measure(ROWS).to_frame("park")


# Engines


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


@pytest.mark.parametrize("kind", ["whole", "fractions", "texts", "rows"])
def test_the_same_on_every_engine(engine, kind):
    rows = {
        "park": ["B", "A", "A", "B", "C", "A", None, "B"] * 3,
        "sector": ["y", "x", "y", "z", "z", "x", "x", None] * 3,
    }
    numbers = [4, 3, 1, 2, 10, 5, 6, 7] * 3
    if kind == "fractions":
        rows["value"] = [n / 10 if n != 10 else None for n in numbers]
    elif kind == "texts":
        rows["value"] = [f"{n / 10}" for n in numbers]
    else:
        rows["value"] = numbers
    value = None if kind == "rows" else "value"
    expected = measure(rows, value=value)
    found = measure(ENGINES[engine](rows), value=value)
    assert found == expected
    assert found.to_json() == expected.to_json()


def test_pandas_says_missing_in_several_ways():
    rows = {"park": ["A", "A", "B"], "sector": ["x", "y", "x"]}
    for column in (
        [1.0, np.nan, 2.0],
        pd.array([1, None, 2], dtype="Int64"),
        pd.Series([1, None, 2], dtype=object),
        pd.Series(["1", None, "2"]),
    ):
        found = measure(pd.DataFrame(rows | {"value": column}))
        assert [p.missing for p in found.parks] == [1, 0]
        assert by_key(found)["B", "x"].value == 2
    polars = pl.DataFrame(rows | {"value": [1.0, math.nan, 2.0]})
    assert [p.missing for p in measure(polars).parks] == [1, 0]


def test_parks_and_sectors_may_be_of_any_type():
    rows = {"park": ["2024", None, "2024"], "sector": ["x", "y", None], "value": [1, 2, 4]}
    expected = measure(pl.DataFrame(rows))
    assert (expected.unplaced, expected.unmapped[0].value) == (2, 4)
    frames = (
        pd.DataFrame(rows).astype({"park": "string", "sector": "string"}),
        pd.DataFrame(rows).astype({"park": "category", "sector": "category"}),
        pl.DataFrame(rows).with_columns(pl.col("sector").cast(pl.Categorical)),
        pl.DataFrame(rows).with_columns(pl.col("park").cast(pl.Int64)),
    )
    for frame in frames:
        assert measure(frame) == expected


def test_a_file_is_read_and_its_encoding_repaired(tmp_path):
    path = tmp_path / "parks.csv"
    text = "园区,行业,产值\n甲,量子信息,10\n甲,电机,30\n乙,电机,60\n"
    path.write_bytes(text.encode("gb18030"))
    found = specialisation(path, park="园区", sector="行业", value="产值")
    assert found.total == 100
    assert [f.rule for f in found.findings] == ["FI116"]


# Labels and schemes


def labelled(*rows):
    names = ("park", "sector", "value", "date")
    return pl.DataFrame(rows, schema=names[: len(rows[0])], orient="row")


def test_labels_are_resolved_and_what_is_in_no_sector_is_told():
    data = labelled(
        ("A", "量子科技", 6), ("A", "量子信息", 4), ("A", "可控核聚变", 10), ("A", "电机", 20),
        ("B", "量子计算", 5), ("B", "量子通迅", 15), ("B", None, 5),
    )  # fmt: skip
    found = measure(data, scheme=HEFEI)
    cells, parks = by_key(found), parks_of(found)
    assert [(s.sector, s.total) for s in found.sectors] == [
        ("fusion-energy", 10), ("quantum-information", 15),
    ]  # fmt: skip
    cell = cells["A", "quantum-information"]
    assert (cell.value, cell.label["zh"], cell.park_total) == (10, "量子信息", 20)
    assert cell.lq == pytest.approx(0.5 / 0.6)
    assert [(u.park, u.label, u.outcome, u.value) for u in found.unmapped] == [
        ("A", "电机", "outside", 20), ("B", None, "missing", 5), ("B", "量子通迅", "unknown", 15),
    ]  # fmt: skip
    assert (parks["A"].unmapped_share, parks["B"].unmapped_share) == (0.5, 0.8)
    assert (parks["A"].uncertain, parks["B"].uncertain) == (0, 0)
    assert found.scheme.startswith(HEFEI)


def test_without_a_scheme_the_column_is_used_as_it_is():
    data = labelled(("合肥高新区", "量子科技", 6), ("合肥高新区", " 量子信息", 4))
    found = measure(data)
    assert [s.sector for s in found.sectors] == ["量子信息", "量子科技"]
    assert found.scheme is None


def test_a_list_lies_in_its_members_nobody_knows_how():
    data = labelled(("A", "量子信息、聚变能源", 10), ("A", "量子信息", 5), ("B", "量子信息", 5))
    found = measure(data, scheme=HEFEI)
    cells, (park, _) = by_key(found), found.parks
    quantum, fusion = cells["A", "quantum-information"], cells["A", "fusion-energy"]
    assert (quantum.value, quantum.value_low, quantum.value_high) == (None, 5, 15)
    assert (fusion.value_low, fusion.value_high) == (0, 10)
    assert (park.total, park.uncertain, park.uncertain_share) == (15, 10, pytest.approx(2 / 3))
    # 5 to 15 of 15 in the park, 10 to 20 of 20 in all.
    assert (quantum.lq_low, quantum.lq_high) == (pytest.approx((5 / 15) / 0.5), 1)
    assert (park.hhi_low, park.hhi_high) == (0.5, 1)
    assert by_key(found)["B", "quantum-information"].lq_high == 2


def test_amounts_go_through_the_correspondence_of_each_park():
    data = labelled(("合肥高新区", "量子信息", 6), ("深圳", "量子信息", 3), ("没有", "量子信息", 1))
    found = measure(data, to=MIIT)
    assert found.scheme.startswith(MIIT)
    assert [u.outcome for u in found.unmapped] == ["no-scheme"]
    assert all(cell.sector in fi.load(MIIT) for cell in found.cells)
    assert parks_of(found)["合肥高新区"].total_high == 6


class Store:
    """A hub of a whole with two parts, and maps to it."""

    def __init__(self, maps):
        codes = {"whole": None, "part": "whole", "rest": "whole", "other": None}
        items = tuple(Item(c, Text(zh=f"{c}名"), parent_code=p) for c, p in codes.items())
        self._hub = Scheme(HUB, "1", Text(zh="h"), "futureindustry", items_=items)
        self._maps = maps

    def hub(self):
        return self._hub

    def __iter__(self):
        return iter(())

    def maps_between(self, a, b):
        ends = a.partition("@")[0], b.partition("@")[0]
        maps = self._maps.get(ends[0], ()) if ends[1] == HUB else ()
        return [(MapFile(*ends, tuple(Map(x, y, Relation.parse(r)) for x, r, y in maps)), False)]


def two_schemes(source, target):
    maps = {"a/s": source, "b/s": target}
    store = Store(maps)
    return [
        Scheme(
            series,
            "1",
            Text(zh=series),
            series[0],
            items_=tuple(
                Item(code, Text(zh=f"{code}业")) for code in dict.fromkeys(x for x, _, _ in found)
            ),
            origin=store,
        )
        for series, found in maps.items()
    ]


@pytest.mark.parametrize(
    ("relation", "targets", "expected"),
    [
        ("EQ", {"y": "whole"}, {"y": (10, 10)}),
        ("EQ", {"y": "other"}, {}),
        ("PP", {"y": "whole"}, {"y": (10, 10)}),
        ("EQ", {"y": "part"}, {"y": (0, 10)}),
        ("EQ", {"y": "part", "z": "rest"}, {"y": (0, 10), "z": (0, 10)}),
        ("PO", {"y": "whole", "z": "other"}, {"y": (0, 10)}),
    ],
)
def test_an_item_goes_where_it_is_part_of_and_may_go_where_it_reaches(relation, targets, expected):
    source, target = two_schemes(
        [("x", relation, "whole")], [(code, "EQ", concept) for code, concept in targets.items()]
    )
    found = measure(labelled(("A", "x业", 10)), scheme=source, to=target)
    assert {c.sector: (c.value_low, c.value_high) for c in found.cells} == expected
    certain = expected == {"y": (10, 10)}
    assert found.parks[0].uncertain == (10 if expected and not certain else 0)
    assert found.parks[0].unmapped == (0 if expected else 10)
    assert found.parks[0].total_low == (10 if certain else 0)


def test_an_ambiguous_label_lies_in_one_of_its_items_and_a_wide_one_perhaps_in_none():
    """AI芯片 is part of two items of Shenzhen's; 移动通信 contains one of the ministry's."""
    found = measure(labelled(("A", "AI芯片", 10)), scheme="shenzhen/20-plus-8@2024-03")
    assert {c.sector: (c.value_low, c.value_high) for c in found.cells} == {
        "artificial-intelligence": (0, 10),
        "semiconductors-and-integrated-circuits": (0, 10),
    }
    assert found.total == 10
    found = measure(labelled(("A", "移动通信", 10)), scheme=MIIT)
    cell = found.cell("A", "6g-network-equipment")
    assert (cell.value_low, cell.value_high, found.total_low, found.total_high) == (0, 10, 0, 10)


def test_the_date_picks_the_version():
    data = labelled(("A", "合成生物", 10, "2022-07"), ("A", "合成生物", 10, "1999"))
    found = measure(data, scheme="shenzhen/20-plus-8", date="date")
    assert [(u.outcome, u.value) for u in found.unmapped] == [("no-scheme", 10)]
    assert found.scheme == "shenzhen/20-plus-8@2022-06"


def test_parts_and_wholes_in_one_table_are_told():
    scheme = fi.load(HEFEI)
    whole = next(item for item in scheme.values() if item.children and item.slot is None)
    part = whole.children[0]
    rows = labelled(("A", whole.code, 5), ("A", part.code, 3))
    found = measure(rows, scheme=scheme)
    assert found.nested == ((part.code, whole.code),)
    assert "twice" in found.to_text("en")


# Bounds

uncertain_amounts = st.builds(
    _Amount,
    st.sampled_from("ABC"),
    st.lists(st.sampled_from("xyzw"), min_size=1, max_size=3, unique=True).map(
        lambda codes: tuple(sorted(codes))
    ),
    st.integers(0, 20).map(float),
    closed=st.booleans(),
)


@st.composite
def allocated(draw):
    """Some amounts, and one way to allocate them: often all to one place."""
    amounts = draw(st.lists(uncertain_amounts, min_size=1, max_size=8))
    chosen = []
    for amount in amounts:
        places = [*amount.sectors, *(() if amount.closed else (None,))]
        weights = draw(
            st.sampled_from(
                [[float(n == k) for n in range(len(places))] for k in range(len(places))]
            )
            | st.lists(st.floats(0.01, 1), min_size=len(places), max_size=len(places))
        )
        total = sum(weights)
        for where, weight in zip(places, weights, strict=True):
            sectors = () if where is None else (where,)
            chosen.append(_Amount(amount.park, sectors, amount.value * weight / total))
    return amounts, chosen


def inside(value, low, high, slack=1e-7):
    if value is None:
        return True
    if low is None:
        return False
    return low - slack <= value and (high is None or value <= high + slack * max(1, high))


@settings(max_examples=400, deadline=None)
@given(allocated())
def test_bounds_contain_the_value_of_every_allocation(case):
    amounts, chosen = case
    bounds = _indices(amounts, {})
    # Each sector and park stays in the table, with nothing if need be.
    rest = [_Amount(a.park, (s,), 0.0) for a in amounts for s in a.sectors]
    actual = _indices([*chosen, *rest], {})
    for records in ("cells", "parks", "sectors"):
        for wide, one in zip(getattr(bounds, records), getattr(actual, records), strict=True):
            for name in attrs.fields_dict(type(wide)):
                if f"{name}_low" in attrs.fields_dict(type(wide)):
                    low, high = getattr(wide, f"{name}_low"), getattr(wide, f"{name}_high")
                    assert inside(getattr(one, name), low, high), (name, wide, one)
            if records == "cells" and wide.rca is not None and one.lq is not None:
                assert close(one.lq, 1, 1e-6) or wide.rca == one.rca
    assert bounds.total_low - 1e-7 <= actual.total <= bounds.total_high + 1e-7


@settings(max_examples=150, deadline=None)
@given(st.lists(uncertain_amounts, min_size=1, max_size=4), st.data())
def test_the_bounds_of_amounts_shares_and_quotients_are_reached(amounts, data):
    """Over all ways to put each amount in one place, and the turning point between them."""
    bounds = by_key(_indices(amounts, {}))
    park, sector = data.draw(st.sampled_from(sorted(bounds)))
    wide = bounds[park, sector]
    seen = {"value": [], "share": [], "lq": []}
    for parts in _every([[*a.sectors, *(() if a.closed else (None,))] for a in amounts]):
        chosen = [
            _Amount(a.park, () if s is None else (s,), a.value)
            for a, s in zip(amounts, parts, strict=True)
        ]
        rest = [_Amount(a.park, (s,), 0.0) for a in amounts for s in a.sectors]
        one = by_key(_indices([*chosen, *rest], {}))[park, sector]
        for name, found in seen.items():
            if getattr(one, name) is not None:
                found.append(getattr(one, name))
    for name in ("value", "share"):
        if seen[name]:
            assert min(seen[name]) == pytest.approx(getattr(wide, f"{name}_low"))
            assert max(seen[name]) == pytest.approx(getattr(wide, f"{name}_high"))
    if seen["lq"]:
        # Limits need not be reached: the sector may be as small as one likes, not nothing.
        assert wide.lq_low <= min(seen["lq"]) + 1e-9
        assert wide.lq_high is None or wide.lq_high >= max(seen["lq"]) - 1e-9


def _every(choices):
    if not choices:
        yield []
        return
    for first in choices[0]:
        for others in _every(choices[1:]):
            yield [first, *others]


def test_a_quotient_may_be_greatest_between_nothing_and_all():
    """LQ = x (100 + x) / ((9 + x) (1 + x)), for A's own 9 elsewhere and B's 1 of 91 in the sector."""
    amounts = [
        _Amount("A", ("x",), 50.0, closed=False), _Amount("A", ("y",), 9.0),
        _Amount("B", ("x",), 1.0), _Amount("B", ("y",), 90.0),
    ]  # fmt: skip
    cell = by_key(_indices(amounts, {}))["A", "x"]
    tried = [x * (100 + x) / ((9 + x) * (1 + x)) for x in np.linspace(0, 50, 200_001)]
    assert cell.lq_high == pytest.approx(max(tried), rel=1e-6)
    assert cell.lq_high > 1.2 * tried[-1]
    assert cell.lq_low == 0


@pytest.mark.parametrize("own", [0.0, 10.0])
def test_a_quotient_may_be_least_where_all_lies_in_the_sector(own):
    """LQ = (own + t + 100) / (own + t + 1): all that A has is in the sector, t of it perhaps not."""
    amounts = [
        _Amount("A", ("x",), own), _Amount("A", ("x",), 50.0, closed=False),
        _Amount("B", ("x",), 1.0), _Amount("B", ("y",), 99.0),
    ]  # fmt: skip
    cell = by_key(_indices(amounts, {}))["A", "x"]
    assert cell.lq_low == pytest.approx((own + 150) / (own + 51))
    assert cell.lq_high == pytest.approx((own + 100) / (own + 1))
    assert (cell.share, cell.rca) == (1, True if own else None)


def test_a_quotient_without_an_upper_bound_says_so():
    """All that the park and the sector have may lie in no sector: what is left may be tiny."""
    amounts = [_Amount("A", ("x",), 5.0, closed=False), _Amount("B", ("y",), 5.0)]
    found = _indices(amounts, {})
    cell = by_key(found)["A", "x"]
    assert (cell.lq, cell.lq_low, cell.lq_high, cell.rca) == (None, 2, None, None)
    assert "≥ 2.000" in found.to_text("en")
    json.loads(found.to_json())


# Output


@pytest.fixture(scope="module")
def mixed():
    data = labelled(
        ("合肥", "量子信息、聚变能源", 10), ("合肥", "量子信息", 5), ("=1+1", "量子信息", 5),
        ("=1+1", "电机|x", 2), ("<b>", "聚变能源", 1),
    )  # fmt: skip
    return measure(data, scheme=HEFEI)


def test_frames_hold_every_record(mixed):
    cells = mixed.to_frame()
    assert cells.height == len(mixed.cells) == 6
    assert cells["lq_low"].to_list() == [c.lq_low for c in mixed.cells]
    assert cells.schema["rca"] == pl.Boolean
    assert cells["label_zh"].to_list()[:2] == ["聚变能源", "量子信息"]
    assert mixed.to_frame("parks")["hhi_high"].to_list() == [p.hhi_high for p in mixed.parks]
    assert mixed.to_frame("sectors").columns[:4] == ["sector", "label_zh", "label_en", "total"]
    assert mixed.to_frame("unmapped").rows() == [("=1+1", "电机|x", "unknown", 2.0)]
    empty = measure(ROWS).to_frame("unmapped")
    assert (empty.height, empty.columns) == (0, ["park", "label", "outcome", "value"])


def test_json_and_csv_say_what_the_records_say(mixed):
    data = json.loads(mixed.to_json())
    assert list(data)[:3] == ["scheme", "value", "total"]
    assert data["cells"][0]["label"] == {"zh": "聚变能源", "en": "fusion energy"}
    assert len(data["parks"]) == 3
    rows = list(csv.DictReader(io.StringIO(mixed.to_csv())))
    assert [row["lq_high"] for row in rows] == [
        "" if c.lq_high is None else str(c.lq_high) for c in mixed.cells
    ]
    assert {row["park"] for row in rows} == {"'=1+1", "<b>", "合肥"}
    assert "rca" in rows[0]
    assert {row["rca"] for row in rows} <= {"true", "false", ""}
    assert mixed.to_csv(table="unmapped").splitlines()[0] == "park,label,outcome,value"
    assert measure(ROWS).to_csv(table="unmapped") == "park,label,outcome,value\n"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts_show_values_bounds_and_what_is_unmapped(mixed, lang):
    text, markdown, page = mixed.to_text(lang), mixed.to_markdown(lang), mixed.to_html(lang)
    for out in (text, markdown, page):
        assert "5 – 15" in out
        assert {"zh": "量子信息", "en": "quantum information"}[lang] in out
        assert {"zh": "区位商", "en": "LQ"}[lang] in out
    assert "电机\\|x" in markdown
    assert "\\<b\\>" in markdown
    assert "&lt;b&gt;" in page
    assert "<b>" not in page.split("</style>")[1]
    assert repr(mixed) == "<Specialisation of 3 parks in 2 sectors>"


def test_single_cells_are_found(mixed):
    assert mixed.cell("合肥", "fusion-energy").value_high == 10
    assert mixed.cell("合肥", "none") is None


# Published examples, and what the numbers are made from


def test_hhi_of_the_example_in_the_merger_guidelines():
    """Four firms with 30, 30, 20 and 20 percent have an HHI of 2600.

    U.S. Department of Justice and Federal Trade Commission, Horizontal Merger Guidelines, 1992,
    section 1.5, note 17; there in squared percents.
    """
    found = measure(long({"market": {"a": 30, "b": 30, "c": 20, "d": 20}}))
    assert found.parks[0].hhi * 100**2 == pytest.approx(2600)


def test_the_krugman_index_is_0_for_equal_and_2_for_disjoint_structures():
    """Krugman, Geography and Trade, 1991, p. 76: the ends of the scale."""
    equal = measure(long({"A": {"x": 1, "y": 3}, "B": {"x": 10, "y": 30}}))
    assert [p.krugman for p in equal.parks] == [0, 0]
    disjoint = measure(long({"A": {"x": 7}, "B": {"y": 2, "z": 1}}))
    assert [p.krugman for p in disjoint.parks] == [2, 2]


DATA = {
    "park": ["A", "A", "B", "B", "C"],
    "sector": ["量子科技", "可控核聚变", "人工智能", "低空经济", "啥都不是"],
    "value": [1.0, 2.0, 3.0, 4.0, 5.0],
}


def test_each_amount_says_where_it_lies_and_why():
    found = measure(DATA, scheme=HEFEI, to=MIIT)
    placed = {p.label: p for p in found.placed}
    assert {u.label for u in found.unmapped} | set(placed) == set(DATA["sector"])
    assert (placed["可控核聚变"].sectors, placed["可控核聚变"].certain) == ("nuclear-fusion", True)
    for lang in ("zh", "en"):
        assert "miit.future-industries--futureindustry.concepts.sssom.tsv:" in placed[
            "可控核聚变"
        ].reason(lang)
    total = sum(p.value for p in found.placed) + sum(u.value for u in found.unmapped)
    assert total == sum(DATA["value"])
    assert found.to_frame("placed")["reason"].str.len_chars().min() > 10
    plain = measure(DATA)
    first = plain.placed[0]
    assert (first.label, first.sectors, first.reason()) == (
        "可控核聚变",
        "可控核聚变",
        "",
    )


def test_amounts_are_followed_from_version_to_version():
    rows = {
        "park": ["A", "A", "B"],
        "sector": ["工业母机", "新材料", "区块链"],
        "value": [10, 20, 30],
    }
    found = measure(rows, scheme="shenzhen/20-plus-8@2022-06", to="shenzhen/20-plus-8@2024-03")
    placed = {p.label: (p.sectors, p.certain) for p in found.placed}
    assert placed == {
        "工业母机": ("high-end-equipment-and-instruments", True),
        "新材料": ("frontier-new-materials; high-performance-materials", False),
    }
    assert [(u.label, u.outcome) for u in found.unmapped] == [("区块链", "outside")]
    assert "合并" in next(p for p in found.placed if p.label == "工业母机").reason("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_workbook_has_numbers_as_numbers_and_bounds_beside_them(tmp_path, lang):
    path = tmp_path / "lq.xlsx"
    found = measure(DATA, scheme=HEFEI, to=MIIT)
    found.to_excel(path, lang)
    sheets = pl.read_excel(path, sheet_id=0)
    assert len(sheets) == 6
    parks = list(sheets.values())[1]
    assert parks[:, 0].to_list() == [p.park for p in found.parks]
    assert parks[:, 1].to_list() == [p.total for p in found.parks]
    cells = list(sheets.values())[2]
    assert cells.height == len(found.cells)
    assert cells[:, 9].cast(pl.Float64).to_list() == [c.lq for c in found.cells]
    why = list(sheets.values())[4]
    assert any("sssom.tsv:" in said for said in why[:, -1])

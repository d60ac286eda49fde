"""Schemes side by side: what all have, what only one has, how alike they are."""

import csv
import io
import json
import re
from typing import ClassVar

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import futureindustry as fi
from futureindustry.comparison import Comparison, compare
from futureindustry.errors import UnknownScheme
from futureindustry.mapping import is_tier
from futureindustry.model import Item, Map, Scheme, Text
from futureindustry.relation import Relation
from futureindustry.sssom import MapFile
from futureindustry.store import HUB
from futureindustry.text import display_width

SCHEMES = ["hefei-htz/future-industries", "shenzhen/20-plus-8"]


class Store:
    issuers: ClassVar = {}

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


def park(name, maps, label="{}业", version="1", **more):
    """Make a scheme with a tier T that holds one item for each code in the maps."""
    series = f"{name}/s"
    codes = dict.fromkeys(x for x, _, _ in maps)
    items = [Item("t", Text(zh="层", en="tier"), slot="T", **more)]
    items += [Item(code, Text(zh=label.format(code)), parent_code="t") for code in codes]
    return Scheme(
        series, version, Text(zh=name), name, items_=tuple(items), origin=Store({series: maps})
    )


@pytest.fixture(scope="module")
def found():
    return compare(SCHEMES)


def test_hefei_and_shenzhen_share_quantum_information_and_synthetic_biology(found):
    assert {"quantum-information", "synthetic-biology"} <= set(found.shared())
    cell = found.cell("quantum-information", found.schemes[0])
    assert (cell.item.code, cell.relation, cell.tier) == ("quantum-information", "equals", "2")


def test_shared_is_what_all_have_and_distinct_is_what_one_has(found):
    for concept, row in found.matrix().items():
        having = [id_ for id_, cell in row.items() if cell]
        assert having
        assert (concept in found.shared()) is (len(having) == len(row))
        for id_ in row:
            assert (concept in found.distinct(id_)) is (having == [id_])


def test_tiers_are_shown_and_never_compared(found):
    cells = [cell for row in found.matrix().values() for cell in row.values() if cell]
    assert not any(is_tier(cell.item) for cell in cells)
    assert {cell.tier for cell in cells if cell.item.scheme is found.schemes[0]} == {"2", "3", "X"}
    assert {cell.item.code for cell in cells if cell.open} == {"metaverse"}


def test_the_rows_are_in_the_order_of_the_hub(found, hub):
    assert list(found.concepts) == [code for code in hub if code in set(found.concepts)]


def test_the_order_of_the_schemes_changes_nothing_but_the_order():
    one, other = compare(SCHEMES), compare(SCHEMES[::-1])
    assert one.concepts == other.concepts
    assert one.shared() == other.shared()
    (a,), (b,) = one.similarity(), other.similarity()
    assert (a.certain, a.possible, a.shared) == (b.certain, b.possible, b.shared)
    assert (a.a, a.b) == (b.b, b.a)
    assert one.to_json() == compare(SCHEMES).to_json()


def test_similarity_is_a_share_and_what_is_certain_is_possible():
    series = ["miit/future-industries", *SCHEMES, "shanghai/future-industries"]
    found = compare(series)
    assert len(found.similarity()) == 6
    assert all(0 <= s.certain <= s.possible <= 1 for s in found.similarity())
    assert {s.shared > 0 for s in found.similarity()} == {True}


def test_two_versions_with_equal_content_are_the_same(hefei):
    again = attrs.evolve(hefei, version="2099")
    found = compare([hefei, again])
    assert found.shared() == found.concepts
    assert found.distinct(hefei) == found.distinct(again) == ()
    assert found.similarity()[0].possible == 1


def test_what_is_known_of_a_whole_and_its_parts():
    """b has all of the whole, a and c parts of it: a shares with both, surely only with b."""
    a = park("a", [("x", "EQ", "part")])
    b = park("b", [("y", "EQ", "whole")])
    c = park("c", [("z", "PP", "part"), ("w", "EQ", "other")])
    found = compare([a, b, c])
    relations = {
        concept: [cell and cell.relation for cell in row.values()]
        for concept, row in found.matrix().items()
    }
    assert relations == {
        "whole": ["part_of", "equals", "part_of"],
        "part": ["equals", "contains", "part_of"],
        "other": [None, None, "equals"],
    }
    assert found.shared() == ("whole", "part")
    assert found.distinct("c/s") == ("other",)
    shares = {(s.a[0] + s.b[0]): s for s in found.similarity()}
    assert {
        pair: (s.certain, s.possible, s.jaccard, s.whole, s.part) for pair, s in shares.items()
    } == {
        # a has all of the part, b of both: only what a has of the whole is not known.
        "ab": (0.5, 1.0, 1.0, ("part",), ("whole",)),
        # Nobody of the two names the whole. c has some of the part, perhaps as good as all.
        "ac": (0.0, 0.5, 0.5, (), ("part",)),
        "bc": (0.0, 2 / 3, 2 / 3, (), ("whole", "part")),
    }


def test_what_else_is_compared_does_not_change_how_alike_two_are():
    a, b = park("a", [("x", "EQ", "part")]), park("b", [("y", "EQ", "whole")])
    c = park("c", [("z", "EQ", "rest"), ("w", "EQ", "other")])
    assert compare([a, b, c]).similarity()[0] == compare([a, b]).similarity()[0]


@pytest.mark.parametrize("flag", ["open", "incomplete"])
def test_what_a_list_that_goes_on_may_hold_is_not_known(flag):
    """a names the whole and more to come; b names something else, and that is all."""
    a = park("a", [("x", "EQ", "whole")], **{flag: True})
    b = park("b", [("y", "EQ", "other")])
    found = compare([a, b])
    assert [found.absence("other", a), found.absence("whole", b)] == ["not known", "not listed"]
    assert found.absence("whole", a) is None
    [s] = found.similarity()
    # b has no whole; a may have the other.
    assert (s.certain, s.listed, s.possible, s.jaccard) == (0, 0, 0.5, 0)


def test_which_part_of_something_broader_it_is_may_not_be_known():
    a = park("a", [("x", "PP", "whole")])
    b = park("b", [("y", "EQ", "part"), ("z", "EQ", "other")])
    found = compare([a, b])
    assert [found.absence(c, a) for c in ("part", "rest", "other")] == [
        "not known", "not known", "not listed",
    ]  # fmt: skip
    [s] = found.similarity()
    assert (s.part, s.listed) == (("whole",), 2 / 3)


def test_a_part_that_only_one_has_may_be_as_small_as_one_likes():
    a = park("a", [("x", "PP", "part"), ("w", "EQ", "other")])
    [s] = compare([a, park("b", [("y", "EQ", "other")])]).similarity()
    assert (s.certain, s.jaccard, s.listed) == (0.5, 0.5, 1)


# Sets of activities for the concepts of the hub above; 8 and 9 lie outside of all.
EXTENTS = {
    "whole": frozenset({0, 1, 2, 3, 4}),
    "part": frozenset({0, 1}),
    "rest": frozenset({2, 3}),
    "other": frozenset({4, 5, 6}),
}
activities = st.frozensets(st.integers(0, 9), min_size=1)


def base(a, b):
    """Give the base relation of two sets."""
    if a == b:
        return Relation.EQ
    if not a & b:
        return Relation.DR
    return Relation.PP if a < b else Relation.PPi if a > b else Relation.PO


@st.composite
def extents_and_maps(draw):
    """Draw the industries of a scheme, and maps that say less than the truth, never more."""
    items = draw(st.lists(activities, min_size=1, max_size=3))
    maps = []
    for n, extent in enumerate(items):
        for concept, other in EXTENTS.items():
            true = base(extent, other)
            # What is disjoint need not be said.
            if true is not Relation.DR or draw(st.booleans()):
                said = Relation(true.mask | draw(st.integers(0, 31)))
                maps.append((f"i{n}", str(said), concept))
    return items, maps


@settings(deadline=None)
@given(extents_and_maps(), extents_and_maps(), activities, st.booleans())
def test_the_bounds_contain_the_likeness_of_all_extents_that_the_maps_allow(
    one, two, more, goes_on
):
    a = park("a", one[1], open=goes_on)
    b = park("b", two[1])
    found = compare([a, b])
    [s] = found.similarity()
    [t] = compare([b, a]).similarity()
    assert (s.certain, s.possible, s.listed, s.jaccard, s.hierarchical) == (
        t.certain, t.possible, t.listed, t.jaccard, t.hierarchical,
    )  # fmt: skip
    assert 0 <= s.certain <= s.listed <= s.possible <= 1
    assert s.certain <= s.jaccard
    left, right = (frozenset().union(*items) for items, _ in (one, two))

    def likeness(left):
        shares = [
            (len(left & right & EXTENTS[c]) / len(EXTENTS[c]), len((left | right) & EXTENTS[c]) / len(EXTENTS[c]))
            for c in found.concepts
        ]  # fmt: skip
        return sum(both for both, _ in shares) / sum(either for _, either in shares)

    if found.concepts:
        assert s.certain - 1e-9 <= likeness(left) <= s.listed + 1e-9
        if goes_on:
            assert s.certain - 1e-9 <= likeness(left | more) <= s.possible + 1e-9


@settings(deadline=None)
@given(extents_and_maps())
def test_a_version_is_as_alike_as_can_be_to_one_with_the_same_items(drawn):
    _, maps = drawn
    one, two = park("a", maps), park("a", maps, version="2")
    found = compare([one, two])
    [s] = found.similarity()
    if found.concepts:
        assert (s.certain, s.possible, s.listed, s.jaccard, s.hierarchical) == (1, 1, 1, 1, 1)
    else:
        assert (s.certain, s.possible) == (0, 1)


def test_the_item_that_says_most_of_a_concept_is_shown():
    best = park("a", [("w", "PO", "whole"), ("x", "PP", "whole"), ("y", "EQ", "whole")])
    found = compare([best, park("b", [("z", "EQ", "other")])])
    assert found.cell("whole", best).item.code == "y"
    assert [s.shared for s in found.similarity()] == [0]


@pytest.mark.parametrize("schemes", [[], SCHEMES[:1], [SCHEMES[0], SCHEMES[0]]])
def test_one_scheme_is_no_comparison(schemes):
    with pytest.raises(ValueError, match="two"):
        compare(schemes)


def test_a_scheme_that_is_not_compared_is_an_error(found):
    for ask in (found.distinct, lambda id_: found.cell("quantum-information", id_)):
        with pytest.raises(UnknownScheme, match="hefei"):
            ask("hefei/none")
    assert found.distinct(SCHEMES[0]) == found.distinct(found.schemes[0])
    assert found.cell("quantum-information", SCHEMES[0]).relation == "equals"


def test_json_has_the_keys_of_the_contract(found):
    data = json.loads(found.to_json())
    assert list(data) == ["schemes", "concepts", "shared", "distinct", "similarity"]
    assert [s["id"] for s in data["schemes"]] == [s.id for s in found.schemes]
    row = next(c for c in data["concepts"] if c["concept"] == "quantum-information")
    assert row["label"]["zh"] == "量子信息"
    assert set(row["cells"]) == set(data["distinct"]) == {s.id for s in found.schemes}
    assert row["cells"][found.schemes[0].id]["relation"] == "equals"
    assert set(data["similarity"][0]) == {
        "a", "b", "certain", "possible", "listed", "jaccard", "hierarchical", "shared", "either",
        "whole", "part",
    }  # fmt: skip


def test_the_frame_has_a_row_for_each_concept_and_a_column_for_each_scheme(found):
    frame = found.to_frame()
    assert frame.columns == ["concept", "label_zh", "label_en", *(s.id for s in found.schemes)]
    assert tuple(frame["concept"]) == found.concepts


NASTY = '=<b>a|b\\</b>&"{}'


@pytest.fixture(scope="module")
def nasty():
    one = park("a", [("x", "EQ", "part")], NASTY)
    return compare([one, park("b", [("y", "EQ", "part")], "乙{}")]), one["x"].label["zh"]


def test_html_is_escaped_and_whole(nasty):
    found, _ = nasty
    html = found.to_html()
    assert "<b>a" not in html
    assert "&lt;b&gt;a|b" in html
    assert not re.search(r"(?:src|href)=", html)
    for tag in ("html", "table", "tr", "td", "th", "main", "section", "details", "ul", "li"):
        assert html.count(f"<{tag}>") + html.count(f"<{tag} ") == html.count(f"</{tag}>"), tag


def test_markdown_keeps_its_columns(nasty):
    found, _ = nasty
    blocks = re.findall(r"(?:^\|.*\n)+", found.to_markdown(), re.MULTILINE)
    assert len(blocks[0].splitlines()) == 2 + len(found.concepts)
    for block in blocks:
        pipes = [
            len(re.findall(r"(?<!\\)\|", line.replace("\\\\", ""))) for line in block.splitlines()
        ]
        assert len(set(pipes)) == 1
    assert "<b>" not in found.to_markdown()


def test_csv_gives_cells_back_and_starts_no_formula(nasty):
    found, label = nasty
    rows = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert [r["scheme"] for r in rows] == ["a/s@1", "b/s@1"] * len(found.concepts)
    assert rows[0]["item"] == "'" + label


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_says_what_is_shared_and_what_is_not(found, lang):
    text = found.to_text(lang)
    for concept in found.concepts:
        assert found.hub[concept].label[lang] in text
    assert "shenzhen" in text


def test_schemes_of_one_issuer_are_told_apart():
    two = [park("a", [("x", "EQ", "part")], version=v) for v in "12"]
    assert set(compare(two).names("zh").values()) == {"a 1", "a 2"}


def test_a_short_name_stands_alone_and_versions_that_share_it_are_told_apart():
    first, second, other = (
        attrs.evolve(park(code, [("x", "EQ", "part")], version=v), short=short)
        for code, v, short in (
            ("a", "1", Text(zh="甲规划")), ("a", "2", Text(zh="甲规划")), ("b", "1", Text()),
        )
    )  # fmt: skip
    assert compare([first, other]).names("zh")[first.id] == "甲规划"
    assert compare([first, second]).names("zh") == {first.id: "甲规划 1", second.id: "甲规划 2"}


def test_no_name_of_the_catalogue_is_cut_off():
    found = fi.compare()
    for lang in ("zh", "en"):
        assert not [name for name in found.names(lang).values() if "…" in name]


def test_what_has_no_date_is_left_out_of_a_date_and_named():
    found = fi.compare(of="park", as_of="2024-05")
    assert "wuhan-donghu-htz/5-plus-2@undated" in found.undated
    assert not {s.id for s in found.schemes} & set(found.undated)
    assert "wuhan-donghu-htz/5-plus-2@undated" in found.to_text("en")
    assert fi.compare(of="park").undated == ()


def test_too_few_schemes_say_why():
    with pytest.raises(ValueError, match="known to be in force on 1990"):
        fi.compare(as_of="1990")
    with pytest.raises(ValueError, match="is given 2 times"):
        fi.compare(["hefei-htz/future-industries"] * 2)


def test_all_parks_side_by_side():
    store = fi.catalog()
    parks = [
        s.id for s in store if s.issuer in store.issuers and store.issuers[s.issuer].kind == "park"
    ]
    found = compare(parks)
    assert isinstance(found, Comparison)
    assert len(found.schemes) == len(parks)
    assert sum(len(found.distinct(s)) for s in found.schemes) < len(found.concepts)


def test_clusters_are_a_partition_and_a_high_bar_joins_nobody(found):
    ids = [s.id for s in found.schemes]
    for least in (0.0, 0.2, 0.5, 1.1):
        groups = found.clusters(least)
        assert sorted(i for group in groups for i in group) == sorted(ids)
    assert len(found.clusters(1.1)) == len(ids)
    assert len(found.clusters(0.0)) == 1


def test_distinctive_industries_start_with_those_that_nobody_else_has(found):
    for scheme in found.schemes:
        ranked = found.distinctive(scheme)
        counts = [count for _, count in ranked]
        assert counts == sorted(counts)
        assert {c for c, count in ranked if count == 0} == set(found.distinct(scheme))


def test_coverage_says_who_has_what_of_a_reference(found):
    covered = {
        c.item.label["zh"]: c.cells for c in found.coverage("npc/five-year-plan-future-industries")
    }
    hefei = found.schemes[0].id
    assert covered["量子科技"][hefei] == "equals"
    assert hefei not in covered["第六代移动通信"]


def test_broader_concepts_make_two_parts_of_one_field_somewhat_alike():
    pair = fi.compare(["zhengzhou-htz/computing-power", "chengdu-htz/digital-economy"])
    [s] = pair.similarity()
    assert s.hierarchical > s.jaccard


# The whole catalogue, reports, and what they rest on


@pytest.fixture(scope="module")
def parks():
    return compare(of="park")


def test_the_schemes_of_a_kind_of_issuer_are_found(parks):
    assert set(parks.kinds().values()) == {"park"}
    assert "hefei-htz/future-industries" in {s.series for s in parks.schemes}
    both = compare(of=["park", "city"])
    assert {s.id for s in parks.schemes} < {s.id for s in both.schemes}
    everything = compare()
    assert not any(s.levels for s in everything.schemes)
    assert HUB not in {s.series for s in everything.schemes}
    assert len({s.series for s in everything.schemes}) == len(everything.schemes)


def test_a_date_picks_the_versions_and_leaves_out_what_was_not_in_force():
    old = compare(["shenzhen/20-plus-8", "hefei-htz/five-frontrunner-industries"], as_of="2023-06")
    assert old.schemes[0].version == "2022-06"
    # An id with a version is taken at its word.
    mixed = compare(["shenzhen/20-plus-8@2024-03", "shenzhen/20-plus-8"], as_of="2023-06")
    assert [s.version for s in mixed.schemes] == ["2024-03", "2022-06"]
    cities = {s.id: s for s in compare(of="city", as_of="2023-06").schemes}
    assert "shenzhen/20-plus-8@2022-06" in cities
    dates = [s.valid.start or s.published for s in cities.values()]
    assert all(date and date[:7] <= "2023-06" for date in dates)
    with pytest.raises(UnknownScheme, match="2020"):
        compare(SCHEMES, as_of="2020")


def test_a_kind_that_there_is_not_names_the_nearest():
    with pytest.raises(ValueError, match='"park"'):
        compare(of="parks")
    with pytest.raises(ValueError, match="or a kind"):
        compare(SCHEMES, of="park")


def test_every_cell_names_the_maps_behind_it(parks):
    for concept, row in parks.matrix().items():
        for id_, cell in row.items():
            premises = parks.evidence(concept, id_)
            assert bool(premises) is (cell is not None)
            if cell:
                assert all(p.place for p in premises if p.reason == "map")
                assert premises[0].subject == cell.item.id
                assert any(p.reason in ("map", "name") for p in premises)


def test_json_names_the_maps_and_what_is_not_known(found):
    data = json.loads(found.to_json())
    row = next(c for c in data["concepts"] if c["concept"] == "fusion-energy")
    hefei, shenzhen = (s.id for s in found.schemes)
    maps = {s["id"]: s["maps"] for s in data["schemes"]}
    [said] = (maps[hefei][n] for n in row["cells"][hefei]["maps"])
    assert said["file"].endswith(".sssom.tsv")
    assert said["line"] > 1
    assert said["relation"] == "EQ"
    also = [maps[shenzhen][n] for n in row["cells"][shenzhen]["maps"]]
    assert [m["reason"] for m in also] == ["map", "hierarchy"]
    assert all(len(m) == len({json.dumps(one) for one in m}) for m in maps.values())
    only = next(c for c in data["concepts"] if c["concept"] == "semiconductors")
    assert (only["cells"][hefei], only["not_known"]) == (None, [hefei])
    assert data["schemes"][0]["gaps"] == ["open"]
    [pair] = data["similarity"]
    assert pair["shared"] == len(pair["whole"]) + len(pair["part"]) == len(data["shared"])


def test_a_memo_leads_with_what_was_found_and_ends_with_what_it_rests_on(parks):
    document = parks.document("zh")
    titles = [section.title for section in document.sections]
    assert titles[0] == "要点"
    assert titles[-1] == "所比较的清单"
    assert sum(title.startswith("国家重点") for title in titles) == 3
    said = document.to_html()
    for s in parks.schemes:
        gaps = "*" if parks.gaps(s) else ""
        low = "†" if s.confidence == "low" else ""
        assert (parks.names("zh")[s.id] + gaps + low in said) or not (gaps or low)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_of_many_schemes_stays_readable(parks, lang):
    lines = parks.to_text(lang).splitlines()
    assert len(lines) < 250
    tables = [line for line in lines if line.startswith("  ") and not line.startswith("  - ")]
    assert max(map(display_width, tables)) < 320


def test_the_workbook_gives_the_matrix_and_its_maps(found, tmp_path):
    path = tmp_path / "both.xlsx"
    assert path.write_bytes(found.to_excel(lang="en"))
    matrix = pl.read_excel(path, sheet_name="Matrix").drop_nulls("Field")
    assert matrix.height == len(found.concepts)
    row = matrix.row(by_predicate=pl.col("Concept") == "quantum information")
    assert row[2:] == ("quantum information (2) =", "quantum information (8) =")
    evidence = pl.read_excel(path, sheet_name="Evidence")
    behind = evidence.filter(
        (pl.col("Sheet") == "Matrix") & (pl.col("Row") == "quantum information")
    )
    assert behind.height == 2
    assert behind["File"].str.ends_with(".sssom.tsv").all()
    assert (behind["Line"] > 1).all()


def test_coverage_names_the_maps_and_who_has_nothing(found):
    covered = found.coverage("npc/five-year-plan-future-industries")
    hefei, shenzhen = found.schemes
    premises = covered.evidence("quantum-technology", hefei)
    assert any(p.place for p in premises)
    assert covered.evidence("biomanufacturing", hefei.id) == ()
    rows = list(csv.DictReader(io.StringIO(covered.to_csv())))
    assert [r["scheme"] for r in rows if r["code"] == "biomanufacturing"] == [""]
    assert "Covered by none of the 2 schemes, " in covered.to_text("en")
    assert "无方案覆盖" in covered.to_html("zh")
    assert covered.to_excel(lang="zh")[:2] == b"PK"
    data = json.loads(covered.to_json())
    assert data["schemes"] == [hefei.id, shenzhen.id]
    assert all(set(item["maps"]) == set(item["cells"]) for item in data["items"])


def test_a_reference_is_not_covered_by_itself():
    found = compare(["miit/future-industries", *SCHEMES])
    covered = found.coverage("miit/future-industries")
    assert "miit/future-industries@2024-01" not in {s.id for s in covered.schemes}
    assert len(covered) == sum(1 for i in covered.reference.values() if not is_tier(i))


def test_a_date_picks_the_version_of_the_reference(found):
    covered = found.coverage("npc/five-year-plan-future-industries", as_of="2022")
    assert covered.reference.version == "14th-2021"


def test_priorities_ask_the_places_and_not_the_nation():
    found = compare(["state-council/government-work-report", "miit/future-industries"])
    assert found.priorities() == []
    found = compare(["state-council/government-work-report", *SCHEMES])
    assert {len(covered.schemes) for covered in found.priorities()} == {2}

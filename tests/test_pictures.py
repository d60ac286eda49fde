"""What has a picture: everything of it is there, or the picture says what is not."""

import re
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import futureindustry as fi
from futureindustry import charts, pictures
from futureindustry.changes import Namings
from futureindustry.charts import typeface
from futureindustry.errors import UnknownFormat, UnreadableData
from futureindustry.mapping import is_tier
from strategies import schemes
from test_charts import slow, sound, squeezed, texts

HEFEI, SHENZHEN, MIIT = (
    "hefei-htz/future-industries", "shenzhen/20-plus-8", "miit/future-industries",
)  # fmt: skip
LANGS = pytest.mark.parametrize("lang", ["zh", "en"])


def shown(chart):
    """Give all text of a sound picture as one string without spaces."""
    return "|".join(texts(sound(chart)))


@pytest.fixture(scope="module")
def everything():
    series = (fi.load(series.id) for series in fi.catalog())
    return [s for s in series if not s.levels and s.issuer != "futureindustry"]


@pytest.fixture(scope="module")
def measured():
    polars = pytest.importorskip("polars")
    rows = [
        ("合肥", "量子计算", 20.0), ("合肥", "可控核聚变", 30.0), ("合肥", "人工智能", 9.0),
        ("深圳", "量子信息", 10.0), ("深圳", "人工智能", 40.0), ("苏州", "合成生物", 60.0),
    ]  # fmt: skip
    frame = polars.DataFrame(rows, schema=["园区", "行业", "产值"], orient="row")
    return fi.specialisation(frame, park="园区", sector="行业", value="产值", scheme=SHENZHEN)


# Schemes


@LANGS
@pytest.mark.parametrize("kind", pictures.SCHEME)
def test_a_small_scheme_is_drawn_in_full_with_what_limits_it(hefei, kind, lang):
    found = shown(hefei.chart(kind, lang=lang))
    for item in hefei.values():
        assert squeezed(item.label[lang]) in found
    for text in hefei.limitations:
        assert squeezed(text.show(lang)) in found
    assert hefei.id in found


def test_a_tree_shows_slots_open_tiers_and_the_other_language(hefei):
    found = texts(sound(hefei.chart()))
    assert {"2", "3", "X", "2+3+X", "开放：不设封闭清单", "quantuminformation"} <= set(found)


@LANGS
@pytest.mark.parametrize("kind", pictures.SCHEME)
def test_a_large_classification_is_cut_and_says_so(kind, lang):
    scheme = fi.load("nbs/gbt-4754")
    found = shown(scheme.chart(kind, lang=lang))
    assert all(squeezed(item.label[lang]) in found for item in scheme.values() if item.level < 3)
    assert f"{len(scheme):,}" in found
    assert "117" in found


def test_a_depth_is_what_is_asked_for(hefei):
    found = shown(hefei.chart(depth=1))
    assert "量子信息" not in found
    assert "具有先发优势的产业" in found
    with pytest.raises(UnreadableData, match="depth of 1 or more"):
        hefei.chart(depth=-1)


@slow
@given(schemes(), st.sampled_from(["zh", "en"]))
def test_any_scheme_has_a_tree(scheme, lang):
    sound(scheme.chart(lang=lang))


# Changes and histories


@LANGS
def test_an_alluvial_diagram_has_every_industry_of_both_versions(
    shenzhen_2022, shenzhen_2024, lang
):
    found = shown(fi.transition(shenzhen_2022, shenzhen_2024).chart(lang=lang))
    for scheme in (shenzhen_2022, shenzhen_2024):
        for item in scheme.values():
            assert is_tier(item) or squeezed(item.label[lang]) in found


def test_a_transfer_says_from_which_tier_to_which(shenzhen_2022, shenzhen_2024):
    found = texts(sound(fi.transition(shenzhen_2022, shenzhen_2024).chart()))
    assert {"智能机器人(20)", "智能机器人(8)"} <= set(found)


def test_a_transition_has_the_changes_of_diff(shenzhen_2022, shenzhen_2024):
    step = fi.transition(shenzhen_2022, shenzhen_2024)
    assert list(step.changes) == fi.diff(shenzhen_2022, shenzhen_2024)
    assert (step.old, step.new) == (shenzhen_2022.id, shenzhen_2024.id)
    assert fi.history(SHENZHEN) == [step]


def test_of_a_large_classification_only_what_changes_is_drawn():
    step = fi.transition("nbs/gbt-4754@2017", "nbs/gbt-4754@2017-amd1")
    found = shown(step.chart())
    changed = [c for c in step.changes if c.change != "unchanged"]
    new = fi.load(step.new)
    assert changed
    for change in changed:
        assert all(squeezed(new[code].label["zh"]) in found for code in change.new)
    assert re.search(r"另有1,?9\d\d项未变，未画出", found)
    assert "农业" not in found


def test_the_same_version_twice_has_nothing_but_unchanged_items(hefei):
    found = texts(sound(fi.transition(hefei, hefei).chart()))
    assert "未变" in found
    assert not {"新增", "删除", "更名"} & set(found)


@LANGS
def test_a_history_shows_versions_and_the_life_of_each_industry(lang):
    history = fi.history("state-council/government-work-report")
    found = shown(history.chart(lang=lang))
    assert [scheme.version for scheme in history.versions] == ["2024", "2025", "2026"]
    for scheme in history.versions:
        for item in scheme.values():
            assert is_tier(item) or squeezed(item.label[lang]) in found


def test_an_item_with_another_code_goes_on():
    """In 2019 the courts made room for the supervisory commissions: 9231 became 9232."""
    said = {"9231 人民法院": ["2017", "2019"], "9231 监察委员会": ["2019"]}
    series = fi.history("nbs/gbt-4754").chart().to_echarts()
    rows = series["yAxis"]["data"]
    for label, starts in said.items():
        row = rows.index(label)
        found = [s["data"][0]["value"] for s in series["series"]]
        assert [start[:4] for start, n in found if n == row] == starts
    assert "9232 人民法院" in [s["name"] for s in series["series"]]
    assert "01 农业" not in rows


def test_a_series_of_one_version_has_a_timeline_too(hefei):
    found = shown(fi.history(HEFEI).chart())
    assert "聚变能源" in found
    assert hefei.version in found


def test_namings_are_drawn_in_the_order_of_their_dates(hub):
    namings = fi.namings("low-altitude-economy")
    series = namings.chart().to_echarts()["series"]
    starts = [s["data"][0]["value"][0] for s in series]
    assert len(series) == len(namings)
    dated = [n.date for n in namings if n.date]
    assert starts[: len(dated)] == dated
    assert namings.concept is hub["low-altitude-economy"]
    with pytest.raises(UnreadableData, match='no scheme with a date names "low-altitude-economy"'):
        Namings(namings.concept, []).chart()


# Comparisons


@LANGS
def test_a_heat_map_has_every_scheme_and_concept(lang):
    found = fi.compare([HEFEI, SHENZHEN, MIIT])
    said = shown(found.chart(lang=lang))
    for scheme in found.schemes:
        assert squeezed((scheme.short or scheme.title)[lang]) in said
    for concept in found.concepts:
        assert squeezed(found.hub[concept].label[lang]) in said
    assert found.to_echarts(lang=lang) == found.chart(lang=lang).to_echarts()


def test_a_scheme_with_limitations_has_a_star_that_is_explained(hefei):
    whole = attrs.evolve(hefei, version="2025", limitations=())
    said = texts(sound(fi.compare([hefei, whole]).chart()))
    assert "合肥高新区未来产业2024-05*" in said
    assert "合肥高新区未来产业2025" in said
    assert "*清单未完整见到或有其他局限：未列出不等于没有。" in said


def test_what_cannot_be_told_is_no_absence():
    """Hefei's X is open: that it does not list a concept does not mean that it has none."""
    found = fi.compare([HEFEI, SHENZHEN])
    options = found.to_echarts()
    asked = sum(
        found.absence(concept, scheme) == "not known"
        for concept in found.concepts
        for scheme in found.schemes
    )
    signs = [cell["label"]["formatter"] for cell in options["series"][0]["data"]]
    assert asked
    assert signs.count("?") == asked
    said = shown(found.chart())
    assert "不能断定|" in said
    assert "?不能断定该方案没有：其清单开放或未完整见到" in said


@LANGS
def test_two_versions_are_told_apart(lang):
    found = fi.compare([f"{SHENZHEN}@2022-06", f"{SHENZHEN}@2024-03"])
    heads = found.chart(lang=lang).to_echarts()["xAxis"]["data"]
    assert len(set(heads)) == 2


def test_many_schemes_are_counted_by_field(everything):
    found = fi.compare(everything)
    chart = found.chart()
    options = chart.to_echarts()
    assert chart.kind == "value_map"
    assert len(options["yAxis"]["data"]) == len(everything)
    counted = sum(int(re.search(r"\((\d+)\)$", head)[1]) for head in options["xAxis"]["data"])
    assert counted == len(found.concepts)
    assert len(options["xAxis"]["data"]) <= pictures.FIELDS
    cells = options["series"][0]["data"]
    told = sum(int(cell["label"]["formatter"]) for cell in cells)
    assert told == sum(
        found.cell(concept, scheme) is not None
        for concept in found.concepts
        for scheme in everything
    )
    assert "每格为该方案在该领域涉及的概念数" in shown(chart)


@LANGS
def test_a_similarity_map_has_every_scheme(everything, lang):
    some = everything[:20]
    found = shown(fi.compare(some).chart("similarity", lang=lang))
    assert all(squeezed((s.short or s.title)[lang]) in found for s in some)


def test_a_similarity_map_says_the_plain_index_and_its_bounds():
    found = fi.compare([HEFEI, SHENZHEN])
    (pair,) = found.similarity()
    said = texts(sound(found.chart("similarity")))
    assert said.count(f"{pair.jaccard:.2f}") == 2
    assert said.count(f"{pair.certain:.2f}–{pair.listed:.2f}") == 2


def test_all_schemes_give_a_similarity_map_of_a_sensible_size(everything):
    chart = fi.compare(everything).chart("similarity")
    assert len(chart.svg) < 2_000_000
    assert chart.svg.count("<text") < 3 * len(everything)


# Indices


@LANGS
@pytest.mark.parametrize("kind", pictures.SPECIALISATION)
def test_specialisation_has_its_pictures(measured, kind, lang):
    found = shown(measured.chart(kind, lang=lang))
    assert all(park.park in found for park in measured.parks)
    assert measured.scheme in found
    assert measured.to_echarts(kind, lang=lang) == measured.chart(kind, lang=lang).to_echarts()


def test_a_heat_map_of_quotients_says_each_as_measured(measured):
    found = texts(sound(measured.chart()))
    for cell in measured.cells:
        if cell.lq:
            assert f"{cell.lq:.2f}" in found


def test_the_bars_of_a_park_are_its_quotients(measured):
    found = texts(sound(measured.chart("bars", park="合肥")))
    assert {"量子信息", "人工智能", "新能源"} <= set(found)
    assert "合成生物" not in found
    with pytest.raises(UnreadableData, match='no park "合飞"'):
        measured.chart("bars", park="合飞")


def test_what_depends_on_the_allocation_is_an_interval():
    polars = pytest.importorskip("polars")
    rows = [("A", "量子信息与人工智能", 10.0), ("A", "机器人", 5.0), ("B", "人工智能", 7.0)]
    frame = polars.DataFrame(rows, schema=["p", "s", "v"], orient="row")
    found = fi.specialisation(frame, park="p", sector="s", value="v", scheme=SHENZHEN)
    assert any(cell.lq is None and cell.lq_high for cell in found.cells)
    assert "取决于分配：区间" in shown(found.chart())
    assert "A" in shown(found.chart("bars"))
    assert "行业归属不确定，未画：A" in shown(found.chart("lorenz"))


# What is asked for wrongly


def test_a_kind_that_is_none_names_those_that_are(hefei, measured):
    with pytest.raises(UnknownFormat, match='did you mean "sunburst"'):
        hefei.chart("sunbrst")
    with pytest.raises(UnknownFormat, match="there is heatmap, similarity"):
        fi.compare([HEFEI, SHENZHEN]).chart("pie")
    with pytest.raises(UnknownFormat, match='did you mean "lorenz"'):
        measured.chart("lorentz")


# The face


def test_the_face_has_every_character_of_the_labels():
    """A new label may bring a character that the font has not: `make font` puts it in."""
    lost = {
        char: item.id
        for series in fi.catalog()
        for version in series.versions
        for scheme in [fi.load(f"{series.id}@{version}")]
        for item in (*scheme.values(),)
        for text in (*item.label.values(), *scheme.title.values(), *scheme.short.values())
        for char in text
        if not typeface.covered(char)
    }
    assert lost == {}, "run make font (see CONTRIBUTING.md)"


def test_the_face_has_every_character_of_our_own_words():
    folder = Path(charts.__file__).parent
    files = [*folder.glob("*.py"), folder.parent / "pictures.py", folder.parent / "comparison.py"]
    lost = {
        char
        for file in files
        for char in file.read_text("utf-8")
        if char >= "\u3000" and not typeface.covered(char)
    }
    assert lost == set(), "run make font (see CONTRIBUTING.md)"

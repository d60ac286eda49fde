"""Mentions in running text: what stands where, what it means, of whom; both engines alike."""

import csv
import pickle
from itertools import pairwise
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import futureindustry as fi
from engines import ENGINES, ORDERED
from engines import rows_of as rows_in
from futureindustry import mentions as module
from futureindustry.errors import ColumnExists, ColumnNotFound, UnknownScheme, UnreadableData
from futureindustry.mentions import Vocabulary, Word, annotate, annotate_table

HEFEI = "hefei-htz/future-industries"
HEFEI_ID = "hefei-htz/future-industries@2024-05"
CASES = list(
    csv.DictReader(
        (Path(__file__).parent / "cases" / "mentions.csv").read_text(encoding="utf-8").splitlines()
    )
)


@pytest.fixture(scope="module")
def compiled(hub):
    pytest.importorskip("ahocorasick_rs")
    return Vocabulary(hub, engine="compiled")


@pytest.fixture(scope="module")
def python(hub):
    return Vocabulary(hub, engine="python")


def shown(mention):
    return mention.text + " not" * mention.negated + " other" * mention.other_party


def texts(text, **options):
    return [mention.text for mention in annotate(text, **options)]


def read(vocabulary, text):
    return module._annotate(vocabulary, text, groups=True)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"])
def test_mentions_and_flags_are_what_an_analyst_expects(case):
    assert "; ".join(map(shown, annotate(case["text"]))) == case["mentions"], case["why"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"])
def test_both_engines_read_the_cases_alike(case, compiled, python):
    assert read(compiled, case["text"]) == read(python, case["text"])


def test_a_mention_carries_concept_label_and_items():
    found = annotate("公司从事量子计算。", HEFEI)[0]
    assert (found.start, found.end, found.text) == (4, 8, "量子计算")
    assert found.concept == "futureindustry/concepts#quantum-computing"
    assert found.label["zh"] == "量子计算"
    assert list(found.items) == [HEFEI_ID]
    resolution = found.items[HEFEI_ID]
    assert (resolution.code, resolution.relation) == ("quantum-information", "part_of")
    assert "量子计算" in resolution.explain("zh")


def test_a_mention_as_a_dictionary_holds_plain_values():
    assert annotate("从事量子计算", HEFEI)[0].to_dict() == {
        "start": 2, "end": 6, "text": "量子计算", "concept": "futureindustry/concepts#quantum-computing",
        "label": {"zh": "量子计算", "en": "quantum computing"},
        "items": {HEFEI_ID: {"code": "quantum-information", "relation": "part_of", "outcome": "resolved"}},
        "negated": False, "other_party": False,
    }  # fmt: skip


def test_a_concept_outside_a_scheme_has_no_item_in_it():
    found = annotate("电机", [HEFEI, "shenzhen/20-plus-8"])[0]
    assert found.concept == "futureindustry/concepts#motors"
    assert found.items == {}


def test_schemes_may_be_ids_or_schemes_one_or_many(hefei):
    expected = annotate("量子计算", HEFEI)
    assert annotate("量子计算", hefei) == annotate("量子计算", [HEFEI]) == expected
    assert annotate("量子计算", (hefei, HEFEI)) == expected


def test_an_unknown_scheme_is_an_error_with_a_hint():
    with pytest.raises(UnknownScheme, match="future-industries"):
        annotate("量子", "hefei-htz/future-industry")


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match="bytes"):
        annotate("量子".encode())


def test_names_that_only_a_scheme_has_are_found_without_a_concept(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        'series: me/mine\nversion: "2026"\ntitle: {zh: 我的}\nissuer: me\nitems:\n'
        '  - {code: t, slot: "1", label: {zh: 甲乙支柱}, items: [{code: q, label: {zh: 甲乙丙丁}}]}\n',
        encoding="utf-8",
    )
    mine = fi.read_scheme(path)
    text = "甲乙支柱含甲乙丙丁。"
    found = annotate(text, mine)
    assert [(m.text, m.concept, m.items["me/mine@2026"].code) for m in found] == [
        ("甲乙丙丁", None, "q")
    ]
    assert texts(text, schemes=mine, groups=True) == ["甲乙支柱", "甲乙丙丁"]
    assert annotate(text) == []


def test_a_scheme_name_with_a_generic_word_keeps_the_concept_of_the_name():
    found = annotate("布局空天信息产业", HEFEI)[0]
    assert found.text == "空天信息产业"
    assert found.concept == "futureindustry/concepts#aerospace-information"


def test_names_of_groups_are_given_only_if_asked_for():
    assert texts("未来产业与量子计算") == ["量子计算"]
    assert texts("未来产业与量子计算", groups=True) == ["未来产业", "量子计算"]


def test_a_single_character_is_no_mention():
    assert texts("发展储能", schemes="changzhou/new-energy-ecology") == ["储能"]
    assert texts("发、储、送、用", schemes="changzhou/new-energy-ecology", groups=True) == []


def test_every_name_of_the_hub_is_found_where_it_stands_alone(hub):
    """But for names that run into a longer one, or are everyday words without an industry."""
    missed = []
    for item in hub.values():
        for name in item.names:
            found = annotate(name, groups=True)
            if len(name) > 1 and not (found and found[0].end == len(name) and found[0].start == 0):
                missed.append(name)
    assert [n for n in missed if n.lower() not in module.EVERYDAY] == []


def test_a_line_break_in_a_wrapped_line_does_not_hide_a_name():
    text = "公司在报告期内主要从事有关量子\r\n  计算的研发工作，并布局\n6G。"
    found = annotate(text)
    assert [m.text for m in found] == ["量子\r\n  计算", "6G"]
    assert all(text[m.start : m.end] == m.text for m in found)


def test_a_line_break_in_a_list_or_between_paragraphs_parts_names():
    assert texts("汽车\n电子产业\n芯片") == ["芯片"]
    assert texts("公司在报告期内主要从事有关量子\n\n计算的研发工作") == []


def test_a_denial_does_not_reach_over_a_paragraph():
    assert [m.negated for m in annotate("公司未涉及区块链\n\n人工智能是主业")] == [True, False]


@pytest.mark.parametrize("engine", ["compiled", "python"])
def test_characters_beyond_the_first_plane_count_as_one(engine, hub):
    if engine == "compiled":
        pytest.importorskip("ahocorasick_rs")
    text = "😀😀公司从事量子计算😀\ud800。"
    found = read(Vocabulary(hub, engine=engine), text)
    assert [(m.start, m.text) for m in found] == [(6, "量子计算")]


# Laws

ATOMS = [
    "量", "子", "点", "信息", "计算", "能", "储", "力", "化", "工", "光", "电", "国家", "机", "无", "不涉及",
    "客户", "为", "的", "、", "，", "。", "但", "和", "\n", " ", "A", "i", "AI", "6G", "芯片", "-", "等产业",
    "汽车", "ＡＩ", "電", "未来产业", "😀", "quantum", "computing", ".", ",", "not", "尚未", "（", "）",
]  # fmt: skip
DIRTY = st.lists(st.sampled_from(ATOMS), max_size=30).map("".join)


@given(DIRTY | st.text(max_size=40))
def test_offsets_point_at_the_text_and_mentions_do_not_overlap(text):
    found = annotate(text, groups=True)
    assert all(text[m.start : m.end] == m.text and m.text for m in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(DIRTY | st.text(max_size=40))
def test_both_engines_find_the_same(compiled, python, text):
    assert read(compiled, text) == read(python, text)


def reference(words, hay):
    """Find the leftmost longest words that can stand where they are, by trying all of them."""
    place, found = 0, []
    while place < len(hay):
        ends = [
            (place + len(word.key), word.key)
            for word in words
            if hay[place : place + len(word.key)] == word.key
            and word.fits(hay, hay, place, place + len(word.key))
        ]
        if ends:
            end, key = max(ends)
            found.append((place, key))
            place = end
        else:
            place += 1
    return found


# Two bytes each that are all first and second bytes of ideographs: a search of bytes meets
# words in the middle of characters.
MISLEADING = [
    chr(first << 8 | second) for first in (0x4E, 0x4F, 0x50) for second in (0x4E, 0x4F, 0x50)
]
LETTERS = "ab光储通电能力家阳存国 .1"


@given(
    st.sampled_from([LETTERS, "".join(MISLEADING), "光电储能力家阳存国家"]).flatmap(
        lambda letters: st.tuples(
            st.sets(st.text(letters, min_size=2, max_size=4), min_size=1, max_size=8),
            st.text(letters, max_size=40),
        )
    )
)
@example(({"ab", "abb", "ba"}, "abba ba"))
@example(({"a a", "a ab", "ab a"}, "a aab a"))
def test_words_are_leftmost_and_longest_among_those_that_fit(case):
    keys, hay = case
    keys = {key for key in keys if key.strip(" .") == key and any(map(str.isalnum, key))}
    if not keys:
        return
    meaning = module._Meaning("x", "c", fi.load(HEFEI).title, ())
    meaning.rest = ("c", meaning.label, {})
    expected = reference([Word(key, "name", meaning) for key in keys], hay)
    for engine in ("python", None):
        vocabulary = Vocabulary.of_words(
            [Word(key, "name", meaning) for key in sorted(keys)], engine
        )
        found = module._read(vocabulary, hay, hay, groups=True)
        assert [(m.start, m.text) for m in found] == expected


@given(DIRTY)
def test_a_text_is_read_the_same_behind_another_paragraph(text):
    """What stands in another paragraph changes nothing."""
    before = "公司未涉及区块链，客户为无人机企业。\n\n"
    alone = annotate(text)
    behind = [m for m in annotate(before + text) if m.start >= len(before)]
    assert [
        m._replace(start=m.start - len(before), end=m.end - len(before)) for m in behind
    ] == alone


@pytest.mark.parametrize("old", ["量子计算", "AI芯片", "eVTOL", "brain-computer interface"])
@pytest.mark.parametrize("change", [str.upper, str.title, lambda t: t.replace("AI", "ＡＩ"),
                                    lambda t: t.replace("-", "_")])  # fmt: skip
def test_spellings_that_folding_equates_are_found(old, change):
    assert [m.concept for m in annotate(f"从事{change(old)}。")] == [
        m.concept for m in annotate(old)
    ]


def test_the_collector_is_left_as_it_was():
    import gc

    text = "公司从事量子计算。" * 2000
    assert gc.isenabled()
    assert len(annotate(text)) == 2000
    assert gc.isenabled()


def test_the_faster_automaton_finds_the_same(hub, compiled, monkeypatch):
    monkeypatch.setattr(module, "WORTHWHILE", 1)
    fast = Vocabulary(hub, engine="compiled")
    before = fast._find
    for case in CASES:
        assert read(fast, case["text"]) == read(compiled, case["text"])
    assert fast._find is not before


def test_without_the_extra_the_python_engine_is_taken(hub, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "ahocorasick_rs", None)
    assert Vocabulary(hub)._find is None
    with pytest.raises(ImportError):
        Vocabulary(hub, engine="compiled")


def test_the_tables_of_ordinary_words_do_not_repeat_names():
    """A name that a table forbids must be no cue, and a cue must be no name."""
    hub_names = {module.fold(n) for item in fi.catalog().hub().values() for n in item.names}
    cues = {*module.NEGATION, *module.CLIENTS, *module.SUPPLIERS, *module.OTHERS}
    assert not cues & hub_names
    assert not cues & set(module.NO_CUES)
    assert set(module.AFTER) <= hub_names


# Tables

ROWS = {
    "编号": ["b", "a", "c", "d"],
    "简介": ["不涉及量子计算。", None, "客户为光伏企业，公司从事6G和电机。", "不涉及量子计算。"],
}
EXPECTED = [
    (1, 3, 7, "量子计算", True, False, "quantum-information", "part_of"),
    (3, 3, 5, "光伏", False, True, None, None),
    (3, 12, 14, "6G", False, False, None, None),
    (3, 15, 17, "电机", False, False, None, None),
    (4, 3, 7, "量子计算", True, False, "quantum-information", "part_of"),
]


def rows_of(native):
    frame = nw.from_native(native)
    names = frame.collect_schema().names()
    fields = (names[0], "start", "end", "text", "negated", "other_party")
    return rows_in(frame.select(*fields, f"{HEFEI_ID} code", f"{HEFEI_ID} relation").to_native())


@pytest.mark.parametrize("engine", ORDERED)
def test_a_column_is_read_alike_on_every_engine(engine):
    data = ENGINES[engine](pl.DataFrame(ROWS))
    found = annotate_table(data, "简介", HEFEI)
    assert type(found) is type(data)
    assert rows_of(found) == EXPECTED


@pytest.mark.parametrize("engine", ENGINES)
def test_a_key_stands_for_the_row(engine):
    found = annotate_table(ENGINES[engine](pl.DataFrame(ROWS)), "简介", HEFEI, key="编号")
    keys = dict(enumerate(ROWS["编号"], start=1))
    assert rows_of(found) == sorted((keys[row], *rest) for row, *rest in EXPECTED)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_without_mentions_gives_an_empty_frame(engine):
    found = annotate_table(ENGINES[engine](pl.DataFrame({"k": ["x"], "t": ["没有"]})), "t", key="k")
    frame = nw.from_native(found)
    assert list(frame.collect_schema().names())[:4] == ["k", "start", "end", "text"]
    assert rows_in(found) == []


def test_the_path_of_a_file_stands_for_its_table(tmp_path):
    path = tmp_path / "companies.csv"
    pl.DataFrame(ROWS).write_csv(path)
    assert rows_of(annotate_table(path, "简介", HEFEI)) == EXPECTED


def test_each_distinct_text_is_read_once(monkeypatch):
    seen = []
    real = module._annotate
    monkeypatch.setattr(
        module, "_annotate", lambda v, text, **more: seen.append(text) or real(v, text, **more)
    )
    annotate_table(pl.DataFrame(ROWS), "简介")
    assert sorted(seen) == sorted(set(ROWS["简介"]) - {None})


def test_wrong_use_of_a_table_is_told():
    with pytest.raises(ColumnNotFound, match="简介"):
        annotate_table(pl.DataFrame(ROWS), "简价")
    with pytest.raises(UnreadableData, match="key="):
        annotate_table(ENGINES["duckdb"](pl.DataFrame(ROWS)), "简介")
    with pytest.raises(UnreadableData, match="no data frame"):
        annotate_table([1], "简介")
    with pytest.raises(ColumnExists, match="text"):
        annotate_table(pl.DataFrame({"text": ["量子计算"]}), "text", key="text")


def test_mentions_can_be_pickled():
    found = annotate("从事量子计算", HEFEI)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("公司向银行贷款三千万元，员工住在酒店，发了水果和饮料。", []),
        ("公司从事饮料、零食业务。", ["饮料", "零食"]),
        ("The press and other media will feed on it.", []),
        ("The media industry is growing.", ["media industry"]),
    ],
)
def test_nouns_of_everyday_use_count_where_industries_are_spoken_of(text, found):
    assert [m.text for m in fi.annotate(text)] == found

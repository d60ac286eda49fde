"""What happened between two versions, in the words of GSIM."""

import io
import pickle

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import futureindustry as fi
from futureindustry.changes import CHANGES, diff, successions
from futureindustry.errors import UnknownItem
from futureindustry.model import Item, Map, Scheme, Text
from futureindustry.relation import Relation
from futureindustry.sssom import MapFile
from futureindustry.store import HUB


def version(name, *items, **more):
    made = [
        Item(
            code,
            Text(zh=label),
            parent_code=parent,
            slot=code if children else None,
            successors=successors,
            **dict.fromkeys(flags, True),
        )
        for code, label, parent, children, successors, flags in items
    ]
    return Scheme("p/s", name, Text(zh=name), "p", items_=tuple(made), **more)


def row(code, label=None, parent=None, *, tier=False, successors=(), flags=()):
    return code, label or f"{code}业", parent, tier, successors, flags


class Store:
    """
    A hub, and the maps of both versions to it.

    The hub has 制造 over 机器人 and 工具, 软件, and 消费品 over twelve kinds, the first over 布.
    """

    def __init__(self, maps):
        concepts = [
            Item("make", Text(zh="制造")),
            Item("robots", Text(zh="机器人"), parent_code="make"),
            Item("tools", Text(zh="工具"), parent_code="make"),
            Item("software", Text(zh="软件")),
            Item("goods", Text(zh="消费品")),
            *(Item(f"g{n}", Text(zh=f"消费品{n}"), parent_code="goods") for n in range(12)),
            Item("cloth", Text(zh="布"), parent_code="g0"),
        ]
        self._hub = Scheme(HUB, "1", Text(zh="h"), "futureindustry", items_=tuple(concepts))
        self._maps = tuple(Map(x, y, Relation.parse(r)) for x, r, y in maps)

    def hub(self):
        return self._hub

    def __iter__(self):
        return iter(())

    def maps_between(self, a, b):
        ends = a.partition("@")[0], b.partition("@")[0]
        maps = self._maps if ends == ("p/s", HUB) else ()
        return [(MapFile(*ends, maps), False)]


EQ, PP, PPI, PO = ("EQ", "PP", "PPi", "PO")
CASES = {
    "unchanged": ([row("a")], [row("a")], [], [("unchanged", "a", "a")]),
    "brackets make no name": (
        [row("a", "钢（材）")], [row("a", "钢(材)")], [], [("unchanged", "a", "a")],
    ),
    "name change": (
        [row("a", "甲业")], [row("a", "乙业")], [], [("name change", "a", "a")],
    ),
    "code change": (
        [row("a", "机")], [row("b", "机")], [("a", EQ, "robots"), ("b", EQ, "robots")],
        [("code change", "a", "b")],
    ),
    "code change with another name": (
        [row("a")], [row("b")], [("a", EQ, "robots"), ("b", EQ, "robots")],
        [("code change", "a", "b"), ("name change", "a", "b")],
    ),
    "creation": (
        [row("a")], [row("a"), row("b")], [("a", EQ, "robots"), ("b", EQ, "software")],
        [("unchanged", "a", "a"), ("creation", "", "b")],
    ),
    "deletion": (
        [row("a"), row("b")], [row("a")], [("a", EQ, "robots"), ("b", EQ, "software")],
        [("unchanged", "a", "a"), ("deletion", "b", "")],
    ),
    "merger": (
        [row("a"), row("b")], [row("c")],
        [("a", EQ, "robots"), ("b", EQ, "tools"), ("c", EQ, "make")],
        [("merger", "ab", "c")],
    ),
    "take-over by what continues": (
        [row("a"), row("c")], [row("c")], [("a", EQ, "robots"), ("c", EQ, "make")],
        [("take-over", "a", "c"), ("unchanged", "c", "c")],
    ),
    "take-over of one by a wider one": (
        [row("a")], [row("c")], [("a", EQ, "robots"), ("c", EQ, "make")],
        [("take-over", "a", "c")],
    ),
    "a wider item that emerges is not made of the few things that it holds": (
        [row("a"), row("b")], [row("c")],
        [("a", EQ, "g1"), ("b", EQ, "g2"), ("c", EQ, "goods")],
        [("take-over", "a", "c"), ("take-over", "b", "c")],
    ),
    "it is if they are a quarter of it": (
        [row("a"), row("b")], [row("c")],
        [*(("a", PPI, f"g{n}") for n in range(1, 4)), ("b", EQ, "g4"), ("c", EQ, "goods"),
         ("a", PP, "goods")],
        [("merger", "ab", "c")],
    ),
    "what goes on as a whole is not divided by a part that is named besides": (
        [row("a")], [row("b"), row("c")],
        [("a", EQ, "g0"), ("b", EQ, "cloth"), ("c", EQ, "goods")],
        [("take-over", "a", "c"), ("creation", "", "b")],
    ),
    "too small a part of what it overlaps to go on in it": (
        [row("a")], [row("c")],
        [("a", PPI, "g1"), ("a", PPI, "software"), ("c", EQ, "goods")],
        [("deletion", "a", ""), ("creation", "", "c")],
    ),
    "take-over where a part is known to go on": (
        [row("a")], [row("c")],
        [("a", PPI, "robots"), ("a", PPI, "software"), ("c", PPI, "robots"), ("c", PPI, "tools")],
        [("take-over", "a", "c")],
    ),
    "too small a part to go on": (
        [row("a")], [row("c")],
        [("a", PO, "make"), ("c", PO, "make"), ("a", PPI, "software")],
        [("deletion", "a", ""), ("creation", "", "c")],
    ),
    "what overlaps and was there before takes nothing over": (
        [row("a"), row("c")], [row("c")],
        [("a", PPI, "robots"), ("a", PPI, "software"), ("c", PPI, "robots")],
        [("deletion", "a", ""), ("unchanged", "c", "c")],
    ),
    "breakdown": (
        [row("a")], [row("b"), row("c")],
        [("a", EQ, "make"), ("b", EQ, "robots"), ("c", EQ, "tools")],
        [("breakdown", "a", "bc")],
    ),
    "breakdown of which one part is seen": (
        [row("a")], [row("b")], [("a", EQ, "make"), ("b", EQ, "robots")],
        [("breakdown", "a", "b")],
    ),
    "split-off": (
        [row("a")], [row("a"), row("b")], [("a", EQ, "make"), ("b", EQ, "robots")],
        [("unchanged", "a", "a"), ("split-off", "a", "ab")],
    ),
    "transfer": (
        [row("s", tier=True), row("a", None, "s"), row("t", tier=True)],
        [row("s", tier=True), row("t", tier=True), row("a", None, "t")],
        [],
        [("unchanged", "s", "s"), ("transfer", "a", "a"), ("unchanged", "t", "t")],
    ),
    "transfer with another name": (
        [row("s", tier=True), row("a", "甲", "s")], [row("s", tier=True), row("a", "乙")], [],
        [("unchanged", "s", "s"), ("name change", "a", "a"), ("transfer", "a", "a")],
    ),
    "a tier with another code is the same place": (
        [row("s", "层", tier=True), row("a", None, "s")],
        [row("t", "层", tier=True), row("a", None, "t")],
        [("s", EQ, "make"), ("t", EQ, "make")],
        [("code change", "s", "t"), ("unchanged", "a", "a")],
    ),
    "a tier is never an industry": (
        [row("s", tier=True)], [row("b")], [("s", EQ, "make"), ("b", EQ, "make")],
        [("deletion", "s", ""), ("creation", "", "b")],
    ),
    "an open list is silent about what it does not name": (
        [row("s", tier=True, flags=["open"]), row("a", None, "s"), row("c", None, "s")],
        [row("s", tier=True, flags=["open"]), row("b", None, "s"), row("c", None, "s")],
        [],
        [
            ("unchanged", "s", "s"), ("not seen", "a", ""), ("unchanged", "c", "c"),
            ("first seen", "", "b"),
        ],
    ),
    "a closed list is not": (
        [row("s", tier=True), row("a", None, "s"), row("c", None, "s")],
        [row("s", tier=True), row("b", None, "s"), row("c", None, "s")],
        [],
        [
            ("unchanged", "s", "s"), ("deletion", "a", ""), ("unchanged", "c", "c"),
            ("creation", "", "b"),
        ],
    ),
    "a list seen in part may still hold what seems to have been broken down": (
        [row("s", tier=True), row("a", None, "s")],
        [row("s", tier=True, flags=["incomplete"]), row("b", None, "s")],
        [("a", EQ, "make"), ("b", EQ, "robots")],
        [("unchanged", "s", "s"), ("not seen", "a", ""), ("creation", "", "b")],
    ),
    "it may have held what seems to have been split off": (
        [row("s", tier=True, flags=["incomplete"]), row("a", None, "s")],
        [row("s", tier=True), row("a", None, "s"), row("b", None, "s")],
        [("a", EQ, "make"), ("b", EQ, "robots")],
        [("unchanged", "s", "s"), ("unchanged", "a", "a"), ("first seen", "", "b")],
    ),
    "what is known to go on goes on, seen in part or not": (
        [row("s", tier=True), row("a", None, "s"), row("c", None, "s", successors=("d",))],
        [
            row("s", tier=True, flags=["incomplete"]), row("b", None, "s"),
            row("d", None, "s"),
        ],
        [("a", EQ, "make"), ("b", EQ, "make")],
        [
            ("unchanged", "s", "s"), ("code change", "a", "b"), ("name change", "a", "b"),
            ("take-over", "c", "d"),
        ],
    ),
    "a list that is gone leaves its items to any that was seen in part": (
        [row("s", tier=True), row("a", None, "s"), row("u", tier=True)],
        [row("u", tier=True), row("t", tier=True, flags=["incomplete"])],
        [],
        [
            ("deletion", "s", ""), ("not seen", "a", ""), ("unchanged", "u", "u"),
            ("creation", "", "t"),
        ],
    ),
    "or to any at all if all are open": (
        [row("s", tier=True), row("a", None, "s"), row("u", tier=True)],
        [row("u", tier=True, flags=["open"])],
        [],
        [("deletion", "s", ""), ("not seen", "a", ""), ("unchanged", "u", "u")],
    ),
    "but to none if only some are open": (
        [row("s", tier=True), row("a", None, "s"), row("u", tier=True), row("c", None, "u")],
        [row("u", tier=True), row("c", None, "u"), row("t", tier=True, flags=["open"])],
        [],
        [
            ("deletion", "s", ""), ("deletion", "a", ""), ("unchanged", "u", "u"),
            ("unchanged", "c", "c"), ("creation", "", "t"),
        ],
    ),
    "one declared successor": (
        [row("a", successors=("b",))], [row("b")], [], [("take-over", "a", "b")],
    ),
    "declared successors of several": (
        [row("a", successors=("c",)), row("b", successors=("c",))], [row("c")], [],
        [("merger", "ab", "c")],
    ),
    "what is broken down is not merged as well": (
        [row("a"), row("b", successors=("c",))], [row("c")],
        [("a", EQ, "make"), ("c", EQ, "robots")],
        [("breakdown", "a", "c"), ("take-over", "b", "c")],
    ),
    "several declared successors": (
        [row("a", successors=("b", "c"))], [row("b"), row("c")], [], [("breakdown", "a", "bc")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "maps", "expected"), CASES.values(), ids=CASES)
def test_each_kind_of_change(old, new, maps, expected):
    store = Store(maps)
    found = diff(version("1", *old, origin=store), version("2", *new, origin=store))
    assert [(c.change, "".join(c.old), "".join(c.new)) for c in found] == expected
    assert all(c.evidence and all(c.evidence) for c in found)


def test_every_kind_that_there_is_has_an_example():
    assert {change for *_, expected in CASES.values() for change, _, _ in expected} == set(CHANGES)


def _versions():
    store = fi.catalog()
    return [
        (f"{series.id}@{old}", f"{series.id}@{new}")
        for series in store
        for old, new in zip(series.versions, series.versions[1:], strict=False)
    ]


@pytest.mark.parametrize(("a", "b"), _versions())
def test_every_item_of_both_versions_is_in_a_change(a, b):
    old, new = fi.load(a), fi.load(b)
    found = diff(old, new)
    assert {code for c in found for code in c.old} == set(old)
    assert {code for c in found for code in c.new} == set(new)
    assert all(c.change in CHANGES and c.evidence for c in found)
    assert diff(a, b) == found


@pytest.mark.parametrize("id_", ["hefei-htz/future-industries", "shenzhen/20-plus-8@2022-06"])
def test_nothing_happened_between_a_version_and_itself(id_):
    scheme = fi.load(id_)
    for other in (scheme, attrs.evolve(scheme)):
        found = diff(scheme, other)
        assert [c.change for c in found] == ["unchanged"] * len(scheme)
        assert [c.old for c in found] == [c.new for c in found] == [(code,) for code in scheme]


def test_shenzhen_as_a_reader_of_the_two_lists_tells_it(shenzhen_2022, shenzhen_2024):
    """2022-06 to 2024-03; everything that is not named here goes on as it was."""
    found = [
        (
            c.change,
            [shenzhen_2022[x].label["zh"] for x in c.old],
            [shenzhen_2024[y].label["zh"] for y in c.new],
        )
        for c in diff(shenzhen_2022, shenzhen_2024)
        if c.change != "unchanged"
    ]
    assert found == [
        ("merger", ["工业母机", "激光与增材制造", "精密仪器设备"], ["高端装备与仪器"]),
        ("transfer", ["智能机器人"], ["智能机器人"]),
        ("breakdown", ["新材料"], ["高性能材料", "前沿新材料"]),
        ("deletion", ["区块链"], []),
        ("take-over", ["空天技术"], ["低空经济与空天"]),
        ("take-over", ["脑科学与类脑智能"], ["脑科学与脑机工程"]),
        ("take-over", ["可见光通信与光计算"], ["光载信息"]),
        ("creation", [], ["人工智能"]),
        ("creation", [], ["机器人"]),
    ]


def test_the_evidence_names_the_maps_and_the_places_moved_between(shenzhen_2022, shenzhen_2024):
    found = {c.old: c for c in diff(shenzhen_2022, shenzhen_2024)}
    (moved,) = (c for c in found.values() if c.change == "transfer")
    assert "战略性新兴产业集群" in moved.evidence[0]
    assert "未来产业" in moved.evidence[0]
    (merged,) = (c for c in found.values() if c.change == "merger")
    assert any(".sssom.tsv:" in said for said in merged.evidence)


def test_a_code_that_an_issuer_gave_to_something_else_is_followed_by_the_maps():
    """GB/T 4754: 9231 was 人民法院; since the amendment it is 监察委员会, and the courts are 9232."""
    found = diff("nbs/gbt-4754@2017", "nbs/gbt-4754@2017-amd1")
    about = [c for c in found if {"9231", "9232", "9233"} & {*c.old, *c.new}]
    assert [(c.change, c.old, c.new) for c in about] == [
        ("code change", ("9231",), ("9232",)),
        ("code change", ("9232",), ("9233",)),
        ("creation", (), ("9231",)),
    ]


def test_the_history_of_a_series_is_the_diff_of_each_pair_of_versions():
    [step] = fi.history("shenzhen/20-plus-8")
    assert (step.old, step.new) == ("shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8@2024-03")
    assert list(step.changes) == fi.diff(step.old, step.new)
    assert fi.history("hefei-htz/future-industries") == []


def test_namings_say_who_named_a_concept_first():
    found = fi.namings("low-altitude-economy")
    dates = [n.date for n in found if n.date]
    assert dates == sorted(dates)
    assert found[0].item.scheme.series == "nanjing/125"
    assert found[0].relation == "equals"
    assert fi.namings("futureindustry/concepts#low-altitude-economy") == found


def test_an_unknown_concept_names_the_nearest():
    with pytest.raises(UnknownItem, match="low-altitude-economy"):
        fi.namings("low-altitude-econmy")


# Laws


codes = st.sampled_from("abcdef")
relations = st.sampled_from(["EQ", "PP", "PPi", "PO", "EQ|PP", "DR"])


@st.composite
def versions(draw):
    """Draw two versions with tiers, and maps of their items to the hub of the store."""
    maps = draw(
        st.lists(
            st.tuples(codes, relations, st.sampled_from(["make", "robots", "tools", "software"])),
            max_size=8,
            unique_by=lambda m: (m[0], m[2]),
        )
    )
    store = Store(maps)

    def one(name):
        items = draw(st.lists(codes, max_size=6, unique=True))
        tiers = [row("s", tier=True), row("t", tier=True)]
        placed = [
            row(
                c,
                draw(st.sampled_from([None, f"又{c}业"])),
                draw(st.sampled_from(["s", "t"])),
                successors=tuple(draw(st.lists(codes, max_size=2, unique=True)))
                if draw(st.booleans())
                else (),
            )
            for c in items
        ]
        return version(name, *tiers, *placed, origin=store)

    return one("1"), one("2")


def applied(old, changes):
    """Carry out changes on the codes of a version, as a reader of the list of changes would."""
    codes = set(old)
    ended = {"deletion", "merger", "breakdown", "code change", "not seen"}
    for change in changes:
        if change.change in ended or (change.change == "take-over"):
            codes -= set(change.old)
        codes |= set(change.new)
    return codes


@settings(deadline=None)
@given(versions())
def test_applying_the_changes_to_the_old_version_gives_the_new(drawn):
    old, new = drawn
    changes = diff(old, new)
    assert applied(old, changes) == set(new)
    for change in changes:
        assert change.evidence or change.change in ("take-over", "merger", "breakdown")
        if change.change == "unchanged":
            before, after = old[change.old[0]], new[change.new[0]]
            assert before.label == after.label
            assert before.parent_code == after.parent_code
        if change.change == "name change":
            assert old[change.old[0]].label != new[change.new[0]].label
    once = [
        code
        for c in changes
        if c.change not in ("split-off", "name change", "transfer")
        for code in c.old
    ]
    assert len(once) == len(set(once))


@settings(deadline=None)
@given(versions())
def test_nothing_happens_between_any_version_and_itself(drawn):
    for scheme in drawn:
        assert {c.change for c in diff(scheme, scheme)} == {"unchanged"}


@settings(deadline=None)
@given(versions())
def test_each_item_goes_on_where_the_changes_say_or_has_a_reason(drawn):
    old, new = drawn
    found = successions(old, new)
    assert list(found) == list(old)
    changes = diff(old, new)
    for code, goes_on in found.items():
        assert set(goes_on.successors) == {y for c in changes if code in c.old for y in c.new}
        assert set(goes_on.successors) <= set(new)
        assert len(goes_on.relations) == len(goes_on.successors)
        assert set(goes_on.relations) <= {"equals", "part_of", "contains", "overlaps"}
        assert bool(goes_on.successors) is not bool({"deletion", "not seen"} & set(goes_on.changes))
        assert goes_on.say("zh")
        assert goes_on.say("en")


def test_successions_of_shenzhen_follow_splits_mergers_and_declared_successors():
    found = fi.successions("shenzhen/20-plus-8", "shenzhen/20-plus-8", as_of=("2023", None))
    said = {
        code: list(zip(s.successors, s.relations, strict=True))
        for code, s in found.items()
        if s.changes not in (("unchanged",), ("transfer",))
    }
    whole = "high-end-equipment-and-instruments"
    assert said["machine-tools"] == [(whole, "part_of")]
    assert said["laser-and-additive-manufacturing"] == [(whole, "part_of")]
    assert said["new-materials"] == [
        ("high-performance-materials", "contains"), ("frontier-new-materials", "contains"),
    ]  # fmt: skip
    assert said["blockchain"] == []
    assert "2024-03 中没有延续区块链的类目" in found["blockchain"].say("zh")
    assert "2022-06.yaml:" in found["laser-and-additive-manufacturing"].say("en")


# Dates and reports


def test_a_date_picks_the_versions():
    series = "shenzhen/20-plus-8"
    assert diff(series, series, as_of=("2023", None)) == diff(
        f"{series}@2022-06", f"{series}@2024-03"
    )
    assert {c.change for c in diff(series, series, as_of=("2023", "2023"))} == {"unchanged"}
    assert (
        fi.history("state-council/government-work-report", as_of="2025-06")
        == (fi.history("state-council/government-work-report")[:1])
    )
    early = fi.namings("low-altitude-economy", as_of="2023")
    assert 0 < len(early) < len(fi.namings("low-altitude-economy"))
    assert all(n.date <= "2023" for n in early)


def test_evidence_is_said_in_both_languages_and_knows_its_places(shenzhen_2022, shenzhen_2024):
    (merged,) = (c for c in diff(shenzhen_2022, shenzhen_2024) if c.change == "merger")
    statement = merged.evidence[0]
    assert "equals" in statement.say("en")
    assert "等同" in statement.say("zh")
    assert statement.places[0].file.endswith(".sssom.tsv")
    assert f":{statement.places[0].line}]" in statement
    assert pickle.loads(pickle.dumps(statement)).zh == statement.zh  # noqa: S301 - our own
    with pytest.raises(AttributeError):
        statement.zh = "x"


def test_the_report_counts_the_changes_and_names_the_maps():
    step = fi.transition("shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8@2024-03")
    text = step.to_text("zh")
    assert "合并(1)" in text
    assert "未变 21" in text
    html = step.to_html("en")
    assert "sssom.tsv:" in html
    assert "blockchain" in html
    book = pl.read_excel(io.BytesIO(step.to_excel(lang="en")), sheet_name="Changes")
    assert book.height == sum(c.change != "unchanged" for c in step.changes)
    assert "breakdown" in book["Change"].to_list()
    history = fi.history("state-council/government-work-report")
    assert len(history.document("en").sections) == 2
    assert history.to_excel()[:2] == b"PK"
    named = fi.namings("quantum-information")
    assert named[0].item.scheme.title["zh"] in named.to_text("zh")
    assert named[0].evidence[0].places
    assert "sssom.tsv:" in named.to_html("zh")


def test_a_concept_may_be_given_by_name_and_what_has_no_date_is_told():
    found = fi.namings("量子科技", as_of="2025")
    assert found.concept.code == "quantum-information"
    assert "fuzhou/1-plus-6-plus-2@undated" in found.undated
    assert "fuzhou/1-plus-6-plus-2@undated" in found.to_text("en")
    assert fi.namings("quantum-information").undated == ()

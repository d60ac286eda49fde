"""What follows from maps and hierarchies: sound, explained, and not more than is known."""

import pickle
from itertools import product
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import futureindustry as fi
import strategies as fi_st
import worlds
from futureindustry.errors import InvalidFile, InvalidId, Place, UnknownItem, UnknownScheme
from futureindustry.mapping import (
    ANY,
    Correspondence,
    Network,
    correspondence,
    hub_maps,
    is_tier,
    maps_over_versions,
    on_hub,
    read_correspondence,
    read_sssom,
    relation_between,
    update_correspondence,
)
from futureindustry.model import Item, Map, Scheme, Text
from futureindustry.relation import Relation
from futureindustry.sssom import MapFile
from futureindustry.store import HUB

HEFEI, SHENZHEN, MIIT = (
    "hefei-htz/future-industries",
    "shenzhen/20-plus-8",
    "miit/future-industries",
)


class Store:
    """As much of a catalogue as derivations ask for."""

    def __init__(self, hub, maps):
        self._hub, self._maps = hub, maps

    def hub(self):
        return self._hub

    def __iter__(self):
        return iter(())

    def maps_between(self, a, b):
        ends = a.partition("@")[0], b.partition("@")[0]
        return [(MapFile(*ends, tuple(self._maps.get(ends, ()))), False)]


def scheme(series, *items, **more):
    return Scheme(series, "1", Text(en=series), series.partition("/")[0], items_=items, **more)


def item(code, parent=None, **more):
    return Item(code, Text(en=f"{code} by name"), parent_code=parent, **more)


def network(concepts, left, right, maps):
    """Make two schemes and a hub that know each other by the maps given."""
    made = scheme(HUB, *concepts)
    store = Store(made, {})
    sides = [scheme(name, *items, origin=store) for name, items in (("a/a", left), ("b/b", right))]
    lines = iter(range(1, 999))
    for ends, rows in zip((("a/a", HUB), ("b/b", HUB), ("a/a", "b/b")), maps, strict=True):
        store._maps[ends] = [
            Map(x, y, relation, 0.9, "semapv:ManualMappingCuration", place=Place("m", next(lines)))
            for x, y, relation in rows
        ]
    return Network(*sides)


def only(whole, premises):
    """Make the network again from no other maps than the premises name."""
    places = {premise.place for premise in premises if premise.reason == "map"}
    store = whole.source.origin
    kept = {ends: [m for m in maps if m.place in places] for ends, maps in store._maps.items()}
    fewer = Store(store.hub(), kept)
    return Network(*(attrs.evolve(s, origin=fewer) for s in (whole.source, whole.target)))


def true_relation(a, b):
    """Relation of two sets given as bits."""
    if a == b:
        return Relation.EQ
    if a & b == 0:
        return Relation.DR
    return Relation.PP if a & ~b == 0 else Relation.PPi if b & ~a == 0 else Relation.PO


ALL = 0b1111


@st.composite
def extents(draw, prefix, *, strict):
    """Draw a tree of items with a set of activities for each; a child's is in its parent's."""
    sets, parents = {}, {}
    for n in range(draw(st.integers(1, 4))):
        wider = [c for c, bits in sets.items() if not strict or bits.bit_count() > 1]
        parent = draw(st.sampled_from([None, *wider]))
        whole = sets.get(parent, ALL)
        inside = [bits for bits in range(1, ALL + 1) if bits & ~whole == 0]
        if strict and parent:
            inside.remove(whole)
        # The whole again is one set of many, and the one that is easily forgotten.
        again = [] if strict or not parent else [whole] * len(inside)
        code = f"{prefix}{n}"
        sets[code], parents[code] = draw(st.sampled_from([*inside, *again])), parent
    items = []
    for code, parent in parents.items():
        below = [sets[c] for c, p in parents.items() if p == code]
        apart = sum(below) == _union(below)
        items.append(item(code, parent, exclusive=apart and draw(st.booleans())))
    return sets, items


def _union(sets):
    union = 0
    for bits in sets:
        union |= bits
    return union


@st.composite
def models(draw):
    """Draw a world of sets, and some of what is true of it, as a network."""
    (concepts, hub), (left, a), (right, b) = (
        draw(extents(prefix, strict=prefix == "h")) for prefix in "hab"
    )
    # The tree lists parents before children already.
    maps = []
    for ends in ((left, concepts), (right, concepts), (left, right)):
        pairs = draw(st.lists(st.sampled_from(list(product(*ends))), unique=True, max_size=5))
        maps.append(
            [
                (x, y, true_relation(ends[0][x], ends[1][y]).join(draw(fi_st.relations())))
                if draw(st.booleans())
                else (x, y, true_relation(ends[0][x], ends[1][y]))
                for x, y in pairs
            ]
        )
    return left, right, network(hub, a, b, maps)


@given(models())
@settings(deadline=None)
def test_the_true_relation_is_always_among_the_derived_and_true_maps_never_contradict(model):
    left, right, found = model
    assert not list(found.contradictions())
    for x, y in product(left, right):
        truth = true_relation(left[x], right[y])
        assert truth <= Relation(found.mask(x, y))
        assert truth <= Relation(found.row(x).get(y, ANY))


@given(models())
@settings(deadline=None, max_examples=60)
def test_the_premises_suffice_and_none_of_them_is_superfluous(model):
    left, right, found = model
    for x, y in product(left, right):
        premises = found.premises(x, y)
        assert only(found, premises).mask(x, y) == found.mask(x, y)
        for premise in premises:
            if premise.reason == "map":
                fewer = [p for p in premises if p is not premise]
                assert only(found, fewer).mask(x, y) != found.mask(x, y)


@given(models())
@settings(deadline=None, max_examples=60)
def test_a_network_read_from_the_other_side_says_the_converse(model):
    left, right, found = model
    maps = found.source.origin._maps
    turned = Store(
        found.hub,
        {**maps, ("b/b", "a/a"): [
            attrs.evolve(m, source=m.target, target=m.source, relation=m.relation.converse())
            for m in maps["a/a", "b/b"]
        ]},
    )  # fmt: skip
    back = Network(*(attrs.evolve(s, origin=turned) for s in (found.target, found.source)))
    for x, y in product(left, right):
        assert Relation(back.mask(y, x)) is Relation(found.mask(x, y)).converse()


def test_two_parts_of_one_whole_have_nothing_to_do_with_each_other():
    found = network(
        [item("whole")],
        [item("x")],
        [item("y")],
        [[("x", "whole", Relation.PP)], [("y", "whole", Relation.PP)], []],
    )
    assert found.mask("x", "y") == ANY
    assert found.premises("x", "y") == ()
    assert correspondence(found.source, found.target).maps == ()


@pytest.mark.parametrize(
    ("exclusive", "relation", "said"),
    [
        (True, Relation.EQ, True),
        (True, Relation.PP, True),
        (True, Relation.PO, True),
        (True, Relation.ANY, False),
        (False, Relation.PP, True),
        (False, Relation.PO, False),
    ],
)
def test_a_part_of_b_that_touches_c_beside_b_is_a_contradiction(exclusive, relation, said):
    """A is part of B, B and C are exclusive: then A has nothing to do with C."""
    parent = item("p", exclusive=exclusive)
    right = [parent, item("b", "p"), item("c", "p")]
    rows = [("a", "b", Relation.PP), ("a", "c", relation)]
    if not exclusive and relation is Relation.PP:
        rows[0] = ("a", "p", Relation.DR)  # near: without the closure, the parent has to deny it
    found = network([item("h")], [item("a")], right, [[], [], rows])
    contradictions = list(found.contradictions())
    assert bool(contradictions) is said
    for contradiction in contradictions:
        maps = {p.place.line for p in contradiction.premises if p.reason == "map"}
        assert maps == {1, 2}


def test_exclusive_children_of_the_source_do_not_equal_one_thing():
    left = [item("p", exclusive=True), item("a", "p"), item("b", "p")]
    rows = [("a", "y", Relation.EQ), ("b", "y", Relation.EQ)]
    assert list(network([item("h")], left, [item("y")], [[], [], rows]).contradictions())
    apart = [("a", "y", Relation.EQ), ("b", "z", Relation.EQ)]
    near = network([item("h")], left, [item("y"), item("z")], [[], [], apart])
    assert not list(near.contradictions())
    assert Relation(near.mask("a", "z")) is Relation.DR


def test_only_what_stands_under_different_children_of_the_exclusive_item_is_apart():
    right = [
        item("p", exclusive=True),
        item("q", "p"),
        item("b", "q"),
        item("c", "q"),
        item("d", "p"),
    ]
    found = network([item("h")], [item("a")], right, [[], [], [("a", "b", Relation.EQ)]])
    assert Relation(found.mask("a", "d")) is Relation.DR
    assert found.mask("a", "c") == ANY
    assert [p.reason for p in found.premises("a", "d")] == ["map", "exclusive"]


def test_the_same_maps_are_reported_once_and_without_what_does_not_matter():
    """The descendants of the item, and the third map, share the contradiction; one tells it."""
    left = [item("x"), item("x1", "x"), item("x2", "x")]
    hub = [item("h"), item("h1", "h"), item("h2", "h1")]
    rows = [("x", "h", Relation.CLOSE), ("x", "h1", Relation.EQ), ("x", "h", Relation.PO)]
    (found,) = network(hub, left, [item("y")], [rows, [], []]).contradictions()
    assert [p.place.line for p in found.premises if p.reason == "map"] == [2, 3]
    assert [p.reason for p in found.premises].count("hierarchy") == 1


def test_a_name_that_no_map_explains_is_a_premise_that_says_so():
    """An item that no file maps equals the concept whose name it carries, not surely."""
    store = Store(None, {})
    store._hub = scheme(HUB, item("c"), origin=store)
    alone = scheme("a/a", item("c"), item("other"), origin=store)
    (said,) = hub_maps(alone)
    assert (said.source, said.target, said.relation) == ("c", "c", Relation.EQ)
    assert said.confidence < 1
    (premise,) = Network(alone, store.hub()).premises("c", "c")
    assert premise.reason == "name"


# Real schemes


def test_quantum_information_is_the_same_in_hefei_and_shenzhen(hefei, shenzhen_2024):
    found = relation_between(
        hefei["quantum-information"].id, shenzhen_2024["quantum-information"].id
    )
    assert found == Relation.EQ
    assert found != Relation.PP
    assert found.derivation
    assert all(p.reason == "map" and p.place.line for p in found.derivation)


def test_fusion_energy_is_what_the_ministry_calls_nuclear_fusion(hefei, miit):
    fusion = [i for i in miit.values() if "核聚变" in i.label["zh"]]
    found = correspondence(hefei, miit).translate("fusion-energy")
    assert [(m.relation, m.target) for m in found][:1] == [(Relation.EQ, fusion[0].code)]


def test_tiers_are_no_industries(hefei, shenzhen_2024):
    maps = correspondence(hefei, shenzhen_2024).maps
    assert maps
    assert not any(is_tier(hefei[m.source]) or is_tier(shenzhen_2024[m.target]) for m in maps)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_sentence_of_an_explanation_names_both_ends(hefei, lang):
    found = relation_between(f"{HEFEI}#fusion-energy", f"{SHENZHEN}@2022-06#new-energy")
    said = found.explain(lang).splitlines()
    assert len(said) == 1 + len(found.derivation)
    for premise in found.derivation:
        assert all(text[lang] in premise.sentence(lang) for text in premise.names)
    assert hefei["fusion-energy"].label[lang] in said[0]


def test_where_nothing_follows_there_are_no_premises(hefei, shenzhen_2024):
    (marine,) = (i for i in shenzhen_2024.values() if i.label["zh"] == "海洋产业")
    found = relation_between(hefei["metaverse"].id, marine.id)
    assert found == Relation.ANY
    assert found.derivation == ()


@pytest.mark.parametrize(
    ("a", "error"),
    [
        (f"{HEFEI}#quantum", UnknownItem),
        ("hefei-htz/none#quantum-information", UnknownScheme),
        (f"{HEFEI}@1999#quantum-information", UnknownScheme),
        (HEFEI, InvalidId),
        ("Hefei quantum", InvalidId),
    ],
)
def test_what_does_not_exist_has_no_relation(a, error):
    with pytest.raises(error):
        relation_between(a, f"{SHENZHEN}#quantum-information")
    with pytest.raises(error):
        relation_between(f"{SHENZHEN}#quantum-information", a)


def test_premises_of_real_pairs_suffice_and_none_is_superfluous(hefei, shenzhen_2024):
    whole = Network(hefei, shenzhen_2024)
    pairs = [(m.source, m.target) for m in correspondence(hefei, shenzhen_2024).maps]
    for x, y in pairs:
        premises = whole.premises(x, y)
        places = [p.place for p in premises if p.reason == "map"]
        assert places
        for left_out in (None, *places):
            sides = []
            for side in (hefei, shenzhen_2024):
                fewer = attrs.evolve(side)
                fewer.memo["hub_maps"] = [
                    m for m in hub_maps(side) if m.place in places and m.place != left_out
                ]
                sides.append(fewer)
            same = Network(*sides).mask(x, y) == whole.mask(x, y)
            assert same is (left_out is None)


def test_a_scheme_equals_itself_item_by_item(hefei):
    whole = Network(hefei, hefei)
    assert all(Relation(whole.mask(code, code)) is Relation.EQ for code in hefei)
    assert whole.premises("first-mover", "quantum-information")[0].reason == "hierarchy"


def test_every_shipped_map_to_the_hub_is_kept_on_the_hub(hefei):
    known = on_hub(hefei).known
    for m in hub_maps(hefei):
        assert Relation(known[m.source][m.target]) <= m.relation


# Correspondences


def test_asserted_maps_go_before_derived_ones():
    found = correspondence("nbs/high-technology-services@2018", "nbs/gbt-4754@2017-amd1")
    assert not found.derived
    assert all(m.place for m in found.maps)
    assert found.check() == []
    back = correspondence("nbs/gbt-4754@2017-amd1", "nbs/high-technology-services@2018")
    assert {(m.target, m.source, m.relation.converse()) for m in back.maps} == {
        (m.source, m.target, m.relation) for m in found.maps
    }


def test_translate_gives_the_closest_first_and_knows_the_codes(hefei, shenzhen_2024):
    found = correspondence(hefei, shenzhen_2024)
    assert found.translate("quantum-information")[0].target == "quantum-information"
    assert found.translate("first-mover") == ()
    with pytest.raises(UnknownItem):
        found.translate("quantum")
    assert not set(found._by_source) & {i.code for i in found.unmapped()}
    industries = {i.code for i in hefei.values() if not is_tier(i)}
    assert set(found._by_source) | {i.code for i in found.unmapped()} == industries


def test_no_map_is_implied_by_another_and_the_hierarchy(hefei, miit):
    for a, b in ((hefei, miit), (miit, hefei)):
        found = correspondence(a, b)
        for m in found.maps:
            others = {n.target: n for n in found.translate(m.source)}
            if m.relation <= Relation.PART:
                assert not others.keys() & {i.code for i in b[m.target].ancestors}
            if m.relation <= Relation.WHOLE:
                assert not others.keys() & {i.code for i in b[m.target].descendants}


@given(st.lists(fi_st.maps(), max_size=6))
def test_turned_twice_it_is_the_original(maps):
    found = Correspondence("a/a", "b/b", tuple(maps))
    once = found.invert()
    assert once.invert() == found
    assert (once.source, once.target) == ("b/b", "a/a")
    assert {(m.source, m.target, m.relation) for m in once.maps} == {
        (m.target, m.source, m.relation.converse()) for m in maps
    }
    assert all(m.weight is None for m in once.maps)


def test_a_turned_correspondence_is_in_the_order_of_its_source(hefei, shenzhen_2024):
    codes = [m.source for m in correspondence(hefei, shenzhen_2024).invert().maps]
    assert codes == sorted(codes, key=list(shenzhen_2024).index)


_ROWS = st.dictionaries(
    st.tuples(st.sampled_from("123"), st.sampled_from("123")), fi_st.relations(), max_size=6
)


def _table(source, target, rows):
    maps = (Map(x, y, relation) for (x, y), relation in rows.items())
    return Correspondence(source, target, tuple(maps))


@given(_ROWS, _ROWS)
def test_composition_intersects_all_paths(first, second):
    found = _table("a/a", "b/b", first).compose(_table("b/b", "c/c", second))
    masks = {(m.source, m.target): m.relation.mask for m in found.maps}
    contradictory = 0
    for x, z in product("123", "123"):
        mask = ANY
        for y in "123":
            if (x, y) in first and (y, z) in second:
                mask &= first[x, y].then(second[y, z]).mask
        contradictory += mask == 0
        assert masks.get((x, z), ANY) == (mask or ANY)
    assert len(found.conflicts) == contradictory
    assert len(found.check()) == contradictory
    assert (found.source, found.target, found.derived) == ("a/a", "c/c", True)


def test_composition_multiplies_confidence_and_needs_a_scheme_in_between():
    first = Correspondence("a/a", "b/b", (Map("x", "y", Relation.PP, 0.5),))
    second = Correspondence("b/b", "c/c", (Map("y", "z", Relation.EQ, 0.5),))
    (m,) = first.compose(second).maps
    assert (m.relation, m.confidence) == (Relation.PP, 0.25)
    with pytest.raises(ValueError, match=r"b/b.*a/a"):
        first.compose(first)


def test_cardinality_keeps_the_two_sides_apart():
    """The codes of the two sides are the same words here, and no vertex is."""
    rows = ("aa", "ab", "ba", "cc", "dd", "de")
    maps = tuple(Map(x, y, Relation.CLOSE) for x, y in rows)
    found = Correspondence("a/a", "b/b", maps).cardinality()
    assert {m.source + m.target: kind for m, kind in found.per_map} == {
        "aa": "n:m", "ab": "1:n", "ba": "n:1", "cc": "1:1", "dd": "1:n", "de": "1:n",
    }  # fmt: skip
    assert [tuple(map(sorted, ends)) for ends in found.per_component] == [
        (["a", "b"], ["a", "b"]), (["c"], ["c"]), (["d"], ["d", "e"]),
    ]  # fmt: skip
    assert found.counts() == {
        "maps": {"1:1": 1, "1:n": 3, "n:1": 1, "n:m": 1},
        "components": {"1:1": 1, "1:n": 1, "n:m": 1},
    }


def test_check_names_unknown_codes_and_pairs_given_twice(hefei, shenzhen_2024):
    twice = Map("quantum-information", "quantum-information", Relation.EQ)
    maps = (twice, twice, attrs.evolve(twice, source="quantum"))
    said = Correspondence(hefei.id, shenzhen_2024.id, maps, schemes=(hefei, shenzhen_2024)).check()
    assert len(said) == 2
    assert "twice" in said[0]
    assert '"quantum"' in said[1]


def test_a_correspondence_survives_its_file(hefei, shenzhen_2024, tmp_path: Path):
    found = correspondence(hefei, shenzhen_2024)
    text = found.to_sssom(tmp_path / "maps.sssom.tsv")
    again = read_sssom(tmp_path / "maps.sssom.tsv")
    assert (again.source, again.target) == (hefei.id, shenzhen_2024.id)
    assert again.maps == tuple(attrs.evolve(m, derivation=()) for m in found.maps)
    assert again.to_sssom().splitlines()[-1].split("\t")[0] == text.splitlines()[-1].split("\t")[0]
    assert fi.read_sssom is read_sssom


def test_a_composition_says_its_derivation_when_asked():
    first = Correspondence("a/a", "b/b", (Map("x", "y", Relation.PP, 0.5),))
    second = Correspondence("b/b", "c/c", (Map("y", "z", Relation.EQ, 0.5),))
    found = first.compose(second)
    assert len(found) == 1
    assert "1 maps" in repr(found)
    (m,) = found.maps
    assert m.derivation == ("x is part of y, y equals z",)
    assert m.justification == "semapv:MappingChaining"
    assert (m.comment, m.place, m.weight) == (None, None, None)
    plain = Map("x", "z", Relation.PP, 0.25, m.justification, derivation=m.derivation)
    assert m == plain
    assert hash(m) == hash(plain)
    assert attrs.evolve(m) == pickle.loads(pickle.dumps(m)) == plain  # noqa: S301 - our own
    with pytest.raises(AttributeError, match="sauce"):
        m.sauce  # noqa: B018 - the access is the test
    with pytest.raises(AttributeError, match="mapps"):
        found.mapps  # noqa: B018 - the access is the test


# From a table


def test_a_plain_table_is_a_correspondence(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text(
        "source,target,relation,weight,comment\n"
        "quantum-information,a,equals,,\n"
        'metaverse,b,EQ|PP,0.5,"yes, half"\n'
        "metaverse,c,,0.5,\n",
        encoding="utf-8",
    )
    found = read_correspondence(path, HEFEI, "other/table", relation="overlaps")
    assert [(m.source, str(m.relation), m.weight, m.comment) for m in found.maps] == [
        ("quantum-information", "EQ", None, None),
        ("metaverse", "EQ|PP", 0.5, "yes, half"),
        ("metaverse", "PO", 0.5, None),
    ]
    assert (found.source, found.target) == (fi.load(HEFEI).id, "other/table")
    assert found.allocate({"metaverse": 4}).values == {"b": 2.0, "c": 2.0}


def test_a_table_without_relations_is_refused_line_by_line(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text(
        "source,target,relation,weight\n"
        "quantum,a,,\nmetaverse,a,equal,\nmetaverse,b,equals,2\nmetaverse,b,equals,1\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidFile) as caught:
        read_correspondence(path, HEFEI)
    said = [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]
    assert [line[0] for line in said] == ["2", "2", "3", "4", "5"]
    assert "no item" in said[0]
    assert "no relation; write equals" in said[1]
    assert 'did you mean "equals"?' in said[2]
    assert "0 to 1" in said[3]
    assert "already mapped in line 4" in said[4]


# New versions

OLD, NEW = "nbs/gbt-4754@2017", "nbs/gbt-4754@2017-amd1"


@pytest.fixture(scope="module")
def updated():
    """Four classes of GB/T 4754 and a small B; 9231 was courts and is supervision now."""
    old, new = fi.load(OLD), fi.load(NEW)
    b = scheme("b/b", *(item(c) for c in ("courts", "prosecutors", "rice", "unused")))
    maps = (
        Map("0111", "rice", Relation.EQ),
        Map("3445", "rice", Relation.PO),
        Map("9231", "courts", Relation.EQ),
        Map("9232", "prosecutors", Relation.PPi),
    )
    ab = Correspondence(old.id, b.id, maps, schemes=(old, b))
    return update_correspondence(ab, new)


def test_a_new_version_moves_the_maps_of_the_old(updated):
    rows = {(r.old, r.new, r.target): r for r in updated.rows}
    plain = rows["0111", "0111", "rice"]
    assert (plain.relation, plain.flags) == (Relation.EQ, ())
    courts = rows["9231", "9232", "courts"]
    assert (courts.relation, courts.flags) == (Relation.EQ, ("code change",))
    assert rows["9232", "9233", "prosecutors"].relation is Relation.PPi
    renamed = rows["3445", "3445", "rice"]
    assert "label change" in renamed.flags
    assert "code change" not in renamed.flags
    assert (updated.candidate.source, updated.candidate.target) == (NEW, "b/b@1")
    assert {(m.source, m.target) for m in updated.candidate.maps} == {
        ("0111", "rice"), ("3445", "rice"), ("9232", "courts"), ("9233", "prosecutors"),
    }  # fmt: skip


def test_what_has_no_match_is_listed_from_either_side(updated):
    assert [r.new for r in updated.flagged("no match from A*")] == ["9231"]
    assert [r.target for r in updated.flagged("no match from B")] == ["unused"]
    without = updated.flagged("no match to B")
    assert len(without) > 1000
    assert {fi.load(OLD)[r.old].level for r in without} == {4}
    assert updated.flagged("no match to A*") == ()
    with pytest.raises(ValueError, match="code change"):
        updated.flagged("code chnge")


def test_splits_and_merges_are_to_be_reviewed():
    a, a_new = (scheme(name, *map(item, codes)) for name, codes in (("a/a", "xyz"), ("n/n", "pqr")))
    b = scheme("b/b", item("t"))
    aa = Correspondence(
        a.id,
        a_new.id,
        (Map("x", "p", Relation.PPi), Map("x", "q", Relation.PPi), Map("y", "q", Relation.PPi)),
        schemes=(a, a_new),
    )
    ab = Correspondence(a.id, b.id, tuple(Map(x, "t", Relation.PP) for x in "xyz"), schemes=(a, b))
    found = update_correspondence(ab, a_new, aa)
    assert [(r.old, r.new, r.target, r.flags) for r in found.rows] == [
        ("x", "p", "t", ("code change", "label change", "review")),
        ("x", "q", "t", ("code change", "label change", "review", "redundancy")),
        ("y", "q", "t", ("code change", "label change", "review", "redundancy")),
        ("z", None, "t", ("no match to A*",)),
        (None, "r", None, ("no match from A*",)),
    ]
    with pytest.raises(ValueError, match="leads from"):
        update_correspondence(ab, a_new, aa.invert())


def test_an_item_that_keeps_its_code_in_a_series_stays_what_it_is():
    """Shenzhen's 大健康 is part of the concept and no more, yet the same in both editions."""
    old, new = "shenzhen/20-plus-8@2022-06", "shenzhen/20-plus-8@2024-03"
    for a, b in ((old, new), (new, old)):
        found = relation_between(f"{a}#comprehensive-health", f"{b}#comprehensive-health")
        assert found.relation is Relation.EQ
        assert [p.reason for p in found.derivation] == ["code"]
        lists = relation_between(f"{a}#future-industries", f"{b}#future-industries")
        assert lists.relation is not Relation.EQ
    followed = relation_between(
        f"{old}#laser-and-additive-manufacturing", f"{new}#high-end-equipment-and-instruments"
    )
    assert str(followed.relation) == "EQ|PP|PPi|PO"
    assert [p.reason for p in followed.derivation] == ["successor"]
    courts = relation_between("nbs/gbt-4754@2017#9231", "nbs/gbt-4754@2017-amd1#9231")
    assert courts.relation is not Relation.EQ


# Against all possible worlds


@st.composite
def closed_trees(draw, letters):
    """Draw a small hierarchy, and whether children are exclusive and make up their parents."""
    items = {}
    for code in letters[: draw(st.integers(1, len(letters)))]:
        items[code] = draw(st.sampled_from([None, *items]))
    return items, draw(st.booleans()), draw(st.booleans())


@st.composite
def closed_networks(draw, most):
    """Draw two hierarchies with closures, a hub, and a few maps, at most so many on each side."""
    sides = [draw(closed_trees(letters)) for letters in ("abc", "xyz")]
    concepts = {"p": None, "q": draw(st.sampled_from([None, "p"]))}
    ends = [(sides[0][0], concepts), (sides[1][0], concepts), (sides[0][0], sides[1][0])]
    maps = []
    for (left, right), count in zip(ends, most, strict=True):
        pairs = st.lists(st.sampled_from(list(product(left, right))), unique=True, max_size=count)
        certain = st.sampled_from([Relation(1 << n) for n in range(5)])
        maps.append([(*pair, draw(certain)) for pair in draw(pairs)])
    return sides, concepts, maps


def _closed(drawn):
    """Make the network and what the brute force needs to know of it."""
    sides, concepts, maps = drawn
    made = scheme(HUB, *(item(c, parent) for c, parent in concepts.items()))
    store = Store(made, {})
    lines = iter(range(1, 999))
    schemes = []
    names = [("h", c) for c in concepts]
    said = [(("h", c), ("h", parent), 2) for c, parent in concepts.items() if parent]
    exclusive, exhaustive = [], []
    for name, (items, apart, whole) in zip(("a/a", "b/b"), sides, strict=True):
        rows = (item(c, parent) for c, parent in items.items())
        schemes.append(scheme(name, *rows, exclusive=apart, exhaustive=whole, origin=store))
        names += [(name, c) for c in items]
        said += [((name, c), (name, parent), 3) for c, parent in items.items() if parent]
        for parent in (None, *items):
            children = [(name, c) for c, other in items.items() if other == parent]
            if apart and len(children) > 1:
                exclusive.append(children)
            if whole and parent and children:
                exhaustive.append(((name, parent), children))
    between = (("a/a", HUB), ("b/b", HUB), ("a/a", "b/b"))
    for ends, rows in zip(between, maps, strict=True):
        store._maps[ends] = [Map(x, y, r, 0.9, place=Place("m", next(lines))) for x, y, r in rows]
        keys = [end if end != HUB else "h" for end in ends]
        said += [((keys[0], x), (keys[1], y), r.mask) for x, y, r in rows]
    return Network(*schemes), (names, said, exclusive, exhaustive)


def _in_all_worlds(known, a, b):
    names, said, exclusive, exhaustive = known
    return worlds.relation(names, said, a, b, exclusive, exhaustive)


@given(closed_networks((2, 2, 1)), st.data())
@settings(deadline=None, max_examples=80)
def test_what_holds_in_all_possible_worlds_is_never_contradicted(drawn, data):
    found, known = _closed(drawn)
    x = data.draw(st.sampled_from(list(found.source)))
    y = data.draw(st.sampled_from(list(found.target)))
    truth = _in_all_worlds(known, ("a/a", x), ("b/b", y))
    if truth is not None:
        assert truth <= Relation(found.mask(x, y))
        assert truth <= Relation(found.row(x).get(y, ANY))
    elif not found.mask(x, y):
        assert list(found.contradictions())


@given(closed_networks((0, 0, 1)), st.data())
@settings(deadline=None, max_examples=150)
def test_with_one_map_between_closed_hierarchies_all_that_follows_is_derived(drawn, data):
    found, known = _closed(drawn)
    x = data.draw(st.sampled_from(list(found.source)))
    y = data.draw(st.sampled_from(list(found.target)))
    assert Relation(found.mask(x, y)) is _in_all_worlds(known, ("a/a", x), ("b/b", y))


@given(closed_networks((1, 1, 0)), st.data())
@settings(deadline=None, max_examples=150)
def test_with_one_map_of_each_to_the_hub_all_that_follows_is_derived(drawn, data):
    found, known = _closed(drawn)
    x = data.draw(st.sampled_from(list(found.source)))
    y = data.draw(st.sampled_from(list(found.target)))
    assert Relation(found.mask(x, y)) is _in_all_worlds(known, ("a/a", x), ("b/b", y))


def test_children_that_make_up_an_item_speak_for_it():
    whole = [item("p", exhaustive=True), item("a", "p"), item("b", "p")]
    inside = [("a", "z", Relation.PP), ("b", "z", Relation.PP)]
    found = network([item("h")], whole, [item("z")], [[], [], inside])
    assert Relation(found.mask("p", "z")) is Relation.PART
    reasons = [p.reason for p in found.premises("p", "z")]
    assert reasons == ["map", "map", "exhaustive", "exhaustive"]
    assert "its children make it up" in found.premises("p", "z")[-1].sentence("en")
    outside = [("a", "z", Relation.DR), ("b", "z", Relation.DR)]
    apart = network([item("h")], whole, [item("z")], [[], [], outside])
    assert Relation(apart.mask("p", "z")) is Relation.DR
    near = [item("p"), item("a", "p"), item("b", "p")]
    weak = network([item("h")], near, [item("z")], [[], [], outside])
    assert Relation(weak.mask("p", "z")) > Relation.DR


def test_what_touches_the_whole_and_none_of_the_others_touches_the_last_child():
    whole = [item("p", exhaustive=True), item("a", "p"), item("b", "p")]
    rows = [("z", "p", Relation.PP), ("z", "a", Relation.DR)]
    found = network([item("h")], [item("z")], whole, [[], [], rows])
    assert Relation(found.mask("z", "b")) is Relation.PART
    open_ = [item("p", exhaustive=True, open=True), *whole[1:]]
    near = network([item("h")], [item("z")], open_, [[], [], rows])
    assert not Relation(near.mask("z", "b")) <= Relation.PART


def test_an_only_child_that_makes_up_its_parent_equals_it():
    """GB/T 4754 has groups of a single class; their extent is the same."""
    gbt = fi.load("nbs/gbt-4754@2017")
    assert relation_between(f"{gbt.id}#4040", f"{gbt.id}#404") == Relation.EQ
    assert relation_between(f"{gbt.id}#4011", f"{gbt.id}#401") == Relation.PP


def test_what_a_park_has_in_one_class_it_has_not_in_another():
    """Over the hub: equal to a class of an exclusive classification, disjoint with its others."""
    found = network(
        [item("c")],
        [item("x")],
        [item("p", exclusive=True), item("a", "p"), item("b", "p")],
        [[("x", "c", Relation.EQ)], [("a", "c", Relation.WHOLE)], []],
    )
    assert Relation(found.mask("x", "b")) is Relation.DR
    assert [p.reason for p in found.premises("x", "b")] == ["map", "map", "exclusive"]


# How it follows, and how sure it is


def test_the_justification_says_how_a_map_follows():
    concepts = [item("c"), item("d", "c")]
    rows = [("x", "c", Relation.EQ)], [("y", "c", Relation.EQ), ("z", "d", Relation.EQ)], []
    found = network(concepts, [item("x")], [item("y"), item("z")], rows)
    kinds = {y: found.explain("x", y).justification.partition(":")[2] for y in "yz"}
    assert kinds == {"y": "MappingChaining", "z": "LogicalReasoning"}
    made = Map("x", "y", Relation.PP, justification="semapv:ManualMappingCuration")
    (back,) = Correspondence("a/a", "b/b", (made,)).invert().maps
    assert back.justification == "semapv:MappingInversion"


def test_confidence_is_multiplied_along_a_chain_and_combined_over_independent_records():
    one = [[("x", "c", Relation.EQ)], [("y", "c", Relation.EQ)], []]
    concepts = [item("c"), item("d")]
    found = network(concepts, [item("x")], [item("y")], one)
    assert found.explain("x", "y").confidence == 0.81
    two = [[*one[0], ("x", "d", Relation.PP)], [*one[1], ("y", "d", Relation.PP)], []]
    assert network(concepts, [item("x")], [item("y")], two).explain("x", "y").confidence == 0.81
    direct = [*one[:2], [("x", "y", Relation.EQ)]]
    both = network(concepts, [item("x")], [item("y")], direct).explain("x", "y")
    assert both.confidence == round(1 - (1 - 0.9) * (1 - 0.81), 4)
    assert both.paths == 2
    assert len(both.premises) == 1
    assert "2 paths say something of the two" in both.sentences("en")[-1]
    assert "共有 2 条路径" in both.sentences("zh")[-1]


def test_a_composition_combines_the_paths_that_say_the_same():
    first = [Map("x", "p", Relation.EQ, 0.5), Map("x", "q", Relation.EQ, 0.5)]
    second = [Map("p", "z", Relation.PP, 1.0), Map("q", "z", Relation.PP, 0.5)]
    a, b = Correspondence("a/a", "b/b", tuple(first)), Correspondence("b/b", "c/c", tuple(second))
    (m,) = a.compose(b).maps
    assert m.confidence == round(1 - (1 - 0.5) * (1 - 0.25), 4)
    needed = [Map("p", "z", Relation.PART, 1.0), Map("q", "z", Relation.WHOLE, 0.5)]
    (m,) = a.compose(Correspondence("b/b", "c/c", tuple(needed))).maps
    assert (m.relation, m.confidence) == (Relation.EQ, 0.125)


def test_an_overlap_says_how_much_stands_behind_it():
    c = fi.correspondence("shenzhen/20-plus-8", "guangdong/20-strategic-clusters")
    weak = next(
        m for m in c.translate("low-altitude-economy-and-aerospace") if m.target == "new-energy"
    )
    n, of_source, of_target = c.in_common(weak)
    assert n == 1 < of_source < 100
    same = next(m for m in c.translate("new-energy") if m.target == "new-energy")
    n, of_source, of_target = c.in_common(same)
    assert n == of_source == of_target > 1
    assert attrs.evolve(c, schemes=None).in_common(same) is None


def test_a_table_of_another_version_is_carried_over_the_step_between_the_versions():
    """Files map the digital economy to GB/T 4754-2017 with amendment 1, which has one code more."""
    old, new = "nbs/gbt-4754@2017", "nbs/gbt-4754@2017-amd1"
    c = fi.correspondence("nbs/digital-economy", old)
    asserted = fi.correspondence("nbs/digital-economy", new)
    steps = fi.correspondence(new, old)
    assert c.derived
    assert {(m.source, m.target, m.relation) for m in c.maps} == {
        (m.source, n.target, m.relation.then(n.relation))
        for m in asserted.maps
        for n in steps.translate(m.target)
    }
    first = c.maps[0]
    premises = c.derivations[first.source, first.target].premises
    assert [p.place is not None for p in premises] == [True, True]
    assert fi.correspondence(old, "nbs/digital-economy").invert().maps
    found = fi.relation_between(f"nbs/digital-economy#{first.source}", f"{old}#{first.target}")
    assert found.relation.mask & ~first.relation.mask == 0
    assert found.derivation


def test_nothing_is_carried_between_versions_of_one_series():
    new, old = fi.load("shenzhen/20-plus-8"), fi.load("shenzhen/20-plus-8@2022-06")
    assert maps_over_versions(old, new) == []


def test_check_tells_a_pair_mapped_twice_from_one_that_contradicts_itself():
    maps = [Map("1", "a", Relation.parse(r)) for r in ("EQ", "EQ|PP", "PP")]
    twice = Correspondence("x/a", "x/b", tuple(maps[:2]))
    assert twice.check() == ["1 to a is mapped twice"]
    against = Correspondence("x/a", "x/b", (maps[0], maps[2]))
    assert against.check() == [
        "1 to a is mapped twice, and the two contradict each other: 1 equals a; 1 is part of a"
    ]


def test_every_path_is_shown_and_holds_and_all_of_them_leave_the_relation(hefei, shenzhen_2024):
    several = 0
    for x in ("aerospace-technology", "fusion-energy", "next-generation-ai", "metaverse"):
        for y in shenzhen_2024:
            found = fi.relation_between(hefei[x].id, shenzhen_2024[y].id)
            left = Relation.ANY
            for way in found.ways:
                assert way.premises
                left = left.meet(way.relation)
            assert left == found.relation
            assert len(found.ways) == found.paths
            several += found.paths > 1
    assert several

"""Contradictions among many schemes: all are found, none is made up, each is told in full."""

from itertools import pairwise, product

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

import futureindustry as fi
import worlds
from futureindustry.consistency import contradictions_among
from futureindustry.errors import Place
from futureindustry.mapping import Facts, contradictions_of
from futureindustry.model import Item, Map, Scheme, Text
from futureindustry.relation import Relation
from futureindustry.sssom import MapFile
from futureindustry.store import HUB

CURATED = "semapv:ManualMappingCuration"


class Store:
    """As much of a catalogue as the check asks for."""

    def __init__(self):
        self.maps = {}

    def hub(self):
        return self.made

    def __iter__(self):
        return iter(())

    def maps_between(self, a, b):
        ends = a.partition("@")[0], b.partition("@")[0]
        return [(MapFile(*ends, tuple(self.maps.get(ends, ()))), False)]


def catalogue(concepts, schemes, between=()):
    """
    Make a hub, schemes with their maps to it, and maps between two schemes.

    Args:
        concepts: Parent by code.
        schemes: By name: parent by code, maps (item, concept, relation), and whether the
            children of each item are exclusive.
        between: Two names and maps from the first to the second.
    """
    store = Store()
    store.made = _scheme(HUB, concepts)
    lines = iter(range(1, 999))

    def maps(rows):
        return tuple(
            Map(x, y, relation, 0.9, CURATED, place=Place("m", next(lines)))
            for x, y, relation in rows
        )

    made = {}
    for name, (parents, rows, *exclusive) in schemes.items():
        made[name] = _scheme(name, parents, exclusive=bool(exclusive), origin=store)
        store.maps[name, HUB] = maps(rows)
    direct = [(made[a], made[b], maps(rows)) for a, b, rows in between]
    return list(made.values()), store.made, direct


def _scheme(series, parents, **more):
    items = [Item(code, Text(en=code), parent_code=parent) for code, parent in parents.items()]
    return Scheme(series, "1", Text(en=series), series.partition("/")[0], items_=items, **more)


EQ, PP, PPi, PO, DR = (Relation(1 << n) for n in range(5))


def test_one_name_for_three_things_is_a_contradiction_of_three_schemes():
    """All equal one concept; one holds another concept whole that the second only overlaps."""
    given_ = catalogue(
        {"future": None, "ai": None},
        {
            "miit/f": ({"f": None}, [("f", "future", EQ), ("f", "ai", PO)]),
            "henan/f": ({"f": None, "ai": "f"}, [("f", "future", EQ), ("ai", "ai", EQ)]),
            "other/f": ({"f": None}, [("f", "future", EQ)]),
        },
    )
    (found,) = contradictions_among(*given_)
    assert sorted(p.place.line for p in found.premises if p.place) == [1, 2, 3, 4]
    assert [p.reason for p in found.premises].count("hierarchy") == 1
    near = catalogue(
        {"future": None, "ai": None},
        {
            "miit/f": ({"f": None}, [("f", "future", EQ), ("f", "ai", PO)]),
            "henan/f": ({"f": None, "ai": "f"}, [("f", "future", Relation.CLOSE), ("ai", "ai", EQ)]),
        },
    )  # fmt: skip
    assert not list(contradictions_among(*near))


def test_a_contradiction_by_way_of_a_third_concept_is_found():
    """Each pair of concepts is spoken of by one scheme only; the three together cannot hold."""
    rows = {
        "a/a": ({"x": None}, [("x", "p", EQ), ("x", "q", PP)]),
        "b/b": ({"y": None}, [("y", "q", EQ), ("y", "r", PP)]),
        "c/c": ({"z": None}, [("z", "p", EQ), ("z", "r", DR)]),
    }
    given_ = catalogue(dict.fromkeys("pqr"), rows)
    (found,) = contradictions_among(*given_)
    assert sorted(p.place.line for p in found.premises) == [1, 2, 3, 4, 5, 6]
    ends = [{p.subject, p.object} for p in found.premises]
    assert all(a & b for a, b in pairwise(ends)), "the premises make a chain"


def test_what_exclusive_items_hold_is_disjoint():
    parents = {"p": None, "a": "p", "b": "p"}
    rows = [("a", "c", EQ), ("b", "d", EQ)]
    other = ({"x": None}, [("x", "c", EQ), ("x", "d", PO)])
    given_ = catalogue({"c": None, "d": None}, {"a/a": (parents, rows, True), "b/b": other})
    (found,) = contradictions_among(*given_)
    assert [p.reason for p in found.premises].count("exclusive") == 1
    near = catalogue({"c": None, "d": None}, {"a/a": (parents, rows), "b/b": other})
    assert not list(contradictions_among(*near))


def test_one_concept_in_two_exclusive_items_is_a_contradiction():
    parents = {"p": None, "a": "p", "b": "p"}
    rows = [("a", "c", EQ), ("b", "c", PPi)]
    (found,) = contradictions_among(*catalogue({"c": None}, {"a/a": (parents, rows, True)}))
    assert {p.reason for p in found.premises} == {"map", "exclusive"}


def test_maps_between_two_schemes_are_premises_too():
    left = ({"x": None}, [("x", "c", EQ)])
    right = ({"y": None}, [("y", "d", EQ)])
    third = ({"z": None}, [("z", "c", EQ), ("z", "d", PP)])
    schemes = {"a/a": left, "b/b": right, "c/c": third}
    direct = [("a/a", "b/b", [("x", "y", DR)])]
    (found,) = contradictions_among(*catalogue({"c": None, "d": None}, schemes, direct))
    assert sorted(p.place.line for p in found.premises) == [1, 2, 3, 4, 5]
    near = [("a/a", "b/b", [("x", "y", PP)])]
    assert not list(contradictions_among(*catalogue({"c": None, "d": None}, schemes, near)))


@st.composite
def trees(draw, letters):
    parents = {}
    for code in letters[: draw(st.integers(1, len(letters)))]:
        parents[code] = draw(st.sampled_from([None, *parents]))
    return parents


@st.composite
def networks(draw, relations):
    """Draw a small catalogue of which the maps need not be true together."""
    concepts = draw(trees("pqr"))
    schemes = {}
    for name, letters in (("a/a", "ab"), ("b/b", "x")):
        parents = draw(trees(letters))
        pairs = st.sampled_from(list(product(parents, concepts)))
        rows = draw(st.dictionaries(pairs, relations, max_size=3))
        schemes[name] = (parents, [(*pair, relation) for pair, relation in rows.items()])
    pairs = st.sampled_from(list(product(*(parents for parents, _ in schemes.values()))))
    direct = draw(st.dictionaries(pairs, relations, max_size=1))
    return concepts, schemes, [("a/a", "b/b", [(*pair, r) for pair, r in direct.items()])]


def _said(concepts, schemes, between):
    """Give the names and the statements of a catalogue for the brute force."""
    trees_ = {"h": (concepts, 2), **{name: (parents, 3) for name, (parents, *_) in schemes.items()}}
    names = [(name, code) for name, (parents, _) in trees_.items() for code in parents]
    said = [
        ((name, code), (name, parent), up)
        for name, (parents, up) in trees_.items()
        for code, parent in parents.items()
        if parent
    ]
    said += [
        ((name, x), ("h", c), relation.mask)
        for name, (_, rows, *_) in schemes.items()
        for x, c, relation in rows
    ]
    said += [((a, x), (b, y), relation.mask) for a, b, rows in between for x, y, relation in rows]
    return names, said


CERTAIN = st.sampled_from([EQ, PP, PPi, PO, DR])


@given(networks(CERTAIN))
@settings(deadline=None)
def test_where_each_map_is_certain_there_is_a_contradiction_if_and_only_if_there_is_no_world(drawn):
    found = list(contradictions_among(*catalogue(*drawn)))
    assert bool(found) != worlds.possible(*_said(*drawn))


@given(networks(st.integers(1, 31).map(Relation)))
@settings(deadline=None, max_examples=60)
def test_what_has_a_world_is_no_contradiction(drawn):
    found = list(contradictions_among(*catalogue(*drawn)))
    if worlds.possible(*_said(*drawn)):
        assert not found


@given(networks(CERTAIN))
@settings(deadline=None, max_examples=60)
def test_the_premises_of_a_contradiction_have_no_world_and_without_any_of_them_there_is_one(drawn):
    for found in contradictions_among(*catalogue(*drawn)):
        said = [(p.subject, p.object, p.relation.mask) for p in found.premises]
        names = list(dict.fromkeys(end for a, b, _ in said for end in (a, b)))
        assert not worlds.possible(names, said)
        for n in range(len(said)):
            assert worlds.possible(names, said[:n] + said[n + 1 :])


@given(networks(CERTAIN))
@settings(deadline=None, max_examples=60)
def test_what_one_scheme_contradicts_by_itself_is_found_among_many(drawn):
    schemes, hub, between = catalogue(*drawn)
    alone = [list(contradictions_of(Facts(s, hub, s.origin.maps[s.series, HUB]))) for s in schemes]
    if any(alone):
        assert list(contradictions_among(schemes, hub, between))


def test_the_shipped_schemes_agree_and_one_false_map_is_found():
    """To the ministry future information overlaps artificial intelligence; Hefei would contain it."""
    store = fi.catalog()
    schemes = [store.load(f"{series.id}@{v}") for series in store for v in series.versions]
    hub = store.hub()
    assert not list(contradictions_among(schemes, hub))
    hefei = next(s for s in schemes if s.series == "hefei-htz/future-industries")
    false = attrs.evolve(hefei)
    wrong = Map("next-generation-ai", "future-information", PPi, place=Place("m", 7))
    false.memo["hub_maps"] = [*_maps_of(hefei), wrong]
    others = [false if s is hefei else s for s in schemes]
    found = list(contradictions_among(others, hub))
    assert found
    assert all(any(p.place and p.place.line == 7 for p in c.premises) for c in found)


def _maps_of(scheme):
    from futureindustry.mapping import hub_maps

    return hub_maps(scheme)


def test_the_brute_force_knows_the_relations_of_two_sets():
    sets = [frozenset(s) for s in ((1,), (2,), (1, 2), (2, 3), (1, 2, 3))]
    for a, b in product(sets, sets):
        truth = EQ if a == b else PP if a < b else PPi if a > b else PO if a & b else DR
        assert worlds.relation(["a", "b"], [("a", "b", truth.mask)], "a", "b") is truth
    assert worlds.relation("abc", [("a", "b", 2), ("b", "c", 2)], "a", "c") is PP
    assert worlds.relation("abc", [("a", "b", 2), ("c", "b", 2)], "a", "c") is Relation.ANY

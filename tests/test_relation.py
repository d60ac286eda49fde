import copy
import functools
import pickle
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from futureindustry.relation import COMPOSE, CONVERSE, UNION, UNION_APART, Relation

ALL = [Relation(mask) for mask in range(1, 32)]
BASE = [Relation.EQ, Relation.PP, Relation.PPi, Relation.PO, Relation.DR]
MATCHES = ["exactMatch", "broadMatch", "narrowMatch", "closeMatch", "relatedMatch"]

relations = st.sampled_from(ALL)
extents = st.frozensets(st.integers(0, 4), min_size=1)


def observed(a, b):
    """The base relation of two finite sets, from the definition."""
    if a == b:
        return Relation.EQ
    if a < b:
        return Relation.PP
    if a > b:
        return Relation.PPi
    return Relation.PO if a & b else Relation.DR


def test_there_is_one_object_for_each_value():
    assert len(set(ALL)) == 31
    assert all(Relation(r.mask) is r for r in ALL)


@pytest.mark.parametrize("mask", [-1, 0, 32])
def test_the_empty_set_and_other_numbers_are_no_relation(mask):
    with pytest.raises(ValueError, match="1 to 31"):
        Relation(mask)


def test_pickles_and_copies_are_the_same_object():
    for r in ALL:
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(r, protocol)) is r  # noqa: S301 our own bytes
        assert copy.copy(r) is r
        assert copy.deepcopy([r])[0] is r


def test_a_relation_cannot_be_changed():
    with pytest.raises(AttributeError, match="cannot be changed"):
        Relation.EQ.mask = 2
    with pytest.raises(AttributeError):
        Relation.EQ.other = 2
    with pytest.raises(AttributeError, match="cannot be changed"):
        del Relation.EQ.mask


def test_named_sets():
    assert str(Relation.CLOSE) == "EQ|PP|PPi|PO"
    assert str(Relation.PART) == "EQ|PP"
    assert str(Relation.WHOLE) == "EQ|PPi"
    assert list(Relation.ANY) == ["EQ", "PP", "PPi", "PO", "DR"]
    assert len(Relation.ANY) == 5


@pytest.mark.parametrize("r", ALL, ids=str)
def test_text_comes_back(r):
    assert Relation.parse(str(r)) is r
    assert Relation.parse(" | ".join(reversed(list(r)))) is r
    assert eval(repr(r)) is r  # noqa: S307 our own text
    assert {name for name in ("EQ", "PP", "PPi", "PO", "DR") if name in r} == set(r)


@pytest.mark.parametrize(
    ("text", "hint"), [("EQ|PPI", "PP"), ("", "known are"), ("EQ|", "no base")]
)
def test_unknown_names_are_refused_with_a_hint(text, hint):
    with pytest.raises(ValueError, match=hint):
        Relation.parse(text)


def test_composition_is_exactly_what_sets_of_five_show():
    universe = [frozenset(c) for n in range(1, 6) for c in combinations(range(5), n)]
    seen = {}
    for a, b, c in product(universe, repeat=3):
        key = observed(a, b).mask, observed(b, c).mask
        seen[key] = seen.get(key, 0) | observed(a, c).mask
    # Equal, not only contained: every entry is sound, and none is looser than needed.
    assert seen == {(r.mask, s.mask): r.then(s).mask for r in BASE for s in BASE}


@given(extents, extents, extents, relations, relations)
def test_composition_of_sets_is_sound(a, b, c, r, s):
    r, s = r.join(observed(a, b)), s.join(observed(b, c))
    assert observed(a, c) <= r.then(s)


@given(extents, extents)
def test_converse_of_sets(a, b):
    assert observed(a, b).converse() is observed(b, a)


def test_composition_distributes_over_union():
    for r, s in product(ALL, repeat=2):
        expected = 0
        for x, y in product(r, s):
            expected |= Relation.parse(x).then(Relation.parse(y)).mask
        assert r.then(s).mask == expected == COMPOSE[r.mask * 32 + s.mask]


def test_equality_is_neutral_and_composition_is_associative():
    for r in ALL:
        assert r.then(Relation.EQ) is r
        assert Relation.EQ.then(r) is r
    for r, s, t in product(range(1, 32), repeat=3):
        assert COMPOSE[COMPOSE[r * 32 + s] * 32 + t] == COMPOSE[r * 32 + COMPOSE[s * 32 + t]]


def test_converse_laws():
    for r, s in product(ALL, repeat=2):
        assert r.then(s).converse() is s.converse().then(r.converse())
    assert all(r.converse().converse() is r for r in ALL)
    assert Relation.PP.converse() is Relation.PPi
    assert CONVERSE[0] == COMPOSE[0] == 0


@pytest.mark.parametrize(
    ("r", "s", "expected"),
    [
        ("PP", "PPi", "EQ|PP|PPi|PO|DR"),
        ("PPi", "PP", "EQ|PP|PPi|PO"),
        ("PP", "PO", "PP|PO|DR"),
        ("PO", "PP", "PP|PO"),
        ("PP", "DR", "DR"),
        ("DR", "PP", "PP|PO|DR"),
        ("DR", "PPi", "DR"),
        ("EQ|PP", "PP", "PP"),
    ],
)
def test_composition_examples(r, s, expected):
    assert str(Relation.parse(r).then(Relation.parse(s))) == expected


@given(relations, relations)
def test_meet_never_widens_and_join_never_narrows(r, s):
    met, joined = r.meet(s), r.join(s)
    assert met is s.meet(r)
    assert joined is s.join(r)
    assert r <= joined
    assert s <= joined
    if met is None:
        assert not set(r) & set(s)
    else:
        assert met <= r
        assert met <= s
        assert set(met) == set(r) & set(s)


@given(relations, relations, relations)
def test_knowing_more_never_yields_less(r, s, t):
    assert r.then(t) <= r.join(s).then(t)
    assert t.then(r) <= t.then(r.join(s))


def test_order_is_that_of_sets():
    for r, s in product(ALL, repeat=2):
        assert (r <= s) == (set(r) <= set(s)) == (r in s)
        assert (r < s) == (set(r) < set(s))
        assert (r >= s) == (set(r) >= set(s))
    with pytest.raises(TypeError):
        assert Relation.EQ <= 1
    with pytest.raises(TypeError):
        assert Relation.EQ < 1


def test_complement():
    assert Relation.ANY.complement() is None
    for r in ALL[:-1]:
        other = r.complement()
        assert other.complement() is r
        assert r.meet(other) is None
        assert r.join(other) is Relation.ANY


def test_certain_and_nothing_follows():
    assert [r for r in ALL if r.certain] == BASE
    assert [r for r in ALL if r.nothing_follows] == [Relation.ANY]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("EQ", "equals"),
        ("PP", "part_of"),
        ("EQ|PP", "part_of"),
        ("PPi", "contains"),
        ("EQ|PPi", "contains"),
        ("PO", "overlaps"),
        ("PP|PPi", "overlaps"),
        ("EQ|PO", "overlaps"),
        ("EQ|PP|PPi|PO", "overlaps"),
        ("DR", "disjoint"),
        ("EQ|DR", "unknown"),
        ("EQ|PP|PPi|PO|DR", "unknown"),
    ],
)
def test_word(text, word):
    assert Relation.parse(text).word == word


def test_words_of_base_relations_come_back():
    assert [Relation.from_word(r.word) for r in BASE] == BASE
    with pytest.raises(ValueError, match='did you mean "part_of"'):
        Relation.from_word("partof")


@pytest.mark.parametrize(
    ("predicate", "relation"),
    [
        ("skos:exactMatch", "EQ"),
        ("skos:broadMatch", "PP"),
        ("skos:narrowMatch", "PPi"),
        ("skos:closeMatch", "EQ|PP|PPi|PO"),
        ("skos:relatedMatch", "EQ|PP|PPi|PO|DR"),
        ("skos:broader", "PP"),
        ("skos:narrower", "PPi"),
        ("rdfs:subClassOf", "EQ|PP"),
        ("owl:equivalentClass", "EQ"),
        ("xkos:disjoint", "DR"),
    ],
)
def test_predicates_are_read(predicate, relation):
    r = Relation.from_predicate(predicate)
    assert str(r) == relation
    if r is Relation.ANY:
        with pytest.raises(ValueError, match="leaves no relation"):
            Relation.from_predicate(predicate, modifier="Not")
    else:
        assert Relation.from_predicate(predicate, modifier="Not") is r.complement()
    assert Relation.from_predicate(predicate, modifier="") is r


def test_unknown_predicates_and_modifiers_are_refused_with_a_hint():
    with pytest.raises(ValueError, match='did you mean "skos:broadMatch"'):
        Relation.from_predicate("skos:broadmatch")
    with pytest.raises(ValueError, match="known are"):
        Relation.from_predicate("semapv:crossSpeciesExactMatch")
    with pytest.raises(ValueError, match='SSSOM has "Not"'):
        Relation.from_predicate("skos:exactMatch", modifier="not")


@pytest.mark.parametrize("r", ALL, ids=str)
def test_written_predicates_are_the_tightest_that_hold(r):
    predicate, exact = r.predicate()
    back = Relation.from_predicate(predicate)
    assert r <= back
    assert exact == (back is r)
    readings = [Relation.from_predicate(f"skos:{match}") for match in MATCHES]
    assert all(back <= reading for reading in readings if r <= reading)


def test_written_predicates():
    assert Relation.PO.predicate() == ("skos:closeMatch", False)
    assert Relation.PART.predicate() == ("skos:closeMatch", False)
    assert Relation.DR.predicate() == ("skos:relatedMatch", False)
    assert Relation.PP.predicate() == ("skos:broadMatch", True)


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("EQ", "A equals B", "A 与 B 等同"),
        ("PP", "A is part of B", "A 是 B 的一部分"),
        ("PPi", "A contains B", "A 包含 B"),
        ("PO", "A overlaps B", "A 与 B 部分重叠"),
        ("DR", "A and B are disjoint", "A 与 B 互不相交"),
        ("EQ|PP", "A equals B or is part of B", "A 与 B 等同，或 A 是 B 的一部分"),
        (
            "PP|PO|DR",
            "A is part of B, overlaps B or is disjoint with B",
            "A 是 B 的一部分，或 A 与 B 部分重叠，或 A 与 B 互不相交",
        ),
        ("EQ|PP|PPi|PO", "A and B have something in common", "A 与 B 有共同部分"),
        ("PP|PPi|PO|DR", "A does not equal B", "A 与 B 不等同"),
        (
            "PP|PPi|PO",
            "A and B have something in common, and are not the same",
            "A 与 B 有共同部分，但不等同",
        ),
        ("EQ|PP|PPi|PO|DR", "nothing follows about A and B", "无法得出 A 与 B 的关系"),
    ],
)
def test_sentences(text, en, zh):
    r = Relation.parse(text)
    assert r.sentence("A", "B") == en
    assert r.sentence("A", "B", lang="zh") == zh


def test_sentences_differ_and_take_names_with_braces():
    for lang in ("en", "zh"):
        assert len({r.sentence("A", "B", lang=lang) for r in ALL}) == 31
    assert Relation.EQ.sentence("{b}", "{0}") == "{b} equals {0}"
    with pytest.raises(ValueError, match='"en" and "zh"'):
        Relation.EQ.sentence("A", "B", lang="fr")


def test_the_hash_is_the_same_in_every_run():
    assert [hash(r) for r in ALL] == list(range(1, 32))


@pytest.mark.parametrize(("table", "apart"), [(UNION, False), (UNION_APART, True)])
def test_the_relation_of_a_union_is_that_of_sets(table, apart):
    """By brute force: six activities are enough for every way in which three sets can lie."""
    found = {}
    for a, b in product(range(1, 64), range(1, 64)):
        if apart and a & b:
            continue
        for c in (0b1, 0b11, 0b111, 0b1111):
            r, s, whole = (observed(*map(_members, (x, c))).mask for x in (a, b, a | b))
            found[r, s] = found.get((r, s), 0) | whole
    bases = [1 << n for n in range(5)]
    for r, s in product(bases, bases):
        assert table[r << 5 | s] == found.get((r, s), 0)
    for r, s in product(range(32), range(32)):
        split = [table[i << 5 | j] for i in bases if i & r for j in bases if j & s]
        assert table[r << 5 | s] == functools.reduce(int.__or__, split, 0)


@functools.cache
def _members(bits):
    return frozenset(n for n in range(6) if bits >> n & 1)

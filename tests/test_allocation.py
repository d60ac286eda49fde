"""Values moved from scheme to scheme: nothing is lost, nothing is made up in silence."""

from math import fsum, isclose

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from futureindustry.allocation import POLICIES, allocate
from futureindustry.errors import NotAllocated, UnknownItem
from futureindustry.mapping import Correspondence, correspondence
from futureindustry.model import Map
from futureindustry.relation import Relation

amounts = st.floats(0, 1e9, allow_subnormal=False)
CODES = "123"


def table(rows, source="a/a", target="b/b", relation=Relation.PO):
    """Make a correspondence from weights by pair."""
    maps = (Map(x, y, relation, weight=w) for (x, y), w in rows.items())
    return Correspondence(source, target, tuple(maps))


@st.composite
def stochastic(draw, codes=CODES):
    """Draw a matrix whose rows add up to 1."""
    found = {}
    for x in codes:
        raw = draw(st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any))
        found.update({(x, y): n / sum(raw) for y, n in zip(codes, raw, strict=True) if n})
    return found


def weights(c):
    return {(m.source, m.target): m.weight for m in c.maps}


def close(a, b):
    return all(isclose(a.get(k, 0), b.get(k, 0), abs_tol=1e-9, rel_tol=1e-9) for k in {*a, *b})


@st.composite
def any_tables(draw):
    """Draw maps of all kinds: with weights, without, disjoint, in part."""
    maps = []
    for x in CODES:
        left = 1.0
        for y in draw(st.lists(st.sampled_from(CODES), unique=True)):
            weight = draw(st.none() | st.floats(0, 1).map(lambda w, left=left: w * left))
            left -= weight or 0
            maps.append(Map(x, y, Relation(draw(st.integers(1, 31))), weight=weight))
    return Correspondence("a/a", "b/b", tuple(maps))


@given(any_tables(), st.dictionaries(st.sampled_from("1234"), amounts), st.sampled_from(POLICIES))
def test_the_total_is_conserved_and_within_its_bounds(c, values, policy):
    try:
        found = c.allocate(values, policy)
    except NotAllocated:
        assert policy == "reject"
        return
    total = fsum(values.values())
    assert isclose(found.total, total, rel_tol=1e-9)
    assert isclose(fsum(found.values.values()), found.allocated, rel_tol=1e-9, abs_tol=1e-6)
    assert isclose(found.allocated + found.unallocated, total, rel_tol=1e-9, abs_tol=1e-6)
    if total:
        parts = found.coverage + found.unmapped_share + found.undetermined_share
        assert isclose(parts, 1, rel_tol=1e-9)
        assert -1e-9 <= found.default_share <= found.coverage + 1e-9
    for code, value in found.values.items():
        assert found.low[code] <= found.high[code] * (1 + 1e-9)
        if policy != "whole":
            slack = 1e-9 * total + 1e-9
            assert found.low[code] - slack <= value <= found.high[code] + slack
    if policy in ("weights", "reject"):
        assert not any(flow.basis == "default" for flow in found.flows)


@given(stochastic(), stochastic(), stochastic())
def test_composition_of_weights_is_the_product_and_associative(first, second, third):
    a, b, c = (
        table(rows, f"{x}/{x}", f"{y}/{y}")
        for rows, x, y in ((first, "a", "b"), (second, "b", "c"), (third, "c", "d"))
    )
    product = {
        (x, z): fsum(first.get((x, y), 0) * second.get((y, z), 0) for y in CODES)
        for x in CODES
        for z in CODES
    }
    assert close(weights(a.compose(b)), product)
    assert close(weights(a.compose(b).compose(c)), weights(a.compose(b.compose(c))))


@given(stochastic(), stochastic(), st.dictionaries(st.sampled_from(CODES), amounts))
def test_to_move_twice_is_to_move_by_the_composition(first, second, values):
    a, b = table(first), table(second, "b/b", "c/c")
    there = b.allocate(a.allocate(values).values)
    assert close(there.values, a.compose(b).allocate(values).values)
    assert there.coverage in (None, pytest.approx(1))


@given(stochastic(), st.tuples(*[st.floats(1, 1e6)] * 3))
def test_turned_twice_with_totals_the_weights_are_the_same(rows, totals):
    c, values = table(rows), dict(zip(CODES, totals, strict=True))
    there = c.allocate(values)
    back = c.invert(values)
    for y in there.values:
        assert isclose(fsum(m.weight for m in back.translate(y)), 1)
    assert close(back.allocate(there.values).values, values)
    assert close(weights(back.invert(there.values)), rows)


def test_weights_turned_round_need_the_totals():
    """A transpose would say one half each; the larger source sends more."""
    c = table({("big", "y"): 0.5, ("big", "z"): 0.5, ("small", "y"): 1.0})
    assert all(m.weight is None for m in c.invert().maps)
    assert weights(c.invert({"big": 900, "small": 50})) == {
        ("y", "big"): 0.9, ("z", "big"): 1.0, ("y", "small"): 0.1,
    }  # fmt: skip
    unknown = weights(c.invert({"big": 900}))
    assert unknown == {("y", "big"): None, ("z", "big"): 1.0, ("y", "small"): None}
    assert set(weights(c.invert({"big": 0, "small": 0})).values()) == {None}


def test_what_is_inside_one_target_goes_there_without_a_weight():
    maps = (Map("x", "p", Relation.PP), Map("x", "q", Relation.PO), Map("x", "r", Relation.DR))
    found = Correspondence("a/a", "b/b", maps).allocate({"x": 4}, "reject")
    assert found.values == {"p": 4.0}
    assert found.flows[0].basis == "relation"
    assert found.default_share == 0


UNKNOWN = Correspondence(
    "a/a",
    "b/b",
    (
        Map("x", "p", Relation.PPi),
        Map("x", "q", Relation.PO),
        Map("y", "p", Relation.EQ),
        Map("z", "p", Relation.PO, weight=0.5),
        Map("z", "q", Relation.PO),
    ),
)


def test_without_a_policy_unknown_shares_stay_unknown_within_bounds():
    found = UNKNOWN.allocate({"x": 10, "y": 1, "z": 4, "lost": 5})
    assert found.values == {"p": 3.0, "q": 0.0}
    assert (found.low, found.high) == ({"p": 3.0, "q": 0.0}, {"p": 13.0, "q": 12.0})
    assert found.undetermined == {"x": 10.0, "z": 2.0}
    assert found.unmapped == {"lost": 5.0}
    assert (found.total, found.coverage, found.unmapped_share) == (20.0, 0.15, 0.25)


def test_equal_shares_are_asked_for_by_name_and_counted():
    found = UNKNOWN.allocate({"x": 10, "y": 1, "z": 4}, "equal")
    assert found.values == {"p": 8.0, "q": 7.0}
    assert found.default_share == 12 / 15
    assert found.coverage == 1


def test_whole_takes_the_heaviest_or_else_the_closest_target():
    found = UNKNOWN.allocate({"x": 10, "y": 1, "z": 4}, "whole")
    assert found.values["p"] == 15.0
    assert found.default_share == 14 / 15


def test_reject_names_the_items():
    with pytest.raises(NotAllocated, match=r"2 items .*\(x, z\)"):
        UNKNOWN.allocate({"x": 10, "y": 1, "z": 4}, "reject")
    assert UNKNOWN.allocate({"x": 0, "y": 1}, "reject").values == {"p": 1.0, "q": 0.0}


def test_what_weights_leave_over_is_not_lost():
    found = table({("x", "p"): 0.25}).allocate({"x": 8}, "equal")
    assert found.values == {"p": 2.0}
    assert found.undetermined == {"x": 6.0}


def test_nothing_given_is_missing_and_not_zero():
    found = UNKNOWN.allocate({})
    assert (found.total, found.coverage, found.default_share) == (0, None, None)


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_amounts_are_amounts(value):
    with pytest.raises(ValueError, match='value of "y"'):
        UNKNOWN.allocate({"y": value})


def test_weights_above_one_and_wrong_policies_are_refused():
    above = table({("x", "p"): 0.75, ("x", "q"): 0.5})
    with pytest.raises(ValueError, match=r'"x" add up to 1\.25'):
        above.allocate({"x": 1})
    assert above.check() == ["the weights of x add up to 1.25"]
    with pytest.raises(ValueError, match='did you mean "equal"'):
        allocate("a", "b", {}, {}, "equals")


def test_a_weight_for_what_is_disjoint_is_reported():
    (said,) = table({("x", "p"): 1.0}, relation=Relation.DR).check()
    assert "disjoint" in said


def test_weights_survive_where_nothing_else_is_known():
    """Part of and then contains says nothing of the two; a share is known all the same."""
    first = table({("x", "y"): 1.0}, relation=Relation.PP)
    second = table({("y", "z"): 0.5, ("y", "v"): 0.5}, "b/b", "c/c", Relation.PPi)
    assert weights(first.compose(second)) == {("x", "z"): 0.5, ("x", "v"): 0.5}
    without = Correspondence("b/b", "c/c", (attrs.evolve(second.maps[0], weight=None),))
    assert first.compose(without).maps == ()


def test_shipped_schemes_refuse_a_code_they_do_not_have(hefei, shenzhen_2024):
    c = correspondence(hefei, shenzhen_2024)
    with pytest.raises(UnknownItem, match="quantum-information"):
        c.allocate({"quantum-informatics": 1})
    found = c.allocate({"quantum-information": 3, "metaverse": 1}, "equal")
    assert found.to_dict()["total"] == 4
    assert found.values["quantum-information"] == 3
    order = list(shenzhen_2024)
    assert list(found.values) == sorted(found.values, key=order.index)

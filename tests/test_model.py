import copy
import pickle

import attrs
import pytest
from hypothesis import given

import strategies as fi_st
from futureindustry.errors import InvalidDate, InvalidId, InvalidScheme, UnknownItem
from futureindustry.model import (
    IndexEntry,
    Issuer,
    Item,
    Map,
    Scheme,
    Source,
    Text,
    Validity,
    first_day,
    last_day,
    split_id,
)
from futureindustry.relation import Relation

_loads = pickle.loads


def scheme(*items, **more):
    return Scheme("park/future", "2024", Text(zh="未来产业"), "park", items_=items, **more)


@pytest.fixture
def tree():
    return scheme(
        Item("first", Text(zh="先发"), slot="1"),
        Item("quantum", Text(zh="量子信息", en="quantum information"), parent_code="first"),
        Item("computing", Text(zh="量子计算"), parent_code="quantum"),
        Item("frontier", Text(zh="前沿"), slot="X", open=True),
        Item("metaverse", Text(zh="元宇宙"), parent_code="frontier"),
    )


# Identifiers and dates


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a/b", ("a/b", None, None)),
        ("hefei-htz/future-industries@2024-05", ("hefei-htz/future-industries", "2024-05", None)),
        ("nbs/gbt-4754@2017#0111", ("nbs/gbt-4754", "2017", "0111")),
        ("a/b#发", ("a/b", None, "发")),
        ("a/b@1#x/y@z", ("a/b", "1", "x/y@z")),
    ],
)
def test_an_identifier_is_taken_apart(text, parts):
    assert split_id(text) == parts


@pytest.mark.parametrize(
    "text",
    ["", "a", "/", "a/", "a/b/c", "A/b", "a/b@", "a/b#", "../x/y", "a/..", "a/b@../c", "a_b/c", "a/b\n",
     "a/-b", "ａ/b", "a/b@2024 05", "./a", "a\\b/c"],
)  # fmt: skip
def test_what_is_no_identifier_is_refused_with_the_form(text):
    with pytest.raises(InvalidId, match="issuer/series@version#code"):
        split_id(text)


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-05", "2024-05-01", "2024-05-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2000-02", "2000-02-01", "2000-02-29"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_reduced_date_has_a_first_and_a_last_day(date, first, last):
    assert (first_day(date), last_day(date)) == (first, last)


@pytest.mark.parametrize(
    "date",
    ["", "24", "2024-5", "2024-13", "2024-00", "2023-02-29", "2024-04-31", "2024-01-00", "0000",
     "2024/05", "2024-05-01T00:00", "２０２４", "20240501", "2024-05 "],
)  # fmt: skip
def test_what_is_no_day_is_refused(date):
    with pytest.raises(InvalidDate, match="is no date"):
        last_day(date)


def test_validity_is_half_open():
    valid = Validity("2022-06", "2024-03")
    assert "2022-06-01" in valid
    assert "2022-05-31" not in valid
    assert "2024-02-29" in valid
    assert "2024-03-01" not in valid
    # A reduced date asks for its end.
    assert "2022-06" in valid
    assert "2024-02" in valid
    assert "2024" not in valid


def test_an_unknown_end_of_validity_does_not_limit():
    assert "1900" in Validity(None, "2024")
    assert "2100" in Validity("2024")
    assert "2024" in Validity()


@pytest.mark.parametrize(
    ("a", "b", "overlap"),
    [
        (Validity("2022", "2024"), Validity("2024"), False),
        (Validity("2022", "2024-01-02"), Validity("2024"), True),
        (Validity(), Validity("2024", "2025"), True),
        (Validity(None, "2020"), Validity("2020-01"), False),
    ],
)
def test_validities_overlap_where_they_share_a_day(a, b, overlap):
    assert a.overlaps(b) is overlap
    assert b.overlaps(a) is overlap


# Texts and names


def test_a_text_is_a_mapping_from_language():
    text = Text(en="quantum", zh="量子")
    assert text["zh"] == "量子"
    assert list(text) == ["zh", "en"]
    assert text.get("fr") is None
    with pytest.raises(KeyError):
        text["fr"]
    assert text == Text({"zh": "量子", "en": "quantum"}) == {"zh": "量子", "en": "quantum"}
    assert hash(text) == hash(Text(zh="量子", en="quantum"))


def test_a_text_is_shown_in_the_language_it_has():
    assert str(Text(zh="量子", en="quantum")) == "量子"
    assert str(Text(en="quantum")) == Text(en="quantum").show("zh") == "quantum"
    assert Text(zh="量子", en="quantum").show("en") == "quantum"
    assert str(Text()) == ""
    assert not Text(zh="")


def test_an_index_entry_is_a_string_that_knows_its_kind():
    entry = IndexEntry("量子科技", kind="former", sources=("s1",), valid=Validity(None, "2024"))
    assert entry == "量子科技"
    assert entry in {"量子科技"}
    for again in (_loads(pickle.dumps(entry)), copy.copy(entry), copy.deepcopy(entry)):
        assert type(again) is IndexEntry
        assert (again, again.lang, again.kind) == ("量子科技", "zh", "former")
        assert (again.sources, again.valid) == (("s1",), Validity(None, "2024"))


# Schemes


def test_a_scheme_is_a_mapping_in_document_order(tree):
    assert list(tree) == ["first", "quantum", "computing", "frontier", "metaverse"]
    assert [item.code for item in tree.values()] == list(tree)
    assert len(tree) == 5
    assert "quantum" in tree
    assert tree["quantum"].label["zh"] == "量子信息"
    assert tree.get("quantum") is tree["quantum"]
    assert tree.get("quantom") is None
    assert tree.id == "park/future@2024"
    assert tree["quantum"].id == "park/future@2024#quantum"


def test_an_unknown_code_is_answered_with_the_nearest(tree):
    with pytest.raises(UnknownItem) as caught:
        tree["quantom"]
    assert str(caught.value) == 'park/future@2024 has no item "quantom"; did you mean "quantum"?'
    assert (caught.value.code, caught.value.scheme) == ("quantom", "park/future@2024")
    with pytest.raises(KeyError, match="futureindustry show park/future@2024"):
        tree["zzzzzz"]


def test_an_item_knows_its_place_in_the_tree(tree):
    item = tree["computing"]
    assert item.parent is tree["quantum"]
    assert item.ancestors == (tree["quantum"], tree["first"])
    assert item.level == 3
    assert tree["first"].parent is None
    assert tree["first"].level == 1
    assert tree["first"].children == (tree["quantum"],)
    assert tree["first"].descendants == (tree["quantum"], item)
    assert item.children == ()
    assert tree.roots == (tree["first"], tree["frontier"])


def test_what_stands_below_an_open_item_is_in_the_open_tier(tree):
    assert tree["frontier"].in_open_tier
    assert tree["metaverse"].in_open_tier
    assert not tree["computing"].in_open_tier


def test_exhaustive_is_never_said_of_an_open_or_incomplete_item():
    made = scheme(
        Item("a", Text(zh="甲")),
        Item("b", Text(zh="乙"), open=True),
        exhaustive=True,
        exclusive=True,
    )
    assert made.is_exhaustive(made["a"])
    assert not made.is_exhaustive(made["b"])
    assert made.is_exclusive(made["b"])


def test_an_item_without_a_scheme_says_so():
    with pytest.raises(ValueError, match='item "a" belongs to no scheme yet'):
        _ = Item("a", Text(zh="甲")).parent, Item("a", Text(zh="甲")).scheme


@pytest.mark.parametrize(
    ("items", "message"),
    [
        (["a", "a"], 'park/future@2024 has two items "a"'),
        (["b<a", "a"], 'the parent "a" of "b" does not stand before it'),
        (["a<b", "b<a"], 'the parent "b" of "a" does not stand before it'),
        (["a<a"], 'the parent "a" of "a" does not stand before it'),
    ],
)
def test_items_that_are_no_tree_are_refused(items, message):
    made = []
    for item in items:
        code, _, parent = item.partition("<")
        made.append(Item(code, Text(zh="甲"), parent_code=parent or None))
    with pytest.raises(InvalidScheme, match=message):
        scheme(*made)


def test_evolving_a_scheme_leaves_the_items_of_the_first_where_they_are(tree):
    new = attrs.evolve(tree, version="2025")
    assert new["quantum"] is not tree["quantum"]
    assert new["quantum"] == tree["quantum"]
    assert new["quantum"].id == "park/future@2025#quantum"
    assert tree["quantum"].id == "park/future@2024#quantum"
    assert new["computing"].parent is new["quantum"]


def test_an_evolved_item_belongs_to_no_scheme(tree):
    item = attrs.evolve(tree["quantum"], slot="3")
    assert (item.slot, tree["quantum"].slot) == ("3", None)
    with pytest.raises(ValueError, match="belongs to no scheme"):
        _ = item.scheme


@fi_st.big
@given(fi_st.schemes())
def test_equality_does_not_depend_on_identity(made):
    again = _loads(pickle.dumps(made))
    assert again == made
    assert hash(again) == hash(made)
    assert all(
        a == b and hash(a) == hash(b) for a, b in zip(again.values(), made.values(), strict=True)
    )
    assert made != attrs.evolve(made, version="other-version")
    assert made != made.id


@pytest.mark.parametrize(
    "change",
    [{"kind": "former"}, {"sources": ("s1",)}, {"valid": Validity("2024")}],
)
def test_items_differ_where_their_index_entries_say_different_things(change):
    plain = Item("a", Text(zh="甲"), also={"zh": (IndexEntry("子"),)})
    assert plain == Item("a", Text(zh="甲"), also={"zh": (IndexEntry("子"),), "en": ()})
    assert plain != Item("a", Text(zh="甲"), also={"zh": (IndexEntry("子", **change),)})


@fi_st.big
@given(fi_st.schemes())
def test_the_derived_tree_agrees_with_itself(made):
    assert [*(code for root in made.roots for code in _walk(root))] == list(made)
    for item in made.values():
        assert all(child.parent is item for child in item.children)
        assert item.descendants == tuple(i for i in made.values() if item in i.ancestors)


def _walk(item):
    yield item.code
    for child in item.children:
        yield from _walk(child)


# Nobody changes what the whole process shares


@pytest.mark.parametrize(
    "record",
    [
        Item("a", Text(zh="甲")),
        scheme(Item("a", Text(zh="甲"))),
        Source("s1", "实施方案"),
        Validity("2024"),
        Issuer("park", Text(zh="园区")),
        Map("a", "b", Relation.EQ),
        IndexEntry("子"),
    ],
    ids=lambda record: type(record).__name__,
)
def test_records_are_frozen(record):
    for name in ("code", "lang", "start", "source", "version", "title", "kind"):
        if hasattr(type(record), name):
            with pytest.raises(AttributeError):
                setattr(record, name, "other")
            with pytest.raises(AttributeError):
                delattr(record, name)
    with pytest.raises(AttributeError):
        record.something_else = 1


@pytest.mark.parametrize(
    "change",
    [
        lambda also: also.update(zh=()),
        lambda also: also.pop("zh"),
        lambda also: also.clear(),
        lambda also: also.setdefault("en", ()),
        lambda also: also.__setitem__("en", ()),
        lambda also: also.__delitem__("zh"),
        lambda also: also.popitem(),
        lambda also: also.__ior__({"en": ()}),
    ],
)
def test_the_names_of_an_item_cannot_be_changed(change):
    given_names = {"zh": (IndexEntry("子"),)}
    item = Item("a", Text(zh="甲"), also=given_names)
    with pytest.raises(TypeError, match="cannot be changed"):
        change(item.also)
    given_names.clear()
    assert item.names == ("甲", "子")
    assert item.also | {} == {"zh": ("子",)}
    assert _loads(pickle.dumps(item.also)) == item.also
